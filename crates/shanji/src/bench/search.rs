//! `shanji bench search`: a register of names that do not exist in memory, and then how long it takes to find one
//! by two, three or four of its characters, by pinyin, with one character wrong; and a smaller one through HTTP.

use super::args::Search;
use super::client::get;
use super::figures::{Spread, Times};
use super::names::Names;
use super::site::{Site, trouble};
use super::trace::over_http;
use crate::outcome::{Ended, Exit, Failure};
use crate::screen::{count, say, say_json};
use app::{Command, CommandKey};
use domain::identity::Actor;
use domain::parties::OrganisationForm;
use find::{Entry, Index, Query, Window};
use futures_util::future::join_all;
use gateway::Stopwatch;
use gateway::payment::ChannelKeys;
use pinyin::ToPinyin;
use serde_json::{Value, json};
use std::sync::Arc;

/// Names are the same in every run.
const SEED: u64 = 20_261_127;
/// Entries that are laid out at once, as a house does when it starts.
const AT_ONCE: usize = 131_072;
/// Hits of one page.
const PAGE: usize = 20;
/// A character that stands in no name.
const STRANGE: char = '囧';
/// Commands that wait for one commit while the house is filled.
const TOGETHER: usize = 1_000;
/// The bar inside the process: 99 of 100 questions of two to four characters within 10 milliseconds.
const P99_MICROS: u32 = 10_000;
/// The bar through the page: 150 milliseconds.
const PAGE_MICROS: u32 = 150_000;

/// One kind of question and how long its answers took.
struct Asked {
    what: &'static str,
    hits: u64,
    per_second: u64,
    spread: Spread,
    /// The 99th percentile that it must keep.
    bar: Option<u32>,
}

/// How a question is made of a name.
struct Cut {
    what: &'static str,
    characters: usize,
    write: fn(&[char], usize) -> String,
    bar: Option<u32>,
}

const CUTS: [Cut; 9] = [
    cut("2 个字", 2, typed, Some(P99_MICROS)),
    cut("3 个字", 3, typed, Some(P99_MICROS)),
    cut("4 个字", 4, typed, Some(P99_MICROS)),
    cut("8 个字", 8, typed, None),
    cut("4 个拼音首字母", 4, initials, None),
    cut("6 个拼音首字母", 6, initials, None),
    cut("4 个字的全拼", 4, syllables, None),
    cut("4 个字，错 1 个", 4, one_wrong, None),
    cut("6 个字，错 1 个", 6, one_wrong, None),
];

const fn cut(
    what: &'static str,
    characters: usize,
    write: fn(&[char], usize) -> String,
    bar: Option<u32>,
) -> Cut {
    Cut {
        what,
        characters,
        write,
        bar,
    }
}

fn typed(run: &[char], _: usize) -> String {
    run.iter().collect()
}

fn initials(run: &[char], _: usize) -> String {
    let letter = |c: &char| {
        c.to_pinyin()
            .and_then(|reading| reading.plain().chars().next())
            .unwrap_or(*c)
    };
    run.iter().map(letter).collect()
}

fn syllables(run: &[char], _: usize) -> String {
    let reading = |c: &char| {
        c.to_pinyin()
            .map_or(c.to_string(), |reading| reading.plain().to_owned())
    };
    run.iter().map(reading).collect()
}

fn one_wrong(run: &[char], chance: usize) -> String {
    let wrong = chance.checked_rem(run.len()).unwrap_or(0);
    let character = |(n, c): (usize, &char)| if n == wrong { STRANGE } else { *c };
    run.iter().enumerate().map(character).collect()
}

/// Runs the bench.
pub(super) fn run(args: &Search) -> Ended {
    let mut names = Names::new(SEED);
    let all: Vec<String> = (0..args.names).map(|_| names.next()).collect();
    let watch = Stopwatch::start();
    let index = build(&all);
    let build_micros = watch.micros();
    let (bytes, parts) = index.bytes();
    let mut asked: Vec<Asked> = CUTS
        .iter()
        .map(|cut| ask(&index, &questions(&all, cut, args.questions), cut))
        .collect();
    drop(index);
    asked.extend(through_http(args, &all)?);
    let is_fast = asked
        .iter()
        .all(|a| a.bar.is_none_or(|bar| a.spread.p99 <= bar));
    let answer = json!({
        "bench": "search", "names": args.names, "build_micros": build_micros,
        "index_bytes": bytes, "parts": parts, "house_names": args.house,
        "within_bar": is_fast,
        "asked": asked.iter().map(Asked::json).collect::<Vec<_>>(),
    });
    if args.json {
        say_json(&answer);
    } else {
        say(&text(&answer, &asked));
    }
    Ok(if is_fast { Exit::Fine } else { Exit::Found })
}

fn build(names: &[String]) -> Index {
    let index = Index::new();
    let mut id = 0;
    for some in names.chunks(AT_ONCE) {
        let entries: Vec<Entry> = some
            .iter()
            .map(|name| {
                id += 1;
                Entry {
                    id,
                    weight: 0,
                    keys: vec![name.clone()],
                }
            })
            .collect();
        index.add(&entries);
    }
    index
}

/// Questions cut from names by chance, always the same.
fn questions(names: &[String], cut: &Cut, wanted: u32) -> Vec<String> {
    let mut dice = Names::new(SEED ^ u64::try_from(cut.characters).unwrap_or(0));
    let question = |_| {
        let name: Vec<char> = names
            .get(dice.below(names.len()))
            .map(|name| name.chars().collect())
            .unwrap_or_default();
        let room = name.len().saturating_sub(cut.characters).saturating_add(1);
        let from = dice.below(room);
        let run: Vec<char> = name.into_iter().skip(from).take(cut.characters).collect();
        (cut.write)(&run, dice.below(cut.characters))
    };
    (0..wanted).map(question).collect()
}

fn ask(index: &Index, questions: &[String], cut: &Cut) -> Asked {
    let window = Window {
        skip: 0,
        take: PAGE,
    };
    let (mut times, mut hits) = (Times::default(), 0_u64);
    let all = Stopwatch::start();
    for question in questions {
        let watch = Stopwatch::start();
        let found = index.search(&Query::new(question), window);
        times.note(watch.micros());
        hits = hits.saturating_add(u64::try_from(found.total).unwrap_or(0));
    }
    let asked = times.count();
    Asked {
        what: cut.what,
        hits: hits.checked_div(asked).unwrap_or(0),
        per_second: all.per_second(asked),
        spread: times.spread(),
        bar: cut.bar,
    }
}

/// A house with some of the names, asked as browsers ask it.
fn through_http(args: &Search, names: &[String]) -> Result<Vec<Asked>, Failure> {
    let house = usize::try_from(args.house).unwrap_or(0).min(names.len());
    let Some(names) = names.get(..house).filter(|names| !names.is_empty()) else {
        return Ok(Vec::new());
    };
    let site = Site::open(&args.place)?;
    site.house(fill(&site, names))?;
    let served = site.serve(ChannelKeys::new())?;
    let mut all = Vec::new();
    for (what, path, cut, bar) in [
        (
            "HTTP，结果页，2 个字",
            "/search?q=",
            &CUTS[0],
            Some(PAGE_MICROS),
        ),
        (
            "HTTP，结果页，4 个首字母",
            "/search?q=",
            &CUTS[4],
            Some(PAGE_MICROS),
        ),
        ("HTTP，联想，2 个字", "/search/suggest?q=", &CUTS[0], None),
    ] {
        let asked = questions(names, cut, args.questions);
        let requests = asked.iter().map(|q| get(&format!("{path}{}", escaped(q))));
        let requests = Arc::new(requests.collect::<Vec<_>>());
        let (times, per_second) = site.client(over_http(&served.address, &requests, 1))?;
        all.push(Asked {
            what,
            hits: 0,
            per_second,
            spread: times.spread(),
            bar,
        });
    }
    site.close();
    Ok(all)
}

async fn fill(site: &Site, names: &[String]) -> Result<(), Failure> {
    let actor = Actor::house("bench");
    let keys: Vec<CommandKey> = (0..names.len())
        .map(|n| CommandKey(format!("bench/name/{n}")))
        .collect();
    let all: Vec<(&String, &CommandKey)> = names.iter().zip(&keys).collect();
    for some in all.chunks(TOGETHER) {
        let writes = some.iter().map(|(name, key)| {
            let form = OrganisationForm {
                name: (*name).clone(),
                kind: "association".into(),
                ..OrganisationForm::default()
            };
            site.app
                .write(&actor, key, Command::OrganisationRegister(form))
        });
        for written in join_all(writes).await {
            written.map_err(|error| crate::house::failure(&error))?;
        }
    }
    let ready = site.app.search_ready().await;
    ready.map_err(|error| trouble(&error))
}

/// A question as it stands in an address.
fn escaped(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

impl Asked {
    fn json(&self) -> Value {
        json!({"what": self.what, "hits": self.hits, "per_second": self.per_second, "latency": self.spread.json()})
    }
}

fn text(answer: &Value, asked: &[Asked]) -> String {
    let number = |name: &str| answer.get(name).and_then(Value::as_u64).unwrap_or(0);
    let mut out = format!(
        "{} 个名称，建索引 {} 毫秒，占内存 {} 字节（{} 块）；经 HTTP 的库有 {} 个名称\n",
        count(number("names")),
        count(number("build_micros") / 1_000),
        count(number("index_bytes")),
        number("parts"),
        count(number("house_names")),
    );
    for a in asked {
        out.push_str(&format!(
            "{}：{} 次/秒，平均 {} 个结果，{}\n",
            a.what,
            count(a.per_second),
            count(a.hits),
            a.spread.text()
        ));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_register_is_searched() {
        let args = Search {
            place: super::super::args::Where::default(),
            names: 300,
            questions: 5,
            house: 20,
            json: true,
        };
        assert!(run(&args).is_ok());
    }

    #[test]
    fn questions_are_cut_from_names() {
        let names = vec!["武汉市红十字会".to_owned()];
        for cut in &CUTS[..3] {
            let asked = questions(&names, cut, 9);
            assert!(
                asked.iter().all(|q| names[0].contains(q.as_str())),
                "{asked:?}"
            );
        }
        assert_eq!(initials(&['武', '汉'], 0), "wh");
        assert_eq!(syllables(&['武', '汉'], 0), "wuhan");
        assert_eq!(one_wrong(&['武', '汉'], 3), "武囧");
        assert_eq!(escaped("武"), "%E6%AD%A6");
    }
}

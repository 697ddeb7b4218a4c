//! A second search that looks at every entry, character by character, and everything that must hold of the first.

use crate::entry::Folded;
use crate::limits::FEW;
use crate::sound::{Sounds, initial};
use crate::spell::Token;
use crate::verify::is_within_one;
use crate::{Entry, Found, Hit, How, Index, Query, Window};
use proptest::prelude::*;
use std::ops::RangeInclusive;

/// Everything, in one go.
const ALL: Window = Window { skip: 0, take: 200 };

fn hears(token: &Token, c: char) -> bool {
    let sounds = Sounds::of(c);
    match token {
        Token::Char(wanted) => c == *wanted,
        Token::Initial(letter) => sounds.initials & initial(*letter) != 0,
        Token::Syllable(n) => sounds.numbers().contains(n),
        Token::Syllables(range) => sounds.numbers().iter().any(|n| range.contains(n)),
        Token::Sounds(other) => sounds.meets(other),
    }
}

/// 0 for a whole name, 1 for a beginning, 2 for somewhere within: of every run of so many characters that `fits`.
fn place(
    keys: &[Vec<char>],
    lengths: RangeInclusive<usize>,
    fits: impl Fn(&[char]) -> bool,
) -> Option<usize> {
    let mut best = None;
    for key in keys {
        for from in 0..=key.len() {
            for to in lengths
                .clone()
                .map(|length| from + length)
                .filter(|to| *to <= key.len())
            {
                if fits(&key[from..to]) {
                    let place = match (from, to == key.len()) {
                        (0, true) => 0,
                        (0, false) => 1,
                        _ => 2,
                    };
                    best = Some(best.map_or(place, |known: usize| known.min(place)));
                }
            }
        }
    }
    best
}

fn reads(run: &[char], tokens: &[Token]) -> bool {
    run.len() == tokens.len() && run.iter().zip(tokens).all(|(c, token)| hears(token, *c))
}

fn plain_step(query: &Query, keys: &[Vec<char>]) -> Option<usize> {
    let has = |chars: &[char]| place(keys, chars.len()..=chars.len(), |run| run == chars);
    let spelled = |spellings: &[Vec<Token>]| {
        let each = spellings.iter();
        let found = each.filter_map(|tokens| {
            let place = place(keys, tokens.len()..=tokens.len(), |run| reads(run, tokens))?;
            // A single syllable counts only at the beginning of a name.
            (tokens.len() > 1 || place < 2).then_some(place)
        });
        found.min()
    };
    if let Some(place) = has(&query.whole.chars) {
        return Some(place);
    }
    let word = |w: &crate::query::Word| has(&w.chars).is_some() || spelled(&w.spellings).is_some();
    if !query.words.is_empty() && query.words.iter().all(word) {
        return Some(3);
    }
    spelled(&query.whole.spellings).map(|place| 4 + place)
}

fn loose_step(query: &Query, keys: &[Vec<char>]) -> Option<usize> {
    let alike = query
        .alike()
        .and_then(|tokens| place(keys, 0..=tokens.len(), |run| reads(run, &tokens)));
    let close = || {
        let length = query.whole.chars.len();
        let found = place(keys, length - 1..=length + 1, |run| {
            is_within_one(run, &query.whole.chars)
        });
        found.filter(|_| query.may_be_close())
    };
    alike
        .map(|place| 7 + place)
        .or_else(|| close().map(|place| 10 + place))
}

/// What the index should say.
fn naive(entries: &[Entry], query: &Query) -> Found {
    let folded: Vec<Folded> = entries.iter().map(Folded::of).collect();
    let step = |found: &dyn Fn(&Folded) -> Option<usize>| -> Vec<(usize, u8, u8, i64)> {
        let one = |entry: &Folded| Some((found(entry)?, entry.weight, entry.length(), entry.id));
        folded.iter().filter_map(one).collect()
    };
    if query.is_empty() {
        return Found::default();
    }
    let mut rows = step(&|entry| plain_step(query, &entry.keys));
    let sure = rows.len();
    if sure < FEW {
        rows = step(&|e| plain_step(query, &e.keys).or_else(|| loose_step(query, &e.keys)));
    }
    rows.sort_unstable();
    let hit = |row: &(usize, u8, u8, i64)| Hit {
        id: row.3,
        how: crate::seek::how(row.0),
    };
    Found {
        hits: rows.iter().map(hit).collect(),
        total: rows.len(),
        sure,
    }
}

fn entries(names: &[&str]) -> Vec<Entry> {
    let entry = |(id, name): (i64, &&str)| Entry {
        id,
        weight: 0,
        keys: vec![(*name).to_owned()],
    };
    (1..).zip(names).map(entry).collect()
}

fn index_of(entries: &[Entry]) -> Index {
    let index = Index::new();
    index.add(entries);
    index
}

const NAMES: [&str; 12] = [
    "武汉市红十字会",
    "武汉红十字会",
    "湖北省慈善总会",
    "武汉市慈善总会",
    "重庆市慈善总会",
    "財團法人慈濟慈善事業基金會",
    "北京新阳光慈善基金会",
    "江城市第九中学校友会",
    "ABC 儿童助学基金会",
    "上海绿之行公益服务中心",
    "武汉市武昌区红十字会",
    "云山县冬衣计划",
];

#[track_caller]
fn first(question: &str, want: &str, how: How) {
    let entries = entries(&NAMES);
    let found = index_of(&entries).search(&Query::new(question), ALL);
    let hit = found
        .hits
        .first()
        .unwrap_or_else(|| panic!("{question}: nothing"));
    let name = &entries.iter().find(|e| e.id == hit.id).unwrap().keys[0];
    assert_eq!((name.as_str(), hit.how), (want, how), "{question}");
}

#[test]
fn people_find_what_they_mean() {
    first("武汉红十字会", "武汉红十字会", How::Exact);
    first("红十", "武汉红十字会", How::Contains);
    first("武汉", "武汉红十字会", How::Prefix);
    first("會", "武汉红十字会", How::Contains);
    first("whhszh", "武汉红十字会", How::Pinyin);
    first("wuhanhongshizihui", "武汉红十字会", How::Pinyin);
    first("WuHanHongShi", "武汉红十字会", How::Pinyin);
    first("wuhanshiho", "武汉市红十字会", How::Pinyin);
    first("武汉hszh", "武汉红十字会", How::Pinyin);
    first("whshongsz", "武汉市红十字会", How::Pinyin);
    first("cqscszh", "重庆市慈善总会", How::Pinyin);
    first("zqscszh", "重庆市慈善总会", How::Pinyin);
    first("chongqing", "重庆市慈善总会", How::Pinyin);
    first("lvzhixing", "上海绿之行公益服务中心", How::Pinyin);
    first("财团法人慈济", "財團法人慈濟慈善事業基金會", How::Prefix);
    first(
        "財團法人 慈濟慈善",
        "財團法人慈濟慈善事業基金會",
        How::Prefix,
    );
    first("ａｂｃ", "ABC 儿童助学基金会", How::Prefix);
    first("abcet", "ABC 儿童助学基金会", How::Pinyin);
    first("湖北 慈善", "湖北省慈善总会", How::Words);
    first("wuhan 慈善", "武汉市慈善总会", How::Words);
    first("红石字", "武汉红十字会", How::SoundsAlike);
    first("新杨光慈善", "北京新阳光慈善基金会", How::SoundsAlike);
    first("北京新月光慈善", "北京新阳光慈善基金会", How::OneWrong);
    first("湖北慈善总会", "湖北省慈善总会", How::OneWrong);
    first("江城市第九九中学", "江城市第九中学校友会", How::OneWrong);
    first("冬衣计划", "云山县冬衣计划", How::Contains);
}

fn nothing(question: &str) {
    let found = index_of(&entries(&NAMES)).search(&Query::new(question), ALL);
    assert_eq!(found, Found::default(), "{question}");
}

#[test]
fn nonsense_finds_nothing() {
    for text in [
        "",
        " ",
        "%",
        "_",
        "'; DROP TABLE x; --",
        "\u{0}\u{1b}[2J",
        "𠀀𠀁",
        "zzzz",
    ] {
        nothing(text);
    }
    nothing(&"善".repeat(10_000));
    nothing(&"%_*?".repeat(10_000));
}

#[test]
fn later_entries_take_the_place_of_earlier_ones() {
    let index = index_of(&entries(&NAMES));
    let ask = |text: &str| index.search(&Query::new(text), ALL).hits;
    let renamed = Entry {
        id: 1,
        weight: 0,
        keys: vec!["江夏红会".into(), "旧名".into()],
    };
    index.add(&[renamed]);
    assert!(ask("武汉市红十字").iter().all(|hit| hit.id != 1));
    assert_eq!(ask("旧名").first().unwrap().id, 1);
    assert_eq!(index.len(), NAMES.len());
    index.remove(&[1, 99]);
    assert!(ask("旧名").is_empty());
    assert_eq!(index.len(), NAMES.len() - 1);
}

#[test]
fn entries_of_less_weight_come_first() {
    let mut some = entries(&["善一", "善二"]);
    some[0].weight = 1;
    let found = index_of(&some).search(&Query::new("善"), ALL);
    assert_eq!(
        found.hits.iter().map(|hit| hit.id).collect::<Vec<_>>(),
        [2, 1]
    );
}

/// Names from few characters, so that questions hit.
fn some_name() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => "[武汉市红十字会慈善总重庆石长乐ab1]{1,9}",
        1 => "[財團灣ＡＢ ()·%]{1,6}",
        1 => any::<String>(),
    ]
}

fn some_entries() -> impl Strategy<Value = Vec<Entry>> {
    let entry = (0_i64..60, 0_u8..2, prop::collection::vec(some_name(), 0..3));
    let entry = entry.prop_map(|(id, weight, keys)| Entry { id, weight, keys });
    prop::collection::vec(entry, 0..60)
}

fn some_question() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[武汉市红十字会慈善总重庆石长乐]{1,6}",
        2 => "[whsczqlab ]{1,7}",
        2 => "(wu|han|hong|shi|zi|hui|ci|shan|chong|qing|h|s|zh|武|汉| ){1,5}",
        1 => "[武汉市红十字 慈善wh]{1,8}",
        1 => any::<String>(),
    ]
}

/// The entries that count: the last of each id.
fn standing(entries: &[Entry]) -> Vec<Entry> {
    let newest: std::collections::BTreeMap<i64, &Entry> =
        entries.iter().map(|e| (e.id, e)).collect();
    newest.into_values().cloned().collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn the_index_agrees_with_looking_at_everything(
        entries in some_entries(),
        questions in prop::collection::vec(some_question(), 1..8),
        one_by_one in any::<bool>(),
    ) {
        let index = Index::new();
        if one_by_one {
            entries.iter().for_each(|entry| index.add(std::slice::from_ref(entry)));
        } else {
            entries.chunks(7).for_each(|some| index.add(some));
        }
        let standing = standing(&entries);
        prop_assert_eq!(index.len(), standing.len());
        for text in questions {
            let query = Query::new(&text);
            prop_assert_eq!(index.search(&query, ALL), naive(&standing, &query), "{}", text);
        }
    }

    #[test]
    fn pages_are_pieces_of_the_whole(entries in some_entries(), text in some_question(), skip in 0_usize..20) {
        let index = index_of(&entries);
        let query = Query::new(&text);
        let whole = index.search(&query, ALL);
        let page = index.search(&query, Window { skip, take: 5 });
        prop_assert_eq!(page.total, whole.total);
        let want: Vec<Hit> = whole.hits.into_iter().skip(skip).take(5).collect();
        prop_assert_eq!(page.hits, want);
    }

    #[test]
    fn any_text_is_harmless(text in any::<String>(), repeat in 1_usize..400) {
        let index = index_of(&entries(&NAMES));
        let long = text.repeat(repeat);
        let found = index.search(&Query::new(&long), ALL);
        prop_assert!(found.hits.len() <= found.total && found.sure <= found.total);
    }
}

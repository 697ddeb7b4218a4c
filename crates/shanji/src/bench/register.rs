//! `shanji bench register`: a register of organisations that do not exist, imported as another register is imported,
//! beside the real ones that are given; then how long it takes to find one by two to four characters, inside the
//! process and through the page, and to say what was so on a day.

mod made;

use super::args::Register;
use super::client::get;
use super::figures::{Spread, Times};
use super::names::Names;
use super::site::{Site, trouble};
use super::trace::over_http;
use crate::house::failure;
use crate::outcome::{Ended, Exit, Failure};
use crate::screen::{count, progress, say, say_json};
use app::exchange::{ImportFile, ImportPart, ImportRows, ImportTarget, PART_ROWS_MAX};
use app::{App, AppError, AsOf, Command, CommandKey, Outcome};
use domain::identity::Actor;
use gateway::Stopwatch;
use gateway::payment::ChannelKeys;
use kernel::Id;
use leaf::ids;
use made::Made;
use serde_json::{Value, json};
use std::sync::Arc;
use store::batch::ImportProgress;

/// The register is the same in every run.
const SEED: u64 = 20_261_128;
/// The bar of the import of 900,000: two minutes, in microseconds for each organisation.
const IMPORT_MICROS_EACH: i64 = 133;
/// The bars inside the process.
const P50_MICROS: u32 = 1_000;
const P99_MICROS: u32 = 10_000;
/// The bar through the page.
const PAGE_MICROS: u32 = 100_000;
/// The bar of a lookup as of a day.
const AS_OF_MICROS: u32 = 20_000;

/// One kind of question and how long its answers took.
struct Asked {
    what: String,
    spread: Spread,
    /// Median and 99th percentile that it must keep.
    bars: (Option<u32>, u32),
}

impl Asked {
    fn is_fast(&self) -> bool {
        self.bars.0.is_none_or(|bar| self.spread.p50 <= bar) && self.spread.p99 <= self.bars.1
    }
}

/// How long each part of the import took, in microseconds.
struct Imported {
    beside: u64,
    entered_micros: i64,
    sealed_micros: i64,
    found_micros: i64,
}

/// Runs the bench.
pub(super) fn run(args: &Register) -> Ended {
    let site = Site::open(&args.place)?;
    let beside = site.house(beside(&site.app, args))?;
    let made: Vec<Made> = made::all(SEED, args.organisations).collect();
    let watch = Stopwatch::start();
    let filled = site.house(import(&site.app, &made));
    filled.map_err(|error| failure(&error))?;
    let entered_micros = watch.micros();
    let sealed = site.house(site.app.seal_now());
    sealed.map_err(|error| failure(&error))?;
    let sealed_micros = watch.micros();
    let filling = Stopwatch::start();
    let ready = site.house(site.app.search_ready());
    ready.map_err(|error| failure(&error))?;
    let imported = Imported {
        beside,
        entered_micros,
        sealed_micros,
        found_micros: filling.micros(),
    };
    let asked = ask_all(&site, args, &made)?;
    let in_time = entered_micros
        <= IMPORT_MICROS_EACH.saturating_mul(i64::from(args.organisations).max(90_000));
    let is_fast = in_time && asked.iter().all(Asked::is_fast);
    let answer = json!({
        "bench": "register", "organisations": args.organisations, "beside": imported.beside,
        "import_micros": imported.entered_micros, "sealed_micros": imported.sealed_micros,
        "fill_micros": imported.found_micros, "index": site.app.search_size(),
        "database_bytes": site.database_bytes(), "within_bars": is_fast,
        "asked": asked.iter().map(|a| json!({"what": a.what, "within": a.is_fast(), "latency": a.spread.json()})).collect::<Vec<_>>(),
    });
    if args.json {
        say_json(&answer);
    } else {
        say(&text(&answer, &asked));
    }
    site.close();
    Ok(if is_fast { Exit::Fine } else { Exit::Found })
}

/// The real registers beside; how many rows they brought.
async fn beside(app: &App, args: &Register) -> Result<u64, Failure> {
    let mut files = Vec::new();
    for path in &args.beside {
        let bytes = std::fs::read(path).map_err(|error| trouble(&error))?;
        let name = path.file_name().unwrap_or_default();
        files.push(ImportFile {
            name: name.to_string_lossy().into_owned(),
            bytes,
        });
    }
    if files.is_empty() {
        return Ok(0);
    }
    let house = Actor::house("bench");
    let mut told = |_: u64, _: u64| {};
    let target = ImportTarget::default();
    let imported = app.import_all(&house, files, &target, &mut told).await;
    let (_, posted) = imported.map_err(|error| failure(&error))?;
    let added: i64 = posted.runs.iter().map(|run| run.added).sum();
    Ok(added.unsigned_abs())
}

/// Imports the organisations as a run of parts; the next part waits at the writer's door while one is written.
async fn import(app: &App, made: &[Made]) -> Result<(), AppError> {
    let house = Actor::house("bench");
    let rows = i64::try_from(made.len()).unwrap_or(i64::MAX);
    let run = ImportProgress {
        layout: "bench".into(),
        file_name: "bench".into(),
        rows: (rows, rows, 0),
        ..ImportProgress::default()
    };
    let staged = Command::ImportStage(Box::new(run));
    let key = CommandKey("bench/stage".into());
    let Outcome::Record { id } = app.write(&house, &key, staged).await? else {
        return Err(AppError::NotFound("导入批次"));
    };
    let run = app.read_id(&id)?;
    let bar = progress(made.len() as u64, "登记组织");
    let mut parts = made.chunks(PART_ROWS_MAX).enumerate();
    let post = |number: usize, part: &[Made]| {
        let rows = part.iter().map(Made::registered).collect();
        let part = ImportPart {
            run,
            organisation: None,
            campaign: None,
            rows: ImportRows::Organisations(rows),
        };
        let command = Command::ImportPost(Box::new(part));
        let (app, house) = (app.clone(), house.clone());
        tokio::spawn(async move {
            let key = CommandKey(format!("bench/part/{number}"));
            app.write(&house, &key, command).await
        })
    };
    let mut waiting = parts.next().map(|(number, part)| post(number, part));
    while let Some(task) = waiting {
        waiting = parts.next().map(|(number, part)| post(number, part));
        task.await.map_err(AppError::internal)??;
        bar.inc(PART_ROWS_MAX as u64);
    }
    bar.finish_and_clear();
    Ok(())
}

fn ask_all(site: &Site, args: &Register, made: &[Made]) -> Result<Vec<Asked>, Failure> {
    let mut all = Vec::new();
    for characters in [2, 3, 4] {
        let questions = questions(made, characters, args.questions);
        let times = site.house(search(&site.app, &questions));
        all.push(Asked {
            what: format!("进程内，联想，{characters} 个字"),
            spread: times.map_err(|error| failure(&error))?.spread(),
            bars: (Some(P50_MICROS), P99_MICROS),
        });
    }
    let known = site.house(some_ids(&site.app, made, args.questions));
    let known = known.map_err(|error| failure(&error))?;
    let times = site.house(as_of(&site.app, &known));
    all.push(Asked {
        what: "进程内，某一天的登记情况（整页）".into(),
        spread: times.map_err(|error| failure(&error))?.spread(),
        bars: (None, AS_OF_MICROS),
    });
    let served = site.serve(ChannelKeys::new())?;
    let typed = |characters| -> Vec<String> {
        let questions = questions(made, characters, args.questions);
        let path = |q: &String| format!("/search?q={}", escaped(q));
        questions.iter().map(path).collect()
    };
    let pages = |on: &str| -> Vec<String> {
        let path = |id: &String| format!("/organisations/{id}{on}");
        known.iter().map(path).collect()
    };
    for (what, paths) in [
        ("HTTP，结果页，2 个字", typed(2)),
        ("HTTP，结果页，4 个字", typed(4)),
        ("HTTP，组织页，某一天", pages("?on=2024-05-01")),
    ] {
        let requests = Arc::new(paths.iter().map(|path| get(path)).collect::<Vec<_>>());
        let (times, _) = site.client(over_http(&served.address, &requests, 1))?;
        all.push(Asked {
            what: what.into(),
            spread: times.spread(),
            bars: (None, PAGE_MICROS),
        });
    }
    Ok(all)
}

async fn search(app: &App, questions: &[String]) -> Result<Times, AppError> {
    let mut times = Times::default();
    for question in questions {
        let watch = Stopwatch::start();
        app.suggest(question).await?;
        times.note(watch.micros());
    }
    Ok(times)
}

async fn as_of(app: &App, known: &[String]) -> Result<Times, AppError> {
    let mut times = Times::default();
    let asked = AsOf {
        on: "2024-05-01".into(),
        known: String::new(),
        before: String::new(),
    };
    for id in known {
        let watch = Stopwatch::start();
        app.organisation_page_as_of(id, &asked).await?;
        times.note(watch.micros());
    }
    Ok(times)
}

/// Printed ids of some organisations, found by their codes, spread over all.
async fn some_ids(app: &App, made: &[Made], wanted: u32) -> Result<Vec<String>, AppError> {
    let mut dice = Names::new(SEED ^ 7);
    let mut read = app.db().read_tx().await?;
    let mut ids = Vec::new();
    for _ in 0..wanted {
        let Some(one) = made.get(dice.below(made.len())) else {
            continue;
        };
        let row = store::parties::organisation_by_uscc(&mut read, one.code.as_str()).await?;
        let id: Option<Id<ids::Organisation>> = row.map(|row| row.id);
        ids.extend(id.map(|id| app.print(id)));
    }
    Ok(ids)
}

/// Runs of characters out of names by chance, always the same.
fn questions(made: &[Made], characters: usize, wanted: u32) -> Vec<String> {
    let mut dice = Names::new(SEED ^ u64::try_from(characters).unwrap_or(0));
    let question = |_| {
        let name = made.get(dice.below(made.len()));
        let name: Vec<char> = name
            .map(|one| one.name.chars().collect())
            .unwrap_or_default();
        let room = name.len().saturating_sub(characters).saturating_add(1);
        let from = dice.below(room);
        name.into_iter().skip(from).take(characters).collect()
    };
    (0..wanted).map(question).collect()
}

/// A question as it stands in an address.
fn escaped(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

fn text(answer: &Value, asked: &[Asked]) -> String {
    let number = |name: &str| answer.get(name).and_then(Value::as_u64).unwrap_or(0);
    let mut out = format!(
        "{} 家编出来的组织（旁边真实的 {} 家）：导入 {} 毫秒，封存到 {} 毫秒；建索引 {} 毫秒；数据库 {} 字节\n",
        count(number("organisations")),
        count(number("beside")),
        count(number("import_micros") / 1_000),
        count(number("sealed_micros") / 1_000),
        count(number("fill_micros") / 1_000),
        count(number("database_bytes")),
    );
    for one in asked {
        let word = if one.is_fast() { "达标" } else { "未达标" };
        out.push_str(&format!("{}：{}（{word}）\n", one.what, one.spread.text()));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_register_is_imported_and_asked() {
        let args = Register {
            place: super::super::args::Where::default(),
            organisations: 120,
            questions: 5,
            beside: Vec::new(),
            json: true,
        };
        assert!(run(&args).is_ok());
    }
}

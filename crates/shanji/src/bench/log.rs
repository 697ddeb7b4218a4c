//! `shanji bench log`: a test log on a real file, and how fast it takes entries, publishes them, and proves them.

use super::args::Log;
use super::figures::{Spread, Times, Used, used_text};
use super::site::{Site, trouble};
use super::trace::engine;
use crate::house::failure;
use crate::outcome::{Ended, Exit, Failure};
use crate::screen::{count, say, say_json};
use app::App;
use gateway::Stopwatch;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tlog::{Hash, leaf_hash, verify_inclusion};

/// Bytes of an entry: a plain gift's statement is about as long.
const ENTRY_BYTES: usize = 250;
/// Entries that wait for the disk at once, so that batches are as large as the writer takes them.
const IN_FLIGHT: u64 = 4_096;
/// Entries per second of the paced part.
const PACE: u64 = 1_000;
/// Tasks that make proofs at once: one for each of two processors.
const PROVERS: u64 = 2;
/// Entries of the paced part begin here, those of the rounds before.
const PACED: u64 = 1 << 48;
/// Between two looks whether a new checkpoint is published.
const LOOK: Duration = Duration::from_millis(1);
/// Looks until what was handed in counts as lost.
const LOOKS_MAX: u32 = 60_000;

/// The bars: entries per second, microseconds from an entry to its checkpoint, proofs per second.
const BAR_ENTRIES: u64 = 30_000;
const BAR_P99_MICROS: u32 = 1_500_000;
const BAR_PROOFS: u64 = 10_000;

/// What was measured.
struct Measured {
    entries: Vec<u64>,
    used: BTreeMap<String, u64>,
    published: Spread,
    proofs: Vec<u64>,
    size: i64,
    bytes: Option<u64>,
}

/// Runs the bench.
pub(super) fn run(args: &Log) -> Ended {
    let site = Site::open_test_log(&args.place)?;
    let before = Used::now();
    let mut entries = Vec::new();
    for round in 0..args.rounds {
        let first = u64::from(round) << 32;
        entries.push(site.house(integrate(&site.app, first, args.entries.into()))?);
    }
    let added = u64::from(args.entries).saturating_mul(args.rounds.into());
    let used = Used::now().tenths_each(&before, added);
    let published = site.house(paced(&site.app, args.seconds.into()))?;
    let mut proofs = Vec::new();
    for round in 0..args.rounds {
        proofs.push(site.house(prove(&site.app, args.proofs.into(), round.into()))?);
    }
    let (size, _) = site.house(newest(&site.app))?;
    let measured = Measured {
        entries,
        used,
        published,
        proofs,
        size,
        bytes: site.database_bytes(),
    };
    site.close();
    let missed = tell(args, &measured);
    Ok(if missed && !args.no_bars {
        Exit::Found
    } else {
        Exit::Fine
    })
}

/// Entries per second until all of them stand under a published checkpoint.
async fn integrate(app: &App, first: u64, wanted: u64) -> Result<u64, Failure> {
    let next = Arc::new(AtomicU64::new(0));
    let watch = Stopwatch::start();
    let tasks: Vec<_> = (0..IN_FLIGHT.min(wanted))
        .map(|_| {
            let (app, next) = (app.clone(), Arc::clone(&next));
            tokio::spawn(async move {
                let mut last = -1;
                loop {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    if n >= wanted {
                        return Ok(last);
                    }
                    last = app.entry_add(entry(first | n)).await?;
                }
            })
        })
        .collect();
    let mut last = -1;
    for task in tasks {
        let added = task.await.map_err(|error| trouble(&error))?;
        last = last.max(added.map_err(|error| failure(&error))?);
    }
    app.seal_now().await.map_err(|error| failure(&error))?;
    let rate = watch.per_second(wanted);
    let (size, _) = newest(app).await?;
    if size <= last {
        return Err(untrue(format!("检查点有{size}条，没有覆盖第{last}条")));
    }
    Ok(rate)
}

/// No two entries of a run are the same.
fn entry(number: u64) -> Vec<u8> {
    let mut bytes = number.to_be_bytes().to_vec();
    bytes.resize(ENTRY_BYTES, 0xE5);
    bytes
}

/// Sizes of published checkpoints, each with the microsecond at which it was first seen.
type Seen = Arc<Mutex<Vec<(i64, i64)>>>;

/// An entry each millisecond; the time from handing it in to the checkpoint that covers it.
async fn paced(app: &App, seconds: u64) -> Result<Spread, Failure> {
    let watch = Arc::new(Stopwatch::start());
    let seen = Seen::default();
    let watcher = watch_checkpoints(app.clone(), Arc::clone(&watch), Arc::clone(&seen));
    let watcher = tokio::spawn(watcher);
    let mut ticks = tokio::time::interval(Duration::from_micros(1_000_000 / PACE));
    // A late tick is caught up with, so that the rate is kept.
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Burst);
    let mut tasks = Vec::new();
    for n in 0..seconds.saturating_mul(PACE) {
        ticks.tick().await;
        let (app, from) = (app.clone(), watch.micros());
        tasks.push(tokio::spawn(async move {
            let index = app.entry_add(entry(PACED | n)).await?;
            Ok::<_, app::AppError>((index, from))
        }));
    }
    let mut added = Vec::new();
    for task in tasks {
        let done = task.await.map_err(|error| trouble(&error))?;
        added.push(done.map_err(|error| failure(&error))?);
    }
    let last = added.iter().map(|one| one.0).max().unwrap_or(-1);
    // What is not published by then is said by `spread`.
    for _ in 0..LOOKS_MAX {
        if seen_sizes(&seen).last().is_some_and(|one| one.0 > last) {
            break;
        }
        tokio::time::sleep(LOOK).await;
    }
    watcher.abort();
    spread(&added, &seen_sizes(&seen))
}

fn seen_sizes(seen: &Seen) -> Vec<(i64, i64)> {
    seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

async fn watch_checkpoints(app: App, watch: Arc<Stopwatch>, seen: Seen) {
    let mut known = -1;
    loop {
        if let Ok((size, _)) = newest(&app).await
            && size > known
        {
            known = size;
            let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
            seen.push((size, watch.micros()));
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// How long each entry waited for the first checkpoint that covers it.
fn spread(added: &[(i64, i64)], seen: &[(i64, i64)]) -> Result<Spread, Failure> {
    let mut times = Times::default();
    for (index, from) in added {
        let at = seen.partition_point(|(size, _)| size <= index);
        let Some((_, published)) = seen.get(at) else {
            return Err(untrue(format!("第{index}条一直没有公布")));
        };
        times.note(published.saturating_sub(*from).max(0));
    }
    Ok(times.spread())
}

/// Proofs per second, each made from the tiles as kept and checked against the published root.
async fn prove(app: &App, wanted: u64, round: u64) -> Result<u64, Failure> {
    let (size, root) = newest(app).await?;
    let watch = Stopwatch::start();
    let tasks: Vec<_> = (0..PROVERS)
        .map(|prover| {
            let turns = (prover..wanted).step_by(PROVERS as usize);
            let app = app.clone();
            tokio::spawn(async move {
                for turn in turns {
                    // A large odd step visits places far from each other.
                    let step = turn
                        .wrapping_add(round << 40)
                        .wrapping_mul(0x9E37_79B9_7F4A_7C15);
                    let index = step.checked_rem(size.unsigned_abs()).unwrap_or(0);
                    prove_one(&app, i64::try_from(index).unwrap_or(0), (size, root)).await?;
                }
                Ok(())
            })
        })
        .collect();
    for task in tasks {
        let done: Result<(), Failure> = task.await.map_err(|error| trouble(&error))?;
        done?;
    }
    Ok(watch.per_second(wanted))
}

async fn prove_one(app: &App, index: i64, (size, root): (i64, Hash)) -> Result<(), Failure> {
    let unread = |error: db::Error| crate::books::unread(&error);
    let mut read = app.db().read_tx().await.map_err(unread)?;
    let leaf = store::transparency::leaf_at(&mut read, index).await;
    let leaf = leaf.map_err(unread)?;
    let leaf = leaf.ok_or_else(|| untrue(format!("第{index}条不见了")))?;
    drop(read);
    let path = app.log_inclusion(index, size).await;
    let path = path.map_err(|error| failure(&error))?;
    let hash = leaf_hash(&leaf.bytes);
    let (at, size) = (index.unsigned_abs(), size.unsigned_abs());
    verify_inclusion(&hash, at, size, &path, &root)
        .map_err(|error| untrue(format!("第{index}条的证明不成立：{error}")))
}

/// Size and root of the newest checkpoint.
async fn newest(app: &App) -> Result<(i64, Hash), Failure> {
    let unread = |error: db::Error| crate::books::unread(&error);
    let mut read = app.db().read_tx().await.map_err(unread)?;
    let newest = store::transparency::checkpoint_newest(&mut read).await;
    let newest = newest.map_err(unread)?;
    Ok(newest.map_or((0, Hash::EMPTY_ROOT), |one| (one.size, Hash(one.root))))
}

/// The log did not keep what it says.
fn untrue(sentence: String) -> Failure {
    Failure::found("bench.log_broken", sentence)
}

/// The middle one; of an even number the lower of the two.
fn median(values: &[u64]) -> u64 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    let middle = sorted.len().saturating_sub(1) / 2;
    sorted.get(middle).copied().unwrap_or(0)
}

/// Says what was measured; true if a bar was missed.
fn tell(args: &Log, measured: &Measured) -> bool {
    let (entries, proofs) = (median(&measured.entries), median(&measured.proofs));
    let p99 = measured.published.p99;
    let missed = [
        (entries < BAR_ENTRIES, format!("每秒收{BAR_ENTRIES}条")),
        (
            p99 > BAR_P99_MICROS,
            format!("99% 在{}毫秒内公布", BAR_P99_MICROS / 1_000),
        ),
        (proofs < BAR_PROOFS, format!("每秒{BAR_PROOFS}份证明")),
    ];
    let missed: Vec<String> = missed
        .into_iter()
        .filter(|bar| bar.0)
        .map(|bar| bar.1)
        .collect();
    if args.json {
        say_json(&json!({
            "bench": "log", "engine": engine(&args.place), "machine": machine(),
            "entry_bytes": ENTRY_BYTES, "entries": args.entries, "size": measured.size,
            "entries_per_second": measured.entries, "entries_per_second_median": entries,
            "used_tenths_of_micros_per_entry": measured.used,
            "published": measured.published.json(), "pace_per_second": PACE,
            "proofs_per_second": measured.proofs, "proofs_per_second_median": proofs,
            "database_bytes": measured.bytes, "missed": missed,
        }));
        return !missed.is_empty();
    }
    let list = |values: &[u64]| {
        let texts: Vec<String> = values.iter().map(|value| count(*value)).collect();
        texts.join("、")
    };
    say(&format!(
        "{}\n写入：每秒 {} 条（{} 轮，各 {} 条，每条 {ENTRY_BYTES} 字节：{}）；每条 {}\n按每秒 {PACE} 条写：从交入到公布 {}\n证明：每秒 {} 份（{}），日志共 {} 条\n",
        machine(),
        count(entries),
        args.rounds,
        count(args.entries.into()),
        list(&measured.entries),
        used_text(&measured.used),
        measured.published.text(),
        count(proofs),
        list(&measured.proofs),
        count(measured.size.unsigned_abs()),
    ));
    if !missed.is_empty() {
        let verdict = if args.no_bars {
            ""
        } else {
            "，因此退出码是 1"
        };
        say(&format!("没有达到标准：{}{verdict}\n", missed.join("，")));
    }
    !missed.is_empty()
}

/// Processor, cores and load, because a figure without its machine says nothing.
fn machine() -> String {
    let read = |file| std::fs::read_to_string(file).unwrap_or_default();
    let model = read("/proc/cpuinfo")
        .lines()
        .find_map(|line| {
            line.strip_prefix("model name")?
                .split_once(':')
                .map(|(_, name)| name.trim().to_owned())
        })
        .unwrap_or_else(|| "处理器不详".into());
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let load = read("/proc/loadavg");
    let load = load.split(' ').next().filter(|load| !load.is_empty());
    format!("{model}，{cores} 核，结束时负荷 {}", load.unwrap_or("不详"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_entry_waits_for_the_first_checkpoint_that_covers_it() {
        let seen = [(3, 1_000), (5, 2_000)];
        let found = spread(&[(2, 400), (3, 500), (4, 1_900)], &seen).unwrap();
        assert_eq!((found.p50, found.max), (600, 1_500));
        assert_eq!(
            spread(&[(5, 0)], &seen).unwrap_err().code,
            "bench.log_broken"
        );
    }

    #[test]
    fn the_middle_is_the_middle() {
        assert_eq!(
            [median(&[9, 1, 5]), median(&[4, 2]), median(&[])],
            [5, 2, 0]
        );
    }

    #[test]
    fn a_small_log_is_measured_whole() {
        let args = Log {
            place: super::super::args::Where::default(),
            entries: 300,
            rounds: 1,
            seconds: 1,
            proofs: 50,
            no_bars: true,
            json: true,
        };
        assert_eq!(run(&args).unwrap(), Exit::Fine);
    }
}

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
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
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
/// Between two looks whether a new checkpoint is published.
const LOOK: Duration = Duration::from_millis(1);

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

/// An entry each millisecond; the time from handing it in to the checkpoint that covers it.
async fn paced(app: &App, seconds: u64) -> Result<Spread, Failure> {
    let watch = Arc::new(Stopwatch::start());
    let wanted = seconds.saturating_mul(PACE);
    let watcher = tokio::spawn(watch_checkpoints(app.clone(), Arc::clone(&watch)));
    let mut ticks = tokio::time::interval(Duration::from_micros(1_000_000 / PACE));
    // A late tick is caught up with, so that the rate is kept.
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Burst);
    let mut tasks = Vec::new();
    for n in 0..wanted {
        ticks.tick().await;
        let (app, watch) = (app.clone(), Arc::clone(&watch));
        tasks.push(tokio::spawn(async move {
            let from = watch.micros();
            let index = app.entry_add(entry((u64::from(u32::MAX) << 32) | n)).await?;
            Ok::<_, app::AppError>((index, from))
        }));
    }
    let mut added = Vec::new();
    for task in tasks {
        let done = task.await.map_err(|error| trouble(&error))?;
        added.push(done.map_err(|error| failure(&error))?);
    }
    let last = added.iter().map(|one| one.0).max().unwrap_or(-1);
    while newest(app).await?.0 <= last {
        tokio::time::sleep(LOOK).await;
    }
    // The watcher looks once more than it needs to.
    tokio::time::sleep(LOOK.saturating_mul(10)).await;
    watcher.abort();
    let seen = watcher_said(app, last, &watch).await;
    spread(&added, &seen)
}

/// Sizes of checkpoints with the time at which each was first seen; shared by the watcher.
static SEEN: std::sync::Mutex<Vec<(i64, i64)>> = std::sync::Mutex::new(Vec::new());

async fn watch_checkpoints(app: App, watch: Arc<Stopwatch>) {
    let mut known = -1;
    loop {
        if let Ok((size, _)) = newest(&app).await
            && size > known
        {
            known = size;
            note_seen(size, watch.micros());
        }
        tokio::time::sleep(LOOK).await;
    }
}

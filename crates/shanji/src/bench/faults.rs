//! `shanji bench faults`: every system call for the files of the house that writing and signing make is made to fail once,
//! and no promise may be lost.
//!
//! The method is that of Tessera's test: strace attaches to a running server and lets one call of one kind fail with EIO
//! or ENOSPC, or kills the process there. A run without faults says which calls there are and how often. Afterwards the
//! house is started again; everything that it had promised must be there, and `shanji audit` must pass, against the last
//! checkpoint that was served too.

mod case;
mod tracer;

use super::args::{Algorithm, Faults, Where, Written};
use super::notices::gateway;
use super::site::{Site, trouble};
use crate::outcome::{Ended, Exit, Failure};
use crate::screen::{count, progress, say};
use case::{Case, Cluster, Outcome, Took, Trial};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use tokio::sync::Semaphore;
use tracer::{Fault, Injection, look_for_strace};

/// A wave is answered by several threads, so that one run may make a call a little more often than another.
const RUNS_WATCHED: u32 = 2;
/// Numbers of payments that one case may use: on one house no two cases may mean the same.
const CASE_NUMBERS: u64 = 1_000;

/// Runs the matrix.
pub(super) fn run(args: &Faults) -> Ended {
    let folder = tempfile::tempdir().map_err(|error| trouble(&error))?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| trouble(&error))?;
    runtime.block_on(look_for_strace())?;
    let trial = Arc::new(prepare(args, &folder.path().join("seed"))?);
    let outcomes = runtime.block_on(async {
        let plan = plan(&trial, args, folder.path()).await?;
        suffer_all(&trial, args, (plan, folder.path())).await
    })?;
    Ok(tell(&trial, &outcomes))
}

/// Founds the house that every case gets a copy of. A house on a server has no copies: its cases follow one another.
fn prepare(args: &Faults, seed: &Path) -> Result<Trial, Failure> {
    let written = args.written;
    let place = Where {
        data: Some(seed.to_owned()),
        database: args.database.clone(),
    };
    let failure = |error: app::AppError| crate::house::failure(&error);
    let site = match written {
        Written::Gifts => Site::open(&place)?,
        Written::Entries | Written::Long => Site::open_test_log(&place)?,
    };
    let gifts = match written {
        Written::Gifts => {
            let charity = site.charity(1)?;
            let gateway = gateway(&site, &charity, Algorithm::Ed25519)?;
            Some((charity, Arc::new(gateway)))
        }
        Written::Entries | Written::Long => None,
    };
    let vkey = site.app.verifier_key();
    site.house(site.app.seal_now()).map_err(failure)?;
    site.close();
    Ok(Trial {
        seed: seed.to_owned(),
        written,
        vkey,
        gifts,
        database: place.database,
        cluster: args
            .cluster_pid
            .clone()
            .zip(args.cluster_restart.clone())
            .map(|(pid_file, restart)| Cluster { pid_file, restart }),
    })
}

/// Which calls there are, and which of them fail how.
async fn plan(trial: &Trial, args: &Faults, folder: &Path) -> Result<Vec<Injection>, Failure> {
    let mut calls: BTreeMap<String, u64> = BTreeMap::new();
    for run in 0..RUNS_WATCHED {
        let first = u64::from(run).saturating_mul(CASE_NUMBERS);
        let folder = folder.join(format!("watched-{run}"));
        let case = Case::new(trial, &folder, first)?;
        for (call, times) in case.watch().await?.calls() {
            let known = calls.entry(call).or_default();
            *known = times.max(*known);
        }
    }
    let asked_for = |call: &String| args.only.is_empty() || args.only.contains(call);
    calls.retain(|call, _| asked_for(call));
    let said: Vec<String> = calls
        .iter()
        .map(|(call, times)| format!("{call} {times}"))
        .collect();
    say(&format!(
        "没有故障时，一个线程最多调用：{}\n",
        said.join("，")
    ));
    let mut plan = Vec::new();
    for (call, times) in &calls {
        for when in spread_over(*times, u64::from(args.most)) {
            for fault in trial.faults() {
                plan.push(Injection {
                    call: call.clone(),
                    when,
                    fault: *fault,
                });
            }
        }
    }
    Ok(plan)
}

/// All of 1 to `times`, or so many of them evenly, the first and the last among them.
fn spread_over(times: u64, most: u64) -> Vec<u64> {
    if times <= most {
        return (1..=times).collect();
    }
    let steps = most.saturating_sub(1).max(1);
    let mut chosen: Vec<u64> = (0..most)
        .map(|step| 1 + step.saturating_mul(times - 1) / steps)
        .collect();
    chosen.dedup();
    chosen
}

type Outcomes = Vec<(Injection, Outcome)>;

async fn suffer_all(
    trial: &Arc<Trial>,
    args: &Faults,
    (plan, folder): (Vec<Injection>, &Path),
) -> Result<Outcomes, Failure> {
    let bar = progress(plan.len() as u64, "逐一注入故障");
    let parallel = match trial.database {
        Some(_) => 1,
        None => args.parallel as usize,
    };
    let room = Arc::new(Semaphore::new(parallel));
    let mut tasks = Vec::new();
    for (number, injection) in plan.into_iter().enumerate() {
        let (trial, room, bar) = (Arc::clone(trial), Arc::clone(&room), bar.clone());
        let folder = folder.join(format!("case-{number}"));
        tasks.push(tokio::spawn(async move {
            let _permit = room.acquire().await.map_err(|error| trouble(&error))?;
            // Behind the numbers of the runs that were watched.
            let first = (number as u64).saturating_add(u64::from(RUNS_WATCHED));
            let first = first.saturating_mul(CASE_NUMBERS);
            let outcome = Case::new(&trial, &folder, first)?.suffer(&injection).await;
            let outcome = outcome.map_err(|failure| Failure {
                sentence: format!("{injection}：{}", failure.sentence),
                ..failure
            })?;
            for wrong in &outcome.wrong {
                say(&format!("✗ {injection}：{wrong}\n"));
            }
            bar.inc(1);
            std::fs::remove_dir_all(&folder).map_err(|error| trouble(&error))?;
            Ok::<_, Failure>((injection, outcome))
        }));
    }
    let mut outcomes = Vec::new();
    for task in tasks {
        outcomes.push(task.await.map_err(|error| trouble(&error))??);
    }
    bar.finish_and_clear();
    Ok(outcomes)
}

/// Says how each kind of call was taken.
fn tell(trial: &Trial, outcomes: &Outcomes) -> Exit {
    let mut rows: BTreeMap<(&str, Fault), BTreeMap<Took, u64>> = BTreeMap::new();
    for (injection, outcome) in outcomes {
        let row = rows.entry((&injection.call, injection.fault)).or_default();
        *row.entry(outcome.took).or_default() += 1;
    }
    let mut out = String::new();
    for ((call, fault), row) in &rows {
        let of = |took| row.get(&took).copied().unwrap_or(0);
        out.push_str(&format!(
            "{call} {fault}：继续 {}，停止写入 {}，进程结束 {}，没有遇到 {}\n",
            of(Took::WentOn),
            of(Took::Stopped),
            of(Took::Died),
            of(Took::NotMet),
        ));
    }
    let sum = |of: fn(&Outcome) -> u64| outcomes.iter().map(|one| of(&one.1)).sum();
    let met = sum(|outcome| u64::from(outcome.took != Took::NotMet));
    let wrong: u64 = sum(|outcome| outcome.wrong.len() as u64);
    let what = match trial.written {
        Written::Gifts => "捐赠",
        Written::Entries => "任意字节",
        Written::Long => "很长的任意字节",
    };
    out.push_str(&format!(
        "{what}：{} 种系统调用，{} 处故障（遇到 {}），答应 {} 次，503 {} 次，发现问题 {}\n",
        count(
            rows.keys()
                .map(|row| row.0)
                .collect::<std::collections::BTreeSet<_>>()
                .len() as u64
        ),
        count(outcomes.len() as u64),
        count(met),
        count(sum(|outcome| outcome.promised)),
        count(sum(|outcome| outcome.refused)),
        count(wrong),
    ));
    say(&out);
    if wrong == 0 { Exit::Fine } else { Exit::Found }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_all_or_spread_evenly() {
        assert_eq!(spread_over(3, 12), [1, 2, 3]);
        assert_eq!(spread_over(100, 4), [1, 34, 67, 100]);
        assert_eq!(spread_over(5, 1), [1]);
        assert!(spread_over(0, 4).is_empty());
    }
}

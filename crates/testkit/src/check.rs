//! Everything that must hold at the end of every test: log, checkpoint, counters, places, jobs.

use db::{Db, Result, Session};
use kernel::Timestamp;
use leaf::Checker;
use std::collections::BTreeMap;
use store::audit;
use tlog::{Checkpoint, Edge, Hash, SignedNote, VerifierKey};

/// Rows that are read at once.
const PAGE: i64 = 2_000;
/// The checker's tables need a key; nobody attacks a test.
const KEY: [u8; 32] = [7; 32];

/// What is wrong with a house, in words; nothing if all is well. `now` is the house's clock.
///
/// # Errors
/// The database cannot be read.
pub async fn faults(db: &Db, verifier_key: &str, now: Timestamp) -> Result<Vec<String>> {
    let mut read = db.read_tx().await?;
    let mut faults = Vec::new();
    check_log(&mut read, verifier_key, &mut faults).await?;
    check_books(&mut read, &mut faults).await?;
    let late = audit::jobs_due(&mut read, now).await?;
    faults.extend(
        late.iter()
            .map(|kind| format!("a job is due and was not done: {kind}")),
    );
    Ok(faults)
}

/// Every leaf, the tree over them, and the newest checkpoint.
async fn check_log(session: &mut Session, key: &str, faults: &mut Vec<String>) -> Result<()> {
    let sealed = store::transparency::checkpoint_newest(session).await?;
    let sealed_size = sealed.as_ref().map_or(0, |c| c.size);
    let (mut checker, mut edge) = (Checker::new(&KEY).with_sm3(), Edge::new());
    let mut from = 0;
    loop {
        let leaves = audit::leaf_rows_from(session, from, PAGE).await?;
        let Some(last) = leaves.last().map(|leaf| leaf.index) else {
            break;
        };
        for leaf in &leaves {
            let hash = tlog::leaf_hash(&leaf.bytes);
            if hash.as_bytes() != &leaf.hash {
                faults.push(format!(
                    "leaf {} has another hash than its bytes",
                    leaf.index
                ));
            }
            checker.feed(leaf.index.unsigned_abs(), &leaf.bytes, hash.as_bytes());
            if edge.append(hash).is_err() {
                faults.push("the log is too long".into());
            }
            if leaf.index + 1 == sealed_size {
                checker.end_checkpoint();
                let note = sealed.as_ref().map_or("", |c| c.note.as_str());
                check_seal(note, key, (edge.size(), edge.root()), faults);
            }
        }
        from = last + 1;
    }
    if sealed_size > from {
        faults.push(format!("{sealed_size} leaves are sealed, {from} are there"));
    }
    let report = checker.finish();
    faults.extend(
        report
            .findings
            .iter()
            .map(|f| format!("{:?} {} {}", f.index, f.code, f.sentence)),
    );
    Ok(())
}

fn check_seal(note: &str, key: &str, tree: (u64, Hash), faults: &mut Vec<String>) {
    let opened = || -> std::result::Result<Checkpoint, String> {
        let key: VerifierKey = key.parse().map_err(|e| format!("{e:?}"))?;
        let note = SignedNote::parse(note).map_err(|e| format!("{e:?}"))?;
        let origin = key.name().to_string();
        Checkpoint::open(&note, &origin, &[key]).map_err(|e| format!("{e:?}"))
    };
    match opened() {
        Ok(sealed) if (sealed.size(), sealed.root()) == tree => {}
        Ok(sealed) => faults.push(format!(
            "the checkpoint of {} leaves has another root",
            sealed.size()
        )),
        Err(error) => faults.push(format!("the checkpoint cannot be believed: {error}")),
    }
}

/// What funds hold is what stands at their places, and what the movements say.
async fn check_books(session: &mut Session, faults: &mut Vec<String>) -> Result<()> {
    let mut tapes: BTreeMap<i64, (i64, i64)> = BTreeMap::new();
    let mut after = i64::MIN;
    loop {
        let rows = audit::fund_rows_after(session, after, PAGE).await?;
        let Some(last) = rows.last() else { break };
        after = last.id;
        tapes.extend(rows.iter().map(|f| (f.id, (f.inflow, f.outflow))));
    }
    let mut moved: BTreeMap<i64, (i64, i64)> = BTreeMap::new();
    let mut after = i64::MIN;
    loop {
        let rows = audit::money_rows_after(session, after, PAGE).await?;
        let Some(last) = rows.last() else { break };
        after = last.id;
        for row in &rows {
            if let [Some(fund), _, Some(len)] = row.out {
                moved.entry(fund).or_default().1 += len;
            }
            if let [Some(fund), _, Some(len)] = row.into {
                moved.entry(fund).or_default().0 += len;
            }
        }
    }
    let places = placed(session).await?;
    for (fund, tape) in tapes {
        let sums = moved.get(&fund).copied().unwrap_or_default();
        if tape != sums {
            faults.push(format!(
                "fund {fund} counts {tape:?}, its movements {sums:?}"
            ));
        }
        let there = places.get(&fund).copied().unwrap_or_default();
        if tape.0 - tape.1 != there {
            faults.push(format!(
                "fund {fund} holds {}, its places {there}",
                tape.0 - tape.1
            ));
        }
    }
    Ok(())
}

async fn placed(session: &mut Session) -> Result<BTreeMap<i64, i64>> {
    let mut sums = BTreeMap::new();
    let mut after = (i64::MIN, i64::MIN);
    loop {
        let rows = audit::balances_after(session, after, PAGE).await?;
        let Some(last) = rows.last() else {
            return Ok(sums);
        };
        after = (last.fund, last.place);
        for row in &rows {
            *sums.entry(row.fund).or_insert(0) += row.amount;
        }
    }
}

//! 〔测试日志恢复〕 A test log comes back from a copy as it stood: its entries state nothing, so no rows follow from them and
//! there is no index to compare; the signed root says whether they are the ones.

use super::log::checkpoint_newest;
use super::recover::{LEAVES_AT_ONCE, Outcome, RecoverError, Refill, checkpoints_write};
use super::sequencer::{SealError, edge_at, is_test_log, tiles_write};
use super::{entries_write, leaf_count};
use crate::batch::House;
use crate::house::house_set;
use crate::limits::SEAL_LEAVES_MAX;
use db::Tx;
use kernel::Timestamp;
use std::sync::Arc;
use tlog::{Edge, Hash, leaf_hash};

/// Whether the log is a test log, as the database's first leaf says, or that of the copy if the database is empty.
pub(super) async fn holds_entries(tx: &mut Tx, refill: &mut Refill<'_>) -> Outcome<bool> {
    if let Some(is_test) = is_test_log(tx).await? {
        return Ok(is_test);
    }
    let first = refill.leaves.read()?.next().transpose()?;
    let first = first.and_then(|bytes| leaf::Leaf::parse(&bytes).ok());
    Ok(first.is_some_and(|leaf| leaf.kind == leaf::Kind::TestLog))
}

/// Appends the entries of the copy and its checkpoint; nothing is committed.
///
/// # Errors
/// `RecoverError`: the database is not the beginning of the copy.
pub(super) async fn recover_entries(
    mut tx: Tx,
    house: &Arc<House>,
    (refill, now): (&mut Refill<'_>, Timestamp),
) -> Outcome<Tx> {
    if leaf_count(&mut tx).await? != refill.from {
        return Err(RecoverError::Moved);
    }
    let mut edge = edge_of(&mut tx, refill.from).await?;
    let (mut waiting, mut next, mut done) = (Vec::new(), refill.from, 0_u64);
    for bytes in refill.leaves.read()? {
        let bytes = bytes?;
        append(&mut edge, &bytes)?;
        waiting.push(bytes);
        if waiting.len() as u64 == LEAVES_AT_ONCE {
            next = put(&mut tx, &mut edge, (next, &waiting)).await?;
            done = done.saturating_add(LEAVES_AT_ONCE);
            (refill.told)(done);
            waiting.clear();
        }
    }
    put(&mut tx, &mut edge, (next, &waiting)).await?;
    if (edge.size(), edge.root()) != (refill.checkpoint.size(), refill.checkpoint.root()) {
        return Err(RecoverError::Differs {
            what: "数据库".to_owned(),
        });
    }
    if refill.from == 0 {
        house_set(&mut tx, "origin", &house.origin).await?;
        house_set(&mut tx, "founded", &now.rfc3339()).await?;
    }
    let signed = [(refill.checkpoint.clone(), refill.note.clone())];
    checkpoints_write(&mut tx, &signed, now).await?;
    Ok(tx)
}

/// The tree of everything that the database holds, signed or not.
async fn edge_of(tx: &mut Tx, held: i64) -> Outcome<Edge> {
    let newest = checkpoint_newest(tx).await?;
    let sealed = newest.as_ref().map_or(0, |newest| newest.size);
    let mut edge = edge_at(tx, sealed).await?;
    if newest.is_some_and(|newest| Hash(newest.root) != edge.root()) {
        return Err(SealError::Inconsistent.into());
    }
    let limit = i64::try_from(SEAL_LEAVES_MAX).unwrap_or(i64::MAX);
    let mut from = sealed;
    while from < held {
        let leaves = crate::audit::leaf_rows_from(tx, from, limit).await?;
        let Some(last) = leaves.last().map(|leaf| leaf.index) else {
            return Err(SealError::Damaged { index: from }.into());
        };
        for leaf in &leaves {
            append(&mut edge, &leaf.bytes)?;
        }
        from = last.saturating_add(1);
    }
    Ok(edge)
}

fn append(edge: &mut Edge, bytes: &[u8]) -> Outcome<()> {
    let added = edge.append(leaf_hash(bytes));
    added.map_err(|error| SealError::Making(error.to_string()).into())
}

/// Writes entries from the index `first` on, and the tiles that are full now; the index that the next one will have.
async fn put(tx: &mut Tx, edge: &mut Edge, (first, entries): (i64, &[Vec<u8>])) -> Outcome<i64> {
    let entries: Vec<&[u8]> = entries.iter().map(Vec::as_slice).collect();
    let next = entries_write(tx, first, &entries).await?;
    tiles_write(tx, &edge.take_full_tiles()).await?;
    Ok(next)
}

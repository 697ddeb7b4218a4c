//! Entries of a test log: any bytes, appended as they come.

use db::{Col, Error, Result, Tx, bulk};
use tlog::leaf_hashes;

/// Appends entries from the index `first` on; the index that the next one will have.
pub(crate) async fn entries_write(tx: &mut Tx, first: i64, entries: &[&[u8]]) -> Result<i64> {
    let count = i64::try_from(entries.len()).map_err(|error| Error::value(0, error))?;
    let next = first.saturating_add(count);
    let indexes: Vec<i64> = (first..next).collect();
    let hashes = leaf_hashes(entries);
    let hashes: Vec<&[u8]> = hashes.iter().map(|hash| hash.0.as_slice()).collect();
    let leaves = bulk!("log_leaf(idx, bytes, hash)", "");
    let columns = [Col::I(&indexes), Col::B(entries), Col::B(&hashes)];
    tx.bulk(leaves, &columns).await?;
    Ok(next)
}

//! 〔离线核验页〕 The log's own statements about the offline verifier that the house gives away.

use super::log::leaf_at;
use super::standing::stream_end;
use crate::batch::Batch;
use db::{Result, Session};
use kernel::{Id, Timestamp};
use leaf::{LeafTime, OwnWord, VERIFIER_STREAM, VerifierPages, ids};

/// The newest sealed statement: its index, how many there are, and what it says.
///
/// # Errors
/// The engine's refusal.
pub async fn verifier_stated(session: &mut Session) -> Result<Option<(i64, i64, VerifierPages)>> {
    let Some(end) = stream_end(session, VERIFIER_STREAM).await? else {
        return Ok(None);
    };
    let leaf = leaf_at(session, end.index).await?;
    let pages = leaf.and_then(|leaf| VerifierPages::parse(&leaf.bytes));
    Ok(pages.map(|pages| (end.index, end.count, pages)))
}

impl Batch {
    /// States the pages, if `known` statements were there when that was decided. Returns the index if it was written.
    ///
    /// # Errors
    /// Outside: the engine's refusal. Inside: why the leaf cannot be written.
    pub async fn verifier_leaf(
        &mut self,
        (pages, known): (&VerifierPages, i64),
        now: Timestamp,
    ) -> Result<std::result::Result<Option<i64>, leaf::LeafError>> {
        self.load_streams(&[VERIFIER_STREAM.to_owned()]).await?;
        let count = self.state.streams.get(VERIFIER_STREAM).copied();
        let count = count.unwrap_or(0);
        if count != known {
            return Ok(Ok(None));
        }
        let index = self.state.next_leaf;
        let id = self.house.print(Id::<ids::Verifier>::from_raw(index));
        let leaf = pages.leaf(id, LeafTime::second(now), count.saturating_add(1));
        let written = self.own_leaf(&leaf, (VERIFIER_STREAM, count.saturating_add(1)));
        Ok(written.map(Some))
    }

    /// Writes a leaf that the log states of itself; its own index stands for it, so it needs no counter.
    pub(crate) fn own_leaf(
        &mut self,
        leaf: &leaf::Leaf,
        (stream, sequence): (&str, i64),
    ) -> std::result::Result<i64, leaf::LeafError> {
        let bytes = leaf.encode()?;
        let index = self.state.next_leaf;
        self.state.next_leaf = index.saturating_add(1);
        let hash = tlog::leaf_hash(&bytes).0;
        self.buffer.leaves.push((index, bytes, hash));
        self.state.streams.insert(stream.to_owned(), sequence);
        self.state.dirty_streams.insert(stream.to_owned());
        self.changed();
        Ok(index)
    }
}

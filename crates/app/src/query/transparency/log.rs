//! The log: its page, its leaves, and the files that verifiers fetch.

use crate::answer::Answer;
use crate::query::found;
use crate::query::limits::LOG_ROWS;
use crate::query::words::quantity;
use crate::view::{CheckpointView, LeafPage, LogPage, OpeningView};
use crate::{App, AppError};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use leaf::{Kind, Leaf};
use store::transparency::{CheckpointRecord, IndexQuestion, OpeningRecord};
use tlog::TilePath;

impl App {
    /// The log's origin, key, checkpoints and newest leaves.
    ///
    /// # Errors
    /// The engine's refusal.
    pub fn log_page(&self) -> Answer<'_, LogPage> {
        Box::pin(async move {
            let mut read = self.db().read_tx().await?;
            let read = &mut *read;
            let mut checkpoints =
                store::transparency::checkpoints_before(read, i64::MAX, LOG_ROWS + 1).await?;
            let newest = if checkpoints.is_empty() {
                None
            } else {
                Some(checkpoints.remove(0))
            };
            let leaves = store::transparency::leaves_newest(read, LOG_ROWS).await?;
            let mut recent = Vec::with_capacity(leaves.len());
            for leaf in leaves {
                let parsed = Leaf::parse(&leaf.bytes).map_err(AppError::internal)?;
                recent.push((
                    leaf.index,
                    parsed.kind.title().to_string(),
                    summary(&parsed),
                ));
            }
            Ok(LogPage {
                origin: self.origin().to_string(),
                verifier_key: self.verifier_key(),
                checkpoint: newest.map(checkpoint_view),
                leaves: store::transparency::leaf_count(read).await?,
                checkpoints: checkpoints.into_iter().map(checkpoint_view).collect(),
                recent,
            })
        })
    }

    /// One leaf as it was hashed, with the words beside it.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn leaf_page(&self, index: i64) -> Answer<'_, LeafPage> {
        Box::pin(async move {
            let mut read = self.db().read_tx().await?;
            let read = &mut *read;
            let leaf = found(store::transparency::leaf_at(read, index).await?, "这条日志")?;
            let newest = store::transparency::checkpoint_newest(read).await?;
            let openings = store::transparency::openings_of(read, index).await?;
            let parsed = Leaf::parse(&leaf.bytes).map_err(AppError::internal)?;
            Ok(LeafPage {
                index,
                text: String::from_utf8(leaf.bytes).map_err(AppError::internal)?,
                hash: STANDARD.encode(leaf.hash),
                sealed: newest.is_some_and(|checkpoint| index < checkpoint.size),
                openings: openings.into_iter().map(opening_view).collect(),
                about: self.path_of(&parsed.id),
            })
        })
    }

    /// The newest signed checkpoint as it is published, if there is one.
    ///
    /// # Errors
    /// The engine's refusal.
    pub fn log_checkpoint(&self) -> Answer<'_, Option<String>> {
        Box::pin(async move {
            let mut read = self.db().read_tx().await?;
            let newest = store::transparency::checkpoint_newest(&mut read).await?;
            Ok(newest.map(|checkpoint| checkpoint.note))
        })
    }

    /// The bytes of a tile of hashes or an entry bundle, of any width that the newest checkpoint covers; nothing
    /// beyond what was signed is served.
    ///
    /// # Errors
    /// `Internal` if what was signed is not all there.
    pub fn log_tile<'a>(&'a self, path: &'a TilePath) -> Answer<'a, Option<Vec<u8>>> {
        Box::pin(async move {
            let mut read = self.db().read_tx().await?;
            let read = &mut *read;
            let newest = store::transparency::checkpoint_newest(read).await?;
            let Some(size) = newest.map(|checkpoint| checkpoint.size) else {
                return Ok(None);
            };
            Ok(store::transparency::log_tile(read, *path, size).await?)
        })
    }

    /// A page of a stream, or all streams whose name begins so, as a proof file about the newest checkpoint; nothing
    /// while no checkpoint states the index, or if the answer would be too long.
    ///
    /// # Errors
    /// `Internal` if rows are missing.
    pub fn index_proof<'a>(&'a self, question: &'a IndexQuestion) -> Answer<'a, Option<String>> {
        Box::pin(async move {
            let mut read = self.db().read_tx().await?;
            let standing = self.inner().seals.standing();
            let file = store::transparency::index_proof(&mut read, standing, question).await?;
            Ok(file.map(|file| file.to_string()))
        })
    }
}

/// A checkpoint for pages.
pub(crate) fn checkpoint_view(record: CheckpointRecord) -> CheckpointView {
    CheckpointView {
        size: record.size,
        root: STANDARD.encode(record.root),
        note: record.note,
        signed_at: record.signed_at.rfc3339(),
    }
}

/// Withdrawn words are not shown, nor is the salt that would let them be guessed.
fn opening_view(record: OpeningRecord) -> OpeningView {
    let withdrawn = record.withdrawn_at.is_some();
    OpeningView {
        field: record.field,
        salt: if withdrawn {
            String::new()
        } else {
            URL_SAFE_NO_PAD.encode(record.salt)
        },
        value: (!withdrawn).then_some(record.value),
        withdrawn_at: record.withdrawn_at.map(|at| at.rfc3339()),
    }
}

/// What a leaf says, in a few words.
fn summary(leaf: &Leaf) -> String {
    if let Some(name) = leaf.data.get("name").and_then(leaf::Json::text) {
        return name.to_string();
    }
    let sum: i64 = leaf
        .moves
        .iter()
        .filter(|m| counts(leaf, m))
        .map(|m| m.n)
        .sum();
    if sum == 0 {
        return leaf.id.clone();
    }
    let goods = leaf.data.get("class").and_then(leaf::Json::text) == Some("goods");
    match leaf.kind {
        Kind::Goods | Kind::Conversion | Kind::Count | Kind::Loss => format!("{sum}个单位"),
        _ if goods => format!("{sum}个单位"),
        _ => quantity(sum, "fen"),
    }
}

/// A gift's fee flows in and out again: only what came in is its amount.
fn counts(leaf: &Leaf, one: &leaf::Move) -> bool {
    leaf.kind != Kind::Gift || one.from.is_none()
}

//! Leaves, tiles and openings as kept.

use crate::transparency::{CheckpointRecord, LeafRecord};
use db::{Result, Session, args, sql};
use domain::fundraising::WORDS_LOST;
use kernel::Timestamp;

/// 〔公开文字〕 What opens a commitment of a leaf.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpeningRow {
    /// The leaf.
    pub leaf_index: i64,
    /// The field.
    pub field: String,
    /// Its salt, of whatever length it is kept.
    pub salt: Vec<u8>,
    /// The words.
    pub value: String,
    /// Whether the words were withdrawn.
    pub is_withdrawn: bool,
}

impl OpeningRow {
    /// Whether the words were lost with a database: nothing opens the commitment, and nobody took them down.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        !self.is_withdrawn && self.value == WORDS_LOST && self.salt.iter().all(|byte| *byte == 0)
    }
}

/// Leaves from an index on, in order.
///
/// # Errors
/// The engine's refusal; a hash that is not 32 bytes long.
pub async fn leaf_rows_from(
    session: &mut Session,
    from: i64,
    limit: i64,
) -> Result<Vec<LeafRecord>> {
    let sql = sql!("SELECT idx, bytes, hash FROM log_leaf WHERE idx >= $1 ORDER BY idx LIMIT $2");
    session
        .rows(sql, args![from, limit], |r| {
            Ok(LeafRecord {
                index: r.i64(0)?,
                bytes: r.bytes(1)?,
                hash: r.array(2)?,
            })
        })
        .await
}

/// The openings of the leaves `[from, until)`, in order.
///
/// # Errors
/// The engine's refusal.
pub async fn opening_rows_between(
    session: &mut Session,
    from: i64,
    until: i64,
) -> Result<Vec<OpeningRow>> {
    let sql = sql!(
        "SELECT leaf_index, field, salt, value, withdrawn_at FROM opening WHERE leaf_index >= $1 AND leaf_index < $2 ORDER BY leaf_index, field"
    );
    session
        .rows(sql, args![from, until], |r| {
            Ok(OpeningRow {
                leaf_index: r.i64(0)?,
                field: r.text(1)?,
                salt: r.bytes(2)?,
                value: r.text(3)?,
                is_withdrawn: r.opt_i64(4)?.is_some(),
            })
        })
        .await
}

/// The bytes of a kept tile.
///
/// # Errors
/// The engine's refusal.
pub async fn tile_bytes(session: &mut Session, level: i64, index: i64) -> Result<Option<Vec<u8>>> {
    let sql = sql!("SELECT hashes FROM log_tile WHERE level = $1 AND idx = $2");
    session.opt(sql, args![level, index], |r| r.bytes(0)).await
}

/// Checkpoints larger than `after`, in order of size.
///
/// # Errors
/// The engine's refusal; a root that is not 32 bytes long.
pub async fn checkpoint_rows_after(
    session: &mut Session,
    after: i64,
    limit: i64,
) -> Result<Vec<CheckpointRecord>> {
    let sql = sql!(
        "SELECT size, root, note, signed_at FROM log_checkpoint WHERE size > $1 ORDER BY size LIMIT $2"
    );
    session
        .rows(sql, args![after, limit], |r| {
            Ok(CheckpointRecord {
                size: r.i64(0)?,
                root: r.array(1)?,
                note: r.text(2)?,
                signed_at: Timestamp::from_micros(r.i64(3)?),
            })
        })
        .await
}

//! What the log serves: leaves, entry bundles, tiles of every size that was ever signed, checkpoints.
//!
//! Only full tiles are kept. A partial tile at the bottom is read from the leaves' hashes, one above from the
//! roots of the full tiles below it; there are no partial files and nothing to clear away.

use super::tile_cache::TileCache;
use crate::limits::OPENINGS_MAX;
use db::{Error, Result, Row, Session, args, sql};
use kernel::Timestamp;
use std::sync::Arc;
use tlog::{
    Hash, Tile, TileKind, TilePath, TileSet, TileTree, consistency_proof, consistency_tiles,
    encode_bundle, inclusion_proof, inclusion_tiles,
};

/// 〔日志叶〕 A leaf as kept.
#[derive(Debug, Clone)]
pub struct LeafRecord {
    /// Its index, final.
    pub index: i64,
    /// Its bytes as hashed.
    pub bytes: Vec<u8>,
    /// Its hash.
    pub hash: [u8; 32],
}

/// 〔检查点〕 A signed checkpoint as kept.
#[derive(Debug, Clone)]
pub struct CheckpointRecord {
    /// Leaves covered.
    pub size: i64,
    /// Root of the tree.
    pub root: [u8; 32],
    /// The signed note as published.
    pub note: String,
    /// By the operator's clock.
    pub signed_at: Timestamp,
}

/// 〔公开文字〕 Public words beside a leaf.
#[derive(Debug, Clone)]
pub struct OpeningRecord {
    /// The field in the leaf.
    pub field: String,
    /// The salt of its commitment.
    pub salt: [u8; 32],
    /// The words.
    pub value: String,
    /// When they were withdrawn, if they were.
    pub withdrawn_at: Option<Timestamp>,
}

fn leaf_of_row(r: &Row<'_>) -> Result<LeafRecord> {
    Ok(LeafRecord {
        index: r.i64(0)?,
        bytes: r.bytes(1)?,
        hash: r.array(2)?,
    })
}

fn checkpoint_of_row(r: &Row<'_>) -> Result<CheckpointRecord> {
    Ok(CheckpointRecord {
        size: r.i64(0)?,
        root: r.array(1)?,
        note: r.text(2)?,
        signed_at: Timestamp::from_micros(r.i64(3)?),
    })
}

/// A leaf by its index.
///
/// # Errors
/// The engine's refusal.
pub async fn leaf_at(session: &mut Session, index: i64) -> Result<Option<LeafRecord>> {
    let sql = sql!("SELECT idx, bytes, hash FROM log_leaf WHERE idx = $1");
    session.opt(sql, args![index], leaf_of_row).await
}

/// Some leaves, in no order.
///
/// # Errors
/// The engine's refusal.
pub async fn leaves_at(session: &mut Session, indexes: &[i64]) -> Result<Vec<LeafRecord>> {
    let sql = sql!(
        pg: "SELECT idx, bytes, hash FROM log_leaf WHERE idx = ANY($1)",
        lite: "SELECT idx, bytes, hash FROM log_leaf WHERE idx = $1"
    );
    session.by_keys(sql, indexes, leaf_of_row).await
}

/// How many leaves are written, sealed or not.
///
/// # Errors
/// The engine's refusal.
pub async fn leaf_count(session: &mut Session) -> Result<i64> {
    let sql = sql!("SELECT MAX(idx) FROM log_leaf");
    let newest = session.one(sql, args![], |r| r.opt_i64(0)).await?;
    Ok(newest.map_or(0, |index| index.saturating_add(1)))
}

/// The newest leaves, newest first.
///
/// # Errors
/// The engine's refusal.
pub async fn leaves_newest(session: &mut Session, limit: i64) -> Result<Vec<LeafRecord>> {
    let sql =
        sql!("SELECT idx, bytes, hash FROM log_leaf WHERE idx >= $1 ORDER BY idx DESC LIMIT $2");
    session.rows(sql, args![0_i64, limit], leaf_of_row).await
}

/// The newest checkpoint.
///
/// # Errors
/// The engine's refusal.
pub async fn checkpoint_newest(session: &mut Session) -> Result<Option<CheckpointRecord>> {
    let sql =
        sql!("SELECT size, root, note, signed_at FROM log_checkpoint ORDER BY size DESC LIMIT 1");
    session.opt(sql, args![], checkpoint_of_row).await
}

/// The checkpoint of this size.
///
/// # Errors
/// The engine's refusal.
pub async fn checkpoint_at(session: &mut Session, size: i64) -> Result<Option<CheckpointRecord>> {
    let sql = sql!("SELECT size, root, note, signed_at FROM log_checkpoint WHERE size = $1");
    session.opt(sql, args![size], checkpoint_of_row).await
}

/// Checkpoints smaller than `before`, newest first.
///
/// # Errors
/// The engine's refusal.
pub async fn checkpoints_before(
    session: &mut Session,
    before: i64,
    limit: i64,
) -> Result<Vec<CheckpointRecord>> {
    let sql = sql!(
        "SELECT size, root, note, signed_at FROM log_checkpoint WHERE size < $1 ORDER BY size DESC LIMIT $2"
    );
    session
        .rows(sql, args![before, limit], checkpoint_of_row)
        .await
}

/// Leaves behind an index: after it (1) or before it (−1), in that direction.
///
/// # Errors
/// The engine's refusal.
pub async fn leaves_behind(
    session: &mut Session,
    sign: i64,
    behind: i64,
    limit: i64,
) -> Result<Vec<LeafRecord>> {
    let down =
        sql!("SELECT idx, bytes, hash FROM log_leaf WHERE idx < $1 ORDER BY idx DESC LIMIT $2");
    let up = sql!("SELECT idx, bytes, hash FROM log_leaf WHERE idx > $1 ORDER BY idx LIMIT $2");
    let sql = if sign < 0 { down } else { up };
    session.rows(sql, args![behind, limit], leaf_of_row).await
}

/// Checkpoints behind a size: larger ones (1) or smaller ones (−1), in that direction.
///
/// # Errors
/// The engine's refusal.
pub async fn checkpoints_behind(
    session: &mut Session,
    sign: i64,
    behind: i64,
    limit: i64,
) -> Result<Vec<CheckpointRecord>> {
    if sign < 0 {
        return checkpoints_before(session, behind, limit).await;
    }
    let up = sql!(
        "SELECT size, root, note, signed_at FROM log_checkpoint WHERE size > $1 ORDER BY size LIMIT $2"
    );
    session
        .rows(up, args![behind, limit], checkpoint_of_row)
        .await
}

/// How many checkpoints there are, no more than `limit`.
///
/// # Errors
/// The engine's refusal.
pub async fn checkpoints_counted(session: &mut Session, limit: i64) -> Result<i64> {
    let sql = sql!(
        "SELECT COUNT(*) FROM (SELECT size FROM log_checkpoint WHERE size >= $1 ORDER BY size LIMIT $2) AS found"
    );
    session.one(sql, args![0_i64, limit], |r| r.i64(0)).await
}

/// The public words beside a leaf, by field. Words that were lost with a database are not among them.
///
/// # Errors
/// The engine's refusal.
pub async fn openings_of(session: &mut Session, index: i64) -> Result<Vec<OpeningRecord>> {
    let sql = sql!(
        "SELECT field, salt, value, withdrawn_at FROM opening WHERE leaf_index = $1 AND (withdrawn_at IS NOT NULL OR salt <> $3) ORDER BY field LIMIT $2"
    );
    let no_salt = &[0_u8; 32][..];
    session
        .rows(sql, args![index, OPENINGS_MAX, no_salt], |r| {
            Ok(OpeningRecord {
                field: r.text(0)?,
                salt: r.array(1)?,
                value: r.text(2)?,
                withdrawn_at: r.opt_i64(3)?.map(Timestamp::from_micros),
            })
        })
        .await
}

/// The public words beside several leaves, each with the index of its leaf, in the order of leaf and field.
///
/// # Errors
/// The engine's refusal.
pub async fn openings_at(
    session: &mut Session,
    indexes: &[i64],
) -> Result<Vec<(i64, OpeningRecord)>> {
    let sql = sql!(
        pg: "SELECT leaf_index, field, salt, value, withdrawn_at FROM opening WHERE leaf_index = ANY($1) ORDER BY leaf_index, field",
        lite: "SELECT leaf_index, field, salt, value, withdrawn_at FROM opening WHERE leaf_index = $1 ORDER BY leaf_index, field"
    );
    let row = |r: &db::Row<'_>| {
        let opening = OpeningRecord {
            field: r.text(1)?,
            salt: r.array(2)?,
            value: r.text(3)?,
            withdrawn_at: r.opt_i64(4)?.map(Timestamp::from_micros),
        };
        Ok((r.i64(0)?, opening))
    };
    session.by_keys(sql, indexes, row).await
}

/// The bytes of a tile or entry bundle, if the log of `size` leaves has all of it; nothing else is served.
///
/// # Errors
/// The engine's refusal; `db::Error::Value` if leaves or tiles are missing below the size that was signed.
pub async fn log_tile(session: &mut Session, path: TilePath, size: i64) -> Result<Option<Vec<u8>>> {
    if !path.is_within(size.unsigned_abs()) {
        return Ok(None);
    }
    match path.kind() {
        TileKind::Entries => bundle(session, path).await.map(Some),
        TileKind::Hashes(_) => Ok(Some(tile(session, path).await?.to_bytes())),
    }
}

/// The inclusion proof of a leaf in the log of `size` leaves, the leaf's sibling first.
///
/// # Errors
/// As [`log_tile`].
pub async fn inclusion(
    session: &mut Session,
    tiles: &TileCache,
    index: i64,
    size: i64,
) -> Result<Vec<Hash>> {
    let (index, size) = (index.unsigned_abs(), size.unsigned_abs());
    let mut set = TileSet::new();
    for path in inclusion_tiles(index, size) {
        set.insert_tree(tree(session, tiles, path).await?);
    }
    inclusion_proof(index, size, &set).map_err(|e| Error::value(0, e))
}

/// The proof that the log of `size` leaves begins with the log of `old` leaves, for whoever knows only that one; empty
/// where nothing is to be proved.
///
/// # Errors
/// As [`log_tile`].
pub async fn consistency(session: &mut Session, old: i64, size: i64) -> Result<Vec<Hash>> {
    if old == 0 || old == size {
        return Ok(Vec::new());
    }
    let (old, size) = (old.unsigned_abs(), size.unsigned_abs());
    let mut set = TileSet::new();
    for path in consistency_tiles(old, size) {
        set.insert(&tile(session, path).await?);
    }
    consistency_proof(old, size, &set).map_err(|e| Error::value(0, e))
}

/// A tile with the hashes between, from memory if it was asked for lately.
async fn tree(session: &mut Session, tiles: &TileCache, path: TilePath) -> Result<Arc<TileTree>> {
    if let Some(tree) = tiles.get(path) {
        return Ok(tree);
    }
    let tree = Arc::new(TileTree::new(&tile(session, path).await?));
    tiles.put(path, &tree);
    Ok(tree)
}

/// First index and number of the rows of a tile or bundle.
fn range(path: TilePath) -> Result<(i64, i64)> {
    let start = i64::try_from(path.start()).map_err(|e| Error::value(0, e))?;
    Ok((start, start.saturating_add(i64::from(path.width()))))
}

async fn bundle(session: &mut Session, path: TilePath) -> Result<Vec<u8>> {
    let (start, end) = range(path)?;
    let sql = sql!("SELECT bytes FROM log_leaf WHERE idx >= $1 AND idx < $2 ORDER BY idx");
    let entries = session.rows(sql, args![start, end], |r| r.bytes(0)).await?;
    whole(entries.len(), path)?;
    encode_bundle(&entries).map_err(|e| Error::value(0, e))
}

async fn tile(session: &mut Session, path: TilePath) -> Result<Tile> {
    if path.is_full() {
        let level = match path.kind() {
            TileKind::Hashes(level) => i64::from(level),
            TileKind::Entries => 0,
        };
        let sql = sql!("SELECT hashes FROM log_tile WHERE level = $1 AND idx = $2");
        let index = i64::try_from(path.index()).map_err(|e| Error::value(0, e))?;
        if let Some(bytes) = session
            .opt(sql, args![level, index], |r| r.bytes(0))
            .await?
        {
            return Tile::from_bytes(path, &bytes).map_err(|e| Error::value(0, e));
        }
    }
    let hashes = hashes_below(session, path).await?;
    whole(hashes.len(), path)?;
    Tile::new(path, hashes).map_err(|e| Error::value(0, e))
}

/// The hashes of a tile from the level below it.
async fn hashes_below(session: &mut Session, path: TilePath) -> Result<Vec<Hash>> {
    let (start, end) = range(path)?;
    match path.kind() {
        TileKind::Entries | TileKind::Hashes(0) => {
            let sql = sql!("SELECT hash FROM log_leaf WHERE idx >= $1 AND idx < $2 ORDER BY idx");
            session
                .rows(sql, args![start, end], |r| r.array(0).map(Hash))
                .await
        }
        TileKind::Hashes(level) => {
            let sql = sql!(
                "SELECT root FROM log_tile WHERE level = $1 AND idx >= $2 AND idx < $3 ORDER BY idx"
            );
            let below = i64::from(level.saturating_sub(1));
            session
                .rows(sql, args![below, start, end], |r| r.array(0).map(Hash))
                .await
        }
    }
}

/// What was signed must be there.
fn whole(found: usize, path: TilePath) -> Result<()> {
    if found == usize::from(path.width()) {
        Ok(())
    } else {
        Err(Error::value(
            0,
            format!("日志 {path} 缺少内容，请立即核查数据库"),
        ))
    }
}

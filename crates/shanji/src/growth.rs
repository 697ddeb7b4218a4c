//! How a log has grown: the tiles of its right edge, and whether an older checkpoint is its beginning.

use crate::audit::files::{LogFiles, Unread, read_tile};
use crate::outcome::Failure;
use tlog::limits::{HASH_BYTES, TILE_WIDTH};
use tlog::{
    Checkpoint, Edge, Hash, Tile, TileKind, TilePath, TileSet, consistency_proof,
    verify_consistency,
};

/// Tile levels that a log can have.
pub(crate) const LEVELS: u8 = 8;

/// Questions about a log's growth, answered from its tiles; each tile is vouched for by the signed root.
#[derive(Clone, Copy)]
pub(crate) struct Growth<'a> {
    pub(crate) files: &'a dyn LogFiles,
}

impl Growth<'_> {
    /// The partial tiles of the checkpoint's tree, which lead to its root.
    ///
    /// # Errors
    /// They are missing, or lead elsewhere.
    pub(crate) fn edge(&self, checkpoint: &Checkpoint) -> Result<Vec<Tile>, Failure> {
        let paths = Edge::partial_tile_paths(checkpoint.size());
        let tiles: Result<Vec<Tile>, Failure> =
            paths.iter().map(|path| self.fetch_tile(*path)).collect();
        let tiles = tiles?;
        let edge = Edge::from_partial_tiles(checkpoint.size(), &tiles);
        if edge.is_ok_and(|edge| edge.root() == checkpoint.root()) {
            return Ok(tiles);
        }
        let sentence = "网站右缘的瓦片与检查点的根不符，瓦片损坏或检查点与内容不一致。请稍后重试，仍如此请联系运营方";
        Err(Failure::found("tree.root_differs", sentence))
    }

    /// The tree of the full bundles among the first `size` entries of the log of `new`. Nothing vouches for it:
    /// whoever goes on from here compares a root that he knows.
    ///
    /// # Errors
    /// A tile is missing or malformed.
    pub(crate) fn edge_before(&self, size: u64, new: &Checkpoint) -> Result<Edge, Failure> {
        let size = size - size % u64::from(TILE_WIDTH);
        let mut tiles = Vec::new();
        for path in Edge::partial_tile_paths(size) {
            // Narrower files than those of the newest size may be gone.
            let widest = TilePath::widest(path.kind(), path.index(), new.size()).unwrap_or(path);
            tiles.extend(self.fetch_tile(widest)?.truncated(path.width()));
        }
        Edge::from_partial_tiles(size, &tiles)
            .map_err(|error| Failure::found(error.code(), error.to_string()))
    }

    /// Whether the log of `old` is the beginning of the log of `new`, whose edge is `partial`.
    ///
    /// # Errors
    /// A tile that is missing or wrong. That the history was rewritten is `false`.
    pub(crate) fn extends(
        &self,
        old: &Checkpoint,
        new: &Checkpoint,
        partial: &[Tile],
    ) -> Result<bool, Failure> {
        if old.size() == 0 {
            return Ok(true);
        }
        let mut known = TileSet::new();
        partial.iter().for_each(|tile| known.insert(tile));
        // Down to the last leaf of the old tree, each tile vouched for by the one above it.
        let mut above: Option<Tile> = None;
        for level in (0..LEVELS).rev() {
            let index = (old.size() - 1)
                .checked_shr((u32::from(level) + 1) * 8)
                .unwrap_or(0);
            let Some(path) = TilePath::widest(TileKind::Hashes(level), index, new.size()) else {
                continue;
            };
            let tile = match partial.iter().find(|tile| tile.path() == path) {
                Some(tile) => tile.clone(),
                None => self.fetch_vouched(path, hash_in(above.as_ref(), index))?,
            };
            known.insert(&tile);
            above = Some(tile);
        }
        let proof = consistency_proof(old.size(), new.size(), &known)
            .map_err(|error| Failure::found(error.code(), error.to_string()))?;
        let verdict = verify_consistency(old.size(), new.size(), &proof, &old.root(), &new.root());
        Ok(verdict.is_ok())
    }

    /// Fetches a full tile and compares its root with the hash in the tile above.
    pub(crate) fn fetch_vouched(
        &self,
        path: TilePath,
        expected: Option<Hash>,
    ) -> Result<Tile, Failure> {
        let tile = self.fetch_tile(path)?;
        if expected.is_some() && tile.root() == expected {
            return Ok(tile);
        }
        let sentence = format!("瓦片 {path} 与检查点的根不符，网站给出的瓦片被改动或损坏");
        Err(Failure::found("tree.tile_differs", sentence))
    }

    /// Fetches a tile of hashes, cut to its width where the full one stood in.
    fn fetch_tile(&self, path: TilePath) -> Result<Tile, Failure> {
        let mut served =
            read_tile(self.files, path).map_err(|unread| unread_failure(path, unread))?;
        if served.bytes.len() != usize::from(served.width) * HASH_BYTES {
            let why = format!("有{}字节", served.bytes.len());
            return Err(malformed(path, &why));
        }
        served
            .bytes
            .truncate(usize::from(path.width()) * HASH_BYTES);
        Tile::from_bytes(path, &served.bytes).map_err(|error| malformed(path, &error.to_string()))
    }
}

/// The hash that a tile has of the tile at `index` below it.
fn hash_in(above: Option<&Tile>, index: u64) -> Option<Hash> {
    let at = usize::try_from(index % u64::from(TILE_WIDTH)).ok()?;
    above?.hashes().get(at).copied()
}

/// A file of the log that was not read.
pub(crate) fn unread_failure(path: TilePath, unread: Unread) -> Failure {
    match unread {
        Unread::Missing => {
            let sentence =
                format!("网站没有文件 {path}，日志不完整。请稍后重试，仍如此请向运营方索取");
            Failure::found("file.missing", sentence)
        }
        Unread::TooLong => malformed(path, "文件超出允许的长度"),
        Unread::Unreachable(why) => {
            let sentence = format!("{why}。再运行一次会从断处接着下载");
            Failure::unreachable("log.unreachable", sentence)
        }
    }
}

/// A file of the log that is not what it should be.
pub(crate) fn malformed(path: TilePath, why: &str) -> Failure {
    let sentence = format!("网站给出的文件 {path} 已损坏或被改动：{why}");
    Failure::found("file.malformed", sentence)
}

//! Tiles: up to 256 hashes of one level in one file.
//!
//! Source: c2sp.org/tlog-tiles. Only the hashes at levels divisible by eight are stored; those
//! between are recomputed.

use crate::hash::{Hash, pair_up};
use crate::limits::{HASH_BYTES, TILE_WIDTH};
use crate::path::{TileKind, TilePath};

/// 〔瓦片〕 A tile of hashes, full or partial.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tile {
    level: u8,
    index: u64,
    hashes: Vec<Hash>,
}

impl Tile {
    /// A tile from its hashes.
    ///
    /// # Errors
    /// [`TileError`] if the path leads to entries or says another width.
    pub fn new(path: TilePath, hashes: Vec<Hash>) -> Result<Tile, TileError> {
        let TileKind::Hashes(level) = path.kind() else {
            return Err(TileError::NotHashes);
        };
        if hashes.len() != usize::from(path.width()) {
            return Err(TileError::WrongLength);
        }
        Ok(Tile {
            level,
            index: path.index(),
            hashes,
        })
    }

    /// A tile from its served bytes, which must be exactly 32 for each hash.
    ///
    /// # Errors
    /// [`TileError`] if the path leads to entries or the length is another.
    pub fn from_bytes(path: TilePath, bytes: &[u8]) -> Result<Tile, TileError> {
        let (chunks, rest) = bytes.as_chunks::<HASH_BYTES>();
        if !rest.is_empty() || chunks.len() != usize::from(path.width()) {
            return Err(TileError::WrongLength);
        }
        Tile::new(path, chunks.iter().copied().map(Hash).collect())
    }

    /// Built by the edge, which keeps width and place right.
    pub(crate) const fn from_parts(level: u8, index: u64, hashes: Vec<Hash>) -> Tile {
        Tile {
            level,
            index,
            hashes,
        }
    }

    /// The path under which it is served.
    #[must_use]
    pub fn path(&self) -> TilePath {
        TilePath::of_tile(self.level, self.index, self.width())
    }

    /// The tile level.
    #[must_use]
    pub const fn level(&self) -> u8 {
        self.level
    }

    /// Which tile of its level.
    #[must_use]
    pub const fn index(&self) -> u64 {
        self.index
    }

    /// How many hashes it has: 1 to 256.
    #[must_use]
    pub fn width(&self) -> u16 {
        u16::try_from(self.hashes.len()).unwrap_or(TILE_WIDTH)
    }

    /// Its hashes in order.
    #[must_use]
    pub fn hashes(&self) -> &[Hash] {
        &self.hashes
    }

    /// Its served bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.hashes.iter().flat_map(|hash| hash.0).collect()
    }

    /// The same tile when the log was smaller: its first `width` hashes. `None` if it has fewer,
    /// or `width` is zero.
    #[must_use]
    pub fn truncated(&self, width: u16) -> Option<Tile> {
        let hashes = self
            .hashes
            .get(..usize::from(width))
            .filter(|hashes| !hashes.is_empty())?;
        Some(Tile {
            hashes: hashes.to_vec(),
            ..*self
        })
    }

    /// The hash over a full tile, which stands in the tile above; `None` for a partial tile,
    /// which must not be hashed into the level above.
    #[must_use]
    pub fn root(&self) -> Option<Hash> {
        if self.width() != TILE_WIDTH {
            return None;
        }
        let mut row = self.hashes.clone();
        while row.len() > 1 {
            row = pair_up(&row);
        }
        row.first().copied()
    }
}

/// Why a tile or its path was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TileError {
    /// The text is not a path of the tile format.
    #[error("瓦片路径写法不对，请按 tile/<层>/<序号> 的格式填写")]
    MalformedPath,
    /// The bytes are not as many hashes as the path says.
    #[error("瓦片的字节数与路径所示宽度不符，请重新下载")]
    WrongLength,
    /// A tile of hashes was expected and the path leads to entries.
    #[error("此路径是条目包而不是散列瓦片，请改用条目包的读法")]
    NotHashes,
}

impl TileError {
    /// Stable code for machines.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            TileError::MalformedPath => "tlog.tile.malformed_path",
            TileError::WrongLength => "tlog.tile.wrong_length",
            TileError::NotHashes => "tlog.tile.not_hashes",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_must_be_as_many_as_the_path_says() {
        let path: TilePath = "tile/0/000.p/2".parse().unwrap();
        let check = |len, want| assert_eq!(Tile::from_bytes(path, &vec![7; len]).is_ok(), want);
        check(64, true);
        check(63, false);
        check(32, false);
        check(96, false);
        check(0, false);
        let entries: TilePath = "tile/entries/000.p/2".parse().unwrap();
        assert_eq!(
            Tile::from_bytes(entries, &[7; 64]),
            Err(TileError::NotHashes)
        );
    }

    #[test]
    fn an_older_tile_is_the_beginning_of_the_newer_one() {
        let path: TilePath = "tile/0/001.p/3".parse().unwrap();
        let tile = Tile::from_bytes(path, &[[1; 32], [2; 32], [3; 32]].concat()).unwrap();
        let check = |width, want: Option<&str>| {
            let older = tile.truncated(width);
            assert_eq!(
                older
                    .as_ref()
                    .map(|tile| tile.path().to_string())
                    .as_deref(),
                want
            );
            if let Some(older) = older {
                assert!(tile.to_bytes().starts_with(&older.to_bytes()));
            }
        };
        check(0, None);
        check(1, Some("tile/0/001.p/1"));
        check(3, Some("tile/0/001.p/3"));
        check(4, None);
        assert_eq!(tile.root(), None);
        assert_eq!(path.full().to_string(), "tile/0/001");
    }
}

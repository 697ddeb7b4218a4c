//! A tile with all the hashes between its own level and its root.

use crate::hash::{Hash, pair_up};
use crate::limits::{TILE_HEIGHT, TILE_WIDTH};
use crate::tile::Tile;

/// 〔瓦片树〕 A tile ready to answer for every subtree in it.
///
/// Making one of a full tile costs 255 hashes once; every answer after that is a look-up. It
/// takes about 16 kB: a cache of the tiles that are asked for serves proofs at the speed of
/// memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TileTree {
    level: u8,
    index: u64,
    /// Row r holds the subtrees of 2^r of the tile's hashes.
    rows: Vec<Vec<Hash>>,
}

impl TileTree {
    /// Computes the hashes between.
    #[must_use]
    pub fn new(tile: &Tile) -> TileTree {
        let mut rows = Vec::with_capacity(TILE_HEIGHT as usize);
        let mut row = tile.hashes().to_vec();
        for _ in 0..TILE_HEIGHT {
            let next = pair_up(&row);
            rows.push(row);
            row = next;
        }
        TileTree {
            level: tile.level(),
            index: tile.index(),
            rows,
        }
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

    /// How many hashes the tile has: 1 to 256.
    #[must_use]
    pub fn width(&self) -> u16 {
        let width = self.rows.first().map_or(0, Vec::len);
        u16::try_from(width).unwrap_or(TILE_WIDTH)
    }

    /// The hash of the subtree in `row` whose place in the whole level is `index`, of which only
    /// the part within the tile is looked at.
    pub(crate) fn hash(&self, row: usize, index: u64) -> Option<Hash> {
        // A full row's width is a power of two, so the low bits are the place in the row.
        let hashes = self.rows.get(row)?;
        let place = index & ((u64::from(TILE_WIDTH) >> row) - 1);
        hashes.get(usize::try_from(place).ok()?).copied()
    }
}

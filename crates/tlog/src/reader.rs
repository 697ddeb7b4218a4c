//! Which hashes and tiles a question needs, and how tiles answer it.
//!
//! Nothing here reads anything: an asynchronous store asks [`inclusion_tiles`] or
//! [`inclusion_nodes`] first, fetches them in its own way, and hands a [`TileSet`] (or its own
//! [`HashReader`]) to the proof functions.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::hash::{Hash, node_hash};
use crate::limits::{SIZE_MAX, TILE_HEIGHT};
use crate::path::{TileKind, TilePath};
use crate::tile::Tile;
use crate::tile_tree::TileTree;

/// 〔节点〕 A complete subtree: the 2^level leaves from `index * 2^level` on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Node {
    /// Height above the leaves; a leaf has level 0.
    pub level: u32,
    /// Place among the nodes of its level, from zero.
    pub index: u64,
}

impl Node {
    /// The tile of a tree of `size` leaves in which this node can be found, as wide as it is at
    /// that size; `None` if the node is not complete in that tree.
    #[must_use]
    pub fn tile(self, size: u64) -> Option<TilePath> {
        let (level, index, _) = self.place();
        let tile = TilePath::widest(TileKind::Hashes(level), index, size)?;
        let complete = size.checked_shr(self.level).unwrap_or(0);
        (self.index < complete).then_some(tile)
    }

    /// Tile level, tile index and row within the tile.
    fn place(self) -> (u8, u64, usize) {
        let row = self.level % TILE_HEIGHT;
        let level = u8::try_from(self.level / TILE_HEIGHT).unwrap_or(u8::MAX);
        (level, self.index >> (TILE_HEIGHT - row), row as usize)
    }
}

/// Why a hash could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// The question is about leaves that the tree does not have.
    #[error("所问的位置不在日志之内，请核对序号与日志大小")]
    OutsideTree,
    /// The reader was not given what is needed for this node.
    #[error("缺少第 {level} 层第 {index} 个节点的散列值，请先取得相应的瓦片")]
    Missing {
        /// Height above the leaves.
        level: u32,
        /// Place in the level.
        index: u64,
    },
    /// The store behind the reader failed; its own words follow.
    #[error("读取散列值失败：{0}，请检查存储后重试")]
    Store(String),
}

impl ReadError {
    /// Stable code for machines.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            ReadError::OutsideTree => "tlog.read.outside_tree",
            ReadError::Missing { .. } => "tlog.read.missing",
            ReadError::Store(_) => "tlog.read.store",
        }
    }
}

/// Whoever can tell the hashes of complete subtrees.
pub trait HashReader {
    /// The hash of the complete subtree at `level` (leaves are level 0) and `index`.
    ///
    /// # Errors
    /// [`ReadError`] if it is not at hand.
    fn hash(&self, level: u32, index: u64) -> Result<Hash, ReadError>;
}

/// A half-open range of leaves whose hash stands in a proof. Its start is a multiple of the
/// largest power of two within its length, so it falls into complete subtrees from the left.
pub(crate) type LeafRange = (u64, u64);

/// The largest power of two smaller than `count` (RFC 6962 2.1 calls it k); `count` is above 1.
pub(crate) const fn split_point(count: u64) -> u64 {
    1 << (count - 1).ilog2()
}

/// The ranges of an inclusion proof, the leaf's sibling first.
pub(crate) fn inclusion_ranges(index: u64, size: u64) -> Vec<LeafRange> {
    let (mut low, mut high) = (0, size);
    let mut ranges = Vec::new();
    while high - low > 1 {
        let middle = low + split_point(high - low);
        if index < middle {
            ranges.push((middle, high));
            high = middle;
        } else {
            ranges.push((low, middle));
            low = middle;
        }
    }
    ranges.reverse();
    ranges
}

/// The ranges of a consistency proof, from below (RFC 6962 2.1.2, the function SUBPROOF).
pub(crate) fn consistency_ranges(old: u64, new: u64) -> Vec<LeafRange> {
    let (mut low, mut high) = (0, new);
    let mut ranges = Vec::new();
    while old != high {
        let middle = low + split_point(high - low);
        if old <= middle {
            ranges.push((middle, high));
            high = middle;
        } else {
            ranges.push((low, middle));
            low = middle;
        }
    }
    // The old tree's own root is known to whoever asks; only a part of it must be told.
    if low != 0 {
        ranges.push((low, high));
    }
    ranges.reverse();
    ranges
}

/// The complete subtrees of a range, the largest (leftmost) first.
fn range_nodes((start, end): LeafRange) -> Vec<Node> {
    let mut nodes = Vec::new();
    let mut at = start;
    while at < end {
        let level = (end - at).ilog2();
        nodes.push(Node {
            level,
            index: at >> level,
        });
        at += 1 << level;
    }
    nodes
}

/// The hash of a range, its subtrees joined from the right.
pub(crate) fn range_hash(range: LeafRange, reader: &impl HashReader) -> Result<Hash, ReadError> {
    let mut joined = None;
    for node in range_nodes(range).into_iter().rev() {
        let left = reader.hash(node.level, node.index)?;
        joined = Some(match joined {
            None => left,
            Some(right) => node_hash(&left, &right),
        });
    }
    Ok(joined.unwrap_or(Hash::EMPTY_ROOT))
}

/// The nodes needed for the inclusion proof of `index` in a tree of `size` leaves, sorted; empty
/// if the index is not in the tree.
#[must_use]
pub fn inclusion_nodes(index: u64, size: u64) -> BTreeSet<Node> {
    if index >= size || size > SIZE_MAX {
        return BTreeSet::new();
    }
    inclusion_ranges(index, size)
        .into_iter()
        .flat_map(range_nodes)
        .collect()
}

/// The nodes needed for the consistency proof from `old` to `new`, sorted; empty if there is
/// none or it is empty.
#[must_use]
pub fn consistency_nodes(old: u64, new: u64) -> BTreeSet<Node> {
    if old == 0 || old > new || new > SIZE_MAX {
        return BTreeSet::new();
    }
    consistency_ranges(old, new)
        .into_iter()
        .flat_map(range_nodes)
        .collect()
}

/// The tiles needed for an inclusion proof, sorted, as wide as they are at `size`.
#[must_use]
pub fn inclusion_tiles(index: u64, size: u64) -> BTreeSet<TilePath> {
    inclusion_nodes(index, size)
        .into_iter()
        .filter_map(|node| node.tile(size))
        .collect()
}

/// The tiles needed for a consistency proof, sorted, as wide as they are at `new`.
#[must_use]
pub fn consistency_tiles(old: u64, new: u64) -> BTreeSet<TilePath> {
    consistency_nodes(old, new)
        .into_iter()
        .filter_map(|node| node.tile(new))
        .collect()
}

/// Tiles in memory, ready to answer: what one question needs, or all that a cache holds.
#[derive(Debug, Clone, Default)]
pub struct TileSet {
    tiles: BTreeMap<(u8, u64), Arc<TileTree>>,
}

impl TileSet {
    /// A set without tiles.
    #[must_use]
    pub fn new() -> TileSet {
        TileSet::default()
    }

    /// Adds a tile, computing the hashes between its levels.
    pub fn insert(&mut self, tile: &Tile) {
        self.insert_tree(Arc::new(TileTree::new(tile)));
    }

    /// Adds a tile whose hashes were computed before, for example one kept in a cache. A wider
    /// tile takes the place of a narrower one, never the other way round.
    pub fn insert_tree(&mut self, tree: Arc<TileTree>) {
        let key = (tree.level(), tree.index());
        if self
            .tiles
            .get(&key)
            .is_none_or(|held| held.width() < tree.width())
        {
            self.tiles.insert(key, tree);
        }
    }

    /// How many tiles are held.
    #[must_use]
    pub fn len(&self) -> usize {
        self.tiles.len()
    }

    /// Whether no tile is held.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tiles.is_empty()
    }
}

impl HashReader for TileSet {
    fn hash(&self, level: u32, index: u64) -> Result<Hash, ReadError> {
        let (tile_level, tile_index, row) = Node { level, index }.place();
        self.tiles
            .get(&(tile_level, tile_index))
            .and_then(|tree| tree.hash(row, index))
            .ok_or(ReadError::Missing { level, index })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn needs_are_few_and_named() {
        let check = |tiles: BTreeSet<TilePath>, want: &[&str]| {
            let got: Vec<String> = tiles.iter().map(ToString::to_string).collect();
            assert_eq!(got, want);
        };
        check(inclusion_tiles(0, 1), &[]);
        check(inclusion_tiles(1, 2), &["tile/0/000.p/2"]);
        check(
            inclusion_tiles(0, 70_000),
            &[
                "tile/0/000",
                "tile/0/273.p/112",
                "tile/1/000",
                "tile/1/001.p/17",
            ],
        );
        check(inclusion_tiles(5, 5), &[]);
        check(consistency_tiles(256, 512), &["tile/1/000.p/2"]);
        check(consistency_tiles(0, 512), &[]);
        check(consistency_tiles(7, 7), &[]);
    }

    #[test]
    fn nodes_outside_the_tree_have_no_tile() {
        let check = |level, index, size, want: Option<&str>| {
            let got = Node { level, index }
                .tile(size)
                .map(|tile| tile.to_string());
            assert_eq!(got.as_deref(), want);
        };
        check(0, 0, 0, None);
        check(0, 0, 1, Some("tile/0/000.p/1"));
        check(1, 0, 1, None);
        check(8, 0, 256, Some("tile/1/000.p/1"));
        check(8, 0, 255, None);
        check(63, 0, SIZE_MAX, None);
        check(200, 0, SIZE_MAX, None);
        check(u32::MAX, u64::MAX, SIZE_MAX, None);
    }

    #[test]
    fn a_set_keeps_the_widest_tile_of_a_place() {
        let tile = |text: &str| {
            let path: TilePath = text.parse().unwrap();
            Tile::new(path, vec![Hash([7; 32]); usize::from(path.width())]).unwrap()
        };
        let mut set = TileSet::new();
        assert!(set.is_empty());
        let mut check = |text: &str, tiles: usize, answers: u64| {
            set.insert(&tile(text));
            assert_eq!(set.len(), tiles);
            assert_eq!(
                (0..256).filter(|index| set.hash(0, *index).is_ok()).count() as u64,
                answers
            );
        };
        check("tile/0/000.p/5", 1, 5);
        check("tile/0/000.p/9", 1, 9);
        check("tile/0/000.p/2", 1, 9);
        check("tile/1/000.p/2", 2, 9);
        check("tile/0/000", 2, 256);
    }
}

//! The growing right edge of the tree: leaves go in, the root and full tiles come out.
//!
//! The edge holds at most 255 hashes for each tile level: exactly the partial tiles of its size.
//! Appending costs one inner hash on average, the root at most 62.

use crate::hash::{Hash, node_hash, pair_up};
use crate::limits::{SIZE_MAX, TILE_HEIGHT, TILE_WIDTH};
use crate::path::{TileKind, TilePath};
use crate::tile::Tile;

/// 〔日志边缘〕 An append-only tree of any size, kept as its right edge.
#[derive(Debug, Clone, Default)]
pub struct Edge {
    size: u64,
    /// Roots of the complete subtrees, one for each one-bit of the size, the largest first.
    peaks: Vec<Hash>,
    /// For each tile level the hashes of its partial tile.
    rows: Vec<Vec<Hash>>,
    /// Full tiles not yet taken, in the order in which they became full.
    full: Vec<Tile>,
}

/// 〔叶瓦片〕 A full tile of leaf hashes with the root over them: what takes time about appending it is done.
#[derive(Debug, Clone)]
pub struct LeafTile {
    tile: Tile,
    root: Hash,
}

impl LeafTile {
    /// Hashes the tree over the 256 leaves of the tile at `index`.
    ///
    /// # Errors
    /// [`EdgeError::WrongParts`] if there are more or fewer, or no log has such a tile.
    pub fn hashed(index: u64, leaves: Vec<Hash>) -> Result<LeafTile, EdgeError> {
        let path = TilePath::new(TileKind::Hashes(0), index, TILE_WIDTH);
        let tile = path.and_then(|path| Tile::new(path, leaves).ok());
        let tile = tile.ok_or(EdgeError::WrongParts)?;
        let root = tile.root().ok_or(EdgeError::WrongParts)?;
        Ok(LeafTile { tile, root })
    }
}

/// Why an edge could not be rebuilt or extended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EdgeError {
    /// The log holds as many entries as it ever may.
    #[error("日志条目数已达上限，请建立新的日志")]
    Full,
    /// Hashes or tiles given for rebuilding are not those of this size.
    #[error("重建日志边缘所需的散列值不齐，请先补齐瓦片与末尾的叶子")]
    WrongParts,
}

impl EdgeError {
    /// Stable code for machines.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            EdgeError::Full => "tlog.edge.full",
            EdgeError::WrongParts => "tlog.edge.wrong_parts",
        }
    }
}

impl Edge {
    /// The edge of the empty tree.
    #[must_use]
    pub fn new() -> Edge {
        Edge::default()
    }

    /// How many leaves the tree has.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Appends one leaf hash. Tiles that become full wait for [`Edge::take_full_tiles`].
    ///
    /// # Errors
    /// [`EdgeError::Full`] at [`SIZE_MAX`] leaves; nothing is changed then.
    pub fn append(&mut self, leaf: Hash) -> Result<(), EdgeError> {
        if self.size >= SIZE_MAX {
            return Err(EdgeError::Full);
        }
        self.push_hash(0, leaf);
        let mut node = leaf;
        // Each trailing one-bit of the size is a complete subtree that finds its partner now.
        for level in 1..=self.size.trailing_ones() {
            let left = self
                .peaks
                .pop()
                .unwrap_or_else(|| unreachable!("a peak for each one-bit"));
            node = node_hash(&left, &node);
            if level % TILE_HEIGHT == 0 {
                self.push_hash(level / TILE_HEIGHT, node);
            }
        }
        self.peaks.push(node);
        self.size += 1;
        Ok(())
    }

    /// Appends leaf hashes. Where a whole tile is given at once its tree is hashed side by side,
    /// which is what makes replaying fast.
    ///
    /// # Errors
    /// [`EdgeError::Full`] if they do not all fit; some may have been appended then.
    pub fn append_all(&mut self, leaves: &[Hash]) -> Result<(), EdgeError> {
        let width = u64::from(TILE_WIDTH);
        let lone = usize::try_from((width - self.size % width) % width).unwrap_or(0);
        let (first, rest) = leaves.split_at(lone.min(leaves.len()));
        first.iter().try_for_each(|leaf| self.append(*leaf))?;
        let (tiles, last) = rest.as_chunks::<{ TILE_WIDTH as usize }>();
        tiles.iter().try_for_each(|tile| {
            let index = self.size / width;
            self.append_tile(LeafTile::hashed(index, tile.to_vec())?)
        })?;
        last.iter().try_for_each(|leaf| self.append(*leaf))
    }

    /// Appends the leaves of a whole tile, whose own tree may have been hashed in another thread.
    ///
    /// # Errors
    /// [`EdgeError::WrongParts`] if the tile is not the next one, [`EdgeError::Full`] beyond [`SIZE_MAX`].
    pub fn append_tile(&mut self, leaves: LeafTile) -> Result<(), EdgeError> {
        let width = u64::from(TILE_WIDTH);
        let LeafTile { tile, root } = leaves;
        if tile.path().start() != self.size {
            return Err(EdgeError::WrongParts);
        }
        if self.size > SIZE_MAX - width {
            return Err(EdgeError::Full);
        }
        let mut node = root;
        self.full.push(tile);
        // From here on as if the last leaf had just come.
        self.size += width - 1;
        self.push_hash(1, node);
        for level in TILE_HEIGHT + 1..=self.size.trailing_ones() {
            let left = self
                .peaks
                .pop()
                .unwrap_or_else(|| unreachable!("a peak for each one-bit"));
            node = node_hash(&left, &node);
            if level % TILE_HEIGHT == 0 {
                self.push_hash(level / TILE_HEIGHT, node);
            }
        }
        self.peaks.push(node);
        self.size += 1;
        Ok(())
    }

    /// Puts a hash at the end of a tile level and hands on the tile if it is full now.
    fn push_hash(&mut self, level: u32, hash: Hash) {
        let at = level as usize;
        if self.rows.len() <= at {
            self.rows.resize_with(at + 1, Vec::new);
        }
        let Some(row) = self.rows.get_mut(at) else {
            return;
        };
        row.push(hash);
        if row.len() == usize::from(TILE_WIDTH) {
            let index = self.size >> (TILE_HEIGHT * (level + 1));
            self.full
                .push(Tile::from_parts(level as u8, index, std::mem::take(row)));
        }
    }

    /// The root of the tree (RFC 6962 2.1); of the empty tree, the hash of nothing.
    #[must_use]
    pub fn root(&self) -> Hash {
        let mut peaks = self.peaks.iter().rev();
        match peaks.next() {
            None => Hash::EMPTY_ROOT,
            Some(smallest) => peaks.fold(*smallest, |right, left| node_hash(left, &right)),
        }
    }

    /// The tiles that became full since the last call, each before the tile that holds its root.
    pub fn take_full_tiles(&mut self) -> Vec<Tile> {
        std::mem::take(&mut self.full)
    }

    /// The partial tiles of this size, lowest level first.
    #[must_use]
    pub fn partial_tiles(&self) -> Vec<Tile> {
        let mut tiles = Vec::new();
        for (level, row) in (0u8..).zip(&self.rows).filter(|(_, row)| !row.is_empty()) {
            let index = self.size >> (TILE_HEIGHT * (u32::from(level) + 1)).min(u64::BITS - 1);
            tiles.push(Tile::from_parts(level, index, row.clone()));
        }
        tiles
    }

    /// The paths of the partial tiles of a log of `size` entries: what [`Edge::from_partial_tiles`]
    /// wants.
    #[must_use]
    pub fn partial_tile_paths(size: u64) -> Vec<TilePath> {
        row_widths(size)
            .filter_map(|(level, first, width)| {
                TilePath::new(TileKind::Hashes(level), first >> TILE_HEIGHT, width)
            })
            .collect()
    }

    /// The edge of a log of `size` entries from its partial tiles, in any order. The caller
    /// compares the root with a checkpoint: the tiles are not believed for their own sake.
    ///
    /// # Errors
    /// [`EdgeError::WrongParts`] if a tile is missing, doubled, too narrow or not of this edge.
    pub fn from_partial_tiles(size: u64, tiles: &[Tile]) -> Result<Edge, EdgeError> {
        let want = Edge::partial_tile_paths(size);
        if tiles.len() != want.len() {
            return Err(EdgeError::WrongParts);
        }
        let mut rows: Vec<Vec<Hash>> = Vec::new();
        for path in want {
            let tile = tiles.iter().find(|tile| tile.path() == path);
            let tile = tile.ok_or(EdgeError::WrongParts)?;
            rows.resize_with(usize::from(tile.level()), Vec::new);
            rows.push(tile.hashes().to_vec());
        }
        Edge::from_rows(size, rows)
    }

    /// The full tiles whose roots stand in the partial tiles of a log of `size` entries: what
    /// [`Edge::rebuild`] wants, at most 255 for each level, lowest level first.
    #[must_use]
    pub fn tiles_to_rebuild(size: u64) -> Vec<TilePath> {
        let mut paths = Vec::new();
        for (level, first, width) in row_widths(size).filter(|(level, _, _)| *level > 0) {
            let below = TileKind::Hashes(level - 1);
            let indexes = first..first + u64::from(width);
            paths.extend(indexes.filter_map(|index| TilePath::new(below, index, TILE_WIDTH)));
        }
        paths
    }

    /// The edge of a log of `size` entries from stored full tiles (those that
    /// [`Edge::tiles_to_rebuild`] names, in any order) and the hashes of the last
    /// `size mod 256` leaves. The caller compares the root with a checkpoint.
    ///
    /// # Errors
    /// [`EdgeError::WrongParts`] if tiles or leaves are not exactly those.
    pub fn rebuild(size: u64, tiles: &[Tile], trailing: &[Hash]) -> Result<Edge, EdgeError> {
        let mut tiles: Vec<&Tile> = tiles.iter().collect();
        tiles.sort_unstable_by_key(|tile| tile.path());
        if !tiles
            .iter()
            .map(|tile| tile.path())
            .eq(Edge::tiles_to_rebuild(size))
        {
            return Err(EdgeError::WrongParts);
        }
        let mut rows = vec![trailing.to_vec()];
        for tile in tiles {
            let above = usize::from(tile.level()) + 1;
            if rows.len() <= above {
                rows.resize_with(above + 1, Vec::new);
            }
            let root = tile.root().ok_or(EdgeError::WrongParts)?;
            rows.get_mut(above).ok_or(EdgeError::WrongParts)?.push(root);
        }
        Edge::from_rows(size, rows)
    }

    /// The edge from the hashes of each tile level that are not yet in a full tile.
    fn from_rows(size: u64, rows: Vec<Vec<Hash>>) -> Result<Edge, EdgeError> {
        if size > SIZE_MAX {
            return Err(EdgeError::WrongParts);
        }
        let mut widths = vec![0; rows.len()];
        for (level, _, width) in row_widths(size) {
            *widths
                .get_mut(usize::from(level))
                .ok_or(EdgeError::WrongParts)? = usize::from(width);
        }
        if !rows.iter().map(Vec::len).eq(widths) {
            return Err(EdgeError::WrongParts);
        }
        let peaks = rows.iter().rev().flat_map(|row| row_peaks(row)).collect();
        Ok(Edge {
            size,
            peaks,
            rows,
            full: Vec::new(),
        })
    }
}

/// For each tile level with a partial tile: level, place of its first hash in the level, width.
fn row_widths(size: u64) -> impl Iterator<Item = (u8, u64, u16)> {
    let levels = (u64::BITS / TILE_HEIGHT) as u8;
    (0..levels).filter_map(move |level| {
        let count = size >> (TILE_HEIGHT * u32::from(level));
        let width = count % u64::from(TILE_WIDTH);
        (width > 0).then_some((level, count - width, width as u16))
    })
}

/// The complete subtrees of a partial tile, the largest first.
fn row_peaks(mut row: &[Hash]) -> Vec<Hash> {
    let mut peaks = Vec::new();
    while let Some(height) = row.len().checked_ilog2() {
        let (left, rest) = row.split_at(1 << height);
        let mut level = left.to_vec();
        while level.len() > 1 {
            level = pair_up(&level);
        }
        peaks.extend(level);
        row = rest;
    }
    peaks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_leaves_at_once_make_the_same_edge() {
        let leaves: Vec<Hash> = (0..70_000u32)
            .map(|number| crate::hash::leaf_hash(&number.to_be_bytes()))
            .collect();
        let mut slow = Edge::new();
        leaves.iter().for_each(|leaf| slow.append(*leaf).unwrap());
        let tiles = slow.take_full_tiles();
        for step in [1, 255, 256, 257, 70_000] {
            let mut fast = Edge::new();
            for part in leaves.chunks(step) {
                fast.append_all(part).unwrap();
            }
            assert_eq!((fast.size(), fast.root()), (slow.size(), slow.root()));
            assert_eq!(fast.take_full_tiles(), tiles, "{step} at once");
            assert_eq!(fast.partial_tiles(), slow.partial_tiles());
        }
    }
    #[test]
    fn a_tile_that_was_hashed_elsewhere_fits_in_one_place() {
        let leaves = vec![Hash([7; 32]); 256];
        let hashed = |index| LeafTile::hashed(index, leaves.clone()).unwrap();
        let (mut whole, mut single) = (Edge::new(), Edge::new());
        whole.append_tile(hashed(0)).unwrap();
        single.append_all(&leaves).unwrap();
        assert_eq!((whole.size(), whole.root()), (256, single.root()));
        assert_eq!(whole.append_tile(hashed(0)), Err(EdgeError::WrongParts));
        assert_eq!(whole.append_tile(hashed(2)), Err(EdgeError::WrongParts));
        assert_eq!(whole.size(), 256);
        assert!(LeafTile::hashed(0, vec![Hash([7; 32]); 255]).is_err());
        assert!(LeafTile::hashed(u64::MAX, leaves).is_err());
    }

    use crate::hash::leaf_hash;

    fn edge_of(size: u64) -> (Edge, Vec<Tile>) {
        let mut edge = Edge::new();
        for number in 0..size {
            edge.append(leaf_hash(&number.to_be_bytes())).unwrap();
        }
        let tiles = edge.take_full_tiles();
        (edge, tiles)
    }

    #[test]
    fn an_edge_comes_back_from_its_tiles() {
        let check = |size: u64| {
            let (mut edge, full) = edge_of(size);
            let paths: Vec<TilePath> = edge.partial_tiles().iter().map(Tile::path).collect();
            assert_eq!(paths, Edge::partial_tile_paths(size), "{size}");
            let mut again = Edge::from_partial_tiles(size, &edge.partial_tiles()).unwrap();
            assert_eq!((again.size(), again.root()), (size, edge.root()));

            let wanted = Edge::tiles_to_rebuild(size);
            let tiles: Vec<Tile> = full
                .into_iter()
                .filter(|tile| wanted.contains(&tile.path()))
                .collect();
            let trailing: Vec<Hash> = (size - size % 256..size)
                .map(|number| leaf_hash(&number.to_be_bytes()))
                .collect();
            let mut rebuilt = Edge::rebuild(size, &tiles, &trailing).unwrap();
            assert_eq!(rebuilt.root(), edge.root());

            for number in 0..600u64 {
                let leaf = leaf_hash(&number.to_le_bytes());
                edge.append(leaf).unwrap();
                again.append(leaf).unwrap();
                rebuilt.append(leaf).unwrap();
            }
            assert_eq!(again.root(), edge.root());
            assert_eq!(rebuilt.root(), edge.root());
            let tiles = edge.take_full_tiles();
            assert_eq!(again.take_full_tiles(), tiles);
            assert_eq!(rebuilt.take_full_tiles(), tiles);
        };
        for size in [
            0, 1, 2, 3, 255, 256, 257, 511, 512, 1_000, 65_535, 65_536, 65_793,
        ] {
            check(size);
        }
    }

    #[test]
    fn wrong_parts_are_refused() {
        let (edge, _) = edge_of(300);
        let tiles = edge.partial_tiles();
        let check = |size, tiles: &[Tile]| {
            assert!(Edge::from_partial_tiles(size, tiles).is_err(), "{size}");
        };
        check(301, &tiles);
        check(299, &tiles);
        check(300, &tiles[..1]);
        check(300, &[tiles[0].clone(), tiles[0].clone()]);
        check(0, &tiles);
        check(u64::MAX, &[]);
        assert!(Edge::rebuild(300, &[], &[Hash::EMPTY_ROOT; 44]).is_err());
        assert!(Edge::rebuild(44, &[], &[Hash::EMPTY_ROOT; 43]).is_err());
        assert!(Edge::rebuild(0, &[], &[Hash::EMPTY_ROOT]).is_err());
        assert!(Edge::rebuild(0, &[], &[]).is_ok());
    }

    #[test]
    fn every_hash_ends_in_one_full_tile() {
        let (edge, full) = edge_of(70_000);
        let partial = edge.partial_tiles();
        let mut got: Vec<TilePath> = full.iter().chain(&partial).map(Tile::path).collect();
        got.sort();
        assert_eq!(got, crate::path::tiles_of(70_000).collect::<Vec<_>>());
    }
}

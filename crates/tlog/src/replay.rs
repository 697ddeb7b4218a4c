//! Replaying a log from its entries: the audit's first question is whether the published root
//! and tiles are those of the published entries.

use crate::bundle::{BundleError, decode_bundle};
use crate::edge::{Edge, EdgeError};
use crate::hash::{Hash, leaf_hashes};
use crate::path::{TileKind, TilePath};
use crate::tile::Tile;

/// 〔重算〕 Entry bundles go in, in order; the root and the tiles that must have been published
/// come out. Holds one edge, however long the log is.
#[derive(Debug, Clone, Default)]
pub struct Replay {
    edge: Edge,
}

/// What one bundle brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replayed<'b> {
    /// Place of the first entry in the log.
    pub first: u64,
    /// The entries, for whoever looks at their content.
    pub entries: Vec<&'b [u8]>,
    /// Full tiles that these entries completed, to compare with the published ones.
    pub tiles: Vec<Tile>,
}

/// Why a replay stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReplayError {
    /// The bundle is not the next one, or comes after a partial one.
    #[error("条目包的次序不对，请按序号逐个重算")]
    OutOfOrder,
    /// The bundle's bytes were refused.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// The log is longer than any log may be.
    #[error(transparent)]
    Edge(#[from] EdgeError),
    /// Fewer or more entries were replayed than the checkpoint says.
    #[error("重算的条目数与检查点不符，请补齐条目包后重算")]
    SizeDiffers,
    /// The entries do not lead to the checkpoint's root.
    #[error("由条目重算的根与检查点不符，日志内容与签名不一致，请保存证据并联系监管部门")]
    RootDiffers,
}

impl ReplayError {
    /// Stable code for machines.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            ReplayError::OutOfOrder => "tlog.replay.out_of_order",
            ReplayError::Bundle(error) => error.code(),
            ReplayError::Edge(error) => error.code(),
            ReplayError::SizeDiffers => "tlog.replay.size_differs",
            ReplayError::RootDiffers => "tlog.replay.root_differs",
        }
    }
}

impl Replay {
    /// A replay from the first entry.
    #[must_use]
    pub fn new() -> Replay {
        Replay::default()
    }

    /// A replay that goes on from a verified edge, for audits that continue where the last one
    /// ended. An edge that ends within a bundle takes no further ones: continue from the last
    /// multiple of 256.
    #[must_use]
    pub const fn from_edge(edge: Edge) -> Replay {
        Replay { edge }
    }

    /// Feeds the next bundle. Only the last one may be partial.
    ///
    /// # Errors
    /// [`ReplayError`] if it is not the next one or malformed; nothing is fed then.
    pub fn feed<'b>(
        &mut self,
        path: TilePath,
        bytes: &'b [u8],
    ) -> Result<Replayed<'b>, ReplayError> {
        let first = self.edge.size();
        if path.kind() != TileKind::Entries || path.start() != first {
            return Err(ReplayError::OutOfOrder);
        }
        let entries = decode_bundle(bytes, path.width())?;
        self.edge.append_all(&leaf_hashes(&entries))?;
        Ok(Replayed {
            first,
            entries,
            tiles: self.edge.take_full_tiles(),
        })
    }

    /// How many entries were fed.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.edge.size()
    }

    /// The root over the entries fed so far.
    #[must_use]
    pub fn root(&self) -> Hash {
        self.edge.root()
    }

    /// The edge reached: its partial tiles are the ones to compare, and it can be kept.
    #[must_use]
    pub const fn edge(&self) -> &Edge {
        &self.edge
    }

    /// Whether the entries fed are exactly those of a checkpoint of this size and root.
    ///
    /// # Errors
    /// [`ReplayError::SizeDiffers`] or [`ReplayError::RootDiffers`].
    pub fn verify_root(&self, size: u64, root: &Hash) -> Result<(), ReplayError> {
        if self.size() != size {
            return Err(ReplayError::SizeDiffers);
        }
        if self.root() != *root {
            return Err(ReplayError::RootDiffers);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::encode_bundle;
    use crate::hash::leaf_hash;
    use crate::path::bundles_of;

    fn entry(number: u64) -> Vec<u8> {
        format!("entry {number}").into_bytes()
    }

    fn bundle(path: TilePath) -> Vec<u8> {
        let numbers = path.start()..path.start() + u64::from(path.width());
        encode_bundle(&numbers.map(entry).collect::<Vec<_>>()).unwrap()
    }

    #[test]
    fn a_replay_gives_the_root_and_every_full_tile() {
        let check = |size: u64| {
            let (mut edge, mut replay, mut tiles) = (Edge::new(), Replay::new(), Vec::new());
            for number in 0..size {
                edge.append(leaf_hash(&entry(number))).unwrap();
            }
            for path in bundles_of(size) {
                tiles.extend(replay.feed(path, &bundle(path)).unwrap().tiles);
            }
            assert_eq!(replay.verify_root(size, &edge.root()), Ok(()));
            assert_eq!(tiles, edge.take_full_tiles());
            assert_eq!(replay.edge().partial_tiles(), edge.partial_tiles());
            let other = replay.verify_root(size + 1, &edge.root());
            assert_eq!(other, Err(ReplayError::SizeDiffers));
            let other = replay.verify_root(size, &leaf_hash(b""));
            assert_eq!(other, Err(ReplayError::RootDiffers));
        };
        for size in [0, 1, 255, 256, 257, 1_000] {
            check(size);
        }
    }

    #[test]
    fn bundles_come_in_order() {
        let mut replay = Replay::new();
        let mut check = |path: &str, want: Result<(), ReplayError>| {
            let path: TilePath = path.parse().unwrap();
            assert_eq!(replay.feed(path, &bundle(path)).map(|_| ()), want);
        };
        let wrong = Err(ReplayError::OutOfOrder);
        check("tile/entries/001", wrong);
        check("tile/0/000", wrong);
        check("tile/entries/000", Ok(()));
        check("tile/entries/000", wrong);
        check("tile/entries/001.p/3", Ok(()));
        check("tile/entries/001", wrong);
        check("tile/entries/002", wrong);
    }
}

//! Fetching the files of a log, each verified against the signed root before it is kept.
//!
//! The partial tiles of the right edge lead to the root; from there every full tile is the one whose root its
//! parent names, and every bundle the one whose entries hash to its tile. So nothing unverified is ever written,
//! and nothing has to be held back until the end.

use super::shelf::Shelf;
use crate::audit::files::{LogFiles, Unread, read_tile};
use crate::outcome::Failure;
use indicatif::ProgressBar;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use tlog::limits::{HASH_BYTES, TILE_WIDTH};
use tlog::{
    Checkpoint, Edge, Hash, Tile, TileKind, TilePath, TileSet, consistency_proof, decode_bundle,
    encode_bundle, leaf_hashes, verify_consistency,
};

/// Tile levels that a log can have.
const LEVELS: u8 = 8;

/// One log on its way into one folder.
pub(super) struct Pull<'a> {
    pub(super) files: &'a dyn LogFiles,
    pub(super) shelf: &'a Shelf,
    pub(super) bar: &'a ProgressBar,
    /// How many files are fetched at once.
    pub(super) threads: u8,
}

/// Hashes of one tile level, from one place on.
#[derive(Default)]
struct Row {
    start: u64,
    hashes: Vec<Hash>,
}

impl Row {
    fn get(&self, place: u64) -> Option<Hash> {
        let at = usize::try_from(place.checked_sub(self.start)?).ok()?;
        self.hashes.get(at).copied()
    }
}

impl Pull<'_> {
    /// The partial tiles of the checkpoint's tree, which lead to its root.
    ///
    /// # Errors
    /// They are missing, or lead elsewhere.
    pub(super) fn edge(&self, checkpoint: &Checkpoint) -> Result<Vec<Tile>, Failure> {
        let paths = Edge::partial_tile_paths(checkpoint.size());
        let mut kept = Vec::new();
        for path in &paths {
            let bytes = self.shelf.tile(*path)?;
            kept.extend(bytes.and_then(|bytes| Tile::from_bytes(*path, &bytes).ok()));
        }
        if leads_to(&kept, checkpoint) {
            return Ok(kept);
        }
        let fetched: Result<Vec<Tile>, Failure> =
            paths.iter().map(|path| self.fetch_tile(*path)).collect();
        let fetched = fetched?;
        if leads_to(&fetched, checkpoint) {
            return Ok(fetched);
        }
        let sentence = "网站右缘的瓦片与检查点的根不符，瓦片损坏或检查点与内容不一致。请稍后重试，仍如此请联系运营方";
        Err(Failure::found("tree.root_differs", sentence))
    }

    /// Whether the log of `old` is the beginning of the log of `new`, whose edge is `partial`.
    ///
    /// # Errors
    /// A tile that is missing or wrong. That the history was rewritten is `false`.
    pub(super) fn extends(
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

    /// Fetches and keeps everything that a tree of `old` leaves has not.
    ///
    /// # Errors
    /// A file is missing or wrong, or cannot be written.
    pub(super) fn fill(&self, old: u64, new: u64, partial: &[Tile]) -> Result<(), Failure> {
        let mut above = Row::default();
        for level in (0..LEVELS).rev() {
            let count = new.checked_shr(u32::from(level) * 8).unwrap_or(0);
            if count == 0 {
                continue;
            }
            let first = old.checked_shr((u32::from(level) + 1) * 8).unwrap_or(0);
            let full = first..count / u64::from(TILE_WIDTH);
            if level == 0 {
                self.each(full, |index| self.keep_leaves(index, above.get(index)))?;
                break;
            }
            let tiles = self.each(full, |index| {
                self.keep_tile(TileKind::Hashes(level), index, above.get(index))
            })?;
            let mut hashes: Vec<Hash> = tiles.into_iter().flatten().collect();
            let edge = partial.iter().find(|tile| tile.level() == level);
            hashes.extend(edge.iter().flat_map(|tile| tile.hashes()));
            above = Row {
                start: first.saturating_mul(u64::from(TILE_WIDTH)),
                hashes,
            };
        }
        for tile in partial {
            self.shelf.put_tile(tile.path(), &tile.to_bytes())?;
            if tile.level() == 0 {
                self.keep_bundle(tile.index(), tile.hashes())?;
            }
        }
        Ok(())
    }

    /// Does the work for each place of a range, a few at once, and returns what it gave in order. Ends at the
    /// first failure.
    fn each<T: Send>(
        &self,
        range: Range<u64>,
        work: impl Fn(u64) -> Result<T, Failure> + Sync,
    ) -> Result<Vec<T>, Failure> {
        let next = AtomicU64::new(range.start);
        let done = Mutex::new((Vec::new(), None::<Failure>));
        let worker = || {
            loop {
                let place = next.fetch_add(1, Ordering::SeqCst);
                if place >= range.end {
                    return;
                }
                let got = work(place);
                let mut done = done.lock().unwrap_or_else(PoisonError::into_inner);
                match got {
                    Ok(value) => done.0.push((place, value)),
                    Err(failure) => {
                        done.1.get_or_insert(failure);
                        next.store(range.end, Ordering::SeqCst);
                    }
                }
            }
        };
        std::thread::scope(|scope| {
            for _ in 0..self.threads {
                scope.spawn(worker);
            }
        });
        let (mut values, failure) = done.into_inner().unwrap_or_else(PoisonError::into_inner);
        if let Some(failure) = failure {
            return Err(failure);
        }
        values.sort_by_key(|(place, _)| *place);
        Ok(values.into_iter().map(|(_, value)| value).collect())
    }

    /// A full tile of leaf hashes and its bundle.
    fn keep_leaves(&self, index: u64, expected: Option<Hash>) -> Result<(), Failure> {
        let hashes = self.keep_tile(TileKind::Hashes(0), index, expected)?;
        self.keep_bundle(index, &hashes)?;
        self.bar.inc(u64::from(TILE_WIDTH));
        Ok(())
    }

    /// Keeps a full tile whose root is `expected`, and gives its hashes.
    fn keep_tile(
        &self,
        kind: TileKind,
        index: u64,
        expected: Option<Hash>,
    ) -> Result<Vec<Hash>, Failure> {
        let path = TilePath::new(kind, index, TILE_WIDTH).ok_or_else(|| lost(index))?;
        let kept = self.shelf.tile(path)?;
        if let Some(tile) = kept.and_then(|bytes| Tile::from_bytes(path, &bytes).ok())
            && tile.root() == expected
        {
            return Ok(tile.hashes().to_vec());
        }
        let tile = self.fetch_vouched(path, expected)?;
        self.shelf.put_tile(path, &tile.to_bytes())?;
        Ok(tile.hashes().to_vec())
    }

    /// Keeps the bundle whose entries have these hashes.
    fn keep_bundle(&self, index: u64, hashes: &[Hash]) -> Result<(), Failure> {
        let width = u16::try_from(hashes.len()).unwrap_or(TILE_WIDTH);
        let path = TilePath::new(TileKind::Entries, index, width).ok_or_else(|| lost(index))?;
        if let Some(bytes) = self.shelf.tile(path)?
            && hash_to(&bytes, hashes).is_ok()
        {
            return Ok(());
        }
        let served = read_tile(self.files, path).map_err(|unread| unread_failure(path, unread))?;
        let bytes =
            narrowed(served.bytes, served.width, width).map_err(|why| malformed(path, &why))?;
        hash_to(&bytes, hashes).map_err(|wrong| match wrong {
            Wrong::Form(why) => malformed(path, &why),
            Wrong::Hash(at) => {
                let leaf = path.start().saturating_add(at as u64);
                let sentence = format!("第{leaf}条陈述的内容与树里它的摘要不符（文件 {path}），网站给出的内容被改动或损坏");
                Failure::found("tree.leaf_differs", sentence)
            }
        })?;
        self.shelf.put_tile(path, &bytes)
    }

    /// Fetches a full tile and compares its root with the hash in the tile above.
    fn fetch_vouched(&self, path: TilePath, expected: Option<Hash>) -> Result<Tile, Failure> {
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

/// Whether these are the partial tiles of the checkpoint's tree.
fn leads_to(partial: &[Tile], checkpoint: &Checkpoint) -> bool {
    Edge::from_partial_tiles(checkpoint.size(), partial)
        .is_ok_and(|edge| edge.root() == checkpoint.root())
}

/// The hash that a tile has of the tile at `index` below it.
fn hash_in(above: Option<&Tile>, index: u64) -> Option<Hash> {
    let at = usize::try_from(index % u64::from(TILE_WIDTH)).ok()?;
    above?.hashes().get(at).copied()
}

/// What is wrong with a bundle.
enum Wrong {
    Form(String),
    /// The entry at this place within it.
    Hash(usize),
}

fn hash_to(bundle: &[u8], hashes: &[Hash]) -> Result<(), Wrong> {
    let width = u16::try_from(hashes.len()).unwrap_or(TILE_WIDTH);
    let entries = decode_bundle(bundle, width).map_err(|error| Wrong::Form(error.to_string()))?;
    let own = leaf_hashes(&entries);
    match own.iter().zip(hashes).position(|(own, want)| own != want) {
        Some(at) => Err(Wrong::Hash(at)),
        None => Ok(()),
    }
}

/// The first entries of a bundle that stood in for a narrower one.
fn narrowed(bytes: Vec<u8>, served: u16, width: u16) -> Result<Vec<u8>, String> {
    if served == width {
        return Ok(bytes);
    }
    let entries = decode_bundle(&bytes, served).map_err(|error| error.to_string())?;
    let first = entries.get(..usize::from(width)).unwrap_or_default();
    encode_bundle(first).map_err(|error| error.to_string())
}

fn unread_failure(path: TilePath, unread: Unread) -> Failure {
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

fn malformed(path: TilePath, why: &str) -> Failure {
    let sentence = format!("网站给出的文件 {path} 已损坏或被改动：{why}");
    Failure::found("file.malformed", sentence)
}

/// A place beyond any log; sizes are checked before, so nobody sees it.
fn lost(index: u64) -> Failure {
    let sentence = format!("瓦片序号{index}超出日志可能的范围，请核对检查点");
    Failure::found("tree.index", sentence)
}

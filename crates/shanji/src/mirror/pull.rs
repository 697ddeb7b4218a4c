//! Fetching the files of a log, each verified against the signed root before it is kept.
//!
//! The partial tiles of the right edge lead to the root; from there every full tile is the one whose root its
//! parent names, and every bundle the one whose entries hash to its tile. So nothing unverified is ever written,
//! and nothing has to be held back until the end.

use super::shelf::Shelf;
use crate::audit::files::read_tile;
use crate::growth::{Growth, LEVELS, malformed, unread_failure};
use crate::outcome::Failure;
use indicatif::ProgressBar;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use tlog::limits::TILE_WIDTH;
use tlog::{Hash, Tile, TileKind, TilePath, decode_bundle, encode_bundle, leaf_hashes};

/// One log on its way into one folder.
pub(super) struct Pull<'a> {
    pub(super) growth: Growth<'a>,
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
        let tile = self.growth.fetch_vouched(path, expected)?;
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
        let served =
            read_tile(self.growth.files, path).map_err(|unread| unread_failure(path, unread))?;
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

/// A place beyond any log; sizes are checked before, so nobody sees it.
fn lost(index: u64) -> Failure {
    let sentence = format!("瓦片序号{index}超出日志可能的范围，请核对检查点");
    Failure::found("tree.index", sentence)
}

//! The walk through a log: every entry hashed again, every tile compared, every statement read.
//!
//! Reading and hashing run ahead in a few threads; what needs order (tree, streams, tapes) follows in one.
//! Memory: a few bundles in flight, the tree's edge, and what `leaf::Checker` keeps.

use super::files::{LogFiles, Unread, read_tile};
use crate::outcome::Failure;
use indicatif::ProgressBar;
use leaf::{Checker, Finding, Leaf, Report};
use std::ops::Range;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use tlog::limits::{HASH_BYTES, TILE_WIDTH};
use tlog::{
    Checkpoint, Edge, Hash, LeafTile, Tile, TileKind, TilePath, decode_bundle, leaf_hashes,
    sm3_leaf_hash,
};

/// Bundles that one reader may be ahead.
const AHEAD: usize = 4;
/// Findings about files that are kept with their words; all are counted.
const KEPT: usize = 1_000;

/// What the walk found out.
#[derive(Debug)]
pub(crate) struct Walked {
    /// What is wrong with files and tree, in the order in which it was met.
    pub(crate) wrong: Vec<Finding>,
    /// How many such findings there are in all.
    pub(crate) count: u64,
    /// What the statements say; nothing where only hashes were asked for.
    pub(crate) report: Report,
    /// Leaves whose hashes stand in the tree that was computed, be they their own or those of the tiles.
    pub(crate) leaves: u64,
    /// Leaves that were read and hashed.
    pub(crate) hashed: u64,
    /// Whether the tree reached the size of the checkpoint, so that its root was compared.
    pub(crate) is_rooted: bool,
    /// Where statements were asked for: the first leaf that could not be read; those before it were.
    pub(crate) read_until: Option<u64>,
    /// The first leaf that is not the one which the tiles name, if the signed root is that of the tiles.
    pub(crate) changed_from: Option<u64>,
    /// Bytes of the statements.
    pub(crate) bytes: u64,
    /// Tiles of hashes that were compared.
    pub(crate) tiles: u64,
    /// What could not be checked because of what was found.
    pub(crate) unchecked: Vec<String>,
}

/// 〔核对深度〕 How much of a log is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Depth {
    /// Hashes, tiles and root, whatever the entries say: also for logs of others.
    Hashes,
    /// Each statement for itself, without what came before it.
    Form,
    /// The statements too.
    Statements,
}

/// What a walk is for.
#[derive(Clone, Copy)]
pub(crate) struct Task<'a> {
    /// Up to where.
    pub(crate) checkpoint: &'a Checkpoint,
    /// An older checkpoint of the same log.
    pub(crate) since: Option<&'a Checkpoint>,
    /// The tree where the walk begins, at a full bundle; the root of `since` vouches for it.
    pub(crate) start: Option<&'a Edge>,
    pub(crate) depth: Depth,
    /// 32 fresh random bytes for the checker's tables.
    pub(crate) key: &'a [u8; 32],
    /// Whether statements of the root with SM3 are computed again.
    pub(crate) sm3: bool,
}

/// A bundle with its tile of leaf hashes, as a reader thread hands them over.
struct Fetched {
    path: TilePath,
    entries: Result<Entries, Fault>,
    tile: Result<Vec<Hash>, Fault>,
}

/// The entries of a bundle in one piece of memory, each with its hash.
struct Entries {
    bytes: Vec<u8>,
    list: Vec<Range<usize>>,
    hashes: Vec<Hash>,
    /// The same with SM3, where that is asked for.
    sm3: Vec<Hash>,
    /// The tree over a full bundle, which is hashed beside others while the walk follows in order.
    tile: Option<LeafTile>,
}

/// Why a file is of no use.
enum Fault {
    Missing,
    Malformed(String),
    Unreachable(String),
}

impl From<Unread> for Fault {
    fn from(unread: Unread) -> Fault {
        match unread {
            Unread::Missing => Fault::Missing,
            Unread::TooLong => Fault::Malformed("文件超出允许的长度".to_owned()),
            Unread::Unreachable(why) => Fault::Unreachable(why),
        }
    }
}

/// Walks the log.
///
/// # Errors
/// A file cannot be reached. What is missing or wrong is a finding.
pub(crate) fn walk(
    files: &dyn LogFiles,
    task: Task<'_>,
    bar: &ProgressBar,
) -> Result<Walked, Failure> {
    let size = task.checkpoint.size();
    let width = u64::from(TILE_WIDTH);
    let begun = task.start.map_or(0, Edge::size) / width;
    let bundles = size.div_ceil(width).saturating_sub(begun);
    let readers = files.readers().max(1) as u64;
    let mut state = State::new(files, task);
    std::thread::scope(|scope| {
        let queues: Vec<Receiver<Fetched>> = (0..readers)
            .map(|first| {
                let first = begun.saturating_add(first);
                let (send, receive) = sync_channel(AHEAD);
                scope.spawn(move || read_ahead(files, (size, task.sm3), (first, readers), &send));
                receive
            })
            .collect();
        for (_, queue) in (0..bundles).zip(queues.iter().cycle()) {
            // A reader ends early only when its queue is gone.
            let Ok(fetched) = queue.recv() else { break };
            let width = u64::from(fetched.path.width());
            if !state.take(fetched)? {
                break;
            }
            bar.inc(width);
        }
        Ok::<(), Failure>(())
    })?;
    state.finish()
}

/// Reads and hashes every `step.1`th bundle from `step.0` on, until all are read or nobody listens.
fn read_ahead(
    files: &dyn LogFiles,
    (size, sm3): (u64, bool),
    step: (u64, u64),
    to: &SyncSender<Fetched>,
) {
    let mut index = step.0;
    while let Some(path) = TilePath::widest(TileKind::Entries, index, size) {
        let fetched = Fetched {
            path,
            entries: fetch_entries(files, path, sm3),
            tile: fetch_hashes(files, index, path.width()),
        };
        if to.send(fetched).is_err() {
            return;
        }
        index = index.saturating_add(step.1);
    }
}

fn fetch_entries(files: &dyn LogFiles, path: TilePath, sm3: bool) -> Result<Entries, Fault> {
    let served = read_tile(files, path)?;
    let entries = decode_bundle(&served.bytes, served.width)
        .map_err(|error| Fault::Malformed(error.to_string()))?;
    let entries = entries.get(..usize::from(path.width())).unwrap_or(&entries);
    let mut at = 0;
    let list = entries
        .iter()
        .map(|entry| {
            // Each entry stands behind the two bytes of its length.
            let start = at + 2;
            at = start + entry.len();
            start..at
        })
        .collect();
    let hashes = leaf_hashes(entries);
    let tile = LeafTile::hashed(path.index(), hashes.clone()).ok();
    let own = entries.iter().filter(|_| sm3);
    let sm3 = own.map(|entry| sm3_leaf_hash(entry)).collect();
    Ok(Entries {
        list,
        hashes,
        sm3,
        tile,
        bytes: served.bytes,
    })
}

/// The leaf hashes that are served beside a bundle.
fn fetch_hashes(files: &dyn LogFiles, index: u64, width: u16) -> Result<Vec<Hash>, Fault> {
    let path = TilePath::new(TileKind::Hashes(0), index, width).ok_or(Fault::Missing)?;
    fetch_tile(files, path).map(|tile| tile.hashes().to_vec())
}

/// A tile of hashes, cut to its width where the full one stood in.
fn fetch_tile(files: &dyn LogFiles, path: TilePath) -> Result<Tile, Fault> {
    let mut served = read_tile(files, path)?;
    if served.bytes.len() != usize::from(served.width) * HASH_BYTES {
        let why = format!(
            "应有{}字节，却有{}字节",
            usize::from(served.width) * HASH_BYTES,
            served.bytes.len()
        );
        return Err(Fault::Malformed(why));
    }
    served
        .bytes
        .truncate(usize::from(path.width()) * HASH_BYTES);
    Tile::from_bytes(path, &served.bytes).map_err(|error| Fault::Malformed(error.to_string()))
}

/// What follows in order.
struct State<'a> {
    files: &'a dyn LogFiles,
    checkpoint: &'a Checkpoint,
    since: Option<&'a Checkpoint>,
    depth: Depth,
    bytes: u64,
    /// Leaves that the walk did not read.
    begun: u64,
    /// The tree over the entries as they are.
    edge: Edge,
    /// From the first difference on: the tree over the leaf hashes as they are served.
    served: Option<Edge>,
    checker: Checker,
    /// The first leaf whose content could not be read; no content is checked from there on.
    unread_from: Option<u64>,
    wrong: Vec<Finding>,
    count: u64,
    tiles: u64,
    hashed: u64,
    /// The first leaf that is not the one which the tiles name, and whether the root stands with the tiles.
    differs_from: Option<u64>,
    is_leaf_changed: bool,
    stopped: bool,
}

impl<'a> State<'a> {
    fn new(files: &'a dyn LogFiles, task: Task<'a>) -> State<'a> {
        let Task {
            checkpoint,
            since,
            start,
            depth,
            key,
            sm3,
        } = task;
        let edge = start.cloned().unwrap_or_default();
        let checker = Checker::new(key);
        let mut state = State {
            files,
            checkpoint,
            since,
            depth,
            bytes: 0,
            begun: edge.size(),
            edge,
            served: None,
            checker: match sm3 {
                true => checker.with_sm3(),
                false => checker,
            },
            unread_from: None,
            wrong: Vec::new(),
            count: 0,
            tiles: 0,
            hashed: 0,
            differs_from: None,
            is_leaf_changed: false,
            stopped: false,
        };
        if let Some(old) = since.filter(|old| old.size() > checkpoint.size()) {
            let sentence = format!(
                "日志变短了：您保存的检查点有{}条，现在只有{}条。请保存两份检查点并联系监管部门",
                old.size(),
                checkpoint.size()
            );
            state.add(None, "tree.shrunk", sentence);
        }
        state.compare_since();
        state
    }

    fn add(&mut self, index: Option<u64>, code: &'static str, sentence: String) {
        self.count = self.count.saturating_add(1);
        if self.wrong.len() < KEPT {
            self.wrong.push(Finding {
                index,
                code,
                sentence,
            });
        }
    }

    /// Takes the next bundle; false if the walk cannot go on.
    fn take(&mut self, fetched: Fetched) -> Result<bool, Failure> {
        let (path, first) = (fetched.path, fetched.path.start());
        let (hashes, whole) = match fetched.entries {
            Ok(entries) => {
                self.read_entries(first, &entries);
                (Some(entries.hashes), entries.tile)
            }
            Err(fault) => {
                self.add_unread(path, fault)?;
                (None, None)
            }
        };
        let tile = match fetched.tile {
            Ok(tile) => Some(tile),
            Err(fault) => {
                let path = TilePath::new(TileKind::Hashes(0), path.index(), path.width());
                self.add_fault(
                    first,
                    path.map(|p| p.to_string()).unwrap_or_default(),
                    fault,
                )?;
                None
            }
        };
        // A tile with nothing to compare it with was only read.
        let is_compared = tile.is_some() && hashes.is_some();
        self.tiles = self.tiles.saturating_add(u64::from(is_compared));
        let (own, served) = match (hashes, tile) {
            (Some(own), Some(served)) => (own, served),
            (Some(own), None) => (own.clone(), own),
            (None, Some(served)) => (served.clone(), served),
            (None, None) => {
                self.stopped = true;
                return Ok(false);
            }
        };
        if own != served {
            self.compare_hashes(first, &own, &served);
            self.served.get_or_insert_with(|| self.edge.clone());
        }
        if !self.append((&own, whole), &served) {
            self.stopped = true;
            return Ok(false);
        }
        self.compare_upper_tiles()?;
        Ok(true)
    }

    /// Reads the statements.
    fn read_entries(&mut self, first: u64, entries: &Entries) {
        self.hashed = self.hashed.saturating_add(entries.hashes.len() as u64);
        let mut sm3 = entries.sm3.iter().copied();
        for ((range, hash), index) in entries.list.iter().zip(&entries.hashes).zip(first..) {
            let sm3 = sm3.next();
            let Some(bytes) = entries.bytes.get(range.clone()) else {
                continue;
            };
            self.bytes = self.bytes.saturating_add(bytes.len() as u64);
            match self.depth {
                Depth::Hashes => {}
                Depth::Form => self.check_form(index, bytes),
                Depth::Statements if self.unread_from.is_some() => {}
                Depth::Statements => {
                    let hashes = (hash.as_bytes(), sm3);
                    self.checker.feed_hashed(index, bytes, hashes);
                }
            }
        }
    }

    fn check_form(&mut self, index: u64, bytes: &[u8]) {
        let checked = Leaf::parse(bytes).and_then(|leaf| leaf.check_content());
        if let Err(error) = checked {
            self.add(Some(index), error.code(), error.to_string());
        }
    }

    fn add_unread(&mut self, path: TilePath, fault: Fault) -> Result<(), Failure> {
        self.unread_from.get_or_insert(path.start());
        self.add_fault(path.start(), path.to_string(), fault)
    }

    fn add_fault(&mut self, first: u64, path: String, fault: Fault) -> Result<(), Failure> {
        match fault {
            Fault::Unreachable(why) => {
                return Err(Failure::unreachable(
                    "log.unreachable",
                    format!("{why}。已核对到第{first}条"),
                ));
            }
            Fault::Missing => {
                let sentence = format!("文件 {path} 不存在，日志不完整，请向运营方索取");
                self.add(Some(first), "file.missing", sentence);
            }
            Fault::Malformed(why) => {
                let sentence = format!("文件 {path} 已损坏或被改动：{why}");
                self.add(Some(first), "file.malformed", sentence);
            }
        }
        Ok(())
    }

    fn compare_hashes(&mut self, first: u64, own: &[Hash], served: &[Hash]) {
        for ((own, served), index) in own.iter().zip(served).zip(first..) {
            if own != served {
                self.differs_from.get_or_insert(index);
                let sentence = "陈述的内容与瓦片里它的摘要不符，两者之一被改动".to_owned();
                self.add(Some(index), "tree.leaf_differs", sentence);
            }
        }
    }

    /// Lets both trees grow; false beyond the largest possible log.
    fn append(&mut self, own: (&[Hash], Option<LeafTile>), served: &[Hash]) -> bool {
        // The older checkpoint may lie within this bundle: the tree pauses there once.
        let (own, whole) = own;
        let size = self.edge.size();
        let until = self.since.map_or(0, |old| old.size().saturating_sub(size));
        let until = usize::try_from(until).map_or(own.len(), |until| until.min(own.len()));
        let grown = match whole {
            Some(tile) if until == 0 || until == own.len() => self.edge.append_tile(tile),
            _ => {
                let (before, after) = own.split_at(until);
                let grown = self.edge.append_all(before);
                if !before.is_empty() && !after.is_empty() {
                    self.compare_since();
                }
                grown.and_then(|()| self.edge.append_all(after))
            }
        };
        if grown.is_err() {
            return false;
        }
        if until == own.len() {
            self.compare_since();
        }
        let served_fits = |edge: &mut Edge| edge.append_all(served).is_ok();
        self.served.as_mut().is_none_or(served_fits)
    }

    /// At the size of the older checkpoint the root must be the one it says.
    fn compare_since(&mut self) {
        let Some(old) = self.since.filter(|old| old.size() == self.edge.size()) else {
            return;
        };
        if old.root() != self.edge.root() {
            let sentence = format!(
                "前{}条已不是您保存检查点时的内容，历史被改写。请保存两份检查点并联系监管部门",
                old.size()
            );
            self.add(None, "tree.rewritten", sentence);
        }
    }

    /// Full tiles above the leaves, compared as soon as they are complete.
    fn compare_upper_tiles(&mut self) -> Result<(), Failure> {
        let own = self.edge.take_full_tiles();
        let expected = match &mut self.served {
            Some(edge) => edge.take_full_tiles(),
            None => own,
        };
        for tile in expected.iter().filter(|tile| tile.level() > 0) {
            self.compare_tile(tile)?;
        }
        Ok(())
    }

    fn compare_tile(&mut self, expected: &Tile) -> Result<(), Failure> {
        let path = expected.path();
        let below = u32::from(expected.level()).saturating_mul(8);
        match fetch_tile(self.files, path) {
            Ok(tile) => {
                self.tiles = self.tiles.saturating_add(1);
                let differs = tile
                    .hashes()
                    .iter()
                    .zip(expected.hashes())
                    .position(|(a, b)| a != b);
                if let Some(at) = differs {
                    let node = path.start().saturating_add(at as u64);
                    let leaf = node.checked_shl(below).unwrap_or(u64::MAX);
                    let sentence =
                        format!("瓦片 {path} 的第{at}个摘要与重算的不符，瓦片被改动或损坏");
                    self.add(Some(leaf), "tree.tile_differs", sentence);
                }
                Ok(())
            }
            Err(fault) => {
                let first = path.start().checked_shl(below).unwrap_or(u64::MAX);
                self.add_fault(first, path.to_string(), fault)
            }
        }
    }

    fn finish(mut self) -> Result<Walked, Failure> {
        if !self.stopped {
            let partial = self.served.as_ref().unwrap_or(&self.edge).partial_tiles();
            for tile in partial.iter().filter(|tile| tile.level() > 0) {
                self.compare_tile(tile)?;
            }
            self.compare_root();
        }
        let mut unchecked = Vec::new();
        if self.stopped {
            unchecked.push(format!(
                "缺少文件，第{}条以后没有核对，检查点的根也无法核对",
                self.edge.size()
            ));
        }
        let reached = self.edge.size().saturating_sub(self.begun);
        let unread = reached.saturating_sub(self.hashed);
        if unread > 0 {
            unchecked.push(format!(
                "有{unread}条陈述没有读到，摘要取自瓦片，没有由陈述重算"
            ));
        }
        let asked = self.depth == Depth::Statements;
        if let Some(first) = self.unread_from.filter(|_| asked) {
            unchecked.push(format!(
                "第{first}条起陈述的内容没有核对，因为其中有文件读不懂"
            ));
        }
        let end = self.stopped.then(|| self.edge.size());
        let read_until = self.unread_from.or(end).filter(|_| asked);
        if unchecked.is_empty() {
            self.checker.end_checkpoint();
        }
        Ok(Walked {
            wrong: self.wrong,
            count: self.count,
            leaves: reached,
            hashed: self.hashed,
            is_rooted: !self.stopped,
            read_until,
            changed_from: self.differs_from.filter(|_| self.is_leaf_changed),
            bytes: self.bytes,
            report: self.checker.finish(),
            tiles: self.tiles,
            unchecked,
        })
    }

    /// The signed root says which side of a difference was changed.
    fn compare_root(&mut self) {
        let signed = self.checkpoint.root();
        let own = self.edge.root() == signed;
        let served = self.served.as_ref().map(|edge| edge.root() == signed);
        let (code, sentence) = match (own, served) {
            (true, None) => return,
            (true, Some(_)) => (
                "tree.tiles_changed",
                "检查点的根由陈述重算无误，所以被改动的是上述瓦片",
            ),
            (false, Some(true)) => {
                self.is_leaf_changed = true;
                (
                    "tree.leaves_changed",
                    "检查点的根由瓦片重算无误，所以被改动的是上述陈述的内容",
                )
            }
            (false, _) => (
                "tree.root_differs",
                "由陈述重算的根与检查点不符，签名认可的不是这些内容。请保存证据并联系监管部门",
            ),
        };
        self.add(None, code, sentence.to_owned());
    }
}

//! The paths under which tiles and entry bundles are served, and which of them a log has.
//!
//! Source: c2sp.org/tlog-tiles.

use std::fmt;
use std::str::FromStr;

use crate::decimal::parse_decimal;
use crate::limits::{
    SIZE_MAX, TILE_HEIGHT, TILE_INDEX_MAX, TILE_LEVEL_MAX, TILE_PATH_BYTES_MAX,
    TILE_PATH_GROUPS_MAX, TILE_WIDTH,
};
use crate::tile::TileError;

/// What a tile path leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TileKind {
    /// Hashes of this tile level; level 0 holds leaf hashes, level L those at height 8·L.
    Hashes(u8),
    /// The entries themselves (an entry bundle), 256 to a file as at level 0.
    Entries,
}

/// 〔瓦片路径〕 The path of a tile or entry bundle below the log's prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TilePath {
    kind: TileKind,
    index: u64,
    width: u16,
}

impl TilePath {
    /// A path; `width` counts hashes or entries, 256 meaning a full tile. `None` if the level
    /// is above 63, the index beyond any possible log, or the width not between 1 and 256.
    #[must_use]
    pub fn new(kind: TileKind, index: u64, width: u16) -> Option<TilePath> {
        let level_ok = !matches!(kind, TileKind::Hashes(level) if level > TILE_LEVEL_MAX);
        let ok = level_ok && index <= TILE_INDEX_MAX && (1..=TILE_WIDTH).contains(&width);
        ok.then_some(TilePath { kind, index, width })
    }

    /// The tile at this place, as wide as it is in a log of `size` entries; `None` if it would
    /// be empty.
    #[must_use]
    pub fn widest(kind: TileKind, index: u64, size: u64) -> Option<TilePath> {
        let start = index.checked_mul(u64::from(TILE_WIDTH))?;
        let rest = kind.count(size).checked_sub(start)?;
        let width = u16::try_from(rest.min(u64::from(TILE_WIDTH))).ok()?;
        TilePath::new(kind, index, width)
    }

    /// The path of a tile of hashes, whose parts are known to be right.
    pub(crate) const fn of_tile(level: u8, index: u64, width: u16) -> TilePath {
        TilePath {
            kind: TileKind::Hashes(level),
            index,
            width,
        }
    }

    /// Hashes of a level, or entries.
    #[must_use]
    pub const fn kind(self) -> TileKind {
        self.kind
    }

    /// Which tile of its level, from zero.
    #[must_use]
    pub const fn index(self) -> u64 {
        self.index
    }

    /// How many hashes or entries it has: 1 to 256.
    #[must_use]
    pub const fn width(self) -> u16 {
        self.width
    }

    /// Whether it has all its 256 hashes or entries.
    #[must_use]
    pub const fn is_full(self) -> bool {
        self.width == TILE_WIDTH
    }

    /// The full tile at the same place, which may be asked for when a partial one is gone.
    #[must_use]
    pub const fn full(self) -> TilePath {
        TilePath {
            width: TILE_WIDTH,
            ..self
        }
    }

    /// Place of its first hash (or entry) within its level.
    #[must_use]
    pub const fn start(self) -> u64 {
        self.index * TILE_WIDTH as u64
    }

    /// Whether a log of `size` entries has all hashes or entries of this tile.
    #[must_use]
    pub fn is_within(self, size: u64) -> bool {
        self.start() + u64::from(self.width) <= self.kind.count(size)
    }
}

impl TileKind {
    /// How many hashes of this level, or entries, a log of `size` entries has.
    fn count(self, size: u64) -> u64 {
        let level = match self {
            TileKind::Hashes(level) => u32::from(level),
            TileKind::Entries => 0,
        };
        size.checked_shr(level * TILE_HEIGHT).unwrap_or(0)
    }
}

impl fmt::Display for TilePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            TileKind::Hashes(level) => write!(f, "tile/{level}/")?,
            TileKind::Entries => f.write_str("tile/entries/")?,
        }
        write_index(f, self.index)?;
        if !self.is_full() {
            write!(f, ".p/{}", self.width)?;
        }
        Ok(())
    }
}

/// Groups of three digits, all but the last behind an `x`, so that no file is also a folder.
fn write_index(f: &mut fmt::Formatter<'_>, index: u64) -> fmt::Result {
    let mut divisor = 1;
    while index / divisor >= 1_000 {
        divisor *= 1_000;
    }
    while divisor > 1 {
        write!(f, "x{:03}/", index / divisor % 1_000)?;
        divisor /= 1_000;
    }
    write!(f, "{:03}", index % 1_000)
}

impl FromStr for TilePath {
    type Err = TileError;

    fn from_str(text: &str) -> Result<TilePath, TileError> {
        parse_path(text).ok_or(TileError::MalformedPath)
    }
}

/// Reads a path strictly: what is read prints as it was written.
fn parse_path(text: &str) -> Option<TilePath> {
    if text.len() > TILE_PATH_BYTES_MAX {
        return None;
    }
    let (kind, rest) = text.strip_prefix("tile/")?.split_once('/')?;
    let kind = match kind {
        "entries" => TileKind::Entries,
        level => {
            let level = parse_decimal(level, u64::from(TILE_LEVEL_MAX))?;
            TileKind::Hashes(u8::try_from(level).ok()?)
        }
    };
    let (index, width) = match rest.split_once(".p/") {
        None => (rest, TILE_WIDTH),
        Some((index, width)) => {
            let width = parse_decimal(width, u64::from(TILE_WIDTH) - 1)?;
            (index, u16::try_from(width).ok()?)
        }
    };
    TilePath::new(kind, parse_index(index)?, width)
}

/// Reads `x001/x234/067`.
fn parse_index(text: &str) -> Option<u64> {
    let groups: Vec<&str> = text.split('/').collect();
    if groups.len() > TILE_PATH_GROUPS_MAX {
        return None;
    }
    let (last, front) = groups.split_last()?;
    let mut index: u64 = 0;
    for (place, group) in front.iter().enumerate() {
        let digits = group.strip_prefix('x')?;
        // A leading group of zeroes would be a second way to write the same index.
        if place == 0 && digits == "000" {
            return None;
        }
        index = index * 1_000 + parse_group(digits)?;
    }
    Some(index * 1_000 + parse_group(last)?)
}

/// Reads exactly three digits.
fn parse_group(digits: &str) -> Option<u64> {
    let three = digits.len() == 3 && digits.bytes().all(|byte| byte.is_ascii_digit());
    if three { digits.parse().ok() } else { None }
}

/// All tiles of hashes that a log of `size` entries consists of, level by level.
pub fn tiles_of(size: u64) -> impl Iterator<Item = TilePath> {
    tiles_between(0, size)
}

/// The tiles of hashes that are new or wider in a log of `new` entries than in one of `old`,
/// level by level. None if the log did not grow.
pub fn tiles_between(old: u64, new: u64) -> impl Iterator<Item = TilePath> {
    let levels = (u64::BITS / TILE_HEIGHT) as u8;
    (0..levels).flat_map(move |level| grown(TileKind::Hashes(level), old, new))
}

/// All entry bundles of a log of `size` entries.
pub fn bundles_of(size: u64) -> impl Iterator<Item = TilePath> {
    bundles_between(0, size)
}

/// The entry bundles that are new or wider in a log of `new` entries than in one of `old`.
pub fn bundles_between(old: u64, new: u64) -> impl Iterator<Item = TilePath> {
    grown(TileKind::Entries, old, new)
}

/// The tiles of one kind that changed between two sizes.
fn grown(kind: TileKind, old: u64, new: u64) -> impl Iterator<Item = TilePath> {
    let (from, to) = (kind.count(old.min(SIZE_MAX)), kind.count(new.min(SIZE_MAX)));
    let width = u64::from(TILE_WIDTH);
    let end = if to > from {
        to.div_ceil(width)
    } else {
        from / width
    };
    (from / width..end).filter_map(move |index| TilePath::widest(kind, index, new.min(SIZE_MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_read_strictly_and_print_as_written() {
        let check = |text: &str, kind, index, width| {
            let path: TilePath = text.parse().unwrap();
            assert_eq!(
                (path.kind, path.index, path.width),
                (kind, index, width),
                "{text}"
            );
            assert_eq!(path.to_string(), text);
        };
        check("tile/0/x001/x234/067", TileKind::Hashes(0), 1_234_067, 256);
        check("tile/0/000", TileKind::Hashes(0), 0, 256);
        check("tile/63/999.p/255", TileKind::Hashes(63), 999, 255);
        check("tile/1/x001/000.p/1", TileKind::Hashes(1), 1_000, 1);
        check(
            "tile/entries/x273/112.p/112",
            TileKind::Entries,
            273_112,
            112,
        );
        check(
            "tile/entries/x036/x028/x797/x018/x963/967",
            TileKind::Entries,
            TILE_INDEX_MAX,
            256,
        );
    }

    #[test]
    fn everything_else_is_not_a_path() {
        let check = |text: &str| assert!(text.parse::<TilePath>().is_err(), "{text:?}");
        check("");
        check("tile");
        check("tile/0");
        check("tile/0/");
        check("/tile/0/000");
        check("tile/64/000");
        check("tile/00/000");
        check("tile/-1/000");
        check("tile/data/000");
        check("tile/8/0/000");
        check("tile/0/0");
        check("tile/0/0000");
        check("tile/0/x000/001");
        check("tile/0/x001");
        check("tile/0/x001/x002");
        check("tile/0/001/002");
        check("tile/0/X001/002");
        check("tile/0/+01");
        check("tile/0/000.p/0");
        check("tile/0/000.p/256");
        check("tile/0/000.p/01");
        check("tile/0/000.p/");
        check("tile/0/000.p");
        check("tile/0/000.p/1/");
        check("tile/0/000.p/1.p/1");
        check("tile/0/000/");
        check("tile/0/000 ");
        check("tile/0/x036/x028/x797/x018/x963/968");
        check("tile/0/x001/x000/x000/x000/x000/x000/000");
    }

    #[test]
    fn a_log_of_70_000_entries_has_these_tiles() {
        let tiles: Vec<TilePath> = tiles_of(70_000).collect();
        let count = |level| {
            tiles
                .iter()
                .filter(|tile| tile.kind == TileKind::Hashes(level))
                .count()
        };
        let last = |level| {
            let of_level = |tile: &&TilePath| tile.kind == TileKind::Hashes(level);
            tiles.iter().rfind(of_level).map(ToString::to_string)
        };
        assert_eq!((count(0), count(1), count(2), count(3)), (274, 2, 1, 0));
        assert_eq!(last(0).as_deref(), Some("tile/0/273.p/112"));
        assert_eq!(last(1).as_deref(), Some("tile/1/001.p/17"));
        assert_eq!(last(2).as_deref(), Some("tile/2/000.p/1"));
    }

    #[test]
    fn growth_names_only_what_changed() {
        let check = |old, new, want: &[&str]| {
            let got: Vec<String> = tiles_between(old, new)
                .map(|tile| tile.to_string())
                .collect();
            assert_eq!(got, want, "{old} to {new}");
        };
        check(0, 0, &[]);
        check(0, 256, &["tile/0/000", "tile/1/000.p/1"]);
        check(
            255,
            257,
            &["tile/0/000", "tile/0/001.p/1", "tile/1/000.p/1"],
        );
        check(256, 257, &["tile/0/001.p/1"]);
        check(300, 300, &[]);
        check(300, 200, &[]);
        assert_eq!(bundles_between(200, 600).count(), 3);
        assert_eq!(
            bundles_of(512).map(|path| path.to_string()).last().unwrap(),
            "tile/entries/001"
        );
    }

    #[test]
    fn a_tile_exists_only_within_the_log() {
        let check = |text: &str, size, want| {
            assert_eq!(
                text.parse::<TilePath>().unwrap().is_within(size),
                want,
                "{text} {size}"
            );
        };
        check("tile/0/000.p/5", 5, true);
        check("tile/0/000.p/6", 5, false);
        check("tile/0/000", 256, true);
        check("tile/1/000.p/1", 255, false);
        check("tile/63/000.p/1", u64::MAX, false);
        check("tile/entries/001.p/1", 257, true);
    }
}

//! The limits of this room, each with its reason.

/// Longest one-line answer, in characters.
pub const LINE_CHARS: usize = 100;
/// Longest answer of several lines, in characters: about three printed pages.
pub const AREA_CHARS: usize = 5_000;
/// Largest number of people that an answer may name: no organisation has more.
pub const COUNT_MAX: i64 = 1_000_000;
/// Most files of one document: a scan may have one file for each page.
pub const FILES_OF_SLOT_MAX: usize = 20;
/// Most files of one application, also those that were replaced: they are kept.
pub const FILES_MAX: usize = 200;

//! The limits of this room, each with its reason.

/// Rows above the heading that are searched: bills of payment channels print up to two
/// dozen lines of account data before it.
pub const HEADING_ROWS: usize = 60;
/// Longest name of a person or organisation, in characters; the longest real one has 54.
pub(crate) const NAME_CHARS: usize = 200;
/// Longest note, item or purpose, in characters.
pub(crate) const NOTE_CHARS: usize = 500;
/// Longest number of a payment at its channel, in characters; the known ones have 28 to 32.
pub(crate) const NUMBER_CHARS: usize = 64;
/// Longest name of a published file, in characters.
pub(crate) const FILE_CHARS: usize = 120;
/// Most spellings of approval documents of one organisation.
pub(crate) const DOCUMENTS: usize = 50;
/// Largest count of goods in one row; a hundred times the largest real one is 10^8.
pub(crate) const GOODS_MAX: i64 = 1_000_000_000_000;
/// Longest unit of goods, in characters: 人份, 小箱.
pub(crate) const UNIT_CHARS: usize = 3;
/// Characters of a wrong cell that are told in a reason.
pub(crate) const TOLD_CHARS: usize = 20;
/// Longest name of a division, in characters; the longest real one has 33.
pub(crate) const DIVISION_CHARS: usize = 60;

//! The limits of this room, each with its reason.

/// Largest sum a person may type: 10^15 fen, ten trillion yuan; sums of a thousand such
/// amounts still fit 64 bits with room to spare.
pub(crate) const FEN_TYPED_MAX: i64 = 1_000_000_000_000_000;
/// Longest text looked at as an amount, in characters; the largest amount with commas has 22.
pub(crate) const AMOUNT_TEXT_CHARS: usize = 40;
/// Longest text looked at as an amount in Chinese numerals; the longest capitals have 33 characters.
pub(crate) const WORDS_TEXT_CHARS: usize = 80;
/// Most parts one amount is split into.
pub(crate) const SHARES: usize = 1_000;
/// Longest text looked at as a public number, in characters: prefix, 14 characters and
/// as many blanks and hyphens as people put in when they copy from paper.
pub(crate) const ID_TEXT_CHARS: usize = 80;
/// Longest prefix of a public number, in bytes: with the tweak it fills one AES block.
pub(crate) const ID_PREFIX_BYTES: usize = 8;
/// Longest text looked at as one of the national codes, in characters.
pub(crate) const CODE_TEXT_CHARS: usize = 64;
/// Longest text looked at as a day or a time, in bytes.
pub(crate) const TIME_TEXT_BYTES: usize = 40;
/// Most rows of a list of regions; the whole country down to the villages has 665 276.
pub(crate) const REGION_ROWS: usize = 1_000_000;
/// Most rows of a list of holidays: about 35 a year.
pub(crate) const CALENDAR_ROWS: usize = 10_000;

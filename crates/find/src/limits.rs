//! How much one name, one question and one part may hold.

/// Characters of one name that are kept; longer names are found by their beginning.
pub const NAME_CHARS_MAX: usize = 200;
/// Names of one entry.
pub const KEYS_MAX: usize = 8;
/// Characters of a question that are looked at once it is folded.
pub const QUERY_CHARS_MAX: usize = 64;
/// Characters of a question that are read at all, before folding.
pub(crate) const QUERY_READ_MAX: usize = 1_000;
/// Words of a question that are looked for one by one.
pub(crate) const WORDS_MAX: usize = 5;
/// Hits that one answer may hold.
pub const TAKE_MAX: usize = 200;
/// Hits that may be passed over.
pub const SKIP_MAX: usize = 2_000;

/// Different characters of one part; what comes after them is never found.
pub(crate) const ALPHABET_MAX: usize = 65_000;
/// Entries of one part: bounds the memory of building it and the time of laying parts together.
pub(crate) const PART_MAX: usize = 1 << 19;
/// Parts of one size that are laid together.
pub(crate) const MERGE_AT: usize = 8;
/// Entries that are laid together at once when something is added; larger sizes wait for [`crate::Index::tidy`].
pub(crate) const MERGE_AT_ONCE_MAX: usize = 4_096;

/// Readings of one character that count; the rest are of scholars.
pub(crate) const READINGS_MAX: usize = 6;
/// Letters in a row that are read as pinyin.
pub(crate) const PINYIN_LETTERS_MAX: usize = 40;
/// Ways to read letters as syllables and initials that are tried.
pub(crate) const SPELLINGS_MAX: usize = 16;
/// Steps of looking for those ways.
pub(crate) const SPELLING_STEPS_MAX: usize = 2_000;

/// With fewer hits than this, names that sound alike and names with one wrong character are looked for too.
pub(crate) const FEW: usize = 5;
/// Characters of a question that may have one wrong: fewer say too little, more take too long.
pub(crate) const CLOSE_CHARS_MIN: usize = 3;
/// See [`CLOSE_CHARS_MIN`]; one bit of a machine word each.
pub(crate) const CLOSE_CHARS_MAX: usize = 32;

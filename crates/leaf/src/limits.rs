//! The limits of this room, each with its reason.

/// Longest leaf in bytes: the format of the log ends at 65,535, this leaves room.
pub const LEAF_BYTES: usize = 60_000;
/// Longest `extra` of a receipt in bytes: a leaf in base64 and its openings.
pub const EXTRA_BYTES: usize = 262_144;
/// Deepest nesting of lists and maps: the envelope needs 3, its data 4 more.
pub const DEPTH: usize = 8;
/// Longest key in bytes.
pub const KEY_BYTES: usize = 40;
/// Largest integer: beyond 2^53 − 1 other people's JSON readers round in silence.
pub const INT_MAX: i64 = 9_007_199_254_740_991;
/// Longest stream name in bytes.
pub const STREAM_BYTES: usize = 96;
/// Most streams of one leaf: a settlement touches every fund of an organisation.
pub const STREAMS: usize = 1_024;
/// Most movements of one leaf.
pub const MOVES: usize = 1_000;
/// Most swaps of one leaf.
pub const SWAPS: usize = 2_000;
/// Most commitments of one leaf.
pub const COMMITMENTS: usize = 64;
/// Longest code in the data of a leaf, in bytes.
pub const CODE_BYTES: usize = 64;
/// Longest name of a legal person, in characters.
pub const NAME_CHARS: usize = 200;
/// Longest name of a unit, in characters.
pub const UNIT_CHARS: usize = 32;
/// Most files or digests listed under one word.
pub const FILES: usize = 100;
/// Longest value that can be opened, in bytes: a campaign's story.
pub const OPENING_BYTES: usize = 100_000;
/// Digits in a row that may be a telephone, an identity or a card, and never a code of ours.
pub const DIGITS_IN_A_ROW: usize = 11;
/// Digits of one run that the scanner looks at; what is longer is refused anyhow.
pub const DIGITS_KEPT: usize = 40;
/// Findings that a check keeps with their words; all of them are counted.
pub const FINDINGS: usize = 1_000;
/// Kinds that a check counts by name when it does not know them.
pub const UNKNOWN_KINDS: usize = 100;
/// Most leaves, streams or hashes in one proof of completeness.
pub const INDEX_PAGE: usize = 256;
/// Amounts of one statement stay below this, in fen or units: a bank card and an identity do not.
pub(crate) const AMOUNT_MAX: i64 = 100_000_000_000_000;
/// What counts people, lines, leaves or bytes stays below this: a telephone does not.
pub(crate) const COUNT_MAX: i64 = 10_000_000_000;
/// Most keys of one log: it changes its key every year or two.
pub const LOG_KEYS: usize = 64;
/// Most proofs in a file of keys: an announcement and an end for each.
pub const KEY_PROOFS: usize = 2 * LOG_KEYS;
/// Longest file of keys in bytes.
pub const KEY_HISTORY_BYTES: usize = 1_048_576;
/// Most entries of registers that a check keeps in memory: some hundred bytes each.
pub(crate) const REGISTER_ENTRIES: usize = 4_000_000;

//! The numbers that bound this room.

/// The highest position a tape may reach, in fen or units: 10^18, which leaves room in an `i64`
/// for one addition, so that sums of two positions never wrap.
pub const POSITION_MAX: i64 = 1_000_000_000_000_000_000;

/// How many rows a trace reads with one question. Fewer cost more seeks on a long trace, more
/// cost reading that a short page throws away.
pub const ROWS_PER_ANSWER: usize = 32;

/// The deepest path that a cursor may describe: tapes and swaps passed one after the other.
pub const PATH_MAX: usize = 4096;

/// The longest text of a cursor, in bytes: [`PATH_MAX`] frames at their widest.
pub const CURSOR_BYTES_MAX: usize = PATH_MAX * 16 * 14;

/// The most runs that one named outflow may be made of; a gift that is more scattered is taken
/// in several movements.
pub const OWNED_RUNS_MAX: usize = 65_536;

/// How many flaws a check names; the first ones are enough to know that something is wrong.
pub const FLAWS_MAX: usize = 100;

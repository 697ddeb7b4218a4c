//! The numbers that bound this room.

/// The highest position a tape may reach, in fen or units: 10^18, which leaves room in an `i64`
/// for one addition, so that sums of two positions never wrap.
pub const POSITION_MAX: i64 = 1_000_000_000_000_000_000;

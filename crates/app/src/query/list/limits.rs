//! How much a list shows, counts and writes.

/// Rows of a page at the desk unless the reader asks otherwise.
pub const PAGE_ROWS_DESK: i64 = 50;
/// The same in public, where an old telephone on a slow line waits for the last row before it paints.
pub const PAGE_ROWS_PUBLIC: i64 = 30;
/// Page lengths that may be asked for.
pub const PAGE_SIZES: [i64; 5] = [20, 30, 50, 100, 200];
/// Rows of a list that is read whole and arranged in memory; one that may grow longer lets the database sort.
pub const WHOLE_ROWS_MAX: i64 = 20_000;
/// Rows that a page counts and sums; beyond them it says that there are more.
pub const COUNTED_ROWS_MAX: i64 = 200_000;
/// Rows of one file: what a sheet of a workbook holds, rounded down.
pub const FILE_ROWS_MAX: i64 = 1_000_000;
/// Rows that are in memory at once while a file is written.
pub const FILE_PART_ROWS: i64 = 2_000;
/// Longest text of a filter, in characters.
pub const FILTER_CHARS_MAX: usize = 100;
/// Most pairs of an address that are looked at.
pub const PAIRS_MAX: usize = 50;

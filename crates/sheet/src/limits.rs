//! The limits of this room, each with its reason.

/// How much of a stranger's file we are willing to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Largest file as it lies on disk, in bytes.
    pub raw_bytes: u64,
    /// Largest text after unzipping a gzip or ZIP file, in bytes.
    pub unzipped_bytes: u64,
    /// Largest sum of the parts of an XLSX file after unzipping, in bytes.
    pub book_bytes: u64,
    /// Most rows with something in them.
    pub rows: u64,
    /// Most cells of a row.
    pub columns: usize,
    /// Longest cell, in bytes of UTF-8.
    pub cell_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            // A year of bills of a large organisation; the largest real list here has 3 MB.
            raw_bytes: 256 << 20,
            // All villages of the country are 30 MB of text.
            unzipped_bytes: 1 << 30,
            // Two hundred thousand rows of a 27-column bill; a reader keeps shared texts whole.
            book_bytes: 256 << 20,
            // Three times the villages of the country.
            rows: 2_000_000,
            // The widest known bill has 27 columns.
            columns: 512,
            // What a cell of a spreadsheet holds at most: 32,767 characters of four bytes.
            cell_bytes: 131_068,
        }
    }
}

/// Bytes read at once.
pub(crate) const CHUNK_BYTES: usize = 64 << 10;
/// Bytes at the head of a text that decide between comma and tab.
pub(crate) const SAMPLE_BYTES: usize = 64 << 10;
/// Lines of the sample that are counted.
pub(crate) const SAMPLE_LINES: usize = 60;
/// Most parts of a ZIP or XLSX file; a workbook with every extra has some dozens.
pub(crate) const ZIP_PARTS: usize = 2_000;
/// Most sheet or part names told in an error message.
pub(crate) const NAMES_TOLD: usize = 20;
/// Rows that a sheet of a workbook can hold.
pub(crate) const BOOK_ROWS: u64 = 1_048_576;
/// Bytes of a workbook in the making that stay in memory; what is more goes to a temporary file until it is complete.
pub(crate) const BOOK_SPOOL_BYTES: usize = 1 << 20;
/// Digits that a number cell keeps; longer ones have lost their end.
pub(crate) const BOOK_DIGITS: usize = 15;
/// Longest name of a sheet, in characters.
pub(crate) const SHEET_NAME_CHARS: usize = 31;
/// So many three-byte characters prove that a file is UTF-8, even if it is damaged later.
pub(crate) const UTF8_PROOF_CHARS: usize = 4;

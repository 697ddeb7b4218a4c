//! The file of rejected rows: the same layout as the input, and why.

use crate::error::SheetError;
use crate::table::Row;
use crate::write::{Cell, Format, Writer};
use std::io::Write;

/// The two headings that stand behind those of the input.
const REASON_HEADINGS: [&str; 2] = ["原因代码", "原因"];

/// The headings of a rejects file for this input: a rejects file that was corrected and
/// is imported again keeps its layout, so the two columns are not added a second time.
#[must_use]
pub fn reject_headings(input: &[String]) -> Vec<String> {
    let mut headings: Vec<String> = input
        .iter()
        .filter(|heading| !REASON_HEADINGS.contains(&heading.trim()))
        .cloned()
        .collect();
    headings.extend(REASON_HEADINGS.map(str::to_owned));
    headings
}

/// 〔未导入行文件〕 Writes rejected rows with the code and the reason of each.
pub struct RejectsWriter<W: Write> {
    writer: Writer<W>,
    /// Which columns of the input are kept.
    kept: Vec<usize>,
    written: u64,
}

impl<W: Write> RejectsWriter<W> {
    /// Begins a file for an input with these headings.
    ///
    /// # Errors
    /// When the stream fails.
    pub fn new(to: W, format: Format, input: &[String]) -> Result<Self, SheetError> {
        let headings = reject_headings(input);
        let headings: Vec<&str> = headings.iter().map(String::as_str).collect();
        let kept = input
            .iter()
            .enumerate()
            .filter(|(_, heading)| !REASON_HEADINGS.contains(&heading.trim()))
            .map(|(at, _)| at)
            .collect();
        Ok(RejectsWriter {
            writer: Writer::new(to, format, &headings)?,
            kept,
            written: 0,
        })
    }

    /// Writes one row as it came, with the stable code and the sentence of its reject.
    ///
    /// # Errors
    /// When the stream fails.
    pub fn reject(&mut self, row: &Row, code: &str, reason: &str) -> Result<(), SheetError> {
        let mut cells: Vec<Cell<'_>> = self
            .kept
            .iter()
            .map(|at| {
                row.cells
                    .get(*at)
                    .map_or(Cell::Empty, |text| Cell::Text(text))
            })
            .collect();
        cells.push(Cell::Text(code));
        cells.push(Cell::Text(reason));
        self.written += 1;
        self.writer.row(&cells)
    }

    /// Rows written so far.
    #[must_use]
    pub fn written(&self) -> u64 {
        self.written
    }

    /// Completes the file and gives the stream back.
    ///
    /// # Errors
    /// When the stream fails.
    pub fn finish(self) -> Result<W, SheetError> {
        self.writer.finish()
    }
}

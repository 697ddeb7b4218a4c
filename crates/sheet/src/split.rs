//! Text into rows of cells: comma or tab, quotation marks, any line end.
//!
//! Follows RFC 4180 and is generous where real files are: rows of any width, quotation
//! marks inside an unquoted cell are plain characters, blank rows are skipped.

use crate::error::{SheetError, Trouble};
use crate::limits::{Limits, SAMPLE_LINES};
use crate::table::Row;
use crate::text::Decoded;
use crate::write::unguarded;
use std::io::Read;

/// Reads rows out of decoded text.
pub(crate) struct Splitter<R> {
    text: Decoded<R>,
    chunk: String,
    at: usize,
    delimiter: u8,
    limits: Limits,
    line: u64,
    rows: u64,
    after_return: bool,
}

/// Where the splitter stands within a cell.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    Start,
    Plain,
    Quoted,
    /// Behind a quotation mark that may have closed the cell.
    Closed,
}

/// A row that grows cell by cell, within the limits.
struct Growing {
    cells: Vec<String>,
    cell: Vec<u8>,
    trouble: Option<Trouble>,
    limits: Limits,
    dropped: bool,
}

impl Growing {
    fn new(limits: Limits) -> Self {
        Growing {
            cells: Vec::new(),
            cell: Vec::new(),
            trouble: None,
            limits,
            dropped: false,
        }
    }

    fn push(&mut self, byte: u8) {
        if self.cell.len() < self.limits.cell_bytes {
            self.cell.push(byte);
        } else {
            self.note(Trouble::CellTooLong(self.column()));
        }
    }

    /// The column being filled, from 1.
    fn column(&self) -> usize {
        self.cells.len() + 1
    }

    /// The first trouble of a row is the one that is told.
    fn note(&mut self, trouble: Trouble) {
        self.trouble.get_or_insert(trouble);
    }

    fn end_cell(&mut self, quoted: bool) {
        let cell = text_of(std::mem::take(&mut self.cell));
        if self.cells.len() < self.limits.columns {
            self.cells.push(if quoted { cell } else { unguarded(cell) });
        } else if !cell.is_empty() {
            self.dropped = true;
        }
    }

    fn finish(mut self, line: u64) -> Option<Row> {
        if self.dropped {
            self.note(Trouble::TooManyCells(self.limits.columns));
        }
        let blank = self.trouble.is_none() && self.cells.iter().all(|c| c.trim().is_empty());
        (!blank).then_some(Row {
            line,
            cells: self.cells,
            trouble: self.trouble,
        })
    }
}

/// Bytes that were whole characters, except perhaps the last where a cell was cut.
fn text_of(bytes: Vec<u8>) -> String {
    match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let end = error.utf8_error().valid_up_to();
            let mut bytes = error.into_bytes();
            bytes.truncate(end);
            String::from_utf8(bytes).unwrap_or_default()
        }
    }
}

impl<R: Read> Splitter<R> {
    pub(crate) fn new(text: Decoded<R>, delimiter: u8, limits: Limits) -> Self {
        Splitter {
            text,
            chunk: String::new(),
            at: 0,
            delimiter,
            limits,
            line: 1,
            rows: 0,
            after_return: false,
        }
    }

    /// The next row with something in it.
    pub(crate) fn next_row(&mut self) -> Result<Option<Row>, SheetError> {
        loop {
            let first_line = self.line;
            let Some(row) = self.next_record()? else {
                return Ok(None);
            };
            if let Some(row) = row.finish(first_line) {
                self.rows += 1;
                if self.rows > self.limits.rows {
                    return Err(SheetError::TooManyRows(self.limits.rows));
                }
                return Ok(Some(row));
            }
        }
    }

    /// One record up to its line end; `None` at the end of the text.
    fn next_record(&mut self) -> Result<Option<Growing>, SheetError> {
        let first_line = self.line;
        let mut row = Growing::new(self.limits);
        let mut within = Within::Start;
        let mut begun = false;
        while let Some(byte) = self.next_byte()? {
            begun = true;
            let newline = matches!(byte, b'\n' | b'\r');
            within = match within {
                Within::Quoted if byte == b'"' => Within::Closed,
                Within::Quoted => {
                    row.push(byte);
                    Within::Quoted
                }
                Within::Closed if byte == b'"' => {
                    row.push(byte);
                    Within::Quoted
                }
                _ if newline => {
                    row.end_cell(false);
                    return Ok(Some(row));
                }
                _ if byte == self.delimiter => {
                    row.end_cell(false);
                    Within::Start
                }
                Within::Start if byte == b'"' => Within::Quoted,
                Within::Closed => {
                    row.note(Trouble::StrayQuote(row.column()));
                    row.push(byte);
                    Within::Plain
                }
                Within::Start | Within::Plain => {
                    row.push(byte);
                    Within::Plain
                }
            };
        }
        if within == Within::Quoted {
            return Err(SheetError::UnclosedQuote(first_line));
        }
        row.end_cell(false);
        Ok(begun.then_some(row))
    }

    /// The next byte; the line ends \r\n and \r come out as \n, also inside of quotation
    /// marks, so that a text reads the same wherever it was written.
    fn next_byte(&mut self) -> Result<Option<u8>, SheetError> {
        loop {
            let Some(byte) = self.chunk.as_bytes().get(self.at).copied() else {
                self.text.next_text(&mut self.chunk)?;
                self.at = 0;
                if self.chunk.is_empty() {
                    return Ok(None);
                }
                continue;
            };
            self.at += 1;
            let second_half = byte == b'\n' && self.after_return;
            self.after_return = byte == b'\r';
            if second_half {
                continue;
            }
            if matches!(byte, b'\n' | b'\r') {
                self.line += 1;
                return Ok(Some(b'\n'));
            }
            return Ok(Some(byte));
        }
    }
}

/// Comma or tab: the one whose number per line is steadier over the first lines.
/// Bills put a tab behind every value as well as a comma, so comma wins a draw.
pub(crate) fn delimiter(sample: &str) -> u8 {
    if steadiness(sample, b'\t') > steadiness(sample, b',') {
        b'\t'
    } else {
        b','
    }
}

/// How many lines have the most frequent number of this delimiter (not counting none).
fn steadiness(sample: &str, delimiter: u8) -> usize {
    let mut counts: Vec<usize> = Vec::new();
    for line in sample
        .lines()
        .filter(|l| !l.trim().is_empty())
        .take(SAMPLE_LINES)
    {
        let mut quoted = false;
        let mut count = 0;
        for byte in line.bytes() {
            quoted ^= byte == b'"';
            count += usize::from(byte == delimiter && !quoted);
        }
        counts.extend((count > 0).then_some(count));
    }
    counts.sort_unstable();
    counts
        .chunk_by(|a, b| a == b)
        .map(<[usize]>::len)
        .max()
        .unwrap_or(0)
}

#[cfg(test)]
#[path = "split_tests.rs"]
mod tests;

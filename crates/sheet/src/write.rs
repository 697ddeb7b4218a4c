//! Rows into files: CSV for spreadsheets, JSON lines for programs, XLSX for offices.

use crate::error::SheetError;
use crate::write_book::BookWriter;
use flate2::{Compression, GzBuilder, write::GzEncoder};
use std::io::Write;

/// 〔文件格式〕 The form of a file to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// UTF-8 with its mark (so that spreadsheets read it), commas, CRLF.
    Csv,
    /// One JSON object a line, keys as in the headings.
    JsonLines,
    /// A workbook with one sheet and a frozen heading.
    Xlsx,
}

impl Format {
    /// The ending of a file's name, without the point.
    #[must_use]
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::JsonLines => "jsonl",
            Self::Xlsx => "xlsx",
        }
    }

    /// The media type.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::JsonLines => "application/x-ndjson",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// A cell to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell<'a> {
    /// Nothing; `null` in JSON.
    Empty,
    /// A text; never read as a formula.
    Text(&'a str),
    /// A whole number.
    Integer(i64),
    /// A decimal number as text, for example yuan `1234.50`; a string in JSON, because
    /// money in JSON must not pass through floating point.
    Decimal(&'a str),
    /// A day: as text, and as days since 1970-01-01, which makes it a real date in a workbook.
    Day(&'a str, i64),
    /// A moment: as text, and as seconds since 1970-01-01 00:00 on the clock of those who read the file, which makes it
    /// a real date with a time in a workbook; those know no zones.
    Moment(&'a str, i64),
}

/// 〔写表器〕 Writes a heading and rows to a stream; `finish` makes the file complete.
pub struct Writer<W: Write> {
    out: Out<W>,
    headings: Vec<String>,
}

enum Out<W: Write> {
    Csv(Target<W>),
    JsonLines(Target<W>),
    Book(Box<BookWriter<Target<W>>>),
}

/// The stream, or gzip before it.
enum Target<W: Write> {
    Plain(W),
    Gzip(Box<GzEncoder<W>>),
}

impl<W: Write> Write for Target<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        match self {
            Target::Plain(to) => to.write(bytes),
            Target::Gzip(to) => to.write(bytes),
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        match self {
            Target::Plain(to) => to.flush(),
            Target::Gzip(to) => to.flush(),
        }
    }
}

impl<W: Write> Target<W> {
    fn finish(self) -> std::io::Result<W> {
        let mut to = match self {
            Target::Plain(to) => to,
            Target::Gzip(gzip) => gzip.finish()?,
        };
        to.flush()?;
        Ok(to)
    }
}

impl<W: Write> Writer<W> {
    /// Begins a file in this format with these headings.
    ///
    /// # Errors
    /// When the stream fails.
    pub fn new(to: W, format: Format, headings: &[&str]) -> Result<Self, SheetError> {
        Writer::begin(
            Target::Plain(to),
            format,
            headings,
            (["数据", ""], Vec::new()),
        )
    }

    /// The same with a second sheet that explains the first, where the format has sheets: the names of both sheets,
    /// and the rows of the second, its heading first.
    ///
    /// # Errors
    /// When the stream fails.
    pub fn explained(
        to: W,
        format: Format,
        headings: &[&str],
        notes: ([&str; 2], Vec<Vec<String>>),
    ) -> Result<Self, SheetError> {
        Writer::begin(Target::Plain(to), format, headings, notes)
    }

    /// The same behind gzip. Equal rows give equal bytes: no time is written into the file.
    ///
    /// # Errors
    /// When the stream fails.
    pub fn gzip(to: W, format: Format, headings: &[&str]) -> Result<Self, SheetError> {
        let encoder = GzBuilder::new().mtime(0).write(to, Compression::default());
        let target = Target::Gzip(Box::new(encoder));
        Writer::begin(target, format, headings, (["数据", ""], Vec::new()))
    }

    fn begin(
        mut to: Target<W>,
        format: Format,
        headings: &[&str],
        (names, notes): ([&str; 2], Vec<Vec<String>>),
    ) -> Result<Self, SheetError> {
        let out = match format {
            Format::Csv => {
                to.write_all("\u{feff}".as_bytes()).map_err(failed)?;
                let cells: Vec<Cell<'_>> = headings.iter().map(|h| Cell::Text(h)).collect();
                write_csv(&mut to, &cells)?;
                Out::Csv(to)
            }
            Format::JsonLines => Out::JsonLines(to),
            Format::Xlsx => Out::Book(Box::new(BookWriter::new(to, names, headings, notes)?)),
        };
        let headings = headings.iter().map(|h| (*h).to_owned()).collect();
        Ok(Writer { out, headings })
    }

    /// Writes one row. JSON keeps no cell beyond the headings.
    ///
    /// # Errors
    /// When the stream fails or a workbook is full.
    pub fn row(&mut self, cells: &[Cell<'_>]) -> Result<(), SheetError> {
        match &mut self.out {
            Out::Csv(to) => write_csv(to, cells),
            Out::JsonLines(to) => write_json(to, &self.headings, cells),
            Out::Book(book) => book.row(cells),
        }
    }

    /// Completes the file and gives the stream back.
    ///
    /// # Errors
    /// When the stream fails; the file is then not complete.
    pub fn finish(self) -> Result<W, SheetError> {
        match self.out {
            Out::Csv(to) | Out::JsonLines(to) => to.finish().map_err(failed),
            Out::Book(book) => book.finish()?.finish().map_err(failed),
        }
    }
}

/// A stream that fails while writing.
pub(crate) fn failed(error: std::io::Error) -> SheetError {
    SheetError::Io(error.to_string())
}

/// True for what spreadsheets take for the beginning of a formula.
fn starts_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'])
}

/// True when an apostrophe must stand before the text: it would be taken for a formula,
/// or it looks as if it had been guarded already.
fn needs_guard(text: &str) -> bool {
    starts_formula(text.trim_start_matches('\''))
}

/// Takes the apostrophe off that [`write_csv`] puts before a dangerous text.
pub(crate) fn unguarded(mut text: String) -> String {
    if text.starts_with('\'') && needs_guard(&text) {
        text.remove(0);
    }
    text
}

fn write_csv(to: &mut impl Write, cells: &[Cell<'_>]) -> Result<(), SheetError> {
    let mut line = String::new();
    for (at, cell) in cells.iter().enumerate() {
        if at > 0 {
            line.push(',');
        }
        match cell {
            Cell::Empty => {}
            Cell::Integer(number) => line.push_str(&number.to_string()),
            Cell::Decimal(number) => quoted(&mut line, "", number),
            Cell::Day(text, _) | Cell::Moment(text, _) => quoted(&mut line, "", text),
            Cell::Text(text) => quoted(&mut line, if needs_guard(text) { "'" } else { "" }, text),
        }
    }
    line.push_str("\r\n");
    to.write_all(line.as_bytes()).map_err(failed)
}

/// In quotation marks where a reader would need them.
fn quoted(line: &mut String, guard: &str, text: &str) {
    let edge = |c: char| c.is_whitespace();
    if text.contains([',', '"', '\n', '\r', '\t']) || text.starts_with(edge) || text.ends_with(edge)
    {
        line.push('"');
        line.push_str(guard);
        line.push_str(&text.replace('"', "\"\""));
        line.push('"');
    } else {
        line.push_str(guard);
        line.push_str(text);
    }
}

fn write_json(
    to: &mut impl Write,
    headings: &[String],
    cells: &[Cell<'_>],
) -> Result<(), SheetError> {
    let mut object = serde_json::Map::new();
    for (heading, cell) in headings.iter().zip(cells) {
        let value = match cell {
            Cell::Empty => serde_json::Value::Null,
            Cell::Integer(number) => (*number).into(),
            Cell::Text(text) | Cell::Decimal(text) | Cell::Day(text, _) | Cell::Moment(text, _) => {
                (*text).into()
            }
        };
        object.insert(heading.clone(), value);
    }
    let mut line = serde_json::Value::Object(object).to_string();
    line.push('\n');
    to.write_all(line.as_bytes()).map_err(failed)
}

//! A table in a file: opened, measured, and read row by row.

use crate::book::{Book, BookRows};
use crate::error::{SheetError, Trouble};
use crate::limits::{Limits, SAMPLE_BYTES};
use crate::raw::{Looks, Raw, all_of, head_of, io_error, looks, unzipped};
use crate::split::{Splitter, delimiter};
use crate::text::{Decoded, Encoding, detect};
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// One row of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The line in the file where the row begins, from 1; the row number of a workbook.
    pub line: u64,
    /// The cells as they stand; a row may be shorter than its neighbours.
    pub cells: Vec<String>,
    /// Set when the row could not be read whole: it must be rejected, not used.
    pub trouble: Option<Trouble>,
}

/// What to read of a file, and how much at most.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// The sheet of a workbook; the first visible one when not said.
    pub sheet: Option<String>,
    /// The file inside of a ZIP file; may be left out when there is only one table in it.
    pub part: Option<String>,
    /// The limits.
    pub limits: Limits,
}

/// What a file turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Lines of cells parted by this character.
    Text {
        /// How its characters are written.
        encoding: Encoding,
        /// `,` or a tab.
        delimiter: char,
    },
    /// A sheet of an XLSX workbook.
    Book,
}

/// 〔表格〕 An opened table.
pub struct Table {
    digest: [u8; 32],
    raw_bytes: u64,
    limits: Limits,
    body: Body,
}

enum Body {
    Text {
        raw: Raw,
        gzip: bool,
        encoding: Encoding,
        delimiter: u8,
    },
    Book(Box<Book>),
}

impl Table {
    /// Opens a table that lies in memory.
    ///
    /// # Errors
    /// When the bytes are no table within the limits; see [`SheetError`].
    pub fn from_bytes(bytes: Vec<u8>, options: &Options) -> Result<Table, SheetError> {
        Table::open(Raw::bytes(bytes), options)
    }

    /// Opens a table that lies on disk; it is read as it is walked through.
    ///
    /// # Errors
    /// When the file cannot be opened or is no table within the limits.
    pub fn from_path(path: &Path, options: &Options) -> Result<Table, SheetError> {
        let file = File::open(path).map_err(|e| SheetError::Io(e.to_string()))?;
        if file.metadata().is_ok_and(|m| m.is_dir()) {
            return Err(SheetError::NotATable("文件夹"));
        }
        Table::open(Raw::Disk(file), options)
    }

    fn open(mut raw: Raw, options: &Options) -> Result<Table, SheetError> {
        let (raw_bytes, digest) = raw.measure(&options.limits)?;
        let body = open_body(raw, options, true)?;
        Ok(Table {
            digest,
            raw_bytes,
            limits: options.limits,
            body,
        })
    }

    /// SHA-256 of the file as it lies there, before any unzipping.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        self.digest
    }

    /// Bytes of the file as it lies there.
    #[must_use]
    pub fn raw_bytes(&self) -> u64 {
        self.raw_bytes
    }

    /// What the file turned out to be.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match &self.body {
            Body::Text {
                encoding,
                delimiter,
                ..
            } => Kind::Text {
                encoding: *encoding,
                delimiter: char::from(*delimiter),
            },
            Body::Book(_) => Kind::Book,
        }
    }

    /// The names of the sheets of a workbook, in its order; empty for a text.
    #[must_use]
    pub fn sheets(&self) -> &[String] {
        match &self.body {
            Body::Text { .. } => &[],
            Body::Book(book) => book.sheets(),
        }
    }

    /// The rows from the first; may be called again for another walk.
    ///
    /// # Errors
    /// When the file can no longer be read.
    pub fn rows(&mut self) -> Result<Rows<'_>, SheetError> {
        let limits = self.limits;
        let inner = match &mut self.body {
            Body::Text {
                raw,
                gzip,
                encoding,
                delimiter,
            } => {
                let from = unzipped(raw.rewound()?, *gzip);
                let text = Decoded::new(from, *encoding, limits.unzipped_bytes);
                Inner::Text(Box::new(Splitter::new(text, *delimiter, limits)))
            }
            Body::Book(book) => Inner::Book(Box::new(book.rows(limits)?)),
        };
        Ok(Rows {
            inner,
            failed: false,
        })
    }
}

/// Finds out what the bytes are. A file inside of a file is opened once, not deeper.
fn open_body(mut raw: Raw, options: &Options, outside: bool) -> Result<Body, SheetError> {
    let limits = &options.limits;
    match looks(&raw.head(SAMPLE_BYTES)?)? {
        Looks::Text => open_text(raw, false, limits),
        Looks::Gzip if outside => {
            let head = head_of(unzipped(raw.rewound()?, true), 1024).map_err(io_error)?;
            match looks(&head)? {
                Looks::Text => open_text(raw, true, limits),
                Looks::Gzip => Err(SheetError::NotATable("多层压缩文件")),
                Looks::Zip => {
                    let inner = all_of(unzipped(raw.rewound()?, true), limits.unzipped_bytes)?;
                    open_body(Raw::bytes(inner), options, false)
                }
            }
        }
        Looks::Zip => {
            let parts = crate::book::parts(&mut raw, limits)?;
            if parts.is_book() {
                let book = Book::open(raw, options.sheet.as_deref())?;
                return Ok(Body::Book(Box::new(book)));
            }
            if !outside {
                return Err(SheetError::NotATable("多层压缩文件"));
            }
            let inner = parts.table(&mut raw, options)?;
            open_body(Raw::bytes(inner), options, false)
        }
        Looks::Gzip => Err(SheetError::NotATable("多层压缩文件")),
    }
}

/// Reads the text once to find its encoding and to meet its faults before the first row.
fn open_text(mut raw: Raw, gzip: bool, limits: &Limits) -> Result<Body, SheetError> {
    let head = head_of(unzipped(raw.rewound()?, gzip), SAMPLE_BYTES).map_err(io_error)?;
    let encoding = find_encoding(&mut raw, gzip, &head, limits)?;
    let mut sample = String::new();
    let mut decoded = Decoded::new(&head[..], encoding, u64::MAX);
    // The head may end within a character; what came before is enough.
    let _cut_at_the_end = decoded.next_text(&mut sample);
    if sample.trim().is_empty() {
        return Err(SheetError::Empty);
    }
    Ok(Body::Text {
        raw,
        gzip,
        encoding,
        delimiter: delimiter(&sample),
    })
}

fn find_encoding(
    raw: &mut Raw,
    gzip: bool,
    head: &[u8],
    limits: &Limits,
) -> Result<Encoding, SheetError> {
    // Each pass wants the file from its start, one after the other.
    let cell = std::cell::RefCell::new(raw);
    let open = || -> Result<_, SheetError> {
        cell.borrow_mut().rewound()?;
        Ok(SharedReader(&cell))
    };
    let limit = limits.unzipped_bytes;
    if gzip {
        detect(head, limit, || {
            Ok(flate2::read::MultiGzDecoder::new(open()?))
        })
    } else {
        detect(head, limit, open)
    }
}

/// Reads through a cell that one pass after the other borrows.
struct SharedReader<'a, 'b>(&'a std::cell::RefCell<&'b mut Raw>);

impl Read for SharedReader<'_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.0.borrow_mut().read(buffer)
    }
}

/// The rows of a table, one by one. After an error nothing follows.
pub struct Rows<'a> {
    inner: Inner<'a>,
    failed: bool,
}

enum Inner<'a> {
    Text(Box<Splitter<Box<dyn Read + 'a>>>),
    Book(Box<BookRows<'a>>),
}

impl Iterator for Rows<'_> {
    type Item = Result<Row, SheetError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        let row = match &mut self.inner {
            Inner::Text(splitter) => splitter.next_row(),
            Inner::Book(rows) => rows.next_row(),
        };
        self.failed = row.is_err();
        row.transpose()
    }
}

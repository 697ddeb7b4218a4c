//! Tables in and out of files: CSV, XLSX, gzip, ZIP, in UTF-8, GB18030 or UTF-16.
//!
//! This floor knows nothing of charity. It turns bytes of strangers into rows of texts with
//! line numbers, and rows into files, within named limits and without ever guessing at a
//! character: bytes that are not text are an error that names its line and offset.
//!
//! Reading holds one row in memory, however long the file is (of an XLSX file also the
//! texts that its cells share).

mod book;
mod error;
mod limits;
mod raw;
mod rejects;
mod split;
mod table;
mod text;
mod write;
mod write_book;

pub use error::{SheetError, Trouble};
pub use limits::Limits;
pub use raw::sha256;
pub use rejects::{RejectsWriter, reject_headings};
pub use table::{Kind, Options, Row, Rows, Table};
pub use text::Encoding;
pub use write::{Cell, Format, Writer};

#[cfg(test)]
mod file_tests;

//! The files of one dump while they are written: each knows its digest when it is whole.

use super::dataset::{Cell, DATASETS, Dataset, Words};
use crate::AppError;
use leaf::Leaf;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sheet::{Cell as SheetCell, Format, Writer};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

/// The forms of each table.
const FORMATS: [(Format, &str); 2] = [(Format::Csv, "csv"), (Format::JsonLines, "jsonl")];

/// 〔开放数据文件〕 One file of a dump.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenFile {
    /// Its name.
    pub name: String,
    /// Name of the table.
    pub dataset: String,
    /// Rows, the heads not counted.
    pub rows: u64,
    /// Bytes.
    pub bytes: u64,
    /// SHA-256 in hexadecimal digits.
    pub sha256: String,
}

/// A file that is hashed while it is written.
struct Hashed {
    file: BufWriter<File>,
    digest: Sha256,
    bytes: u64,
}

impl Write for Hashed {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = self.file.write(bytes)?;
        let done = bytes.get(..written).unwrap_or(bytes);
        self.digest.update(done);
        self.bytes = self.bytes.saturating_add(done.len() as u64);
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.flush()
    }
}

struct Table {
    dataset: &'static Dataset,
    name: String,
    writer: Writer<Hashed>,
    rows: u64,
}

/// All tables of a dump, in both forms.
pub(super) struct Tables(Vec<Table>);

impl Tables {
    /// Begins the files `<table><ending>.csv` and `.jsonl` in a folder.
    pub(super) fn begin(folder: &Path, ending: &str) -> Result<Tables, AppError> {
        let mut tables = Vec::new();
        for dataset in &DATASETS {
            let heads: Vec<&str> = dataset.fields.iter().map(|field| field.name).collect();
            for (format, code) in FORMATS {
                let name = format!("{}{ending}.{code}", dataset.name);
                let file = File::create(folder.join(&name)).map_err(AppError::internal)?;
                let hashed = Hashed {
                    file: BufWriter::new(file),
                    digest: Sha256::new(),
                    bytes: 0,
                };
                let writer = Writer::new(hashed, format, &heads).map_err(AppError::internal)?;
                tables.push(Table {
                    dataset,
                    name,
                    writer,
                    rows: 0,
                });
            }
        }
        Ok(Tables(tables))
    }

    /// Writes what a statement is in each table.
    pub(super) fn add(&mut self, leaf: &Leaf, index: i64, open: &Words) -> Result<(), AppError> {
        for table in &mut self.0 {
            for row in (table.dataset.rows)(leaf, index, open) {
                let cells: Vec<SheetCell<'_>> = row.iter().map(sheet_cell).collect();
                table.writer.row(&cells).map_err(AppError::internal)?;
                table.rows = table.rows.saturating_add(1);
            }
        }
        Ok(())
    }

    /// Makes the files whole and brings them to the disk.
    pub(super) fn finish(self) -> Result<Vec<OpenFile>, AppError> {
        let mut files = Vec::with_capacity(self.0.len());
        for table in self.0 {
            let hashed = table.writer.finish().map_err(AppError::internal)?;
            let file = hashed.file.into_inner().map_err(AppError::internal)?;
            file.sync_all().map_err(AppError::internal)?;
            let digest = hashed.digest.finalize();
            files.push(OpenFile {
                name: table.name,
                dataset: table.dataset.name.to_owned(),
                rows: table.rows,
                bytes: hashed.bytes,
                sha256: digest.iter().map(|byte| format!("{byte:02x}")).collect(),
            });
        }
        Ok(files)
    }
}

fn sheet_cell(cell: &Cell) -> SheetCell<'_> {
    match cell {
        Cell::Empty => SheetCell::Empty,
        Cell::Text(text) => SheetCell::Text(text),
        Cell::Number(number) => SheetCell::Integer(*number),
    }
}

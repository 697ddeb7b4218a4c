//! What is done with strangers' tables: bills of payment channels, lists of gifts, registers. Nothing may panic, and a row
//! that was read is a row of the file.

use domain::exchange::import::registers::RegisterReader;
use domain::exchange::import::{Mapping, Reader, Row};
use domain::parties::register::read_one;
use kernel::Day;
use sheet::{Options, Table};

/// Rows that are read of one file.
const ROWS: usize = 200;

/// A file as it was brought: CSV in any encoding, a workbook, or one of them packed; each row with every reader that
/// knows a heading in it.
pub fn table(bytes: &[u8]) {
    let Ok(mut table) = Table::from_bytes(bytes.to_vec(), &Options::default()) else {
        return;
    };
    let _ = (table.kind(), table.sheets().len(), table.digest());
    let Ok(rows) = table.rows() else {
        return;
    };
    let (mut reader, mut register) = (None, None);
    for row in rows.take(ROWS).map_while(Result::ok) {
        let read = Row {
            line: row.line,
            cells: &row.cells,
        };
        if let Some(reader) = &reader {
            let _ = Reader::read_row(reader, &read);
        } else {
            reader = Reader::recognise(&row.cells).ok();
        }
        if let Some(register) = &register {
            let entry = RegisterReader::read_row(register, &read);
            let _ =
                Day::parse("2026-11-28").map(|today| read_one(&entry.source, &entry.entry, today));
        } else {
            register = RegisterReader::new(&row.cells).ok();
        }
    }
}

/// Which column holds what, as it travels in a form.
pub fn mapping(bytes: &[u8]) {
    if let Some(mapping) = std::str::from_utf8(bytes).ok().and_then(Mapping::parse) {
        let text = mapping.text();
        assert_eq!(Mapping::parse(&text).map(|again| again.text()), Some(text));
    }
}

//! A plain workbook: one sheet, texts in their cells, numbers as numbers, frozen heading.
//!
//! Texts are inline strings, which no spreadsheet reads as formulas. The archive is made in a spool before it goes out:
//! written straight into a stream it would need data descriptors and ZIP64, which office programs refuse.

use crate::error::SheetError;
use crate::limits::{BOOK_DIGITS, BOOK_ROWS, BOOK_SPOOL_BYTES, SHEET_NAME_CHARS};
use crate::write::{Cell, failed};
use std::io::{Seek, SeekFrom, Write};
use tempfile::SpooledTempFile;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

const CONTENT_TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>{notes}<Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>"#;
const RELS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const BOOK_RELS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/>{notes}</Relationships>"#;
/// What a second sheet adds to the list of parts, to the relations and to the workbook.
const NOTES_TYPE: &str = r#"<Override PartName="/xl/worksheets/sheet2.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>"#;
const NOTES_REL: &str = r#"<Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet2.xml"/>"#;
/// Style 0 is plain, 1 the bold heading, 2 text, 3 a number with two decimals, 4 a day, 5 a day with its time.
const STYLES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd"/><numFmt numFmtId="165" formatCode="yyyy\-mm\-dd\ hh:mm"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="6"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1" applyNumberFormat="1"/><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="4" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>"#;
/// Dates are wider than columns usually are, and one that does not fit is shown as crosses: all columns are wider.
const SHEET_HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetFormatPr defaultColWidth="18" defaultRowHeight="15"/><sheetData>"#;

/// The serial number of 1970-01-01 in workbooks.
const EPOCH_SERIAL: i64 = 25_569;
/// The serial number of 1900-03-01.
const FIRST_SERIAL: i64 = 61;
/// The serial number of 9999-12-31.
const LAST_SERIAL: i64 = 2_958_465;
const DAY_SECONDS: i64 = 86_400;
/// Parts of a day that a moment is counted in.
const DAY_PARTS: i64 = 10_000_000_000;

/// Writes the parts of a workbook one after the other into a spool, and the whole to the stream when it is complete.
pub(crate) struct BookWriter<W: Write> {
    zip: ZipWriter<SpooledTempFile>,
    to: W,
    row: u64,
    notes: Vec<Vec<String>>,
}

impl<W: Write> BookWriter<W> {
    /// Begins a workbook with a sheet of data and, if there are any, a second sheet of notes.
    pub(crate) fn new(
        to: W,
        names: [&str; 2],
        headings: &[&str],
        notes: Vec<Vec<String>>,
    ) -> Result<Self, SheetError> {
        let mut book = BookWriter {
            zip: ZipWriter::new(SpooledTempFile::new(BOOK_SPOOL_BYTES)),
            to,
            row: 0,
            notes,
        };
        let [data, second] = names.map(|name| escaped(&sheet_name(name)));
        let (of_notes, type_of_notes, rel_of_notes) = if book.notes.is_empty() {
            (String::new(), "", "")
        } else {
            let sheet = format!(r#"<sheet name="{second}" sheetId="2" r:id="rId3"/>"#);
            (sheet, NOTES_TYPE, NOTES_REL)
        };
        let workbook = format!(
            r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="{data}" sheetId="1" r:id="rId1"/>{of_notes}</sheets></workbook>"#
        );
        let types = CONTENT_TYPES.replace("{notes}", type_of_notes);
        let relations = BOOK_RELS.replace("{notes}", rel_of_notes);
        book.part("[Content_Types].xml", &types)?;
        book.part("_rels/.rels", RELS)?;
        book.part("xl/workbook.xml", &workbook)?;
        book.part("xl/_rels/workbook.xml.rels", &relations)?;
        book.part("xl/styles.xml", STYLES)?;
        book.part("xl/worksheets/sheet1.xml", SHEET_HEAD)?;
        let cells: Vec<Cell<'_>> = headings.iter().map(|h| Cell::Text(h)).collect();
        book.styled_row(&cells, 1)?;
        Ok(book)
    }

    fn part(&mut self, name: &str, text: &str) -> Result<(), SheetError> {
        // A fixed time, so that equal rows give equal bytes.
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(DateTime::default());
        self.zip
            .start_file(name, options)
            .map_err(|e| failed(e.into()))?;
        self.zip.write_all(text.as_bytes()).map_err(failed)
    }

    pub(crate) fn row(&mut self, cells: &[Cell<'_>]) -> Result<(), SheetError> {
        self.styled_row(cells, 2)
    }

    fn styled_row(&mut self, cells: &[Cell<'_>], text_style: u8) -> Result<(), SheetError> {
        if self.row >= BOOK_ROWS {
            return Err(SheetError::TooManyRows(BOOK_ROWS));
        }
        self.row += 1;
        let mut xml = format!("<row r=\"{}\">", self.row);
        for (at, cell) in cells.iter().enumerate() {
            let place = format!("{}{}", column_name(at), self.row);
            match cell {
                Cell::Empty => {}
                Cell::Integer(number) if number.unsigned_abs() < 10_u64.pow(15) => {
                    xml.push_str(&format!("<c r=\"{place}\"><v>{number}</v></c>"));
                }
                Cell::Integer(number) => {
                    text_cell(&mut xml, &place, text_style, &number.to_string())
                }
                Cell::Decimal(number) if is_plain_number(number) => {
                    xml.push_str(&format!("<c r=\"{place}\" s=\"3\"><v>{number}</v></c>"));
                }
                Cell::Day(_, days) if is_date(*days) => {
                    let serial = days + EPOCH_SERIAL;
                    xml.push_str(&format!("<c r=\"{place}\" s=\"4\"><v>{serial}</v></c>"));
                }
                Cell::Moment(_, seconds) if is_date(seconds.div_euclid(DAY_SECONDS)) => {
                    let serial = serial_of(*seconds);
                    xml.push_str(&format!("<c r=\"{place}\" s=\"5\"><v>{serial}</v></c>"));
                }
                Cell::Text(text)
                | Cell::Decimal(text)
                | Cell::Day(text, _)
                | Cell::Moment(text, _) => text_cell(&mut xml, &place, text_style, text),
            }
        }
        xml.push_str("</row>");
        self.zip.write_all(xml.as_bytes()).map_err(failed)
    }

    pub(crate) fn finish(mut self) -> Result<W, SheetError> {
        self.end_sheet()?;
        let notes = std::mem::take(&mut self.notes);
        if !notes.is_empty() {
            self.row = 0;
            self.part("xl/worksheets/sheet2.xml", SHEET_HEAD)?;
            for (at, note) in notes.iter().enumerate() {
                let cells: Vec<Cell<'_>> = note.iter().map(|text| Cell::Text(text)).collect();
                self.styled_row(&cells, if at == 0 { 1 } else { 2 })?;
            }
            self.end_sheet()?;
        }
        let mut spool = self.zip.finish().map_err(|e| failed(e.into()))?;
        spool.seek(SeekFrom::Start(0)).map_err(failed)?;
        std::io::copy(&mut spool, &mut self.to).map_err(failed)?;
        Ok(self.to)
    }

    fn end_sheet(&mut self) -> Result<(), SheetError> {
        self.zip
            .write_all(b"</sheetData></worksheet>")
            .map_err(failed)
    }
}

/// True for days that every office program counts alike: from 1 March 1900, because some know a 29 February 1900, to
/// the end of the year 9999.
fn is_date(days: i64) -> bool {
    (FIRST_SERIAL..=LAST_SERIAL).contains(&days.saturating_add(EPOCH_SERIAL))
}

/// A moment as days and their ten-thousand-millionth parts, which is finer than a second.
fn serial_of(seconds: i64) -> String {
    let days = seconds.div_euclid(DAY_SECONDS) + EPOCH_SERIAL;
    let rest = seconds.rem_euclid(DAY_SECONDS);
    let part = (rest * DAY_PARTS + DAY_SECONDS / 2) / DAY_SECONDS;
    format!("{days}.{part:010}")
}

fn text_cell(xml: &mut String, place: &str, style: u8, text: &str) {
    xml.push_str(&format!(
        "<c r=\"{place}\" s=\"{style}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">"
    ));
    xml.push_str(&escaped(text));
    xml.push_str("</t></is></c>");
}

/// Digits with at most one point and a sign, and not more digits than a cell keeps.
fn is_plain_number(text: &str) -> bool {
    let plain = text.strip_prefix('-').unwrap_or(text);
    let digits = plain.bytes().filter(u8::is_ascii_digit).count();
    let points = plain.bytes().filter(|b| *b == b'.').count();
    (1..=BOOK_DIGITS).contains(&digits)
        && points <= 1
        && digits + points == plain.len()
        && !plain.starts_with('.')
        && !plain.ends_with('.')
}

/// A, B, … Z, AA, …
fn column_name(at: usize) -> String {
    let mut name = Vec::new();
    let mut left = at + 1;
    while left > 0 {
        let digit = u8::try_from((left - 1) % 26).unwrap_or(0);
        name.push(char::from(b'A' + digit));
        left = (left - 1) / 26;
    }
    name.iter().rev().collect()
}

/// The name of a sheet without what spreadsheets refuse.
fn sheet_name(name: &str) -> String {
    let allowed = |c: &char| !c.is_control() && !"[]:*?/\\'".contains(*c);
    name.chars()
        .filter(allowed)
        .take(SHEET_NAME_CHARS)
        .collect()
}

/// Text for XML. Characters that XML cannot hold are written as workbooks write them,
/// `_x0001_`, and a text that looks like that already is written so that it comes back.
fn escaped(text: &str) -> String {
    let mut xml = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        match c {
            '&' => xml.push_str("&amp;"),
            '<' => xml.push_str("&lt;"),
            '>' => xml.push_str("&gt;"),
            '"' => xml.push_str("&quot;"),
            '_' if looks_escaped(rest) => xml.push_str("_x005F_"),
            '\n' | '\t' => xml.push(c),
            '\u{fffe}' | '\u{ffff}' | '\u{0}'..='\u{1f}' => {
                xml.push_str(&format!("_x{:04X}_", u32::from(c)));
            }
            _ => xml.push(c),
        }
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
    }
    xml
}

/// `_x` with four hexadecimal digits and `_`.
fn looks_escaped(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.starts_with(b"_x")
        && bytes.get(6) == Some(&b'_')
        && bytes
            .get(2..6)
            .is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the office programs of two decades read: sizes beside the data, no descriptor after it, no ZIP64.
    #[test]
    fn the_archive_is_of_the_oldest_kind() -> Result<(), SheetError> {
        let notes = vec![vec!["列".to_owned()], vec!["说明".to_owned()]];
        let mut book = BookWriter::new(Vec::new(), ["数据", "说明"], &["名称"], notes)?;
        for _ in 0..3 {
            book.row(&[Cell::Text("善迹")])?;
        }
        let bytes = book.finish()?;
        let mut parts = 0;
        for (at, window) in bytes.windows(4).enumerate() {
            let word = |offset: usize| {
                let from = bytes.get(at + offset..at + offset + 2);
                from.map_or(0, |two| u16::from_le_bytes([two[0], two[1]]))
            };
            match window {
                // A part: what it needs, its flags, its two sizes, and no extra field.
                b"PK\x03\x04" => {
                    parts += 1;
                    assert!(word(4) <= 20, "version {}", word(4));
                    assert_eq!(word(6) & 0b1000, 0, "a data descriptor");
                    assert_ne!(word(18), 0, "no compressed size");
                    assert_ne!(word(22), 0, "no size");
                    assert_eq!(word(28), 0, "an extra field");
                }
                b"PK\x01\x02" => assert_eq!(word(30), 0, "an extra field in the directory"),
                b"PK\x06\x06" | b"PK\x06\x07" => panic!("the end of a ZIP64 archive"),
                _ => {}
            }
        }
        assert_eq!(parts, 7);
        Ok(())
    }

    #[test]
    fn moments_are_parts_of_days() {
        for (seconds, want) in [
            (0, "25569.0000000000"),
            (43_200, "25569.5000000000"),
            (-1, "25568.9999884259"),
            (86_399, "25569.9999884259"),
        ] {
            assert_eq!(serial_of(seconds), want, "{seconds}");
        }
        assert!(is_date(0) && is_date(20_000));
        assert!(!is_date(-25_509), "before March 1900");
        assert!(!is_date(i64::MAX) && !is_date(i64::MIN));
    }

    #[test]
    fn columns_are_named() {
        let names: Vec<_> = [0, 25, 26, 701, 702].map(column_name).into();
        assert_eq!(names, ["A", "Z", "AA", "ZZ", "AAA"]);
    }

    #[test]
    fn numbers_are_told_from_texts() {
        for (text, want) in [
            ("1234.50", true),
            ("-0.01", true),
            ("", false),
            ("1.", false),
            ("1e5", false),
            ("1234567890123456", false),
        ] {
            assert_eq!(is_plain_number(text), want, "{text}");
        }
    }
}

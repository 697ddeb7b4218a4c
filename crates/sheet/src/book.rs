//! XLSX workbooks and ZIP files, read within limits.
//!
//! Every part is unzipped once and measured before the reader of workbooks sees the file,
//! because the sizes that a ZIP file claims for itself prove nothing. The reader of
//! workbooks runs behind a bulkhead: our tests found cell names that overflow its
//! arithmetic, and a stranger's file must never stop the program.

use crate::error::{SheetError, Trouble};
use crate::limits::{BOOK_DIGITS, Limits, ZIP_PARTS};
use crate::raw::Raw;
use crate::table::{Options, Row};
use calamine::{DataRef, Reader, SheetType, SheetVisible, Xlsx, XlsxCellReader, XlsxError};
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};
use zip::ZipArchive;

/// The names of the parts of a ZIP file.
pub(crate) struct Parts(Vec<String>);

/// Unzips and measures every part.
pub(crate) fn parts(raw: &mut Raw, limits: &Limits) -> Result<Parts, SheetError> {
    let mut archive = ZipArchive::new(raw.rewound()?).map_err(|_| SheetError::BrokenZip)?;
    if archive.len() > ZIP_PARTS {
        return Err(SheetError::BrokenZip);
    }
    let mut names = Vec::new();
    let mut left = limits.book_bytes;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|_| SheetError::BrokenZip)?;
        names.push(part_name(part.name_raw()));
        let size = std::io::copy(&mut part.take(left.saturating_add(1)), &mut std::io::sink())
            .map_err(|_| SheetError::BrokenZip)?;
        left = left
            .checked_sub(size)
            .ok_or(SheetError::UnzippedTooLarge(limits.book_bytes))?;
    }
    Ok(Parts(names))
}

impl Parts {
    pub(crate) fn is_book(&self) -> bool {
        self.0
            .iter()
            .any(|name| name.eq_ignore_ascii_case("xl/workbook.xml"))
    }

    /// The bytes of the one table inside, or of the one that is wanted.
    pub(crate) fn table(&self, raw: &mut Raw, options: &Options) -> Result<Vec<u8>, SheetError> {
        let tables: Vec<(usize, &String)> = self
            .0
            .iter()
            .enumerate()
            .filter(|(_, name)| is_table(name))
            .collect();
        let chosen = match (&options.part, tables.as_slice()) {
            (_, []) => return Err(SheetError::NotATable("没有表格的 ZIP 文件")),
            (Some(wanted), _) => tables.iter().find(|(_, name)| *name == wanted),
            (None, [only]) => Some(only),
            (None, _) => None,
        };
        let Some((index, _)) = chosen else {
            let names = tables.into_iter().map(|(_, name)| name.clone()).collect();
            return Err(SheetError::WhichPart(names));
        };
        let mut archive = ZipArchive::new(raw.rewound()?).map_err(|_| SheetError::BrokenZip)?;
        let part = archive
            .by_index(*index)
            .map_err(|_| SheetError::BrokenZip)?;
        crate::raw::all_of(part, options.limits.book_bytes)
    }
}

fn is_table(name: &str) -> bool {
    let name = name.to_lowercase();
    [".csv", ".txt", ".tsv", ".xlsx", ".csv.gz"]
        .iter()
        .any(|end| name.ends_with(end))
        && !name.starts_with("__macosx")
}

/// The name of a part: UTF-8, else GB18030, as archives made on Chinese desktops have it.
/// It is only shown and compared, so a wrong character does no harm.
fn part_name(raw: &[u8]) -> String {
    match std::str::from_utf8(raw) {
        Ok(name) => name.to_owned(),
        Err(_) => encoding_rs::GB18030
            .decode_without_bom_handling(raw)
            .0
            .into_owned(),
    }
}

/// A workbook with one chosen sheet.
pub(crate) struct Book {
    workbook: Xlsx<Raw>,
    sheets: Vec<String>,
    chosen: String,
}

impl Book {
    pub(crate) fn open(mut raw: Raw, wanted: Option<&str>) -> Result<Book, SheetError> {
        raw.rewound()?;
        let workbook = guarded(|| Xlsx::new(raw))?;
        let mut sheets = Vec::new();
        let mut visible = None;
        for sheet in workbook.sheets_metadata() {
            if sheet.typ != SheetType::WorkSheet {
                continue;
            }
            sheets.push(sheet.name.clone());
            if visible.is_none() && sheet.visible == SheetVisible::Visible {
                visible = Some(sheet.name.clone());
            }
        }
        let chosen = match wanted {
            Some(name) => sheets.iter().find(|sheet| *sheet == name).cloned(),
            None => visible,
        };
        match chosen {
            Some(chosen) => Ok(Book {
                workbook,
                sheets,
                chosen,
            }),
            None => Err(SheetError::NoSuchSheet {
                wanted: wanted.unwrap_or_default().to_owned(),
                have: sheets,
            }),
        }
    }

    pub(crate) fn sheets(&self) -> &[String] {
        &self.sheets
    }

    pub(crate) fn rows(&mut self, limits: Limits) -> Result<BookRows<'_>, SheetError> {
        let cells = guarded(|| self.workbook.worksheet_cells_reader(&self.chosen))?;
        Ok(BookRows {
            cells,
            limits,
            growing: None,
            rows: 0,
            ended: false,
        })
    }
}

/// Calls the reader of workbooks; should it panic, the file is refused as broken. What it
/// leaves behind is not used again: after an error no row follows.
fn guarded<T>(call: impl FnOnce() -> Result<T, XlsxError>) -> Result<T, SheetError> {
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(result) => result.map_err(broken),
        Err(_) => Err(SheetError::BrokenBook("内容不合规范".to_owned())),
    }
}

fn broken(error: XlsxError) -> SheetError {
    match error {
        XlsxError::Password => SheetError::OldExcel,
        other => SheetError::BrokenBook(other.to_string()),
    }
}

/// Rows of a sheet, put together from its cells.
pub(crate) struct BookRows<'a> {
    cells: XlsxCellReader<'a, Raw>,
    limits: Limits,
    growing: Option<Row>,
    rows: u64,
    ended: bool,
}

impl BookRows<'_> {
    /// The next row with something in it.
    pub(crate) fn next_row(&mut self) -> Result<Option<Row>, SheetError> {
        while !self.ended {
            let Some(cell) = guarded(|| self.cells.next_cell())? else {
                self.ended = true;
                break;
            };
            let (row, column) = cell.get_position();
            let line = u64::from(row) + 1;
            let column = usize::try_from(column)
                .unwrap_or(usize::MAX)
                .saturating_add(1);
            let (text, trouble) = text_of(cell.get_value(), column);
            if text.is_empty() {
                continue;
            }
            let complete = match &self.growing {
                Some(growing) if growing.line > line => {
                    return Err(SheetError::BrokenBook(format!("第{line}行的顺序不对")));
                }
                Some(growing) if growing.line < line => self.growing.take(),
                _ => None,
            };
            let limits = self.limits;
            let growing = self.growing.get_or_insert(Row {
                line,
                cells: vec![],
                trouble: None,
            });
            put(growing, column, text, &limits);
            if let Some(trouble) = trouble {
                growing.trouble.get_or_insert(trouble);
            }
            if complete.is_some() {
                return self.counted(complete);
            }
        }
        let last = self.growing.take();
        self.counted(last)
    }

    fn counted(&mut self, row: Option<Row>) -> Result<Option<Row>, SheetError> {
        self.rows += u64::from(row.is_some());
        if self.rows > self.limits.rows {
            return Err(SheetError::TooManyRows(self.limits.rows));
        }
        Ok(row)
    }
}

/// Puts a text into its column (from 1) of a row, within the limits.
fn put(row: &mut Row, column: usize, mut text: String, limits: &Limits) {
    if column > limits.columns {
        row.trouble
            .get_or_insert(Trouble::TooManyCells(limits.columns));
        return;
    }
    if text.len() > limits.cell_bytes {
        let boundary = (0..=limits.cell_bytes)
            .rev()
            .find(|at| text.is_char_boundary(*at));
        text.truncate(boundary.unwrap_or(0));
        row.trouble.get_or_insert(Trouble::CellTooLong(column));
    }
    if row.cells.len() < column {
        row.cells.resize(column, String::new());
    }
    if let Some(cell) = row.cells.get_mut(column - 1) {
        *cell = text;
    }
}

/// A cell as the text that a person sees in a plain format.
fn text_of(value: &DataRef<'_>, column: usize) -> (String, Option<Trouble>) {
    let text = match value {
        DataRef::Empty => String::new(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            text.clone()
        }
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(yes) => (if *yes { "TRUE" } else { "FALSE" }).to_owned(),
        DataRef::Error(error) => error.to_string(),
        DataRef::DateTime(time) if time.is_datetime() => {
            let (year, month, day, hour, minute, second, _) = time.to_ymd_hms_milli();
            let date = format!("{year:04}-{month:02}-{day:02}");
            if (hour, minute, second) == (0, 0, 0) {
                date
            } else {
                format!("{date} {hour:02}:{minute:02}:{second:02}")
            }
        }
        DataRef::DateTime(duration) => shortened(&format!("{:.14e}", duration.as_f64())).0,
        DataRef::Int(number) => return lost_digits(number.to_string(), column),
        DataRef::Float(number) => {
            let (text, fits) = shortened(&format!("{number:.14e}"));
            return if fits {
                (text, None)
            } else {
                (text, Some(Trouble::DigitsLost(column)))
            };
        }
    };
    (text, None)
}

/// An integer longer than a cell can keep has lost its end already.
fn lost_digits(text: String, column: usize) -> (String, Option<Trouble>) {
    let digits = text.trim_start_matches('-').len();
    let trouble = (digits > BOOK_DIGITS).then_some(Trouble::DigitsLost(column));
    (text, trouble)
}

/// Fifteen significant digits, as a workbook keeps and shows them, in plain notation:
/// `2.17394233000000e6` becomes `2173942.33`. Second: whether the whole part fits.
fn shortened(scientific: &str) -> (String, bool) {
    let Some((mantissa, exponent)) = scientific.split_once('e') else {
        return (scientific.to_owned(), true);
    };
    let Ok(exponent) = exponent.parse::<i32>() else {
        return (scientific.to_owned(), true);
    };
    let (sign, mantissa) = match mantissa.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", mantissa),
    };
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let fits = usize::try_from(exponent).is_ok_and(|e| e < BOOK_DIGITS) || exponent < 0;
    if !fits {
        return (scientific.to_owned(), false);
    }
    let (whole, decimals) = if exponent < 0 {
        // Smaller than one: zeros stand between the point and the first digit.
        let zeros = usize::try_from(exponent.unsigned_abs()).unwrap_or(0) - 1;
        (
            "0".to_owned(),
            format!("{}{digits}", "0".repeat(zeros.min(400))),
        )
    } else {
        let at = (usize::try_from(exponent).unwrap_or(0) + 1).min(digits.len());
        let (whole, decimals) = digits.split_at(at);
        (whole.to_owned(), decimals.to_owned())
    };
    let decimals = decimals.trim_end_matches('0');
    if decimals.is_empty() && whole == "0" {
        return ("0".to_owned(), true);
    }
    let point = if decimals.is_empty() { "" } else { "." };
    (format!("{sign}{whole}{point}{decimals}"), true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_they_are_shown() {
        for (scientific, want) in [
            ("2.17394233000000e6", "2173942.33"),
            ("0.00000000000000e0", "0"),
            ("1.00000000000000e-2", "0.01"),
            ("-5.00000000000000e1", "-50"),
            ("3.00000000000000e-1", "0.3"),
            ("9.99999999999999e14", "999999999999999"),
        ] {
            assert_eq!(shortened(scientific), (want.to_owned(), true));
        }
        let third = text_of(&DataRef::Float(0.1 + 0.2), 1);
        assert_eq!(
            third,
            ("0.3".to_owned(), None),
            "the tail below the 15th digit is not seen"
        );
    }

    #[test]
    fn long_numbers_have_lost_their_end() {
        let (_, trouble) = text_of(&DataRef::Float(1.012_020_012_41e27), 3);
        assert_eq!(trouble, Some(Trouble::DigitsLost(3)));
        let (_, trouble) = text_of(&DataRef::Int(1_234_567_890_123_456), 2);
        assert_eq!(trouble, Some(Trouble::DigitsLost(2)));
        assert_eq!(text_of(&DataRef::Int(-50), 2), ("-50".to_owned(), None));
    }
}

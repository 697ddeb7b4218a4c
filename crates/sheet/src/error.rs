//! What can be wrong with a file or with one of its rows, with stable codes.

use crate::limits::NAMES_TOLD;
use std::fmt;

/// Why a file cannot be read or written as a table. The whole file is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SheetError {
    /// The disk or the stream failed; the system's own words.
    Io(String),
    /// Nothing is in the file.
    Empty,
    /// The file is larger than this number of bytes.
    TooLarge(u64),
    /// Unzipped it is larger than this number of bytes.
    UnzippedTooLarge(u64),
    /// More rows than this.
    TooManyRows(u64),
    /// Bytes that are no text, at this line (from 1) and byte offset (from 0) of the
    /// unzipped file.
    Encoding {
        /// Line, counted from 1.
        line: u64,
        /// Offset in bytes, counted from 0.
        offset: u64,
    },
    /// A quotation mark that opens at this line is never closed.
    UnclosedQuote(u64),
    /// Not a whole gzip file.
    BrokenGzip,
    /// Not a whole ZIP file, or one of its parts is damaged or locked by a password.
    BrokenZip,
    /// Not a whole XLSX workbook; what the reader says.
    BrokenBook(String),
    /// The old binary form of Excel, or a workbook locked by a password.
    OldExcel,
    /// Something else: PDF, picture, web page, other archive.
    NotATable(&'static str),
    /// The workbook has no sheet with this name, but these.
    NoSuchSheet {
        /// The name that was asked for.
        wanted: String,
        /// The names that there are.
        have: Vec<String>,
    },
    /// The ZIP file holds several tables: say which.
    WhichPart(Vec<String>),
}

impl SheetError {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Io(_) => "sheet.io",
            Self::Empty => "sheet.empty",
            Self::TooLarge(_) => "sheet.too_large",
            Self::UnzippedTooLarge(_) => "sheet.unzipped_too_large",
            Self::TooManyRows(_) => "sheet.too_many_rows",
            Self::Encoding { .. } => "sheet.encoding",
            Self::UnclosedQuote(_) => "sheet.unclosed_quote",
            Self::BrokenGzip => "sheet.broken_gzip",
            Self::BrokenZip => "sheet.broken_zip",
            Self::BrokenBook(_) => "sheet.broken_xlsx",
            Self::OldExcel => "sheet.old_excel",
            Self::NotATable(_) => "sheet.not_a_table",
            Self::NoSuchSheet { .. } => "sheet.no_such_sheet",
            Self::WhichPart(_) => "sheet.which_part",
        }
    }
}

impl fmt::Display for SheetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(why) => write!(f, "读写文件时出错（{why}），请检查文件是否还在、磁盘是否已满，然后重试。"),
            Self::Empty => f.write_str("文件里没有内容，请确认选对了文件，或重新下载后再导入。"),
            Self::TooLarge(limit) => {
                write!(f, "文件超过{}，请按月份拆成几个文件分别导入。", size(*limit))
            }
            Self::UnzippedTooLarge(limit) => {
                write!(f, "文件解压后超过{}，请确认来源可靠，或拆成几个文件分别导入。", size(*limit))
            }
            Self::TooManyRows(limit) => write!(f, "表格超过{limit}行，请拆成几个文件分别处理。"),
            Self::Encoding { line, offset } => write!(
                f,
                "第{line}行（第{offset}字节）有无法识别的文字，请从来源重新下载，或另存为 UTF-8 编码的 CSV 再导入。"
            ),
            Self::UnclosedQuote(line) => {
                write!(f, "从第{line}行开始的双引号没有配对，请在这一行补上或删去双引号再导入。")
            }
            Self::BrokenGzip => f.write_str("压缩文件不完整或已损坏，请重新下载后再导入。"),
            Self::BrokenZip => f.write_str("ZIP 文件已损坏或加了密码，请解压后导入里面的表格文件。"),
            Self::BrokenBook(why) => {
                write!(f, "XLSX 文件已损坏（{why}），请重新下载，或用表格软件打开后另存再导入。")
            }
            Self::OldExcel => f.write_str(
                "这是旧版 .xls 文件或加了密码的工作簿，请用表格软件打开后另存为不加密码的 .xlsx 或 CSV 再导入。",
            ),
            Self::NotATable(what) => {
                write!(f, "这是{what}，不是表格，请选择 CSV、XLSX 或它们的压缩文件。")
            }
            Self::NoSuchSheet { wanted, have } => {
                write!(f, "工作簿里没有名为“{wanted}”的工作表，请从这些里选一个：{}。", names(have))
            }
            Self::WhichPart(have) => {
                write!(f, "压缩文件里有不止一个表格，请指明要导入哪一个：{}。", names(have))
            }
        }
    }
}

impl std::error::Error for SheetError {}

/// A limit in words.
fn size(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes}字节"),
        1024..1_048_576 => format!("{}KB", bytes / 1024),
        _ => format!("{}MB", bytes / 1_048_576),
    }
}

/// The first few names.
fn names(all: &[String]) -> String {
    if all.is_empty() {
        return "（没有）".to_owned();
    }
    let mut told: Vec<&str> = all.iter().take(NAMES_TOLD).map(String::as_str).collect();
    if all.len() > NAMES_TOLD {
        told.push("……");
    }
    told.join("、")
}

/// Why one row cannot be taken as it stands. The rows after it can still be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// The cell in this column (from 1) is longer than allowed and was cut.
    CellTooLong(usize),
    /// More cells than this; the rest was dropped.
    TooManyCells(usize),
    /// The cell in this column (from 1) goes on after its closing quotation mark.
    StrayQuote(usize),
    /// The number in this column (from 1) of a workbook has more than 15 digits: the
    /// workbook has kept only the first 15.
    DigitsLost(usize),
}

impl Trouble {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::CellTooLong(_) => "sheet.cell_too_long",
            Self::TooManyCells(_) => "sheet.too_many_cells",
            Self::StrayQuote(_) => "sheet.stray_quote",
            Self::DigitsLost(_) => "sheet.digits_lost",
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CellTooLong(column) => {
                write!(f, "第{column}栏的文字太长，请缩短后再导入这一行。")
            }
            Self::TooManyCells(limit) => {
                write!(
                    f,
                    "这一行超过{limit}栏，请检查分隔符，删去多余的栏再导入这一行。"
                )
            }
            Self::StrayQuote(column) => {
                write!(
                    f,
                    "第{column}栏的双引号位置不对，请把文字里的双引号写成两个再导入这一行。"
                )
            }
            Self::DigitsLost(column) => write!(
                f,
                "第{column}栏的号码超过15位，表格软件已丢掉末尾数字，请从来源重新下载原始文件，不要用表格软件另存。"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sentence_says_what_to_do() {
        let all = [
            SheetError::Io("坏".into()),
            SheetError::Empty,
            SheetError::TooLarge(5 << 20),
            SheetError::UnzippedTooLarge(500),
            SheetError::TooManyRows(9),
            SheetError::Encoding {
                line: 3,
                offset: 40,
            },
            SheetError::UnclosedQuote(7),
            SheetError::BrokenGzip,
            SheetError::BrokenZip,
            SheetError::BrokenBook("x".into()),
            SheetError::OldExcel,
            SheetError::NotATable("PDF"),
            SheetError::NoSuchSheet {
                wanted: "甲".into(),
                have: vec![],
            },
            SheetError::WhichPart((0..30).map(|n| n.to_string()).collect()),
        ];
        let mut codes: Vec<_> = all.iter().map(SheetError::code).collect();
        for error in &all {
            let sentence = error.to_string();
            assert!(
                sentence.contains('请') && sentence.ends_with('。'),
                "{sentence}"
            );
        }
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), all.len());
        let rows = [
            Trouble::CellTooLong(1),
            Trouble::TooManyCells(2),
            Trouble::StrayQuote(3),
            Trouble::DigitsLost(4),
        ];
        for trouble in rows {
            assert!(trouble.to_string().contains('请') && trouble.code().starts_with("sheet."));
        }
    }
}

//! What is wrong with a file or a row, said in our words: `sheet` knows nothing of readers and their languages.

use super::refusal;
use crate::error::AppError;
use domain::sentence::Value;
use domain::{Sentence, say};
use sheet::{SheetError, Trouble};

/// Names of sheets and parts that are told, as `sheet` tells them.
const NAMES_TOLD: usize = 20;

/// A file that is no table we can read, as a refusal.
pub(crate) fn refused(error: SheetError) -> AppError {
    refusal(error.code(), file(&error))
}

/// Why a file cannot be read.
fn file(error: &SheetError) -> Sentence {
    match error {
        SheetError::Io(why) => say!(
            "读写文件时出错（{why}），请检查文件是否还在、磁盘是否已满，然后重试。",
            why
        ),
        SheetError::Empty => "文件里没有内容，请确认选对了文件，或重新下载后再导入。".into(),
        SheetError::TooLarge(limit) => say!(
            "文件超过{size}，请按月份拆成几个文件分别导入。",
            size = size(*limit)
        ),
        SheetError::UnzippedTooLarge(limit) => say!(
            "文件解压后超过{size}，请确认来源可靠，或拆成几个文件分别导入。",
            size = size(*limit)
        ),
        SheetError::TooManyRows(limit) => say!(
            "表格超过{limit}行，请拆成几个文件分别处理。",
            limit = number(*limit)
        ),
        SheetError::Encoding { line, offset } => say!(
            "第{line}行（第{offset}字节）有无法识别的文字，请从来源重新下载，或另存为 UTF-8 编码的 CSV 再导入。",
            line = number(*line),
            offset = number(*offset)
        ),
        SheetError::UnclosedQuote(line) => say!(
            "从第{line}行开始的双引号没有配对，请在这一行补上或删去双引号再导入。",
            line = number(*line)
        ),
        SheetError::BrokenGzip => "压缩文件不完整或已损坏，请重新下载后再导入。".into(),
        SheetError::BrokenZip => {
            "ZIP 文件已损坏或加了密码，请解压后导入里面的表格文件。".into()
        }
        SheetError::BrokenBook(why) => say!(
            "XLSX 文件已损坏（{why}），请重新下载，或用表格软件打开后另存再导入。",
            // The reader's own words, or one of ours.
            why = Sentence::known(why)
        ),
        SheetError::OldExcel => {
            "这是旧版 .xls 文件或加了密码的工作簿，请用表格软件打开后另存为不加密码的 .xlsx 或 CSV 再导入。".into()
        }
        SheetError::NotATable(what) => say!(
            "这是{what}，不是表格，请选择 CSV、XLSX 或它们的压缩文件。",
            what = *what
        ),
        SheetError::NoSuchSheet { wanted, have } => say!(
            "工作簿里没有名为“{wanted}”的工作表，请从这些里选一个：{names}。",
            wanted,
            names = names(have)
        ),
        SheetError::WhichPart(have) => say!(
            "压缩文件里有不止一个表格，请指明要导入哪一个：{names}。",
            names = names(have)
        ),
    }
}

/// Why a row cannot be taken as it stands.
pub(super) fn trouble(trouble: Trouble) -> Sentence {
    match trouble {
        Trouble::CellTooLong(column) => {
            say!("第{column}栏的文字太长，请缩短后再导入这一行。", column)
        }
        Trouble::TooManyCells(limit) => say!(
            "这一行超过{limit}栏，请检查分隔符，删去多余的栏再导入这一行。",
            limit
        ),
        Trouble::StrayQuote(column) => say!(
            "第{column}栏的双引号位置不对，请把文字里的双引号写成两个再导入这一行。",
            column
        ),
        Trouble::DigitsLost(column) => say!(
            "第{column}栏的号码超过15位，表格软件已丢掉末尾数字，请从来源重新下载原始文件，不要用表格软件另存。",
            column
        ),
    }
}

fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A limit in words.
fn size(bytes: u64) -> Sentence {
    match bytes {
        0..1024 => say!("{n}字节", n = number(bytes)),
        1024..1_048_576 => say!("{n}KB", n = number(bytes / 1024)),
        _ => say!("{n}MB", n = number(bytes / 1_048_576)),
    }
}

/// The first few names.
fn names(all: &[String]) -> Value {
    if all.is_empty() {
        return Value::Term("（没有）");
    }
    let told = all.iter().take(NAMES_TOLD).cloned().map(Sentence::from);
    let more = (all.len() > NAMES_TOLD).then(|| Sentence::from("……"));
    let parts = told.chain(more).collect();
    Value::Several(parts, "、")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The Chinese sentence is the one that `sheet` says itself.
    #[test]
    fn files_and_rows_are_told_in_the_words_of_sheet() {
        let many: Vec<String> = (0..22).map(|n| format!("表{n}")).collect();
        let all = [
            SheetError::Io("坏".into()),
            SheetError::Empty,
            SheetError::TooLarge(500),
            SheetError::TooLarge(2 << 10),
            SheetError::TooLarge(5 << 20),
            SheetError::UnzippedTooLarge(5 << 20),
            SheetError::TooManyRows(9),
            SheetError::Encoding { line: 3, offset: 7 },
            SheetError::UnclosedQuote(4),
            SheetError::BrokenGzip,
            SheetError::BrokenZip,
            SheetError::BrokenBook("坏".into()),
            SheetError::OldExcel,
            SheetError::NotATable("图片"),
            SheetError::NoSuchSheet {
                wanted: "甲".into(),
                have: many.clone(),
            },
            SheetError::NoSuchSheet {
                wanted: "甲".into(),
                have: Vec::new(),
            },
            SheetError::WhichPart(many[..2].to_vec()),
        ];
        for error in &all {
            assert_eq!(file(error).to_string(), error.to_string());
        }
        for row in [
            Trouble::CellTooLong(2),
            Trouble::TooManyCells(500),
            Trouble::StrayQuote(3),
            Trouble::DigitsLost(1),
        ] {
            assert_eq!(trouble(row).to_string(), row.to_string());
        }
    }
}

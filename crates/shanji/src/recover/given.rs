//! Words that were found elsewhere: printed pages, exports, copies of the site. Each is believed only if it opens its
//! commitment.

use crate::outcome::Failure;
use serde::Deserialize;
use std::path::Path;
use store::batch::GivenWord;

/// The largest file of words.
const BYTES_MAX: u64 = 64 << 20;

/// A line of the file.
#[derive(Deserialize)]
struct Line {
    leaf: i64,
    field: String,
    value: String,
}

/// Reads a file with one JSON object on each line.
///
/// # Errors
/// It cannot be read, is too large, or has a line of another form.
pub(super) fn read(path: &Path) -> Result<Vec<GivenWord>, Failure> {
    let failed = |why: &str| {
        let sentence = format!("文字的文件 {} {why}", path.display());
        Failure::usage("recover.words", sentence)
    };
    let size = std::fs::metadata(path).map_err(|_| failed("读不到，请检查路径和权限"))?;
    if size.len() > BYTES_MAX {
        return Err(failed("太大，请分成几个文件"));
    }
    let text = std::fs::read_to_string(path).map_err(|_| failed("不是文本，请核对"))?;
    let lines = text.lines().enumerate();
    lines
        .filter(|line| !line.1.trim().is_empty())
        .map(|(number, line)| {
            let line: Line = serde_json::from_str(line).map_err(|_| {
                let number = number + 1;
                failed(&format!(
                    "的第{number}行写法不对，应为 {{\"leaf\":12,\"field\":\"title\",\"value\":\"…\"}}"
                ))
            })?;
            Ok(GivenWord {
                leaf_index: line.leaf,
                field: line.field,
                value: line.value,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_word_or_is_named() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("words");
        let good = "{\"leaf\":12,\"field\":\"title\",\"value\":\"冬衣\"}\n\n";
        std::fs::write(&file, good).unwrap();
        let words = read(&file).unwrap();
        assert_eq!((words.len(), words[0].value.as_str()), (1, "冬衣"));
        std::fs::write(&file, format!("{good}冬衣\n")).unwrap();
        let failure = read(&file).unwrap_err();
        assert!(failure.sentence.contains("第3行"), "{failure}");
    }
}

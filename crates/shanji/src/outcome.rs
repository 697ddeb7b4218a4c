//! How a command ends: the number a script reads and the sentence a person reads.

use std::fmt;
use std::process::ExitCode;

/// 〔退出码〕 What the number that the program ends with means. Documented in `--help`; never renumbered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done, and nothing is wrong.
    Fine = 0,
    /// What was to be checked is wrong: a receipt, a log, a database, a disk.
    Found = 1,
    /// The command line cannot be understood, or asks for what does not go together.
    Usage = 2,
    /// Something cannot be read, written or reached: a file, a disk, a network, a database.
    Unreachable = 3,
    /// Understood and refused, by a rule or for want of a right.
    Refused = 4,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit as u8)
    }
}

/// 〔失败〕 Why a command ended early.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    /// What the program ends with.
    pub(crate) exit: Exit,
    /// The stable code, for machines and for searching.
    pub(crate) code: String,
    /// What happened and what to do next, in Chinese.
    pub(crate) sentence: String,
}

impl Failure {
    /// Something cannot be read, written or reached.
    pub(crate) fn unreachable(code: &str, sentence: impl Into<String>) -> Failure {
        Failure::new(Exit::Unreachable, code, sentence)
    }

    /// What was to be checked is wrong, and nothing more can be done with it.
    pub(crate) fn found(code: &str, sentence: impl Into<String>) -> Failure {
        Failure::new(Exit::Found, code, sentence)
    }

    /// What was asked does not go together.
    pub(crate) fn usage(code: &str, sentence: impl Into<String>) -> Failure {
        Failure::new(Exit::Usage, code, sentence)
    }

    /// A rule says no.
    pub(crate) fn refused(code: &str, sentence: impl Into<String>) -> Failure {
        Failure::new(Exit::Refused, code, sentence)
    }

    fn new(exit: Exit, code: &str, sentence: impl Into<String>) -> Failure {
        Failure {
            exit,
            code: code.to_owned(),
            sentence: sentence.into(),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}] {}", self.code, without_codes(&self.sentence))
    }
}

/// A sentence from further down without the codes that it has brought along: one code in front is enough.
fn without_codes(sentence: &str) -> String {
    let mut out = String::new();
    let mut rest = sentence;
    while let Some((before, behind)) = rest.split_once('[') {
        out.push_str(before);
        match behind.split_once("] ") {
            Some((code, after)) if is_code(code) => rest = after,
            _ => {
                out.push('[');
                rest = behind;
            }
        }
    }
    out.push_str(rest);
    out
}

/// `seal.short`, `DB-LOCKED`.
fn is_code(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    text.contains(['.', '-']) && text.bytes().all(is_plain)
}

/// What commands return.
pub(crate) type Ended = Result<Exit, Failure>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_has_one_code() {
        let check = |sentence: &str, shown: &str| {
            let failure = Failure::refused("key.sealed", sentence);
            assert_eq!(failure.to_string(), format!("[key.sealed] {shown}"));
        };
        check("口令太短", "口令太短");
        check("[seal.short] 口令太短", "口令太短");
        check(
            "数据库打不开：[DB-LOCKED] 正被使用",
            "数据库打不开：正被使用",
        );
        // What is no code stays.
        check("文件 [a] b.txt 和 [x", "文件 [a] b.txt 和 [x");
        check("[第3行] 不对", "[第3行] 不对");
    }
}

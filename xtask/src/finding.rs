//! What a check says: where, what is wrong, and what to do about it.

use std::fmt;

/// One thing that is not as agreed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    /// Path from the top of the checkout, with forward slashes.
    pub(crate) path: String,
    /// Line from 1; 0 when the finding is about the file as a whole.
    pub(crate) line: usize,
    /// What is wrong.
    pub(crate) what: String,
    /// What the reader should do.
    pub(crate) todo: String,
}

impl Finding {
    /// A finding at `path:line`.
    pub(crate) fn new(
        path: &str,
        line: usize,
        what: impl Into<String>,
        todo: impl Into<String>,
    ) -> Self {
        Finding {
            path: path.to_owned(),
            line,
            what: what.into(),
            todo: todo.into(),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Finding {
            path,
            line,
            what,
            todo,
        } = self;
        if *line == 0 {
            write!(f, "{path}: {what}; {todo}")
        } else {
            write!(f, "{path}:{line}: {what}; {todo}")
        }
    }
}

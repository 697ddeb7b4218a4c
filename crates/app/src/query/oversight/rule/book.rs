//! The book, read once for the whole process: it is part of the program.
//!
//! That it can be read is shown by a test; a program with data that cannot be read would know no rule and say so, and
//! would link to none.

use rulebook::{Rulebook, as_written};
use std::sync::LazyLock;

static BOOK: LazyLock<Rulebook> = LazyLock::new(|| Rulebook::load().unwrap_or_default());

/// The rules of the law.
pub(in crate::query::oversight) fn book() -> &'static Rulebook {
    &BOOK
}

/// The rules behind what a refusal or a duty cites, in the order of the book; none where no rule stands on it.
#[must_use]
pub fn rules_cited(law: &str) -> Vec<String> {
    let found = BOOK.by_article(&as_written(law));
    found.iter().map(ToString::to_string).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_built_in_can_be_read() {
        assert!(Rulebook::load().is_ok());
        assert!(book().rules().len() > 200 && book().deadlines().len() > 40);
    }

    #[test]
    fn what_is_cited_leads_to_rules() {
        assert_eq!(rules_cited("会计法 第三十五条；AS-14"), ["AS-14"]);
        assert_eq!(rules_cited("慈善法 第七十九条"), ["DI-05", "DI-07"]);
        assert!(rules_cited("本平台约定").is_empty());
    }
}

//! What cites a law leads to the rules behind it: one way for refusals, duties, reports and forms.

use std::fmt;

use askama::filters::{Escaper, Html, HtmlSafe};
use domain::Sentence;
use domain::fundraising::ReportKind;
use domain::oversight::DutyKind;

use crate::show::query_text;
use crate::view::{Language, localised};

/// 〔依据〕 A citation in the reader's words, as a link where the book knows a rule behind it.
pub(crate) struct Cited {
    words: String,
    path: Option<String>,
}

/// The page of the rule behind a citation, or the list of the rules where there are several.
pub(crate) fn law_path(law: &str) -> Option<String> {
    match app::rules_cited(law).as_slice() {
        [] => None,
        [only] => Some(format!("/rules/{only}")),
        _ => Some(format!("/rules?q={}", query_text(law))),
    }
}

/// The rules by which campaigns report; without one in the book it is the list of all.
pub(crate) fn reports_path() -> String {
    let law = DutyKind::Disclosure(ReportKind::Final).law();
    law.and_then(law_path)
        .unwrap_or_else(|| "/rules".to_owned())
}

impl Cited {
    /// A citation for a reader of this language.
    pub(crate) fn new(law: &str, language: Language) -> Cited {
        Cited {
            words: localised(&Sentence::known(law), language),
            path: law_path(law),
        }
    }
}

impl HtmlSafe for Cited {}

impl fmt::Display for Cited {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.path {
            None => Html.write_escaped_str(f, &self.words),
            Some(path) => {
                f.write_str("<a href=\"")?;
                Html.write_escaped_str(&mut *f, path)?;
                f.write_str("\">")?;
                Html.write_escaped_str(&mut *f, &self.words)?;
                f.write_str("</a>")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(law: &str, want: &str) {
        let shown = Cited::new(law, Language::default()).to_string();
        assert_eq!(shown, want);
    }

    #[test]
    fn what_is_cited_is_a_link() {
        check(
            "会计法 第三十五条；AS-14",
            "<a href=\"/rules/AS-14\">会计法 第三十五条；AS-14</a>",
        );
        let several = law_path("慈善法 第七十九条").unwrap();
        assert!(several.starts_with("/rules?q=%E6"), "{several}");
        check("本平台约定", "本平台约定");
        check("<b>&", "&#60;b&#62;&#38;");
    }
}

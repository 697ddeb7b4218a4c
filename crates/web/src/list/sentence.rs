//! What a page says about an address that could not be used as it was.

use app::list::{Note, Wanted};
use domain::sentence::Value;
use domain::{Sentence, say};

/// A note as a sentence with what to do.
pub(crate) fn of(note: &Note) -> Sentence {
    match note {
        Note::Unknown(name) => {
            say!(
                "地址里的“{name}”不是这张清单的条件，没有使用；请用下面的筛选。",
                name
            )
        }
        Note::Sort(column) => {
            say!(
                "不能按“{column}”排序，已按通常的次序排列；请点表头排序。",
                column
            )
        }
        Note::Unreadable(label, text, Wanted::Day) => say!(
            "“{label}”写的“{text}”不是日期，没有按它筛选；请写成 2026-11-22 这样。",
            label = Value::Term(label),
            text
        ),
        Note::Unreadable(label, text, Wanted::Amount) => say!(
            "“{label}”写的“{text}”不是金额，没有按它筛选；请只填数字，例如 50 或 50.00。",
            label = Value::Term(label),
            text
        ),
        Note::Unreadable(label, text, Wanted::Choice) => say!(
            "“{label}”没有“{text}”这一项，没有按它筛选；请从下拉框里选。",
            label = Value::Term(label),
            text
        ),
        Note::TooLong(label) => say!(
            "“{label}”写得太长，没有按它筛选；请缩短到一百个字以内。",
            label = Value::Term(label)
        ),
        Note::Size(text) => say!(
            "一页不能显示“{text}”行，已显示五十行；可以选二十、五十、一百或二百行。",
            text
        ),
        Note::Place => "翻页的位置与现在的条件不符，已从第一页显示；请重新翻页。".into(),
    }
}

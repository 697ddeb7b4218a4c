//! Deadlines that rest on a rule, and the last day of each from a day on.

use super::ask::RulePlace;
use super::words::{effect, quantity, who};
use crate::oversight::calendar;
use crate::view::{RuleClock, RuleDeadline};
use domain::sentence::Value;
use domain::{Sentence, say};
use kernel::Day;
use rulebook::{Counted, Deadline, DueError, InForce, LawOf, Quantity, Timing};

/// Characters of what was typed as a day that are shown again.
const TYPED_CHARS_MAX: usize = 40;

/// A deadline in the law of a day and a place, with its last day if one was asked for.
pub(super) fn deadline(one: &Deadline, law: &InForce<'_>, asked: &RulePlace) -> RuleDeadline {
    let number = |name: &Option<String>| {
        let number = law.number(one.rule, name.as_deref()?)?;
        Some(number.quantity)
    };
    let typed = asked.from.as_deref().map(str::trim);
    let typed =
        typed.filter(|text| !text.is_empty() && asked.deadline.as_deref() == Some(&one.key));
    let day = typed.map(Day::parse);
    let unreadable = typed.filter(|_| matches!(day, Some(Err(_))));
    let extension = number(&one.extension);
    RuleDeadline {
        key: one.key.clone(),
        duty: one.duty.clone(),
        since: one.since.clone(),
        owes: who(&one.owes),
        length: length(one.timing, number(&one.number)),
        notes: notes(one, extension),
        clock: day.and_then(Result::ok).map(|from| clock(one, from, law)),
        unreadable: unreadable.map(|text| text.chars().take(TYPED_CHARS_MAX).collect()),
    }
}

fn length(timing: Timing, number: Option<Quantity>) -> Sentence {
    let Some(number) = number.map(quantity) else {
        return match timing {
            Timing::MonthEnd => "当月最后一日以前".into(),
            Timing::YearEnd => "当年最后一日以前".into(),
            Timing::Expiry => "届满当日以前".into(),
            _ => "这一天适用的版本没有收入这个期限".into(),
        };
    };
    match timing {
        Timing::Before => say!("至少提前{length}", length = number),
        Timing::Every => say!("每{length}一次", length = number),
        Timing::Yearly => say!("每年{day}以前", day = number),
        _ => say!("{length}内", length = number),
    }
}

fn notes(one: &Deadline, extension: Option<Quantity>) -> Vec<Sentence> {
    let mut notes = Vec::new();
    if let Some(extension) = extension {
        notes.push(say!(
            "可以延长，最多再加{length}。",
            length = quantity(extension)
        ));
    }
    if one.counted == Counted::Working {
        notes.push("条文写的是“日”，属于行政许可，按工作日计算，同时列出按自然日的日期。".into());
    }
    if one.law_of == LawOf::Due {
        notes.push("按到期那一天施行的规定计算。".into());
    }
    if !one.reminders.is_empty() {
        let all = one.reminders.iter().map(|one| quantity(*one)).collect();
        notes.push(say!(
            "到期前{times}提醒。",
            times = Value::Several(all, "、")
        ));
    }
    notes
}

fn clock(one: &Deadline, from: Day, law: &InForce<'_>) -> RuleClock {
    let text = |day: Day| day.to_string();
    match one.due(from, law, calendar()) {
        Ok(due) => RuleClock {
            from: text(from),
            last: Some(text(due.day)),
            other: due.other.filter(|other| *other != due.day).map(text),
            latest: due.latest.map(text),
            sentence: effect(due.severity),
        },
        Err(error) => RuleClock {
            from: text(from),
            last: None,
            other: None,
            latest: None,
            sentence: told(&error),
        },
    }
}

/// Why there is no last day, and what to do.
fn told(error: &DueError) -> Sentence {
    match error {
        DueError::NotInBook(_) => {
            "规则库里没有这一天适用的期限，请查阅当时的规定后自己计算。".into()
        }
        DueError::Unit(number) => say!(
            "“{number}”不是一段时间，算不出最后一日，请按原文办理。",
            number = quantity(*number)
        ),
        DueError::Year(missing) => say!(
            "还没有{year}年的放假安排，算不出最后一日，请等国务院办公厅公布以后再算。",
            year = Value::Words(missing.year.to_string())
        ),
    }
}

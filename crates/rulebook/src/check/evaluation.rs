//! Grades of evaluated organisations and how long they last (SU-07).

use crate::book::InForce;
use crate::finding::{Finding, Saying};
use crate::id::{Group, RuleId};
use crate::judge::Judge;
use kernel::Day;

const GRADES: RuleId = RuleId::new(Group::Supervision, 7);

const WRONG_TERM: Saying = Saying {
    code: "grade_term",
    problem: "{announced} 公告的等级，有效期应为 {from} 至 {to}",
    next: "请改正有效期",
};
const OUTSIDE: Saying = Saying {
    code: "grade_outside_term",
    problem: "{day} 不在等级有效期 {from} 至 {to} 内",
    next: "请不要再使用这个等级，可以申请新的评估",
};
const TOO_LATE: Saying = Saying {
    code: "grade_reapplied_late",
    problem: "重新申请评估应在有效期的前 {span}，即 {until} 以前，申请日：{day}",
    next: "请等有效期满后再申请",
};

/// 〔评估等级〕 A grade, as it is recorded and used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GradeFacts {
    /// The day of the announcement 公告.
    pub announced: Day,
    /// The first day that is recorded.
    pub valid_from: Day,
    /// The last day that is recorded.
    pub valid_to: Day,
    /// A day on which the grade is used or shown.
    pub used: Option<Day>,
    /// The day of an application for another evaluation.
    pub reapplied: Option<Day>,
}

/// First and last day of a grade that was announced on this day: from 1 January of the next year to 31 December of
/// the last year of the term.
#[must_use]
pub fn grade_term(law: &InForce<'_>, announced: Day) -> Option<(Day, Day)> {
    let number = law.moved(announced).number(GRADES, "valid_for")?;
    let from = Day::from_ymd(announced.ymd().0.saturating_add(1), 1, 1)?;
    let to = number.quantity.after(from.plus_days(-1))?;
    Some((from, to))
}

/// Is the term recorded as the law counts it, and is the grade used within it?
#[must_use]
pub fn check_grade(law: &InForce<'_>, facts: &GradeFacts) -> Vec<Finding> {
    let law = law.moved(facts.announced);
    let mut judge = Judge::of(&law);
    let Some(held) = judge.rule(GRADES) else {
        return judge.findings();
    };
    let Some((from, to)) = grade_term(&law, facts.announced) else {
        // the number is told as missing
        judge.number(held, "valid_for");
        return judge.findings();
    };
    if (facts.valid_from, facts.valid_to) != (from, to) {
        let values = vec![
            ("announced", facts.announced.into()),
            ("from", from.into()),
            ("to", to.into()),
        ];
        judge.say(held, &WRONG_TERM, values);
    }
    if let Some(day) = facts.used.filter(|day| !(from..=to).contains(day)) {
        let values = vec![
            ("day", day.into()),
            ("from", from.into()),
            ("to", to.into()),
        ];
        judge.say(held, &OUTSIDE, values);
    }
    if let Some(day) = facts.reapplied.filter(|day| *day <= to)
        && let Some(span) = judge.number(held, "apply_again_within")
        && let Some(until) = span.quantity.after(from.plus_days(-1))
        && day > until
    {
        let values = vec![
            ("span", span.quantity.into()),
            ("until", until.into()),
            ("day", day.into()),
        ];
        judge.say_by(held, span, &TOO_LATE, values);
    }
    judge.findings()
}

#[cfg(test)]
pub(crate) mod pairs {
    use super::*;
    use crate::check::coverage::{Pair, day, law_on};

    fn check(change: fn(&mut GradeFacts)) -> Vec<Finding> {
        let mut facts = GradeFacts {
            announced: day("2026-09-10"),
            valid_from: day("2027-01-01"),
            valid_to: day("2031-12-31"),
            used: Some(day("2031-12-31")),
            reapplied: Some(day("2030-12-31")),
        };
        change(&mut facts);
        check_grade(&law_on("2026-11-22"), &facts)
    }

    pub(crate) fn pairs() -> Vec<Pair> {
        let one =
            |change, code: &'static str| Pair::of("SU-07", check(|_| {}), check(change), &[code]);
        vec![
            one(|f| f.valid_from = day("2026-09-10"), "grade_term"),
            one(|f| f.valid_to = day("2031-09-09"), "grade_term"),
            one(|f| f.used = Some(day("2032-01-01")), "grade_outside_term"),
            one(|f| f.used = Some(day("2026-12-31")), "grade_outside_term"),
            one(
                |f| f.reapplied = Some(day("2031-01-01")),
                "grade_reapplied_late",
            ),
        ]
    }

    #[test]
    fn older_grades_are_left_to_people() {
        assert_eq!(grade_term(&law_on("2026-11-22"), day("2025-12-31")), None);
    }
}

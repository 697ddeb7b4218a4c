//! The bench on which every check works: it asks the book for rules and numbers and gathers findings.
//!
//! A rule or a number that the book does not have for the day is a finding too. So nothing passes because nobody
//! knew the law of that day.

use crate::book::InForce;
use crate::deadline::{DueError, last_day};
use crate::finding::{Finding, Saying, Value};
use crate::id::RuleId;
use crate::limits::FINDINGS_MAX;
use crate::quantity::Quantity;
use crate::rule::{Number, Rule};
use crate::status::Severity;
use kernel::{Day, WorkCalendar};

const NOT_IN_BOOK: Saying = Saying {
    code: "rule_not_in_book",
    problem: "规则库里没有 {day} 适用的 {rule}",
    next: "请查阅当时的规定后人工判断",
};
const NUMBER_NOT_IN_BOOK: Saying = Saying {
    code: "number_not_in_book",
    problem: "{day} 适用的 {rule} 没有收入数值 {number}",
    next: "请查阅当时的规定后人工判断",
};
const YEAR_MISSING: Saying = Saying {
    code: "calendar_year_missing",
    problem: "还没有 {year} 年的放假安排，算不出 {rule} 的最后一日",
    next: "请管理员导入国务院办公厅公布的节假日",
};

/// Findings of one check, as they are gathered.
pub(crate) struct Judge<'a> {
    law: InForce<'a>,
    found: Vec<Finding>,
}

/// A rule of the day, with which numbers are asked for and findings are said.
#[derive(Clone, Copy)]
pub(crate) struct Held<'a> {
    pub(crate) rule: &'a Rule,
    on: Day,
}

/// What is said, with its values.
pub(crate) type Values = Vec<(&'static str, Value)>;

impl<'a> Judge<'a> {
    pub(crate) fn of(law: &InForce<'a>) -> Judge<'a> {
        Judge {
            law: *law,
            found: Vec::new(),
        }
    }

    /// The rule of the day. Without one it is told, and the check has nothing to judge by.
    pub(crate) fn rule(&mut self, id: RuleId) -> Option<Held<'a>> {
        let on = self.law.day();
        match self.law.rule(id) {
            Some(rule) => Some(Held { rule, on }),
            None => {
                self.tell(id, Severity::Warn, &NOT_IN_BOOK, vec![
                    ("day", on.into()),
                    ("rule", id.to_string().as_str().into()),
                ]);
                None
            }
        }
    }

    /// The version of the rule under which its clock, started on `since`, ends: a duty follows the order that is
    /// in force on the day on which it falls due.
    pub(crate) fn rule_when_due(
        &mut self,
        id: RuleId,
        name: &str,
        since: Day,
    ) -> Option<Held<'a>> {
        let book = self.law.book();
        let place = self.law.place();
        let fitting = book.history(id).filter(|rule| {
            let due = rule
                .number(name)
                .and_then(|number| number.quantity.after(since));
            rule.jurisdiction.holds_at(&place) && due.is_some_and(|due| rule.holds_on(due))
        });
        match fitting.max_by_key(|rule| rule.jurisdiction.nearness()) {
            Some(rule) => Some(Held {
                rule,
                on: self.law.day(),
            }),
            None => {
                self.tell(id, Severity::Warn, &NOT_IN_BOOK, vec![
                    ("day", since.into()),
                    ("rule", id.to_string().as_str().into()),
                ]);
                None
            }
        }
    }

    /// A number of a rule. Without one it is told.
    pub(crate) fn number(&mut self, held: Held<'a>, name: &str) -> Option<&'a Number> {
        let number = held.rule.number(name);
        if number.is_none() {
            self.tell(held.rule.id, Severity::Warn, &NUMBER_NOT_IN_BOOK, vec![
                ("day", held.on.into()),
                ("rule", held.rule.id.to_string().as_str().into()),
                ("number", name.into()),
            ]);
        }
        number
    }

    /// The last day of a clock that started on `since`: a last day that is a holiday moves behind it.
    pub(crate) fn last_day(
        &mut self,
        held: Held<'a>,
        number: &Number,
        since: Day,
        calendar: &WorkCalendar,
    ) -> Option<Day> {
        match last_day(since, number.quantity, calendar) {
            Ok(day) => Some(day),
            Err(DueError::Year(missing)) => {
                let id = held.rule.id;
                let year = missing.year.to_string();
                self.tell(id, Severity::Warn, &YEAR_MISSING, vec![
                    ("year", year.as_str().into()),
                    ("rule", id.to_string().as_str().into()),
                ]);
                None
            }
            Err(_) => {
                let unit: Quantity = number.quantity;
                debug_assert!(false, "{} is no span: {unit}", number.name);
                None
            }
        }
    }

    /// Says that a condition of the rule is not met.
    pub(crate) fn say(&mut self, held: Held<'a>, saying: &Saying, values: Values) {
        let severity = held.rule.enforced(held.on);
        self.tell(held.rule.id, severity, saying, values);
    }

    /// Says that a condition is not met in which this number decides.
    pub(crate) fn say_by(
        &mut self,
        held: Held<'a>,
        number: &Number,
        saying: &Saying,
        values: Values,
    ) {
        let severity = held.rule.enforced_by(number, held.on);
        self.tell(held.rule.id, severity, saying, values);
    }

    /// Says it as a warning whatever the rule would allow: what is only near, or only odd.
    pub(crate) fn warn(&mut self, held: Held<'a>, saying: &Saying, values: Values) {
        let severity = held.rule.enforced(held.on).min(Severity::Warn);
        self.tell(held.rule.id, severity, saying, values);
    }

    fn tell(&mut self, rule: RuleId, severity: Severity, saying: &Saying, values: Values) {
        if self.found.len() < FINDINGS_MAX {
            self.found.push(Finding {
                rule,
                code: saying.code,
                severity,
                problem: saying.problem,
                next: saying.next,
                values,
            });
        }
    }

    pub(crate) fn findings(self) -> Vec<Finding> {
        self.found
    }
}

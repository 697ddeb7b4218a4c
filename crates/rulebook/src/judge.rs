//! The bench on which every check works: it asks the book for rules and numbers and gathers findings.
//!
//! A rule or a number that the book does not have for the day is a finding too. So nothing passes because nobody
//! knew the law of that day.

use crate::book::InForce;
use crate::deadline::{Due, DueError, last_day};
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

/// Something that has to be done within a time.
pub(crate) struct Clock<'c> {
    /// The day on which the time begins.
    pub(crate) since: Day,
    /// The day on which it was done.
    pub(crate) done: Option<Day>,
    pub(crate) calendar: &'c WorkCalendar,
}

/// Something that has to be done until a day.
pub(crate) struct Late {
    pub(crate) due: Day,
    pub(crate) done: Option<Day>,
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
                self.tell(
                    id,
                    Severity::Warn,
                    &NOT_IN_BOOK,
                    vec![("day", on.into()), ("rule", id.to_string().as_str().into())],
                );
                None
            }
        }
    }

    /// The version of the rule under which its clock ends: a duty follows the order that is in force on the day on
    /// which it falls due. `due` says when that is by a number of a version.
    pub(crate) fn rule_when_due(
        &mut self,
        id: RuleId,
        name: &str,
        due: impl Fn(Quantity) -> Option<Day>,
    ) -> Option<Held<'a>> {
        let found = self.law.rule_when_due(id, name, due);
        let on = self.law.day();
        if found.is_none() {
            self.tell(
                id,
                Severity::Warn,
                &NOT_IN_BOOK,
                vec![
                    ("day", Value::from("到期日")),
                    ("rule", id.to_string().as_str().into()),
                ],
            );
        }
        found.map(|rule| Held { rule, on })
    }

    /// A number of a rule. Without one it is told.
    pub(crate) fn number(&mut self, held: Held<'a>, name: &str) -> Option<&'a Number> {
        let number = held.rule.number(name);
        if number.is_none() {
            self.tell(
                held.rule.id,
                Severity::Warn,
                &NUMBER_NOT_IN_BOOK,
                vec![
                    ("day", held.on.into()),
                    ("rule", held.rule.id.to_string().as_str().into()),
                    ("number", name.into()),
                ],
            );
        }
        number
    }

    /// Says it if what was owed within a number of the rule was not done in time, or not yet and the time is over.
    pub(crate) fn clock(&mut self, held: Held<'a>, name: &str, clock: &Clock<'_>, saying: &Saying) {
        let Some(number) = self.number(held, name) else {
            return;
        };
        match last_day(clock.since, number.quantity, clock.calendar) {
            Ok(due) => self.late(
                held,
                number,
                &Late {
                    due,
                    done: clock.done,
                },
                saying,
            ),
            Err(error) => self.no_day(held.rule.id, &error),
        }
    }

    /// Says it if what was owed until a day was done later, or not yet and the day is over.
    pub(crate) fn late(&mut self, held: Held<'a>, number: &Number, late: &Late, saying: &Saying) {
        let done = match late.done {
            Some(done) if done > late.due => Value::from(done),
            None if self.law.day() > late.due => Value::from("尚未"),
            _ => return,
        };
        let values = vec![("due", late.due.into()), ("done", done)];
        self.say_by(held, number, saying, values);
    }

    /// The last day of a deadline of the book, by the law of the day on which it started.
    pub(crate) fn due(&mut self, key: &str, since: Day, calendar: &WorkCalendar) -> Option<Due> {
        let deadline = self.law.book().deadline(key)?;
        match deadline.due(since, &self.law, calendar) {
            Ok(due) => Some(due),
            Err(error) => {
                self.no_day(deadline.rule, &error);
                None
            }
        }
    }

    fn no_day(&mut self, rule: RuleId, error: &DueError) {
        let name = rule.to_string();
        match error {
            DueError::Year(missing) => {
                let year = missing.year.to_string();
                self.tell(
                    rule,
                    Severity::Warn,
                    &YEAR_MISSING,
                    vec![
                        ("year", year.as_str().into()),
                        ("rule", name.as_str().into()),
                    ],
                );
            }
            DueError::NotInBook(_) | DueError::Unit(_) => {
                self.tell(
                    rule,
                    Severity::Warn,
                    &NOT_IN_BOOK,
                    vec![
                        ("day", self.law.day().into()),
                        ("rule", name.as_str().into()),
                    ],
                );
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

//! A rule in one of its versions.

use crate::citation::Citation;
use crate::id::RuleId;
use crate::jurisdiction::Jurisdiction;
use crate::law::Start;
use crate::quantity::Quantity;
use crate::status::{Severity, Status, enforced};
use crate::who::Who;
use kernel::Day;

/// 〔数值来源〕 Who set a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The law on which the rule stands.
    Law,
    /// This law in particular.
    Cited(Citation),
    /// 本系统的服务标准: this house; no law sets it, and it stops nobody.
    House,
}

/// 〔规则数值〕 A number with a name, so that code asks for `file_before_start` and never writes ten.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number {
    /// The name by which code asks for it.
    pub name: String,
    /// The number and its unit.
    pub quantity: Quantity,
    /// The Chinese name.
    pub title: String,
    /// How well it was read.
    pub status: Status,
    /// Who set it.
    pub origin: Origin,
}

/// 〔规则〕 One version of a rule: what holds from one day to another, in one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Its name, which all versions share.
    pub id: RuleId,
    /// The short Chinese title.
    pub title: String,
    /// What it says and what one must do, in our own words.
    pub text: String,
    /// The articles on which it stands, at least one.
    pub sources: Vec<Citation>,
    /// Where it holds.
    pub jurisdiction: Jurisdiction,
    /// Since when this version holds.
    pub start: Start,
    /// The last day of this version; absent while it goes on.
    pub end: Option<Day>,
    /// Whom it binds.
    pub binds: Vec<Who>,
    /// What breaking it does, once it has been read.
    pub severity: Severity,
    /// How well it was read.
    pub status: Status,
    /// What has not been read yet, or why the text is as it is.
    pub note: Option<String>,
    /// Keys of the places where it was read.
    pub read: Vec<String>,
    /// Its numbers, in the order of the text.
    pub numbers: Vec<Number>,
}

impl Rule {
    /// True if this version may have been in force on that day.
    #[must_use]
    pub fn holds_on(&self, day: Day) -> bool {
        self.start.reached(day) && self.end.is_none_or(|end| day <= end)
    }

    /// The number of this name.
    #[must_use]
    pub fn number(&self, name: &str) -> Option<&Number> {
        self.numbers.iter().find(|number| number.name == name)
    }

    /// 〔实际效力〕 What breaking it does on that day. Whatever was only recalled stops nobody, nor does a rule of
    /// which only the year is known, in that year.
    #[must_use]
    pub fn enforced(&self, on: Day) -> Severity {
        let severity = enforced(self.severity, self.status);
        if self.start.is_sure(on) {
            severity
        } else {
            severity.min(Severity::Warn)
        }
    }

    /// The same where one number decides: it must have been read too, and a number of ours stops nobody.
    #[must_use]
    pub fn enforced_by(&self, number: &Number, on: Day) -> Severity {
        let severity = enforced(self.enforced(on), number.status);
        match number.origin {
            Origin::House => severity.min(Severity::Warn),
            Origin::Law | Origin::Cited(_) => severity,
        }
    }
}

//! The entries of a history: which step was taken, by whom, when, and what was said.

use crate::people::{Person, Who};
use kernel::{Day, Timestamp};

/// 〔办理记录〕 One step that was taken. The history of a matter is a list of these and nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// The name of the step.
    pub step: &'static str,
    /// Who took it.
    pub who: Who,
    /// When.
    pub at: Timestamp,
    /// The day that it concerns, for steps whose day is stated.
    pub dated: Option<Day>,
    /// The reason that was given.
    pub reason: Option<String>,
    /// All gaps, for returns.
    pub gaps: Vec<Gap>,
    /// The facts that were stated to be true, sorted.
    pub facts: Vec<&'static str>,
    /// By how many of its units a clock was made longer.
    pub longer_by: Option<u16>,
}

impl Taken {
    /// What a search and a recount look at: step, people and facts.
    #[must_use]
    pub fn deed(&self) -> Deed {
        Deed {
            step: self.step,
            who: self.who,
            facts: self.facts.clone(),
        }
    }

    /// The day on which its clocks start.
    #[must_use]
    pub fn start_day(&self) -> Day {
        self.dated.unwrap_or_else(|| self.at.day())
    }
}

/// 〔行为〕 A step and its people, without time and words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deed {
    /// The name of the step.
    pub step: &'static str,
    /// Who took it.
    pub who: Who,
    /// The facts that were stated to be true, sorted.
    pub facts: Vec<&'static str>,
}

/// 〔缺失内容〕 What is missing or wrong in an application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// The item, for example 章程.
    pub item: String,
    /// What is missing and how to mend it.
    pub missing: String,
}

/// 〔办理请求〕 Somebody wants to take a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The name of the step.
    pub step: String,
    /// Who wants it, and for whom.
    pub who: Who,
    /// Now.
    pub at: Timestamp,
    /// The day that it concerns, for steps whose day is stated.
    pub dated: Option<Day>,
    /// The reason, if one is given.
    pub reason: Option<String>,
    /// All gaps, for returns.
    pub gaps: Vec<Gap>,
    /// The facts that are true, of those that the step states.
    pub facts: Vec<String>,
    /// By how many of its units the clock is to be longer, for extensions.
    pub longer_by: Option<u16>,
}

impl Request {
    /// A step, who takes it and when, and nothing else said.
    #[must_use]
    pub fn new(step: &str, by: Person, at: Timestamp) -> Request {
        Request {
            step: step.to_string(),
            who: Who::alone(by),
            at,
            dated: None,
            reason: None,
            gaps: Vec::new(),
            facts: Vec::new(),
            longer_by: None,
        }
    }

    /// The same for somebody else, as a delegate.
    #[must_use]
    pub fn acting_for(mut self, represented: Person) -> Request {
        self.who.for_whom = Some(represented);
        self
    }

    /// The same with a reason.
    #[must_use]
    pub fn because(mut self, reason: &str) -> Request {
        self.reason = Some(reason.to_string());
        self
    }

    /// The same about an earlier day.
    #[must_use]
    pub fn dated(mut self, day: Day) -> Request {
        self.dated = Some(day);
        self
    }

    /// The same with these facts.
    #[must_use]
    pub fn stating(mut self, facts: &[&str]) -> Request {
        self.facts = facts.iter().map(ToString::to_string).collect();
        self
    }

    /// The same with one more gap.
    #[must_use]
    pub fn missing(mut self, item: &str, missing: &str) -> Request {
        self.gaps.push(Gap {
            item: item.to_string(),
            missing: missing.to_string(),
        });
        self
    }

    /// The same with so many more units for the clock.
    #[must_use]
    pub fn longer_by(mut self, units: u16) -> Request {
        self.longer_by = Some(units);
        self
    }
}

//! Forms of applications 申请表: what a procedure asks for, as constants that pages, checks and returns read alike.
//!
//! A form never asks for what can be computed: facts that change the route of a matter follow from its answers, and
//! thresholds are held against the numbers that were given. Everything that is missing is told at once, each with the
//! article that asks for it.

mod annual;
mod answers;
mod change;
mod check;
mod correction;
mod grading;
pub mod limits;
mod measure;
mod officers;
mod qualification;
mod recognition;
mod termination;

pub use annual::LEDGER;
pub use answers::Answers;
pub use check::{Around, Known, Paper, SuccessorSaid, problems};
pub use grading::graded;
pub use officers::item_of_post;
pub use termination::SUCCESSORS_MAX;

use crate::text::Problem;

/// 〔申请表〕 What one procedure asks for.
#[derive(Debug)]
pub struct Form {
    /// Name of the procedure.
    pub procedure: &'static str,
    /// What one gets by it, in one sentence.
    pub about: &'static str,
    /// Who may apply.
    pub applicants: &'static str,
    /// What has to be so.
    pub conditions: &'static [Condition],
    /// What is asked.
    pub fields: &'static [Field],
    /// Which documents are asked for.
    pub slots: &'static [Slot],
    /// Which fact of the procedure holds when one of these fields is filled.
    pub facts: &'static [(&'static str, &'static [&'static str])],
    /// What looks at several answers together.
    pub check: fn(&Answers, &Known) -> Vec<Problem>,
}

/// 〔条件〕 Something that has to be so, and the article that says it.
#[derive(Debug, Clone, Copy)]
pub struct Condition {
    /// What, in one sentence.
    pub text: &'static str,
    /// The article.
    pub law: &'static str,
}

/// 〔填写项〕 One question.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Stable name.
    pub name: &'static str,
    /// What it is called.
    pub label: &'static str,
    /// What to know before typing.
    pub help: &'static str,
    /// How it is answered.
    pub kind: Kind,
    /// When it has to be answered.
    pub needed: Needed,
    /// The article that asks for it.
    pub law: &'static str,
}

/// 〔材料〕 One document.
#[derive(Debug, Clone, Copy)]
pub struct Slot {
    /// Stable name; no field has the same one.
    pub name: &'static str,
    /// What it is called.
    pub label: &'static str,
    /// What it has to show.
    pub help: &'static str,
    /// When it has to be there.
    pub needed: Needed,
    /// The article that asks for it.
    pub law: &'static str,
}

/// 〔填写方式〕 How a question is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One line.
    Line,
    /// Several lines.
    Area,
    /// A day.
    Day,
    /// A whole number, zero or more.
    Count,
    /// Yuan.
    Yuan,
    /// 〔账本〕 Yuan that the ledger knows: the house fills it in, nobody types it.
    Ledger,
    /// Yes or no.
    YesNo,
    /// One of some: code and what it is called.
    Choice(&'static [(&'static str, &'static str)]),
}

/// 〔必填〕 When something has to be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needed {
    /// Always.
    Always,
    /// Never.
    Optional,
    /// When one of these fields is filled.
    With(&'static [&'static str]),
}

impl Needed {
    /// Whether it has to be there with these answers.
    #[must_use]
    pub fn holds(self, answers: &Answers) -> bool {
        match self {
            Needed::Always => true,
            Needed::Optional => false,
            Needed::With(fields) => fields.iter().any(|name| !answers.get(name).is_empty()),
        }
    }
}

/// Code of a yes.
pub const YES: &str = "yes";
/// Code of a no.
pub const NO: &str = "no";
/// Under this name a return tells of what belongs to no field and no document.
pub const OTHER: &str = "other";

/// The forms that can be filled in online, by organisations and by offices, in the order of [`super::procedures::PROCEDURES`].
pub static FORMS: [&Form; 14] = [
    &recognition::RECOGNITION,
    &qualification::QUALIFICATION,
    &change::CHANGE,
    &annual::ANNUAL_REPORT,
    &officers::OFFICERS,
    &termination::TERMINATION,
    &termination::DEREGISTRATION,
    &measure::SUSPENSION,
    &measure::LIFTING,
    &measure::REVOCATION,
    &measure::ORDERED_STOP,
    &measure::STRIKING,
    &grading::GRADING,
    &correction::CORRECTION,
];

/// The form of a procedure, if it can be asked for online.
#[must_use]
pub fn form(procedure: &str) -> Option<&'static Form> {
    FORMS.into_iter().find(|form| form.procedure == procedure)
}

impl Form {
    /// The question of this name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The document of this name.
    #[must_use]
    pub fn slot(&self, name: &str) -> Option<&'static Slot> {
        self.slots.iter().find(|slot| slot.name == name)
    }

    /// What a question or a document is called.
    #[must_use]
    pub fn label(&self, name: &str) -> Option<&'static str> {
        let field = self.field(name).map(|field| field.label);
        let other = (name == OTHER).then_some("其他");
        field.or(self.slot(name).map(|slot| slot.label)).or(other)
    }

    /// The facts that follow from these answers, in the order of the form: nobody chooses them.
    #[must_use]
    pub fn facts_of(&self, answers: &Answers) -> Vec<&'static str> {
        let holds = |fields: &[&str]| {
            fields
                .iter()
                .any(|name| !answers.get(name).trim().is_empty())
        };
        let facts = self.facts.iter();
        facts
            .filter(|(_, fields)| holds(fields))
            .map(|(fact, _)| *fact)
            .collect()
    }
}

#[cfg(test)]
#[path = "forms_tests.rs"]
mod tests;

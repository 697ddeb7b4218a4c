//! Is an application complete? Everything that is missing or wrong is told at once.

use super::{Answers, Field, Form, Kind, NO, Slot, YES};
use crate::parties::OrganisationKind;
use crate::parties::register::Register;
use crate::say;
use crate::text::Problem;
use kernel::{Day, Id, RegionCode};
use leaf::ids;

/// 〔已知情况〕 What the register and the calendar say, so that nobody is asked for it.
#[derive(Debug, Clone)]
pub struct Known {
    /// Today.
    pub today: Day,
    /// The day of registration, where the register has it.
    pub registered: Option<Day>,
    /// The region whose office decides.
    pub region: RegionCode,
    /// What the register says of the organisation.
    pub register: Register,
    /// What else the house knows.
    pub around: Around,
}

/// 〔旁证〕 What the house knows beside the register, so that nobody is asked for it.
#[derive(Debug, Clone, Default)]
pub struct Around {
    /// The legal form.
    pub kind: Option<OrganisationKind>,
    /// 〔账上余额〕 Fen that still stand in its funds.
    pub left: i64,
    /// 〔库存物资〕 Units of goods that still stand in its funds, of every kind together.
    pub goods: i64,
    /// The year that is reported, for reports of a year.
    pub year: Option<i32>,
    /// Who is named to go on with what it had, line by line.
    pub successors: Vec<SuccessorSaid>,
}

/// 〔所填承继单位〕 A line that names an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SuccessorSaid {
    /// What was typed.
    pub typed: String,
    /// Who that is; nobody if the register has none.
    pub id: Option<Id<ids::Organisation>>,
    /// Its name.
    pub name: String,
    /// True if it is a charity that may act today.
    pub may_act: bool,
}

/// 〔已交材料〕 How many files of a document are there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paper<'a> {
    /// Name of the document.
    pub slot: &'a str,
    /// How many files.
    pub files: usize,
}

/// Everything that is missing or wrong, in the order of the form: first the answers, then what several of them say
/// together, then the documents.
#[must_use]
pub fn problems(
    form: &'static Form,
    answers: &Answers,
    papers: &[Paper<'_>],
    known: &Known,
) -> Vec<Problem> {
    let fields = form.fields.iter();
    let mut found: Vec<Problem> = fields
        .filter_map(|field| of_field(field, answers))
        .collect();
    found.extend((form.check)(answers, known));
    let slots = form.slots.iter();
    found.extend(slots.filter_map(|slot| of_slot(slot, answers, papers)));
    found
}

fn of_field(field: &'static Field, answers: &Answers) -> Option<Problem> {
    let answer = answers.get(field.name);
    if answer.is_empty() {
        let missing = || {
            let sentence = say!(
                "请填写{name}；依据：{law}。",
                name = field.label,
                law = field.law
            );
            Problem::new(field.name, "required", sentence)
        };
        return field.needed.holds(answers).then(missing);
    }
    let (good, sentence) = match field.kind {
        Kind::Line | Kind::Area | Kind::Ledger => return None,
        Kind::Day => (
            answers.day(field.name).is_some(),
            say!(
                "{name}请写成年-月-日，例如 2026-11-22。",
                name = field.label
            ),
        ),
        Kind::Count => (
            answers.count(field.name).is_some(),
            say!("{name}请填人数，只用数字，没有就填0。", name = field.label),
        ),
        Kind::Yuan => (
            answers.fen(field.name).is_some(),
            say!(
                "{name}请填金额，单位元，最多两位小数，没有就填0。",
                name = field.label
            ),
        ),
        Kind::YesNo => (
            [YES, NO].contains(&answer),
            say!("{name}请选择是或者否。", name = field.label),
        ),
        Kind::Choice(choices) => (
            choices.iter().any(|(code, _)| *code == answer),
            say!("{name}请从列出的里面选一个。", name = field.label),
        ),
    };
    (!good).then(|| Problem::new(field.name, "format", sentence))
}

fn of_slot(slot: &'static Slot, answers: &Answers, papers: &[Paper<'_>]) -> Option<Problem> {
    let there = papers
        .iter()
        .any(|paper| paper.slot == slot.name && paper.files > 0);
    let missing = || {
        let sentence = say!(
            "请上传{name}；依据：{law}。",
            name = slot.label,
            law = slot.law
        );
        Problem::new(slot.name, "document", sentence)
    };
    (slot.needed.holds(answers) && !there).then(missing)
}

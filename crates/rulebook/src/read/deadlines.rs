//! Reads `deadlines.toml`. Whether the numbers that it names are in the book is looked at by the book.

use super::{Row, Text, Troubles, tables};
use crate::deadline::{Counted, Deadline, LawOf, Timing};
use crate::id::RuleId;
use crate::limits::{BINDS_MAX, DEADLINES_MAX, REMINDERS_MAX};
use crate::quantity::Quantity;
use crate::rule::Rule;
use crate::who::Who;

/// All deadlines, in the order of the file.
pub(crate) fn deadlines(file: &Text, rules: &[Rule], troubles: &mut Troubles) -> Vec<Deadline> {
    let mut deadlines: Vec<Deadline> = Vec::new();
    let rows = tables(file, "deadline", DEADLINES_MAX, troubles);
    for (at, table) in rows.into_iter().enumerate() {
        let mut row = Row::new(file.file, "key", at, table, troubles);
        let deadline = deadline(&mut row);
        if let Some(deadline) = &deadline {
            if deadlines.iter().any(|other| other.key == deadline.key) {
                row.wrong("期限名称重复，请改名");
            }
            for what in lacks(deadline, rules) {
                row.wrong(what);
            }
        }
        row.finish();
        deadlines.extend(deadline);
    }
    deadlines
}

fn deadline(row: &mut Row<'_>) -> Option<Deadline> {
    let key = row.title("key");
    let trigger = row.title("trigger");
    let since = row.title("since");
    let duty = row.title("duty");
    let timing = row.parsed("timing", Timing::parse);
    let rule = row.parsed("rule", RuleId::parse);
    let number = row.maybe("number");
    let extension = row.maybe("extension");
    let owes = row.list("owes", BINDS_MAX, Who::parse);
    let counted = row.maybe_parsed("counted", |text| {
        (text == "working").then_some(Counted::Working)
    });
    let law_of = row.maybe_parsed("law_of", |text| (text == "due").then_some(LawOf::Due));
    let reminders = row.list("reminders", REMINDERS_MAX, |text| {
        Quantity::parse(text).filter(|quantity| quantity.months().is_some())
    });
    if owes.is_empty() {
        row.wrong("缺少 owes，请写明谁承担");
    }
    let timing = timing?;
    if timing.needs_number() != number.is_some() {
        row.wrong("这种期限与 number 不符，请补上或删去");
    }
    Some(Deadline {
        key: key?,
        trigger: trigger?,
        since: since?,
        duty: duty?,
        timing,
        rule: rule?,
        number,
        extension,
        owes,
        counted: counted.unwrap_or(Counted::AsWritten),
        law_of: law_of.unwrap_or(LawOf::Start),
        reminders,
    })
}

/// What a deadline names and the rules do not have.
fn lacks(deadline: &Deadline, rules: &[Rule]) -> Vec<String> {
    let versions = || rules.iter().filter(|rule| rule.id == deadline.rule);
    if versions().next().is_none() {
        return vec![format!("没有规则 {}", deadline.rule)];
    }
    let names = deadline.number.iter().chain(&deadline.extension);
    names
        .filter(|name| !versions().any(|rule| rule.number(name).is_some()))
        .map(|name| format!("规则 {} 没有数值 {name}", deadline.rule))
        .collect()
}

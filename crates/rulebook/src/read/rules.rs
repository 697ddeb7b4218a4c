//! Reads the files of rules, and looks that versions of one rule do not overlap.

use super::{Row, Text, Troubles, tables};
use crate::citation::Citation;
use crate::id::RuleId;
use crate::jurisdiction::Jurisdiction;
use crate::law::{Law, Reading, Start};
use crate::limits::{BINDS_MAX, NUMBERS_MAX, RULES_MAX, SOURCES_MAX};
use crate::quantity::Quantity;
use crate::rule::{Number, Origin, Rule};
use crate::status::{Severity, Status};
use crate::who::Who;
use kernel::{Day, RegionCode};
use toml::Table;

/// What rules may name.
pub(crate) struct Known<'a> {
    /// The laws.
    pub(crate) laws: &'a [Law],
    /// The places where texts were read.
    pub(crate) readings: &'a [Reading],
}

/// All rules of a file, in its order.
pub(crate) fn rules(file: &Text, known: &Known<'_>, troubles: &mut Troubles) -> Vec<Rule> {
    let mut rules: Vec<Rule> = Vec::new();
    for (at, table) in tables(file, "rule", RULES_MAX, troubles)
        .into_iter()
        .enumerate()
    {
        let mut row = Row::new(file.file, "id", at, table, troubles);
        let rule = rule(&mut row, known);
        if let Some(rule) = &rule {
            let clash = rules.iter().find(|other| overlap(other, rule));
            if let Some(other) = clash {
                row.wrong(format_args!("与起于 {} 的版本时间重叠", other.start));
            }
        }
        row.finish();
        rules.extend(rule);
    }
    rules
}

fn rule(row: &mut Row<'_>, known: &Known<'_>) -> Option<Rule> {
    let id = row.parsed("id", RuleId::parse);
    let title = row.title("title");
    let text = row.text("text");
    let sources = row.list("source", SOURCES_MAX, |text| {
        Citation::parse(text, known.laws)
    });
    let jurisdiction = row.maybe_parsed("region", |text| {
        RegionCode::parse(text).ok().map(Jurisdiction::Region)
    });
    let start = row.maybe_parsed("from", Start::parse);
    let end = row.maybe_parsed("to", |text| Day::parse(text).ok());
    let binds = row.list("binds", BINDS_MAX, Who::parse);
    let severity = row.parsed("severity", Severity::parse);
    let status = row.parsed("status", Status::parse);
    let note = row.maybe("note");
    let read = row.list("read", SOURCES_MAX, |key| {
        let there = known.readings.iter().any(|reading| reading.key == key);
        there.then(|| key.to_owned())
    });
    let numbers = numbers(row, known, status.unwrap_or(Status::RecalledLow));
    if sources.is_empty() {
        row.wrong("缺少 source，请写明法规和条文");
    }
    if binds.is_empty() {
        row.wrong("缺少 binds，请写明约束谁");
    }
    if read.is_empty() && status.is_some_and(|status| status <= Status::SecondHand) {
        row.wrong("标为已核对，却没有写在哪里读到（read）");
    }
    let start = start.unwrap_or(Start::Unread);
    if let (Some(end), Some(first)) = (end, start.first())
        && end < first
    {
        row.wrong("to 早于 from，请更正");
    }
    Some(Rule {
        id: id?,
        title: title?,
        text: text?,
        sources,
        jurisdiction: jurisdiction.unwrap_or(Jurisdiction::Nation),
        start,
        end,
        binds,
        severity: severity?,
        status: status?,
        note,
        read,
        numbers,
    })
}

fn numbers(row: &mut Row<'_>, known: &Known<'_>, status: Status) -> Vec<Number> {
    let mut numbers: Vec<Number> = Vec::new();
    let tables: Vec<Table> = row.tables("numbers", NUMBERS_MAX);
    for (at, table) in tables.into_iter().enumerate() {
        let mut row = row.inner("name", at, table);
        let name = row.title("name");
        let quantity = row.parsed("is", Quantity::parse);
        let title = row.title("title");
        let own_status = row.maybe_parsed("status", Status::parse);
        let cited = row.maybe_parsed("source", |text| Citation::parse(text, known.laws));
        let origin = match (row.is_marked("ours"), cited) {
            (false, None) => Origin::Law,
            (false, Some(citation)) => Origin::Cited(citation),
            (true, None) => Origin::House,
            (true, Some(_)) => {
                row.wrong("ours 和 source 只能有一个");
                Origin::House
            }
        };
        if numbers
            .iter()
            .any(|number| Some(&number.name) == name.as_ref())
        {
            row.wrong("数值名称重复，请改名");
        }
        row.finish();
        if let (Some(name), Some(quantity), Some(title)) = (name, quantity, title) {
            numbers.push(Number {
                name,
                quantity,
                title,
                status: own_status.unwrap_or(status),
                origin,
            });
        }
    }
    numbers
}

/// True if two versions of one rule claim the same day in the same place.
fn overlap(one: &Rule, other: &Rule) -> bool {
    if one.id != other.id || one.jurisdiction != other.jurisdiction {
        return false;
    }
    let before = |first: &Rule, second: &Rule| match (first.end, second.start.first()) {
        (Some(end), Some(start)) => end < start,
        _ => false,
    };
    !before(one, other) && !before(other, one)
}

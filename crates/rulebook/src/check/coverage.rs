//! Every core rule of registration, qualification and disclosure has a case that obeys it and a case that breaks it,
//! and every finding that a check can say is said by one of them.

use crate::book::{InForce, Rulebook};
use crate::finding::Finding;
use crate::id::RuleId;
use crate::jurisdiction::Jurisdiction;
use crate::quantity::Quantity;
use kernel::{Day, WorkCalendar};
use std::collections::BTreeSet;
use std::sync::OnceLock;

/// The core rules that are checked here.
const RULES: [&str; 35] = [
    "OR-01", "OR-02", "OR-04", "OR-05", "OR-06", "OR-08", "OR-09", "OR-12", "OR-13", "OR-14",
    "OR-15", "OR-17", "CF-01", "CF-02", "CF-03", "CF-04", "CF-05", "DI-01", "DI-03", "DI-04",
    "DI-08", "DI-09", "DI-10", "DI-11", "DI-12", "DI-13", "DI-14", "DI-15", "DI-16", "DI-17",
    "SU-07", "SU-08", "ID-01", "ID-02", "ID-03",
];

/// One rule, a case that obeys it and a case that breaks it, with what the second one must say.
pub(crate) struct Pair {
    pub(crate) rule: RuleId,
    pub(crate) obeys: Vec<Finding>,
    pub(crate) breaks: Vec<Finding>,
    pub(crate) codes: Vec<&'static str>,
}

impl Pair {
    pub(crate) fn of(
        rule: &str,
        obeys: Vec<Finding>,
        breaks: Vec<Finding>,
        codes: &[&'static str],
    ) -> Pair {
        Pair {
            rule: id(rule),
            obeys,
            breaks,
            codes: codes.to_vec(),
        }
    }
}

pub(crate) fn id(text: &str) -> RuleId {
    RuleId::parse(text).unwrap_or_else(|| panic!("{text}"))
}

pub(crate) fn day(text: &str) -> Day {
    Day::parse(text).unwrap_or_else(|_| panic!("{text}"))
}

pub(crate) fn book() -> &'static Rulebook {
    static BOOK: OnceLock<Rulebook> = OnceLock::new();
    BOOK.get_or_init(|| Rulebook::load().unwrap_or_else(|troubles| panic!("\n{troubles}")))
}

pub(crate) fn law_on(on: &str) -> InForce<'static> {
    book().in_force(day(on), Jurisdiction::Nation)
}

pub(crate) fn number(rule: &str, name: &str) -> Quantity {
    let number = book().number(id(rule), name, day("2026-06-01"));
    number.unwrap_or_else(|| panic!("{rule} {name}")).quantity
}

pub(crate) fn calendar() -> WorkCalendar {
    WorkCalendar::parse(include_str!("../../../../data/holidays.csv")).unwrap()
}

fn pairs() -> Vec<Pair> {
    use super::*;
    [
        application::pairs::pairs(),
        campaign_right::pairs::pairs(),
        charter::pairs::pairs(),
        council::pairs::pairs(),
        evaluation::pairs::pairs(),
        foundation::pairs::pairs(),
        identifier::pairs::pairs(),
        inspection::pairs::pairs(),
        officer::pairs::pairs(),
        official::pairs::pairs(),
        publication::pairs::pairs(),
        qualification::pairs::pairs(),
        recognition::pairs::pairs(),
        registered_change::pairs::pairs(),
        related::pairs::pairs(),
        termination::pairs::pairs(),
        timely::pairs::pairs(),
        yearly::pairs::pairs(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

#[test]
fn each_pair_obeys_and_breaks() {
    for Pair {
        rule,
        obeys,
        breaks,
        codes,
    } in pairs()
    {
        let obeys: Vec<&Finding> = obeys.iter().filter(|f| f.rule == rule).collect();
        assert!(obeys.is_empty(), "{rule} is obeyed, and still: {obeys:?}");
        let own: Vec<&Finding> = breaks.iter().filter(|f| f.rule == rule).collect();
        let said: Vec<&str> = own.iter().map(|finding| finding.code).collect();
        assert_eq!(said, codes, "{rule} is broken");
        for finding in own {
            let text = finding.to_string();
            assert!(!text.contains(['{', '}']), "{text}");
            assert!(finding.next.starts_with('请'), "{text}");
        }
    }
}

#[test]
fn each_core_rule_has_a_pair() {
    let paired: BTreeSet<RuleId> = pairs().iter().map(|pair| pair.rule).collect();
    let wanted: BTreeSet<RuleId> = RULES.into_iter().map(id).collect();
    assert_eq!(wanted.len(), RULES.len());
    let without: Vec<&RuleId> = wanted.difference(&paired).collect();
    assert!(without.is_empty(), "no pair: {without:?}");
    let strange: Vec<&RuleId> = paired.difference(&wanted).collect();
    assert!(strange.is_empty(), "not in the list: {strange:?}");
}

#[test]
fn each_saying_is_said() {
    let said: BTreeSet<&str> = pairs().into_iter().flat_map(|pair| pair.codes).collect();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/check");
    let mut written = BTreeSet::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.ends_with("coverage.rs") {
            continue;
        }
        let text = std::fs::read_to_string(path).unwrap();
        for part in text.split("    code: \"").skip(1) {
            let code = part.split('"').next().unwrap().to_owned();
            assert!(written.insert(code.clone()), "{code} is used twice");
        }
    }
    let unsaid: Vec<&String> = written
        .iter()
        .filter(|code| !said.contains(code.as_str()))
        .collect();
    assert!(unsaid.is_empty(), "no case says: {unsaid:?}");
}

#[test]
fn what_the_book_does_not_know_is_said() {
    let facts = BTreeSet::new();
    let early = book().in_force(day("2016-08-31"), Jurisdiction::Nation);
    let found = super::check_charter(&early, &facts);
    let codes: Vec<&str> = found.iter().map(|finding| finding.code).collect();
    assert_eq!(codes, ["rule_not_in_book"]);
    assert!(found[0].to_string().contains("OR-05"), "{}", found[0]);
}

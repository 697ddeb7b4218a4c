//! The book as a whole: it can be read, it is complete, and it agrees with itself.

use crate::{book, day, id};
use rulebook::{Group, Origin, Severity, Start, Status, Who, enforced, limits};
use std::collections::{BTreeMap, BTreeSet};

#[test]
fn every_rule_of_the_catalogue_is_there() {
    let counts = [17, 26, 12, 18, 15, 8, 5, 16, 14, 16, 5, 14, 4, 16, 18, 6];
    for (group, count) in Group::ALL.into_iter().zip(counts) {
        let own = book().ids().filter(|id| id.group() == group);
        let numbers: Vec<u8> = own.map(|id| id.number()).collect();
        assert_eq!(
            numbers,
            (1..=count).collect::<Vec<u8>>(),
            "{}",
            group.code()
        );
    }
    assert_eq!(book().ids().count(), 210);
}

#[test]
fn what_was_not_read_stops_nobody() {
    let today = day("2026-11-22");
    let mut numbers = 0;
    for rule in book().rules() {
        let own = rule.enforced(today);
        assert_eq!(own, enforced(rule.severity, rule.status), "{}", rule.id);
        let doubtful = matches!(rule.status, Status::RecalledMedium | Status::RecalledLow);
        assert!(!doubtful || own <= Severity::Warn, "{}", rule.id);
        for number in &rule.numbers {
            let by = rule.enforced_by(number, today);
            let doubtful = matches!(number.status, Status::RecalledMedium | Status::RecalledLow);
            let stops = by > Severity::Warn;
            assert!(!(doubtful && stops), "{} {}", rule.id, number.name);
            let ours = number.origin == Origin::House;
            assert!(!(ours && stops), "{} {}", rule.id, number.name);
            assert!(by <= own, "{} {}", rule.id, number.name);
            numbers += 1;
        }
    }
    assert!(numbers > 200, "{numbers} numbers");
}

#[test]
fn a_rule_of_which_only_the_year_is_known_warns_in_that_year() {
    let rule = crate::law_on("2024-10-01").rule(id("CF-08")).unwrap();
    assert_eq!(rule.start, Start::Year(2024));
    assert_eq!(rule.enforced(day("2024-10-01")), Severity::Warn);
    assert_eq!(rule.enforced(day("2025-01-01")), Severity::Block);
}

#[test]
fn each_rule_begins_with_a_law_or_after_an_older_version() {
    for rule in book().rules() {
        let laws = rule.sources.iter().filter_map(|s| book().law(&s.law));
        let begins = laws.clone().any(|law| law.start == rule.start);
        let older = book().history(rule.id).filter_map(|other| other.end);
        let follows = older
            .map(|end| end.plus_days(1))
            .any(|next| Start::On(next) == rule.start);
        assert!(begins || follows, "{} begins {}", rule.id, rule.start);
        let over = laws.clone().all(|law| law.end.is_some());
        assert!(!over || rule.end.is_some(), "{} outlives its laws", rule.id);
    }
}

#[test]
fn every_law_and_every_reading_is_used() {
    let sources = || book().rules().iter().flat_map(|rule| &rule.sources);
    let cited: BTreeSet<&str> = sources().map(|source| source.law.as_str()).collect();
    for law in book().laws() {
        // counting of days and licences, which deadlines use
        let general = ["民法典", "行政许可法", "行政处罚法"].contains(&law.key.as_str());
        assert!(cited.contains(law.key.as_str()) || general, "{}", law.key);
    }
    let read: BTreeSet<&str> = book()
        .rules()
        .iter()
        .flat_map(|rule| rule.read.iter().map(String::as_str))
        .collect();
    for reading in book().readings() {
        assert!(read.contains(reading.key.as_str()), "{}", reading.key);
    }
}

#[test]
fn texts_are_plain_and_say_what_to_do() {
    for rule in book().rules() {
        let name = rule.id;
        assert!(rule.text.ends_with('。'), "{name} is no sentence");
        assert!(rule.text.chars().count() >= 20, "{name} says too little");
        for text in [&rule.title, &rule.text] {
            assert!(
                !text.contains(['"', '<', '>', '`', '\n', '?']),
                "{name}: {text}"
            );
            assert!(text.trim() == text, "{name}: {text}");
        }
        let nobody = rule.binds.iter().all(|who| who.title().is_empty());
        assert!(!nobody, "{name}");
        let distinct: BTreeSet<Who> = rule.binds.iter().copied().collect();
        assert_eq!(distinct.len(), rule.binds.len(), "{name}");
    }
}

#[test]
fn nothing_is_near_its_limit() {
    assert!(book().rules().len() * 2 < limits::RULES_MAX);
    assert!(book().laws().len() * 2 < limits::LAWS_MAX);
    assert!(book().deadlines().len() * 2 < limits::DEADLINES_MAX);
}

#[test]
fn names_of_numbers_have_one_unit_in_all_versions() {
    let mut units: BTreeMap<(String, &str), BTreeSet<String>> = BTreeMap::new();
    for rule in book().rules() {
        for number in &rule.numbers {
            let clean = number
                .name
                .chars()
                .all(|c| c.is_ascii_lowercase() || c == '_' || c.is_ascii_digit());
            assert!(clean, "{} {}", rule.id, number.name);
            let of = (rule.id.to_string(), number.name.as_str());
            units
                .entry(of)
                .or_default()
                .insert(unit(&number.quantity.to_string()));
        }
    }
    // Shanghai answers in working days, Guangzhou in days.
    let mixed: Vec<_> = units
        .into_iter()
        .filter(|(_, units)| units.len() > 1)
        .collect();
    let names: Vec<String> = mixed
        .into_iter()
        .map(|((id, name), _)| format!("{id} {name}"))
        .collect();
    assert_eq!(names, ["DO-05 answer"]);
}

/// The words of a number without its digits.
fn unit(shown: &str) -> String {
    shown
        .chars()
        .filter(|c| !c.is_ascii_digit() && !",.".contains(*c))
        .collect()
}

//! Every form is sound, tells everything at once, and computes what nobody shall choose.

use super::*;
use crate::oversight::procedures::procedure;
use crate::parties::register::Register;
use kernel::{Day, RegionCode};
use std::collections::BTreeSet;

fn known(region: &str) -> Known {
    Known {
        today: Day::parse("2026-06-01").unwrap(),
        registered: Day::parse("2018-01-01").ok(),
        region: RegionCode::parse(region).unwrap(),
        register: Register::default(),
    }
}

fn answers(form: &Form, typed: &[(&str, &str)]) -> Answers {
    Answers::read(form, typed.iter().copied()).unwrap()
}

/// A qualification in which everything is as it should be.
const GOOD: [(&str, &str); 12] = [
    ("charity_since", "2025-06-01"),
    ("council", "9"),
    ("council_same", "3"),
    ("council_outside", "0"),
    ("relatives", "no"),
    ("secretary", "yes"),
    ("representative_inside", "yes"),
    ("staff", "4"),
    ("supervisors", "3"),
    ("violations", "no"),
    ("contact", "文经办"),
    ("contact_phone", "027-12345678"),
];
const PAPERS: [Paper<'static>; 3] = [paper("resolution"), paper("audit"), paper("systems")];

const fn paper(slot: &str) -> Paper<'_> {
    Paper { slot, files: 1 }
}

/// The good qualification with other answers: fields and codes of all problems.
#[track_caller]
fn check(other: &[(&str, &str)], region: &str, want: &[(&str, &str)]) {
    let form = form("qualification").unwrap();
    let typed: Vec<_> = GOOD.iter().chain(other).copied().collect();
    let found = problems(form, &answers(form, &typed), &PAPERS, &known(region));
    let codes: Vec<_> = found.iter().map(|p| (p.field, p.code)).collect();
    assert_eq!(codes, want);
    for problem in found {
        assert!(problem.sentence.to_string().ends_with('。'));
    }
}

#[test]
fn names_are_unique_and_facts_are_those_of_the_table() {
    for form in FORMS {
        let fields = form.fields.iter().map(|field| field.name);
        let names: BTreeSet<_> = fields.chain(form.slots.iter().map(|s| s.name)).collect();
        assert_eq!(names.len(), form.fields.len() + form.slots.len());
        assert!(!names.contains(OTHER));
        let table = procedure(form.procedure).unwrap();
        let mut facts: Vec<_> = table.facts.iter().map(|fact| fact.name).collect();
        facts.sort_unstable();
        let mut computed: Vec<_> = form.facts.iter().map(|(fact, _)| *fact).collect();
        computed.sort_unstable();
        assert_eq!(facts, computed, "{}", form.procedure);
        let needed = form.slots.iter().map(|slot| slot.needed);
        for needed in needed.chain(form.fields.iter().map(|field| field.needed)) {
            if let Needed::With(fields) = needed {
                assert!(fields.iter().all(|name| form.field(name).is_some()));
            }
        }
    }
}

#[test]
fn an_empty_form_tells_everything_that_is_missing_at_once_with_its_article() {
    for form in FORMS {
        let found = problems(form, &Answers::default(), &[], &known("42"));
        let fields = form.fields.iter();
        let asked = fields
            .filter(|field| field.needed == Needed::Always)
            .count();
        let slots = form.slots.iter();
        let papers = slots.filter(|slot| slot.needed == Needed::Always).count();
        assert!(found.len() >= asked + papers, "{}", form.procedure);
        for problem in found {
            assert!(problem.sentence.contains("依据："), "{}", problem.sentence);
        }
    }
}

#[test]
fn thresholds_are_computed() {
    check(&[], "42", &[]);
    check(
        &[("charity_since", "2025-06-02")],
        "42",
        &[("charity_since", "too_early")],
    );
    check(
        &[("charity_since", "2017-12-31")],
        "42",
        &[("charity_since", "before_registration")],
    );
    check(&[("council_same", "4")], "42", &[("council_same", "third")]);
    check(
        &[("council_outside", "10")],
        "42",
        &[("council_outside", "more_than_all")],
    );
    check(
        &[("supervisors", "2")],
        "42",
        &[("supervisors", "supervisors")],
    );
    check(&[("supervisors", "2")], "4201", &[]);
    check(&[("staff", "0")], "42", &[("staff", "staff")]);
    check(
        &[("violations", "yes")],
        "42",
        &[("violations", "condition")],
    );
    check(&[("council", "九")], "42", &[("council", "format")]);
}

#[test]
fn a_sponsor_makes_its_opinion_needed_and_changes_the_route() {
    check(
        &[("sponsor", "省教育厅")],
        "42",
        &[("sponsor_opinion", "document")],
    );
    let form = form("registration_change").unwrap();
    let facts = |typed: &[(&str, &str)]| form.facts_of(&answers(form, typed));
    assert_eq!(facts(&[]), [""; 0]);
    assert_eq!(facts(&[("sponsor", "省教育厅")]), ["sponsored"]);
    assert_eq!(
        facts(&[("sponsor", "  "), ("new_representative", "李明")]),
        ["legal_representative"]
    );
}

#[test]
fn drafts_keep_everything_but_what_is_too_long() {
    let form = form("recognition").unwrap();
    let kept = answers(
        form,
        &[("purpose", " 助学 "), ("spending", "很多"), ("x", "y")],
    );
    let all: Vec<_> = kept.iter().collect();
    assert_eq!(all, [("purpose", "助学"), ("spending", "很多")]);
    let long = "长".repeat(limits::LINE_CHARS + 1);
    let refused = Answers::read(
        form,
        [("contact", long.as_str()), ("contact_phone", long.as_str())],
    );
    assert_eq!(refused.unwrap_err().len(), 2, "all at once");
    let stored = [
        ("purpose".to_string(), "助学".to_string()),
        ("gone".into(), "x".into()),
    ];
    assert_eq!(Answers::kept(form, stored).get("gone"), "");
}

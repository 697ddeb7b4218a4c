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
        around: Around::default(),
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

/// Fields and codes of what is wrong with these answers, documents left out.
#[track_caller]
fn found(name: &str, typed: &[(&str, &str)], known: &Known) -> Vec<(&'static str, &'static str)> {
    let form = form(name).unwrap();
    let found = problems(form, &answers(form, typed), &[], known);
    let found = found.iter().filter(|problem| problem.code != "document");
    found.map(|problem| (problem.field, problem.code)).collect()
}

/// A secretary of a foundation whom nothing bars.
const OFFICER: [(&str, &str); 8] = [
    ("post", "secretary"),
    ("name", "林知秋"),
    ("term_from", "2026-05-01"),
    ("term_until", "2031-05-01"),
    ("capacity", "yes"),
    ("crime", "no"),
    ("struck", "no"),
    ("civil_servant", "no"),
];

#[test]
fn bars_of_officers_are_computed_with_their_articles() {
    let mut known = known("42");
    known.around.kind = Some(crate::parties::OrganisationKind::Foundation);
    let check = |other: &[(&str, &str)], want: &[(&str, &str)]| {
        let typed: Vec<_> = OFFICER.iter().chain(other).copied().collect();
        assert_eq!(found("officers", &typed, &known), want);
    };
    check(&[], &[]);
    check(&[("capacity", "no")], &[("capacity", "capacity")]);
    check(&[("crime", "yes")], &[("sentence_end", "required")]);
    let barred = [("crime", "barred")];
    check(&[("crime", "yes"), ("sentence_end", "2021-06-01")], &barred);
    check(&[("crime", "yes"), ("sentence_end", "2021-05-31")], &[]);
    check(
        &[("struck", "yes"), ("struck_on", "2024-01-01")],
        &[("struck", "barred")],
    );
    check(
        &[("civil_servant", "yes")],
        &[("civil_servant", "civil_servant")],
    );
    check(
        &[("term_until", "2031-05-02")],
        &[("term_until", "too_long")],
    );
    check(&[("term_until", "2026-05-31")], &[("term_until", "over")]);
    check(&[("term_from", "2026-06-02")], &[("term_from", "ahead")]);
    check(
        &[("name", "林知秋13800138000")],
        &[("name", "personal_number")],
    );
}

#[test]
fn what_is_left_and_who_goes_on_is_asked_before_the_end() {
    let good = [
        ("noticed_on", "2026-03-20"),
        ("claims_until", "2026-05-06"),
        ("debts", "0"),
        ("remaining", "100.00"),
        ("successors", "org"),
        ("similar", "yes"),
        ("public_reason", "任务完成，按章程终止。"),
    ];
    let heir = |id: Option<i64>, may_act| SuccessorSaid {
        typed: "org".into(),
        id: id.map(kernel::Id::from_raw),
        name: "江城慈善会".into(),
        may_act,
    };
    let mut known = known("42");
    let of = |known: &Known, other: &[(&str, &str)]| {
        let typed: Vec<_> = good.iter().chain(other).copied().collect();
        found("deregistration", &typed, known)
    };
    known.around.successors = vec![heir(Some(7), true)];
    assert_eq!(of(&known, &[]), [("noticed_on", "not_liquidating")]);
    known.register = crate::parties::register::Register::new(vec![liquidating()]);
    assert_eq!(of(&known, &[]), []);
    assert_eq!(
        of(&known, &[("claims_until", "2026-06-01")]),
        [("claims_until", "running")]
    );
    assert_eq!(of(&known, &[("similar", "no")]), [("similar", "purpose")]);
    assert_eq!(
        of(&known, &[("successors", ""), ("similar", "")]),
        [("successors", "nobody")]
    );
    known.around.left = 100;
    known.around.goods = 2;
    known.around.successors = vec![heir(None, false), heir(Some(8), false)];
    assert_eq!(
        of(&known, &[]),
        [
            ("successors", "heir"),
            ("successors", "heir"),
            ("remaining", "funds_left"),
            ("remaining", "goods_left"),
        ]
    );
}

fn liquidating() -> crate::parties::register::Entry {
    use crate::parties::register::{Entry, Item, NewEntry, Origin, Standing};
    Entry {
        id: kernel::Id::from_raw(1),
        new: NewEntry {
            item: Item::Legal,
            standing: Some(Standing::Liquidating),
            words: String::new(),
            from: Day::parse("2026-03-16").unwrap(),
            until: None,
            office: "云山教育基金会".into(),
            document: "云教基〔2026〕2号".into(),
            law: String::new(),
            reason: String::new(),
            source: "本平台登记".into(),
            origin: Origin::Imported,
            corrects: None,
            successor: None,
        },
        recorded_at: Day::parse("2026-03-16").unwrap().start(),
        leaf_index: 1,
    }
}

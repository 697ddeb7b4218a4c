//! Cases of codes.

use super::*;
use crate::check::coverage::{Pair, day, law_on, number};
use crate::status::Severity;

const REAL: &str = "531100006684027126";
const SECOND: &str = "52620600MJY949356H";

fn code(text: &str) -> Uscc {
    Uscc::parse(text).unwrap()
}

fn codes(codes: &[&str], others: &[&str]) -> Vec<Finding> {
    let all = |texts: &[&str]| texts.iter().map(|text| code(text)).collect();
    let facts = CodeFacts {
        codes: all(codes),
        held_by_others: all(others),
    };
    check_codes(&law_on("2026-06-01"), &facts)
}

fn uscc(text: &str) -> Vec<Finding> {
    check_uscc(&law_on("2026-06-01"), text)
}

fn region(code: &str, from: Option<&str>, to: Option<&str>) -> Vec<Finding> {
    let facts = RegionFacts {
        code,
        valid_from: from.map(day),
        valid_to: to.map(day),
        used: day("2026-06-01"),
    };
    check_region(&law_on("2026-06-01"), &facts)
}

fn person(text: &str) -> Vec<Finding> {
    check_id_number(&law_on("2026-06-01"), text)
}

pub(crate) fn pairs() -> Vec<Pair> {
    for (rule, name) in [
        ("OR-17", "characters"),
        ("ID-01", "characters"),
        ("ID-03", "digits"),
    ] {
        assert_eq!(number(rule, name).count(), Some(18));
    }
    let own = || codes(&[REAL], &[SECOND]);
    let mut pairs = vec![
        Pair::of("OR-17", own(), codes(&[], &[]), &["uscc_missing"]),
        Pair::of(
            "OR-17",
            own(),
            codes(&[REAL, SECOND], &[]),
            &["uscc_several"],
        ),
        Pair::of("OR-17", own(), codes(&[REAL], &[REAL]), &["uscc_taken"]),
        Pair::of(
            "ID-01",
            uscc(SECOND),
            uscc("52620600MJY949356J"),
            &["uscc_wrong"],
        ),
        Pair::of(
            "ID-01",
            uscc(REAL),
            uscc("5311000066840271"),
            &["uscc_wrong"],
        ),
        Pair::of(
            "ID-01",
            uscc("53330000MJX00000X3"),
            uscc(&company()),
            &["uscc_not_civil_affairs"],
        ),
        Pair::of("ID-01", uscc(REAL), uscc(&deviant()), &["uscc_inner_check"]),
        Pair::of(
            "ID-03",
            person("330100190001010019"),
            person("330100190001010018"),
            &["id_number_wrong"],
        ),
        Pair::of(
            "ID-03",
            person("11010519491231002X"),
            person(""),
            &["id_number_wrong"],
        ),
    ];
    pairs.extend(regions());
    pairs
}

fn regions() -> Vec<Pair> {
    let hangzhou = "330100000000";
    let since = Some("2023-01-01");
    let fine = || region(hangzhou, since, None);
    vec![
        Pair::of(
            "ID-02",
            fine(),
            region("3301", since, None),
            &["region_digits"],
        ),
        Pair::of(
            "ID-02",
            fine(),
            region("030100000000", since, None),
            &["region_wrong"],
        ),
        Pair::of(
            "ID-02",
            fine(),
            region(hangzhou, None, None),
            &["region_undated"],
        ),
        Pair::of(
            "ID-02",
            fine(),
            region(hangzhou, since, Some("2026-05-31")),
            &["region_not_valid"],
        ),
        Pair::of(
            "ID-02",
            fine(),
            region(hangzhou, Some("2026-06-02"), None),
            &["region_not_valid"],
        ),
    ]
}

/// The code that begins like this, with the check character that fits.
fn closed(front: &str) -> String {
    let all = "0123456789ABCDEFGHJKLMNPQRTUWXY".chars();
    let mut codes = all.map(|last| format!("{front}{last}"));
    codes.find(|code| Uscc::parse(code).is_ok()).unwrap()
}

/// A code whose first character is not that of civil affairs.
fn company() -> String {
    closed("93330000MJX00000X")
}

/// A code whose inner check does not fit.
fn deviant() -> String {
    closed("53330000MJX000001")
}

#[test]
fn what_was_only_recalled_warns() {
    for text in [company(), deviant()] {
        let found = uscc(&text);
        assert_eq!((found.len(), found[0].severity), (1, Severity::Warn));
    }
    assert_eq!(uscc("5")[0].severity, Severity::Block);
}

#[test]
fn no_finding_repeats_a_persons_number() {
    let number = "330100190001010018";
    for finding in person(number) {
        assert!(!format!("{finding:?}{finding}").contains(number));
    }
}

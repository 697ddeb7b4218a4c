//! Cases of the qualification: each condition met, and each not met.

use super::*;
use crate::check::coverage::{Pair, day, law_on, number};

fn check(change: impl Fn(&mut QualificationFacts)) -> Vec<Finding> {
    let mut facts = QualificationFacts {
        applied: day("2026-06-01"),
        members: 9,
        from_one_organisation: 3,
        relative_pairs: 0,
        non_mainland: 3,
        legal_representative_mainland: true,
        secretary_full_time: true,
        chair_is_secretary: false,
        full_time_staff: 1,
        supervisors: 3,
        supervisory_board: true,
        supervisors_active: true,
        at_province_or_above: true,
        systems: System::ALL.into_iter().collect(),
        ratios_met: true,
        reports_in_time: true,
        last_violation: Some(day("2025-05-31")),
    };
    change(&mut facts);
    check_qualification(&law_on("2026-06-20"), &facts)
}

fn one(change: fn(&mut QualificationFacts), code: &'static str) -> Pair {
    Pair::of("CF-02", check(|_| {}), check(change), &[code])
}

pub(crate) fn pairs() -> Vec<Pair> {
    assert_eq!(number("CF-02", "systems").count(), Some(8));
    let mut pairs = vec![
        one(|f| f.from_one_organisation = 4, "council_same_organisation"),
        one(|f| f.relative_pairs = 1, "council_relatives"),
        one(|f| f.non_mainland = 4, "council_non_mainland"),
        one(
            |f| f.legal_representative_mainland = false,
            "legal_representative_non_mainland",
        ),
        one(|f| f.secretary_full_time = false, "secretary_not_full_time"),
        one(|f| f.chair_is_secretary = true, "chair_is_secretary"),
        one(|f| f.full_time_staff = 0, "no_full_time_staff"),
        one(|f| f.supervisors_active = false, "supervisors_idle"),
        one(|f| f.supervisors = 2, "no_supervisory_board"),
        one(|f| f.supervisory_board = false, "no_supervisory_board"),
        one(|f| f.ratios_met = false, "ratios_not_met"),
        one(|f| f.reports_in_time = false, "annual_reports_late"),
        one(
            |f| f.last_violation = Some(day("2025-06-01")),
            "violation_before_application",
        ),
        Pair::of(
            "CF-02",
            check(|f| (f.at_province_or_above, f.supervisors) = (false, 1)),
            check(|f| f.systems.clear()),
            &["system_missing"; 8],
        ),
    ];
    pairs.extend(eligibility());
    pairs.extend(basis());
    pairs
}

fn eligibility() -> Vec<Pair> {
    let check = |registered: &str, recognised: Option<&str>, applied: &str| {
        let law = law_on("2026-11-22");
        check_eligibility(&law, day(registered), recognised.map(day), day(applied))
    };
    vec![
        Pair::of(
            "CF-01",
            check("2025-03-10", None, "2026-03-10"),
            check("2025-03-10", None, "2026-03-09"),
            &["qualification_too_early"],
        ),
        Pair::of(
            "CF-01",
            check("2010-01-01", Some("2025-05-01"), "2026-05-01"),
            check("2010-01-01", Some("2025-05-01"), "2026-04-30"),
            &["qualification_too_early"],
        ),
    ]
}

fn basis() -> Vec<Pair> {
    let check = |basis: &Basis| check_basis(&law_on("2026-06-01"), basis);
    let by_law = |law: Option<&str>, conditions_asked| Basis::Law {
        law: law.map(str::to_owned),
        conditions_asked,
    };
    let fine = || check(&by_law(Some("红十字会法"), false));
    vec![
        Pair::of(
            "CF-03",
            fine(),
            check(&by_law(Some(" "), false)),
            &["basis_without_law"],
        ),
        Pair::of(
            "CF-03",
            check(&Basis::Application),
            check(&by_law(None, false)),
            &["basis_without_law"],
        ),
        Pair::of(
            "CF-03",
            fine(),
            check(&by_law(Some("红十字会法"), true)),
            &["basis_treated_as_application"],
        ),
    ]
}

#[test]
fn the_first_day_of_an_application_is_told() {
    let law = law_on("2026-06-01");
    let check = |registered: &str, recognised: Option<&str>, from| {
        assert_eq!(
            eligible_from(&law, day(registered), recognised.map(day)),
            Some(day(from))
        );
    };
    check("2024-02-29", None, "2025-02-28");
    check("2020-01-01", Some("2025-05-01"), "2026-05-01");
    check("2025-06-01", Some("2025-05-01"), "2026-06-01");
}

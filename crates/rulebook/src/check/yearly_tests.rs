//! Cases of what is due each year.

use super::*;
use crate::check::coverage::{Pair, day, law_on};

fn annual(change: impl Fn(&mut AnnualFacts)) -> Vec<Finding> {
    let mut facts = AnnualFacts {
        year: 2025,
        qualified: true,
        sponsor: Sponsor::Consented,
        audited: true,
        parts: ReportPart::ALL.into_iter().collect(),
        published: Some(day("2026-05-31")),
    };
    change(&mut facts);
    check_annual_report(&law_on("2026-06-30"), &facts)
}

fn done(text: Option<&str>) -> YearlyFacts {
    YearlyFacts {
        year: 2025,
        done: text.map(day),
    }
}

fn inspection(form: Form, to_sponsor: &str, to_registrar: &str) -> Vec<Finding> {
    let facts = InspectionReport {
        form,
        year: 2025,
        has_sponsor: true,
        to_sponsor: Some(day(to_sponsor)),
        to_registrar: Some(day(to_registrar)),
    };
    check_inspection_report(&law_on("2026-06-30"), &facts)
}

pub(crate) fn pairs() -> Vec<Pair> {
    let law = law_on("2026-06-30");
    let one = |change: fn(&mut AnnualFacts), code: &'static str| {
        Pair::of("DI-04", annual(|_| {}), annual(change), &[code])
    };
    let projects = |on| check_major_projects(&law, &done(on));
    let related = |on| check_related_list(&law, &done(on));
    let (march, april) = ("2026-03-31", "2026-04-01");
    let (may, june) = ("2026-05-31", "2026-06-01");
    use Form::{Association, Foundation, ServiceInstitution};
    vec![
        one(
            |f| f.published = Some(day("2026-06-01")),
            "annual_report_late",
        ),
        one(|f| f.published = None, "annual_report_late"),
        one(|f| f.audited = false, "annual_report_not_audited"),
        Pair::of(
            "DI-04",
            annual(|f| (f.qualified, f.audited) = (false, false)),
            annual(|f| f.sponsor = Sponsor::Pending),
            &["annual_report_without_consent"],
        ),
        Pair::of(
            "DI-04",
            annual(|f| f.sponsor = Sponsor::None),
            annual(|f| f.parts.clear()),
            &["annual_report_part_missing"; 6],
        ),
        Pair::of(
            "DI-08",
            projects(Some(may)),
            projects(Some(june)),
            &["major_projects_late"],
        ),
        Pair::of(
            "DI-10",
            related(Some(may)),
            related(None),
            &["related_list_late"],
        ),
        Pair::of(
            "DI-17",
            inspection(Foundation, march, march),
            inspection(Foundation, march, april),
            &["foundation_report_late"],
        ),
        Pair::of(
            "DI-17",
            inspection(Association, march, may),
            inspection(Association, april, may),
            &["sponsor_report_late"],
        ),
        Pair::of(
            "DI-17",
            inspection(ServiceInstitution, march, may),
            inspection(ServiceInstitution, march, june),
            &["registrar_report_late"],
        ),
    ]
}

#[test]
fn a_report_that_was_due_under_an_older_order_is_left_to_people() {
    let found = annual(|facts| facts.year = 2024);
    let codes: Vec<&str> = found.iter().map(|finding| finding.code).collect();
    assert_eq!(codes, ["rule_not_in_book"]);
}

#[test]
fn before_the_last_day_nothing_is_late() {
    let facts = done(None);
    assert_eq!(check_related_list(&law_on("2026-05-31"), &facts), []);
    assert_eq!(check_related_list(&law_on("2026-06-01"), &facts).len(), 1);
}

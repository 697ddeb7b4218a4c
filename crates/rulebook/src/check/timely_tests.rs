//! Cases of publications that are due some time after an event.

use super::*;
use crate::check::coverage::{Pair, calendar, day, law_on, number};

fn facts(since: &str, published: Option<&str>) -> TimelyFacts {
    TimelyFacts {
        since: day(since),
        published: published.map(day),
    }
}

fn basic(since: &str, published: Option<&str>) -> Vec<Finding> {
    check_basic_data(&law_on("2026-06-30"), &calendar(), &facts(since, published))
}

fn event(kind: EventKind, published: Option<&str>) -> Vec<Finding> {
    let facts = facts("2026-03-02", published);
    check_event(&law_on("2026-06-30"), &calendar(), kind, &facts)
}

fn partner(on: &str, published: Option<&str>) -> Vec<Finding> {
    let facts = facts("2026-03-31", published);
    check_partner(&law_on(on), &calendar(), &facts)
}

fn trust(role: &TrustRole) -> Vec<Finding> {
    check_trust(&law_on("2027-02-01"), &calendar(), role)
}

pub(crate) fn pairs() -> Vec<Pair> {
    let major = |above_threshold| EventKind::Major { above_threshold };
    let settlor = |published: &str, amount| {
        trust(&TrustRole::Settlor {
            clock: facts("2026-03-02", Some(published)),
            name: true,
            trustee: true,
            amount,
        })
    };
    let trustee = |reports| {
        trust(&TrustRole::Trustee {
            year: 2026,
            reports,
        })
    };
    vec![
        Pair::of(
            "DI-03",
            basic("2026-03-02", Some("2026-04-01")),
            basic("2026-03-02", Some("2026-04-02")),
            &["basic_data_late"],
        ),
        // thirty days end on Saturday 4 April 2026; Qingming lasts until the sixth
        Pair::of(
            "DI-03",
            basic("2026-03-05", Some("2026-04-07")),
            basic("2026-03-05", None),
            &["basic_data_late"],
        ),
        Pair::of(
            "DI-09",
            event(major(true), Some("2026-04-01")),
            event(major(true), None),
            &["event_late"],
        ),
        Pair::of(
            "DI-09",
            event(major(false), None),
            event(EventKind::Related, None),
            &["event_late"],
        ),
        Pair::of(
            "DI-11",
            partner("2026-06-30", None),
            partner("2026-07-01", None),
            &["partner_evaluation_late"],
        ),
        Pair::of(
            "DI-13",
            settlor("2026-04-01", true),
            settlor("2026-04-02", true),
            &["trust_settlor_late"],
        ),
        Pair::of(
            "DI-13",
            settlor("2026-04-01", true),
            settlor("2026-04-01", false),
            &["trust_item_missing"],
        ),
        Pair::of("DI-13", trustee(1), trustee(0), &["trustee_reports"]),
    ]
}

#[test]
fn a_duty_follows_the_order_of_the_day_on_which_it_is_due() {
    // changed in December 2025, due in January 2026: the order of 2026 already holds
    let codes = |since| -> Vec<&str> { basic(since, None).iter().map(|f| f.code).collect() };
    assert_eq!(codes("2025-12-15"), ["basic_data_late"]);
    // due in 2025: by the older order, which is not in the book
    assert_eq!(codes("2025-11-15"), ["rule_not_in_book"]);
    assert_eq!(number("DI-09", "related_kinds").count(), Some(6));
}

#[test]
fn a_year_without_holidays_is_told() {
    let law = law_on("2028-01-01");
    let found = check_basic_data(&law, &calendar(), &facts("2027-03-02", None));
    let codes: Vec<&str> = found.iter().map(|finding| finding.code).collect();
    assert_eq!(codes, ["calendar_year_missing"]);
}

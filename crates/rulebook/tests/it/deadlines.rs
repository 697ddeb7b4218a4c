//! The clocks of the law, written a second time with the days on which they end.

use crate::{book, day, law_on};
use kernel::{Day, WorkCalendar};
use rulebook::{Deadline, Due, DueError, Group, LawOf, Severity, Timing, Who};

fn calendar() -> WorkCalendar {
    WorkCalendar::parse(include_str!("../../../../data/holidays.csv"))
        .unwrap_or_else(|error| panic!("{error}"))
}

fn deadline(key: &str) -> &'static Deadline {
    book().deadline(key).unwrap_or_else(|| panic!("{key}"))
}

fn due(key: &str, since: &str) -> Due {
    let due = deadline(key).due(day(since), &law_on("2026-06-30"), &calendar());
    due.unwrap_or_else(|error| panic!("{key}: {error}"))
}

#[test]
fn each_clock_ends_on_its_day() {
    let check = |key, since, last| assert_eq!(due(key, since).day, day(last), "{key}");
    check("registration_change_apply", "2026-06-01", "2026-07-01");
    check("basic_data_publish", "2026-06-01", "2026-07-01");
    check("liquidation_group", "2026-06-01", "2026-07-01");
    check("deregister", "2026-06-01", "2026-06-16");
    check("filing_submit", "2026-06-30", "2026-06-20");
    check("filing_publish", "2026-06-01", "2026-06-11");
    check("filing_complete", "2026-06-01", "2026-06-08"); // the sixth is a Saturday
    check("filing_amend", "2026-06-01", "2026-06-11");
    check("emergency_filing", "2026-06-01", "2026-06-11");
    check("emergency_disclosure", "2026-06-03", "2026-06-08");
    check("campaign_progress", "2026-03-31", "2026-06-30");
    check("campaign_final", "2026-03-31", "2026-06-30");
    check("project_progress", "2026-03-31", "2026-06-30");
    check("project_final", "2026-03-31", "2026-06-30");
    check("partner_evaluation", "2026-03-31", "2026-06-30");
    check("surplus_publish", "2026-03-31", "2026-06-30");
    check("major_change_publish", "2026-06-01", "2026-07-01");
    check("related_transaction_publish", "2026-06-01", "2026-07-01");
    check("trust_file", "2026-06-01", "2026-06-08");
    check("trust_file_again", "2026-06-01", "2026-06-08");
    check("trust_settlor_publish", "2026-06-01", "2026-07-01");
    check("credit_record", "2026-06-01", "2026-06-08");
    check("complaint_answer", "2026-06-01", "2026-06-16");
    check("penalty_decide", "2026-06-01", "2026-08-31"); // the thirtieth is a Sunday
}

#[test]
fn each_day_of_the_year_comes_once_a_year() {
    let check = |key, last| {
        let found = deadline(key).due(day("2025-12-31"), &law_on("2026-06-30"), &calendar());
        assert_eq!(found.unwrap().day, day(last), "{key}");
    };
    check("inspection_report_foundation", "2026-03-31");
    check("inspection_report_sponsor", "2026-03-31");
    check("inspection_report_registrar", "2026-05-31");
    check("annual_report_publish", "2026-05-31"); // a Sunday: a fixed day does not move
    check("major_projects_publish", "2026-05-31");
    check("related_parties_file", "2026-05-31");
    check("yearly_accounts", "2026-04-30");
    assert_eq!(
        due("bank_reconciliation", "2026-02-10").day,
        day("2026-02-28")
    );
    assert_eq!(due("stock_count", "2026-02-10").day, day("2026-12-31"));
    assert_eq!(due("spending_ratio", "2026-02-10").day, day("2026-12-31"));
    assert_eq!(due("minors_audit", "2026-02-10").day, day("2026-12-31"));
}

#[test]
fn licensing_limits_show_both_ways_of_counting() {
    let check = |key, last, other, latest: Option<&str>| {
        let due = due(key, "2026-03-02");
        let shown = (due.day, due.other, due.latest);
        assert_eq!(
            shown,
            (day(last), Some(day(other)), latest.map(day)),
            "{key}"
        );
    };
    check(
        "registration_decide",
        "2026-04-14",
        "2026-04-01",
        Some("2026-07-10"),
    );
    check(
        "recognition_decide",
        "2026-03-30",
        "2026-03-23",
        Some("2026-06-26"),
    );
    check("qualification_decide", "2026-03-30", "2026-03-23", None);
    assert_eq!(
        due("complaint_finish", "2026-06-01").latest,
        Some(day("2026-08-31"))
    );
}

#[test]
fn certificates_are_reminded_of_before_they_end() {
    for key in [
        "grade_expiry",
        "tax_qualification_expiry",
        "tax_exemption_expiry",
        "social_worker_expiry",
    ] {
        let own = deadline(key);
        assert_eq!(own.timing, Timing::Expiry);
        assert_eq!(due(key, "2026-12-31").day, day("2026-12-31"));
        let days: Vec<Option<Day>> = own
            .reminders
            .iter()
            .map(|r| r.before(day("2026-12-31")))
            .collect();
        let wanted = ["2026-06-30", "2026-09-30", "2026-11-30"].map(|text| Some(day(text)));
        assert_eq!(days, wanted, "{key}");
    }
}

#[test]
fn what_is_published_follows_the_order_of_the_day_on_which_it_is_due() {
    let own = deadline("basic_data_publish");
    assert_eq!(own.law_of, LawOf::Due);
    // changed in December 2025 and due in January: the order of 2026
    assert_eq!(
        due("basic_data_publish", "2025-12-15").day,
        day("2026-01-14")
    );
    let before = own.due(day("2025-06-02"), &law_on("2026-06-30"), &calendar());
    assert_eq!(before, Err(DueError::NotInBook(own.rule)));
    for deadline in book().deadlines() {
        let published = deadline.rule.group() == Group::Disclosure;
        assert!(
            !published || deadline.law_of == LawOf::Due,
            "{}",
            deadline.key
        );
    }
}

#[test]
fn what_cannot_be_told_is_not_guessed() {
    let own = deadline("basic_data_publish");
    let later = own.due(day("2027-06-01"), &law_on("2027-06-30"), &calendar());
    assert!(matches!(later, Err(DueError::Year(missing)) if missing.year == 2027));
    let early = deadline("registration_decide");
    let before = early.due(day("2024-06-03"), &law_on("2026-06-30"), &calendar());
    assert_eq!(before, Err(DueError::NotInBook(early.rule)));
}

#[test]
fn everything_in_the_table_is_owed_by_somebody_under_a_rule() {
    assert_eq!(book().deadlines().len(), 44);
    for deadline in book().deadlines() {
        assert!(
            book().history(deadline.rule).next().is_some(),
            "{}",
            deadline.key
        );
        assert!(
            !deadline.owes.is_empty() && deadline.trigger.contains('.'),
            "{}",
            deadline.key
        );
    }
    let of_end: Vec<&str> = book()
        .deadlines_of("campaign.end")
        .map(|d| d.key.as_str())
        .collect();
    assert_eq!(of_end, ["campaign_final", "partner_evaluation"]);
    assert_eq!(deadline("filing_publish").owes, [Who::Authority]);
    assert_eq!(due("filing_submit", "2026-06-30").severity, Severity::Block);
}

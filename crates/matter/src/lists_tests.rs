//! Inbox, overdue report and durations as rows.

use super::*;
use crate::Request;
use crate::examples::{ANNA, BAO, Desk, ERNI, calendar, day, on};

fn matters() -> Vec<Matter> {
    let histories: [Vec<Request>; 6] = [
        vec![on("2026-06-01", "submit", ANNA)],
        vec![on("2026-06-10", "submit", ANNA)],
        vec![on("2026-05-11", "submit", ANNA)],
        vec![
            on("2026-06-01", "submit", ANNA),
            on("2026-06-03", "pause", BAO).because("听证"),
        ],
        vec![
            on("2026-06-01", "submit", ANNA),
            on("2026-06-05", "withdraw", ANNA),
        ],
        vec![],
    ];
    histories
        .into_iter()
        .map(|requests| Desk::new().done(&requests).matter)
        .collect()
}

fn listed(matters: &[Matter]) -> Vec<Listed<'_>> {
    let list = matters.iter().zip(1..);
    list.map(|(matter, id)| Listed { id, matter }).collect()
}

#[test]
fn an_inbox_is_ordered_by_what_presses() {
    let matters = matters();
    let lines = inbox(&listed(&matters), day("2026-06-29"), &calendar()).unwrap();
    let order: Vec<_> = lines
        .iter()
        .map(|line| (line.id, line.clock.as_ref().map(|clock| clock.light)))
        .collect();
    let want = [
        (3, Some(Light::Red)),
        (1, Some(Light::Yellow)),
        (2, Some(Light::Green)),
        (4, Some(Light::Paused)),
        (6, None),
    ];
    assert_eq!(order, want);
}

#[test]
fn what_is_not_known_comes_behind_what_is() {
    let unknown = Desk::new().done(&[on("2026-12-20", "submit", ANNA)]).matter;
    let known = Desk::new().done(&[on("2026-12-01", "submit", ANNA)]).matter;
    let matters = [unknown, known];
    let lines = inbox(&listed(&matters), day("2026-12-21"), &calendar()).unwrap();
    assert_eq!(lines.iter().map(|l| l.id).collect::<Vec<_>>(), [2, 1]);
}

#[test]
fn the_overdue_report_can_be_told_for_any_day() {
    let matters = matters();
    let report = |on_day| {
        let report = overdue(&listed(&matters), day(on_day), &calendar()).unwrap();
        let line = |line: &OverdueLine| {
            let level = line.level.map_or("-", |level| level.name);
            let due = line.due;
            format!("{} {due} {} {level}", line.id, line.days_over)
        };
        report.lines.iter().map(line).collect::<Vec<_>>()
    };
    assert_eq!(report("2026-06-08"), [""; 0]);
    assert_eq!(report("2026-06-09"), ["3 2026-06-08 1 leader"]);
    assert_eq!(
        report("2026-07-09"),
        ["3 2026-06-08 31 above", "1 2026-06-30 9 above"]
    );
}

#[test]
fn a_report_names_what_it_cannot_know() {
    let matters = [Desk::new().done(&[on("2026-12-20", "submit", ANNA)]).matter];
    let report = |on_day| overdue(&listed(&matters), day(on_day), &calendar()).unwrap();
    assert_eq!(report("2027-01-01"), OverdueReport::default());
    let unknown = vec![(1, "decision", 2027)];
    assert_eq!(report("2027-01-02").unknown, unknown);
}

#[test]
fn durations_are_whole_working_days() {
    let refused = |on_day| {
        let refuse = on(on_day, "refuse", ERNI).because("不符合条件");
        let submit = on("2026-06-01", "submit", ANNA);
        Desk::new().done(&[submit, refuse]).matter
    };
    let days = ["2026-06-02", "2026-06-08", "2026-06-10", "2027-01-05"];
    let matters: Vec<_> = days.into_iter().map(refused).collect();
    let found = durations(&listed(&matters), &calendar()).unwrap();
    let whole = Duration {
        procedure: "permit",
        step: None,
        count: 3,
        median: 5,
        ninetieth: 7,
        longest: 7,
        unknown: 1,
    };
    let step = Duration {
        step: Some("refuse"),
        ..whole
    };
    assert_eq!(found, [whole, step]);
}

#[test]
fn ranks_are_the_nearest() {
    let hundred: Vec<i32> = (1..=100).collect();
    assert_eq!(nearest_rank(&hundred, 90), 90);
    assert_eq!(nearest_rank(&[1, 2, 3, 4], 50), 2);
    assert_eq!(nearest_rank(&[7], 90), 7);
    assert_eq!(nearest_rank(&[], 50), 0);
}

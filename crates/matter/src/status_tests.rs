//! Clocks of a matter as rows: light, outcome, what is left, who hears.

use super::*;
use crate::Request;
use crate::examples::{ANNA, BAO, CHEN, Desk, ERNI, day, on};

/// The one run of a clock on a day, as one line.
#[track_caller]
fn check(requests: &[Request], clock: &str, on_day: &str, want: &str) {
    let desk = Desk::new().done(requests);
    let found = clocks(&desk.matter, day(on_day), &desk.calendar);
    let runs: Vec<String> = found
        .iter()
        .filter(|status| status.run.clock.name == clock)
        .map(line)
        .collect();
    assert_eq!(runs.join("; "), want);
}

fn line(status: &ClockStatus) -> String {
    let due = match status.due {
        Due::On(day) => day.to_string(),
        Due::Stopped { left } => format!("stopped {left}"),
        Due::Unknown { year, .. } => format!("unknown {year}"),
    };
    let level = status.level.map_or("-", |level| level.name);
    let left = status.left.map_or("-".to_string(), |n| n.to_string());
    format!(
        "{due} {:?} {:?} {left} {level}",
        status.outcome, status.light
    )
}

fn submitted() -> Request {
    on("2026-06-01", "submit", ANNA)
}

#[test]
fn a_light_turns_yellow_and_red_and_climbs() {
    let rows = [
        ("2026-06-01", "2026-06-30 Running Green 20 -"),
        ("2026-06-24", "2026-06-30 Running Green 4 -"),
        ("2026-06-25", "2026-06-30 Running Yellow 3 -"),
        ("2026-06-30", "2026-06-30 Running Yellow 0 -"),
        ("2026-07-01", "2026-06-30 Overdue Red -1 leader"),
        ("2026-07-06", "2026-06-30 Overdue Red -4 leader"),
        ("2026-07-07", "2026-06-30 Overdue Red -5 above"),
    ];
    for (on_day, want) in rows {
        check(&[submitted()], "decision", on_day, want);
    }
}

#[test]
fn a_clock_is_met_met_late_missed_or_cancelled() {
    let refuse = |on_day| on(on_day, "refuse", ERNI).because("不符合条件");
    let later = "2026-12-01";
    let rows = [
        (refuse("2026-06-30"), "2026-06-30 Met Off - -"),
        (refuse("2026-07-01"), "2026-06-30 MetLate Off - -"),
        (
            on("2026-06-30", "return", BAO).missing("章程", "缺"),
            "2026-06-30 Cancelled Off - -",
        ),
        (
            on("2026-07-01", "return", BAO).missing("章程", "缺"),
            "2026-06-30 Missed Off - -",
        ),
    ];
    for (request, want) in rows {
        check(&[submitted(), request], "decision", later, want);
    }
}

#[test]
fn a_clock_that_starts_again_forgets_nothing() {
    let again = [
        submitted(),
        on("2026-07-02", "return", BAO).missing("章程", "缺"),
        on("2026-07-03", "submit", ANNA),
    ];
    let want = "2026-06-30 Missed Off - -; 2026-07-31 Running Green 18 -";
    check(&again, "decision", "2026-07-07", want);
    check(&again, "mending", "2026-07-07", "2026-07-07 Met Off - -");
    let desk = Desk::new().done(&again);
    let runs = desk.matter.runs().iter();
    let numbers: Vec<_> = runs.map(|run| (run.clock.name, run.number)).collect();
    assert_eq!(numbers, [("decision", 1), ("mending", 1), ("decision", 2)]);
    // what was done on a day is known as of that day
    check(
        &again,
        "decision",
        "2026-07-02",
        "2026-06-30 Missed Off - -",
    );
    // as of a day before, nothing later is known
    check(
        &again,
        "decision",
        "2026-07-01",
        "2026-06-30 Overdue Red -1 leader",
    );
}

#[test]
fn a_pause_and_an_extension_move_the_last_day() {
    let mut history = vec![submitted(), on("2026-06-03", "pause", BAO).because("听证")];
    check(
        &history,
        "decision",
        "2026-06-20",
        "stopped 19 Paused Paused 19 -",
    );
    history.push(on("2026-06-08", "resume", CHEN));
    check(
        &history,
        "decision",
        "2026-06-08",
        "2026-07-03 Running Green 18 -",
    );
    history.push(
        on("2026-06-09", "extend", ERNI)
            .because("案情复杂")
            .longer_by(10),
    );
    check(
        &history,
        "decision",
        "2026-06-09",
        "2026-07-17 Running Green 27 -",
    );
    let desk = Desk::new().done(&history);
    let run = &desk.matter.runs()[0];
    assert_eq!(run.pauses[0].reason.as_deref(), Some("听证"));
    assert_eq!(run.extended.as_ref().map(|e| e.by), Some(10));
}

#[test]
fn a_pause_in_a_pause_is_one_pause() {
    let history = [
        submitted(),
        on("2026-06-03", "pause", BAO).because("听证"),
        on("2026-06-05", "pause", BAO).because("鉴定"),
        on("2026-06-08", "resume", CHEN),
    ];
    check(
        &history,
        "decision",
        "2026-06-08",
        "2026-07-03 Running Green 18 -",
    );
}

#[test]
fn a_clock_that_ends_in_a_pause_stood_still_until_then() {
    let history = [
        submitted(),
        on("2026-06-29", "pause", BAO).because("听证"),
        on("2026-07-20", "refuse", ERNI).because("不符合条件"),
    ];
    let want = "2026-07-21 Met Off - -";
    check(&history, "decision", "2026-08-01", want);
}

#[test]
fn both_counts_are_shown() {
    let desk = Desk::new().done(&[submitted()]);
    let found = clocks(&desk.matter, day("2026-06-01"), &desk.calendar);
    // twenty calendar days from 1 June: Sunday 21 June moves behind the dragon boat holiday
    assert_eq!(found[0].due_otherwise, Some(Due::On(day("2026-06-22"))));
    assert!(found[0].is_statutory());
    assert_eq!(found[0].owed_by(), "clerk");
}

#[test]
fn a_fact_starts_its_clock_and_a_stated_day_is_its_start() {
    let history = [
        submitted().stating(&["sponsored"]),
        on("2026-06-10", "consent", BAO).dated(day("2026-03-30")),
    ];
    check(&[submitted()], "consent", "2026-06-02", "");
    check(&history, "consent", "2026-06-11", "2026-07-01 Met Off - -");
    check(
        &history,
        "notice",
        "2026-06-11",
        "2026-03-31 Overdue Red -72 -",
    );
}

#[test]
fn a_missing_year_is_a_light_of_its_own() {
    let late = [on("2026-12-20", "submit", ANNA)];
    check(
        &late,
        "decision",
        "2026-12-21",
        "unknown 2027 Running Unknown - -",
    );
    let refused = |on_day| {
        let refuse = on(on_day, "refuse", ERNI).because("不符合条件");
        vec![on("2026-12-20", "submit", ANNA), refuse]
    };
    check(
        &refused("2026-12-31"),
        "decision",
        "2027-01-02",
        "unknown 2027 Met Off - -",
    );
    check(
        &refused("2027-02-01"),
        "decision",
        "2027-03-01",
        "unknown 2027 Unknown Off - -",
    );
}

#[test]
fn nobody_is_late_when_a_waiting_time_is_over() {
    let history = vec![
        submitted(),
        on("2026-06-02", "return", BAO).missing("章程", "缺"),
    ];
    let desk = Desk::new().done(&history);
    let mut run = desk.matter.runs()[1].clone();
    assert_eq!(run.clock.name, "mending");
    let clock = crate::Clock {
        nature: Nature::Waiting,
        ..*run.clock
    };
    run.clock = Box::leak(Box::new(clock));
    for (on_day, want) in [
        ("2026-06-08", "2026-06-08 Running Green 0 -"),
        ("2026-06-09", "2026-06-08 Elapsed Off - -"),
    ] {
        let status = super::status(&run, day(on_day), &desk.calendar);
        assert_eq!(line(&status), want);
    }
}

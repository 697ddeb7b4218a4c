//! Last days: rows from the calendar, and properties against a counter that looks at every single day.

use super::*;
use crate::examples::{calendar, day};
use proptest::prelude::*;

fn stops(text: &[(&str, &str)]) -> Vec<Stop> {
    let stop = |(from, to): &(&str, &str)| Stop {
        from: day(from),
        to: (!to.is_empty()).then(|| day(to)),
    };
    text.iter().map(stop).collect()
}

#[track_caller]
fn check_paused(started: &str, length: Length, pauses: &[(&str, &str)], want: Due) {
    let stops = stops(pauses);
    let course = Course {
        length,
        last_day: LastDay::NextWorkingDay,
        started: day(started),
        stops: &stops,
    };
    assert_eq!(due(&course, &calendar()), want, "{started} {length:?}");
}

#[track_caller]
fn check(started: &str, length: Length, want: &str) {
    check_paused(started, length, &[], Due::On(day(want)));
}

#[test]
fn the_day_of_the_event_is_not_counted() {
    check("2026-03-02", Length::Days(1), "2026-03-03");
    check("2026-03-02", Length::WorkingDays(1), "2026-03-03");
    // a Friday
    check("2026-03-06", Length::WorkingDays(1), "2026-03-09");
    check("2026-03-02", Length::WorkingDays(20), "2026-03-30");
}

#[test]
fn a_last_day_that_is_a_holiday_moves_to_the_next_working_day() {
    // Saturday and Sunday
    check("2026-03-02", Length::Days(5), "2026-03-09");
    check("2026-03-02", Length::Days(6), "2026-03-09");
    // 1 October is a holiday until the 7th
    check("2026-09-21", Length::Days(10), "2026-10-08");
    // 10 October is a Saturday that is worked
    check("2026-09-30", Length::Days(10), "2026-10-10");
    let fixed = Course {
        length: Length::Days(5),
        last_day: LastDay::AsItFalls,
        started: day("2026-03-02"),
        stops: &[],
    };
    assert_eq!(due(&fixed, &calendar()), Due::On(day("2026-03-07")));
}

#[test]
fn months_end_on_the_same_day_or_the_last() {
    check("2025-11-28", Length::Months(3), "2026-02-28");
    check("2025-11-30", Length::Months(3), "2026-02-28");
    check("2024-01-31", Length::Months(1), "2024-02-29");
    check("2026-03-17", Length::Months(1), "2026-04-17");
}

#[test]
fn a_date_is_the_next_one_behind_the_event() {
    let march = Length::UntilDate { month: 3, day: 31 };
    check("2025-12-31", march, "2026-03-31");
    check("2025-03-31", march, "2026-03-31");
    check("2025-03-30", march, "2025-03-31");
    // 31 May 2026 is a Sunday
    check(
        "2025-12-31",
        Length::UntilDate { month: 5, day: 31 },
        "2026-06-01",
    );
}

#[test]
fn paused_days_are_not_counted() {
    let ten = Length::Days(10);
    let on = |text| Due::On(day(text));
    check_paused("2026-03-02", ten, &[], on("2026-03-12"));
    check_paused(
        "2026-03-02",
        ten,
        &[("2026-03-05", "2026-03-06")],
        on("2026-03-13"),
    );
    // on and off on one day takes nothing
    check_paused(
        "2026-03-02",
        ten,
        &[("2026-03-05", "2026-03-05")],
        on("2026-03-12"),
    );
    // on the last day: the day on which it goes on is the last one
    check_paused(
        "2026-03-02",
        ten,
        &[("2026-03-12", "2026-03-24")],
        on("2026-03-24"),
    );
    // behind the last day nothing helps
    check_paused(
        "2026-03-02",
        ten,
        &[("2026-03-13", "2026-03-24")],
        on("2026-03-12"),
    );
    // a pause over a weekend takes no working days
    check_paused(
        "2026-03-02",
        Length::WorkingDays(10),
        &[("2026-03-07", "2026-03-09")],
        on("2026-03-16"),
    );
    // two pauses, the second inside what the first has added
    check_paused(
        "2026-03-02",
        ten,
        &[("2026-03-12", "2026-03-16"), ("2026-03-16", "2026-03-18")],
        on("2026-03-18"),
    );
}

#[test]
fn an_open_pause_leaves_what_is_left() {
    let open = [("2026-03-05", "")];
    check_paused(
        "2026-03-02",
        Length::Days(10),
        &open,
        Due::Stopped { left: 8 },
    );
    check_paused(
        "2026-03-02",
        Length::WorkingDays(10),
        &open,
        Due::Stopped { left: 8 },
    );
    let on_the_last = [("2026-03-12", "")];
    check_paused(
        "2026-03-02",
        Length::Days(10),
        &on_the_last,
        Due::Stopped { left: 1 },
    );
}

#[test]
fn a_missing_year_is_said_and_not_guessed() {
    let unknown = |not_before| Due::Unknown {
        year: 2027,
        not_before: day(not_before),
    };
    check_paused(
        "2026-12-20",
        Length::WorkingDays(20),
        &[],
        unknown("2027-01-01"),
    );
    check_paused("2026-12-20", Length::Days(30), &[], unknown("2027-01-19"));
    check("2026-12-20", Length::WorkingDays(9), "2026-12-31");
    // a pause over the turn of the year needs no calendar of the days in it
    check_paused(
        "2026-12-20",
        Length::WorkingDays(20),
        &[("2026-12-22", "")],
        Due::Stopped { left: 19 },
    );
    assert_eq!(
        unknown("2027-01-19").is_over(day("2027-01-19")),
        Some(false)
    );
    assert_eq!(unknown("2027-01-19").is_over(day("2027-01-20")), None);
}

#[test]
fn no_calendar_at_all_is_no_panic() {
    let course = Course {
        length: Length::WorkingDays(20),
        last_day: LastDay::NextWorkingDay,
        started: Day::from_number(i32::MAX),
        stops: &[],
    };
    let due = due(&course, &WorkCalendar::default());
    assert!(matches!(due, Due::Unknown { .. }), "{due:?}");
}

#[test]
fn working_days_between_go_both_ways() {
    let between = |a, b| working_days_between(day(a), day(b), &calendar());
    assert_eq!(between("2026-03-02", "2026-03-02"), Some(0));
    assert_eq!(between("2026-03-06", "2026-03-09"), Some(1));
    assert_eq!(between("2026-03-09", "2026-03-06"), Some(-1));
    assert_eq!(between("2026-12-31", "2027-01-05"), None);
    assert_eq!(between("1900-01-01", "2026-01-05"), None);
}

/// Looks at each day behind the event in turn, exactly as the rule is said.
fn one_by_one(course: &Course<'_>, calendar: &WorkCalendar) -> Due {
    let whole = match course.length {
        Length::Days(n) | Length::WorkingDays(n) => i32::from(n),
        Length::Months(n) => {
            let last = course.started.plus_months(i32::from(n));
            last.number() - course.started.number()
        }
        Length::UntilDate { .. } => unreachable!("not among the properties"),
    };
    let mut counted = 0;
    let mut at = course.started;
    loop {
        at = at.plus_days(1);
        if let Some(stop) = course
            .stops
            .iter()
            .find(|stop| (stop.from..stop.to.unwrap_or(Day::from_number(i32::MAX))).contains(&at))
        {
            if stop.to.is_none() {
                let left = (whole - counted).max(1);
                return Due::Stopped {
                    left: u32::try_from(left).unwrap(),
                };
            }
            continue;
        }
        let working = calendar.is_working_day(at);
        let unknown = |year| Due::Unknown {
            year,
            not_before: at,
        };
        if course.length.is_in_working_days() {
            match working {
                Ok(true) => counted += 1,
                Ok(false) => {}
                Err(missing) => return unknown(missing.year),
            }
            if counted == whole {
                return Due::On(at);
            }
            continue;
        }
        counted += 1;
        if counted < whole {
            continue;
        }
        match (course.last_day, working) {
            (LastDay::AsItFalls, _) | (_, Ok(true)) => return Due::On(at),
            (_, Ok(false)) => {}
            (_, Err(missing)) => return unknown(missing.year),
        }
    }
}

prop_compose! {
    /// Pauses in order, some of them touching, the last one perhaps open.
    fn any_stops(first: Day)(
        steps in prop::collection::vec((0_i32..40, 0_i32..30), 0..4),
        open in any::<bool>(),
    ) -> Vec<Stop> {
        let mut at = first;
        let mut stops = Vec::new();
        for (gap, length) in steps {
            let from = at.plus_days(gap);
            at = from.plus_days(length);
            stops.push(Stop { from, to: Some(at) });
        }
        if open && let Some(last) = stops.last_mut() {
            last.to = None;
        }
        stops
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn counting_agrees_with_looking_at_every_day(
        (started, stops) in (12_418_i32..20_700).prop_flat_map(|number| {
            let started = Day::from_number(number);
            (Just(started), any_stops(started))
        }),
        n in 1_u16..90,
        unit in 0..3,
        rolls in any::<bool>(),
    ) {
        let length = match unit {
            0 => Length::Days(n),
            1 => Length::WorkingDays(n),
            _ => Length::Months(n % 7 + 1),
        };
        let last_day = if rolls { LastDay::NextWorkingDay } else { LastDay::AsItFalls };
        let course = Course { length, last_day, started, stops: &stops };
        let calendar = calendar();
        prop_assert_eq!(due(&course, &calendar), one_by_one(&course, &calendar));
    }
}

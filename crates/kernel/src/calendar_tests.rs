//! Vectors and properties of working days, on the list the product ships.

use super::*;
use proptest::prelude::*;

const LIST: &str = include_str!("../../../data/holidays.csv");

fn calendar() -> WorkCalendar {
    WorkCalendar::parse(LIST).unwrap()
}

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

#[test]
fn the_years_are_loaded() {
    let years: Vec<i32> = calendar().years().collect();
    assert_eq!(years, (2004..=2026).collect::<Vec<_>>());
}

#[test]
fn notices_of_the_state_council_are_followed() {
    let check = |text: &str, working| {
        assert_eq!(calendar().is_working_day(day(text)), Ok(working), "{text}");
    };
    check("2020-01-31", false); // the Spring Festival that was made longer
    check("2020-02-01", false);
    check("2023-09-29", false); // Mid-Autumn
    check("2023-10-07", true); // a Saturday that was worked
    check("2023-10-08", true);
    check("2025-01-26", true); // a Sunday that was worked
    check("2025-10-08", false); // National Day and Mid-Autumn, eight days
    check("2026-02-14", true); // a Saturday that was worked
    check("2026-02-23", false); // the ninth day of the Spring Festival
    check("2026-11-20", true);
    check("2026-11-22", false); // a Sunday
}

#[test]
fn working_days_are_counted_from_the_next_day() {
    let check = |from, n, to| {
        assert_eq!(
            calendar().add_working_days(day(from), n),
            Ok(day(to)),
            "{from} {n}"
        );
    };
    check("2026-11-20", 0, "2026-11-20");
    check("2026-11-20", 1, "2026-11-23");
    check("2026-11-21", 1, "2026-11-23");
    check("2026-11-22", 20, "2026-12-18");
    check("2025-09-30", 1, "2025-10-09");
    check("2025-09-30", 3, "2025-10-11");
    let from = |text| {
        calendar()
            .working_day_from(day(text))
            .map(|day| day.to_string())
    };
    assert_eq!(from("2025-10-01"), Ok("2025-10-09".into()));
    assert_eq!(from("2025-10-09"), Ok("2025-10-09".into()));
}

#[test]
fn a_year_that_is_not_loaded_is_an_error() {
    let missing = calendar()
        .add_working_days(day("2026-12-31"), 1)
        .unwrap_err();
    assert_eq!(
        (missing.year, missing.code()),
        (2027, "calendar.year_missing")
    );
    assert!(missing.to_string().contains("2027"));
    assert!(calendar().is_working_day(day("2003-06-01")).is_err());
    assert!(
        calendar()
            .add_working_days(day("2026-01-01"), u32::MAX)
            .is_err()
    );
    // days that a notice borrows from the year before do not make that year known
    let borrowed = WorkCalendar::with([(day("2026-12-31"), DayKind::Holiday)]);
    assert!(borrowed.is_working_day(day("2026-12-31")).is_err());
}

#[test]
fn a_wrong_list_is_refused() {
    let check =
        |text: &str, line| assert_eq!(WorkCalendar::parse(text), Err(CalendarError { line }));
    check("day,kind,name\n2026-1-1,holiday,元旦", 2);
    check("day,kind,name\n2026-01-01,feast,元旦", 2);
    check(
        "day,kind,name\n2026-01-02,holiday,a\n2026-01-01,holiday,b",
        3,
    );
    check("day,kind,name\n2026-01-05,working,a Monday", 2);
}

proptest! {
    #[test]
    fn the_count_agrees_with_the_days(from in 12_500..20_000_i32, n in 1..200_u32) {
        let (calendar, from) = (calendar(), Day::from_number(from));
        let to = calendar.add_working_days(from, n).unwrap();
        let working = (from.number() + 1..=to.number())
            .filter(|d| calendar.is_working_day(Day::from_number(*d)).unwrap())
            .count();
        prop_assert_eq!(working, n as usize);
        prop_assert!(calendar.is_working_day(to).unwrap());
    }
}

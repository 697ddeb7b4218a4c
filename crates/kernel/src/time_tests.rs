//! Vectors and properties of days and moments.

use super::*;
use proptest::prelude::*;

#[test]
fn every_day_of_the_calendar_follows_the_one_before() {
    let first = Day::from_ymd(1600, 1, 1).unwrap();
    let (mut number, mut weekday) = (first.number(), first.weekday());
    assert_eq!((number, weekday), (-135_140, 6)); // a Saturday
    for year in 1600..=2420 {
        for month in 1..=12_u8 {
            for day in 1..=days_of_month(year, month).unwrap() {
                let it = Day::from_ymd(year, month, day).unwrap();
                assert_eq!((it.number(), it.weekday()), (number, weekday));
                assert_eq!(it.ymd(), (year, month, day));
                (number, weekday) = (number + 1, weekday % 7 + 1);
            }
        }
    }
}

#[test]
fn days_are_read_and_written() {
    let check = |text: &str, number| {
        assert_eq!(Day::parse(text).map(Day::number), Ok(number), "{text}");
        assert_eq!(Day::from_number(number).to_string(), text);
    };
    check("1970-01-01", 0);
    check("1969-12-31", -1);
    check("2000-02-29", 11_016);
    check("2026-11-22", 20_779);
    check("0000-01-01", -719_528);
    check("9999-12-31", 2_932_896);
}

#[test]
fn wrong_days_are_refused() {
    let check = |text: &str, error| assert_eq!(Day::parse(text), Err(error), "{text}");
    for text in [
        "",
        "2026-1-2",
        "2026/11/22",
        "20261122",
        "2026-11-2x",
        "+026-11-22",
        "２026-11-2",
    ] {
        check(text, ParseTimeError::Form);
    }
    for text in [
        "2026-02-29",
        "1900-02-29",
        "2026-13-01",
        "2026-00-10",
        "2026-04-31",
        "2026-04-00",
    ] {
        check(text, ParseTimeError::NotThere);
    }
}

#[test]
fn moments_are_read_and_written() {
    let check = |text: &str, micros, written: &str| {
        let moment = Timestamp::parse_rfc3339(text).unwrap();
        assert_eq!(
            (moment.micros(), moment.rfc3339().as_str()),
            (micros, written),
            "{text}"
        );
    };
    check("1970-01-01T00:00:00Z", 0, "1970-01-01T00:00:00Z");
    check("1970-01-01T08:00:00+08:00", 0, "1970-01-01T00:00:00Z");
    check("1970-01-01t00:00:00.5z", 500_000, "1970-01-01T00:00:00Z");
    check("1969-12-31T23:59:59.999999Z", -1, "1969-12-31T23:59:59Z");
    check(
        "1970-01-01T00:00:00-00:30",
        1_800_000_000,
        "1970-01-01T00:30:00Z",
    );
    check(
        "2009-02-13 23:31:30.000001Z",
        1_234_567_890_000_001,
        "2009-02-13T23:31:30Z",
    );
}

#[test]
fn wrong_moments_are_refused() {
    let check =
        |text: &str, error| assert_eq!(Timestamp::parse_rfc3339(text), Err(error), "{text}");
    use ParseTimeError::*;
    for text in [
        "",
        "1970-01-01",
        "1970-01-01T00:00:00",
        "1970-01-01T00:00:00+8:00",
        "1970-01-01T00:00:00.Z",
        "1970-01-01T00:00:00.1234567Z",
        "1970-01-01T00:00Z",
        "1970-01-01X00:00:00Z",
        "1970-01-01T00:00:0aZ",
        "一九七〇年一月一日零时零分零秒",
        "1970-01-01T00:00:00Zz",
        "1970-01-01T00:00:00 Z",
    ] {
        check(text, Form);
    }
    for text in [
        "1970-01-01T24:00:00Z",
        "1970-01-01T00:00:60Z",
        "1970-02-30T00:00:00Z",
        "1970-01-01T00:00:00+24:00",
    ] {
        check(text, NotThere);
    }
}

#[test]
fn a_day_begins_at_midnight_in_beijing() {
    let day = Day::parse("2026-11-22").unwrap();
    assert_eq!(day.start().rfc3339(), "2026-11-21T16:00:00Z");
    assert_eq!(day.end().rfc3339(), "2026-11-22T15:59:59Z");
    assert_eq!(day.end().plus_micros(1), Some(day.plus_days(1).start()));
    assert_eq!(Timestamp::from_micros(-1).millis(), -1);
}

#[test]
fn the_ends_of_the_count_do_not_break() {
    assert_eq!(Timestamp::from_micros(i64::MAX).plus_micros(1), None);
    assert!(Timestamp::from_micros(i64::MAX).day() > Timestamp::from_micros(i64::MIN).day());
    assert!(Day::from_number(i32::MAX).start() > Day::from_number(i32::MIN).end());
    assert_eq!(
        Day::from_number(i32::MAX).plus_days(1),
        Day::from_number(i32::MAX)
    );
    assert!(Timestamp::from_micros(i64::MIN).rfc3339().ends_with('Z'));
    assert!(Day::from_number(i32::MIN).to_string().starts_with("-58"));
}

proptest! {
    #[test]
    fn a_moment_lies_in_its_day(micros in -100_000_000_000_000_000..100_000_000_000_000_000_i64) {
        let moment = Timestamp::from_micros(micros);
        prop_assert!(moment.day().start() <= moment && moment <= moment.day().end());
        let (year, _, _) = moment.day().ymd();
        if (1..9999).contains(&year) {
            let back = Timestamp::parse_rfc3339(&moment.rfc3339()).unwrap();
            prop_assert_eq!(back.micros(), micros.div_euclid(1_000_000) * 1_000_000);
        }
    }

    #[test]
    fn any_text_is_answered(text in "[0-9TZ:+. é-]{0,32}") {
        let _ = (Day::parse(&text), Timestamp::parse_rfc3339(&text));
    }
}

#[test]
fn months_end_where_there_is_no_such_day() {
    let check = |from: &str, months, want: &str| {
        let day = Day::parse(from).unwrap();
        assert_eq!(day.plus_months(months).to_string(), want, "{from} {months}");
    };
    check("2026-01-31", 1, "2026-02-28");
    check("2024-01-31", 1, "2024-02-29");
    check("2026-11-30", 3, "2027-02-28");
    check("2026-11-27", 0, "2026-11-27");
    check("2026-11-27", 14, "2028-01-27");
    check("2026-03-31", -1, "2026-02-28");
    check("9999-12-31", 1, "9999-12-31");
}

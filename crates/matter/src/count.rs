//! Counting days: where a clock ends, how much is left of it, and what is not known.
//!
//! One rule for both units: a day is counted if it lies behind the day of the event, the clock was running at
//! the end of it, and, for working days, it is one. The last day is the day on which the count is full.
//! So a pause from day P to day R takes R − P days out of the count: P is not counted, R is.

use crate::clock::{LastDay, Length};
use crate::limits::WALK_DAYS;
use kernel::{Day, WorkCalendar};

/// 〔中止区间〕 A clock stood still from the first of these days; from the second it ran again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stop {
    /// The first day that is not counted.
    pub from: Day,
    /// The first day that is counted again, if it goes on already.
    pub to: Option<Day>,
}

/// 〔计时〕 What a last day is counted from.
#[derive(Debug, Clone, Copy)]
pub struct Course<'a> {
    /// How long.
    pub length: Length,
    /// What happens when the last day is a holiday.
    pub last_day: LastDay,
    /// The day of the event, which is not counted.
    pub started: Day,
    /// The pauses, in order of time.
    pub stops: &'a [Stop],
}

/// 〔到期日〕 The last day of a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// This day.
    On(Day),
    /// The clock stands still; so many of its days are left when it goes on, at least one.
    Stopped {
        /// Calendar or working days, as the clock counts.
        left: u32,
    },
    /// Not known until the holidays of a year are loaded.
    Unknown {
        /// The year.
        year: i32,
        /// The last day is certainly not before this one.
        not_before: Day,
    },
}

impl Due {
    /// The day, where it is known and fixed.
    #[must_use]
    pub fn day(self) -> Option<Day> {
        match self {
            Due::On(day) => Some(day),
            Due::Stopped { .. } | Due::Unknown { .. } => None,
        }
    }

    /// Whether the last day is over on this day: `None` where it is not known.
    #[must_use]
    pub fn is_over(self, day: Day) -> Option<bool> {
        match self {
            Due::On(due) => Some(day > due),
            Due::Stopped { .. } => Some(false),
            Due::Unknown { not_before, .. } => (day <= not_before).then_some(false),
        }
    }
}

/// The last day of a clock.
#[must_use]
pub fn due(course: &Course<'_>, calendar: &WorkCalendar) -> Due {
    match course.length {
        Length::WorkingDays(n) => working_due(course, u32::from(n.max(1)), calendar),
        _ => calendar_due(course, calendar),
    }
}

/// The length in calendar days, counted from the day of the event.
fn calendar_days(length: Length, started: Day) -> u32 {
    let last = match length {
        Length::Days(n) | Length::WorkingDays(n) => started.plus_days(i32::from(n)),
        Length::Months(n) => started.plus_months(i32::from(n)),
        Length::UntilDate { month, day } => next_date(month, day, started),
    };
    days_between(started, last).max(1)
}

/// The next date with this month and day behind a day.
fn next_date(month: u8, day: u8, after: Day) -> Day {
    let (year, ..) = after.ymd();
    [year, year.saturating_add(1)]
        .into_iter()
        .filter_map(|year| Day::from_ymd(year, month, day))
        .find(|date| *date > after)
        .unwrap_or(after)
}

/// How many days lie behind the first up to the second; none if there are none.
fn days_between(first: Day, last: Day) -> u32 {
    let days = last.number().saturating_sub(first.number());
    u32::try_from(days).unwrap_or(0)
}

fn plus(day: Day, days: u32) -> Day {
    day.plus_days(i32::try_from(days).unwrap_or(i32::MAX))
}

/// Calendar days by arithmetic: each pause that begins by the last day moves it by its own length.
fn calendar_due(course: &Course<'_>, calendar: &WorkCalendar) -> Due {
    let first = course.started.plus_days(1);
    let mut last = plus(course.started, calendar_days(course.length, course.started));
    let mut stops = course.stops.iter().peekable();
    while let Some(stop) = stops.next_if(|stop| stop.from <= last) {
        let from = stop.from.max(first);
        match stop.to {
            None => {
                let left = days_between(from.plus_days(-1), last);
                return Due::Stopped { left: left.max(1) };
            }
            Some(to) => last = plus(last, days_between(from, to)),
        }
    }
    match course.last_day {
        LastDay::AsItFalls => Due::On(last),
        LastDay::NextWorkingDay => {
            let rest: Vec<Stop> = stops.copied().collect();
            roll(last, &rest, calendar)
        }
    }
}

/// The first running working day from this one on; pauses may begin on the holidays that are passed.
fn roll(last: Day, stops: &[Stop], calendar: &WorkCalendar) -> Due {
    let mut day = last;
    for _ in 0..WALK_DAYS {
        match stop_on(stops, day) {
            Some(Stop { to: None, .. }) => return Due::Stopped { left: 1 },
            Some(Stop { to: Some(to), .. }) => {
                day = to;
                continue;
            }
            None => {}
        }
        match calendar.is_working_day(day) {
            Ok(true) => return Due::On(day),
            Ok(false) => day = day.plus_days(1),
            Err(missing) => {
                return Due::Unknown {
                    year: missing.year,
                    not_before: day,
                };
            }
        }
    }
    unknown_from(day)
}

/// Working days by a walk, which leaps over pauses, so that a pause needs no calendar.
fn working_due(course: &Course<'_>, n: u32, calendar: &WorkCalendar) -> Due {
    let mut day = course.started.plus_days(1);
    let mut left = n;
    for _ in 0..WALK_DAYS {
        match stop_on(course.stops, day) {
            Some(Stop { to: None, .. }) => return Due::Stopped { left },
            Some(Stop { to: Some(to), .. }) => {
                day = to;
                continue;
            }
            None => {}
        }
        match calendar.is_working_day(day) {
            Ok(true) if left <= 1 => return Due::On(day),
            Ok(true) => left = left.saturating_sub(1),
            Ok(false) => {}
            Err(missing) => {
                return Due::Unknown {
                    year: missing.year,
                    not_before: day,
                };
            }
        }
        day = day.plus_days(1);
    }
    unknown_from(day)
}

/// Beyond a century nothing is known, also where a calendar says that it knows.
fn unknown_from(day: Day) -> Due {
    Due::Unknown {
        year: day.ymd().0,
        not_before: day,
    }
}

/// The pause in which this day lies.
fn stop_on(stops: &[Stop], day: Day) -> Option<Stop> {
    stops
        .iter()
        .find(|stop| stop.from <= day && stop.to.is_none_or(|to| day < to))
        .copied()
}

/// 〔工作日数〕 How many working days lie behind the first day up to the second, both directions: negative when the
/// second is earlier. `None` where the holidays of a year on the way are not loaded, or beyond a century.
#[must_use]
pub fn working_days_between(first: Day, second: Day, calendar: &WorkCalendar) -> Option<i32> {
    let (low, high) = (first.min(second), first.max(second));
    if days_between(low, high) > WALK_DAYS {
        return None;
    }
    let mut count = 0_i32;
    let mut day = low;
    while day < high {
        day = day.plus_days(1);
        if calendar.is_working_day(day).ok()? {
            count = count.saturating_add(1);
        }
    }
    Some(if first <= second {
        count
    } else {
        count.saturating_neg()
    })
}

#[cfg(test)]
#[path = "count_tests.rs"]
mod tests;

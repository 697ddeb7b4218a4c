//! Working days: weekends, statutory holidays and the weekends that are worked instead.
//!
//! Source: the yearly notice of the General Office of the State Council on holidays
//! 〔国务院办公厅关于部分节假日安排的通知〕. A year whose notice is not loaded is an error and
//! never a guess: a deadline must not silently fall on a holiday.

use crate::limits::CALENDAR_ROWS;
use crate::time::Day;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// What a notice says of a day that is not as its weekday says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DayKind {
    /// 〔放假〕 A holiday, also when it falls on a weekend.
    Holiday,
    /// 〔调休上班〕 A Saturday or Sunday that is worked.
    Working,
}

/// 〔工作日历〕 Which days are working days, for the years whose notices are loaded.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct WorkCalendar {
    special: BTreeMap<Day, DayKind>,
    years: BTreeSet<i32>,
}

impl WorkCalendar {
    /// A calendar of these days. A year counts as loaded when its New Year's Day and its
    /// National Day are among the holidays: every notice has both, and no notice of
    /// another year has them.
    #[must_use]
    pub fn with(days: impl IntoIterator<Item = (Day, DayKind)>) -> Self {
        let special: BTreeMap<Day, DayKind> = days.into_iter().take(CALENDAR_ROWS).collect();
        let holiday = |year, month| {
            let day = Day::from_ymd(year, month, 1);
            day.is_some_and(|day| special.get(&day) == Some(&DayKind::Holiday))
        };
        let years = special.keys().map(|day| day.ymd().0);
        let years = years
            .filter(|year| holiday(*year, 1) && holiday(*year, 10))
            .collect();
        WorkCalendar { special, years }
    }

    /// Reads `day,kind,name` lines under a head line; kinds are `holiday` and `working`.
    ///
    /// # Errors
    /// The number of the first line that is wrong: the list is taken whole or not at all.
    pub fn parse(text: &str) -> Result<Self, CalendarError> {
        let mut days = Vec::new();
        for (at, line) in text.lines().enumerate().skip(1) {
            let wrong = CalendarError {
                line: at.saturating_add(1),
            };
            let mut fields = line.split(',');
            let day = fields
                .next()
                .and_then(|day| Day::parse(day).ok())
                .ok_or(wrong)?;
            let kind = match fields.next() {
                Some("holiday") => DayKind::Holiday,
                Some("working") if day.weekday() > 5 => DayKind::Working,
                _ => return Err(wrong),
            };
            let ascending = days.last().is_none_or(|(before, _)| *before < day);
            if !ascending || days.len() >= CALENDAR_ROWS {
                return Err(wrong);
            }
            days.push((day, kind));
        }
        Ok(WorkCalendar::with(days))
    }

    /// The years that are loaded, in ascending order.
    pub fn years(&self) -> impl Iterator<Item = i32> {
        self.years.iter().copied()
    }

    /// Whether this is a working day.
    ///
    /// # Errors
    /// The year of the day is not loaded.
    pub fn is_working_day(&self, day: Day) -> Result<bool, YearMissing> {
        let year = day.ymd().0;
        if !self.years.contains(&year) {
            return Err(YearMissing { year });
        }
        Ok(match self.special.get(&day) {
            Some(DayKind::Holiday) => false,
            Some(DayKind::Working) => true,
            None => day.weekday() <= 5,
        })
    }

    /// The n-th working day after this day, which itself is not counted (民法典 art. 201).
    /// With n = 0 it is the day itself, working or not.
    ///
    /// # Errors
    /// A year on the way is not loaded; so the walk ends at the latest there.
    pub fn add_working_days(&self, day: Day, n: u32) -> Result<Day, YearMissing> {
        let (mut at, mut left) = (day, n);
        while left > 0 {
            at = at.plus_days(1);
            if self.is_working_day(at)? {
                left = left.saturating_sub(1);
            }
        }
        Ok(at)
    }

    /// This day if it is a working day, else the next one: where a period ends whose last
    /// day is a holiday (民法典 art. 203).
    ///
    /// # Errors
    /// A year on the way is not loaded.
    pub fn working_day_from(&self, day: Day) -> Result<Day, YearMissing> {
        if self.is_working_day(day)? {
            Ok(day)
        } else {
            self.add_working_days(day, 1)
        }
    }
}

/// The holidays of a year are not loaded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct YearMissing {
    /// The year.
    pub year: i32,
}

impl YearMissing {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        "calendar.year_missing"
    }
}

impl fmt::Display for YearMissing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let year = self.year;
        write!(
            f,
            "还没有 {year} 年的放假安排，请管理员导入国务院办公厅公布的 {year} 年节假日"
        )
    }
}

impl std::error::Error for YearMissing {}

/// Which line of a list of holidays is wrong.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CalendarError {
    /// The number of the line, from one; the head is line 1.
    pub line: usize,
}

impl CalendarError {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        "calendar.line"
    }
}

impl fmt::Display for CalendarError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = self.line;
        write!(
            f,
            "节假日表第 {line} 行不对，请写成“日期,holiday 或 working,名称”并按日期升序"
        )
    }
}

impl std::error::Error for CalendarError {}

#[cfg(test)]
#[path = "calendar_tests.rs"]
mod tests;

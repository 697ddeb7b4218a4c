//! The laws, orders and standards that rules stand on, and where each text was read.

use kernel::Day;
use std::fmt;

/// 〔施行起点〕 Since when a text is in force, as far as it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Start {
    /// The day was not read: it lies before everything that is judged here.
    Unread,
    /// Only the year was read.
    Year(i32),
    /// The day.
    On(Day),
}

impl Start {
    /// Reads nothing, `2024` or `2024-09-05`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Start> {
        if text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit()) {
            return text.parse().ok().filter(|year| *year > 0).map(Start::Year);
        }
        Day::parse(text).ok().map(Start::On)
    }

    /// The first day on which it may have been in force.
    #[must_use]
    pub fn first(self) -> Option<Day> {
        match self {
            Start::Unread => None,
            Start::Year(year) => Day::from_ymd(year, 1, 1),
            Start::On(day) => Some(day),
        }
    }

    /// True if it may have been in force on that day.
    #[must_use]
    pub fn reached(self, day: Day) -> bool {
        self.first().is_none_or(|first| first <= day)
    }

    /// True unless only the year was read and the day lies in it: then it may not have begun yet.
    #[must_use]
    pub fn is_sure(self, day: Day) -> bool {
        !matches!(self, Start::Year(year) if day.ymd().0 <= year)
    }
}

impl fmt::Display for Start {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Start::Unread => f.write_str("起始日未读到"),
            Start::Year(year) => write!(f, "{year} 年（具体日期未读到）"),
            Start::On(day) => write!(f, "{day}"),
        }
    }
}

/// 〔法规〕 A law, an order, a notice or a standard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Law {
    /// The short name under which the data cites it.
    pub key: String,
    /// The full name.
    pub title: String,
    /// Its number, for example `民政部令第74号`.
    pub number: Option<String>,
    /// Other names under which it is cited.
    pub aliases: Vec<String>,
    /// Since when it is in force.
    pub start: Start,
    /// The last day on which it was in force.
    pub end: Option<Day>,
    /// What is special about our reading of it.
    pub note: Option<String>,
}

impl Law {
    /// All the names under which it may be cited.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let number = self.number.as_deref();
        [self.key.as_str(), self.title.as_str()]
            .into_iter()
            .chain(number)
            .chain(self.aliases.iter().map(String::as_str))
    }
}

/// 〔出处〕 Where a text was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// The key under which rules name it, for example `S1`.
    pub key: String,
    /// What was read.
    pub what: String,
    /// Where it stands.
    pub place: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn starts_are_read_and_reached() {
        let day = |text| Day::parse(text).unwrap();
        let check = |start: Start, at, reached, sure| {
            assert_eq!(
                (start.reached(day(at)), start.is_sure(day(at))),
                (reached, sure),
                "{at}"
            );
        };
        let on = Start::parse("2024-09-05").unwrap();
        check(on, "2024-09-04", false, true);
        check(on, "2024-09-05", true, true);
        let year = Start::parse("2024").unwrap();
        check(year, "2023-12-31", false, false);
        check(year, "2024-01-01", true, false);
        check(year, "2025-01-01", true, true);
        check(Start::Unread, "1990-01-01", true, true);
        assert_eq!(
            (Start::parse("24"), Start::parse("2024-13-01")),
            (None, None)
        );
    }
}

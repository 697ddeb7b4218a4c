//! Time: moments in UTC microseconds, days as they are counted in Beijing.
//!
//! China has kept one time without summer time since 1992, so a Beijing day is a fixed
//! eight hours ahead of UTC; days before that are legal dates and need no clock.

use crate::limits::TIME_TEXT_BYTES;
use std::fmt;

const MICROS_PER_SECOND: i64 = 1_000_000;
const MICROS_PER_DAY: i64 = 86_400 * MICROS_PER_SECOND;
const BEIJING_AHEAD: i64 = 8 * 3_600 * MICROS_PER_SECOND;

/// 〔时间〕 A moment: microseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Timestamp(i64);

impl Timestamp {
    /// So many microseconds after the beginning of 1970, UTC.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Timestamp(micros)
    }

    /// Microseconds since the beginning of 1970, UTC.
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Milliseconds since the beginning of 1970, UTC, rounded down.
    #[must_use]
    pub const fn millis(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// The Beijing day of this moment.
    #[must_use]
    pub fn day(self) -> Day {
        let number = self
            .0
            .saturating_add(BEIJING_AHEAD)
            .div_euclid(MICROS_PER_DAY);
        // A 64-bit count of microseconds is less than 107 million days.
        Day(i32::try_from(number).unwrap_or(i32::MAX))
    }

    /// As RFC 3339 in UTC with whole seconds, rounded down: `2026-11-22T04:00:00Z`.
    #[must_use]
    pub fn rfc3339(self) -> String {
        let seconds = self
            .0
            .rem_euclid(MICROS_PER_DAY)
            .div_euclid(MICROS_PER_SECOND);
        let number = self.0.div_euclid(MICROS_PER_DAY);
        let day = Day(i32::try_from(number).unwrap_or(i32::MAX));
        let (hour, minute) = (
            seconds.div_euclid(3600),
            seconds.div_euclid(60).rem_euclid(60),
        );
        format!("{day}T{hour:02}:{minute:02}:{:02}Z", seconds.rem_euclid(60))
    }

    /// Reads RFC 3339: `2026-11-22T04:00:00Z`, with up to six decimals of a second and
    /// with any offset (`+08:00`).
    ///
    /// # Errors
    /// Another form, a day or an hour that does not exist; leap seconds are not accepted.
    pub fn parse_rfc3339(text: &str) -> Result<Timestamp, ParseTimeError> {
        let (date, rest) = text.split_at_checked(10).ok_or(ParseTimeError::Form)?;
        if text.len() > TIME_TEXT_BYTES || !rest.starts_with(['T', 't', ' ']) {
            return Err(ParseTimeError::Form);
        }
        let day = Day::parse(date)?;
        let (clock, zone) = rest.split_at_checked(9).ok_or(ParseTimeError::Form)?;
        let seconds = clock_seconds(clock.get(1..).unwrap_or_default())?;
        let (decimals, zone) = match zone.strip_prefix('.') {
            None => (0, zone),
            Some(fraction) => {
                let end = fraction
                    .find(|c: char| !c.is_ascii_digit())
                    .unwrap_or(fraction.len());
                let (digits, zone) = fraction.split_at(end);
                (decimal_micros(digits)?, zone)
            }
        };
        let ahead = zone_seconds(zone)?;
        let moment = seconds
            .checked_sub(ahead)
            .and_then(|s| s.checked_mul(MICROS_PER_SECOND))
            .and_then(|m| m.checked_add(decimals))
            .and_then(|m| i64::from(day.0).checked_mul(MICROS_PER_DAY)?.checked_add(m));
        moment.map(Timestamp).ok_or(ParseTimeError::NotThere)
    }

    /// So many microseconds later (earlier when negative); `None` beyond 64 bits.
    #[must_use]
    pub fn plus_micros(self, micros: i64) -> Option<Timestamp> {
        self.0.checked_add(micros).map(Timestamp)
    }
}

/// 〔日〕 A day as it is counted in Beijing: days since 1970-01-01.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Day(i32);

impl Day {
    /// The day with this number; 1970-01-01 is 0.
    #[must_use]
    pub const fn from_number(number: i32) -> Self {
        Day(number)
    }

    /// Days since 1970-01-01.
    #[must_use]
    pub const fn number(self) -> i32 {
        self.0
    }

    /// The day of this date in the Gregorian calendar; `None` when there is none, or
    /// outside of the years 0 to 9999.
    #[must_use]
    pub fn from_ymd(year: i32, month: u8, day: u8) -> Option<Day> {
        if !(0..=9999).contains(&year) || day < 1 || day > days_of_month(year, month)? {
            return None;
        }
        Some(Day(day_number(year, i32::from(month), i32::from(day))))
    }

    /// Year, month and day of the month.
    #[must_use]
    pub fn ymd(self) -> (i32, u8, u8) {
        date_of(self.0)
    }

    /// Reads `2026-11-22`.
    ///
    /// # Errors
    /// Another form, or a day that is not in the calendar.
    pub fn parse(text: &str) -> Result<Day, ParseTimeError> {
        let bytes = text.as_bytes();
        if bytes.len() != 10 || bytes.get(4) != Some(&b'-') || bytes.get(7) != Some(&b'-') {
            return Err(ParseTimeError::Form);
        }
        let year = digits(text.get(..4))?;
        let month = digits(text.get(5..7))?;
        let day = digits(text.get(8..))?;
        let (month, day) = (u8::try_from(month).ok(), u8::try_from(day).ok());
        month
            .zip(day)
            .and_then(|(month, day)| Day::from_ymd(year, month, day))
            .ok_or(ParseTimeError::NotThere)
    }

    /// The first moment of the day in Beijing.
    #[must_use]
    pub fn start(self) -> Timestamp {
        let midnight = i64::from(self.0).saturating_mul(MICROS_PER_DAY);
        Timestamp(midnight.saturating_sub(BEIJING_AHEAD))
    }

    /// The last microsecond of the day in Beijing.
    #[must_use]
    pub fn end(self) -> Timestamp {
        Timestamp(
            self.start()
                .0
                .saturating_add(MICROS_PER_DAY.saturating_sub(1)),
        )
    }

    /// So many days later (earlier when negative), halting at the ends of the count,
    /// which lie millions of years away.
    #[must_use]
    pub const fn plus_days(self, days: i32) -> Day {
        Day(self.0.saturating_add(days))
    }

    /// So many months later: the same day of that month, or its last day where there is no such
    /// day (民法典 第二百零二条). Halts at the ends of the years 0 to 9999.
    #[must_use]
    pub fn plus_months(self, months: i32) -> Day {
        let (year, month, day) = self.ymd();
        let count = i64::from(year)
            .saturating_mul(12)
            .saturating_add(i64::from(month).saturating_sub(1))
            .saturating_add(i64::from(months))
            .clamp(0, 9_999 * 12 + 11);
        let year = i32::try_from(count.div_euclid(12)).unwrap_or(0);
        let month = u8::try_from(count.rem_euclid(12))
            .unwrap_or(0)
            .saturating_add(1);
        let last = days_of_month(year, month).unwrap_or(day);
        Day::from_ymd(year, month, day.min(last)).unwrap_or(self)
    }

    /// 〔星期〕 The day of the week, 1 Monday to 7 Sunday (ISO 8601).
    #[must_use]
    pub fn weekday(self) -> u8 {
        // Day 0 was a Thursday.
        let from_monday = i64::from(self.0).saturating_add(3).rem_euclid(7);
        u8::try_from(from_monday).unwrap_or(0).saturating_add(1)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.ymd();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

/// Why a text is no day or no moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ParseTimeError {
    /// Not written as it should be.
    Form,
    /// Written well, but there is no such day, hour or offset.
    NotThere,
}

impl ParseTimeError {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Form => "time.form",
            Self::NotThere => "time.not_there",
        }
    }

    /// What is wrong and what to do, in Chinese.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Form => "日期或时间的写法不对，请写成 2026-11-22 或 2026-11-22T12:00:00+08:00",
            Self::NotThere => "没有这一天或这个时刻，请检查日期和时间",
        }
    }
}

impl fmt::Display for ParseTimeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.sentence())
    }
}

impl std::error::Error for ParseTimeError {}

/// The number these ASCII digits are.
fn digits(text: Option<&str>) -> Result<i32, ParseTimeError> {
    text.filter(|t| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit()))
        .and_then(|t| t.parse().ok())
        .ok_or(ParseTimeError::Form)
}

/// `hh:mm:ss` as seconds of the day.
fn clock_seconds(text: &str) -> Result<i64, ParseTimeError> {
    let mut seconds = 0_i64;
    let mut parts = text.split(':');
    for below in [24, 60, 60] {
        let part = parts.next().filter(|p| p.len() == 2);
        let number = digits(part)?;
        if number >= below {
            return Err(ParseTimeError::NotThere);
        }
        seconds = seconds.saturating_mul(60).saturating_add(i64::from(number));
    }
    if parts.next().is_some() {
        Err(ParseTimeError::Form)
    } else {
        Ok(seconds)
    }
}

/// One to six decimals of a second as microseconds.
fn decimal_micros(text: &str) -> Result<i64, ParseTimeError> {
    if text.len() > 6 {
        return Err(ParseTimeError::Form);
    }
    let number = digits(Some(text))?;
    let missing = u32::try_from(6_usize.saturating_sub(text.len())).unwrap_or(0);
    Ok(i64::from(number).saturating_mul(10_i64.saturating_pow(missing)))
}

/// `Z` or `±hh:mm` as seconds ahead of UTC.
fn zone_seconds(text: &str) -> Result<i64, ParseTimeError> {
    if matches!(text, "Z" | "z") {
        return Ok(0);
    }
    let west = text.starts_with('-');
    let clock = text.strip_prefix(['+', '-']).ok_or(ParseTimeError::Form)?;
    if clock.len() != 5 {
        return Err(ParseTimeError::Form);
    }
    let ahead = clock_seconds(&format!("{clock}:00"))?;
    Ok(if west { ahead.saturating_neg() } else { ahead })
}

/// Days of a month; `None` for a month that is not there.
fn days_of_month(year: i32, month: u8) -> Option<u8> {
    let leap = year.rem_euclid(4) == 0 && (year.rem_euclid(100) != 0 || year.rem_euclid(400) == 0);
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => Some(31),
        4 | 6 | 9 | 11 => Some(30),
        2 => Some(if leap { 29 } else { 28 }),
        _ => None,
    }
}

/// The number of a date. Years are counted from March, so that the leap day is the last
/// day of a year and the months before it have the regular lengths 31 30 31 30 31.
#[expect(
    clippy::arithmetic_side_effects,
    reason = "years 0 to 9999 stay far below 32 bits"
)]
fn day_number(year: i32, month: i32, day: i32) -> i32 {
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    let day_of_year = (153 * month + 2) / 5 + day - 1;
    // 719 468 days lie between 0000-03-01 and 1970-01-01.
    365 * year + leap_days + day_of_year - 719_468
}

/// The date of a number: the inverse of [`day_number`], for every 32-bit number.
#[expect(clippy::arithmetic_side_effects, reason = "33-bit numbers in 64 bits")]
fn date_of(number: i32) -> (i32, u8, u8) {
    let from_march_0000 = i64::from(number) + 719_468;
    // 146 097 days are four centuries, which repeat.
    let (era, day) = (
        from_march_0000.div_euclid(146_097),
        from_march_0000.rem_euclid(146_097),
    );
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day_of_year = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day_of_month = day_of_year - (153 * month + 2) / 5 + 1;
    let (month, carry) = if month < 10 {
        (month + 3, 0)
    } else {
        (month - 9, 1)
    };
    let year = i32::try_from(era * 400 + year + carry).unwrap_or(i32::MAX);
    (
        year,
        u8::try_from(month).unwrap_or(1),
        u8::try_from(day_of_month).unwrap_or(1),
    )
}

#[cfg(test)]
#[path = "time_tests.rs"]
mod tests;

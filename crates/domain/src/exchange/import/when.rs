//! Times as lists and bills write them, in Beijing time.

use super::row::half_width;
use kernel::{Day, Timestamp};

/// 〔到账时间〕 When a gift came, as far as its list says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GiftTime {
    /// The moment of the payment.
    Known(Timestamp),
    /// Not said; the gift came on or before this day, on which the list closes. It stands
    /// at the end of that day in the order of gifts.
    ByEndOf(Day),
}

impl GiftTime {
    /// The moment that decides the order: the known one, else the last microsecond of the
    /// closing day.
    #[must_use]
    pub fn order(self) -> Timestamp {
        match self {
            GiftTime::Known(moment) => moment,
            GiftTime::ByEndOf(day) => day.end(),
        }
    }

    /// Whether the list says the moment.
    #[must_use]
    pub const fn is_known(self) -> bool {
        matches!(self, GiftTime::Known(_))
    }

    /// The Beijing day under which the gift is counted.
    #[must_use]
    pub fn day(self) -> Day {
        match self {
            GiftTime::Known(moment) => moment.day(),
            GiftTime::ByEndOf(day) => day,
        }
    }
}

/// Reads a time of a list: RFC 3339 with its offset, or date and clock of Beijing in the
/// ways bills write them (`2020-01-24 10:19:49`, `2020/1/24 10:19`, `20200124101949`,
/// `2020年1月24日`). A date alone is a day without a moment.
pub(crate) fn read_time(text: &str) -> Option<GiftTime> {
    if let Ok(moment) = Timestamp::parse_rfc3339(text) {
        return Some(GiftTime::Known(moment));
    }
    let parts = numbers(text)?;
    let (date, clock) = parts.split_at_checked(3)?;
    let [year, month, day] = date else {
        return None;
    };
    let day = Day::from_ymd(
        i32::try_from(*year).ok()?,
        u8::try_from(*month).ok()?,
        u8::try_from(*day).ok()?,
    )?;
    match clock {
        [] => Some(GiftTime::ByEndOf(day)),
        [hour, minute] => moment(day, [*hour, *minute, 0]).map(GiftTime::Known),
        [hour, minute, second] => moment(day, [*hour, *minute, *second]).map(GiftTime::Known),
        _ => None,
    }
}

/// The moment of hour, minute and second on a Beijing day.
fn moment(day: Day, [hour, minute, second]: [u32; 3]) -> Option<Timestamp> {
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let seconds = i64::from(hour) * 3_600 + i64::from(minute) * 60 + i64::from(second);
    day.start().plus_micros(seconds * 1_000_000)
}

/// The numbers of a date and clock; `None` when the signs between them are others than
/// those people use, or when the day is not written before the clock.
fn numbers(text: &str) -> Option<Vec<u32>> {
    let text: String = text.trim().chars().map(half_width).collect();
    if text.len() == 14 && text.bytes().all(|b| b.is_ascii_digit()) {
        let cuts = [0..4, 4..6, 6..8, 8..10, 10..12, 12..14];
        return cuts
            .into_iter()
            .map(|cut| text.get(cut)?.parse().ok())
            .collect();
    }
    // The sign that must stand behind each number; the last number may end the text.
    const SIGNS: [&[char]; 6] = [
        &['-', '/', '.', '年'],
        &['-', '/', '.', '月'],
        &['日', ' ', 'T'],
        &[':', '时'],
        &[':', '分'],
        &['秒', '.'],
    ];
    let mut rest = text.as_str();
    let mut parts = Vec::new();
    for signs in SIGNS {
        let end = rest
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(rest.len());
        let (digits, behind) = rest.split_at(end);
        if digits.is_empty() || digits.len() > 4 {
            return None;
        }
        parts.push(digits.parse().ok()?);
        rest = match behind.strip_prefix(signs) {
            Some(behind) => behind.trim_start(),
            None if behind.is_empty() => "",
            None => return None,
        };
        if rest.is_empty() {
            break;
        }
    }
    // What follows a second may only be its decimals, which no bill means.
    rest.trim_end_matches('0').is_empty().then_some(parts)
}

/// The time that stands as fourteen digits within a number, `yyyymmddHHMMSS` in Beijing.
pub(crate) fn time_of_digits(digits: &str) -> Option<Timestamp> {
    match read_time(digits) {
        Some(GiftTime::Known(moment)) if digits.len() == 14 => Some(moment),
        _ => None,
    }
}

/// The order of gifts in a fund: known time or the end of the closing day, then the file
/// they were published in, then their line in it.
#[must_use]
pub fn order_key(time: GiftTime, file: &str, line: u64) -> (Timestamp, &str, u64) {
    (time.order(), file, line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, want: Option<&str>) {
        let got = read_time(text).map(|time| match time {
            GiftTime::Known(moment) => moment.rfc3339(),
            GiftTime::ByEndOf(day) => day.to_string(),
        });
        assert_eq!(got.as_deref(), want, "{text}");
    }

    #[test]
    fn times_of_lists_and_bills() {
        let moment = Some("2020-01-24T02:19:49Z");
        for text in [
            "2020-01-24T10:19:49+08:00",
            "2020-01-24 10:19:49",
            "2020/1/24 10:19:49",
            "2020.01.24  10:19:49",
            "20200124101949",
            "2020年1月24日 10:19:49",
            "２０２０-01-24　10：19：49",
            "2020-01-24 10:19:49.000",
        ] {
            check(text, moment);
        }
        check("2020-1-24 10:19", Some("2020-01-24T02:19:00Z"));
        for day in ["2020-01-24", "2020年1月24日", "2020/1/24"] {
            check(day, Some("2020-01-24"));
        }
        for wrong in [
            "",
            "2020",
            "2020-01",
            "2020-02-30",
            "2020-01-24 25:00",
            "2020-01-24 10",
            "43854",
            "24/1/2020",
            "2020-01-24 10:19:49 UTC",
            "20200124106049",
            "二〇二〇年",
        ] {
            check(wrong, None);
        }
    }

    #[test]
    fn order_is_time_then_file_then_line() {
        let day = Day::from_ymd(2020, 1, 28).unwrap();
        let known = GiftTime::Known(day.end());
        let mut keys = [
            order_key(GiftTime::ByEndOf(day), "b", 1),
            order_key(GiftTime::ByEndOf(day), "a", 10),
            order_key(GiftTime::ByEndOf(day), "a", 9),
            order_key(GiftTime::Known(day.start()), "z", 99),
            order_key(known, "a", 1),
        ];
        keys.sort();
        assert_eq!(
            keys.map(|key| (key.1, key.2)),
            [("z", 99), ("a", 1), ("a", 9), ("a", 10), ("b", 1)]
        );
        assert_eq!((known.day(), known.is_known()), (day, true));
    }
}

//! A column as it is kept, in a form that can be held against the text of a leaf.

use kernel::{Day, Timestamp};

/// 〔所存值〕 What a column holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// Nothing: NULL, or not said.
    Nothing,
    /// A text or a code.
    Text(String),
    /// A number.
    Int(i64),
    /// The number of a Beijing day.
    Day(i64),
    /// Microseconds, of which a leaf states whole seconds.
    Moment(i64),
    /// Microseconds, of which a leaf states the Beijing day.
    DayOf(i64),
}

impl Kept {
    /// A day that may be absent.
    #[must_use]
    pub fn day(day: Option<i64>) -> Kept {
        day.map_or(Kept::Nothing, Kept::Day)
    }

    /// As a leaf says it; empty for nothing.
    #[must_use]
    pub fn stated(&self) -> String {
        match self {
            Kept::Nothing => String::new(),
            Kept::Text(text) => text.clone(),
            Kept::Int(number) => number.to_string(),
            Kept::Day(number) => i32::try_from(*number)
                .map_or_else(|_| number.to_string(), |n| Day::from_number(n).to_string()),
            Kept::Moment(micros) => {
                let second = micros.div_euclid(1_000_000).saturating_mul(1_000_000);
                Timestamp::from_micros(second).rfc3339()
            }
            Kept::DayOf(micros) => Timestamp::from_micros(*micros).day().to_string(),
        }
    }
}

impl From<Option<String>> for Kept {
    fn from(text: Option<String>) -> Kept {
        text.map_or(Kept::Nothing, Kept::Text)
    }
}

impl From<Option<i64>> for Kept {
    fn from(number: Option<i64>) -> Kept {
        number.map_or(Kept::Nothing, Kept::Int)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(kept: Kept, stated: &str) {
        assert_eq!(kept.stated(), stated);
    }

    #[test]
    fn columns_are_spelt_as_leaves_spell_them() {
        check(Kept::Nothing, "");
        check(Kept::Int(-3), "-3");
        check(Kept::Day(0), "1970-01-01");
        check(Kept::Day(i64::MAX), "9223372036854775807");
        check(Kept::Moment(1_999_999), "1970-01-01T00:00:01Z");
        check(Kept::DayOf(16 * 3_600_000_000), "1970-01-02");
        check(None::<String>.into(), "");
    }
}

//! Numbers of the law with their units, written and read strictly.

use crate::numeral;
use kernel::{BasisPoints, Day, Fen};
use std::fmt;

/// 〔数值〕 A number with its unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantity {
    /// 日: calendar days.
    Days(u32),
    /// 工作日
    WorkingDays(u32),
    /// 月
    Months(u32),
    /// 年
    Years(u32),
    /// 小时
    Hours(u32),
    /// 金额
    Money(Fen),
    /// 百分比
    Share(BasisPoints),
    /// 几分之几: what no share of ten thousand says exactly, such as a third.
    Fraction {
        /// The upper part.
        part: u32,
        /// The lower part, never zero.
        whole: u32,
    },
    /// 个数
    Count(u32),
    /// 每年的某一天
    YearDay {
        /// 1 to 12.
        month: u8,
        /// 1 to 31.
        day: u8,
    },
}

impl Quantity {
    /// Reads `30 d`, `5 wd`, `3 months`, `5 y`, `48 h`, `8000000 yuan`, `70 %`, `1/3`, `12`, `05-31`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Quantity> {
        if let Some((part, whole)) = text.split_once('/') {
            let (part, whole) = (whole_number(part)?, whole_number(whole)?);
            return (whole > 0).then_some(Quantity::Fraction { part, whole });
        }
        if let Some((month, day)) = text.split_once('-') {
            return year_day(month, day);
        }
        let Some((number, unit)) = text.split_once(' ') else {
            return whole_number(text).map(Quantity::Count);
        };
        let number = whole_number(number)?;
        Some(match unit {
            "d" => Quantity::Days(number),
            "wd" => Quantity::WorkingDays(number),
            "months" => Quantity::Months(number),
            "y" => Quantity::Years(number),
            "h" => Quantity::Hours(number),
            "yuan" => Quantity::Money(Fen::new(i64::from(number).saturating_mul(100))),
            "%" => Quantity::Share(BasisPoints::new(number.saturating_mul(100))?),
            _ => return None,
        })
    }

    /// As laws write it: 二十日, 百分之七十, 八百万元.
    #[must_use]
    pub fn in_words(self) -> String {
        let write = numeral::write;
        match self {
            Quantity::Days(n) => format!("{}日", write(n)),
            Quantity::WorkingDays(n) => format!("{}个工作日", write(n)),
            Quantity::Months(n) => format!("{}个月", write(n)),
            Quantity::Years(n) => format!("{}年", write(n)),
            Quantity::Hours(n) => format!("{}小时", write(n)),
            Quantity::Money(fen) => {
                let yuan = u32::try_from(fen.get() / 100);
                yuan.map_or_else(|_| self.to_string(), |yuan| format!("{}元", write(yuan)))
            }
            Quantity::Share(share) if share.get() % 100 == 0 => {
                format!("百分之{}", write(share.get() / 100))
            }
            Quantity::Share(_) => self.to_string(),
            Quantity::Fraction { part, whole } => {
                format!("{}分之{}", write(whole), write(part))
            }
            Quantity::Count(n) => write(n),
            Quantity::YearDay { month, day } => {
                format!("{}月{}日", write(u32::from(month)), write(u32::from(day)))
            }
        }
    }

    /// The number if it counts things.
    #[must_use]
    pub const fn count(self) -> Option<u32> {
        match self {
            Quantity::Count(count) => Some(count),
            _ => None,
        }
    }

    /// The sum if it is money.
    #[must_use]
    pub const fn money(self) -> Option<Fen> {
        match self {
            Quantity::Money(fen) => Some(fen),
            _ => None,
        }
    }

    /// Whole months, if it is a span of months or years.
    #[must_use]
    pub fn months(self) -> Option<u32> {
        match self {
            Quantity::Months(months) => Some(months),
            Quantity::Years(years) => Some(years.saturating_mul(12)),
            _ => None,
        }
    }

    /// The last day of this span after `day`, which itself is not counted (民法典 第二百零一条), before any holiday
    /// is looked at. `None` for what is no span of calendar days, months or years.
    #[must_use]
    pub fn after(self, day: Day) -> Option<Day> {
        let signed = |number: u32| i32::try_from(number).ok();
        match self {
            Quantity::Days(days) => signed(days).map(|days| day.plus_days(days)),
            _ => signed(self.months()?).map(|months| day.plus_months(months)),
        }
    }

    /// The day that lies this span before `day`. `None` as for [`Quantity::after`].
    #[must_use]
    pub fn before(self, day: Day) -> Option<Day> {
        let signed = |number: u32| i32::try_from(number).ok().and_then(i32::checked_neg);
        match self {
            Quantity::Days(days) => signed(days).map(|days| day.plus_days(days)),
            _ => signed(self.months()?).map(|months| day.plus_months(months)),
        }
    }

    /// This day of that year. `None` for what is no day of the year.
    #[must_use]
    pub fn in_year(self, year: i32) -> Option<Day> {
        match self {
            Quantity::YearDay { month, day } => Day::from_ymd(year, month, day),
            _ => None,
        }
    }

    /// Compares `part` of `whole` with this share or fraction. `None` for other units.
    #[must_use]
    pub fn compare_part(self, part: u64, whole: u64) -> Option<std::cmp::Ordering> {
        let (own_part, own_whole) = match self {
            Quantity::Share(share) => (share.get(), BasisPoints::ALL.get()),
            Quantity::Fraction { part, whole } => (part, whole),
            _ => return None,
        };
        // 64 times 32 bits fit 128 bits.
        let left = u128::from(part).saturating_mul(u128::from(own_whole));
        let right = u128::from(whole).saturating_mul(u128::from(own_part));
        Some(left.cmp(&right))
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Quantity::Days(n) => write!(f, "{n} 日"),
            Quantity::WorkingDays(n) => write!(f, "{n} 个工作日"),
            Quantity::Months(n) => write!(f, "{n} 个月"),
            Quantity::Years(n) => write!(f, "{n} 年"),
            Quantity::Hours(n) => write!(f, "{n} 小时"),
            Quantity::Money(fen) => write!(f, "{} 元", fen.grouped()),
            Quantity::Share(share) => {
                let (whole, rest) = (share.get() / 100, share.get() % 100);
                if rest == 0 {
                    write!(f, "{whole}%")
                } else {
                    write!(f, "{whole}.{rest:02}%")
                }
            }
            Quantity::Fraction { part, whole } => write!(f, "{part}/{whole}"),
            Quantity::Count(n) => write!(f, "{n}"),
            Quantity::YearDay { month, day } => write!(f, "{month} 月 {day} 日"),
        }
    }
}

/// Digits without sign and without zeros in front.
fn whole_number(text: &str) -> Option<u32> {
    let plain = text.bytes().all(|b| b.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    if plain { text.parse().ok() } else { None }
}

/// A day that every year has, written with two digits each.
fn year_day(month: &str, day: &str) -> Option<Quantity> {
    let two = |text: &str| {
        let digits = text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit());
        digits.then(|| text.parse::<u8>().ok()).flatten()
    };
    let (month, day) = (two(month)?, two(day)?);
    // 2023 has no 29 February.
    Day::from_ymd(2023, month, day).map(|_| Quantity::YearDay { month, day })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cmp::Ordering;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    #[test]
    fn numbers_are_read_and_shown() {
        let check = |text, shown: &str| {
            let quantity = Quantity::parse(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(quantity.to_string(), shown);
        };
        check("30 d", "30 日");
        check("5 wd", "5 个工作日");
        check("3 months", "3 个月");
        check("5 y", "5 年");
        check("48 h", "48 小时");
        check("8000000 yuan", "8,000,000.00 元");
        check("70 %", "70%");
        check("1/3", "1/3");
        check("12", "12");
        check("05-31", "5 月 31 日");
    }

    #[test]
    fn numbers_are_said_as_laws_say_them() {
        let check = |text, words: &str| {
            assert_eq!(Quantity::parse(text).unwrap().in_words(), words);
        };
        check("20 d", "二十日");
        check("5 wd", "五个工作日");
        check("3 months", "三个月");
        check("8000000 yuan", "八百万元");
        check("70 %", "百分之七十");
        check("2/3", "三分之二");
        check("05-31", "五月三十一日");
        check("72 h", "七十二小时");
    }

    #[test]
    fn other_texts_are_no_numbers() {
        for text in [
            "",
            "d",
            "30d",
            "30  d",
            "-1 d",
            "030 d",
            "1.5 %",
            "101 %",
            "1/0",
            "1/",
            "02-29",
            "5-31",
            "13-01",
            "3 month",
            "4294967296",
            "30 日",
        ] {
            assert_eq!(Quantity::parse(text), None, "{text}");
        }
    }

    #[test]
    fn spans_end_where_the_civil_code_says() {
        let check = |span, from, to| {
            let span = Quantity::parse(span).unwrap();
            assert_eq!(span.after(day(from)), Some(day(to)), "{span}");
        };
        check("30 d", "2026-03-01", "2026-03-31");
        check("3 months", "2026-11-30", "2027-02-28");
        check("1 y", "2024-02-29", "2025-02-28");
        assert_eq!(Quantity::Count(3).after(day("2026-03-01")), None);
        assert_eq!(
            Quantity::Days(10).before(day("2026-03-01")),
            Some(day("2026-02-19"))
        );
        assert_eq!(
            Quantity::parse("05-31").unwrap().in_year(2027),
            Some(day("2027-05-31"))
        );
    }

    #[test]
    fn parts_are_compared_without_rounding() {
        let check = |number, part, whole, order| {
            let number = Quantity::parse(number).unwrap();
            assert_eq!(
                number.compare_part(part, whole),
                Some(order),
                "{part}/{whole}"
            );
        };
        check("1/3", 5, 15, Ordering::Equal);
        check("1/3", 6, 17, Ordering::Greater);
        check("2/3", 9, 14, Ordering::Less);
        check("70 %", 7, 10, Ordering::Equal);
        check("3 %", u64::MAX, u64::MAX, Ordering::Greater);
        assert_eq!(Quantity::Days(1).compare_part(1, 2), None);
    }
}

//! How fresh a campaign's news are 信息更新: said in words to whoever is about to give.

use kernel::Day;

/// 慈善法 第七十九条: a campaign of more than six months publishes its progress at least every three months; later
/// than this many days, news are stale.
const STALE_AFTER_DAYS: i64 = 92;

/// How long ago something happened last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Freshness {
    /// Days since then, or since the campaign began if it never happened.
    pub days: i64,
    /// True if that is longer than the law's three months.
    pub stale: bool,
}

/// Counts from the last day, else from the first day of the campaign; a campaign that has not begun owes nothing.
#[must_use]
pub fn freshness(last: Option<Day>, began: Day, today: Day) -> Freshness {
    let from = last.unwrap_or(began);
    let days = i64::from(today.number())
        .saturating_sub(i64::from(from.number()))
        .max(0);
    Freshness {
        days,
        stale: days > STALE_AFTER_DAYS,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_months_are_fresh() {
        let day = |text: &str| Day::parse(text).unwrap();
        let check = |last: Option<&str>, days, stale| {
            let got = freshness(last.map(day), day("2026-03-01"), day("2026-11-27"));
            assert_eq!(got, Freshness { days, stale }, "{last:?}");
        };
        check(Some("2026-11-27"), 0, false);
        check(Some("2026-08-27"), 92, false);
        check(Some("2026-08-26"), 93, true);
        check(None, 271, true);
        check(Some("2026-12-01"), 0, false);
    }
}

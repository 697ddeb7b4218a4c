//! When a gift at the counter was received: today, or a few days ago.

use crate::say;
use crate::text::Problem;
use kernel::{Day, Timestamp};

/// So many days back a slip may be entered: what lies longer belongs into an import, which says where it comes from.
pub const RECEIVED_DAYS_MAX: i32 = 31;

/// Name of the field.
const FIELD: &str = "received_on";

/// 〔收到时间〕 When the money came, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Received {
    /// The moment; the end of the day where only the day is known.
    pub at: Timestamp,
    /// True if the moment is known and not only the day.
    pub time_known: bool,
}

/// Reads the day on which a gift was received; nothing typed means now.
///
/// # Errors
/// A problem of the field: no day, a day to come, or more than [`RECEIVED_DAYS_MAX`] days ago.
pub fn read_received(text: &str, now: Timestamp) -> Result<Received, Problem> {
    let today = now.day();
    let text = text.trim();
    let day = match text {
        "" => today,
        text => Day::parse(text).map_err(|_| {
            let sentence = "收到日期请写成年-月-日，例如 2026-11-22；今天收到的可以不填。";
            Problem::new(FIELD, "day", sentence)
        })?,
    };
    if day > today {
        let sentence = "收到日期还没有到，请填今天或以前的日期。";
        return Err(Problem::new(FIELD, "future", sentence));
    }
    if day < today.plus_days(RECEIVED_DAYS_MAX.saturating_neg()) {
        let sentence = say!(
            "柜台最多补记{days}天以内收到的；更早的请用“导入名单”登记，写明来历。",
            days = i64::from(RECEIVED_DAYS_MAX)
        );
        return Err(Problem::new(FIELD, "too_early", sentence));
    }
    Ok(match day == today {
        true => Received {
            at: now,
            time_known: true,
        },
        false => Received {
            at: day.end(),
            time_known: false,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noon() -> Timestamp {
        let day = Day::parse("2026-11-29").map(|day| day.start().micros());
        Timestamp::from_micros(day.unwrap_or_default() + 12 * 3_600_000_000)
    }

    #[track_caller]
    fn check(text: &str, want: Result<(&str, bool), &str>) {
        let read = read_received(text, noon());
        let got = read
            .as_ref()
            .map(|r| (r.at.day().to_string(), r.time_known));
        match (got, want) {
            (Ok((day, known)), Ok(want)) => assert_eq!((day.as_str(), known), want),
            (Err(problem), Err(code)) => assert_eq!((problem.field, problem.code), (FIELD, code)),
            (got, want) => panic!("{text}: {got:?}, not {want:?}"),
        }
    }

    #[test]
    fn a_slip_may_be_some_days_old_and_never_of_tomorrow() {
        check("", Ok(("2026-11-29", true)));
        check(" 2026-11-29 ", Ok(("2026-11-29", true)));
        check("2026-11-28", Ok(("2026-11-28", false)));
        check("2026-10-29", Ok(("2026-10-29", false)));
        check("2026-10-28", Err("too_early"));
        check("2026-11-30", Err("future"));
        check("gestern", Err("day"));
    }
}

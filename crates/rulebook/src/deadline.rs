//! Deadlines as data: what starts a clock, how long it runs, who owes what, by which rule.
//!
//! A deadline holds no length of its own. It names a number of a rule, so that a changed law changes every clock.

use crate::book::InForce;
use crate::id::RuleId;
use crate::quantity::Quantity;
use crate::rule::Rule;
use crate::status::Severity;
use crate::who::Who;
use kernel::{Day, WorkCalendar, YearMissing};
use std::fmt;

/// 〔期限类型〕 How the last day follows from the day that starts the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Timing {
    /// 之后: so long after it.
    After,
    /// 之前: so long before it.
    Before,
    /// 每隔: so long after it, and again after each time that it was done.
    Every,
    /// 每年: the next such day of the year.
    Yearly,
    /// 月末: the last day of its month.
    MonthEnd,
    /// 年末: the last day of its year.
    YearEnd,
    /// 届满: the day itself, of which reminders come before.
    Expiry,
}

/// All timings with their codes.
const TIMINGS: [(Timing, &str); 7] = [
    (Timing::After, "after"),
    (Timing::Before, "before"),
    (Timing::Every, "every"),
    (Timing::Yearly, "yearly"),
    (Timing::MonthEnd, "month_end"),
    (Timing::YearEnd, "year_end"),
    (Timing::Expiry, "expiry"),
];

impl Timing {
    /// Reads a code of the data.
    #[must_use]
    pub fn parse(code: &str) -> Option<Timing> {
        let found = TIMINGS.into_iter().find(|(_, own)| *own == code);
        found.map(|(timing, _)| timing)
    }

    /// True if the length or the day is a number of the rule.
    #[must_use]
    pub const fn needs_number(self) -> bool {
        matches!(
            self,
            Timing::After | Timing::Before | Timing::Every | Timing::Yearly
        )
    }
}

/// 〔计日方法〕 How days of a deadline are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Counted {
    /// As the text of the law says.
    AsWritten,
    /// In working days although the text says 日: licensing limits of an authority (行政许可法 第八十二条).
    Working,
}

/// 〔按哪一日的规定〕 The law of which day says how long a clock runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LawOf {
    /// The day on which it starts.
    Start,
    /// The day on which it ends: what has to be published follows the order that is in force when it falls due.
    Due,
}

/// 〔期限〕 A clock of the law.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deadline {
    /// Its name, for ever.
    pub key: String,
    /// The code of what starts the clock, for example `filing.returned`.
    pub trigger: String,
    /// What starts the clock, in Chinese.
    pub since: String,
    /// What has to be done, in Chinese.
    pub duty: String,
    /// How the last day follows.
    pub timing: Timing,
    /// The rule that asks for it.
    pub rule: RuleId,
    /// The number of that rule which says how long or on which day.
    pub number: Option<String>,
    /// The number of that rule by which it may be extended.
    pub extension: Option<String>,
    /// Who owes it.
    pub owes: Vec<Who>,
    /// How days are counted.
    pub counted: Counted,
    /// The law of which day counts.
    pub law_of: LawOf,
    /// How long before the last day to remind.
    pub reminders: Vec<Quantity>,
}

/// 〔到期〕 The last day of a deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// The last day on which it is in time.
    pub day: Day,
    /// The last day by the other way of counting, where the law leaves a doubt: clerks see both.
    pub other: Option<Day>,
    /// The last day with the whole extension.
    pub latest: Option<Day>,
    /// What missing it does.
    pub severity: Severity,
}

/// 〔算不出期限〕 Why there is no last day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DueError {
    /// The book has no such rule or number for that day and place.
    NotInBook(RuleId),
    /// The number is of a kind that gives no day.
    Unit(Quantity),
    /// The holidays of a year are not loaded.
    Year(YearMissing),
}

impl fmt::Display for DueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DueError::NotInBook(rule) => {
                write!(
                    f,
                    "规则库里没有当日适用的 {rule} 的期限，请查阅原文后人工确定"
                )
            }
            DueError::Unit(quantity) => write!(f, "“{quantity}”不是期限，请检查规则数据"),
            DueError::Year(missing) => missing.fmt(f),
        }
    }
}

impl std::error::Error for DueError {}

impl From<YearMissing> for DueError {
    fn from(missing: YearMissing) -> DueError {
        DueError::Year(missing)
    }
}

impl Deadline {
    /// The last day, when the clock started on `since`. Book and place are those of `law`; its day does not matter,
    /// because the deadline itself knows the law of which day counts.
    ///
    /// # Errors
    /// [`DueError`]: nothing is guessed.
    pub fn due(
        &self,
        since: Day,
        law: &InForce<'_>,
        calendar: &WorkCalendar,
    ) -> Result<Due, DueError> {
        let missing = DueError::NotInBook(self.rule);
        let rule = self.rule_of(since, law).ok_or(missing.clone())?;
        let number = |name: &String| rule.number(name).ok_or(missing.clone());
        let (day, other, severity) = match &self.number {
            None => (self.without_number(since), None, rule.enforced(since)),
            Some(name) => {
                let number = number(name)?;
                let (day, other) = self.counted_from(since, number.quantity, calendar)?;
                (day, other, rule.enforced_by(number, since))
            }
        };
        let latest = match &self.extension {
            None => None,
            Some(name) => Some(self.counted_from(day, number(name)?.quantity, calendar)?.0),
        };
        Ok(Due {
            day,
            other,
            latest,
            severity,
        })
    }

    /// The version of the rule that counts.
    fn rule_of<'a>(&self, since: Day, law: &InForce<'a>) -> Option<&'a Rule> {
        match (self.law_of, &self.number) {
            (LawOf::Due, Some(name)) => {
                law.rule_when_due(self.rule, name, |length| match self.timing {
                    Timing::Yearly => next_in_year(since, length),
                    Timing::Before => length.before(since),
                    _ => length.after(since),
                })
            }
            _ => law.moved(since).rule(self.rule),
        }
    }

    fn without_number(&self, since: Day) -> Day {
        let (year, month, _) = since.ymd();
        let first = Day::from_ymd(year, month, 1).unwrap_or(since);
        match self.timing {
            Timing::MonthEnd => first.plus_months(1).plus_days(-1),
            Timing::YearEnd => Day::from_ymd(year, 12, 31).unwrap_or(since),
            _ => since,
        }
    }

    /// The last day of this length, and the last day by the other way of counting.
    fn counted_from(
        &self,
        since: Day,
        length: Quantity,
        calendar: &WorkCalendar,
    ) -> Result<(Day, Option<Day>), DueError> {
        let unit = DueError::Unit(length);
        match self.timing {
            // What has to be done before a day may not slip towards it.
            Timing::Before => Ok((length.before(since).ok_or(unit)?, None)),
            Timing::Yearly => Ok((next_in_year(since, length).ok_or(unit)?, None)),
            _ => match (length, self.counted) {
                (Quantity::Days(n), Counted::Working) => {
                    let working = calendar.add_working_days(since, n)?;
                    Ok((working, Some(last_day(since, length, calendar)?)))
                }
                _ => Ok((last_day(since, length, calendar)?, None)),
            },
        }
    }
}

/// The next such day of the year after `since`.
fn next_in_year(since: Day, length: Quantity) -> Option<Day> {
    let year = since.ymd().0;
    let days = [year, year.saturating_add(1)].map(|year| length.in_year(year));
    days.into_iter().flatten().find(|day| *day > since)
}

/// The last day of a span after `since`: a last day that is a holiday moves behind it (民法典 第二百零三条).
///
/// # Errors
/// A length that gives no day, or a year that is not loaded.
pub(crate) fn last_day(
    since: Day,
    length: Quantity,
    calendar: &WorkCalendar,
) -> Result<Day, DueError> {
    if let Quantity::WorkingDays(n) = length {
        return Ok(calendar.add_working_days(since, n)?);
    }
    let last = length.after(since).ok_or(DueError::Unit(length))?;
    Ok(calendar.working_day_from(last)?)
}

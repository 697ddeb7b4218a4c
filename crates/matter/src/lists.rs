//! Many matters at once: the inbox, the overdue report, and how long things really take.

use crate::clock::{Level, Nature};
use crate::count::{Due, working_days_between};
use crate::limits::MATTERS_MAX;
use crate::matter::Matter;
use crate::status::{ClockStatus, Light, Outcome, clocks};
use crate::take::TooMany;
use kernel::{Day, WorkCalendar};
use std::collections::BTreeMap;

/// 〔列入的办件〕 A matter and the number by which other floors know it.
#[derive(Debug, Clone, Copy)]
pub struct Listed<'a> {
    /// Its number.
    pub id: i64,
    /// The matter.
    pub matter: &'a Matter,
}

/// 〔待办箱的一行〕 A matter with its most pressing clock.
#[derive(Debug, Clone)]
pub struct InboxLine {
    /// The number of the matter.
    pub id: i64,
    /// The clock that puts it here; absent when nothing runs.
    pub clock: Option<ClockStatus>,
}

/// The order of an inbox: light, last day (or the day before which it certainly is not), number.
fn urgency(status: Option<&ClockStatus>) -> (Light, Day) {
    let far = Day::from_number(i32::MAX);
    status.map_or((Light::Off, far), |status| {
        let day = match status.due {
            Due::On(day) => day,
            Due::Unknown { not_before, .. } => not_before,
            Due::Stopped { .. } => far,
        };
        (status.light, day)
    })
}

/// 〔待办箱〕 Matters that are not over, in the order in which they press: red, yellow, green, paused, unknown,
/// and those on which nothing runs; in each by last day, then by number.
///
/// # Errors
/// More matters than the limit.
pub fn inbox(
    matters: &[Listed<'_>],
    day: Day,
    calendar: &WorkCalendar,
) -> Result<Vec<InboxLine>, TooMany> {
    limited(matters)?;
    let mut lines = Vec::new();
    for listed in matters {
        let matter = listed.matter.as_of(day);
        if matter.state().is_final {
            continue;
        }
        let running = clocks(&matter, day, calendar)
            .into_iter()
            .filter(|status| status.light != Light::Off);
        lines.push(InboxLine {
            id: listed.id,
            clock: running.min_by_key(|status| urgency(Some(status))),
        });
    }
    lines.sort_by_key(|line| {
        let (light, day) = urgency(line.clock.as_ref());
        (light, day, line.id)
    });
    Ok(lines)
}

/// 〔超期清单〕 What is over as of a day, and of what that cannot be said.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OverdueReport {
    /// What is over, by last day, then by number of the matter and name of the clock.
    pub lines: Vec<OverdueLine>,
    /// Clocks that run and whose last day is not known, by number of the matter and name of the clock, each with
    /// the year whose holidays are missing. Those that are certainly not over yet are not among them.
    pub unknown: Vec<(i64, &'static str, i32)>,
}

/// 〔超期事项〕 One clock that is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OverdueLine {
    /// The last day.
    pub due: Day,
    /// The number of the matter.
    pub id: i64,
    /// The clock.
    pub clock: &'static str,
    /// The number of its run.
    pub run: u16,
    /// The day of the event that started it.
    pub started: Day,
    /// Asked by a statute or promised.
    pub nature: Nature,
    /// The role that has to act.
    pub owed_by: &'static str,
    /// Calendar days over.
    pub days_over: i32,
    /// Working days over; `None` where the holidays of a year are missing.
    pub working_days_over: Option<i32>,
    /// The highest level that hears of it.
    pub level: Option<&'static Level>,
}

/// 〔超期清单〕 The clocks that run on this day and whose last day is over, from what was recorded until its end.
///
/// # Errors
/// More matters than the limit.
pub fn overdue(
    matters: &[Listed<'_>],
    day: Day,
    calendar: &WorkCalendar,
) -> Result<OverdueReport, TooMany> {
    limited(matters)?;
    let mut report = OverdueReport::default();
    for listed in matters {
        for status in clocks(listed.matter, day, calendar) {
            let clock = status.run.clock;
            match (status.outcome, status.due) {
                (Outcome::Overdue, Due::On(due)) => report.lines.push(OverdueLine {
                    due,
                    id: listed.id,
                    clock: clock.name,
                    run: status.run.number,
                    started: status.run.started,
                    nature: clock.nature,
                    owed_by: clock.owes,
                    days_over: day.number().saturating_sub(due.number()),
                    working_days_over: status.working_days_over,
                    level: status.level,
                }),
                (Outcome::Running, Due::Unknown { year, .. })
                    if status.due.is_over(day).is_none() =>
                {
                    report.unknown.push((listed.id, clock.name, year));
                }
                _ => {}
            }
        }
    }
    report
        .lines
        .sort_by_key(|line| (line.due, line.id, line.clock, line.run));
    report.unknown.sort_unstable();
    Ok(report)
}

/// 〔用时统计〕 How many working days something took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Duration {
    /// The procedure.
    pub procedure: &'static str,
    /// The step: from the entry before it to this step. Absent for whole matters: from the first entry to the end.
    pub step: Option<&'static str>,
    /// How many were counted.
    pub count: usize,
    /// Half of them took at most so many working days.
    pub median: i32,
    /// Nine tenths of them took at most so many.
    pub ninetieth: i32,
    /// None took more.
    pub longest: i32,
    /// So many could not be counted, because the holidays of a year are missing.
    pub unknown: usize,
}

/// 〔用时统计〕 Real durations per procedure and per step, by name; percentiles by nearest rank.
///
/// # Errors
/// More matters than the limit.
pub fn durations(
    matters: &[Listed<'_>],
    calendar: &WorkCalendar,
) -> Result<Vec<Duration>, TooMany> {
    limited(matters)?;
    type Measured = BTreeMap<(&'static str, Option<&'static str>), Vec<Option<i32>>>;
    let mut measured = Measured::new();
    for Listed { matter, .. } in matters {
        let name = matter.procedure().name;
        let mut before: Option<Day> = None;
        for taken in matter.history() {
            let day = taken.at.day();
            if let Some(before) = before {
                let days = working_days_between(before, day, calendar);
                let of_step = measured.entry((name, Some(taken.step))).or_default();
                of_step.push(days);
            }
            before = Some(day);
        }
        let first = matter.history().first().map(|taken| taken.at.day());
        if matter.state().is_final
            && let Some((first, last)) = first.zip(before)
        {
            let days = working_days_between(first, last, calendar);
            measured.entry((name, None)).or_default().push(days);
        }
    }
    let summed = measured.into_iter().map(|((procedure, step), days)| {
        let mut known: Vec<i32> = days.iter().copied().flatten().collect();
        known.sort_unstable();
        Duration {
            procedure,
            step,
            count: known.len(),
            median: nearest_rank(&known, 50),
            ninetieth: nearest_rank(&known, 90),
            longest: known.last().copied().unwrap_or(0),
            unknown: days.len().saturating_sub(known.len()),
        }
    });
    Ok(summed.collect())
}

/// The smallest value that at least so many percent do not exceed; zero of nothing.
fn nearest_rank(sorted: &[i32], percent: usize) -> i32 {
    let rank = sorted.len().saturating_mul(percent).div_ceil(100);
    sorted
        .get(rank.saturating_sub(1))
        .copied()
        .unwrap_or_default()
}

fn limited(matters: &[Listed<'_>]) -> Result<(), TooMany> {
    if matters.len() > MATTERS_MAX {
        return Err(TooMany { limit: MATTERS_MAX });
    }
    Ok(())
}

#[cfg(test)]
#[path = "lists_tests.rs"]
mod tests;

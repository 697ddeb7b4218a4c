//! Clocks as of a day: last day, what is left, light, outcome, who owes and who hears of it.

use crate::clock::{Length, Level, Nature};
use crate::count::{Due, working_days_between};
use crate::matter::Matter;
use crate::run::{End, Run};
use kernel::{Day, WorkCalendar};

/// 〔期限状况〕 One run of a clock as of a day. Law, title and pauses stand in the run and its clock.
#[derive(Debug, Clone)]
pub struct ClockStatus {
    /// The run: clock, start, pauses, extension, end.
    pub run: Run,
    /// The last day.
    pub due: Due,
    /// The last day if the same number were counted in the other unit (calendar for working days and the other way
    /// round), to be shown beside where laws only say 日; absent for months and dates.
    pub due_otherwise: Option<Due>,
    /// How it stands.
    pub outcome: Outcome,
    /// The light.
    pub light: Light,
    /// How many of its own days are left, negative when over; `None` when it has ended or that is not known.
    pub left: Option<i32>,
    /// Working days over: for one that is over, or was when it ended. `None` where that is not known, zero if in time.
    pub working_days_over: Option<i32>,
    /// The highest level that hears of it, for one that runs and is over.
    pub level: Option<&'static Level>,
}

impl ClockStatus {
    /// The role that has to act.
    #[must_use]
    pub fn owed_by(&self) -> &'static str {
        self.run.clock.owes
    }

    /// True if a statute asks for it.
    #[must_use]
    pub fn is_statutory(&self) -> bool {
        self.run.clock.nature == Nature::Statutory
    }
}

/// 〔结果〕 How a run of a clock stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// 〔计时中〕 It runs and is not over, as far as is known.
    Running,
    /// 〔中止〕 It stands still.
    Paused,
    /// 〔已超期〕 It runs and is over.
    Overdue,
    /// 〔届满〕 A waiting time that has passed.
    Elapsed,
    /// 〔按期〕 Done in time.
    Met,
    /// 〔逾期办结〕 Done too late.
    MetLate,
    /// 〔未办〕 Over, and ended without having been done.
    Missed,
    /// 〔取消〕 Ended before its last day without having been done.
    Cancelled,
    /// 〔待定〕 It has ended, and whether in time is not known until the holidays of a year are loaded.
    Unknown,
}

/// 〔亮灯〕 How near the last day is, in the order of an inbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Light {
    /// Over.
    Red,
    /// Near.
    Yellow,
    /// Not near, or a waiting time.
    Green,
    /// It stands still.
    Paused,
    /// Not known until the holidays of a year are loaded.
    Unknown,
    /// It has ended.
    Off,
}

/// 〔期限状况〕 Every run of every clock of a matter as of the end of a day, in the order in which they started.
#[must_use]
pub fn clocks(matter: &Matter, day: Day, calendar: &WorkCalendar) -> Vec<ClockStatus> {
    let known = matter.as_of(day);
    let runs = known.runs().iter();
    runs.map(|run| status(run, day, calendar)).collect()
}

/// One run as of a day on which nothing later was recorded.
pub(crate) fn status(run: &Run, day: Day, calendar: &WorkCalendar) -> ClockStatus {
    let due = run.due(calendar);
    let outcome = outcome(run, due, day);
    // What was late is measured to its end, what is late to the day of the report.
    let until = run.ended.map_or(day, |(ended, _)| ended);
    let over = match outcome {
        Outcome::Overdue | Outcome::MetLate | Outcome::Missed => due
            .day()
            .and_then(|due| working_days_between(due, until, calendar)),
        Outcome::Unknown => None,
        _ => Some(0),
    };
    let left = left(run, due, (outcome, day), calendar);
    let level = match (outcome, over) {
        (Outcome::Overdue, Some(over)) => {
            let mut levels = run.clock.levels.iter().rev();
            levels.find(|level| i32::from(level.after) <= over)
        }
        _ => None,
    };
    ClockStatus {
        run: run.clone(),
        due,
        due_otherwise: due_otherwise(run, calendar),
        outcome,
        light: light(run, due, (outcome, left)),
        left,
        working_days_over: over,
        level,
    }
}

fn outcome(run: &Run, due: Due, day: Day) -> Outcome {
    let Some((ended, how)) = run.ended else {
        return match due {
            Due::Stopped { .. } => Outcome::Paused,
            _ if due.is_over(day) != Some(true) => Outcome::Running,
            _ if run.clock.nature == Nature::Waiting => Outcome::Elapsed,
            _ => Outcome::Overdue,
        };
    };
    if run.clock.nature == Nature::Waiting {
        return match due.is_over(ended) {
            Some(true) => Outcome::Elapsed,
            Some(false) => Outcome::Cancelled,
            None => Outcome::Unknown,
        };
    }
    match (due.is_over(ended), how) {
        (Some(false), End::Satisfied) => Outcome::Met,
        (Some(true), End::Satisfied) => Outcome::MetLate,
        (Some(true), End::Dropped) => Outcome::Missed,
        (Some(false), End::Dropped) => Outcome::Cancelled,
        (None, _) => Outcome::Unknown,
    }
}

fn left(
    run: &Run,
    due: Due,
    (outcome, day): (Outcome, Day),
    calendar: &WorkCalendar,
) -> Option<i32> {
    match (outcome, due) {
        (Outcome::Paused, Due::Stopped { left }) => i32::try_from(left).ok(),
        (Outcome::Running | Outcome::Overdue, Due::On(due)) => {
            if run.clock.length.is_in_working_days() {
                working_days_between(day, due, calendar)
            } else {
                Some(due.number().saturating_sub(day.number()))
            }
        }
        _ => None,
    }
}

fn light(run: &Run, due: Due, (outcome, left): (Outcome, Option<i32>)) -> Light {
    match (outcome, due) {
        (Outcome::Paused, _) => Light::Paused,
        (Outcome::Overdue, _) => Light::Red,
        (Outcome::Running, Due::On(_)) if run.clock.nature == Nature::Waiting => Light::Green,
        (Outcome::Running, Due::On(_)) => match left {
            Some(left) if left <= i32::from(run.clock.yellow) => Light::Yellow,
            Some(_) => Light::Green,
            None => Light::Unknown,
        },
        (Outcome::Running, _) => Light::Unknown,
        _ => Light::Off,
    }
}

fn due_otherwise(run: &Run, calendar: &WorkCalendar) -> Option<Due> {
    let length = match run.clock.length {
        Length::Days(n) => Length::WorkingDays(n),
        Length::WorkingDays(n) => Length::Days(n),
        Length::Months(_) | Length::UntilDate { .. } => return None,
    };
    Some(run.due_counted(length, calendar))
}

#[cfg(test)]
#[path = "status_tests.rs"]
mod tests;

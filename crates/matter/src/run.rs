//! Runs of clocks: started, paused, made longer, ended. A clock that is started again makes a new run, so that
//! nothing that was late is ever forgotten.

use crate::clock::{Clock, Length};
use crate::count::{Course, Due, Stop, due};
use crate::procedure::{Procedure, Step};
use crate::taken::Taken;
use kernel::{Day, WorkCalendar};

/// 〔计时记录〕 One run of one clock.
#[derive(Debug, Clone)]
pub struct Run {
    /// The clock.
    pub clock: &'static Clock,
    /// The number of the run of this clock in this matter, from one.
    pub number: u16,
    /// The day of the event that started it.
    pub started: Day,
    /// All pauses, in order of time.
    pub pauses: Vec<Pause>,
    /// How it was made longer, if it was.
    pub extended: Option<Extended>,
    /// The day of its end, and how it ended.
    pub ended: Option<(Day, End)>,
}

/// 〔中止〕 A pause, with its public reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pause {
    /// From when to when.
    pub stop: Stop,
    /// The step that paused it.
    pub step: &'static str,
    /// The reason that was given.
    pub reason: Option<String>,
}

/// 〔延长记录〕 How a clock was made longer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extended {
    /// By so many of its own units.
    pub by: u16,
    /// On which day.
    pub on: Day,
    /// Why.
    pub reason: Option<String>,
}

/// 〔终了〕 How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// A step did what it asked for.
    Satisfied,
    /// A step cancelled it, started it anew, or ended the matter.
    Dropped,
}

impl Run {
    /// Its last day, as far as its pauses are known; a run that ended in a pause stood still until its end.
    #[must_use]
    pub fn due(&self, calendar: &WorkCalendar) -> Due {
        self.due_counted(self.clock.length, calendar)
    }

    /// Its last day if its clock had this length; pauses and extension as they are.
    pub(crate) fn due_counted(&self, length: Length, calendar: &WorkCalendar) -> Due {
        let ended = self.ended.map(|(day, _)| day);
        let stops: Vec<Stop> = self
            .pauses
            .iter()
            .map(|pause| Stop {
                from: pause.stop.from,
                to: pause.stop.to.or(ended),
            })
            .collect();
        let by = self.extended.as_ref().map_or(0, |extended| extended.by);
        let course = Course {
            length: length.longer_by(by),
            last_day: self.clock.last_day,
            started: self.started,
            stops: &stops,
        };
        due(&course, calendar)
    }

    /// True while it stands still.
    #[must_use]
    pub fn is_paused(&self) -> bool {
        self.ended.is_none() && self.pauses.last().is_some_and(|p| p.stop.to.is_none())
    }

    fn end(&mut self, day: Day, end: End) {
        if self.ended.is_none() {
            self.ended = Some((day, end));
        }
    }

    fn pause(&mut self, taken: &Taken) {
        if !self.is_paused() {
            self.pauses.push(Pause {
                stop: Stop {
                    from: taken.at.day(),
                    to: None,
                },
                step: taken.step,
                reason: taken.reason.clone(),
            });
        }
    }

    fn resume(&mut self, day: Day) {
        if let Some(pause) = self.pauses.last_mut()
            && pause.stop.to.is_none()
        {
            pause.stop.to = Some(day);
        }
    }
}

/// The run of this clock that is open.
pub(crate) fn open<'a>(runs: &'a [Run], clock: &str) -> Option<&'a Run> {
    runs.iter()
        .rev()
        .find(|run| run.clock.name == clock && run.ended.is_none())
}

/// What a step does to the clocks: first ends, then pauses and lengths, then starts.
pub(crate) fn advance(
    runs: &mut Vec<Run>,
    table: (&Procedure, &Step),
    taken: &Taken,
    over: Over<'_>,
) {
    let (procedure, step) = table;
    let today = taken.at.day();
    for run in runs.iter_mut().filter(|run| run.ended.is_none()) {
        let name = run.clock.name;
        if step.satisfies.contains(&name) {
            run.end(today, End::Satisfied);
        } else if step.cancels.contains(&name) || over.is_final {
            run.end(today, End::Dropped);
        } else if step.resumes.contains(&name) {
            run.resume(today);
        } else if step.pauses.contains(&name) {
            run.pause(taken);
        }
        if step.extends == Some(name)
            && let Some(by) = taken.longer_by
        {
            run.extended = Some(Extended {
                by,
                on: today,
                reason: taken.reason.clone(),
            });
        }
    }
    for name in step.starts {
        let Some(clock) = procedure.clock(name) else {
            continue;
        };
        if over.is_final || !clock.when.holds(over.facts) {
            continue;
        }
        let mut number = 1_u16;
        for run in runs.iter_mut().filter(|run| run.clock.name == *name) {
            run.end(today, End::Dropped);
            number = number.saturating_add(1);
        }
        runs.push(Run {
            clock,
            number,
            started: taken.start_day(),
            pauses: Vec::new(),
            extended: None,
            ended: None,
        });
    }
}

/// Where the matter stands behind the step.
#[derive(Clone, Copy)]
pub(crate) struct Over<'a> {
    pub(crate) is_final: bool,
    pub(crate) facts: &'a [&'static str],
}

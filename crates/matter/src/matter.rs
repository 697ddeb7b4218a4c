//! One matter: a history, and what follows from it.

use crate::acts::Acts;
use crate::limits::HISTORY_MAX;
use crate::procedure::{Procedure, State};
use crate::run::{self, Over, Run};
use crate::taken::Taken;
use kernel::Day;
use std::borrow::Cow;
use std::fmt;

/// 〔办件〕 A matter: the list of what was done, and the fold of that list. Nothing else is kept.
#[derive(Debug, Clone)]
pub struct Matter {
    procedure: &'static Procedure,
    history: Vec<Taken>,
    acts: Acts,
    runs: Vec<Run>,
}

impl Matter {
    /// A matter in which nothing was done yet.
    ///
    /// # Errors
    /// The table has no first state.
    pub fn new(procedure: &'static Procedure) -> Result<Matter, HistoryBroken> {
        let acts = Acts::new(procedure).ok_or(HistoryBroken {
            entry: 0,
            why: Broken::NoStart,
        })?;
        Ok(Matter {
            procedure,
            history: Vec::new(),
            acts,
            runs: Vec::new(),
        })
    }

    /// The matter of a stored history.
    ///
    /// # Errors
    /// The first entry that the table does not have where it stands; people are not judged again, see
    /// [`crate::unmet_demands`].
    pub fn replay(
        procedure: &'static Procedure,
        history: impl IntoIterator<Item = Taken>,
    ) -> Result<Matter, HistoryBroken> {
        let mut matter = Matter::new(procedure)?;
        for taken in history {
            matter.record(taken)?;
        }
        Ok(matter)
    }

    /// One more entry.
    ///
    /// # Errors
    /// The table does not have this step here, time runs backwards, or the history is full; nothing is changed.
    pub fn record(&mut self, taken: Taken) -> Result<(), HistoryBroken> {
        let broken = |why| HistoryBroken {
            entry: self.history.len(),
            why,
        };
        let step = self.procedure.step(taken.step);
        let step = step.ok_or(broken(Broken::UnknownStep))?;
        if !self.acts.offers(step) {
            return Err(broken(Broken::NotHere));
        }
        if self.history.last().is_some_and(|last| last.at > taken.at) {
            return Err(broken(Broken::Backwards));
        }
        if self.history.len() >= HISTORY_MAX {
            return Err(broken(Broken::Full));
        }
        self.acts.advance(self.procedure, step, &taken.deed());
        let over = Over {
            is_final: self.acts.state.is_final,
            facts: &self.acts.facts,
        };
        run::advance(&mut self.runs, (self.procedure, step), &taken, over);
        self.history.push(taken);
        Ok(())
    }

    /// The matter as it was at the end of a day: what was recorded later is left out.
    #[must_use]
    pub fn as_of(&self, day: Day) -> Cow<'_, Matter> {
        let until = self.history.partition_point(|taken| taken.at.day() <= day);
        if until == self.history.len() {
            return Cow::Borrowed(self);
        }
        let before = self.history.iter().take(until).cloned();
        // A beginning of a history that holds is one that holds.
        Matter::replay(self.procedure, before).map_or(Cow::Borrowed(self), Cow::Owned)
    }

    /// Its procedure.
    #[must_use]
    pub fn procedure(&self) -> &'static Procedure {
        self.procedure
    }

    /// Where it stands.
    #[must_use]
    pub fn state(&self) -> &'static State {
        self.acts.state
    }

    /// The facts that hold, sorted by name.
    #[must_use]
    pub fn facts(&self) -> &[&'static str] {
        &self.acts.facts
    }

    /// All that was done, in order of time.
    #[must_use]
    pub fn history(&self) -> &[Taken] {
        &self.history
    }

    /// All runs of all clocks, in the order in which they started.
    #[must_use]
    pub fn runs(&self) -> &[Run] {
        &self.runs
    }

    pub(crate) fn acts(&self) -> &Acts {
        &self.acts
    }
}

/// 〔记录有误〕 An entry of a stored history that does not fit its table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HistoryBroken {
    /// The number of the entry, from zero.
    pub entry: usize,
    /// What is wrong with it.
    pub why: Broken,
}

/// What is wrong with an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Broken {
    /// The table has no first state.
    NoStart,
    /// The table has no such step.
    UnknownStep,
    /// The step does not begin where the matter stands.
    NotHere,
    /// The entry is earlier than the one before.
    Backwards,
    /// The history is as long as it may be.
    Full,
}

impl HistoryBroken {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self.why {
            Broken::NoStart => "history.no_start",
            Broken::UnknownStep => "history.unknown_step",
            Broken::NotHere => "history.not_here",
            Broken::Backwards => "history.backwards",
            Broken::Full => "history.full",
        }
    }
}

impl fmt::Display for HistoryBroken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "entry {} of a history: {}", self.entry, self.code())
    }
}

impl std::error::Error for HistoryBroken {}

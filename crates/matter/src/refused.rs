//! Why a step is not taken: one closed enum in precedence order. The sentences are written on the floor that
//! knows who reads them; everything that they need stands here.

use crate::acts::Lacking;
use crate::people::Person;
use kernel::{Day, Timestamp};

/// 〔不予办理〕 Why a step is not taken, in precedence order: first what the matter says, then who asks, then what
/// others have to do first, then time, then what was filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StepRefused {
    /// The procedure has no such step.
    Unknown,
    /// The matter is over.
    Ended {
        /// The state in which it ended.
        state: &'static str,
    },
    /// The history is as long as it may be.
    HistoryFull {
        /// The limit.
        limit: usize,
    },
    /// A later step is recorded already.
    Backwards {
        /// When the last step was taken.
        last: Timestamp,
    },
    /// The matter does not stand where this step begins.
    NotNow {
        /// Where it stands.
        state: &'static str,
        /// Where the step begins.
        from: &'static [&'static str],
    },
    /// The facts of the matter do not have this step.
    NotHere {
        /// The fact that decides.
        fact: &'static str,
    },
    /// Only the house takes this step, or only people do.
    System,
    /// There is no delegation for this role on this day from somebody who holds it.
    NotRepresented {
        /// Who was to be represented.
        represented: Person,
    },
    /// The actor holds none of the roles.
    Role {
        /// The roles of which one is needed.
        roles: &'static [&'static str],
    },
    /// Somebody who acts or is represented has an interest.
    Interested {
        /// Who.
        person: Person,
    },
    /// Somebody who acts or is represented stood on the other side before.
    SamePerson {
        /// Who.
        person: Person,
        /// The step that this person took.
        step: &'static str,
    },
    /// Somebody who acts or is represented gave this approval already.
    AlreadyGiven {
        /// Who.
        person: Person,
    },
    /// Others have to act first.
    Lacking {
        /// All that is lacking.
        lacking: Vec<Lacking>,
    },
    /// The clock has not run out yet.
    TooEarly {
        /// The clock.
        clock: &'static str,
        /// Its last day; absent while it is paused or never started.
        due: Option<Day>,
    },
    /// Whether the clock has run out is not known until the holidays of a year are loaded.
    ClockUnknown {
        /// The clock.
        clock: &'static str,
        /// The year.
        year: i32,
    },
    /// The clock has run out.
    TooLate {
        /// The clock.
        clock: &'static str,
        /// Its last day.
        due: Day,
    },
    /// The clock does not run, so it cannot be made longer.
    NoClock {
        /// The clock.
        clock: &'static str,
    },
    /// The clock was made longer before.
    ExtendedBefore {
        /// The clock.
        clock: &'static str,
    },
    /// No length or a length beyond the limit was given.
    Extension {
        /// The clock.
        clock: &'static str,
        /// At most so many of its units.
        most: u16,
    },
    /// A reason is needed.
    ReasonMissing,
    /// The reason is too long.
    ReasonTooLong {
        /// The limit in characters.
        limit: usize,
    },
    /// Whoever sends back says all that is missing at once.
    GapsMissing,
    /// Gaps belong to a return only.
    GapsMisplaced,
    /// Too many gaps, or one with an empty or overlong text.
    GapsWrong {
        /// Most gaps.
        most: usize,
        /// Most characters of each text.
        characters: usize,
    },
    /// A day is needed.
    DayMissing,
    /// This step is dated by the clock of the house.
    DayMisplaced,
    /// The day is still to come.
    DayAhead {
        /// Today.
        today: Day,
    },
    /// This step does not state this fact.
    FactWrong {
        /// The fact as it was named.
        fact: String,
    },
}

impl StepRefused {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unknown => "step_unknown",
            Self::Ended { .. } => "step_ended",
            Self::HistoryFull { .. } => "step_history_full",
            Self::Backwards { .. } => "step_backwards",
            Self::NotNow { .. } => "step_not_now",
            Self::NotHere { .. } => "step_not_here",
            Self::System => "step_system",
            Self::NotRepresented { .. } => "step_not_represented",
            Self::Role { .. } => "step_role",
            Self::Interested { .. } => "step_interested",
            Self::SamePerson { .. } => "step_same_person",
            Self::AlreadyGiven { .. } => "step_already_given",
            Self::Lacking { .. } => "step_lacking",
            Self::TooEarly { .. } => "step_too_early",
            Self::ClockUnknown { .. } => "step_clock_unknown",
            Self::TooLate { .. } => "step_too_late",
            Self::NoClock { .. } => "step_no_clock",
            Self::ExtendedBefore { .. } => "step_extended_before",
            Self::Extension { .. } => "step_extension",
            Self::ReasonMissing => "step_reason_missing",
            Self::ReasonTooLong { .. } => "step_reason_too_long",
            Self::GapsMissing => "step_gaps_missing",
            Self::GapsMisplaced => "step_gaps_misplaced",
            Self::GapsWrong { .. } => "step_gaps_wrong",
            Self::DayMissing => "step_day_missing",
            Self::DayMisplaced => "step_day_misplaced",
            Self::DayAhead { .. } => "step_day_ahead",
            Self::FactWrong { .. } => "step_fact_wrong",
        }
    }
}

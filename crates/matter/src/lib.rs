//! 办件: one engine for everything that is asked, decided and due: applications, filings, reports, complaints,
//! inspections, sanctions.
//!
//! This floor knows nothing of charity. A [`Procedure`] is a constant table of states, steps and clocks. A
//! [`Matter`] is a list of [`Taken`] steps and what folds out of it. [`take`] decides whether a step is taken and
//! says why not; [`clocks`] says what is due; [`explore`] plays a table to its end and finds every way around its
//! approvals. Time is a parameter, a missing year of holidays is an answer, and nothing here waits or guesses.
#![cfg_attr(
    not(test),
    deny(clippy::arithmetic_side_effects, clippy::indexing_slicing)
)]

mod acts;
mod clock;
mod count;
mod demands;
mod explore;
pub mod limits;
mod lists;
mod matter;
mod people;
mod problems;
mod procedure;
mod refused;
mod run;
mod status;
mod take;
mod taken;

pub use acts::Lacking;
pub use clock::{Clock, Extension, LastDay, Length, Level, Nature};
pub use count::{Course, Due, Stop, due, working_days_between};
pub use demands::unmet_demands;
pub use explore::{Explored, Violation, explore};
pub use lists::{
    Duration, InboxLine, Listed, OverdueLine, OverdueReport, durations, inbox, overdue,
};
pub use matter::{Broken, HistoryBroken, Matter};
pub use people::{Delegation, Office, Person, Post, Who};
pub use problems::Problem;
pub use procedure::{
    Dated, Demand, Effect, Fact, Phase, Procedure, Requirement, Role, STAY, SYSTEM, State, Step,
    When, Window,
};
pub use refused::StepRefused;
pub use run::{End, Extended, Pause, Run};
pub use status::{ClockStatus, Light, Outcome, clocks};
pub use take::{OpenStep, TooMany, open_steps, system_steps, take};
pub use taken::{Deed, Gap, Request, Taken};

#[cfg(test)]
mod examples;

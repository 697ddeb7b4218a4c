//! Oversight 监管: matters on their way through an office.

mod acting;
mod around;
mod calendar;
mod effect;
mod matter;
mod report;
mod wake;

pub(crate) use acting::{Around, worth_of};
pub(crate) use around::{Whose, around, ledger, reported_year};
pub(crate) use calendar::calendar;
pub(crate) use matter::run;
pub(crate) use wake::{WAKE_JOB, wake};

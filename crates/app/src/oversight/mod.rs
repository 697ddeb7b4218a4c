//! Oversight 监管: matters on their way through an office.

mod calendar;
mod effect;
mod matter;
mod wake;

pub(crate) use calendar::calendar;
pub(crate) use matter::run;
pub(crate) use wake::{WAKE_JOB, wake};

//! Pages that hold our sums beside what others announced, and the rules of the law.

pub(super) mod clock;
mod day;
mod eligibility;
mod hall;
pub(super) mod matter;
mod ratio;
pub(super) mod report;
pub(super) mod rule;

//! Pages that hold our sums beside what others announced, and the rules of the law.

mod day;
pub(super) mod rule;

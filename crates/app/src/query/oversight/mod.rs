//! Pages that hold our sums beside what others announced.

pub(super) mod clock;
mod day;
mod hall;
pub(super) mod matter;

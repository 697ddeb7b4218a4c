//! Pages that hold our sums beside what others announced.

mod day;

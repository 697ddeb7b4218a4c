//! Oversight 监管: announced totals as they were said.

mod announcement;

pub use announcement::announcements_of_day;

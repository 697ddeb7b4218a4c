//! Oversight 监管: announced totals, kept as they were said.

mod announcement;

pub use announcement::{AnnouncedBy, Announcement, decide_announcement};

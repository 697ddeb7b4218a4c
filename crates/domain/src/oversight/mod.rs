//! Oversight 监管: announced totals, kept as they were said, and duties with their last days.

mod announcement;
mod duty;

pub use announcement::{AnnouncedBy, Announcement, decide_announcement};
pub use duty::{Duty, DutyKind, Urgency};

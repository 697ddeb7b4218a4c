//! Oversight 监管: announced totals, kept as they were said, duties with their last days, and the procedures by which
//! matters are handled, with the forms that they ask for.

mod announcement;
pub mod annual;
mod duty;
pub mod effects;
pub mod eligibility;
pub mod forms;
pub mod matters;
pub mod procedures;

pub use announcement::{AnnouncedBy, Announcement, decide_announcement};
pub use duty::{Duty, DutyKind, Urgency};

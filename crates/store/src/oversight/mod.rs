//! Oversight 监管: announced totals as they were said, and matters with their histories.

mod announcement;
mod matter;

pub use announcement::announcements_of_day;
pub use matter::{
    MatterFile, MatterRecord, file_is_of_matters, matter_answers, matter_answers_standing,
    matter_files, matter_folded, matter_record, matters_ended, matters_ended_since, matters_folded,
    matters_of_organisation, matters_of_range, text_of_gaps, user_of_person,
};

//! What tests of the house stand on: a whole house in a temporary folder, people with roles, gifts that really
//! are signed, and a check of everything when the test ends.
//!
//! A [`TestApp`] that is dropped checks the whole log, the checkpoint, funds against places and the counters
//! against the log, and fails the test if anything is wrong. So a test says only what it is about.

mod charity;
mod check;
mod people;
mod test_app;

pub use charity::{Charity, Plan};
pub use check::faults;
pub use people::Staff;
pub use test_app::{START, TestApp};

/// The value, or a failed test that says what was tried.
///
/// # Panics
/// On an error: that is what it is for.
#[track_caller]
pub fn sure<T, E: std::fmt::Debug>(result: Result<T, E>, what: &str) -> T {
    match result {
        Ok(value) => value,
        Err(error) => panic!("{what}: {error:?}"),
    }
}

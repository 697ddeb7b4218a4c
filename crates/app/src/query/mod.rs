//! Queries: what pages and the API ask. One page is one snapshot, so that its sums agree with its rows.

mod cursor;
mod desk;
mod duties;
mod fundraising;
mod funds;
mod home;
mod identity;
mod limits;
mod links;
pub mod list;
mod oversight;
mod parties;
mod search;
mod transparency;
mod words;

pub(crate) use funds::of_organisation_between;
pub(crate) use oversight::matter::may_read;
pub use oversight::rule::{NATION, RuleAsk, RulePlace, rules_cited};
pub(crate) use parties::Divisions;
pub use parties::RegionChoice;
pub use parties::register::AsOf;
pub use search::{GiftNumber, SearchAsk};

use crate::AppError;

/// A database answer that must be there, or the name of what is missing.
fn found<T>(value: Option<T>, what: &'static str) -> Result<T, AppError> {
    value.ok_or(AppError::NotFound(what))
}

/// The rows of one page out of one more than it shows, and whether there are more.
fn page_of<T>(mut rows: Vec<T>, limit: i64) -> (Vec<T>, bool) {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > limit;
    rows.truncate(limit);
    (rows, more)
}

/// Keys without doubles, ascending: each row is read once.
fn keys(all: impl IntoIterator<Item = i64>) -> Vec<i64> {
    let set: std::collections::BTreeSet<i64> = all.into_iter().collect();
    set.into_iter().collect()
}

//! Pages about funds: sums, tapes, movements and the stories along them.

mod entries;
mod fund;
pub(super) mod headline;
mod movement;
pub(super) mod story;
pub(super) mod sums;

pub(crate) use sums::of_organisation_between;

//! Pages about organisations.

mod certificate;
mod contact;
mod organisation;
mod region;
pub(super) mod register;

pub(super) use organisation::day_text;
pub(crate) use region::Divisions;
pub use region::RegionChoice;

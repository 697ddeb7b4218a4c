//! Pages about organisations.

mod organisation;
pub(super) mod register;

pub(super) use organisation::day_text;

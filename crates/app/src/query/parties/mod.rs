//! Pages about organisations.

mod organisation;

pub(super) use organisation::day_text;

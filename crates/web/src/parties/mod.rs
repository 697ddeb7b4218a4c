//! Parties 主体: organisations.

pub(crate) mod organisation;

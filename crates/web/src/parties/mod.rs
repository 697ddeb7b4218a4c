//! Parties 主体: organisations.

pub(crate) mod certificate;
pub(crate) mod contact;
pub(crate) mod organisation;
pub(crate) mod report;

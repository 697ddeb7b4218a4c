//! Oversight 监督: the rules of the law.

pub(crate) mod cited;
pub(crate) mod rule;

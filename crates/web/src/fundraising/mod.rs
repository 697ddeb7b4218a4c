//! Fundraising 募捐: campaigns, giving, receipts, and what the desk does with them.

pub(crate) mod calendar;
pub(crate) mod campaign;
pub(crate) mod counter;
pub(crate) mod donation;
pub(crate) mod find;
pub(crate) mod intent;
pub(crate) mod paper;
pub(crate) mod plan;
pub(crate) mod privacy;
pub(crate) mod refund;
pub(crate) mod repair;
pub(crate) mod shares;
pub(crate) mod withdraw;
pub(crate) mod words;

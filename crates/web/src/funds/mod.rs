//! Funds 善款: funds, movements, payments, deliveries, settlements, goods.

pub(crate) mod delivery;
pub(crate) mod disbursement;
pub(crate) mod fund;
pub(crate) mod goods;
pub(crate) mod movement;
mod place;
pub(crate) mod settlement;

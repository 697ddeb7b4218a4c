//! Pages about campaigns and gifts.

pub(crate) mod campaign;
mod find;
mod gift;
mod giving;
mod intent;
mod keepsake;
pub(crate) mod privacy;
mod proof;
mod receipt;
mod repair;
mod repair_told;
mod slips;
mod words;

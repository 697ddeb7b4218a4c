//! Pages about campaigns and gifts.

mod campaign;
mod gift;
mod giving;
mod intent;
mod keepsake;
mod proof;
mod receipt;
mod slips;
mod words;

//! Pages about campaigns and gifts.

mod campaign;
mod gift;
mod intent;
mod proof;
mod receipt;
mod words;

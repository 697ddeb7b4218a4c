//! Transparency 见证: the sequencer's tick, and how long a reader may have to wait for a seal.

mod seals;
mod witness;

pub(crate) use seals::{Seals, found, start};
pub use witness::{WITNESS_FILE, WITNESS_LOGS_MAX, WatchedLog, Witness};

//! Transparency 见证: the sequencer's tick, the witnesses that are asked after it, and the witness that signs for others.

mod copies;
mod cosigning;
mod policy_file;
mod question;
mod seals;
mod witness;
mod witnessed;

pub use copies::{Shown, witness_copies};
pub(crate) use cosigning::{Cosigning, start as start_cosigning};
pub use policy_file::{PolicyRefused, WitnessPolicy, policy_without_witnesses};
pub(crate) use seals::{Seals, found, no_business, of_its_log, start};
pub use witness::{WITNESS_FILE, WITNESS_LOGS_MAX, WatchedLog, Witness};
pub use witnessed::Witnessed;
pub(crate) use witnessed::{WitnessKnown, with_lines};

//! Decisions of the charity house: pure functions from what is known to what happens, or a refusal.
//!
//! Nothing here reads a clock, draws randomness, or touches a disk or a network: time, keys and everything
//! known are parameters, so every decision is tested by a table. A wing uses only the wings to its left:
//! identity < parties < community < funds < fundraising < oversight < exchange.

pub mod exchange;
pub mod fundraising;
pub mod funds;
pub mod identity;
pub mod oversight;
pub mod parties;
pub mod refusal;
pub mod sentence;
pub mod text;

pub use refusal::{Refusal, Refused};
pub use sentence::Sentence;

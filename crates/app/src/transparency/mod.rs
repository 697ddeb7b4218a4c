//! Transparency 见证: the sequencer's tick, and how long a reader may have to wait for a seal.

mod seals;

pub(crate) use seals::{Seals, found, start};

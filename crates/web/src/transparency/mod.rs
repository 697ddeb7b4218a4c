//! Transparency 见证: the log, its leaves, how to verify, files of evidence.

pub(crate) mod evidence;
pub(crate) mod log;
mod witness;

pub use witness::witness_router;

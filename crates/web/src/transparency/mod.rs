//! Transparency 见证: the log, its leaves, how to verify, files of evidence.

pub(crate) mod evidence;
pub(crate) mod feed;
pub(crate) mod log;
pub(crate) mod offline;
mod witness;

pub use offline::{LogKeys, offline_page, verifier_pages};
pub(crate) use witness::witness_router;

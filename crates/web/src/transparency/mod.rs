//! Transparency 见证: the log, its leaves, how to verify, files of evidence.

pub(crate) mod evidence;
pub(crate) mod log;

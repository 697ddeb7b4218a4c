//! Limits of lists on the way to a reader.

/// Bytes of a file's name, without its ending.
pub(crate) const NAME_BYTES_MAX: usize = 120;

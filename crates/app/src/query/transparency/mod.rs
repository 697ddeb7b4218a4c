//! Pages and files of the public log.

mod feed;
mod log;

pub(super) use log::{ANY_BYTES, checkpoint_view};

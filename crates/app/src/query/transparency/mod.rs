//! Pages and files of the public log.

mod feed;
mod keys;
mod log;
mod tombstone;

pub(crate) use log::public_salts;
pub(super) use log::{ANY_BYTES, checkpoint_view};
pub(crate) use tombstone::{tombstone, tombstones_of_leaf};

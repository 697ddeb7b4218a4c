//! Pages and files of the public log.

mod feed;
mod keys;
mod log;

pub(super) use log::checkpoint_view;

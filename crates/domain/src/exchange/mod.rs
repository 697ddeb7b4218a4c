//! Exchange: what comes in and goes out as files.

pub mod import;

//! Every page with everyday and with extreme values: well-formed, labelled, escaped, small, without inline style or script.
//!
//! With `SHANJI_PAGES=/some/folder` the pages are also written there, so that a person can look at them.

mod examples;
mod html;
mod list_examples;
mod rendered;
mod tables;

//! Feeds `key_history` of `strangers_leaf.rs`.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../strangers_leaf.rs"]
#[allow(dead_code)]
mod strangers;

fuzz_target!(|bytes: &[u8]| strangers::key_history(bytes));

//! Feeds `mapping` of `strangers_table.rs`.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../strangers_table.rs"]
#[allow(dead_code)]
mod strangers;

fuzz_target!(|bytes: &[u8]| strangers::mapping(bytes));

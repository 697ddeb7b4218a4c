//! Feeds `notice` of `strangers_gateway.rs`.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../strangers_gateway.rs"]
#[allow(dead_code)]
mod strangers;

fuzz_target!(|bytes: &[u8]| strangers::notice(bytes));

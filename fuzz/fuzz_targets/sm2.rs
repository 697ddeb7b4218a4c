//! Feeds `sm2` of `strangers.rs`.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../strangers.rs"]
#[allow(dead_code)]
mod strangers;

fuzz_target!(|bytes: &[u8]| strangers::sm2(bytes));

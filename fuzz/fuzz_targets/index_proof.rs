//! Feeds `index_proof` of `strangers_leaf.rs`.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../strangers_leaf.rs"]
#[allow(dead_code)]
mod strangers;

fuzz_target!(|bytes: &[u8]| strangers::index_proof(bytes));

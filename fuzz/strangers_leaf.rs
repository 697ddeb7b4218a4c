//! What is done with strangers' statements: nothing may panic, and what is read must be written
//! as it was read.

use leaf::limits::LEAF_BYTES;
use leaf::{Checker, Json, Leaf, ReceiptExtra};

/// Canonical JSON.
pub fn leaf_json(bytes: &[u8]) {
    if let Ok(json) = Json::parse(bytes, LEAF_BYTES) {
        assert_eq!(json.encode().as_deref(), Ok(bytes));
    }
    if let Ok(extra) = ReceiptExtra::parse(bytes) {
        let _ = extra.verify();
        let _ = extra.openings().count();
    }
}

/// An entry of the log, and the audit that meets it.
pub fn leaf_entry(bytes: &[u8]) {
    if let Ok(leaf) = Leaf::parse(bytes) {
        assert_eq!(leaf.encode().as_deref(), Ok(bytes));
        let _ = leaf.check_content();
    }
    let mut checker = Checker::new(&[7; 32]);
    checker.feed(0, bytes, &[0; 32]);
}

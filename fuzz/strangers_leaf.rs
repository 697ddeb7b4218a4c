//! What is done with strangers' statements: nothing may panic, and what is read must be written
//! as it was read.

use leaf::limits::LEAF_BYTES;
use leaf::{Certificate, Checker, Json, Leaf, ReceiptExtra, SignedCertificate};

/// The writer normalises text and the reader takes it as it is (record 0004), so only normal text is written as it was read.
fn same(written: Option<&[u8]>, read: &[u8]) {
    let normal = |text: &str| unicode_normalization::is_nfc(text);
    if std::str::from_utf8(read).is_ok_and(normal) {
        assert_eq!(written, Some(read));
    }
}

/// Canonical JSON.
pub fn leaf_json(bytes: &[u8]) {
    if let Ok(json) = Json::parse(bytes, LEAF_BYTES) {
        same(json.encode().as_deref().ok(), bytes);
    }
    if let Ok(extra) = ReceiptExtra::parse(bytes) {
        let _ = extra.verify();
        let _ = extra.openings().count();
    }
}

/// An entry of the log, and the audit that meets it.
pub fn leaf_entry(bytes: &[u8]) {
    if let Ok(leaf) = Leaf::parse(bytes) {
        same(leaf.encode().as_deref().ok(), bytes);
        let _ = leaf.check_content();
    }
    let mut checker = Checker::new(&[7; 32]);
    checker.feed(0, bytes, &[0; 32]);
}

/// What a QR code holds that is said to be a certificate, and the text inside of one.
pub fn certificate(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    if let Ok(read) = SignedCertificate::parse(text) {
        let _ = read.verify(&[]);
    }
    if let Ok(said) = Certificate::parse(text) {
        assert_eq!(said.to_string(), text);
    }
}

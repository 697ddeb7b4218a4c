//! What is done with strangers' statements: nothing may panic, and what is read must be written
//! as it was read.

use leaf::limits::LEAF_BYTES;
use leaf::{
    Certificate, Checker, IndexProof, Json, KeyHistory, Leaf, ReceiptExtra, SignedCertificate,
    Sm2History, TrustedKeys,
};
use tlog::{Hash, ProofFile, Signer};

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

/// A file of keys: those of the log, and those for SM2.
pub fn key_history(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let given = signer().map(|signer| signer.verifier().clone());
    let mut trusted = TrustedKeys::new("log.example/a", given);
    if let Ok(history) = text.parse::<KeyHistory>() {
        let printed = history.to_string().parse::<KeyHistory>();
        assert_eq!(printed.as_ref(), Ok(&history));
        let _ = trusted.follow(&history);
    }
    if let Ok(history) = text.parse::<Sm2History>() {
        let printed = history.to_string().parse::<Sm2History>();
        assert_eq!(printed.as_ref(), Ok(&history));
        let _ = history.for_size(&trusted, u64::MAX);
    }
}

/// A proof that nothing is left out, or that there is nothing: the words alone, and in a proof file.
pub fn index_proof(bytes: &[u8]) {
    if let Ok(proof) = IndexProof::parse(bytes) {
        let _ = proof.check(3);
        let again = proof.encode().ok().map(|again| IndexProof::parse(&again));
        assert_eq!(again.and_then(Result::ok), Some(proof));
    }
    let _ = IndexProof::is_in(bytes);
    let (Some(signer), Ok(text)) = (signer(), std::str::from_utf8(bytes)) else {
        return;
    };
    if let Ok(file) = text.parse::<ProofFile>() {
        let key = signer.verifier().clone();
        let _ = IndexProof::open(&file, "log.example/a", std::slice::from_ref(&key));
        let _ = file.verify(&Hash::EMPTY_ROOT, "log.example/a", &[key]);
    }
}

fn signer() -> Option<Signer> {
    Signer::from_seed("log.example/a", &[1; 32]).ok()
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

//! What is done with strangers' bytes, one function for each parser: nothing may panic, and what
//! is read must print as it was written. Fuzzers call these, and property tests on stable do.

use tlog::limits::SIZE_MAX;
use tlog::map::{verify_lookup, verify_prefix, verify_range};
use tlog::policy::Policy;
use tlog::witness::{AddCheckpoint, Asked, Reply, read_reply};
use tlog::{
    Checkpoint, Cosigner, CosignerKey, Hash, NoteSignature, ProofFile, SignedNote, Signer, Sm2Key,
    Sm2Signer, Sm2Use, TilePath, TimeWindow, VerifierKey, cosigned, decode_bundle, encode_bundle,
    verify_consistency, verify_inclusion,
};

/// A signed note, and what its known keys make of it.
pub fn note(bytes: &[u8]) {
    let Ok(note) = SignedNote::parse(bytes) else {
        return;
    };
    assert_eq!(note.to_string().as_bytes(), bytes);
    let known = [signer().verifier().clone()];
    let _ = note.verify(&known);
    let _ = Checkpoint::open(&note, signer().verifier().name(), &known);
    let _ = cosigned(&note, &[cosigner().verifier().clone()], TimeWindow::ALWAYS);
}

/// The text of a checkpoint, and the two kinds of keys.
pub fn checkpoint(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else {
        return;
    };
    if let Ok(checkpoint) = text.parse::<Checkpoint>() {
        assert_eq!(checkpoint.to_string(), text);
    }
    if let Ok(key) = text.parse::<VerifierKey>() {
        assert_eq!(key.to_string(), text);
    }
    if let Ok(key) = text.parse::<CosignerKey>() {
        assert_eq!(key.to_string(), text);
    }
}

/// SM2 keys, secret lines, and the signature lines of a log and of a witness.
pub fn sm2(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else {
        return;
    };
    if let Ok(key) = text.parse::<Sm2Key>() {
        assert_eq!(key.to_string(), text);
    }
    if let Ok(key) = text.parse::<Sm2Signer>() {
        assert_eq!(key.line(), text);
    }
    if let Ok(line) = NoteSignature::parse(text) {
        assert_eq!(line.to_string(), text);
        for purpose in [Sm2Use::Log, Sm2Use::Cosignature] {
            let signer = Sm2Signer::from_secret("log.example/a", purpose, &[2; 32]);
            let _ = signer.map(|signer| {
                let key = signer.verifier();
                let _ = key.verify(SM2_TEXT, &line);
                let _ = key.verify_cosignature(SM2_TEXT, &line);
                let _ = key.has_signed(bytes, line.signature());
            });
        }
    }
}

/// What the lines of [`sm2`] are held against.
pub const SM2_TEXT: &str = "log.example/a\n9\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n";

/// A proof file.
pub fn proof_file(bytes: &[u8]) {
    let Some(Ok(file)) = str::from_utf8(bytes).ok().map(str::parse::<ProofFile>) else {
        return;
    };
    assert_eq!(file.to_string().as_bytes(), bytes);
    let key = signer().verifier().clone();
    let _ = file.verify(&Hash::EMPTY_ROOT, key.name(), std::slice::from_ref(&key));
}

/// A policy file.
pub fn policy(bytes: &[u8]) {
    match Policy::parse(bytes) {
        Ok(policy) => {
            let checkpoint = Checkpoint::new("log.example/a", 1, Hash::EMPTY_ROOT);
            let note = checkpoint.and_then(|checkpoint| checkpoint.sign(&[&signer()]));
            let _ = note.map(|note| policy.judge(&note, TimeWindow::ALWAYS).map(|_| ()));
        }
        Err(error) => {
            let lines = bytes.iter().filter(|byte| **byte == b'\n').count() + 1;
            assert!((1..=lines).contains(&error.line), "{error}");
        }
    }
}

/// What a log sends to a witness.
pub fn witness_request(bytes: &[u8]) {
    if let Ok(request) = AddCheckpoint::parse(bytes) {
        assert_eq!(request.to_string().as_bytes(), bytes);
        let _ = tlog::witness::decide(None, &request, 0);
    }
}

/// What a witness answers to a log; the first byte chooses the status.
pub fn witness_reply(bytes: &[u8]) {
    let Some((choice, body)) = bytes.split_first() else {
        return;
    };
    let (status, media_type) = match choice % 3 {
        0 => (200, "text/plain"),
        1 => (409, "text/x.tlog.size"),
        _ => (u16::from(*choice) * 4, "text/x.tlog.size"),
    };
    let Ok(note) = Checkpoint::new("log.example/a", 9, Hash::EMPTY_ROOT)
        .and_then(|checkpoint| checkpoint.sign(&[&signer()]))
    else {
        return;
    };
    let keys = [cosigner().verifier().clone()];
    let asked = Asked {
        old: 3,
        size: 9,
        note: &note,
        keys: &keys,
        window: TimeWindow::ALWAYS,
    };
    if let Ok(Reply::KnowsSize(size)) = read_reply(asked, status, media_type, body) {
        assert!(size <= 9 && size != 3);
    }
}

/// A bundle of entries; the first byte says how many.
pub fn bundle(bytes: &[u8]) {
    let Some((width, bytes)) = bytes.split_first() else {
        return;
    };
    let entries = decode_bundle(bytes, u16::from(*width) + 1);
    if let Ok(entries) = entries {
        assert_eq!(encode_bundle(&entries).as_deref(), Ok(bytes));
    }
}

/// The path of a tile.
pub fn tile_path(bytes: &[u8]) {
    let Some(Ok(path)) = str::from_utf8(bytes).ok().map(str::parse::<TilePath>) else {
        return;
    };
    assert_eq!(path.to_string().as_bytes(), bytes);
}

/// Proofs: about a map, about a range, of inclusion and of consistency.
pub fn map_proof(bytes: &[u8]) {
    let Some((head, proof)) = bytes.split_at_checked(17) else {
        return;
    };
    let (key, number) = head.split_at(1);
    let root = tlog::leaf_hash(key);
    for value in [None, Some(key)] {
        // A proof that fits a root that nobody has looked at would be a hash broken.
        assert!(verify_lookup(&root, key, value, proof).is_err());
    }
    assert!(verify_prefix(&root, key, &[], proof).is_err());
    assert!(verify_prefix(&root, key, &[(key, key)], proof).is_err());
    let hashes: Vec<Hash> = proof
        .as_chunks::<32>()
        .0
        .iter()
        .map(|hash| Hash(*hash))
        .collect();
    let (a, b) = number.split_at(8);
    let of = |bytes: &[u8]| u64::from_le_bytes(bytes.try_into().unwrap_or_default()) % SIZE_MAX;
    let (a, b) = (of(a), of(b));
    let _ = verify_range(a, hashes.get(..3).unwrap_or_default(), b, &hashes, &root);
    let _ = verify_inclusion(&root, a, b, &hashes, &root);
    let _ = verify_consistency(a, b, &hashes, &root, &root);
}

fn signer() -> Signer {
    Signer::from_seed("log.example/a", &[1; 32]).unwrap_or_else(|_| unreachable!("a good name"))
}

fn cosigner() -> Cosigner {
    Cosigner::from_seed("witness.example/1", &[101; 32])
        .unwrap_or_else(|_| unreachable!("a good name"))
}

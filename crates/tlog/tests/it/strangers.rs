//! The fuzzers' functions on stable: noise, and good bytes with a few changes.

use proptest::collection::vec;
use proptest::prelude::*;
use tlog::witness::AddCheckpoint;
use tlog::{
    Checkpoint, Cosigner, Hash, ProofFile, Signer, Sm2Signer, Sm2Use, encode_bundle, leaf_hash,
};

#[path = "../../../../fuzz/strangers.rs"]
#[expect(unreachable_pub, reason = "the fuzzers' programs see the same file")]
mod targets;

/// Every target with the bytes that it should like.
/// A reader of strangers’ bytes, with bytes that it accepts.
type Target = (fn(&[u8]), Vec<u8>);

fn targets() -> Vec<Target> {
    let log = Signer::from_seed("log.example/a", &[1; 32]).unwrap();
    let witness = Cosigner::from_seed("witness.example/1", &[101; 32]).unwrap();
    let checkpoint = Checkpoint::new("log.example/a", 9, leaf_hash(b"x")).unwrap();
    let line = witness.cosign(&checkpoint, 1_700_000_000).unwrap();
    let note = checkpoint
        .sign(&[&log])
        .unwrap()
        .with_signatures([line.clone()])
        .unwrap();
    let hashes = vec![Hash::EMPTY_ROOT, leaf_hash(b"y")];
    let file = ProofFile::new(3, hashes.clone(), note.clone()).unwrap();
    let file = file.with_extra(b"{}".to_vec()).unwrap();
    let request = AddCheckpoint::new(3, hashes, note.clone()).unwrap();
    let (log, key) = (log.verifier(), witness.verifier());
    let policy = format!(
        "# ours\nlog {log} https://log.example/\nwitness a {key}\ngroup g any a\nquorum g\n"
    );
    let bundle = encode_bundle(&[&b"ab"[..], b"", b"c"]).unwrap();
    let proof = [&[7; 17][..], b"\x01a\x01b\x03", &[9; 32], b"\x01", &[8; 32]].concat();
    let sm2 = |purpose| Sm2Signer::from_secret("log.example/a", purpose, &[2; 32]).unwrap();
    let own = sm2(Sm2Use::Log);
    let beside = targets::SM2_TEXT.parse::<Checkpoint>().unwrap();
    let beside = sm2(Sm2Use::Cosignature).cosign(&beside, 1_700_000_000);
    vec![
        (targets::sm2, own.verifier().to_string().into()),
        (targets::sm2, own.line().into()),
        (targets::sm2, own.sign(targets::SM2_TEXT).to_string().into()),
        (targets::sm2, beside.unwrap().to_string().into()),
        (targets::note, note.to_string().into()),
        (targets::checkpoint, checkpoint.to_string().into()),
        (targets::checkpoint, log.to_string().into()),
        (targets::checkpoint, key.to_string().into()),
        (targets::proof_file, file.to_string().into()),
        (targets::policy, policy.into()),
        (targets::witness_request, request.to_string().into()),
        (targets::witness_reply, format!("\0{line}\n").into()),
        (targets::witness_reply, b"\x015\n".to_vec()),
        (targets::bundle, [&[2][..], &bundle].concat()),
        (
            targets::tile_path,
            b"tile/entries/x001/x234/067.p/12".to_vec(),
        ),
        (targets::map_proof, proof),
    ]
}

/// What happens to bytes on the way.
#[derive(Debug, Clone)]
enum Change {
    Flip(usize, u8),
    Cut(usize),
    Double(usize, usize),
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let change = prop_oneof![
        (any::<usize>(), 1..=255u8).prop_map(|(place, mask)| Change::Flip(place, mask)),
        any::<usize>().prop_map(Change::Cut),
        (any::<usize>(), 1..9usize).prop_map(|(place, count)| Change::Double(place, count)),
    ];
    vec(change, 0..4)
}

fn changed(mut bytes: Vec<u8>, changes: &[Change]) -> Vec<u8> {
    for change in changes.iter().take_while(|_| !changes.is_empty()) {
        let count = bytes.len();
        match *change {
            _ if count == 0 => break,
            Change::Flip(place, mask) => bytes[place % count] ^= mask,
            Change::Cut(place) => bytes.truncate(place % count),
            Change::Double(place, more) => {
                let start = place % count;
                let part = bytes[start..(start + more).min(count)].to_vec();
                bytes.splice(start..start, part);
            }
        }
    }
    bytes
}

proptest! {
    #[test]
    fn noise_does_no_harm(bytes in vec(any::<u8>(), 0..300)) {
        targets().iter().for_each(|(target, _)| target(&bytes));
    }

    #[test]
    fn good_bytes_with_changes_do_no_harm(changes in changes()) {
        for (target, bytes) in targets() {
            target(&changed(bytes, &changes));
        }
    }
}

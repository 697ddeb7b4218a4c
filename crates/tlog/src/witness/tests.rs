//! The witness protocol: the published example, each rule with its status, hostile answers.

use super::*;
use crate::checkpoint::Checkpoint;
use crate::cosignature::{Cosigner, TimeWindow};
use crate::edge::Edge;
use crate::hash::{Hash, leaf_hash};
use crate::key::{Signer, VerifierKey};
use crate::limits::{WITNESS_NOTE_BYTES_MAX, WITNESS_PROOF_HASHES_MAX};
use crate::note::SignedNote;
use crate::proof::consistency_proof;
use crate::reader::TileSet;
use crate::signature::NoteSignature;

const ORIGIN: &str = "log.example/a";

/// The request of c2sp.org/tlog-witness.
const EXAMPLE: &str = "old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=
";

/// A log of `size` entries; `fork` changes the last one.
struct Tree {
    size: u64,
    root: Hash,
    tiles: TileSet,
}

fn tree(size: u64, fork: u8) -> Tree {
    let mut edge = Edge::new();
    for number in 0..size {
        let last = number + 1 == size;
        let entry = [number as u8, if last { fork } else { 0 }];
        edge.append(leaf_hash(&entry)).unwrap();
    }
    let full = edge.take_full_tiles();
    let mut tiles = TileSet::new();
    full.iter()
        .chain(&edge.partial_tiles())
        .for_each(|tile| tiles.insert(tile));
    Tree {
        size,
        root: edge.root(),
        tiles,
    }
}

fn log() -> Signer {
    Signer::from_seed(ORIGIN, &[1; 32]).unwrap()
}

fn witness() -> Cosigner {
    Cosigner::from_seed("witness.example/1", &[101; 32]).unwrap()
}

fn signed(tree: &Tree, signer: &Signer) -> SignedNote {
    let checkpoint = Checkpoint::new(signer.verifier().name(), tree.size, tree.root).unwrap();
    checkpoint.sign(&[signer]).unwrap()
}

fn request(old: u64, tree: &Tree) -> AddCheckpoint {
    let proof = if old == 0 {
        Vec::new()
    } else {
        consistency_proof(old, tree.size, &tree.tiles).unwrap()
    };
    AddCheckpoint::new(old, proof, signed(tree, &log())).unwrap()
}

fn latest(tree: &Tree, time: u64) -> Option<Latest> {
    Some(Latest {
        size: tree.size,
        root: tree.root,
        time,
    })
}

fn ask(latest: Option<Latest>, request: &AddCheckpoint) -> Result<Accepted, Refusal> {
    let keys = [log().verifier().clone()];
    let known = KnownLog {
        origin: ORIGIN,
        keys: &keys,
        latest,
    };
    decide(Some(known), request, 1_000)
}

#[test]
fn the_published_request_is_read_and_printed() {
    let request = AddCheckpoint::parse(EXAMPLE.as_bytes()).unwrap();
    assert_eq!((request.old(), request.proof().len()), (20_852_014, 4));
    assert_eq!(request.note().signatures().len(), 2);
    assert_eq!(request.to_string(), EXAMPLE);
}

#[test]
fn other_bodies_are_no_requests() {
    let check = |from: &str, to: &str| {
        assert!(EXAMPLE.contains(from));
        let body = EXAMPLE.replacen(from, to, 1);
        assert!(AddCheckpoint::parse(body.as_bytes()).is_err(), "{body}");
    };
    check("old 2", "old 02");
    check("old 2", "old  2");
    check("old 2", "2");
    check("old 2", "Old 2");
    check("old 20852014", "old 9223372036854775808");
    check("old 20852014\n", "old 20852014\n\n");
    check("old 20852014\n", "old 20852014\r\n");
    check("kaw=\n", "kaw\n");
    check("j/0=\n\n", "j/0=\n");
    check("— example.com", "example.com");
    assert!(AddCheckpoint::parse(b"").is_err());
    assert!(AddCheckpoint::parse(b"\xff\n\n").is_err());
}

#[test]
fn limits_of_a_request_hold() {
    let tree = tree(3, 0);
    let note = signed(&tree, &log());
    let of = |count| AddCheckpoint::new(1, vec![tree.root; count], note.clone());
    assert!(of(WITNESS_PROOF_HASHES_MAX).is_ok());
    assert_eq!(
        of(WITNESS_PROOF_HASHES_MAX + 1),
        Err(RequestError::TooLarge)
    );
    let full = of(WITNESS_PROOF_HASHES_MAX).unwrap().to_string();
    assert!(AddCheckpoint::parse(full.as_bytes()).is_ok());
    let more = full.replacen("\n\n", &format!("\n{}\n\n", tree.root), 1);
    assert_eq!(
        AddCheckpoint::parse(more.as_bytes()),
        Err(RequestError::TooLarge)
    );
    let line = NoteSignature::new("w.example", [1; 4], &[1; 8_000]).unwrap();
    let long = note.with_signatures(vec![line; 8]).unwrap();
    assert!(long.to_string().len() > WITNESS_NOTE_BYTES_MAX);
    assert_eq!(
        AddCheckpoint::new(1, Vec::new(), long),
        Err(RequestError::TooLarge)
    );
}

#[test]
fn a_growing_log_is_signed_step_by_step() {
    let mut known = None;
    for size in [0, 0, 1, 2, 5, 5, 200] {
        let old = known.map_or(0, |latest: Latest| latest.size);
        let accepted = ask(known, &request(old, &tree(size, 0))).unwrap();
        assert_eq!((accepted.old, accepted.checkpoint.size()), (old, size));
        assert_eq!(accepted.time, 1_000);
        known = Some(accepted.latest());
    }
}

#[test]
fn the_rules_are_those_of_the_specification_with_its_statuses() {
    let (three, five, fork) = (tree(3, 0), tree(5, 0), tree(5, 1));
    let check = |latest, request: &AddCheckpoint, want: Refusal, status: u16| {
        assert_eq!(ask(latest, request), Err(want));
        assert_eq!(want.status(), status);
    };
    let from_three = request(3, &five);
    let proofless = |old, note| AddCheckpoint::new(old, Vec::new(), note).unwrap();

    // 404: another log, or none at all.
    assert_eq!(decide(None, &from_three, 1), Err(Refusal::UnknownOrigin));
    let other = Signer::from_seed("log.example/b", &[1; 32]).unwrap();
    let strange = proofless(0, signed(&five, &other));
    check(None, &strange, Refusal::UnknownOrigin, 404);
    // 403: another key of the same name; also a broken line of the right key.
    let forger = Signer::from_seed(ORIGIN, &[2; 32]).unwrap();
    let forged = proofless(0, signed(&five, &forger));
    check(None, &forged, Refusal::NotSigned, 403);
    let id = log().verifier().id();
    let line = NoteSignature::new(ORIGIN, id, &[1; 64]).unwrap();
    let broken = signed(&five, &forger).with_signatures([line]).unwrap();
    check(None, &proofless(0, broken), Refusal::NotSigned, 403);
    // 400: the old size is beyond the new one, even if the witness knows that old size.
    let back = proofless(5, signed(&three, &log()));
    check(latest(&five, 1), &back, Refusal::OldBeyondNew, 400);
    // 409 with the known size.
    check(
        latest(&five, 1),
        &from_three,
        Refusal::Conflict { size: 5 },
        409,
    );
    check(None, &from_three, Refusal::Conflict { size: 0 }, 409);
    check(
        latest(&three, 1),
        &request(0, &five),
        Refusal::Conflict { size: 3 },
        409,
    );
    assert_eq!(Refusal::Conflict { size: 5 }.body(), "5\n");
    assert_eq!(Refusal::Conflict { size: 5 }.media_type(), SIZE_MEDIA_TYPE);
    // 422: a proof that proves something else, one hash too many or too few, any proof at zero.
    let wrong = AddCheckpoint::new(3, from_three.proof().to_vec(), signed(&fork, &log())).unwrap();
    check(latest(&three, 1), &wrong, Refusal::BadProof, 422);
    check(
        latest(&three, 1),
        &proofless(3, signed(&five, &log())),
        Refusal::BadProof,
        422,
    );
    let hash = vec![five.root];
    let first = AddCheckpoint::new(0, hash.clone(), signed(&five, &log())).unwrap();
    check(None, &first, Refusal::BadProof, 422);
    let same = AddCheckpoint::new(5, hash, signed(&five, &log())).unwrap();
    check(latest(&five, 1), &same, Refusal::BadProof, 422);
    // 422: one size, two roots.
    check(
        latest(&five, 1),
        &proofless(5, signed(&fork, &log())),
        Refusal::RootDiffers,
        422,
    );
    let mut empty = tree(0, 0);
    empty.root = five.root;
    check(
        None,
        &proofless(0, signed(&empty, &log())),
        Refusal::RootDiffers,
        422,
    );
}

#[test]
fn a_clock_that_ran_back_signs_nothing() {
    let (three, five) = (tree(3, 0), tree(5, 0));
    let from_three = request(3, &five);
    assert!(ask(latest(&three, 1_000), &from_three).is_ok());
    let refused = ask(latest(&three, 1_001), &from_three);
    assert_eq!(refused, Err(Refusal::ClockBehind));
}

#[test]
fn a_note_that_is_no_checkpoint_is_a_bad_request() {
    let note = SignedNote::sign("three\nlines\nof text\nand one more\n", &[&log()]).unwrap();
    let request = AddCheckpoint::new(0, Vec::new(), note);
    assert_eq!(request, Err(RequestError::NoCheckpoint));
    assert_eq!(Refusal::from(RequestError::NoCheckpoint).status(), 400);
}

#[test]
fn during_a_change_of_keys_either_one_is_enough() {
    let (old, new) = (log(), Signer::from_seed(ORIGIN, &[7; 32]).unwrap());
    let keys: Vec<VerifierKey> = vec![old.verifier().clone(), new.verifier().clone()];
    let five = tree(5, 0);
    for signer in [&old, &new] {
        let request = AddCheckpoint::new(0, Vec::new(), signed(&five, signer)).unwrap();
        let known = KnownLog {
            origin: ORIGIN,
            keys: &keys,
            latest: None,
        };
        assert!(decide(Some(known), &request, 1).is_ok());
    }
}

fn read(status: u16, media: &str, body: &[u8]) -> Result<Reply, ReplyError> {
    let five = tree(5, 0);
    let note = signed(&five, &log());
    let keys = [witness().verifier().clone()];
    let asked = Asked {
        old: 3,
        size: 5,
        note: &note,
        keys: &keys,
        window: TimeWindow::around(1_000, 60, 60),
    };
    read_reply(asked, status, media, body)
}

#[test]
fn cosignatures_are_taken_only_if_they_verify() {
    let five = tree(5, 0);
    let checkpoint = Checkpoint::new(ORIGIN, five.size, five.root).unwrap();
    let line = |time| witness().cosign(&checkpoint, time).unwrap();
    let other = Cosigner::from_seed("witness.example/2", &[102; 32]).unwrap();
    let other = other.cosign(&checkpoint, 1_000).unwrap();
    let check = |body: String, want: Result<Vec<NoteSignature>, ReplyError>| {
        let got = read(200, "text/plain", body.as_bytes());
        assert_eq!(got, want.map(Reply::Cosigned), "{body}");
    };
    check(format!("{}\n", line(1_000)), Ok(vec![line(1_000)]));
    check(format!("{other}\n{}\n", line(1_000)), Ok(vec![line(1_000)]));
    check(
        format!("{}\n{}\n", line(990), line(991)),
        Ok(vec![line(990)]),
    );
    check(format!("{other}\n"), Err(ReplyError::NotCosigned));
    check(format!("{}\n", line(900)), Err(ReplyError::Untimely));
    check(format!("{}\n", line(1_100)), Err(ReplyError::Untimely));
    check(line(1_000).to_string(), Err(ReplyError::Malformed));
    check(String::new(), Err(ReplyError::Malformed));
    check("ok\n".into(), Err(ReplyError::Malformed));
    check(format!("{}\n\n", line(1_000)), Err(ReplyError::Malformed));
    check("x".repeat(70_000), Err(ReplyError::TooLarge));
    check(format!("{other}\n").repeat(65), Err(ReplyError::TooLarge));
    let mut bytes = line(1_000).signature().to_vec();
    bytes[9] ^= 1;
    let key = witness().verifier().clone();
    let forged = NoteSignature::new(key.name(), key.id(), &bytes).unwrap();
    check(format!("{forged}\n"), Err(ReplyError::BadSignature));
}

#[test]
fn a_size_is_believed_only_within_our_own() {
    let check = |media: &str, body: &str, want: Result<u64, ReplyError>| {
        let got = read(409, media, body.as_bytes());
        assert_eq!(got, want.map(Reply::KnowsSize), "{body}");
    };
    check(SIZE_MEDIA_TYPE, "5\n", Ok(5));
    check(SIZE_MEDIA_TYPE, "0\n", Ok(0));
    check("Text/X.tlog.size; charset=utf-8", "4\n", Ok(4));
    check(SIZE_MEDIA_TYPE, "6\n", Err(ReplyError::SizeBeyondOurs));
    check(
        SIZE_MEDIA_TYPE,
        "9223372036854775807\n",
        Err(ReplyError::SizeBeyondOurs),
    );
    check(
        SIZE_MEDIA_TYPE,
        "18446744073709551616\n",
        Err(ReplyError::Malformed),
    );
    check(SIZE_MEDIA_TYPE, "3\n", Err(ReplyError::SizeAsSent));
    check(SIZE_MEDIA_TYPE, "04\n", Err(ReplyError::Malformed));
    check(SIZE_MEDIA_TYPE, "4", Err(ReplyError::Malformed));
    check(SIZE_MEDIA_TYPE, "4\n\n", Err(ReplyError::Malformed));
    check(
        "text/plain",
        "4\n",
        Err(ReplyError::Refused { status: 409 }),
    );
    for status in [100, 201, 204, 301, 400, 403, 404, 422, 500, 503] {
        let got = read(status, SIZE_MEDIA_TYPE, b"4\n");
        assert_eq!(got, Err(ReplyError::Refused { status }));
    }
}

#[test]
fn a_logs_folder_is_the_hash_of_its_name() {
    // printf log.example/a | sha256sum
    let path = checkpoint_path(ORIGIN);
    assert_eq!(path.len(), 64 + "/checkpoint".len());
    assert_eq!(origin_hash("").get(..8), Some("e3b0c442"));
}

//! The map: each rule of its proofs broken once, and its own limits. Vectors and random maps
//! stand among the integration tests.

use super::digest::{branch_hash, read_uvarint, record_hash, write_uvarint};
use super::key::{bit, first_difference, has_prefix};
use super::*;
use crate::hash::Hash;
use crate::limits::{MAP_BITS_MAX, MAP_KEY_BYTES_MAX, MAP_PROOF_BYTES_MAX, MAP_VALUE_BYTES_MAX};

fn map(keys: &[&str]) -> Map<Vec<u8>> {
    let mut map = Map::new();
    for key in keys {
        map.insert(key.as_bytes(), value(key)).unwrap();
    }
    map
}

fn value(key: &str) -> Vec<u8> {
    format!("v{key}").into_bytes()
}

const STREAMS: [&str; 7] = [
    "camp/1", "camp/10", "camp/2", "fund/1", "org/1", "org/1/x", "pen/7/1",
];

#[test]
fn keys_are_padded_with_00_and_then_ff() {
    let check = |a: &[u8], b: &[u8], want: Option<u32>| {
        assert_eq!(first_difference(a, b), want);
        assert_eq!(first_difference(b, a), want);
        if let Some(index) = want {
            assert_ne!(bit(a, index), bit(b, index));
        }
    };
    check(b"", b"", None);
    check(b"a", b"a", None);
    check(b"a", b"b", Some(6));
    check(b"", b"\0", Some(8));
    check(b"\xaa", b"\xaa\0", Some(16));
    check(b"\xaa", b"\xaa\0\xff", Some(24));
    check(b"\xaa\0", b"\xaa\0\xff", Some(16));
    check(b"", b"\x80", Some(0));
    assert!(has_prefix(b"", b"") && has_prefix(b"", b"\0\xff") && has_prefix(b"ab", b"a"));
    assert!(!has_prefix(b"", b"\xff") && !has_prefix(b"ab", b"b") && !has_prefix(b"a", b"ab"));
}

#[test]
fn numbers_have_one_form() {
    for number in [0, 1, 0x7f, 0x80, 0x3fff, 0x4000, 0x0fff_ffff] {
        let mut bytes = Vec::new();
        write_uvarint(&mut bytes, number);
        assert_eq!(read_uvarint(&bytes), Some((number, &[][..])));
    }
    for bytes in [
        &b""[..],
        b"\x80",
        b"\x80\x00",
        b"\x81\x00",
        b"\xff\xff\xff\xff\x01",
        b"\x80\x80\x80\x80\x10",
    ] {
        assert_eq!(read_uvarint(bytes), None, "{bytes:?}");
    }
}

#[test]
fn a_present_key_is_proved_with_its_value_only() {
    let mut map = map(&STREAMS);
    let sealed = map.seal();
    let root = sealed.root();
    for key in STREAMS {
        let proof = sealed.prove(key.as_bytes());
        let check = |key: &str, value: Option<&[u8]>, proof: &[u8]| {
            verify_lookup(&root, key.as_bytes(), value, proof)
        };
        let right = value(key);
        assert_eq!(check(key, Some(&right), &proof), Ok(()));
        for other in STREAMS.iter().filter(|other| **other != key) {
            assert!(check(other, Some(&right), &proof).is_err());
        }
        assert_eq!(
            check(key, Some(b"v"), &proof),
            Err(MapProofError::RootDiffers)
        );
        assert!(check(key, None, &proof).is_err());
        for place in 0..proof.len() {
            let mut bad = proof.clone();
            bad[place] ^= 1;
            assert!(check(key, Some(&right), &bad).is_err(), "byte {place}");
            assert!(check(key, Some(&right), &proof[..place]).is_err());
        }
        let long = [&proof[..], &[0]].concat();
        assert!(check(key, Some(&right), &long).is_err());
    }
}

#[test]
fn an_absent_key_is_proved_by_the_record_at_its_place() {
    let mut map = map(&STREAMS);
    let sealed = map.seal();
    let root = sealed.root();
    for key in [
        "", "a", "camp/", "camp/100", "fund/2", "org", "org/1/", "zzz",
    ] {
        let proof = sealed.prove(key.as_bytes());
        let check = |key: &str, proof: &[u8]| verify_lookup(&root, key.as_bytes(), None, proof);
        assert_eq!(check(key, &proof), Ok(()));
        for place in 0..proof.len() {
            let mut bad = proof.clone();
            bad[place] ^= 1;
            assert!(check(key, &bad).is_err(), "byte {place} of {key}");
            assert!(check(key, &proof[..place]).is_err());
        }
        for present in STREAMS {
            assert!(check(present, &proof).is_err(), "{key} for {present}");
        }
        assert!(verify_lookup(&root, key.as_bytes(), Some(b""), &proof).is_err());
    }
    // A record elsewhere in the map is no evidence.
    let (steps, other) = (sealed.prove(b"fund/1"), value("fund/1"));
    let mut shown = vec![6];
    shown.extend_from_slice(b"fund/1");
    shown.push(other.len() as u8);
    shown.extend_from_slice(&other);
    shown.extend_from_slice(&steps);
    assert_eq!(verify_lookup(&root, b"fund/2", None, &shown), Ok(()));
    assert_eq!(
        verify_lookup(&root, b"camp/1", None, &shown),
        Err(MapProofError::WrongWitness)
    );
    assert_eq!(
        verify_lookup(&root, b"fund/1", None, &shown),
        Err(MapProofError::WrongWitness)
    );
}

#[test]
fn in_an_empty_map_everything_is_absent_without_evidence() {
    let mut map = map(&[]);
    let root = map.seal().root();
    assert_eq!(root, Hash::EMPTY_ROOT);
    assert_eq!(verify_lookup(&root, b"k", None, &[]), Ok(()));
    assert_eq!(verify_prefix(&root, b"k", &[], &[]), Ok(()));
    let malformed = Err(MapProofError::Malformed);
    assert_eq!(verify_lookup(&root, b"k", None, b"\x01a\x01b"), malformed);
    assert_eq!(verify_prefix(&root, b"k", &[], b"\x01a\x01b"), malformed);
    assert!(verify_lookup(&root, b"k", Some(b"v"), &[]).is_err());
    assert!(verify_prefix(&root, b"", &[(b"k", b"v")], &[]).is_err());
    let other = record_hash(b"k", b"v");
    let differs = Err(MapProofError::RootDiffers);
    assert_eq!(verify_lookup(&other, b"z", None, &[]), differs);
    assert_eq!(verify_prefix(&other, b"z", &[], &[]), differs);
}

#[test]
fn all_records_of_a_prefix_are_proved_and_no_fewer() {
    let mut map = map(&STREAMS);
    let sealed = map.seal();
    let root = sealed.root();
    for prefix in [
        "", "c", "camp/", "camp/1", "org/1", "pen/7/", "pen/8/", "x", "fund/1/",
    ] {
        let prefix = prefix.as_bytes();
        let values: Vec<(&[u8], &Vec<u8>)> = sealed.records(prefix, usize::MAX);
        let records: Vec<(&[u8], &[u8])> = values
            .iter()
            .map(|(key, value)| (*key, value.as_slice()))
            .collect();
        let want = STREAMS
            .iter()
            .filter(|key| key.as_bytes().starts_with(prefix));
        assert_eq!(records.len(), want.count());
        let proof = sealed.prove_prefix(prefix);
        assert_eq!(verify_prefix(&root, prefix, &records, &proof), Ok(()));
        for place in 0..proof.len() {
            let mut bad = proof.clone();
            bad[place] ^= 1;
            assert!(verify_prefix(&root, prefix, &records, &bad).is_err());
        }
        for left_out in 0..records.len() {
            let mut fewer = records.clone();
            fewer.remove(left_out);
            assert!(verify_prefix(&root, prefix, &fewer, &proof).is_err());
            // Not even with the proof of the smaller part.
            if let [(key, _)] = fewer.as_slice() {
                let part = sealed.prove(key);
                assert!(verify_prefix(&root, prefix, &fewer, &part).is_err());
            }
        }
        assert_eq!(sealed.records(prefix, 2).len(), records.len().min(2));
    }
}

#[test]
fn a_prefix_does_not_hold_records_without_it() {
    let mut map = map(&STREAMS);
    let sealed = map.seal();
    let all: Vec<_> = sealed.records(b"", 100);
    let all: Vec<(&[u8], &[u8])> = all
        .iter()
        .map(|(key, value)| (*key, value.as_slice()))
        .collect();
    // The whole map is a part that holds all keys of the prefix: only the keys give it away.
    assert_eq!(
        verify_prefix_root(&sealed.root(), b"camp/", &sealed.root(), &[]),
        Ok(())
    );
    assert_eq!(
        verify_prefix(&sealed.root(), b"camp/", &all, &[]),
        Err(MapProofError::WrongRecords)
    );
}

#[test]
fn records_are_sorted_and_single() {
    let wrong = Err(MapProofError::WrongRecords);
    let record = |key: &'static [u8]| (key, &b"v"[..]);
    assert!(subtree_root(&[record(b"a"), record(b"b")]).is_ok());
    assert_eq!(subtree_root(&[record(b"b"), record(b"a")]), wrong);
    assert_eq!(subtree_root(&[record(b"a"), record(b"a")]), wrong);
    // The shorter key comes after its own extension by 00.
    assert!(subtree_root(&[record(b"a\0"), record(b"a")]).is_ok());
    assert_eq!(subtree_root(&[record(b"a"), record(b"a\0")]), wrong);
}

#[test]
fn steps_lead_upwards() {
    // A tree that no honest map has: the same bit twice, or a lower bit below a higher one.
    let leaf = record_hash(b"a", b"v");
    let other = record_hash(b"b", b"v");
    let check = |low: u32, high: u32, want: Result<(), MapProofError>| {
        let up = |index: u32, hash: Hash| {
            if bit(b"a", index) {
                branch_hash(index, &other, &hash)
            } else {
                branch_hash(index, &hash, &other)
            }
        };
        let root = up(high, up(low, leaf));
        let mut proof = Vec::new();
        for index in [low, high] {
            write_uvarint(&mut proof, u64::from(index));
            proof.extend_from_slice(&other.0);
        }
        assert_eq!(verify_lookup(&root, b"a", Some(b"v"), &proof), want);
    };
    check(6, 5, Ok(()));
    check(MAP_BITS_MAX - 1, 0, Ok(()));
    check(6, 6, Err(MapProofError::WrongPath));
    check(5, 6, Err(MapProofError::WrongPath));
    check(MAP_BITS_MAX, 0, Err(MapProofError::WrongPath));
}

#[test]
fn limits_hold() {
    let long = vec![b'k'; MAP_KEY_BYTES_MAX + 1];
    let mut map: Map<Vec<u8>> = Map::new();
    assert_eq!(map.insert(&long, Vec::new()), Err(MapError::KeyTooLong));
    assert_eq!((map.len(), map.is_empty()), (0, true));
    assert!(map.insert(&long[1..], Vec::new()).is_ok());
    let root = map.seal().root();
    let large = Err(MapProofError::TooLarge);
    assert_eq!(verify_lookup(&root, &long, Some(b""), &[]), large);
    assert_eq!(verify_lookup(&root, &long[1..], Some(b""), &[]), Ok(()));
    let value = vec![0; MAP_VALUE_BYTES_MAX + 1];
    assert_eq!(verify_lookup(&root, b"k", Some(&value), &[]), large);
    let proof = vec![0; MAP_PROOF_BYTES_MAX + 1];
    assert_eq!(verify_lookup(&root, b"k", None, &proof), large);
    assert_eq!(verify_prefix(&root, &long, &[], &[]), large);
    assert_eq!(
        verify_lookup(&root, b"k", None, b"\xff\x7fabc"),
        large,
        "a shown key beyond the limit"
    );
}

#[test]
fn a_changed_map_proves_nothing_before_it_is_sealed_again() {
    let mut map = map(&STREAMS);
    assert!(map.sealed().is_none());
    let before = map.seal().root();
    assert!(map.sealed().is_some_and(|sealed| sealed.root() == before));
    map.update(b"org/1", Vec::new, |value| value.push(b'!'))
        .unwrap();
    assert!(map.sealed().is_none());
    assert_eq!(map.get(b"org/1"), Some(&b"vorg/1!".to_vec()));
    assert_ne!(map.seal().root(), before);
    map.insert(b"org/1", value("org/1")).unwrap();
    assert_eq!(map.seal().root(), before);
    map.update(b"new", Vec::new, |value| value.push(b'!'))
        .unwrap();
    assert_eq!(map.get(b"new"), Some(&b"!".to_vec()));
    assert_eq!((map.get(b"ne"), map.len()), (None, 8));
}

//! The Merkle map against published hashes and proofs, and against a tree built anew for every
//! question.

use std::collections::BTreeMap;
use std::path::PathBuf;

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use tlog::map::{
    Map, range_proof, subtree_root, verify_lookup, verify_prefix, verify_prefix_root, verify_range,
};
use tlog::{Edge, Hash, TileSet, leaf_hash};

/// A published file, or nothing and a loud line.
fn published(file: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/vectors/merkle-map")
        .join(file);
    std::fs::read_to_string(&path).unwrap_or_else(|error| {
        eprintln!(
            "VECTORS ABSENT, NOTHING CHECKED: {}: {error}",
            path.display()
        );
        String::new()
    })
}

fn bytes(word: &str) -> Vec<u8> {
    if word == "''" {
        return Vec::new();
    }
    hex::decode(word.replace([' ', '\t'], "")).unwrap()
}

/// Lines of `word value`, continued ones joined, comments left out.
fn lines(text: &str) -> Vec<(String, String)> {
    let joined = text.replace("\\\n", " ");
    let words = joined
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    words
        .map(|line| {
            let (word, value) = line.split_once(' ').unwrap();
            (word.to_owned(), value.trim().to_owned())
        })
        .collect()
}

#[test]
fn published_tree_hashes_are_ours() {
    let mut map = Map::new();
    let mut count = 0;
    for (word, value) in lines(&published("treehash.txt")) {
        match word.as_str() {
            "kv" => {
                let (key, value) = value.split_once(' ').unwrap();
                map.insert(&bytes(key), bytes(value)).unwrap();
            }
            "hash" => {
                let sealed = map.seal();
                assert_eq!(hex::encode(sealed.root().0), value);
                let records = sealed.records(b"", usize::MAX);
                let records: Vec<(&[u8], &[u8])> = records
                    .iter()
                    .map(|(key, value)| (*key, value.as_slice()))
                    .collect();
                assert_eq!(subtree_root(&records), Ok(sealed.root()));
                map = Map::new();
                count += 1;
            }
            other => panic!("unknown line {other}"),
        }
    }
    assert!(count == 0 || count == 24, "{count} hashes");
}

/// `verify.txt` and `prefix.txt` of the same source are not among our vectors yet; they are run
/// as soon as they lie beside `treehash.txt`.
#[test]
fn published_proofs_are_answered_alike() {
    let mut state: BTreeMap<String, String> = BTreeMap::new();
    for (word, value) in lines(&published("verify.txt")) {
        let hash = |word: &str| Hash::from_slice(&bytes(&state[word])).unwrap();
        match word.as_str() {
            "verify" => {
                let shown = (state["val"] != "-").then(|| bytes(&state["val"]));
                let (key, proof) = (bytes(&state["key"]), bytes(&state["proof"]));
                let got = verify_lookup(&hash("snap"), &key, shown.as_deref(), &proof);
                assert_eq!(got.is_ok(), value == "true", "{state:?} {got:?}");
            }
            "verifyprefix" => {
                let (prefix, proof) = (bytes(&state["prefix"]), bytes(&state["proof"]));
                let got = verify_prefix_root(&hash("snap"), &prefix, &hash("hash"), &proof);
                assert_eq!(got.is_ok(), value == "true", "{state:?} {got:?}");
            }
            _ => {
                state.insert(word, value);
            }
        }
    }
}

#[test]
fn published_prefix_proofs_are_answered_alike() {
    let (mut map, mut root) = (Map::new(), Hash::EMPTY_ROOT);
    let (mut prefix, mut part) = (Vec::new(), Hash::EMPTY_ROOT);
    let mut fresh = true;
    for (word, value) in lines(&published("prefix.txt")) {
        match word.as_str() {
            "kv" => {
                if std::mem::replace(&mut fresh, false) {
                    map = Map::new();
                }
                let (key, value) = value.split_once(' ').unwrap();
                map.insert(&bytes(key), bytes(value)).unwrap();
            }
            "snap" => {
                if std::mem::replace(&mut fresh, true) {
                    map = Map::new();
                }
                root = map.seal().root();
                assert_eq!(hex::encode(root.0), value);
            }
            "prefix" => prefix = bytes(&value),
            "hash" => part = Hash::from_slice(&bytes(&value)).unwrap(),
            "proof" => {
                let sealed = map.seal();
                let records = sealed.records(&prefix, usize::MAX);
                let records: Vec<(&[u8], &[u8])> = records
                    .iter()
                    .map(|(key, value)| (*key, value.as_slice()))
                    .collect();
                assert_eq!(subtree_root(&records), Ok(part));
                for proof in [bytes(&value), sealed.prove_prefix(&prefix)] {
                    assert_eq!(verify_prefix(&root, &prefix, &records, &proof), Ok(()));
                }
            }
            other => panic!("unknown line {other}"),
        }
    }
}

/// Keys that meet: few letters, among them those that pad.
fn key() -> impl Strategy<Value = Vec<u8>> {
    let letter = prop_oneof![Just(0u8), Just(0xff), Just(b'a'), Just(b'b'), any::<u8>()];
    vec(letter, 0..5)
}

/// The records as the map sorts them: by their padded keys.
fn sorted(records: &BTreeMap<Vec<u8>, Vec<u8>>) -> Vec<(&[u8], &[u8])> {
    let padded = |key: &[u8]| {
        let mut key = key.to_vec();
        key.push(0);
        key.resize(12, 0xff);
        key
    };
    let mut list: Vec<(&[u8], &[u8])> = records
        .iter()
        .map(|(key, value)| (key.as_slice(), value.as_slice()))
        .collect();
    list.sort_by_key(|(key, _)| padded(key));
    list
}

/// All bits that are hashed, written from the definition: no tree, no descent.
fn naive_root(records: &[(&[u8], &[u8])]) -> Hash {
    use sha2::{Digest, Sha256};
    let bits = |key: &[u8]| -> Vec<bool> {
        let mut key = key.to_vec();
        key.push(0);
        key.resize(12, 0xff);
        key.iter()
            .flat_map(|byte| (0..8).map(move |place| byte >> (7 - place) & 1 == 1))
            .collect()
    };
    match records {
        [] => Hash(Sha256::digest(b"").into()),
        [(key, value)] => {
            let message = [&[0, key.len() as u8][..], key, &[value.len() as u8], value].concat();
            Hash(Sha256::digest(message).into())
        }
        _ => {
            let all: Vec<Vec<bool>> = records.iter().map(|(key, _)| bits(key)).collect();
            let first = (0..96).find(|place| all.iter().any(|bits| bits[*place] != all[0][*place]));
            let first = first.unwrap();
            let side = |right: bool| -> Vec<(&[u8], &[u8])> {
                let kept = records
                    .iter()
                    .zip(&all)
                    .filter(|(_, bits)| bits[first] == right);
                kept.map(|(record, _)| *record).collect()
            };
            let (left, right) = (naive_root(&side(false)), naive_root(&side(true)));
            let message = [&[1, first as u8][..], &left.0, &right.0].concat();
            Hash(Sha256::digest(message).into())
        }
    }
}

proptest! {
    #[test]
    fn any_map_has_the_root_of_its_records(
        first in btree_map(key(), vec(any::<u8>(), 0..4), 0..20),
        second in btree_map(key(), vec(any::<u8>(), 0..4), 0..20),
        asked in vec(key(), 0..20),
    ) {
        let (mut map, mut records) = (Map::new(), BTreeMap::new());
        for step in [&first, &second] {
            for (key, value) in step {
                map.insert(key, value.clone()).unwrap();
                records.insert(key.clone(), value.clone());
            }
            let list = sorted(&records);
            let sealed = map.seal();
            prop_assert_eq!(sealed.root(), naive_root(&list));
            prop_assert_eq!(subtree_root(&list), Ok(sealed.root()));
        }
        let (list, sealed) = (sorted(&records), map.sealed().unwrap());
        let root = sealed.root();
        for key in asked.iter().chain(records.keys()) {
            let value = records.get(key).map(Vec::as_slice);
            let proof = sealed.prove(key);
            prop_assert_eq!(verify_lookup(&root, key, value, &proof), Ok(()));
            let opposite = if value.is_some() { None } else { Some(&b"x"[..]) };
            prop_assert!(verify_lookup(&root, key, opposite, &proof).is_err());

            let proof = sealed.prove_prefix(key);
            let found = sealed.records(key, usize::MAX);
            let found: Vec<(&[u8], &[u8])> =
                found.iter().map(|(key, value)| (*key, value.as_slice())).collect();
            prop_assert_eq!(verify_prefix(&root, key, &found, &proof), Ok(()));
            if let [_, rest @ ..] = found.as_slice() {
                prop_assert!(verify_prefix(&root, key, rest, &proof).is_err());
            }
            let in_list = found.iter().all(|record| list.contains(record));
            prop_assert!(in_list);
        }
    }

    #[test]
    fn any_range_is_proved_and_no_other(size in 1u64..700, a in 0u64..700, b in 0u64..700, place in any::<prop::sample::Index>()) {
        let (low, high) = (a.min(b) % size, a.max(b) % size);
        let (start, end) = (low.min(high), low.max(high) + 1);
        let leaves: Vec<Hash> = (0..size).map(|number| leaf_hash(&number.to_be_bytes())).collect();
        let mut edge = Edge::new();
        leaves.iter().for_each(|leaf| edge.append(*leaf).unwrap());
        let mut set = TileSet::new();
        edge.take_full_tiles().iter().chain(&edge.partial_tiles()).for_each(|tile| set.insert(tile));
        let root = edge.root();
        let proof = range_proof(start, end, size, &set).unwrap();
        let shown = &leaves[start as usize..end as usize];
        prop_assert_eq!(verify_range(start, shown, size, &proof, &root), Ok(()));
        prop_assert!(proof.len() <= 2 * 10);
        // One leaf fewer, one place further, another leaf, a hash more or fewer.
        prop_assert!(verify_range(start, &shown[1..], size, &proof, &root).is_err());
        prop_assert!(verify_range(start + 1, shown, size, &proof, &root).is_err());
        let mut altered = shown.to_vec();
        let at = place.index(altered.len());
        altered[at].0[0] ^= 1;
        prop_assert!(verify_range(start, &altered, size, &proof, &root).is_err());
        let more = [&proof[..], &[root]].concat();
        prop_assert!(verify_range(start, shown, size, &more, &root).is_err());
        if let [fewer @ .., _] = proof.as_slice() {
            prop_assert!(verify_range(start, shown, size, fewer, &root).is_err());
        }
    }
}

#[test]
fn a_range_of_one_leaf_is_an_inclusion_proof() {
    let mut edge = Edge::new();
    (0..77u8).for_each(|number| edge.append(leaf_hash(&[number])).unwrap());
    let mut set = TileSet::new();
    edge.partial_tiles()
        .iter()
        .for_each(|tile| set.insert(tile));
    let mut range = range_proof(40, 41, 77, &set).unwrap();
    let mut inclusion = tlog::inclusion_proof(40, 77, &set).unwrap();
    range.sort();
    inclusion.sort();
    assert_eq!(range, inclusion);
    assert_eq!(verify_range(0, &[], 0, &[], &Hash::EMPTY_ROOT), Ok(()));
    assert!(verify_range(0, &[], 0, &[], &edge.root()).is_err());
    assert!(verify_range(3, &[], 77, &range, &edge.root()).is_err());
    assert!(verify_range(u64::MAX, &range, 77, &range, &edge.root()).is_err());
    assert!(range_proof(3, 3, 77, &set).is_err() && range_proof(70, 78, 77, &set).is_err());
}

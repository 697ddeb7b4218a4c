//! Histories of a log's keys: honest ones, and those that somebody with a stolen key would make.

use super::keep_cases;
use crate::sample;
use kernel::{Day, Timestamp};
use leaf::{KeyHistory, KeyLeaf, LeafTime, ReceiptExtra, Succession, TrustedKeys};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tlog::{
    Checkpoint, Edge, ProofFile, SignedNote, Signer, TileSet, VerifierKey, inclusion_proof,
    leaf_hash,
};

/// Leaves before the first announcement.
const BEFORE: usize = 8;

fn signer(seed: u8) -> Signer {
    sample::signer(sample::ORIGIN, seed)
}

pub(crate) fn key(seed: u8) -> VerifierKey {
    signer(seed).verifier().clone()
}

fn leaf_of(said: &KeyLeaf, sequence: i64) -> Vec<u8> {
    let time = LeafTime::Second(Timestamp::parse_rfc3339("2026-11-28T04:05:06Z").unwrap());
    let id = format!("key_0000000000000{sequence}");
    said.leaf(id, time, (sequence, None)).encode().unwrap()
}

/// `old` is followed by `new`, to which `by` agrees.
pub(crate) fn announced(old: u8, new: u8, by: u8) -> KeyLeaf {
    let plan = Succession {
        key: key(new),
        old: key(old),
        from: Day::parse("2026-12-01").unwrap(),
        until: Day::parse("2027-03-01").unwrap(),
    };
    let note = SignedNote::sign(&plan.statement(), &[&signer(by)]).unwrap();
    let proof = note.signatures()[0].signature().try_into().unwrap();
    KeyLeaf::Announced(Box::new(plan), proof)
}

fn edge(log: &[Vec<u8>]) -> Edge {
    let mut edge = Edge::new();
    for leaf in log {
        edge.append(leaf_hash(leaf)).unwrap();
    }
    edge
}

fn note(log: &[Vec<u8>], by: &[u8]) -> SignedNote {
    let edge = edge(log);
    let checkpoint = Checkpoint::new(sample::ORIGIN, edge.size(), edge.root()).unwrap();
    let signers: Vec<Signer> = by.iter().map(|seed| signer(*seed)).collect();
    checkpoint
        .sign(&signers.iter().collect::<Vec<_>>())
        .unwrap()
}

/// The proof that the last leaf of this log stands there, in a checkpoint that these keys signed.
pub(crate) fn proof(log: &[Vec<u8>], by: &[u8]) -> ProofFile {
    let mut tiles = TileSet::new();
    edge(log)
        .partial_tiles()
        .iter()
        .for_each(|tile| tiles.insert(tile));
    let size = log.len() as u64;
    let path = inclusion_proof(size - 1, size, &tiles).unwrap();
    let extra = ReceiptExtra::new(log.last().unwrap().clone(), []);
    let file = ProofFile::new(size - 1, path, note(log, by)).unwrap();
    file.with_extra(extra.encode().unwrap()).unwrap()
}

/// A log that ends in these leaves about keys.
pub(crate) fn log(said: &[KeyLeaf]) -> Vec<Vec<u8>> {
    let mut log = sample::leaves(BEFORE);
    log.extend((1..).zip(said).map(|(number, said)| leaf_of(said, number)));
    log
}

/// The files of a log that ends in leaves about keys, signed by these.
pub(crate) fn files(log: &[Vec<u8>], by: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut files = sample::files(log);
    files.insert("checkpoint".into(), note(log, by).to_string().into_bytes());
    files
}

/// Logs of 8 to 11 leaves in which key 1 is followed by key 2 and ends, and the files that their site serves.
pub(crate) fn changing() -> Vec<BTreeMap<String, Vec<u8>>> {
    let said = [announced(1, 2, 2), KeyLeaf::Ended(key(1), 9)];
    let whole = log(&said);
    let proofs = [proof(&whole[..9], &[1]), proof(&whole[..10], &[2])];
    let grown = log(&[&said[..], &[announced(2, 3, 3)]].concat());
    [
        (8, &[1][..], 0),
        (9, &[1, 2], 1),
        (10, &[2], 2),
        (11, &[2], 2),
    ]
    .into_iter()
    .map(|(size, by, told)| {
        let mut files = files(&grown[..size], by);
        let history = KeyHistory {
            keys: vec![key(1), key(2)],
            proofs: proofs[..told].to_vec(),
        };
        files.insert("vkeys".into(), history.to_string().into_bytes());
        files
    })
    .collect()
}

struct Case {
    what: &'static str,
    roots: Vec<u8>,
    proofs: Vec<ProofFile>,
}

fn case(what: &'static str, roots: &[u8], proofs: &[&ProofFile]) -> Case {
    Case {
        what,
        roots: roots.to_vec(),
        proofs: proofs.iter().map(|file| (*file).clone()).collect(),
    }
}

/// 1 is followed by 2 and ends, 2 is followed by 3.
fn cases() -> Vec<Case> {
    let said = [
        announced(1, 2, 2),
        KeyLeaf::Ended(key(1), 9),
        announced(2, 3, 3),
    ];
    let whole = log(&said);
    let (first, end, second) = (
        proof(&whole[..9], &[1]),
        proof(&whole[..10], &[2]),
        proof(&whole, &[2, 3]),
    );
    let alone = |said: KeyLeaf, by: &[u8]| proof(&log(&[said]), by);
    let stolen = proof(
        &log(&[said[0].clone(), said[1].clone(), announced(2, 5, 5)]),
        &[1],
    );
    let torn = ProofFile::new(8, second.proof().to_vec(), first.checkpoint().clone()).unwrap();
    let torn = torn.with_extra(first.extra().unwrap().to_vec()).unwrap();
    vec![
        case("nothing to follow", &[1], &[]),
        case("from the first key", &[1], &[&first, &end, &second]),
        case("in any order", &[1], &[&second, &end, &first]),
        case(
            "from the newest key backwards",
            &[3],
            &[&first, &end, &second],
        ),
        case("backwards without the end", &[2], &[&first]),
        case("a stranger follows nothing", &[9], &[&first, &end, &second]),
        case(
            "announced by a stranger",
            &[1],
            &[&alone(announced(1, 2, 2), &[9])],
        ),
        case(
            "the new key does not agree",
            &[1],
            &[&alone(announced(1, 2, 1), &[1])],
        ),
        case(
            "the key follows itself",
            &[1],
            &[&alone(announced(1, 1, 1), &[1])],
        ),
        case("a path that leads elsewhere", &[1], &[&torn]),
        case(
            "two successors",
            &[1],
            &[&first, &alone(announced(1, 4, 4), &[1])],
        ),
        case(
            "a stolen key announces after its end",
            &[1],
            &[&first, &stolen, &end],
        ),
        case(
            "an end that counts wrong",
            &[1],
            &[&first, &alone(KeyLeaf::Ended(key(1), 5), &[2])],
        ),
        case(
            "a key speaks of its own end",
            &[1],
            &[&alone(KeyLeaf::Ended(key(1), 8), &[1])],
        ),
        case("no leaf about keys", &[1], &[&proof(&whole[..8], &[1])]),
    ]
}

fn trusted_json(trusted: &TrustedKeys) -> Value {
    let keys = trusted.keys().iter();
    let rows = keys.map(|known| json!([known.key.to_string(), known.announced, known.before]));
    Value::Array(rows.collect())
}

/// Keys without a history of the log, and with one of another log: a strange key is then only one that was not given.
fn without_a_history() -> Vec<Value> {
    let other = sample::signer("log.example/b", 1).verifier().clone();
    let of_another = KeyHistory {
        keys: vec![other],
        proofs: Vec::new(),
    };
    let mut rows = Vec::new();
    for (what, seed, history) in [
        ("a key alone", 1, None),
        ("the next key alone", 2, None),
        ("a key and the history of another log", 2, Some(of_another)),
    ] {
        let mut trusted = TrustedKeys::new(sample::ORIGIN, [key(seed)]);
        if let Some(history) = &history {
            trusted.follow(history).unwrap();
        }
        let notes = notes(&trusted);
        let said = |code: &str| notes.iter().any(|row| row[1] == code);
        assert!(said("key.not_given") && !said("key.unannounced"), "{what}");
        rows.push(json!({
            "what": what, "roots": [key(seed).to_string()],
            "history": history.map(|history| history.to_string()), "code": null,
            "trusted": trusted_json(&trusted), "notes": notes,
        }));
    }
    rows
}

/// Trees of 9 to 11 leaves as each key would sign them.
fn notes(trusted: &TrustedKeys) -> Vec<Value> {
    let whole = log(&[
        announced(1, 2, 2),
        KeyLeaf::Ended(key(1), 9),
        announced(2, 3, 3),
    ]);
    let mut rows = Vec::new();
    for size in 9..=11 {
        for by in [&[1][..], &[2], &[3], &[9], &[1, 2]] {
            let note = note(&whole[..size], by);
            let code = trusted.open(&note).err().map(|error| error.code());
            rows.push(json!([note.to_string(), code]));
        }
    }
    rows
}

#[test]
fn histories_of_keys_are_judged_alike() {
    let mut rows = without_a_history();
    for case in cases() {
        let roots: Vec<VerifierKey> = case.roots.iter().map(|seed| key(*seed)).collect();
        let mut history = KeyHistory {
            keys: roots.clone(),
            proofs: case.proofs,
        };
        history.keys.push(key(7));
        let text = history.to_string();
        assert_eq!(text.parse(), Ok(history.clone()), "{}", case.what);
        let mut trusted = TrustedKeys::new(sample::ORIGIN, roots.clone());
        let before = trusted.clone();
        let code = trusted.follow(&history).err().map(|error| error.code());
        if code.is_some() {
            assert_eq!(trusted, before, "{}", case.what);
        }
        // What is remembered makes the next reader believe the same.
        let mut again = TrustedKeys::new(sample::ORIGIN, trusted.remembered().keys);
        again.follow(&trusted.remembered()).unwrap();
        for known in trusted.keys() {
            assert!(again.keys().contains(known), "{}", case.what);
        }
        let roots: Vec<String> = roots.iter().map(ToString::to_string).collect();
        rows.push(json!({
            "what": case.what, "roots": roots, "history": text, "code": code,
            "trusted": trusted_json(&trusted), "notes": notes(&trusted),
        }));
    }
    for text in [
        "no key",
        "#: index 1",
        "#: c2sp.org/tlog-proof@v1\n#: half\n",
    ] {
        let code = text.parse::<KeyHistory>().err().map(|error| error.code());
        assert!(code.is_some());
        rows.push(json!({ "what": "no file of keys", "history": text, "code": code }));
    }
    keep_cases("keys", &json!({ "origin": sample::ORIGIN }), &rows);
}

//! Vectors of policies and cosignatures, and of a log that shows two histories.

use super::{LOG_LEAVES, coded, keep_cases};
use crate::sample;
use serde_json::{Value, json};
use std::fmt::Write as _;
use tlog::policy::{Policy, Quorum, Standing};
use tlog::{Checkpoint, Cosigner, Edge, SignedNote, TimeWindow, leaf_hash};

/// Where the hidden history parts from the shown one.
const FORKED_AT: usize = 210;
/// Leaves that a browser had seen of the shown one before.
const SEEN: usize = 250;
const TIME: u64 = 1_795_312_800;

fn witness(number: u8) -> Cosigner {
    Cosigner::from_seed(&format!("witness.example/{number}"), &[100 + number; 32]).unwrap()
}

/// Two of three, and any of two more.
fn policy() -> String {
    let mut text = format!("# ours\nlog {}\n\n", sample::key());
    for number in 1..=5 {
        let key = witness(number).verifier().to_string();
        writeln!(text, "witness w{number} {key} https://w{number}.example/").unwrap();
    }
    text.push_str("group 省 2 w1 w2 w3\ngroup b any w4 w5\ngroup\tall all 省 b\nquorum all\n");
    text
}

fn cosigned(note: &SignedNote, by: &[(u8, u64)]) -> SignedNote {
    let checkpoint: Checkpoint = note.text().parse().unwrap();
    let lines: Vec<_> = by
        .iter()
        .map(|(number, time)| witness(*number).cosign(&checkpoint, *time).unwrap())
        .collect();
    note.clone().with_signatures(lines).unwrap()
}

fn standing(quorum: &Quorum<'_>) -> Value {
    let word = match quorum.standing {
        Standing::Final => "final",
        Standing::Waiting => "waiting",
        Standing::OperatorOnly => "operator_only",
    };
    let names: Vec<_> = quorum
        .signed
        .iter()
        .filter(|signed| signed.counts)
        .map(|signed| (String::from_utf8_lossy(&signed.witness.name), signed.time))
        .collect();
    json!([word, names])
}

fn judged(policy: &str, note: &SignedNote) -> Result<Value, &'static str> {
    let policy: Policy = policy
        .parse()
        .map_err(|error: tlog::policy::PolicyError| error.code())?;
    let judged = policy.judge(note, TimeWindow::ALWAYS);
    let judged = judged.map_err(|error| error.code())?;
    Ok(standing(&judged.quorum))
}

/// Changes of the policy above that a person would think of: `(what, from, to)`.
const POLICY_CHANGES: &[(&str, &str, &str)] = &[
    ("as it is", "", ""),
    ("a carriage return", "# ours\n", "# ours\r\n"),
    ("a delete character", "# ours", "# \u{7f}"),
    ("other words first", "# ours", "ours"),
    ("a word in capitals", "log ", "LOG "),
    ("a log without its key", "log log", "log # log"),
    ("a witness as a log", "log log", "log w log"),
    (
        "a log that is none",
        "log log.example/a+",
        "log log.example/b+",
    ),
    (
        "two words too many",
        "https://w1.example/",
        "https://w1.example/ a b",
    ),
    ("no address", " https://w1.example/", ""),
    ("a name twice", "witness w2", "witness w1"),
    ("a reserved name", "witness w2", "witness none"),
    ("a group of nobody", "any w4 w5", "any"),
    ("a threshold of none", "省 2", "省 0"),
    ("a threshold of all but one more", "省 2", "省 4"),
    ("a threshold with a zero before it", "省 2", "省 02"),
    ("a member that is unknown", "w4 w5", "w4 w6"),
    ("a member twice", "w4 w5", "w4 w4"),
    ("a member of two groups", "w4 w5", "w4 w1"),
    ("a group of itself", "any w4 w5", "any b"),
    ("two quorums", "quorum all", "quorum all\nquorum all"),
    ("no quorum", "quorum all\n", ""),
    ("an unknown quorum", "quorum all", "quorum al"),
    ("no witness asked for", "quorum all", "quorum none"),
    ("one witness asked for", "quorum all", "quorum w4"),
    ("one group asked for", "quorum all", "quorum 省"),
    ("tabs and blanks", "quorum all", "\t quorum \t all \t"),
];

#[test]
fn policies_are_judged_alike() {
    let checkpoint = Checkpoint::new(sample::ORIGIN, 8, leaf_hash(b"x")).unwrap();
    let own = checkpoint
        .sign(&[&sample::signer(sample::ORIGIN, 1)])
        .unwrap();
    let enough = cosigned(&own, &[(1, TIME), (3, TIME + 5), (4, TIME + 2)]);
    let text = policy();
    let mut cases = Vec::new();
    let mut case = |what: &str, policy: &str, note: &SignedNote| {
        let judged = judged(policy, note);
        let says = judged.as_ref().ok().cloned();
        cases.push(json!({
            "what": what, "policy": policy, "note": note.to_string(),
            "code": coded(judged), "says": says,
        }));
        says
    };
    for (what, from, to) in POLICY_CHANGES {
        assert!(text.contains(from), "{what}");
        case(what, &text.replacen(from, to, 1), &enough);
    }
    let twice = format!("{text}witness w6 {}\n", witness(5).verifier());
    case("one key under two names", &twice, &enough);
    let as_log = text.replacen(
        &sample::key().to_string(),
        &witness(1).verifier().to_string(),
        1,
    );
    case("a witness's key for a log", &as_log, &enough);
    for (what, by) in [
        ("nobody", &[][..]),
        ("one of two", &[(1, TIME), (4, TIME)]),
        (
            "one of each and a stranger",
            &[(1, TIME), (9, TIME), (5, TIME)],
        ),
        ("one witness twice", &[(1, TIME), (1, TIME + 9), (4, TIME)]),
        ("all", &[(5, 0), (4, TIME), (3, TIME), (2, TIME), (1, TIME)]),
    ] {
        case(what, &text, &cosigned(&own, by));
    }
    let other = Checkpoint::new(sample::ORIGIN, 9, leaf_hash(b"x")).unwrap();
    let stolen = enough.signatures()[1..].to_vec();
    let signed = other.sign(&[&sample::signer(sample::ORIGIN, 1)]).unwrap();
    case(
        "lines over another checkpoint",
        &text,
        &signed.with_signatures(stolen).unwrap(),
    );
    let stranger = checkpoint
        .sign(&[&sample::signer(sample::ORIGIN, 2)])
        .unwrap();
    case(
        "not signed by the log",
        &text,
        &cosigned(&stranger, &[(1, TIME), (2, TIME), (4, TIME)]),
    );
    let finals = cases
        .iter()
        .filter(|case| case["says"][0] == "final")
        .count();
    assert!(finals >= 6, "only {finals} are final");
    keep_cases(
        "policies",
        &json!({ "key": sample::key().to_string() }),
        &cases,
    );
}

/// The files of a log of these leaves that checkpoints and their proofs need, under a checkpoint with these witnesses.
fn files(leaves: &[Vec<u8>], by: &[(u8, u64)]) -> Vec<Value> {
    let mut rows = Vec::new();
    for (path, bytes) in sample::files(leaves) {
        if path == "checkpoint" {
            let note = cosigned(&SignedNote::parse(&bytes).unwrap(), by);
            rows.push(json!({ "file": path, "bytes": hex::encode(note.to_string()) }));
        } else if !path.starts_with("tile/entries") {
            rows.push(json!({ "file": path, "bytes": hex::encode(bytes) }));
        }
    }
    rows
}

#[test]
fn a_split_view_is_written_down() {
    let shown = sample::leaves(LOG_LEAVES);
    let mut hidden = shown.clone();
    hidden.remove(FORKED_AT);
    let mut edge = Edge::new();
    for leaf in &shown[..SEEN] {
        edge.append(leaf_hash(leaf)).unwrap();
    }
    let seen = json!({ "size": SEEN.to_string(), "root": edge.root().to_string() });
    let by = [(1, TIME), (2, TIME), (5, TIME)];
    let log = |name: &str, files: Vec<Value>| json!({ "log": name, "files": files });
    let mut pasted = files(&hidden, &[]);
    let lines = files(&shown, &by);
    let note = |rows: &[Value]| {
        let row = rows.iter().find(|row| row["file"] == "checkpoint").unwrap();
        let bytes = hex::decode(row["bytes"].as_str().unwrap()).unwrap();
        SignedNote::parse(bytes).unwrap()
    };
    let stolen = note(&lines).signatures()[1..].to_vec();
    let forged = note(&pasted).with_signatures(stolen).unwrap();
    let row = pasted
        .iter_mut()
        .find(|row| row["file"] == "checkpoint")
        .unwrap();
    row["bytes"] = json!(hex::encode(forged.to_string()));
    keep_cases(
        "split",
        &json!({ "key": sample::key().to_string(), "policy": policy(), "seen": seen }),
        &[
            log("shown", lines),
            log("shown, not witnessed yet", files(&shown, &by[..1])),
            log("hidden", files(&hidden, &[])),
            log("hidden, with the lines of the shown one", pasted),
        ],
    );
}

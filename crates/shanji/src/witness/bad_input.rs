//! What a witness is sent that it must not sign: each is answered with the status that tlog-witness names, over real HTTP,
//! and afterwards the witness shows what it showed before, byte for byte.

use super::tests::{ORIGIN, log, post};
use super::{address, bind};
use app::{WatchedLog, Witness};
use gateway::ManualClock;
use kernel::Timestamp;
use std::sync::Arc;
use tlog::limits::{SIZE_MAX, WITNESS_NOTE_BYTES_MAX, WITNESS_PROOF_HASHES_MAX};
use tlog::witness::{ADD_CHECKPOINT_PATH, AddCheckpoint, SIZE_MEDIA_TYPE, checkpoint_path};
use tlog::{Checkpoint, Cosigner, Hash, NoteSignature, SignedNote, Signer, leaf_hash};

const TEXT: &str = "text/plain; charset=utf-8";
const STRANGER: &str = "log.example/b";
const NOW: i64 = 1_700_000_000_000_000;

/// A log of two leaves that the witness has signed, and the same log with a third one.
struct Tree {
    two: Checkpoint,
    three: Checkpoint,
    /// From two to three.
    proof: Vec<Hash>,
}

fn tree() -> Tree {
    let [a, b, c] = [b"a", b"b", b"c"].map(|leaf| leaf_hash(leaf));
    let two = tlog::node_hash(&a, &b);
    let three = tlog::node_hash(&two, &c);
    Tree {
        two: Checkpoint::new(ORIGIN, 2, two).unwrap(),
        three: Checkpoint::new(ORIGIN, 3, three).unwrap(),
        proof: vec![c],
    }
}

fn body(old: &str, proof: &[Hash], note: &str) -> String {
    let proof: String = proof.iter().map(|hash| format!("{hash}\n")).collect();
    format!("old {old}\n{proof}\n{note}")
}

/// What is sent, the status that it must be answered with, and the body.
type Row = (&'static str, u16, String);

/// A checkpoint with the log's own signature.
fn signed(checkpoint: &Checkpoint) -> String {
    checkpoint.sign(&[&log()]).unwrap().to_string()
}

/// Bodies that are no requests.
fn malformed() -> Vec<Row> {
    let Tree { three, proof, .. } = tree();
    let good = body("2", &proof, &signed(&three));
    let (root, hash) = (three.root().to_string(), proof[0].to_string());
    let beyond = SIZE_MAX + 1;
    let changed = |from: &str, to: &str| good.replacen(from, to, 1);
    let old = format!("old {beyond}");
    let size = format!("\n{beyond}\n");
    let extended = format!("{root}\nmore");
    vec![
        ("no checkpoint", 400, "old 2\n\nwords\n".into()),
        ("nothing", 400, String::new()),
        (
            "an old size that is no number",
            400,
            changed("old 2", "old two"),
        ),
        (
            "an old size with a zero before it",
            400,
            changed("old 2", "old 02"),
        ),
        ("an old size beyond all", 400, changed("old 2", &old)),
        ("a size beyond all", 400, changed("\n3\n", &size)),
        ("a size with a sign", 400, changed("\n3\n", "\n+3\n")),
        ("a root that is short", 400, changed(&root, "AAAA")),
        ("a hash that is none", 400, changed(&hash, "!")),
        ("an extension line", 400, changed(&root, &extended)),
    ]
}

/// More than the protocol allows.
fn oversized() -> Vec<Row> {
    let Tree { three, proof, .. } = tree();
    let many = vec![three.root(); WITNESS_PROOF_HASHES_MAX + 1];
    let line = |bytes: usize| NoteSignature::new("w.example", [1; 4], &vec![1; bytes]).unwrap();
    let mut lines = vec![line(8_000); 6];
    lines.push(line(1_500));
    let long = three.sign(&[&log()]).unwrap();
    let long = long.with_signatures(lines).unwrap().to_string();
    assert!((WITNESS_NOTE_BYTES_MAX..WITNESS_NOTE_BYTES_MAX + 2_000).contains(&long.len()));
    vec![
        ("a hash too many", 400, body("2", &many, &signed(&three))),
        ("an oversized note", 400, body("2", &proof, &long)),
        ("an oversized body", 413, "x".repeat(100_000)),
    ]
}

/// Notes of others, or of nobody.
fn foreign() -> Vec<Row> {
    let Tree { three, proof, .. } = tree();
    let another = Signer::from_seed(STRANGER, &[1; 32]).unwrap();
    let strange = Checkpoint::new(STRANGER, 3, three.root()).unwrap();
    let strange = strange.sign(&[&another]).unwrap().to_string();
    let forger = Signer::from_seed(ORIGIN, &[2; 32]).unwrap();
    let forged = three.sign(&[&forger]).unwrap();
    let id = log().verifier().id();
    let broken = NoteSignature::new(ORIGIN, id, &[1; 64]).unwrap();
    let broken = forged.clone().with_signatures([broken]).unwrap();
    let from_two = |note: &SignedNote| body("2", &proof, &note.to_string());
    vec![
        ("another log", 404, body("0", &[], &strange)),
        ("another key", 403, from_two(&forged)),
        ("a broken line of the right key", 403, from_two(&broken)),
    ]
}

/// Notes of the log itself that do not follow from what the witness has signed.
fn inconsistent() -> Vec<Row> {
    let Tree { two, three, proof } = tree();
    let of = |size: u64, root: Hash| signed(&Checkpoint::new(ORIGIN, size, root).unwrap());
    let (note, fork, same) = (signed(&three), of(3, two.root()), of(2, three.root()));
    let empty = of(0, three.root());
    vec![
        ("an old size beyond the new one", 400, body("4", &[], &note)),
        (
            "an old size that is not its own",
            409,
            body("1", &proof, &note),
        ),
        ("an old size of none", 409, body("0", &[], &note)),
        ("a proof of something else", 422, body("2", &proof, &fork)),
        ("no proof", 422, body("2", &[], &note)),
        ("one size with two roots", 422, body("2", &[], &same)),
        (
            "a proof from a size to itself",
            422,
            body("2", &proof, &signed(&two)),
        ),
        ("a smaller tree", 400, body("2", &[], &empty)),
    ]
}

fn shown(at: &str, origin: &str) -> Option<String> {
    let url = format!("http://{at}/{}", checkpoint_path(origin));
    let answer = ureq::get(&url).call().ok()?.body_mut().read_to_string();
    Some(answer.unwrap())
}

/// Status and `Allow` of a question in another way than the protocol's.
fn otherwise(at: &str, method: &str, path: &str) -> (u16, String) {
    let agent = ureq::Agent::config_builder().http_status_as_error(false);
    let agent = agent.build().new_agent();
    let request = ureq::http::Request::builder().method(method);
    let request = request.uri(format!("http://{at}/{path}")).body(()).unwrap();
    let answer = agent.run(request).unwrap();
    let allow = answer.headers().get("allow");
    let allow = allow.map_or("", |allow| allow.to_str().unwrap());
    (answer.status().as_u16(), allow.to_owned())
}

fn ask_all(at: &str, clock: &ManualClock) {
    let Tree { two, three, proof } = tree();
    let first = AddCheckpoint::new(0, Vec::new(), two.sign(&[&log()]).unwrap()).unwrap();
    assert_eq!(post(at, &first.to_string()).0, 200);
    let before = shown(at, ORIGIN).unwrap();
    let rows = [malformed(), oversized(), foreign(), inconsistent()];
    for (what, status, body) in rows.into_iter().flatten() {
        let (got, media, words) = post(at, &body);
        assert_eq!(got, status, "{what}: {words}");
        match status {
            409 => assert_eq!((media.as_str(), words.as_str()), (SIZE_MEDIA_TYPE, "2\n")),
            _ => assert_eq!(media, TEXT, "{what}"),
        }
        assert_eq!(shown(at, ORIGIN).as_ref(), Some(&before), "{what}");
        assert_eq!(shown(at, STRANGER), None, "{what}");
    }
    let next = three.sign(&[&log()]).unwrap();
    let good = body("2", &proof, &next.to_string());
    clock.set(Timestamp::from_micros(NOW - 2_000_000));
    assert_eq!(post(at, &good).0, 503, "a clock that ran backwards");
    assert_eq!(shown(at, ORIGIN).as_ref(), Some(&before));
    clock.set(Timestamp::from_micros(NOW + 1_000_000));
    // Lines of strangers, of kinds that nobody knows, hinder nothing and are not kept.
    let lines = [0x06, 0xff].map(|kind| NoteSignature::new("w.example", [kind; 4], &[kind; 90]));
    let lines = lines.map(Result::unwrap);
    let beside = next.with_signatures(lines).unwrap().to_string();
    assert_eq!(post(at, &body("2", &proof, &beside)).0, 200);
    let after = SignedNote::parse(shown(at, ORIGIN).unwrap()).unwrap();
    assert_eq!(after.text(), three.to_string());
    assert_eq!(after.signatures().len(), 2, "the log's and the witness's");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_must_not_be_signed_is_refused_as_the_specification_says_and_not_kept() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(ManualClock::new(Timestamp::from_micros(NOW)));
    let cosigner = Cosigner::from_seed("witness.example/1", &[9; 32]).unwrap();
    let logs = vec![WatchedLog {
        origin: ORIGIN.into(),
        keys: vec![log().verifier().clone()],
    }];
    let witness = Witness::open(folder.path(), cosigner, logs, clock.clone());
    let witness = witness.await.unwrap();
    let listener = bind("127.0.0.1:0").await.unwrap();
    let at = address(&listener);
    let never = Box::pin(std::future::pending());
    let server = tokio::spawn(web::serve_witness(listener, witness, never));
    let asking = tokio::task::spawn_blocking(move || {
        ask_all(&at, &clock);
        let shown = checkpoint_path(ORIGIN);
        for method in ["GET", "PUT", "DELETE"] {
            let said = otherwise(&at, method, ADD_CHECKPOINT_PATH);
            assert_eq!(said, (405, "POST".into()), "{method}");
        }
        assert_eq!(otherwise(&at, "DELETE", &shown), (405, "GET,HEAD".into()));
        assert_eq!(otherwise(&at, "HEAD", &shown), (200, String::new()));
        for path in ["", "checkpoint", "add-checkpoint/", "x/y/checkpoint"] {
            assert_eq!(otherwise(&at, "GET", path).0, 404, "{path}");
        }
    });
    asking.await.unwrap();
    server.abort();
}

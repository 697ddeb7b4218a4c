//! The vectors by which this program and the verifier in the browser are held together.
//!
//! The files in `vectors/` and the table in `browser/kinds.js` are written by these tests with
//! `SHANJI_WRITE_VECTORS=1`; without it the tests demand that what is there is what this code
//! says. `node --test browser/tests/` demands the same of the JavaScript.

#[path = "certificate_vectors.rs"]
mod certificates;
#[path = "key_vectors.rs"]
pub(crate) mod keys;
#[path = "policy_vectors.rs"]
mod policies;

use super::{check, read};
use crate::sample;
use leaf::{Answered, IndexProof};
use leaf::{EVERYWHERE, Form, KINDS, Leaf, LeafError, Need, OwnWord, Shape, VOCABULARY};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::path::PathBuf;
use tlog::{
    Checkpoint, Edge, SignedNote, TilePath, TileSet, VerifierKey, consistency_proof, decode_bundle,
    inclusion_proof, leaf_hash, verify_consistency, verify_inclusion,
};

/// Changes of each byte that are tried.
const FLIPS: [u8; 2] = [0x01, 0x80];
/// Leaves of the log in `log.json`: a little more than one full tile.
const LOG_LEAVES: usize = 270;

/// Of the changes to a proof of completeness each so many-th is kept.
const COMPLETENESS_STEP: usize = 17;

/// Writes the file, or demands that it is already so.
fn keep(name: &str, text: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(name);
    if std::env::var_os("SHANJI_WRITE_VECTORS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == text,
        "{name} is not what this code says: a change of the format needs a new version, \
         anything else SHANJI_WRITE_VECTORS=1 cargo test -p shanji vectors"
    );
}

/// One case on each line, so that a change is seen in a review.
fn keep_cases(name: &str, head: &Value, cases: &[Value]) {
    let lines: Vec<String> = cases.iter().map(|case| format!("  {case}")).collect();
    keep(
        &format!("vectors/{name}.json"),
        &format!(
            "{{\"head\":{head},\n \"cases\":[\n{}\n]}}\n",
            lines.join(",\n")
        ),
    );
}

fn coded<T>(result: Result<T, &'static str>) -> Value {
    result.map_or_else(|code| json!(code), |_| Value::Null)
}

fn leaf_code(bytes: &[u8]) -> Result<Leaf, &'static str> {
    let leaf = Leaf::parse(bytes).map_err(|error: LeafError| error.code())?;
    leaf.check_content().map_err(|error| error.code())?;
    Ok(leaf)
}

fn receipt_code(bytes: &[u8]) -> Result<super::Proved, &'static str> {
    let (file, origin) = read(bytes).map_err(|doubt| doubt.code)?;
    check(&file, &origin, &[sample::key()]).map_err(|doubt| doubt.code)
}

/// `[place, change, code]` for every byte and every flip.
fn flipped(bytes: &[u8], code: impl Fn(&[u8]) -> Value) -> Vec<Value> {
    let mut rows = Vec::new();
    for at in 0..bytes.len() {
        for flip in FLIPS {
            let mut changed = bytes.to_vec();
            changed[at] ^= flip;
            rows.push(json!([at, flip, code(&changed)]));
        }
    }
    rows
}

#[test]
fn kinds_and_words_of_the_browser_are_these() {
    let mut out = String::from(
        "// What each kind of leaf demands, and the form of each word. Written by a test of the Rust side\n\
         // (crates/shanji/src/verify/vectors.rs); never by hand.\n\nexport const KINDS = {\n",
    );
    for (_, rules) in KINDS {
        let mut row = json!({
            "title": rules.title, "shape": shape(rules.shape), "reference": need(rules.reference),
            "swaps": need(rules.swaps), "must": rules.must, "may": rules.may,
        });
        // Nearly every kind has one: what nearly always holds is not sent to every phone.
        if rules.organisation != Need::Must {
            row["organisation"] = json!(need(rules.organisation));
        }
        let _ = writeln!(out, "  {}: {row},", json!(rules.code));
    }
    out.push_str("};\n\nexport const VOCABULARY = {\n");
    for word in VOCABULARY {
        let row = json!({ "form": form(word.form), "title": word.title });
        let _ = writeln!(out, "  {}: {row},", json!(word.key));
    }
    let _ = writeln!(
        out,
        "}};\n\nexport const KIND_WORDS_EVERYWHERE = {};",
        json!(EVERYWHERE)
    );
    keep("browser/kinds.js", &out);
}

fn shape(shape: Shape) -> &'static str {
    match shape {
        Shape::None => "none",
        Shape::In => "in",
        Shape::Out => "out",
        Shape::Between => "between",
        Shape::Back => "back",
        Shape::Convert => "convert",
        Shape::Places => "places",
    }
}

fn need(need: Need) -> &'static str {
    match need {
        Need::Must => "must",
        Need::May => "may",
        Need::Never => "never",
    }
}

fn form(form: Form) -> String {
    let name = match form {
        Form::Id(prefix) => return format!("id:{prefix}"),
        Form::Truth => "truth",
        Form::Count => "count",
        Form::Code => "code",
        Form::Name => "name",
        Form::Unit => "unit",
        Form::Day => "day",
        Form::Month => "month",
        Form::Region => "region",
        Form::Uscc => "uscc",
        Form::Decimal => "decimal",
        Form::Filing => "filing",
        Form::Digest => "digest",
        Form::Digests => "digests",
        Form::Files => "files",
        Form::Ratio => "ratio",
        Form::Origin => "origin",
        Form::Key => "key",
        Form::Signature => "signature",
    };
    name.to_owned()
}

/// Changes of a good leaf that a person would think of: `(what, from, to)`.
const LEAF_CHANGES: &[(&str, &str, &str)] = &[
    ("as it is", "", ""),
    (
        "an amount that its span does not have",
        "\"n\":100000",
        "\"n\":100001",
    ),
    ("a blank", "\"k\":", "\"k\": "),
    ("a fraction", "\"n\":100000", "\"n\":100000.0"),
    ("an exponent", "\"n\":100000", "\"n\":1e5"),
    ("a leading zero", "\"n\":100000", "\"n\":0100000"),
    (
        "more digits than are exact",
        "\"n\":100000",
        "\"n\":9007199254740992",
    ),
    (
        "seventeen digits",
        "\"n\":100000",
        "\"n\":10000000000000000",
    ),
    ("null", "\"ch\":\"wechat\"", "\"ch\":null"),
    ("a needless escape", "wechat", "wech\\u0061t"),
    ("a short escape", "wechat", "wech\\nat"),
    (
        "a control character in its one spelling",
        "wechat",
        "wech\\u0001at",
    ),
    ("a capital hexadecimal digit", "wechat", "wech\\u001Fat"),
    ("a raw line feed", "wechat", "wech\nat"),
    ("a character for private use", "wechat", "\u{e000}"),
    ("the same key twice", "{\"ch\":", "{\"ch\":\"a\",\"ch\":"),
    (
        "keys out of order",
        "{\"ch\":\"wechat\"}",
        "{\"ch\":\"wechat\",\"acc\":\"2026-11-22\"}",
    ),
    (
        "a word that every kind may have",
        "{\"ch\":",
        "{\"acc\":\"2026-02-28\",\"ch\":",
    ),
    (
        "a day that is not in the calendar",
        "{\"ch\":",
        "{\"acc\":\"2026-02-30\",\"ch\":",
    ),
    (
        "a word that no kind has",
        "{\"ch\":\"wechat\"}",
        "{\"ch\":\"wechat\",\"phone\":\"1\"}",
    ),
    (
        "a word of another kind",
        "{\"ch\":\"wechat\"}",
        "{\"ch\":\"wechat\",\"target\":1}",
    ),
    (
        "a word that must be there",
        "{\"ch\":\"wechat\"}",
        "{\"fee\":1}",
    ),
    ("a key with a capital", "{\"ch\":", "{\"Ch\":"),
    ("an empty part", "{\"ch\":\"wechat\"}", "{}"),
    ("an unknown part", "\"id\":", "\"ie\":"),
    ("a kind that is not known", "gift/1", "gift/2"),
    ("a kind that is no code", "gift/1", "gift"),
    ("a kind of another shape", "gift/1", "cost/1"),
    ("a kind that names a leaf", "gift/1", "refund/1"),
    ("an id that is none", "\"id\":\"don_", "\"id\":\"Don_"),
    (
        "an organisation that is a fund",
        "\"o\":\"org_",
        "\"o\":\"fnd_",
    ),
    ("a fund that is in no stream", "fnd_AAAA", "fnd_BAAA"),
    (
        "a stream from zero",
        "[\"fund/AAAAAAAAAAAAAA\",3]",
        "[\"fund/AAAAAAAAAAAAAA\",0]",
    ),
    ("a stream with a capital", "[\"org/", "[\"Org/"),
    (
        "a moment",
        "\"t\":\"2026-11-22\"",
        "\"t\":\"2026-11-22T04:05:06Z\"",
    ),
    (
        "a moment with a fraction",
        "\"t\":\"2026-11-22\"",
        "\"t\":\"2026-11-22T04:05:06.0Z\"",
    ),
    (
        "a moment that is not there",
        "\"t\":\"2026-11-22\"",
        "\"t\":\"2026-11-22T24:05:06Z\"",
    ),
    (
        "a moment elsewhere",
        "\"t\":\"2026-11-22\"",
        "\"t\":\"2026-11-22T04:05:06+08:00\"",
    ),
    ("something behind it", "\"}", "\"} "),
    (
        "a region with its zeros",
        "{\"ch\":\"wechat\"}",
        "{\"ch\":\"wechat\",\"region\":\"330000\"}",
    ),
    (
        "a region",
        "{\"ch\":\"wechat\"}",
        "{\"ch\":\"wechat\",\"region\":\"3301\"}",
    ),
    (
        "a region below a county 00",
        "{\"ch\":\"wechat\"}",
        "{\"ch\":\"wechat\",\"region\":\"441900003\"}",
    ),
    (
        "a region without its prefecture",
        "{\"ch\":\"wechat\"}",
        "{\"ch\":\"wechat\",\"region\":\"330001\"}",
    ),
    (
        "a rate",
        "{\"ch\":\"wechat\"}",
        "{\"ch\":\"wechat\",\"rate\":\"7.10\"}",
    ),
    (
        "a rate without digits",
        "{\"ch\":\"wechat\"}",
        "{\"ch\":\"wechat\",\"rate\":\"7.\"}",
    ),
    (
        "deep lists",
        "{\"ch\":\"wechat\"}",
        "{\"ch\":[[[[[[[1]]]]]]]}",
    ),
    (
        "true",
        "{\"ch\":\"wechat\"}",
        "{\"ch\":\"wechat\",\"time_known\":true}",
    ),
    (
        "a count below zero",
        "{\"ch\":\"wechat\"}",
        "{\"ch\":\"wechat\",\"fee\":-1}",
    ),
    (
        "minus zero",
        "{\"ch\":\"wechat\"}",
        "{\"ch\":\"wechat\",\"fee\":-0}",
    ),
    (
        "files",
        "{\"ch\":\"wechat\"}",
        "{\"ch\":\"wechat\",\"files\":[{\"len\":1,\"mime\":\"image/png\",\"sha256\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}]}",
    ),
    (
        "a file without its digest",
        "{\"ch\":\"wechat\"}",
        "{\"ch\":\"wechat\",\"files\":[{\"len\":1,\"mime\":\"image/png\"}]}",
    ),
    (
        "a digest with left-over bits",
        "{\"ch\":\"wechat\"}",
        "{\"ch\":\"wechat\",\"evidence\":[\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB\"]}",
    ),
    (
        "an empty law",
        "{\"ch\":\"wechat\"}",
        "{\"ch\":\"wechat\",\"law\":\"\"}",
    ),
    (
        "a law with a blank at its end",
        "{\"ch\":\"wechat\"}",
        "{\"ch\":\"wechat\",\"law\":\"慈善法\u{3000}\"}",
    ),
    (
        "a law",
        "{\"ch\":\"wechat\"}",
        "{\"ch\":\"wechat\",\"law\":\"慈善法 第五十八条\"}",
    ),
];

/// What a log says of itself, beside its keys and its index.
fn own_words(time: leaf::LeafTime) -> [(&'static str, Leaf); 4] {
    let key = |seed: u8| {
        let signer = tlog::Sm2Signer::from_secret(sample::ORIGIN, tlog::Sm2Use::Log, &[seed; 32]);
        Some(signer.unwrap().verifier().clone())
    };
    let keys = leaf::Sm2Keys {
        key: key(2),
        old: key(1),
    };
    let root = leaf::Sm3Root {
        before: 8,
        root: tlog::Hash([3; 32]),
    };
    let recovery = leaf::Recovery {
        before: 5,
        number: 3,
    };
    let none = leaf::Sm2Keys::default();
    let id = |prefix: &str| format!("{prefix}_00000000000009");
    [
        ("the SM2 keys", keys.leaf(id("smk"), time, 1)),
        ("no SM2 key any more", none.leaf(id("smk"), time, 2)),
        ("the root with SM3", root.leaf(id("smr"), time, 1)),
        ("a part that came back", recovery.leaf(id("rcv"), time, 1)),
    ]
}

#[test]
fn leaves_are_judged_alike() {
    let leaves = sample::leaves(8);
    let mut cases = Vec::new();
    for bytes in &leaves {
        let text = std::str::from_utf8(bytes).unwrap();
        let rows = flipped(bytes, |changed| coded(leaf_code(changed)));
        cases.push(
            json!({ "what": "as it is, and each byte changed", "leaf": text,
            "code": coded(leaf_code(bytes)), "flips": rows }),
        );
    }
    let gift = std::str::from_utf8(&leaves[sample::GIFT]).unwrap();
    for (what, from, to) in LEAF_CHANGES {
        assert!(gift.contains(from), "{what}");
        let changed = gift.replacen(from, to, 1);
        let judged = leaf_code(changed.as_bytes());
        let day = judged.as_ref().map(|leaf| leaf.time.day().to_string()).ok();
        cases.push(json!({ "what": what, "leaf": changed, "code": coded(judged), "day": day }));
    }
    let entry = sample::register_entry();
    let bytes = entry.encode().unwrap();
    let text = std::str::from_utf8(&bytes).unwrap();
    let rows = flipped(&bytes, |changed| coded(leaf_code(changed)));
    cases.push(json!({ "what": "an entry of a register", "leaf": text,
        "code": coded(leaf_code(&bytes)), "flips": rows }));
    for (what, leaf) in own_words(Leaf::parse(&leaves[0]).unwrap().time) {
        let bytes = leaf.encode().unwrap();
        let rows = flipped(&bytes, |changed| coded(leaf_code(changed)));
        let text = std::str::from_utf8(&bytes).unwrap();
        assert_eq!(coded(leaf_code(&bytes)), Value::Null, "{what}");
        cases.push(json!({ "what": what, "leaf": text, "code": null, "flips": rows }));
    }
    let stream = format!(",[\"{}\",7]", entry.streams[1].0);
    let misplaced = gift.replacen("]]", &format!("]{stream}]"), 1);
    for (what, changed) in [
        (
            "an entry outside its register",
            text.replacen(&stream, "", 1),
        ),
        ("a gift in a register", misplaced),
    ] {
        let judged = coded(leaf_code(changed.as_bytes()));
        assert!(!judged.is_null(), "{what}");
        cases.push(json!({ "what": what, "leaf": changed, "code": judged }));
    }
    let good = cases.iter().filter(|case| case["code"].is_null()).count();
    assert!(good >= leaves.len() + 7, "only {good} leaves are good");
    keep_cases("leaves", &json!({}), &cases);
}

#[test]
fn receipts_are_judged_alike() {
    let text = sample::receipt();
    let mut cases = vec![];
    for (what, from, to) in [
        ("as it is", "", ""),
        ("another version", "@v1", "@v2"),
        ("a carriage return", "index 6\n", "index 6\r\n"),
        ("no leaf", "extra ", "extra\n"),
        ("another place", "index 6", "index 7"),
        ("a place beyond the log", "index 6", "index 8"),
        ("another origin", "log.example/a\n8\n", "log.example/b\n8\n"),
        ("a larger log", "log.example/a\n8\n", "log.example/a\n9\n"),
        (
            "an extension line",
            "log.example/a\n8\n",
            "log.example/a\n8\nx\n",
        ),
        (
            "a stranger's signature",
            "— log.example/a ",
            "— log.example/b ",
        ),
        ("another key", "— log.example/a ", "— log.example/a A"),
        ("a blank at the end", "=\n", "= \n"),
    ] {
        assert!(text.contains(from), "{what}");
        let changed = text.replacen(from, to, 1);
        let code = coded(receipt_code(changed.as_bytes()));
        cases.push(json!({ "what": what, "file": changed, "code": code }));
    }
    let without = text.lines().filter(|line| !line.starts_with("extra "));
    let without: String = without.map(|line| format!("{line}\n")).collect();
    let code = coded(receipt_code(without.as_bytes()));
    cases.push(json!({ "what": "the extra line is gone", "file": without, "code": code }));
    let rows = flipped(text.as_bytes(), |changed| coded(receipt_code(changed)));
    assert!(
        rows.iter().all(|row| !row[2].is_null()),
        "a change was believed"
    );
    cases.push(json!({ "what": "each byte changed", "file": text, "code": null, "flips": rows }));
    let proved = receipt_code(text.as_bytes()).unwrap();
    let head = json!({
        "key": sample::key().to_string(), "index": proved.index, "size": proved.checkpoint.size(),
        "id": proved.leaf.id, "day": proved.leaf.time.day().to_string(),
        "opened": proved.opened,
    });
    keep_cases("receipts", &head, &cases);
}

fn completeness_code(bytes: &[u8]) -> Result<leaf::Proved, &'static str> {
    let (file, origin) = read(bytes).map_err(|doubt| doubt.code)?;
    IndexProof::open(&file, &origin, &[sample::key()]).map_err(|error| error.code())
}

fn answer_of(proved: &leaf::Proved) -> Value {
    let mut answer = json!({ "name": null, "prefix": null, "count": null, "leaves": null,
        "streams": null, "before": proved.before });
    match &proved.answered {
        Answered::Absent(name) => answer["name"] = json!(name),
        Answered::Page {
            name,
            count,
            leaves,
            ..
        } => {
            answer["name"] = json!(name);
            answer["count"] = json!(count);
            let indexes: Vec<i64> = leaves.iter().map(|leaf| leaf.index).collect();
            answer["leaves"] = json!(indexes);
        }
        Answered::Below(prefix, streams) => {
            answer["prefix"] = json!(prefix);
            let names: Vec<&str> = streams.iter().map(|stream| stream.0.as_str()).collect();
            answer["streams"] = json!(names);
        }
    }
    answer
}

#[test]
fn proofs_of_completeness_are_judged_alike() {
    let mut cases = Vec::new();
    for text in sample::completeness(11) {
        let proved = completeness_code(text.as_bytes()).unwrap();
        // Most changes are met by the signature only, which takes the browser some milliseconds each.
        let rows: Vec<Value> =
            flipped(text.as_bytes(), |changed| coded(completeness_code(changed)))
                .into_iter()
                .step_by(COMPLETENESS_STEP)
                .collect();
        assert!(
            rows.iter().all(|row| !row[2].is_null()),
            "a change was believed"
        );
        cases.push(
            json!({ "what": "as it is, and each byte changed", "file": text, "code": null,
            "answer": answer_of(&proved), "flips": rows }),
        );
    }
    let receipt = sample::receipt();
    let code = coded(completeness_code(receipt.as_bytes()));
    cases.push(json!({ "what": "a receipt is none", "file": receipt, "code": code }));
    let rules = leaf::digest_text(&leaf::rules_digest());
    keep_cases("completeness", &json!({ "rules": rules }), &cases);
}

#[test]
fn notes_and_keys_are_judged_alike() {
    let (one, two) = (
        sample::signer("log.example/a", 1),
        sample::signer("witness.example/b", 2),
    );
    let checkpoint = Checkpoint::new("log.example/a", 8, leaf_hash(b"x")).unwrap();
    let own = checkpoint.sign(&[&one]).unwrap();
    let text = checkpoint.to_string();
    let both = SignedNote::sign(&text, &[&one, &two]).unwrap();
    let other = SignedNote::sign(&text, &[&two]).unwrap();
    let long = SignedNote::sign(&format!("{text}more\n"), &[&one]).unwrap();
    let keys = [one.verifier().to_string(), two.verifier().to_string()];
    let own_text = own.to_string();
    let notes = [
        ("signed by the log", own_text.clone(), &keys[..1]),
        ("signed by two, one known", both.to_string(), &keys[..1]),
        ("signed by two, both known", both.to_string(), &keys[..]),
        ("signed by a stranger", other.to_string(), &keys[..1]),
        ("signed by a witness alone", other.to_string(), &keys[..]),
        ("a fourth line", long.to_string(), &keys[..]),
        (
            "another size",
            own_text.replacen("\n8\n", "\n7\n", 1),
            &keys[..],
        ),
        ("no key", own_text.clone(), &[]),
        ("cut", own_text[..own_text.len() - 1].to_owned(), &keys[..]),
        ("no signature", text, &keys[..]),
    ];
    let mut cases: Vec<Value> = notes
        .into_iter()
        .map(|(what, note, keys)| {
            let known: Vec<VerifierKey> = keys.iter().map(|key| key.parse().unwrap()).collect();
            let opened = SignedNote::parse(&note)
                .map_err(|error| error.code())
                .and_then(|note| {
                    Checkpoint::open(&note, "log.example/a", &known).map_err(|e| e.code())
                });
            json!({ "what": what, "note": note, "keys": keys, "code": coded(opened) })
        })
        .collect();
    let key = &keys[0];
    let long_name = "a".repeat(256);
    for changed in [
        key.clone(),
        key.replacen("+", "-", 1),
        key.replacen("log.", "lag.", 1),
        format!("{key} "),
        key.to_uppercase(),
        key.replacen("log.example", "log example", 1),
        key.replacen("log.example/a", &long_name, 1),
        String::new(),
        "a+00000000+".to_owned(),
        key.replacen("+A", "+B", 1),
    ] {
        let parsed = changed.parse::<VerifierKey>().map_err(|error| error.code());
        cases.push(json!({ "what": "a key", "key": changed, "code": coded(parsed) }));
    }
    keep_cases("notes", &json!({ "origin": "log.example/a" }), &cases);
}

#[test]
fn paths_are_judged_alike() {
    let texts = [
        "tile/0/000",
        "tile/0/255",
        "tile/0/x001/x234/067",
        "tile/0/x001/x234/067.p/1",
        "tile/63/000",
        "tile/entries/000.p/255",
        "tile/entries/x999/999",
        "tile/0/000.p/256",
        "tile/0/000.p/0",
        "tile/0/000.p/01",
        "tile/64/000",
        "tile/00/000",
        "tile/0/x000/000",
        "tile/0/00",
        "tile/0/0000",
        "tile/0/001/000",
        "tile/-1/000",
        "tile/entries/",
        "tile/0/000/",
        "/tile/0/000",
        "tile/0/000.P/1",
        "tile/0/x036/x028/x797/x018/x963/967",
        "tile/0/x036/x028/x797/x018/x963/968",
        "tile/0/x001/x001/x001/x001/x001/x001/001",
        "tile/８/000",
    ];
    let cases: Vec<Value> = texts.iter().map(|text| {
        let path = text.parse::<TilePath>().ok();
        json!({ "path": text, "good": path.is_some(), "index": path.map(|p| p.index().to_string()),
            "width": path.map(TilePath::width) })
    }).collect();
    keep_cases("paths", &json!({}), &cases);
}

#[test]
fn a_small_log_is_read_alike() {
    let leaves = sample::leaves(LOG_LEAVES);
    let files = sample::files(&leaves);
    let mut edge = Edge::new();
    let mut roots = vec![edge.root()];
    for leaf in &leaves {
        edge.append(leaf_hash(leaf)).unwrap();
        roots.push(edge.root());
    }
    let mut tiles = TileSet::new();
    for tile in edge.take_full_tiles().iter().chain(&edge.partial_tiles()) {
        tiles.insert(tile);
    }
    let size = LOG_LEAVES as u64;
    let mut cases = Vec::new();
    for index in [0, 1, 6, 127, 128, 254, 255, 256, 268, 269] {
        let proof = inclusion_proof(index, size, &tiles).unwrap();
        let leaf = leaf_hash(&leaves[index as usize]);
        verify_inclusion(&leaf, index, size, &proof, &edge.root()).unwrap();
        cases.push(json!({ "index": index, "size": size, "proof": texts(&proof) }));
    }
    for old in [1, 2, 7, 8, 128, 200, 255, 256, 257, 269] {
        let proof = consistency_proof(old, size, &tiles).unwrap();
        let root = roots[old as usize];
        verify_consistency(old, size, &proof, &root, &edge.root()).unwrap();
        cases.push(
            json!({ "old": old, "root": root.to_string(), "size": size, "proof": texts(&proof) }),
        );
    }
    for (path, bytes) in &files {
        if let Ok(path) = path.parse::<TilePath>()
            && path.kind() == tlog::TileKind::Entries
        {
            assert_eq!(
                decode_bundle(bytes, path.width()).unwrap().len(),
                usize::from(path.width())
            );
        }
        cases.push(json!({ "file": path, "bytes": hex::encode(bytes) }));
    }
    keep_cases(
        "log",
        &json!({ "key": sample::key().to_string(), "origin": sample::ORIGIN }),
        &cases,
    );
}

fn texts(hashes: &[tlog::Hash]) -> Vec<String> {
    hashes.iter().map(ToString::to_string).collect()
}

//! Receipts: one that holds, and every way in which one does not.

use super::vectors::keys;
use super::*;
use crate::sample;
use std::fs;
use std::path::PathBuf;

fn doubt_of(bytes: &[u8]) -> Option<Doubt> {
    match read(bytes) {
        Err(doubt) => Some(doubt),
        Ok((file, origin)) => check(&file, &origin, &[sample::key()]).err(),
    }
}

#[test]
fn an_honest_receipt_says_what_it_proves() {
    let text = sample::receipt();
    let (file, origin) = read(text.as_bytes()).unwrap();
    let proved = check(&file, &origin, &[sample::key()]).unwrap();
    assert_eq!(proved.leaf.id, sample::GIFT_ID);
    let words = words::of(
        Path::new("a.tlog-proof"),
        &Ok(Judged::Receipt(Box::new(proved))),
    );
    for part in [
        "属实",
        "1,000.00 元",
        "2026-11-22",
        "捐赠人  张三",
        "org_",
        "未证明",
        "以日志运营方自己的签名为准",
    ] {
        assert!(words.contains(part), "{part}: {words}");
    }
}

#[test]
fn every_changed_byte_is_refused_in_words() {
    let bytes = sample::receipt().into_bytes();
    for at in 0..bytes.len() {
        for flip in [0x01, 0x20, 0x80] {
            let mut changed = bytes.clone();
            changed[at] ^= flip;
            let doubt = doubt_of(&changed);
            let is_told = doubt.as_ref().is_some_and(|d| !d.sentence.is_empty());
            assert!(is_told, "byte {at} ^ {flip:#x} was believed");
        }
    }
}

#[test]
fn lost_and_added_bytes_are_refused() {
    let text = sample::receipt();
    for at in 0..text.len() {
        assert!(doubt_of(&text.as_bytes()[..at]).is_some(), "cut at {at}");
    }
    assert!(doubt_of(format!("{text}\n").as_bytes()).is_some());
    assert!(doubt_of(format!("{text} ").as_bytes()).is_some());
}

#[track_caller]
fn check_exit(name: &str, vkeys: &[String], expected: Result<Exit, &str>) {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("a.tlog-proof");
    if name != "absent" {
        fs::write(&file, sample::receipt().replace("index 6", name)).unwrap();
    }
    let args = Verify {
        history: None,
        files: vec![file],
        keys: crate::cli::Keys {
            vkeys: vkeys.to_vec(),
            remember: false,
        },
        policy: None,
        sm2_vkey: None,
        json: true,
    };
    let ended = run(&args).map_err(|failure| failure.code);
    assert_eq!(ended, expected.map_err(ToOwned::to_owned), "{name}");
}

#[test]
fn the_exit_code_says_what_happened() {
    let own = [sample::key().to_string()];
    let other = [sample::signer("log.example/b", 9).verifier().to_string()];
    check_exit("index 6", &own, Ok(Exit::Fine));
    check_exit("index 5", &own, Ok(Exit::Found));
    check_exit("index 6", &other, Err("vkey.missing"));
    check_exit("index 6", &["x".to_owned()], Err("tlog.key.malformed"));
    check_exit("absent", &own, Err("file.read"));
}

#[test]
fn old_receipts_verify_with_the_old_key_and_with_the_new_one_and_the_history() {
    let home = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &[u8]| {
        let file = home.path().join(name);
        fs::write(&file, text).unwrap();
        file
    };
    let receipt = file("a.tlog-proof", sample::receipt().as_bytes());
    let history = file("vkeys", &keys::changing()[3]["vkeys"]);
    let forged = keys::proof(&keys::log(&[keys::announced(9, 2, 2)]), &[9]);
    let forged = leaf::KeyHistory {
        keys: vec![keys::key(9)],
        proofs: vec![forged],
    };
    let forged = file("forged", forged.to_string().as_bytes());
    let check = |seed: u8, history: Option<&PathBuf>, expected: Exit| {
        let args = Verify {
            files: vec![receipt.clone()],
            keys: crate::cli::Keys {
                vkeys: vec![keys::key(seed).to_string()],
                remember: false,
            },
            history: history.cloned(),
            policy: None,
            sm2_vkey: None,
            json: true,
        };
        assert_eq!(run(&args).unwrap(), expected, "{seed} {history:?}");
    };
    check(1, None, Exit::Fine);
    check(1, Some(&history), Exit::Fine);
    check(2, Some(&history), Exit::Fine);
    // A key alone cannot say what was announced; a history that leads elsewhere can.
    check(2, None, Exit::Usage);
    check(9, None, Exit::Usage);
    check(9, Some(&history), Exit::Found);
    check(2, Some(&forged), Exit::Found);
}

/// What `verify` ends with and says in JSON, for the sample receipt, keys of these seeds and this policy.
#[track_caller]
fn check_policy(seeds: &[u8], policy: &str, expected: Result<Exit, &str>) {
    let home = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let file = home.path().join(name);
        fs::write(&file, text).unwrap();
        file
    };
    let args = Verify {
        files: vec![file("a.tlog-proof", &sample::receipt())],
        keys: crate::cli::Keys {
            vkeys: seeds
                .iter()
                .map(|seed| keys::key(*seed).to_string())
                .collect(),
            remember: false,
        },
        history: None,
        policy: Some(file("policy", policy)),
        sm2_vkey: None,
        json: true,
    };
    let ended = run(&args).map_err(|failure| failure.code);
    assert_eq!(
        ended,
        expected.map_err(ToOwned::to_owned),
        "{seeds:?} {policy}"
    );
}

#[test]
fn the_keys_of_the_policy_are_believed() {
    let log = |seed: u8| format!("log {}\n", keys::key(seed));
    let none = "quorum none\n";
    check_policy(&[], &format!("{}{none}", log(1)), Ok(Exit::Fine));
    check_policy(&[2], &format!("{}{}{none}", log(1), log(2)), Ok(Exit::Fine));
    // The policy knows only a later key: nothing is wrong, and nothing can be said.
    check_policy(&[1], &format!("{}{none}", log(2)), Ok(Exit::Usage));
    check_policy(&[], &format!("{}{none}", log(2)), Ok(Exit::Usage));
    let other = sample::signer("log.example/b", 9);
    let other = format!("log {}\n{none}", other.verifier());
    check_policy(&[], &other, Err("vkey.missing"));
    check_policy(&[1], &other, Ok(Exit::Found));
    check_policy(&[], none, Err("vkey.missing"));
}

#[test]
fn a_key_that_was_not_given_is_no_forgery() {
    let error = KeyTrustError::NotGiven;
    let doubt = Doubt::open(error.code(), error);
    let words = words::of(Path::new("a.tlog-proof"), &Err(doubt.clone()));
    for part in ["没有核对成", "/log/vkeys", "[key.not_given]"] {
        assert!(words.contains(part), "{part}: {words}");
    }
    assert!(
        !words.contains("不可信") && !words.contains("从未"),
        "{words}"
    );
    let said = as_json(Path::new("a"), &Err(doubt));
    assert_eq!(
        (&said["ok"], &said["judged"]),
        (&json!(false), &json!(false))
    );
}

#[test]
fn another_key_of_the_same_name_is_not_believed() {
    let (file, origin) = read(sample::receipt().as_bytes()).unwrap();
    let stranger = sample::signer(&origin, 9).verifier().clone();
    let doubt = check(&file, &origin, &[stranger]).unwrap_err();
    assert_eq!(doubt.code, "tlog.note.unverified");
}

#[test]
fn words_of_a_receipt_cannot_move_the_cursor() {
    let (file, origin) = read(sample::receipt().as_bytes()).unwrap();
    let mut proved = check(&file, &origin, &[sample::key()]).unwrap();
    proved.opened = vec![("gift".into(), "{\"donor\":\"\\u001b[2J张三\"}".into())];
    let words = words::of(Path::new("a"), &Ok(Judged::Receipt(Box::new(proved))));
    assert!(!words.contains('\u{1b}'), "{words:?}");
}

/// Judges a file as the command does, with and without a policy that asks for a witness.
fn judged(text: &str, policy: Option<&Policy>) -> Result<Judged, Doubt> {
    let (file, origin) = read(text.as_bytes())?;
    let proved = completeness::check(&file, &origin, &[sample::key()])?;
    Judged::Complete(Box::new(proved), Witnesses::NotAsked).under(policy, &file)
}

#[test]
fn a_proof_of_completeness_says_what_it_proves_and_who_stands_behind_it() {
    let witness = tlog::Cosigner::from_seed("witness.example/1", &[9; 32]).unwrap();
    let asks = format!(
        "log {}\nwitness w {} https://witness.example/\nquorum w\n",
        sample::key(),
        witness.verifier()
    );
    let asks = Policy::parse(asks.as_bytes()).unwrap();
    let files = sample::completeness(11);
    for (text, part) in files.iter().zip(["中间没有漏掉", "一条也没有", "一共1个"]) {
        let words = words::of(Path::new("a.tlog-proof"), &judged(text, None));
        for part in [part, "以日志运营方自己的签名为准", "未证明"] {
            assert!(words.contains(part), "{part}: {words}");
        }
        let doubt = judged(text, Some(&asks)).unwrap_err();
        assert_eq!(doubt.code, "policy.waiting", "{}", doubt.sentence);
    }
}

//! Policies: the published example, each fault with its line, hostile files.

use super::*;
use crate::cosignature::Cosigner;
use crate::hash::Hash;
use crate::key::{KeyError, Signer};
use crate::limits::{POLICY_BYTES_MAX, POLICY_ENTRIES_MAX};

const ORIGIN: &str = "log.example/a";
const WINDOW: TimeWindow = TimeWindow {
    earliest: 100,
    latest: 200,
};

fn log() -> Signer {
    Signer::from_seed(ORIGIN, &[1; 32]).unwrap()
}

fn witness(number: u8) -> Cosigner {
    let name = format!("witness.example/{number}");
    Cosigner::from_seed(&name, &[100 + number; 32]).unwrap()
}

fn key(number: u8) -> String {
    witness(number).verifier().to_string()
}

/// The example of the specification: two of three X and any of three Y.
fn example() -> String {
    let log = log().verifier().to_string();
    let mut lines = vec![format!("log {log}"), String::new()];
    for (name, numbers) in [("X", 1..=3), ("Y", 4..=6)] {
        for (place, number) in (1..).zip(numbers) {
            lines.push(format!("witness {name}{place} {}", key(number)));
        }
    }
    lines.push("group X-witnesses 2 X1 X2 X3".into());
    lines.push("group Y-witnesses any Y1 Y2 Y3".into());
    lines.push("group X-and-Y all X-witnesses Y-witnesses".into());
    lines.push("quorum X-and-Y\n".into());
    lines.join("\n")
}

fn note(signed: &[(u8, u64)]) -> SignedNote {
    let checkpoint = Checkpoint::new(ORIGIN, 3, Hash([3; 32])).unwrap();
    let lines: Vec<_> = signed
        .iter()
        .map(|(number, time)| witness(*number).cosign(&checkpoint, *time).unwrap())
        .collect();
    checkpoint
        .sign(&[&log()])
        .unwrap()
        .with_signatures(lines)
        .unwrap()
}

#[test]
fn the_example_of_the_specification_is_final_with_two_x_and_one_y() {
    let policy: Policy = example().parse().unwrap();
    let check = |signed: &[(u8, u64)], want: Standing, counted: &[&str]| {
        let note = note(signed);
        let judged = policy.judge(&note, WINDOW).unwrap();
        assert_eq!(judged.quorum.standing, want, "{signed:?}");
        assert_eq!(judged.checkpoint.size(), 3);
        let names: Vec<_> = judged
            .quorum
            .signed
            .iter()
            .filter(|signed| signed.counts)
            .map(|signed| str::from_utf8(&signed.witness.name).unwrap())
            .collect();
        assert_eq!(names, counted);
    };
    use Standing::{Final, Waiting};
    check(&[(1, 150), (3, 150), (5, 150)], Final, &["X1", "X3", "Y2"]);
    check(&[(5, 100), (3, 200), (1, 150)], Final, &["X1", "X3", "Y2"]);
    check(
        &[(1, 150), (2, 150), (3, 150)],
        Waiting,
        &["X1", "X2", "X3"],
    );
    check(
        &[(1, 150), (4, 150), (5, 150)],
        Waiting,
        &["X1", "Y1", "Y2"],
    );
    check(&[], Waiting, &[]);
    // The same witness twice is one witness, a stale and a future one are none.
    check(&[(1, 150), (1, 160), (4, 150)], Waiting, &["X1", "Y1"]);
    check(&[(1, 150), (2, 99), (4, 150)], Waiting, &["X1", "Y1"]);
    check(&[(1, 150), (2, 201), (4, 150)], Waiting, &["X1", "Y1"]);
    // Unknown witnesses do not count.
    check(&[(1, 150), (9, 150), (4, 150)], Waiting, &["X1", "Y1"]);
}

#[test]
fn a_witness_outside_the_quorum_is_listed_and_does_not_count() {
    let text = format!(
        "log {}\nwitness a {}\nwitness b {}\nquorum a\n",
        log().verifier(),
        key(1),
        key(2)
    );
    let policy: Policy = text.parse().unwrap();
    let beside = note(&[(2, 150)]);
    let quorum = policy.quorum(&beside, WINDOW).unwrap();
    assert_eq!(quorum.standing, Standing::Waiting);
    assert_eq!((quorum.signed.len(), quorum.signed[0].counts), (1, false));
    let note = note(&[(1, 150)]);
    assert_eq!(
        policy.quorum(&note, WINDOW).unwrap().standing,
        Standing::Final
    );
}

#[test]
fn without_witnesses_it_stays_the_operators_word() {
    let text = format!("log {}\nquorum none", log().verifier());
    let policy: Policy = text.parse().unwrap();
    let judged = policy
        .judge(&note(&[(1, 150)]), WINDOW)
        .map(|j| j.quorum.standing);
    assert_eq!(judged, Ok(Standing::OperatorOnly));
}

#[test]
fn only_the_policys_logs_are_judged() {
    let other = Signer::from_seed("log.example/b", &[2; 32]).unwrap();
    let policy: Policy = format!("log {}\nquorum none\n", other.verifier())
        .parse()
        .unwrap();
    assert_eq!(
        policy.judge(&note(&[]), WINDOW),
        Err(CheckpointError::WrongOrigin)
    );
    // Same name, other key: the line is of an unknown key.
    let twin = Signer::from_seed(ORIGIN, &[2; 32]).unwrap();
    let policy: Policy = format!("log {}\nquorum none\n", twin.verifier())
        .parse()
        .unwrap();
    assert_eq!(
        policy.judge(&note(&[]), WINDOW),
        Err(CheckpointError::Note(NoteError::Unverified))
    );
}

#[test]
fn every_fault_is_named_with_its_line() {
    let check = |text: &str, line: usize, fault: PolicyFault| {
        assert_eq!(
            text.parse::<Policy>(),
            Err(PolicyError { line, fault }),
            "{text}"
        );
    };
    use PolicyFault as F;
    let (a, b, log) = (key(1), key(2), log().verifier().to_string());
    check("", 1, F::NoQuorum);
    check("# nothing\n\n", 3, F::NoQuorum);
    check("quorum none\r\n", 1, F::ControlCharacter);
    check("# \u{7f}\nquorum none\n", 1, F::ControlCharacter);
    check("quorum none\nquorum none\n", 2, F::QuorumTwice);
    check("quorum\n", 1, F::WrongWords);
    check("quorum a b\n", 1, F::WrongWords);
    check("quorum a\n", 1, F::UnknownName);
    check("Quorum none\n", 1, F::UnknownKeyword);
    check("log\n", 1, F::WrongWords);
    check(&format!("log {log} u v\n"), 1, F::WrongWords);
    check(&format!("log {log}\nlog {log} u\n"), 2, F::DuplicateKey);
    check(&format!("log {a}\n"), 1, F::Key(KeyError::UnknownAlgorithm));
    check("log x\n", 1, F::Key(KeyError::Malformed));
    check(
        &format!("witness a {log}\n"),
        1,
        F::Key(KeyError::UnknownAlgorithm),
    );
    check(&format!("witness none {a}\n"), 1, F::ReservedName);
    check(
        &format!("witness a {a}\nwitness a {b}\n"),
        2,
        F::DuplicateName,
    );
    check(
        &format!("witness a {a}\nwitness b {a}\n"),
        2,
        F::DuplicateKey,
    );
    let two = format!("witness a {a}\nwitness b {b}\n");
    let check = |rest: &str, line: usize, fault| check(&format!("{two}{rest}\n"), line, fault);
    check("group g any", 3, F::WrongWords);
    check("group g", 3, F::WrongWords);
    check("group g 0 a b", 3, F::BadThreshold);
    check("group g 3 a b", 3, F::BadThreshold);
    check("group g 01 a b", 3, F::BadThreshold);
    check("group g +1 a b", 3, F::BadThreshold);
    check("group g some a b", 3, F::BadThreshold);
    check("group g 99999999999999999999 a", 3, F::BadThreshold);
    check("group g any a a", 3, F::MemberTwice);
    check("group g any a\ngroup h any a b", 4, F::MemberTwice);
    check("group g any none", 3, F::UnknownName);
    check("group g any c", 3, F::UnknownName);
    // A circle cannot be written: a group's own name is not known in its line.
    check("group g any a g", 3, F::UnknownName);
    check("group g any h\ngroup h any g", 3, F::UnknownName);
    check("group a any b", 3, F::DuplicateName);
    check("group none any b", 3, F::ReservedName);
    check("quorum g\ngroup g any a", 3, F::UnknownName);
}

#[test]
fn one_key_under_another_name_is_a_duplicate() {
    let alias = Cosigner::from_seed("witness.example/alias", &[101; 32]).unwrap();
    let text = format!("witness a {}\nwitness b {}\n", key(1), alias.verifier());
    let error = text.parse::<Policy>().unwrap_err();
    assert_eq!((error.line, error.fault), (2, PolicyFault::DuplicateKey));
}

#[test]
fn white_space_comments_and_opaque_bytes_are_allowed() {
    let mut bytes = format!(
        " \t# 善\n\twitness  \u{212a}\t{}  https://w.example/\n",
        key(1)
    )
    .into_bytes();
    bytes.extend_from_slice(b"witness \xff\xfe ");
    bytes.extend_from_slice(key(2).as_bytes());
    bytes.extend_from_slice(b"\ngroup \xff all \xff\xfe \xe2\x84\xaa\nquorum \xff");
    let policy = Policy::parse(&bytes).unwrap();
    assert_eq!(policy.witnesses()[1].name, b"\xff\xfe");
    assert_eq!(
        policy.witnesses()[0].url.as_deref(),
        Some("https://w.example/")
    );
    // A Kelvin sign is no K.
    let text = format!("witness K {}\nquorum \u{212a}\n", key(1));
    assert_eq!(
        text.parse::<Policy>().unwrap_err().fault,
        PolicyFault::UnknownName
    );
    let url = [b"log ", log().verifier().to_string().as_bytes(), b" \xff\n"].concat();
    assert_eq!(Policy::parse(&url).unwrap_err().fault, PolicyFault::BadUrl);
}

#[test]
fn limits_hold_and_deep_nesting_is_no_recursion() {
    let mut text = format!("witness w {}\ngroup g0 any w\n", key(1));
    for level in 1..POLICY_ENTRIES_MAX {
        text += &format!("group g{level} all g{}\n", level - 1);
    }
    let deep = format!("{text}quorum g{}\n", POLICY_ENTRIES_MAX - 1);
    let policy: Policy = deep.parse().unwrap();
    let note = note(&[(1, 150)]);
    assert_eq!(
        policy.quorum(&note, WINDOW).unwrap().standing,
        Standing::Final
    );
    let more = format!("{text}group more any g3\n");
    assert_eq!(
        more.parse::<Policy>().unwrap_err().fault,
        PolicyFault::TooMany
    );
    let large = "#".repeat(POLICY_BYTES_MAX + 1);
    assert_eq!(
        large.parse::<Policy>().unwrap_err().fault,
        PolicyFault::TooLarge
    );
}

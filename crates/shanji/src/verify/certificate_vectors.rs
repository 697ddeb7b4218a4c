//! Certificates judged alike here and in the browser: good ones of every kind, wrong ones, and every letter of one changed.

use super::{coded, keep_cases};
use crate::sample;
use kernel::Day;
use leaf::{Certificate, CertificateKind, SignedCertificate};
use serde_json::{Value, json};
use tlog::SignedNote;

fn certificate(kind: CertificateKind) -> Certificate {
    Certificate {
        origin: sample::ORIGIN.into(),
        size: 270,
        kind,
        organisation: "org_AAAAAAAAAAAAAA".into(),
        name: "云山乡村教育基金会".into(),
        uscc: Some("51100000500000001A".into()).filter(|_| kind == CertificateKind::Charity),
        number: Some("云民慈募〔2026〕5号".into()),
        from: Day::parse("2026-06-01").unwrap(),
        until: Day::parse("2029-05-31").ok(),
        office: Some("云山省民政厅".into()),
        issued: Day::parse("2026-06-02").unwrap(),
        leaf: 42,
    }
}

/// Two parts of a payload: the text in base64url, and the signature.
fn payload_of(text: &str, seed: u8) -> String {
    let note = SignedNote::sign(text, &[&sample::signer(sample::ORIGIN, seed)]).unwrap();
    let line = &note.signatures()[0];
    let signature = [&line.key_id()[..], line.signature()].concat();
    format!("SJ1.{}.{}", encoded(text.as_bytes()), encoded(&signature))
}

/// Base64url without padding, by its own few lines: the crate has no need of another package for it.
fn encoded(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for part in bytes.chunks(3) {
        let value = part
            .iter()
            .fold(0_u32, |all, byte| all << 8 | u32::from(*byte));
        let value = value << (8 * (3 - part.len()));
        for place in 0..=part.len() {
            let letter = value >> (18 - 6 * place) & 63;
            text.push(char::from(LETTERS[letter as usize]));
        }
    }
    text
}

fn judged(payload: &str) -> Value {
    let read = SignedCertificate::parse(payload);
    let judged = read.and_then(|read| read.verify(&[sample::key()]).cloned());
    coded(judged.map_err(leaf::CertificateError::code))
}

#[test]
fn certificates_are_judged_alike() {
    let mut cases = Vec::new();
    let mut case = |what: &str, payload: &str| {
        cases.push(json!({ "what": what, "payload": payload, "code": judged(payload) }));
    };
    for kind in CertificateKind::ALL {
        let text = certificate(kind).to_string();
        case(kind.code(), &payload_of(&text, 1));
    }
    let good = certificate(CertificateKind::Fundraising).to_string();
    case("of another key", &payload_of(&good, 2));
    for (what, from, to) in [
        ("an earlier leaf than none", "42\n", "-1\n"),
        ("a leaf beyond the log", "\n42\n", "\n270\n"),
        ("another header", "certificate/1", "certificate/2"),
        ("another kind", "fundraising", "anything"),
        ("a day of no calendar", "2026-06-01", "2026-02-30"),
        ("an end before the beginning", "2029-05-31", "2026-05-31"),
        ("issued before it held", "2026-06-02", "2026-05-02"),
        (
            "a code with a wrong check",
            "\n-\n",
            "\n51100000500000001D\n",
        ),
        ("a leading zero", "\n270\n", "\n0270\n"),
        ("a blank at the end of a name", "基金会\n", "基金会 \n"),
        ("a line separator", "基金会", "基\u{2028}金会"),
        ("one line less", "云山省民政厅\n", ""),
        ("no office", "云山省民政厅", "-"),
        ("nothing for a name", "云山乡村教育基金会", ""),
        ("another organisation's id", "org_A", "don_A"),
    ] {
        case(what, &payload_of(&good.replacen(from, to, 1), 1));
    }
    let good = payload_of(&good, 1);
    case("too long", &format!("{good}{}", "A".repeat(900)));
    case("another prefix", &good.replacen("SJ1", "SJ2", 1));
    case("three parts", &format!("{good}.AA"));
    case("padded", &format!("{good}="));
    for at in 0..good.len() {
        let mut letters: Vec<char> = good.chars().collect();
        letters[at] = if letters[at] == 'B' { 'C' } else { 'B' };
        case("one letter", &letters.into_iter().collect::<String>());
    }
    let head = json!({ "key": sample::key().to_string(), "origin": sample::ORIGIN });
    keep_cases("certificates", &head, &cases);
}

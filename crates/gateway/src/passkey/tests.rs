//! Addresses, and answers that fit and that do not.

use super::soft::{PRESENT, SoftKey};
use super::*;

const ORIGIN: &str = "https://gongyi.example";
const OWNER: Owner<'static> = Owner {
    handle: [7; HANDLE_BYTES],
    login: "zhang.san",
    name: "张三",
};

fn site() -> Site {
    Site::parse(ORIGIN).unwrap()
}

#[track_caller]
fn check_address(address: &str, want: Result<(&str, &str), NoPasskeys>) {
    let site = Site::parse(address);
    let read = site
        .as_ref()
        .map(|site| (site.domain().to_string(), site.address()));
    let want = want.map(|(domain, address)| (domain.to_string(), address.to_string()));
    assert_eq!(read.map_err(|why| *why), want, "{address}");
}

#[test]
fn keys_belong_to_domains_that_are_encrypted() {
    check_address("https://Gongyi.example/", Ok(("gongyi.example", ORIGIN)));
    check_address("https://gongyi.example:443", Ok(("gongyi.example", ORIGIN)));
    let odd = "https://gongyi.example:8443";
    check_address(odd, Ok(("gongyi.example", odd)));
    check_address("http://localhost", Ok(("localhost", "http://localhost")));
    check_address("http://gongyi.example", Err(NoPasskeys::Plain));
    for number in [
        "https://192.0.2.7",
        "http://127.0.0.1:8080",
        "https://[2001:db8::1]",
    ] {
        check_address(number, Err(NoPasskeys::Number));
    }
    for none in [
        "",
        "gongyi.example",
        "ftp://a.example",
        "https://",
        "https://a b",
        "https://a:x",
    ] {
        check_address(none, Err(NoPasskeys::Unreadable));
    }
}

/// A device and its key as the house keeps it.
fn made() -> (SoftKey, KeptKey) {
    let asked = ask_new(&site(), OWNER, &[]).unwrap();
    let (device, answer) = SoftKey::make(&asked.options, ORIGIN).unwrap();
    (device, take_new(&site(), &asked.state, &answer).unwrap())
}

fn proof(device: &mut SoftKey, key: &KeptKey, origin: &str) -> Result<KeptKey, PasskeyError> {
    let asked = ask_proof(&site(), std::slice::from_ref(key)).unwrap();
    let answer = device.prove(&asked.options, origin).unwrap();
    assert_eq!(key_of_proof(&answer).unwrap(), key.id);
    take_proof(&site(), &asked.state, key, &answer)
}

#[test]
fn a_key_is_made_and_answers_and_its_counter_is_kept() {
    let (mut device, key) = made();
    let once = proof(&mut device, &key, ORIGIN).unwrap();
    assert_ne!(once.state, key.state, "the counter went on");
    let twice = proof(&mut device, &once, ORIGIN).unwrap();
    assert_eq!((&twice.id, &twice.key), (&key.id, &key.key));
    // A copy of the device knows an older counter.
    device.counter = 1;
    let copied = proof(&mut device, &twice, ORIGIN);
    assert!(matches!(copied, Err(PasskeyError::WentBack)), "{copied:?}");
}

#[test]
fn answers_to_other_questions_and_pages_do_not_count() {
    let (mut device, key) = made();
    for origin in [
        "https://evil.example",
        "http://gongyi.example",
        "https://gongyi.example:8443",
        "null",
    ] {
        let elsewhere = proof(&mut device, &key, origin);
        assert!(
            matches!(elsewhere, Err(PasskeyError::Wrong(_))),
            "{origin}: {elsewhere:?}"
        );
        let asked = ask_new(&site(), OWNER, &[]).unwrap();
        let (_, answer) = SoftKey::make(&asked.options, origin).unwrap();
        let new = take_new(&site(), &asked.state, &answer);
        assert!(
            matches!(new, Err(PasskeyError::Wrong(_))),
            "{origin}: {new:?}"
        );
    }
    let one = ask_proof(&site(), std::slice::from_ref(&key)).unwrap();
    let other = ask_proof(&site(), std::slice::from_ref(&key)).unwrap();
    let answer = device.prove(&other.options, ORIGIN).unwrap();
    let crossed = take_proof(&site(), &one.state, &key, &answer);
    assert!(
        matches!(crossed, Err(PasskeyError::Wrong(_))),
        "{crossed:?}"
    );
    let theirs = KeptKey {
        owner: [8; HANDLE_BYTES],
        ..key.clone()
    };
    let stranger = take_proof(&site(), &other.state, &theirs, &answer);
    assert!(
        matches!(stranger, Err(PasskeyError::Wrong(_))),
        "another account: {stranger:?}"
    );
    device.flags = PRESENT;
    let unverified = proof(&mut device, &key, ORIGIN);
    assert!(
        matches!(unverified, Err(PasskeyError::Wrong(_))),
        "nobody was verified: {unverified:?}"
    );
}

#[test]
fn another_key_and_a_changed_signature_do_not_count() {
    let (mut device, key) = made();
    let (mut second, other) = made();
    let asked = ask_proof(&site(), std::slice::from_ref(&key)).unwrap();
    let foreign = second.prove(&asked.options, ORIGIN).unwrap();
    let judged = take_proof(&site(), &asked.state, &other, &foreign);
    assert!(
        matches!(judged, Err(PasskeyError::Wrong(_))),
        "a key that was not asked: {judged:?}"
    );
    let answer = device.prove(&asked.options, ORIGIN).unwrap();
    let mut changed: serde_json::Value = serde_json::from_str(&answer).unwrap();
    let signature = changed["response"]["signature"]
        .as_str()
        .unwrap()
        .to_string();
    let swapped = signature.replacen(
        &signature[20..21],
        if &signature[20..21] == "A" { "B" } else { "A" },
        1,
    );
    changed["response"]["signature"] = swapped.into();
    let judged = take_proof(&site(), &asked.state, &key, &changed.to_string());
    assert!(matches!(judged, Err(PasskeyError::Wrong(_))), "{judged:?}");
}

#[test]
fn bytes_of_strangers_are_limited_and_never_panic() {
    let (_, key) = made();
    let asked = ask_proof(&site(), std::slice::from_ref(&key)).unwrap();
    let new = ask_new(&site(), OWNER, std::slice::from_ref(&key)).unwrap();
    assert!(new.options.contains("excludeCredentials"));
    let long = "{".repeat(ANSWER_BYTES_MAX + 1);
    assert!(matches!(key_of_proof(&long), Err(PasskeyError::TooLong)));
    assert!(matches!(
        take_new(&site(), &new.state, &long),
        Err(PasskeyError::TooLong)
    ));
    for text in [
        "",
        "{}",
        "[]",
        "null",
        "{\"id\":1}",
        "\u{0}",
        "{\"id\":\"AA\",\"rawId\":\"AA\",\"response\":{}}",
    ] {
        assert!(
            matches!(key_of_proof(text), Err(PasskeyError::Wrong(_))),
            "{text}"
        );
        assert!(
            matches!(
                take_new(&site(), &new.state, text),
                Err(PasskeyError::Wrong(_))
            ),
            "{text}"
        );
    }
    for state in [&b""[..], b"x", &[255; 200]] {
        let judged = take_new(&site(), state, "{}");
        assert!(matches!(judged, Err(PasskeyError::Damaged)), "{judged:?}");
    }
    let damaged = KeptKey {
        state: vec![1],
        ..key
    };
    assert!(ask_proof(&site(), &[]).is_err());
    let judged = take_proof(&site(), &asked.state, &damaged, "{}");
    assert!(judged.is_err());
}

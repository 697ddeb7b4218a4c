//! Against the examples of the standards, a slow tree, and OpenSSL.

use super::*;
use crate::Signer;
use crate::note::SignedNote;
use std::path::Path;
use std::process::Command;

const ORIGIN: &str = "log.example/sm";

fn signer(purpose: Sm2Use) -> Sm2Signer {
    Sm2Signer::from_secret(ORIGIN, purpose, &[7; 32]).unwrap()
}

fn checkpoint() -> Checkpoint {
    Checkpoint::new(ORIGIN, 9, Hash([3; 32])).unwrap()
}

/// GB/T 32918.5, annex A: key, message and signature.
#[test]
fn the_example_of_the_standard_verifies() {
    let bytes = |text: &str| hex::decode(text).unwrap();
    let secret = bytes("3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8");
    let point = bytes(
        "0409F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13",
    );
    let mut signature = bytes(
        "F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA",
    );
    let secret: [u8; 32] = secret.try_into().unwrap();
    let signer = Sm2Signer::from_secret("a", Sm2Use::Log, &secret).unwrap();
    assert_eq!(signer.verifier().point()[..], point);
    let key = Sm2Key::new("a", Sm2Use::Log, &point).unwrap();
    assert!(key.has_signed(b"message digest", &signature));
    assert!(!key.has_signed(b"message digesu", &signature));
    signature[63] ^= 1;
    assert!(!key.has_signed(b"message digest", &signature));
    for length in [0, 63, 65] {
        assert!(!key.has_signed(b"message digest", &vec![1; length]));
    }
}

/// GB/T 32905, annex A.
#[test]
fn sm3_is_that_of_the_standard() {
    let digest = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0";
    assert_eq!(hex::encode(sm3(&[b"a", b"bc"]).0), digest);
}

#[test]
fn keys_print_and_read_and_never_show_their_secret() {
    for purpose in Sm2Use::ALL {
        let signer = signer(purpose);
        let text = signer.verifier().to_string();
        let read: Sm2Key = text.parse().unwrap();
        assert_eq!(&read, signer.verifier());
        let again: Sm2Signer = signer.line().parse().unwrap();
        assert_eq!(again.verifier(), signer.verifier());
        assert!(!format!("{signer:?}").contains("PRIVATE"));
        // No reader of other keys takes it for one of its own.
        assert_eq!(
            text.parse::<crate::VerifierKey>(),
            Err(KeyError::UnknownAlgorithm)
        );
        let wrong = signer.line().replace(ORIGIN, "log.example/sn");
        assert_eq!(wrong.parse::<Sm2Signer>().err(), Some(KeyError::WrongId));
    }
    let zero = Sm2Signer::from_secret("a", Sm2Use::Log, &[0; 32]);
    assert_eq!(zero.err(), Some(KeyError::BadKey));
    let high = Sm2Signer::from_secret("a", Sm2Use::Log, &[0xff; 32]);
    assert_eq!(high.err(), Some(KeyError::BadKey));
    let no_point = Sm2Key::new("a", Sm2Use::Log, &[4; 65]);
    assert_eq!(no_point.err(), Some(KeyError::BadKey));
}

#[test]
fn a_line_stands_beside_ed25519_and_neither_disturbs_the_other() {
    let log = Signer::from_seed(ORIGIN, &[1; 32]).unwrap();
    let sm2 = signer(Sm2Use::Log);
    let checkpoint = checkpoint();
    let note = checkpoint.sign(&[&log]).unwrap();
    let line = sm2.sign(note.text());
    let note = note.with_signatures([line]).unwrap();
    let note = SignedNote::parse(note.to_string()).unwrap();
    let known = [log.verifier().clone()];
    let opened = Checkpoint::open(&note, ORIGIN, &known).unwrap();
    assert_eq!(opened, checkpoint);
    let line = &note.signatures()[1];
    assert!(sm2.verifier().verify(note.text(), line));
    assert!(!sm2.verifier().verify("another\n", line));
    assert!(!sm2.verifier().verify(note.text(), &note.signatures()[0]));
    // The same secret for another use is another key.
    assert!(!signer(Sm2Use::Cosignature).verifier().matches(line));
}

#[test]
fn a_cosignature_says_its_time() {
    let witness = signer(Sm2Use::Cosignature);
    let checkpoint = checkpoint();
    let line = witness.cosign(&checkpoint, 1_790_000_000).unwrap();
    let text = checkpoint.to_string();
    let key = witness.verifier();
    assert_eq!(key.verify_cosignature(&text, &line), Some(1_790_000_000));
    assert!(!key.verify(&text, &line));
    let mut later = line.signature().to_vec();
    later[7] ^= 1;
    let later = NoteSignature::new(key.name(), key.id(), &later).unwrap();
    assert_eq!(key.verify_cosignature(&text, &later), None);
    let late = witness.cosign(&checkpoint, TIME_MAX + 1);
    assert_eq!(late.err(), Some(NoteError::BadTime));
}

/// The definition of RFC 6962 2.1, taken literally.
fn slow(entries: &[Vec<u8>]) -> Hash {
    match entries {
        [] => sm3(&[]),
        [one] => sm3(&[&[0], one]),
        all => {
            let half = (all.len().next_power_of_two() / 2).max(1);
            let (left, right) = all.split_at(half);
            sm3(&[&[1], &slow(left).0, &slow(right).0])
        }
    }
}

#[test]
fn the_sm3_tree_is_that_of_its_definition() {
    let entries: Vec<Vec<u8>> = (0..70_u8).map(|n| vec![n; usize::from(n)]).collect();
    let mut tree = Sm3Tree::default();
    for size in 0..=entries.len() {
        assert_eq!(tree.root(), slow(&entries[..size]), "{size}");
        assert_eq!(tree.size(), size as u64);
        if let Some(next) = entries.get(size) {
            tree.append(next);
        }
    }
}

fn openssl(folder: &Path, words: &[&str]) -> Vec<u8> {
    let done = Command::new("openssl")
        .current_dir(folder)
        .args(words)
        .output();
    let done = done.expect("OpenSSL 3 is the second implementation; install it");
    assert!(done.status.success(), "openssl {words:?}: {done:?}");
    done.stdout
}

/// Hexadecimal digits behind a heading of `openssl pkey -text`.
fn digits(text: &str, heading: &str) -> Vec<u8> {
    let from = text.split(heading).nth(1).unwrap().lines().skip(1);
    let own = from.take_while(|line| line.starts_with("    "));
    let digits: String = own
        .flat_map(str::chars)
        .filter(char::is_ascii_hexdigit)
        .collect();
    hex::decode(digits).unwrap()
}

/// An integer of 32 bytes as DER wants it, and back.
fn to_der(signature: &[u8; 64]) -> Vec<u8> {
    let number = |half: &[u8]| {
        let zeros = half.iter().take_while(|byte| **byte == 0).count();
        let mut bytes = half[zeros..].to_vec();
        if bytes[0] >= 0x80 {
            bytes.insert(0, 0);
        }
        [&[2, bytes.len() as u8][..], &bytes].concat()
    };
    let both = [number(&signature[..32]), number(&signature[32..])].concat();
    [&[0x30, both.len() as u8][..], &both].concat()
}

fn of_der(der: &[u8]) -> Vec<u8> {
    let (mut at, mut out) = (2, Vec::new());
    for _ in 0..2 {
        let length = usize::from(der[at + 1]);
        let number = &der[at + 2..at + 2 + length];
        let start = number.iter().position(|byte| *byte != 0).unwrap();
        out.extend(vec![0; 32 - (length - start)]);
        out.extend(&number[start..]);
        at += 2 + length;
    }
    out
}

/// What one implementation signs the other one believes, both ways, for several keys and both uses.
#[test]
#[ignore = "wants the program openssl; tests/checks.d/47-sm2.sh runs it"]
fn openssl_agrees() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path();
    let sm3 = [
        "-rawin",
        "-digest",
        "sm3",
        "-pkeyopt",
        "distid:1234567812345678",
    ];
    for round in 0..16_u8 {
        let make = "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:SM2 -out key.pem";
        openssl(folder, &make.split(' ').collect::<Vec<_>>());
        openssl(
            folder,
            &["pkey", "-in", "key.pem", "-pubout", "-out", "pub.pem"],
        );
        let shown = openssl(folder, &["pkey", "-in", "key.pem", "-text", "-noout"]);
        let shown = String::from_utf8(shown).unwrap();
        let secret = digits(&shown, "priv:");
        let secret: [u8; 32] = secret[secret.len() - 32..].try_into().unwrap();
        let signer = Sm2Signer::from_secret(ORIGIN, Sm2Use::Log, &secret).unwrap();
        assert_eq!(signer.verifier().point()[..], digits(&shown, "pub:"));
        let text = match round % 2 {
            0 => checkpoint().to_string(),
            _ => signed_message(&checkpoint().to_string(), u64::from(round)),
        };
        std::fs::write(folder.join("text"), &text).unwrap();
        let ours = to_der(&signer.sign_message(text.as_bytes()));
        std::fs::write(folder.join("ours"), ours).unwrap();
        let check = [
            "pkeyutl", "-verify", "-in", "text", "-pubin", "-inkey", "pub.pem", "-sigfile", "ours",
        ];
        openssl(folder, &[&check[..], &sm3].concat());
        let sign = [
            "pkeyutl", "-sign", "-in", "text", "-inkey", "key.pem", "-out", "theirs",
        ];
        openssl(folder, &[&sign[..], &sm3].concat());
        let theirs = of_der(&std::fs::read(folder.join("theirs")).unwrap());
        assert!(signer.verifier().has_signed(text.as_bytes(), &theirs));
        assert!(!signer.verifier().has_signed(b"another", &theirs));
    }
    std::fs::write(folder.join("entry"), "\0entry").unwrap();
    let theirs = openssl(folder, &["dgst", "-sm3", "-binary", "entry"]);
    let mut tree = Sm3Tree::default();
    tree.append(b"entry");
    assert_eq!(tree.root().0[..], theirs);
}

proptest::proptest! {
    /// Whatever the entries are and wherever the tree was put away and taken up again, its root is that of the definition.
    #[test]
    fn an_sm3_tree_goes_on_from_its_peaks(
        entries in proptest::collection::vec(proptest::collection::vec(proptest::num::u8::ANY, 0..200), 0..300),
        cut in proptest::num::usize::ANY,
    ) {
        let cut = cut % (entries.len() + 1);
        let mut tree = Sm3Tree::default();
        entries[..cut].iter().for_each(|entry| tree.append(entry));
        let mut again = Sm3Tree::from_peaks(tree.size(), tree.peaks().to_vec()).unwrap();
        proptest::prop_assert_eq!(&again, &tree);
        entries[cut..].iter().for_each(|entry| again.append_hash(sm3_leaf_hash(entry)));
        proptest::prop_assert_eq!(again.root(), slow(&entries));
        proptest::prop_assert_eq!(again.size(), entries.len() as u64);
        let fewer = again.peaks().get(1..).unwrap_or_default().to_vec();
        let refused = Sm3Tree::from_peaks(again.size(), fewer);
        proptest::prop_assert_eq!(refused.is_none(), !entries.is_empty());
    }
}

//! Cosignatures: the published example, altered lines, times, duplicates.

use super::*;
use crate::hash::Hash;
use crate::key::Signer;

/// The example of c2sp.org/tlog-cosignature, whose public keys are not published.
const SOFA: &str = "example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==
";

fn log() -> Signer {
    Signer::from_seed("log.example/a", &[1; 32]).unwrap()
}

fn witness(number: u8) -> Cosigner {
    Cosigner::from_seed(&format!("witness.example/{number}"), &[100 + number; 32]).unwrap()
}

fn checkpoint() -> Checkpoint {
    Checkpoint::new("log.example/a", 7, Hash([7; 32])).unwrap()
}

/// The checkpoint, signed by its log and by the given witnesses at the given times.
fn note(lines: &[(&Cosigner, u64)]) -> SignedNote {
    let lines = lines
        .iter()
        .map(|(witness, time)| witness.cosign(&checkpoint(), *time).unwrap());
    let note = checkpoint().sign(&[&log()]).unwrap();
    note.with_signatures(lines).unwrap()
}

#[test]
fn the_published_example_has_the_published_time_and_message() {
    let note = SignedNote::parse(SOFA).unwrap();
    let line = note.signatures().last().unwrap();
    let time: [u8; 8] = *line.signature().first_chunk().unwrap();
    assert_eq!(u64::from_be_bytes(time), 1_679_315_147);
    assert_eq!(line.signature().len(), 8 + 64);
    assert_eq!(
        signed_message(note.text(), 1_679_315_147),
        "cosignature/v1\ntime 1679315147\nexample.com/behind-the-sofa\n20852163\n\
         CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    );
}

#[test]
fn a_key_prints_as_it_was_read_and_is_no_logs_key() {
    let key = witness(1).verifier().clone();
    let text = key.to_string();
    assert_eq!(text.parse(), Ok(key.clone()));
    assert!(text.contains("+B"), "type 0x04 begins with B: {text}");
    assert_eq!(
        text.parse::<crate::VerifierKey>(),
        Err(KeyError::UnknownAlgorithm)
    );
    let log = log().verifier().to_string();
    assert_eq!(log.parse::<CosignerKey>(), Err(KeyError::UnknownAlgorithm));
    // The same 32 bytes under the same name have another id as a log's key.
    let twin = crate::VerifierKey::ed25519(key.name(), key.key_bytes()).unwrap();
    assert_ne!(twin.id(), key.id());
}

#[test]
fn an_altered_line_or_text_is_not_believed() {
    let (one, time) = (witness(1), 1_700_000_000);
    let line = one.cosign(&checkpoint(), time).unwrap();
    let text = checkpoint().to_string();
    assert_eq!(one.verifier().verify(&text, &line), Some(time));
    for place in 0..line.signature().len() {
        let mut bytes = line.signature().to_vec();
        bytes[place] ^= 1;
        let other = NoteSignature::new(line.name(), line.key_id(), &bytes).unwrap();
        assert_eq!(one.verifier().verify(&text, &other), None, "byte {place}");
    }
    let larger = Checkpoint::new("log.example/a", 8, Hash([7; 32])).unwrap();
    assert_eq!(one.verifier().verify(&larger.to_string(), &line), None);
    assert_eq!(witness(2).verifier().verify(&text, &line), None);
    let short = NoteSignature::new(line.name(), line.key_id(), &[0; 7]).unwrap();
    assert_eq!(one.verifier().verify(&text, &short), None);
}

#[test]
fn a_signature_over_the_checkpoint_alone_is_no_cosignature() {
    // The same seed as log and as witness: the frame keeps the two apart.
    let seed = [9; 32];
    let signer = Signer::from_seed("log.example/a", &seed).unwrap();
    let cosigner = Cosigner::from_seed("log.example/a", &seed).unwrap();
    let note = checkpoint().sign(&[&signer]).unwrap();
    let bytes = [&[0; 8][..], note.signatures()[0].signature()].concat();
    let key = cosigner.verifier();
    let line = NoteSignature::new(key.name(), key.id(), &bytes).unwrap();
    assert_eq!(key.verify(note.text(), &line), None);
}

#[test]
fn times_beyond_the_limit_are_refused() {
    let one = witness(1);
    assert!(one.cosign(&checkpoint(), TIME_MAX).is_ok());
    assert_eq!(
        one.cosign(&checkpoint(), TIME_MAX + 1),
        Err(NoteError::BadTime)
    );
    // Signed by a witness without that rule.
    let time = u64::MAX;
    let message = signed_message(&checkpoint().to_string(), time);
    let signature = one.key.sign(message.as_bytes()).to_bytes();
    let bytes = [&time.to_be_bytes()[..], &signature].concat();
    let line = NoteSignature::new(one.verifier().name(), one.verifier().id(), &bytes).unwrap();
    assert_eq!(
        one.verifier().verify(&checkpoint().to_string(), &line),
        None
    );
}

#[test]
fn each_witness_counts_once_with_its_best_time() {
    let (one, two, three) = (witness(1), witness(2), witness(3));
    let known = [one.verifier().clone(), two.verifier().clone()];
    let window = TimeWindow::around(1_000, 100, 10);
    let check = |lines: &[(&Cosigner, u64)], want: &[(&Cosigner, u64, Timeliness)]| {
        let note = note(lines);
        let found = cosigned(&note, &known, window).unwrap();
        let got: Vec<_> = found
            .iter()
            .map(|found| (found.key.name(), found.time, found.timeliness))
            .collect();
        let want: Vec<_> = want
            .iter()
            .map(|(witness, time, place)| (witness.verifier().name(), *time, *place))
            .collect();
        assert_eq!(got, want);
    };
    use Timeliness::{Fresh, Future, Stale};
    check(&[], &[]);
    check(&[(&three, 1_000)], &[]);
    check(&[(&one, 900)], &[(&one, 900, Fresh)]);
    check(&[(&one, 1_010)], &[(&one, 1_010, Fresh)]);
    check(&[(&one, 899)], &[(&one, 899, Stale)]);
    check(&[(&one, 1_011)], &[(&one, 1_011, Future)]);
    check(
        &[
            (&two, 950),
            (&one, 899),
            (&one, 960),
            (&one, 2_000),
            (&one, 955),
        ],
        &[(&one, 960, Fresh), (&two, 950, Fresh)],
    );
    check(&[(&one, 5), (&one, 6), (&one, 5_000)], &[(&one, 6, Stale)]);
}

#[test]
fn a_bad_line_of_a_known_witness_spoils_the_note_and_of_an_unknown_one_does_not() {
    let (one, two) = (witness(1), witness(2));
    let good = note(&[(&one, 5)]);
    let bad = NoteSignature::new(two.verifier().name(), two.verifier().id(), &[1; 72]).unwrap();
    let odd = NoteSignature::new(two.verifier().name(), [6; 4], &[1; 2_428]).unwrap();
    let both = good.with_signatures([bad, odd]).unwrap();
    let one_key = [one.verifier().clone()];
    let found = cosigned(&both, &one_key, TimeWindow::ALWAYS).unwrap();
    assert_eq!(found.len(), 1);
    let keys = [one.verifier().clone(), two.verifier().clone()];
    assert_eq!(
        cosigned(&both, &keys, TimeWindow::ALWAYS),
        Err(NoteError::BadSignature)
    );
}

#[test]
fn one_key_under_two_names_is_not_two_witnesses() {
    let one = witness(1);
    let alias = Cosigner::from_seed("witness.example/alias", &[101; 32]).unwrap();
    let note = note(&[(&one, 5), (&alias, 5)]);
    let keys = [one.verifier().clone(), alias.verifier().clone()];
    assert_eq!(
        cosigned(&note, &keys, TimeWindow::ALWAYS),
        Err(NoteError::AmbiguousKeys)
    );
}

#[test]
fn windows_do_not_overflow() {
    let all = TimeWindow::around(u64::MAX, u64::MAX, u64::MAX);
    assert_eq!((all.earliest, all.latest), (0, u64::MAX));
    assert_eq!(TimeWindow::ALWAYS.place(0), Timeliness::Fresh);
}

//! The fuzzers' functions on stable: noise, and a canonical statement with a few changes.

#[cfg(test)]
#[path = "../../../fuzz/strangers_leaf.rs"]
#[expect(unreachable_pub, reason = "the fuzzers' programs see the same file")]
mod targets;

#[cfg(test)]
mod tests {
    use super::targets;
    use proptest::collection::vec;
    use proptest::prelude::*;
    use tlog::{Signer, Sm2Signer, Sm2Use};

    const STATEMENT: &str = r#"{"d":{"a":[1,-2],"b":{"c":"善","d":true}},"id":"gft_1","k":"gift/1","o":"org_1","t":"2026-11-27","st":[["fund/1",1]]}"#;

    const CERTIFICATE: &str = "shanji-certificate/1\nshanji.example/log\n4711\nfundraising\norg_9XK4T7Q2M8WZRB\n云山基金会\n-\n云民慈〔2026〕5号\n2026-06-01\n-\n云山省民政厅\n2026-06-02\n42\n";

    const ABSENCE: &str = r#"{"key":"org/0123456789ABCD","leaf":"e30","map":"AAEC"}"#;

    /// A key of each sort, with a line for people and what looks like a proof.
    fn key_file() -> String {
        let log = Signer::from_seed("log.example/a", &[1; 32]).unwrap();
        let sm2 = Sm2Signer::from_secret("log.example/a", Sm2Use::Log, &[2; 32]).unwrap();
        let (log, sm2) = (log.verifier(), sm2.verifier());
        format!("# 公钥\n{log}\n{sm2}\n#: c2sp.org/tlog-proof@v1\n#: index 3\n#:\n")
    }

    proptest! {
        #[test]
        fn changed_certificates_do_no_harm(
            changes in vec((any::<prop::sample::Index>(), "[ -~云\n]"), 0..4),
        ) {
            let mut letters: Vec<String> = CERTIFICATE.chars().map(String::from).collect();
            for (place, letter) in changes {
                let place = place.index(letters.len());
                letters[place] = letter;
            }
            targets::certificate(letters.concat().as_bytes());
        }

        #[test]
        fn noise_is_no_certificate(text in "(SJ1\\.)?[A-Za-z0-9_-]{0,300}(\\.[A-Za-z0-9_-]{0,100})?") {
            targets::certificate(text.as_bytes());
        }

        #[test]
        fn changed_files_of_keys_do_no_harm(
            changes in vec((any::<prop::sample::Index>(), "[ -~\n]"), 0..4),
        ) {
            let mut letters: Vec<String> = key_file().chars().map(String::from).collect();
            for (place, letter) in changes {
                let place = place.index(letters.len());
                letters[place] = letter;
            }
            targets::key_history(letters.concat().as_bytes());
        }

        #[test]
        fn changed_proofs_of_absence_do_no_harm(
            changes in vec((any::<prop::sample::Index>(), "[ -~]"), 0..4),
        ) {
            let mut letters: Vec<String> = ABSENCE.chars().map(String::from).collect();
            for (place, letter) in changes {
                let place = place.index(letters.len());
                letters[place] = letter;
            }
            targets::index_proof(letters.concat().as_bytes());
        }

        #[test]
        fn noise_does_no_harm(bytes in vec(any::<u8>(), 0..300)) {
            targets::key_history(&bytes);
            targets::index_proof(&bytes);
            targets::leaf_json(&bytes);
            targets::leaf_entry(&bytes);
        }

        #[test]
        fn good_bytes_with_changes_do_no_harm(
            changes in vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
            end in any::<prop::sample::Index>(),
        ) {
            let mut bytes = STATEMENT.as_bytes().to_vec();
            for (place, byte) in changes {
                let place = place.index(bytes.len());
                bytes[place] = byte;
            }
            targets::leaf_json(&bytes);
            targets::leaf_entry(&bytes);
            bytes.truncate(end.index(bytes.len()));
            targets::leaf_json(&bytes);
            targets::leaf_entry(&bytes);
        }
    }
}

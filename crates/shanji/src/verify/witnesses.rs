//! Whether enough witnesses stand behind a receipt's checkpoint, by the policy of whoever asks.

use super::Doubt;
use crate::outcome::Failure;
use crate::policy_file::policy_bytes;
use kernel::Timestamp;
use std::path::Path;
use tlog::policy::{Policy, Quorum, Signed, Standing};
use tlog::{CheckpointError, NoteError, SignedNote, TimeWindow};

/// 〔见证〕 What is known of the witnesses of a receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Witnesses {
    /// Nobody asked for any.
    NotAsked,
    /// The policy asks for none: the operator's word alone, now and for ever.
    OperatorOnly,
    /// Enough have signed; their names in the policy, and the latest of their times.
    Final {
        /// In the order of the policy.
        names: Vec<String>,
        /// By the witness's own clock.
        latest: Timestamp,
    },
}

impl Witnesses {
    /// The stable word for machines.
    pub(crate) const fn code(&self) -> &'static str {
        match self {
            Witnesses::NotAsked => "not_asked",
            Witnesses::OperatorOnly => "operator_only",
            Witnesses::Final { .. } => "final",
        }
    }

    /// One sentence for people.
    pub(crate) fn words(&self) -> String {
        match self {
            Witnesses::NotAsked => {
                "见证：没有按验证政策核对，以日志运营方自己的签名为准；请用 --policy 指明政策文件再核对。".into()
            }
            Witnesses::OperatorOnly => {
                "见证：验证政策不要求见证人，只有日志运营方自己的签名。".into()
            }
            Witnesses::Final { names, latest } => format!(
                "见证：{}共同签名认可，已达到验证政策的要求，凭据是最终的（最晚一位签于 {}）。",
                names.join("、"),
                latest.rfc3339()
            ),
        }
    }
}

/// Reads a policy file.
///
/// # Errors
/// It cannot be read, or a line of it is wrong.
pub(crate) fn read_policy(file: &Path) -> Result<Policy, Failure> {
    let bytes = policy_bytes(file)?;
    Policy::parse(&bytes).map_err(|error| Failure::usage(error.code(), error.to_string()))
}

/// What the policy says of a checkpoint whose log is known to have signed it. A receipt may be
/// old, so the witnesses' times are shown and not judged.
///
/// # Errors
/// The log is none of the policy's, or has signed with a key that the policy does not name (then nothing can be said); a
/// witness's line does not verify; witnesses are missing.
pub(crate) fn under(policy: &Policy, note: &SignedNote) -> Result<Witnesses, Doubt> {
    let always = TimeWindow::ALWAYS;
    let quorum = if policy.logs().is_empty() {
        policy
            .quorum(note, always)
            .map_err(|error| Doubt::new(error.code(), error))?
    } else {
        policy.judge(note, always).map_err(of_policy)?.quorum
    };
    match quorum.standing {
        Standing::OperatorOnly => Ok(Witnesses::OperatorOnly),
        Standing::Final => Ok(Witnesses::Final {
            names: names(&quorum),
            latest: latest(&quorum),
        }),
        Standing::Waiting => Err(Doubt::new("policy.waiting", waiting(&quorum))),
    }
}

/// The log's signature was verified before, so a policy that does not find it lacks the key.
fn of_policy(error: CheckpointError) -> Doubt {
    match error {
        CheckpointError::Note(NoteError::Unverified) => Doubt::open(
            "policy.log_key",
            "验证政策的 log 行里没有签这个检查点的公钥，无法按政策核对；请取最新的政策文件（旧公钥的那行应当留着）再核对",
        ),
        error => Doubt::new(error.code(), error),
    }
}

fn waiting(quorum: &Quorum<'_>) -> String {
    let names = names(quorum);
    let so_far = if names.is_empty() {
        "还没有见证人签名".to_owned()
    } else {
        format!("只有{}签了名", names.join("、"))
    };
    format!("{so_far}，没有达到验证政策的要求，凭据还不是最终的，请稍后从凭据页重新下载再核对")
}

fn counted<'q>(quorum: &'q Quorum<'_>) -> impl Iterator<Item = &'q Signed<'q>> {
    quorum.signed.iter().filter(|signed| signed.counts)
}

/// Names in the policy are bytes; control characters cannot stand there.
fn names(quorum: &Quorum<'_>) -> Vec<String> {
    counted(quorum)
        .map(|signed| String::from_utf8_lossy(&signed.witness.name).into_owned())
        .collect()
}

fn latest(quorum: &Quorum<'_>) -> Timestamp {
    let seconds = counted(quorum).map(|signed| signed.time).max().unwrap_or(0);
    let micros = i64::try_from(seconds).unwrap_or(i64::MAX);
    Timestamp::from_micros(micros.saturating_mul(1_000_000))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;
    use tlog::{Cosigner, NoteSignature};

    fn witness(number: u8) -> Cosigner {
        Cosigner::from_seed(&format!("witness.example/{number}"), &[100 + number; 32]).unwrap()
    }

    fn policy(quorum: &str) -> Policy {
        let (a, b) = (witness(1), witness(2));
        format!(
            "log {}\nwitness 民政厅 {}\nwitness 审计所 {}\ngroup both all 民政厅 审计所\nquorum {quorum}\n",
            sample::key(),
            a.verifier(),
            b.verifier()
        )
        .parse()
        .unwrap()
    }

    /// The sample receipt's checkpoint with the signatures of these witnesses.
    fn note(witnesses: &[u8]) -> SignedNote {
        let (file, _) = super::super::read(sample::receipt().as_bytes()).unwrap();
        let checkpoint = file.checkpoint().text().parse().unwrap();
        let line = |number: &u8| witness(*number).cosign(&checkpoint, 1_764_000_000).unwrap();
        let lines: Vec<NoteSignature> = witnesses.iter().map(line).collect();
        file.checkpoint().clone().with_signatures(lines).unwrap()
    }

    #[test]
    fn a_receipt_is_final_only_with_the_quorum() {
        let check = |quorum: &str, signed: &[u8], want: Result<&str, &str>| {
            let got = under(&policy(quorum), &note(signed));
            let got = got
                .as_ref()
                .map(Witnesses::code)
                .map_err(|doubt| doubt.code);
            assert_eq!(got, want, "{quorum} {signed:?}");
        };
        check("both", &[1, 2], Ok("final"));
        check("both", &[2, 1, 3], Ok("final"));
        check("both", &[1], Err("policy.waiting"));
        check("both", &[1, 1], Err("policy.waiting"));
        check("both", &[], Err("policy.waiting"));
        check("审计所", &[2], Ok("final"));
        check("审计所", &[1], Err("policy.waiting"));
        check("none", &[1, 2], Ok("operator_only"));
        check("none", &[], Ok("operator_only"));
    }

    #[test]
    fn the_sentence_names_the_witnesses() {
        let found = under(&policy("both"), &note(&[1, 2])).unwrap();
        let words = found.words();
        for part in ["民政厅、审计所", "最终的", "2025-11-24"] {
            assert!(words.contains(part), "{part}: {words}");
        }
        let doubt = under(&policy("both"), &note(&[2])).unwrap_err();
        assert!(doubt.sentence.contains("只有审计所签了名"), "{doubt:?}");
        assert!(Witnesses::NotAsked.words().contains("--policy"));
    }

    #[test]
    fn a_forged_witness_and_a_strange_log_are_not_believed() {
        let one = witness(1);
        let forged =
            NoteSignature::new(one.verifier().name(), one.verifier().id(), &[1; 72]).unwrap();
        let note_with = note(&[2]).with_signatures([forged]).unwrap();
        let doubt = under(&policy("审计所"), &note_with).unwrap_err();
        assert_eq!(doubt.code, "tlog.note.bad_signature");
        let other = sample::signer("log.example/other", 9);
        let strange: Policy = format!("log {}\nquorum none\n", other.verifier())
            .parse()
            .unwrap();
        let doubt = under(&strange, &note(&[])).unwrap_err();
        assert_eq!(doubt.code, "tlog.checkpoint.wrong_origin");
    }

    #[test]
    fn a_policy_that_cannot_be_used_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("policy");
        assert_eq!(read_policy(&file).unwrap_err().code, "policy.read");
        std::fs::write(&file, "quorum x\n").unwrap();
        let refused = read_policy(&file).unwrap_err();
        assert_eq!(refused.code, "tlog.policy.unknown_name");
        assert!(refused.sentence.contains("第 1 行"), "{refused}");
    }
}

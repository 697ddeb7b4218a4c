//! Checkpoints of this house's log that others keep: files that somebody saved, and the copies of the witnesses. Signed by
//! this house's own key they are proof of what was published, whoever shows them.

use crate::cli::Elsewhere;
use crate::house::Place;
use crate::outcome::Failure;
use crate::serve;
use app::Shown;
use gateway::{Secrets, keys};
use leaf::{KeyTrustError, TrustedKeys};
use std::path::Path;
use store::transparency::{Mark, Seen};
use tlog::limits::NOTE_BYTES_MAX;
use tlog::policy::Witness;
use tlog::{Checkpoint, PrivateKey, ProofFile, SignedNote, Signer, VerifierKey};

/// What was found.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// Checkpoints that were signed by this house's own keys.
    pub(crate) seen: Vec<Seen>,
    /// What could not be used, and why.
    pub(crate) remarks: Vec<String>,
}

/// The keys of the log `origin` that this house holds, the first one first.
///
/// # Errors
/// A key file cannot be read.
pub(crate) fn held_keys(
    place: &Place,
    secrets: &Secrets,
    origin: &str,
) -> Result<Vec<VerifierKey>, Failure> {
    let said = |error: tlog::KeyError| Failure::usage(error.code(), error.to_string());
    let first = Signer::from_seed(origin, secrets.log_seed.expose()).map_err(said)?;
    let mut held = vec![first.verifier().clone()];
    let passphrase = place.passphrase()?;
    let lines = keys::log_key_lines(&place.keys(), passphrase.as_ref());
    let lines = lines.map_err(|error| Failure::unreachable("keys.read", error.to_string()))?;
    for line in lines {
        let key = line.expose().parse::<PrivateKey>().ok();
        let signer = key
            .filter(|key| key.name() == origin)
            .map(|key| key.signer());
        if let Some(signer) = signer.transpose().map_err(said)? {
            held.push(signer.verifier().clone());
        }
    }
    Ok(held)
}

/// Reads the files and asks the witnesses. Believed are `trusted` keys, and all that are `held`: a mirror that is old does
/// not know the newest ones.
///
/// # Errors
/// A file that cannot be read, or holds no checkpoint of this log; a policy that is none.
pub(crate) async fn gather(
    elsewhere: &Elsewhere,
    (trusted, held): (&TrustedKeys, &[VerifierKey]),
) -> Result<Found, Failure> {
    let held = TrustedKeys::new(trusted.origin(), held.iter().cloned());
    let open = |note: &SignedNote| match trusted.open(note) {
        Err(KeyTrustError::Ended) => Err(KeyTrustError::Ended),
        Err(_) => held.open(note),
        Ok(checkpoint) => Ok(checkpoint),
    };
    let mut found = Found::default();
    for file in &elsewhere.at_least {
        let by = file.display().to_string();
        let checkpoint = open(&saved(file)?).map_err(|error| {
            let sentence = format!("{by} 里的检查点不是本日志的密钥签的：{error}；请换一份");
            Failure::refused("at_least.not_ours", sentence)
        })?;
        found.seen.push(seen(&checkpoint, by));
    }
    let Some(policy) = serve::witnesses(elsewhere.witness_policy.as_deref())? else {
        return Ok(found);
    };
    let shown = app::witness_copies(&policy, trusted.origin()).await;
    for (witness, shown) in policy.policy().witnesses().iter().zip(shown) {
        let opened = match &shown {
            Shown::Note(note) => open(note).ok(),
            _ => None,
        };
        match opened {
            Some(checkpoint) => found
                .seen
                .push(seen(&checkpoint, format!("见证人 {}", witness.key.name()))),
            None => found.remarks.push(remark(witness, &shown)),
        }
    }
    Ok(found)
}

fn seen(checkpoint: &Checkpoint, by: String) -> Seen {
    let mark = Mark {
        size: i64::try_from(checkpoint.size()).unwrap_or(i64::MAX),
        root: checkpoint.root(),
    };
    Seen { mark, by }
}

fn remark(witness: &Witness, shown: &Shown) -> String {
    let name = witness.key.name();
    match shown {
        Shown::NoAddress => format!("见证人 {name} 没有网址，没有核对"),
        Shown::Unreached(error) => format!("见证人 {name} 没有核对：{error}"),
        Shown::Nothing => format!("见证人 {name} 没有见过本日志"),
        Shown::Unreadable => format!("见证人 {name} 的答复读不懂，没有采用"),
        Shown::Note(_) => format!("见证人 {name} 存着的检查点不是本日志的密钥签的，没有采用"),
    }
}

/// The checkpoint in a file: a saved one, or that of a receipt.
fn saved(file: &Path) -> Result<SignedNote, Failure> {
    let unread = |why: String| {
        let sentence = format!("{} 读不了：{why}，请检查路径", file.display());
        Failure::unreachable("at_least.read", sentence)
    };
    let length = std::fs::metadata(file).map_err(|error| unread(error.to_string()))?;
    if length.len() > NOTE_BYTES_MAX as u64 {
        return Err(unread("文件过大".into()));
    }
    let bytes = std::fs::read(file).map_err(|error| unread(error.to_string()))?;
    let receipt = String::from_utf8_lossy(&bytes).parse::<ProofFile>();
    if let Ok(receipt) = receipt {
        return Ok(receipt.checkpoint().clone());
    }
    SignedNote::parse(&bytes).map_err(|error| {
        let sentence = format!(
            "{} 既不是检查点，也不是凭据：{error}；请给 /log/checkpoint 存下的文件或 .tlog-proof 凭据",
            file.display()
        );
        Failure::usage("at_least.malformed", sentence)
    })
}

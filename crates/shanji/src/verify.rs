//! `shanji verify`: whether a receipt is true, with nothing but the file and a key.

mod certificate;
mod completeness;
mod sm2;
pub(crate) mod witnesses;
mod words;

use crate::cli::Verify;
use crate::outcome::{Ended, Exit, Failure};
use crate::screen::{say, say_json};
use crate::vkeys;
use leaf::{KeyTrustError, Leaf, ReceiptExtra, Sm2History, TrustedKeys};
use serde_json::json;
use std::borrow::Cow;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use tlog::limits::PROOF_FILE_BYTES_MAX;
use tlog::policy::Policy;
use tlog::{Checkpoint, ProofFile, VerifierKey, leaf_hash};
use witnesses::Witnesses;

/// 〔核对通过的凭据〕 What a receipt has proved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Proved {
    /// Where in the log the statement stands.
    pub(crate) index: u64,
    /// The statement.
    pub(crate) leaf: Leaf,
    /// Private words that the file opens, by field, each found to be what was committed to.
    pub(crate) opened: Vec<(String, String)>,
    /// What the log has signed.
    pub(crate) checkpoint: Checkpoint,
    /// Who else stands behind it.
    pub(crate) witnesses: Witnesses,
}

/// What a file has proved, by what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Judged {
    /// One statement.
    Receipt(Box<Proved>),
    /// That nothing is left out, and who else stands behind it.
    Complete(Box<leaf::Proved>, Witnesses),
    /// What a register said on a day; a certificate has no witnesses.
    Certificate(Box<leaf::Certificate>),
}

/// Why a receipt is not believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Doubt {
    /// The stable code.
    pub(crate) code: &'static str,
    /// In words, with what to do.
    pub(crate) sentence: String,
    /// Whether nothing is known to be wrong: whoever asks has not brought what is needed to judge it.
    pub(crate) is_open: bool,
}

impl Doubt {
    fn new(code: &'static str, sentence: impl ToString) -> Doubt {
        Doubt {
            code,
            sentence: sentence.to_string(),
            is_open: false,
        }
    }

    /// Nothing is known to be wrong, and nothing can be said.
    fn open(code: &'static str, sentence: impl ToString) -> Doubt {
        Doubt {
            is_open: true,
            ..Doubt::new(code, sentence)
        }
    }

    /// What the command ends with: a file that could not be judged for want of a key is like a key that was not given.
    const fn exit(&self) -> Exit {
        match self.is_open {
            true => Exit::Usage,
            false => Exit::Found,
        }
    }
}

/// Reads a receipt as far as the name of its log, which says whose key is needed.
///
/// # Errors
/// The bytes are no proof file.
pub(crate) fn read(bytes: &[u8]) -> Result<(ProofFile, String), Doubt> {
    let text = std::str::from_utf8(bytes)
        .map_err(|_| Doubt::new("receipt.text", "凭据不是文本文件或已损坏，请使用原始文件"))?;
    let file: ProofFile = text
        .parse()
        .map_err(|error: tlog::ProofFileError| Doubt::new(error.code(), error))?;
    // What reads in two ways could be shown to two people as two receipts.
    if file.to_string() != text {
        let sentence = "凭据的写法与原始文件不同，可能被改动，请使用原始文件";
        return Err(Doubt::new("receipt.spelling", sentence));
    }
    let checkpoint: Checkpoint = file
        .checkpoint()
        .text()
        .parse()
        .map_err(|error: tlog::CheckpointError| Doubt::new(error.code(), error))?;
    Ok((file, checkpoint.origin().to_owned()))
}

/// Whether a receipt holds: the openings open the statement's commitments, the statement's hash leads to the
/// checkpoint's root, and the log `origin` has signed the checkpoint with one of the `keys`.
///
/// # Errors
/// The first thing that does not hold.
pub(crate) fn check(file: &ProofFile, origin: &str, keys: &[VerifierKey]) -> Result<Proved, Doubt> {
    let missing = "文件里没有陈述原文，无法说明证明了什么，请从凭据页重新下载";
    let extra = file
        .extra()
        .ok_or_else(|| Doubt::new("receipt.no_leaf", missing))?;
    let extra = ReceiptExtra::parse(extra)
        .map_err(|error| Doubt::new(error.code(), format!("凭据附带的内容不对：{error}")))?;
    let leaf = extra
        .verify()
        .map_err(|error| Doubt::new(error.code(), error))?;
    leaf.check_content()
        .map_err(|error| Doubt::new(error.code(), error))?;
    let checkpoint = file
        .verify(&leaf_hash(&extra.leaf), origin, keys)
        .map_err(|error| Doubt::new(error.code(), error))?;
    let opened = extra
        .openings()
        .map(|opening| (opening.field, opening.value))
        .collect();
    Ok(Proved {
        index: file.index(),
        leaf,
        opened,
        checkpoint,
        witnesses: Witnesses::NotAsked,
    })
}

/// Runs the command: every file is judged. What is wrong counts more than what could not be judged.
pub(crate) fn run(args: &Verify) -> Ended {
    let folder = vkeys::folder();
    let policy = args.policy.as_deref().map(witnesses::read_policy);
    let policy = policy.transpose()?;
    let sm2 = args.sm2_vkey.as_deref().map(sm2::read).transpose()?;
    let mut worst = Exit::Fine;
    for path in &args.files {
        let judged = judge(
            &certificate::written(path).map_or_else(|| read_bytes(path).map(Cow::Owned), Ok)?,
            args,
            (folder.as_deref(), policy.as_ref(), sm2.as_ref()),
        )?;
        if let Err(doubt) = &judged
            && worst != Exit::Found
        {
            worst = doubt.exit();
        }
        // What was asked for and did not hold is a doubt.
        let has_checkpoint =
            matches!(&judged, Ok(judged) if !matches!(judged, Judged::Certificate(_)));
        let is_beside = has_checkpoint && sm2.is_some();
        if args.json {
            let mut said = as_json(path, &judged);
            if is_beside {
                said["sm2"] = true.into();
            }
            say_json(&said);
        } else {
            say(&words::of(path, &judged));
            if is_beside {
                say(sm2::HOLDS);
            }
        }
    }
    Ok(worst)
}

/// The keys that are known of a log, those of the policy's `log` lines among them: they are what its writer believes.
/// Without any nothing can be said.
fn known_keys(
    origin: &str,
    args: &Verify,
    (folder, policy): (Option<&Path>, Option<&Policy>),
) -> Result<TrustedKeys, Failure> {
    let mut given = args.keys.clone();
    let logs = policy.map_or(&[][..], Policy::logs).iter();
    let own = logs.filter(|log| log.key.name() == origin);
    given.vkeys.extend(own.map(|log| log.key.to_string()));
    let mut keys = vkeys::keys_for(origin, &given, folder)?;
    if keys.is_empty() {
        let sentence = format!("没有日志“{origin}”的公钥，无法核对签名。{}", vkeys::HOW);
        return Err(Failure::usage("vkey.missing", sentence));
    }
    if let Some(history) = &args.history {
        vkeys::follow_file(&mut keys, history)?;
    }
    Ok(keys)
}

/// Judges a file by what it is. With a policy nothing is believed without its quorum.
fn judge(
    bytes: &[u8],
    args: &Verify,
    (folder, policy, sm2): (Option<&Path>, Option<&Policy>, Option<&Sm2History>),
) -> Result<Result<Judged, Doubt>, Failure> {
    if let Some(payload) = certificate::in_file(bytes) {
        return judge_certificate(payload, args, (folder, policy));
    }
    let (file, origin) = match read(bytes) {
        Ok(read) => read,
        Err(doubt) => return Ok(Err(doubt)),
    };
    let trusted = known_keys(&origin, args, (folder, policy))?;
    match trusted.open(file.checkpoint()) {
        Ok(_) => {}
        Err(error @ KeyTrustError::NotGiven) => {
            let sentence = format!("{error}：把它存下，用 --history 给出");
            return Ok(Err(Doubt::open(error.code(), sentence)));
        }
        Err(error) => return Ok(Err(Doubt::new(error.code(), error))),
    }
    let keys = trusted.for_note(file.checkpoint());
    let judged = if completeness::is_one(&file) {
        completeness::check(&file, &origin, &keys)
            .map(|proved| Judged::Complete(Box::new(proved), Witnesses::NotAsked))
    } else {
        check(&file, &origin, &keys).map(|proved| Judged::Receipt(Box::new(proved)))
    };
    if judged.is_ok() && args.keys.remember {
        vkeys::remember(&origin, &trusted.remembered(), folder)?;
    }
    let beside = sm2.map(|sm2| sm2::check(sm2, &trusted, file.checkpoint()));
    Ok(judged.and_then(|judged| {
        beside.transpose()?;
        judged.under(policy, &file)
    }))
}

/// Judges what a QR code holds.
fn judge_certificate(
    payload: &str,
    args: &Verify,
    (folder, policy): (Option<&Path>, Option<&Policy>),
) -> Result<Result<Judged, Doubt>, Failure> {
    let read = match certificate::read(payload) {
        Ok(read) => read,
        Err(doubt) => return Ok(Err(doubt)),
    };
    let trusted = known_keys(read.origin(), args, (folder, policy))?;
    Ok(certificate::check(&read, &trusted))
}

impl Judged {
    /// Adds what the policy says, if there is one.
    fn under(mut self, policy: Option<&Policy>, file: &ProofFile) -> Result<Judged, Doubt> {
        if let Some(policy) = policy {
            let found = witnesses::under(policy, file.checkpoint())?;
            match &mut self {
                Judged::Receipt(proved) => proved.witnesses = found,
                Judged::Complete(_, witnesses) => *witnesses = found,
                Judged::Certificate(_) => {}
            }
        }
        Ok(self)
    }
}

fn read_bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    let failed = || {
        let sentence = format!("读不到文件 {}，请检查路径和权限", path.display());
        Failure::unreachable("file.read", sentence)
    };
    let mut bytes = Vec::new();
    // One byte more than allowed, so that a file that is too long is noticed and not cut.
    File::open(path)
        .and_then(|file| {
            file.take(PROOF_FILE_BYTES_MAX as u64 + 1)
                .read_to_end(&mut bytes)
        })
        .map_err(|_| failed())?;
    Ok(bytes)
}

fn as_json(path: &Path, judged: &Result<Judged, Doubt>) -> serde_json::Value {
    let file = path.display().to_string();
    match judged {
        Err(doubt) => json!({
            "file": file, "ok": false, "judged": !doubt.is_open,
            "code": doubt.code, "reason": doubt.sentence,
        }),
        Ok(Judged::Complete(proved, witnesses)) => completeness::as_json(&file, proved, witnesses),
        Ok(Judged::Certificate(said)) => certificate::as_json(&file, said),
        Ok(Judged::Receipt(proved)) => json!({
            "file": file,
            "ok": true,
            "origin": proved.checkpoint.origin(),
            "index": proved.index,
            "size": proved.checkpoint.size(),
            "witnesses": proved.witnesses.code(),
            "kind": proved.leaf.kind.code(),
            "id": proved.leaf.id,
            "organisation": proved.leaf.organisation,
            "day": proved.leaf.time.day().to_string(),
            "moves": proved.leaf.moves.iter().map(|m| json!({
                "amount": m.n,
                "from": m.from.as_ref().map(|side| &side.fund),
                "to": m.to.as_ref().map(|side| &side.fund),
            })).collect::<Vec<_>>(),
            "opened": proved.opened.iter().cloned().collect::<std::collections::BTreeMap<_, _>>(),
        }),
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) mod vectors;

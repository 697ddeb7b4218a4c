//! The rules by which a witness signs or refuses. They persist nothing: whoever calls them keeps
//! the accepted checkpoint, in one step with the comparison of the old size, before it signs.

use super::SIZE_MEDIA_TYPE;
use super::request::{AddCheckpoint, RequestError};
use crate::checkpoint::Checkpoint;
use crate::hash::Hash;
use crate::key::VerifierKey;
use crate::proof::verify_consistency;

/// A log that the witness is set up for.
#[derive(Debug, Clone, Copy)]
pub struct KnownLog<'a> {
    /// Its name.
    pub origin: &'a str,
    /// The keys that are believed to be its own.
    pub keys: &'a [VerifierKey],
    /// What the witness signed last, if anything.
    pub latest: Option<Latest>,
}

/// The last checkpoint of a log that the witness signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Latest {
    /// The log's size.
    pub size: u64,
    /// The root at that size.
    pub root: Hash,
    /// When it was signed, in seconds since 1970.
    pub time: u64,
}

/// A checkpoint that may be signed, once it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// What to keep and sign.
    pub checkpoint: Checkpoint,
    /// The size that must still be the kept one when the new one is kept.
    pub old: u64,
    /// The time to sign with.
    pub time: u64,
}

impl Accepted {
    /// What the witness must keep before it answers.
    #[must_use]
    pub const fn latest(&self) -> Latest {
        Latest {
            size: self.checkpoint.size(),
            root: self.checkpoint.root(),
            time: self.time,
        }
    }
}

/// Why a witness does not sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The request cannot be read.
    #[error(transparent)]
    Malformed(#[from] RequestError),
    /// The witness is not set up for this log.
    #[error("本见证人未配置此日志，请先联系见证人登记")]
    UnknownOrigin,
    /// None of the log's keys has signed, or not what stands here.
    #[error("检查点没有此日志的有效签名")]
    NotSigned,
    /// The old size is larger than the new one.
    #[error("旧大小不能大于检查点的大小")]
    OldBeyondNew,
    /// The witness knows another size than the one the proof starts from.
    #[error("本见证人所知的大小为 {size}，请从该大小出具证明")]
    Conflict {
        /// The size that it knows.
        size: u64,
    },
    /// Two roots of one size: the log shows different people different histories.
    #[error("同一大小却有另一个根，日志出现分叉，本见证人已拒签")]
    RootDiffers,
    /// The proof does not lead from the known checkpoint to this one.
    #[error("一致性证明不成立，本见证人已拒签")]
    BadProof,
    /// The witness's own clock stands before the time of its last signature.
    #[error("见证人的时钟早于上次见证时间，请稍后再试并通知见证人校时")]
    ClockBehind,
}

impl Refusal {
    /// The HTTP status that the specification names; it names none for the witness's own clock.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Refusal::Malformed(_) | Refusal::OldBeyondNew => 400,
            Refusal::UnknownOrigin => 404,
            Refusal::NotSigned => 403,
            Refusal::Conflict { .. } => 409,
            Refusal::RootDiffers | Refusal::BadProof => 422,
            Refusal::ClockBehind => 503,
        }
    }

    /// The media type of the answer.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Refusal::Conflict { .. } => SIZE_MEDIA_TYPE,
            _ => "text/plain; charset=utf-8",
        }
    }

    /// The answer: the known size for a program, or a sentence for people.
    #[must_use]
    pub fn body(self) -> String {
        match self {
            Refusal::Conflict { size } => format!("{size}\n"),
            other => format!("{other}\n"),
        }
    }

    /// Stable code for machines.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Refusal::Malformed(error) => error.code(),
            Refusal::UnknownOrigin => "tlog.witness.unknown_origin",
            Refusal::NotSigned => "tlog.witness.not_signed",
            Refusal::OldBeyondNew => "tlog.witness.old_beyond_new",
            Refusal::Conflict { .. } => "tlog.witness.conflict",
            Refusal::RootDiffers => "tlog.witness.root_differs",
            Refusal::BadProof => "tlog.witness.bad_proof",
            Refusal::ClockBehind => "tlog.witness.clock_behind",
        }
    }
}

/// Whether the witness may sign, by the rules of the specification and in its order.
///
/// `known` is the log that the checkpoint's first line names, if the witness is set up for it.
/// `now` is in seconds since 1970. A time before that of the last signature would make the
/// witness say that an older tree was followed by a younger one at an earlier hour: refused.
///
/// # Errors
/// [`Refusal`] with the status to answer; nothing may be kept then.
pub fn decide(
    known: Option<KnownLog<'_>>,
    request: &AddCheckpoint,
    now: u64,
) -> Result<Accepted, Refusal> {
    let known = known
        .filter(|known| known.origin == request.claimed().origin())
        .ok_or(Refusal::UnknownOrigin)?;
    let checkpoint = Checkpoint::open(request.note(), known.origin, known.keys)
        .map_err(|_| Refusal::NotSigned)?;
    if request.old() > checkpoint.size() {
        return Err(Refusal::OldBeyondNew);
    }
    let known_size = known.latest.map_or(0, |latest| latest.size);
    if request.old() != known_size {
        return Err(Refusal::Conflict { size: known_size });
    }
    check_growth(known.latest, &checkpoint, request.proof())?;
    if known.latest.is_some_and(|latest| now < latest.time) {
        return Err(Refusal::ClockBehind);
    }
    Ok(Accepted {
        checkpoint,
        old: known_size,
        time: now,
    })
}

/// Whether the checkpoint continues what the witness has signed before.
fn check_growth(
    latest: Option<Latest>,
    checkpoint: &Checkpoint,
    proof: &[Hash],
) -> Result<(), Refusal> {
    // There is one empty tree, whoever signs it.
    if checkpoint.size() == 0 && checkpoint.root() != Hash::EMPTY_ROOT {
        return Err(Refusal::RootDiffers);
    }
    let Some(latest) = latest.filter(|latest| latest.size > 0) else {
        return if proof.is_empty() {
            Ok(())
        } else {
            Err(Refusal::BadProof)
        };
    };
    if latest.size == checkpoint.size() && latest.root != checkpoint.root() {
        return Err(Refusal::RootDiffers);
    }
    let (old, new) = (latest.size, checkpoint.size());
    verify_consistency(old, new, proof, &latest.root, &checkpoint.root())
        .map_err(|_| Refusal::BadProof)
}

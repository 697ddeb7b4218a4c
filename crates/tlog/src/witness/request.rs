//! The body of `add-checkpoint`.

use std::fmt;

use crate::checkpoint::Checkpoint;
use crate::decimal::parse_decimal;
use crate::hash::Hash;
use crate::limits::{
    SIZE_MAX, WITNESS_NOTE_BYTES_MAX, WITNESS_PROOF_HASHES_MAX, WITNESS_REQUEST_BYTES_MAX,
};
use crate::note::{NoteError, SignedNote};

/// 〔见证请求〕 A checkpoint, the size that the witness is believed to know, and the proof between.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddCheckpoint {
    old: u64,
    proof: Vec<Hash>,
    note: SignedNote,
    /// What the note says; nobody has vouched for it yet.
    claimed: Checkpoint,
}

/// Why a request cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// The request, its proof or its checkpoint is beyond the limits.
    #[error("见证请求过大，请核对证明与签名的个数")]
    TooLarge,
    /// The lines are not those of a request.
    #[error("见证请求格式不对，应为旧大小、证明、空行、检查点")]
    Malformed,
    /// What stands for the checkpoint is no signed note.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// The note is no checkpoint of three lines.
    #[error("见证请求中的签名文件不是三行的检查点")]
    NoCheckpoint,
}

impl RequestError {
    /// Stable code for machines.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            RequestError::TooLarge => "tlog.witness.request_too_large",
            RequestError::Malformed => "tlog.witness.request_malformed",
            RequestError::Note(error) => error.code(),
            RequestError::NoCheckpoint => "tlog.witness.no_checkpoint",
        }
    }
}

impl AddCheckpoint {
    /// A request from its parts.
    ///
    /// # Errors
    /// [`RequestError::TooLarge`] beyond the limits, [`RequestError::NoCheckpoint`] if the note is
    /// none.
    pub fn new(
        old: u64,
        proof: Vec<Hash>,
        note: SignedNote,
    ) -> Result<AddCheckpoint, RequestError> {
        let long = note.to_string().len() > WITNESS_NOTE_BYTES_MAX;
        if long || old > SIZE_MAX || proof.len() > WITNESS_PROOF_HASHES_MAX {
            return Err(RequestError::TooLarge);
        }
        let claimed = note
            .text()
            .parse()
            .map_err(|_| RequestError::NoCheckpoint)?;
        Ok(AddCheckpoint {
            old,
            proof,
            note,
            claimed,
        })
    }

    /// What the checkpoint claims to be: good for finding the log that it names, not for belief.
    #[must_use]
    pub const fn claimed(&self) -> &Checkpoint {
        &self.claimed
    }

    /// The size from which the proof leads on.
    #[must_use]
    pub const fn old(&self) -> u64 {
        self.old
    }

    /// The consistency proof.
    #[must_use]
    pub fn proof(&self) -> &[Hash] {
        &self.proof
    }

    /// The signed checkpoint; nothing is known yet of who signed it.
    #[must_use]
    pub const fn note(&self) -> &SignedNote {
        &self.note
    }

    /// Reads a body.
    ///
    /// # Errors
    /// [`RequestError`] if it is not exactly of this form: a witness answers 400 then.
    pub fn parse(body: &[u8]) -> Result<AddCheckpoint, RequestError> {
        if body.len() > WITNESS_REQUEST_BYTES_MAX {
            return Err(RequestError::TooLarge);
        }
        let text = str::from_utf8(body).map_err(|_| RequestError::Malformed)?;
        let (head, note) = text.split_once("\n\n").ok_or(RequestError::Malformed)?;
        let mut lines = head.split('\n');
        let old = lines
            .next()
            .and_then(|line| line.strip_prefix("old "))
            .and_then(|number| parse_decimal(number, SIZE_MAX))
            .ok_or(RequestError::Malformed)?;
        let proof = lines
            .take(WITNESS_PROOF_HASHES_MAX + 1)
            .map(|line| line.parse().map_err(|_| RequestError::Malformed))
            .collect::<Result<Vec<Hash>, _>>()?;
        AddCheckpoint::new(old, proof, SignedNote::parse(note)?)
    }
}

impl fmt::Display for AddCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "old {}", self.old)?;
        self.proof
            .iter()
            .try_for_each(|hash| writeln!(f, "{hash}"))?;
        write!(f, "\n{}", self.note)
    }
}

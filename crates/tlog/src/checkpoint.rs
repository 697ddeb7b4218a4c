//! Checkpoints: origin, size and root of a log in three lines (c2sp.org/tlog-checkpoint).
//!
//! Extension lines, which the specification advises against, are refused: some cosigners do not
//! sign them, so nobody could rely on what stands there.

use std::fmt;
use std::str::FromStr;

use crate::decimal::parse_decimal;
use crate::hash::Hash;
use crate::key::{Signer, VerifierKey, is_name};
use crate::limits::SIZE_MAX;
use crate::note::{NoteError, SignedNote};

/// 〔检查点〕 What a log says about itself: this many entries, this root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    origin: String,
    size: u64,
    root: Hash,
}

/// Why a checkpoint was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// Not exactly origin, size and root.
    #[error("检查点应恰为三行：日志名称、大小、根，请重新下载")]
    Malformed,
    /// The name of a log must be usable as the name of its key.
    #[error("日志名称不能为空，不能含空格、加号或控制字符，且不超过 255 字节，请改名")]
    BadOrigin,
    /// The log is larger than any log may be.
    #[error("检查点所示的日志大小超出上限，请核对来源")]
    TooLarge,
    /// It belongs to another log than the one asked for.
    #[error("检查点属于另一个日志，请核对所用的日志名称")]
    WrongOrigin,
    /// Others may have signed, but not the log itself under its own name.
    #[error("检查点没有该日志自己的签名，请勿采信")]
    NotSignedByLog,
    /// The note around it was refused.
    #[error(transparent)]
    Note(#[from] NoteError),
}

impl CheckpointError {
    /// Stable code for machines.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            CheckpointError::Malformed => "tlog.checkpoint.malformed",
            CheckpointError::BadOrigin => "tlog.checkpoint.bad_origin",
            CheckpointError::TooLarge => "tlog.checkpoint.too_large",
            CheckpointError::WrongOrigin => "tlog.checkpoint.wrong_origin",
            CheckpointError::NotSignedByLog => "tlog.checkpoint.not_signed_by_log",
            CheckpointError::Note(error) => error.code(),
        }
    }
}

impl Checkpoint {
    /// A checkpoint of the log `origin` (its URL without scheme and closing slash).
    ///
    /// # Errors
    /// [`CheckpointError`] if the origin is no name or the size beyond [`SIZE_MAX`].
    pub fn new(origin: &str, size: u64, root: Hash) -> Result<Checkpoint, CheckpointError> {
        if !is_name(origin) {
            return Err(CheckpointError::BadOrigin);
        }
        if size > SIZE_MAX {
            return Err(CheckpointError::TooLarge);
        }
        Ok(Checkpoint {
            origin: origin.to_owned(),
            size,
            root,
        })
    }

    /// The log's name.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// How many entries the log has.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The root over all of them.
    #[must_use]
    pub const fn root(&self) -> Hash {
        self.root
    }

    /// Signs the checkpoint as the log: every signer carries the log's name. Two signers of one
    /// name are right while a key is being changed.
    ///
    /// # Errors
    /// [`CheckpointError::WrongOrigin`] if a signer has another name; [`NoteError`] if none is given.
    pub fn sign(&self, signers: &[&Signer]) -> Result<SignedNote, CheckpointError> {
        if signers
            .iter()
            .any(|signer| signer.verifier().name() != self.origin)
        {
            return Err(CheckpointError::WrongOrigin);
        }
        Ok(SignedNote::sign(&self.to_string(), signers)?)
    }

    /// Reads a signed checkpoint and believes it only if it is of the log `origin` and that log
    /// has signed it with one of the `known` keys. All known keys that signed must verify.
    ///
    /// # Errors
    /// [`CheckpointError`] otherwise.
    pub fn open(
        note: &SignedNote,
        origin: &str,
        known: &[VerifierKey],
    ) -> Result<Checkpoint, CheckpointError> {
        let signed = note.verify(known)?;
        let checkpoint: Checkpoint = note.text().parse()?;
        if checkpoint.origin != origin {
            return Err(CheckpointError::WrongOrigin);
        }
        if signed.iter().all(|key| key.name() != origin) {
            return Err(CheckpointError::NotSignedByLog);
        }
        Ok(checkpoint)
    }
}

impl fmt::Display for Checkpoint {
    /// The note text: three lines, each with its line feed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}\n{}", self.origin, self.size, self.root)
    }
}

impl FromStr for Checkpoint {
    type Err = CheckpointError;

    fn from_str(text: &str) -> Result<Checkpoint, CheckpointError> {
        let mut lines = text
            .strip_suffix('\n')
            .ok_or(CheckpointError::Malformed)?
            .split('\n');
        let parts = (lines.next(), lines.next(), lines.next(), lines.next());
        let (Some(origin), Some(size), Some(root), None) = parts else {
            return Err(CheckpointError::Malformed);
        };
        let size = parse_decimal(size, u64::MAX).ok_or(CheckpointError::Malformed)?;
        let root = root.parse().map_err(|_| CheckpointError::Malformed)?;
        Checkpoint::new(origin, size, root)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOT: &str = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

    #[test]
    fn three_lines_and_nothing_else() {
        let check = |text: &str, want: Option<CheckpointError>| {
            let got = text.parse::<Checkpoint>();
            if let Ok(checkpoint) = &got {
                assert_eq!(checkpoint.to_string(), text);
            }
            assert_eq!(got.err(), want, "{text:?}");
        };
        check(&format!("log.example/a\n0\n{ROOT}\n"), None);
        check(&format!("log.example/a\n{SIZE_MAX}\n{ROOT}\n"), None);
        check(
            &format!("log.example/a\n9223372036854775808\n{ROOT}\n"),
            Some(CheckpointError::TooLarge),
        );
        check(
            &format!("log example\n0\n{ROOT}\n"),
            Some(CheckpointError::BadOrigin),
        );
        check(&format!("\n0\n{ROOT}\n"), Some(CheckpointError::BadOrigin));
        check(
            &format!("a\r\n0\n{ROOT}\n"),
            Some(CheckpointError::BadOrigin),
        );
        let malformed = Some(CheckpointError::Malformed);
        check("", malformed);
        check(&format!("a\n0\n{ROOT}"), malformed);
        check(&format!("a\n00\n{ROOT}\n"), malformed);
        check(&format!("a\n-1\n{ROOT}\n"), malformed);
        check(&format!("a\n0\n{ROOT}\n\n"), malformed);
        check(&format!("a\n0\n{ROOT}\nmore\n"), malformed);
        check(&format!("a\n0\n{}\n", &ROOT[1..]), malformed);
        check(&format!("a\n{ROOT}\n"), malformed);
    }

    #[test]
    fn only_the_logs_own_word_opens_a_checkpoint() {
        let log = Signer::from_seed("log.example/a", &[1; 32]).unwrap();
        let other = Signer::from_seed("log.example/b", &[2; 32]).unwrap();
        let known = [log.verifier().clone(), other.verifier().clone()];
        let checkpoint = Checkpoint::new("log.example/a", 5, Hash::EMPTY_ROOT).unwrap();
        let text = checkpoint.to_string();
        let check = |signers: &[&Signer], origin: &str, want: Result<(), CheckpointError>| {
            let note = SignedNote::sign(&text, signers).unwrap();
            let want = want.map(|()| checkpoint.clone());
            assert_eq!(Checkpoint::open(&note, origin, &known), want);
        };
        check(&[&log], "log.example/a", Ok(()));
        check(&[&other, &log], "log.example/a", Ok(()));
        check(&[&log], "log.example/b", Err(CheckpointError::WrongOrigin));
        check(
            &[&other],
            "log.example/a",
            Err(CheckpointError::NotSignedByLog),
        );
        assert_eq!(
            checkpoint.sign(&[&other]),
            Err(CheckpointError::WrongOrigin)
        );
        assert_eq!(
            checkpoint.sign(&[&log]),
            Ok(SignedNote::sign(&text, &[&log]).unwrap())
        );
    }
}

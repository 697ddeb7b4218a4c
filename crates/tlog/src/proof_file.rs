//! Proof files: all that someone needs offline to see that an entry is in a log.
//!
//! Source: c2sp.org/tlog-proof. Stored with the extension `.tlog-proof`.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::checkpoint::{Checkpoint, CheckpointError};
use crate::decimal::parse_decimal;
use crate::hash::Hash;
use crate::key::VerifierKey;
use crate::limits::{EXTRA_BYTES_MAX, PROOF_FILE_BYTES_MAX, PROOF_HASHES_MAX, SIZE_MAX};
use crate::note::{NoteError, SignedNote};
use crate::proof::{ProofError, verify_inclusion};

/// The first line of every proof file.
const HEADER: &str = "c2sp.org/tlog-proof@v1";

/// 〔证明文件〕 An inclusion proof with the checkpoint that it leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProofFile {
    extra: Option<Vec<u8>>,
    index: u64,
    proof: Vec<Hash>,
    checkpoint: SignedNote,
}

/// Why a proof file was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProofFileError {
    /// The file, its extra data or its proof is too long.
    #[error("证明文件过大，请核对来源")]
    TooLarge,
    /// The lines are not those of a proof file.
    #[error("证明文件格式不对，请重新下载")]
    Malformed,
    /// The checkpoint is not a signed note.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// The checkpoint is malformed or not believed.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// The proof does not lead from the entry to the checkpoint.
    #[error(transparent)]
    Proof(#[from] ProofError),
}

impl ProofFileError {
    /// Stable code for machines.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            ProofFileError::TooLarge => "tlog.proof_file.too_large",
            ProofFileError::Malformed => "tlog.proof_file.malformed",
            ProofFileError::Note(error) => error.code(),
            ProofFileError::Checkpoint(error) => error.code(),
            ProofFileError::Proof(error) => error.code(),
        }
    }
}

impl ProofFile {
    /// A proof file from an inclusion proof (the leaf's sibling first) and the signed checkpoint.
    ///
    /// # Errors
    /// [`ProofFileError`] if a limit is exceeded, `index` is beyond any log, or the note is no
    /// checkpoint.
    pub fn new(
        index: u64,
        proof: Vec<Hash>,
        checkpoint: SignedNote,
    ) -> Result<ProofFile, ProofFileError> {
        if index > SIZE_MAX {
            return Err(ProofFileError::Malformed);
        }
        if proof.len() > PROOF_HASHES_MAX {
            return Err(ProofFileError::TooLarge);
        }
        // Without this a misplaced empty line would make hashes part of the checkpoint's text.
        let _: Checkpoint = checkpoint.text().parse()?;
        Ok(ProofFile {
            extra: None,
            index,
            proof,
            checkpoint,
        })
    }

    /// The same file with extra data. Empty data is the same as none.
    ///
    /// # Errors
    /// [`ProofFileError::TooLarge`] beyond [`EXTRA_BYTES_MAX`].
    pub fn with_extra(self, extra: Vec<u8>) -> Result<ProofFile, ProofFileError> {
        if extra.len() > EXTRA_BYTES_MAX {
            return Err(ProofFileError::TooLarge);
        }
        let extra = (!extra.is_empty()).then_some(extra);
        Ok(ProofFile { extra, ..self })
    }

    /// What goes along for the application. Nobody vouches for it: whoever uses it recomputes
    /// the leaf's hash from it.
    #[must_use]
    pub fn extra(&self) -> Option<&[u8]> {
        self.extra.as_deref()
    }

    /// The entry's place in the log, from zero.
    #[must_use]
    pub const fn index(&self) -> u64 {
        self.index
    }

    /// The inclusion proof, the leaf's sibling first.
    #[must_use]
    pub fn proof(&self) -> &[Hash] {
        &self.proof
    }

    /// The signed checkpoint with all its signature lines.
    #[must_use]
    pub const fn checkpoint(&self) -> &SignedNote {
        &self.checkpoint
    }

    /// Believes the file only if the log `origin` has signed the checkpoint with a `known` key
    /// and the proof leads from `leaf` to its root. Whether enough witnesses have signed is for
    /// the caller's policy to say.
    ///
    /// # Errors
    /// [`ProofFileError`] otherwise.
    pub fn verify(
        &self,
        leaf: &Hash,
        origin: &str,
        known: &[VerifierKey],
    ) -> Result<Checkpoint, ProofFileError> {
        let checkpoint = Checkpoint::open(&self.checkpoint, origin, known)?;
        verify_inclusion(
            leaf,
            self.index,
            checkpoint.size(),
            &self.proof,
            &checkpoint.root(),
        )?;
        Ok(checkpoint)
    }
}

impl fmt::Display for ProofFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEADER}")?;
        if let Some(extra) = &self.extra {
            writeln!(f, "extra {}", STANDARD.encode(extra))?;
        }
        writeln!(f, "index {}", self.index)?;
        self.proof
            .iter()
            .try_for_each(|hash| writeln!(f, "{hash}"))?;
        write!(f, "\n{}", self.checkpoint)
    }
}

impl FromStr for ProofFile {
    type Err = ProofFileError;

    fn from_str(text: &str) -> Result<ProofFile, ProofFileError> {
        if text.len() > PROOF_FILE_BYTES_MAX {
            return Err(ProofFileError::TooLarge);
        }
        // The first empty line ends the proof; the checkpoint has another one of its own.
        let (head, note) = text.split_once("\n\n").ok_or(ProofFileError::Malformed)?;
        let mut lines = head.split('\n').peekable();
        if lines.next() != Some(HEADER) {
            return Err(ProofFileError::Malformed);
        }
        let extra = lines
            .next_if(|line| line.starts_with("extra "))
            .map(parse_extra)
            .transpose()?;
        let index = lines
            .next()
            .and_then(|line| line.strip_prefix("index "))
            .and_then(|number| parse_decimal(number, SIZE_MAX))
            .ok_or(ProofFileError::Malformed)?;
        let proof = lines
            .take(PROOF_HASHES_MAX + 1)
            .map(|line| line.parse().map_err(|_| ProofFileError::Malformed))
            .collect::<Result<Vec<Hash>, _>>()?;
        let file = ProofFile::new(index, proof, SignedNote::parse(note)?)?;
        file.with_extra(extra.unwrap_or_default())
    }
}

/// Reads the extra line, which is left out rather than empty.
fn parse_extra(line: &str) -> Result<Vec<u8>, ProofFileError> {
    let data = line
        .strip_prefix("extra ")
        .and_then(|encoded| STANDARD.decode(encoded).ok())
        .ok_or(ProofFileError::Malformed)?;
    if data.is_empty() {
        Err(ProofFileError::Malformed)
    } else {
        Ok(data)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::{leaf_hash, node_hash};
    use crate::key::Signer;

    const ORIGIN: &str = "log.example/a";

    fn sample() -> (ProofFile, Hash, [VerifierKey; 1]) {
        let (left, right) = (leaf_hash(b"left"), leaf_hash(b"right"));
        let log = Signer::from_seed(ORIGIN, &[1; 32]).unwrap();
        let checkpoint = Checkpoint::new(ORIGIN, 2, node_hash(&left, &right)).unwrap();
        let note = checkpoint.sign(&[&log]).unwrap();
        let file = ProofFile::new(1, vec![left], note).unwrap();
        (
            file.with_extra(b"{}".to_vec()).unwrap(),
            right,
            [log.verifier().clone()],
        )
    }

    #[test]
    fn a_file_is_read_as_it_was_written_and_verifies() {
        let (file, leaf, known) = sample();
        let text = file.to_string();
        let again: ProofFile = text.parse().unwrap();
        assert_eq!(again, file);
        assert_eq!(again.to_string(), text);
        assert_eq!(again.verify(&leaf, ORIGIN, &known).unwrap().size(), 2);
        assert!(again.verify(&leaf_hash(b"other"), ORIGIN, &known).is_err());
        assert!(again.verify(&leaf, "log.example/b", &known).is_err());
        let plain = again.with_extra(Vec::new()).unwrap();
        assert_eq!(
            (plain.extra(), plain.to_string().parse()),
            (None, Ok(plain.clone()))
        );
    }

    #[test]
    fn no_altered_file_is_believed() {
        let (file, leaf, known) = sample();
        let text = file.to_string();
        for place in 0..text.len() {
            let mut bytes = text.clone().into_bytes();
            bytes[place] ^= 1;
            let Ok(altered) = String::from_utf8(bytes) else {
                continue;
            };
            let Ok(altered) = altered.parse::<ProofFile>() else {
                continue;
            };
            // Only the extra data, for which nobody vouches, may differ in a believed file.
            let same = ProofFile {
                extra: file.extra.clone(),
                ..altered.clone()
            } == file;
            assert_eq!(
                altered.verify(&leaf, ORIGIN, &known).is_ok(),
                same,
                "byte {place}"
            );
        }
    }

    #[test]
    fn malformed_files_are_refused() {
        let good = sample().0.to_string();
        let check = |from: &str, to: &str| {
            assert!(good.contains(from));
            assert!(
                good.replacen(from, to, 1).parse::<ProofFile>().is_err(),
                "{from:?} {to:?}"
            );
        };
        check("@v1", "@v2");
        check("extra e30=", "extra ");
        check("extra e30=", "extra e30");
        check("extra e30=", "Extra e30=");
        check("extra e30=", "extra e30=\nextra e30=");
        check("extra e30=\nindex 1", "index 1\nextra e30=");
        check("index 1", "index 01");
        check("index 1", "index  1");
        check("index 1", "index 18446744073709551615");
        check("index 1\n", "");
        check("index 1\n", "index 1\n\n");
        check("index 1\n", "index 1\r\n");
        check("\n\nlog", "\nlog");
    }
}

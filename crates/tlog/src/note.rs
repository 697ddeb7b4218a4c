//! Signed notes: a text and the lines of those who signed it (c2sp.org/signed-note).

use std::fmt;

use crate::key::{Signer, VerifierKey};
use crate::limits::{NOTE_BYTES_MAX, SIGNATURES_MAX};
use crate::signature::NoteSignature;

/// Why a note was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// The note, or the number or length of its signatures, is beyond the limits.
    #[error("签名文件过大或签名过多，请核对来源")]
    TooLarge,
    /// The text is not UTF-8 ending in a line feed, or has other control characters.
    #[error("签名文件的正文格式不对，请重新下载")]
    MalformedText,
    /// There is no signature, or a line that is none.
    #[error("签名行格式不对，请重新下载")]
    MalformedSignature,
    /// A known key's signature does not fit the text.
    #[error("签名与正文不符，内容可能被改动，请勿采信")]
    BadSignature,
    /// No known key has signed.
    #[error("没有可信密钥的签名，请核对所用公钥是否为该日志的公钥")]
    Unverified,
    /// Two known keys cannot be told apart, or are one key under two names.
    #[error("所给公钥中有两把同名同号或实为同一把，请去掉其中一把")]
    AmbiguousKeys,
    /// A time that no cosignature may have.
    #[error("见证时间超出范围，请核对系统时钟")]
    BadTime,
}

impl NoteError {
    /// Stable code for machines.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            NoteError::TooLarge => "tlog.note.too_large",
            NoteError::MalformedText => "tlog.note.malformed_text",
            NoteError::MalformedSignature => "tlog.note.malformed_signature",
            NoteError::BadSignature => "tlog.note.bad_signature",
            NoteError::Unverified => "tlog.note.unverified",
            NoteError::AmbiguousKeys => "tlog.note.ambiguous_keys",
            NoteError::BadTime => "tlog.note.bad_time",
        }
    }
}

/// 〔签名文件〕 A text with signature lines. Its text must not be believed before
/// [`SignedNote::verify`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedNote {
    text: String,
    signatures: Vec<NoteSignature>,
}

impl SignedNote {
    /// Signs `text`, which must end in a line feed, with each signer in order.
    ///
    /// # Errors
    /// [`NoteError`] if the text is not allowed in a note or there is no signer.
    pub fn sign(text: &str, signers: &[&Signer]) -> Result<SignedNote, NoteError> {
        check_text(text)?;
        let signatures = signers.iter().map(|signer| signer.sign(text)).collect();
        SignedNote::from_parts(text.to_owned(), signatures)
    }

    /// The same note with further lines behind the present ones, for example of witnesses.
    ///
    /// # Errors
    /// [`NoteError::TooLarge`] if there would be too many.
    pub fn with_signatures(
        mut self,
        more: impl IntoIterator<Item = NoteSignature>,
    ) -> Result<SignedNote, NoteError> {
        self.signatures
            .extend(more.into_iter().take(SIGNATURES_MAX + 1));
        SignedNote::from_parts(self.text, self.signatures)
    }

    fn from_parts(text: String, signatures: Vec<NoteSignature>) -> Result<SignedNote, NoteError> {
        if signatures.is_empty() {
            return Err(NoteError::MalformedSignature);
        }
        let note = SignedNote { text, signatures };
        if note.signatures.len() > SIGNATURES_MAX || note.to_string().len() > NOTE_BYTES_MAX {
            return Err(NoteError::TooLarge);
        }
        Ok(note)
    }

    /// Reads a note; says nothing yet about who signed it.
    ///
    /// # Errors
    /// [`NoteError`] if it is not exactly of the form of a note.
    pub fn parse(bytes: impl AsRef<[u8]>) -> Result<SignedNote, NoteError> {
        let bytes = bytes.as_ref();
        if bytes.len() > NOTE_BYTES_MAX {
            return Err(NoteError::TooLarge);
        }
        let whole = str::from_utf8(bytes).map_err(|_| NoteError::MalformedText)?;
        // The text may have empty lines itself: the last empty line parts it from the signatures.
        let at = whole.rfind("\n\n").ok_or(NoteError::MalformedSignature)? + 1;
        let (text, rest) = whole.split_at_checked(at).ok_or(NoteError::MalformedText)?;
        check_text(text)?;
        let lines = rest
            .strip_prefix('\n')
            .and_then(|lines| lines.strip_suffix('\n'))
            .ok_or(NoteError::MalformedSignature)?;
        if lines.split('\n').count() > SIGNATURES_MAX {
            return Err(NoteError::TooLarge);
        }
        let signatures = lines
            .split('\n')
            .map(NoteSignature::parse)
            .collect::<Result<_, _>>()?;
        Ok(SignedNote {
            text: text.to_owned(),
            signatures,
        })
    }

    /// The signed text with its last line feed. Not to be believed before [`SignedNote::verify`].
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// All signature lines in order, known or not.
    #[must_use]
    pub fn signatures(&self) -> &[NoteSignature] {
        &self.signatures
    }

    /// Checks the signatures of all known keys and returns the keys that signed, in the order of
    /// `known`. Lines of unknown keys are ignored, even under a known name.
    ///
    /// # Errors
    /// [`NoteError::BadSignature`] if any line of a known key does not verify,
    /// [`NoteError::Unverified`] if there is none, [`NoteError::AmbiguousKeys`] if two known keys
    /// cannot be told apart.
    pub fn verify<'k>(&self, known: &'k [VerifierKey]) -> Result<Vec<&'k VerifierKey>, NoteError> {
        let mut signed = Vec::new();
        for (place, key) in known.iter().enumerate() {
            let same = |other: &VerifierKey| other.name() == key.name() && other.id() == key.id();
            match known.iter().take(place).find(|other| same(other)) {
                Some(earlier) if earlier == key => continue,
                Some(_) => return Err(NoteError::AmbiguousKeys),
                None => {}
            }
            let mut lines = self
                .signatures
                .iter()
                .filter(|line| key.matches(line))
                .peekable();
            if lines.peek().is_none() {
                continue;
            }
            if !lines.all(|line| key.verify(&self.text, line.signature())) {
                return Err(NoteError::BadSignature);
            }
            signed.push(key);
        }
        if signed.is_empty() {
            Err(NoteError::Unverified)
        } else {
            Ok(signed)
        }
    }
}

/// A text ends in a line feed and has no other ASCII control character below a space.
fn check_text(text: &str) -> Result<(), NoteError> {
    if text.len() > NOTE_BYTES_MAX {
        return Err(NoteError::TooLarge);
    }
    let control = |byte: u8| byte < b' ' && byte != b'\n';
    if !text.ends_with('\n') || text.bytes().any(control) {
        return Err(NoteError::MalformedText);
    }
    Ok(())
}

impl fmt::Display for SignedNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures
            .iter()
            .try_for_each(|line| writeln!(f, "{line}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::SIGNATURE_BYTES_MAX;

    /// The example of the Go documentation of signed notes.
    const PETER: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    const PETERS_NOTE: &str = "If you think cryptography is the answer to your problem,\n\
        then you don't know what your problem is.\n\
        \n\
        — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

    fn signer(number: u8) -> Signer {
        Signer::from_seed(&format!("log.example/{number}"), &[number; 32]).unwrap()
    }

    #[test]
    fn a_published_note_verifies_and_no_altered_one_does() {
        let key: VerifierKey = PETER.parse().unwrap();
        let note = SignedNote::parse(PETERS_NOTE).unwrap();
        assert_eq!(note.to_string(), PETERS_NOTE);
        assert_eq!(note.verify(std::slice::from_ref(&key)).unwrap(), [&key]);
        for place in 0..PETERS_NOTE.len() {
            let mut bytes = PETERS_NOTE.as_bytes().to_vec();
            bytes[place] ^= 1;
            let believed = SignedNote::parse(&bytes)
                .is_ok_and(|note| note.verify(std::slice::from_ref(&key)).is_ok());
            assert!(!believed, "byte {place}");
        }
    }

    #[test]
    fn only_known_keys_count() {
        let (one, two, three) = (signer(1), signer(2), signer(3));
        let note = SignedNote::sign("善\n\n迹\n", &[&one, &two]).unwrap();
        let check = |keys: &[&Signer], want: Result<&[&Signer], NoteError>| {
            let known: Vec<VerifierKey> = keys.iter().map(|s| s.verifier().clone()).collect();
            let want = want.map(|s| s.iter().map(|s| s.verifier()).collect::<Vec<_>>());
            assert_eq!(note.verify(&known), want);
        };
        check(&[&one], Ok(&[&one]));
        check(&[&two, &one], Ok(&[&two, &one]));
        check(&[&three, &two, &two], Ok(&[&two]));
        check(&[&three], Err(NoteError::Unverified));
        check(&[], Err(NoteError::Unverified));
    }

    #[test]
    fn a_known_key_must_verify_in_every_line() {
        let (one, two) = (signer(1), signer(2));
        let known = [one.verifier().clone(), two.verifier().clone()];
        let wrong = NoteSignature::from_key(two.verifier().name(), two.verifier().id(), &[7; 64]);
        let short = NoteSignature::from_key(two.verifier().name(), two.verifier().id(), &[7; 63]);
        let stranger = NoteSignature::new("log.example/1", [9; 4], b"?").unwrap();
        let check = |line: NoteSignature, want: Result<usize, NoteError>| {
            let note = SignedNote::sign("a\n", &[&one])
                .unwrap()
                .with_signatures([line])
                .unwrap();
            assert_eq!(SignedNote::parse(note.to_string()).as_ref(), Ok(&note));
            assert_eq!(note.verify(&known).map(|keys| keys.len()), want);
        };
        check(two.sign("a\n"), Ok(2));
        check(one.sign("a\n"), Ok(1));
        check(one.sign("b\n"), Err(NoteError::BadSignature));
        check(two.sign("b\n"), Err(NoteError::BadSignature));
        check(wrong, Err(NoteError::BadSignature));
        check(short, Err(NoteError::BadSignature));
        check(stranger, Ok(1));
    }

    #[test]
    fn malformed_notes_are_refused() {
        let check = |text: &str, want| assert_eq!(SignedNote::parse(text).err(), want, "{text:?}");
        check("a\n\n— n AAAAAAA=\n", None);
        check("\n\n— n AAAAAAA=\n", None);
        check("", Some(NoteError::MalformedSignature));
        check("a\n", Some(NoteError::MalformedSignature));
        check("a\n\n", Some(NoteError::MalformedSignature));
        check("a\n\n\n", Some(NoteError::MalformedSignature));
        check("a\n\n— n AAAAAAA=", Some(NoteError::MalformedSignature));
        check("a\n\n— n AAAAAAA=\n\n", Some(NoteError::MalformedSignature));
        check("a\n\n- n AAAAAAA=\n", Some(NoteError::MalformedSignature));
        check("a\n\n—  n AAAAAAA=\n", Some(NoteError::MalformedSignature));
        check("a\n\n— n  AAAAAAA=\n", Some(NoteError::MalformedSignature));
        check("a\n\n— n AAAAAA==\n", Some(NoteError::MalformedSignature));
        check("a\n\n— n AAAAAAB=\n", Some(NoteError::MalformedSignature));
        check("a\n\n— n+m AAAAAAA=\n", Some(NoteError::MalformedSignature));
        check("a\n\n— n AAAAAAA= \n", Some(NoteError::MalformedSignature));
        check("a\r\n\n— n AAAAAAA=\n", Some(NoteError::MalformedText));
        check("a\tb\n\n— n AAAAAAA=\n", Some(NoteError::MalformedText));
        assert_eq!(
            SignedNote::parse(b"\xff\n\n").err(),
            Some(NoteError::MalformedText)
        );
    }

    #[test]
    fn limits_hold() {
        let lines = |count: usize| format!("a\n\n{}", "— n AAAAAAA=\n".repeat(count));
        assert!(SignedNote::parse(lines(SIGNATURES_MAX)).is_ok());
        assert_eq!(
            SignedNote::parse(lines(SIGNATURES_MAX + 1)),
            Err(NoteError::TooLarge)
        );
        assert_eq!(
            SignedNote::parse(vec![b'a'; NOTE_BYTES_MAX + 1]),
            Err(NoteError::TooLarge)
        );
        let text = format!("{}\n", "a".repeat(NOTE_BYTES_MAX - 1));
        assert_eq!(
            SignedNote::sign(&text, &[&signer(1)]),
            Err(NoteError::TooLarge)
        );
        assert_eq!(
            SignedNote::sign("a", &[&signer(1)]),
            Err(NoteError::MalformedText)
        );
        assert_eq!(
            SignedNote::sign("a\n", &[]),
            Err(NoteError::MalformedSignature)
        );
        let long = NoteSignature::new("n", [0; 4], &[0; SIGNATURE_BYTES_MAX]);
        assert_eq!(long, Err(NoteError::TooLarge));
    }
}

//! One line of a signed note: who signed, with which key, and the signature.
//!
//! Source: c2sp.org/signed-note. What the bytes mean is for the key to say that the line names.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::key::is_name;
use crate::limits::{NOTE_BYTES_MAX, SIGNATURE_BYTES_MAX};
use crate::note::NoteError;

/// What every signature line begins with: an em dash and a space.
const LINE_START: &str = "— ";
/// Bytes of the key id before each signature.
const KEY_ID_BYTES: usize = 4;

/// 〔签名行〕 One signature line, of a known or unknown key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteSignature {
    name: String,
    /// Key id and signature as they stand in the line.
    bytes: Vec<u8>,
}

impl NoteSignature {
    /// A line from its parts; `signature` goes without the key id.
    ///
    /// # Errors
    /// [`NoteError`] if the name is not allowed or the signature is empty or too long.
    pub fn new(name: &str, key_id: [u8; 4], signature: &[u8]) -> Result<NoteSignature, NoteError> {
        if !is_name(name) || signature.is_empty() {
            return Err(NoteError::MalformedSignature);
        }
        if signature.len() > SIGNATURE_BYTES_MAX - KEY_ID_BYTES {
            return Err(NoteError::TooLarge);
        }
        Ok(NoteSignature {
            name: name.to_owned(),
            bytes: [&key_id[..], signature].concat(),
        })
    }

    /// A line of one of our keys, whose name and length are known to be right.
    pub(crate) fn from_key(name: &str, id: [u8; 4], signature: &[u8]) -> NoteSignature {
        NoteSignature {
            name: name.to_owned(),
            bytes: [&id[..], signature].concat(),
        }
    }

    /// The name of the key.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The id of the key.
    #[must_use]
    pub fn key_id(&self) -> [u8; 4] {
        self.bytes.first_chunk().copied().unwrap_or_default()
    }

    /// The signature without the key id.
    #[must_use]
    pub fn signature(&self) -> &[u8] {
        self.bytes.get(KEY_ID_BYTES..).unwrap_or_default()
    }

    /// Reads one line without its line feed.
    ///
    /// # Errors
    /// [`NoteError`] if it is not a signature line.
    pub fn parse(line: &str) -> Result<NoteSignature, NoteError> {
        if line.len() > NOTE_BYTES_MAX {
            return Err(NoteError::TooLarge);
        }
        let (name, encoded) = line
            .strip_prefix(LINE_START)
            .and_then(|rest| rest.split_once(' '))
            .ok_or(NoteError::MalformedSignature)?;
        let bytes = STANDARD
            .decode(encoded)
            .map_err(|_| NoteError::MalformedSignature)?;
        let (id, signature) = bytes
            .split_first_chunk::<KEY_ID_BYTES>()
            .ok_or(NoteError::MalformedSignature)?;
        NoteSignature::new(name, *id, signature)
    }
}

impl fmt::Display for NoteSignature {
    /// The line without its line feed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{LINE_START}{} {}",
            self.name,
            STANDARD.encode(&self.bytes)
        )
    }
}

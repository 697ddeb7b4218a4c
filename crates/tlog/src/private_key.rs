//! Signing keys as one line of text, as other log tools write and read them.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::SigningKey;

use crate::cosignature::Cosigner;
use crate::key::{Algorithm, KeyError, Signer};
use crate::limits::VERIFIER_KEY_BYTES_MAX;

/// How the line begins.
const HEAD: &str = "PRIVATE+KEY+";

/// 〔密钥行〕 `PRIVATE+KEY+name+id+base64`: a name and an Ed25519 seed, for a log or for a witness. Never printed by
/// accident: only [`PrivateKey::line`] shows it. Wiped from memory when dropped.
///
/// Source: the notes of Go (golang.org/x/mod/sumdb/note), which C2SP's signed-note builds on.
pub struct PrivateKey {
    name: String,
    key: SigningKey,
}

impl PrivateKey {
    /// A key from its 32-byte seed, which must come from a good source of randomness.
    ///
    /// # Errors
    /// [`KeyError::BadName`] if the name is not allowed.
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<PrivateKey, KeyError> {
        Signer::from_seed(name, seed)?;
        Ok(PrivateKey {
            name: name.to_owned(),
            key: SigningKey::from_bytes(seed),
        })
    }

    /// The name it signs with.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The key as a log signs with it.
    ///
    /// # Errors
    /// None that a key that exists can have.
    pub fn signer(&self) -> Result<Signer, KeyError> {
        Signer::from_seed(&self.name, self.key.as_bytes())
    }

    /// The key as a witness or a mirror signs with it.
    ///
    /// # Errors
    /// None that a key that exists can have.
    pub fn cosigner(&self) -> Result<Cosigner, KeyError> {
        Cosigner::from_seed(&self.name, self.key.as_bytes())
    }

    /// The secret line, without a line feed. Whoever has it can sign.
    ///
    /// # Errors
    /// None that a key that exists can have.
    pub fn line(&self) -> Result<String, KeyError> {
        let id = u32::from_be_bytes(self.signer()?.verifier().id());
        let material = [&[Algorithm::Ed25519.number()][..], self.key.as_bytes()].concat();
        let key = STANDARD.encode(material);
        Ok(format!("{HEAD}{}+{id:08x}+{key}", self.name))
    }
}

impl FromStr for PrivateKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<PrivateKey, KeyError> {
        if text.len() > HEAD.len() + VERIFIER_KEY_BYTES_MAX {
            return Err(KeyError::Malformed);
        }
        let rest = text.strip_prefix(HEAD).ok_or(KeyError::Malformed)?;
        let (name, rest) = rest.split_once('+').ok_or(KeyError::Malformed)?;
        let (id, key) = rest.split_once('+').ok_or(KeyError::Malformed)?;
        let material = STANDARD.decode(key).map_err(|_| KeyError::Malformed)?;
        let (number, seed) = material.split_first().ok_or(KeyError::Malformed)?;
        if *number != Algorithm::Ed25519.number() {
            return Err(KeyError::UnknownAlgorithm);
        }
        let seed = seed.try_into().map_err(|_| KeyError::BadKey)?;
        let key = PrivateKey::from_seed(name, seed)?;
        let own = u32::from_be_bytes(key.signer()?.verifier().id());
        if format!("{own:08x}") == id {
            Ok(key)
        } else {
            Err(KeyError::WrongId)
        }
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrivateKey({})", self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the Go documentation of signed notes, and its public half.
    const PETER: &str =
        "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
    const PUBLIC: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

    #[test]
    fn a_key_of_other_tools_is_read_and_printed() {
        let key: PrivateKey = PETER.parse().unwrap();
        assert_eq!(key.line().unwrap(), PETER);
        assert_eq!(key.signer().unwrap().verifier().to_string(), PUBLIC);
        assert_eq!(key.cosigner().unwrap().verifier().name(), "PeterNeumann");
        let shown = format!("{key:?}");
        assert_eq!(shown, "PrivateKey(PeterNeumann)");
    }

    #[test]
    fn anything_else_is_refused() {
        let check =
            |text: &str, want| assert_eq!(text.parse::<PrivateKey>().err(), Some(want), "{text}");
        check("", KeyError::Malformed);
        check(PUBLIC, KeyError::Malformed);
        check(&format!("{PETER}\n"), KeyError::Malformed);
        check(&PETER.replace("c74f", "c74e"), KeyError::WrongId);
        check(&PETER.replace("Peter", "Petra"), KeyError::WrongId);
        check(&PETER.replace("Peter", "Peter "), KeyError::BadName);
        check(&PETER.replace("+AYEK", "+BYEK"), KeyError::UnknownAlgorithm);
        check(&PETER[..PETER.len() - 4], KeyError::BadKey);
    }
}

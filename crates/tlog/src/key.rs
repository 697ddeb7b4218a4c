//! Keys of signed notes: the public verifier key as text, and the signer.
//!
//! Source: c2sp.org/signed-note. A key is known by its name and a four-byte id over name,
//! algorithm and key.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

use crate::limits::{KEY_BYTES_MAX, NAME_BYTES_MAX, VERIFIER_KEY_BYTES_MAX};
use crate::signature::NoteSignature;

/// Number that stands for Ed25519 before the key.
const ED25519: u8 = 0x01;
/// Number that stands for a timestamped Ed25519 cosignature (c2sp.org/tlog-cosignature).
const COSIGNATURE_V1: u8 = 0x04;

/// How a key signs; the number that stands before it in the verifier key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Algorithm {
    /// Ed25519 over the note's text (0x01), verified strictly: how logs sign.
    Ed25519,
    /// Ed25519 over a time and the checkpoint (0x04), verified strictly: how witnesses sign.
    CosignatureV1,
}

impl Algorithm {
    /// The number in verifier keys and key ids.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Algorithm::Ed25519 => ED25519,
            Algorithm::CosignatureV1 => COSIGNATURE_V1,
        }
    }
}

/// Why a key or its name was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// A name must be 1 to 255 bytes without spaces, plus signs and control characters.
    #[error("密钥名称不能为空，不能含空格、加号或控制字符，且不超过 255 字节，请改名")]
    BadName,
    /// The text is not `name+id+key`.
    #[error("公钥写法不对，应为“名称+八位十六进制+base64”，请向日志运营方重新索取")]
    Malformed,
    /// The id is not the one of this name and key.
    #[error("公钥的编号与名称、密钥不符，可能抄写有误，请重新索取")]
    WrongId,
    /// We do not know this algorithm.
    #[error("不认识此公钥的算法，请升级程序或换用 Ed25519 公钥")]
    UnknownAlgorithm,
    /// The key is not a sound key of its algorithm.
    #[error("公钥内容无效，请向日志运营方重新索取")]
    BadKey,
}

impl KeyError {
    /// Stable code for machines.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            KeyError::BadName => "tlog.key.bad_name",
            KeyError::Malformed => "tlog.key.malformed",
            KeyError::WrongId => "tlog.key.wrong_id",
            KeyError::UnknownAlgorithm => "tlog.key.unknown_algorithm",
            KeyError::BadKey => "tlog.key.bad_key",
        }
    }
}

/// Whether a text may be the name of a key (and of a log): not empty, no space of any script,
/// no plus sign, no control character, at most 255 bytes.
pub(crate) fn is_name(text: &str) -> bool {
    let odd = |c: char| c.is_whitespace() || c.is_control() || c == '+';
    !text.is_empty() && text.len() <= NAME_BYTES_MAX && !text.contains(odd)
}

/// The first four bytes of SHA-256(name ‖ LF ‖ material), material being algorithm and key.
pub(crate) fn key_id(name: &str, material: &[u8]) -> [u8; 4] {
    let mut state = Sha256::new();
    state.update(name.as_bytes());
    state.update(b"\n");
    state.update(material);
    let digest: [u8; 32] = state.finalize().into();
    let [a, b, c, d, ..] = digest;
    [a, b, c, d]
}

/// A sound Ed25519 key: a point, not of small order, in its one canonical form, so that a key
/// has one id.
pub(crate) fn sound_ed25519(key: &[u8]) -> Result<VerifyingKey, KeyError> {
    let bytes = key.try_into().map_err(|_| KeyError::BadKey)?;
    let key = VerifyingKey::from_bytes(bytes).map_err(|_| KeyError::BadKey)?;
    if key.is_weak() || key.to_edwards().compress().as_bytes() != bytes {
        return Err(KeyError::BadKey);
    }
    Ok(key)
}

/// Prints a key as `name+id+base64`.
pub(crate) fn print_key(
    f: &mut fmt::Formatter<'_>,
    name: &str,
    algorithm: Algorithm,
    key: &[u8],
) -> fmt::Result {
    let material = [&[algorithm.number()][..], key].concat();
    let id = u32::from_be_bytes(key_id(name, &material));
    write!(f, "{name}+{id:08x}+{}", STANDARD.encode(material))
}

/// Reads `name+id+base64` and returns the name, the algorithm's number and the key after it. The
/// id is checked: whoever gets a key from here need not.
pub(crate) fn parse_key(text: &str) -> Result<(&str, u8, Vec<u8>), KeyError> {
    if text.len() > VERIFIER_KEY_BYTES_MAX {
        return Err(KeyError::Malformed);
    }
    let (name, rest) = text.split_once('+').ok_or(KeyError::Malformed)?;
    let (id, key) = rest.split_once('+').ok_or(KeyError::Malformed)?;
    if !is_name(name) {
        return Err(KeyError::BadName);
    }
    let id = parse_id(id).ok_or(KeyError::Malformed)?;
    let bytes = STANDARD.decode(key).map_err(|_| KeyError::Malformed)?;
    if bytes.len() > KEY_BYTES_MAX {
        return Err(KeyError::Malformed);
    }
    if key_id(name, &bytes) != id {
        return Err(KeyError::WrongId);
    }
    let (number, key) = bytes.split_first().ok_or(KeyError::Malformed)?;
    Ok((name, *number, key.to_vec()))
}

/// 〔验证公钥〕 The public key of a log or witness, printed as `name+id+base64`.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    id: [u8; 4],
    key: VerifyingKey,
}

impl VerifierKey {
    /// An Ed25519 key from its 32 bytes.
    ///
    /// # Errors
    /// [`KeyError`] if the name is not allowed, or the bytes are no point, one of
    /// small order, or not in canonical form.
    pub fn ed25519(name: &str, key: &[u8; 32]) -> Result<VerifierKey, KeyError> {
        if !is_name(name) {
            return Err(KeyError::BadName);
        }
        let key = sound_ed25519(key)?;
        let material = [&[ED25519][..], key.as_bytes()].concat();
        Ok(VerifierKey {
            id: key_id(name, &material),
            name: name.to_owned(),
            key,
        })
    }

    /// The 32 bytes of the key, to see whether two names share one.
    #[must_use]
    pub fn key_bytes(&self) -> &[u8; 32] {
        self.key.as_bytes()
    }

    /// The key's name; that of a log's key is the log's origin.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The four bytes that stand before each signature of this key.
    #[must_use]
    pub const fn id(&self) -> [u8; 4] {
        self.id
    }

    /// How the key signs.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        Algorithm::Ed25519
    }

    /// Whether a signature line names this key.
    #[must_use]
    pub fn matches(&self, signature: &NoteSignature) -> bool {
        self.name == signature.name() && self.id == signature.key_id()
    }

    /// Whether `signature` (without key id) is this key's over `text`. Strict: the signature and
    /// its point have one form only, so that all verifiers agree.
    #[must_use]
    pub fn verify(&self, text: &str, signature: &[u8]) -> bool {
        Signature::from_slice(signature)
            .is_ok_and(|signature| self.key.verify_strict(text.as_bytes(), &signature).is_ok())
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        print_key(f, &self.name, Algorithm::Ed25519, self.key.as_bytes())
    }
}

impl fmt::Debug for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifierKey({self})")
    }
}

impl FromStr for VerifierKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<VerifierKey, KeyError> {
        match parse_key(text)? {
            (name, ED25519, key) => {
                let key = key.as_slice().try_into().map_err(|_| KeyError::BadKey)?;
                VerifierKey::ed25519(name, key)
            }
            _ => Err(KeyError::UnknownAlgorithm),
        }
    }
}

/// Reads eight lower-case hexadecimal digits.
pub(crate) fn parse_id(text: &str) -> Option<[u8; 4]> {
    let digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    if text.len() != 8 || !text.bytes().all(digit) {
        return None;
    }
    u32::from_str_radix(text, 16).ok().map(u32::to_be_bytes)
}

/// 〔签名密钥〕 The secret half. Never printed; wiped from memory when dropped.
#[derive(Clone)]
pub struct Signer {
    key: SigningKey,
    verifier: VerifierKey,
}

impl Signer {
    /// An Ed25519 signer from its 32-byte seed, which must come from a good source of randomness.
    ///
    /// # Errors
    /// [`KeyError::BadName`] if the name is not allowed.
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<Signer, KeyError> {
        let key = SigningKey::from_bytes(seed);
        let verifier = VerifierKey::ed25519(name, key.verifying_key().as_bytes())?;
        Ok(Signer { key, verifier })
    }

    /// The public half.
    #[must_use]
    pub const fn verifier(&self) -> &VerifierKey {
        &self.verifier
    }

    /// The signature line of this key for `text`. [`crate::SignedNote::sign`] checks the text.
    pub(crate) fn sign(&self, text: &str) -> NoteSignature {
        let signature = self.key.sign(text.as_bytes()).to_bytes();
        NoteSignature::from_key(self.verifier.name(), self.verifier.id(), &signature)
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signer({})", self.verifier)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the Go documentation of signed notes.
    const PETER: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

    #[test]
    fn a_verifier_key_prints_as_it_was_read() {
        let key: VerifierKey = PETER.parse().unwrap();
        assert_eq!(key.to_string(), PETER);
        assert_eq!(
            (key.name(), key.id()),
            ("PeterNeumann", [0xc7, 0x4f, 0x20, 0xa3])
        );
        assert_eq!(key.algorithm().number(), 1);
    }

    #[test]
    fn anything_else_is_not_a_verifier_key() {
        let check = |text: &str, want| assert_eq!(text.parse::<VerifierKey>(), Err(want), "{text}");
        check("", KeyError::Malformed);
        check("PeterNeumann", KeyError::Malformed);
        check("PeterNeumann+c74f20a3", KeyError::Malformed);
        check(&PETER.replace("c74f", "C74F"), KeyError::Malformed);
        check(&PETER.replace("c74f", "c74e"), KeyError::WrongId);
        check(&PETER.replace("Peter", "Petra"), KeyError::WrongId);
        check(&PETER.replace("Peter", "Peter "), KeyError::BadName);
        check(&PETER.replace("PeterNeumann", ""), KeyError::BadName);
        check(&PETER.replace("+c74f20a3", "+74f20a3"), KeyError::Malformed);
        check(&format!("{PETER}="), KeyError::Malformed);
        check(&format!("{PETER}\n"), KeyError::Malformed);
    }

    #[test]
    fn unknown_and_unsound_keys_have_their_own_errors() {
        let check = |bytes: &[u8], want| {
            let id = u32::from_be_bytes(key_id("a", bytes));
            let text = format!("a+{id:08x}+{}", STANDARD.encode(bytes));
            assert_eq!(text.parse::<VerifierKey>(), Err(want));
        };
        check(&[], KeyError::Malformed);
        check(&[4; 33], KeyError::UnknownAlgorithm);
        check(&[1; 32], KeyError::BadKey);
        // The neutral element: a signature of it can be made for anything.
        let mut neutral = [0; 33];
        (neutral[0], neutral[1]) = (ED25519, 1);
        check(&neutral, KeyError::BadKey);
    }

    #[test]
    fn a_signer_never_shows_its_seed() {
        let signer = Signer::from_seed("log.example/a", &[7; 32]).unwrap();
        let shown = format!("{signer:?}");
        assert!(
            shown.contains("log.example/a") && !shown.contains("7, 7"),
            "{shown}"
        );
        assert_eq!(
            Signer::from_seed("a b", &[7; 32]).err(),
            Some(KeyError::BadName)
        );
    }
}

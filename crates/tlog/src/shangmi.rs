//! 〔商密〕 SM2 signatures with SM3 as further lines of a note, and SM3 roots: for inspections that ask for the algorithms
//! of the state, and a hedge if SHA-256 or Ed25519 age. Ed25519 stays what everybody needs.
//!
//! The lines are of type 0xff, which notes reserve for types that a long name tells apart. Whoever does not know the
//! name does not know the key, and ignores the line.
//!
//! Sources: GB/T 32918.2 (SM2), GB/T 32905 (SM3), c2sp.org/signed-note, c2sp.org/tlog-cosignature for the frame of a
//! cosignature, RFC 6962 2.1 for the tree.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sm2::dsa::signature::{Signer as _, Verifier as _};
use sm2::dsa::{Signature, SigningKey, VerifyingKey};
use sm3::{Digest, Sm3};

use crate::checkpoint::Checkpoint;
use crate::cosignature::signed_message;
use crate::hash::Hash;
use crate::key::{KeyError, is_name, key_id, parse_id, parse_key};
use crate::limits::{TIME_MAX, VERIFIER_KEY_BYTES_MAX};
use crate::note::NoteError;
use crate::signature::NoteSignature;

/// Stands before keys whose type has a name.
const NAMED_TYPE: u8 = 0xff;
/// The user id that GB/T 32918.2 gives to whoever has none of his own.
const USER_ID: &str = "1234567812345678";
/// Bytes of an uncompressed point, 0x04 first.
const POINT_BYTES: usize = 65;
/// How a secret line begins.
const HEAD: &str = "PRIVATE+KEY+";

/// 〔商密用途〕 What an SM2 key signs; a key is for one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sm2Use {
    /// The text of a note: how a log signs beside Ed25519.
    Log,
    /// A time and a checkpoint: how a witness signs beside Ed25519.
    Cosignature,
}

impl Sm2Use {
    const ALL: [Sm2Use; 2] = [Sm2Use::Log, Sm2Use::Cosignature];

    /// The name of the type, which stands in keys and is never changed.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Sm2Use::Log => "shanji.sm2sm3/1",
            Sm2Use::Cosignature => "shanji.sm2cosig/1",
        }
    }

    /// Type and name before `key`.
    fn material(self, key: &[u8]) -> Vec<u8> {
        [&[NAMED_TYPE], self.name().as_bytes(), key].concat()
    }
}

/// 〔SM2公钥〕 The public key of an SM2 line, printed as `name+id+base64`.
#[derive(Clone)]
pub struct Sm2Key {
    name: String,
    id: [u8; 4],
    purpose: Sm2Use,
    point: [u8; POINT_BYTES],
    key: VerifyingKey,
}

impl PartialEq for Sm2Key {
    fn eq(&self, other: &Sm2Key) -> bool {
        (&self.name, self.id, self.purpose) == (&other.name, other.id, other.purpose)
            && self.point == other.point
    }
}

impl Eq for Sm2Key {}

impl Sm2Key {
    /// A key from its uncompressed point.
    ///
    /// # Errors
    /// [`KeyError`] if the name is not allowed, or the bytes are no such point of the curve.
    pub fn new(name: &str, purpose: Sm2Use, point: &[u8]) -> Result<Sm2Key, KeyError> {
        if !is_name(name) {
            return Err(KeyError::BadName);
        }
        let point: [u8; POINT_BYTES] = point.try_into().map_err(|_| KeyError::BadKey)?;
        if point.first() != Some(&0x04) {
            return Err(KeyError::BadKey);
        }
        let key = VerifyingKey::from_sec1_bytes(USER_ID, &point).map_err(|_| KeyError::BadKey)?;
        Ok(Sm2Key {
            id: key_id(name, &purpose.material(&point)),
            name: name.to_owned(),
            purpose,
            point,
            key,
        })
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

    /// What it signs.
    #[must_use]
    pub const fn purpose(&self) -> Sm2Use {
        self.purpose
    }

    /// The uncompressed point.
    #[must_use]
    pub const fn point(&self) -> &[u8; 65] {
        &self.point
    }

    /// Whether a signature line names this key.
    #[must_use]
    pub fn matches(&self, line: &NoteSignature) -> bool {
        self.name == line.name() && self.id == line.key_id()
    }

    /// Whether a line of a log is this key's over `text`.
    #[must_use]
    pub fn verify(&self, text: &str, line: &NoteSignature) -> bool {
        self.purpose == Sm2Use::Log
            && self.matches(line)
            && self.has_signed(text.as_bytes(), line.signature())
    }

    /// The time that this witness gave `text`, if the line's signature is its own over both.
    #[must_use]
    pub fn verify_cosignature(&self, text: &str, line: &NoteSignature) -> Option<u64> {
        if self.purpose != Sm2Use::Cosignature || !self.matches(line) {
            return None;
        }
        let (time, signature) = line.signature().split_first_chunk::<8>()?;
        let time = u64::from_be_bytes(*time);
        let message = signed_message(text, time);
        let is_signed = time <= TIME_MAX && self.has_signed(message.as_bytes(), signature);
        is_signed.then_some(time)
    }

    /// Whether `signature`, `r` and `s` of 32 bytes each, is this key's over a message.
    #[must_use]
    pub fn has_signed(&self, message: &[u8], signature: &[u8]) -> bool {
        Signature::from_slice(signature)
            .is_ok_and(|signature| self.key.verify(message, &signature).is_ok())
    }
}

impl fmt::Display for Sm2Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = u32::from_be_bytes(self.id);
        let key = STANDARD.encode(self.purpose.material(&self.point));
        write!(f, "{}+{id:08x}+{key}", self.name)
    }
}

impl fmt::Debug for Sm2Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sm2Key({self})")
    }
}

impl FromStr for Sm2Key {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Sm2Key, KeyError> {
        let (name, number, key) = parse_key(text)?;
        let (purpose, point) = named(number, &key)?;
        Sm2Key::new(name, purpose, point)
    }
}

/// The use and the key behind type and name.
fn named(number: u8, key: &[u8]) -> Result<(Sm2Use, &[u8]), KeyError> {
    let uses = Sm2Use::ALL.into_iter().filter(|_| number == NAMED_TYPE);
    let mut found = uses.filter_map(|one| Some((one, key.strip_prefix(one.name().as_bytes())?)));
    found.next().ok_or(KeyError::UnknownAlgorithm)
}

/// 〔SM2密钥〕 The secret half. Never printed by accident: only [`Sm2Signer::line`] shows it.
#[derive(Clone)]
pub struct Sm2Signer {
    key: SigningKey,
    verifier: Sm2Key,
}

impl Sm2Signer {
    /// A signer from its 32-byte secret, which must come from a good source of randomness.
    ///
    /// # Errors
    /// [`KeyError::BadName`] if the name is not allowed, [`KeyError::BadKey`] if the number is zero or not below the
    /// order of the curve less one, which one in 2³² draws is: draw again.
    pub fn from_secret(
        name: &str,
        purpose: Sm2Use,
        secret: &[u8; 32],
    ) -> Result<Sm2Signer, KeyError> {
        let key = SigningKey::from_slice(USER_ID, secret).map_err(|_| KeyError::BadKey)?;
        let point = key.verifying_key().to_sec1_bytes();
        let verifier = Sm2Key::new(name, purpose, &point)?;
        Ok(Sm2Signer { key, verifier })
    }

    /// The public half.
    #[must_use]
    pub const fn verifier(&self) -> &Sm2Key {
        &self.verifier
    }

    /// `r` and `s` over a message. The number that SM2 wants drawn anew for each signature follows from key and message
    /// (RFC 6979), so that no bad source of randomness gives the key away.
    #[must_use]
    pub fn sign_message(&self, message: &[u8]) -> [u8; 64] {
        self.key.sign(message).to_bytes().into()
    }

    /// The line of a log's key over the text of a note.
    #[must_use]
    pub fn sign(&self, text: &str) -> NoteSignature {
        let signature = self.sign_message(text.as_bytes());
        NoteSignature::from_key(self.verifier.name(), self.verifier.id(), &signature)
    }

    /// The line of a witness's key over a checkpoint at `time`, in seconds since 1970.
    ///
    /// # Errors
    /// [`NoteError::BadTime`] beyond [`TIME_MAX`].
    pub fn cosign(&self, checkpoint: &Checkpoint, time: u64) -> Result<NoteSignature, NoteError> {
        if time > TIME_MAX {
            return Err(NoteError::BadTime);
        }
        let message = signed_message(&checkpoint.to_string(), time);
        let signature = self.sign_message(message.as_bytes());
        let stamped = [&time.to_be_bytes()[..], &signature].concat();
        Ok(NoteSignature::from_key(
            self.verifier.name(),
            self.verifier.id(),
            &stamped,
        ))
    }

    /// The secret line, without a line feed, in the form of [`crate::PrivateKey::line`]. Whoever has it can sign.
    #[must_use]
    pub fn line(&self) -> String {
        let id = u32::from_be_bytes(self.verifier.id());
        let secret: [u8; 32] = self.key.to_bytes().into();
        let key = STANDARD.encode(self.verifier.purpose().material(&secret));
        format!("{HEAD}{}+{id:08x}+{key}", self.verifier.name())
    }
}

impl FromStr for Sm2Signer {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Sm2Signer, KeyError> {
        if text.len() > HEAD.len() + VERIFIER_KEY_BYTES_MAX {
            return Err(KeyError::Malformed);
        }
        let rest = text.strip_prefix(HEAD).ok_or(KeyError::Malformed)?;
        let (name, rest) = rest.split_once('+').ok_or(KeyError::Malformed)?;
        let (id, key) = rest.split_once('+').ok_or(KeyError::Malformed)?;
        let material = STANDARD.decode(key).map_err(|_| KeyError::Malformed)?;
        let (number, key) = material.split_first().ok_or(KeyError::Malformed)?;
        let (purpose, secret) = named(*number, key)?;
        let secret = secret.try_into().map_err(|_| KeyError::BadKey)?;
        let signer = Sm2Signer::from_secret(name, purpose, secret)?;
        match parse_id(id) {
            Some(id) if id == signer.verifier.id() => Ok(signer),
            Some(_) => Err(KeyError::WrongId),
            None => Err(KeyError::Malformed),
        }
    }
}

impl fmt::Debug for Sm2Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sm2Signer({})", self.verifier)
    }
}

/// 〔SM3根〕 The tree of RFC 6962 over the same entries, with SM3 in place of SHA-256: entries are taken one by one, and
/// only the right edge is kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sm3Tree {
    size: u64,
    /// Roots of the complete subtrees, the largest first.
    peaks: Vec<Hash>,
}

impl Sm3Tree {
    /// The tree of so many entries from the roots of its complete subtrees, the largest first, as [`Sm3Tree::peaks`] gave
    /// them; nothing if a tree of this size has another number of them.
    #[must_use]
    pub fn from_peaks(size: u64, peaks: Vec<Hash>) -> Option<Sm3Tree> {
        let wanted = usize::try_from(size.count_ones()).ok()?;
        (peaks.len() == wanted).then_some(Sm3Tree { size, peaks })
    }

    /// Takes the next entry in.
    pub fn append(&mut self, entry: &[u8]) {
        self.append_hash(sm3_leaf_hash(entry));
    }

    /// Takes the next entry in by its [`sm3_leaf_hash`], which may have been made elsewhere.
    pub fn append_hash(&mut self, entry: Hash) {
        let mut hash = entry;
        // Two subtrees of one size are one of twice that.
        let mut size = self.size;
        while size & 1 == 1 {
            if let Some(left) = self.peaks.pop() {
                hash = sm3(&[&[1], &left.0, &hash.0]);
            }
            size >>= 1;
        }
        self.peaks.push(hash);
        self.size = self.size.saturating_add(1);
    }

    /// How many entries it has.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Roots of the complete subtrees, the largest first: with the size all that is needed to go on.
    #[must_use]
    pub fn peaks(&self) -> &[Hash] {
        &self.peaks
    }

    /// The root over all of them; that of none is the digest of nothing.
    #[must_use]
    pub fn root(&self) -> Hash {
        let mut peaks = self.peaks.iter().rev().copied();
        match peaks.next() {
            None => sm3(&[]),
            Some(last) => peaks.fold(last, |right, left| sm3(&[&[1], &left.0, &right.0])),
        }
    }
}

/// The SM3 digest of an entry as a leaf of the tree: SM3(0x00 || entry).
#[must_use]
pub fn sm3_leaf_hash(entry: &[u8]) -> Hash {
    sm3(&[&[0], entry])
}

fn sm3(parts: &[&[u8]]) -> Hash {
    let mut state = Sm3::new();
    for part in parts {
        state.update(part);
    }
    Hash(state.finalize().into())
}

#[cfg(test)]
mod tests;

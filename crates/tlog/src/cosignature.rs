//! Cosignatures of witnesses: Ed25519 over a time and a checkpoint (c2sp.org/tlog-cosignature,
//! "cosignature/v1", type 0x04).
//!
//! A witness says: as of this time, the largest tree that I have seen of this log, each grown
//! from the one before, has this size and root. Lines of types that we do not know (ML-DSA-44,
//! 0x06, among them) are ignored, as the specification wants.

use std::fmt;
use std::str::FromStr;

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};

use crate::checkpoint::Checkpoint;
use crate::key::{Algorithm, KeyError, is_name, key_id, parse_key, print_key, sound_ed25519};
use crate::limits::TIME_MAX;
use crate::note::{NoteError, SignedNote};
use crate::signature::NoteSignature;

/// Stands before the time and the checkpoint in what a witness signs, so that its signature can
/// never be taken for one over the checkpoint alone.
const HEADER: &str = "cosignature/v1";

/// 〔见证公钥〕 The public key of a witness, printed as `name+id+base64`.
#[derive(Clone, PartialEq, Eq)]
pub struct CosignerKey {
    name: String,
    id: [u8; 4],
    key: VerifyingKey,
}

impl CosignerKey {
    /// A witness's key from its name and 32 bytes.
    ///
    /// # Errors
    /// [`KeyError`] if the name is not allowed, or the bytes are no point, one of
    /// small order, or not in canonical form.
    pub fn ed25519(name: &str, key: &[u8; 32]) -> Result<CosignerKey, KeyError> {
        if !is_name(name) {
            return Err(KeyError::BadName);
        }
        let key = sound_ed25519(key)?;
        let material = [
            &[Algorithm::CosignatureV1.number()][..],
            key.as_bytes().as_slice(),
        ]
        .concat();
        Ok(CosignerKey {
            id: key_id(name, &material),
            name: name.to_owned(),
            key,
        })
    }

    /// The witness's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The four bytes that stand before each signature of this key.
    #[must_use]
    pub const fn id(&self) -> [u8; 4] {
        self.id
    }

    /// The 32 bytes of the key. The signed message does not name the witness, so two names with
    /// one key are one witness.
    #[must_use]
    pub fn key_bytes(&self) -> &[u8; 32] {
        self.key.as_bytes()
    }

    /// Whether a signature line names this key.
    #[must_use]
    pub fn matches(&self, line: &NoteSignature) -> bool {
        self.name == line.name() && self.id == line.key_id()
    }

    /// The time that this witness gave `text`, if the line's signature is its own over both.
    #[must_use]
    pub fn verify(&self, text: &str, line: &NoteSignature) -> Option<u64> {
        if !self.matches(line) {
            return None;
        }
        let (time, signature) = line.signature().split_first_chunk::<8>()?;
        let time = u64::from_be_bytes(*time);
        if time > TIME_MAX {
            return None;
        }
        let signature = Signature::from_slice(signature).ok()?;
        let message = signed_message(text, time);
        self.key
            .verify_strict(message.as_bytes(), &signature)
            .is_ok()
            .then_some(time)
    }
}

/// What a witness signs.
pub(crate) fn signed_message(text: &str, time: u64) -> String {
    format!("{HEADER}\ntime {time}\n{text}")
}

impl fmt::Display for CosignerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        print_key(f, &self.name, Algorithm::CosignatureV1, self.key_bytes())
    }
}

impl fmt::Debug for CosignerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CosignerKey({self})")
    }
}

impl FromStr for CosignerKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<CosignerKey, KeyError> {
        let (name, number, key) = parse_key(text)?;
        if number != Algorithm::CosignatureV1.number() {
            return Err(KeyError::UnknownAlgorithm);
        }
        let key = key.as_slice().try_into().map_err(|_| KeyError::BadKey)?;
        CosignerKey::ed25519(name, key)
    }
}

/// 〔见证人密钥〕 The secret half of a witness's key. Never printed; wiped from memory when dropped.
#[derive(Clone)]
pub struct Cosigner {
    key: SigningKey,
    verifier: CosignerKey,
}

impl Cosigner {
    /// A cosigner from its 32-byte seed, which must come from a good source of randomness and be
    /// used for nothing else, not even for another witness of the same operator.
    ///
    /// # Errors
    /// [`KeyError::BadName`] if the name is not allowed.
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<Cosigner, KeyError> {
        let key = SigningKey::from_bytes(seed);
        let verifier = CosignerKey::ed25519(name, key.verifying_key().as_bytes())?;
        Ok(Cosigner { key, verifier })
    }

    /// The public half.
    #[must_use]
    pub const fn verifier(&self) -> &CosignerKey {
        &self.verifier
    }

    /// The signature line for a checkpoint at `time`, in seconds since 1970. Whether the
    /// checkpoint may be signed is decided before, see [`crate::witness::decide`].
    ///
    /// # Errors
    /// [`NoteError::BadTime`] beyond [`TIME_MAX`].
    pub fn cosign(&self, checkpoint: &Checkpoint, time: u64) -> Result<NoteSignature, NoteError> {
        if time > TIME_MAX {
            return Err(NoteError::BadTime);
        }
        let message = signed_message(&checkpoint.to_string(), time);
        let signature = self.key.sign(message.as_bytes()).to_bytes();
        let stamped = [time.to_be_bytes().as_slice(), &signature].concat();
        Ok(NoteSignature::from_key(
            self.verifier.name(),
            self.verifier.id(),
            &stamped,
        ))
    }
}

impl fmt::Debug for Cosigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cosigner({})", self.verifier)
    }
}

/// 〔时间窗〕 From when to when a cosignature counts, both ends included, in seconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeWindow {
    /// Anything older is stale.
    pub earliest: u64,
    /// Anything later comes from a clock that runs ahead.
    pub latest: u64,
}

/// How a cosignature's time stands to a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Timeliness {
    /// Within the window.
    Fresh,
    /// Before the window: the log may have grown since without this reader being told.
    Stale,
    /// After the window.
    Future,
}

impl TimeWindow {
    /// Every time counts: for old receipts, whose witnesses signed long ago.
    pub const ALWAYS: TimeWindow = TimeWindow {
        earliest: 0,
        latest: TIME_MAX,
    };

    /// From `age` seconds before `now` to `skew` seconds after it, for clocks that differ.
    #[must_use]
    pub const fn around(now: u64, age: u64, skew: u64) -> TimeWindow {
        TimeWindow {
            earliest: now.saturating_sub(age),
            latest: now.saturating_add(skew),
        }
    }

    /// How `time` stands to the window.
    #[must_use]
    pub const fn place(self, time: u64) -> Timeliness {
        if time < self.earliest {
            Timeliness::Stale
        } else if time > self.latest {
            Timeliness::Future
        } else {
            Timeliness::Fresh
        }
    }
}

/// 〔见证〕 That a known witness has signed, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cosigned<'k> {
    /// Who.
    pub key: &'k CosignerKey,
    /// The time that counts: the latest fresh one; without a fresh one, the latest stale one.
    pub time: u64,
    /// How that time stands to the window asked for.
    pub timeliness: Timeliness,
}

/// The known witnesses that have signed the note, in the order of `known`, each once however
/// many lines it has. Lines of unknown keys are ignored, even under a known name.
///
/// # Errors
/// [`NoteError::BadSignature`] if any line of a known witness does not verify, and
/// [`NoteError::AmbiguousKeys`] if two of `known` share a key, or a name and an id.
pub fn cosigned<'k>(
    note: &SignedNote,
    known: &'k [CosignerKey],
    window: TimeWindow,
) -> Result<Vec<Cosigned<'k>>, NoteError> {
    let mut found = Vec::new();
    for (place, key) in known.iter().enumerate() {
        let same = |other: &CosignerKey| {
            other.key == key.key || (other.name == key.name && other.id == key.id)
        };
        if known.iter().take(place).any(same) {
            return Err(NoteError::AmbiguousKeys);
        }
        let mut best: Option<Cosigned<'k>> = None;
        for line in note.signatures().iter().filter(|line| key.matches(line)) {
            let time = key
                .verify(note.text(), line)
                .ok_or(NoteError::BadSignature)?;
            let timeliness = window.place(time);
            if best.is_none_or(|best| rank(timeliness, time) > rank(best.timeliness, best.time)) {
                best = Some(Cosigned {
                    key,
                    time,
                    timeliness,
                });
            }
        }
        found.extend(best);
    }
    Ok(found)
}

/// Which of several times of one witness counts: a fresh one before a stale one before one from
/// the future, and of equals the latest.
const fn rank(timeliness: Timeliness, time: u64) -> (u8, u64) {
    match timeliness {
        Timeliness::Fresh => (2, time),
        Timeliness::Stale => (1, time),
        Timeliness::Future => (0, time),
    }
}

#[cfg(test)]
#[path = "cosignature_tests.rs"]
mod tests;

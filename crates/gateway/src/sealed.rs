//! A small secret in a file, sealed with a passphrase: Argon2id makes the key, ChaCha20-Poly1305 seals.
//!
//! Four lines of text, so that it can be kept on paper:
//!
//! ```text
//! shanji-sealed/1
//! argon2id m=65536 t=3 p=1 <salt in base64>
//! <nonce in base64>
//! <sealed bytes in base64>
//! ```
//!
//! The first two lines are sealed along: whoever changes the costs changes nothing but the error.

use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kernel::Secret;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use zeroize::{Zeroize, Zeroizing};

use crate::entropy::{self, Entropy, EntropyError};

/// How a sealed file begins.
const HEAD: &str = "shanji-sealed/1";
/// Memory of a new seal in KiB: 64 MiB, half a second of a small machine, once at each start.
const MEMORY_KIB: u32 = 65_536;
/// Passes of a new seal.
const PASSES: u32 = 3;
/// Lanes of a new seal.
const LANES: u32 = 1;
/// Most memory that a file may ask for: 1 GiB. A damaged file must not take the machine.
const MEMORY_KIB_MAX: u32 = 1_048_576;
/// Most passes that a file may ask for.
const PASSES_MAX: u32 = 16;
const SALT_BYTES: usize = 16;
const KEY_BYTES: usize = 32;
/// Longest secret.
const PLAIN_BYTES_MAX: usize = 4_096;
/// Longest sealed text.
const TEXT_BYTES_MAX: usize = 8_192;
/// Shortest passphrase in characters; whoever has the file can try without end.
pub const PASSPHRASE_CHARS_MIN: usize = 12;

/// Why a secret was not sealed or not opened. No message holds a part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// Shorter than [`PASSPHRASE_CHARS_MIN`].
    #[error("[seal.short] 口令至少要{PASSPHRASE_CHARS_MIN}个字符，请用几个不相干的词连起来")]
    Short,
    /// The wrong passphrase, or changed bytes: nobody can tell which.
    #[error("[seal.closed] 打不开：口令不对，或文件被改动。请核对口令，仍不行请从备份恢复")]
    Closed,
    /// Not of this form.
    #[error("[seal.damaged] 加密的密钥文件已损坏，请从备份恢复")]
    Damaged,
    /// No random bytes.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
}

/// Whether a file begins like a sealed one.
#[must_use]
pub fn is_sealed(text: &str) -> bool {
    text.starts_with(HEAD)
}

/// Seals `plain` with a passphrase.
///
/// # Errors
/// The passphrase is too short, the secret too long, or there are no random bytes.
pub fn seal(
    plain: &[u8],
    passphrase: &Secret<String>,
    entropy: &dyn Entropy,
) -> Result<String, SealError> {
    if passphrase.expose().chars().count() < PASSPHRASE_CHARS_MIN {
        return Err(SealError::Short);
    }
    if plain.len() > PLAIN_BYTES_MAX {
        return Err(SealError::Damaged);
    }
    let salt: [u8; SALT_BYTES] = entropy::draw(entropy)?;
    let nonce: [u8; NONCE_LEN] = entropy::draw(entropy)?;
    let costs = Costs {
        memory: MEMORY_KIB,
        passes: PASSES,
        lanes: LANES,
    };
    let head = format!(
        "{HEAD}\nargon2id m={MEMORY_KIB} t={PASSES} p={LANES} {}\n",
        STANDARD.encode(salt)
    );
    let key = key_from(passphrase, &salt, costs)?;
    let mut bytes = plain.to_vec();
    let sealed = key.seal_in_place_append_tag(
        Nonce::assume_unique_for_key(nonce),
        Aad::from(head.as_bytes()),
        &mut bytes,
    );
    if sealed.is_err() {
        bytes.zeroize();
        return Err(SealError::Damaged);
    }
    Ok(format!(
        "{head}{}\n{}\n",
        STANDARD.encode(nonce),
        STANDARD.encode(bytes)
    ))
}

/// Opens what [`seal`] made.
///
/// # Errors
/// The passphrase is wrong, or the text is not as it was written.
pub fn open(text: &str, passphrase: &Secret<String>) -> Result<Zeroizing<Vec<u8>>, SealError> {
    let parts = Parts::read(text).ok_or(SealError::Damaged)?;
    let key = key_from(passphrase, &parts.salt, parts.costs)?;
    let mut bytes = Zeroizing::new(parts.sealed);
    let plain = key
        .open_in_place(
            Nonce::assume_unique_for_key(parts.nonce),
            Aad::from(parts.head.as_bytes()),
            &mut bytes,
        )
        .map_err(|_| SealError::Closed)?;
    Ok(Zeroizing::new(plain.to_vec()))
}

/// What the key costs.
#[derive(Clone, Copy)]
struct Costs {
    memory: u32,
    passes: u32,
    lanes: u32,
}

struct Parts<'a> {
    /// The first two lines, which are sealed along.
    head: &'a str,
    costs: Costs,
    salt: Vec<u8>,
    nonce: [u8; NONCE_LEN],
    sealed: Vec<u8>,
}

impl<'a> Parts<'a> {
    fn read(text: &'a str) -> Option<Parts<'a>> {
        if text.len() > TEXT_BYTES_MAX {
            return None;
        }
        let second = text.strip_prefix(HEAD)?.strip_prefix('\n')?;
        let (costs, rest) = second.split_once('\n')?;
        let head = text.get(..text.len().checked_sub(rest.len())?)?;
        let mut words = costs.strip_prefix("argon2id ")?.split(' ');
        let mut number = |name: &str, most: u32| {
            let value = words.next()?.strip_prefix(name)?.parse::<u32>().ok()?;
            (value <= most).then_some(value)
        };
        let costs = Costs {
            memory: number("m=", MEMORY_KIB_MAX)?,
            passes: number("t=", PASSES_MAX)?,
            lanes: number("p=", LANES)?,
        };
        let salt = STANDARD.decode(words.next()?).ok()?;
        let (nonce, sealed) = rest.strip_suffix('\n')?.split_once('\n')?;
        Some(Parts {
            head,
            costs,
            salt,
            nonce: STANDARD.decode(nonce).ok()?.try_into().ok()?,
            sealed: STANDARD.decode(sealed).ok()?,
        })
    }
}

fn key_from(
    passphrase: &Secret<String>,
    salt: &[u8],
    costs: Costs,
) -> Result<LessSafeKey, SealError> {
    let params = Params::new(costs.memory, costs.passes, costs.lanes, Some(KEY_BYTES))
        .map_err(|_| SealError::Damaged)?;
    let mut key = Zeroizing::new([0; KEY_BYTES]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(passphrase.expose().as_bytes(), salt, key.as_mut())
        .map_err(|_| SealError::Damaged)?;
    let key = UnboundKey::new(&CHACHA20_POLY1305, key.as_ref()).map_err(|_| SealError::Damaged)?;
    Ok(LessSafeKey::new(key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SeededEntropy;

    fn phrase(text: &str) -> Secret<String> {
        Secret::new(text.to_owned())
    }

    #[test]
    fn what_was_sealed_opens_with_its_passphrase_only() {
        let right = phrase("正确 马匹 电池 订书钉 四个词");
        let text = seal(b"secret", &right, &SeededEntropy::new(1)).unwrap();
        assert!(is_sealed(&text) && !text.contains("secret"));
        assert_eq!(*open(&text, &right).unwrap(), b"secret");
        let wrong = phrase("正确 马匹 电池 订书钉 四个字");
        assert_eq!(open(&text, &wrong).unwrap_err(), SealError::Closed);
        let other = seal(b"secret", &right, &SeededEntropy::new(2)).unwrap();
        assert_ne!(text, other);
        assert_eq!(
            seal(b"secret", &phrase("short"), &SeededEntropy::new(1)),
            Err(SealError::Short)
        );
    }

    #[test]
    fn every_changed_line_is_refused() {
        let right = phrase("a long enough passphrase");
        let text = seal(b"secret", &right, &SeededEntropy::new(1)).unwrap();
        let check = |changed: String, want: SealError| {
            assert_ne!(changed, text);
            assert_eq!(open(&changed, &right).unwrap_err(), want, "{changed}");
        };
        check(text.replace("/1", "/2"), SealError::Damaged);
        check(text.replace("m=65536", "m=8192"), SealError::Closed);
        check(text.replace("m=65536", "m=4000000"), SealError::Damaged);
        check(text.replace("t=3", "t=99"), SealError::Damaged);
        check(text.replace("p=1", "p=8"), SealError::Damaged);
        check(text.replace("argon2id", "argon2i"), SealError::Damaged);
        check(text.trim_end().to_owned(), SealError::Damaged);
        check(format!("{text}\n"), SealError::Damaged);
        check(String::new(), SealError::Damaged);
        let mut swapped = text.clone().into_bytes();
        let at = text.trim_end().rfind('\n').unwrap() + 1;
        swapped[at] = if swapped[at] == b'A' { b'B' } else { b'A' };
        check(String::from_utf8(swapped).unwrap(), SealError::Closed);
    }
}

//! The second step of a sign-in: codes of an authenticator (RFC 6238: SHA-1, 30 seconds, six digits), recovery codes,
//! and the ticket between the password and the code.
//!
//! What the database holds opens nothing without the house's keys: secrets are sealed with ChaCha20-Poly1305, recovery
//! codes are kept as keyed hashes, tickets are signed. The three keys are derived from the session key, one for each
//! purpose, so that nothing made for one of them counts for another.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use kernel::{Secret, Timestamp};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use sha2::Sha256;
use totp_rs::{Builder, Totp};
use zeroize::Zeroizing;

/// Bytes of a secret: 160 bits, as RFC 4226 section 4 recommends for SHA-1.
pub const SECRET_BYTES: usize = 20;
/// Bytes of a nonce that the caller draws.
pub const NONCE_BYTES: usize = NONCE_LEN;
/// Digits of a code.
const DIGITS: u8 = 6;
/// Seconds of a step.
const STEP_SECONDS: u64 = 30;
/// Steps by which a clock may be early or late.
const DRIFT: i64 = 1;
const MICROS_PER_SECOND: i64 = 1_000_000;
/// Letters and digits of a recovery code; none of them is mistaken for another on paper.
const RECOVERY_LETTERS: &[u8; 32] = b"23456789abcdefghijkmnpqrstuvwxyz";
/// Characters of a recovery code: 60 bits.
const RECOVERY_CHARS: usize = 12;
const RECOVERY_GROUP: usize = 4;
/// Bytes of a ticket before its signature: user, end, nonce.
const TICKET_BYTES: usize = 24;
const TAG_BYTES: usize = 32;
/// The longest text that is looked at as a code or ticket, in bytes.
const TEXT_BYTES_MAX: usize = 200;

/// 〔两步验证的钥匙〕 The keys behind second factors. Printing it shows `***`.
#[derive(Debug, Clone)]
pub struct Vault {
    sealing: Secret<[u8; 32]>,
    hashing: Secret<[u8; 32]>,
    signing: Secret<[u8; 32]>,
}

/// The secret that an authenticator shares with the house.
pub type FactorSecret = Zeroizing<[u8; SECRET_BYTES]>;

impl Vault {
    /// The keys of a house.
    #[must_use]
    pub fn new(session_key: &Secret<[u8; 32]>) -> Vault {
        let one = |purpose: &str| {
            Secret::new(tag_of(
                session_key.expose(),
                &[b"shanji second factor 1 ", purpose.as_bytes()],
            ))
        };
        Vault {
            sealing: one("seal"),
            hashing: one("recovery"),
            signing: one("ticket"),
        }
    }

    /// Seals a secret for one user: it opens for nobody else. A nonce is used once.
    #[must_use]
    pub fn seal(
        &self,
        user: i64,
        secret: &[u8; SECRET_BYTES],
        nonce: [u8; NONCE_BYTES],
    ) -> Option<Vec<u8>> {
        let mut bytes = secret.to_vec();
        let sealed = self.key()?.seal_in_place_append_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(user.to_be_bytes()),
            &mut bytes,
        );
        sealed.ok()?;
        Some([&nonce[..], &bytes].concat())
    }

    /// Opens what [`Vault::seal`] made for this user; nothing if it was changed or is another user's.
    #[must_use]
    pub fn open(&self, user: i64, sealed: &[u8]) -> Option<FactorSecret> {
        let (nonce, bytes) = sealed.split_at_checked(NONCE_BYTES)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut bytes = Zeroizing::new(bytes.to_vec());
        let plain = self
            .key()?
            .open_in_place(nonce, Aad::from(user.to_be_bytes()), &mut bytes)
            .ok()?;
        let mut secret = Zeroizing::new([0; SECRET_BYTES]);
        (plain.len() == SECRET_BYTES).then(|| secret.copy_from_slice(plain))?;
        Some(secret)
    }

    fn key(&self) -> Option<LessSafeKey> {
        let key = UnboundKey::new(&CHACHA20_POLY1305, self.sealing.expose()).ok()?;
        Some(LessSafeKey::new(key))
    }

    /// What is kept of a recovery code; nothing if the text is none. Blanks, hyphens and capitals make no difference.
    #[must_use]
    pub fn recovery_hash(&self, user: i64, code: &str) -> Option<[u8; 32]> {
        let plain = recovery_plain(code)?;
        let hash = tag_of(
            self.hashing.expose(),
            &[&user.to_be_bytes(), plain.as_bytes()],
        );
        Some(hash)
    }

    /// A ticket: this user's password was right, and the code may be given until `until`.
    #[must_use]
    pub fn ticket(&self, user: i64, until: Timestamp, nonce: [u8; 8]) -> String {
        let mut bytes = Vec::with_capacity(TICKET_BYTES + TAG_BYTES);
        bytes.extend(user.to_be_bytes());
        bytes.extend(until.micros().to_be_bytes());
        bytes.extend(nonce);
        let tag = tag_of(self.signing.expose(), &[&bytes]);
        bytes.extend(tag);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Whose ticket this is, if it is ours and still holds.
    #[must_use]
    pub fn read_ticket(&self, text: &str, now: Timestamp) -> Option<i64> {
        if text.len() > TEXT_BYTES_MAX {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (body, tag) = bytes.split_at_checked(TICKET_BYTES)?;
        // The comparison of the library takes the same time for every tag.
        let mut mac = Hmac::<Sha256>::new_from_slice(self.signing.expose()).ok()?;
        mac.update(body);
        mac.verify_slice(tag).ok()?;
        let number = |at: usize| -> Option<i64> {
            let part = body.get(at..at.checked_add(8)?)?;
            Some(i64::from_be_bytes(part.try_into().ok()?))
        };
        (now.micros() < number(8)?).then(|| number(0))?
    }
}

fn tag_of(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    let mut tag = [0; 32];
    if let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) {
        for part in parts {
            mac.update(part);
        }
        tag.copy_from_slice(&mac.finalize().into_bytes());
    }
    tag
}

fn totp(secret: &[u8; SECRET_BYTES]) -> Option<Totp> {
    Builder::new()
        .with_digits(DIGITS)
        .with_step_duration(STEP_SECONDS)
        .with_skew(0)
        .with_secret(*secret)
        .build()
        .ok()
}

fn step_at(now: Timestamp) -> i64 {
    now.micros().div_euclid(MICROS_PER_SECOND) / i64::try_from(STEP_SECONDS).unwrap_or(i64::MAX)
}

/// The steps around `now` whose code this is, oldest first; none if it is no code, or the wrong one.
#[must_use]
pub fn steps_of(secret: &[u8; SECRET_BYTES], code: &str, now: Timestamp) -> Vec<i64> {
    let digits: String = code
        .chars()
        .filter(|c| !c.is_whitespace())
        .take(TEXT_BYTES_MAX)
        .collect();
    let plain = digits.len() == usize::from(DIGITS) && digits.bytes().all(|b| b.is_ascii_digit());
    let Some(totp) = totp(secret).filter(|_| plain) else {
        return Vec::new();
    };
    let middle = step_at(now);
    let around = middle.saturating_sub(DRIFT)..=middle.saturating_add(DRIFT);
    around
        .filter(|step| {
            let step = u64::try_from(*step).unwrap_or(0);
            totp.check(&digits, step.saturating_mul(STEP_SECONDS))
                .is_some()
        })
        .collect()
}

/// The code that an authenticator with this secret shows at this moment: the other side, for tests and checks.
#[must_use]
pub fn code_at(secret: &[u8; SECRET_BYTES], now: Timestamp) -> Option<String> {
    let seconds = u64::try_from(now.micros().div_euclid(MICROS_PER_SECOND)).ok()?;
    Some(totp(secret)?.generate(seconds).to_string())
}

/// The secret in base 32, for typing.
#[must_use]
pub fn secret_text(secret: &[u8; SECRET_BYTES]) -> String {
    totp_rs::Secret::from(*secret).to_base32()
}

/// The address that authenticators read from a QR code. `login` and `house` are percent-encoded where they need it.
#[must_use]
pub fn address(secret: &[u8; SECRET_BYTES], house: &str, login: &str) -> String {
    let (house, login) = (percent(house), percent(login));
    format!(
        "otpauth://totp/{house}:{login}?secret={}&issuer={house}&algorithm=SHA1&digits={DIGITS}&period={STEP_SECONDS}",
        secret_text(secret)
    )
}

fn percent(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_') {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push_str(&hex::encode_upper([byte]));
        }
    }
    out
}

/// A recovery code of these random bytes: three groups of four letters and digits.
#[must_use]
pub fn recovery_code(bytes: &[u8; 32]) -> String {
    let mut code = String::new();
    for (at, byte) in bytes.iter().take(RECOVERY_CHARS).enumerate() {
        if at > 0 && at % RECOVERY_GROUP == 0 {
            code.push('-');
        }
        // Five of the eight bits: every letter is as likely as any other.
        code.push(char::from(RECOVERY_LETTERS[usize::from(byte & 31)]));
    }
    code
}

/// The letters and digits of a recovery code, if it is one.
fn recovery_plain(code: &str) -> Option<String> {
    if code.len() > TEXT_BYTES_MAX {
        return None;
    }
    let plain: String = code
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .map(|c| c.to_ascii_lowercase())
        .collect();
    let known = plain.bytes().all(|b| RECOVERY_LETTERS.contains(&b));
    (known && plain.len() == RECOVERY_CHARS).then_some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::{self, SeededEntropy};
    use crate::keys::Secrets;
    use proptest::prelude::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(seconds * MICROS_PER_SECOND)
    }

    fn vault(seed: u64) -> Vault {
        Vault::new(
            &Secrets::draw(&SeededEntropy::new(seed))
                .unwrap()
                .session_key,
        )
    }

    /// Appendix B of RFC 6238, its eight digits cut to the last six.
    #[test]
    fn codes_are_those_of_the_standard() {
        let secret = b"12345678901234567890";
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(code_at(secret, at(seconds)).as_deref(), Some(code));
            assert_eq!(steps_of(secret, code, at(seconds)), [seconds / 30]);
        }
    }

    #[test]
    fn a_clock_may_be_one_step_early_or_late_and_no_more() {
        let secret = b"12345678901234567890";
        let now = 1_795_312_800;
        let code = code_at(secret, at(now)).unwrap();
        for (later, known) in [
            (-60, false),
            (-30, true),
            (0, true),
            (59, true),
            (60, false),
        ] {
            let found = steps_of(secret, &code, at(now + later));
            assert_eq!(found.contains(&(now / 30)), known, "{later} s");
        }
        assert_eq!(
            steps_of(secret, &format!("{} {}", &code[..3], &code[3..]), at(now)),
            [now / 30]
        );
        for no_code in ["", "12345", "1234567", "abcdef", "１２３４５６"] {
            assert!(steps_of(secret, no_code, at(now)).is_empty(), "{no_code}");
        }
    }

    #[test]
    fn a_sealed_secret_opens_for_its_user_and_its_house_only() {
        let (ours, others) = (vault(1), vault(2));
        let secret = *b"12345678901234567890";
        let sealed = ours.seal(7, &secret, [3; NONCE_BYTES]).unwrap();
        assert_eq!(*ours.open(7, &sealed).unwrap(), secret);
        assert!(ours.open(8, &sealed).is_none());
        assert!(others.open(7, &sealed).is_none());
        assert!(ours.open(7, &sealed[1..]).is_none());
        assert!(ours.open(7, &[]).is_none());
        assert!(!sealed.windows(4).any(|part| part == &secret[..4]));
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_ticket_that_was_changed_or_is_late_is_none(byte in 0_usize..56, bit in 0_u8..8, late in 0_i64..100) {
            let vault = vault(1);
            let ticket = vault.ticket(7, at(1_000), [9; 8]);
            prop_assert_eq!(vault.read_ticket(&ticket, at(999)), Some(7));
            prop_assert_eq!(vault.read_ticket(&ticket, at(1_000 + late)), None);
            let mut bytes = URL_SAFE_NO_PAD.decode(&ticket).unwrap();
            bytes[byte] ^= 1 << bit;
            prop_assert_eq!(vault.read_ticket(&URL_SAFE_NO_PAD.encode(bytes), at(999)), None);
        }
    }

    #[test]
    fn tickets_are_of_one_house_and_of_one_form() {
        let ticket = vault(1).ticket(7, at(1_000), [9; 8]);
        assert_eq!(vault(2).read_ticket(&ticket, at(1)), None);
        for text in ["", "x", "////", &"a".repeat(500)] {
            assert_eq!(vault(1).read_ticket(text, at(1)), None, "{text}");
        }
    }

    #[test]
    fn recovery_codes_are_read_as_people_type_them() {
        let vault = vault(1);
        let code = recovery_code(&entropy::draw(&SeededEntropy::new(5)).unwrap());
        assert_eq!(code.len(), 14);
        let hash = vault.recovery_hash(7, &code);
        assert!(hash.is_some());
        assert_eq!(
            vault.recovery_hash(7, &code.to_uppercase().replace('-', " ")),
            hash
        );
        assert_ne!(vault.recovery_hash(8, &code), hash);
        for none in ["", "287082", "oooo-oooo-oooo", "2222-2222-222"] {
            assert_eq!(vault.recovery_hash(7, none), None, "{none}");
        }
    }

    #[test]
    fn the_address_is_what_authenticators_read() {
        let address = address(b"12345678901234567890", "善迹 a", "li@x");
        assert_eq!(
            address,
            "otpauth://totp/%E5%96%84%E8%BF%B9%20a:li%40x?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=%E5%96%84%E8%BF%B9%20a&algorithm=SHA1&digits=6&period=30"
        );
    }
}

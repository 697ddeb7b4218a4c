//! Public numbers: what people see, copy and read over the telephone instead of an id.
//!
//! An id says when it was made, and two of them say how many were made between. So the
//! house shows `don_` and the id under a keyed permutation of all 64-bit numbers. The
//! permutation is FF1 of NIST SP 800-38G with AES-256, radix 2, 64 bits, and the prefix as
//! the tweak: the same id of another kind looks unrelated. It is written in Crockford's
//! base 32 (no I, L, O, U) and closed by a check character.
//!
//! The check: with the characters as elements of the field of 32, the sum of the i-th
//! character from the end times a^i is zero, where a generates the field. All a^i are
//! different and none is zero, so every single wrong character and every swap of two
//! characters, neighbours or not, is found.

use crate::id::{Id, IdKind};
use crate::limits::{ID_PREFIX_BYTES, ID_TEXT_CHARS};
use crate::text::half_width;
use aes::Aes256;
use aes::cipher::{BlockEncrypt, KeyInit};
use std::fmt;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// 64 bits in characters of five.
const BODY_CHARS: usize = 13;
const ROUNDS: u8 = 10;

/// 〔公开编号〕 Turns ids into public numbers and back, under one key for the whole house.
/// Whoever knows the key can order public numbers by time; whoever loses it can read none.
pub struct IdCipher {
    aes: Aes256,
    /// The first block of FF1's chain does not depend on the id, only on the length of the
    /// tweak: it is enciphered once, for each length.
    first: [[u8; 16]; ID_PREFIX_BYTES + 1],
}

impl IdCipher {
    /// A cipher with this key: 32 random bytes, kept secret and for ever.
    #[must_use]
    pub fn new(key: [u8; 32]) -> Self {
        let aes = Aes256::new(&key.into());
        let mut cipher = IdCipher {
            aes,
            first: [[0; 16]; ID_PREFIX_BYTES + 1],
        };
        let mut length = 0_u8;
        cipher.first = cipher.first.map(|_| {
            // FF1 step 5: version 1, method 2, Feistel 1, radix 2, 10 rounds, half 32,
            // whole 64, tweak length
            let block = [1, 2, 1, 0, 0, 2, ROUNDS, 32, 0, 0, 0, 64, 0, 0, 0, length];
            length = length.saturating_add(1);
            cipher.block(block)
        });
        cipher
    }

    /// The public number of an id: `don_` and 14 characters.
    #[must_use]
    pub fn print<K: IdKind>(&self, id: Id<K>) -> String {
        const { assert!(good_prefix(K::PREFIX), "2 to 8 lower-case letters") };
        let hidden = self.hide(id.raw().cast_unsigned(), K::PREFIX);
        let mut text = String::with_capacity(K::PREFIX.len().saturating_add(BODY_CHARS + 2));
        text.push_str(K::PREFIX);
        text.push('_');
        let mut check = 0;
        for place in (0..BODY_CHARS).rev() {
            let value = five_bits(hidden, place);
            check = times_a(check ^ value);
            text.push(symbol(value));
        }
        text.push(symbol(check));
        text
    }

    /// Reads a public number as people write it: upper or lower case, O for 0, I or L for
    /// 1, full-width, with blanks and hyphens anywhere.
    ///
    /// # Errors
    /// One for each thing that can be wrong with it, see [`ParseIdError`].
    pub fn read<K: IdKind>(&self, text: &str) -> Result<Id<K>, ParseIdError> {
        const { assert!(good_prefix(K::PREFIX), "2 to 8 lower-case letters") };
        let (hidden, check) = body(text, K::PREFIX)?;
        if check != 0 {
            return Err(ParseIdError::Check);
        }
        let hidden = u64::try_from(hidden).map_err(|_| ParseIdError::TooLarge)?;
        let raw = self.show(hidden, K::PREFIX).cast_signed();
        // Ids have 63 bits: half of all numbers nobody ever printed are found out here.
        if raw < 0 {
            Err(ParseIdError::NeverPrinted)
        } else {
            Ok(Id::from_raw(raw))
        }
    }

    /// FF1 forward: ten rounds of a Feistel network over two halves of 32 bits.
    fn hide(&self, clear: u64, tweak: &str) -> u64 {
        let (mut left, mut right) = halves(clear);
        for round in 0..ROUNDS {
            let mixed = left.wrapping_add(self.round(round, right, tweak));
            (left, right) = (right, mixed);
        }
        whole(left, right)
    }

    /// FF1 backward.
    fn show(&self, hidden: u64, tweak: &str) -> u64 {
        let (mut left, mut right) = halves(hidden);
        for round in (0..ROUNDS).rev() {
            let mixed = right.wrapping_sub(self.round(round, left, tweak));
            (left, right) = (mixed, left);
        }
        whole(left, right)
    }

    /// The round function: AES-CBC-MAC of the fixed block and of tweak, round and half;
    /// of its first eight bytes the lower 32 bits, because the sum is modulo 2^32.
    fn round(&self, round: u8, half: u32, tweak: &str) -> u32 {
        let mut block = [0; 16];
        for (place, byte) in block.iter_mut().zip(tweak.bytes()) {
            *place = byte;
        }
        let [a, b, c, d] = half.to_be_bytes();
        [block[11], block[12], block[13], block[14], block[15]] = [round, a, b, c, d];
        let first = self.first.get(tweak.len()).copied().unwrap_or_default();
        for (byte, other) in block.iter_mut().zip(first) {
            *byte ^= other;
        }
        let mac = self.block(block);
        u32::from_be_bytes([mac[4], mac[5], mac[6], mac[7]])
    }

    fn block(&self, bytes: [u8; 16]) -> [u8; 16] {
        let mut block = bytes.into();
        self.aes.encrypt_block(&mut block);
        block.into()
    }
}

impl fmt::Debug for IdCipher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdCipher(***)")
    }
}

/// Why a text is no public number of this kind, in the order in which it is looked at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ParseIdError {
    /// It does not begin with the prefix of this kind.
    Prefix {
        /// The prefix it should have.
        expected: &'static str,
    },
    /// Not 14 characters behind the prefix.
    Length,
    /// A character that is in no public number.
    Character(char),
    /// The check character says that it was misread or mistyped.
    Check,
    /// The characters make a number above 64 bits.
    TooLarge,
    /// Well written, but this house never printed it.
    NeverPrinted,
}

impl ParseIdError {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Prefix { .. } => "id.prefix",
            Self::Length => "id.length",
            Self::Character(_) => "id.character",
            Self::Check => "id.check",
            Self::TooLarge => "id.too_large",
            Self::NeverPrinted => "id.never_printed",
        }
    }
}

impl fmt::Display for ParseIdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Prefix { expected } => {
                write!(f, "这里需要以 {expected}_ 开头的编号，请检查是否填错了栏")
            }
            Self::Length => f.write_str("编号的位数不对，请检查是否漏写或多写"),
            Self::Character(c) => write!(f, "编号里不会有“{c}”，请对照原件重新输入"),
            Self::Check => f.write_str("编号有一处写错了，请对照原件重新输入"),
            Self::TooLarge | Self::NeverPrinted => f.write_str("没有这个编号，请对照原件重新输入"),
        }
    }
}

impl std::error::Error for ParseIdError {}

const fn good_prefix(prefix: &str) -> bool {
    let mut rest = prefix.as_bytes();
    let good = rest.len() >= 2 && rest.len() <= ID_PREFIX_BYTES;
    while let [byte, tail @ ..] = rest {
        if !byte.is_ascii_lowercase() {
            return false;
        }
        rest = tail;
    }
    good
}

/// The number and the check sum of what stands behind the prefix.
fn body(text: &str, prefix: &'static str) -> Result<(u128, u8), ParseIdError> {
    let wrong = ParseIdError::Prefix { expected: prefix };
    let mut chars = text
        .chars()
        .take(ID_TEXT_CHARS)
        .map(half_width)
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '‐' | '–' | '—' | '_'));
    for wanted in prefix.chars() {
        if chars.next().map(|c| c.to_ascii_lowercase()) != Some(wanted) {
            return Err(wrong);
        }
    }
    let (mut number, mut check, mut count, mut strange) = (0_u128, 0, 0_usize, None);
    for c in chars {
        count = count.saturating_add(1);
        let Some(value) = value(c) else {
            strange = strange.or(Some(c));
            continue;
        };
        if count <= BODY_CHARS {
            number = (number << 5) | u128::from(value);
            check = times_a(check ^ value);
        } else {
            check ^= value;
        }
    }
    match strange {
        _ if count != BODY_CHARS + 1 => Err(ParseIdError::Length),
        Some(c) => Err(ParseIdError::Character(c)),
        None => Ok((number, check)),
    }
}

/// Whether the last character of a printed id is the check of those before it. No key is needed for that: what fails
/// was printed by nobody.
#[must_use]
pub fn id_check_ok(printed_id: &str) -> bool {
    let Some((_, body)) = printed_id.split_once('_') else {
        return false;
    };
    let (mut check, mut count) = (0, 0_usize);
    for c in body.chars().take(ID_TEXT_CHARS) {
        let Some(value) = value(c) else { return false };
        count = count.saturating_add(1);
        check = if count <= BODY_CHARS {
            times_a(check ^ value)
        } else {
            check ^ value
        };
    }
    count == BODY_CHARS + 1 && check == 0
}

/// Times the generator, in the field of 32 with x^5 = x^2 + 1.
const fn times_a(element: u8) -> u8 {
    let shifted = element << 1;
    if shifted & 32 == 0 {
        shifted
    } else {
        shifted ^ 0b10_0101
    }
}

/// The five bits that the character at this place from the end stands for.
fn five_bits(number: u64, place: usize) -> u8 {
    let shift = u32::try_from(place).unwrap_or(0).saturating_mul(5);
    u8::try_from((number >> shift) & 31).unwrap_or(0)
}

fn symbol(value: u8) -> char {
    ALPHABET
        .get(usize::from(value))
        .copied()
        .map_or('0', char::from)
}

fn value(c: char) -> Option<u8> {
    let wanted = match c.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    let at = ALPHABET
        .iter()
        .position(|symbol| char::from(*symbol) == wanted)?;
    u8::try_from(at).ok()
}

fn halves(number: u64) -> (u32, u32) {
    let [a, b, c, d, e, f, g, h] = number.to_be_bytes();
    (
        u32::from_be_bytes([a, b, c, d]),
        u32::from_be_bytes([e, f, g, h]),
    )
}

fn whole(left: u32, right: u32) -> u64 {
    (u64::from(left) << 32) | u64::from(right)
}

#[cfg(test)]
#[path = "id_cipher_tests.rs"]
mod tests;

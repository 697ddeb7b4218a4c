//! Numbers in base64, and in bytes that are given for a digest.
//!
//! Nobody types base64; programs do, when they put a text where a code or a digest belongs.

use crate::limits::DIGITS_IN_A_ROW;
use crate::scan::Personal;

/// The shortest base64 that holds a number of a person: eleven bytes.
const BASE64_CHARS: usize = 15;

/// Different bytes of a text that says something.
const LETTERS: usize = 6;
/// Signs in a row that do not end a number.
const GAP: usize = 3;

/// A number of a person in clear within bytes: digits, few signs between them.
pub(crate) fn in_bytes(bytes: &[u8]) -> Option<Personal> {
    let (mut digits, mut gap) = (0_usize, 0_usize);
    for byte in bytes {
        match byte {
            b'0'..=b'9' => (digits, gap) = (digits + 1, 0),
            b' '..=b'~' if !byte.is_ascii_alphanumeric() && gap < GAP => gap += 1,
            _ => (digits, gap) = (0, 0),
        }
        if digits >= DIGITS_IN_A_ROW {
            return Some(Personal::Digits);
        }
    }
    None
}

/// A number of a person where a digest belongs; one of 2⁴⁵ digests is readable text by chance.
pub(crate) fn in_digest(digest: &[u8; 32]) -> Option<Personal> {
    let letters: std::collections::BTreeSet<&u8> = digest.iter().collect();
    let is_text = letters.len() >= LETTERS && letters.iter().all(|b| matches!(b, 0 | b' '..=b'~'));
    is_text
        .then_some(Personal::Digits)
        .or_else(|| in_bytes(digest))
}

/// A number of a person behind base64 of either alphabet, wherever in the text it begins.
pub(crate) fn in_base64(text: &str) -> Option<Personal> {
    let is_sign = |c: char| sextet(c).is_some();
    let runs = text.split(|c| !is_sign(c));
    runs.filter(|run| run.len() >= BASE64_CHARS)
        .find_map(|run| (0..4).find_map(|skip| in_bytes(&decoded(run.get(skip..).unwrap_or("")))))
}

/// The whole bytes of a run of base64.
fn decoded(run: &str) -> Vec<u8> {
    let (mut held, mut bits) = (0_u32, 0_u32);
    let mut bytes = Vec::with_capacity(run.len());
    for value in run.chars().filter_map(sextet) {
        held = (held << 6) | u32::from(value);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.extend(u8::try_from((held >> bits) & 0xFF));
        }
        held &= 0xFF;
    }
    bytes
}

fn sextet(c: char) -> Option<u8> {
    let byte = u8::try_from(c).ok()?;
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' | b'-' => Some(62),
        b'/' | b'_' => Some(63),
        _ => None,
    }
}

/// The lengths of the usual digests in hexadecimal.
const HEX_LENGTHS: [usize; 4] = [32, 40, 56, 64];
/// The lengths of 32 bytes in base64, with and without its mark at the end.
const BASE64_LENGTHS: [usize; 2] = [43, 44];

/// Whether a text has the form of a digest. A word that has no digests does not need one: it would be an unsalted
/// one, and what was hashed can be guessed.
pub(crate) fn is_hash(text: &str) -> bool {
    let digit = text.bytes().any(|b| b.is_ascii_digit());
    let lower = text.bytes().any(|b| b.is_ascii_lowercase());
    let upper = text.bytes().any(|b| b.is_ascii_uppercase());
    let hex = HEX_LENGTHS.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_hexdigit());
    let base64 = BASE64_LENGTHS.contains(&text.len())
        && text
            .trim_end_matches('=')
            .chars()
            .all(|c| sextet(c).is_some());
    (hex && digit) || (base64 && digit && lower && upper)
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_number_is_found_behind_base64_wherever_it_stands(
            before in "[a-z]{0,6}", number in "1[3-9][0-9]{9}", after in "[a-z]{0,4}",
        ) {
            let text = format!("{before}{number}{after}");
            prop_assert!(in_base64(&STANDARD.encode(&text)).is_some());
            prop_assert!(in_base64(&URL_SAFE_NO_PAD.encode(&text)).is_some());
            let within = format!("/x/{}", URL_SAFE_NO_PAD.encode(&text));
            prop_assert!(in_base64(&within).is_some());
        }

        #[test]
        fn random_bytes_hide_nothing(bytes in any::<[u8; 32]>()) {
            prop_assert_eq!(in_digest(&bytes), None);
            prop_assert_eq!(in_base64(&URL_SAFE_NO_PAD.encode(bytes)), None);
        }

        #[test]
        fn a_digest_is_known_by_its_form(bytes in any::<[u8; 32]>()) {
            // One digest of 1,500 has no digit in base64; it looks like a word.
            let text = URL_SAFE_NO_PAD.encode(bytes);
            let has = |wanted: fn(&u8) -> bool| text.as_bytes().iter().any(wanted);
            let usual = has(u8::is_ascii_digit) && has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase);
            prop_assert_eq!(is_hash(&text), usual);
        }
    }
}

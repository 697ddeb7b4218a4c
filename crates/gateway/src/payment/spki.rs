//! Public keys in the form in which the world hands them round: `-----BEGIN PUBLIC KEY-----`.
//!
//! Reads and writes SubjectPublicKeyInfo (RFC 5280 4.1, RFC 8017 A.1, RFC 8410) for the two
//! algorithms that we accept. Strict DER: one key has one text.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

const BEGIN: &str = "-----BEGIN PUBLIC KEY-----";
const END: &str = "-----END PUBLIC KEY-----";
/// Characters in a line of PEM.
const LINE: usize = 64;
/// Longest text that is looked at; a 4096-bit key has about 800.
const TEXT_LIMIT: usize = 4_096;

const SEQUENCE: u8 = 0x30;
const BIT_STRING: u8 = 0x03;
const INTEGER: u8 = 0x02;
/// `{1.3.101.112}` without parameters.
const ED25519: &[u8] = &[0x06, 0x03, 0x2b, 0x65, 0x70];
/// `{1.2.840.113549.1.1.1}` with NULL parameters.
const RSA: &[u8] = &[
    0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00,
];

/// What the text holds, not yet judged.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Spki {
    Ed25519([u8; 32]),
    /// The DER of RSAPublicKey (PKCS #1).
    Rsa(Vec<u8>),
}

/// Reads PEM; `None` where it is anything else than one key of the two kinds.
pub(super) fn read_pem(text: &str) -> Option<Spki> {
    if text.len() > TEXT_LIMIT {
        return None;
    }
    let inner = text.trim().strip_prefix(BEGIN)?.strip_suffix(END)?;
    let inner: String = inner.split_ascii_whitespace().collect();
    read_der(&STANDARD.decode(inner).ok()?)
}

/// Writes PEM as `openssl` does.
pub(super) fn write_pem(key: &Spki) -> String {
    let (algorithm, bits) = match key {
        Spki::Ed25519(point) => (ED25519, point.as_slice()),
        Spki::Rsa(der) => (RSA, der.as_slice()),
    };
    let bits = [&[0], bits].concat();
    let inner = [wrap(SEQUENCE, algorithm), wrap(BIT_STRING, &bits)].concat();
    let text = STANDARD.encode(wrap(SEQUENCE, &inner));
    let mut pem = String::from(BEGIN);
    for (place, letter) in text.chars().enumerate() {
        if place % LINE == 0 {
            pem.push('\n');
        }
        pem.push(letter);
    }
    format!("{pem}\n{END}\n")
}

/// Bits of the modulus of an RSAPublicKey; `None` where it is none in strict DER.
pub(super) fn rsa_bits(der: &[u8]) -> Option<usize> {
    let (inner, rest) = take(der, SEQUENCE)?;
    let (modulus, after) = take(inner, INTEGER)?;
    let (_exponent, end) = take(after, INTEGER)?;
    let modulus = modulus.strip_prefix(&[0]).unwrap_or(modulus);
    let unused = usize::try_from(modulus.first()?.leading_zeros()).ok()?;
    (rest.is_empty() && end.is_empty()).then(|| modulus.len() * 8 - unused)
}

fn read_der(der: &[u8]) -> Option<Spki> {
    let (inner, rest) = take(der, SEQUENCE)?;
    let (algorithm, after) = take(inner, SEQUENCE)?;
    let (bits, end) = take(after, BIT_STRING)?;
    let key = bits.strip_prefix(&[0])?;
    if !rest.is_empty() || !end.is_empty() {
        return None;
    }
    match algorithm {
        ED25519 => key.try_into().ok().map(Spki::Ed25519),
        RSA => Some(Spki::Rsa(key.to_vec())),
        _ => None,
    }
}

/// Takes one element with `tag` off the front: its value and what follows.
fn take(input: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (&[found, first], rest) = input.split_first_chunk::<2>()?;
    let (length, rest) = match first {
        0..=0x7f => (usize::from(first), rest),
        0x81 => {
            let (&length, rest) = rest.split_first().filter(|(length, _)| **length > 0x7f)?;
            (usize::from(length), rest)
        }
        0x82 => {
            let (length, rest) = rest.split_first_chunk::<2>()?;
            let length = usize::from(u16::from_be_bytes(*length));
            (length > 0xff).then_some((length, rest))?
        }
        _ => return None,
    };
    (found == tag).then(|| rest.split_at_checked(length))?
}

fn wrap(tag: u8, value: &[u8]) -> Vec<u8> {
    let [high, low] = u16::try_from(value.len()).unwrap_or(u16::MAX).to_be_bytes();
    let head: &[u8] = match (high, low) {
        (0, 0..=0x7f) => &[tag, low],
        (0, _) => &[tag, 0x81, low],
        _ => &[tag, 0x82, high, low],
    };
    [head, value].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// RFC 8410, section 10.1.
    const RFC_8410: &str = "-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=
-----END PUBLIC KEY-----
";

    #[test]
    fn the_example_of_the_standard_reads_and_writes() {
        let key = read_pem(RFC_8410).unwrap();
        assert!(matches!(key, Spki::Ed25519(point) if point[0] == 0x19));
        assert_eq!(write_pem(&key), RFC_8410);
        assert_eq!(read_pem(&RFC_8410.replace('\n', "\r\n")), Some(key));
    }

    #[test]
    fn lengths_of_every_size_come_back() {
        for size in [1, 127, 128, 255, 256, 600] {
            let der = wrap(
                SEQUENCE,
                &[wrap(INTEGER, &vec![0x7f; size]), wrap(INTEGER, &[3])].concat(),
            );
            assert_eq!(rsa_bits(&der), Some(size * 8 - 1));
            let key = Spki::Rsa(der);
            assert_eq!(read_pem(&write_pem(&key)), Some(key));
        }
    }

    #[test]
    fn another_algorithm_or_a_tail_is_refused() {
        assert_eq!(
            read_pem(&RFC_8410.replace("MCowBQYDK2Vw", "MCowBQYDK2Vu")),
            None
        );
        assert_eq!(read_pem(&RFC_8410.replace("PUBLIC", "PRIVATE")), None);
        assert_eq!(read_pem(&RFC_8410.repeat(2)), None);
        assert_eq!(read_pem(""), None);
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..80), text in ".{0,80}") {
            let _ = (read_der(&bytes), rsa_bits(&bytes), read_pem(&text));
            let framed = format!("{BEGIN}\n{}\n{END}", STANDARD.encode(wrap(SEQUENCE, &bytes)));
            let _ = read_pem(&framed);
        }
    }
}

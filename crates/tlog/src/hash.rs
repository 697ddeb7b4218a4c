//! SHA-256 hashes of leaves and inner nodes, as RFC 6962 2.1 defines them.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use crate::lanes;
use crate::limits::HASH_BYTES;

/// Standing before an entry, so that no entry can pass for an inner node (RFC 6962 2.1).
const LEAF_PREFIX: [u8; 1] = [0x00];
/// Standing before two child hashes.
const NODE_PREFIX: [u8; 1] = [0x01];
/// A hash in base64 has this many characters.
const BASE64_CHARS: usize = 44;

/// 〔散列值〕 A SHA-256 hash in the tree. Printed and read as standard base64.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash(pub [u8; HASH_BYTES]);

impl Hash {
    /// The root of the tree without leaves: SHA-256 of nothing.
    pub const EMPTY_ROOT: Hash = Hash([
        0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9,
        0x24, 0x27, 0xae, 0x41, 0xe4, 0x64, 0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52,
        0xb8, 0x55,
    ]);

    /// The 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; HASH_BYTES] {
        &self.0
    }

    /// A hash from a slice of exactly 32 bytes.
    ///
    /// # Errors
    /// [`ParseHashError`] for any other length.
    pub fn from_slice(bytes: &[u8]) -> Result<Hash, ParseHashError> {
        bytes.try_into().map(Hash).map_err(|_| ParseHashError)
    }
}

/// A text or byte string is not a hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("散列值应为 32 字节或其标准 base64 写法，请核对来源后重新提供")]
pub struct ParseHashError;

impl ParseHashError {
    /// Stable code for machines.
    #[must_use]
    pub const fn code(self) -> &'static str {
        "tlog.hash.malformed"
    }
}

impl FromStr for Hash {
    type Err = ParseHashError;

    fn from_str(text: &str) -> Result<Hash, ParseHashError> {
        // The length is looked at first so that a long text costs nothing.
        if text.len() != BASE64_CHARS {
            return Err(ParseHashError);
        }
        let bytes = STANDARD.decode(text).map_err(|_| ParseHashError)?;
        Hash::from_slice(&bytes)
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&STANDARD.encode(self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({self})")
    }
}

impl From<[u8; HASH_BYTES]> for Hash {
    fn from(bytes: [u8; HASH_BYTES]) -> Hash {
        Hash(bytes)
    }
}

/// The hash of an entry: SHA-256(0x00 ‖ entry).
#[must_use]
pub fn leaf_hash(entry: &[u8]) -> Hash {
    let mut state = Sha256::new();
    state.update(LEAF_PREFIX);
    state.update(entry);
    Hash(state.finalize().into())
}

/// The hash of an inner node: SHA-256(0x01 ‖ left ‖ right).
#[must_use]
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let mut state = Sha256::new();
    state.update(NODE_PREFIX);
    state.update(left.0);
    state.update(right.0);
    Hash(state.finalize().into())
}

/// The hashes of entries, in order. Many at once are hashed side by side, which on some machines
/// is several times faster than one after the other.
#[must_use]
pub fn leaf_hashes(entries: &[&[u8]]) -> Vec<Hash> {
    lanes::digests(&LEAF_PREFIX, entries)
}

/// The parents of a row of nodes; a last node without a partner has none yet.
pub(crate) fn pair_up(row: &[Hash]) -> Vec<Hash> {
    let joined: Vec<[u8; 2 * HASH_BYTES]> = row
        .as_chunks::<2>()
        .0
        .iter()
        .map(|[left, right]| {
            let mut pair = [0; 2 * HASH_BYTES];
            let (first, second) = pair.split_at_mut(HASH_BYTES);
            first.copy_from_slice(&left.0);
            second.copy_from_slice(&right.0);
            pair
        })
        .collect();
    let pairs: Vec<&[u8]> = joined.iter().map(<[u8; 64]>::as_slice).collect();
    lanes::digests(&NODE_PREFIX, &pairs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_those_of_the_standard() {
        // Computed with sha256sum.
        let check = |hash: Hash, want: &str| assert_eq!(hex::encode(hash.0), want);
        check(
            leaf_hash(b""),
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        );
        check(
            Hash(Sha256::digest(b"").into()),
            &hex::encode(Hash::EMPTY_ROOT.0),
        );
        let left = leaf_hash(b"");
        let joined = [&[1][..], &left.0, &Hash::EMPTY_ROOT.0].concat();
        check(
            node_hash(&left, &Hash::EMPTY_ROOT),
            &hex::encode(Sha256::digest(&joined)),
        );
    }

    #[test]
    fn only_canonical_base64_of_32_bytes_is_a_hash() {
        let check = |text: &str, ok: bool| assert_eq!(text.parse::<Hash>().is_ok(), ok, "{text:?}");
        let good = Hash::EMPTY_ROOT.to_string();
        check(&good, true);
        check(good.trim_end_matches('='), false);
        check(&good.replace("U=", "V="), false);
        check(&good.replace('+', "-"), false);
        check(&format!("{good}\n"), false);
        check("", false);
        check(&"A".repeat(44), false);
    }
}

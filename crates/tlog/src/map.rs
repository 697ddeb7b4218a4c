//! A sorted Merkle map: one root over all keys and their values, with proofs that a key has a
//! value, that it is absent, and that these are all keys with a prefix.
//!
//! The tree is that of the package `mpt` of filippo.io/torchwood, byte for byte:
//!
//! - the empty tree is SHA-256 of nothing;
//! - a record is SHA-256(0x00 ‖ uvarint(key length) ‖ key ‖ uvarint(value length) ‖ value);
//! - an inner node is SHA-256(0x01 ‖ uvarint(bit) ‖ left ‖ right), `bit` being the first bit, the
//!   most significant of a byte first, in which the keys of the two sides differ;
//! - for this a key is followed by one byte 00 and then bytes FF without end, so that no key is
//!   the beginning of another.
//!
//! Who verifies needs [`verify_lookup`], [`verify_prefix`] and nothing of the rest: they share
//! only the definitions of `key` and `digest` with [`Map`], which makes the proofs.

mod digest;
mod key;
mod prove;
mod range;
mod tree;
mod verify;

pub use prove::Sealed;
pub use range::{RangeError, range_proof, verify_range};
pub use tree::{Map, MapError, MapValue};
pub use verify::{MapProofError, subtree_root, verify_lookup, verify_prefix, verify_prefix_root};

#[cfg(test)]
mod tests;

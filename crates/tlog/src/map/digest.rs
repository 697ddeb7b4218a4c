//! The two hashes of the map.

use sha2::{Digest, Sha256};

use crate::hash::Hash;
use crate::limits::HASH_BYTES;

/// The hash of a record.
pub(super) fn record_hash(key: &[u8], value: &[u8]) -> Hash {
    Hash(Sha256::digest(record_message(key, value)).into())
}

/// What is hashed for a record.
pub(super) fn record_message(key: &[u8], value: &[u8]) -> Vec<u8> {
    let mut message = Vec::with_capacity(9 + key.len() + value.len());
    message.push(0x00);
    for part in [key, value] {
        write_uvarint(&mut message, part.len() as u64);
        message.extend_from_slice(part);
    }
    message
}

/// The hash of an inner node.
pub(super) fn branch_hash(bit: u32, left: &Hash, right: &Hash) -> Hash {
    Hash(Sha256::digest(branch_message(bit, left, right)).into())
}

/// What is hashed for an inner node. Bits end at `MAP_BITS_MAX`, so the number takes at most two
/// bytes.
pub(super) fn branch_message(bit: u32, left: &Hash, right: &Hash) -> Vec<u8> {
    let mut message = Vec::with_capacity(3 + 2 * HASH_BYTES);
    message.push(0x01);
    write_uvarint(&mut message, u64::from(bit));
    message.extend_from_slice(&left.0);
    message.extend_from_slice(&right.0);
    message
}

/// Seven bits a byte, the least significant first, the top bit set on all bytes but the last.
pub(super) fn write_uvarint(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// Reads a number written in the shortest way and hands back the rest.
pub(super) fn read_uvarint(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let (mut number, mut rest, mut shift) = (0u64, bytes, 0u32);
    // Four bytes say more than any length or bit that is allowed here.
    while shift < 28 {
        let (byte, tail) = rest.split_first()?;
        rest = tail;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            let shortest = *byte != 0 || shift == 0;
            return shortest.then_some((number, rest));
        }
        shift += 7;
    }
    None
}

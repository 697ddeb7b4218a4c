//! The tree as RFC 6962 2.1 defines it, word for word and slowly, sharing nothing with the crate
//! but the type of a hash.

use sha2::{Digest, Sha256};
use tlog::{Hash, HashReader, ReadError, Tile, TileKind, TilePath};

/// Entries that differ in content and length.
pub(crate) fn entry(number: u64) -> Vec<u8> {
    format!("entry {number}").into_bytes()
}

pub(crate) fn leaves(count: u64) -> Vec<Hash> {
    (0..count)
        .map(|number| Hash(Sha256::digest([&[0][..], &entry(number)].concat()).into()))
        .collect()
}

/// k: the largest power of two smaller than n.
fn split(n: usize) -> usize {
    let mut k = 1;
    while k * 2 < n {
        k *= 2;
    }
    k
}

/// MTH.
pub(crate) fn root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Hash(Sha256::digest(b"").into()),
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(split(leaves.len()));
            Hash(Sha256::digest([&[1][..], &root(left).0, &root(right).0].concat()).into())
        }
    }
}

/// PATH.
pub(crate) fn path(index: usize, leaves: &[Hash]) -> Vec<Hash> {
    if leaves.len() == 1 {
        return Vec::new();
    }
    let k = split(leaves.len());
    let (left, right) = leaves.split_at(k);
    let (mut hashes, sibling) = if index < k {
        (path(index, left), root(right))
    } else {
        (path(index - k, right), root(left))
    };
    hashes.push(sibling);
    hashes
}

/// PROOF.
pub(crate) fn proof(old: usize, leaves: &[Hash]) -> Vec<Hash> {
    subproof(old, leaves, true)
}

fn subproof(old: usize, leaves: &[Hash], whole: bool) -> Vec<Hash> {
    if old == leaves.len() {
        return if whole {
            Vec::new()
        } else {
            vec![root(leaves)]
        };
    }
    let k = split(leaves.len());
    let (left, right) = leaves.split_at(k);
    let (mut hashes, sibling) = if old <= k {
        (subproof(old, left, whole), root(right))
    } else {
        (subproof(old - k, right, false), root(left))
    };
    hashes.push(sibling);
    hashes
}

/// A tile by its definition: the roots of consecutive complete subtrees.
pub(crate) fn tile(path: TilePath, leaves: &[Hash]) -> Tile {
    let TileKind::Hashes(level) = path.kind() else {
        panic!("{path} holds entries")
    };
    let count = 1usize << (8 * level);
    let start = path.start() as usize * count;
    let hashes = (0..usize::from(path.width()))
        .map(|place| root(&leaves[start + place * count..start + (place + 1) * count]))
        .collect();
    Tile::new(path, hashes).unwrap()
}

/// Answers from the leaves.
pub(crate) struct Slow<'l>(pub(crate) &'l [Hash]);

impl HashReader for Slow<'_> {
    fn hash(&self, level: u32, index: u64) -> Result<Hash, ReadError> {
        let (start, count) = ((index as usize) << level, 1usize << level);
        let complete = self.0.get(start..start + count);
        complete
            .map(root)
            .ok_or(ReadError::Missing { level, index })
    }
}

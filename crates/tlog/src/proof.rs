//! Inclusion and consistency proofs: made from any [`HashReader`], checked as RFC 9162 2.1 says.

use crate::hash::{Hash, node_hash};
use crate::limits::SIZE_MAX;
use crate::reader::{HashReader, ReadError, consistency_ranges, inclusion_ranges, range_hash};

/// Why a proof is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The index is not in a tree of this size.
    #[error("证明所指的序号不在日志之内，请核对证明文件是否完整")]
    IndexBeyondSize,
    /// Everything is consistent with an empty log, so such a proof says nothing.
    #[error("空日志无需也无法作一致性证明，请以非空的旧检查点核对")]
    OldIsEmpty,
    /// The older tree is larger than the newer one: a log never shrinks.
    #[error("旧检查点比新检查点还大，日志可能被回退，请保存两份检查点并联系监管部门")]
    OldBeyondNew,
    /// Too many or too few hashes for these sizes.
    #[error("证明中的散列值个数不对，请重新下载证明")]
    WrongLength,
    /// The hashes do not lead to the root of the newer (or only) tree.
    #[error("证明推算不出检查点的根，内容与日志不符，请勿采信")]
    RootDiffers,
    /// The hashes do not lead to the root of the older tree.
    #[error("证明推算不出旧检查点的根，日志可能被改写，请保存两份检查点并联系监管部门")]
    OldRootDiffers,
}

impl ProofError {
    /// Stable code for machines.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            ProofError::IndexBeyondSize => "tlog.proof.index_beyond_size",
            ProofError::OldIsEmpty => "tlog.proof.old_is_empty",
            ProofError::OldBeyondNew => "tlog.proof.old_beyond_new",
            ProofError::WrongLength => "tlog.proof.wrong_length",
            ProofError::RootDiffers => "tlog.proof.root_differs",
            ProofError::OldRootDiffers => "tlog.proof.old_root_differs",
        }
    }
}

/// Checks that `leaf` stands at `index` (from zero) in the tree of `size` leaves with `root`
/// (RFC 9162 2.1.3.2).
///
/// # Errors
/// Any deviation, also a hash too many, is a [`ProofError`].
pub fn verify_inclusion(
    leaf: &Hash,
    index: u64,
    size: u64,
    proof: &[Hash],
    root: &Hash,
) -> Result<(), ProofError> {
    if index >= size {
        return Err(ProofError::IndexBeyondSize);
    }
    let (mut at, mut last) = (index, size - 1);
    let mut hash = *leaf;
    for sibling in proof {
        if last == 0 {
            return Err(ProofError::WrongLength);
        }
        if at & 1 == 1 || at == last {
            hash = node_hash(sibling, &hash);
            climb_left_edge(&mut at, &mut last);
        } else {
            hash = node_hash(&hash, sibling);
        }
        at >>= 1;
        last >>= 1;
    }
    if last != 0 {
        return Err(ProofError::WrongLength);
    }
    if hash == *root {
        Ok(())
    } else {
        Err(ProofError::RootDiffers)
    }
}

/// A node that is the last of its level and has no right sibling is carried up unchanged until
/// it has a left one.
const fn climb_left_edge(at: &mut u64, last: &mut u64) {
    while *at & 1 == 0 && *at != 0 {
        *at >>= 1;
        *last >>= 1;
    }
}

/// Checks that the tree of `new` leaves begins with the tree of `old` leaves
/// (RFC 9162 2.1.4.2).
///
/// Equal sizes need equal roots and an empty proof. A proof from size zero is refused, because
/// it would prove nothing: whoever knew only an empty log accepts the first checkpoint on its
/// signature.
///
/// # Errors
/// Any deviation, also a hash too many, is a [`ProofError`].
pub fn verify_consistency(
    old: u64,
    new: u64,
    proof: &[Hash],
    old_root: &Hash,
    new_root: &Hash,
) -> Result<(), ProofError> {
    if old > new {
        return Err(ProofError::OldBeyondNew);
    }
    if old == 0 {
        return Err(ProofError::OldIsEmpty);
    }
    if old == new {
        return match (proof.is_empty(), old_root == new_root) {
            (false, _) => Err(ProofError::WrongLength),
            (true, false) => Err(ProofError::RootDiffers),
            (true, true) => Ok(()),
        };
    }
    // A complete old tree is itself the first node; the proof does not repeat its root.
    let (first, rest) = if old.is_power_of_two() {
        (old_root, proof)
    } else {
        proof.split_first().ok_or(ProofError::WrongLength)?
    };
    let (got_old, got_new) = consistency_roots(old, new, first, rest)?;
    if got_old != *old_root {
        return Err(ProofError::OldRootDiffers);
    }
    if got_new != *new_root {
        return Err(ProofError::RootDiffers);
    }
    Ok(())
}

/// The two roots that a consistency proof leads to, from its first node upwards.
fn consistency_roots(
    old: u64,
    new: u64,
    first: &Hash,
    rest: &[Hash],
) -> Result<(Hash, Hash), ProofError> {
    let (mut at, mut last) = (old - 1, new - 1);
    let skip = at.trailing_ones();
    at >>= skip;
    last >>= skip;
    let (mut old_hash, mut new_hash) = (*first, *first);
    for sibling in rest {
        if last == 0 {
            return Err(ProofError::WrongLength);
        }
        if at & 1 == 1 || at == last {
            old_hash = node_hash(sibling, &old_hash);
            new_hash = node_hash(sibling, &new_hash);
            climb_left_edge(&mut at, &mut last);
        } else {
            new_hash = node_hash(&new_hash, sibling);
        }
        at >>= 1;
        last >>= 1;
    }
    if last == 0 {
        Ok((old_hash, new_hash))
    } else {
        Err(ProofError::WrongLength)
    }
}

/// How many hashes an inclusion proof has; `None` if the index is not in the tree.
#[must_use]
pub fn inclusion_proof_len(index: u64, size: u64) -> Option<usize> {
    (index < size && size <= SIZE_MAX).then(|| inclusion_ranges(index, size).len())
}

/// The inclusion proof of leaf `index` in the tree of `size` leaves, the leaf's sibling first.
///
/// # Errors
/// [`ReadError`] if the index is not in the tree or the reader has not what is needed.
pub fn inclusion_proof(
    index: u64,
    size: u64,
    reader: &impl HashReader,
) -> Result<Vec<Hash>, ReadError> {
    if index >= size || size > SIZE_MAX {
        return Err(ReadError::OutsideTree);
    }
    inclusion_ranges(index, size)
        .into_iter()
        .map(|range| range_hash(range, reader))
        .collect()
}

/// The proof that the tree of `new` leaves begins with that of `old` leaves; empty if equal.
///
/// # Errors
/// [`ReadError`] if `old` is zero or beyond `new`, or the reader has not what is needed.
pub fn consistency_proof(
    old: u64,
    new: u64,
    reader: &impl HashReader,
) -> Result<Vec<Hash>, ReadError> {
    if old == 0 || old > new || new > SIZE_MAX {
        return Err(ReadError::OutsideTree);
    }
    consistency_ranges(old, new)
        .into_iter()
        .map(|range| range_hash(range, reader))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::leaf_hash;

    #[test]
    fn proof_lengths_follow_the_tree() {
        let check = |index, size, want| assert_eq!(inclusion_proof_len(index, size), want);
        check(0, 0, None);
        check(0, 1, Some(0));
        check(1, 1, None);
        check(0, 8, Some(3));
        check(4, 5, Some(1));
        check(6, 7, Some(2));
        check(0, SIZE_MAX, Some(63));
        check(SIZE_MAX - 1, SIZE_MAX, Some(62));
        check(0, u64::MAX, None);
    }

    #[test]
    fn extreme_numbers_are_answered_not_panicked_on() {
        let leaf = leaf_hash(b"x");
        let long = vec![leaf; 200];
        for number in [0, 1, 2, u64::MAX / 2, u64::MAX - 1, u64::MAX] {
            for size in [0, 1, 2, u64::MAX / 2, u64::MAX - 1, u64::MAX] {
                assert!(verify_inclusion(&leaf, number, size, &long, &leaf).is_err());
                assert!(verify_consistency(number, size, &long, &leaf, &leaf).is_err());
            }
        }
    }
}

//! Proofs that some consecutive leaves stand at their places in a stream: what is shown of a long
//! list, page by page.
//!
//! The proof is the hashes of the largest subtrees (RFC 6962 2.1) without a leaf of the range,
//! from left to right. For a range of one leaf these are the hashes of its inclusion proof.

use crate::hash::{Hash, node_hash};
use crate::limits::SIZE_MAX;
use crate::reader::{HashReader, ReadError, range_hash, split_point};

/// Why a range is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RangeError {
    /// The range is empty, or ends beyond the stream.
    #[error("所列范围不在记录串之内，请核对页码")]
    OutsideStream,
    /// Too many or too few hashes for this range.
    #[error("范围证明中的散列值个数不对，请重新下载证明")]
    WrongLength,
    /// The leaves and hashes do not lead to the stream's root.
    #[error("所列记录推算不出记录串的根，内容与日志不符，请勿采信")]
    RootDiffers,
}

impl RangeError {
    /// Stable code for machines.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            RangeError::OutsideStream => "tlog.range.outside_stream",
            RangeError::WrongLength => "tlog.range.wrong_length",
            RangeError::RootDiffers => "tlog.range.root_differs",
        }
    }
}

/// Checks that `leaves` are the leaves from `start` on in the stream of `size` leaves with
/// `root`. A stream without leaves has nothing to show: then all is empty, and so is the root.
///
/// # Errors
/// [`RangeError`] otherwise.
pub fn verify_range(
    start: u64,
    leaves: &[Hash],
    size: u64,
    proof: &[Hash],
    root: &Hash,
) -> Result<(), RangeError> {
    let end = start.checked_add(leaves.len() as u64);
    let end = end.filter(|end| *end <= size && size <= SIZE_MAX);
    let end = end.ok_or(RangeError::OutsideStream)?;
    let mut check = Check {
        start,
        end,
        leaves: leaves.iter(),
        proof: proof.iter(),
    };
    let got = match (leaves.is_empty(), size) {
        (true, 0) => Hash::EMPTY_ROOT,
        (true, _) => return Err(RangeError::OutsideStream),
        (false, _) => check.root(0, size)?,
    };
    if check.proof.next().is_some() {
        return Err(RangeError::WrongLength);
    }
    if got == *root {
        Ok(())
    } else {
        Err(RangeError::RootDiffers)
    }
}

struct Check<'a> {
    start: u64,
    end: u64,
    leaves: std::slice::Iter<'a, Hash>,
    proof: std::slice::Iter<'a, Hash>,
}

impl Check<'_> {
    /// The root over the leaves from `low` to before `high`; at most 63 calls deep.
    fn root(&mut self, low: u64, high: u64) -> Result<Hash, RangeError> {
        let next = if high <= self.start || self.end <= low {
            self.proof.next()
        } else if high - low == 1 {
            self.leaves.next()
        } else {
            let middle = low + split_point(high - low);
            let left = self.root(low, middle)?;
            return Ok(node_hash(&left, &self.root(middle, high)?));
        };
        next.copied().ok_or(RangeError::WrongLength)
    }
}

/// The proof for the leaves from `start` to before `end` of the stream of `size` leaves.
///
/// # Errors
/// [`ReadError`] if the range is empty or not in the stream, or the reader has not what is needed.
pub fn range_proof(
    start: u64,
    end: u64,
    size: u64,
    reader: &impl HashReader,
) -> Result<Vec<Hash>, ReadError> {
    if start >= end || end > size || size > SIZE_MAX {
        return Err(ReadError::OutsideTree);
    }
    let mut outside = Vec::new();
    collect_outside((start, end), (0, size), &mut outside);
    outside
        .into_iter()
        .map(|range| range_hash(range, reader))
        .collect()
}

/// The largest subtrees below (low, high) that have no leaf of the range, from left to right.
fn collect_outside(range: (u64, u64), (low, high): (u64, u64), outside: &mut Vec<(u64, u64)>) {
    if high <= range.0 || range.1 <= low {
        outside.push((low, high));
    } else if !(range.0 <= low && high <= range.1) {
        let middle = low + split_point(high - low);
        collect_outside(range, (low, middle), outside);
        collect_outside(range, (middle, high), outside);
    }
}

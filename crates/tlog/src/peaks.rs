//! The smallest form of a growing tree: its size and the roots of its complete subtrees. For
//! streams, of which there are a million: an [`Edge`](crate::Edge) would keep tiles as well.

use crate::edge::EdgeError;
use crate::hash::{Hash, node_hash};
use crate::limits::SIZE_MAX;

/// 〔峰〕 An append-only tree (RFC 6962 2.1) of which only the root is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Peaks {
    size: u64,
    /// One for each one-bit of the size, the largest first.
    roots: Box<[Hash]>,
}

impl Peaks {
    /// The empty tree.
    #[must_use]
    pub fn new() -> Peaks {
        Peaks::default()
    }

    /// A tree from its parts, as [`Peaks::size`] and [`Peaks::roots`] gave them.
    ///
    /// # Errors
    /// [`EdgeError::WrongParts`] if there is not one root for each one-bit of the size.
    pub fn from_parts(size: u64, roots: Vec<Hash>) -> Result<Peaks, EdgeError> {
        if size > SIZE_MAX || roots.len() != size.count_ones() as usize {
            return Err(EdgeError::WrongParts);
        }
        let roots = roots.into_boxed_slice();
        Ok(Peaks { size, roots })
    }

    /// How many leaves there are.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The roots of the complete subtrees, the largest first.
    #[must_use]
    pub fn roots(&self) -> &[Hash] {
        &self.roots
    }

    /// Appends a leaf.
    ///
    /// # Errors
    /// [`EdgeError::Full`] at [`SIZE_MAX`] leaves; nothing is changed then.
    pub fn append(&mut self, leaf: Hash) -> Result<(), EdgeError> {
        if self.size >= SIZE_MAX {
            return Err(EdgeError::Full);
        }
        let joined = self.size.trailing_ones() as usize;
        let kept = self.roots.len() - joined.min(self.roots.len());
        let (stay, join) = self.roots.split_at(kept);
        let node = join.iter().rfold(leaf, |node, left| node_hash(left, &node));
        self.roots = stay.iter().copied().chain([node]).collect();
        self.size += 1;
        Ok(())
    }

    /// The root over all leaves; of the empty tree, the hash of nothing.
    #[must_use]
    pub fn root(&self) -> Hash {
        let mut roots = self.roots.iter().rev();
        match roots.next() {
            None => Hash::EMPTY_ROOT,
            Some(smallest) => roots.fold(*smallest, |right, left| node_hash(left, &right)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edge::Edge;
    use crate::hash::leaf_hash;

    #[test]
    fn peaks_have_the_root_of_the_edge() {
        let (mut peaks, mut edge) = (Peaks::new(), Edge::new());
        for number in 0..1_100u32 {
            assert_eq!(peaks.root(), edge.root(), "{number}");
            let again = Peaks::from_parts(peaks.size(), peaks.roots().to_vec());
            assert_eq!(again.as_ref(), Ok(&peaks));
            let leaf = leaf_hash(&number.to_be_bytes());
            peaks.append(leaf).unwrap();
            edge.append(leaf).unwrap();
        }
        let wrong = Peaks::from_parts(3, vec![Hash::EMPTY_ROOT]);
        assert_eq!(wrong, Err(EdgeError::WrongParts));
    }
}

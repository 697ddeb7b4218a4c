//! Sets of entries of one part, by their place in it.

/// 〔集合〕 One bit for each entry of a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bits(Vec<u64>);

impl Bits {
    pub(crate) fn new(len: usize) -> Bits {
        Bits(vec![0; len.div_ceil(64)])
    }

    pub(crate) fn insert(&mut self, doc: u32) {
        if let Some(word) = self.0.get_mut(doc as usize / 64) {
            *word |= 1 << (doc % 64);
        }
    }

    pub(crate) fn contains(&self, doc: u32) -> bool {
        self.0
            .get(doc as usize / 64)
            .is_some_and(|word| word & (1 << (doc % 64)) != 0)
    }

    pub(crate) fn extend(&mut self, docs: impl Iterator<Item = u32>) {
        docs.for_each(|doc| self.insert(doc));
    }

    pub(crate) fn keep_only(&mut self, other: &Bits) {
        for (word, other) in self.0.iter_mut().zip(&other.0) {
            *word &= other;
        }
    }

    pub(crate) fn add_all(&mut self, other: &Bits) {
        for (word, other) in self.0.iter_mut().zip(&other.0) {
            *word |= other;
        }
    }

    pub(crate) fn count(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// The members in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        (0_u32..)
            .step_by(64)
            .zip(&self.0)
            .flat_map(|(first, word)| {
                let mut left = *word;
                std::iter::from_fn(move || {
                    (left != 0).then(|| {
                        let bit = left.trailing_zeros();
                        left &= left - 1;
                        first + bit
                    })
                })
            })
    }

    pub(crate) fn bytes(&self) -> usize {
        self.0.capacity() * size_of::<u64>()
    }
}

/// What both sorted lists have.
pub(crate) fn common(one: &[u32], other: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut both = Vec::new();
    let mut rest = one.iter().copied().peekable();
    for doc in other {
        while rest.peek().is_some_and(|first| *first < doc) {
            rest.next();
        }
        match rest.peek() {
            None => break,
            Some(first) if *first == doc => both.push(doc),
            Some(_) => {}
        }
    }
    both
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_a_set() {
        let mut bits = Bits::new(130);
        bits.extend([129, 0, 64, 64].into_iter());
        bits.insert(500);
        assert_eq!(bits.iter().collect::<Vec<_>>(), [0, 64, 129]);
        assert_eq!(bits.count(), 3);
        let mut other = Bits::new(130);
        other.extend([64, 65].into_iter());
        let mut both = bits.clone();
        both.keep_only(&other);
        assert_eq!(both.iter().collect::<Vec<_>>(), [64]);
        bits.add_all(&other);
        assert!(bits.contains(65) && !bits.contains(66) && !bits.contains(9_000));
    }

    #[test]
    fn common_members_stay_in_order() {
        assert_eq!(common(&[1, 3, 5, 9], [0, 3, 4, 5, 10].into_iter()), [3, 5]);
        assert_eq!(common(&[], [1].into_iter()), [0; 0]);
    }
}

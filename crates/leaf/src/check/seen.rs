//! What was seen before, in 8 bytes each.

use super::names::{derive, hash, words};

/// A set of 64-bit hashes under a secret key.
pub(super) struct Seen {
    key: [u64; 4],
    /// Zero is free. A power of two.
    slots: Vec<u64>,
    count: usize,
}

impl Seen {
    pub(super) fn new(key: &[u8; 32]) -> Seen {
        Seen {
            key: derive(key, "seen"),
            slots: vec![0; 64],
            count: 0,
        }
    }

    /// Notes a digest; true if it was there.
    pub(super) fn insert(&mut self, digest: &[u8; 32]) -> bool {
        self.insert_hash(self.mix(digest))
    }

    /// Notes a text; true if it was there.
    pub(super) fn insert_text(&mut self, text: &str) -> bool {
        self.insert_hash(hash([self.key[2], self.key[3]], text.as_bytes()).max(1))
    }

    /// Whether a digest was noted.
    pub(super) fn contains(&self, digest: &[u8; 32]) -> bool {
        let hash = self.mix(digest);
        self.slots[self.slot(hash)] == hash
    }

    fn insert_hash(&mut self, hash: u64) -> bool {
        let slot = self.slot(hash);
        if self.slots[slot] == hash {
            return true;
        }
        self.slots[slot] = hash;
        self.count += 1;
        if self.count * 4 > self.slots.len() * 3 {
            let full = std::mem::take(&mut self.slots);
            self.slots = vec![0; full.len() * 2];
            for hash in full.into_iter().filter(|hash| *hash != 0) {
                let slot = self.slot(hash);
                self.slots[slot] = hash;
            }
        }
        false
    }

    /// Where a hash stands, or the free slot where it belongs.
    fn slot(&self, hash: u64) -> usize {
        let mask = self.slots.len() - 1;
        let mut slot = hash as usize & mask;
        while self.slots[slot] != 0 && self.slots[slot] != hash {
            slot = (slot + 1) & mask;
        }
        slot
    }

    /// The upper half of a sum of products with secret odd words: two different digests
    /// meet with a chance of about 2^-62, whoever chose them without the key.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the upper half of 128 bits"
    )]
    fn mix(&self, digest: &[u8; 32]) -> u64 {
        let terms = words(digest).into_iter().zip(self.key);
        let sum = terms.fold(0_u128, |sum, (word, key)| {
            sum.wrapping_add(u128::from(word).wrapping_mul(u128::from(key | 1)))
        });
        ((sum >> 64) as u64 ^ sum as u64).max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(n: u64) -> [u8; 32] {
        let mut digest = [0; 32];
        digest[8..16].copy_from_slice(&n.to_le_bytes());
        digest
    }

    #[test]
    fn what_was_noted_is_there_and_nothing_else() {
        let mut seen = Seen::new(&[0xC3; 32]);
        for n in 0..20_000 {
            assert!(!seen.insert(&digest(n)), "{n}");
            assert!(seen.insert(&digest(n)), "{n}");
        }
        assert!((0..20_000).all(|n| seen.contains(&digest(n))));
        assert!((20_000..40_000).all(|n| !seen.contains(&digest(n))));
    }

    #[test]
    fn texts_are_noted_too() {
        let mut seen = Seen::new(&[0xC3; 32]);
        assert!(!seen.insert_text("don_0123456789ABCD"));
        assert!(!seen.insert_text("don_0123456789ABCE"));
        assert!(seen.insert_text("don_0123456789ABCD"));
    }
}

//! Each name once, as a small number.

use sha2::{Digest, Sha256};

/// Names by number and numbers by name: open addressing over one text.
pub(super) struct Names {
    key: [u64; 2],
    text: String,
    /// Where each name ends in the text.
    ends: Vec<usize>,
    /// Number of the name plus one; zero is free. A power of two.
    slots: Vec<u32>,
}

impl Names {
    pub(super) fn new(key: &[u8; 32]) -> Names {
        let [a, b, ..] = derive(key, "names");
        Names {
            key: [a, b],
            text: String::new(),
            ends: Vec::new(),
            slots: vec![0; 64],
        }
    }

    /// The number of a name; a new name gets the next one.
    pub(super) fn intern(&mut self, name: &str) -> usize {
        let slot = match self.find(name) {
            Ok(number) => return number,
            Err(slot) => slot,
        };
        let number = self.ends.len();
        self.text.push_str(name);
        self.ends.push(self.text.len());
        // Four thousand million names are beyond any log that is read here.
        self.slots[slot] = u32::try_from(number + 1).unwrap_or(u32::MAX);
        if self.ends.len() * 2 > self.slots.len() {
            self.grow();
        }
        number
    }

    /// The name of a number.
    pub(super) fn name(&self, number: usize) -> &str {
        let start = number
            .checked_sub(1)
            .and_then(|before| self.ends.get(before));
        let end = self.ends.get(number);
        end.and_then(|end| self.text.get(start.copied().unwrap_or(0)..*end))
            .unwrap_or_default()
    }

    /// The number of a name, or the free slot where it belongs.
    fn find(&self, name: &str) -> Result<usize, usize> {
        let mask = self.slots.len() - 1;
        let mut slot = hash(self.key, name.as_bytes()) as usize & mask;
        loop {
            match self.slots[slot] {
                0 => return Err(slot),
                taken if self.name(taken as usize - 1) == name => return Ok(taken as usize - 1),
                _ => slot = (slot + 1) & mask,
            }
        }
    }

    fn grow(&mut self) {
        self.slots = vec![0; self.slots.len() * 2];
        for number in 0..self.ends.len() {
            if let Err(slot) = self.find(self.name(number)) {
                self.slots[slot] = u32::try_from(number + 1).unwrap_or(u32::MAX);
            }
        }
    }
}

/// A keyed hash of a text; good against collisions that somebody prepared without the key.
pub(super) fn hash(key: [u64; 2], bytes: &[u8]) -> u64 {
    let mut state = key[0] ^ bytes.len() as u64;
    for chunk in bytes.chunks(8) {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        state = fold(state ^ u64::from_le_bytes(word), key[1] | 1);
    }
    fold(state ^ key[1], 0x9e37_79b9_7f4a_7c15)
}

/// Both halves of the product of two words.
#[expect(
    clippy::cast_possible_truncation,
    reason = "the two halves of 128 bits"
)]
fn fold(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    (product as u64) ^ ((product >> 64) as u64)
}

/// Four words for one purpose. They come from a hash of the caller's key, because multiplying
/// by a regular key (all bytes alike) would mix nothing.
pub(super) fn derive(key: &[u8; 32], purpose: &str) -> [u64; 4] {
    words(
        &Sha256::new()
            .chain_update(key)
            .chain_update(purpose)
            .finalize()
            .into(),
    )
}

/// A digest as four words.
pub(super) fn words(bytes: &[u8; 32]) -> [u64; 4] {
    let mut words = [0; 4];
    for (word, chunk) in words.iter_mut().zip(bytes.chunks_exact(8)) {
        let mut eight = [0; 8];
        eight.copy_from_slice(chunk);
        *word = u64::from_le_bytes(eight);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_keep_their_numbers() {
        let mut names = Names::new(&[5; 32]);
        let all: Vec<String> = (0..10_000).map(|n| format!("fund/{n}")).collect();
        for round in 0..2 {
            for (number, name) in all.iter().enumerate() {
                assert_eq!(names.intern(name), number, "{round}");
            }
        }
        assert!(
            all.iter()
                .enumerate()
                .all(|(number, name)| names.name(number) == name)
        );
        assert_eq!(names.name(10_000), "");
    }
}

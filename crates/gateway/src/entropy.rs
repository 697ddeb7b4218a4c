//! Chance: drawn from the operating system in earnest, from a seed in tests and seeds.

use std::sync::{Mutex, PoisonError};

use sha2::{Digest, Sha256};

/// 〔随机源〕 A source of bytes that nobody can foresee.
pub trait Entropy: Send + Sync {
    /// Fills `out` completely.
    ///
    /// # Errors
    /// The operating system gives none. Nothing may be done with a partly filled buffer.
    fn fill(&self, out: &mut [u8]) -> Result<(), EntropyError>;
}

/// The operating system would not give random bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("[entropy.unavailable] 操作系统取不到随机数，请检查系统后重新启动本程序")]
pub struct EntropyError;

/// `N` fresh bytes.
///
/// # Errors
/// As [`Entropy::fill`].
pub fn draw<const N: usize>(entropy: &dyn Entropy) -> Result<[u8; N], EntropyError> {
    let mut bytes = [0; N];
    entropy.fill(&mut bytes)?;
    Ok(bytes)
}

/// The operating system's generator.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, out: &mut [u8]) -> Result<(), EntropyError> {
        getrandom::fill(out).map_err(|_| EntropyError)
    }
}

/// The same bytes for the same seed, for ever: SHA-256 over the seed and a counter.
///
/// For tests and for the demo province, never for a secret that guards something: whoever
/// knows the seed knows everything that came of it.
#[derive(Debug)]
pub struct SeededEntropy {
    seed: [u8; 32],
    next: Mutex<Block>,
}

#[derive(Debug)]
struct Block {
    counter: u64,
    bytes: [u8; 32],
    used: usize,
}

impl SeededEntropy {
    /// Starts the sequence of `seed` from its beginning.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        let mut wide = [0; 32];
        wide[..8].copy_from_slice(&seed.to_be_bytes());
        Self::from_bytes(wide)
    }

    /// The same from a seed of 32 bytes.
    #[must_use]
    pub const fn from_bytes(seed: [u8; 32]) -> Self {
        SeededEntropy {
            seed,
            next: Mutex::new(Block {
                counter: 0,
                bytes: [0; 32],
                used: 32,
            }),
        }
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, out: &mut [u8]) -> Result<(), EntropyError> {
        // A thread that died while holding the lock has at worst used up some bytes.
        let mut block = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        for byte in out {
            if block.used == block.bytes.len() {
                let counter = block.counter;
                block.bytes = Sha256::new()
                    .chain_update(b"shanji seeded entropy\0")
                    .chain_update(self.seed)
                    .chain_update(counter.to_be_bytes())
                    .finalize()
                    .into();
                block.counter = counter.wrapping_add(1);
                block.used = 0;
            }
            *byte = block.bytes[block.used];
            block.used += 1;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_bytes_however_they_are_drawn() {
        let (one, many) = (SeededEntropy::new(7), SeededEntropy::new(7));
        let whole: [u8; 100] = draw(&one).unwrap();
        let mut parts = Vec::new();
        for size in [1, 31, 33, 35] {
            let mut part = vec![0; size];
            many.fill(&mut part).unwrap();
            parts.extend(part);
        }
        assert_eq!(parts, whole);
        assert_ne!(draw::<32>(&SeededEntropy::new(8)).unwrap(), whole[..32]);
    }

    #[test]
    fn the_sequence_is_pinned() {
        // Seeds are played from it: another sequence would be another demo province.
        let first: [u8; 8] = draw(&SeededEntropy::new(0)).unwrap();
        assert_eq!(hex::encode(first), "b62db00d1a2ba98c");
    }

    #[test]
    fn the_system_does_not_repeat_itself() {
        let draws: [[u8; 32]; 2] = [draw(&SystemEntropy).unwrap(), draw(&SystemEntropy).unwrap()];
        assert_ne!(draws[0], draws[1]);
    }
}

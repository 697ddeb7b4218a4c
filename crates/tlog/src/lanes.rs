//! SHA-256 of many short messages side by side: one lane of a wide register for each.
//!
//! On x86 processors that have wide registers but no SHA instructions, a single message leaves
//! most of the machine idle. The kernel is plain Rust over arrays, which the compiler turns into
//! wide instructions; `pulp` compiles it once for each kind of register and picks one at run
//! time. Everywhere else the library hashes one message after the other.

#![expect(
    clippy::indexing_slicing,
    reason = "indexes run over the lengths of fixed arrays, and the checks go when it is compiled"
)]

use std::sync::LazyLock;

use pulp::{Arch, Simd, WithSimd};
use sha2::{Digest, Sha256};

use crate::hash::Hash;

/// Messages that are hashed side by side: what fills the widest registers.
const LANES: usize = 16;
/// Bytes of a block.
const BLOCK: usize = 64;
/// Below this many messages the idle lanes cost more than the busy ones gain.
const FEW: usize = 5;

/// The state before the first block (FIPS 180-4, 5.3.3).
const INITIAL: [u32; 8] = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];

/// The constants of the rounds (FIPS 180-4, 4.2.2).
#[rustfmt::skip]
const ROUNDS: [u32; 64] = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
    0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
    0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
    0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
    0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
    0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
    0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
];

/// One word of every lane.
type Wide = [u32; LANES];

/// Whether lanes are faster than the library here: wide registers, and no SHA instructions.
static LANES_PAY: LazyLock<bool> = LazyLock::new(|| {
    #[cfg(target_arch = "x86_64")]
    {
        std::arch::is_x86_feature_detected!("avx2") && !std::arch::is_x86_feature_detected!("sha")
    }
    #[cfg(not(target_arch = "x86_64"))]
    {
        false
    }
});

/// SHA-256(prefix ‖ message) of each message, in order.
pub(crate) fn digests(prefix: &[u8], messages: &[&[u8]]) -> Vec<Hash> {
    if messages.len() >= FEW && *LANES_PAY {
        Arch::new().dispatch(Kernel { prefix, messages })
    } else {
        one_by_one(prefix, messages)
    }
}

/// The library's way.
fn one_by_one(prefix: &[u8], messages: &[&[u8]]) -> Vec<Hash> {
    let digest = |message: &&[u8]| {
        let mut state = Sha256::new();
        state.update(prefix);
        state.update(message);
        Hash(state.finalize().into())
    };
    messages.iter().map(digest).collect()
}

/// The work that is compiled for each kind of register.
struct Kernel<'a> {
    prefix: &'a [u8],
    messages: &'a [&'a [u8]],
}

impl WithSimd for Kernel<'_> {
    type Output = Vec<Hash>;

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> Vec<Hash> {
        side_by_side(self.prefix, self.messages)
    }
}

/// What a lane works at.
#[derive(Clone, Copy)]
struct Lane {
    message: usize,
    block: usize,
}

#[inline(always)]
fn side_by_side(prefix: &[u8], messages: &[&[u8]]) -> Vec<Hash> {
    let mut digests = vec![Hash::EMPTY_ROOT; messages.len()];
    let mut lanes: [Option<Lane>; LANES] = [None; LANES];
    let mut state = INITIAL.map(|word| [word; LANES]);
    let mut words = [[0; LANES]; BLOCK / 4];
    let mut next = 0;
    loop {
        for (place, lane) in lanes.iter_mut().enumerate() {
            if lane.is_none() && next < messages.len() {
                (*lane, next) = (
                    Some(Lane {
                        message: next,
                        block: 0,
                    }),
                    next + 1,
                );
                (0..8).for_each(|word| state[word][place] = INITIAL[word]);
            }
            if let Some(lane) = lane {
                let block = block_of(prefix, messages[lane.message], lane.block);
                for (word, bytes) in block.as_chunks::<4>().0.iter().enumerate() {
                    words[word][place] = u32::from_be_bytes(*bytes);
                }
            }
        }
        if lanes.iter().all(Option::is_none) {
            return digests;
        }
        compress(&mut state, &words);
        for (place, slot) in lanes.iter_mut().enumerate() {
            let Some(lane) = slot else { continue };
            lane.block += 1;
            if lane.block == blocks_of(prefix.len() + messages[lane.message].len()) {
                let digest = &mut digests[lane.message].0;
                for (word, bytes) in digest.as_chunks_mut::<4>().0.iter_mut().enumerate() {
                    *bytes = state[word][place].to_be_bytes();
                }
                *slot = None;
            }
        }
    }
}

/// How many blocks a message has with its closing byte and its length.
#[inline(always)]
const fn blocks_of(length: usize) -> usize {
    (length + 9).div_ceil(BLOCK)
}

/// A block of the padded message prefix ‖ content.
#[inline(always)]
fn block_of(prefix: &[u8], content: &[u8], number: usize) -> [u8; BLOCK] {
    let mut block = [0; BLOCK];
    let start = number * BLOCK;
    let total = prefix.len() + content.len();
    let rest = prefix.get(start..).unwrap_or_default();
    let head = rest.len().min(BLOCK);
    block[..head].copy_from_slice(&rest[..head]);
    let from = (start + head)
        .saturating_sub(prefix.len())
        .min(content.len());
    let taken = (BLOCK - head).min(content.len() - from);
    block[head..head + taken].copy_from_slice(&content[from..from + taken]);
    if (start..start + BLOCK).contains(&total) {
        block[total - start] = 0x80;
    }
    if number + 1 == blocks_of(total) {
        block[BLOCK - 8..].copy_from_slice(&(total as u64 * 8).to_be_bytes());
    }
    block
}

#[inline(always)]
fn wide(word: impl Fn(usize) -> u32) -> Wide {
    let mut lanes = [0; LANES];
    for (lane, out) in lanes.iter_mut().enumerate() {
        *out = word(lane);
    }
    lanes
}

/// The compression function (FIPS 180-4, 6.2.2) in all lanes.
#[inline(always)]
fn compress(state: &mut [Wide; 8], block: &[Wide; BLOCK / 4]) {
    let mut w = *block;
    let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = *state;
    for (round, constant) in ROUNDS.iter().enumerate() {
        if round >= 16 {
            let (w2, w7) = (w[(round + 14) % 16], w[(round + 9) % 16]);
            let (w15, w16) = (w[(round + 1) % 16], w[round % 16]);
            w[round % 16] = wide(|i| {
                let s0 = w15[i].rotate_right(7) ^ w15[i].rotate_right(18) ^ (w15[i] >> 3);
                let s1 = w2[i].rotate_right(17) ^ w2[i].rotate_right(19) ^ (w2[i] >> 10);
                w16[i].wrapping_add(s0).wrapping_add(w7[i]).wrapping_add(s1)
            });
        }
        let x = w[round % 16];
        let t1 = wide(|i| {
            let s1 = e[i].rotate_right(6) ^ e[i].rotate_right(11) ^ e[i].rotate_right(25);
            let choice = g[i] ^ (e[i] & (f[i] ^ g[i]));
            let sum = h[i].wrapping_add(s1).wrapping_add(choice);
            sum.wrapping_add(*constant).wrapping_add(x[i])
        });
        let t2 = wide(|i| {
            let s0 = a[i].rotate_right(2) ^ a[i].rotate_right(13) ^ a[i].rotate_right(22);
            s0.wrapping_add((a[i] & b[i]) | (c[i] & (a[i] | b[i])))
        });
        (h, g, f) = (g, f, e);
        e = wide(|i| d[i].wrapping_add(t1[i]));
        (d, c, b) = (c, b, a);
        a = wide(|i| t1[i].wrapping_add(t2[i]));
    }
    for (word, last) in state.iter_mut().zip([a, b, c, d, e, f, g, h]) {
        *word = wide(|i| word[i].wrapping_add(last[i]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All ways, also those that this machine would not take.
    #[test]
    fn all_ways_give_the_librarys_hashes() {
        let bytes: Vec<u8> = (0..2_000u32)
            .map(|number| ((number * 31) >> 3) as u8)
            .collect();
        let check = |prefix: &[u8], lengths: &[usize]| {
            let messages: Vec<&[u8]> = lengths.iter().map(|length| &bytes[..*length]).collect();
            let want = one_by_one(prefix, &messages);
            let kernel = || Kernel {
                prefix,
                messages: &messages,
            };
            assert_eq!(side_by_side(prefix, &messages), want, "{lengths:?}");
            assert_eq!(Arch::new().dispatch(kernel()), want, "{lengths:?}");
            assert_eq!(Arch::Scalar.dispatch(kernel()), want, "{lengths:?}");
            assert_eq!(digests(prefix, &messages), want, "{lengths:?}");
        };
        for prefix in [&b""[..], b"\0", b"\x01", &[7; 70]] {
            check(prefix, &[]);
            check(prefix, &(0..300).collect::<Vec<_>>());
            for length in [0, 54, 55, 56, 63, 64, 65, 118, 119, 120, 250, 1_999] {
                check(prefix, &[length; 1]);
                check(prefix, &[length; 17]);
            }
            // Lanes end at different times and take up new messages.
            check(
                prefix,
                &[
                    2_000, 0, 1, 700, 64, 3, 5, 900, 8, 9, 10, 11, 12, 13, 14, 1_500, 16, 2,
                ],
            );
        }
    }
}

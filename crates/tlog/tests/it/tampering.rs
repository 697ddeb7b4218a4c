//! One changed byte, hash or number makes every proof worthless.

use proptest::prelude::*;
use tlog::{Hash, verify_consistency, verify_inclusion};

use crate::naive::{self, leaves};

/// Every variant of `hash` with one bit of one byte changed.
fn altered(hash: Hash, bit: u32) -> impl Iterator<Item = Hash> {
    (0..32).map(move |place| {
        let mut bytes = hash.0;
        bytes[place] ^= 1 << bit;
        Hash(bytes)
    })
}

/// Every variant of a proof with one byte changed, a hash left out, doubled, swapped or added.
fn altered_proofs(proof: &[Hash], bit: u32) -> Vec<Vec<Hash>> {
    let mut variants = Vec::new();
    for place in 0..proof.len() {
        for hash in altered(proof[place], bit) {
            let mut variant = proof.to_vec();
            variant[place] = hash;
            variants.push(variant);
        }
        let mut shorter = proof.to_vec();
        let hash = shorter.remove(place);
        variants.push(shorter);
        let mut longer = proof.to_vec();
        longer.insert(place, hash);
        variants.push(longer);
        let mut swapped = proof.to_vec();
        swapped.swap(place, 0);
        variants.push(swapped);
    }
    for added in [Hash::EMPTY_ROOT, *proof.last().unwrap_or(&Hash([0; 32]))] {
        variants.push([proof, &[added]].concat());
        variants.push([&[added], proof].concat());
    }
    variants.retain(|variant| variant != proof);
    variants
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_altered_inclusion_proof_is_believed(
        (size, index) in (1u64..600).prop_flat_map(|size| (Just(size), 0..size)),
        bit in 0u32..8,
    ) {
        let leaves = leaves(size);
        let (proof, root) = (naive::path(index as usize, &leaves), naive::root(&leaves));
        let leaf = leaves[index as usize];
        let believed = |leaf: &Hash, index, proof: &[Hash], root: &Hash| {
            verify_inclusion(leaf, index, size, proof, root).is_ok()
        };
        prop_assert!(believed(&leaf, index, &proof, &root));
        for variant in altered_proofs(&proof, bit) {
            prop_assert!(!believed(&leaf, index, &variant, &root));
        }
        for (leaf, wrong_root) in altered(leaf, bit).zip(altered(root, bit)) {
            prop_assert!(!believed(&leaf, index, &proof, &root));
            prop_assert!(!believed(&leaves[index as usize], index, &proof, &wrong_root));
        }
        for other in (0..size).filter(|other| *other != index) {
            prop_assert!(!believed(&leaf, other, &proof, &root));
        }
    }

    #[test]
    fn no_altered_consistency_proof_is_believed(
        (new, old) in (1u64..600).prop_flat_map(|new| (Just(new), 1..=new)),
        bit in 0u32..8,
    ) {
        let leaves = leaves(new);
        let proof = naive::proof(old as usize, &leaves);
        let (old_root, new_root) = (naive::root(&leaves[..old as usize]), naive::root(&leaves));
        let believed = |proof: &[Hash], old_root: &Hash, new_root: &Hash| {
            verify_consistency(old, new, proof, old_root, new_root).is_ok()
        };
        prop_assert!(believed(&proof, &old_root, &new_root));
        for variant in altered_proofs(&proof, bit) {
            prop_assert!(!believed(&variant, &old_root, &new_root));
        }
        for (wrong_old, wrong_new) in altered(old_root, bit).zip(altered(new_root, bit)) {
            prop_assert!(!believed(&proof, &wrong_old, &new_root));
            prop_assert!(!believed(&proof, &old_root, &wrong_new));
        }
        prop_assert!(old == new || !believed(&proof, &new_root, &old_root));
    }
}

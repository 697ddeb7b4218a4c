//! Roots, tiles and proofs against the slow tree and against the crate ct-merkle.

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use proptest::prelude::*;
use sha2::Sha256;
use tlog::{
    Edge, Hash, Tile, TileSet, consistency_nodes, consistency_proof, consistency_tiles,
    inclusion_nodes, inclusion_proof, inclusion_proof_len, inclusion_tiles, leaf_hash, tiles_of,
    verify_consistency, verify_inclusion,
};

use crate::naive::{self, Slow, entry, leaves};

/// Only those tiles that the proof is said to need.
fn only(tiles: impl IntoIterator<Item = tlog::TilePath>, leaves: &[Hash]) -> TileSet {
    let mut set = TileSet::new();
    for path in tiles {
        set.insert(&naive::tile(path, leaves));
    }
    set
}

fn check_inclusion(index: u64, size: u64, all: &[Hash]) {
    let leaves = &all[..size as usize];
    let want = naive::path(index as usize, leaves);
    assert_eq!(
        inclusion_proof(index, size, &Slow(leaves)).unwrap(),
        want,
        "{index} {size}"
    );
    let tiles = only(inclusion_tiles(index, size), leaves);
    assert_eq!(
        inclusion_proof(index, size, &tiles).unwrap(),
        want,
        "{index} {size}"
    );
    assert_eq!(inclusion_proof_len(index, size), Some(want.len()));
    let (leaf, root) = (leaves[index as usize], naive::root(leaves));
    assert_eq!(
        verify_inclusion(&leaf, index, size, &want, &root),
        Ok(()),
        "{index} {size}"
    );
}

fn check_consistency(old: u64, new: u64, all: &[Hash]) {
    let leaves = &all[..new as usize];
    let want = naive::proof(old as usize, leaves);
    assert_eq!(
        consistency_proof(old, new, &Slow(leaves)).unwrap(),
        want,
        "{old} {new}"
    );
    let tiles = only(consistency_tiles(old, new), leaves);
    assert_eq!(
        consistency_proof(old, new, &tiles).unwrap(),
        want,
        "{old} {new}"
    );
    let (old_root, new_root) = (naive::root(&leaves[..old as usize]), naive::root(leaves));
    assert_eq!(
        verify_consistency(old, new, &want, &old_root, &new_root),
        Ok(()),
        "{old} {new}"
    );
}

#[test]
fn every_proof_of_every_small_tree_is_that_of_the_standard() {
    let all = leaves(40);
    for size in 1..=40 {
        for place in 0..size {
            check_inclusion(place, size, &all);
            check_consistency(place + 1, size, &all);
        }
    }
}

#[test]
fn questions_outside_the_tree_have_no_answer() {
    let all = leaves(5);
    let check = |old, new| {
        assert!(
            consistency_proof(old, new, &Slow(&all)).is_err(),
            "{old} {new}"
        );
        assert!(consistency_nodes(old, new).is_empty());
    };
    check(0, 5);
    check(0, 0);
    check(6, 5);
    check(1, u64::MAX);
    let check = |index, size| {
        assert!(
            inclusion_proof(index, size, &Slow(&all)).is_err(),
            "{index} {size}"
        );
        assert!(inclusion_nodes(index, size).is_empty());
    };
    check(0, 0);
    check(5, 5);
    check(0, u64::MAX);
    assert!(inclusion_proof(0, 5, &TileSet::new()).is_err());
    assert!(inclusion_proof(0, 9, &Slow(&all)).is_err());
}

#[test]
fn three_levels_of_tiles_answer_for_every_size_they_cover() {
    let size = 70_000;
    let (mut edge, mut roots) = (Edge::new(), vec![Hash::EMPTY_ROOT]);
    for number in 0..size {
        edge.append(leaf_hash(&entry(number))).unwrap();
        roots.push(edge.root());
    }
    let mut tiles = edge.take_full_tiles();
    tiles.extend(edge.partial_tiles());
    assert_eq!(tiles.len(), tiles_of(size).count());
    let mut set = TileSet::new();
    tiles.iter().for_each(|tile: &Tile| set.insert(tile));
    let sizes = [
        1, 255, 256, 257, 4_097, 65_535, 65_536, 65_537, 69_999, 70_000,
    ];
    for new in sizes {
        let root = &roots[new as usize];
        for place in sizes
            .map(|size| size - 1)
            .into_iter()
            .filter(|place| *place < new)
        {
            let proof = inclusion_proof(place, new, &set).unwrap();
            let leaf = leaf_hash(&entry(place));
            assert_eq!(verify_inclusion(&leaf, place, new, &proof, root), Ok(()));
            let old = place + 1;
            let proof = consistency_proof(old, new, &set).unwrap();
            let old_root = &roots[old as usize];
            assert_eq!(verify_consistency(old, new, &proof, old_root, root), Ok(()));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn proofs_over_several_tiles_are_those_of_the_standard(
        (size, place) in (1u64..1_400).prop_flat_map(|size| (Just(size), 0..size)),
    ) {
        let all = leaves(size);
        check_inclusion(place, size, &all);
        check_consistency(place + 1, size, &all);
    }

    #[test]
    fn an_edge_has_the_root_and_the_tiles_of_the_definition(size in 0u64..1_400) {
        let all = leaves(size);
        let mut edge = Edge::new();
        for leaf in &all {
            edge.append(*leaf).unwrap();
        }
        prop_assert_eq!(edge.root(), naive::root(&all));
        for tile in edge.take_full_tiles().into_iter().chain(edge.partial_tiles()) {
            prop_assert_eq!(&tile, &naive::tile(tile.path(), &all));
            prop_assert_eq!(&Tile::from_bytes(tile.path(), &tile.to_bytes()).unwrap(), &tile);
        }
    }

    #[test]
    fn another_crate_agrees(
        (size, place) in (1u64..300).prop_flat_map(|size| (Just(size), 0..size)),
    ) {
        let mut tree = MemoryBackedTree::<Sha256, Vec<u8>>::new();
        (0..size).for_each(|number| tree.push(entry(number)));
        let all = leaves(size);
        let bytes = |proof: Vec<Hash>| proof.iter().flat_map(|hash| hash.0).collect::<Vec<u8>>();
        prop_assert!(tree.root().as_bytes().as_slice() == naive::root(&all).0);
        let theirs = tree.prove_inclusion(place as usize);
        let ours = inclusion_proof(place, size, &Slow(&all)).unwrap();
        prop_assert_eq!(theirs.as_bytes(), bytes(ours));
        let theirs = tree.prove_consistency((size - place - 1) as usize);
        let ours = consistency_proof(place + 1, size, &Slow(&all)).unwrap();
        prop_assert_eq!(theirs.as_bytes(), bytes(ours));
    }
}

//! Proofs of completeness: what they prove, and what they refuse.

use super::*;
use crate::{Answered, IndexProof, IndexProofError, ShownLeaf, StreamIndex};
use tlog::map::range_proof;
use tlog::{Edge, Hash, TileSet, leaf_hash};

/// All leaves with the statement at the end, and the index over them.
fn log() -> (Vec<Vec<u8>>, StreamIndex) {
    let mut leaves = house();
    indexed(&mut leaves, |_| ());
    let mut index = StreamIndex::new();
    for leaf in &leaves {
        for (name, _) in &leaf.streams {
            index.append(name, leaf_hash(&bytes_of(leaf))).unwrap();
        }
    }
    index.root();
    (leaves.iter().map(bytes_of).collect(), index)
}

fn page(name: &str, from: usize, to: usize) -> IndexProof {
    let (log, index) = log();
    let members: Vec<ShownLeaf> = (0..)
        .zip(&log)
        .filter(|(_, bytes)| crate::streams_of(bytes).contains(&name))
        .map(|(index, bytes)| ShownLeaf {
            index,
            bytes: bytes.clone(),
        })
        .collect();
    let mut edge = Edge::new();
    for leaf in &members {
        edge.append(leaf_hash(&leaf.bytes)).unwrap();
    }
    let mut tiles = TileSet::new();
    edge.partial_tiles().iter().for_each(|t| tiles.insert(t));
    let size = members.len() as u64;
    IndexProof {
        statement: log.last().unwrap().clone(),
        map: index.prove(name).unwrap(),
        answered: Answered::Page {
            name: name.to_owned(),
            count: members.len() as i64,
            root: edge.root(),
            from: from as i64,
            leaves: members[from..to].to_vec(),
            range: range_proof(from as u64, to as u64, size, &tiles).unwrap(),
        },
    }
}

fn stream(id: &str) -> String {
    stream_name(id).unwrap()
}

#[test]
fn a_page_is_proved_and_nothing_can_be_left_out_of_it() {
    let name = stream(FUND);
    let count = match page(&name, 0, 1).answered {
        Answered::Page { count, .. } => count as usize,
        _ => unreachable!(),
    };
    let at = house().len() as u64;
    for from in 0..count {
        for to in from + 1..=count {
            let proof = page(&name, from, to);
            let again = IndexProof::parse(&proof.encode().unwrap()).unwrap();
            assert_eq!(again, proof);
            assert!(IndexProof::is_in(&proof.encode().unwrap()));
            assert_eq!(proof.check(at).unwrap(), at as i64);
        }
    }
    let refused = |change: fn(&mut IndexProof)| {
        let mut proof = page(&name_of_fund(), 1, 4);
        change(&mut proof);
        proof.check(house().len() as u64).unwrap_err()
    };
    let page_of = |change: fn(&mut Vec<ShownLeaf>)| {
        let mut proof = page(&name_of_fund(), 1, 4);
        let Answered::Page { leaves, .. } = &mut proof.answered else {
            unreachable!()
        };
        change(leaves);
        proof.check(house().len() as u64).unwrap_err()
    };
    use IndexProofError as E;
    assert!(matches!(page_of(|l| drop(l.remove(1))), E::Foreign(_)));
    assert!(matches!(page_of(|l| drop(l.pop())), E::Range(_)));
    assert!(matches!(page_of(|l| l.swap(0, 1)), E::Foreign(_)));
    assert!(matches!(page_of(|l| l[0].index = 1_000), E::Foreign(1_000)));
    assert!(matches!(refused(|p| p.map[40] ^= 1), E::Map(_)));
    assert!(matches!(
        refused(|p| p.answered = Answered::Absent(name_of_fund())),
        E::Map(_)
    ));
    assert!(matches!(
        refused(|p| p.statement = p.answered_leaf()),
        E::NotTheLast
    ));
    let honest = page(&name, 1, 4);
    assert!(matches!(honest.check(at - 1), Err(E::NotTheLast)));
}

fn name_of_fund() -> String {
    stream(FUND)
}

impl IndexProof {
    fn answered_leaf(&self) -> Vec<u8> {
        match &self.answered {
            Answered::Page { leaves, .. } => leaves[0].bytes.clone(),
            _ => Vec::new(),
        }
    }
}

#[test]
fn what_is_not_there_is_proved_absent() {
    let (log, index) = log();
    let at = house().len() as u64;
    let ask = |answered: Answered, map: Vec<u8>| IndexProof {
        statement: log.last().unwrap().clone(),
        answered,
        map,
    };
    let none = "pen/AAAAAAAAAAAAAA";
    let proof = ask(Answered::Absent(none.into()), index.prove(none).unwrap());
    assert!(proof.check(at).is_ok());
    let lie = ask(
        Answered::Absent(stream(FUND)),
        index.prove(&stream(FUND)).unwrap(),
    );
    assert!(lie.check(at).is_err());
    let (found, map) = index.below("fund/", 10).unwrap();
    let heads: Vec<(String, i64, Hash)> = found
        .into_iter()
        .map(|(name, peaks)| (name, peaks.size() as i64, peaks.root()))
        .collect();
    assert_eq!(heads.len(), 3);
    let proof = ask(Answered::Below("fund/".into(), heads.clone()), map.clone());
    assert!(proof.check(at).is_ok());
    assert_eq!(IndexProof::parse(&proof.encode().unwrap()).unwrap(), proof);
    let short = ask(Answered::Below("fund/".into(), heads[1..].to_vec()), map);
    assert!(short.check(at).is_err());
    let (found, map) = index.below("pen/", 10).unwrap();
    assert!(found.is_empty());
    assert!(
        ask(Answered::Below("pen/".into(), Vec::new()), map)
            .check(at)
            .is_ok()
    );
}

#[test]
fn strange_bytes_are_refused() {
    let good = page(&name_of_fund(), 0, 2).encode().unwrap();
    assert!(IndexProof::parse(b"{}").is_err());
    assert!(!IndexProof::is_in(b"{}"));
    for at in (0..good.len()).step_by(7) {
        let mut bad = good.clone();
        bad[at] ^= 0x10;
        let said = page(&name_of_fund(), 0, 2).statement;
        // Another statement is not in the log, which the proof file around it shows.
        let believed = IndexProof::parse(&bad).is_ok_and(|proof| {
            proof.statement == said && proof.check(house().len() as u64).is_ok()
        });
        assert!(!believed, "{at}");
    }
}

//! What the log says of itself: its root with SM3, and parts of it that were brought back from a copy.

use super::*;
use crate::own_word::OwnWord;
use crate::recovery::{RECOVERY_STREAM, Recovery};
use crate::sm3_root::Sm3Root;

fn run_with_sm3(leaves: &[Leaf]) -> Report {
    let mut checker = Checker::new(&[0x77; 32]).with_sm3();
    for (index, leaf) in leaves.iter().enumerate() {
        let bytes = bytes_of(leaf);
        checker.feed(index as u64, &bytes, &hash_of(&bytes));
    }
    checker.finish()
}

/// The house with two true statements of its root with SM3, the second one over the first.
fn rooted() -> Vec<Leaf> {
    let mut leaves = house();
    for sequence in 1..=2 {
        let mut tree = Sm3Tree::default();
        leaves.iter().for_each(|leaf| tree.append(&bytes_of(leaf)));
        let said = Sm3Root {
            before: leaves.len() as i64,
            root: tree.root(),
        };
        let id = format!("smr_{:014}", leaves.len());
        let time = leaves[0].time;
        leaves.push(said.leaf(id, time, sequence));
    }
    leaves
}

#[test]
fn a_root_with_sm3_is_believed_only_if_it_follows_from_the_leaves() {
    let leaves = rooted();
    let report = run_with_sm3(&leaves);
    assert_eq!(codes(&report), [""; 0], "{:?}", report.findings);
    assert_eq!(report.sm3_roots, 2);
    // Who does not compute it says so.
    let unread = run_leaves(&leaves);
    assert!(unread.is_clean() && unread.sm3_roots == 0);
    assert!(unread.unchecked.iter().any(|line| line.contains("--sm3")));
    // A change far before the second statement is seen by both.
    let mut changed = rooted();
    changed[GIFT].data.insert("ch".into(), "alipay".into());
    let found = codes(&run_with_sm3(&changed));
    assert_eq!(found.iter().filter(|code| **code == "sm3.root").count(), 2);
    let mut moved = rooted();
    let last = moved.len() - 1;
    moved[last].data.insert("before".into(), Json::Int(1));
    assert_eq!(codes(&run_with_sm3(&moved)), ["sm3.before"]);
    assert_eq!(codes(&run_leaves(&moved)), ["sm3.before"]);
    moved[last] = rooted()[last].clone();
    moved[last].streams = vec![("log/keys".to_owned(), 1)];
    assert_eq!(codes(&run_with_sm3(&moved)), ["leaf.stream_missing"]);
}

#[test]
fn what_was_brought_back_stands_before_its_announcement() {
    let said = |before: i64, number: i64| {
        let mut leaves = house();
        let said = Recovery { before, number };
        let time = leaves[0].time;
        leaves.push(said.leaf("rcv_00000000000001".to_owned(), time, 1));
        codes(&run_leaves(&leaves))
    };
    let size = house().len() as i64;
    assert_eq!(said(0, size), [""; 0]);
    assert_eq!(said(size - 1, 1), [""; 0]);
    assert_eq!(said(size - 1, 2), ["recovery.range"]);
    assert_eq!(said(0, 0), ["recovery.range"]);
    assert_eq!(RECOVERY_STREAM, "log/recovery");
}

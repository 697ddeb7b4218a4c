//! A log with a directory: what stands in it is clean, what is left out or does not belong there is named.

use super::*;
use crate::digest::digest_text;
use crate::directory::{directory_digest, directory_stream};

const NAME: &str = "云山县慈善会";
const CODE: &str = "53330000MJX00000X3";

/// A log whose first leaf states the directory (or not), with one organisation whose leaf names these streams.
fn log(states: bool, streams: &[&str]) -> Vec<Leaf> {
    let mut log = Log::default();
    log.statements();
    if let Some(first) = log.leaves.first_mut().filter(|_| states) {
        let digest = digest_text(&directory_digest());
        first.data.insert("directory".into(), Json::from(digest));
    }
    let entered = log
        .leaves
        .iter_mut()
        .find(|leaf| leaf.kind == Kind::Organisation);
    if let Some(entered) = entered {
        entered.data.insert("name".into(), NAME.into());
        entered.data.insert("uscc".into(), CODE.into());
        let named = streams.iter().map(|name| ((*name).to_owned(), 1));
        entered.streams.extend(named);
        entered.streams.sort();
    }
    log.leaves
}

#[track_caller]
fn check(states: bool, streams: &[&str], want: &[&str]) {
    assert_eq!(codes(&run_leaves(&log(states, streams))), want);
}

#[test]
fn every_name_and_code_stands_in_the_directory() {
    let (name, code) = (directory_stream(NAME), directory_stream(CODE));
    let (name, code) = (name.unwrap_or_default(), code.unwrap_or_default());
    check(true, &[&name, &code], &[]);
    check(true, &[&name], &["directory.missing"]);
    check(true, &[], &["directory.missing"]);
    // A log that was begun without one says nothing, and what it says must be right all the same.
    check(false, &[], &[]);
    check(false, &[&name, &code], &[]);
    let other = if name == "known/0000" {
        "known/0001"
    } else {
        "known/0000"
    };
    assert_ne!(code, other);
    check(false, &[other], &["leaf.content"]);
}

#[test]
fn unknown_rules_are_named() {
    let mut leaves = log(true, &[]);
    if let Some(first) = leaves.first_mut() {
        first
            .data
            .insert("directory".into(), Json::from(digest_text(&[7; 32])));
    }
    assert_eq!(codes(&run_leaves(&leaves)), ["directory.rules"]);
}

//! Evidence on disk: kept once, found again, and every change seen.

use std::fs;
use std::path::{Path, PathBuf};

use gateway::SeededEntropy;
use gateway::evidence::{Condition, EvidenceStore, MediaType, SIZE_LIMIT};
use sha2::{Digest, Sha256};

const LIST: &str = "村,袋数\r\n石桥村,120\r\n";

fn store() -> (tempfile::TempDir, EvidenceStore) {
    let home = tempfile::tempdir().unwrap();
    let store = EvidenceStore::new(&home.path().join("evidence")).unwrap();
    (home, store)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path))
        } else {
            found.push(path)
        }
    }
    found
}

#[test]
fn a_file_is_kept_once_under_its_digest() {
    let (home, store) = store();
    let entropy = SeededEntropy::new(1);
    let digest = store.put(LIST.as_bytes(), "text/csv", &entropy).unwrap();
    assert_eq!(
        digest,
        store.put(LIST.as_bytes(), "text/csv", &entropy).unwrap()
    );
    let sha256: [u8; 32] = Sha256::digest(LIST).into();
    assert_eq!((digest.sha256, digest.media_type), (sha256, MediaType::Csv));
    assert_eq!(digest.len, 27);
    assert_eq!(store.read(&sha256).unwrap().unwrap(), LIST.as_bytes());
    let name = hex::encode(sha256);
    let path = home.path().join("evidence").join(&name[..2]).join(name);
    assert_eq!(files(home.path()), [path]);
}

#[test]
fn a_changed_or_missing_file_is_seen_and_put_right() {
    let (home, store) = store();
    let entropy = SeededEntropy::new(2);
    let digest = store.put(LIST.as_bytes(), "", &entropy).unwrap();
    let path = files(home.path()).pop().unwrap();
    assert_eq!(store.verify(&digest.sha256).unwrap(), Condition::Whole);
    fs::write(&path, LIST.replace("120", "210")).unwrap();
    assert_eq!(store.verify(&digest.sha256).unwrap(), Condition::Changed);
    store.put(LIST.as_bytes(), "", &entropy).unwrap();
    assert_eq!(store.verify(&digest.sha256).unwrap(), Condition::Whole);
    fs::remove_file(&path).unwrap();
    assert_eq!(store.verify(&digest.sha256).unwrap(), Condition::Missing);
    assert!(store.open(&digest.sha256).unwrap().is_none());
}

#[test]
fn many_at_once_keep_one_file() {
    let (home, store) = store();
    std::thread::scope(|scope| {
        for seed in 0..8 {
            let store = &store;
            scope.spawn(move || {
                store
                    .put(LIST.as_bytes(), "", &SeededEntropy::new(seed))
                    .unwrap();
            });
        }
    });
    assert_eq!(files(home.path()).len(), 1);
}

fn check_refused(bytes: &[u8], mime: &str, code: &str) {
    let (home, store) = store();
    let refused = store
        .put(bytes, mime, &SeededEntropy::new(3))
        .unwrap_err()
        .to_string();
    assert!(refused.starts_with(code), "{refused}");
    assert!(files(home.path()).is_empty());
}

#[test]
fn what_is_no_evidence_is_refused_and_leaves_nothing() {
    check_refused(b"", "text/plain", "[evidence.empty]");
    check_refused(
        &vec![b' '; SIZE_LIMIT + 1],
        "text/plain",
        "[evidence.too_large]",
    );
    check_refused(b"MZ\x90\0\x03", "", "[evidence.unknown_type]");
    check_refused(b"<html>", "text/html", "[evidence.unknown_type]");
    check_refused(b"%PDF-1.7", "image/png", "[evidence.type_differs]");
    check_refused(
        b"\xff\xd8\xff\xe0\0\x10JFIF",
        "image/jpeg",
        "[evidence.broken_picture]",
    );
}

#[test]
fn a_file_at_the_limit_is_kept() {
    let (_home, store) = store();
    let digest = store
        .put(&vec![b' '; SIZE_LIMIT], "", &SeededEntropy::new(4))
        .unwrap();
    assert_eq!(store.verify(&digest.sha256).unwrap(), Condition::Whole);
}

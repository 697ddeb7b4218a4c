//! Files that an audit has read once, kept in a folder: an audit that was cut off does not load them again.
//!
//! What is kept is believed no more than what is loaded: everything is hashed and compared on every run. Only full tiles
//! and bundles are kept, since nothing else stays as it is. Behind each stands its SHA-256, so that what a power cut or a
//! bad disk left is loaded again and never taken for a fault of the log.

use super::files::{LogFiles, Unread};
use crate::outcome::Failure;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use tlog::TilePath;

/// Bytes of the digest behind the content.
const DIGEST_BYTES: usize = 32;

/// 〔留存〕 A log whose full files are read from a folder where they are there, and put there where they are not.
pub(crate) struct Kept {
    folder: PathBuf,
    files: Box<dyn LogFiles>,
    /// Files that were not loaded again, each counted once.
    spared: AtomicU64,
    /// What this run has read: a file that it has loaded itself is not one that was kept before.
    met: Mutex<BTreeSet<TilePath>>,
}

impl Kept {
    /// `files` with their full files kept in `folder`, which belongs to one log and is made if it is not there.
    ///
    /// # Errors
    /// The folder cannot be made.
    pub(crate) fn new(folder: &Path, files: Box<dyn LogFiles>) -> Result<Kept, Failure> {
        fs::create_dir_all(folder).map_err(|_| {
            let sentence = format!("建不了目录 {}，请检查路径和权限", folder.display());
            Failure::unreachable("file.write", sentence)
        })?;
        Ok(Kept {
            folder: folder.to_owned(),
            files,
            spared: AtomicU64::new(0),
            met: Mutex::default(),
        })
    }

    /// How many files were not loaded again.
    pub(crate) fn spared(&self) -> u64 {
        self.spared.load(Ordering::Relaxed)
    }

    /// Whether this run meets the file for the first time.
    fn is_first(&self, path: TilePath) -> bool {
        let mut met = self.met.lock().unwrap_or_else(PoisonError::into_inner);
        met.insert(path)
    }

    fn file(&self, path: TilePath) -> PathBuf {
        self.folder.join(path.to_string())
    }
}

/// The content, if it is what was written.
fn content(mut bytes: Vec<u8>, limit: usize) -> Option<Vec<u8>> {
    let at = bytes.len().checked_sub(DIGEST_BYTES)?;
    let is_whole = Sha256::digest(bytes.get(..at)?)[..] == *bytes.get(at..)?;
    bytes.truncate(at);
    (is_whole && at <= limit).then_some(bytes)
}

/// Gives the file its name only when it is whole; the digest stands in for a flush, so a million files cost no million flushes.
fn keep(file: &Path, bytes: &[u8]) -> std::io::Result<()> {
    fs::create_dir_all(file.parent().unwrap_or(Path::new("")))?;
    let fresh = file.with_extension("new");
    let whole = [bytes, &Sha256::digest(bytes)].concat();
    fs::write(&fresh, whole).and_then(|()| fs::rename(&fresh, file))
}

impl LogFiles for Kept {
    fn read(&self, path: &str, limit: usize) -> Result<Vec<u8>, Unread> {
        let Some(full) = path.parse().ok().filter(|path: &TilePath| path.is_full()) else {
            return self.files.read(path, limit);
        };
        let file = self.file(full);
        if let Some(bytes) = fs::read(&file).ok().and_then(|bytes| content(bytes, limit)) {
            if self.is_first(full) {
                self.spared.fetch_add(1, Ordering::Relaxed);
            }
            return Ok(bytes);
        }
        let bytes = self.files.read(path, limit)?;
        self.is_first(full);
        keep(&file, &bytes).map_err(|_| {
            let why = format!("存不到 {}，请检查磁盘空间和权限", file.display());
            Unread::Unreachable(why)
        })?;
        Ok(bytes)
    }

    fn readers(&self) -> usize {
        self.files.readers()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::files::of_site;
    use crate::sample;
    use crate::sample_site::SampleSite;

    fn asked_for(site: &SampleSite, folder: &Path, paths: &[String]) -> (Vec<String>, u64) {
        let kept = Kept::new(folder, Box::new(of_site(&site.address()))).unwrap();
        for path in paths {
            kept.read(path, 1 << 20).unwrap();
        }
        (site.take_asked(), kept.spared())
    }

    #[test]
    fn full_files_are_loaded_once_and_spoilt_ones_again() {
        let site = SampleSite::new();
        let files = sample::files(&sample::leaves(300));
        site.put_all(&files);
        let paths: Vec<String> = files.keys().cloned().collect();
        let full = |path: &String| path.parse().is_ok_and(|path: TilePath| path.is_full());
        let full: Vec<String> = paths.iter().filter(|path| full(path)).cloned().collect();
        assert!(full.len() >= 2, "a bundle and its hashes");
        let folder = tempfile::tempdir().unwrap();
        let (asked, spared) = asked_for(&site, folder.path(), &paths);
        assert_eq!((asked.len(), spared), (paths.len(), 0));
        let (asked, spared) = asked_for(&site, folder.path(), &paths);
        assert_eq!(asked.len(), paths.len() - full.len());
        assert_eq!(spared, full.len() as u64);
        for spoil in [&b""[..], b"half", &[0; 40]] {
            fs::write(folder.path().join(&full[0]), spoil).unwrap();
            let (asked, _) = asked_for(&site, folder.path(), &paths);
            assert!(
                asked.iter().any(|path| path.ends_with(&full[0])),
                "{spoil:?}"
            );
        }
        let (asked, _) = asked_for(&site, folder.path(), &full);
        assert!(asked.is_empty());
    }

    #[test]
    fn a_file_that_this_run_has_loaded_was_not_kept_before() {
        let site = SampleSite::new();
        site.put_all(&sample::files(&sample::leaves(300)));
        let folder = tempfile::tempdir().unwrap();
        let twice = ["tile/entries/000".to_owned(), "tile/entries/000".to_owned()];
        let (asked, spared) = asked_for(&site, folder.path(), &twice);
        assert_eq!((asked.len(), spared), (1, 0));
        let (asked, spared) = asked_for(&site, folder.path(), &twice);
        assert_eq!((asked.len(), spared), (0, 1));
    }

    #[test]
    fn a_kept_file_is_as_limited_as_a_loaded_one() {
        let bytes = [b"hello".as_slice(), &Sha256::digest(b"hello")].concat();
        assert_eq!(content(bytes.clone(), 5).unwrap(), b"hello");
        assert_eq!(content(bytes, 4), None);
        assert_eq!(content(Vec::new(), 4), None);
    }
}

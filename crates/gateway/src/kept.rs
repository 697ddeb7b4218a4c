//! Files that people brought for import 〔导入原件〕: kept by digest as they came, so that a run can be read
//! again and shown; and the files of rejected rows beside them.
//!
//! Everything here blocks on the disk: call it from a thread for blocking work.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::disk::{self, Access, Place};
use crate::entropy::{self, Entropy};

/// Largest file in bytes, as large as the reader of tables takes: 256 MiB.
pub const KEPT_BYTES_MAX: u64 = 256 << 20;

/// 〔导入原件库〕 A folder of files by digest.
#[derive(Clone, Debug)]
pub struct KeptFiles {
    folder: PathBuf,
}

impl KeptFiles {
    /// Opens the folder, making it where it is absent.
    ///
    /// # Errors
    /// The folder cannot be made.
    pub fn new(folder: &Path) -> io::Result<KeptFiles> {
        disk::make_folder(folder, Access::Group)?;
        Ok(KeptFiles {
            folder: folder.to_path_buf(),
        })
    }

    /// Keeps the bytes durably under their digest; the same bytes are kept once.
    ///
    /// # Errors
    /// The disk or the entropy of the temporary name.
    pub fn put(&self, bytes: &[u8], entropy: &dyn Entropy) -> io::Result<[u8; 32]> {
        let sha256: [u8; 32] = Sha256::digest(bytes).into();
        self.write(&hex::encode(sha256), bytes, entropy)?;
        Ok(sha256)
    }

    /// Reads a file by its digest; `None` where there is none or its bytes have changed.
    ///
    /// # Errors
    /// The disk, or a file beyond [`KEPT_BYTES_MAX`].
    pub fn read(&self, sha256: &[u8; 32]) -> io::Result<Option<Vec<u8>>> {
        let bytes = self.read_named(&hex::encode(sha256))?;
        Ok(bytes.filter(|bytes| Sha256::digest(bytes).as_slice() == sha256))
    }

    /// Keeps the rejected rows of a run under the run's printed id.
    ///
    /// # Errors
    /// As [`KeptFiles::put`].
    pub fn put_rejects(&self, run: &str, bytes: &[u8], entropy: &dyn Entropy) -> io::Result<()> {
        self.write(&rejects_name(run), bytes, entropy)
    }

    /// The rejected rows of a run.
    ///
    /// # Errors
    /// As [`KeptFiles::read`].
    pub fn read_rejects(&self, run: &str) -> io::Result<Option<Vec<u8>>> {
        self.read_named(&rejects_name(run))
    }

    fn read_named(&self, name: &str) -> io::Result<Option<Vec<u8>>> {
        let file = match File::open(self.folder.join(name)) {
            Ok(file) => file,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(e),
        };
        let mut bytes = Vec::new();
        file.take(KEPT_BYTES_MAX.saturating_add(1))
            .read_to_end(&mut bytes)?;
        if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > KEPT_BYTES_MAX {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        Ok(Some(bytes))
    }

    /// Writes the bytes under a name. What stands there with other bytes is put right: a name is a digest or a
    /// run, and each says what its bytes must be.
    fn write(&self, name: &str, bytes: &[u8], entropy: &dyn Entropy) -> io::Result<()> {
        match self.read_named(name)? {
            Some(known) if known == bytes => return disk::sync_folder(&self.folder),
            Some(_) => fs::remove_file(self.folder.join(name))?,
            None => {}
        }
        let random = entropy::draw::<8>(entropy).map_err(io::Error::other)?;
        let temporary = format!(".new-{}", hex::encode(random));
        let place = Place {
            folder: &self.folder,
            temporary: &temporary,
            name,
            access: Access::Group,
        };
        match disk::write_new(&place, bytes) {
            // Somebody kept the same file meanwhile.
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            written => written,
        }
    }
}

/// Printed ids are letters, digits and `_`; anything else is left out, so that no name leaves the folder.
fn rejects_name(run: &str) -> String {
    let plain: String = run
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '_')
        .collect();
    format!("{plain}.rejects.csv")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SeededEntropy;

    #[test]
    fn files_are_found_by_digest_and_a_changed_one_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let kept = KeptFiles::new(folder.path()).unwrap();
        let entropy = SeededEntropy::new(1);
        let digest = kept.put(b"a,b\n1,2\n", &entropy).unwrap();
        assert_eq!(kept.put(b"a,b\n1,2\n", &entropy).unwrap(), digest);
        assert_eq!(kept.read(&digest).unwrap().unwrap(), b"a,b\n1,2\n");
        fs::write(folder.path().join(hex::encode(digest)), b"changed").unwrap();
        assert_eq!(kept.read(&digest).unwrap(), None);
        assert_eq!(kept.put(b"a,b\n1,2\n", &entropy).unwrap(), digest);
        assert_eq!(kept.read(&digest).unwrap().unwrap(), b"a,b\n1,2\n");
    }

    #[test]
    fn rejects_stay_in_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        let kept = KeptFiles::new(folder.path()).unwrap();
        let entropy = SeededEntropy::new(1);
        kept.put_rejects("../imp_1", b"old", &entropy).unwrap();
        kept.put_rejects("imp_1", b"new", &entropy).unwrap();
        assert_eq!(kept.read_rejects("imp_1").unwrap().unwrap(), b"new");
        assert_eq!(kept.read_rejects("imp_2").unwrap(), None);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}

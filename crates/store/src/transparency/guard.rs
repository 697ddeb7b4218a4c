//! 〔守卫文件〕 The last signed checkpoint, kept outside the database.
//!
//! A database that was restored from last night's backup would sign another history for sizes that were signed already,
//! and nobody inside it could tell. The file is written and brought to the disk before a signature can leave: first what
//! is about to be signed beside what was signed, after the commit what was signed. At the start the database must hold
//! what the file says was signed.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use tlog::Hash;

/// First line of the file.
const HEADER: &str = "shanji/guard/1";
/// Longest file in bytes: four short lines.
const FILE_MAX: u64 = 4_096;

/// A checkpoint by its size and root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// Leaves under it.
    pub size: i64,
    /// Root of the tree.
    pub root: Hash,
}

/// What the file says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guarded {
    /// The log.
    pub origin: String,
    /// Was signed, and may have been seen by anybody.
    pub signed: Option<Mark>,
    /// Was about to be signed; whether the database took it is not known.
    pub signing: Option<Mark>,
}

impl Guarded {
    /// Whether it remembers no checkpoint at all: the log had signed nothing when it was written.
    #[must_use]
    pub const fn is_blank(&self) -> bool {
        self.signed.is_none() && self.signing.is_none()
    }
}

/// Why the file was not written.
#[derive(Debug)]
pub(crate) enum GuardError {
    /// It could not be made; another time it may.
    Passing(io::Error),
    /// The disk has not kept what it took, which must not be tried again.
    Flush(io::Error),
}

impl From<io::Error> for GuardError {
    fn from(error: io::Error) -> GuardError {
        GuardError::Passing(error)
    }
}

/// 〔守卫文件〕 The file.
#[derive(Debug, Clone)]
pub struct Guard(PathBuf);

impl Guard {
    /// The guard in this file, which need not exist yet.
    #[must_use]
    pub fn at(file: &Path) -> Guard {
        Guard(file.to_owned())
    }

    /// Its path, for messages.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// What it says; nothing if there is no file.
    ///
    /// # Errors
    /// The file cannot be read, or is none of ours.
    pub fn read(&self) -> io::Result<Option<Guarded>> {
        let length = match fs::metadata(&self.0) {
            Ok(found) => found.len(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let wrong = || io::Error::new(io::ErrorKind::InvalidData, "内容不是守卫文件的格式");
        if length > FILE_MAX {
            return Err(wrong());
        }
        let text = fs::read_to_string(&self.0)?;
        parse(&text).map(Some).ok_or_else(wrong)
    }

    /// Writes the file anew: whole and on disk, or not at all.
    pub(crate) fn write(&self, said: &Guarded) -> Result<(), GuardError> {
        let mut text = format!("{HEADER}\n{}\n", said.origin);
        for (word, mark) in [("signed", said.signed), ("signing", said.signing)] {
            if let Some(mark) = mark {
                text.push_str(&format!("{word} {} {}\n", mark.size, mark.root));
            }
        }
        let next = self.0.with_extension("next");
        let mut file = File::create(&next)?;
        file.write_all(text.as_bytes())?;
        file.sync_all().map_err(GuardError::Flush)?;
        // Held open before the change: an error that the folder meets in between is then not lost.
        let folder = self.0.parent().filter(|f| !f.as_os_str().is_empty());
        let folder = File::open(folder.unwrap_or(Path::new(".")))?;
        fs::rename(&next, &self.0)?;
        folder.sync_all().map_err(GuardError::Flush)
    }
}

fn parse(text: &str) -> Option<Guarded> {
    let mut lines = text.strip_suffix('\n')?.split('\n');
    if lines.next()? != HEADER {
        return None;
    }
    let mut said = Guarded {
        origin: lines.next()?.to_owned(),
        signed: None,
        signing: None,
    };
    for line in lines {
        let (word, rest) = line.split_once(' ')?;
        let (size, root) = rest.split_once(' ')?;
        let mark = Mark {
            size: size.parse().ok().filter(|size| *size > 0)?,
            root: root.parse().ok()?,
        };
        let place = match word {
            "signed" if said.signing.is_none() => &mut said.signed,
            "signing" => &mut said.signing,
            _ => return None,
        };
        if place.replace(mark).is_some() {
            return None;
        }
    }
    Some(said)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(size: i64) -> Mark {
        Mark {
            size,
            root: Hash([size as u8; 32]),
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let guard = Guard::at(&folder.path().join("log.guard"));
        assert_eq!(guard.read().unwrap(), None);
        for (signed, signing) in [
            (None, Some(mark(3))),
            (Some(mark(3)), None),
            (Some(mark(3)), Some(mark(9))),
        ] {
            let said = Guarded {
                origin: "log.example/a".into(),
                signed,
                signing,
            };
            guard.write(&said).unwrap();
            assert_eq!(guard.read().unwrap(), Some(said));
        }
        let names: Vec<_> = fs::read_dir(folder.path()).unwrap().collect();
        assert_eq!(names.len(), 1, "no half file is left");
    }

    #[test]
    fn other_files_are_refused() {
        let root = mark(1).root.to_string();
        let good = format!("{HEADER}\nlog.example/a\nsigned 3 {root}\nsigning 5 {root}\n");
        assert!(parse(&good).is_some());
        for bad in [
            String::new(),
            good.replace("guard/1", "guard/2"),
            good.replace("signed 3", "signed 0"),
            good.replace("signed 3", "signed x"),
            good.replace("signing", "signed"),
            good.replace("signed 3", "sealed 3"),
            good.trim_end().to_owned(),
            format!("{good}signing 7 {root}\n"),
        ] {
            assert!(parse(&bad).is_none(), "{bad}");
        }
    }
}

//! The mirror's own line under the checkpoint: which key signs in which folder, and the line of a run before.
//!
//! A key must remember what it has signed, and its folder is that memory: with the same key in two folders one of them
//! could sign what contradicts the other. So the folder says whose it is, and beside the key stands where it signs.

use super::shelf::Shelf;
use crate::durable;
use crate::outcome::Failure;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use tlog::limits::NOTE_BYTES_MAX;
use tlog::{CosignerKey, NoteSignature, SignedNote};

/// Behind the name of the key file: the folders in which the key signs, one on each line.
const FOLDERS: &str = ".folders";
/// Longest such file that is read; a key signs for a few logs.
const FOLDERS_BYTES: u64 = 1 << 16;

/// Claims this folder for the key, before it signs anything in it.
///
/// # Errors
/// Another folder of the same log is known in which the key signs (`mirror.key_elsewhere`), or nothing can be written.
pub(super) fn claim(key_file: &Path, key: &CosignerKey, shelf: &Shelf) -> Result<(), Failure> {
    let here = fs::canonicalize(shelf.folder()).unwrap_or_else(|_| shelf.folder().to_owned());
    let list = list_of(key_file);
    let mut folders = read(&list);
    let is_same_log = |other: &PathBuf| other.file_name() == here.file_name() && *other != here;
    let is_own = shelf.cosigner()?.as_ref() == Some(key);
    for other in folders.iter().filter(|other| is_same_log(other)) {
        // A folder that was moved brings its memory along; one that was copied leaves it behind as well.
        if !is_own || other.exists() {
            let sentence = format!(
                "密钥 {} 已在目录 {} 里为这个日志签名，一把密钥只能给一个目录用，否则忘了签过什么。请继续用那个目录，或用 shanji keygen 另生成一把",
                key_file.display(),
                other.display()
            );
            return Err(Failure::refused("mirror.key_elsewhere", sentence));
        }
    }
    let before = folders.clone();
    folders.retain(|other| !is_same_log(other));
    if !folders.contains(&here) {
        folders.push(here);
    }
    if folders != before {
        write(&list, &folders);
    }
    shelf.set_cosigner(key)
}

/// The key file's name with [`FOLDERS`] behind it.
fn list_of(key_file: &Path) -> PathBuf {
    let mut name = OsString::from(key_file);
    name.push(FOLDERS);
    PathBuf::from(name)
}

fn read(list: &Path) -> Vec<PathBuf> {
    let is_short = fs::metadata(list).is_ok_and(|about| about.len() <= FOLDERS_BYTES);
    let text = fs::read_to_string(list).ok().filter(|_| is_short);
    let text = text.unwrap_or_default();
    text.lines()
        .filter(|line| !line.is_empty())
        .map(PathBuf::from)
        .collect()
}

/// A key on a disk that takes no file is used all the same; that a second folder is not noticed then is said.
fn write(list: &Path, folders: &[PathBuf]) {
    let lines: String = folders
        .iter()
        .map(|folder| format!("{}\n", folder.display()))
        .collect();
    if durable::replace(list, lines.as_bytes()).is_err() {
        eprintln!(
            "⚠ 写不了 {}，以后把同一把密钥用在另一个目录里不会被发现",
            list.display()
        );
    }
}

/// What a run without the key keeps of the one before: the line of this folder's key, while the text is the same.
///
/// # Errors
/// The folder cannot be read.
pub(super) fn kept(shelf: &Shelf, note: &SignedNote) -> Result<Vec<NoteSignature>, Failure> {
    let (Some(key), Some(held)) = (shelf.cosigner()?, shelf.checkpoint()?) else {
        return Ok(Vec::new());
    };
    let held = SignedNote::parse(&held).ok();
    let Some(held) = held.filter(|held| held.text() == note.text()) else {
        return Ok(Vec::new());
    };
    let is_new = |line: &&NoteSignature| key.matches(line) && !note.signatures().contains(line);
    let lines: Vec<NoteSignature> = held.signatures().iter().filter(is_new).cloned().collect();
    let grown = note.clone().with_signatures(lines.clone());
    // The log itself may bring so many lines that none has room beside them.
    let fits = grown.is_ok_and(|grown| grown.to_string().len() <= NOTE_BYTES_MAX);
    Ok(if fits { lines } else { Vec::new() })
}

//! Replacing a file so that there is always either the old one or the new one, whole.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Writes `bytes` under another name beside `file`, flushes them, and gives them the name. The name itself is
/// durable once the folder is flushed, see [`sync_folder`].
pub(crate) fn write_whole(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let name = file.file_name().unwrap_or_default();
    // The name is always the same, so that a run that was cut off leaves nothing behind the next one.
    let fresh = file.with_file_name(format!(".{}.new", name.to_string_lossy()));
    let written = File::create(&fresh)
        .and_then(|mut out| out.write_all(bytes).and_then(|()| out.sync_all()))
        .and_then(|()| fs::rename(&fresh, file));
    if written.is_err() {
        drop(fs::remove_file(&fresh));
    }
    written
}

/// Writes a new file that only its owner may read; nothing is overwritten, and nothing half is left behind.
pub(crate) fn create_private(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut out = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file)?;
    let written = out.write_all(bytes).and_then(|()| out.sync_all());
    if written.is_err() {
        // The next try must not find the half of this one.
        drop(fs::remove_file(file));
    }
    written?;
    sync_folder(file.parent().unwrap_or(Path::new("")))
}

/// Makes the names in a folder durable.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    let here = Path::new(".");
    let folder = if folder.as_os_str().is_empty() {
        here
    } else {
        folder
    };
    File::open(folder)?.sync_all()
}

/// Both: afterwards the new content survives a power cut.
pub(crate) fn replace(file: &Path, bytes: &[u8]) -> io::Result<()> {
    write_whole(file, bytes)?;
    sync_folder(file.parent().unwrap_or(Path::new("")))
}

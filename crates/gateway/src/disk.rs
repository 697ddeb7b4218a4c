//! Writing a file so that it is either there, whole and durable, or not there at all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

/// Who may read what is written.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Access {
    /// The owner alone (0600): secrets.
    Owner,
    /// The owner and his group (0640): evidence, which a backup may read.
    Group,
}

impl Access {
    const fn file_mode(self) -> u32 {
        match self {
            Access::Owner => 0o600,
            Access::Group => 0o640,
        }
    }

    const fn folder_mode(self) -> u32 {
        match self {
            Access::Owner => 0o700,
            Access::Group => 0o750,
        }
    }
}

/// Makes `folder` and what is missing above it, each step durable.
pub(crate) fn make_folder(folder: &Path, access: Access) -> io::Result<()> {
    if folder.as_os_str().is_empty() || folder.is_dir() {
        return Ok(());
    }
    let parent = folder.parent().unwrap_or(Path::new(""));
    make_folder(parent, access)?;
    match fs::DirBuilder::new()
        .mode(access.folder_mode())
        .create(folder)
    {
        // Another thread was quicker; its folder is as good as ours.
        Err(e) if e.kind() == io::ErrorKind::AlreadyExists && folder.is_dir() => {}
        made => made?,
    }
    sync_folder(if parent.as_os_str().is_empty() {
        Path::new(".")
    } else {
        parent
    })
}

/// Makes the entries of a folder durable.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Writes `bytes` to `folder/temporary`, where nothing may stand, and flushes them.
fn write_flushed(place: &Place<'_>, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(place.access.file_mode())
        .open(place.folder.join(place.temporary))?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Writes `bytes` to `folder/temporary`, flushes them, and gives them their `name`.
///
/// `name` is taken by a hard link, which fails with `AlreadyExists` where a file of that
/// name stands: nothing is ever overwritten, also not by two processes at once.
pub(crate) fn write_new(place: &Place<'_>, bytes: &[u8]) -> io::Result<()> {
    let temporary = place.folder.join(place.temporary);
    let written = write_flushed(place, bytes)
        .and_then(|()| fs::hard_link(&temporary, place.folder.join(place.name)));
    // The temporary name goes whatever happened; what it held is linked or worthless.
    let removed = fs::remove_file(&temporary);
    written?;
    removed?;
    sync_folder(place.folder)
}

/// As [`write_new`], but takes the place of what stood there: either the old file or the new one, whole.
pub(crate) fn replace(place: &Place<'_>, bytes: &[u8]) -> io::Result<()> {
    let temporary = place.folder.join(place.temporary);
    let written = write_flushed(place, bytes)
        .and_then(|()| fs::rename(&temporary, place.folder.join(place.name)));
    if written.is_err() {
        // What it held is worthless.
        drop(fs::remove_file(&temporary));
    }
    written?;
    sync_folder(place.folder)
}

/// Where a new file is to stand.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    pub(crate) folder: &'a Path,
    /// The name until the bytes are safe: must be fresh, for instance random.
    pub(crate) temporary: &'a str,
    pub(crate) name: &'a str,
    pub(crate) access: Access,
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn nothing_is_overwritten_and_nothing_is_left_over() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("a/b");
        make_folder(&folder, Access::Owner).unwrap();
        let place = Place {
            folder: &folder,
            temporary: ".t",
            name: "file",
            access: Access::Owner,
        };
        write_new(&place, b"first").unwrap();
        let again = write_new(&place, b"second").unwrap_err();
        assert_eq!(again.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read(folder.join("file")).unwrap(), b"first");
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&folder), mode(&folder.join("file"))), (0o700, 0o600));
    }
}

//! One process per house, and per mirror: a lock on a file in the folder, let go by the system when the process ends.

use crate::outcome::Failure;
use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;

/// Name of the lock file; its content does not matter.
pub(crate) const FILE: &str = "serving.lock";

/// 〔独占〕 Held as long as this process works in the folder.
#[derive(Debug)]
pub(crate) struct Lock(#[expect(dead_code, reason = "the open file is the lock")] File);

/// Takes the house for this process.
///
/// # Errors
/// `house.taken` if another process serves it; the folder cannot be written.
pub(crate) fn take(data: &Path) -> Result<Lock, Failure> {
    let unwritable = |error: io::Error| {
        let sentence = format!(
            "数据目录 {} 不能写：{error}，请核对路径和权限",
            data.display()
        );
        Failure::unreachable("house.unwritable", sentence)
    };
    std::fs::create_dir_all(data).map_err(unwritable)?;
    let lock = try_take(&data.join(FILE)).map_err(unwritable)?;
    lock.ok_or_else(|| {
        let sentence = format!(
            "{} 正由另一个善迹进程使用，请先停掉它，或换一个 --data 目录",
            data.display()
        );
        Failure::unreachable("house.taken", sentence)
    })
}

/// Takes a lock on this file, which is made where it is missing; nothing if another process has it.
///
/// # Errors
/// The file cannot be written.
pub(crate) fn try_take(file: &Path) -> io::Result<Option<Lock>> {
    let file = OpenOptions::new()
        .create(true)
        .write(true)
        .truncate(false)
        .open(file)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(Lock(file))),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_house_has_one_process() {
        let folder = tempfile::tempdir().unwrap();
        let lock = take(folder.path()).unwrap();
        assert_eq!(take(folder.path()).unwrap_err().code, "house.taken");
        drop(lock);
        assert!(take(folder.path()).is_ok());
    }

    #[test]
    fn a_folder_that_cannot_be_is_named() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("file"), "").unwrap();
        let refused = take(&folder.path().join("file/data")).unwrap_err();
        assert_eq!(refused.code, "house.unwritable");
    }
}

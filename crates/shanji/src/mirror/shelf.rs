//! The folder of one mirrored log: a file appears whole and durable or not at all, the checkpoint last.

use crate::durable;
use crate::outcome::Failure;
use crate::serve_lock::{self, Lock};
use leaf::KeyHistory;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use tlog::limits::{BUNDLE_BYTES_MAX, NOTE_BYTES_MAX};
use tlog::{CosignerKey, TileKind, TilePath, bundles_between, tiles_between, witness};

/// What readers look at first, so it is written last.
const CHECKPOINT: &str = "checkpoint";
/// The checkpoint whose files are being fetched: it is not forgotten if that is interrupted.
const PENDING: &str = ".pending";
/// The keys that were believed the first time.
const KEYS: &str = "vkeys";
/// The verifier key with which this folder signs.
const COSIGNER: &str = ".cosigner";
/// Keeps a second mirror out.
const LOCK: &str = ".lock";
/// Where checkpoints that contradict this folder are kept.
const EVIDENCE: &str = "evidence";

/// 〔镜像目录〕 The files of one log below `DIR/<sha256(origin)>/`.
#[derive(Debug)]
pub(super) struct Shelf {
    folder: PathBuf,
    /// Folders that have new entries which are not yet durable.
    touched: Mutex<BTreeSet<PathBuf>>,
    _lock: Lock,
}

/// Where the log `origin` stands in the mirror `dir`.
pub(super) fn folder_of(dir: &Path, origin: &str) -> PathBuf {
    dir.join(witness::origin_hash(origin))
}

/// The keys that were believed when `folder` was begun; none if it has not been.
///
/// # Errors
/// The file is there and cannot be read: whoever went on would believe the site anew.
pub(super) fn pinned_keys(folder: &Path) -> Result<KeyHistory, Failure> {
    let file = folder.join(KEYS);
    let damaged = || {
        let sentence = format!(
            "镜像的公钥文件 {} 读不懂，请从备份恢复，或用 --vkey 给出公钥",
            file.display()
        );
        Failure::unreachable("mirror.damaged", sentence)
    };
    match fs::read_to_string(&file) {
        Ok(text) => text.parse().map_err(|_| damaged()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(KeyHistory::default()),
        Err(_) => Err(damaged()),
    }
}

impl Shelf {
    /// Takes the folder for this process, and makes it where it is missing.
    ///
    /// # Errors
    /// Another mirror works here, or nothing can be written.
    pub(super) fn open(folder: PathBuf) -> Result<Shelf, Failure> {
        let failed = |error: io::Error| write_failure(&folder, &error);
        fs::create_dir_all(&folder).map_err(failed)?;
        let lock = serve_lock::try_take(&folder.join(LOCK)).map_err(failed)?;
        let lock = lock.ok_or_else(|| {
            let sentence = format!(
                "{} 正由另一个镜像进程使用，请等它结束或换一个目录",
                folder.display()
            );
            Failure::unreachable("mirror.taken", sentence)
        })?;
        Ok(Shelf {
            folder,
            touched: Mutex::default(),
            _lock: lock,
        })
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The checkpoint that readers see; nothing before the first one.
    pub(super) fn checkpoint(&self) -> Result<Option<Vec<u8>>, Failure> {
        self.read(CHECKPOINT, NOTE_BYTES_MAX)
    }

    /// The checkpoint that was being fetched when the last run ended.
    pub(super) fn pending(&self) -> Result<Option<Vec<u8>>, Failure> {
        self.read(PENDING, NOTE_BYTES_MAX)
    }

    /// Remembers what is to be fetched, before any of it is written.
    pub(super) fn begin(&self, note: &str) -> Result<(), Failure> {
        self.put(PENDING, note.as_bytes())?;
        self.settle()
    }

    /// Remembers the keys that were believed.
    pub(super) fn pin_keys(&self, keys: &str) -> Result<(), Failure> {
        self.put(KEYS, keys.as_bytes())?;
        self.settle()
    }

    /// The key with which this folder has signed.
    pub(super) fn cosigner(&self) -> Result<Option<CosignerKey>, Failure> {
        let bytes = self.read(COSIGNER, NOTE_BYTES_MAX)?;
        let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
        Ok(text.and_then(|text| text.trim().parse().ok()))
    }

    /// Remembers the key with which this folder signs, before it does.
    pub(super) fn set_cosigner(&self, key: &CosignerKey) -> Result<(), Failure> {
        if self.cosigner()?.as_ref() == Some(key) {
            return Ok(());
        }
        self.put(COSIGNER, format!("{key}\n").as_bytes())?;
        self.settle()
    }

    /// Keeps a checkpoint that contradicts this folder and says where.
    pub(super) fn keep_evidence(&self, note: &[u8]) -> Result<PathBuf, Failure> {
        let mut name = hex::encode(Sha256::digest(note));
        name.truncate(16);
        let path = format!("{EVIDENCE}/{name}.checkpoint");
        self.put(&path, note)?;
        self.settle()?;
        Ok(self.folder.join(path))
    }

    /// The bytes of a tile or bundle that is here already.
    pub(super) fn tile(&self, path: TilePath) -> Result<Option<Vec<u8>>, Failure> {
        self.read(&path.to_string(), BUNDLE_BYTES_MAX)
    }

    /// Writes a tile or bundle that has been verified.
    pub(super) fn put_tile(&self, path: TilePath, bytes: &[u8]) -> Result<(), Failure> {
        self.put(&path.to_string(), bytes)
    }

    /// Lets readers see the new checkpoint: everything that it names is durable before.
    pub(super) fn publish(&self, note: &str) -> Result<(), Failure> {
        self.settle()?;
        self.put(CHECKPOINT, note.as_bytes())?;
        self.settle()?;
        remove(&self.folder.join(PENDING))
    }

    /// Removes partial files of the tree of `old` leaves that stand in full files of the tree of `new` leaves.
    pub(super) fn prune(&self, old: u64, new: u64) -> Result<(), Failure> {
        let grown = tiles_between(old, new).chain(bundles_between(old, new));
        for path in grown.filter(|path| path.is_full()) {
            let partial = self.folder.join(format!("{path}.p"));
            // Only a place that was partial before can have such a folder.
            if first_of(path) <= old && partial.is_dir() {
                fs::remove_dir_all(&partial).map_err(|error| write_failure(&partial, &error))?;
            }
        }
        Ok(())
    }

    fn read(&self, path: &str, limit: usize) -> Result<Option<Vec<u8>>, Failure> {
        let file = self.folder.join(path);
        let mut bytes = Vec::new();
        let read = File::open(&file).and_then(|file| {
            let limit = u64::try_from(limit).unwrap_or(u64::MAX);
            file.take(limit.saturating_add(1)).read_to_end(&mut bytes)
        });
        match read {
            Ok(_) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => {
                let sentence = format!("读不到 {}：{error}，请检查权限和磁盘", file.display());
                Err(Failure::unreachable("file.read", sentence))
            }
        }
    }

    /// Writes a file whole. Its name is durable after [`Shelf::settle`].
    fn put(&self, path: &str, bytes: &[u8]) -> Result<(), Failure> {
        let file = self.folder.join(path);
        let parent = file.parent().unwrap_or(&self.folder);
        fs::create_dir_all(parent)
            .and_then(|()| durable::write_whole(&file, bytes))
            .map_err(|error| write_failure(&file, &error))?;
        self.touch(parent);
        Ok(())
    }

    fn touch(&self, folder: &Path) {
        let mut touched = self.touched.lock().unwrap_or_else(PoisonError::into_inner);
        // A new folder is an entry of the one above it.
        for above in folder.ancestors() {
            if !touched.insert(above.to_owned()) || above == self.folder {
                break;
            }
        }
    }

    /// Makes all names durable that were given.
    fn settle(&self) -> Result<(), Failure> {
        let mut touched = self.touched.lock().unwrap_or_else(PoisonError::into_inner);
        for folder in std::mem::take(&mut *touched) {
            durable::sync_folder(&folder).map_err(|error| write_failure(&folder, &error))?;
        }
        Ok(())
    }
}

/// The first leaf below a tile or bundle.
fn first_of(path: TilePath) -> u64 {
    let below = match path.kind() {
        TileKind::Hashes(level) => u32::from(level).saturating_mul(8),
        TileKind::Entries => 0,
    };
    path.start().checked_shl(below).unwrap_or(u64::MAX)
}

fn remove(file: &Path) -> Result<(), Failure> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(write_failure(file, &error)),
        _ => Ok(()),
    }
}

fn write_failure(path: &Path, error: &io::Error) -> Failure {
    let (code, why) = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => (
            "mirror.disk_full",
            "磁盘已满，请腾出空间后再运行一次，会从断处接着下载".to_owned(),
        ),
        _ => (
            "mirror.write",
            format!("写不了（{error}），请检查权限和磁盘"),
        ),
    };
    Failure::unreachable(code, format!("{} {why}", path.display()))
}

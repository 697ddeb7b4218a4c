//! Files of evidence 〔凭证附件〕: kept by digest, whole, and without the traces of a camera.
//!
//! A delivery is shown by photographs, lists and invoices. The leaf names the digest of the
//! bytes that are kept here, so a file can neither be changed nor be mistaken for another.
//! What is kept is what is published: photographs lose place and owner before the digest is
//! taken ([`scrub`]). PDF and XLSX are kept as they come, with whatever their authors left
//! in them; the page that takes them says so.
//!
//! Everything here blocks on the disk: call it from a thread for blocking work.

pub mod picture;
pub mod scrub;
pub mod sniff;

use std::borrow::Cow;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

pub use sniff::MediaType;

use crate::disk::{self, Access, Place};
use crate::entropy::{self, Entropy, EntropyError};

/// Largest file in bytes: 20 MiB.
pub const SIZE_LIMIT: usize = 20 << 20;
/// Bytes that are hashed at a time when a file is checked.
const CHUNK: usize = 64 << 10;

/// 〔摘要〕 What a leaf says of a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Digest {
    /// SHA-256 of the kept bytes.
    pub sha256: [u8; 32],
    /// Length of the kept bytes; less than what was sent where something was scrubbed.
    pub len: u64,
    /// What the bytes are, found by looking at them.
    pub media_type: MediaType,
}

/// Why a file is not taken as evidence.
#[derive(Debug, thiserror::Error)]
pub enum EvidenceRefused {
    /// No byte in it.
    #[error("[evidence.empty] 文件是空的，请重新选择文件")]
    Empty,
    /// More than [`SIZE_LIMIT`].
    #[error("[evidence.too_large] 文件超过 20 MB，请压缩图片或拆分文件后再上传")]
    TooLarge,
    /// None of the types of [`MediaType`].
    #[error(
        "[evidence.unknown_type] 不支持这种文件，请上传 PDF、JPEG、PNG、WebP、XLSX、CSV 或 TXT"
    )]
    UnknownType,
    /// The bytes are of another type than was said.
    #[error(
        "[evidence.type_differs] 文件声明为 {said}，内容却是 {found}，请确认文件没有改错扩展名"
    )]
    TypeDiffers {
        /// What the sender said.
        said: MediaType,
        /// What the bytes are.
        found: MediaType,
    },
    /// A picture whose parts do not fit together.
    #[error("[evidence.broken_picture] 图片文件已损坏，请重新导出或重新拍照后上传")]
    BrokenPicture,
    /// No random bytes for the temporary name.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
    /// The disk.
    #[error("[evidence.disk] 附件写入磁盘失败，请联系系统管理员检查磁盘空间")]
    Disk(#[from] io::Error),
}

/// What became of a file when it was looked at again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Condition {
    /// There, and its digest is its name.
    Whole,
    /// There, but the bytes are others.
    Changed,
    /// Not there.
    Missing,
}

/// 〔附件库〕 A folder of files whose names are their digests.
#[derive(Clone, Debug)]
pub struct EvidenceStore {
    folder: PathBuf,
}

impl EvidenceStore {
    /// Opens the folder, making it where it is absent.
    ///
    /// # Errors
    /// The folder cannot be made.
    pub fn new(folder: &Path) -> io::Result<Self> {
        disk::make_folder(folder, Access::Group)?;
        Ok(EvidenceStore {
            folder: folder.to_path_buf(),
        })
    }

    /// Takes a file: judges its type, scrubs pictures, keeps it durably under its digest.
    ///
    /// `said` is the `Content-Type` that came with it; it must name one of our types, and
    /// the right one (`application/octet-stream` and an empty text leave it to the bytes).
    /// Taking the same file twice keeps it once and gives the same digest.
    ///
    /// # Errors
    /// See [`EvidenceRefused`]; nothing is kept then.
    pub fn put(
        &self,
        bytes: &[u8],
        said: &str,
        entropy: &dyn Entropy,
    ) -> Result<Digest, EvidenceRefused> {
        let (media_type, kept) = taken(bytes, said)?;
        let sha256: [u8; 32] = Sha256::digest(&kept).into();
        self.keep(&sha256, &kept, entropy)?;
        let len = u64::try_from(kept.len()).unwrap_or(u64::MAX);
        Ok(Digest {
            sha256,
            len,
            media_type,
        })
    }

    /// Opens a file for reading, `None` where there is none of that digest. The bytes are
    /// served as they stand; whoever doubts them asks [`EvidenceStore::verify`].
    ///
    /// # Errors
    /// The disk.
    pub fn open(&self, sha256: &[u8; 32]) -> io::Result<Option<File>> {
        match File::open(self.path(sha256)) {
            Ok(file) => Ok(Some(file)),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(e),
        }
    }

    /// Reads a whole file, at most [`SIZE_LIMIT`] bytes; `None` where there is none.
    ///
    /// # Errors
    /// The disk, or a file that has grown beyond the limit.
    pub fn read(&self, sha256: &[u8; 32]) -> io::Result<Option<Vec<u8>>> {
        let Some(file) = self.open(sha256)? else {
            return Ok(None);
        };
        let limit = u64::try_from(SIZE_LIMIT).unwrap_or(u64::MAX);
        let mut bytes = Vec::new();
        file.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
        if bytes.len() > SIZE_LIMIT {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        Ok(Some(bytes))
    }

    /// Hashes a kept file again.
    ///
    /// # Errors
    /// The disk.
    pub fn verify(&self, sha256: &[u8; 32]) -> io::Result<Condition> {
        let Some(mut file) = self.open(sha256)? else {
            return Ok(Condition::Missing);
        };
        let mut hash = Sha256::new();
        let mut chunk = vec![0; CHUNK];
        loop {
            match file.read(&mut chunk)? {
                0 => break,
                read => hash.update(&chunk[..read]),
            }
        }
        let same = hash.finalize().as_slice() == sha256;
        Ok(if same {
            Condition::Whole
        } else {
            Condition::Changed
        })
    }

    /// Writes the bytes under their name, or finds them there. A file that stands there with
    /// other bytes (a bad disk, a meddler) is put right: the name says what it must be.
    fn keep(
        &self,
        sha256: &[u8; 32],
        bytes: &[u8],
        entropy: &dyn Entropy,
    ) -> Result<(), EvidenceRefused> {
        match self.verify(sha256)? {
            // Whoever put it there may have died before the name was durable.
            Condition::Whole => return Ok(disk::sync_folder(&self.shelf(sha256))?),
            Condition::Changed => match fs::remove_file(self.path(sha256)) {
                // Somebody else is putting it right.
                Err(e) if e.kind() == io::ErrorKind::NotFound => {}
                removed => removed?,
            },
            Condition::Missing => disk::make_folder(&self.shelf(sha256), Access::Group)?,
        }
        let temporary = format!(".new-{}", hex::encode(entropy::draw::<8>(entropy)?));
        let place = Place {
            folder: &self.shelf(sha256),
            temporary: &temporary,
            name: &hex::encode(sha256),
            access: Access::Group,
        };
        match disk::write_new(&place, bytes) {
            // Somebody kept the same file meanwhile.
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            written => Ok(written?),
        }
    }

    /// The folder of a digest: 256 shelves keep each of them short.
    fn shelf(&self, sha256: &[u8; 32]) -> PathBuf {
        self.folder.join(hex::encode(&sha256[..1]))
    }

    fn path(&self, sha256: &[u8; 32]) -> PathBuf {
        self.shelf(sha256).join(hex::encode(sha256))
    }
}

/// What is kept of a file that was brought as `said`, and what it is; nothing is written.
///
/// # Errors
/// See [`EvidenceRefused`].
pub fn taken<'b>(
    bytes: &'b [u8],
    said: &str,
) -> Result<(MediaType, Cow<'b, [u8]>), EvidenceRefused> {
    if bytes.is_empty() {
        return Err(EvidenceRefused::Empty);
    }
    if bytes.len() > SIZE_LIMIT {
        return Err(EvidenceRefused::TooLarge);
    }
    let media_type = judge(bytes, said)?;
    let kept = scrub::scrub(bytes, media_type).ok_or(EvidenceRefused::BrokenPicture)?;
    Ok((media_type, kept))
}

fn judge(bytes: &[u8], said: &str) -> Result<MediaType, EvidenceRefused> {
    let said = sniff::said(said).ok_or(EvidenceRefused::UnknownType)?;
    let found = sniff::look(bytes, said).ok_or(EvidenceRefused::UnknownType)?;
    match said {
        Some(said) if said != found => Err(EvidenceRefused::TypeDiffers { said, found }),
        _ => Ok(found),
    }
}

//! The bytes of a file: where they lie, what they are, and their digest.

use crate::error::SheetError;
use crate::limits::{CHUNK_BYTES, Limits};
use flate2::read::MultiGzDecoder;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom};

/// Bytes in memory or on disk, read from the start as often as wanted.
#[derive(Debug)]
pub(crate) enum Raw {
    Bytes(Cursor<Vec<u8>>),
    Disk(File),
}

impl Raw {
    pub(crate) fn bytes(bytes: Vec<u8>) -> Raw {
        Raw::Bytes(Cursor::new(bytes))
    }

    /// From the start again.
    pub(crate) fn rewound(&mut self) -> Result<&mut Raw, SheetError> {
        self.seek(SeekFrom::Start(0)).map_err(io_error)?;
        Ok(self)
    }

    /// The first bytes, fewer when there are fewer.
    pub(crate) fn head(&mut self, count: usize) -> Result<Vec<u8>, SheetError> {
        head_of(self.rewound()?, count).map_err(io_error)
    }

    /// Number of bytes and SHA-256 of all of them, unless there are too many.
    pub(crate) fn measure(&mut self, limits: &Limits) -> Result<(u64, [u8; 32]), SheetError> {
        let mut hasher = Sha256::new();
        let mut total = 0_u64;
        each_chunk(self.rewound()?, |chunk| {
            total = total.saturating_add(chunk.len() as u64);
            hasher.update(chunk);
            if total > limits.raw_bytes {
                Err(SheetError::TooLarge(limits.raw_bytes))
            } else {
                Ok(())
            }
        })?;
        Ok((total, hasher.finalize().into()))
    }
}

impl Read for Raw {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Raw::Bytes(bytes) => bytes.read(buffer),
            Raw::Disk(file) => file.read(buffer),
        }
    }
}

impl Seek for Raw {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match self {
            Raw::Bytes(bytes) => bytes.seek(to),
            Raw::Disk(file) => file.seek(to),
        }
    }
}

/// SHA-256 of bytes.
#[must_use]
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// Hands every chunk of a stream to `take` until the end or its first refusal.
pub(crate) fn each_chunk(
    mut from: impl Read,
    mut take: impl FnMut(&[u8]) -> Result<(), SheetError>,
) -> Result<(), SheetError> {
    let mut buffer = vec![0; CHUNK_BYTES];
    loop {
        let count = from.read(&mut buffer).map_err(io_error)?;
        match buffer.get(..count) {
            None | Some([]) => return Ok(()),
            Some(chunk) => take(chunk)?,
        }
    }
}

/// The first bytes of a stream.
pub(crate) fn head_of(from: impl Read, count: usize) -> io::Result<Vec<u8>> {
    let mut head = Vec::with_capacity(count);
    from.take(count as u64).read_to_end(&mut head)?;
    Ok(head)
}

/// All bytes of a stream, unless there are too many.
pub(crate) fn all_of(from: impl Read, limit: u64) -> Result<Vec<u8>, SheetError> {
    let mut all = Vec::new();
    from.take(limit.saturating_add(1))
        .read_to_end(&mut all)
        .map_err(io_error)?;
    if all.len() as u64 > limit {
        Err(SheetError::UnzippedTooLarge(limit))
    } else {
        Ok(all)
    }
}

/// The plain bytes behind gzip, or the bytes themselves.
pub(crate) fn unzipped<'a>(raw: &'a mut Raw, gzip: bool) -> Box<dyn Read + 'a> {
    if gzip {
        Box::new(MultiGzDecoder::new(raw))
    } else {
        Box::new(raw)
    }
}

/// The system's words; a gzip stream reports its damage through the same door.
pub(crate) fn io_error(error: io::Error) -> SheetError {
    match error.kind() {
        io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => {
            SheetError::BrokenGzip
        }
        _ => SheetError::Io(error.to_string()),
    }
}

/// What the first bytes say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Looks {
    Text,
    Gzip,
    Zip,
}

/// Looks at the first bytes; everything that is known to be no table is refused by name.
pub(crate) fn looks(head: &[u8]) -> Result<Looks, SheetError> {
    const KNOWN: [(&[u8], &str); 11] = [
        (b"%PDF", "PDF 文件"),
        (b"\x89PNG", "图片"),
        (b"\xff\xd8\xff", "图片"),
        (b"GIF8", "图片"),
        (b"Rar!", "RAR 压缩文件"),
        (b"7z\xbc\xaf\x27\x1c", "7z 压缩文件"),
        (b"\xfd7zXZ\0", "xz 压缩文件"),
        (b"BZh", "bzip2 压缩文件"),
        (b"\x28\xb5\x2f\xfd", "zstd 压缩文件"),
        (b"{\\rtf", "文档"),
        (b"SQLite format 3", "数据库"),
    ];
    if head.is_empty() {
        return Err(SheetError::Empty);
    }
    if head.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        return Err(SheetError::OldExcel);
    }
    if let Some((_, what)) = KNOWN.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Err(SheetError::NotATable(what));
    }
    // Banks and offices name web pages ".xls".
    let start = String::from_utf8_lossy(head)
        .trim_start_matches('\u{feff}')
        .trim_start()
        .to_lowercase();
    if ["<html", "<!doctype", "<table", "<?xml"]
        .iter()
        .any(|tag| start.starts_with(tag))
    {
        return Err(SheetError::NotATable("网页或 XML 文件"));
    }
    Ok(match head {
        [0x1f, 0x8b, ..] => Looks::Gzip,
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Looks::Zip,
        _ => Looks::Text,
    })
}

//! Entry bundles: up to 256 entries in one file, each behind its length.
//!
//! Source: c2sp.org/tlog-tiles, "Log entries". Lengths are unsigned 16-bit, most significant
//! byte first.

use crate::limits::{ENTRY_BYTES_MAX, TILE_WIDTH};

/// Why a bundle was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BundleError {
    /// An entry is longer than its length can say.
    #[error("条目超过 65535 字节，请缩短内容或改为引用文件摘要")]
    EntryTooLong,
    /// The bytes end within an entry or its length.
    #[error("条目包不完整，请重新下载")]
    Truncated,
    /// There are more or fewer entries than the path says.
    #[error("条目包中的条目数与路径所示不符，请重新下载")]
    WrongCount,
}

impl BundleError {
    /// Stable code for machines.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            BundleError::EntryTooLong => "tlog.bundle.entry_too_long",
            BundleError::Truncated => "tlog.bundle.truncated",
            BundleError::WrongCount => "tlog.bundle.wrong_count",
        }
    }
}

/// Writes a bundle of 1 to 256 entries.
///
/// # Errors
/// [`BundleError`] if an entry is too long or there are none or too many.
pub fn encode_bundle<E: AsRef<[u8]>>(entries: &[E]) -> Result<Vec<u8>, BundleError> {
    if entries.is_empty() || entries.len() > usize::from(TILE_WIDTH) {
        return Err(BundleError::WrongCount);
    }
    let total: usize = entries.iter().map(|entry| entry.as_ref().len() + 2).sum();
    let mut bytes = Vec::with_capacity(total.min(crate::limits::BUNDLE_BYTES_MAX));
    for entry in entries {
        let entry = entry.as_ref();
        let len = u16::try_from(entry.len()).map_err(|_| BundleError::EntryTooLong)?;
        debug_assert!(entry.len() <= ENTRY_BYTES_MAX);
        bytes.extend_from_slice(&len.to_be_bytes());
        bytes.extend_from_slice(entry);
    }
    Ok(bytes)
}

/// Reads a bundle that must hold exactly `width` entries and nothing after them.
///
/// # Errors
/// [`BundleError`] for anything else.
pub fn decode_bundle(bytes: &[u8], width: u16) -> Result<Vec<&[u8]>, BundleError> {
    if !(1..=TILE_WIDTH).contains(&width) {
        return Err(BundleError::WrongCount);
    }
    let mut entries = Vec::with_capacity(usize::from(width));
    let mut rest = bytes;
    for _ in 0..width {
        if rest.is_empty() {
            return Err(BundleError::WrongCount);
        }
        let (len, tail) = rest
            .split_first_chunk::<2>()
            .ok_or(BundleError::Truncated)?;
        let len = usize::from(u16::from_be_bytes(*len));
        let (entry, tail) = tail.split_at_checked(len).ok_or(BundleError::Truncated)?;
        entries.push(entry);
        rest = tail;
    }
    if rest.is_empty() {
        Ok(entries)
    } else {
        Err(BundleError::WrongCount)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bundle_holds_exactly_what_its_path_says() {
        let check = |bytes: &[u8], width, want: Result<&[&[u8]], BundleError>| {
            assert_eq!(
                decode_bundle(bytes, width).as_deref(),
                want.as_ref().copied()
            );
        };
        check(b"\0\x02ab\0\0\0\x01c", 3, Ok(&[b"ab", b"", b"c"]));
        check(b"\0\x02ab\0\0\0\x01c", 2, Err(BundleError::WrongCount));
        check(b"\0\x02ab\0\0\0\x01c", 4, Err(BundleError::WrongCount));
        check(b"\0\x02a", 1, Err(BundleError::Truncated));
        check(b"\0", 1, Err(BundleError::Truncated));
        check(b"", 1, Err(BundleError::WrongCount));
        check(b"", 0, Err(BundleError::WrongCount));
        check(&[0; 514], 257, Err(BundleError::WrongCount));
    }

    #[test]
    fn only_what_can_be_read_is_written() {
        let check = |entries: &[Vec<u8>], want: Result<usize, BundleError>| {
            assert_eq!(encode_bundle(entries).map(|bytes| bytes.len()), want);
        };
        check(&[], Err(BundleError::WrongCount));
        check(&vec![vec![]; 256], Ok(512));
        check(&vec![vec![]; 257], Err(BundleError::WrongCount));
        check(&[vec![0; 65_535]], Ok(65_537));
        check(&[vec![0; 65_536]], Err(BundleError::EntryTooLong));
    }
}

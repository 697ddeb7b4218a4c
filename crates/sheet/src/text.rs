//! Bytes into text: UTF-8 with or without mark, GB18030, UTF-16 with mark.
//!
//! Nothing is replaced: a byte that is no text stops the reading with its place.

use crate::error::SheetError;
use crate::limits::{CHUNK_BYTES, UTF8_PROOF_CHARS};
use crate::raw::io_error;
use encoding_rs::{Decoder, DecoderResult, GB18030, UTF_8, UTF_16BE, UTF_16LE};
use std::io::Read;

/// 〔编码〕 How a text file writes its characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without a mark at its head.
    Utf8,
    /// GB18030, which contains GBK and GB2312.
    Gb18030,
    /// UTF-16, little end first; only with its mark.
    Utf16Le,
    /// UTF-16, big end first; only with its mark.
    Utf16Be,
}

impl Encoding {
    /// The name for people.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Gb18030 => "GB18030",
            Self::Utf16Le => "UTF-16LE",
            Self::Utf16Be => "UTF-16BE",
        }
    }

    fn decoder(self) -> Decoder {
        let encoding = match self {
            Self::Utf8 => UTF_8,
            Self::Gb18030 => GB18030,
            Self::Utf16Le => UTF_16LE,
            Self::Utf16Be => UTF_16BE,
        };
        encoding.new_decoder_with_bom_removal()
    }

    /// What a mark at the head says.
    pub(crate) fn by_mark(head: &[u8]) -> Option<Encoding> {
        match head {
            [0xef, 0xbb, 0xbf, ..] => Some(Encoding::Utf8),
            [0xff, 0xfe, ..] => Some(Encoding::Utf16Le),
            [0xfe, 0xff, ..] => Some(Encoding::Utf16Be),
            _ => None,
        }
    }
}

/// A stream of UTF-8 made from a stream of bytes.
pub(crate) struct Decoded<R> {
    from: R,
    decoder: Decoder,
    input: Vec<u8>,
    /// The part of `input` that is still to be decoded.
    rest: std::ops::Range<usize>,
    ended: bool,
    finished: bool,
    offset: u64,
    line: u64,
    limit: u64,
}

impl<R: Read> Decoded<R> {
    /// At most `limit` bytes are read from the stream.
    pub(crate) fn new(from: R, encoding: Encoding, limit: u64) -> Self {
        Decoded {
            from,
            decoder: encoding.decoder(),
            input: vec![0; CHUNK_BYTES],
            rest: 0..0,
            ended: false,
            finished: false,
            offset: 0,
            line: 1,
            limit,
        }
    }

    /// Fills `out` with the next text; empty at the end.
    pub(crate) fn next_text(&mut self, out: &mut String) -> Result<(), SheetError> {
        out.clear();
        // A chunk of any of our encodings grows to at most three times its bytes.
        out.reserve(CHUNK_BYTES * 3 + 16);
        while out.is_empty() && !self.finished {
            if self.rest.is_empty() && !self.ended {
                let count = self.from.read(&mut self.input).map_err(io_error)?;
                self.rest = 0..count;
                self.ended = count == 0;
            }
            let chunk = self.input.get(self.rest.clone()).unwrap_or_default();
            let (result, read) = self
                .decoder
                .decode_to_string_without_replacement(chunk, out, self.ended);
            let done = chunk.get(..read).unwrap_or_default();
            if let DecoderResult::Malformed(wrong, beyond) = result {
                let back = usize::from(wrong) + usize::from(beyond);
                return Err(self.malformed(done.len(), back, done));
            }
            self.line += done.iter().filter(|b| **b == b'\n').count() as u64;
            self.offset += read as u64;
            self.rest.start += read;
            if self.offset > self.limit {
                return Err(SheetError::UnzippedTooLarge(self.limit));
            }
            if result == DecoderResult::InputEmpty && self.ended {
                self.finished = true;
            }
        }
        Ok(())
    }

    /// The place of the first wrong byte: `back` bytes before the end of what was read.
    fn malformed(&self, read: usize, back: usize, done: &[u8]) -> SheetError {
        let good = done.get(..read.saturating_sub(back)).unwrap_or_default();
        let lines = good.iter().filter(|b| **b == b'\n').count() as u64;
        let offset = (self.offset + read as u64).saturating_sub(back as u64);
        SheetError::Encoding {
            line: self.line + lines,
            offset,
        }
    }
}

/// Reads a whole stream and finds its encoding: the mark decides, else UTF-8 if all of it
/// is UTF-8, else GB18030 if all of it is GB18030. `open` starts the stream anew.
pub(crate) fn detect<R: Read>(
    head: &[u8],
    limit: u64,
    mut open: impl FnMut() -> Result<R, SheetError>,
) -> Result<Encoding, SheetError> {
    let marked = Encoding::by_mark(head);
    let first = marked.unwrap_or(Encoding::Utf8);
    let (checked, wide) = check(open()?, first, limit);
    let utf8_error = match checked {
        Ok(()) => return Ok(first),
        // A damaged UTF-8 file would often pass as GB18030 full of nonsense. Bytes of
        // GB18030 practically never begin with several three-byte characters of UTF-8.
        Err(error @ SheetError::Encoding { .. }) if marked.is_none() && wide < UTF8_PROOF_CHARS => {
            error
        }
        Err(error) => return Err(error),
    };
    match check(open()?, Encoding::Gb18030, limit).0 {
        Ok(()) => Ok(Encoding::Gb18030),
        // The reading that came further is the likelier one, so its place is told.
        Err(SheetError::Encoding { line, offset }) => Err(match utf8_error {
            SheetError::Encoding { offset: utf8, .. } if utf8 > offset => utf8_error,
            _ => SheetError::Encoding { line, offset },
        }),
        Err(error) => Err(error),
    }
}

/// Decodes everything and keeps nothing but the number of characters that take three
/// bytes or more in UTF-8. Binary files show by their zero bytes.
fn check(from: impl Read, encoding: Encoding, limit: u64) -> (Result<(), SheetError>, usize) {
    let mut decoded = Decoded::new(from, encoding, limit);
    let mut text = String::new();
    let mut wide = 0;
    loop {
        let result = decoded.next_text(&mut text);
        if wide < UTF8_PROOF_CHARS {
            wide += text.chars().filter(|c| *c >= '\u{800}').count();
        }
        match result {
            Err(error) => return (Err(error), wide),
            Ok(()) if text.is_empty() => return (Ok(()), wide),
            Ok(()) if text.contains('\0') => {
                return (Err(SheetError::NotATable("二进制文件")), wide);
            }
            Ok(()) => {}
        }
    }
}

/// UTF-8 text as GB18030 bytes, which can write every character.
#[cfg(test)]
pub(crate) fn gb18030(text: &str) -> Vec<u8> {
    GB18030.encode(text).0.into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_detect(bytes: &[u8], want: Result<Encoding, SheetError>) {
        assert_eq!(detect(bytes, 1 << 20, || Ok(bytes)), want);
    }

    #[test]
    fn encodings_are_told_apart() {
        check_detect("姓名,金额\n张*,50\n".as_bytes(), Ok(Encoding::Utf8));
        check_detect("\u{feff}姓名".as_bytes(), Ok(Encoding::Utf8));
        check_detect(&gb18030("姓名,金额\n张*,50\n𠮷野\n"), Ok(Encoding::Gb18030));
        check_detect(b"\xff\xfea\0,\0", Ok(Encoding::Utf16Le));
        check_detect(b"\xfe\xff\0a\0,", Ok(Encoding::Utf16Be));
    }

    #[test]
    fn wrong_bytes_are_named_and_never_replaced() {
        let mut bytes = gb18030("姓名\n张三\n");
        let offset = bytes.len() as u64;
        bytes.extend_from_slice(b"\xff\xff\n");
        check_detect(&bytes, Err(SheetError::Encoding { line: 3, offset }));
        // With the mark of UTF-8 nothing else is tried.
        check_detect(
            b"\xef\xbb\xbfab\n\xff",
            Err(SheetError::Encoding { line: 2, offset: 6 }),
        );
        // A character cut off at the end.
        check_detect(
            b"ab\n\xe5",
            Err(SheetError::Encoding { line: 2, offset: 3 }),
        );
        check_detect(b"ab\0cd", Err(SheetError::NotATable("二进制文件")));
    }

    #[test]
    fn damaged_utf8_is_not_taken_for_gb18030() {
        let mut bytes = "姓名,金额\n张三,50\n".as_bytes().to_vec();
        let offset = bytes.len() as u64;
        bytes.extend_from_slice(b"\xe5\xbc,9\n");
        assert_eq!(
            check(&bytes[..], Encoding::Gb18030, 1000).0,
            Ok(()),
            "would pass"
        );
        check_detect(&bytes, Err(SheetError::Encoding { line: 3, offset }));
    }

    #[test]
    fn places_are_right_beyond_the_first_chunk() {
        let mut bytes = b"0123456789\n".repeat(20_000);
        let offset = bytes.len() as u64;
        bytes.push(0xff);
        check_detect(
            &bytes,
            Err(SheetError::Encoding {
                line: 20_001,
                offset,
            }),
        );
        assert_eq!(
            detect(&bytes, 100_000, || Ok(&bytes[..])),
            Err(SheetError::UnzippedTooLarge(100_000))
        );
    }
}

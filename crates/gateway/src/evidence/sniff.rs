//! What a file is, by its bytes and not by its name.

use std::fmt;

/// 〔文件类型〕 The types that are taken as evidence.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum MediaType {
    /// Portable Document Format.
    Pdf,
    /// JPEG picture.
    Jpeg,
    /// PNG picture.
    Png,
    /// WebP picture.
    WebP,
    /// Workbook of Excel 2007 and later.
    Xlsx,
    /// Table with commas, in any encoding that holds no NUL.
    Csv,
    /// Plain text, likewise.
    Text,
}

impl MediaType {
    /// All of them.
    pub const ALL: [MediaType; 7] = [
        MediaType::Pdf,
        MediaType::Jpeg,
        MediaType::Png,
        MediaType::WebP,
        MediaType::Xlsx,
        MediaType::Csv,
        MediaType::Text,
    ];

    /// The registered name (IANA), as it is served.
    #[must_use]
    pub const fn mime(self) -> &'static str {
        match self {
            MediaType::Pdf => "application/pdf",
            MediaType::Jpeg => "image/jpeg",
            MediaType::Png => "image/png",
            MediaType::WebP => "image/webp",
            MediaType::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            MediaType::Csv => "text/csv",
            MediaType::Text => "text/plain",
        }
    }

    /// Reads [`MediaType::mime`]; parameters (`; charset=…`) and case are passed over.
    #[must_use]
    pub fn from_mime(text: &str) -> Option<Self> {
        let name = text.split(';').next().unwrap_or_default().trim();
        // Windows machines with Excel call a CSV file by Excel's old name.
        if name.eq_ignore_ascii_case("application/vnd.ms-excel") {
            return Some(MediaType::Csv);
        }
        Self::ALL
            .into_iter()
            .find(|media| media.mime().eq_ignore_ascii_case(name))
    }

    /// The usual ending of a file name, without the dot.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            MediaType::Pdf => "pdf",
            MediaType::Jpeg => "jpg",
            MediaType::Png => "png",
            MediaType::WebP => "webp",
            MediaType::Xlsx => "xlsx",
            MediaType::Csv => "csv",
            MediaType::Text => "txt",
        }
    }
}

impl fmt::Display for MediaType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.mime())
    }
}

/// What a sender's `Content-Type` claims: `Some(None)` claims nothing, `None` claims what we
/// do not take.
pub(super) fn said(text: &str) -> Option<Option<MediaType>> {
    if text.is_empty() || text == "application/octet-stream" {
        return Some(None);
    }
    MediaType::from_mime(text).map(Some)
}

/// What the bytes are. Text and tables cannot be told apart by their bytes, so for text the
/// sender's word counts, and without it plain text is taken, which promises least.
pub(super) fn look(bytes: &[u8], said: Option<MediaType>) -> Option<MediaType> {
    let starts = |magic: &[u8]| bytes.starts_with(magic);
    if starts(b"%PDF-") {
        Some(MediaType::Pdf)
    } else if starts(&[0xff, 0xd8, 0xff]) {
        Some(MediaType::Jpeg)
    } else if starts(b"\x89PNG\r\n\x1a\n") {
        Some(MediaType::Png)
    } else if starts(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        Some(MediaType::WebP)
    } else if starts(b"PK\x03\x04") {
        is_workbook(bytes).then_some(MediaType::Xlsx)
    } else if bytes.iter().all(|&b| is_text(b)) {
        Some(if said == Some(MediaType::Csv) {
            MediaType::Csv
        } else {
            MediaType::Text
        })
    } else {
        None
    }
}

/// Blanks, line ends and everything printable; the upper half for UTF-8 and GB 18030.
const fn is_text(byte: u8) -> bool {
    matches!(byte, b'\t' | b'\n' | 0x0c | b'\r' | b' '..=b'~' | 0x80..)
}

/// Whether a ZIP names the two parts that every workbook has (ECMA-376). The names stand in
/// clear at the end of the file, in the list of contents.
fn is_workbook(bytes: &[u8]) -> bool {
    let names = |name: &[u8]| bytes.windows(name.len()).any(|window| window == name);
    names(b"[Content_Types].xml") && names(b"xl/workbook.xml")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], mime: &str, expected: Option<MediaType>) {
        let found = said(mime).and_then(|said| look(bytes, said));
        assert_eq!(found, expected, "{mime} {bytes:?}");
    }

    #[test]
    fn bytes_say_what_they_are() {
        check(b"%PDF-1.7\n", "", Some(MediaType::Pdf));
        check(
            &[0xff, 0xd8, 0xff, 0xe0],
            "image/jpeg",
            Some(MediaType::Jpeg),
        );
        check(b"RIFF\0\0\0\0WEBPVP8 ", "", Some(MediaType::WebP));
        check(b"RIFF\0\0\0\0WAVE", "", None);
        check(
            b"PK\x03\x04 [Content_Types].xml xl/workbook.xml",
            "",
            Some(MediaType::Xlsx),
        );
        check(
            b"PK\x03\x04 [Content_Types].xml word/document.xml",
            "",
            None,
        );
        check(
            "姓名,金额\r\n张三,50\r\n".as_bytes(),
            "text/csv; charset=gbk",
            Some(MediaType::Csv),
        );
        check(
            "姓名,金额".as_bytes(),
            "application/octet-stream",
            Some(MediaType::Text),
        );
        check(b"MZ\x90\0", "", None);
        check(b"\x7fELF", "text/plain", None);
        check(b"<svg/>", "image/svg+xml", None);
        check(b"<html>", "text/html", None);
    }

    #[test]
    fn every_type_has_a_name_that_reads_back() {
        for media in MediaType::ALL {
            assert_eq!(
                MediaType::from_mime(&media.mime().to_uppercase()),
                Some(media)
            );
            assert!(!media.extension().is_empty());
        }
    }
}

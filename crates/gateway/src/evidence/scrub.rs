//! Pictures without the traces of a camera: where it stood, whose it was, when it was used.
//!
//! Only what is needed to show the picture is copied (a list of what stays, not of what
//! goes): size, colours, pixels, and which way is up. Exif, XMP, IPTC, comments, thumbnails,
//! maker's notes and whatever follows the end of the picture stay behind. The pixels
//! themselves are not touched. Scrubbing twice gives the same bytes as scrubbing once.

use std::borrow::Cow;

use super::sniff::MediaType;

/// The bytes to keep; `None` where a picture's parts do not fit together.
#[must_use]
pub fn scrub(bytes: &[u8], media_type: MediaType) -> Option<Cow<'_, [u8]>> {
    match media_type {
        MediaType::Jpeg => jpeg(bytes).map(Cow::Owned),
        MediaType::Png => png(bytes).map(Cow::Owned),
        MediaType::WebP => webp(bytes).map(Cow::Owned),
        MediaType::Pdf | MediaType::Xlsx | MediaType::Csv | MediaType::Text => {
            Some(Cow::Borrowed(bytes))
        }
    }
}

/// A marker of JPEG (ITU T.81, table B.1).
mod marker {
    pub(super) const TEM: u8 = 0x01;
    pub(super) const RST0: u8 = 0xd0;
    pub(super) const RST7: u8 = 0xd7;
    pub(super) const SOI: u8 = 0xd8;
    pub(super) const EOI: u8 = 0xd9;
    pub(super) const SOS: u8 = 0xda;
    pub(super) const APP0: u8 = 0xe0;
    pub(super) const APP1: u8 = 0xe1;
    pub(super) const APP2: u8 = 0xe2;
    pub(super) const APP14: u8 = 0xee;
    pub(super) const APP15: u8 = 0xef;
    pub(super) const COM: u8 = 0xfe;
}

fn jpeg(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut rest = bytes.strip_prefix(&[0xff, marker::SOI])?;
    let mut kept = Vec::with_capacity(bytes.len());
    kept.extend_from_slice(&[0xff, marker::SOI]);
    if let Some(turn) = jpeg_orientation(rest) {
        write_orientation(&mut kept, turn);
    }
    let mut scanned = false;
    loop {
        let (code, after) = next_marker(rest)?;
        match code {
            marker::EOI => {
                kept.extend_from_slice(&[0xff, marker::EOI]);
                return scanned.then_some(kept);
            }
            0 | marker::TEM | marker::RST0..=marker::SOI => return None,
            _ => {}
        }
        let (segment, after) = take_segment(after)?;
        if stays(code, segment) {
            kept.extend_from_slice(&[0xff, code]);
            kept.extend_from_slice(segment);
        }
        rest = after;
        if code == marker::SOS {
            let (pixels, after) = rest.split_at_checked(scan_length(rest)?)?;
            kept.extend_from_slice(pixels);
            rest = after;
            scanned = true;
        }
    }
}

/// A marker's code and what follows; any number of fill bytes may stand before it.
fn next_marker(bytes: &[u8]) -> Option<(u8, &[u8])> {
    let fills = bytes.iter().take_while(|&&b| b == 0xff).count();
    let (&code, after) = bytes.get(fills..)?.split_first()?;
    (fills > 0).then_some((code, after))
}

/// A segment with its two bytes of length, and what follows.
fn take_segment(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let length = usize::from(u16::from_be_bytes(*bytes.first_chunk()?));
    if length < 2 {
        None
    } else {
        bytes.split_at_checked(length)
    }
}

/// Whether a segment is needed to show the picture.
fn stays(code: u8, segment: &[u8]) -> bool {
    let body = segment.get(2..).unwrap_or_default();
    match code {
        // JFIF's own thumbnail would be a second picture, perhaps of something cut away.
        marker::APP0 => body.starts_with(b"JFIF\0") && body.get(12..) == Some(&[0, 0]),
        marker::APP2 => body.starts_with(b"ICC_PROFILE\0"),
        marker::APP14 => body.starts_with(b"Adobe"),
        marker::APP0..=marker::APP15 | marker::COM => false,
        _ => true,
    }
}

/// Bytes until the next marker that ends a scan: `FF 00` is a pixel, restarts belong to it.
fn scan_length(bytes: &[u8]) -> Option<usize> {
    bytes.windows(2).position(|pair| {
        matches!(pair, [0xff, code]
            if !matches!(code, 0 | 0xff | marker::RST0..=marker::RST7))
    })
}

/// Which way is up, 2..=8, from the Exif segment; `None` where it is up already (1).
fn jpeg_orientation(bytes: &[u8]) -> Option<u8> {
    let mut rest = bytes;
    loop {
        let (code, after) = next_marker(rest)?;
        if matches!(code, marker::SOS | marker::EOI) {
            return None;
        }
        let (segment, after) = take_segment(after)?;
        if code == marker::APP1
            && let Some(tiff) = segment.get(2..)?.strip_prefix(b"Exif\0\0")
        {
            return tiff_orientation(tiff);
        }
        rest = after;
    }
}

/// Tag 0x0112 of the first directory of a TIFF header (Exif 2.3, 4.5.2).
fn tiff_orientation(tiff: &[u8]) -> Option<u8> {
    let little = match tiff.first_chunk::<4>()? {
        b"II*\0" => true,
        b"MM\0*" => false,
        _ => return None,
    };
    let two = |at: usize| {
        let pair = *tiff.get(at..)?.first_chunk::<2>()?;
        Some(if little {
            u16::from_le_bytes(pair)
        } else {
            u16::from_be_bytes(pair)
        })
    };
    let four = |at: usize| {
        let quad = *tiff.get(at..)?.first_chunk::<4>()?;
        Some(if little {
            u32::from_le_bytes(quad)
        } else {
            u32::from_be_bytes(quad)
        })
    };
    let start = usize::try_from(four(4)?).ok()?;
    for entry in 0..usize::from(two(start)?) {
        let at = start.checked_add(2)?.checked_add(entry.checked_mul(12)?)?;
        // A short (3), one of them.
        if two(at)? == 0x0112 && two(at + 2)? == 3 && four(at + 4)? == 1 {
            return u8::try_from(two(at + 8)?)
                .ok()
                .filter(|turn| (2..=8).contains(turn));
        }
    }
    None
}

/// An Exif segment that says nothing but which way is up.
fn write_orientation(kept: &mut Vec<u8>, turn: u8) {
    kept.extend_from_slice(&[0xff, marker::APP1, 0, 34]);
    kept.extend_from_slice(b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0");
    kept.extend_from_slice(&[turn, 0, 0, 0, 0, 0, 0]);
}

/// Chunks of PNG that are needed to show the picture (W3C PNG, third edition, 11).
const PNG_CHUNKS: [&[u8; 4]; 18] = [
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB",
    b"cICP", b"mDCV", b"cLLI", b"bKGD", b"pHYs", b"acTL", b"fcTL", b"fdAT",
];
/// Length, name and check sum of a chunk.
const PNG_FRAME: usize = 12;

fn png(bytes: &[u8]) -> Option<Vec<u8>> {
    let (head, mut rest) = bytes.split_at_checked(8)?;
    let mut kept = Vec::with_capacity(bytes.len());
    kept.extend_from_slice(head);
    loop {
        let length = usize::try_from(u32::from_be_bytes(*rest.first_chunk()?)).ok()?;
        let (chunk, after) = rest.split_at_checked(length.checked_add(PNG_FRAME)?)?;
        let name = chunk.get(4..8)?;
        // The first chunk is the header, and only the first.
        if (kept.len() == head.len()) != (name == b"IHDR") {
            return None;
        }
        if PNG_CHUNKS.iter().any(|known| name == known.as_slice()) {
            kept.extend_from_slice(chunk);
        } else if name[0].is_ascii_uppercase() {
            // A chunk that is critical and unknown: nobody can show this picture.
            return None;
        }
        if name == b"IEND" {
            return Some(kept);
        }
        rest = after;
    }
}

/// Chunks of WebP that are needed to show the picture (RFC 9649, 2).
const WEBP_CHUNKS: [&[u8; 4]; 7] = [
    b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP",
];
/// In the first byte of VP8X: Exif and XMP follow.
const WEBP_TRACES: u8 = 0b0000_1100;

fn webp(bytes: &[u8]) -> Option<Vec<u8>> {
    let length = usize::try_from(u32::from_le_bytes(*bytes.get(4..)?.first_chunk()?)).ok()?;
    let mut rest = bytes.get(12..length.checked_add(8)?)?;
    let mut kept = Vec::with_capacity(bytes.len());
    kept.extend_from_slice(b"RIFF\0\0\0\0WEBP");
    let mut shown = false;
    while !rest.is_empty() {
        let name = rest.get(..4)?;
        let length = usize::try_from(u32::from_le_bytes(*rest.get(4..)?.first_chunk()?)).ok()?;
        // Chunks are padded to an even length.
        let whole = length.checked_add(length % 2)?.checked_add(8)?;
        let (chunk, after) = rest.split_at_checked(whole)?;
        if WEBP_CHUNKS.iter().any(|known| name == known.as_slice()) {
            let start = kept.len();
            kept.extend_from_slice(chunk);
            if name == b"VP8X" {
                *kept.get_mut(start.checked_add(8)?)? &= !WEBP_TRACES;
            }
            shown |= matches!(name, b"VP8 " | b"VP8L" | b"ANMF");
        }
        rest = after;
    }
    let length = u32::try_from(kept.len().checked_sub(8)?).ok()?;
    kept.get_mut(4..8)?.copy_from_slice(&length.to_le_bytes());
    shown.then_some(kept)
}

#[cfg(test)]
#[path = "scrub_tests.rs"]
mod tests;

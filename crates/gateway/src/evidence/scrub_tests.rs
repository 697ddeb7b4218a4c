//! Pictures before and after: what goes, what stays, and broken ones.

use super::*;
use proptest::prelude::*;

fn segment(code: u8, body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(body.len() + 2).unwrap().to_be_bytes();
    [&[0xff, code], length.as_slice(), body].concat()
}

/// An Exif segment of a phone: orientation 6 and the place, in either byte order.
fn exif(little: bool) -> Vec<u8> {
    let two = |n: u16| {
        if little {
            n.to_le_bytes()
        } else {
            n.to_be_bytes()
        }
    };
    let four = |n: u32| {
        if little {
            n.to_le_bytes()
        } else {
            n.to_be_bytes()
        }
    };
    let order: &[u8] = if little { b"II" } else { b"MM" };
    let entry =
        |tag, kind, value: [u8; 4]| [two(tag).as_slice(), &two(kind), &four(1), &value].concat();
    let turn: [u8; 4] = [two(6), [0, 0]].concat().try_into().unwrap();
    let tiff = [
        order,
        &two(42),
        &four(8),
        &two(2),
        &entry(0x0112, 3, turn),
        &entry(0x8825, 4, four(38)),
        &four(0),
        b"GPS 30.5N 114.3E",
    ]
    .concat();
    segment(marker::APP1, &[b"Exif\0\0", tiff.as_slice()].concat())
}

const JFIF: &[u8] = b"JFIF\0\x01\x02\0\0\x01\0\x01\0\0";
const PIXELS: &[u8] = &[
    0x12, 0xff, 0x00, 0x34, 0xff, 0xd3, 0x56, 0xff, 0xff, 0xd0, 0x78,
];

/// A JPEG in two scans with `extra` segments behind JFIF and `tail` behind its end.
fn picture(extra: &[u8], tail: &[u8]) -> Vec<u8> {
    [
        &[0xff, marker::SOI],
        segment(marker::APP0, JFIF).as_slice(),
        extra,
        &segment(0xdb, &[7; 65]),
        &segment(marker::APP2, b"ICC_PROFILE\0\x01\x01profile"),
        &segment(marker::APP14, b"Adobe\0\x64\0\0\0\0\x01"),
        &segment(marker::SOS, &[3, 1, 0, 2, 0x11, 3, 0x11, 0, 0x3f, 0]),
        PIXELS,
        &segment(0xc4, &[9; 20]),
        &segment(marker::SOS, &[1, 1, 0, 1, 5, 1]),
        PIXELS,
        &[0xff, marker::EOI],
        tail,
    ]
    .concat()
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[test]
fn a_clean_photograph_stays_as_it_is() {
    let clean = picture(&[], &[]);
    assert_eq!(jpeg(&clean), Some(clean));
}

#[test]
fn a_photograph_loses_its_place_and_keeps_which_way_is_up() {
    for little in [true, false] {
        let extra = [
            exif(little),
            segment(marker::APP1, b"http://ns.adobe.com/xap/1.0/\0<x>owner</x>"),
            segment(0xed, b"Photoshop 3.0\0owner"),
            segment(marker::APP2, b"MPF\0owner"),
            segment(marker::COM, b"owner"),
        ]
        .concat();
        let kept = jpeg(&picture(&extra, b"\0\0ftypmp42 GPS owner")).unwrap();
        assert!(!holds(&kept, b"GPS") && !holds(&kept, b"owner"));
        assert_eq!(jpeg_orientation(&kept[2..]), Some(6));
        assert_eq!(kept.len(), picture(&[], &[]).len() + 36);
        assert_eq!(
            jpeg(&kept).as_ref(),
            Some(&kept),
            "scrubbing twice is scrubbing once"
        );
    }
}

#[test]
fn a_thumbnail_in_jfif_goes() {
    let body = [&JFIF[..12], &[1, 1, 9, 9, 9]].concat();
    let with = [
        &[0xff, marker::SOI],
        segment(marker::APP0, &body).as_slice(),
    ]
    .concat();
    let rest = &picture(&[], &[])[2 + 4 + JFIF.len()..];
    let kept = jpeg(&[with.as_slice(), rest].concat()).unwrap();
    assert_eq!(kept, [&[0xff, marker::SOI], rest].concat());
}

#[test]
fn a_photograph_that_is_cut_short_is_broken() {
    let whole = picture(&exif(true), &[]);
    for end in 0..whole.len() {
        assert_eq!(jpeg(&whole[..end]), None, "cut at {end}");
    }
    assert_eq!(
        jpeg(&[0xff, marker::SOI, 0xff, marker::EOI]),
        None,
        "no pixels"
    );
}

const PNG_HEAD: &[u8] = b"\x89PNG\r\n\x1a\n";

fn chunk(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len()).unwrap().to_be_bytes();
    [length.as_slice(), name, body, b"sum!"].concat()
}

fn png_of(extra: &[u8], tail: &[u8]) -> Vec<u8> {
    let (head, pixels) = (chunk(b"IHDR", &[0; 13]), chunk(b"IDAT", &[5; 30]));
    let end = chunk(b"IEND", &[]);
    [
        PNG_HEAD,
        &head,
        &chunk(b"pHYs", &[1; 9]),
        extra,
        &pixels,
        &end,
        tail,
    ]
    .concat()
}

#[test]
fn a_png_loses_its_texts() {
    let extra = [
        chunk(b"tEXt", b"Author\0owner"),
        chunk(b"iTXt", b"XML:com.adobe.xmp owner"),
        chunk(b"zTXt", b"owner"),
        chunk(b"eXIf", b"MM\0*owner"),
        chunk(b"tIME", b"owner!!"),
        chunk(b"prVt", b"owner"),
    ]
    .concat();
    assert_eq!(png(&png_of(&extra, b"owner")), Some(png_of(&[], &[])));
}

#[test]
fn a_png_that_does_not_fit_together_is_broken() {
    let whole = png_of(&[], &[]);
    for end in 0..whole.len() {
        assert_eq!(png(&whole[..end]), None, "cut at {end}");
    }
    assert_eq!(
        png(&png_of(&chunk(b"NEWC", b"critical and unknown"), &[])),
        None
    );
    assert_eq!(
        png(&png_of(&chunk(b"IHDR", &[0; 13]), &[])),
        None,
        "two headers"
    );
    assert_eq!(
        png(&[PNG_HEAD, &chunk(b"IEND", &[])].concat()),
        None,
        "no header"
    );
}

fn riff(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len()).unwrap().to_le_bytes();
    [name.as_slice(), &length, body, &vec![0; body.len() % 2]].concat()
}

fn webp_of(flags: u8, extra: &[u8], tail: &[u8]) -> Vec<u8> {
    let body = [
        b"WEBP",
        riff(b"VP8X", &[flags, 0, 0, 0, 1, 0, 0, 1, 0, 0]).as_slice(),
        &riff(b"VP8 ", &[5; 7]),
        extra,
    ]
    .concat();
    let length = u32::try_from(body.len()).unwrap().to_le_bytes();
    [b"RIFF", length.as_slice(), &body, tail].concat()
}

#[test]
fn a_webp_loses_exif_and_xmp_and_says_so() {
    let extra = [riff(b"EXIF", b"GPS owner"), riff(b"XMP ", b"owner")].concat();
    let full = webp_of(0b0001_1100, &extra, b"owner");
    assert_eq!(webp(&full), Some(webp_of(0b0001_0000, &[], &[])));
}

#[test]
fn a_webp_that_is_cut_short_is_broken() {
    let whole = webp_of(0, &[], &[]);
    for end in 0..whole.len() {
        assert_eq!(webp(&whole[..end]), None, "cut at {end}");
    }
}

proptest! {
    #[test]
    fn any_bytes_are_scrubbed_once_and_for_all(
        bytes in prop::collection::vec(any::<u8>(), 0..300),
        place in any::<prop::sample::Index>(), change in any::<u8>(),
    ) {
        let pictures = [
            (MediaType::Jpeg, picture(&exif(true), &bytes)),
            (MediaType::Png, png_of(&chunk(b"tEXt", &bytes), &bytes)),
            (MediaType::WebP, webp_of(0xff, &riff(b"EXIF", &bytes), &bytes)),
        ];
        for (media, mut bytes) in pictures {
            let place = place.index(bytes.len());
            bytes[place] = change;
            if let Some(once) = scrub(&bytes, media) {
                let twice = scrub(&once, media);
                prop_assert_eq!(twice.as_deref(), Some(once.as_ref()));
                prop_assert!(once.len() <= bytes.len() + 36);
            }
        }
    }

    #[test]
    fn strangers_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let heads = [&[0xff, marker::SOI][..], PNG_HEAD, b"RIFF\x40\0\0\0WEBP"];
        let media = [MediaType::Jpeg, MediaType::Png, MediaType::WebP];
        for (head, media) in heads.into_iter().zip(media) {
            let _ = scrub(&[head, bytes.as_slice()].concat(), media);
            let _ = scrub(&bytes, media);
        }
        let _ = tiff_orientation(&[b"II*\0", bytes.as_slice()].concat());
    }
}

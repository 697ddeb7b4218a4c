//! The fuzzers' functions on stable: noise, and honest bytes with a few changes.

#[path = "../../../../fuzz/strangers_gateway.rs"]
#[expect(unreachable_pub, reason = "the fuzzers' programs see the same file")]
mod targets;

use image::{ImageFormat, Rgb, RgbImage};
use proptest::collection::vec;
use proptest::prelude::*;
use std::io::Cursor;
use std::sync::LazyLock;

const NOTICE: &str = r#"{"amount_fen":5000,"channel":"demo","external_id":"4200002026","fee_fen":30,"kind":"payment","merchant":"M1","order":"int_01HZX5","paid_at_micros":1795320000000000}"#;

/// A picture of two by two pixels, in each form that is taken.
static PICTURES: LazyLock<[Vec<u8>; 3]> = LazyLock::new(|| {
    let picture = RgbImage::from_fn(2, 2, |x, y| {
        Rgb([90, u8::from(x > 0) * 9, u8::from(y > 0) * 9])
    });
    [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP].map(|format| {
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    })
});

/// Bytes with some of them changed, lost or put in.
fn changed(bytes: &[u8], changes: &[(prop::sample::Index, u8, u8)]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for (place, how, byte) in changes {
        if bytes.is_empty() {
            break;
        }
        let place = place.index(bytes.len());
        match how % 3 {
            0 => bytes[place] = *byte,
            1 => bytes.insert(place, *byte),
            _ => drop(bytes.remove(place)),
        }
    }
    bytes
}

#[test]
fn an_honest_notice_and_an_honest_picture_go_through() {
    targets::notice(NOTICE.as_bytes());
    for picture in PICTURES.iter() {
        (0..=8).for_each(|choice| targets::evidence(&[&[choice], picture.as_slice()].concat()));
    }
}

proptest! {
    #[test]
    fn changed_notices_do_no_harm(
        changes in vec((any::<prop::sample::Index>(), any::<u8>(), any::<u8>()), 0..5),
        head in "(\n|[a-z0-9-]{0,30}\n){0,4}",
    ) {
        let body = changed(NOTICE.as_bytes(), &changes);
        targets::notice(&body);
        targets::notice(&[head.as_bytes(), &body].concat());
    }

    #[test]
    fn changed_pictures_do_no_harm(
        choice in any::<u8>(), form in 0..3_usize,
        changes in vec((any::<prop::sample::Index>(), any::<u8>(), any::<u8>()), 0..5),
    ) {
        targets::evidence(&[&[choice], changed(&PICTURES[form], &changes).as_slice()].concat());
    }

    #[test]
    fn noise_does_no_harm(bytes in vec(any::<u8>(), 0..400), text in "[ -~善]{0,120}") {
        for bytes in [bytes.as_slice(), text.as_bytes()] {
            targets::notice(bytes);
            targets::evidence(bytes);
            targets::second_step(bytes);
        }
    }
}

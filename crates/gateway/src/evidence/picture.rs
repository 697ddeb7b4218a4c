//! Pictures made smaller 〔缩略图〕, so that a page shows what a photograph is of without carrying all of it.
//!
//! The bytes of strangers are decoded under limits and written anew as JPEG: what a page shows was made here. Smaller
//! pictures are derived state; a file that no decoder takes simply has none.

use super::EvidenceStore;
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, GenericImageView as _, ImageReader, Limits, Rgba, RgbaImage, imageops};
use std::collections::VecDeque;
use std::io::{self, Cursor};
use std::sync::{Arc, Mutex, PoisonError};

/// Longest side of a picture in a list, in pixels: twice what a page gives it, for fine screens.
pub const SMALL_SIDE: u32 = 240;
/// Longest side of a picture to look at, in pixels.
pub const LARGE_SIDE: u32 = 1_600;
/// Largest side that is decoded, in pixels: the finest telephones stay below.
const SIDE_MAX: u32 = 16_384;
/// Most bytes that decoding may take.
const DECODED_MAX: u64 = 256 << 20;
/// Quality of what is written, of 100.
const QUALITY: u8 = 72;
/// Pictures that are kept in memory; of the larger ones some MB altogether.
const KEPT_MAX: usize = 128;
/// Decoders that work at the same time, so that a page full of photographs leaves room for others.
const SIDE_BY_SIDE: usize = 2;

/// A picture and how large.
type Key = ([u8; 32], u32);
/// The last ones, the newest first; `None` for what is no picture.
type Kept = VecDeque<(Key, Option<Arc<[u8]>>)>;

/// 〔图片缓存〕 Smaller pictures of kept files.
pub struct Pictures {
    kept: Mutex<Kept>,
    turns: tokio::sync::Semaphore,
}

impl Default for Pictures {
    fn default() -> Pictures {
        Pictures {
            kept: Mutex::default(),
            turns: tokio::sync::Semaphore::new(SIDE_BY_SIDE),
        }
    }
}

impl Pictures {
    /// A kept file as a JPEG with sides of at most `side` pixels; `None` if there is no such file or it is no picture.
    ///
    /// # Errors
    /// The disk.
    pub async fn of(
        &self,
        store: Arc<EvidenceStore>,
        sha256: [u8; 32],
        side: u32,
    ) -> io::Result<Option<Arc<[u8]>>> {
        let key = (sha256, side);
        if let Some(found) = self.known(&key) {
            return Ok(found);
        }
        let _turn = self.turns.acquire().await.map_err(io::Error::other)?;
        if let Some(found) = self.known(&key) {
            return Ok(found);
        }
        let work = tokio::task::spawn_blocking(move || {
            let bytes = store.read(&sha256)?;
            io::Result::Ok(bytes.and_then(|bytes| smaller(&bytes, side)))
        });
        let made: Option<Arc<[u8]>> = work.await.map_err(io::Error::other)??.map(Arc::from);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push_front((key, made.clone()));
        kept.truncate(KEPT_MAX);
        Ok(made)
    }

    fn known(&self, key: &Key) -> Option<Option<Arc<[u8]>>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let found = kept.iter().find(|(known, _)| known == key);
        found.map(|(_, picture)| picture.clone())
    }
}

/// The picture in these bytes with sides of at most `side` pixels, as JPEG; `None` where no decoder takes them.
#[must_use]
pub fn smaller(bytes: &[u8], side: u32) -> Option<Vec<u8>> {
    let mut reader = ImageReader::new(Cursor::new(bytes))
        .with_guessed_format()
        .ok()?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE_MAX);
    limits.max_image_height = Some(SIDE_MAX);
    limits.max_alloc = Some(DECODED_MAX);
    reader.limits(limits);
    let decoded = reader.decode().ok()?;
    let (width, height) = decoded.dimensions();
    let shrunk = if width.max(height) > side {
        decoded.thumbnail(side, side)
    } else {
        decoded
    };
    let mut jpeg = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut jpeg, QUALITY);
    on_white(shrunk).write_with_encoder(encoder).ok()?;
    Some(jpeg)
}

/// What is see-through is white, as on paper; JPEG knows no other way.
fn on_white(picture: DynamicImage) -> DynamicImage {
    if !picture.color().has_alpha() {
        return DynamicImage::ImageRgb8(picture.into_rgb8());
    }
    let (width, height) = picture.dimensions();
    let mut ground = RgbaImage::from_pixel(width, height, Rgba([255; 4]));
    imageops::overlay(&mut ground, &picture.into_rgba8(), 0, 0);
    DynamicImage::ImageRgb8(DynamicImage::ImageRgba8(ground).into_rgb8())
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::ImageFormat;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let picture = RgbaImage::from_fn(width, height, |x, y| {
            let byte = |n: u32| u8::try_from(n % 256).unwrap();
            Rgba([byte(x), byte(y), 90, if x < width / 4 { 0 } else { 255 }])
        });
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, ImageFormat::Png).unwrap();
        bytes.into_inner()
    }

    fn check(width: u32, height: u32, want: (u32, u32)) {
        let small = smaller(&png(width, height), SMALL_SIDE).unwrap();
        let read = image::load_from_memory_with_format(&small, ImageFormat::Jpeg).unwrap();
        assert_eq!(read.dimensions(), want);
        let corner = read.get_pixel(0, 0).0;
        assert!(
            corner[..3].iter().all(|one| *one > 200),
            "see-through is white: {corner:?}"
        );
    }

    #[test]
    fn pictures_become_smaller_and_keep_their_shape() {
        check(2_400, 1_200, (240, 120));
        check(300, 1_200, (60, 240));
        check(20, 10, (20, 10));
    }

    #[test]
    fn what_is_no_picture_has_no_smaller_one() {
        assert_eq!(smaller(b"%PDF-1.7", SMALL_SIDE), None);
        assert_eq!(smaller(&png(90, 90)[..60], SMALL_SIDE), None);
        assert_eq!(smaller(b"", SMALL_SIDE), None);
    }

    #[tokio::test]
    async fn a_picture_is_made_once() {
        let folder = tempfile::tempdir().unwrap();
        let store = Arc::new(EvidenceStore::new(folder.path()).unwrap());
        let entropy = crate::SystemEntropy;
        let digest = store.put(&png(600, 400), "image/png", &entropy).unwrap();
        let text = store.put(b"no picture", "text/plain", &entropy).unwrap();
        let pictures = Pictures::default();
        for _ in 0..2 {
            let made = pictures
                .of(store.clone(), digest.sha256, SMALL_SIDE)
                .await
                .unwrap();
            assert!(made.is_some_and(|jpeg| jpeg.starts_with(&[0xff, 0xd8])));
            assert!(
                pictures
                    .of(store.clone(), text.sha256, SMALL_SIDE)
                    .await
                    .unwrap()
                    .is_none()
            );
        }
        assert_eq!(pictures.kept.lock().unwrap().len(), 2);
    }
}

//! Cursors: places in a list, sealed, because they hold internal numbers.
//!
//! Sealing is deterministic (the tag over the text is also the nonce of the key stream), so a page has one
//! address however often it is opened. It hides and protects the text; it is no password of anything.

use crate::{App, AppError};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Bytes of the tag in front.
const TAG_BYTES: usize = 16;
/// Bytes that one block of the key stream hides.
const BLOCK_BYTES: usize = 32;
/// The longest cursor that is looked at, in bytes of text.
const CURSOR_BYTES_MAX: usize = 8_192;

/// Seals cursors under one key.
pub(crate) struct Seal<'a> {
    key: &'a [u8; 32],
    purpose: &'static str,
}

impl<'a> Seal<'a> {
    /// Cursors of one list; those of another are refused.
    pub(crate) fn new(key: &'a [u8; 32], purpose: &'static str) -> Seal<'a> {
        Seal { key, purpose }
    }

    /// The text, hidden.
    pub(crate) fn close(&self, text: &str) -> String {
        let mut bytes = self.tag(text.as_bytes()).to_vec();
        bytes.extend(self.hide(&self.tag(text.as_bytes()), text.as_bytes()));
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The text that was hidden.
    ///
    /// # Errors
    /// `NotFound`: not a cursor of this list of this house.
    pub(crate) fn open(&self, sealed: &str) -> Result<String, AppError> {
        let wrong = AppError::NotFound("翻页标记对应的位置");
        if sealed.len() > CURSOR_BYTES_MAX {
            return Err(wrong);
        }
        let Ok(bytes) = URL_SAFE_NO_PAD.decode(sealed) else {
            return Err(wrong);
        };
        let Some((tag, hidden)) = bytes.split_first_chunk::<TAG_BYTES>() else {
            return Err(wrong);
        };
        let text = self.hide(tag, hidden);
        let sound = self.mac("tag", &[&text]).verify_truncated_left(tag).is_ok();
        match String::from_utf8(text) {
            Ok(text) if sound => Ok(text),
            _ => Err(wrong),
        }
    }

    fn tag(&self, text: &[u8]) -> [u8; TAG_BYTES] {
        let full = self.mac("tag", &[text]).finalize().into_bytes();
        let mut tag = [0; TAG_BYTES];
        tag.copy_from_slice(&full[..TAG_BYTES]);
        tag
    }

    /// Hides or shows: the same key stream both ways.
    fn hide(&self, tag: &[u8; TAG_BYTES], text: &[u8]) -> Vec<u8> {
        let blocks = text.chunks(BLOCK_BYTES).zip(0_u32..);
        blocks
            .flat_map(|(block, number)| {
                let stream = self.mac("stream", &[tag, &number.to_be_bytes()]).finalize();
                let stream: [u8; BLOCK_BYTES] = stream.into_bytes().into();
                block
                    .iter()
                    .zip(stream)
                    .map(|(a, b)| a ^ b)
                    .collect::<Vec<u8>>()
            })
            .collect()
    }

    fn mac(&self, step: &str, parts: &[&[u8]]) -> Hmac<Sha256> {
        // HMAC fills a key up to the block of its hash with zeros; so it needs no error path.
        let mut block = [0; 64];
        block[..self.key.len()].copy_from_slice(self.key);
        let mut mac = Hmac::<Sha256>::new(&block.into());
        for word in ["shanji/cursor/1", self.purpose, step] {
            mac.update(word.as_bytes());
            mac.update(&[0]);
        }
        for part in parts {
            mac.update(part);
        }
        mac
    }
}

impl App {
    /// Seals the cursors of one list.
    pub(crate) fn cursors(&self, purpose: &'static str) -> Seal<'_> {
        Seal::new(self.secrets().session_key.expose(), purpose)
    }
}

/// The whole numbers of a cursor's text, divided by points.
///
/// # Errors
/// `NotFound`: not as many numbers as the list writes.
pub(crate) fn numbers<const N: usize>(text: &str) -> Result<[i64; N], AppError> {
    let read: Option<Vec<i64>> = text.split('.').map(|part| part.parse().ok()).collect();
    read.and_then(|all| all.try_into().ok())
        .ok_or(AppError::NotFound("翻页标记对应的位置"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str) {
        let seal = Seal::new(&[7; 32], "list");
        let sealed = seal.close(text);
        assert_eq!(seal.open(&sealed).unwrap(), text);
        assert!(!sealed.contains(text) || text.is_empty());
        assert!(Seal::new(&[7; 32], "other").open(&sealed).is_err());
        assert!(Seal::new(&[8; 32], "list").open(&sealed).is_err());
    }

    #[test]
    fn what_is_sealed_opens_in_its_own_list_only() {
        check("");
        check("123456789.42");
        check(&"长的翻页标记。".repeat(100));
    }

    #[test]
    fn no_changed_cursor_opens() {
        let seal = Seal::new(&[7; 32], "list");
        let sealed = seal.close("123.456");
        for at in 0..sealed.len() {
            let mut changed = sealed.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert!(changed == sealed || seal.open(&changed).is_err(), "{at}");
        }
        assert!(seal.open("").is_err());
        assert!(seal.open("不是").is_err());
        assert!(seal.open(&"A".repeat(CURSOR_BYTES_MAX + 1)).is_err());
    }

    #[test]
    fn numbers_are_read_as_many_as_wanted() {
        assert_eq!(numbers::<2>("12.-3").unwrap(), [12, -3]);
        assert!(numbers::<2>("12").is_err());
        assert!(numbers::<1>("x").is_err());
    }
}

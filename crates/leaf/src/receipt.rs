//! What a receipt's proof file carries beside the proof: the leaf and the donor's openings.
//!
//! Canonical JSON `{"leaf":bytes,"open":{field:[salt,value]}}`, bytes and salts in base64url
//! without padding. The proof file does not authenticate this part; whoever verifies hashes
//! the leaf from it, which binds it, and each opening must open its commitment.

use crate::commit::{Opening, OpeningError};
use crate::digest::{bytes_parse, bytes_text, digest_parse, digest_text};
use crate::envelope::Leaf;
use crate::error::LeafError;
use crate::json::{JsonError, JsonFault, Words, Writer};
use crate::limits::{COMMITMENTS, EXTRA_BYTES, OPENING_BYTES};
use crate::reader::Reader;
use std::collections::BTreeMap;
use std::fmt;

/// 〔凭据附带内容〕 The `extra` of a proof file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptExtra {
    /// The bytes of the leaf.
    pub leaf: Vec<u8>,
    /// Salt and value by field.
    pub open: BTreeMap<String, ([u8; 32], String)>,
}

impl ReceiptExtra {
    /// A leaf with openings.
    #[must_use]
    pub fn new(leaf: Vec<u8>, openings: impl IntoIterator<Item = Opening>) -> ReceiptExtra {
        let open = openings
            .into_iter()
            .map(|o| (o.field, (o.salt, o.value)))
            .collect();
        ReceiptExtra { leaf, open }
    }

    /// The canonical bytes. A value keeps every byte: names may hold characters that no leaf
    /// may, and another normal form would not open the commitment.
    ///
    /// # Errors
    /// Fields that are no keys, more than [`EXTRA_BYTES`].
    pub fn encode(&self) -> Result<Vec<u8>, JsonError> {
        let mut out = Writer::new(Words::Private);
        out.raw("{\"leaf\":\"");
        out.raw(&bytes_text(&self.leaf));
        out.raw("\",\"open\":{");
        for (count, (field, (salt, value))) in self.open.iter().enumerate() {
            out.comma(count);
            out.key(field)?;
            out.raw("[\"");
            out.raw(&digest_text(salt));
            out.raw("\",");
            out.normal(value)?;
            out.raw("]");
        }
        out.raw("}}");
        if out.bytes.len() > EXTRA_BYTES {
            return Err(JsonError::new(out.bytes.len(), JsonFault::Size));
        }
        Ok(out.bytes)
    }

    /// Reads canonical bytes; what they open is for [`ReceiptExtra::verify`] to say.
    ///
    /// # Errors
    /// Everything that [`ReceiptExtra::encode`] would not have written.
    pub fn parse(bytes: &[u8]) -> Result<ReceiptExtra, JsonError> {
        let mut r = Reader::new(bytes, EXTRA_BYTES, Words::Private)?;
        let mut last = None;
        r.byte(b'{')?;
        expect_key(&mut r, &mut last, "leaf")?;
        let leaf = match bytes_parse(r.plain()?) {
            Some(leaf) => leaf,
            None => return r.fault(JsonFault::Form),
        };
        expect_key(&mut r, &mut last, "open")?;
        let open = read_open(&mut r)?;
        r.byte(b'}')?;
        r.end()?;
        Ok(ReceiptExtra { leaf, open })
    }

    /// The leaf, after every opening was found to open its commitment.
    ///
    /// # Errors
    /// The bytes are no leaf, or an opening does not fit. That the leaf stands in the log is
    /// not said here; the proof says it of the hash of these bytes.
    pub fn verify(&self) -> Result<Leaf, ReceiptError> {
        let leaf = Leaf::parse(&self.leaf).map_err(ReceiptError::Leaf)?;
        for opening in self.openings() {
            opening.verify(&leaf).map_err(ReceiptError::Opening)?;
        }
        Ok(leaf)
    }

    /// The openings, by field.
    pub fn openings(&self) -> impl Iterator<Item = Opening> {
        self.open.iter().map(|(field, (salt, value))| Opening {
            field: field.clone(),
            salt: *salt,
            value: value.clone(),
        })
    }
}

/// Why a receipt does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReceiptError {
    /// Its bytes are no leaf.
    Leaf(LeafError),
    /// An opening does not fit the leaf.
    Opening(OpeningError),
}

impl ReceiptError {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            ReceiptError::Leaf(error) => error.code(),
            ReceiptError::Opening(error) => error.code(),
        }
    }
}

impl fmt::Display for ReceiptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReceiptError::Leaf(error) => error.fmt(f),
            ReceiptError::Opening(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for ReceiptError {}

fn expect_key<'a>(
    r: &mut Reader<'a>,
    last: &mut Option<&'a str>,
    key: &str,
) -> Result<(), JsonError> {
    if r.next_key(last)? == Some(key) {
        Ok(())
    } else {
        r.fault(JsonFault::Member)
    }
}

fn read_open(r: &mut Reader<'_>) -> Result<BTreeMap<String, ([u8; 32], String)>, JsonError> {
    let mut open = BTreeMap::new();
    let mut last = None;
    r.byte(b'{')?;
    while let Some(field) = r.next_key(&mut last)? {
        r.byte(b'[')?;
        let Some(salt) = digest_parse(r.plain()?) else {
            return r.fault(JsonFault::Form);
        };
        r.byte(b',')?;
        let value = r.string()?.into_owned();
        r.byte(b']')?;
        if open.len() == COMMITMENTS || value.len() > OPENING_BYTES {
            return r.fault(JsonFault::Size);
        }
        open.insert(field.to_owned(), (salt, value));
    }
    Ok(open)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    fn receipt() -> ReceiptExtra {
        let mut leaf = samples::gift();
        let opening = Opening::of(&[1; 32], &leaf.id, "gift", "{\"donor\":\"欧阳\u{e863}\"}");
        leaf.commitments
            .insert("gift".into(), opening.commitment(&leaf.id));
        ReceiptExtra::new(leaf.encode().unwrap(), [opening])
    }

    #[test]
    fn a_receipt_reads_as_it_was_written() {
        let extra = receipt();
        let read = ReceiptExtra::parse(&extra.encode().unwrap()).unwrap();
        assert_eq!(read, extra);
        assert_eq!(read.verify().unwrap().id, samples::gift().id);
    }

    #[test]
    fn every_changed_byte_is_refused() {
        let extra = receipt();
        let bytes = extra.encode().unwrap();
        for at in 0..bytes.len() {
            for flip in [1, 32] {
                let mut changed = bytes.clone();
                changed[at] ^= flip;
                // what still reads, verifies and is another receipt has other leaf bytes,
                // which the log's proof refuses
                if let Ok(read) = ReceiptExtra::parse(&changed) {
                    assert_ne!(read, extra);
                    assert!(
                        read.verify().is_err() || read.leaf != extra.leaf,
                        "byte {at}"
                    );
                }
            }
        }
    }

    #[test]
    fn other_forms_are_refused() {
        for text in [
            "{}",
            "{\"leaf\":\"\"}",
            "{\"leaf\":\"\",\"open\":{},\"x\":1}",
            "{\"leaf\":\"=\",\"open\":{}}",
        ] {
            assert!(ReceiptExtra::parse(text.as_bytes()).is_err(), "{text}");
        }
    }
}

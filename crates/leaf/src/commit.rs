//! Salted commitments: the log says that a word was said, and can forget which.
//!
//! `salt = HMAC-SHA-256(key, "shanji/salt/1" 0x00 leaf-id 0x00 field)`, so that nothing is
//! kept per field and one deleted key erases all openings of a person.
//! `commitment = HMAC-SHA-256(salt, "shanji/commit/1" 0x00 leaf-id 0x00 field 0x00 value)`.
//! Ids and fields hold no zero byte, so that the parts cannot be shifted.

use crate::envelope::Leaf;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fmt;

/// 〔盐〕 The salt of one field of one leaf; `key` is that of the person, or of the gift when
/// it is anonymous: 32 random bytes.
#[must_use]
pub fn salt(key: &[u8; 32], leaf_id: &str, field: &str) -> [u8; 32] {
    mac(key, "shanji/salt/1", &[leaf_id, field])
}

/// 〔承诺〕 The commitment to the value of a field, exactly as its bytes are: nothing is
/// normalised here or by a verifier.
#[must_use]
pub fn commit(salt: &[u8; 32], leaf_id: &str, field: &str, value: &str) -> [u8; 32] {
    mac(salt, "shanji/commit/1", &[leaf_id, field, value])
}

fn mac(key: &[u8; 32], purpose: &str, parts: &[&str]) -> [u8; 32] {
    // HMAC fills a key up to the block of its hash with zeros; so it needs no error path.
    let mut block = [0; 64];
    block[..key.len()].copy_from_slice(key);
    let mut mac = Hmac::<Sha256>::new(&block.into());
    mac.update(purpose.as_bytes());
    for part in parts {
        mac.update(&[0]);
        mac.update(part.as_bytes());
    }
    mac.finalize().into_bytes().into()
}

/// 〔承诺的打开〕 A field with what opens its commitment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    /// The field of the leaf's `p`.
    pub field: String,
    /// Its salt.
    pub salt: [u8; 32],
    /// What was committed to.
    pub value: String,
}

impl Opening {
    /// The opening of a field under a key.
    #[must_use]
    pub fn of(key: &[u8; 32], leaf_id: &str, field: &str, value: &str) -> Opening {
        Opening {
            field: field.to_owned(),
            salt: salt(key, leaf_id, field),
            value: value.to_owned(),
        }
    }

    /// The commitment that this opens in the leaf with this id.
    #[must_use]
    pub fn commitment(&self, leaf_id: &str) -> [u8; 32] {
        commit(&self.salt, leaf_id, &self.field, &self.value)
    }

    /// Whether this opens the commitment of a leaf.
    ///
    /// # Errors
    /// The leaf has no such field, or it was committed to something else.
    pub fn verify(&self, leaf: &Leaf) -> Result<(), OpeningError> {
        match leaf.commitments.get(&self.field) {
            None => Err(OpeningError::NoField(self.field.clone())),
            Some(c) if *c == self.commitment(&leaf.id) => Ok(()),
            Some(_) => Err(OpeningError::Differs(self.field.clone())),
        }
    }
}

/// Why an opening does not open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OpeningError {
    /// The leaf has no commitment of this field.
    NoField(String),
    /// The leaf was committed to another value.
    Differs(String),
}

impl OpeningError {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            OpeningError::NoField(_) => "opening.no_field",
            OpeningError::Differs(_) => "opening.differs",
        }
    }
}

impl fmt::Display for OpeningError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            OpeningError::NoField(field) => {
                write!(f, "陈述里没有“{field}”的承诺，请确认文件和陈述是同一笔")
            }
            OpeningError::Differs(field) => {
                write!(f, "“{field}”与陈述里的承诺不符，内容被改过，请使用原始文件")
            }
        }
    }
}

impl std::error::Error for OpeningError {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{digest_text, samples};
    use proptest::prelude::*;

    /// From another implementation: Python's `hmac` over the same bytes.
    #[test]
    fn salt_and_commitment_are_the_written_bytes() {
        let salt = salt(&[7; 32], "don_0123456789ABCD", "donor");
        assert_eq!(
            digest_text(&salt),
            "N1BmFUhtHi7qMI4WtN2TZpdVRFLkUeIY82GZj7MfsTQ"
        );
        let commitment = commit(&salt, "don_0123456789ABCD", "donor", "张三");
        assert_eq!(
            digest_text(&commitment),
            "ZcyehXsBl-milz7rbx0uTPBCBM5vn12dL1cO8xJcptY"
        );
    }

    #[test]
    fn an_opening_opens_its_own_field_only() {
        let mut leaf = samples::gift();
        let opening = Opening::of(&[1; 32], &leaf.id, "gift", "{}");
        assert_eq!(
            opening.verify(&leaf),
            Err(OpeningError::Differs("gift".into()))
        );
        leaf.commitments
            .insert("gift".into(), opening.commitment(&leaf.id));
        assert_eq!(opening.verify(&leaf), Ok(()));
        leaf.id = "don_0123456789ABCE".into();
        assert_eq!(
            opening.verify(&leaf),
            Err(OpeningError::Differs("gift".into()))
        );
        leaf.commitments.clear();
        assert_eq!(
            opening.verify(&leaf),
            Err(OpeningError::NoField("gift".into()))
        );
    }

    proptest! {
        #[test]
        fn any_other_value_or_field_is_refused(
            value in ".*", other in ".*", field in "[a-z]{1,8}", other_field in "[a-z]{1,8}",
        ) {
            let salt = salt(&[3; 32], "don_0123456789ABCD", &field);
            let commitment = commit(&salt, "don_0123456789ABCD", &field, &value);
            let again = commit(&salt, "don_0123456789ABCD", &other_field, &other);
            prop_assert_eq!(commitment == again, value == other && field == other_field);
        }
    }
}

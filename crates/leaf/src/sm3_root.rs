//! The root over the log's leaves with SM3, as the log states it once a day: for inspections that ask for the digest of
//! the state, and a second leg if SHA-256 ages.

use crate::digest::{digest_parse, digest_text};
use crate::envelope::{Leaf, LeafTime};
use crate::error::LeafError;
use crate::json::Json;
use crate::kind::Kind;
use crate::view::LeafView;
use std::collections::BTreeMap;
use tlog::Hash;

/// The stream of these statements, so that "these are all" can be proved.
pub const SM3_STREAM: &str = "log/sm3";

/// 〔商密根〕 The root of RFC 6962 over the `before` leaves that stand before the statement, with SM3 in place of SHA-256.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sm3Root {
    /// How many leaves stand before it, all of them under the root: its own index.
    pub before: i64,
    /// The root.
    pub root: Hash,
}

impl Sm3Root {
    /// What a leaf states; nothing for other kinds and for what is malformed.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Option<Sm3Root> {
        let leaf = LeafView::parse(bytes).ok()?;
        leaf.check_form().ok()?;
        Sm3Root::of(&leaf).ok().flatten()
    }

    /// What a leaf states; nothing for other kinds.
    pub(crate) fn of(leaf: &LeafView<'_>) -> Result<Option<Sm3Root>, LeafError> {
        if leaf.kind != Kind::Sm3Root {
            return Ok(None);
        }
        crate::content::check(leaf)?;
        if !leaf.streams.iter().any(|(name, _)| *name == SM3_STREAM) {
            return Err(LeafError::StreamMissing(SM3_STREAM.to_owned()));
        }
        let digest = leaf.data.get("sm3").and_then(Json::text);
        Ok(Some(Sm3Root {
            before: leaf.data.get("before").and_then(Json::int).unwrap_or(-1),
            root: Hash(digest.and_then(digest_parse).unwrap_or_default()),
        }))
    }

    /// The leaf that states it, as number `sequence` of its stream.
    #[must_use]
    pub fn leaf(&self, id: String, time: LeafTime, sequence: i64) -> Leaf {
        Leaf {
            id,
            kind: Kind::Sm3Root,
            organisation: None,
            time,
            streams: vec![(SM3_STREAM.to_owned(), sequence)],
            moves: Vec::new(),
            swaps: Vec::new(),
            reference: None,
            commitments: BTreeMap::new(),
            data: BTreeMap::from([
                ("before".to_owned(), Json::Int(self.before)),
                ("sm3".to_owned(), digest_text(&self.root.0).into()),
            ]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Timestamp;

    #[test]
    fn what_is_stated_is_read_again() {
        let said = Sm3Root {
            before: 70_000,
            root: Hash([7; 32]),
        };
        let time = LeafTime::second(Timestamp::from_micros(1_790_000_000_000_000));
        let leaf = said.leaf("smr_0123456789ABCD".to_owned(), time, 3);
        assert_eq!(leaf.check_content(), Ok(()));
        let bytes = leaf.encode().unwrap();
        assert_eq!(Sm3Root::parse(&bytes), Some(said));
        assert_eq!(crate::streams_of(&bytes), [SM3_STREAM]);
        assert_eq!(Sm3Root::parse(b"{}"), None);
        let mut foreign = said.leaf("smr_0123456789ABCD".to_owned(), time, 3);
        foreign.streams = vec![("log/keys".to_owned(), 1)];
        assert_eq!(Sm3Root::parse(&foreign.encode().unwrap()), None);
    }
}

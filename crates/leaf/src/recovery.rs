//! That a part of the log was brought back from a copy: the log says so itself, because what came back has no private
//! words and nobody's signatures any more.

use crate::envelope::{Leaf, LeafTime};
use crate::error::LeafError;
use crate::json::Json;
use crate::kind::Kind;
use crate::view::LeafView;
use std::collections::BTreeMap;

/// The stream of these statements, so that "there was no other one" can be proved.
pub const RECOVERY_STREAM: &str = "log/recovery";

/// 〔从镜像补回〕 Which leaves were lost here and taken from a copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recovery {
    /// Index of the first one: how many leaves the database still had.
    pub before: i64,
    /// How many came back.
    pub number: i64,
}

impl Recovery {
    /// What a leaf states; nothing for other kinds and for what is malformed.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Option<Recovery> {
        let leaf = LeafView::parse(bytes).ok()?;
        leaf.check_form().ok()?;
        Recovery::of(&leaf).ok().flatten()
    }

    /// What a leaf states; nothing for other kinds.
    pub(crate) fn of(leaf: &LeafView<'_>) -> Result<Option<Recovery>, LeafError> {
        if leaf.kind != Kind::Recovery {
            return Ok(None);
        }
        crate::content::check(leaf)?;
        let streams = &leaf.streams;
        if !streams.iter().any(|(name, _)| *name == RECOVERY_STREAM) {
            return Err(LeafError::StreamMissing(RECOVERY_STREAM.to_owned()));
        }
        let int = |word: &str| leaf.data.get(word).and_then(Json::int).unwrap_or(-1);
        Ok(Some(Recovery {
            before: int("before"),
            number: int("number"),
        }))
    }

    /// Whether the leaves that it names stand before it, at `index`.
    #[must_use]
    pub fn stands_at(&self, index: u64) -> bool {
        let end = self.before.checked_add(self.number);
        let end = end.and_then(|end| u64::try_from(end).ok());
        self.before >= 0 && self.number > 0 && end.is_some_and(|end| end <= index)
    }

    /// The leaf that states it, as number `sequence` of its stream.
    #[must_use]
    pub fn leaf(&self, id: String, time: LeafTime, sequence: i64) -> Leaf {
        Leaf {
            id,
            kind: Kind::Recovery,
            organisation: None,
            time,
            streams: vec![(RECOVERY_STREAM.to_owned(), sequence)],
            moves: Vec::new(),
            swaps: Vec::new(),
            reference: None,
            commitments: BTreeMap::new(),
            data: BTreeMap::from([
                ("before".to_owned(), Json::Int(self.before)),
                ("number".to_owned(), Json::Int(self.number)),
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
        let said = Recovery {
            before: 70,
            number: 30,
        };
        let time = LeafTime::second(Timestamp::from_micros(1_790_000_000_000_000));
        let leaf = said.leaf("rcv_0123456789ABCD".to_owned(), time, 1);
        assert_eq!(leaf.check_content(), Ok(()));
        let bytes = leaf.encode().unwrap();
        assert_eq!(Recovery::parse(&bytes), Some(said));
        assert_eq!(crate::streams_of(&bytes), [RECOVERY_STREAM]);
        assert_eq!(Recovery::parse(b"{}"), None);
        assert!(said.stands_at(100) && said.stands_at(101) && !said.stands_at(99));
        assert!(!Recovery { number: 0, ..said }.stands_at(100));
        assert!(!Recovery { before: -1, ..said }.stands_at(100));
    }
}

//! That a part of the log was brought back from a copy: the log says so itself, because what came back has no private
//! words and nobody's signatures any more.

use crate::json::Json;
use crate::kind::Kind;
use crate::own_word::OwnWord;
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

impl OwnWord for Recovery {
    const KIND: Kind = Kind::Recovery;
    const STREAM: &'static str = RECOVERY_STREAM;

    fn read(data: &BTreeMap<String, Json>) -> Option<Recovery> {
        Some(Recovery {
            before: data.get("before")?.int()?,
            number: data.get("number")?.int()?,
        })
    }

    fn data(&self) -> Vec<(&'static str, Json)> {
        vec![
            ("before", Json::Int(self.before)),
            ("number", Json::Int(self.number)),
        ]
    }
}

impl Recovery {
    /// Whether the leaves that it names stand before it, at `index`.
    #[must_use]
    pub fn stands_at(&self, index: u64) -> bool {
        let end = self.before.checked_add(self.number);
        let end = end.and_then(|end| u64::try_from(end).ok());
        self.before >= 0 && self.number > 0 && end.is_some_and(|end| end <= index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::envelope::LeafTime;
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

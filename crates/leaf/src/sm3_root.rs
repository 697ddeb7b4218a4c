//! The root over the log's leaves with SM3, as the log states it once a day: for inspections that ask for the digest of
//! the state, and a second leg if SHA-256 ages.

use crate::digest::{digest_parse, digest_text};
use crate::json::Json;
use crate::kind::Kind;
use crate::own_word::OwnWord;
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

impl OwnWord for Sm3Root {
    const KIND: Kind = Kind::Sm3Root;
    const STREAM: &'static str = SM3_STREAM;

    fn read(data: &BTreeMap<String, Json>) -> Option<Sm3Root> {
        Some(Sm3Root {
            before: data.get("before")?.int()?,
            root: Hash(digest_parse(data.get("sm3")?.text()?)?),
        })
    }

    fn data(&self) -> Vec<(&'static str, Json)> {
        vec![
            ("before", Json::Int(self.before)),
            ("sm3", digest_text(&self.root.0).into()),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::envelope::LeafTime;
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

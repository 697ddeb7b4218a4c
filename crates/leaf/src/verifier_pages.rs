//! The digests of the offline verifier, as the log states them: whoever has the file can see that everybody was given the same.

use crate::digest::{digest_parse, digest_text};
use crate::json::Json;
use crate::kind::Kind;
use crate::own_word::OwnWord;
use std::collections::BTreeMap;

/// The stream of these statements; the newest one holds.
pub const VERIFIER_STREAM: &str = "log/verifier";
/// What the pages are.
const MIME: &str = "text/html";

/// 〔离线核验页〕 The pages that a house gives to whoever wants to check it without it, one for each language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifierPages {
    /// The version of the program that makes them.
    pub program: String,
    /// Length in bytes and SHA-256 of each.
    pub files: Vec<(i64, [u8; 32])>,
}

impl OwnWord for VerifierPages {
    const KIND: Kind = Kind::Verifier;
    const STREAM: &'static str = VERIFIER_STREAM;

    fn read(data: &BTreeMap<String, Json>) -> Option<VerifierPages> {
        let Json::List(files) = data.get("files")? else {
            return None;
        };
        let file = |file: &Json| match file {
            Json::Map(file) => Some((
                file.get("len")?.int()?,
                digest_parse(file.get("sha256")?.text()?)?,
            )),
            _ => None,
        };
        Some(VerifierPages {
            program: data.get("program")?.text()?.to_owned(),
            files: files.iter().map(file).collect::<Option<_>>()?,
        })
    }

    fn data(&self) -> Vec<(&'static str, Json)> {
        let file = |(bytes, digest): &(i64, [u8; 32])| {
            Json::from([
                ("len", Json::Int(*bytes)),
                ("mime", MIME.into()),
                ("sha256", digest_text(digest).into()),
            ])
        };
        let files: Vec<Json> = self.files.iter().map(file).collect();
        vec![
            ("files", Json::from(files)),
            ("program", self.program.as_str().into()),
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
        let pages = VerifierPages {
            program: "0.1.0".to_owned(),
            files: vec![(90_000, [7; 32]), (91_000, [8; 32])],
        };
        let time = LeafTime::second(Timestamp::from_micros(1_790_000_000_000_000));
        let leaf = pages.leaf("vrf_0123456789ABCD".to_owned(), time, 3);
        assert_eq!(leaf.check_content(), Ok(()));
        let bytes = leaf.encode().unwrap();
        assert_eq!(VerifierPages::parse(&bytes), Some(pages));
        assert_eq!(crate::streams_of(&bytes), [VERIFIER_STREAM]);
        assert_eq!(VerifierPages::parse(b"{}"), None);
    }
}

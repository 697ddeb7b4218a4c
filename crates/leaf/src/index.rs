//! 〔索引〕 How long each stream is and what it says, as one root: what makes "these are all" and "there is none"
//! provable.
//!
//! The rules stand in [`STREAM_INDEX_RULES`]; whoever replays a log computes the same roots, so that a wrong one is
//! provable fraud.

use crate::digest::digest_text;
use crate::envelope::{Leaf, LeafTime};
use crate::error::LeafError;
use crate::json::Json;
use crate::kind::Kind;
use crate::view::LeafView;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use tlog::map::{Map, MapError, MapValue, Sealed};
use tlog::{EdgeError, Hash, Peaks};

/// The rules of the index, word for word.
pub const STREAM_INDEX_RULES: &str = include_str!("../rules/index-1.txt");

/// SHA-256 of [`STREAM_INDEX_RULES`]: the word `rules` of each statement.
#[must_use]
pub fn rules_digest() -> [u8; 32] {
    Sha256::digest(STREAM_INDEX_RULES.as_bytes()).into()
}

/// 〔记录串头〕 The head of a stream as the index holds it: how many leaves, and the root over them.
#[must_use]
pub(crate) fn stream_head(leaves: u64, root: &Hash) -> String {
    format!("{{\"n\":{leaves},\"r\":\"{}\"}}", digest_text(&root.0))
}

/// The streams that a leaf belongs to; none if it is no sound leaf (rule 1).
#[must_use]
pub fn streams_of(bytes: &[u8]) -> Vec<&str> {
    match LeafView::parse(bytes) {
        Ok(leaf) if leaf.check_form().is_ok() => leaf.streams.iter().map(|s| s.0).collect(),
        _ => Vec::new(),
    }
}

#[derive(Debug, Clone, Default)]
struct Head(Peaks);

impl MapValue for Head {
    fn write(&self, bytes: &mut Vec<u8>) {
        bytes.extend_from_slice(stream_head(self.0.size(), &self.0.root()).as_bytes());
    }
}

/// Why a leaf was not taken into the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IndexError {
    /// A name is too long or there are too many streams.
    #[error(transparent)]
    Map(#[from] MapError),
    /// A stream is as long as any may be.
    #[error(transparent)]
    Stream(#[from] EdgeError),
}

/// Streams by name, with what they have grown to.
pub type Streams = Vec<(String, Peaks)>;

/// 〔索引〕 The heads of all streams.
#[derive(Debug, Clone, Default)]
pub struct StreamIndex(Map<Head>);

impl StreamIndex {
    /// The index of an empty log.
    #[must_use]
    pub fn new() -> StreamIndex {
        StreamIndex::default()
    }

    /// How many streams there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What a stream has grown to; none of that name is `None`.
    #[must_use]
    pub fn stream(&self, name: &str) -> Option<&Peaks> {
        self.0.get(name.as_bytes()).map(|head| &head.0)
    }

    /// Gives a stream this head, whatever it had before.
    ///
    /// # Errors
    /// [`IndexError`]; nothing has changed then.
    pub fn restore(&mut self, name: &str, peaks: Peaks) -> Result<(), IndexError> {
        Ok(self.0.insert(name.as_bytes(), Head(peaks))?)
    }

    /// Adds a leaf to a stream.
    ///
    /// # Errors
    /// [`IndexError`]; nothing has changed then.
    pub fn append(&mut self, name: &str, leaf: Hash) -> Result<(), IndexError> {
        let mut done = Ok(());
        let grow = |head: &mut Head| done = head.0.append(leaf);
        self.0.update(name.as_bytes(), Head::default, grow)?;
        Ok(done?)
    }

    /// The root over all streams; hashes what has changed.
    pub fn root(&mut self) -> Hash {
        self.0.seal().root()
    }

    /// The proof that a stream has its head, or that there is none of that name.
    /// `None` while the root of the latest change was not asked for.
    #[must_use]
    pub fn prove(&self, name: &str) -> Option<Vec<u8>> {
        self.0.sealed().map(|sealed| sealed.prove(name.as_bytes()))
    }

    /// The first `most` streams whose name has this prefix, with the proof that there are no others beside all of them.
    /// `None` while the root of the latest change was not asked for.
    #[must_use]
    pub fn below(&self, prefix: &str, most: usize) -> Option<(Streams, Vec<u8>)> {
        let sealed: Sealed<'_, Head> = self.0.sealed()?;
        let found = sealed.records(prefix.as_bytes(), most).into_iter();
        let found = found.map(|(name, head)| {
            let name = String::from_utf8_lossy(name).into_owned();
            (name, head.0.clone())
        });
        Some((found.collect(), sealed.prove_prefix(prefix.as_bytes())))
    }
}

/// 〔索引〕 What a leaf `idx/1` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IndexStatement {
    /// Leaves before it: its own index in the log.
    pub before: i64,
    /// Root of the index over them.
    pub root: Hash,
    /// Digest of the rules by which it was computed.
    pub rules: [u8; 32],
}

impl IndexStatement {
    /// By the rules of this program.
    #[must_use]
    pub fn new(before: i64, root: Hash) -> IndexStatement {
        IndexStatement {
            before,
            root,
            rules: rules_digest(),
        }
    }

    /// The leaf that says it.
    #[must_use]
    pub fn leaf(&self, id: String, time: LeafTime) -> Leaf {
        Leaf {
            id,
            kind: Kind::Index,
            organisation: None,
            time,
            streams: Vec::new(),
            moves: Vec::new(),
            swaps: Vec::new(),
            reference: None,
            commitments: BTreeMap::new(),
            data: [
                ("before".to_owned(), Json::from(self.before)),
                ("root".to_owned(), Json::from(digest_text(&self.root.0))),
                ("rules".to_owned(), Json::from(digest_text(&self.rules))),
            ]
            .into(),
        }
    }

    /// What a leaf says if it is one of these; `None` if it is of another kind.
    ///
    /// # Errors
    /// [`LeafError`] if the bytes are no leaf, or one of this kind that says it wrongly.
    pub fn parse(bytes: &[u8]) -> Result<Option<IndexStatement>, LeafError> {
        let leaf = LeafView::parse(bytes)?;
        leaf.check_form()?;
        IndexStatement::of(&leaf)
    }

    pub(crate) fn of(leaf: &LeafView<'_>) -> Result<Option<IndexStatement>, LeafError> {
        if leaf.kind != Kind::Index {
            return Ok(None);
        }
        crate::content::check(leaf)?;
        let digest = |word: &str| {
            let text = leaf.data.get(word).and_then(Json::text);
            text.and_then(crate::digest::digest_parse)
                .unwrap_or_default()
        };
        Ok(Some(IndexStatement {
            before: leaf.data.get("before").and_then(Json::int).unwrap_or(-1),
            root: Hash(digest("root")),
            rules: digest("rules"),
        }))
    }
}

//! What the log says of itself, each in a stream of its own: the frame that all such statements share.

use crate::envelope::{Leaf, LeafTime};
use crate::error::{LeafError, Part};
use crate::json::Json;
use crate::kind::Kind;
use crate::view::LeafView;
use std::collections::BTreeMap;

/// 〔日志自述〕 A statement of the log about itself. Its own index stands for it; nobody but the house makes one.
pub trait OwnWord: Sized {
    /// The kind of its leaves.
    const KIND: Kind;
    /// The stream in which all of them stand, so that "these are all" can be proved.
    const STREAM: &'static str;

    /// What the data of a leaf of this kind say, whose words have the forms that the kind demands; nothing if they still
    /// make no sense.
    fn read(data: &BTreeMap<String, Json>) -> Option<Self>;

    /// The words of its leaf.
    fn data(&self) -> Vec<(&'static str, Json)>;

    /// What a leaf states; nothing for other kinds and for what is malformed.
    #[must_use]
    fn parse(bytes: &[u8]) -> Option<Self> {
        let leaf = LeafView::parse(bytes).ok()?;
        leaf.check_form().ok()?;
        stated(&leaf).ok().flatten()
    }

    /// The leaf that states it, as number `sequence` of its stream.
    #[must_use]
    fn leaf(&self, id: String, time: LeafTime, sequence: i64) -> Leaf {
        let words = self.data().into_iter();
        Leaf {
            id,
            kind: Self::KIND,
            organisation: None,
            time,
            streams: vec![(Self::STREAM.to_owned(), sequence)],
            moves: Vec::new(),
            swaps: Vec::new(),
            reference: None,
            commitments: BTreeMap::new(),
            data: words.map(|(word, json)| (word.to_owned(), json)).collect(),
        }
    }
}

/// What a leaf states; nothing for other kinds.
pub(crate) fn stated<W: OwnWord>(leaf: &LeafView<'_>) -> Result<Option<W>, LeafError> {
    if leaf.kind != W::KIND {
        return Ok(None);
    }
    crate::content::check(leaf)?;
    if !leaf.streams.iter().any(|(name, _)| *name == W::STREAM) {
        return Err(LeafError::StreamMissing(W::STREAM.to_owned()));
    }
    let said = W::read(&leaf.data).ok_or(LeafError::Content(Part::Data))?;
    Ok(Some(said))
}

//! 〔完整性证明〕 A page of a stream that nobody can shorten, or the proof that there is no such stream.
//!
//! It travels as the `extra` of a proof file (c2sp.org/tlog-proof) about the newest statement `idx/1`, so that anybody's
//! client sees that the statement is in the log. Canonical JSON; the words are those of the fields of [`IndexProof`].

use crate::digest::{bytes_parse, bytes_text, digest_parse, digest_text};
use crate::error::LeafError;
use crate::index::{IndexStatement, rules_digest, stream_head};
use crate::json::{Json, JsonError};
use crate::limits::{EXTRA_BYTES, INDEX_PAGE};
use crate::view::LeafView;
use std::collections::BTreeMap;
use tlog::map::{MapProofError, RangeError, verify_lookup, verify_prefix, verify_range};
use tlog::{Checkpoint, Hash, ProofFile, ProofFileError, VerifierKey, leaf_hash};

/// A leaf of a stream with its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownLeaf {
    /// Its index in the log.
    pub index: i64,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// What is asked of the index, with the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answered {
    /// There is no stream of this name.
    Absent(String),
    /// A page of a stream.
    Page {
        /// Its name.
        name: String,
        /// How many leaves it has.
        count: i64,
        /// Root over their hashes.
        root: Hash,
        /// How many stand before the page.
        from: i64,
        /// The leaves of the page, in the order of the log.
        leaves: Vec<ShownLeaf>,
        /// Hashes that lead from the page to the root.
        range: Vec<Hash>,
    },
    /// All streams whose name begins so: name, leaves, root.
    Below(String, Vec<(String, i64, Hash)>),
}

/// 〔完整性证明〕 An answer with what proves it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexProof {
    /// The bytes of the statement `idx/1`.
    pub statement: Vec<u8>,
    /// The answer.
    pub answered: Answered,
    /// The proof in the map.
    pub map: Vec<u8>,
}

/// What a proof proves, once it is believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proved {
    /// The checkpoint under which it holds.
    pub checkpoint: Checkpoint,
    /// Leaves that the statement covers.
    pub before: i64,
    /// The answer.
    pub answered: Answered,
}

/// Why a proof of completeness is not believed.
#[derive(Debug, thiserror::Error)]
pub enum IndexProofError {
    /// The part beside the proof is not canonical JSON of this form.
    #[error("完整性证明的附带内容不是所要的格式，请重新下载")]
    Malformed,
    /// JSON that is not canonical.
    #[error(transparent)]
    Json(#[from] JsonError),
    /// A leaf that is none.
    #[error(transparent)]
    Leaf(#[from] LeafError),
    /// The statement is of another kind, is not the last leaf of the checkpoint, or says another place than its own.
    #[error("所附的索引不是检查点的最后一条，不能证明“就是这些”，请重新下载")]
    NotTheLast,
    /// The index was computed by rules that this program does not know.
    #[error("索引所依的规则本程序不认识，请更新核验程序")]
    UnknownRules,
    /// A leaf shown does not belong where it is shown.
    #[error("第{0}条陈述不属于所查的记录串，或次序不对，请勿采信")]
    Foreign(i64),
    /// The proof in the map.
    #[error(transparent)]
    Map(#[from] MapProofError),
    /// The proof of the page.
    #[error(transparent)]
    Range(#[from] RangeError),
    /// The proof file around it.
    #[error(transparent)]
    File(#[from] ProofFileError),
}

impl IndexProofError {
    /// Stable code for machines.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            IndexProofError::Malformed => "index.malformed",
            IndexProofError::Json(error) => error.code(),
            IndexProofError::Leaf(error) => error.code(),
            IndexProofError::NotTheLast => "index.not_last",
            IndexProofError::UnknownRules => "index.rules",
            IndexProofError::Foreign(_) => "index.foreign",
            IndexProofError::Map(error) => error.code(),
            IndexProofError::Range(error) => error.code(),
            IndexProofError::File(error) => error.code(),
        }
    }
}

impl IndexProof {
    /// The canonical bytes, for [`ProofFile::with_extra`].
    ///
    /// # Errors
    /// Names that are too long.
    pub fn encode(&self) -> Result<Vec<u8>, JsonError> {
        let mut words: BTreeMap<String, Json> = BTreeMap::new();
        let mut put = |word: &str, value: Json| drop(words.insert(word.to_owned(), value));
        put("leaf", bytes_text(&self.statement).into());
        put("map", bytes_text(&self.map).into());
        match &self.answered {
            Answered::Absent(name) => put("key", name.as_str().into()),
            Answered::Page {
                name,
                count,
                root,
                from,
                leaves,
                range,
            } => {
                put("from", (*from).into());
                put("head", head_json(*count, root));
                put("key", name.as_str().into());
                let leaves = leaves.iter().map(|leaf| {
                    Json::from(vec![leaf.index.into(), bytes_text(&leaf.bytes).into()])
                });
                put("leaves", leaves.collect::<Vec<Json>>().into());
                let range = range.iter().map(|hash| digest_text(&hash.0).into());
                put("range", range.collect::<Vec<Json>>().into());
            }
            Answered::Below(prefix, streams) => {
                put("prefix", prefix.as_str().into());
                let streams = streams.iter().map(|(name, count, root)| {
                    Json::from(vec![name.as_str().into(), head_json(*count, root)])
                });
                put("streams", streams.collect::<Vec<Json>>().into());
            }
        }
        Json::from(words).encode()
    }

    /// Whether the `extra` of a proof file has the words of a proof of completeness.
    #[must_use]
    pub fn is_in(extra: &[u8]) -> bool {
        let json = Json::parse(extra, EXTRA_BYTES);
        matches!(json, Ok(Json::Map(words)) if words.contains_key("map"))
    }

    /// Reads [`IndexProof::encode`].
    ///
    /// # Errors
    /// [`IndexProofError`] for any other bytes.
    pub fn parse(extra: &[u8]) -> Result<IndexProof, IndexProofError> {
        let Json::Map(mut words) = Json::parse(extra, EXTRA_BYTES)? else {
            return Err(IndexProofError::Malformed);
        };
        let mut take = |word: &str| words.remove(word);
        let statement = bytes_of(take("leaf"))?;
        let map = bytes_of(take("map"))?;
        let answered = match (take("key"), take("prefix"), take("head")) {
            (Some(name), None, None) => Answered::Absent(text_of(name)?),
            (Some(name), None, Some(head)) => {
                let (count, root) = head_of(head)?;
                Answered::Page {
                    name: text_of(name)?,
                    count,
                    root,
                    from: take("from").as_ref().and_then(Json::int).ok_or(MALFORMED)?,
                    leaves: list_of(take("leaves"), shown_of)?,
                    range: list_of(take("range"), digest_of)?,
                }
            }
            (None, Some(prefix), None) => {
                Answered::Below(text_of(prefix)?, list_of(take("streams"), stream_of)?)
            }
            _ => return Err(MALFORMED),
        };
        if !words.is_empty() {
            return Err(MALFORMED);
        }
        Ok(IndexProof {
            statement,
            answered,
            map,
        })
    }

    /// Reads a proof file and believes it only if everything follows from a checkpoint that `origin` has signed with a
    /// `known` key: the statement is the checkpoint's last leaf, and the answer follows from it.
    ///
    /// # Errors
    /// [`IndexProofError`] otherwise.
    pub fn open(
        file: &ProofFile,
        origin: &str,
        known: &[VerifierKey],
    ) -> Result<Proved, IndexProofError> {
        let proof = IndexProof::parse(file.extra().unwrap_or_default())?;
        let checkpoint = file.verify(&leaf_hash(&proof.statement), origin, known)?;
        let before = proof.check(file.index())?;
        if file.index().checked_add(1) != Some(checkpoint.size()) {
            return Err(IndexProofError::NotTheLast);
        }
        Ok(Proved {
            checkpoint,
            before,
            answered: proof.answered,
        })
    }

    /// Checks that the answer follows from the statement, which stands at `index`. Returns how many leaves it covers.
    ///
    /// # Errors
    /// [`IndexProofError`] if it does not.
    pub fn check(&self, index: u64) -> Result<i64, IndexProofError> {
        let statement =
            IndexStatement::parse(&self.statement)?.ok_or(IndexProofError::NotTheLast)?;
        if u64::try_from(statement.before) != Ok(index) {
            return Err(IndexProofError::NotTheLast);
        }
        if statement.rules != rules_digest() {
            return Err(IndexProofError::UnknownRules);
        }
        let root = &statement.root;
        match &self.answered {
            Answered::Absent(name) => verify_lookup(root, name.as_bytes(), None, &self.map)?,
            Answered::Below(prefix, streams) => {
                let heads: Vec<String> = streams
                    .iter()
                    .map(|(_, count, root)| stream_head(count.unsigned_abs(), root))
                    .collect();
                let records: Vec<(&[u8], &[u8])> = streams
                    .iter()
                    .zip(&heads)
                    .map(|((name, ..), head)| (name.as_bytes(), head.as_bytes()))
                    .collect();
                verify_prefix(root, prefix.as_bytes(), &records, &self.map)?;
            }
            Answered::Page {
                name,
                count,
                root: r,
                from,
                leaves,
                range,
            } => {
                let head = stream_head(count.unsigned_abs(), r);
                verify_lookup(root, name.as_bytes(), Some(head.as_bytes()), &self.map)?;
                check_places(name, *from, leaves, statement.before)?;
                let hashes: Vec<Hash> = leaves.iter().map(|leaf| leaf_hash(&leaf.bytes)).collect();
                verify_range(from.unsigned_abs(), &hashes, count.unsigned_abs(), range, r)?;
            }
        }
        Ok(statement.before)
    }
}

const MALFORMED: IndexProofError = IndexProofError::Malformed;

/// Each leaf says itself that it is the next one of the stream, and stands behind the one before it.
fn check_places(
    name: &str,
    from: i64,
    leaves: &[ShownLeaf],
    before: i64,
) -> Result<(), IndexProofError> {
    let mut last = -1;
    for (sequence, shown) in (from.saturating_add(1)..).zip(leaves) {
        let leaf = LeafView::parse(&shown.bytes)?;
        leaf.check_form()?;
        let ascends = last < shown.index && shown.index < before;
        if !ascends || !leaf.streams.contains(&(name, sequence)) {
            return Err(IndexProofError::Foreign(shown.index));
        }
        last = shown.index;
    }
    Ok(())
}

fn head_json(count: i64, root: &Hash) -> Json {
    vec![count.into(), digest_text(&root.0).into()].into()
}

fn text_of(json: Json) -> Result<String, IndexProofError> {
    json.text().map(str::to_owned).ok_or(MALFORMED)
}

fn bytes_of(json: Option<Json>) -> Result<Vec<u8>, IndexProofError> {
    let text = json.as_ref().and_then(Json::text).ok_or(MALFORMED)?;
    bytes_parse(text).ok_or(MALFORMED)
}

fn digest_of(json: Json) -> Result<Hash, IndexProofError> {
    json.text()
        .and_then(digest_parse)
        .map(Hash)
        .ok_or(MALFORMED)
}

fn pair_of(json: Json) -> Result<(Json, Json), IndexProofError> {
    let Json::List(list) = json else {
        return Err(MALFORMED);
    };
    let pair: [Json; 2] = list.try_into().map_err(|_| MALFORMED)?;
    let [first, second] = pair;
    Ok((first, second))
}

fn head_of(json: Json) -> Result<(i64, Hash), IndexProofError> {
    let (count, root) = pair_of(json)?;
    let count = count.int().filter(|count| *count > 0).ok_or(MALFORMED)?;
    Ok((count, digest_of(root)?))
}

fn stream_of(json: Json) -> Result<(String, i64, Hash), IndexProofError> {
    let (name, head) = pair_of(json)?;
    let (count, root) = head_of(head)?;
    Ok((text_of(name)?, count, root))
}

fn shown_of(json: Json) -> Result<ShownLeaf, IndexProofError> {
    let (index, bytes) = pair_of(json)?;
    Ok(ShownLeaf {
        index: index.int().filter(|index| *index >= 0).ok_or(MALFORMED)?,
        bytes: bytes_of(Some(bytes))?,
    })
}

fn list_of<T>(
    json: Option<Json>,
    item: impl Fn(Json) -> Result<T, IndexProofError>,
) -> Result<Vec<T>, IndexProofError> {
    match json {
        Some(Json::List(list)) if list.len() <= INDEX_PAGE => list.into_iter().map(item).collect(),
        _ => Err(MALFORMED),
    }
}

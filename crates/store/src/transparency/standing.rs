//! 〔完整性证明〕 The index as the newest checkpoint has it, and pages of streams proved from it.

use super::growth::{MEMBER_BYTES, Member, PART_LEAVES, members, part_bytes};
use super::log::{LeafRecord, inclusion, leaf_at, leaves_at};
use super::tile_cache::TileCache;
use db::{Error, Result, Session, args, sql};
use leaf::limits::INDEX_PAGE;
use leaf::{Answered, IndexProof, ShownLeaf, StreamIndex};
use std::collections::BTreeMap;
use std::sync::Arc;
use tlog::map::range_proof;
use tlog::{Hash, HashReader, Peaks, ProofFile, ReadError, SignedNote, node_hash};
use tokio::sync::RwLock;

/// Bytes of leaves in one page at most, so that the proof file stays within its limit.
const PAGE_BYTES: usize = 120_000;

/// 〔现状〕 The index with the size of the checkpoint that it belongs to.
#[derive(Debug, Default)]
pub struct Standing {
    pub(crate) index: StreamIndex,
    /// Leaves under the checkpoint that the index belongs to; 0 before the first one, [`UNFINISHED`] while it is changed.
    pub(crate) size: i64,
}

/// The index was changed for a checkpoint that is not committed: it belongs to none.
pub(crate) const UNFINISHED: i64 = -1;

/// The index, read by many and changed by the sequencer alone.
pub type SharedStanding = Arc<RwLock<Standing>>;

/// What is asked of the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IndexQuestion {
    /// A page of a stream: its name, how many leaves to pass over (a negative number counts from the end), how many to
    /// show.
    Page(String, i64, i64),
    /// All streams whose name begins so.
    Below(String),
}

/// What stands in memory, taken out under the lock: the answer without the rows that prove it.
#[derive(Debug)]
pub struct IndexFound {
    question: IndexQuestion,
    size: i64,
    map: Vec<u8>,
    heads: Vec<(String, Peaks)>,
}

impl Standing {
    /// What the index says to a question; nothing while there is no index yet, or if more streams begin so than fit into
    /// one answer. A transaction that is to prove it must begin afterwards, so that it sees the checkpoint.
    #[must_use]
    pub fn look(&self, question: IndexQuestion) -> Option<IndexFound> {
        let (heads, map) = match &question {
            IndexQuestion::Page(name, ..) => {
                let head = self.index.stream(name).cloned();
                let heads = head.map(|head| (name.clone(), head)).into_iter().collect();
                (heads, self.index.prove(name)?)
            }
            IndexQuestion::Below(prefix) => self.index.below(prefix, INDEX_PAGE + 1)?,
        };
        (self.size > 0 && heads.len() <= INDEX_PAGE).then_some(IndexFound {
            question,
            size: self.size,
            map,
            heads,
        })
    }
}

/// 〔最新的一条〕 Where a stream ends under the newest checkpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StreamEnd {
    /// How many statements it has.
    pub count: i64,
    /// Index of its newest statement in the log.
    pub index: i64,
    /// Leaves under the checkpoint: the statement is the newest of the stream among so many.
    pub sealed: i64,
}

/// The end of a stream; nothing while no checkpoint covers a statement of it.
///
/// # Errors
/// The engine's refusal; a value error if rows are missing.
pub async fn stream_end(session: &mut Session, name: &str) -> Result<Option<StreamEnd>> {
    let sql = sql!("SELECT leaves FROM stream_sealed WHERE key = $1");
    let count = session.opt(sql, args![name], |r| r.i64(0)).await?;
    let Some(count) = count.filter(|count| *count > 0) else {
        return Ok(None);
    };
    let last = count.saturating_sub(1);
    let row = members(&part_bytes(session, name, last / PART_LEAVES).await?)?;
    let at = usize::try_from(last % PART_LEAVES).unwrap_or(usize::MAX);
    let newest = super::log::checkpoint_newest(session).await?;
    match (row.get(at), newest) {
        (Some(member), Some(checkpoint)) => Ok(Some(StreamEnd {
            count,
            index: member.0,
            sealed: checkpoint.size,
        })),
        _ => Err(Error::value(0, "记录串的行缺失，请核查数据库")),
    }
}

/// The answer to a question as a proof file about the checkpoint whose index was looked at.
///
/// # Errors
/// The engine's refusal; a value error if rows are missing.
pub async fn index_proof(
    session: &mut Session,
    tiles: &TileCache,
    found: IndexFound,
) -> Result<ProofFile> {
    let answered = match (&found.question, found.heads.first()) {
        (IndexQuestion::Below(prefix), _) => {
            let heads = found.heads.iter();
            let heads = heads.map(|(name, peaks)| (name.clone(), count(peaks), peaks.root()));
            Answered::Below(prefix.clone(), heads.collect())
        }
        (IndexQuestion::Page(name, ..), None) => Answered::Absent(name.clone()),
        (IndexQuestion::Page(name, from, limit), Some((_, peaks))) => {
            let last = count(peaks);
            let from = match *from {
                from @ ..0 => last.saturating_add(from),
                from => from,
            };
            let from = from.clamp(0, last.saturating_sub(1));
            let to = from
                .saturating_add((*limit).clamp(1, INDEX_PAGE as i64))
                .min(last);
            page(session, name, peaks, from..to).await?
        }
    };
    file(session, tiles, (found, answered)).await
}

fn count(peaks: &Peaks) -> i64 {
    i64::try_from(peaks.size()).unwrap_or(i64::MAX)
}

/// Puts the answer beside the proof of the checkpoint's last leaf.
async fn file(
    session: &mut Session,
    tiles: &TileCache,
    (found, answered): (IndexFound, Answered),
) -> Result<ProofFile> {
    let missing = || Error::value(0, "检查点或其索引缺失，请核查数据库");
    let last = found.size.saturating_sub(1);
    let statement = leaf_at(session, last).await?.ok_or_else(missing)?;
    let note = sql!("SELECT note FROM log_checkpoint WHERE size = $1");
    let note = session
        .opt(note, args![found.size], |r| r.text(0))
        .await?
        .ok_or_else(missing)?;
    let note = SignedNote::parse(&note).map_err(|error| Error::value(0, error))?;
    let path = inclusion(session, tiles, last, found.size).await?;
    let proof = IndexProof {
        statement: statement.bytes,
        answered,
        map: found.map,
    };
    let extra = proof.encode().map_err(|error| Error::value(0, error))?;
    ProofFile::new(last.unsigned_abs(), path, note)
        .and_then(|file| file.with_extra(extra))
        .map_err(|error| Error::value(0, error))
}

/// A page of a stream, shorter than asked for if its leaves are long.
async fn page(
    session: &mut Session,
    name: &str,
    peaks: &Peaks,
    range: std::ops::Range<i64>,
) -> Result<Answered> {
    let size = count(peaks);
    let mut parts = Parts::read(session, name, size, &range).await?;
    let members = parts.between(&range);
    let indexes: Vec<i64> = members.iter().map(|member| member.0).collect();
    let mut kept: BTreeMap<i64, LeafRecord> = leaves_at(session, &indexes)
        .await?
        .into_iter()
        .map(|leaf| (leaf.index, leaf))
        .collect();
    let mut leaves: Vec<ShownLeaf> = Vec::new();
    let mut bytes = 0_usize;
    for (index, hash) in members {
        let leaf = kept.remove(&index).filter(|leaf| leaf.hash == hash.0);
        let missing = || Error::value(0, format!("日志第{index}条缺失或被改动，请核查数据库"));
        let leaf = leaf.ok_or_else(missing)?;
        bytes = bytes.saturating_add(leaf.bytes.len());
        if bytes > PAGE_BYTES && !leaves.is_empty() {
            break;
        }
        let bytes = leaf.bytes;
        leaves.push(ShownLeaf { index, bytes });
    }
    let shown = i64::try_from(leaves.len()).unwrap_or(i64::MAX);
    let end = range.start.saturating_add(shown);
    parts.read_around(session, name, end).await?;
    let path = range_proof(
        range.start.unsigned_abs(),
        end.unsigned_abs(),
        size.unsigned_abs(),
        &parts,
    )
    .map_err(|error| Error::value(0, error))?;
    Ok(Answered::Page {
        name: name.to_owned(),
        count: size,
        root: peaks.root(),
        from: range.start,
        leaves,
        range: path,
    })
}

/// The rows of a stream: the roots of all full ones, and the leaves of those at the edges of a page.
struct Parts {
    size: i64,
    roots: Vec<Hash>,
    rows: BTreeMap<i64, Vec<Member>>,
}

impl Parts {
    async fn read(
        session: &mut Session,
        name: &str,
        size: i64,
        range: &std::ops::Range<i64>,
    ) -> Result<Parts> {
        let full = size / PART_LEAVES;
        let sql = sql!(
            "SELECT root FROM stream_part WHERE key = $1 AND part >= $2 AND part < $3 ORDER BY part"
        );
        let roots = session
            .rows(sql, args![name, 0_i64, full], |r| r.array(0).map(Hash))
            .await?;
        let mut parts = Parts {
            size,
            roots,
            rows: BTreeMap::new(),
        };
        for at in [range.start, range.end.saturating_sub(1)] {
            parts.read_around(session, name, at).await?;
        }
        // The stream's end is never a whole row; its leaves are needed in most proofs.
        parts.read_around(session, name, size).await?;
        Ok(parts)
    }

    /// Reads the row in which the leaf `at` of the stream stands, if it was not read yet.
    async fn read_around(&mut self, session: &mut Session, name: &str, at: i64) -> Result<()> {
        let part = at / PART_LEAVES;
        let held = (self.size - part * PART_LEAVES).clamp(0, PART_LEAVES);
        if held == 0 || self.rows.contains_key(&part) {
            return Ok(());
        }
        let mut bytes = part_bytes(session, name, part).await?;
        // The last row may have grown since.
        bytes.truncate(usize::try_from(held).unwrap_or_default() * MEMBER_BYTES);
        self.rows.insert(part, members(&bytes)?);
        Ok(())
    }

    /// The members of the range.
    fn between(&self, range: &std::ops::Range<i64>) -> Vec<Member> {
        range
            .clone()
            .filter_map(|at| {
                let row = self.rows.get(&(at / PART_LEAVES))?;
                row.get(usize::try_from(at % PART_LEAVES).ok()?).copied()
            })
            .collect()
    }
}

/// Levels of a row: 256 leaves.
const PART_LEVELS: u32 = PART_LEAVES.ilog2();

impl HashReader for Parts {
    fn hash(&self, level: u32, index: u64) -> std::result::Result<Hash, ReadError> {
        let missing = ReadError::Missing { level, index };
        let at = usize::try_from(index).map_err(|_| missing.clone())?;
        if level == 0 {
            let (part, place) = (index / PART_LEAVES as u64, at % PART_LEAVES as usize);
            let row = i64::try_from(part)
                .ok()
                .and_then(|part| self.rows.get(&part));
            let member = row.and_then(|row| row.get(place));
            return member.map(|member| member.1).ok_or(missing);
        }
        if level == PART_LEVELS {
            return self.roots.get(at).copied().ok_or(missing);
        }
        let left = self.hash(level - 1, index * 2)?;
        let right = self.hash(level - 1, index * 2 + 1)?;
        Ok(node_hash(&left, &right))
    }
}

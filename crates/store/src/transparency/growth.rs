//! What the streams of the log have grown by since the newest checkpoint.

use db::{Col, Error, Result, Session, Tx, args, bulk, sql};
use leaf::StreamIndex;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use tlog::{Hash, Peaks};

/// Leaves of a stream that are kept in one row.
pub(crate) const PART_LEAVES: i64 = 256;
/// Bytes of a leaf in a row: its index in the log, the most significant byte first, and its hash.
pub(crate) const MEMBER_BYTES: usize = 40;

/// A leaf of a stream: its index in the log and its hash.
pub(crate) type Member = (i64, Hash);

/// 〔增长〕 The leaves that were added, by stream.
#[derive(Debug, Default)]
pub(crate) struct Growth {
    /// Leaves that were read and not laid into their streams yet.
    added: BTreeMap<String, Vec<Member>>,
    grown: BTreeMap<String, Grown>,
}

/// A stream with what was added to it: all that hashing takes time for is done ahead of the writer.
#[derive(Debug)]
struct Grown {
    peaks: Peaks,
    /// Rows that became full: number, root, bytes.
    full: Vec<(i64, Hash, Vec<u8>)>,
    /// The row that is not full: its number, its root so far, its bytes.
    part: i64,
    row: Peaks,
    bytes: Vec<u8>,
}

impl Growth {
    /// Takes a leaf into the streams that it names; true if it is one about the log's keys.
    pub(crate) fn add(&mut self, index: i64, bytes: &[u8], hash: Hash) -> bool {
        let mut is_of_keys = false;
        for name in leaf::streams_of(bytes) {
            is_of_keys |= name == leaf::KEY_STREAM;
            match self.added.get_mut(name) {
                Some(members) => members.push((index, hash)),
                None => drop(self.added.insert(name.to_owned(), vec![(index, hash)])),
            }
        }
        is_of_keys
    }

    /// Lays what was added into its streams, after the rows that will be added to were read. Ahead of the writer for
    /// most leaves, once more for those that the writer reads.
    ///
    /// # Errors
    /// The engine's refusal; a value error if the rows are not those of the index, or a stream is as long as any may be.
    pub(crate) async fn lay(&mut self, session: &mut Session, index: &StreamIndex) -> Result<()> {
        for (name, members) in std::mem::take(&mut self.added) {
            let grown = match self.grown.entry(name) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(new) => {
                    let grown = Grown::read(session, new.key(), index.stream(new.key())).await?;
                    new.insert(grown)
                }
            };
            for (at, hash) in members {
                grown.add(at, hash)?;
            }
        }
        Ok(())
    }

    /// Puts the growth into the index and makes the rows that say the same.
    ///
    /// # Errors
    /// A value error if a name is longer than any may be.
    pub(crate) fn take_effect(self, index: &mut StreamIndex) -> Result<StreamRows> {
        let mut rows = StreamRows::default();
        for (name, grown) in self.grown {
            let leaves = i64::try_from(grown.peaks.size()).unwrap_or(i64::MAX);
            let peaks = grown.peaks.roots().iter().flat_map(|hash| hash.0);
            rows.heads.push((name.clone(), leaves, peaks.collect()));
            for (part, root, bytes) in grown.full {
                rows.parts.push((name.clone(), part, root.0, bytes));
            }
            if !grown.bytes.is_empty() {
                let root = grown.row.root().0;
                rows.parts
                    .push((name.clone(), grown.part, root, grown.bytes));
            }
            let put = index.restore(&name, grown.peaks);
            put.map_err(|error| Error::value(0, error))?;
        }
        Ok(rows)
    }
}

impl Grown {
    /// The stream as the newest checkpoint has it.
    async fn read(session: &mut Session, name: &str, peaks: Option<&Peaks>) -> Result<Grown> {
        let peaks = peaks.cloned().unwrap_or_default();
        let leaves = i64::try_from(peaks.size()).unwrap_or(i64::MAX);
        let (part, held) = (leaves / PART_LEAVES, leaves % PART_LEAVES);
        let bytes = match held {
            0 => Vec::new(),
            _ => part_bytes(session, name, part).await?,
        };
        if bytes.len() != usize::try_from(held).unwrap_or_default() * MEMBER_BYTES {
            return Err(Error::value(0, format!("记录串 {name} 的行数与索引不符")));
        }
        Ok(Grown {
            peaks,
            full: Vec::new(),
            part,
            row: peaks_of(&bytes)?,
            bytes,
        })
    }

    fn add(&mut self, index: i64, hash: Hash) -> Result<()> {
        let too_long = |error| Error::value(0, error);
        self.peaks.append(hash).map_err(too_long)?;
        self.row.append(hash).map_err(too_long)?;
        self.bytes.extend_from_slice(&index.to_be_bytes());
        self.bytes.extend_from_slice(&hash.0);
        if self.bytes.len() == PART_LEAVES as usize * MEMBER_BYTES {
            let root = std::mem::take(&mut self.row).root();
            let bytes = std::mem::take(&mut self.bytes);
            self.full.push((self.part, root, bytes));
            self.part += 1;
        }
        Ok(())
    }
}

/// The leaves of one row of a stream, which must be there.
pub(super) async fn part_bytes(session: &mut Session, name: &str, part: i64) -> Result<Vec<u8>> {
    let sql = sql!("SELECT leaves FROM stream_part WHERE key = $1 AND part = $2");
    session.one(sql, args![name, part], |r| r.bytes(0)).await
}

/// Rows of `stream_sealed` and `stream_part`.
#[derive(Debug, Default)]
pub(crate) struct StreamRows {
    heads: Vec<(String, i64, Vec<u8>)>,
    parts: Vec<(String, i64, [u8; 32], Vec<u8>)>,
}

impl StreamRows {
    /// Writes the rows.
    pub(crate) async fn write(&self, tx: &mut Tx) -> Result<()> {
        let heads = bulk!(
            "stream_sealed(key, leaves, peaks)",
            "ON CONFLICT (key) DO UPDATE SET leaves = excluded.leaves, peaks = excluded.peaks"
        );
        let keys: Vec<&str> = self.heads.iter().map(|h| h.0.as_str()).collect();
        let leaves: Vec<i64> = self.heads.iter().map(|h| h.1).collect();
        let peaks: Vec<&[u8]> = self.heads.iter().map(|h| h.2.as_slice()).collect();
        let columns = [Col::T(&keys), Col::I(&leaves), Col::B(&peaks)];
        tx.bulk(heads, &columns).await?;
        let parts = bulk!(
            "stream_part(key, part, root, leaves)",
            "ON CONFLICT (key, part) DO UPDATE SET root = excluded.root, leaves = excluded.leaves"
        );
        let keys: Vec<&str> = self.parts.iter().map(|p| p.0.as_str()).collect();
        let numbers: Vec<i64> = self.parts.iter().map(|p| p.1).collect();
        let roots: Vec<&[u8]> = self.parts.iter().map(|p| p.2.as_slice()).collect();
        let leaves: Vec<&[u8]> = self.parts.iter().map(|p| p.3.as_slice()).collect();
        let columns = [
            Col::T(&keys),
            Col::I(&numbers),
            Col::B(&roots),
            Col::B(&leaves),
        ];
        tx.bulk(parts, &columns).await.map(|_| ())
    }
}

/// The members of a row.
pub(crate) fn members(bytes: &[u8]) -> Result<Vec<Member>> {
    let wrong = || Error::value(0, "记录串的行长度不对，请核查数据库");
    if !bytes.len().is_multiple_of(MEMBER_BYTES) {
        return Err(wrong());
    }
    bytes
        .chunks_exact(MEMBER_BYTES)
        .map(|member| {
            let (index, hash) = member.split_first_chunk::<8>().ok_or_else(wrong)?;
            let hash: [u8; 32] = hash.try_into().map_err(|_| wrong())?;
            Ok((i64::from_be_bytes(*index), Hash(hash)))
        })
        .collect()
}

/// The tree over the leaves of a row.
fn peaks_of(bytes: &[u8]) -> Result<Peaks> {
    let mut peaks = Peaks::new();
    for (_, hash) in members(bytes)? {
        peaks.append(hash).map_err(|error| Error::value(0, error))?;
    }
    Ok(peaks)
}

/// All streams as the newest checkpoint has them.
pub(crate) async fn sealed_streams(session: &mut Session) -> Result<StreamIndex> {
    let sql =
        sql!("SELECT key, leaves, peaks FROM stream_sealed WHERE key > $1 ORDER BY key LIMIT $2");
    let mut index = StreamIndex::new();
    let mut after = String::new();
    loop {
        let rows = session
            .rows(sql, args![after.as_str(), HEADS_AT_ONCE], |r| {
                Ok((r.text(0)?, r.i64(1)?, r.bytes(2)?))
            })
            .await?;
        let Some((last, ..)) = rows.last() else {
            return Ok(index);
        };
        after.clone_from(last);
        for (name, leaves, peaks) in rows {
            let roots = peaks
                .chunks_exact(32)
                .filter_map(|root| root.try_into().ok().map(Hash))
                .collect();
            let peaks = Peaks::from_parts(leaves.unsigned_abs(), roots)
                .map_err(|error| Error::value(0, error))?;
            index
                .restore(&name, peaks)
                .map_err(|error| Error::value(0, error))?;
        }
    }
}

/// Streams that are read at once.
const HEADS_AT_ONCE: i64 = 10_000;

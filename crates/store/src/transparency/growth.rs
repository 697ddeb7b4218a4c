//! What the streams of the log have grown by since the newest checkpoint.

use db::{Col, Error, Result, Session, Tx, args, bulk, sql};
use leaf::StreamIndex;
use std::collections::BTreeMap;
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
    added: BTreeMap<String, Vec<Member>>,
    /// The bytes of the last row of streams whose row is not full, as they were read.
    tails: BTreeMap<String, Vec<u8>>,
}

impl Growth {
    /// Takes a leaf into the streams that it names.
    pub(crate) fn add(&mut self, index: i64, bytes: &[u8], hash: Hash) {
        for name in leaf::streams_of(bytes) {
            match self.added.get_mut(name) {
                Some(members) => members.push((index, hash)),
                None => drop(self.added.insert(name.to_owned(), vec![(index, hash)])),
            }
        }
    }

    /// Reads the rows that will be added to and were not read yet; ahead of the writer most of them.
    pub(crate) async fn read_tails(
        &mut self,
        session: &mut Session,
        index: &StreamIndex,
    ) -> Result<()> {
        let sql = sql!("SELECT leaves FROM stream_part WHERE key = $1 AND part = $2");
        for name in self.added.keys() {
            let leaves = length(index, name);
            if leaves % PART_LEAVES == 0 || self.tails.contains_key(name) {
                continue;
            }
            let part = leaves / PART_LEAVES;
            let tail = session
                .one(sql, args![name.as_str(), part], |r| r.bytes(0))
                .await?;
            self.tails.insert(name.clone(), tail);
        }
        Ok(())
    }

    /// Puts the growth into the index and makes the rows that say the same.
    ///
    /// # Errors
    /// A value error if the rows are not those of the index, or a stream is as long as any may be.
    pub(crate) fn take_effect(&self, index: &mut StreamIndex) -> Result<StreamRows> {
        let mut rows = StreamRows::default();
        for (name, members) in &self.added {
            let tail = self.tails.get(name).map_or(&[][..], Vec::as_slice);
            rows.parts_of(name, length(index, name), tail, members)?;
            for (_, hash) in members {
                index
                    .append(name, *hash)
                    .map_err(|error| Error::value(0, error))?;
            }
            if let Some(peaks) = index.stream(name) {
                rows.heads.push((
                    name.clone(),
                    i64::try_from(peaks.size()).unwrap_or(i64::MAX),
                    peaks.roots().iter().flat_map(|hash| hash.0).collect(),
                ));
            }
        }
        Ok(rows)
    }
}

fn length(index: &StreamIndex, name: &str) -> i64 {
    let leaves = index.stream(name).map_or(0, Peaks::size);
    i64::try_from(leaves).unwrap_or(i64::MAX)
}

/// Rows of `stream_sealed` and `stream_part`.
#[derive(Debug, Default)]
pub(crate) struct StreamRows {
    heads: Vec<(String, i64, Vec<u8>)>,
    parts: Vec<(String, i64, [u8; 32], Vec<u8>)>,
}

impl StreamRows {
    /// The rows of one stream of `leaves` leaves to which `members` are added; `tail` is what its last row holds.
    fn parts_of(&mut self, name: &str, leaves: i64, tail: &[u8], members: &[Member]) -> Result<()> {
        let held = usize::try_from(leaves % PART_LEAVES).unwrap_or_default();
        if tail.len() != held * MEMBER_BYTES {
            return Err(Error::value(0, format!("记录串 {name} 的行数与索引不符")));
        }
        let mut part = leaves / PART_LEAVES;
        let mut bytes = tail.to_vec();
        for (count, (index, hash)) in members.iter().enumerate() {
            bytes.extend_from_slice(&index.to_be_bytes());
            bytes.extend_from_slice(&hash.0);
            let is_full = bytes.len() == PART_LEAVES as usize * MEMBER_BYTES;
            if is_full || count + 1 == members.len() {
                let root = part_root(&bytes)?;
                let row = std::mem::take(&mut bytes);
                self.parts.push((name.to_owned(), part, root.0, row));
                part += 1;
            }
        }
        Ok(())
    }

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

/// The root over the leaves of a row.
pub(crate) fn part_root(bytes: &[u8]) -> Result<Hash> {
    let mut peaks = Peaks::new();
    for (_, hash) in members(bytes)? {
        peaks.append(hash).map_err(|error| Error::value(0, error))?;
    }
    Ok(peaks.root())
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

//! 〔从镜像恢复〕 A database that is behind the guard gets the leaves that it lost from a copy of its log, says them again
//! by rows, and takes over the checkpoint that it had signed: all of it in one transaction, or nothing.

use super::growth::{Growth, sealed_streams};
use super::guard::{Guard, Guarded, Mark};
use super::log::checkpoint_newest;
use super::recover_entries::{holds_entries, recover_entries};
use super::sequencer::{SealError, edge_at, stated_at, tiles_write};
use super::spool::LeafSpool;
use crate::batch::{Batch, Clues, GivenWord, House, Losses, Replay, Stop};
use crate::limits::SEAL_LEAVES_MAX;
use crate::writer::load_state;
use db::{Commits, Db, Tx, args, sql};
use kernel::{Id, Timestamp};
use leaf::{IndexStatement, LeafTime, OwnWord, RECOVERY_STREAM, Recovery, StreamIndex, ids};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use tlog::{Checkpoint, Edge, Hash};

/// What a verified copy of the log has.
pub struct Refill<'t> {
    /// The index of the first of `leaves`: how many the database has.
    pub from: i64,
    /// The leaves behind those of the database, up to the checkpoint.
    pub leaves: LeafSpool,
    /// What was signed over all of them.
    pub checkpoint: Checkpoint,
    /// The signed note with the log's own lines.
    pub note: String,
    /// Earlier checkpoints with their notes that lead from one key of the log to the next, the smallest first.
    pub vouching: Vec<(Checkpoint, String)>,
    /// Public words that somebody kept elsewhere.
    pub words: Vec<GivenWord>,
    /// Checkpoints of this log that others keep: the copy must hold each of them.
    pub seen: Vec<Seen>,
    /// What a person says is the size of the last checkpoint that was signed, where nothing else can tell.
    pub confirmed: Option<i64>,
    /// Told now and then how many leaves were said again.
    pub told: &'t (dyn Fn(u64) + Sync),
}

/// A checkpoint that was signed, and who shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The checkpoint.
    pub mark: Mark,
    /// Who shows it, for messages.
    pub by: String,
}

/// What was recovered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recovered {
    /// The checkpoints that the log was held against: the guard's first, if there is one.
    pub seen: Vec<Seen>,
    /// A test log: its entries state nothing, so nothing can be missing beside them.
    pub is_test: bool,
    /// Leaves that were added.
    pub leaves: i64,
    /// Leaves under the checkpoint.
    pub size: i64,
    /// Words that an earlier recovery had to leave out and that came back now.
    pub filled: u64,
    /// What was not brought back.
    pub losses: Losses,
}

impl Recovered {
    /// Whether a guard file remembered what was signed.
    #[must_use]
    pub fn is_guarded(&self) -> bool {
        self.seen.first().is_some_and(|one| one.by == BY_GUARD)
    }
}

/// Why nothing was recovered; the database is as it was.
#[derive(Debug, thiserror::Error)]
pub enum RecoverError {
    /// The database or the guard.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The copy ends before what was signed.
    #[error(
        "镜像只有{copy}条，本机已经签到{signed}条（见{by}）；用它恢复会丢掉已经公布的记录，没有恢复。请找更新的镜像"
    )]
    Short {
        /// Leaves of the copy.
        copy: i64,
        /// Leaves that were signed.
        signed: i64,
        /// Who knows.
        by: String,
    },
    /// Nothing says whether the copy is the newest.
    #[error(
        "没有守卫文件 {file}，谁也不知道这份镜像（{copy}条）是不是最新的；镜像若旧了，恢复后再签名就是两份历史，没有恢复。请再给一样凭证：--witness-policy 验证政策文件（向见证人核对），或 --at-least 别处存下的检查点或凭据；都没有，而您能确定它就是最新的，请写 --confirm {copy}"
    )]
    Unguarded {
        /// Where the guard file should be.
        file: String,
        /// Leaves of the copy.
        copy: i64,
    },
    /// A person has confirmed another size than that of the copy.
    #[error(
        "您确认的是{confirmed}条，镜像却是{copy}条，没有恢复；请核对镜像，确定它是最新的以后写 --confirm {copy}"
    )]
    OtherSize {
        /// What the person said.
        confirmed: i64,
        /// Leaves of the copy.
        copy: i64,
    },
    /// The database has more than the copy.
    #[error("数据库有{held}条，镜像只有{copy}条，没有可补的，没有恢复")]
    Nothing {
        /// Leaves of the database.
        held: i64,
        /// Leaves of the copy.
        copy: i64,
    },
    /// The leaves of the copy cannot be kept on disk or read again.
    #[error("数据目录放不下镜像的陈述：{0}；没有恢复，请腾出磁盘空间再运行一次")]
    Spool(#[from] std::io::Error),
    /// The database changed meanwhile.
    #[error("读镜像的时候数据库变了，没有恢复，请再运行一次")]
    Moved,
    /// The database is not the beginning of the copy, or the copy is not what was signed.
    #[error("镜像与{what}不符，没有恢复；请保存这份镜像，换一份再试，仍不符请联系监管部门")]
    Differs {
        /// What it differs from.
        what: String,
    },
    /// A log from before the index.
    #[error(
        "数据库里没有带索引的检查点，不能从镜像恢复这样的数据库；请找一份较新的备份，或者从空的数据库恢复"
    )]
    NoBeginning,
    /// A leaf that rows cannot say again.
    #[error(
        "第{index}条是“{kind}”，本程序没有它的表，不能从陈述补出来，没有恢复；请换写下它的那个版本的程序，或者找一份备份在它之后的数据库"
    )]
    Kind {
        /// The leaf.
        index: i64,
        /// Its title.
        kind: &'static str,
    },
    /// A leaf that does not continue what is here.
    #[error("第{index}条陈述接不上：{why}，没有恢复；请核对备份与镜像是否属于同一日志")]
    Leaf {
        /// The leaf.
        index: i64,
        /// Why.
        why: String,
    },
}

impl RecoverError {
    /// Stable code for machines.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            RecoverError::Seal(_) => "recover.database",
            RecoverError::Short { .. } => "recover.short",
            RecoverError::Unguarded { .. } => "recover.unguarded",
            RecoverError::OtherSize { .. } => "recover.other_size",
            RecoverError::Nothing { .. } => "recover.nothing",
            RecoverError::Spool(_) => "recover.disk",
            RecoverError::Moved => "recover.moved",
            RecoverError::Differs { .. } => "recover.differs",
            RecoverError::NoBeginning => "recover.no_beginning",
            RecoverError::Kind { .. } => "recover.kind",
            RecoverError::Leaf { .. } => "recover.leaf",
        }
    }
}

impl RecoverError {
    /// Why a leaf was not said again.
    fn at(index: i64, stop: Stop) -> RecoverError {
        match stop {
            Stop::Database(error) => error.into(),
            Stop::Kind(kind) => RecoverError::Kind { index, kind },
            Stop::Broken(why) => RecoverError::Leaf { index, why },
        }
    }
}

impl From<db::Error> for RecoverError {
    fn from(error: db::Error) -> RecoverError {
        RecoverError::Seal(error.into())
    }
}

/// Leaves that are said again before their rows are written.
pub(super) const LEAVES_AT_ONCE: u64 = 1_024;
/// What the guard is called in messages.
const BY_GUARD: &str = "守卫文件";
/// Hashes of leaves that are read at once.
const HASHES_AT_ONCE: i64 = 65_536;

pub(super) type Outcome<T> = std::result::Result<T, RecoverError>;

/// Brings the database to the copy's checkpoint. Run again after a crash, it finds what was done and finishes the rest.
///
/// # Errors
/// `RecoverError`; the database is as it was.
pub async fn recover(
    db: &Db,
    house: &Arc<House>,
    guard: &Guard,
    (mut refill, now): (Refill<'_>, Timestamp),
) -> Outcome<Recovered> {
    let size = i64::try_from(refill.checkpoint.size()).unwrap_or(i64::MAX);
    if refill.from > size && !refill.words.is_empty() {
        return fill(db, house, (&refill, now)).await;
    }
    let known = (refill.seen.as_slice(), refill.confirmed);
    let seen = recover_may(guard, (&house.origin, &refill.checkpoint), known)?;
    let done = |leaves, filled, losses| Recovered {
        leaves,
        size,
        filled,
        losses,
        seen: seen.clone(),
        is_test: false,
    };
    if refill.from > size && is_recovered(db, &refill, &seen).await? {
        remember(guard, house, &refill.checkpoint)?;
        return Ok(done(0, 0, Losses::default()));
    }
    if refill.from > size {
        return Err(RecoverError::Nothing {
            held: refill.from,
            copy: size,
        });
    }
    let mut tx = db.begin_with(Commits::OnDisk).await?;
    forget_beginning(&mut tx).await?;
    if holds_entries(&mut tx, &mut refill).await? {
        let mut tx = recover_entries(tx, house, (&mut refill, now)).await?;
        check_seen(&mut tx, &seen).await?;
        tx.commit().await?;
        remember(guard, house, &refill.checkpoint)?;
        return Ok(Recovered {
            is_test: true,
            ..done(refill.leaves.number(), 0, Losses::default())
        });
    }
    let state = load_state(&mut tx).await?;
    if state.next_leaf != refill.from {
        return Err(RecoverError::Moved);
    }
    let mut grown = Grown::begin(&mut tx, refill.from).await?;
    let clues = Clues::gather(refill.leaves.read()?, &refill.words)?;
    let named = clues.named_before(refill.leaves.read()?)?;
    let places = places_of(&mut tx, named).await?;
    let mut batch = Batch::new(tx, state, Arc::clone(house));
    let mut replay = Replay::new(&mut batch, (clues, places), now);
    let mut met = grown.replay(&mut replay, &mut refill).await?;
    let filled = replay.fill(&refill.words, refill.from).await;
    let filled = filled.map_err(|stop| RecoverError::at(size, stop))?;
    let finished = replay.finish((refill.from, size)).await;
    let losses = finished.map_err(|stop| RecoverError::at(size, stop))?;
    let number = size.saturating_sub(refill.from);
    batch.recovered(number, (refill.from, now)).await?;
    let mut tx = batch.written().await?;
    let already = grown.sealed == size;
    if !already {
        grown.finish(&mut tx, refill.leaves.last()).await?;
        met.push((refill.checkpoint.clone(), refill.note.clone()));
        checkpoints_write(&mut tx, &met, now).await?;
    }
    check_seen(&mut tx, &seen).await?;
    tx.commit().await?;
    remember(guard, house, &refill.checkpoint)?;
    Ok(done(number, filled, losses))
}

/// What the guard and others know to be signed: the copy must reach all of it, and without any of it only a person can say
/// that the copy is the newest. Asked before the copy is read, since that takes its time.
///
/// # Errors
/// `Short`, `Unguarded`, `OtherSize`; the guard cannot be read or is that of another log.
pub fn recover_may(
    guard: &Guard,
    (origin, copy): (&str, &Checkpoint),
    (seen, confirmed): (&[Seen], Option<i64>),
) -> Outcome<Vec<Seen>> {
    let copy = i64::try_from(copy.size()).unwrap_or(i64::MAX);
    if let Some(confirmed) = confirmed.filter(|confirmed| *confirmed != copy) {
        return Err(RecoverError::OtherSize { confirmed, copy });
    }
    let guarded = signed_by(guard, origin)?.map(|mark| Seen {
        mark,
        by: BY_GUARD.to_owned(),
    });
    let seen: Vec<Seen> = guarded.into_iter().chain(seen.iter().cloned()).collect();
    let largest = seen.iter().max_by_key(|one| one.mark.size);
    match largest {
        None if confirmed.is_none() => Err(RecoverError::Unguarded {
            file: guard.path().display().to_string(),
            copy,
        }),
        Some(one) if one.mark.size > copy => Err(RecoverError::Short {
            copy,
            signed: one.mark.size,
            by: one.by.clone(),
        }),
        _ => Ok(seen),
    }
}

/// Each checkpoint that somebody has seen stands in the tree as it is now.
async fn check_seen(tx: &mut Tx, seen: &[Seen]) -> Outcome<()> {
    for one in seen {
        let root = match one.mark.size {
            0 => Hash::EMPTY_ROOT,
            size => edge_at(tx, size).await?.root(),
        };
        if root != one.mark.root {
            let what = format!("{}里{}条的检查点", one.by, one.mark.size);
            return Err(RecoverError::Differs { what });
        }
    }
    Ok(())
}

/// The guard learns that this checkpoint was signed.
fn remember(guard: &Guard, house: &House, checkpoint: &Checkpoint) -> Outcome<()> {
    let size = i64::try_from(checkpoint.size()).unwrap_or(i64::MAX);
    let root = checkpoint.root();
    let said = Guarded {
        origin: house.origin.clone(),
        signed: Some(Mark { size, root }),
        signing: None,
    };
    let written = guard.write(&said);
    written.map_err(|source| SealError::of_guard(guard, source).into())
}

/// Whether an earlier run was cut off after its commit: the database ends in the copy's checkpoint and the announcement
/// behind it, and has what was signed; only the guard does not know it yet.
async fn is_recovered(db: &Db, refill: &Refill<'_>, seen: &[Seen]) -> Outcome<bool> {
    let size = i64::try_from(refill.checkpoint.size()).unwrap_or(i64::MAX);
    let mut read = db.read_tx().await?;
    let newest = checkpoint_newest(&mut read).await?;
    let root = refill.checkpoint.root().0;
    if newest.map(|newest| (newest.size, newest.root)) != Some((size, root)) {
        return Ok(false);
    }
    let behind = crate::audit::leaf_rows_from(&mut read, size, 2).await?;
    let is_announced = match behind.as_slice() {
        [only] => Recovery::parse(&only.bytes).is_some(),
        _ => false,
    };
    for one in seen {
        if one.mark.size > size || edge_at(&mut read, one.mark.size).await?.root() != one.mark.root
        {
            return Ok(false);
        }
    }
    Ok(is_announced)
}

impl Batch {
    /// Whether a part of the log was ever brought back from a copy: the gifts in it have no number of a payment.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn was_recovered(&mut self) -> db::Result<bool> {
        self.load_streams(&[RECOVERY_STREAM.to_owned()]).await?;
        let count = self.state.streams.get(RECOVERY_STREAM).copied();
        Ok(count.is_some_and(|count| count > 0))
    }

    /// The log says what was brought back, if anything was; whoever starts the house next signs it.
    async fn recovered(&mut self, number: i64, (before, now): (i64, Timestamp)) -> Outcome<()> {
        match number > 0 {
            true => self.recovery_leaf(&Recovery { before, number }, now).await,
            false => Ok(()),
        }
    }

    async fn recovery_leaf(&mut self, said: &Recovery, now: Timestamp) -> Outcome<()> {
        self.load_streams(&[RECOVERY_STREAM.to_owned()]).await?;
        let count = self.state.streams.get(RECOVERY_STREAM).copied();
        let sequence = count.unwrap_or(0).saturating_add(1);
        let id = Id::<ids::Recovery>::from_raw(self.state.next_leaf);
        let leaf = said.leaf(self.house.print(id), LeafTime::second(now), sequence);
        let written = self.own_leaf(&leaf, (RECOVERY_STREAM, sequence));
        written.map_err(|error| SealError::Making(error.to_string()))?;
        Ok(())
    }
}

/// Gives words back in a house that has written on since it was recovered.
async fn fill(
    db: &Db,
    house: &Arc<House>,
    (refill, now): (&Refill<'_>, Timestamp),
) -> Outcome<Recovered> {
    let mut tx = db.begin_with(Commits::OnDisk).await?;
    let state = load_state(&mut tx).await?;
    let size = state.next_leaf;
    let mut batch = Batch::new(tx, state, Arc::clone(house));
    let known = (Clues::default(), HashMap::new());
    let mut replay = Replay::new(&mut batch, known, now);
    let filled = replay.fill(&refill.words, size).await;
    let filled = filled.map_err(|stop| RecoverError::at(size, stop))?;
    let finished = replay.finish((size, size)).await;
    let losses = finished.map_err(|stop| RecoverError::at(size, stop))?;
    batch.written().await?.commit().await?;
    Ok(Recovered {
        leaves: 0,
        size,
        filled,
        losses,
        seen: Vec::new(),
        is_test: false,
    })
}

/// A house that was started on an empty database has written a first leaf and signed nothing: it never was.
async fn forget_beginning(tx: &mut Tx) -> Outcome<()> {
    if checkpoint_newest(tx).await?.is_none() && super::leaf_count(tx).await? <= 1 {
        tx.exec(sql!("DELETE FROM log_leaf WHERE idx = 0"), args![])
            .await?;
    }
    Ok(())
}

/// Where the leaves of these hashes stand in the database, as far as it has them.
async fn places_of(tx: &mut Tx, mut wanted: HashSet<[u8; 32]>) -> Outcome<HashMap<[u8; 32], i64>> {
    let sql = sql!("SELECT idx, hash FROM log_leaf WHERE idx >= $1 ORDER BY idx LIMIT $2");
    let (mut found, mut from) = (HashMap::new(), 0);
    while !wanted.is_empty() {
        let rows = tx
            .rows(sql, args![from, HASHES_AT_ONCE], |r| {
                Ok((r.i64(0)?, r.array::<32>(1)?))
            })
            .await?;
        let Some(last) = rows.last() else { break };
        from = last.0.saturating_add(1);
        found.extend(
            rows.iter()
                .filter(|row| wanted.remove(&row.1))
                .map(|row| (row.1, row.0)),
        );
    }
    Ok(found)
}

/// The checkpoints that came back with the leaves.
pub(super) async fn checkpoints_write(
    tx: &mut Tx,
    checkpoints: &[(Checkpoint, String)],
    now: Timestamp,
) -> Outcome<()> {
    let insert = sql!(
        "INSERT INTO log_checkpoint (size, root, note, signed_at) VALUES ($1, $2, $3, $4) ON CONFLICT (size) DO NOTHING"
    );
    for (checkpoint, note) in checkpoints {
        let size = i64::try_from(checkpoint.size()).unwrap_or(i64::MAX);
        let values = args![size, checkpoint.root().0, note, now.micros()];
        tx.exec(insert, values).await?;
    }
    Ok(())
}

/// What the guard says was signed.
fn signed_by(guard: &Guard, origin: &str) -> Outcome<Option<Mark>> {
    let said = guard.read();
    let said = said.map_err(|source| SealError::of_guard(guard, source.into()))?;
    match said {
        Some(other) if other.origin != origin => Err(SealError::OtherLog {
            file: guard.path().display().to_string(),
            origin: other.origin,
        }
        .into()),
        Some(said) => Ok(said.signed),
        None => Ok(None),
    }
}

/// The tree and the streams as they grow.
struct Grown {
    edge: Edge,
    growth: Growth,
    /// The streams as the rows have them.
    index: StreamIndex,
    /// Leaves under the newest checkpoint of the database.
    sealed: i64,
}

impl Grown {
    /// The database as it is: what it has signed, and what it has not.
    async fn begin(tx: &mut Tx, held: i64) -> Outcome<Grown> {
        let mut grown = Grown {
            edge: Edge::new(),
            growth: Growth::default(),
            index: sealed_streams(tx).await?,
            sealed: 0,
        };
        if let Some(newest) = checkpoint_newest(tx).await? {
            grown.edge = edge_at(tx, newest.size).await?;
            grown.sealed = newest.size;
            if grown.edge.root() != Hash(newest.root) {
                return Err(SealError::Inconsistent.into());
            }
            let last = newest.size.saturating_sub(1);
            if stated_at(tx, last).await?.is_none() {
                return Err(RecoverError::NoBeginning);
            }
        }
        let mut from = grown.sealed;
        while from < held {
            let limit = i64::try_from(SEAL_LEAVES_MAX).unwrap_or(i64::MAX);
            let leaves = crate::audit::leaf_rows_from(tx, from, limit).await?;
            let Some(last) = leaves.last().map(|leaf| leaf.index) else {
                return Err(SealError::Damaged { index: from }.into());
            };
            for leaf in &leaves {
                grown.add(leaf.index, &leaf.bytes)?;
            }
            from = last.saturating_add(1);
        }
        Ok(grown)
    }

    fn add(&mut self, index: i64, bytes: &[u8]) -> Outcome<()> {
        let hash = tlog::leaf_hash(bytes);
        let added = self.edge.append(hash);
        added.map_err(|error| SealError::Making(error.to_string()))?;
        self.growth.add(index, bytes, hash);
        Ok(())
    }

    /// Takes the leaves in and says them again, so many at a time that memory does not matter. Returns the earlier
    /// checkpoints that were met on the way.
    async fn replay(
        &mut self,
        replay: &mut Replay<'_>,
        refill: &mut Refill<'_>,
    ) -> Outcome<Vec<(Checkpoint, String)>> {
        let (mut met, mut waiting, mut done) = (Vec::new(), 0, 0_u64);
        for (index, bytes) in (refill.from..).zip(refill.leaves.read()?) {
            let bytes = bytes?;
            self.add(index, &bytes)?;
            let said = replay.leaf(index, &bytes).await;
            said.map_err(|stop| RecoverError::at(index, stop))?;
            met.extend(self.vouched(&refill.vouching)?);
            waiting += 1;
            if waiting == LEAVES_AT_ONCE {
                self.put(replay.rest().await?).await?;
                done = done.saturating_add(waiting);
                (refill.told)(done);
                waiting = 0;
            }
        }
        let signed = (refill.checkpoint.size(), refill.checkpoint.root());
        match (self.edge.size(), self.edge.root()) == signed {
            true => Ok(met),
            false => Err(RecoverError::Differs {
                what: "数据库".to_owned(),
            }),
        }
    }

    /// The earlier checkpoints that were signed over exactly what has grown so far.
    fn vouched(&self, vouching: &[(Checkpoint, String)]) -> Outcome<Vec<(Checkpoint, String)>> {
        let here = vouching.iter();
        let here = here.filter(|one| one.0.size() == self.edge.size());
        let here: Vec<_> = here.cloned().collect();
        match here.iter().all(|one| one.0.root() == self.edge.root()) {
            true => Ok(here),
            false => Err(RecoverError::Differs {
                what: "公钥历史里的检查点".to_owned(),
            }),
        }
    }

    /// Writes streams and tiles as far as they have grown.
    async fn put(&mut self, tx: &mut Tx) -> Outcome<()> {
        let mut growth = std::mem::take(&mut self.growth);
        growth.lay(tx, &self.index).await?;
        let rows = growth.take_effect(&mut self.index)?;
        rows.write(tx).await?;
        tiles_write(tx, &self.edge.take_full_tiles()).await?;
        Ok(())
    }

    /// Writes the rest, if the index is the one that the last leaf states.
    async fn finish(&mut self, tx: &mut Tx, last: &[u8]) -> Outcome<()> {
        self.put(tx).await?;
        let stated = IndexStatement::parse(last).ok().flatten();
        if stated.map(|stated| stated.root) != Some(self.index.root()) {
            return Err(RecoverError::Differs {
                what: "它自己的索引".to_owned(),
            });
        }
        Ok(())
    }
}

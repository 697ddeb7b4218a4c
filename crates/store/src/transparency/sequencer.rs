//! The sequencer: reads committed leaves again, hashes them, builds tiles and hands what it has to the writer, who ends
//! the batch with a statement of the index and writes the checkpoint.
//!
//! It is a function of the database: losing everything it holds loses nothing.

use super::growth::{Growth, sealed_streams};
use super::guard::{Guard, GuardError, Guarded, Mark};
use super::keys::{SharedLogKeys, key_book, verifiers};
use super::standing::{SharedStanding, Standing, UNFINISHED};
use crate::batch::House;
use crate::limits::{SEAL_BEHIND_MAX, SEAL_LEAVES_MAX};
use db::{Col, Db, Result, Session, Tx, args, bulk, sql};
use kernel::{Id, Timestamp};
use leaf::{IndexStatement, KeyBook, LeafTime, StreamIndex};
use std::sync::Arc;
use tlog::{Checkpoint, Edge, Hash, SignedNote, Tile, TileKind};

/// Why nothing was signed.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// The engine's refusal.
    #[error(transparent)]
    Database(#[from] db::Error),
    /// A stored leaf does not hash to its stored hash, or leaves are missing.
    #[error("日志叶 {index} 的内容与入库时的散列不符，已停止签名，请立即通知管理员核查数据库")]
    Damaged {
        /// The leaf.
        index: i64,
    },
    /// The rebuilt tree is not the one that was signed before.
    #[error("日志与上一次签名的检查点不一致，已停止签名，请立即通知管理员核查数据库")]
    Inconsistent,
    /// The edge or the checkpoint could not be made.
    #[error("检查点无法生成：{0}")]
    Making(String),
    /// The database has not what was signed: a backup was restored, or the file belongs to another database.
    #[error(
        "守卫文件 {file} 记着已签过{signed}条的检查点，数据库里没有它（最新的是{held}条）；数据库可能是从旧备份恢复的，已转为只读；旧备份里的密码、角色和两步验证也是旧的。请换上最新的数据库，或用 shanji log recover 从镜像补回，再启动"
    )]
    Behind {
        /// The guard file.
        file: String,
        /// Leaves under the checkpoint that was signed.
        signed: i64,
        /// Leaves under the newest checkpoint that the database has.
        held: i64,
    },
    /// There is no guard file beside a database that has signed: it may be an old copy, and nothing here can tell.
    #[error(
        "数据库已签到{held}条，守卫文件 {file} 却不在：它可能是旧备份，本机看不出，已转为只读，什么也不签。请先停止服务，运行 shanji log guard 核对并确认；确是旧备份的，用 shanji log recover 从镜像补回，再启动"
    )]
    Unguarded {
        /// Where the guard file should be.
        file: String,
        /// Leaves under the newest checkpoint that the database has.
        held: i64,
    },
    /// A witness keeps a checkpoint that this house's own key has signed, and the database has not reached it.
    #[error(
        "见证人 {witness} 存着本日志{theirs}条的检查点，是用本机的密钥签的，数据库却只签到{held}条：数据库是旧的，已转为只读，什么也不签。请先停止服务，换上最新的数据库，或用 shanji log recover 从镜像补回，再启动"
    )]
    WitnessAhead {
        /// The name of the witness.
        witness: String,
        /// Leaves under the checkpoint that it keeps.
        theirs: i64,
        /// Leaves under the newest checkpoint that the database has.
        held: i64,
    },
    /// A witness keeps a checkpoint that this house's own key has signed over another tree.
    #[error(
        "见证人 {witness} 存着本日志{size}条的检查点，是用本机的密钥签的，根却与数据库的不同：日志出现了两份历史，已转为只读，什么也不签。请先停止服务，保存见证人的检查点；数据库若是旧备份，请换上最新的，或用 shanji log recover 从镜像补回；都不是，请联系监管部门"
    )]
    WitnessDiffers {
        /// The name of the witness.
        witness: String,
        /// Leaves under the checkpoint that it keeps.
        size: i64,
    },
    /// The guard file cannot be read or written; nothing was signed.
    #[error("守卫文件 {file} 不能读写：{source}，没有签名，请核对磁盘空间和权限")]
    Guard {
        /// The guard file.
        file: String,
        /// The system's refusal.
        source: std::io::Error,
    },
    /// The disk has not kept the guard file. Trying again would succeed without telling what was lost.
    #[error("磁盘没有保住守卫文件 {file}：{source}，已停止写入，请检查磁盘后重新启动")]
    GuardFlush {
        /// The guard file.
        file: String,
        /// The system's refusal.
        source: std::io::Error,
    },
    /// The guard file is that of another log.
    #[error("守卫文件 {file} 属于另一个日志 {origin}，没有签名，请核对数据目录")]
    OtherLog {
        /// The guard file.
        file: String,
        /// The log that it names.
        origin: String,
    },
    /// The log's leaves name a key that must sign, and its secret half is not here.
    #[error(
        "日志要用公钥 {key} 签名，密钥目录 keys 里没有它的密钥文件，已转为只读；请从备份放回，再重新启动"
    )]
    KeyMissing {
        /// The verifier key.
        key: String,
    },
    /// The one writer has stopped.
    #[error("写入线程已停止，没有签名，请查看服务日志后重新启动")]
    Stopped,
}

fn making(error: impl std::fmt::Display) -> SealError {
    SealError::Making(error.to_string())
}

/// 〔定序〕 The growing edge of the log in memory.
#[derive(Debug)]
pub struct Sequencer {
    house: Arc<House>,
    keys: SharedLogKeys,
    edge: Edge,
    sealed: i64,
    /// Leaves that the index has taken; behind `sealed` only in a log that is older than its index.
    indexed: i64,
    standing: SharedStanding,
    guard: Guard,
}

/// 〔待封存〕 What one tick has read: the writer adds what came since and the statement of the index.
pub struct Pending {
    house: Arc<House>,
    keys: SharedLogKeys,
    /// The keys as the leaves read so far say.
    book: KeyBook,
    standing: SharedStanding,
    now: Timestamp,
    edge: Edge,
    growth: Growth,
    sealed: i64,
    /// Leaves read so far.
    read: i64,
    guard: Guard,
    /// The newest checkpoint before this one.
    before: Option<Mark>,
}

/// A checkpoint that was committed: from here the sequencer goes on.
#[derive(Debug)]
pub struct Sealed {
    edge: Edge,
}

impl SealError {
    pub(super) fn of_guard(guard: &Guard, failed: GuardError) -> SealError {
        let file = guard.path().display().to_string();
        match failed {
            GuardError::Passing(source) => SealError::Guard { file, source },
            GuardError::Flush(source) => SealError::GuardFlush { file, source },
        }
    }

    /// Whether a disk has lost what it took: never tried again, nothing may be written any more.
    #[must_use]
    pub fn is_flush(&self) -> bool {
        match self {
            SealError::Database(error) => error.is_flush(),
            SealError::GuardFlush { .. } => true,
            _ => false,
        }
    }

    /// Whether nothing may be written any more: what was signed is not what is here.
    #[must_use]
    pub fn is_read_only(&self) -> bool {
        matches!(
            self,
            SealError::Behind { .. }
                | SealError::Unguarded { .. }
                | SealError::WitnessAhead { .. }
                | SealError::WitnessDiffers { .. }
                | SealError::OtherLog { .. }
                | SealError::KeyMissing { .. }
        )
    }
}

impl std::fmt::Debug for Pending {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pending").field("read", &self.read).finish()
    }
}

impl Sequencer {
    /// Rebuilds the edge at the newest checkpoint and checks that it is the tree that was signed, and that the index is
    /// the one that its last leaf states.
    ///
    /// # Errors
    /// `SealError`.
    pub async fn load(
        db: &Db,
        house: Arc<House>,
        keys: SharedLogKeys,
        (standing, guard): (SharedStanding, Guard),
    ) -> std::result::Result<Sequencer, SealError> {
        let mut sequencer = Sequencer {
            house,
            keys,
            edge: Edge::new(),
            sealed: 0,
            indexed: 0,
            standing,
            guard,
        };
        sequencer.reload(db).await?;
        Ok(sequencer)
    }

    /// Reads everything again, as at the start; whatever was held is forgotten.
    async fn reload(&mut self, db: &Db) -> std::result::Result<(), SealError> {
        let mut read = db.read_tx().await?;
        let newest = sql!("SELECT size, root FROM log_checkpoint ORDER BY size DESC LIMIT 1");
        let newest = read
            .opt(newest, args![], |r| Ok((r.i64(0)?, r.array::<32>(1)?)))
            .await?;
        let (size, root) = newest.unwrap_or((0, Hash::EMPTY_ROOT.0));
        self.edge = edge_at(&mut read, size).await?;
        if self.edge.root().0 != root {
            return Err(SealError::Inconsistent);
        }
        self.sealed = size;
        self.compare_guard(&mut read).await?;
        if self.house.is_test_log {
            // Its entries state nothing, so there is nothing to index and nothing to prove complete; its first leaf names
            // the key with which it goes on signing.
            self.keys.put(key_book(&mut read).await?);
            self.indexed = size;
            return Ok(());
        }
        let mut index = StreamIndex::new();
        let stated = match size {
            0 => None,
            size => stated_at(&mut read, size.saturating_sub(1)).await?,
        };
        if let Some(stated) = stated {
            index = sealed_streams(&mut read).await?;
            if index.root() != stated {
                return Err(SealError::Inconsistent);
            }
        }
        self.indexed = stated.map_or(0, |_| size);
        let book = match stated {
            Some(_) => key_book(&mut read).await?,
            None => KeyBook::default(),
        };
        self.keys.check(&book)?;
        self.keys.put(book);
        *self.standing.write().await = Standing {
            index,
            size: self.indexed,
        };
        Ok(())
    }

    /// What the guard says was signed must be in the database. A house that has signed nothing gets a guard; one that has
    /// is not believed without it.
    async fn compare_guard(&self, read: &mut Session) -> std::result::Result<(), SealError> {
        let file = || self.guard.path().display().to_string();
        let said = self
            .guard
            .read()
            .map_err(|source| SealError::of_guard(&self.guard, GuardError::Passing(source)))?;
        let origin = &self.house.origin;
        if let Some(other) = said.as_ref().filter(|said| said.origin != *origin) {
            let origin = other.origin.clone();
            return Err(SealError::OtherLog {
                file: file(),
                origin,
            });
        }
        if self.sealed > 0 && said.as_ref().is_none_or(Guarded::is_blank) {
            return Err(SealError::Unguarded {
                file: file(),
                held: self.sealed,
            });
        }
        if let Some(signed) = said.and_then(|said| said.signed) {
            let sql = sql!("SELECT root FROM log_checkpoint WHERE size = $1");
            let held = read
                .opt(sql, args![signed.size], |r| r.array(0).map(Hash))
                .await?;
            if held != Some(signed.root) {
                return Err(SealError::Behind {
                    file: file(),
                    signed: signed.size,
                    held: self.sealed,
                });
            }
        }
        guard_write(&self.guard, origin, self.mark(), None)
    }

    /// The newest checkpoint, if there is one.
    fn mark(&self) -> Option<Mark> {
        let root = self.edge.root();
        (self.sealed > 0).then_some(Mark {
            size: self.sealed,
            root,
        })
    }

    /// Leaves under the newest checkpoint.
    pub fn sealed(&self) -> i64 {
        self.sealed
    }

    /// Reads what was committed since, and hashes it from its stored bytes; nothing if nothing is new.
    ///
    /// The edge moves on only with [`Sequencer::sealed_up_to`], after the writer has committed. If the writer failed
    /// after it had begun to change the index, everything is read again first.
    ///
    /// # Errors
    /// `SealError`; nothing has changed then.
    pub async fn next(
        &mut self,
        db: &Db,
        now: Timestamp,
    ) -> std::result::Result<Option<Pending>, SealError> {
        let is_behind = self.standing.read().await.size != self.indexed;
        if is_behind && !self.house.is_test_log {
            self.reload(db).await?;
        }
        let mut pending = Pending {
            house: Arc::clone(&self.house),
            keys: Arc::clone(&self.keys),
            book: self.keys.book(),
            standing: Arc::clone(&self.standing),
            now,
            edge: self.edge.clone(),
            growth: Growth::default(),
            sealed: self.sealed,
            read: self.indexed,
            guard: self.guard.clone(),
            before: self.mark(),
        };
        let mut read = db.read_tx().await?;
        // What comes while this reads is read too, until little is left for the writer to read.
        while pending.take(&mut read, SEAL_LEAVES_MAX).await? > SEAL_BEHIND_MAX {
            drop(read);
            read = db.read_tx().await?;
        }
        if pending.read == self.sealed && self.indexed == self.sealed {
            return Ok(None);
        }
        let standing = self.standing.read().await;
        pending.growth.lay(&mut read, &standing.index).await?;
        drop(standing);
        Ok(Some(pending))
    }

    /// The writer has committed: the edge moves on.
    pub fn sealed_up_to(&mut self, sealed: Sealed) {
        self.edge = sealed.edge;
        self.sealed = i64::try_from(self.edge.size()).unwrap_or(i64::MAX);
        self.indexed = self.sealed;
    }
}

/// The edge of the log at a checkpoint, from its tiles and the hashes behind them.
pub(super) async fn edge_at(read: &mut Session, size: i64) -> std::result::Result<Edge, SealError> {
    let mut tiles = Vec::new();
    for path in Edge::tiles_to_rebuild(size.unsigned_abs()) {
        let TileKind::Hashes(level) = path.kind() else {
            continue;
        };
        let sql = sql!("SELECT hashes FROM log_tile WHERE level = $1 AND idx = $2");
        let index = i64::try_from(path.index()).map_err(making)?;
        let bytes = read
            .one(sql, args![i64::from(level), index], |r| r.bytes(0))
            .await?;
        tiles.push(Tile::from_bytes(path, &bytes).map_err(making)?);
    }
    let from = size - size % 256;
    let sql = sql!("SELECT hash FROM log_leaf WHERE idx >= $1 AND idx < $2 ORDER BY idx");
    let trailing = read
        .rows(sql, args![from, size], |r| Ok(Hash(r.array(0)?)))
        .await?;
    Edge::rebuild(size.unsigned_abs(), &tiles, &trailing).map_err(making)
}

/// The root that the leaf at `at` states of the index, if it is a statement of the index.
pub(super) async fn stated_at(
    read: &mut Session,
    at: i64,
) -> std::result::Result<Option<Hash>, SealError> {
    let sql = sql!("SELECT bytes FROM log_leaf WHERE idx = $1");
    let bytes = read.one(sql, args![at], |r| r.bytes(0)).await?;
    // A checkpoint before the first index may end in a leaf of any kind.
    let stated = IndexStatement::parse(&bytes).map_err(making)?;
    Ok(stated.map(|stated| stated.root))
}

impl Pending {
    /// Reads leaves behind those that were read, hashes them from their bytes and takes them in. Returns how many.
    async fn take(
        &mut self,
        session: &mut Session,
        limit: usize,
    ) -> std::result::Result<usize, SealError> {
        let sql =
            sql!("SELECT idx, bytes, hash FROM log_leaf WHERE idx >= $1 ORDER BY idx LIMIT $2");
        let (from, limit) = (self.read, i64::try_from(limit).unwrap_or(i64::MAX));
        let (mut wrong, mut unsound) = (None, None);
        session
            .each(sql, args![from, limit], |r| {
                let (index, bytes) = (r.i64(0)?, r.slice(1)?);
                let hash = tlog::leaf_hash(bytes);
                let is_new = index >= self.sealed;
                let sound = index == self.read && hash.0 == r.array::<32>(2)?;
                if !sound || (is_new && self.edge.append(hash).is_err()) {
                    wrong.get_or_insert(self.read);
                }
                if index == 0 {
                    self.book.found(bytes);
                }
                // Entries of a test log state nothing, of streams or of keys.
                if !self.house.is_test_log
                    && self.growth.add(index, bytes, hash)
                    && let Err(error) = self.book.read(index, bytes)
                {
                    unsound.get_or_insert(error);
                }
                self.read += 1;
                Ok(())
            })
            .await?;
        match (wrong, unsound) {
            (Some(index), _) => Err(SealError::Damaged { index }),
            (None, Some(error)) => Err(making(error)),
            (None, None) => Ok(usize::try_from(self.read - from).unwrap_or_default()),
        }
    }

    /// In the writer's transaction: takes in what came since, ends the log with a statement of the index at `next` (a test
    /// log has none), and writes tiles, streams and the signed checkpoint. The index in memory belongs to no checkpoint
    /// until [`Finished::committed`].
    pub(crate) async fn finish(
        mut self,
        tx: &mut Tx,
        next: i64,
    ) -> std::result::Result<Finished, SealError> {
        while self.read < next {
            if self.take(tx, SEAL_LEAVES_MAX).await? == 0 {
                return Err(SealError::Damaged { index: self.read });
            }
        }
        if self.read != next {
            return Err(SealError::Inconsistent);
        }
        let mut standing = Arc::clone(&self.standing).write_owned().await;
        if !self.house.is_test_log {
            standing.size = UNFINISHED;
            self.state_index(tx, next, &mut standing.index).await?;
        }
        self.checkpoint(tx).await?;
        Ok(Finished {
            edge: self.edge,
            standing,
            keys: (self.keys, self.book),
            guard: self.guard,
            house: self.house,
        })
    }

    /// Writes the statement of the index at `next`, and the rows of the streams that say the same.
    async fn state_index(
        &mut self,
        tx: &mut Tx,
        next: i64,
        index: &mut StreamIndex,
    ) -> std::result::Result<(), SealError> {
        let mut growth = std::mem::take(&mut self.growth);
        growth.lay(tx, index).await?;
        let streams = growth.take_effect(index)?;
        let said = IndexStatement::new(next, index.root());
        let id = self.house.print(Id::<leaf::ids::Index>::from_raw(next));
        let bytes = said
            .leaf(id, LeafTime::second(self.now))
            .encode()
            .map_err(making)?;
        let hash = tlog::leaf_hash(&bytes);
        self.edge.append(hash).map_err(making)?;
        let insert = sql!("INSERT INTO log_leaf (idx, bytes, hash) VALUES ($1, $2, $3)");
        tx.exec(insert, args![next, &bytes, hash.0]).await?;
        streams.write(tx).await?;
        Ok(())
    }

    /// Signs the edge and writes what it adds.
    async fn checkpoint(&mut self, tx: &mut Tx) -> std::result::Result<(), SealError> {
        let root = self.edge.root();
        let checkpoint =
            Checkpoint::new(&self.house.origin, self.edge.size(), root).map_err(making)?;
        let signers = self.keys.signing(&self.book, self.now.day())?;
        let note = checkpoint.sign(&signers).map_err(making)?;
        let note = self.beside(note)?;
        // What is about to be published is read back with the verifier's own code.
        let known = verifiers(&signers);
        let opened = Checkpoint::open(&note, &self.house.origin, &known).map_err(making)?;
        if opened.root() != root || opened.size() != self.edge.size() {
            return Err(SealError::Inconsistent);
        }
        tiles_write(tx, &self.edge.take_full_tiles()).await?;
        let size = i64::try_from(self.edge.size()).map_err(making)?;
        // On disk before anybody can see the signature: a later start must know that it may have been seen.
        let signing = Some(Mark { size, root });
        guard_write(&self.guard, &self.house.origin, self.before, signing)?;
        let insert = sql!(
            "INSERT INTO log_checkpoint (size, root, note, signed_at) VALUES ($1, $2, $3, $4)"
        );
        let values = args![size, root.0, note.to_string(), self.now.micros()];
        tx.exec(insert, values).await?;
        Ok(())
    }
}

impl Pending {
    /// The note with the SM2 lines behind the others, if this house has such keys.
    fn beside(&self, note: SignedNote) -> std::result::Result<SignedNote, SealError> {
        let mut lines = Vec::new();
        for sm2 in self.keys.sm2() {
            let line = sm2.sign(note.text());
            if !sm2.verifier().verify(note.text(), &line) {
                return Err(SealError::Inconsistent);
            }
            lines.push(line);
        }
        note.with_signatures(lines).map_err(making)
    }
}

/// Everything is written, and waits for the commit.
pub(crate) struct Finished {
    edge: Edge,
    standing: tokio::sync::OwnedRwLockWriteGuard<Standing>,
    keys: (SharedLogKeys, KeyBook),
    guard: Guard,
    house: Arc<House>,
}

pub(super) fn guard_write(
    guard: &Guard,
    origin: &str,
    signed: Option<Mark>,
    signing: Option<Mark>,
) -> std::result::Result<(), SealError> {
    let said = Guarded {
        origin: origin.to_owned(),
        signed,
        signing,
    };
    let written = guard.write(&said);
    written.map_err(|source| SealError::of_guard(guard, source))
}

impl Finished {
    /// The commit is on disk: proofs are made from this index from now on.
    ///
    /// Beside it, whether the guard file was brought up to date.
    pub(crate) fn committed(mut self) -> (Sealed, std::result::Result<(), SealError>) {
        let size = i64::try_from(self.edge.size()).unwrap_or(i64::MAX);
        if !self.house.is_test_log {
            self.standing.size = size;
        }
        self.keys.0.put(self.keys.1);
        let root = self.edge.root();
        let signed = Some(Mark { size, root });
        // Until it is written the file says that this may have been signed; the next tick writes it again.
        let written = guard_write(&self.guard, &self.house.origin, signed, None);
        if let Err(error) = &written {
            tracing::warn!(
                error = error as &dyn std::error::Error,
                "the guard file was not brought up to date"
            );
        }
        (Sealed { edge: self.edge }, written)
    }

    /// Leaves in the log from now on.
    pub(crate) fn size(&self) -> i64 {
        i64::try_from(self.edge.size()).unwrap_or(i64::MAX)
    }
}

pub(super) async fn tiles_write(tx: &mut Tx, tiles: &[Tile]) -> Result<()> {
    let rows: Vec<(i64, i64, [u8; 32], Vec<u8>)> = tiles
        .iter()
        .filter_map(|tile| {
            let index = i64::try_from(tile.index()).ok()?;
            Some((
                i64::from(tile.level()),
                index,
                tile.root()?.0,
                tile.to_bytes(),
            ))
        })
        .collect();
    let levels: Vec<i64> = rows.iter().map(|t| t.0).collect();
    let indexes: Vec<i64> = rows.iter().map(|t| t.1).collect();
    let roots: Vec<&[u8]> = rows.iter().map(|t| t.2.as_slice()).collect();
    let hashes: Vec<&[u8]> = rows.iter().map(|t| t.3.as_slice()).collect();
    let tiles = bulk!("log_tile(level, idx, root, hashes)", "");
    let columns = [
        Col::I(&levels),
        Col::I(&indexes),
        Col::B(&roots),
        Col::B(&hashes),
    ];
    tx.bulk(tiles, &columns).await.map(|_| ())
}

/// Whether the first leaf says that this is a test log; nothing while there is no leaf.
///
/// # Errors
/// The engine's refusal.
pub async fn is_test_log(session: &mut Session) -> Result<Option<bool>> {
    let sql = sql!("SELECT bytes FROM log_leaf WHERE idx = 0");
    let first = session.opt(sql, args![], |r| r.bytes(0)).await?;
    let kind = |bytes: Vec<u8>| leaf::Leaf::parse(&bytes).map(|leaf| leaf.kind);
    Ok(first.map(|bytes| matches!(kind(bytes), Ok(leaf::Kind::TestLog))))
}

/// Writes the first leaf if the log is empty: its origin, key and first day.
///
/// # Errors
/// The engine's refusal, or a leaf that cannot be written.
pub async fn found(db: &Db, house: &House, now: Timestamp) -> std::result::Result<(), SealError> {
    let mut tx = db.begin().await?;
    let first = sql!("SELECT idx FROM log_leaf WHERE idx = 0");
    if tx.opt(first, args![], |r| r.i64(0)).await?.is_some() {
        tx.rollback().await?;
        return Ok(());
    }
    let mut minter = kernel::IdMinter::new(0);
    let directory = leaf::digest_text(&leaf::directory_digest());
    let mut data: std::collections::BTreeMap<String, leaf::Json> = [
        (
            "key".to_string(),
            leaf::Json::from(house.verifier_key.as_str()),
        ),
        (
            "origin".to_string(),
            leaf::Json::from(house.origin.as_str()),
        ),
        (
            "start".to_string(),
            leaf::Json::from(now.day().to_string().as_str()),
        ),
    ]
    .into();
    if !house.is_test_log {
        data.insert("directory".to_string(), leaf::Json::from(directory));
    }
    let leaf = leaf::Leaf {
        id: house.print(minter.mint::<leaf::ids::Announcement>(now)),
        kind: if house.is_test_log {
            leaf::Kind::TestLog
        } else {
            leaf::Kind::Log
        },
        organisation: None,
        time: leaf::LeafTime::second(now),
        streams: Vec::new(),
        moves: Vec::new(),
        swaps: Vec::new(),
        reference: None,
        commitments: std::collections::BTreeMap::new(),
        data,
    };
    let bytes = leaf
        .encode()
        .map_err(|e| SealError::Making(e.to_string()))?;
    let hash = tlog::leaf_hash(&bytes).0;
    let insert = sql!("INSERT INTO log_leaf (idx, bytes, hash) VALUES (0, $1, $2)");
    tx.exec(insert, args![&bytes, hash]).await?;
    crate::house::house_set(&mut tx, "origin", &house.origin).await?;
    crate::house::house_set(&mut tx, "founded", &now.rfc3339()).await?;
    tx.commit().await?;
    Ok(())
}

//! 〔从镜像恢复〕 A database that is behind the guard gets the leaves that it lost from a copy of its log, says them again
//! by rows, and takes over the checkpoint that it had signed: all of it in one transaction, or nothing.

use super::growth::{Growth, sealed_streams};
use super::guard::{Guard, Guarded, Mark};
use super::log::checkpoint_newest;
use super::sequencer::{SealError, edge_at, stated_at, tiles_write};
use crate::batch::{Batch, House, LostGift, NotReplayed};
use crate::limits::SEAL_LEAVES_MAX;
use crate::writer::load_state;
use db::{Commits, Db, Tx, args, sql};
use kernel::Timestamp;
use leaf::IndexStatement;
use std::sync::Arc;
use tlog::{Checkpoint, Edge, Hash};

/// What a verified copy of the log has.
#[derive(Debug)]
pub struct Refill {
    /// The index of the first of `leaves`: how many the database has.
    pub from: i64,
    /// The leaves behind those of the database, up to the checkpoint.
    pub leaves: Vec<Vec<u8>>,
    /// What was signed over all of them.
    pub checkpoint: Checkpoint,
    /// The signed note with the log's own lines.
    pub note: String,
}

/// What was recovered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recovered {
    /// Leaves that were added.
    pub leaves: i64,
    /// Leaves under the checkpoint.
    pub size: i64,
    /// Gifts of which only the public part is left.
    pub gifts: Vec<LostGift>,
}

/// Why nothing was recovered; the database is as it was.
#[derive(Debug, thiserror::Error)]
pub enum RecoverError {
    /// The database or the guard.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The copy ends before what was signed.
    #[error(
        "镜像只有{copy}条，本机已经签到{signed}条；用它恢复会丢掉已经公布的记录，没有恢复。请找更新的镜像"
    )]
    Short {
        /// Leaves of the copy.
        copy: i64,
        /// Leaves that were signed.
        signed: i64,
    },
    /// The database has more than the copy.
    #[error("数据库有{held}条，镜像只有{copy}条，没有可补的，没有恢复")]
    Nothing {
        /// Leaves of the database.
        held: i64,
        /// Leaves of the copy.
        copy: i64,
    },
    /// The database changed meanwhile.
    #[error("读镜像的时候数据库变了，没有恢复，请再运行一次")]
    Moved,
    /// The database is not the beginning of the copy, or the copy is not what was signed.
    #[error("镜像与{what}不符，没有恢复；请保存这份镜像，换一份再试，仍不符请联系监管部门")]
    Differs {
        /// What it differs from.
        what: &'static str,
    },
    /// A log from before the index, or an empty database.
    #[error("数据库里没有带索引的检查点，还不能从镜像恢复这样的数据库，请找一份较新的备份")]
    NoBeginning,
    /// A leaf that rows cannot say again.
    #[error(
        "第{index}条是“{kind}”，它的办理记录只在数据库里有，还不能从陈述补出来，没有恢复；请找一份备份在它之后的数据库"
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
            RecoverError::Nothing { .. } => "recover.nothing",
            RecoverError::Moved => "recover.moved",
            RecoverError::Differs { .. } => "recover.differs",
            RecoverError::NoBeginning => "recover.no_beginning",
            RecoverError::Kind { .. } => "recover.kind",
            RecoverError::Leaf { .. } => "recover.leaf",
        }
    }
}

impl From<db::Error> for RecoverError {
    fn from(error: db::Error) -> RecoverError {
        RecoverError::Seal(error.into())
    }
}

type Outcome<T> = std::result::Result<T, RecoverError>;

/// Brings the database to the copy's checkpoint. Run again after a crash, it finds what was done and finishes the rest.
///
/// # Errors
/// `RecoverError`; the database is as it was.
pub async fn recover(
    db: &Db,
    house: &Arc<House>,
    guard: &Guard,
    (refill, now): (Refill, Timestamp),
) -> Outcome<Recovered> {
    let size = i64::try_from(refill.checkpoint.size()).unwrap_or(i64::MAX);
    let signed = signed_by(guard, &house.origin)?;
    if let Some(signed) = signed.filter(|signed| signed.size > size) {
        return Err(RecoverError::Short {
            copy: size,
            signed: signed.size,
        });
    }
    if refill.from > size {
        return Err(RecoverError::Nothing {
            held: refill.from,
            copy: size,
        });
    }
    let mut tx = db.begin_with(Commits::OnDisk).await?;
    let state = load_state(&mut tx).await?;
    if state.next_leaf != refill.from {
        return Err(RecoverError::Moved);
    }
    let mut grown = Grown::begin(&mut tx, refill.from).await?;
    let mut batch = Batch::new(tx, state, Arc::clone(house));
    let mut gifts = Vec::new();
    for (index, bytes) in (refill.from..).zip(&refill.leaves) {
        grown.add(index, bytes)?;
        match batch.replay(index, bytes, now).await? {
            Ok(lost) => gifts.extend(lost),
            Err(NotReplayed::Kind(kind)) => return Err(RecoverError::Kind { index, kind }),
            Err(NotReplayed::Discontinuous(why)) => return Err(RecoverError::Leaf { index, why }),
        }
    }
    if (grown.edge.size(), grown.edge.root())
        != (refill.checkpoint.size(), refill.checkpoint.root())
    {
        return Err(RecoverError::Differs { what: "数据库" });
    }
    batch.replay_noted(&house.origin, (refill.from, size), now);
    let mut tx = batch.written().await?;
    let already = grown.sealed == size;
    if !already {
        grown.write(&mut tx, &refill, now).await?;
    }
    if let Some(signed) = signed
        && edge_at(&mut tx, signed.size).await?.root() != signed.root
    {
        return Err(RecoverError::Differs {
            what: "守卫文件记着的检查点",
        });
    }
    tx.commit().await?;
    let root = refill.checkpoint.root();
    let said = Guarded {
        origin: house.origin.clone(),
        signed: Some(Mark { size, root }),
        signing: None,
    };
    let written = guard.write(&said);
    written.map_err(|source| SealError::of_guard(guard, source))?;
    Ok(Recovered {
        leaves: size.saturating_sub(refill.from),
        size,
        gifts,
    })
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
    /// Leaves under the newest checkpoint of the database.
    sealed: i64,
}

impl Grown {
    /// The database as it is: what it has signed, and what it has not.
    async fn begin(tx: &mut Tx, held: i64) -> Outcome<Grown> {
        let newest = checkpoint_newest(tx).await?;
        let newest = newest.ok_or(RecoverError::NoBeginning)?;
        let edge = edge_at(tx, newest.size).await?;
        if edge.root() != Hash(newest.root) {
            return Err(SealError::Inconsistent.into());
        }
        if stated_at(tx, newest.size.saturating_sub(1))
            .await?
            .is_none()
        {
            return Err(RecoverError::NoBeginning);
        }
        let mut grown = Grown {
            edge,
            growth: Growth::default(),
            sealed: newest.size,
        };
        let mut from = newest.size;
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

    /// Writes streams, tiles and the checkpoint, if the index is the one that the last leaf states.
    async fn write(&mut self, tx: &mut Tx, refill: &Refill, now: Timestamp) -> Outcome<()> {
        let mut index = sealed_streams(tx).await?;
        let mut growth = std::mem::take(&mut self.growth);
        growth.lay(tx, &index).await?;
        let rows = growth.take_effect(&mut index)?;
        let last = refill.leaves.last().map(Vec::as_slice).unwrap_or_default();
        let stated = IndexStatement::parse(last).ok().flatten();
        if stated.map(|stated| stated.root) != Some(index.root()) {
            return Err(RecoverError::Differs {
                what: "它自己的索引",
            });
        }
        rows.write(tx).await?;
        tiles_write(tx, &self.edge.take_full_tiles()).await?;
        let insert = sql!(
            "INSERT INTO log_checkpoint (size, root, note, signed_at) VALUES ($1, $2, $3, $4)"
        );
        let size = i64::try_from(self.edge.size()).unwrap_or(i64::MAX);
        let root = refill.checkpoint.root().0;
        let values = args![size, root, refill.note.as_str(), now.micros()];
        tx.exec(insert, values).await?;
        Ok(())
    }
}

//! 〔对照〕 Checkpoints of this log that others keep, held against the database: what somebody else has seen signed cannot
//! be taken back, whatever a restored backup believes.

use super::guard::{Guard, Guarded, Mark};
use super::log::checkpoint_newest;
use super::sequencer::{SealError, edge_at, guard_write};
use db::{Db, Session};
use tlog::Hash;

/// How a checkpoint stands to the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// The database has signed at least as much, and its tree of that size is the same.
    Held,
    /// The database ends before.
    Beyond {
        /// Leaves under its newest checkpoint.
        held: i64,
    },
    /// The database has another tree of that size.
    Differs,
}

/// Holds a checkpoint that was signed by the log's own key against what the database has signed.
///
/// # Errors
/// The engine's refusal, or tiles that do not fit.
pub async fn checkpoint_compare(session: &mut Session, kept: Mark) -> Result<Kept, SealError> {
    let newest = checkpoint_newest(session).await?;
    let held = newest.map_or(0, |newest| newest.size);
    if kept.size > held {
        return Ok(Kept::Beyond { held });
    }
    let root = match kept.size {
        0 => Hash::EMPTY_ROOT,
        size => edge_at(session, size).await?.root(),
    };
    Ok(match root == kept.root {
        true => Kept::Held,
        false => Kept::Differs,
    })
}

/// Writes the guard file that is missing: somebody outside the database vouches that its newest checkpoint is the last that
/// was signed. Returns that checkpoint; nothing is written if the guard remembers one, or nothing was signed.
///
/// # Errors
/// The database or the guard cannot be read or written; the newest checkpoint is not that of the database's own tree; the
/// guard is that of another log.
pub async fn guard_renew(db: &Db, guard: &Guard, origin: &str) -> Result<Option<Mark>, SealError> {
    let said = guard
        .read()
        .map_err(|source| SealError::of_guard(guard, source.into()))?;
    if let Some(other) = said.as_ref().filter(|said| said.origin != origin) {
        return Err(SealError::OtherLog {
            file: guard.path().display().to_string(),
            origin: other.origin.clone(),
        });
    }
    if said.as_ref().is_some_and(|said| !Guarded::is_blank(said)) {
        return Ok(None);
    }
    let mut read = db.read_tx().await?;
    let Some(newest) = checkpoint_newest(&mut read).await? else {
        return Ok(None);
    };
    let mark = Mark {
        size: newest.size,
        root: Hash(newest.root),
    };
    if edge_at(&mut read, mark.size).await?.root() != mark.root {
        return Err(SealError::Inconsistent);
    }
    guard_write(guard, origin, Some(mark), None)?;
    Ok(Some(mark))
}

//! The database as the house sees it.

use std::sync::Arc;
use std::time::Duration;

use crate::arg::Arg;
use crate::error::{Error, Result};
use crate::limits::{READ_TIME, WAIT};
use crate::lite::Lite;
use crate::pg::Pg;
use crate::registry::Sql;
use crate::row::Row;
use crate::session::{Held, ReadTx, Session, Tx};

/// An open database; cheap to clone, one per process.
#[derive(Debug, Clone)]
pub enum Db {
    /// A SQLite file of this process alone.
    Lite(Arc<Lite>),
    /// A PostgreSQL database.
    Pg(Arc<Pg>),
}

/// Which engine answers; for messages, never for logic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Engine {
    /// SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

/// When what a transaction commits is on disk. Either way it is there whole or not at all, in the order of commits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Commits {
    /// Before the commit returns, with everything that was committed earlier.
    OnDisk,
    /// After the next [`Db::flush`], or the next commit that waits: the next transaction may begin meanwhile. PostgreSQL
    /// waits in the commit all the same.
    Ahead,
}

/// How to open a database. The defaults are right for the house.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Reading connections; without a number as many as cores (SQLite, at
    /// least 2) or 8 (PostgreSQL).
    pub readers: Option<usize>,
    /// Writing connections to PostgreSQL. 1 gives the order SQLite gives; more
    /// only for statements that bring their own locks.
    pub pg_writers: usize,
    /// How long to wait for a free connection; then [`Error::Busy`].
    pub wait: Duration,
    /// How long one reading statement may run.
    pub read_time: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            readers: None,
            pg_writers: 1,
            wait: WAIT,
            read_time: READ_TIME,
        }
    }
}

impl Db {
    /// Opens `sqlite:/path/file.db` or `postgres://…`. A SQLite file is created
    /// if need be and locked against other processes; PostgreSQL is only
    /// called at the first statement.
    ///
    /// # Errors
    /// [`Error::Url`], [`Error::Locked`], [`Error::Open`], or the engine's
    /// refusal.
    pub fn open(url: &str, options: Options) -> Result<Db> {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(Db::Pg(Arc::new(Pg::open(url, &options)?)));
        }
        match url.strip_prefix("sqlite:") {
            Some(":memory:" | "") => Err(Error::Url {
                why: "不支持内存数据库，数据会随进程消失".to_owned(),
            }),
            Some(path) => Ok(Db::Lite(Arc::new(Lite::open(path, &options)?))),
            None => Err(Error::Url {
                why: "开头不是 sqlite: 或 postgres://".to_owned(),
            }),
        }
    }

    /// Which engine answers.
    #[must_use]
    pub fn engine(&self) -> Engine {
        match self {
            Db::Lite(_) => Engine::Sqlite,
            Db::Pg(_) => Engine::Postgres,
        }
    }

    /// Begins the one writing transaction, after the one before has ended.
    ///
    /// # Errors
    /// [`Error::Busy`] or [`Error::Connect`]; both are retryable.
    pub async fn begin(&self) -> Result<Tx> {
        self.begin_with(Commits::OnDisk).await
    }

    /// As [`Db::begin`], and says what its commit waits for.
    ///
    /// # Errors
    /// As [`Db::begin`].
    pub async fn begin_with(&self, commits: Commits) -> Result<Tx> {
        let held = match self {
            Db::Lite(lite) => Held::Writer(lite.writer().await?),
            Db::Pg(pg) => Held::Pg(pg.writer().await?),
        };
        Tx::begin(held, commits).await
    }

    /// Waits until everything that was committed is on disk; at once where commits have waited for it.
    ///
    /// # Errors
    /// [`Error::Flush`]. What was committed since the last flush may be lost at a power cut, and no later success says
    /// otherwise: nobody may be told that it is kept.
    pub fn flush(&self) -> Result<()> {
        match self {
            Db::Lite(lite) => lite.flush(),
            Db::Pg(_) => Ok(()),
        }
    }

    /// False when a flush has failed: what the disk holds is then unknown, every transaction that writes is refused, and
    /// only opening the database anew can tell. PostgreSQL ends itself in such a case.
    #[must_use]
    pub fn is_well(&self) -> bool {
        match self {
            Db::Lite(lite) => lite.is_well(),
            Db::Pg(_) => true,
        }
    }

    /// From now on nothing is written: a file that belongs to the database was lost by its disk.
    pub fn distrust(&self) {
        if let Db::Lite(lite) = self {
            lite.distrust();
        }
    }

    /// Begins a snapshot for reading; nobody waits for it and it waits for
    /// nobody.
    ///
    /// # Errors
    /// As [`Db::begin`].
    pub async fn read_tx(&self) -> Result<ReadTx> {
        ReadTx::begin(self.reader().await?).await
    }

    /// The rows of one statement; see [`Session::rows`].
    ///
    /// # Errors
    /// As [`Session::rows`].
    pub async fn rows<T: Send>(
        &self,
        sql: &'static Sql,
        args: &[Arg<'_>],
        read: impl FnMut(&Row<'_>) -> Result<T> + Send,
    ) -> Result<Vec<T>> {
        Session::new(self.reader().await?)
            .rows(sql, args, read)
            .await
    }

    /// The one row of a statement, or nothing; see [`Session::opt`].
    ///
    /// # Errors
    /// As [`Session::opt`].
    pub async fn opt<T: Send>(
        &self,
        sql: &'static Sql,
        args: &[Arg<'_>],
        read: impl FnMut(&Row<'_>) -> Result<T> + Send,
    ) -> Result<Option<T>> {
        Session::new(self.reader().await?)
            .opt(sql, args, read)
            .await
    }

    /// The one row of a statement that must have one; see [`Session::one`].
    ///
    /// # Errors
    /// As [`Session::one`].
    pub async fn one<T: Send>(
        &self,
        sql: &'static Sql,
        args: &[Arg<'_>],
        read: impl FnMut(&Row<'_>) -> Result<T> + Send,
    ) -> Result<T> {
        Session::new(self.reader().await?)
            .one(sql, args, read)
            .await
    }

    /// Each row as it comes; see [`Session::each`].
    ///
    /// # Errors
    /// As [`Session::each`].
    pub async fn each(
        &self,
        sql: &'static Sql,
        args: &[Arg<'_>],
        read: impl FnMut(&Row<'_>) -> Result<()> + Send,
    ) -> Result<()> {
        Session::new(self.reader().await?)
            .each(sql, args, read)
            .await
    }

    /// The rows of many keys; see [`Session::by_keys`].
    ///
    /// # Errors
    /// As [`Session::by_keys`].
    pub async fn by_keys<T: Send>(
        &self,
        sql: &'static Sql,
        keys: &[i64],
        read: impl FnMut(&Row<'_>) -> Result<T> + Send,
    ) -> Result<Vec<T>> {
        Session::new(self.reader().await?)
            .by_keys(sql, keys, read)
            .await
    }

    /// The rows of many text keys; see [`Session::by_texts`].
    ///
    /// # Errors
    /// As [`Session::by_keys`].
    pub async fn by_texts<T: Send>(
        &self,
        sql: &'static Sql,
        keys: &[&str],
        read: impl FnMut(&Row<'_>) -> Result<T> + Send,
    ) -> Result<Vec<T>> {
        Session::new(self.reader().await?)
            .by_texts(sql, keys, read)
            .await
    }

    /// Folds SQLite's write-ahead log into its file as far as that makes nobody
    /// wait; call it when little is going on. Nothing to do on PostgreSQL.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn checkpoint(&self) -> Result<()> {
        match self {
            Db::Lite(lite) => lite.checkpoint().await,
            Db::Pg(_) => Ok(()),
        }
    }

    /// Closes PostgreSQL's connections; a SQLite file is closed when the last
    /// clone is dropped.
    pub fn close(&self) {
        if let Db::Pg(pg) = self {
            pg.close();
        }
    }

    pub(crate) async fn reader(&self) -> Result<Held> {
        Ok(match self {
            Db::Lite(lite) => Held::Reader(lite.reader().await?),
            Db::Pg(pg) => Held::Pg(pg.reader().await?),
        })
    }
}

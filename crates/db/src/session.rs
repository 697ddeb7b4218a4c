//! Transactions and snapshots: statements that belong together.
//!
//! Functions of the store take a `&mut Session`; a [`Tx`] and a [`ReadTx`] both
//! turn into one where it is asked for, so one function serves both.

use std::ops::{Deref, DerefMut};

use deadpool_postgres::Object;
use rusqlite::Connection;
use tokio::sync::OwnedMutexGuard;

use crate::arg::Arg;
use crate::column::Col;
use crate::database::Commits;
use crate::error::{Error, Result};
use crate::limits::{BULK_ROWS_AT_ONCE, KEYS_AT_ONCE};
use crate::lite::{self, Loan, Writing};
use crate::pg;
use crate::registry::{Bulk, Sql};
use crate::row::Row;

/// The connection behind a session.
#[derive(Debug)]
pub(crate) enum Held {
    Writer(OwnedMutexGuard<Writing>),
    Reader(Loan),
    Pg(Object),
}

/// Statements on one connection. Reads of a session agree with each other.
#[derive(Debug)]
pub struct Session {
    held: Option<Held>,
    /// A statement failed or was cut off. PostgreSQL would turn COMMIT into a
    /// silent ROLLBACK then, SQLite would commit the rest: both are refused.
    failed: bool,
}

impl Session {
    pub(crate) fn new(held: Held) -> Session {
        Session {
            held: Some(held),
            failed: false,
        }
    }

    /// The rows of a statement, each read by `read`.
    ///
    /// # Errors
    /// The engine's refusal, or what `read` says.
    pub async fn rows<T: Send>(
        &mut self,
        sql: &'static Sql,
        args: &[Arg<'_>],
        mut read: impl FnMut(&Row<'_>) -> Result<T> + Send,
    ) -> Result<Vec<T>> {
        let mut found = Vec::new();
        self.each(sql, args, |row| {
            found.push(read(row)?);
            Ok(())
        })
        .await?;
        Ok(found)
    }

    /// The one row of a statement, or nothing.
    ///
    /// # Errors
    /// As [`Session::rows`]; [`Error::ManyRows`] if there are two.
    pub async fn opt<T: Send>(
        &mut self,
        sql: &'static Sql,
        args: &[Arg<'_>],
        read: impl FnMut(&Row<'_>) -> Result<T> + Send,
    ) -> Result<Option<T>> {
        let mut found = self.rows(sql, args, read).await?;
        if found.len() > 1 {
            return Err(Error::ManyRows {
                statement: sql.pg_text().to_owned(),
            });
        }
        Ok(found.pop())
    }

    /// The one row of a statement that must have one.
    ///
    /// # Errors
    /// As [`Session::opt`]; [`Error::NoRow`] if there is none.
    pub async fn one<T: Send>(
        &mut self,
        sql: &'static Sql,
        args: &[Arg<'_>],
        read: impl FnMut(&Row<'_>) -> Result<T> + Send,
    ) -> Result<T> {
        self.opt(sql, args, read)
            .await?
            .ok_or_else(|| Error::NoRow {
                statement: sql.pg_text().to_owned(),
            })
    }

    /// Gives each row to `read` as it comes, without keeping any: for large
    /// reads. The caller asks in pages of keys, so that no statement runs long.
    ///
    /// # Errors
    /// As [`Session::rows`].
    pub async fn each(
        &mut self,
        sql: &'static Sql,
        args: &[Arg<'_>],
        read: impl FnMut(&Row<'_>) -> Result<()> + Send,
    ) -> Result<()> {
        args.iter().try_for_each(Arg::check)?;
        let done = match self.start()? {
            Held::Pg(client) => pg::rows(client, sql.pg_text(), args, read).await,
            held => lite::rows(connection(held)?, sql.lite_text(), args, read),
        };
        self.finish(done)
    }

    /// The rows of many keys: one message to PostgreSQL (`= ANY($1)`), a loop
    /// over one prepared statement in SQLite (`= $1`). In no order at all.
    ///
    /// # Errors
    /// As [`Session::rows`].
    pub async fn by_keys<T: Send>(
        &mut self,
        sql: &'static Sql,
        keys: &[i64],
        read: impl FnMut(&Row<'_>) -> Result<T> + Send,
    ) -> Result<Vec<T>> {
        self.by_columns(sql, &[Col::I(keys)], read).await
    }

    /// As [`Session::by_keys`], for keys that are texts.
    ///
    /// # Errors
    /// As [`Session::rows`].
    pub async fn by_texts<T: Send>(
        &mut self,
        sql: &'static Sql,
        keys: &[&str],
        read: impl FnMut(&Row<'_>) -> Result<T> + Send,
    ) -> Result<Vec<T>> {
        self.by_columns(sql, &[Col::T(keys)], read).await
    }

    /// As [`Session::by_keys`], for keys that are bytes.
    ///
    /// # Errors
    /// As [`Session::rows`].
    pub async fn by_bytes<T: Send>(
        &mut self,
        sql: &'static Sql,
        keys: &[&[u8]],
        read: impl FnMut(&Row<'_>) -> Result<T> + Send,
    ) -> Result<Vec<T>> {
        self.by_columns(sql, &[Col::B(keys)], read).await
    }

    /// As [`Session::by_keys`], for keys of several columns: PostgreSQL gets arrays (`FROM UNNEST($1::text[], …) AS k …`),
    /// SQLite runs its text once per row.
    ///
    /// # Errors
    /// As [`Session::rows`]; [`Error::Ragged`] if the columns differ in length.
    pub async fn by_columns<T: Send>(
        &mut self,
        sql: &'static Sql,
        keys: &[Col<'_>],
        mut read: impl FnMut(&Row<'_>) -> Result<T> + Send,
    ) -> Result<Vec<T>> {
        check_columns(keys, || sql.pg_text().to_owned())?;
        let mut found = Vec::new();
        if keys.iter().all(Col::is_empty) {
            return Ok(found);
        }
        let mut each = |row: &Row<'_>| {
            found.push(read(row)?);
            Ok(())
        };
        let done = match self.start()? {
            Held::Pg(client) => {
                let mut done = Ok(());
                for part in parts(keys, KEYS_AT_ONCE) {
                    done = pg::rows_by_keys(client, sql.pg_text(), &part, &mut each).await;
                    if done.is_err() {
                        break;
                    }
                }
                done
            }
            held => lite::rows_by_keys(connection(held)?, sql.lite_text(), keys, &mut each),
        };
        self.finish(done)?;
        Ok(found)
    }

    /// The connection of a session that may go on. The session counts as
    /// failed until `finish` is told otherwise: a future that is dropped half
    /// way leaves it failed.
    fn start(&mut self) -> Result<&mut Held> {
        if std::mem::replace(&mut self.failed, true) {
            return Err(Error::TxFailed);
        }
        self.held.as_mut().ok_or(Error::TxFailed)
    }

    fn finish<T>(&mut self, done: Result<T>) -> Result<T> {
        self.failed = done.is_err();
        match &self.held {
            Some(Held::Writer(writing)) => writing.sick.hear(done),
            _ => done,
        }
    }
}

/// The SQLite connection of a session.
pub(crate) fn connection(held: &mut Held) -> Result<&mut Connection> {
    match held {
        Held::Writer(writing) => Ok(&mut writing.connection),
        Held::Reader(loan) => loan.connection().ok_or(Error::TxFailed),
        Held::Pg(_) => Err(Error::TxFailed),
    }
}

/// The columns in parts of at most `rows` rows.
fn parts<'a>(columns: &[Col<'a>], rows: usize) -> impl Iterator<Item = Vec<Col<'a>>> {
    let all = columns.first().map_or(0, Col::len);
    (0..all).step_by(rows).map(move |from| {
        columns
            .iter()
            .map(|c| c.part(from, from.saturating_add(rows)))
            .collect()
    })
}

/// The writing transaction; at most one at a time. Dropping it rolls it back.
///
/// Inside a `Tx` nothing but the database is awaited: on SQLite every other
/// writer waits meanwhile. After a statement has failed, all that is possible is
/// [`Tx::rollback`], [`Tx::rollback_to`] or to drop it.
#[derive(Debug)]
pub struct Tx(Session);

impl Deref for Tx {
    type Target = Session;
    fn deref(&self) -> &Session {
        &self.0
    }
}
impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Session {
        &mut self.0
    }
}

impl Tx {
    pub(crate) async fn begin(held: Held, commits: Commits) -> Result<Tx> {
        // The guard comes first: if BEGIN is cut off, the drop clears up.
        let mut tx = Tx(Session::new(held));
        let done = match tx.0.start()? {
            Held::Pg(client) => pg::batch(client, "BEGIN").await,
            held => lite::begin(connection(held)?, commits),
        };
        tx.0.finish(done)?;
        Ok(tx)
    }

    /// Runs a statement without rows; the number of rows it changed.
    ///
    /// # Errors
    /// The engine's refusal; the transaction is then failed.
    pub async fn exec(&mut self, sql: &'static Sql, args: &[Arg<'_>]) -> Result<u64> {
        args.iter().try_for_each(Arg::check)?;
        let done = match self.0.start()? {
            Held::Pg(client) => pg::exec(client, sql.pg_text(), args).await,
            held => lite::exec(connection(held)?, sql.lite_text(), args),
        };
        self.0.finish(done)
    }

    /// Inserts whole columns; the number of rows written (on conflict: without
    /// those that were left alone).
    ///
    /// # Errors
    /// As [`Tx::exec`]; [`Error::Ragged`] if the columns differ in length.
    pub async fn bulk(&mut self, bulk: &'static Bulk, columns: &[Col<'_>]) -> Result<u64> {
        if columns.len() != bulk.width() {
            return Err(Error::Arguments {
                wanted: bulk.width(),
                given: columns.len(),
                statement: bulk.text(),
            });
        }
        check_columns(columns, || bulk.text())?;
        if columns.iter().all(Col::is_empty) {
            return Ok(0);
        }
        let done = match self.0.start()? {
            Held::Pg(client) => {
                let mut done = Ok(0_u64);
                for part in parts(columns, BULK_ROWS_AT_ONCE) {
                    done = add(done, pg::bulk(client, bulk, &part).await);
                    if done.is_err() {
                        break;
                    }
                }
                done
            }
            held => lite::bulk(connection(held)?, bulk, columns),
        };
        self.0.finish(done)
    }

    /// Runs a two-text statement for whole columns: PostgreSQL gets arrays
    /// (`… FROM UNNEST($1::bigint[], $2::bigint[]) AS u(id, n) …`), SQLite runs
    /// its text once per row. For updates and deletes of many rows.
    ///
    /// # Errors
    /// As [`Tx::bulk`].
    pub async fn exec_columns(&mut self, sql: &'static Sql, columns: &[Col<'_>]) -> Result<u64> {
        check_columns(columns, || sql.pg_text().to_owned())?;
        if columns.iter().all(Col::is_empty) {
            return Ok(0);
        }
        let done = match self.0.start()? {
            Held::Pg(client) => {
                let mut done = Ok(0_u64);
                for part in parts(columns, BULK_ROWS_AT_ONCE) {
                    done = add(done, pg::exec_columns(client, sql.pg_text(), &part).await);
                    if done.is_err() {
                        break;
                    }
                }
                done
            }
            held => lite::exec_columns(connection(held)?, sql.lite_text(), columns),
        };
        self.0.finish(done)
    }

    /// Runs SQL that is not registered: the migrations and the tests' fixtures.
    pub(crate) async fn script(&mut self, text: &str) -> Result<()> {
        let done = match self.0.start()? {
            Held::Pg(client) => pg::batch(client, text).await,
            held => connection(held)?
                .execute_batch(text)
                .map_err(|e| lite::failed(text, e)),
        };
        self.0.finish(done)
    }

    /// Sets savepoint number `n`, for a statement whose failure is expected.
    /// Not for loops: it costs a round trip on PostgreSQL.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn savepoint(&mut self, n: u32) -> Result<()> {
        self.script(&format!("SAVEPOINT sp_{n}")).await
    }

    /// Forgets savepoint number `n`; what was done since stays.
    ///
    /// # Errors
    /// No such savepoint.
    pub async fn release(&mut self, n: u32) -> Result<()> {
        self.script(&format!("RELEASE SAVEPOINT sp_{n}")).await
    }

    /// Undoes everything since savepoint number `n`; a failed transaction may
    /// go on from here.
    ///
    /// # Errors
    /// No such savepoint, or the engine has given the transaction up.
    pub async fn rollback_to(&mut self, n: u32) -> Result<()> {
        self.0.failed = false;
        self.script(&format!("ROLLBACK TO SAVEPOINT sp_{n}")).await
    }

    /// Makes everything durable. When this returns the data is on the disk.
    ///
    /// # Errors
    /// [`Error::Commit`]; see [`Error::outcome_unknown`] and
    /// [`Error::is_retryable`]. [`Error::TxFailed`] if a statement had failed.
    pub async fn commit(mut self) -> Result<()> {
        let done = match self.0.start()? {
            Held::Pg(client) => pg::batch(client, "COMMIT").await,
            held => lite::commit(connection(held)?),
        };
        let done = self.0.finish(done).map_err(Error::commit);
        if done.is_ok() {
            // Given back clean; the drop finds nothing left to clear up.
            self.0.held = None;
        }
        done
    }

    /// Undoes everything and keeps the connection; cheaper on PostgreSQL than
    /// dropping the transaction.
    ///
    /// # Errors
    /// The connection is lost; the server undoes everything by itself then.
    pub async fn rollback(mut self) -> Result<()> {
        self.0.failed = false;
        self.script("ROLLBACK").await?;
        self.0.held = None;
        Ok(())
    }
}

fn add(sum: Result<u64>, more: Result<u64>) -> Result<u64> {
    Ok(sum?.saturating_add(more?))
}

fn check_columns(columns: &[Col<'_>], text: impl Fn() -> String) -> Result<()> {
    let rows = columns.first().map_or(0, Col::len);
    if columns.iter().any(|c| c.len() != rows) {
        return Err(Error::Ragged { statement: text() });
    }
    columns.iter().try_for_each(Col::check)
}

impl Drop for Tx {
    fn drop(&mut self) {
        match self.0.held.take() {
            Some(Held::Writer(writing)) => {
                if !lite::end_transaction(&writing.connection) {
                    tracing::error!("the SQLite writer could not roll back");
                }
            }
            // Its state is not known: it leaves the pool and is closed.
            Some(Held::Pg(object)) => drop(Object::take(object)),
            Some(Held::Reader(_)) | None => {}
        }
    }
}

/// A reading transaction of SQLite begins with its first read: this one, which any database answers.
const FIRST_READ: &str = "SELECT 1 FROM sqlite_schema LIMIT 1";

/// A snapshot for reading: all its statements see the same state, whatever is
/// committed meanwhile. For pages that show several queries.
#[derive(Debug)]
pub struct ReadTx(Session);

impl Deref for ReadTx {
    type Target = Session;
    fn deref(&self) -> &Session {
        &self.0
    }
}
impl DerefMut for ReadTx {
    fn deref_mut(&mut self) -> &mut Session {
        &mut self.0
    }
}

impl ReadTx {
    /// Begins and fixes the snapshot at once: both engines would otherwise wait
    /// for the first read.
    pub(crate) async fn begin(held: Held) -> Result<ReadTx> {
        let mut read = ReadTx(Session::new(held));
        let done = match read.0.start()? {
            Held::Pg(client) => {
                let text = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT 1";
                pg::batch(client, text).await
            }
            held => {
                let connection = connection(held)?;
                lite::exec(connection, "BEGIN DEFERRED", &[])
                    .and_then(|_| lite::rows(connection, FIRST_READ, &[], |_| Ok(())))
            }
        };
        read.0.finish(done)?;
        Ok(read)
    }
}

impl Drop for ReadTx {
    fn drop(&mut self) {
        let Some(held) = self.0.held.take() else {
            return;
        };
        if let Held::Pg(client) = held {
            give_back(client);
        }
        // A loan of SQLite rolls back by itself.
    }
}

/// Ends a reading transaction behind the caller's back and gives the
/// connection to the pool only when that is done; pages would otherwise cost a
/// new connection each.
fn give_back(client: Object) {
    let Ok(runtime) = tokio::runtime::Handle::try_current() else {
        drop(Object::take(client));
        return;
    };
    runtime.spawn(async move {
        let guard = TakeUnlessDone(Some(client));
        let ended = match &guard.0 {
            Some(client) => pg::batch(client, "ROLLBACK").await.is_ok(),
            None => false,
        };
        if ended {
            guard.done();
        }
    });
}

/// A connection that is closed when the task is cut off.
struct TakeUnlessDone(Option<Object>);

impl TakeUnlessDone {
    fn done(mut self) {
        self.0 = None;
    }
}

impl Drop for TakeUnlessDone {
    fn drop(&mut self) {
        if let Some(client) = self.0.take() {
            drop(Object::take(client));
        }
    }
}

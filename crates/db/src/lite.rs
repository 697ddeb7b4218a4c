//! SQLite: one writing connection, a few reading ones, no thread hop.
//!
//! A statement runs inside the async function that asks for it, as a plain
//! call: a point read costs microseconds and a hop to another thread would cost
//! ten times that. Only COMMIT, the one call that waits for the disk, tells the
//! runtime that it blocks.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use tokio::sync::{OwnedMutexGuard, OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

use crate::arg::Arg;
use crate::column::Col;
use crate::database::{Commits, Options};
use crate::error::{Error, Result};
use crate::limits::{
    LOCK_PAUSE, LOCK_TRIES, OPEN_TRIES, READER_CACHE_KIB, READERS_LEAST, STATEMENTS_KEPT,
    STEPS_BETWEEN_CLOCK_LOOKS, WAL_BYTES_KEPT, WRITER_CACHE_KIB,
};
use crate::registry::Bulk;
use crate::row::Row;

/// An open SQLite file.
#[derive(Debug)]
pub struct Lite {
    path: PathBuf,
    writer: Arc<tokio::sync::Mutex<Writing>>,
    sick: Sick,
    readers: Arc<Readers>,
    wait: Duration,
    read_time: Duration,
    /// Held as long as the database is open; the system lets go of it even if
    /// the process dies.
    _lock: File,
}

/// 〔磁盘失信〕 Set for good when the disk has lost what it took: a flush that is tried again would succeed without the
/// lost pages, so nothing is written any more until the file is opened anew.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sick(Arc<AtomicBool>);

impl Sick {
    /// Notes whether this outcome says so.
    pub(crate) fn hear<T>(&self, done: Result<T>) -> Result<T> {
        if done.as_ref().is_err_and(Error::is_flush) {
            self.0.store(true, Ordering::Release);
        }
        done
    }

    pub(crate) fn set(&self) {
        self.0.store(true, Ordering::Release);
    }

    pub(crate) fn is_set(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

/// The writing connection.
#[derive(Debug)]
pub(crate) struct Writing {
    pub(crate) connection: Connection,
    pub(crate) sick: Sick,
}

#[derive(Debug)]
struct Readers {
    idle: Mutex<Vec<Reading>>,
    permits: Arc<Semaphore>,
}

/// A reading connection with the moment at which its statement is stopped.
#[derive(Debug)]
struct Reading {
    connection: Connection,
    deadline: Arc<Deadline>,
}

/// Milliseconds after `since`; 0 is never.
#[derive(Debug)]
struct Deadline {
    since: Instant,
    at: AtomicU64,
}

/// A reading connection on loan.
#[derive(Debug)]
pub(crate) struct Loan {
    reading: Option<Reading>,
    readers: Arc<Readers>,
    limit: Duration,
    _permit: OwnedSemaphorePermit,
}

impl Lite {
    pub(crate) fn open(path: &str, options: &Options) -> Result<Lite> {
        let path = PathBuf::from(path);
        let lock = lock(&path)?;
        let mut writer = connect(&path, WRITER_CACHE_KIB)?;
        let sick = Sick::default();
        crate::folding::start(&path, &mut writer, &sick)?;
        let cores = std::thread::available_parallelism().map_or(READERS_LEAST, usize::from);
        let count = options.readers.unwrap_or(cores).max(READERS_LEAST);
        let mut idle = Vec::with_capacity(count);
        for _ in 0..count {
            idle.push(Reading::open(&path)?);
        }
        Ok(Lite {
            path,
            writer: Arc::new(tokio::sync::Mutex::new(Writing {
                connection: writer,
                sick: sick.clone(),
            })),
            sick,
            readers: Arc::new(Readers {
                idle: Mutex::new(idle),
                permits: Arc::new(Semaphore::new(count)),
            }),
            wait: options.wait,
            read_time: options.read_time,
            _lock: lock,
        })
    }

    /// The writing connection, without a transaction.
    pub(crate) async fn writer(&self) -> Result<OwnedMutexGuard<Writing>> {
        let waiting = Arc::clone(&self.writer).lock_owned();
        let writing = tokio::time::timeout(self.wait, waiting)
            .await
            .map_err(|_| self.busy())?;
        self.trusted().map(|()| writing)
    }

    /// Refuses when the disk has failed before.
    fn trusted(&self) -> Result<()> {
        if !self.sick.is_set() {
            return Ok(());
        }
        Err(Error::Flush {
            path: self.path.clone(),
            source: std::io::Error::other("an earlier flush has failed"),
        })
    }

    pub(crate) fn is_well(&self) -> bool {
        !self.sick.is_set()
    }

    pub(crate) fn distrust(&self) {
        self.sick.set();
    }

    pub(crate) async fn reader(&self) -> Result<Loan> {
        let waiting = Arc::clone(&self.readers.permits).acquire_owned();
        let permit = match tokio::time::timeout(self.wait, waiting).await {
            Ok(Ok(permit)) => permit,
            Ok(Err(_)) | Err(_) => return Err(self.busy()),
        };
        let reading = self
            .readers
            .idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop();
        let reading = match reading {
            Some(reading) => reading,
            None => Reading::open(&self.path)?,
        };
        Ok(Loan {
            reading: Some(reading),
            readers: Arc::clone(&self.readers),
            limit: self.read_time,
            _permit: permit,
        })
    }

    /// Waits until the write-ahead log is on disk, as far as it is written now.
    ///
    /// The file is opened anew each time: this descriptor must not outlive a log that SQLite makes anew. SQLite's locks
    /// are on other files, so closing it lets go of none.
    pub(crate) fn flush(&self) -> Result<()> {
        self.trusted()?;
        let mut name = self.path.as_os_str().to_owned();
        name.push("-wal");
        let log = PathBuf::from(name);
        let flushed = open_patiently(&log).and_then(|file| file.sync_data());
        let flushed = flushed.map_err(|source| Error::Flush { path: log, source });
        // Another descriptor may have heard meanwhile what this one then no longer hears.
        self.sick.hear(flushed).and_then(|()| self.trusted())
    }

    /// Folds what it can of the write-ahead log into the file, without making
    /// anybody wait, on a connection and a thread of its own.
    pub(crate) async fn checkpoint(&self) -> Result<()> {
        self.trusted()?;
        let (path, sick) = (self.path.clone(), self.sick.clone());
        let work = move || {
            let connection = connect(&path, READER_CACHE_KIB)?;
            sick.hear(crate::folding::fold(&connection)).map(drop)
        };
        tokio::task::spawn_blocking(work).await.unwrap_or_else(|e| {
            Err(Error::Open {
                path: self.path.clone(),
                source: std::io::Error::other(e),
            })
        })
    }

    fn busy(&self) -> Error {
        Error::Busy {
            seconds: self.wait.as_secs(),
        }
    }
}

impl Reading {
    fn open(path: &Path) -> Result<Reading> {
        let mut connection = connect(path, READER_CACHE_KIB)?;
        let deadline = Arc::new(Deadline {
            since: Instant::now(),
            at: AtomicU64::new(0),
        });
        let seen = Arc::clone(&deadline);
        let text = "PRAGMA query_only = ON";
        connection
            .execute_batch(text)
            .and_then(|()| {
                connection.progress_handler(STEPS_BETWEEN_CLOCK_LOOKS, Some(move || seen.passed()))
            })
            .map_err(|e| failed(text, e))?;
        Ok(Reading {
            connection,
            deadline,
        })
    }
}

impl Deadline {
    fn set(&self, limit: Duration) {
        let at = self.since.elapsed().saturating_add(limit);
        self.at.store(
            u64::try_from(at.as_millis()).unwrap_or(u64::MAX),
            Ordering::Relaxed,
        );
    }

    fn passed(&self) -> bool {
        let at = self.at.load(Ordering::Relaxed);
        at != 0 && self.since.elapsed() > Duration::from_millis(at)
    }
}

impl Loan {
    /// The connection, with the clock of its next statement set.
    pub(crate) fn connection(&mut self) -> Option<&mut Connection> {
        let limit = self.limit;
        self.reading.as_mut().map(|reading| {
            reading.deadline.set(limit);
            &mut reading.connection
        })
    }
}

impl Drop for Loan {
    fn drop(&mut self) {
        let Some(reading) = self.reading.take() else {
            return;
        };
        reading.deadline.at.store(0, Ordering::Relaxed);
        if end_transaction(&reading.connection) {
            self.readers
                .idle
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(reading);
        }
        // Otherwise it is closed here and the next loan opens a new one.
    }
}

/// A file that cannot be opened just now, because too many are open, is none that has lost anything: it is tried again.
/// One that is gone is.
fn open_patiently(path: &Path) -> std::io::Result<File> {
    let mut tries = OPEN_TRIES;
    loop {
        match File::open(path) {
            Err(error) if tries > 0 && error.kind() != std::io::ErrorKind::NotFound => {
                tries -= 1;
                std::thread::park_timeout(LOCK_PAUSE);
            }
            opened => return opened,
        }
    }
}

/// Rolls back whatever is open; false if that cannot be done.
pub(crate) fn end_transaction(connection: &Connection) -> bool {
    connection.is_autocommit() || exec(connection, "ROLLBACK", &[]).is_ok()
}

/// Takes `<db>.lock`, so that a second process (or a second `open`) stops here
/// with a sentence and not later with a damaged ledger.
fn lock(path: &Path) -> Result<File> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(PathBuf::from(name))
        .map_err(|source| Error::Open {
            path: path.to_owned(),
            source,
        })?;
    // A process that is just ending still holds the file for a moment: starting again must not stumble over it.
    let mut tries = LOCK_TRIES;
    while tries > 0 && matches!(file.try_lock(), Err(TryLockError::WouldBlock)) {
        std::thread::park_timeout(LOCK_PAUSE);
        tries -= 1;
    }
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Error::Locked {
            path: path.to_owned(),
        }),
        Err(TryLockError::Error(source)) => Err(Error::Open {
            path: path.to_owned(),
            source,
        }),
    }
}

pub(crate) fn connect(path: &Path, cache_kib: u32) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let settings = format!(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
         PRAGMA cache_size = -{cache_kib}; PRAGMA wal_autocheckpoint = 0; \
         PRAGMA journal_size_limit = {WAL_BYTES_KEPT}; PRAGMA temp_store = MEMORY; \
         PRAGMA trusted_schema = OFF; PRAGMA secure_delete = FAST; PRAGMA cell_size_check = ON; PRAGMA busy_timeout = 5000;"
    );
    let connection = Connection::open_with_flags(path, flags)
        .map_err(|e| failed(&path.display().to_string(), e))?;
    connection
        .execute_batch(&settings)
        .map_err(|e| failed(&settings, e))?;
    // Plans do not depend on arguments: else SQLite prepares a statement that may use a partial index anew each
    // time one is bound, which took more than half of the time of a page.
    connection
        .set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
        .map_err(|e| failed("SQLITE_DBCONFIG_ENABLE_QPSG", e))?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
    Ok(connection)
}

/// BEGIN IMMEDIATE: the write lock is taken now, not at the first write.
pub(crate) fn begin(connection: &Connection, commits: Commits) -> Result<()> {
    let text = match commits {
        Commits::OnDisk => "PRAGMA synchronous = FULL; BEGIN IMMEDIATE",
        Commits::Ahead => "PRAGMA synchronous = NORMAL; BEGIN IMMEDIATE",
    };
    if !end_transaction(connection) {
        return Err(Error::TxFailed);
    }
    connection.execute_batch(text).map_err(|e| failed(text, e))
}

/// COMMIT waits for the disk; the runtime is told so where it can use that.
pub(crate) fn commit(connection: &Connection) -> Result<()> {
    let work = || {
        connection
            .execute_batch("COMMIT")
            .map_err(|e| failed("COMMIT", e))
    };
    let many_threads = tokio::runtime::Handle::try_current()
        .is_ok_and(|h| h.runtime_flavor() == tokio::runtime::RuntimeFlavor::MultiThread);
    if many_threads {
        tokio::task::block_in_place(work)
    } else {
        work()
    }
}

/// Runs a statement and gives each row to `each`, as it is stepped.
pub(crate) fn rows(
    connection: &Connection,
    text: &str,
    args: &[Arg<'_>],
    mut each: impl FnMut(&Row<'_>) -> Result<()>,
) -> Result<()> {
    let mut statement = connection
        .prepare_cached(text)
        .map_err(|e| failed(text, e))?;
    bind(&mut statement, text, args)?;
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next().map_err(|e| failed(text, e))? {
        each(&Row::lite(row))?;
    }
    Ok(())
}

/// Runs a statement of one parameter once per key, prepared once.
pub(crate) fn rows_by_keys(
    connection: &Connection,
    text: &str,
    keys: &[Col<'_>],
    mut each: impl FnMut(&Row<'_>) -> Result<()>,
) -> Result<()> {
    let mut statement = connection
        .prepare_cached(text)
        .map_err(|e| failed(text, e))?;
    for at in 0..keys.first().map_or(0, Col::len) {
        let row: Vec<Arg<'_>> = keys.iter().map(|key| key.arg(at)).collect();
        bind(&mut statement, text, &row)?;
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next().map_err(|e| failed(text, e))? {
            each(&Row::lite(row))?;
        }
    }
    Ok(())
}

/// Runs a statement that returns no rows; the number of rows it changed.
pub(crate) fn exec(connection: &Connection, text: &str, args: &[Arg<'_>]) -> Result<u64> {
    let mut statement = connection
        .prepare_cached(text)
        .map_err(|e| failed(text, e))?;
    bind(&mut statement, text, args)?;
    changed(statement.raw_execute().map_err(|e| failed(text, e))?)
}

/// Steps one statement once per row of the columns.
pub(crate) fn exec_columns(
    connection: &Connection,
    text: &str,
    columns: &[Col<'_>],
) -> Result<u64> {
    let rows = columns.first().map_or(0, Col::len);
    let mut statement = connection
        .prepare_cached(text)
        .map_err(|e| failed(text, e))?;
    check_count(text, statement.parameter_count(), columns.len())?;
    let mut count = 0_u64;
    for row in 0..rows {
        for (at, column) in columns.iter().enumerate() {
            let place = at.saturating_add(1);
            statement
                .raw_bind_parameter(place, column.arg(row))
                .map_err(|e| failed(text, e))?;
        }
        let changes = statement.raw_execute().map_err(|e| failed(text, e))?;
        count = count.saturating_add(changed(changes)?);
    }
    Ok(count)
}

/// As [`exec_columns`] for a bulk insert.
pub(crate) fn bulk(connection: &Connection, bulk: &Bulk, columns: &[Col<'_>]) -> Result<u64> {
    exec_columns(connection, bulk.lite_text(), columns)
}

/// Whether the engine understands the statement; how many parameters it has.
pub(crate) fn prepare(connection: &Connection, text: &str) -> Result<usize> {
    let statement = connection.prepare(text).map_err(|e| failed(text, e))?;
    Ok(statement.parameter_count())
}

fn bind(statement: &mut rusqlite::Statement<'_>, text: &str, args: &[Arg<'_>]) -> Result<()> {
    check_count(text, statement.parameter_count(), args.len())?;
    for (at, arg) in args.iter().enumerate() {
        let place = at.saturating_add(1);
        statement
            .raw_bind_parameter(place, arg)
            .map_err(|e| failed(text, e))?;
    }
    Ok(())
}

fn check_count(text: &str, wanted: usize, given: usize) -> Result<()> {
    if wanted == given {
        Ok(())
    } else {
        Err(Error::Arguments {
            wanted,
            given,
            statement: text.to_owned(),
        })
    }
}

fn changed(count: usize) -> Result<u64> {
    u64::try_from(count).map_err(|_| Error::NumberTooLarge { number: u64::MAX })
}

pub(crate) fn failed(text: &str, source: rusqlite::Error) -> Error {
    Error::Lite {
        statement: text.to_owned(),
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::StatementStatus;

    #[test]
    fn a_statement_is_prepared_once_whatever_is_bound() {
        let folder = tempfile::tempdir().unwrap();
        let connection = connect(&folder.path().join("once.db"), READER_CACHE_KIB).unwrap();
        let schema = "CREATE TABLE t (a INTEGER, b INTEGER) STRICT; \
                      CREATE INDEX t_a ON t (a) WHERE a IS NOT NULL; INSERT INTO t VALUES (1, 2), (3, 4)";
        connection.execute_batch(schema).unwrap();
        let mut statement = connection.prepare("SELECT b FROM t WHERE a = ?1").unwrap();
        for (a, b) in [(1, 2), (3, 4), (1, 2)] {
            let found: i64 = statement.query_row([a], |row| row.get(0)).unwrap();
            assert_eq!(found, b);
        }
        assert_eq!(statement.get_status(StatementStatus::RePrepare), 0);
    }
}

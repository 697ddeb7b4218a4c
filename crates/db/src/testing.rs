//! Throw-away databases for the tests of every crate: the real engines.
//!
//! ```no_run
//! # async fn f() {
//! for db in db::testing::databases() {
//!     // a SQLite file, and a PostgreSQL schema if SHANJI_TEST_PG is set
//!     db.migrate(&[]).await.unwrap();
//! }
//! # }
//! ```

use std::io::Write as _;
use std::ops::Deref;
use std::sync::Once;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tempfile::TempDir;

use crate::database::{Db, Engine, Options};
use crate::error::{Error, Result};

/// The variable that names the PostgreSQL database to test on.
pub const VARIABLE: &str = "SHANJI_TEST_PG";

/// How often dropping a schema is tried again.
const DROP_TRIES: u32 = 3;

/// A database that nobody else uses and that is gone when it is dropped.
#[derive(Debug)]
pub struct TestDb {
    db: Db,
    url: String,
    schema: Option<Schema>,
    /// Where the SQLite file is; deleted with it.
    folder: Option<TempDir>,
}

/// A schema of its own in a shared PostgreSQL database.
#[derive(Debug)]
struct Schema {
    server: String,
    name: String,
}

/// One empty database for each engine: SQLite always, PostgreSQL if
/// `SHANJI_TEST_PG` names one.
///
/// # Panics
/// If a database cannot be made: a test that cannot run has failed.
#[must_use]
#[expect(clippy::expect_used, reason = "a test that cannot run has failed")]
pub fn databases() -> Vec<TestDb> {
    let mut all = vec![sqlite(few()).expect("a SQLite file for the test")];
    if let Some(db) = postgres(few()).expect("a PostgreSQL schema for the test") {
        all.push(db);
    }
    all
}

/// Few connections, since many tests run at once; short waits.
#[must_use]
pub fn few() -> Options {
    Options {
        readers: Some(2),
        wait: Duration::from_secs(30),
        ..Options::default()
    }
}

/// An empty SQLite database in a folder of its own.
///
/// # Errors
/// The folder or the file cannot be made.
pub fn sqlite(options: Options) -> Result<TestDb> {
    let folder = tempfile::tempdir().map_err(|source| Error::Open {
        path: std::env::temp_dir(),
        source,
    })?;
    let url = format!("sqlite:{}", folder.path().join("test.db").display());
    let db = Db::open(&url, options)?;
    Ok(TestDb {
        db,
        url,
        schema: None,
        folder: Some(folder),
    })
}

/// An empty PostgreSQL schema, or nothing (and a loud line) if none is to hand.
///
/// # Errors
/// The server cannot be reached or refuses.
pub fn postgres(options: Options) -> Result<Option<TestDb>> {
    static LOUD: Once = Once::new();
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let Some(server) = std::env::var(VARIABLE).ok().filter(|url| !url.is_empty()) else {
        // Not `eprintln!`: the test harness would swallow it.
        LOUD.call_once(|| {
            let _ = writeln!(
                std::io::stderr(),
                "PostgreSQL suite skipped: {VARIABLE} is not set"
            );
        });
        return Ok(None);
    };
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let name = format!("shanji_test_{}_{number}", std::process::id());
    run_aside(
        &server,
        &format!("DROP SCHEMA IF EXISTS {name} CASCADE; CREATE SCHEMA {name}"),
    )?;
    let mark = if server.contains('?') { '&' } else { '?' };
    let url = format!("{server}{mark}options=-c%20search_path%3D{name}&application_name={name}");
    let db = Db::open(&url, options)?;
    Ok(Some(TestDb {
        db,
        url,
        schema: Some(Schema { server, name }),
        folder: None,
    }))
}

/// Runs any SQL on an open database in a transaction of its own: to break something on purpose.
///
/// # Errors
/// The engine's refusal.
pub async fn script(db: &Db, text: &str) -> Result<()> {
    let mut tx = db.begin().await?;
    tx.script(text).await?;
    tx.commit().await
}

impl TestDb {
    /// The database itself, to be cloned where a test needs it.
    #[must_use]
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// The address it was opened with.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// "sqlite" or "postgres", for messages.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self.db.engine() {
            Engine::Sqlite => "sqlite",
            Engine::Postgres => "postgres",
        }
    }

    /// The folder of a SQLite database.
    #[must_use]
    pub fn folder(&self) -> Option<&std::path::Path> {
        self.folder.as_ref().map(TempDir::path)
    }

    /// Runs any SQL in a transaction of its own: fixtures, not the house's
    /// statements.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn script(&self, text: &str) -> Result<()> {
        script(&self.db, text).await
    }
}

impl Deref for TestDb {
    type Target = Db;
    fn deref(&self) -> &Db {
        &self.db
    }
}

impl Drop for TestDb {
    fn drop(&mut self) {
        let Some(schema) = &self.schema else { return };
        self.db.close();
        // The test's thread stands still here, and with it the tasks that would
        // end its last connections: the server ends them.
        let name = &schema.name;
        let text = format!(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
             WHERE application_name = '{name}'; DROP SCHEMA IF EXISTS {name} CASCADE"
        );
        // A connection on its way out may still hold a lock.
        let mut done = run_aside(&schema.server, &text);
        for _ in 0..DROP_TRIES {
            if done.is_ok() {
                return;
            }
            done = run_aside(&schema.server, &text);
        }
        if let Err(error) = done {
            eprintln!("schema {} was left behind: {error:?}", schema.name);
        }
    }
}

/// Runs a statement on a thread and a connection of its own, since a test may
/// or may not be inside a runtime.
fn run_aside(server: &str, text: &str) -> Result<()> {
    let work = || -> Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|e| Error::Connect {
                source: Box::new(e),
            })?;
        runtime.block_on(async {
            let (client, connection) = tokio_postgres::connect(server, tokio_postgres::NoTls)
                .await
                .map_err(|e| Error::Connect {
                    source: Box::new(e),
                })?;
            let driver = tokio::spawn(connection);
            let settings = "SET client_min_messages = warning; SET lock_timeout = '10s'";
            for text in [settings, text] {
                client
                    .batch_execute(text)
                    .await
                    .map_err(|e| crate::pg::failed(text, e))?;
            }
            drop(client);
            driver.await.map_or(Ok(()), |_| Ok(()))
        })
    };
    std::thread::scope(|scope| scope.spawn(work).join().unwrap_or(Err(Error::TxFailed)))
}

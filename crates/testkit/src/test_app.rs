//! A house of its own for one test, on either engine, with a clock that is moved by hand.

use crate::{check, sure};
use app::{App, AppError, Command, CommandKey, Config, Outcome};
use db::testing::TestDb;
use domain::identity::Actor;
use gateway::{ManualClock, SeededEntropy};
use kernel::Timestamp;
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tempfile::TempDir;

/// When every test begins: 2026-11-22, ten in the morning in Beijing, a Sunday.
pub const START: Timestamp = Timestamp::from_micros(1_795_312_800_000_000);
/// Milliseconds between checkpoints: an hour, since tests ask for theirs.
const TICK_MILLIS: u64 = 3_600_000;

/// 〔试验用的一家〕 An [`App`] in a folder and a database that are gone with it.
///
/// Dropping it checks everything; [`TestApp::without_check`] is for tests that break something on purpose.
#[derive(Debug)]
pub struct TestApp {
    app: App,
    clock: Arc<ManualClock>,
    keys: AtomicU64,
    checks: bool,
    // Dropped last, after everything that has files open.
    database: TestDb,
    folder: TempDir,
}

impl TestApp {
    /// Opens the same house again with another configuration; the one before is gone, since a house has one writer.
    ///
    /// # Panics
    /// The house does not open.
    pub async fn reopen(&mut self, config: Config) {
        let db = self.database.db().clone();
        self.app = sure(App::on(db, config).await, "the house opens again");
    }

    /// A house on SQLite.
    ///
    /// # Panics
    /// It cannot be opened.
    pub async fn sqlite() -> TestApp {
        let database = db::testing::sqlite(db::testing::few());
        TestApp::on(sure(database, "a SQLite file for the test")).await
    }

    /// One house on each engine that is to hand.
    ///
    /// # Panics
    /// One of them cannot be opened.
    pub async fn every() -> Vec<TestApp> {
        let mut all = Vec::new();
        for database in db::testing::databases() {
            all.push(TestApp::on(database).await);
        }
        all
    }

    /// A house with a test log on each engine that is to hand.
    ///
    /// # Panics
    /// One of them cannot be opened.
    pub async fn every_test_log() -> Vec<TestApp> {
        let mut all = Vec::new();
        for database in db::testing::databases() {
            all.push(TestApp::on_as(database, |config| config.test_log = true).await);
        }
        all
    }

    /// A house on this database.
    ///
    /// # Panics
    /// It cannot be opened.
    pub async fn on(database: TestDb) -> TestApp {
        TestApp::on_as(database, |_| {}).await
    }

    async fn on_as(database: TestDb, set: impl FnOnce(&mut Config)) -> TestApp {
        let folder = sure(tempfile::tempdir(), "a folder for the test");
        let clock = Arc::new(ManualClock::new(START));
        let mut config = Config {
            origin: "test.example/log".into(),
            clock: clock.clone(),
            entropy: Arc::new(SeededEntropy::new(20_261_122)),
            tick_millis: TICK_MILLIS,
            demo: true,
            ..Config::local(folder.path())
        };
        set(&mut config);
        let app = sure(
            App::on(database.db().clone(), config).await,
            "the house opens",
        );
        TestApp {
            app,
            clock,
            keys: AtomicU64::new(0),
            checks: true,
            database,
            folder,
        }
    }

    /// The house itself, to be cloned into tasks.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// The clock, to be moved.
    pub fn clock(&self) -> &ManualClock {
        &self.clock
    }

    /// The folder with keys and evidence.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// `sqlite` or `postgres`, for messages.
    pub fn engine(&self) -> &'static str {
        self.database.name()
    }

    /// Address of the database.
    pub fn database_url(&self) -> &str {
        self.database.url()
    }

    /// Runs any SQL beside the house: to break something on purpose.
    ///
    /// # Panics
    /// The engine refuses.
    pub async fn script(&self, text: &str) {
        sure(self.database.script(text).await, text);
    }

    /// A house that is not checked when it is dropped.
    #[must_use]
    pub fn without_check(mut self) -> TestApp {
        self.checks = false;
        self
    }

    /// Carries a command out under a key of its own.
    ///
    /// # Errors
    /// As [`App::write`].
    pub async fn ask(&self, actor: &Actor, command: Command) -> Result<Outcome, AppError> {
        let key = CommandKey(format!(
            "test/{}",
            self.keys.fetch_add(1, Ordering::Relaxed)
        ));
        self.app.write(actor, &key, command).await
    }

    /// Carries a command out that must succeed.
    ///
    /// # Panics
    /// It is refused or fails.
    #[track_caller]
    pub fn done(&self, actor: &Actor, command: Command) -> impl Future<Output = Outcome> {
        let asked = format!("{command:?}");
        async move { sure(self.ask(actor, command).await, &asked) }
    }

    /// Seals the log and checks everything, now.
    ///
    /// # Panics
    /// Something is wrong; all of it is named.
    pub async fn check_all(&self) {
        sure(self.app.seal_now().await, "the log is sealed");
        let faults = check::faults(self.app.db(), &self.app.verifier_key(), self.app.now()).await;
        let faults = sure(faults, "the database answers");
        assert!(faults.is_empty(), "{} house: {faults:#?}", self.engine());
    }
}

impl Deref for TestApp {
    type Target = App;
    fn deref(&self) -> &App {
        &self.app
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        // A test that has failed already says why itself.
        if !self.checks || std::thread::panicking() {
            return;
        }
        let faults = aside(&self.app, self.database.url());
        assert!(faults.is_empty(), "{} house: {faults:#?}", self.engine());
    }
}

/// Checks on a thread and a runtime of its own: the test's own stands still while something is dropped.
fn aside(app: &App, url: &str) -> Vec<String> {
    let work = || -> Vec<String> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        sure(runtime, "a runtime").block_on(async {
            let (key, now) = (app.verifier_key(), app.now());
            let faults = match app.db() {
                // The file is locked by this process, its readers are nobody's task.
                db @ db::Db::Lite(_) => check::faults(db, &key, now).await,
                // Connections belong to the runtime that stands still.
                db::Db::Pg(_) => {
                    let db = sure(db::Db::open(url, db::testing::few()), "PostgreSQL again");
                    let faults = check::faults(&db, &key, now).await;
                    db.close();
                    faults
                }
            };
            faults.unwrap_or_else(|error| vec![format!("{error:?}")])
        })
    };
    std::thread::scope(|scope| sure(scope.spawn(work).join(), "the check ends"))
}

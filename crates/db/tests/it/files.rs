//! Files and addresses: one process per SQLite file.

use db::{Db, Error, Options};

fn check(url: &str) {
    let error = Db::open(url, Options::default()).unwrap_err();
    assert!(matches!(error, Error::Url { .. }), "{error:?}");
}

#[test]
fn addresses_that_cannot_be_read_are_refused() {
    check("mysql://x");
    check("sqlite:");
    check("sqlite::memory:");
    check("postgres://user:pass word@:x/y?z");
}

#[tokio::test]
async fn a_file_is_opened_once() {
    let first = db::testing::sqlite(Options::default()).unwrap();
    let error = Db::open(first.url(), Options::default()).unwrap_err();
    assert!(matches!(error, Error::Locked { .. }));
    assert!(
        error.to_string().contains("正被另一个善迹进程使用"),
        "{error}"
    );
    let (url, clone) = (first.url().to_owned(), first.db().clone());
    let folder = first.folder().unwrap().to_owned();
    assert!(folder.join("test.db.lock").exists());
    drop(clone);
    assert!(matches!(
        Db::open(&url, Options::default()),
        Err(Error::Locked { .. })
    ));
}

/// The lock is the process's: another process is refused as well, and the file
/// is free when the first has gone.
#[test]
fn another_process_is_refused() {
    const CHILD: &str = "SHANJI_TEST_CHILD_FILE";
    if let Ok(url) = std::env::var(CHILD) {
        let refused = matches!(
            Db::open(&url, Options::default()),
            Err(Error::Locked { .. })
        );
        std::process::exit(if refused { 42 } else { 0 });
    }
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("x.db").display());
    let child = || {
        let me = std::env::current_exe().unwrap();
        let name = "files::another_process_is_refused";
        let run = std::process::Command::new(me)
            .args([name, "--exact"])
            .env(CHILD, &url)
            .output();
        run.unwrap().status.code()
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let _inside = runtime.enter();
    let db = Db::open(&url, Options::default()).unwrap();
    assert_eq!(child(), Some(42));
    drop(db);
    assert_eq!(child(), Some(0));
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    let error = Db::open("sqlite:/nowhere/at/all.db", Options::default()).unwrap_err();
    assert!(matches!(error, Error::Open { .. }));
    assert!(error.to_string().contains("/nowhere/at/all.db"), "{error}");
}

#[tokio::test]
async fn the_file_is_durable_and_kept_tidy() {
    let db = db::testing::sqlite(Options::default()).unwrap();
    db.migrate(&[crate::SCHEMA]).await.unwrap();
    db.checkpoint().await.unwrap();
    use db::{args, sql};
    for (text, wanted) in [
        (
            sql!(pg: "SELECT 1", lite: "SELECT synchronous FROM pragma_synchronous"),
            "2",
        ),
        (
            sql!(pg: "SELECT 1", lite: "SELECT foreign_keys FROM pragma_foreign_keys"),
            "1",
        ),
        (
            sql!(pg: "SELECT 1", lite: "SELECT cache_size FROM pragma_cache_size"),
            "-16384",
        ),
        (
            sql!(pg: "SELECT 1", lite: "SELECT journal_mode FROM pragma_journal_mode"),
            "wal",
        ),
    ] {
        let mut tx = db.begin().await.unwrap();
        let read = |r: &db::Row<'_>| r.i64(0).map(|n| n.to_string()).or_else(|_| r.text(0));
        assert_eq!(tx.one(text, args![], read).await.unwrap(), wanted);
        tx.rollback().await.unwrap();
    }
}

//! A house whose guard is gone, looked at and confirmed.

use super::*;
use crate::cli::Elsewhere;
use app::{App, Config, GUARD_FILE};
use std::fs;
use std::path::Path;
use testkit::TestApp;

fn place_of(app: &TestApp) -> Place {
    Place {
        data: app.folder().to_path_buf(),
        database: app.database_url().to_owned(),
        passphrase: None,
    }
}

fn args(at_least: &[&Path], confirm: Option<i64>) -> LogGuard {
    LogGuard {
        elsewhere: Elsewhere {
            at_least: at_least.iter().map(|file| file.to_path_buf()).collect(),
            witness_policy: None,
        },
        confirm,
    }
}

async fn code(app: &TestApp, args: &LogGuard) -> Result<Exit, String> {
    let ended = look(app.db(), &place_of(app), args).await;
    ended.map_err(|failure| failure.code)
}

async fn checkpoint(app: &App, file: &Path) -> i64 {
    app.seal_now().await.unwrap();
    let note = app.log_checkpoint().await.unwrap().unwrap();
    fs::write(file, &note).unwrap();
    note.lines().nth(1).unwrap().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_looks_and_says_that_it_is_the_newest() {
    for mut app in TestApp::every().await {
        let kept = tempfile::tempdir().unwrap();
        let file = kept.path().join("checkpoint");
        assert_eq!(
            code(&app, &args(&[], None)).await,
            Err("guard.nothing_signed".into())
        );
        let charity = app.charity("云山基金会").await;
        app.gift(&charity, "50").await;
        let size = checkpoint(&app, &file).await;
        let guard = app.folder().join(GUARD_FILE);
        assert_eq!(code(&app, &args(&[&file], None)).await, Ok(Exit::Fine));
        fs::remove_file(&guard).unwrap();
        assert_eq!(code(&app, &args(&[&file], None)).await, Ok(Exit::Found));
        assert!(!guard.exists(), "looking writes nothing");
        let other = code(&app, &args(&[], Some(size - 1))).await;
        assert_eq!(other, Err("guard.other_size".into()));
        assert!(!guard.exists());
        assert_eq!(
            code(&app, &args(&[&file], Some(size))).await,
            Ok(Exit::Fine)
        );
        let config = app.config().clone();
        app.reopen(config).await;
        assert_eq!(app.seal_stopped(), None);
        app.gift(&charity, "60").await;
        app.seal_now().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_others_keep_may_forbid_it() {
    let app = TestApp::sqlite().await;
    let (charity, kept) = (
        app.charity("云山基金会").await,
        tempfile::tempdir().unwrap(),
    );
    app.gift(&charity, "50").await;
    let before = checkpoint(&app, &kept.path().join("before")).await;
    let old = kept.path().join("old.db");
    let url = app.database_url().to_owned();
    for end in ["", "-wal"] {
        let live = format!("{}{end}", url.strip_prefix("sqlite:").unwrap());
        fs::copy(live, format!("{}{end}", old.display())).unwrap();
    }
    app.gift(&charity, "60").await;
    let newest = kept.path().join("newest");
    checkpoint(&app, &newest).await;
    let database = format!("sqlite:{}", old.display());
    let db = Db::open(&database, db::Options::default()).unwrap();
    let place = Place {
        database,
        ..place_of(&app)
    };
    // The guard of the living house forbids it, and without it a saved checkpoint does.
    let refused = look(&db, &place, &args(&[], Some(before))).await;
    assert_eq!(refused.unwrap_err().code, "guard.behind");
    let guard = Config::local(app.folder()).guard;
    fs::remove_file(&guard).unwrap();
    let refused = look(&db, &place, &args(&[&newest], Some(before))).await;
    let refused = refused.unwrap_err();
    assert_eq!(refused.code, "guard.behind");
    assert!(refused.sentence.contains("shanji log recover"), "{refused}");
    assert!(!guard.exists());
}

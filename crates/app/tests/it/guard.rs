//! A database that is older than what was signed is read and never written.

use crate::house::start;
use app::command::CommandKey;
use app::{App, AppError, Command, Config, DATABASE_FILE, GUARD_FILE, Outcome};
use domain::identity::Actor;
use domain::parties::OrganisationForm;
use gateway::{ManualClock, SeededEntropy};
use std::path::Path;
use std::sync::Arc;

async fn open(folder: &Path) -> App {
    let config = Config {
        clock: Arc::new(ManualClock::new(start())),
        entropy: Arc::new(SeededEntropy::new(7)),
        tick_millis: 5,
        ..Config::local(folder)
    };
    App::open(config).await.unwrap()
}

async fn register(app: &App, name: &str, uscc: &str) -> Result<Outcome, AppError> {
    let form = OrganisationForm {
        name: name.into(),
        kind: "association".into(),
        uscc: uscc.into(),
        ..OrganisationForm::default()
    };
    let command = Command::OrganisationRegister(form);
    app.write(&Actor::house("测试"), &CommandKey(name.into()), command)
        .await
}

/// Copies the database with what stands in its write-ahead log, and the keys; nobody writes meanwhile.
fn back_up(from: &Path, to: &Path) {
    for name in [DATABASE_FILE.to_owned(), format!("{DATABASE_FILE}-wal")] {
        std::fs::copy(from.join(&name), to.join(&name)).unwrap();
    }
    std::fs::create_dir(to.join("keys")).unwrap();
    for key in std::fs::read_dir(from.join("keys")).unwrap() {
        let key = key.unwrap();
        std::fs::copy(key.path(), to.join("keys").join(key.file_name())).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restored_backup_signs_nothing_and_can_be_read() {
    let (live, fresh, stale) = (
        tempfile::tempdir().unwrap(),
        tempfile::tempdir().unwrap(),
        tempfile::tempdir().unwrap(),
    );
    let app = open(live.path()).await;
    register(&app, "江城市慈善总会", "53330000MJX00000X3")
        .await
        .unwrap();
    app.seal_now().await.unwrap();
    back_up(live.path(), stale.path());
    register(&app, "云山省慈善总会", "51880000MJ00001145")
        .await
        .ok();
    register(&app, "望江区慈善会", "53330000MJX0000013")
        .await
        .ok();
    app.seal_now().await.unwrap();
    back_up(live.path(), fresh.path());
    let guard = live.path().join(GUARD_FILE);
    for folder in [&fresh, &stale] {
        std::fs::copy(&guard, folder.path().join(GUARD_FILE)).unwrap();
    }
    let newest = app.log_checkpoint().await.unwrap();

    let same = open(fresh.path()).await;
    assert_eq!(same.log_checkpoint().await.unwrap(), newest);
    assert_eq!(same.seal_stopped(), None);

    let old = open(stale.path()).await;
    let reason = old.seal_stopped().unwrap();
    assert!(reason.contains(GUARD_FILE), "{reason}");
    let seen = old.log_checkpoint().await.unwrap();
    assert!(seen.is_some() && seen != newest, "what it has can be read");
    let refused = register(&old, "再来一个", "53330000MJX00000X3").await;
    assert!(
        matches!(&refused, Err(AppError::Unwell(why)) if why.code == "read_only"),
        "{refused:?}"
    );
    assert!(old.seal_now().await.is_err());
    assert_eq!(old.log_checkpoint().await.unwrap(), seen);
    assert_eq!(
        std::fs::read(stale.path().join(GUARD_FILE)).unwrap(),
        std::fs::read(&guard).unwrap()
    );
}

/// Without its guard a database that has signed may be an old copy: nothing is signed until somebody says that it is not.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_without_its_guard_waits_for_a_word() {
    for mut house in testkit::TestApp::every().await {
        let guard = house.folder().join(GUARD_FILE);
        let config = house.config().clone();
        // Nothing was signed yet: a first start, or one that was cut short.
        std::fs::remove_file(&guard).unwrap();
        house.reopen(config.clone()).await;
        assert_eq!(house.seal_stopped(), None);
        house.seal_now().await.unwrap();
        let signed = house.log_checkpoint().await.unwrap();
        // Gone, or of a house that had signed nothing.
        let blank = format!("shanji/guard/1\n{}\n", house.origin());
        for left in [None, Some(blank.as_str())] {
            match left {
                None => std::fs::remove_file(&guard).unwrap(),
                Some(text) => std::fs::write(&guard, text).unwrap(),
            }
            house.reopen(config.clone()).await;
            let reason = house.seal_stopped().unwrap();
            assert!(reason.contains("shanji log guard"), "{reason}");
            assert!(house.seal_now().await.is_err());
            let refused = register(&house, "再来一个", "53330000MJX00000X3").await;
            assert!(matches!(&refused, Err(AppError::Unwell(why)) if why.code == "read_only"));
            assert_eq!(house.log_checkpoint().await.unwrap(), signed);
            let now = std::fs::read_to_string(&guard).ok();
            assert_eq!(now.as_deref(), left, "it is not made anew by itself");
        }
        let at = store::transparency::Guard::at(&guard);
        let renewed = store::transparency::guard_renew(house.db(), &at, house.origin()).await;
        assert!(renewed.unwrap().is_some());
        house.reopen(config).await;
        assert_eq!(house.seal_stopped(), None);
        register(&house, "江城市慈善总会", "53330000MJX00000X3")
            .await
            .unwrap();
        house.seal_now().await.unwrap();
    }
}

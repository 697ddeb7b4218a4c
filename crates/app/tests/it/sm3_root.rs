//! The daily root with SM3: written once a day by houses that sign with SM2, over everything before it, on both engines.

use crate::house::start;
use app::command::CommandKey;
use app::{App, Command, Config};
use db::testing::databases;
use domain::identity::Actor;
use domain::parties::OrganisationForm;
use gateway::{ManualClock, SeededEntropy, SystemEntropy, keys};
use kernel::{Day, Secret};
use leaf::{OwnWord, Sm3Root};
use std::path::Path;
use std::sync::Arc;
use tlog::{Sm2Signer, Sm2Use, Sm3Tree};

async fn open(db: &db::Db, folder: &Path, clock: &Arc<ManualClock>) -> App {
    let config = Config {
        clock: clock.clone(),
        entropy: Arc::new(SeededEntropy::new(7)),
        tick_millis: 5,
        ..Config::local(folder)
    };
    App::on(db.clone(), config).await.unwrap()
}

async fn register(app: &App, name: &str) {
    let form = OrganisationForm {
        name: name.into(),
        kind: "association".into(),
        ..OrganisationForm::default()
    };
    let command = Command::OrganisationRegister(form);
    let (actor, key) = (Actor::house("测试"), CommandKey(name.into()));
    app.write(&actor, &key, command).await.unwrap();
}

/// The index of each statement, which must be the root over everything before it, computed from the first leaf on.
async fn stated(app: &App) -> Vec<i64> {
    app.seal_now().await.unwrap();
    let mut read = app.db().read_tx().await.unwrap();
    let rows = store::audit::leaf_rows_from(&mut read, 0, 10_000).await;
    let (mut tree, mut found) = (Sm3Tree::default(), Vec::new());
    for row in rows.unwrap() {
        if let Some(said) = Sm3Root::parse(&row.bytes) {
            assert_eq!((said.before, said.root), (row.index, tree.root()));
            found.push(row.index);
        }
        tree.append(&row.bytes);
    }
    let faults = testkit::faults(app.db(), &app.verifier_key(), app.now()).await;
    assert_eq!(faults.unwrap(), Vec::<String>::new());
    found
}

fn sm2_key(folder: &Path) {
    let origin = Config::local(folder).origin;
    let sm2 = Sm2Signer::from_secret(&origin, Sm2Use::Log, &[5; 32]).unwrap();
    let line = Secret::new(sm2.line());
    let keys = folder.join("keys");
    keys::log_key_write(&keys, ("log-sm2.key", &line), None, &SystemEntropy).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_house_with_an_sm2_key_states_its_sm3_root_once_a_day() {
    for db in databases() {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(ManualClock::new(start()));
        let day = |text: &str| clock.set(Day::parse(text).unwrap().start());
        let app = open(db.db(), folder.path(), &clock).await;
        register(&app, "江城市慈善总会").await;
        let today = app.now().day();
        assert_eq!(app.sm3_root_daily(None).await.unwrap(), today);
        assert!(stated(&app).await.is_empty(), "nobody asked for SM3");
        drop(app);
        sm2_key(folder.path());
        let app = open(db.db(), folder.path(), &clock).await;
        // What is not sealed yet is covered too.
        register(&app, "云山基金会").await;
        for done in [None, Some(today), None] {
            app.sm3_root_daily(done).await.unwrap();
            assert_eq!(stated(&app).await.len(), 1, "once a day");
        }
        day("2026-12-01");
        app.sm3_root_daily(Some(today)).await.unwrap();
        assert_eq!(stated(&app).await.len(), 1, "nothing was recorded since");
        register(&app, "望江基金会").await;
        drop(app);
        // The edge is in the database; a later start goes on from it.
        let app = open(db.db(), folder.path(), &clock).await;
        app.sm3_root_daily(None).await.unwrap();
        assert_eq!(stated(&app).await.len(), 2);
        // An edge that is not the one that was stated is not believed: the tree is computed from the first leaf on.
        let mut tx = app.db().begin().await.unwrap();
        let spoil = db::sql!("UPDATE house SET value = '1 AAAA' WHERE key = 'sm3_edge'");
        tx.exec(spoil, db::args![]).await.unwrap();
        tx.commit().await.unwrap();
        day("2026-12-02");
        register(&app, "东湖基金会").await;
        app.sm3_root_daily(None).await.unwrap();
        assert_eq!(stated(&app).await.len(), 3);
    }
}

/// A test log has no index to read at the start, and must know its key all the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_test_log_goes_on_signing_after_a_restart() {
    for db in databases() {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(ManualClock::new(start()));
        for round in 1..=3_i64 {
            let config = Config {
                clock: clock.clone(),
                entropy: Arc::new(SeededEntropy::new(7)),
                tick_millis: 5,
                test_log: true,
                ..Config::local(folder.path())
            };
            let app = App::on(db.db().clone(), config).await.unwrap();
            let index = app.entry_add(vec![7; 40]).await.unwrap();
            assert_eq!(index, round);
            app.seal_now().await.unwrap();
            let mut read = app.db().read_tx().await.unwrap();
            let newest = store::transparency::checkpoint_newest(&mut read).await;
            assert_eq!(newest.unwrap().unwrap().size, round + 1);
        }
    }
}

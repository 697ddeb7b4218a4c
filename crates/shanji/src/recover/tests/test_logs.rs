//! A test log comes back as it stood, from an old backup and from nothing, on both engines.

use super::*;

/// Entries of every sort, so many that some tiles are full.
async fn fill(app: &App, from: usize, to: usize) {
    for number in from..to {
        let entry = match number % 3 {
            0 => b"{no json".to_vec(),
            1 => vec![0xFF; number % 40 + 1],
            _ => number.to_string().into_bytes(),
        };
        app.entry_add(entry).await.unwrap();
    }
    app.seal_now().await.unwrap();
}

async fn reopened(place: &Place, live: &App) -> App {
    let config = Config {
        origin: live.origin().to_owned(),
        clock: Arc::new(ManualClock::new(live.now())),
        tick_millis: 5,
        database: place.database.clone(),
        ..Config::local(&place.data)
    };
    App::open(config).await.unwrap()
}

/// Recovers, and the log is the one that was published, and goes on.
async fn comes_back(place: &Place, live: &App, (mirror, held): (&Path, u64)) {
    let recovered = recover_apart(place, mirror).unwrap();
    assert!(recovered.is_test && recovered.is_guarded());
    assert_eq!(recovered.leaves as u64, size_of(live).await - held);
    assert!(!told::in_words(&recovered, &[]).contains("捐赠"));
    assert_eq!(newest(place).await, live.log_checkpoint().await.unwrap());
    // Once more finds nothing to do.
    assert_eq!(recover_apart(place, mirror).unwrap().leaves, 0);
    let app = reopened(place, live).await;
    assert!(app.is_test_log());
    let next = app.entry_add(b"on".to_vec()).await.unwrap();
    assert_eq!(next as u64, size_of(live).await);
    app.seal_now().await.unwrap();
    assert_eq!(app.seal_stopped(), None);
    for path in tiles_of(next as u64).chain(bundles_of(next as u64)) {
        let same = live.log_tile(&path).await.unwrap();
        assert_eq!(app.log_tile(&path).await.unwrap(), same, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn entries_come_back_from_a_backup_and_from_nothing() {
    let app = TestApp::every_test_log().await.swap_remove(0);
    fill(app.app(), 0, 300).await;
    let (_kept, copy) = accidents::backup(&app).await;
    let held = size_of(&app).await;
    fill(app.app(), 300, 900).await;
    let mirror = accidents::mirrored(&app).await;
    let (_home, place) = restored(app.folder(), &copy);
    comes_back(&place, &app, (mirror.path(), held)).await;
    let (_home, place) = restored(app.folder(), Path::new("/nonexistent"));
    comes_back(&place, &app, (mirror.path(), 0)).await;
    if let Some(database) = db::testing::postgres(db::testing::few()).unwrap() {
        let (_home, mut place) = restored(app.folder(), Path::new("/nonexistent"));
        place.database = database.url().to_owned();
        comes_back(&place, &app, (mirror.path(), 0)).await;
    }
    // A mirror of another history is refused, and nothing is changed.
    let other = TestApp::every_test_log().await.swap_remove(0);
    fill(other.app(), 1, 950).await;
    let wrong = accidents::mirrored(&other).await;
    let (_home, place) = restored(app.folder(), &copy);
    let refused = recover_apart(&place, wrong.path()).unwrap_err();
    assert_eq!(refused.code, "recover.differs", "{refused}");
    assert_eq!(leaves(&place).await as u64, held);
}

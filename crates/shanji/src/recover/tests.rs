//! A real house, its backup, more gifts, the disk that dies, and a mirror from which it comes back.

use super::*;
use app::{App, Config};
use gateway::ManualClock;
use std::fs;
use std::path::Path;
use testkit::{TestApp, sure};
use tlog::{bundles_of, tiles_of};

mod accidents;
mod imports;
mod province;
mod second_source;
mod taken_down;
mod test_logs;

/// The files of the newest checkpoint, as a mirror writes them.
async fn mirror(app: &App, folder: &Path) {
    let note = app.log_checkpoint().await.unwrap().unwrap();
    let (_, checkpoint) = read_note(note.as_bytes()).unwrap();
    let write = |path: &str, bytes: &[u8]| {
        let file = folder.join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, bytes).unwrap();
    };
    let size = checkpoint.size();
    for path in tiles_of(size).chain(bundles_of(size)) {
        let bytes = app.log_tile(&path).await.unwrap().unwrap();
        write(&path.to_string(), &bytes);
    }
    write("vkeys", app.key_history().await.unwrap().as_bytes());
    write("checkpoint", note.as_bytes());
}

/// The folder of a house whose database is `backup`, with the keys and the guard of `live`.
fn restored(live: &Path, backup: &Path) -> (tempfile::TempDir, Place) {
    let home = tempfile::tempdir().unwrap();
    for end in ["", "-wal"] {
        let from = format!("{}{end}", backup.display());
        let to = home.path().join(format!("{}{end}", app::DATABASE_FILE));
        if Path::new(&from).exists() {
            fs::copy(from, to).unwrap();
        }
    }
    fs::copy(
        live.join(app::GUARD_FILE),
        home.path().join(app::GUARD_FILE),
    )
    .unwrap();
    fs::create_dir(home.path().join("keys")).unwrap();
    for key in fs::read_dir(live.join("keys")).unwrap() {
        let key = key.unwrap();
        fs::copy(key.path(), home.path().join("keys").join(key.file_name())).unwrap();
    }
    let place = Place {
        data: home.path().to_path_buf(),
        database: Config::local(home.path()).database,
        passphrase: None,
    };
    (home, place)
}

async fn open(place: &Place, live: &App) -> App {
    let config = Config {
        origin: live.origin().to_owned(),
        clock: Arc::new(ManualClock::new(live.now())),
        tick_millis: 5,
        demo: true,
        database: place.database.clone(),
        ..Config::local(&place.data)
    };
    App::open(config).await.unwrap()
}

fn recover_apart(place: &Place, mirror: &Path) -> Result<Recovered, Failure> {
    recover_with(place, mirror, Vec::new())
}

fn recover_with(place: &Place, mirror: &Path, words: Vec<GivenWord>) -> Result<Recovered, Failure> {
    recover_as(place, mirror, (words, Elsewhere::default(), None))
}

fn recover_as(
    place: &Place,
    mirror: &Path,
    (words, elsewhere, confirmed): (Vec<GivenWord>, Elsewhere, Option<i64>),
) -> Result<Recovered, Failure> {
    let (place, mirror) = (place.clone(), mirror.display().to_string());
    let clock = ManualClock::new(SystemClock.now());
    let work = move || {
        let source = Source {
            mirror: &mirror,
            words,
            elsewhere: &elsewhere,
            confirmed,
        };
        recover(&place, source, &clock).map(|done| done.recovered)
    };
    std::thread::spawn(work).join().unwrap()
}

/// What the audit of the database finds wrong.
async fn audited(place: &Place) -> crate::audit::Conclusion {
    let secrets = house::secrets(place).unwrap();
    let db = house::open(place).unwrap();
    let mut session = db.read_tx().await.unwrap();
    let conclusion = books::conclude(&mut session, &secrets).await.unwrap();
    drop(session);
    db.close();
    conclusion
}

struct Accident {
    app: TestApp,
    /// Of gifts that the backup does not have.
    receipts: Vec<String>,
    backup: std::path::PathBuf,
    mirror: std::path::PathBuf,
    _home: tempfile::TempDir,
}

/// Three gifts, a backup, `more` gifts that the backup does not have, and a mirror that has them.
async fn accident(more: usize) -> Accident {
    let home = tempfile::tempdir().unwrap();
    let database = db::testing::sqlite(db::testing::few()).unwrap();
    let live = database.folder().unwrap().join("test.db");
    let app = TestApp::on(database).await;
    let charity = app.charity("云山基金会").await;
    for yuan in ["50", "1000", "0.07"] {
        app.gift(&charity, yuan).await;
    }
    sure(app.seal_now().await, "sealed");
    let backup = home.path().join("backup.db");
    // Nobody writes now; what stands in the write-ahead log belongs to it.
    for end in ["", "-wal"] {
        let (from, to) = (live.display(), backup.display());
        fs::copy(format!("{from}{end}"), format!("{to}{end}")).unwrap();
    }
    let mut given = Vec::new();
    for number in 0..more {
        given.push(app.gift(&charity, &format!("{}", 20 + number)).await);
        if number % 100 == 7 {
            sure(app.seal_now().await, "sealed");
            // An upgrade in between: the log states its new offline page.
            let pages = leaf::VerifierPages {
                program: format!("0.0.{number}"),
                files: vec![(1, [7; 32])],
            };
            sure(app.verifier_state(pages).await, "stated");
        }
    }
    sure(app.seal_now().await, "sealed");
    let mut receipts = Vec::new();
    for id in given.iter().step_by(50) {
        receipts.push(app.receipt_proof(id, None).await.unwrap().unwrap());
    }
    let copy = home.path().join("mirror");
    mirror(app.app(), &copy).await;
    Accident {
        app,
        receipts,
        backup,
        mirror: copy,
        _home: home,
    }
}

/// The kinds of the leaves of a log.
async fn kinds_of(app: &App) -> std::collections::BTreeSet<String> {
    let mut read = app.db().read_tx().await.unwrap();
    let rows = store::audit::leaf_rows_from(&mut read, 0, i64::MAX)
        .await
        .unwrap();
    let leaves = rows
        .iter()
        .map(|row| leaf::Leaf::parse(&row.bytes).unwrap());
    leaves.map(|leaf| leaf.kind.code().to_owned()).collect()
}

/// Leaves under the newest checkpoint.
async fn size_of(app: &App) -> u64 {
    let note = app.log_checkpoint().await.unwrap().unwrap();
    let (_, checkpoint) = read_note(note.as_bytes()).unwrap();
    checkpoint.size()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_behind_the_guard_comes_back_from_a_mirror() {
    let more = 300;
    let accident = accident(more).await;
    let live = &accident.app;
    let lost = &accident.receipts;
    let (_home, place) = restored(live.folder(), &accident.backup);
    let app = open(&place, live).await;
    assert!(app.seal_stopped().is_some(), "read-only before");
    drop(app);
    let recovered = recover_apart(&place, &accident.mirror).unwrap();
    assert_eq!(recovered.losses.gifts.listed.len(), more);
    let sum: i64 = recovered
        .losses
        .gifts
        .listed
        .iter()
        .map(|gift| gift.amount)
        .sum();
    assert_eq!(sum, (0..more as i64).map(|n| (20 + n) * 100).sum::<i64>());
    let words = told::in_words(&recovered, &[]);
    assert!(
        words.contains(&recovered.losses.gifts.listed[0].id) && words.contains("渠道账单"),
        "{words}"
    );
    // Once more finds nothing to do and breaks nothing.
    assert_eq!(recover_apart(&place, &accident.mirror).unwrap().leaves, 0);

    assert_eq!(newest(&place).await, live.log_checkpoint().await.unwrap());
    let before = size_of(live).await;
    let app = open(&place, live).await;
    app.seal_now().await.unwrap();
    assert_eq!(app.seal_stopped(), None);
    assert_eq!(
        size_of(&app).await,
        before + 2,
        "the announcement and the index"
    );
    let said = app.leaf_page(before as i64).await.unwrap();
    let said = <leaf::Recovery as leaf::OwnWord>::parse(said.text.as_bytes()).unwrap();
    assert_eq!(said.number, recovered.leaves);
    assert_eq!((said.before + said.number) as u64, before);
    // Receipts that were handed out verify, and lead to a log that grows on.
    let key: tlog::VerifierKey = app.verifier_key().parse().unwrap();
    for receipt in lost {
        let (file, origin) = crate::verify::read(receipt.as_bytes()).unwrap();
        crate::verify::check(&file, &origin, std::slice::from_ref(&key)).unwrap();
    }
    assert_eq!(app.key_book().keys().len(), 1);
    // The house signs on: what comes now extends what was signed before the accident.
    let before = size_of(&app).await;
    let pages = leaf::VerifierPages {
        program: "0.0.2".to_owned(),
        files: Vec::new(),
    };
    app.verifier_state(pages).await.unwrap();
    app.seal_now().await.unwrap();
    assert_eq!(app.seal_stopped(), None);
    assert_eq!(
        size_of(&app).await,
        before + 2,
        "the statement and the index"
    );
    drop(app);
    // The public log is whole, and every row agrees with its statement.
    let conclusion = audited(&place).await;
    assert!(conclusion.is_clean(), "{}", conclusion.words());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_does_not_verify_changes_nothing() {
    let accident = accident(20).await;
    let (_home, place) = restored(accident.app.folder(), &accident.backup);
    let before = leaves(&place).await;
    let check = |change: &dyn Fn(&Path), code: &str| {
        let home = tempfile::tempdir().unwrap();
        copy_tree(&accident.mirror, home.path());
        change(home.path());
        let failure = recover_apart(&place, home.path()).unwrap_err();
        assert_eq!(failure.code, code, "{failure}");
    };
    let flip = |folder: &Path, path: &str| {
        let file = folder.join(path);
        let mut bytes = fs::read(&file).unwrap();
        let at = bytes.len() - 9;
        bytes[at] ^= 1;
        fs::write(file, bytes).unwrap();
    };
    let bundle = fs::read_dir(accident.mirror.join("tile/entries/000.p"))
        .unwrap()
        .next();
    let bundle = bundle.unwrap().unwrap().file_name().into_string().unwrap();
    check(
        &|folder| flip(folder, &format!("tile/entries/000.p/{bundle}")),
        "recover.leaf",
    );
    check(
        &|folder| flip(folder, &format!("tile/0/000.p/{bundle}")),
        "tree.root_differs",
    );
    check(
        &|folder| other_root(&folder.join("checkpoint")),
        "tlog.note.bad_signature",
    );
    check(
        &|folder| fs::remove_file(folder.join("checkpoint")).unwrap(),
        "log.unreachable",
    );
    // A mirror that ends before what was signed would cut the log.
    let short = restored(accident.app.folder(), &accident.backup);
    let app = open(&short.1, &accident.app).await;
    let behind = tempfile::tempdir().unwrap();
    mirror(&app, behind.path()).await;
    drop(app);
    let failure = recover_apart(&place, behind.path()).unwrap_err();
    assert_eq!(failure.code, "recover.short", "{failure}");
    assert_eq!(leaves(&place).await, before);
    assert!(recover_apart(&place, &accident.mirror).is_ok());
}

/// Another root in a checkpoint, which its signature does not cover.
fn other_root(file: &Path) {
    let note = fs::read_to_string(file).unwrap();
    let mut lines: Vec<String> = note.split('\n').map(ToOwned::to_owned).collect();
    let first = if lines[2].starts_with('A') { "B" } else { "A" };
    lines[2].replace_range(..1, first);
    fs::write(file, lines.join("\n")).unwrap();
}

/// The newest checkpoint of a house that is not open.
async fn newest(place: &Place) -> Option<String> {
    let db = house::open(place).unwrap();
    let mut read = db.read_tx().await.unwrap();
    let newest = store::transparency::checkpoint_newest(&mut read).await;
    drop(read);
    db.close();
    newest.unwrap().map(|newest| newest.note)
}

async fn leaves(place: &Place) -> i64 {
    let db = house::open(place).unwrap();
    let mut read = db.read_tx().await.unwrap();
    let count = store::transparency::leaf_count(&mut read).await.unwrap();
    drop(read);
    db.close();
    count
}

fn copy_tree(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            fs::create_dir_all(&target).unwrap();
            copy_tree(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

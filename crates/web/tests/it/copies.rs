//! What witnesses keep of the log stops a house whose database is not the one that signed last; and nothing else does.

use crate::client::Client;
use crate::hand_witness::{Answer, Hand, hand_keeping};
use crate::witnesses::{Log, Ours, proof, receipt, served};
use app::{App, AppError, Config, GUARD_FILE, Turnover, Witnessed};
use gateway::{SystemEntropy, keys};
use kernel::Secret;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use testkit::TestApp;
use tlog::policy::Standing;
use tlog::witness::SIZE_MEDIA_TYPE;
use tlog::{Checkpoint, Hash, PrivateKey, SignedNote, Signer, VerifierKey};

/// A checkpoint of this log with this size and root under the key of this seed.
fn forged(app: &App, (size, root): (u64, Hash), seed: &[u8; 32]) -> Answer {
    let signer = Signer::from_seed(app.origin(), seed).unwrap();
    let checkpoint = Checkpoint::new(app.origin(), size, root).unwrap();
    let note = checkpoint.sign(&[&signer]).unwrap();
    Answer::of(200, "text/plain", &note.to_string())
}

/// A witness that keeps this and signs nothing.
fn keeps(copy: Answer) -> Hand {
    hand_keeping(
        move || copy.clone(),
        |_| Answer::of(503, "text/plain", "no\n"),
    )
}

async fn size_of(app: &App) -> u64 {
    let note = served(app).await;
    note.text().parse::<Checkpoint>().unwrap().size()
}

/// Nothing is signed or written, the health check says why, and what is there can be read.
async fn is_read_only(log: &Log, words: &[&str]) {
    let app = log.house.app();
    let reason = app.seal_stopped().unwrap();
    for word in words {
        assert!(reason.contains(word), "{word} in {reason}");
    }
    let before = served(app).await;
    assert!(app.seal_now().await.is_err());
    assert_eq!(served(app).await, before);
    let pages = leaf::VerifierPages {
        program: "0.0.9".to_owned(),
        files: Vec::new(),
    };
    let refused = app.verifier_state(pages).await.unwrap_err();
    assert!(
        matches!(&refused, AppError::Conflict(_) | AppError::Unwell(_)),
        "{refused:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_that_our_own_key_has_signed_is_proof_and_no_other_is() {
    for house in TestApp::every().await {
        let mut log = Log::of(house, "江城市慈善总会").await;
        log.gift().await;
        log.house.seal_now().await.unwrap();
        let app = log.house.app().clone();
        let (size, seed) = (size_of(&app).await, *app.secrets().log_seed.expose());
        let other = Hash([7; 32]);
        let line = |hand: &Hand| format!("{}quorum w\n", hand.line("w", 1));
        let nothing = || Answer::of(200, "text/plain", "no note at all\n");
        for copy in [
            forged(&app, (size + 9, other), &[99; 32]),
            nothing(),
            Answer::of(500, "text/plain", ""),
            Answer::of(200, "text/plain", &"x".repeat(70_000)),
            Answer::Silence,
        ] {
            let app = log.with(&line(&keeps(copy))).await;
            assert_eq!(app.seal_stopped(), None, "it proves nothing");
            log.gift().await;
            app.seal_now().await.unwrap();
        }
        let size = size_of(log.house.app()).await;
        let ahead = forged(&app, (size + 9, other), &seed);
        let differs = forged(&app, (size - 1, other), &seed);
        let held = size.to_string();
        for (copy, words) in [
            (ahead, ["数据库是旧的", "shanji log recover", held.as_str()]),
            (differs, ["两份历史", "先停止服务", "witness.example/1"]),
        ] {
            log.with(&line(&keeps(copy))).await;
            is_read_only(&log, &words).await;
        }
        // Without that witness the same database signs on: it was whole.
        log.with("quorum none\n").await;
        log.gift().await;
        log.house.seal_now().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn proof_that_comes_later_stops_the_house_too() {
    let mut log = Log::open("江城市慈善总会").await;
    log.gift().await;
    log.house.seal_now().await.unwrap();
    let app = log.house.app().clone();
    let (size, seed) = (size_of(&app).await, *app.secrets().log_seed.expose());
    let ahead = forged(&app, (size + 900, Hash([7; 32])), &seed);
    // Down at the start, it shows later what it keeps; or it shows nothing, and names a larger size when it is asked.
    for (first, asked) in [
        (Answer::Silence, Answer::of(503, "text/plain", "")),
        (
            Answer::of(404, "text/plain", ""),
            Answer::of(409, SIZE_MEDIA_TYPE, &format!("{}\n", size + 900)),
        ),
    ] {
        let (shown, later) = (Arc::new(AtomicBool::new(false)), ahead.clone());
        let seen = Arc::clone(&shown);
        let copy = move || match seen.load(Ordering::SeqCst) {
            true => later.clone(),
            false => first.clone(),
        };
        let hand = hand_keeping(copy, move |_| asked.clone());
        let app = log.with(&format!("{}quorum w\n", hand.line("w", 1))).await;
        assert_eq!(app.seal_stopped(), None);
        log.gift().await;
        app.seal_now().await.unwrap();
        shown.store(true, Ordering::SeqCst);
        app.cosign_now().await.unwrap();
        is_read_only(&log, &["witness.example/1", "shanji log recover"]).await;
    }
    drop(log.house.without_check());
}

/// The folder and the database as they are now: what a snapshot of the machine would bring back.
fn snapshot(log: &Log) -> (tempfile::TempDir, Config) {
    let copy = tempfile::tempdir().unwrap();
    let url = log.house.database_url().to_owned();
    let live = Path::new(url.strip_prefix("sqlite:").unwrap()).to_owned();
    for end in ["", "-wal"] {
        let to = copy.path().join(format!("{}{end}", app::DATABASE_FILE));
        std::fs::copy(format!("{}{end}", live.display()), to).unwrap();
    }
    let from = log.house.folder();
    std::fs::copy(from.join(GUARD_FILE), copy.path().join(GUARD_FILE)).unwrap();
    std::fs::create_dir(copy.path().join("keys")).unwrap();
    for key in std::fs::read_dir(from.join("keys")).unwrap() {
        let key = key.unwrap();
        std::fs::copy(key.path(), copy.path().join("keys").join(key.file_name())).unwrap();
    }
    let local = Config::local(copy.path());
    let config = Config {
        data: local.data,
        database: local.database,
        guard: local.guard,
        ..log.house.config().clone()
    };
    (copy, config)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_old_copy_of_everything_signs_nothing_while_the_newest_signs_on() {
    let mut log = Log::open("江城市慈善总会").await;
    let clock = Arc::clone(&log.house.config().clock);
    let witness = Ours::open(1, &log.key, clock).await;
    let policy = format!("{}quorum w\n", witness.line("w", &witness.url));
    log.gift().await;
    let app = log.with(&policy).await;
    app.seal_now().await.unwrap();
    app.cosign_now().await.unwrap();
    let (_old, config) = snapshot(&log);
    let same = App::open(config.clone()).await.unwrap();
    assert_eq!(same.seal_stopped(), None, "nothing was signed since");
    drop(same);
    let gift = log.gift().await;
    app.seal_now().await.unwrap();
    app.cosign_now().await.unwrap();
    assert_eq!(proof(&app, &gift).await.0, Standing::Final);
    drop(app);

    let old = App::open(config).await.unwrap();
    let reason = old.seal_stopped().unwrap();
    for word in ["witness.example/1", "已转为只读", "shanji log recover"] {
        assert!(reason.contains(word), "{word} in {reason}");
    }
    let before = served(&old).await;
    assert!(old.seal_now().await.is_err());
    assert_eq!(served(&old).await, before);
    drop(old);
    // The newest one goes on with the same witness, and without an answer of it.
    let app = log.with(&policy).await;
    assert_eq!(app.seal_stopped(), None);
    let down = policy.replace(&witness.url, "http://127.0.0.1:1");
    let app = log.with(&down).await;
    log.gift().await;
    app.seal_now().await.unwrap();
    assert_eq!(app.seal_stopped(), None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_missing_guard_is_written_anew_where_every_witness_agrees() {
    for house in TestApp::every().await {
        let mut log = Log::of(house, "江城市慈善总会").await;
        let clock = || Arc::clone(&log.house.config().clock);
        let (one, two) = (
            Ours::open(1, &log.key, clock()).await,
            Ours::open(2, &log.key, clock()).await,
        );
        let lines = format!("{}{}", one.line("a", &one.url), two.line("b", &two.url));
        let policy = format!("{lines}group any 1 a b\nquorum any\n");
        log.gift().await;
        let app = log.with(&policy).await;
        app.seal_now().await.unwrap();
        app.cosign_now().await.unwrap();
        drop(app);
        let guard = log.house.folder().join(GUARD_FILE);
        std::fs::remove_file(&guard).unwrap();
        // One that cannot be asked may have seen more.
        log.with(&policy.replace(&two.url, "http://127.0.0.1:1"))
            .await;
        is_read_only(&log, &["守卫文件", "shanji log guard"]).await;
        assert!(!guard.exists());
        log.with("quorum none\n").await;
        is_read_only(&log, &["守卫文件", "shanji log guard"]).await;
        let app = log.with(&policy).await;
        assert_eq!(app.seal_stopped(), None);
        assert!(guard.exists());
        log.gift().await;
        app.seal_now().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_wrong_stands_in_the_health_check() {
    let log = Log::open("江城市慈善总会").await;
    log.gift().await;
    log.house.seal_now().await.unwrap();
    std::fs::remove_file(log.house.folder().join(GUARD_FILE)).unwrap();
    let mut house = log.house;
    let config = house.config().clone();
    house.reopen(config).await;
    let client = Client::of(house.without_check());
    let health = client.get("/healthz").await;
    assert_eq!(health.status, 503);
    let said = health.json();
    assert_eq!(
        (&said["status"], &said["sealing"]),
        (&"unwell".into(), &false.into())
    );
    assert!(
        said["sentence"]
            .as_str()
            .unwrap()
            .contains("shanji log guard")
    );
    assert_eq!(
        client.get("/log/checkpoint").await.status,
        200,
        "it can be read"
    );
}

/// After a theft the house starts with the policy that it had; what it signs is final as soon as the witness knows the key.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_emergency_rotation_starts_with_the_old_policy() {
    let mut log = Log::open("江城市慈善总会").await;
    let clock = || Arc::clone(&log.house.config().clock);
    let old = log.key.clone();
    let key = PrivateKey::from_seed(old.name(), &[9; 32]).unwrap();
    let signer = key.signer().unwrap();
    let new: VerifierKey = signer.verifier().clone();
    let late = Ours::open(1, &old, clock()).await;
    let ready = Ours::of(2, vec![old.clone(), new.clone()], clock()).await;
    let text = |one: &Ours| format!("log {old}\n{}quorum w\n", one.line("w", &one.url));
    let (late, ready) = (text(&late), text(&ready));
    let name = keys::log_key_file(new.id());
    let line = Secret::new(key.line().unwrap());
    let folder = log.house.folder().join("keys");
    keys::log_key_write(&folder, (&name, &line), None, &SystemEntropy).unwrap();
    log.with("quorum none\n").await;
    log.house
        .key_announce(&signer, Turnover::AtOnce)
        .await
        .unwrap();

    let gift = log.gift().await;
    let app = log.with_policy(&late).await;
    app.seal_now().await.unwrap();
    app.cosign_now().await.unwrap();
    assert_eq!(app.seal_stopped(), None);
    assert!(app.witness_policy().starts_with(&late));
    assert!(app.witness_policy().contains(&format!("\nlog {new}\n")));
    // The witness does not know the new key yet: final waits, and the published policy says so too.
    assert_eq!(
        receipt(&app, &gift).await.seal.witnessed,
        Witnessed::Waiting
    );
    assert_eq!(proof(&app, &gift).await.0, Standing::Waiting);
    let app = log.with_policy(&ready).await;
    app.seal_now().await.unwrap();
    app.cosign_now().await.unwrap();
    assert_eq!(receipt(&app, &gift).await.seal.witnessed, Witnessed::Final);
    assert_eq!(proof(&app, &gift).await.0, Standing::Final);
    let note: SignedNote = served(&app).await;
    assert!(note.signatures().iter().any(|line| new.matches(line)));
    drop(log.house.without_check());
}

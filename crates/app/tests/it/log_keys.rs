//! The log changes its key: announced, side by side, alone; also at once, when somebody may have the old one.

use crate::house::start;
use app::command::CommandKey;
use app::{App, Command, Config, Turnover};
use db::testing::{TestDb, databases};
use domain::identity::Actor;
use domain::parties::OrganisationForm;
use gateway::{ManualClock, SeededEntropy, SystemEntropy, keys};
use kernel::{Day, Secret};
use leaf::{KeyHistory, TrustedKeys};
use std::path::Path;
use std::sync::Arc;
use tlog::{PrivateKey, SignedNote, Signer, Sm2Key, Sm2Signer, Sm2Use, VerifierKey};

const ORIGIN: &str = "localhost/log";

struct Place {
    folder: tempfile::TempDir,
    clock: Arc<ManualClock>,
    db: TestDb,
}

impl Place {
    async fn open(&self) -> App {
        let config = Config {
            clock: self.clock.clone(),
            entropy: Arc::new(SeededEntropy::new(7)),
            tick_millis: 5,
            ..Config::local(self.folder.path())
        };
        App::on(self.db.db().clone(), config).await.unwrap()
    }

    fn keys(&self) -> std::path::PathBuf {
        self.folder.path().join("keys")
    }

    fn set_day(&self, text: &str) {
        self.clock
            .set(day(text).start().plus_micros(1_000_000).unwrap());
    }
}

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

/// A key of the log whose file stands in the house.
fn make(folder: &Path, seed: u8) -> Signer {
    let key = PrivateKey::from_seed(ORIGIN, &[seed; 32]).unwrap();
    let signer = key.signer().unwrap();
    let name = keys::log_key_file(signer.verifier().id());
    let line = Secret::new(key.line().unwrap());
    keys::log_key_write(folder, (&name, &line), None, &SystemEntropy).unwrap();
    signer
}

async fn note(app: &App) -> SignedNote {
    app.seal_now().await.unwrap();
    SignedNote::parse(app.log_checkpoint().await.unwrap().unwrap()).unwrap()
}

/// How many of these keys signed the newest checkpoint, after something was written.
async fn signed_by(app: &App, name: &str, of: &[&VerifierKey]) -> Vec<bool> {
    let form = OrganisationForm {
        name: name.into(),
        kind: "association".into(),
        ..OrganisationForm::default()
    };
    let command = Command::OrganisationRegister(form);
    let key = CommandKey(name.into());
    app.write(&Actor::house("测试"), &key, command)
        .await
        .unwrap();
    let note = note(app).await;
    let has = |key: &&VerifierKey| note.signatures().iter().any(|line| key.matches(line));
    of.iter().map(has).collect()
}

/// What somebody believes who has this key and reads the published history.
async fn trusted(app: &App, root: &VerifierKey) -> TrustedKeys {
    let history: KeyHistory = app.key_history().await.unwrap().parse().unwrap();
    let mut trusted = TrustedKeys::new(ORIGIN, [root.clone()]);
    trusted.follow(&history).unwrap();
    trusted
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_is_announced_signs_beside_the_old_one_and_then_alone() {
    for db in databases() {
        let place = Place {
            folder: tempfile::tempdir().unwrap(),
            clock: Arc::new(ManualClock::new(start())),
            db,
        };
        let app = place.open().await;
        let old: VerifierKey = app.verifier_key().parse().unwrap();
        let first = note(&app).await;
        drop(app);
        let signer = make(&place.keys(), 9);
        let new = signer.verifier().clone();
        let app = place.open().await;
        let planned = |from, until| Turnover::Planned(day(from), day(until));
        for days in [("2026-11-01", "2026-12-31"), ("2026-12-10", "2026-12-01")] {
            let refused = app.key_announce(&signer, planned(days.0, days.1)).await;
            assert!(refused.unwrap_err().to_string().contains("日"), "{days:?}");
        }
        let stranger = Signer::from_seed(ORIGIN, &[8; 32]).unwrap();
        let lost = app
            .key_announce(&stranger, planned("2026-12-01", "2026-12-31"))
            .await;
        assert!(
            lost.is_err(),
            "a key whose file is missing is not announced"
        );
        app.key_announce(&signer, planned("2026-12-01", "2026-12-31"))
            .await
            .unwrap();
        let both = [&old, &new];
        assert_eq!(
            signed_by(&app, "江城市慈善总会", &both).await,
            [true, false]
        );
        let again = app
            .key_announce(&signer, planned("2026-12-01", "2026-12-31"))
            .await;
        assert!(again.is_err(), "one change at a time");
        assert_eq!(app.verifier_key(), old.to_string());
        place.set_day("2026-12-01");
        assert_eq!(signed_by(&app, "云山省慈善总会", &both).await, [true, true]);
        assert_eq!(app.verifier_key(), new.to_string());
        place.set_day("2026-12-31");
        assert_eq!(app.keys_end_due().await.unwrap(), 0);
        place.set_day("2027-01-01");
        let overlapping = note(&app).await;
        assert_eq!(app.keys_end_due().await.unwrap(), 1);
        assert_eq!(signed_by(&app, "望江区慈善会", &both).await, [false, true]);
        // Who has either key follows to the other; old checkpoints and new ones are believed.
        let newest = note(&app).await;
        for root in both {
            let trusted = trusted(&app, root).await;
            for note in [&first, &overlapping, &newest] {
                trusted.open(note).unwrap();
            }
        }
        // Without the history only what the key at hand has signed.
        let alone = TrustedKeys::new(ORIGIN, [old.clone()]);
        assert_eq!(alone.open(&newest).unwrap_err().code(), "key.not_given");
        assert!(alone.open(&first).is_ok());
        // Started again, also without the old key's part, the house signs with the new key.
        drop(app);
        let app = place.open().await;
        assert_eq!(signed_by(&app, "海滨县慈善会", &both).await, [false, true]);
        let faults = testkit_faults(&app).await;
        assert!(faults.is_empty(), "{faults:#?}");
    }
}

async fn testkit_faults(app: &App) -> Vec<String> {
    let mut checker = leaf::Checker::new(&[7; 32]);
    let mut read = app.db().read_tx().await.unwrap();
    let leaves = store::audit::leaf_rows_from(&mut read, 0, 1_000)
        .await
        .unwrap();
    for leaf in leaves {
        checker.feed(leaf.index.unsigned_abs(), &leaf.bytes, &leaf.hash);
    }
    let report = checker.finish();
    assert_eq!(report.keys.leaves(), app.key_book().leaves());
    report.findings.iter().map(|f| format!("{f:?}")).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stolen_key_ends_at_once() {
    for db in databases() {
        let place = Place {
            folder: tempfile::tempdir().unwrap(),
            clock: Arc::new(ManualClock::new(start())),
            db,
        };
        drop(place.open().await);
        let signer = make(&place.keys(), 9);
        let app = place.open().await;
        let old: VerifierKey = app.verifier_key().parse().unwrap();
        let before = note(&app).await;
        app.key_announce(&signer, Turnover::AtOnce).await.unwrap();
        let both = [&old, signer.verifier()];
        assert_eq!(
            signed_by(&app, "江城市慈善总会", &both).await,
            [false, true]
        );
        // What the thief signs beyond the end is refused by whoever has read the history, not what was signed before.
        let trusted = trusted(&app, &old).await;
        let thief = app.secrets().log_seed.expose();
        let thief = Signer::from_seed(ORIGIN, thief).unwrap();
        let newest = note(&app).await;
        let forged = SignedNote::sign(newest.text(), &[&thief]).unwrap();
        assert_eq!(trusted.open(&forged).unwrap_err().code(), "key.ended");
        trusted.open(&before).unwrap();
        trusted.open(&newest).unwrap();
        // A key file that is gone stops the house before it signs with less than its leaves say.
        drop(app);
        let file = keys::log_key_file(signer.verifier().id());
        std::fs::rename(place.keys().join(&file), place.folder.path().join(&file)).unwrap();
        let app = place.open().await;
        let reason = app.seal_stopped().unwrap();
        assert!(reason.contains("密钥文件"), "{reason}");
        assert!(app.seal_now().await.is_err());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_sm2_key_signs_beside_and_is_needed_by_nobody() {
    for db in databases() {
        let place = Place {
            folder: tempfile::tempdir().unwrap(),
            clock: Arc::new(ManualClock::new(start())),
            db,
        };
        let app = place.open().await;
        assert_eq!(app.sm2_keys().await.unwrap(), Vec::<String>::new());
        app.sm2_keys_state().await.unwrap();
        assert_eq!(note(&app).await.signatures().len(), 1);
        drop(app);
        let sm2 = Sm2Signer::from_secret(ORIGIN, Sm2Use::Log, &[5; 32]).unwrap();
        let line = Secret::new(sm2.line());
        let name = "log-sm2.key";
        keys::log_key_write(&place.keys(), (name, &line), None, &SystemEntropy).unwrap();
        let app = place.open().await;
        let key: Sm2Key = app.sm2_keys().await.unwrap()[0].parse().unwrap();
        assert_eq!(&key, sm2.verifier());
        let old: VerifierKey = app.verifier_key().parse().unwrap();
        assert_eq!(signed_by(&app, "云山基金会", &[&old]).await, [true]);
        let signed = note(&app).await;
        let lines = signed.signatures();
        // Ed25519 first: who reads one line only reads that one.
        assert!(old.matches(&lines[0]) && key.matches(&lines[1]), "{signed}");
        assert!(key.verify(signed.text(), &lines[1]));
        assert!(trusted(&app, &old).await.open(&signed).is_ok());
        drop(app);
        // Without it the log goes on as before.
        std::fs::remove_file(place.keys().join(name)).unwrap();
        let app = place.open().await;
        assert_eq!(signed_by(&app, "望江基金会", &[&old]).await, [true]);
        assert_eq!(note(&app).await.signatures().len(), 1);
    }
}

fn make_sm2(folder: &Path, seed: u8, name: &str) -> Sm2Key {
    let sm2 = Sm2Signer::from_secret(ORIGIN, Sm2Use::Log, &[seed; 32]).unwrap();
    let line = Secret::new(sm2.line());
    keys::log_key_write(folder, (name, &line), None, &SystemEntropy).unwrap();
    sm2.verifier().clone()
}

/// The SM2 keys that the log names for its newest tree, read from the public file with the first Ed25519 key; those that
/// signed it.
async fn sm2_named(app: &App) -> (Vec<Sm2Key>, Vec<Sm2Key>) {
    app.sm2_keys_state().await.unwrap();
    let note = note(app).await;
    let checkpoint: tlog::Checkpoint = note.text().parse().unwrap();
    let history = app.sm2_history().await.unwrap().unwrap();
    let history: leaf::Sm2History = history.parse().unwrap();
    let old: VerifierKey = app.verifier_key().parse().unwrap();
    let trusted = TrustedKeys::new(ORIGIN, [old]);
    let named = history.for_size(&trusted, checkpoint.size()).unwrap();
    let has = |key: &Sm2Key| {
        note.signatures()
            .iter()
            .any(|line| key.verify(note.text(), line))
    };
    let signed = history.keys.iter().filter(|key| has(key)).cloned();
    (named, signed.collect())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sm2_keys_follow_one_another_in_the_log() {
    for db in databases() {
        let place = Place {
            folder: tempfile::tempdir().unwrap(),
            clock: Arc::new(ManualClock::new(start())),
            db,
        };
        drop(place.open().await);
        let one = make_sm2(&place.keys(), 5, "log-sm2.key");
        let app = place.open().await;
        assert_eq!(
            sm2_named(&app).await,
            (vec![one.clone()], vec![one.clone()])
        );
        let leaves = note(&app).await.text().to_owned();
        app.sm2_keys_state().await.unwrap();
        assert_eq!(
            note(&app).await.text(),
            leaves,
            "what is stated is not stated again"
        );
        drop(app);
        // Side by side, whatever the new file is called.
        let two = make_sm2(&place.keys(), 6, "log-a-sm2.key");
        let app = place.open().await;
        let both = vec![one.clone(), two.clone()];
        assert_eq!(sm2_named(&app).await, (both.clone(), both));
        let newest_first = [two.to_string(), one.to_string()];
        assert_eq!(app.sm2_keys().await.unwrap(), newest_first);
        drop(app);
        std::fs::remove_file(place.keys().join("log-sm2.key")).unwrap();
        let app = place.open().await;
        assert_eq!(
            sm2_named(&app).await,
            (vec![two.clone()], vec![two.clone()])
        );
        drop(app);
        std::fs::remove_file(place.keys().join("log-a-sm2.key")).unwrap();
        let app = place.open().await;
        assert_eq!(sm2_named(&app).await, (Vec::new(), Vec::new()));
        let faults = testkit::faults(app.db(), &app.verifier_key(), app.now()).await;
        assert_eq!(faults.unwrap(), Vec::<String>::new());
        drop(app);
        for (seed, name) in [(5, "log-1.key"), (6, "log-2.key"), (7, "log-3.key")] {
            make_sm2(&place.keys(), seed, name);
        }
        let config = Config {
            clock: place.clock.clone(),
            ..Config::local(place.folder.path())
        };
        let refused = App::on(place.db.db().clone(), config).await.unwrap_err();
        assert!(matches!(refused, app::AppError::Conflict(r) if r.code == "key.sm2_many"));
    }
}

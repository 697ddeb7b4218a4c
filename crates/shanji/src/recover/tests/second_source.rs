//! Without the guard nobody knows whether a mirror is the newest: somebody else has to say so.

use super::*;
use app::{WatchedLog, Witness, WitnessPolicy};
use tlog::{Cosigner, Signer, VerifierKey};
use tokio::net::TcpListener;

/// A house that was lost with its guard, an old mirror of it and the newest one.
struct Lost {
    app: TestApp,
    old: tempfile::TempDir,
    newest: tempfile::TempDir,
    /// A receipt and a checkpoint from behind the old mirror.
    kept: tempfile::TempDir,
}

async fn lost() -> Lost {
    let app = TestApp::sqlite().await;
    let charity = app.charity("云山基金会").await;
    app.gift(&charity, "50").await;
    let old = accidents::mirrored(&app).await;
    let gift = app.gift(&charity, "60").await;
    let newest = accidents::mirrored(&app).await;
    let kept = tempfile::tempdir().unwrap();
    let receipt = app.receipt_proof(&gift, None).await.unwrap().unwrap();
    fs::write(kept.path().join("receipt"), receipt).unwrap();
    let note = app.log_checkpoint().await.unwrap().unwrap();
    fs::write(kept.path().join("checkpoint"), note).unwrap();
    Lost {
        app,
        old,
        newest,
        kept,
    }
}

impl Lost {
    /// A folder with the keys and nothing else.
    fn place(&self) -> (tempfile::TempDir, Place) {
        let (home, place) = restored(self.app.folder(), Path::new("/nonexistent"));
        fs::remove_file(home.path().join(app::GUARD_FILE)).unwrap();
        (home, place)
    }

    fn at_least(&self, name: &str) -> Elsewhere {
        Elsewhere {
            at_least: vec![self.kept.path().join(name)],
            witness_policy: None,
        }
    }
}

/// What comes of it: the code of the refusal, or what the copy was held against.
fn ended(done: Result<Recovered, Failure>) -> Result<Vec<i64>, String> {
    let done = done.map_err(|failure| failure.code)?;
    assert!(!done.is_guarded());
    let words = told::in_words(&done, &[]);
    assert!(words.contains("没有守卫文件"), "{words}");
    assert!(!words.contains("见守卫文件"), "{words}");
    Ok(done.seen.iter().map(|one| one.mark.size).collect())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mirror_alone_is_not_believed_to_be_the_newest() {
    let lost = lost().await;
    let size = size_of(&lost.app).await as i64;
    let check = |mirror: &Path, elsewhere: Elsewhere, confirmed, want: Result<Vec<i64>, &str>| {
        let (_home, place) = lost.place();
        let done = recover_as(&place, mirror, (Vec::new(), elsewhere, confirmed));
        assert_eq!(ended(done), want.map_err(str::to_owned));
        let guard = place.data.join(app::GUARD_FILE);
        assert_eq!(
            guard.exists(),
            confirmed.is_some() || place_is_whole(&guard)
        );
    };
    let (old, newest) = (lost.old.path(), lost.newest.path());
    let none = Elsewhere::default;
    check(newest, none(), None, Err("recover.unguarded"));
    check(newest, lost.at_least("receipt"), None, Ok(vec![size]));
    check(newest, lost.at_least("checkpoint"), None, Ok(vec![size]));
    check(newest, none(), Some(size), Ok(vec![]));
    let (_home, place) = lost.place();
    for (elsewhere, confirmed, want) in [
        (none(), None, "recover.unguarded"),
        (none(), Some(size), "recover.other_size"),
        (lost.at_least("receipt"), None, "recover.short"),
        (lost.at_least("checkpoint"), None, "recover.short"),
    ] {
        let done = recover_as(&place, old, (Vec::new(), elsewhere, confirmed));
        assert_eq!(done.unwrap_err().code, want);
        assert_eq!(leaves(&place).await, 0);
    }
}

fn place_is_whole(guard: &Path) -> bool {
    fs::read_to_string(guard).is_ok_and(|text| text.contains("\nsigned "))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_others_sign_is_no_second_source() {
    let lost = lost().await;
    let (_home, place) = lost.place();
    let forger = Signer::from_seed(lost.app.origin(), &[99; 32]).unwrap();
    let forged = Checkpoint::new(lost.app.origin(), 9, tlog::Hash([7; 32])).unwrap();
    let forged = forged.sign(&[&forger]).unwrap().to_string();
    for (text, want) in [
        (forged.as_str(), "at_least.not_ours"),
        ("no checkpoint\n", "at_least.malformed"),
    ] {
        fs::write(lost.kept.path().join("other"), text).unwrap();
        let elsewhere = lost.at_least("other");
        let done = recover_as(&place, lost.newest.path(), (Vec::new(), elsewhere, None));
        assert_eq!(done.unwrap_err().code, want);
    }
    let absent = lost.at_least("absent");
    let done = recover_as(&place, lost.newest.path(), (Vec::new(), absent, None));
    assert_eq!(done.unwrap_err().code, "at_least.read");
}

/// A real witness of this log over HTTP that has signed the newest checkpoint; the file of the policy that names it.
async fn witnessed(lost: &mut Lost) -> std::path::PathBuf {
    let key: VerifierKey = lost.app.verifier_key().parse().unwrap();
    let cosigner = Cosigner::from_seed("witness.example/1", &[101; 32]).unwrap();
    let vkey = cosigner.verifier().clone();
    let logs = vec![WatchedLog {
        origin: lost.app.origin().to_owned(),
        keys: vec![key.clone()],
    }];
    let folder = lost.kept.path().join("witness");
    fs::create_dir(&folder).unwrap();
    let clock = Arc::clone(&lost.app.config().clock);
    let witness = Witness::open(&folder, cosigner, logs, clock).await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let never = Box::pin(std::future::pending());
    tokio::spawn(web::serve_witness(listener, witness, never));
    let text = format!("log {key}\nwitness w {vkey} {url}\nquorum w\n");
    let config = Config {
        witnesses: Some(Arc::new(WitnessPolicy::parse(text.as_bytes()).unwrap())),
        ..lost.app.config().clone()
    };
    lost.app.reopen(config).await;
    lost.app.cosign_now().await.unwrap();
    let file = lost.kept.path().join("policy.txt");
    fs::write(&file, text).unwrap();
    file
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_witnesses_of_the_policy_are_a_second_source() {
    let mut lost = lost().await;
    let file = witnessed(&mut lost).await;
    let asking = |file: &Path| Elsewhere {
        at_least: Vec::new(),
        witness_policy: Some(file.to_path_buf()),
    };
    let size = size_of(&lost.app).await as i64;
    let (_home, place) = lost.place();
    let done = recover_as(&place, lost.old.path(), (Vec::new(), asking(&file), None));
    let failure = done.unwrap_err();
    assert_eq!(failure.code, "recover.short");
    assert!(failure.sentence.contains("witness.example/1"), "{failure}");
    // One that cannot be reached is none.
    let text = fs::read_to_string(&file).unwrap();
    let url = text.split("http://").nth(1).unwrap();
    let down = text.replace(url.split('\n').next().unwrap(), "127.0.0.1:1");
    let down_file = lost.kept.path().join("down.txt");
    fs::write(&down_file, down).unwrap();
    let done = recover_as(
        &place,
        lost.newest.path(),
        (Vec::new(), asking(&down_file), None),
    );
    assert_eq!(done.unwrap_err().code, "recover.unguarded");
    let done = recover_as(
        &place,
        lost.newest.path(),
        (Vec::new(), asking(&file), None),
    );
    assert_eq!(ended(done), Ok(vec![size]));
}

//! Mirrors of honest, growing, broken and lying logs, over a real loopback site.

use super::*;
use crate::cli::Passphrase;
use crate::sample;
use crate::sample_site::{Answer, SampleSite};
use crate::verify::vectors::keys;
use gateway::ManualClock;
use kernel::Timestamp;
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use tlog::{PrivateKey, TimeWindow, cosigned};

type Files = BTreeMap<String, Vec<u8>>;

/// A site and the folder in which it is mirrored.
struct Case {
    site: SampleSite,
    home: tempfile::TempDir,
    recheck: bool,
    vkeys: Vec<String>,
    /// The file of the key that cosigns.
    key_file: Option<PathBuf>,
}

impl Case {
    fn new(files: &Files) -> Case {
        let site = SampleSite::new();
        site.put_all(files);
        Case {
            site,
            home: tempfile::tempdir().unwrap(),
            recheck: false,
            vkeys: vec![sample::key().to_string()],
            key_file: None,
        }
    }

    fn folder(&self) -> PathBuf {
        shelf::folder_of(self.home.path(), sample::ORIGIN)
    }

    fn round(&self, cosigner: Option<&Cosigner>) -> Result<Mirrored, Failure> {
        let args = Mirror {
            log: self.site.address(),
            dir: self.home.path().to_owned(),
            keys: self.keys(),
            cosign_key: self.key_file.clone(),
            passphrase: Passphrase::default(),
            watch: None,
            parallel: 3,
            recheck: self.recheck,
            json: false,
        };
        let round = Round {
            args: &args,
            cosigner,
            believed: None,
            origin: None,
        };
        round.run(&ManualClock::new(Timestamp::from_micros(7_000_000)))
    }

    fn keys(&self) -> Keys {
        Keys {
            vkeys: self.vkeys.clone(),
            remember: false,
        }
    }

    #[track_caller]
    fn check_refused(&self, code: &str) -> Failure {
        let failure = self.round(None).unwrap_err();
        assert_eq!(
            (failure.code.as_str(), failure.exit),
            (code, Exit::Found),
            "{failure}"
        );
        failure
    }

    /// The public files of the mirror.
    fn files(&self) -> Files {
        let mut files = Files::new();
        collect(&self.folder(), "", &mut files);
        files
    }
}

fn collect(folder: &Path, below: &str, files: &mut Files) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{below}{}", entry.file_name().to_str().unwrap());
        if entry.path().is_dir() {
            collect(&entry.path(), &format!("{name}/"), files);
        } else if !name.starts_with('.') && name != "vkeys" {
            files.insert(name, fs::read(entry.path()).unwrap());
        }
    }
}

#[test]
fn a_mirror_has_the_files_of_the_log_and_nothing_else() {
    let leaves = sample::leaves(1_000);
    for size in [8, 256, 511, 512, 1_000] {
        let files = sample::files(&leaves[..size]);
        let case = Case::new(&files);
        let mirrored = case.round(None).unwrap();
        assert_eq!((mirrored.size, mirrored.added), (size as u64, size as u64));
        assert_eq!(case.files(), files, "{size}");
        assert_eq!(case.round(None).unwrap().added, 0);
    }
}

#[test]
fn a_growing_log_is_followed_and_only_what_is_new_is_asked_for() {
    let leaves = sample::leaves(1_000);
    let case = Case::new(&sample::files(&leaves[..300]));
    case.round(None).unwrap();
    case.site.take_asked();
    for size in [301, 512, 700, 1_000] {
        let files = sample::files(&leaves[..size]);
        case.site.put_all(&files);
        case.round(None).unwrap();
        let held = case.files();
        assert!(
            files
                .iter()
                .all(|(path, bytes)| held.get(path) == Some(bytes)),
            "{size}"
        );
    }
    let asked = case.site.take_asked();
    assert!(!asked.contains(&"tile/entries/000".to_owned()));
    // Partial files go once the full one is there, and the rest is an honest log to an auditor too.
    assert!(!case.files().contains_key("tile/entries/001.p/44"));
    let place = case.home.path().display().to_string();
    assert!(files::open(&place).is_ok());
}

#[test]
fn a_mirror_that_was_cut_off_goes_on_where_it_was() {
    let files = sample::files(&sample::leaves(1_000));
    let case = Case::new(&files);
    // The site goes away for good in the middle.
    case.site
        .answer_next("tile/entries/002", [Answer::status(403, None)]);
    let failure = case.round(None).unwrap_err();
    assert_eq!(failure.exit, Exit::Unreachable);
    assert!(
        !case.folder().join("checkpoint").exists(),
        "nobody sees half a log"
    );
    let before = case.site.take_asked().len();
    case.round(None).unwrap();
    assert!(case.site.take_asked().len() < before);
    assert_eq!(case.files(), files);
}

#[test]
fn every_changed_file_of_a_site_is_refused_and_nothing_appears() {
    let leaves = sample::leaves(700);
    let honest = sample::files(&leaves);
    for path in honest.keys() {
        for at in [0, 1, honest[path].len() / 2, honest[path].len() - 1] {
            let mut files = honest.clone();
            files.get_mut(path).unwrap()[at] ^= 1;
            let case = Case::new(&files);
            let failure = case.round(None).unwrap_err();
            assert_eq!(failure.exit, Exit::Found, "{path} {at}: {failure}");
            assert!(!case.folder().join("checkpoint").exists(), "{path} {at}");
        }
    }
}

#[test]
fn a_missing_file_is_named() {
    let mut files = sample::files(&sample::leaves(700));
    files.remove("tile/entries/001");
    let failure = Case::new(&files).check_refused("file.missing");
    assert!(failure.sentence.contains("tile/entries/001"));
}

#[test]
fn a_log_that_shrinks_or_rewrites_its_history_changes_nothing() {
    let leaves = sample::leaves(700);
    let case = Case::new(&sample::files(&leaves[..600]));
    case.round(None).unwrap();
    let before = case.files();
    case.site.put_all(&sample::files(&leaves[..300]));
    case.check_refused("tree.shrunk");
    // The sample ends with a delivery, so these begin differently.
    let other = sample::files(&sample::leaves(600));
    case.site.put_all(&other);
    case.check_refused("tree.rewritten");
    case.site.put_all(&sample::files(&sample::leaves(650)));
    // The first 599 leaves are the same, so a longer log differs only below the old root.
    let mut forked = leaves[..650].to_vec();
    forked[17] = leaves[18].clone();
    case.site.put_all(&sample::files(&forked));
    case.check_refused("tree.rewritten");
    let mut after = case.files();
    after.retain(|path, _| !path.starts_with("evidence/"));
    assert_eq!(after, before);
    assert_eq!(
        fs::read_dir(case.folder().join("evidence"))
            .unwrap()
            .count(),
        3
    );
    case.site.put_all(&sample::files(&leaves));
    assert_eq!(case.round(None).unwrap().added, 100);
}

#[test]
fn a_fork_of_what_was_only_begun_is_seen() {
    let leaves = sample::leaves(700);
    let case = Case::new(&sample::files(&leaves));
    case.site
        .answer_next("tile/entries/002.p/188", [Answer::status(403, None)]);
    case.round(None).unwrap_err();
    let mut forked = leaves.clone();
    forked[17] = leaves[18].clone();
    case.site.put_all(&sample::files(&forked));
    case.check_refused("tree.rewritten");
}

#[test]
fn a_damaged_mirror_is_mended_when_asked_to() {
    let files = sample::files(&sample::leaves(700));
    let mut case = Case::new(&files);
    case.round(None).unwrap();
    for path in ["tile/entries/000", "tile/0/001", "tile/entries/002.p/188"] {
        fs::write(case.folder().join(path), b"rust").unwrap();
    }
    case.recheck = true;
    case.round(None).unwrap();
    assert_eq!(case.files(), files);
}

#[test]
fn keys_are_given_or_taken_from_the_site_once() {
    let files = sample::files(&sample::leaves(8));
    let stranger = sample::signer(sample::ORIGIN, 9);
    let mut case = Case::new(&files);
    case.vkeys = vec![stranger.verifier().to_string()];
    case.check_refused("key.unannounced");
    case.vkeys = vec![sample::signer("log.example/b", 1).verifier().to_string()];
    case.check_refused("mirror.wrong_origin");
    case.vkeys = Vec::new();
    assert_eq!(case.round(None).unwrap_err().code, "vkey.missing");
    assert!(!case.folder().exists(), "a stranger's log leaves no trace");
    case.site
        .put("vkeys", format!("# 公钥\n{}\n", sample::key()).as_bytes());
    assert!(case.round(None).unwrap().unvouched);
    // Whatever the site says later, the first key counts.
    case.site
        .put("vkeys", format!("{}\n", stranger.verifier()).as_bytes());
    assert!(!case.round(None).unwrap().unvouched);
    let checkpoint: Checkpoint = SignedNote::parse(&files["checkpoint"])
        .unwrap()
        .text()
        .parse()
        .unwrap();
    let forged = checkpoint.sign(&[&stranger]).unwrap();
    case.site.put("checkpoint", forged.to_string().as_bytes());
    case.check_refused("key.unannounced");
    // A pin that cannot be read is no reason to believe the site anew.
    fs::write(case.folder().join("vkeys"), "half a k").unwrap();
    assert_eq!(case.round(None).unwrap_err().code, "mirror.damaged");
}

#[test]
fn an_announced_key_is_followed_and_a_stolen_one_is_not() {
    let logs = keys::changing();
    let case = Case::new(&logs[0]);
    for files in &logs {
        case.site.put_all(files);
        case.round(None).unwrap();
    }
    // A mirror that begins now, with the first key alone, follows too, and so does an audit of it.
    let late = Case::new(&logs[3]);
    late.round(None).unwrap();
    let place = late.home.path().display().to_string();
    let (files, note) = files::open(&place).unwrap();
    let trusted = vkeys::keys_for(sample::ORIGIN, &late.keys(), None).unwrap();
    assert_eq!(
        trusted
            .open(&read_note(&note).unwrap().0)
            .unwrap_err()
            .code(),
        "key.not_given"
    );
    let mut trusted = trusted;
    vkeys::follow_site(&mut trusted, files.as_ref()).unwrap();
    trusted.open(&read_note(&note).unwrap().0).unwrap();
    // The old key signs a longer log after its end: whoever has followed refuses, also without the site's history.
    let log: Vec<Vec<u8>> = keys::log(&[
        keys::announced(1, 2, 2),
        leaf::KeyLeaf::Ended(keys::key(1), 9),
        keys::announced(2, 3, 3),
        keys::announced(3, 4, 4),
    ]);
    case.site.put_all(&keys::files(&log, &[1]));
    case.site
        .put("vkeys", format!("{}\n", sample::key()).as_bytes());
    case.check_refused("key.ended");
    // A second successor of the same key is another history.
    let fork = keys::log(&[keys::announced(1, 5, 5)]);
    case.site.put_all(&logs[3]);
    let history = leaf::KeyHistory {
        keys: vec![keys::key(1), keys::key(5)],
        proofs: vec![keys::proof(&fork, &[1])],
    };
    case.site.put("vkeys", history.to_string().as_bytes());
    case.check_refused("key_history.forked");
}

#[test]
fn a_mirror_cosigns_what_it_holds() {
    let files = sample::files(&sample::leaves(300));
    let case = Case::new(&files);
    let key = PrivateKey::from_seed("mirror.example/m", &[5; 32]).unwrap();
    let file = case.home.path().join("m.key");
    fs::write(&file, format!("{}\n", key.line().unwrap())).unwrap();
    assert_eq!(
        key_file::cosigner(&file, &Passphrase::default())
            .unwrap_err()
            .code,
        "key.exposed"
    );
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    fs::set_permissions(&file, mode).unwrap();
    let cosigner = key_file::cosigner(&file, &Passphrase::default()).unwrap();
    case.round(Some(&cosigner)).unwrap();
    let held = case.files();
    let note = SignedNote::parse(&held["checkpoint"]).unwrap();
    let known = [cosigner.verifier().clone()];
    let signed = cosigned(&note, &known, TimeWindow::ALWAYS).unwrap();
    assert_eq!(signed[0].time, 7);
    Checkpoint::open(&note, sample::ORIGIN, &[sample::key()]).unwrap();
    // A mirror of the mirror by the same key has one line of it, not two.
    case.site.put("checkpoint", &held["checkpoint"]);
    case.round(Some(&cosigner)).unwrap();
    let again = SignedNote::parse(&case.files()["checkpoint"]).unwrap();
    assert_eq!(again.signatures().len(), 2);
    fs::write(&file, "PRIVATE+KEY+mirror.example/m+00000000+AQ==\n").unwrap();
    assert_eq!(
        key_file::cosigner(&file, &Passphrase::default())
            .unwrap_err()
            .code,
        "key.malformed"
    );
}

/// A key in a file of this folder.
fn key_in(folder: &Path) -> (PathBuf, Cosigner) {
    let key = PrivateKey::from_seed("mirror.example/m", &[5; 32]).unwrap();
    let file = folder.join("m.key");
    fs::write(&file, format!("{}\n", key.line().unwrap())).unwrap();
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    fs::set_permissions(&file, mode).unwrap();
    let cosigner = key_file::cosigner(&file, &Passphrase::default()).unwrap();
    (file, cosigner)
}

/// How many lines of this key the mirror shows.
fn lines_of(case: &Case, cosigner: &Cosigner) -> usize {
    let note = SignedNote::parse(&case.files()["checkpoint"]).unwrap();
    let lines = note.signatures().iter();
    lines
        .filter(|line| cosigner.verifier().matches(line))
        .count()
}

#[test]
fn a_run_without_the_key_keeps_its_line_while_the_text_is_the_same() {
    let leaves = sample::leaves(400);
    let keys = tempfile::tempdir().unwrap();
    let (file, cosigner) = key_in(keys.path());
    let mut case = Case::new(&sample::files(&leaves[..300]));
    case.key_file = Some(file);
    case.round(Some(&cosigner)).unwrap();
    let held = case.files();
    assert_eq!(lines_of(&case, &cosigner), 1);
    case.key_file = None;
    case.round(None).unwrap();
    assert_eq!(case.files(), held);
    // Nobody has signed the longer log.
    case.site.put_all(&sample::files(&leaves));
    case.round(None).unwrap();
    assert_eq!(lines_of(&case, &cosigner), 0);
}

#[test]
fn a_key_signs_in_one_folder_for_a_log() {
    let files = sample::files(&sample::leaves(300));
    let keys = tempfile::tempdir().unwrap();
    let (file, cosigner) = key_in(keys.path());
    let mirror = || {
        let mut case = Case::new(&files);
        case.key_file = Some(file.clone());
        case
    };
    let first = mirror();
    first.round(Some(&cosigner)).unwrap();
    first.round(Some(&cosigner)).unwrap();
    let second = mirror();
    let refused = second.round(Some(&cosigner)).unwrap_err();
    assert_eq!(refused.code, "mirror.key_elsewhere");
    assert!(
        refused
            .sentence
            .contains(&first.home.path().display().to_string()),
        "{refused}"
    );
    // A copy of the folder beside it is a second one too, a folder that was moved is not.
    let copy =
        |name: &str| fs::copy(first.folder().join(name), second.folder().join(name)).unwrap();
    copy(".cosigner");
    copy("checkpoint");
    assert_eq!(
        second.round(Some(&cosigner)).unwrap_err().code,
        "mirror.key_elsewhere"
    );
    fs::remove_dir_all(first.folder()).unwrap();
    second.round(Some(&cosigner)).unwrap();
    // Whoever has lost the folder has lost what the key has signed.
    let third = mirror();
    fs::remove_dir_all(second.folder()).unwrap();
    assert_eq!(
        third.round(Some(&cosigner)).unwrap_err().code,
        "mirror.key_elsewhere"
    );
}

#[test]
fn two_mirrors_do_not_share_a_folder() {
    let case = Case::new(&sample::files(&sample::leaves(8)));
    let _held = Shelf::open(case.folder()).unwrap();
    assert_eq!(case.round(None).unwrap_err().code, "mirror.taken");
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let case = Case::new(&sample::files(&sample::leaves(8)));
    // A file stands where the folder should be.
    fs::write(case.folder(), b"").unwrap();
    let failure = case.round(None).unwrap_err();
    assert_eq!(
        (failure.code.as_str(), failure.exit),
        ("mirror.write", Exit::Unreachable)
    );
}

/// Checkpoints that are none of this log, or none at all: nothing of them is kept, and the mirror serves what it served.
#[test]
fn a_checkpoint_that_cannot_be_believed_changes_nothing() {
    let leaves = sample::leaves(700);
    let case = Case::new(&sample::files(&leaves[..300]));
    case.round(None).unwrap();
    let before = case.files();
    let honest = sample::files(&leaves);
    let (note, point) = read_note(&honest["checkpoint"]).unwrap();
    let text = note.to_string();
    let root = point.root().to_string();
    let own = sample::signer(sample::ORIGIN, 9);
    let other = Checkpoint::new("log.example/other", 700, point.root()).unwrap();
    let other = other.sign(&[&sample::signer("log.example/other", 1)]);
    let strange = tlog::NoteSignature::new("w.example", [6; 4], &[6; 90]).unwrap();
    let unsigned = format!("{}\n{strange}\n", note.text());
    let unread = [
        ("nothing", String::new()),
        ("a page", "<!doctype html>".into()),
        ("no signature", format!("{}\n", note.text())),
        (
            "a size beyond all",
            text.replacen("\n700\n", "\n9223372036854775808\n", 1),
        ),
        (
            "a size with a zero before it",
            text.replacen("\n700\n", "\n0700\n", 1),
        ),
        ("a root that is short", text.replacen(&root, "AAAA", 1)),
        (
            "an extension line",
            text.replacen(&root, &format!("{root}\nmore"), 1),
        ),
        (
            "an oversized note",
            text.clone() + &format!("{strange}\n").repeat(9_000),
        ),
        ("another size", text.replacen("\n700\n", "\n699\n", 1)),
        ("another log", other.unwrap().to_string()),
        ("another key", point.sign(&[&own]).unwrap().to_string()),
        ("only lines that nobody knows", unsigned),
    ];
    for (what, checkpoint) in unread {
        case.site.put_all(&honest);
        case.site.put("checkpoint", checkpoint.as_bytes());
        let failure = case.round(None).unwrap_err();
        assert_eq!(failure.exit, Exit::Found, "{what}: {failure}");
        assert_eq!(case.files(), before, "{what}");
    }
    // Lines of others beside the log's own hinder nothing.
    let beside = note.with_signatures([strange]).unwrap().to_string();
    case.site.put_all(&honest);
    case.site.put("checkpoint", beside.as_bytes());
    assert_eq!(case.round(None).unwrap().added, 400);
}

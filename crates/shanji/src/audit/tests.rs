//! Audits of honest and damaged logs.

use super::*;
use crate::audit::files::Unread;
use crate::sample;
use crate::verify::vectors::keys;
use std::collections::BTreeMap;

/// The files of a log in memory.
struct Memory(BTreeMap<String, Vec<u8>>);

impl LogFiles for Memory {
    fn read(&self, path: &str, limit: usize) -> Result<Vec<u8>, Unread> {
        let bytes = self.0.get(path).ok_or(Unread::Missing)?;
        if bytes.len() > limit {
            Err(Unread::TooLong)
        } else {
            Ok(bytes.clone())
        }
    }

    fn readers(&self) -> usize {
        2
    }
}

/// Audits these files with these keys and this policy.
fn audited(
    files: &BTreeMap<String, Vec<u8>>,
    vkeys: &[String],
    policy: Option<&Policy>,
) -> Result<Conclusion, Failure> {
    audited_since(files, (vkeys, policy), (None, Depth::Statements))
}

fn audited_since(
    files: &BTreeMap<String, Vec<u8>>,
    (vkeys, policy): (&[String], Option<&Policy>),
    (since, depth): (Option<&[u8]>, Depth),
) -> Result<Conclusion, Failure> {
    let keys = Keys {
        vkeys: vkeys.to_vec(),
        remember: false,
    };
    let asked = Asked {
        sm3: false,
        policy,
        keys: &keys,
        folder: None,
        since,
        depth,
    };
    let memory = Memory(files.clone());
    audit(&memory, &files["checkpoint"], &asked).map(|(conclusion, _)| conclusion)
}

fn conclusion_of(files: &BTreeMap<String, Vec<u8>>, since: Option<&[u8]>) -> Conclusion {
    let own = [sample::key().to_string()];
    audited_since(files, (&own, None), (since, Depth::Statements)).unwrap()
}

fn codes(conclusion: &Conclusion) -> Vec<(Option<u64>, &'static str)> {
    conclusion.wrong.iter().map(|f| (f.index, f.code)).collect()
}

#[test]
fn an_honest_log_of_any_size_is_clean() {
    for size in [8, 255, 256, 257, 511, 512, 700] {
        let files = sample::files(&sample::leaves(size));
        let conclusion = conclusion_of(&files, Some(&files["checkpoint"]));
        assert_eq!(codes(&conclusion), [], "{size}");
        assert_eq!(conclusion.leaves, size as u64);
        assert!(conclusion.words().contains("没有发现问题"));
    }
}

#[test]
fn a_test_log_is_checked_but_for_its_content_and_that_is_said() {
    for size in [2, 256, 300] {
        let mut files = sample::files(&sample::test_log(size));
        let conclusion = conclusion_of(&files, Some(&files["checkpoint"]));
        assert_eq!(codes(&conclusion), [], "{size}");
        assert_eq!(conclusion.leaves, size as u64);
        let words = leaf::test_log_words(size as u64 - 1);
        assert_eq!(conclusion.unchecked, [words]);
        assert!(
            !conclusion.words().contains("首尾相接"),
            "nothing is claimed of statements"
        );
        let checkpoint = read_note(&files["checkpoint"]).unwrap().1;
        assert!(test_log_words(&Memory(files.clone()), &checkpoint).is_some());
        // One byte of an entry.
        let (path, bundle) = files
            .iter_mut()
            .find(|(path, _)| path.contains("entries"))
            .unwrap();
        let path = path.clone();
        *bundle.last_mut().unwrap() ^= 1;
        assert!(!conclusion_of(&files, None).is_clean(), "{size} {path}");
    }
}

#[test]
fn a_root_with_sm3_is_computed_again_where_it_is_asked_for() {
    // In the middle of a bundle, at its end, and behind it.
    for size in [20, 255, 256, 300] {
        let mut leaves = sample::leaves(size);
        let mut tree = tlog::Sm3Tree::default();
        leaves.iter().for_each(|leaf| tree.append(leaf));
        let mut state = |root: tlog::Hash, sequence: i64| {
            let before = leaves.len() as i64;
            let said = leaf::Sm3Root { before, root };
            let time = leaf::Leaf::parse(&leaves[0]).unwrap().time;
            let id = format!("smr_{before:014}");
            leaves.push(
                leaf::OwnWord::leaf(&said, id, time, sequence)
                    .encode()
                    .unwrap(),
            );
        };
        state(tree.root(), 1);
        state(tree.root(), 2);
        let files = sample::files(&leaves);
        let keys = Keys {
            vkeys: vec![sample::key().to_string()],
            remember: false,
        };
        let asked = |sm3| Asked {
            sm3,
            policy: None,
            keys: &keys,
            folder: None,
            since: None,
            depth: Depth::Statements,
        };
        let served = Memory(files.clone());
        let (found, _) = audit(&served, &files["checkpoint"], &asked(true)).unwrap();
        // The first one is true; the second one lacks the leaf of the first.
        let second = Some(size as u64 + 1);
        assert_eq!(codes(&found), [(second, "sm3.root")], "{size}");
        assert!(found.words().contains("1条国密摘要根"), "{}", found.words());
        let (unasked, _) = audit(&served, &files["checkpoint"], &asked(false)).unwrap();
        assert!(unasked.is_clean());
        assert!(unasked.unchecked.iter().any(|line| line.contains("--sm3")));
    }
}

#[test]
fn lines_of_sm2_keys_that_the_log_names_are_looked_at() {
    let sm2 = tlog::Sm2Signer::from_secret(sample::ORIGIN, tlog::Sm2Use::Log, &[5; 32]).unwrap();
    let mut leaves = sample::leaves(20);
    let said = leaf::Sm2Keys {
        key: Some(sm2.verifier().clone()),
        old: None,
    };
    let time = leaf::Leaf::parse(&leaves[0]).unwrap().time;
    let said = leaf::OwnWord::leaf(&said, "smk_00000000000020".to_owned(), time, 1);
    leaves.push(said.encode().unwrap());
    let files = sample::files(&leaves);
    let note = SignedNote::parse(&files["checkpoint"]).unwrap();
    let with = |text: &str| {
        let mut files = files.clone();
        let note = note.clone().with_signatures([sm2.sign(text)]).unwrap();
        files.insert("checkpoint".into(), note.to_string().into());
        conclusion_of(&files, None)
    };
    let says = |lines: &[String]| lines.iter().any(|line| line.contains("SM2"));
    let right = with(note.text());
    assert!(right.is_clean() && says(&right.checked) && !says(&right.unchecked));
    assert_eq!(codes(&with("another\n")), [(None, "log.sm2")]);
    let without = conclusion_of(&files, None);
    assert!(without.is_clean() && says(&without.unchecked));
}

#[test]
fn a_log_of_statements_cannot_pass_for_a_test_log() {
    // Served as a test log from the beginning, signed as what it is.
    let mut files = sample::files(&sample::leaves(300));
    let forged = sample::files(&sample::test_log(300));
    let first = "tile/entries/000".to_owned();
    let bundle = forged.get(&first).unwrap().clone();
    files.insert(first, bundle);
    let found = conclusion_of(&files, None);
    assert!(
        codes(&found)
            .iter()
            .any(|code| code.1 == "tree.leaf_differs")
    );
    // An audit of only what is new reads such a log from its beginning all the same.
    let keys = Keys {
        vkeys: vec![sample::key().to_string()],
        remember: false,
    };
    let asked = Asked {
        sm3: false,
        policy: None,
        keys: &keys,
        folder: None,
        since: Some(&files["checkpoint"]),
        depth: Depth::Form,
    };
    let (found, _) = audit(&Memory(files.clone()), &files["checkpoint"], &asked).unwrap();
    assert!(!found.is_clean());
}

/// Whether something is said of these files: a finding, or that the keys are not those of a log of this name.
fn is_noticed(files: &BTreeMap<String, Vec<u8>>) -> bool {
    match audited(files, &[sample::key().to_string()], None) {
        Ok(said) => !said.is_clean() && said.wrong.iter().all(|f| !f.sentence.is_empty()),
        Err(failure) => {
            let own = format!("{}\n", sample::ORIGIN);
            failure.code == "vkey.other_log" && !files["checkpoint"].starts_with(own.as_bytes())
        }
    }
}

#[test]
fn every_changed_byte_of_every_served_file_is_found() {
    let files = sample::files(&sample::leaves(8));
    for (path, bytes) in &files {
        for at in 0..bytes.len() {
            let mut changed = files.clone();
            changed.get_mut(path).unwrap()[at] ^= 1;
            assert!(is_noticed(&changed), "{path} byte {at}");
        }
    }
}

#[test]
fn changed_bytes_of_a_larger_log_are_found() {
    let files = sample::files(&sample::leaves(600));
    for (path, bytes) in &files {
        for at in (0..bytes.len()).step_by(4_999) {
            let mut changed = files.clone();
            changed.get_mut(path).unwrap()[at] ^= 4;
            assert!(is_noticed(&changed), "{path} byte {at}");
        }
    }
}

#[track_caller]
fn check(
    size: usize,
    expected: &[(Option<u64>, &'static str)],
    damage: impl FnOnce(&mut BTreeMap<String, Vec<u8>>),
) {
    let mut files = sample::files(&sample::leaves(size));
    damage(&mut files);
    let conclusion = conclusion_of(&files, None);
    let found = codes(&conclusion);
    for one in expected {
        assert!(found.contains(one), "{one:?} is not among {found:?}");
    }
}

/// Changes the amount in the statement of the gift, and nothing else.
fn raise_amount(files: &mut BTreeMap<String, Vec<u8>>, path: &str) {
    let bundle = files.get_mut(path).unwrap();
    let at = bundle
        .windows(10)
        .position(|w| w == b"\"n\":100000")
        .unwrap();
    bundle[at + 4] = b'9';
}

#[test]
fn a_changed_leaf_is_named_and_told_from_a_changed_tile() {
    let gift = Some(sample::GIFT as u64);
    check(
        600,
        &[
            (gift, "tree.leaf_differs"),
            (gift, "leaf.envelope"),
            (None, "tree.leaves_changed"),
        ],
        |files| raise_amount(files, "tile/entries/000"),
    );
    check(
        600,
        &[(gift, "tree.leaf_differs"), (None, "tree.tiles_changed")],
        |files| {
            files.get_mut("tile/0/000").unwrap()[sample::GIFT * 32] ^= 1;
        },
    );
    check(600, &[(Some(256), "tree.tile_differs")], |files| {
        files.get_mut("tile/1/000.p/2").unwrap()[40] ^= 1;
    });
}

#[test]
fn missing_files_are_named() {
    check(600, &[(Some(256), "file.missing")], |files| {
        drop(files.remove("tile/entries/001"))
    });
    check(600, &[(Some(512), "file.missing")], |files| {
        drop(files.remove("tile/0/002.p/88"))
    });
    check(600, &[(Some(0), "file.missing")], |files| {
        drop(files.remove("tile/1/000.p/2"))
    });
    check(600, &[(Some(256), "file.malformed")], |files| {
        files.get_mut("tile/0/001").unwrap().truncate(100);
    });
}

#[test]
fn a_missing_end_is_not_taken_for_a_whole() {
    let mut files = sample::files(&sample::leaves(600));
    files.remove("tile/entries/001");
    files.remove("tile/0/001");
    let conclusion = conclusion_of(&files, None);
    assert!(
        conclusion
            .unchecked
            .iter()
            .any(|line| line.contains("第256条以后没有核对"))
    );
}

#[test]
fn full_files_stand_in_for_partial_ones() {
    // The log has grown since the checkpoint, and the partial files are gone.
    let leaves = sample::leaves(600);
    let mut files = sample::files(&leaves);
    files.insert(
        "checkpoint".into(),
        sample::files(&leaves[..300])["checkpoint"].clone(),
    );
    let conclusion = conclusion_of(&files, None);
    assert_eq!(conclusion.leaves, 300);
    let only_missing = codes(&conclusion);
    // Level 1 has no full tile yet, so the one hash of it is asked for in vain.
    assert_eq!(only_missing, [(Some(0), "file.missing")]);
}

#[test]
fn history_cannot_be_rewritten_behind_an_older_checkpoint() {
    let old = sample::files(&sample::leaves(300));
    let new = sample::files(&sample::leaves(600));
    // The sample ends with a delivery, so 600 leaves do not begin with those 300.
    let rewritten = conclusion_of(&new, Some(&old["checkpoint"]));
    assert_eq!(codes(&rewritten), [(None, "tree.rewritten")]);
    let shrunk = conclusion_of(&old, Some(&new["checkpoint"]));
    assert_eq!(codes(&shrunk), [(None, "tree.shrunk")]);
    let leaves = sample::leaves(600);
    let before = sample::files(&leaves[..300]);
    assert!(conclusion_of(&new, Some(&before["checkpoint"])).is_clean());
    let foreign = conclusion_of(&new, Some(b"x"));
    assert_eq!(codes(&foreign), [(None, "tlog.note.malformed_signature")]);
}

#[test]
fn a_log_without_a_key_is_checked_and_says_so() {
    let files = sample::files(&sample::leaves(8));
    let keys = Keys::default();
    let asked = Asked {
        sm3: false,
        policy: None,
        keys: &keys,
        folder: None,
        since: None,
        depth: Depth::Statements,
    };
    let (conclusion, _) = audit(&Memory(files.clone()), &files["checkpoint"], &asked).unwrap();
    assert!(conclusion.is_clean());
    assert!(
        conclusion
            .unchecked
            .iter()
            .any(|line| line.contains("没有独立取得的公钥"))
    );
}

#[test]
fn a_log_of_others_is_checked_by_its_hashes() {
    let leaves: Vec<Vec<u8>> = (0..600_u32).map(|n| n.to_be_bytes().to_vec()).collect();
    let mut files = sample::files(&leaves);
    let keys = Keys {
        vkeys: vec![sample::key().to_string()],
        remember: false,
    };
    let mut asked = Asked {
        sm3: false,
        policy: None,
        keys: &keys,
        folder: None,
        since: None,
        depth: Depth::Hashes,
    };
    let audited = |files: &BTreeMap<String, Vec<u8>>, asked: &Asked<'_>| {
        let memory = Memory(files.clone());
        audit(&memory, &files["checkpoint"], asked).unwrap().0
    };
    let conclusion = audited(&files, &asked);
    assert!(conclusion.is_clean(), "{}", conclusion.words());
    assert_eq!((conclusion.leaves, conclusion.bytes), (600, 2_400));
    assert!(conclusion.words().contains("每条平均4字节"));
    assert!(conclusion.words().contains("没有核对陈述说了什么"));
    files.get_mut("tile/entries/001").unwrap()[9] ^= 1;
    let found = codes(&audited(&files, &asked));
    assert!(
        found.contains(&(Some(257), "tree.leaf_differs")),
        "{found:?}"
    );
    asked.depth = Depth::Statements;
    assert!(audited(&files, &asked).found > 600);
}

/// Audits only what came after the first `old` leaves.
fn new_of(files: &BTreeMap<String, Vec<u8>>, since: &[u8]) -> Conclusion {
    let own = [sample::key().to_string()];
    audited_since(files, (&own, None), (Some(since), Depth::Form)).unwrap()
}

#[test]
fn only_what_is_new_is_read_and_the_rest_is_said_to_be_unread() {
    let leaves = sample::leaves(1_000);
    let files = sample::files(&leaves);
    for old in [8, 255, 256, 300, 512, 999, 1_000] {
        let since = sample::files(&leaves[..old]);
        let conclusion = new_of(&files, &since["checkpoint"]);
        assert_eq!(codes(&conclusion), [], "{old}");
        let begun = old - old % 256;
        assert_eq!(conclusion.leaves, (1_000 - begun) as u64, "{old}");
        let said = format!("前{begun}条的内容没有重新核对");
        assert!(conclusion.words().contains(&said), "{}", conclusion.words());
    }
    let since = sample::files(&leaves[..300]);
    // What is old is not read again, so only the new part can show a change.
    let mut changed = files.clone();
    changed.get_mut("tile/entries/000").unwrap()[40] ^= 1;
    assert!(new_of(&changed, &since["checkpoint"]).is_clean());
    changed.get_mut("tile/entries/002").unwrap()[40] ^= 1;
    let found = codes(&new_of(&changed, &since["checkpoint"]));
    assert!(
        found.contains(&(Some(512), "tree.leaf_differs")),
        "{found:?}"
    );
    // Another history before the old checkpoint.
    let mut forked = leaves.clone();
    forked[17] = leaves[18].clone();
    let forked = sample::files(&forked);
    let found = codes(&new_of(&forked, &since["checkpoint"]));
    assert_eq!(found, [(None, "tree.rewritten")]);
    // A statement without a form.
    let mut odd = leaves.clone();
    odd[700] = b"{}".to_vec();
    let found = codes(&new_of(&sample::files(&odd), &since["checkpoint"]));
    assert_eq!(found, [(Some(700), "leaf.envelope")]);
}

#[test]
fn another_key_is_a_finding() {
    let files = sample::files(&sample::leaves(8));
    let stranger = sample::signer(sample::ORIGIN, 9).verifier().to_string();
    let keys = Keys {
        vkeys: vec![stranger],
        remember: false,
    };
    let asked = Asked {
        sm3: false,
        policy: None,
        keys: &keys,
        folder: None,
        since: None,
        depth: Depth::Statements,
    };
    let (conclusion, _) = audit(&Memory(files.clone()), &files["checkpoint"], &asked).unwrap();
    let found = codes(&conclusion);
    assert_eq!(
        found,
        [(None, "key.unannounced"), (None, "log.key_differs")]
    );
}

#[test]
fn a_folder_is_read_like_a_site() {
    let home = tempfile::tempdir().unwrap();
    for (path, bytes) in sample::files(&sample::leaves(300)) {
        let file = home.path().join("log").join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, bytes).unwrap();
    }
    let place = home.path().display().to_string();
    let args = |log: &str, name: &str| Audit {
        sm3: false,
        policy: None,
        keep: None,
        log: log.to_owned(),
        database: false,
        data: None,
        since: Some(home.path().join(name)).filter(|path| path.exists()),
        save: Some(home.path().join(name)),
        hashes_only: false,
        sm2_vkey: None,
        only_new: false,
        keys: Keys {
            vkeys: vec![sample::key().to_string()],
            remember: false,
        },
        json: true,
    };
    assert_eq!(run(&args(&place, "kept")), Ok(Exit::Fine));
    assert_eq!(run(&args(&format!("{place}/log/"), "kept")), Ok(Exit::Fine));
    let nowhere = run(&args(&format!("{place}/nowhere"), "x")).map_err(|f| (f.exit, f.code));
    assert_eq!(
        nowhere,
        Err((Exit::Unreachable, "log.unreachable".to_owned()))
    );
    let nobody = run(&args("http://127.0.0.1:1/", "x")).map_err(|f| (f.exit, f.code));
    assert_eq!(
        nobody,
        Err((Exit::Unreachable, "log.unreachable".to_owned()))
    );
}

/// `SHANJI_LONG=1 cargo test --release -p shanji speed -- --nocapture` prints how fast an audit is.
#[test]
fn speed_of_an_audit() {
    let size = if std::env::var_os("SHANJI_LONG").is_some() {
        500_000
    } else {
        2_000
    };
    let files = sample::files(&sample::leaves(size));
    let conclusion = conclusion_of(&files, None);
    assert!(conclusion.is_clean());
    println!(
        "{} leaves, {} leaves per second",
        conclusion.leaves, conclusion.speed
    );
}

#[test]
fn a_log_that_changed_its_key_is_audited_from_the_first_one() {
    for (files, told) in keys::changing().iter().zip([0, 1, 2, 3]) {
        let conclusion = conclusion_of(files, None);
        assert_eq!(codes(&conclusion), [], "{told}");
        let words = format!("公钥更替{told}条陈述前后相接");
        assert_eq!(conclusion.words().contains(&words), told > 0, "{told}");
    }
    // Signed by the key that its own leaves have ended, although nobody serves that end.
    let log = keys::log(&[
        keys::announced(1, 2, 2),
        leaf::KeyLeaf::Ended(keys::key(1), 9),
    ]);
    let conclusion = conclusion_of(&keys::files(&log, &[1]), None);
    assert_eq!(codes(&conclusion), [(None, "log.key_not_in_use")]);
    // An end at the wrong place, and a key that does not agree.
    let log = keys::log(&[
        keys::announced(1, 2, 1),
        leaf::KeyLeaf::Ended(keys::key(1), 5),
    ]);
    let conclusion = conclusion_of(&keys::files(&log, &[1]), None);
    let found = [(Some(8), "key.not_agreed"), (Some(9), "key.wrong_before")];
    assert_eq!(codes(&conclusion), found);
}

/// What is said where a file is missing: what was read, and no more.
#[test]
fn only_what_was_recomputed_is_said_to_be() {
    let whole = sample::files(&sample::leaves(600));
    let said = conclusion_of(&whole, None).words();
    assert!(
        said.contains("重算了600条陈述的摘要、4块瓦片和整棵树的根"),
        "{said}"
    );
    let mut lost = whole.clone();
    lost.remove("tile/entries/001");
    let conclusion = conclusion_of(&lost, None);
    let said = conclusion.words();
    for part in ["600条陈述\n", "整棵树的根"] {
        assert!(
            !said
                .lines()
                .any(|line| line.contains("重算了") && line.contains(part)),
            "{said}"
        );
    }
    for part in [
        "重算了344条陈述的摘要",
        "有256条陈述没有读到",
        "第256条以前的陈述里",
        "合计只算到第256条以前",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert_eq!(conclusion.json()["totals_before"], 256);
    // Nothing of the content could be read, so nothing is claimed of it.
    let mut lost = whole.clone();
    lost.get_mut("tile/entries/000").unwrap()[0] ^= 1;
    let said = conclusion_of(&lost, None).words();
    assert!(
        !said.contains("首尾相接") && !said.contains("结余"),
        "{said}"
    );
}

#[test]
fn sums_stand_only_under_a_signature_that_is_believed() {
    let leaves = sample::leaves(300);
    let mut files = sample::files(&leaves);
    assert!(conclusion_of(&files, None).words().contains("资金合计"));
    let note = String::from_utf8(files["checkpoint"].clone()).unwrap();
    let (text, line) = note.rsplit_once(' ').unwrap();
    let changed = format!(
        "{text} {}",
        line.replace(&line[20..21], if &line[20..21] == "A" { "B" } else { "A" })
    );
    files.insert("checkpoint".into(), changed.into_bytes());
    let conclusion = conclusion_of(&files, None);
    assert!(!conclusion.is_clean());
    let said = conclusion.words();
    assert!(
        !said.contains("资金合计") && said.contains("没有可信的签名"),
        "{said}"
    );
}

#[test]
fn what_follows_from_a_changed_leaf_is_counted_and_not_listed() {
    // Deliveries of the sample refer to what stands before; an index stands at the end of each part.
    let leaves = sample::leaves(600);
    let mut files = sample::files(&leaves);
    raise_amount(&mut files, "tile/entries/000");
    let conclusion = conclusion_of(&files, None);
    let gift = sample::GIFT as u64;
    let found = codes(&conclusion);
    assert!(
        found.contains(&(Some(gift), "tree.leaf_differs")),
        "{found:?}"
    );
    assert!(found.contains(&(None, "tree.leaves_changed")), "{found:?}");
    let later = |(index, code): &(Option<u64>, &str)| {
        index.is_none_or(|index| index > gift) && !code.starts_with("tree.")
    };
    assert!(!found.iter().any(later), "{found:?}");
    assert_eq!(conclusion.found, found.len() as u64);
    let said = conclusion.words();
    assert!(
        said.contains(&format!("第{gift}条已被改动")) && said.contains("没有逐处列出"),
        "{said}"
    );
    // A statement that is wrong by itself is still named.
    let mut odd = leaves.clone();
    odd[500] = b"{}".to_vec();
    let mut files = sample::files(&odd);
    raise_amount(&mut files, "tile/entries/000");
    let found = codes(&conclusion_of(&files, None));
    assert!(found.contains(&(Some(500), "leaf.envelope")), "{found:?}");
}

#[test]
fn keys_of_another_log_are_refused() {
    let files = sample::files(&sample::leaves(8));
    let other = sample::signer("log.example/b", 9).verifier().to_string();
    let ended = |vkeys: &[&str], policy: Option<&Policy>| {
        let vkeys: Vec<String> = vkeys.iter().map(ToString::to_string).collect();
        let audited = audited(&files, &vkeys, policy);
        audited
            .map(|conclusion| conclusion.is_clean())
            .map_err(|failure| failure.code)
    };
    let own = sample::key().to_string();
    let refused = Err("vkey.other_log".to_owned());
    assert_eq!(ended(&[&other], None), refused);
    assert_eq!(ended(&[&own, &other], None), Ok(true));
    let policy = |key: &str| format!("log {key}\nquorum none\n").parse().unwrap();
    assert_eq!(ended(&[], Some(&policy(&own))), Ok(true));
    assert_eq!(ended(&[], Some(&policy(&other))), refused);
    assert_eq!(ended(&[&own], Some(&policy(&other))), Ok(false));
}

/// Audits with a policy that asks for one witness, whose line stands under these files.
fn witnessed(files: &BTreeMap<String, Vec<u8>>, policy: Option<&Policy>) -> Conclusion {
    let own = [sample::key().to_string()];
    audited_since(files, (&own, policy), (None, Depth::Hashes)).unwrap()
}

/// A witness, the policy that asks for it, and the checkpoint of the first `size` of these leaves with its line.
struct Watched {
    policy: Policy,
    leaves: Vec<Vec<u8>>,
    witness: tlog::Cosigner,
}

impl Watched {
    fn new() -> Watched {
        let witness = tlog::Cosigner::from_seed("witness.example/1", &[7; 32]).unwrap();
        let (log, key) = (sample::key(), witness.verifier());
        let policy = format!("log {log}\nwitness w {key}\nquorum w\n");
        Watched {
            policy: policy.parse().unwrap(),
            leaves: sample::leaves(600),
            witness,
        }
    }

    fn cosigned(&self, size: usize) -> String {
        let note = SignedNote::parse(&sample::files(&self.leaves[..size])["checkpoint"]).unwrap();
        let checkpoint: Checkpoint = note.text().parse().unwrap();
        let line = self.witness.cosign(&checkpoint, 1_764_000_000).unwrap();
        note.with_signatures([line]).unwrap().to_string()
    }
}

#[test]
fn witnesses_are_checked_with_a_policy_and_named_as_unchecked_without() {
    let watched = Watched::new();
    let mut files = sample::files(&watched.leaves);
    let note = watched.cosigned(600);
    files.insert("checkpoint".into(), note.clone().into_bytes());
    let conclusion = witnessed(&files, Some(&watched.policy));
    assert_eq!(codes(&conclusion), []);
    let says = |lines: &[String], part: &str| lines.iter().any(|line| line.contains(part));
    assert!(says(&conclusion.checked, "w共同签名认可"));
    let unasked = witnessed(&files, None);
    assert!(says(&unasked.unchecked, "witness.example/1") && says(&unasked.unchecked, "--policy"));
    // One bit of the witness's line.
    let at = note.rfind(' ').unwrap() + 30;
    let other = if &note[at..=at] == "A" { "B" } else { "A" };
    let changed = format!("{}{other}{}", &note[..at], &note[at + 1..]);
    files.insert("checkpoint".into(), changed.into_bytes());
    let found = codes(&witnessed(&files, Some(&watched.policy)));
    assert_eq!(found, [(None, "tlog.note.bad_signature")]);
}

#[test]
fn a_checkpoint_that_is_younger_than_the_witnesses_answers_continues_a_final_one() {
    let watched = Watched::new();
    let policy = Some(&watched.policy);
    let mut files = sample::files(&watched.leaves);
    let waiting = [(None, "policy.waiting")];
    assert_eq!(codes(&witnessed(&files, policy)), waiting);
    files.insert(
        "final-checkpoint".into(),
        watched.cosigned(300).into_bytes(),
    );
    let conclusion = witnessed(&files, policy);
    assert_eq!(codes(&conclusion), []);
    let last = "最后300条陈述还没有足够的见证人签名";
    assert!(conclusion.words().contains(last), "{}", conclusion.words());
    // A damaged log is still walked and its files are named.
    let mut torn = files.clone();
    torn.remove("tile/1/000.p/2");
    let found = codes(&witnessed(&torn, policy));
    for one in [(None, "policy.waiting"), (Some(0), "file.missing")] {
        assert!(found.contains(&one), "{found:?}");
    }
    // What the witness has signed is the beginning of another log.
    let mut forked = watched.leaves.clone();
    forked[17] = forked[18].clone();
    let mut other = sample::files(&forked);
    other.insert(
        "final-checkpoint".into(),
        watched.cosigned(300).into_bytes(),
    );
    assert_eq!(codes(&witnessed(&other, policy)), waiting);
}

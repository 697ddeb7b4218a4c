//! Logs that grow, fork, shrink, lie and fall silent, watched over a real loopback site.

use super::*;
use crate::cli::Keys;
use crate::sample;
use crate::sample_site::{Answer, SampleSite};
use crate::verify::vectors::keys;
use gateway::ManualClock;
use kernel::Timestamp;
use serde_json::Value;
use std::fs;
use std::path::PathBuf;

const HOUR: i64 = 3_600;

/// A log, a receiver of letters, and a monitor between them.
struct Case {
    log: SampleSite,
    receiver: SampleSite,
    home: tempfile::TempDir,
    clock: ManualClock,
    args: Monitor,
}

impl Case {
    fn new() -> Case {
        let (log, receiver) = (SampleSite::new(), SampleSite::new());
        let home = tempfile::tempdir().unwrap();
        let args = Monitor {
            log: log.address(),
            state: home.path().join("state.json"),
            keys: Keys {
                vkeys: vec![sample::key().to_string()],
                remember: false,
            },
            webhooks: vec![format!("{}hook", receiver.address())],
            mail_to: Vec::new(),
            mail_from: None,
            sendmail: "/usr/sbin/sendmail".into(),
            every: 60,
            stale: 24 * HOUR as u64,
            misses: 2,
            once: true,
            acknowledge: false,
            json: false,
        };
        let clock = ManualClock::new(Timestamp::from_micros(1_000_000_000_000));
        Case {
            log,
            receiver,
            home,
            clock,
            args,
        }
    }

    fn serve(&self, leaves: &[Vec<u8>]) {
        self.log.put_all(&sample::files(leaves));
    }

    /// One look from the file on; what arrived, and what a script would be told.
    fn look(&self) -> (Vec<String>, Exit) {
        let mut state = State::load(&self.args.state).unwrap();
        let destinations = destinations(&self.args).unwrap();
        let round = Round {
            args: &self.args,
            destinations: &destinations,
            believed: None,
        };
        round.run(&mut state, &self.clock).unwrap();
        assert_eq!(
            state,
            State::load(&self.args.state).unwrap(),
            "what is known is saved"
        );
        let letters = self.receiver.take_received();
        let brief = |letter: &String| {
            let letter: Value = serde_json::from_str(letter).unwrap();
            assert!(!letter["sentence"].as_str().unwrap().is_empty());
            format!(
                "{} {}",
                letter["state"].as_str().unwrap(),
                letter["event"].as_str().unwrap()
            )
        };
        (letters.iter().map(brief).collect(), exit_of(&state))
    }

    #[track_caller]
    fn check(&self, letters: &[&str], exit: Exit) {
        let (got, ended) = self.look();
        assert_eq!(
            (got.iter().map(String::as_str).collect::<Vec<_>>(), ended),
            (letters.to_vec(), exit)
        );
    }
}

#[test]
fn an_honest_log_is_watched_in_silence() {
    let leaves = sample::leaves(700);
    let case = Case::new();
    case.serve(&leaves[..300]);
    case.check(&["begin begin"], Exit::Fine);
    case.check(&[], Exit::Fine);
    for size in [301, 512, 700] {
        case.serve(&leaves[..size]);
        case.check(&[], Exit::Fine);
    }
    // A cache that is late is nothing to write about.
    let files = sample::files(&leaves);
    case.log.put_all(&files);
    case.log
        .put("checkpoint", &sample::files(&leaves[..512])["checkpoint"]);
    case.check(&[], Exit::Fine);
}

#[test]
fn a_fork_is_reported_once_and_does_not_heal() {
    let leaves = sample::leaves(700);
    let mut case = Case::new();
    case.serve(&leaves[..300]);
    case.look();
    let mut forked = leaves[..400].to_vec();
    forked[17] = leaves[18].clone();
    case.serve(&forked);
    case.check(&["alarm fork"], Exit::Found);
    case.check(&[], Exit::Found);
    case.serve(&leaves[..400]);
    case.check(&[], Exit::Found);
    let mut state = State::load(&case.args.state).unwrap();
    state.acknowledge();
    state.save(&case.args.state).unwrap();
    case.check(&[], Exit::Fine);
    // The same size with another root, and a shorter log with another beginning.
    for size in [400, 350] {
        case.args.state = case.home.path().join(format!("state-{size}.json"));
        case.serve(&leaves[..400]);
        case.look();
        case.serve(&forked[..size]);
        let (letters, exit) = case.look();
        assert_eq!(exit, Exit::Found);
        let expected = if size == 400 {
            "alarm fork"
        } else {
            "alarm shrunk"
        };
        assert_eq!(letters, [expected]);
    }
}

#[test]
fn a_log_that_lost_its_end_is_reported_and_may_recover() {
    let leaves = sample::leaves(700);
    let case = Case::new();
    case.serve(&leaves[..600]);
    case.look();
    case.serve(&leaves[..300]);
    case.check(&["alarm shrunk"], Exit::Found);
    case.check(&[], Exit::Found);
    case.serve(&leaves);
    case.check(&["recovered shrunk"], Exit::Fine);
}

#[test]
fn who_answers_again_is_not_called_sound_while_something_else_is_wrong() {
    let leaves = sample::leaves(700);
    let mut case = Case::new();
    case.args.misses = 1;
    case.args.webhooks.clear();
    case.serve(&leaves[..600]);
    case.look();
    case.serve(&leaves[..300]);
    case.look();
    case.log
        .answer_next("checkpoint", [Answer::status(403, None)]);
    case.look();
    let mut state = State::load(&case.args.state).unwrap();
    let round = Round {
        args: &case.args,
        destinations: &[Destination::Web(format!("{}hook", case.receiver.address()))],
        believed: None,
    };
    let told = |state: &mut State| {
        round.run(state, &case.clock).unwrap();
        let letters = case.receiver.take_received();
        let letters = letters
            .iter()
            .map(|letter| serde_json::from_str::<Value>(letter).unwrap());
        letters
            .map(|letter| letter["sentence"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let letters = told(&mut state);
    assert_eq!(letters.len(), 1);
    assert!(
        letters[0].contains("已恢复") && letters[0].ends_with("但仍有异常：日志变短"),
        "{letters:?}"
    );
    case.serve(&leaves);
    let letters = told(&mut state);
    assert!(
        letters.len() == 1 && !letters[0].contains("仍有"),
        "{letters:?}"
    );
}

#[test]
fn a_state_file_has_one_monitor() {
    let case = Case::new();
    case.serve(&sample::leaves(300));
    let held = take(&case.args.state).unwrap();
    assert_eq!(run(&case.args).unwrap_err().code, "monitor.taken");
    drop(held);
    assert_eq!(run(&case.args).unwrap(), Exit::Fine);
}

#[test]
fn a_wrong_signature_another_log_and_broken_tiles_are_told_apart() {
    let leaves = sample::leaves(700);
    let case = Case::new();
    case.serve(&leaves[..300]);
    case.look();
    let honest = sample::files(&leaves);
    let point: Checkpoint = read_note(&honest["checkpoint"]).unwrap().1;
    let stranger = point.sign(&[&sample::signer(sample::ORIGIN, 9)]).unwrap();
    case.log.put("checkpoint", stranger.to_string().as_bytes());
    case.check(&["alarm bad_signature"], Exit::Found);
    case.log.put("checkpoint", b"<html>");
    case.check(&[], Exit::Found);
    case.serve(&leaves[..400]);
    case.check(&["recovered bad_signature"], Exit::Fine);
    let mut broken = honest.clone();
    broken.get_mut("tile/0/001").unwrap()[40] ^= 1;
    case.log.put_all(&broken);
    case.check(&["alarm incomplete"], Exit::Found);
    case.log.put_all(&honest);
    case.check(&["recovered incomplete"], Exit::Fine);
}

#[test]
fn silence_is_reported_after_a_while_and_so_is_standing_still() {
    let leaves = sample::leaves(700);
    let case = Case::new();
    case.serve(&leaves[..300]);
    case.look();
    let gone = || {
        case.log
            .answer_next("checkpoint", [Answer::status(403, None)])
    };
    gone();
    case.check(&[], Exit::Unreachable);
    gone();
    case.check(&["alarm unreachable"], Exit::Unreachable);
    gone();
    case.check(&[], Exit::Unreachable);
    case.check(&["recovered unreachable"], Exit::Fine);
    case.clock.advance(25 * HOUR * 1_000_000);
    case.check(&["alarm stale"], Exit::Found);
    case.serve(&leaves);
    case.check(&["recovered stale"], Exit::Fine);
}

#[test]
fn a_letter_waits_for_a_receiver_who_does_not_answer() {
    let leaves = sample::leaves(700);
    let case = Case::new();
    case.serve(&leaves[..300]);
    case.receiver
        .answer_next("hook", [Answer::status(500, None)]);
    case.check(&[], Exit::Fine);
    case.check(&["begin begin"], Exit::Fine);
    case.check(&[], Exit::Fine);
}

#[test]
fn mail_goes_through_the_machines_own_program() {
    let mut case = Case::new();
    let program = case.home.path().join("sendmail");
    let (mailbox, script) = (
        case.home.path().join("mail"),
        "#!/bin/sh\n[ \"$*\" = '-t -i' ] && cat > \"$(dirname \"$0\")/mail\"\n",
    );
    write_program(&program, script);
    case.args.sendmail = program.display().to_string();
    case.args.webhooks.clear();
    case.args.mail_to = vec!["auditor@example.org".into()];
    case.args.mail_from = Some("monitor@example.org".into());
    case.serve(&sample::leaves(8));
    case.look();
    let mail = fs::read_to_string(mailbox).unwrap();
    let (head, body) = mail.split_once("\n\n").unwrap();
    assert!(
        head.contains("To: auditor@example.org\nSubject: [shanji] begin begin log.example/a\n")
    );
    assert!(head.starts_with("From: monitor@example.org\n"));
    assert!(body.contains("开始监视") && body.contains("log.example/a\n8\n"));
    // A program that refuses the mail gets it again.
    case.args.state = case.home.path().join("again.json");
    write_program(&program, "#!/bin/sh\ncat > /dev/null\nexit 75\n");
    case.look();
    assert_eq!(State::load(&case.args.state).unwrap().outbox.len(), 1);
}

fn write_program(path: &PathBuf, script: &str) {
    fs::write(path, script).unwrap();
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o700);
    fs::set_permissions(path, mode).unwrap();
}

#[test]
fn what_cannot_be_written_to_is_refused_before_the_watch_begins() {
    let check = |address: &str, want: bool| assert_eq!(is_address(address), want, "{address}");
    check("a@example.org", true);
    check("a.b+c@mail.example.org", true);
    check("a@b\nBcc: c@d", false);
    check("a@b,c@d", false);
    check("-oQ@example.org", false);
    check("nobody", false);
    check("@example.org", false);
    let mut case = Case::new();
    case.args.webhooks = vec!["file:///etc/passwd".into()];
    assert_eq!(
        destinations(&case.args).unwrap_err().code,
        "monitor.destination"
    );
}

#[test]
fn a_damaged_state_is_never_taken_for_a_new_one() {
    let case = Case::new();
    case.serve(&sample::leaves(8));
    case.look();
    let text = fs::read_to_string(&case.args.state).unwrap();
    for damaged in [
        String::new(),
        text[..text.len() / 2].to_owned(),
        text.replace("\"version\": 1", "\"version\": 2"),
        text.replace("log.example/a\\n8", "log.example/a\\nx"),
    ] {
        fs::write(&case.args.state, damaged).unwrap();
        assert_eq!(
            State::load(&case.args.state).unwrap_err().code,
            "monitor.state"
        );
    }
}

#[test]
fn whoever_has_a_letter_does_not_get_it_again_because_another_one_waits() {
    let mut case = Case::new();
    case.args.webhooks.push("http://127.0.0.1:1/dead".into());
    case.serve(&sample::leaves(8));
    case.check(&["begin begin"], Exit::Fine);
    case.check(&[], Exit::Fine);
    let waiting = State::load(&case.args.state).unwrap().outbox;
    let to: Vec<&String> = waiting.iter().flat_map(|letter| &letter.to).collect();
    assert_eq!(to, ["webhook http://127.0.0.1:1/dead"]);
}

#[test]
fn an_old_checkpoint_that_is_signed_again_is_no_sign_of_life() {
    let case = Case::new();
    let leaves = sample::leaves(8);
    case.serve(&leaves);
    case.check(&["begin begin"], Exit::Fine);
    let mut files = sample::files(&leaves);
    let note = tlog::SignedNote::parse(&files["checkpoint"]).unwrap();
    let checkpoint: Checkpoint = note.text().parse().unwrap();
    let witness = tlog::Cosigner::from_seed("witness.example/1", &[9; 32]).unwrap();
    let line = witness.cosign(&checkpoint, 1_000_000).unwrap();
    files.insert("checkpoint".into(), format!("{note}{line}\n").into_bytes());
    case.log.put_all(&files);
    case.clock.advance(25 * HOUR * 1_000_000);
    case.check(&["alarm stale"], Exit::Found);
}

#[test]
fn a_change_of_keys_is_followed_and_a_strange_key_is_an_alarm() {
    let case = Case::new();
    let logs = keys::changing();
    for files in &logs {
        case.log.put_all(files);
        assert_eq!(case.look().1, Exit::Fine);
    }
    let grown = keys::log(&[
        keys::announced(1, 2, 2),
        leaf::KeyLeaf::Ended(keys::key(1), 9),
        keys::announced(2, 3, 3),
        keys::announced(3, 4, 4),
    ]);
    for (by, words) in [(&[1][..], "已停用的公钥"), (&[9], "从未公布过的公钥")] {
        case.log.put_all(&keys::files(&grown, by));
        let round = Round {
            args: &case.args,
            destinations: &[],
            believed: None,
        };
        let mut state = State::load(&case.args.state).unwrap();
        match round.look(&mut state).unwrap() {
            Look::Bad { sentence, .. } => assert!(sentence.contains(words), "{sentence}"),
            other => panic!("{other:?}"),
        }
        assert_eq!(case.look().1, Exit::Found);
    }
}

/// Checkpoints that cannot be believed are an alarm, and what the monitor knows of the log stays as it was.
#[test]
fn a_checkpoint_that_cannot_be_believed_is_an_alarm_and_teaches_nothing() {
    let leaves = sample::leaves(700);
    let honest = sample::files(&leaves);
    let (note, point) = read_note(&honest["checkpoint"]).unwrap();
    let text = note.to_string();
    let root = point.root().to_string();
    let strange = tlog::NoteSignature::new("w.example", [6; 4], &[6; 90]).unwrap();
    let wrong = [
        String::new(),
        format!("{}\n", note.text()),
        format!("{}\n{strange}\n", note.text()),
        text.replacen("\n700\n", "\n9223372036854775808\n", 1),
        text.replacen("\n700\n", "\n701\n", 1),
        text.replacen(&root, "AAAA", 1),
        text.replacen(&root, &format!("{root}\nmore"), 1),
        text.clone() + &format!("{strange}\n").repeat(9_000),
    ];
    let case = Case::new();
    case.serve(&leaves[..300]);
    case.look();
    let known = State::load(&case.args.state).unwrap().note;
    for (number, checkpoint) in wrong.iter().enumerate() {
        case.log.put_all(&honest);
        case.log.put("checkpoint", checkpoint.as_bytes());
        case.check(&["alarm bad_signature"], Exit::Found);
        assert_eq!(
            State::load(&case.args.state).unwrap().note,
            known,
            "{number}"
        );
        case.serve(&leaves[..300]);
        case.check(&["recovered bad_signature"], Exit::Fine);
    }
}

/// A clock that is set back is no reason to cry.
#[test]
fn a_clock_that_runs_backwards_alarms_nobody() {
    let leaves = sample::leaves(700);
    let case = Case::new();
    case.serve(&leaves[..300]);
    case.look();
    let start = case.clock.now().micros();
    case.clock
        .set(Timestamp::from_micros(start - 40 * HOUR * 1_000_000));
    case.check(&[], Exit::Fine);
    case.serve(&leaves[..400]);
    case.check(&[], Exit::Fine);
}

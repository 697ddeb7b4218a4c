//! `shanji monitor`: watches a log and writes when something is wrong with it.

mod courier;
mod state;
#[cfg(test)]
mod tests;

use crate::audit::files;
use crate::audit::{read_note, test_log_words};
use crate::cli::Monitor;
use crate::growth::Growth;
use crate::outcome::{Ended, Exit, Failure};
use crate::pace;
use crate::screen::{say, say_json};
use crate::serve_lock::{self, Lock};
use crate::vkeys::{self, Vouched};
use courier::{Courier, Destination, is_address};
use gateway::{Clock, SystemClock};
use state::{Look, Patience, State, Trouble};
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::Path;
use std::time::Duration;
use tlog::Checkpoint;

/// Runs the command.
pub(crate) fn run(args: &Monitor) -> Ended {
    let destinations = destinations(args)?;
    let believed = vkeys::folder();
    let _lock = take(&args.state)?;
    let mut state = State::load(&args.state)?;
    if args.acknowledge {
        state.acknowledge();
    }
    loop {
        let round = Round {
            args,
            destinations: &destinations,
            believed: believed.as_deref(),
        };
        round.run(&mut state, &SystemClock)?;
        if args.once {
            return Ok(exit_of(&state));
        }
        pace::wait(Duration::from_secs(args.every));
    }
}

/// Takes the state file for this process: of two monitors one would write over what the other has seen.
fn take(state: &Path) -> Result<Lock, Failure> {
    let mut name = OsString::from(".");
    name.push(state.file_name().unwrap_or_default());
    name.push(".lock");
    let lock = serve_lock::try_take(&state.with_file_name(name)).map_err(|error| {
        let sentence = format!(
            "状态文件 {} 所在的目录写不了：{error}，请检查权限和磁盘",
            state.display()
        );
        Failure::unreachable("monitor.state", sentence)
    })?;
    lock.ok_or_else(|| {
        let sentence = format!(
            "状态文件 {} 正由另一个监视进程使用，请等它结束，或用另一个 --state 文件",
            state.display()
        );
        Failure::unreachable("monitor.taken", sentence)
    })
}

/// What a script learns: whether something is wrong, or the site only does not answer.
fn exit_of(state: &State) -> Exit {
    match state.alarms.keys().next() {
        // One miss is no alarm yet, and still no answer: a script with a wrong address must not look well.
        None if state.is_missing() => Exit::Unreachable,
        None => Exit::Fine,
        Some(Trouble::Unreachable) => Exit::Unreachable,
        Some(_) => Exit::Found,
    }
}

fn destinations(args: &Monitor) -> Result<Vec<Destination>, Failure> {
    let refused = |what: &str, text: &str| {
        let sentence = format!("“{text}”不是{what}，请核对");
        Failure::usage("monitor.destination", sentence)
    };
    for address in args.mail_to.iter().chain(&args.mail_from) {
        if !is_address(address) {
            return Err(refused("邮件地址", address));
        }
    }
    for url in &args.webhooks {
        if !url.starts_with("http://") && !url.starts_with("https://") {
            return Err(refused("网址", url));
        }
    }
    let web = args.webhooks.iter().cloned().map(Destination::Web);
    let mail = args.mail_to.iter().cloned().map(Destination::Mailbox);
    Ok(web.chain(mail).collect())
}

/// One look, what follows from it, and the letters about it.
struct Round<'a> {
    args: &'a Monitor,
    destinations: &'a [Destination],
    believed: Option<&'a Path>,
}

impl Round<'_> {
    fn run(&self, state: &mut State, clock: &dyn Clock) -> Result<(), Failure> {
        let before = state.clone();
        let look = self.look(state)?;
        let now = clock.now().micros() / 1_000_000;
        let patience = Patience {
            stale: i64::try_from(self.args.stale).unwrap_or(i64::MAX),
            misses: u32::from(self.args.misses),
        };
        let mut to: BTreeSet<String> = self.destinations.iter().map(Destination::name).collect();
        // What nobody is to be told is still said on the screen.
        to.insert(String::new());
        state.judge(look, now, patience, &to);
        let checkpoint = state.checkpoint();
        let courier = Courier {
            log: checkpoint
                .as_ref()
                .map_or(&self.args.log, |known| known.origin()),
            url: &self.args.log,
            destinations: self.destinations,
            sendmail: &self.args.sendmail,
            from: self.args.mail_from.as_deref(),
        };
        for letter in &mut state.outbox {
            if letter.to.remove("") {
                if self.args.json {
                    say_json(&courier.json(letter));
                } else {
                    say(&format!("{}\n", courier.words(letter)));
                }
            }
        }
        // What was seen is remembered before anybody is told: a letter may come twice, but none is forgotten.
        if *state != before {
            state.save(&self.args.state)?;
        }
        let before = state.outbox.clone();
        for failed in courier.deliver(&mut state.outbox) {
            eprintln!("{failed}");
        }
        // Also whoever got a letter that others still wait for does not get it again.
        if state.outbox != before {
            state.save(&self.args.state)?;
        }
        Ok(())
    }

    /// Looks at the log. What is wrong with it is a look too; only what the user must mend is a failure.
    fn look(&self, state: &mut State) -> Result<Look, Failure> {
        let (files, bytes) = match files::open(&self.args.log) {
            Ok(opened) => opened,
            Err(failure) if failure.exit == Exit::Unreachable => {
                return Ok(bad(Trouble::Unreachable, failure.sentence, None));
            }
            Err(failure) if failure.exit == Exit::Found => {
                return Ok(bad(Trouble::BadSignature, failure.sentence, None));
            }
            Err(failure) => return Err(failure),
        };
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let untrusted = |why: String| Ok(bad(Trouble::BadSignature, why, Some(text.clone())));
        let (note, checkpoint) = match read_note(&bytes) {
            Ok(read) => read,
            Err(finding) => return untrusted(finding.sentence),
        };
        let known = state.checkpoint();
        let origin = checkpoint.origin();
        if let Some(known) = known.as_ref().filter(|known| known.origin() != origin) {
            return untrusted(format!(
                "网址上的日志原来叫“{}”，现在叫“{origin}”，已是另一个日志",
                known.origin()
            ));
        }
        let believed = vkeys::believed(
            origin,
            &self.args.keys,
            self.believed,
            || Ok(state.pinned()),
            files.as_ref(),
        );
        let (keys, vouched) = match believed {
            // A history of keys that does not hold is evidence, not a mistake of the user.
            Err(failure) if failure.exit == Exit::Found => return untrusted(failure.sentence),
            believed => believed?,
        };
        if vouched == Vouched::BySite {
            eprintln!(
                "⚠ 公钥取自日志自己的网站并已记住，不能排除网站连同公钥一起被替换。{}",
                vkeys::HOW
            );
        }
        if let Err(error) = keys.open(&note) {
            return untrusted(format!("检查点的签名不可信：{error}"));
        }
        let file = keys.remembered().to_string();
        state.keys = file.lines().map(ToOwned::to_owned).collect();
        let growth = Growth {
            files: files.as_ref(),
        };
        match compare(growth, known.as_ref(), &checkpoint) {
            Ok(Verdict::Extends) => Ok(Look::Good {
                note: text,
                // Said once, with the first letter; as served, because a monitor reads no statements.
                test_log: known
                    .is_none()
                    .then(|| test_log_words(files.as_ref(), &checkpoint))
                    .flatten(),
            }),
            Ok(Verdict::Late) => Ok(Look::Late),
            Ok(Verdict::Not(trouble, sentence)) => Ok(bad(trouble, sentence, Some(text))),
            Err(failure) if failure.exit == Exit::Unreachable => {
                Ok(bad(Trouble::Unreachable, failure.sentence, None))
            }
            Err(failure) => Ok(bad(Trouble::Incomplete, failure.sentence, Some(text))),
        }
    }
}

/// How a checkpoint stands to the last one.
enum Verdict {
    Extends,
    Late,
    Not(Trouble, String),
}

fn compare(
    growth: Growth<'_>,
    known: Option<&Checkpoint>,
    new: &Checkpoint,
) -> Result<Verdict, Failure> {
    let Some(known) = known else {
        growth.edge(new)?;
        return Ok(Verdict::Extends);
    };
    if new == known {
        return Ok(Verdict::Extends);
    }
    let fork = |size: u64| {
        let sentence = format!("前{size}条已不是上次核对时的内容。请保存两份检查点并联系监管部门");
        Verdict::Not(Trouble::Fork, sentence)
    };
    if new.size() == known.size() {
        return Ok(fork(known.size()));
    }
    if new.size() < known.size() {
        // A cache serves an older checkpoint; the site can still prove that ours came after it.
        let proved = growth
            .edge(known)
            .and_then(|partial| growth.extends(new, known, &partial));
        return match proved {
            Ok(true) => Ok(Verdict::Late),
            Ok(false) => Ok(fork(new.size())),
            Err(failure) if failure.exit == Exit::Unreachable => Err(failure),
            Err(_) => {
                let sentence = format!(
                    "上次有{}条，现在只有{}条，多出的文件也没有了。请问运营方是否恢复过旧备份",
                    known.size(),
                    new.size()
                );
                Ok(Verdict::Not(Trouble::Shrunk, sentence))
            }
        };
    }
    let partial = growth.edge(new)?;
    if growth.extends(known, new, &partial)? {
        Ok(Verdict::Extends)
    } else {
        Ok(fork(known.size()))
    }
}

const fn bad(trouble: Trouble, sentence: String, note: Option<String>) -> Look {
    Look::Bad {
        trouble,
        sentence,
        note,
    }
}

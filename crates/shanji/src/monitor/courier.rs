//! Letters on their way: to a web address as JSON, to a mailbox through the machine's own mail program.

use super::state::{Letter, Tone};
use crate::pace;
use kernel::Timestamp;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::Write as _;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

/// How long a web address or the mail program may take.
const ANSWER_TIME: Duration = Duration::from_secs(30);
/// Between two looks whether the mail program has ended.
const MAIL_PAUSE: Duration = Duration::from_millis(20);
/// Longest mail address (RFC 5321).
const ADDRESS_BYTES: usize = 254;

/// Where letters go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Destination {
    /// POST of JSON.
    Web(String),
    /// Mail.
    Mailbox(String),
}

impl Destination {
    /// How the state file names it.
    pub(super) fn name(&self) -> String {
        match self {
            Destination::Web(url) => format!("webhook {url}"),
            Destination::Mailbox(address) => format!("mail {address}"),
        }
    }
}

/// Whether this can stand in a header without being taken for something else.
pub(super) fn is_address(text: &str) -> bool {
    let (name, host) = text.split_once('@').unwrap_or_default();
    let is_plain = |byte: u8| byte.is_ascii_graphic() && !b",;:<>()[]\"\\@".contains(&byte);
    text.len() <= ADDRESS_BYTES
        && !name.is_empty()
        && !name.starts_with('-')
        && !host.is_empty()
        && name.bytes().chain(host.bytes()).all(is_plain)
}

/// 〔信使〕 Delivers letters.
pub(super) struct Courier<'a> {
    /// The log as letters name it.
    pub(super) log: &'a str,
    pub(super) url: &'a str,
    pub(super) destinations: &'a [Destination],
    /// The program that takes mail.
    pub(super) sendmail: &'a str,
    /// Who the mail comes from, unless the program knows.
    pub(super) from: Option<&'a str>,
}

impl Courier<'_> {
    /// Tries each letter at each destination where it has not arrived; keeps those that wait, and says why.
    pub(super) fn deliver(&self, outbox: &mut Vec<Letter>) -> Vec<String> {
        let mut failed = Vec::new();
        for letter in outbox.iter_mut() {
            let mut waiting = BTreeSet::new();
            for destination in self.destinations {
                let name = destination.name();
                if !letter.to.contains(&name) {
                    continue;
                }
                if let Err(why) = self.send(destination, letter) {
                    failed.push(format!(
                        "第{}号通知没有送到 {name}：{why}；下次再送",
                        letter.number
                    ));
                    waiting.insert(name);
                }
            }
            letter.to = waiting;
        }
        outbox.retain(|letter| !letter.to.is_empty());
        failed
    }

    fn send(&self, to: &Destination, letter: &Letter) -> Result<(), String> {
        match to {
            Destination::Web(url) => self.post(url, letter),
            Destination::Mailbox(address) => self.mail(address, letter),
        }
    }

    fn post(&self, url: &str, letter: &Letter) -> Result<(), String> {
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .timeout_global(Some(ANSWER_TIME))
            .http_status_as_error(false)
            // Behind a redirect the letter would be left out of the question, and the answer count as received.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .build()
            .into();
        let answer = agent
            .post(url)
            .header("content-type", "application/json; charset=utf-8")
            .send(self.json(letter).to_string())
            .map_err(|error| error.to_string())?;
        match answer.status().as_u16() {
            200..=299 => Ok(()),
            status => Err(format!("答复 {status}")),
        }
    }

    /// The letter for machines.
    pub(super) fn json(&self, letter: &Letter) -> Value {
        json!({
            "number": letter.number,
            "at": when(letter),
            "state": letter.tone,
            "event": letter.trouble.map_or("begin", super::state::Trouble::code),
            "log": self.log,
            "url": self.url,
            "sentence": letter.sentence,
            "known_checkpoint": letter.known,
            "shown_checkpoint": letter.shown,
        })
    }

    /// The letter for people.
    pub(super) fn words(&self, letter: &Letter) -> String {
        let (at, sentence) = (when(letter), &letter.sentence);
        match (letter.tone, letter.trouble) {
            (Tone::Alarm, Some(trouble)) => {
                format!("✗ {at}　{}　{}：{sentence}", self.log, trouble.words())
            }
            _ => format!("✓ {at}　{}　{sentence}", self.log),
        }
    }

    fn mail(&self, address: &str, letter: &Letter) -> Result<(), String> {
        let mut child = Command::new(self.sendmail)
            .args(["-t", "-i"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("启动不了 {}：{error}", self.sendmail))?;
        // A program that does not read to the end says why with its exit code.
        let text = self.message(address, letter);
        let written = child
            .stdin
            .take()
            .map(|mut pipe| pipe.write_all(text.as_bytes()));
        let ended = self.ended(&mut child)?;
        match written {
            Some(Ok(())) if ended.success() => Ok(()),
            _ => Err(format!("{} 结束时说 {ended}", self.sendmail)),
        }
    }

    /// Waits for a program that was started, but not for ever: one that hangs would silence the watch.
    fn ended(&self, child: &mut Child) -> Result<ExitStatus, String> {
        for _ in 0..ANSWER_TIME.as_millis() / MAIL_PAUSE.as_millis() {
            if let Some(ended) = child.try_wait().map_err(|error| error.to_string())? {
                return Ok(ended);
            }
            pace::wait(MAIL_PAUSE);
        }
        // It may end just now, which is as good.
        drop(child.kill());
        drop(child.wait());
        Err(format!("{} 太久没有结束，已停掉它", self.sendmail))
    }

    /// The mail with its headers. Subjects are ASCII, so that nothing has to be folded or encoded.
    fn message(&self, address: &str, letter: &Letter) -> String {
        let event = letter.trouble.map_or("begin", super::state::Trouble::code);
        let state = match letter.tone {
            Tone::Begin => "begin",
            Tone::Alarm => "ALARM",
            Tone::Recovered => "recovered",
        };
        let log: String = self
            .log
            .chars()
            .map(|c| if c.is_ascii_graphic() { c } else { '?' })
            .collect();
        let from = self
            .from
            .map_or_else(String::new, |from| format!("From: {from}\n"));
        let note = |title: &str, note: Option<&String>| {
            note.map_or_else(String::new, |note| format!("\n{title}：\n\n{note}"))
        };
        format!(
            "{from}To: {address}\nSubject: [shanji] {state} {event} {log}\nAuto-Submitted: auto-generated\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{}\n网址 {}\n第{}号通知\n{}{}",
            self.words(letter),
            self.url,
            letter.number,
            note("上次核对过的检查点", letter.known.as_ref()),
            note("这次网站给出的检查点", letter.shown.as_ref()),
        )
    }
}

fn when(letter: &Letter) -> String {
    Timestamp::from_micros(letter.at.saturating_mul(1_000_000)).rfc3339()
}

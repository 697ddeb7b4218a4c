//! What a monitor remembers, and what it concludes from a look at the log. Pure, but for the file.

use crate::durable;
use crate::outcome::Failure;
use kernel::Timestamp;
use leaf::KeyHistory;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::Path;
use tlog::{Checkpoint, SignedNote};

/// Layout of the file.
const VERSION: u32 = 1;
/// Letters that wait for a destination which does not answer; older ones are dropped.
const OUTBOX: usize = 100;
/// Checkpoints that contradict each other and are kept.
const EVIDENCE: usize = 16;

/// 〔异常〕 What can be wrong with a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Trouble {
    /// Two histories.
    Fork,
    /// Less than before.
    Shrunk,
    /// Not signed by a key that is believed, or not a checkpoint of this log.
    BadSignature,
    /// Tiles that are missing or do not lead to the root.
    Incomplete,
    /// Nothing new for too long.
    Stale,
    /// No answer.
    Unreachable,
}

impl Trouble {
    pub(super) const fn code(self) -> &'static str {
        match self {
            Trouble::Fork => "fork",
            Trouble::Shrunk => "shrunk",
            Trouble::BadSignature => "bad_signature",
            Trouble::Incomplete => "incomplete",
            Trouble::Stale => "stale",
            Trouble::Unreachable => "unreachable",
        }
    }

    /// How it is called in a sentence.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Trouble::Fork => "历史被改写",
            Trouble::Shrunk => "日志变短",
            Trouble::BadSignature => "检查点不可信",
            Trouble::Incomplete => "日志文件不全或有误",
            Trouble::Stale => "很久没有新的检查点",
            Trouble::Unreachable => "连不上",
        }
    }
}

/// 〔一次观察〕 What one look at the log showed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// A checkpoint that is signed and extends the last one; what is said of a test log at the first look.
    Good {
        note: String,
        test_log: Option<String>,
    },
    /// An older checkpoint of the same history, as a cache would serve it.
    Late,
    /// Something is wrong; the note is what showed it, if there is one.
    Bad {
        trouble: Trouble,
        sentence: String,
        note: Option<String>,
    },
}

/// 〔来信状态〕 Why a letter is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Tone {
    /// The watch begins; also shows that letters arrive.
    Begin,
    /// Something is wrong.
    Alarm,
    /// It is no longer.
    Recovered,
}

/// 〔来信〕 What is reported, once to each destination.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Letter {
    /// The same for each attempt: whoever gets it twice can tell.
    pub(super) number: u64,
    pub(super) at: i64,
    pub(super) tone: Tone,
    pub(super) trouble: Option<Trouble>,
    pub(super) sentence: String,
    /// The last checkpoint that was verified.
    pub(super) known: Option<String>,
    /// The checkpoint that showed what is wrong.
    pub(super) shown: Option<String>,
    /// Where it has not arrived yet.
    pub(super) to: BTreeSet<String>,
}

/// When something counts as wrong.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    /// Seconds without a new checkpoint.
    pub(super) stale: i64,
    /// Looks in a row without an answer.
    pub(super) misses: u32,
}

/// 〔监视状态〕 What is remembered from one look to the next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct State {
    version: u32,
    /// The last verified checkpoint as it was signed.
    pub(super) note: Option<String>,
    /// The keys that are believed, and the proofs that led from one to the next: lines of a file of keys.
    pub(super) keys: Vec<String>,
    /// When the last new checkpoint was seen, in seconds since 1970.
    changed_at: i64,
    misses: u32,
    /// What is wrong at present, and since when.
    pub(super) alarms: BTreeMap<Trouble, i64>,
    /// Checkpoints that contradicted the known ones.
    evidence: Vec<String>,
    next_letter: u64,
    pub(super) outbox: Vec<Letter>,
}

impl State {
    /// True if the last look had no answer, whether or not that is an alarm already.
    pub(super) const fn is_missing(&self) -> bool {
        self.misses > 0
    }

    pub(super) const fn new() -> State {
        State {
            version: VERSION,
            note: None,
            keys: Vec::new(),
            changed_at: 0,
            misses: 0,
            alarms: BTreeMap::new(),
            evidence: Vec::new(),
            next_letter: 1,
            outbox: Vec::new(),
        }
    }

    /// Reads the file; a new state where there is none.
    pub(super) fn load(file: &Path) -> Result<State, Failure> {
        let damaged = || {
            let sentence = format!(
                "状态文件 {} 读不懂，请从备份恢复；没有备份就改名保存，重新开始监视",
                file.display()
            );
            Failure::unreachable("monitor.state", sentence)
        };
        let text = match fs::read_to_string(file) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(State::new()),
            Err(_) => return Err(damaged()),
        };
        let state: State = serde_json::from_str(&text).map_err(|_| damaged())?;
        let sound = state.version == VERSION
            && (state.note.is_none() || state.checkpoint().is_some())
            && state.keys.join("\n").parse::<KeyHistory>().is_ok();
        if sound { Ok(state) } else { Err(damaged()) }
    }

    /// Writes the file; on return it survives a power cut.
    pub(super) fn save(&self, file: &Path) -> Result<(), Failure> {
        serde_json::to_vec_pretty(self)
            .map_err(io::Error::from)
            .and_then(|bytes| durable::replace(file, &bytes))
            .map_err(|error| {
                let sentence = format!(
                    "状态文件 {} 写不了：{error}，请检查权限和磁盘",
                    file.display()
                );
                Failure::unreachable("monitor.state", sentence)
            })
    }

    /// The last verified checkpoint.
    pub(super) fn checkpoint(&self) -> Option<Checkpoint> {
        let note = SignedNote::parse(self.note.as_ref()?).ok()?;
        note.text().parse().ok()
    }

    /// The keys that earlier looks believed.
    pub(super) fn pinned(&self) -> KeyHistory {
        self.keys.join("\n").parse().unwrap_or_default()
    }

    /// Takes in what a look showed, and writes the letters that this calls for.
    pub(super) fn judge(
        &mut self,
        look: Look,
        now: i64,
        patience: Patience,
        to: &BTreeSet<String>,
    ) {
        let mut writer = Writer { now, to };
        match look {
            Look::Good { note, test_log } => {
                let is_first = self.note.is_none();
                // Witnesses sign an old checkpoint again from time to time: that is no sign of life of the log.
                let before = self.checkpoint();
                self.note = Some(note);
                if self.checkpoint() != before {
                    self.changed_at = now;
                }
                if is_first {
                    let mut sentence = "开始监视这个日志".to_owned();
                    if let Some(words) = test_log {
                        sentence = format!("{sentence}。{words}");
                    }
                    writer.write(self, (Tone::Begin, None), sentence, None);
                }
                self.hear(&mut writer, patience);
            }
            Look::Late => self.hear(&mut writer, patience),
            Look::Bad {
                trouble: Trouble::Unreachable,
                sentence,
                note,
            } => {
                self.misses = self.misses.saturating_add(1);
                if self.misses >= patience.misses {
                    self.open(&mut writer, Trouble::Unreachable, sentence, note);
                }
            }
            Look::Bad {
                trouble,
                sentence,
                note,
            } => {
                self.misses = 0;
                self.close(&mut writer, &[Trouble::Unreachable], Some(trouble));
                self.open(&mut writer, trouble, sentence, note);
            }
        }
    }

    /// An honest answer ends what was wrong. A fork does not heal: two histories were shown, and stay shown.
    fn hear(&mut self, writer: &mut Writer<'_>, patience: Patience) {
        self.misses = 0;
        let age = writer.now.saturating_sub(self.changed_at);
        let is_stale = self.note.is_some() && age > patience.stale;
        let answered = [
            Trouble::Unreachable,
            Trouble::BadSignature,
            Trouble::Shrunk,
            Trouble::Incomplete,
        ];
        let over = match is_stale {
            true => &answered[..],
            false => &[&answered[..], &[Trouble::Stale]].concat(),
        };
        self.close(writer, over, None);
        if is_stale {
            let since = Timestamp::from_micros(self.changed_at.saturating_mul(1_000_000));
            let sentence = format!(
                "自{}起没有新的检查点，请问运营方服务是否正常",
                since.rfc3339()
            );
            self.open(writer, Trouble::Stale, sentence, None);
        }
    }

    fn open(
        &mut self,
        writer: &mut Writer<'_>,
        trouble: Trouble,
        sentence: String,
        note: Option<String>,
    ) {
        // What the log's key has not signed is evidence of nothing, and anybody could fill the places with it.
        let is_signed = trouble != Trouble::BadSignature;
        if let Some(note) = note.as_ref().filter(|note| !self.evidence.contains(note))
            && is_signed
            && self.evidence.len() < EVIDENCE
        {
            self.evidence.push(note.clone());
        }
        if self.alarms.contains_key(&trouble) {
            return;
        }
        self.alarms.insert(trouble, writer.now);
        writer.write(self, (Tone::Alarm, Some(trouble)), sentence, note);
    }

    /// Ends what is over, and says what is not: whoever reads "recovered" must not take the log for sound. `next` is
    /// what this look showed instead.
    fn close(&mut self, writer: &mut Writer<'_>, over: &[Trouble], next: Option<Trouble>) {
        let mut ended = Vec::new();
        for trouble in over {
            ended.extend(self.alarms.remove(trouble).map(|since| (*trouble, since)));
        }
        let left: BTreeSet<Trouble> = self.alarms.keys().copied().chain(next).collect();
        let left: Vec<&str> = left.into_iter().map(Trouble::words).collect();
        let still = match left.is_empty() {
            true => String::new(),
            false => format!("；但仍有异常：{}", left.join("、")),
        };
        for (trouble, since) in ended {
            let since = Timestamp::from_micros(since.saturating_mul(1_000_000));
            let sentence = format!(
                "已恢复：自{}起的“{}”结束了{still}",
                since.rfc3339(),
                trouble.words()
            );
            writer.write(self, (Tone::Recovered, Some(trouble)), sentence, None);
        }
    }

    /// Somebody has looked into the fork; the evidence stays.
    pub(super) fn acknowledge(&mut self) {
        self.alarms.remove(&Trouble::Fork);
    }
}

/// Writes letters of one look.
struct Writer<'a> {
    now: i64,
    to: &'a BTreeSet<String>,
}

impl Writer<'_> {
    fn write(
        &mut self,
        state: &mut State,
        about: (Tone, Option<Trouble>),
        sentence: String,
        shown: Option<String>,
    ) {
        if state.outbox.len() >= OUTBOX {
            state.outbox.remove(0);
        }
        state.outbox.push(Letter {
            number: state.next_letter,
            at: self.now,
            tone: about.0,
            trouble: about.1,
            sentence,
            known: state.note.clone(),
            shown,
            to: self.to.clone(),
        });
        state.next_letter = state.next_letter.saturating_add(1);
    }
}

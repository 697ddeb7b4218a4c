//! The task that asks the witnesses: after each checkpoint all of them at once, a witness in trouble less and less often.
//!
//! Checkpoints are published before (fail open); only the word "final" waits for witnesses. What they signed is kept, so
//! that a restart forgets nothing; what a witness is believed to know is only a guess, which its answer corrects.

use crate::config::Config;
use crate::error::AppError;
use crate::staircase::Staircase;
use crate::transparency::Seals;
use crate::transparency::copies::{Copies, Look};
use crate::transparency::policy_file::{WitnessPolicy, question_address};
use crate::transparency::question::{Heard, Question, Trouble};
use crate::transparency::witnessed::{Known, WitnessKnown, Witnessed, is_final, with_lines};
use db::Db;
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use gateway::witness::WitnessDoor;
use gateway::{Clock, Stopwatch};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use store::transparency::{
    CheckpointRecord, SealError, checkpoint_at, checkpoint_newest, cosigned_newest, cosigned_sizes,
};
use store::writer::Writer;
use tlog::policy::Witness;
use tlog::{CosignerKey, SignedNote};
use tokio::sync::{Notify, mpsc, oneshot};

/// A checkpoint that has stood this long is signed anew, so that readers see how fresh the log is.
const FRESH: Duration = Duration::from_secs(3_600);
/// The longest time for which a witness in trouble is left alone.
const WAIT_MAX: Duration = Duration::from_secs(300);
/// Checkpoints of each witness that are looked at when the house opens, to find the newest that is final.
const LOOKED_AT: i64 = 64;

/// 〔联署〕 The door to the task, and what it has found out.
#[derive(Debug, Clone)]
pub(crate) struct Cosigning {
    policy: Option<Arc<WitnessPolicy>>,
    asks: mpsc::Sender<oneshot::Sender<()>>,
    known: Arc<Mutex<Arc<Known>>>,
}

impl Cosigning {
    /// The policy of the house, if it has one.
    pub(crate) fn policy(&self) -> Option<&WitnessPolicy> {
        self.policy.as_deref()
    }

    /// What is known now.
    pub(crate) fn known(&self) -> Arc<Known> {
        Arc::clone(&self.known.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// How a leaf stands that a checkpoint covers.
    pub(crate) fn stands(&self, leaf_index: i64) -> Witnessed {
        match &self.policy {
            Some(file) if file.policy().asks_for_witnesses() => {
                if leaf_index >= self.known().final_size {
                    Witnessed::Waiting
                } else if file.is_of_one_hand() {
                    Witnessed::OneHand
                } else {
                    Witnessed::Final
                }
            }
            _ => Witnessed::OperatorOnly,
        }
    }

    /// Asks every witness about the newest checkpoint, also those that are left alone now, and waits for their answers.
    pub(crate) async fn ask_now(&self) {
        let (reply, answer) = oneshot::channel();
        // Without a policy there is no task, and nobody to ask.
        if self.asks.send(reply).await.is_ok() {
            drop(answer.await);
        }
    }
}

/// Finds out what is kept and starts the task; `published` wakes it after each checkpoint. A house that is read-only asks
/// nobody: what it has may not be what was signed.
pub(crate) async fn start(
    db: &Db,
    writer: Writer<Staircase>,
    config: &Config,
    (seals, origin, published): (&Seals, &str, Arc<Notify>),
) -> Result<Cosigning, AppError> {
    let (asks, inbox) = mpsc::channel(16);
    let mut cosigning = Cosigning {
        policy: config.witnesses.clone(),
        asks,
        known: Arc::default(),
    };
    let Some(policy) = cosigning.policy.clone() else {
        return Ok(cosigning);
    };
    let mut known = Known::default();
    let mut asked = Vec::new();
    let mut read = db.read_tx().await?;
    for (place, witness) in policy.policy().witnesses().iter().enumerate() {
        let newest = cosigned_newest(&mut read, &witness.key.to_string()).await?;
        let (size, signed_at) = newest.map_or((0, 0), |row| (row.size, row.signed_at));
        known.witnesses.push(WitnessKnown {
            size,
            signed_at,
            trouble: None,
        });
        match &witness.url {
            Some(url) => {
                let mut one = Asked::new(place, url, (witness.key.clone(), size));
                one.looked = seals.was_shown(place);
                asked.push(one);
            }
            None => tracing::warn!(
                witness = witness.key.name(),
                "the policy has no address for this witness: it is never asked"
            ),
        }
    }
    drop(read);
    known.final_size = newest_final(db, &policy).await?;
    cosigning.known = Arc::new(Mutex::new(Arc::new(known)));
    if seals.stopped().is_some() {
        return Ok(cosigning);
    }
    let door = WitnessDoor::default();
    let task = Task {
        copies: Copies {
            door: door.clone(),
            db: db.clone(),
            origin: origin.to_owned(),
            keys: Arc::clone(seals.keys()),
            clock: Arc::clone(&config.clock),
        },
        seals: seals.clone(),
        door,
        db: db.clone(),
        writer,
        clock: Arc::clone(&config.clock),
        policy,
        known: Arc::clone(&cosigning.known),
        asked,
    };
    published.notify_one();
    tokio::spawn(task.run(inbox, published));
    Ok(cosigning)
}

/// Size of the newest kept checkpoint for which the quorum holds; 0 if there is none among those looked at.
async fn newest_final(db: &Db, file: &WitnessPolicy) -> Result<i64, AppError> {
    let mut read = db.read_tx().await?;
    let mut sizes = BTreeSet::new();
    for witness in file.policy().witnesses() {
        let key = witness.key.to_string();
        sizes.extend(cosigned_sizes(&mut read, &key, LOOKED_AT).await?);
    }
    for size in sizes.into_iter().rev() {
        let Some(checkpoint) = checkpoint_at(&mut read, size).await? else {
            continue;
        };
        let note = with_lines(&mut read, file.policy(), &checkpoint).await?;
        if is_final(file.policy(), &note) {
            return Ok(size);
        }
    }
    Ok(0)
}

/// A witness that has an address.
struct Asked {
    /// Its place in the policy.
    place: usize,
    address: String,
    key: CosignerKey,
    /// The size that it is believed to know.
    old: i64,
    /// The newest size that it has signed.
    signed: i64,
    /// How often in a row it did not sign.
    failures: u32,
    /// Since it was asked last.
    since: Stopwatch,
    /// It has shown what it keeps, and that speaks for the database.
    looked: bool,
}

/// Why a round ended early.
enum Halt {
    /// A witness has shown that this database is not the one that signed last.
    Proof(Box<SealError>),
    /// Something of ours failed; another time it may not.
    Failed(AppError),
}

impl<E: Into<AppError>> From<E> for Halt {
    fn from(error: E) -> Halt {
        Halt::Failed(error.into())
    }
}

impl Halt {
    fn of(error: SealError) -> Halt {
        match error.is_read_only() {
            true => Halt::Proof(Box::new(error)),
            false => Halt::Failed(AppError::internal(error)),
        }
    }
}

/// Which witnesses are asked in a round.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Haste {
    /// Those that lag behind, unless they are left alone for now.
    AsDue,
    /// All.
    Now,
}

impl Asked {
    fn new(place: usize, url: &str, (key, size): (CosignerKey, i64)) -> Asked {
        Asked {
            place,
            address: question_address(url),
            key,
            old: size,
            signed: size,
            failures: 0,
            since: Stopwatch::start(),
            looked: false,
        }
    }

    /// How long to wait before this witness is asked about a checkpoint of `size`; nothing if it is its turn.
    fn due_in(&self, size: i64) -> Duration {
        let wait = if self.failures > 0 {
            wait_after(self.failures)
        } else if self.signed < size {
            Duration::ZERO
        } else {
            FRESH
        };
        wait.saturating_sub(self.since.elapsed())
    }
}

/// Two seconds after the first failure, then twice as long each time.
fn wait_after(failures: u32) -> Duration {
    let seconds = 1_u64.checked_shl(failures.min(32)).unwrap_or(u64::MAX);
    Duration::from_secs(seconds).min(WAIT_MAX)
}

struct Task {
    copies: Copies,
    seals: Seals,
    door: WitnessDoor,
    db: Db,
    writer: Writer<Staircase>,
    clock: Arc<dyn Clock>,
    policy: Arc<WitnessPolicy>,
    known: Arc<Mutex<Arc<Known>>>,
    asked: Vec<Asked>,
}

impl Task {
    async fn run(mut self, mut inbox: mpsc::Receiver<oneshot::Sender<()>>, published: Arc<Notify>) {
        let mut size = 0;
        loop {
            let wait = self.asked.iter().map(|one| one.due_in(size)).min();
            let (haste, waiting) = tokio::select! {
                ask = inbox.recv() => match ask {
                    Some(ask) => (Haste::Now, Some(ask)),
                    None => return,
                },
                () = published.notified() => (Haste::AsDue, None),
                () = tokio::time::sleep(wait.unwrap_or(FRESH)) => (Haste::AsDue, None),
            };
            match self.round(haste).await {
                Ok(newest) => size = newest,
                // Nobody waits any longer: what the witnesses would sign may not be what was published.
                Err(Halt::Proof(proof)) => return self.seals.end_writing(&proof),
                Err(Halt::Failed(error)) => {
                    tracing::error!(
                        error = &error as &dyn std::error::Error,
                        "the witnesses could not be asked"
                    );
                    // Each of them waits for its turn, so that a broken disk is not asked without end.
                    self.asked.iter_mut().for_each(Asked::failed);
                }
            }
            if let Some(waiting) = waiting {
                // Whoever no longer waits needs no answer.
                let _ = waiting.send(());
            }
        }
    }

    /// Asks about the newest checkpoint and says its size. All are asked about the same one, since a quorum is of one
    /// checkpoint; each line is kept when it comes and waits for no other.
    async fn round(&mut self, haste: Haste) -> Result<i64, Halt> {
        let newest = checkpoint_newest(&mut *self.db.read_tx().await?).await?;
        let Some(newest) = newest else {
            return Ok(0);
        };
        let note = SignedNote::parse(&newest.note).map_err(AppError::internal)?;
        let mut due: Vec<usize> = Vec::new();
        for (place, one) in self.asked.iter_mut().enumerate() {
            if haste == Haste::Now || one.due_in(newest.size).is_zero() {
                one.since = Stopwatch::start();
                due.push(place);
            }
        }
        self.look_first(&mut due).await?;
        let mut questions = FuturesUnordered::new();
        for place in due {
            let Some(one) = self.asked.get(place) else {
                continue;
            };
            let question = Question {
                door: self.door.clone(),
                db: self.db.clone(),
                clock: Arc::clone(&self.clock),
                address: one.address.clone(),
                key: one.key.clone(),
                note: note.clone(),
                size: newest.size,
                old: one.old.min(newest.size),
            };
            questions.push(async move { (place, question.ask().await) });
        }
        while let Some((place, heard)) = questions.next().await {
            self.hear(place, heard, &newest).await?;
        }
        Ok(newest.size)
    }

    /// Witnesses that did not show at the start what they keep do so before they are asked; one that still cannot be
    /// reached is left out of this round.
    async fn look_first(&mut self, due: &mut Vec<usize>) -> Result<(), Halt> {
        let mut looks = FuturesUnordered::new();
        for place in due.iter().copied() {
            let one = self.asked.get(place).filter(|one| !one.looked);
            if let Some(witness) = one.and_then(|one| self.witness(one.place)) {
                let copies = self.copies.clone();
                looks.push(async move { (place, copies.look(&witness).await) });
            }
        }
        while let Some((place, look)) = looks.next().await {
            match look.map_err(Halt::of)? {
                Look::Unreached(unreached) => {
                    due.retain(|one| *one != place);
                    self.in_trouble(place, &Trouble::Unreached(unreached));
                }
                _ => {
                    if let Some(one) = self.asked.get_mut(place) {
                        one.looked = true;
                    }
                }
            }
        }
        Ok(())
    }

    /// A witness by its place in the policy.
    fn witness(&self, place: usize) -> Option<Witness> {
        self.policy.policy().witnesses().get(place).cloned()
    }

    async fn hear(
        &mut self,
        place: usize,
        heard: Heard,
        newest: &CheckpointRecord,
    ) -> Result<(), Halt> {
        let Some(one) = self.asked.get_mut(place) else {
            return Ok(());
        };
        one.old = heard.old;
        let kept = match heard.line {
            Ok(row) => {
                let signed_at = row.signed_at;
                let kept = self.writer.cosign(row).await;
                kept.map(|()| signed_at).map_err(Trouble::own)
            }
            Err(trouble) => Err(trouble),
        };
        match kept {
            Ok(signed_at) => {
                one.signed = newest.size;
                one.failures = 0;
                let place = one.place;
                let note = {
                    let mut read = self.db.read_tx().await?;
                    with_lines(&mut read, self.policy.policy(), newest).await?
                };
                let reached = is_final(self.policy.policy(), &note);
                self.learn(|known| {
                    if let Some(witness) = known.witnesses.get_mut(place) {
                        (witness.size, witness.signed_at) = (newest.size, signed_at);
                        witness.trouble = None;
                    }
                    if reached {
                        known.final_size = known.final_size.max(newest.size);
                    }
                });
            }
            Err(trouble) => {
                let in_policy = one.place;
                self.in_trouble(place, &trouble);
                // What it says is a claim; what it keeps may be proof.
                if let Some(witness) = self.witness(in_policy).filter(|_| trouble.is_alarm()) {
                    self.copies.look(&witness).await.map_err(Halt::of)?;
                }
            }
        }
        Ok(())
    }

    /// A witness that did not sign is left alone for a while, and the log page says why.
    fn in_trouble(&mut self, place: usize, trouble: &Trouble) {
        let Some(one) = self.asked.get_mut(place) else {
            return;
        };
        one.failed();
        tell(&one.key, trouble);
        let place = one.place;
        self.learn(|known| {
            if let Some(witness) = known.witnesses.get_mut(place) {
                witness.trouble = Some(trouble.words());
            }
        });
    }

    fn learn(&self, change: impl FnOnce(&mut Known)) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        change(Arc::make_mut(&mut known));
    }
}

impl Asked {
    fn failed(&mut self) {
        self.failures = self.failures.saturating_add(1);
        self.since = Stopwatch::start();
    }
}

fn tell(key: &CosignerKey, trouble: &Trouble) {
    let (witness, error) = (key.name(), trouble as &dyn std::error::Error);
    if trouble.is_alarm() {
        tracing::error!(
            witness,
            error,
            "a witness knows another history of this log"
        );
    } else {
        tracing::warn!(witness, error, "a witness did not sign");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_witness_in_trouble_is_asked_less_and_less_often() {
        let seconds = |failures| wait_after(failures).as_secs();
        let waits: Vec<u64> = (1..=5).map(seconds).collect();
        assert_eq!(waits, [2, 4, 8, 16, 32]);
        assert_eq!(
            (seconds(9), seconds(64), seconds(u32::MAX)),
            (300, 300, 300)
        );
    }

    #[test]
    fn whose_turn_it_is() {
        let cosigner = tlog::Cosigner::from_seed("witness.example/1", &[9; 32]).unwrap();
        let key = cosigner.verifier().clone();
        let mut one = Asked::new(0, "https://w.example", (key, 5));
        assert!(one.due_in(6).is_zero());
        assert!(one.due_in(5) > Duration::from_secs(3_000));
        one.failed();
        // Also a new checkpoint waits then.
        assert!(one.due_in(7) > Duration::from_secs(1));
        assert!(one.due_in(5) <= Duration::from_secs(2));
    }
}

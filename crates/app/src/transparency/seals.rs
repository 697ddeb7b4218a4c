//! The task that signs: woken by writes, at most one checkpoint per tick, stopped for good by damage.

use crate::config::Config;
use crate::error::AppError;
use crate::staircase::Staircase;
use crate::transparency::copies::{Copies, Look, vouched};
use gateway::Clock;
use gateway::witness::WitnessDoor;
use kernel::Timestamp;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use store::House;
use store::transparency::{
    Guard, SealError, Sequencer, SharedLogKeys, SharedStanding, guard_renew,
};
use store::writer::Writer;
use tokio::sync::{Notify, mpsc, oneshot};

/// 〔封存〕 The door to the sequencer.
#[derive(Debug, Clone)]
pub(crate) struct Seals {
    wake: Arc<Notify>,
    asks: mpsc::Sender<oneshot::Sender<Result<(), String>>>,
    stopped: Stopped,
    standing: SharedStanding,
    keys: SharedLogKeys,
    held: Arc<AtomicBool>,
    /// Which witnesses have shown what they keep, in the order of the policy.
    shown: Arc<[bool]>,
}

/// Why nothing is signed any more.
#[derive(Debug, Clone)]
struct Stop {
    reason: String,
    /// Nothing is written either: the database is not the one that signed last.
    is_read_only: bool,
}

/// Shared by the task that signs and whoever may stop it; the first reason stays.
#[derive(Debug, Clone, Default)]
struct Stopped(Arc<Mutex<Option<Stop>>>);

impl Stopped {
    fn put(&self, error: &SealError) {
        let mut stopped = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        stopped.get_or_insert_with(|| Stop {
            reason: error.to_string(),
            is_read_only: error.is_read_only(),
        });
    }

    fn get(&self) -> Option<Stop> {
        let stopped = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        stopped.clone()
    }
}

impl Seals {
    /// Refuses to write into a database that is not the one that signed last.
    pub(crate) fn may_write(&self) -> Result<(), AppError> {
        match self.stopped.get().filter(|stop| stop.is_read_only) {
            Some(stop) => Err(AppError::unwell("read_only", stop.reason)),
            None => Ok(()),
        }
    }

    /// From now on nothing is signed or written: somebody has shown that the database is not the one that signed last.
    pub(crate) fn end_writing(&self, proof: &SealError) {
        tracing::error!(
            error = proof as &dyn std::error::Error,
            "the house is read-only"
        );
        self.stopped.put(proof);
        self.wake();
    }

    /// Whether a witness, by its place in the policy, has shown at the start what it keeps.
    pub(crate) fn was_shown(&self, place: usize) -> bool {
        self.shown.get(place).copied().unwrap_or_default()
    }

    /// From now on a checkpoint is signed only when somebody asks for one.
    pub(crate) fn hold(&self) {
        self.held.store(true, Ordering::Release);
    }

    /// From now on checkpoints follow what is written, as usual.
    pub(crate) fn go_on(&self) {
        self.held.store(false, Ordering::Release);
        self.wake();
    }

    /// The index of streams, as the newest checkpoint has it.
    pub(crate) fn standing(&self) -> &SharedStanding {
        &self.standing
    }

    /// The keys with which the log signs.
    pub(crate) fn keys(&self) -> &SharedLogKeys {
        &self.keys
    }

    /// Something was committed.
    pub(crate) fn wake(&self) {
        self.wake.notify_one();
    }

    /// Why signing has stopped, if it has.
    pub(crate) fn stopped(&self) -> Option<String> {
        self.stopped.get().map(|stop| stop.reason)
    }

    /// Seals everything committed so far and waits for it.
    pub(crate) async fn seal_now(&self) -> Result<(), AppError> {
        let (reply, answer) = oneshot::channel();
        let gone = || AppError::conflict("seal_stopped", "见证签名已停止，请联系管理员查看原因。");
        self.asks.send(reply).await.map_err(|_| gone())?;
        answer
            .await
            .map_err(|_| gone())?
            .map_err(|reason| AppError::conflict("seal_stopped", reason))
    }
}

/// The house as its log says: with a test log if the first leaf says so, or if that is asked for and there is none.
pub(crate) async fn of_its_log(
    db: &db::Db,
    config: &Config,
    house: House,
) -> Result<House, AppError> {
    let mut read = db.read_tx().await?;
    match store::transparency::is_test_log(&mut read).await? {
        Some(false) if config.test_log => Err(AppError::conflict(
            "test_log_not_empty",
            "这里已有正式日志，不能改成测试日志，请去掉 --test-log，或换一个空的数据目录和数据库。",
        )),
        Some(true) => Ok(house.of_test_log()),
        None if config.test_log => Ok(house.of_test_log()),
        Some(false) | None => Ok(house),
    }
}

/// A test log states nothing, so it has no business.
pub(crate) fn no_business() -> AppError {
    let sentence = "这是测试日志，只接收 POST /log/add 的任意内容，不办理业务；请到正式平台办理。";
    AppError::conflict("test_log", sentence)
}

/// Writes the first leaf of an empty log.
pub(crate) async fn found(db: &db::Db, house: &House, now: Timestamp) -> Result<(), AppError> {
    store::transparency::found(db, house, now)
        .await
        .map_err(AppError::internal)
}

/// Loads the edge, asks the witnesses what they keep, and starts the task if nothing speaks against signing.
pub(crate) async fn start(
    db: &db::Db,
    house: &Arc<House>,
    keys: SharedLogKeys,
    around: (Writer<Staircase>, &Config, Arc<Notify>),
) -> Result<Seals, AppError> {
    let (writer, config, published) = around;
    let standing = SharedStanding::default();
    let stopped = Stopped::default();
    let begun = begin(db, (house, &keys, &standing), config).await;
    let (sequencer, shown) = match begun {
        Ok((sequencer, shown)) => (Some(sequencer), shown),
        // What is there can still be read; whoever opens the house is told, and nothing is added.
        Err(error) if error.is_read_only() => {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "the house is read-only"
            );
            stopped.put(&error);
            (None, Vec::new())
        }
        Err(error) => return Err(AppError::internal(error)),
    };
    let (asks, inbox) = mpsc::channel(64);
    let seals = Seals {
        wake: Arc::new(Notify::new()),
        asks,
        stopped,
        standing,
        keys,
        held: Arc::new(AtomicBool::new(false)),
        shown: shown.into(),
    };
    let task = Task {
        db: db.clone(),
        writer,
        clock: Arc::clone(&config.clock),
        tick: Duration::from_millis(config.tick_millis),
        seals: seals.wake.clone(),
        published,
        stopped: seals.stopped.clone(),
        held: Arc::clone(&seals.held),
    };
    seals.wake();
    if let Some(sequencer) = sequencer {
        tokio::spawn(task.run(sequencer, inbox));
    }
    Ok(seals)
}

/// The sequencer, and which witnesses have shown what they keep. Before anything is signed the database is held against the
/// guard and against those witnesses; where the guard is missing, they alone may say that nothing is.
async fn begin(
    db: &db::Db,
    (house, keys, standing): (&Arc<House>, &SharedLogKeys, &SharedStanding),
    config: &Config,
) -> Result<(Sequencer, Vec<bool>), SealError> {
    let guard = Guard::at(&config.guard);
    let load = || {
        let around = (Arc::clone(standing), guard.clone());
        Sequencer::load(db, Arc::clone(house), Arc::clone(keys), around)
    };
    let loaded = load().await;
    let may_be = matches!(&loaded, Ok(_) | Err(SealError::Unguarded { .. }));
    let Some(policy) = config.witnesses.as_deref().filter(|_| may_be) else {
        return loaded.map(|sequencer| (sequencer, Vec::new()));
    };
    let copies = Copies {
        door: WitnessDoor::default(),
        db: db.clone(),
        origin: house.origin.clone(),
        keys: Arc::clone(keys),
        clock: Arc::clone(&config.clock),
    };
    let looks = copies.look_at_all(policy).await?;
    let sequencer = match loaded {
        Err(SealError::Unguarded { .. }) if vouched(policy, &looks) => {
            let mark = guard_renew(db, &guard, &house.origin).await?;
            tracing::warn!(
                size = mark.map(|mark| mark.size),
                "the guard file was missing; all witnesses agree with the database, and it was written anew"
            );
            load().await?
        }
        loaded => loaded?,
    };
    Ok((sequencer, looks.iter().map(Look::is_done).collect()))
}

struct Task {
    db: db::Db,
    writer: Writer<Staircase>,
    clock: Arc<dyn Clock>,
    tick: Duration,
    seals: Arc<Notify>,
    /// Wakes whoever asks the witnesses.
    published: Arc<Notify>,
    stopped: Stopped,
    held: Arc<AtomicBool>,
}

impl Task {
    async fn run(
        self,
        mut sequencer: Sequencer,
        mut inbox: mpsc::Receiver<oneshot::Sender<Result<(), String>>>,
    ) {
        loop {
            let mut asked = tokio::select! {
                ask = inbox.recv() => match ask {
                    Some(ask) => vec![ask],
                    None => return,
                },
                () = self.seals.notified() => Vec::new(),
            };
            if asked.is_empty() {
                // The tick gathers what arrives now; whoever cannot wait asks.
                tokio::select! {
                    () = tokio::time::sleep(self.tick) => {}
                    ask = inbox.recv() => match ask {
                        Some(ask) => asked.push(ask),
                        // The house is gone; another one may have been opened on the same database.
                        None => return,
                    },
                }
                // Whoever holds the seals may have come during the tick.
                if asked.is_empty() && self.held.load(Ordering::Acquire) {
                    continue;
                }
            }
            // Whoever asks the witnesses may have found proof in the meantime.
            let answer = match self.stopped.get() {
                Some(stop) => Err(stop.reason),
                None => self.sealed(&mut sequencer).await,
            };
            let stops = self.stopped.get().is_some();
            for ask in asked {
                // Whoever no longer waits needs no answer.
                drop(ask.send(answer.clone()));
            }
            if stops {
                return;
            }
        }
    }

    /// Signs what was committed so far. What passes is tried again; anything else stops the signing for good.
    async fn sealed(&self, sequencer: &mut Sequencer) -> Result<(), String> {
        let done = self.seal(sequencer).await;
        if let Err(error) = &done {
            tracing::error!(
                error = error as &dyn std::error::Error,
                "no checkpoint was signed"
            );
            let passes = matches!(error, SealError::Database(_) | SealError::Guard { .. });
            if passes && !error.is_flush() {
                // What passes is tried again at the next tick, also if nothing is written meanwhile.
                self.seals.notify_one();
            } else {
                self.stopped.put(error);
            }
        }
        done.map_err(|error| error.to_string())
    }

    /// Signs what was committed so far; what failed is read again and tried with the next wake.
    async fn seal(&self, sequencer: &mut Sequencer) -> Result<(), SealError> {
        let Some(pending) = sequencer.next(&self.db, self.clock.now()).await? else {
            return Ok(());
        };
        sequencer.sealed_up_to(self.writer.seal(pending).await?);
        self.published.notify_one();
        Ok(())
    }
}

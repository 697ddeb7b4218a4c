//! The task that signs: woken by writes, at most one checkpoint per tick, stopped for good by damage.

use crate::config::Config;
use crate::error::AppError;
use crate::staircase::Staircase;
use gateway::Clock;
use kernel::Timestamp;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use store::House;
use store::transparency::{Guard, SealError, Sequencer, SharedLogKeys, SharedStanding};
use store::writer::Writer;
use tokio::sync::{Notify, mpsc, oneshot};

/// 〔封存〕 The door to the sequencer.
#[derive(Debug, Clone)]
pub(crate) struct Seals {
    wake: Arc<Notify>,
    asks: mpsc::Sender<oneshot::Sender<Result<(), String>>>,
    stopped: Arc<Mutex<Option<String>>>,
    standing: SharedStanding,
    keys: SharedLogKeys,
    held: Arc<AtomicBool>,
    /// Why nothing may be written, if the database is not the one that signed last.
    read_only: Option<Arc<str>>,
}

impl Seals {
    /// Refuses to write into a database that is not the one that signed last.
    pub(crate) fn may_write(&self) -> Result<(), AppError> {
        match &self.read_only {
            Some(reason) => Err(AppError::conflict("read_only", reason.to_string())),
            None => Ok(()),
        }
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
        self.stopped
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
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

/// Loads the edge and starts the task.
pub(crate) async fn start(
    db: &db::Db,
    house: &Arc<House>,
    keys: SharedLogKeys,
    around: (Writer<Staircase>, &Config, Arc<Notify>),
) -> Result<Seals, AppError> {
    let (writer, config, published) = around;
    let standing = SharedStanding::default();
    let guard = Guard::at(&config.guard);
    let loaded = Sequencer::load(
        db,
        Arc::clone(house),
        Arc::clone(&keys),
        (Arc::clone(&standing), guard),
    );
    let (sequencer, refused) = match loaded.await {
        Ok(sequencer) => (Some(sequencer), None),
        // What is there can still be read; whoever opens the house is told, and nothing is added.
        Err(error) if error.is_read_only() => {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "the house is read-only"
            );
            (None, Some(error.to_string()))
        }
        Err(error) => return Err(AppError::internal(error)),
    };
    let (asks, inbox) = mpsc::channel(64);
    let seals = Seals {
        wake: Arc::new(Notify::new()),
        asks,
        read_only: refused.as_deref().map(Arc::from),
        stopped: Arc::new(Mutex::new(refused)),
        standing,
        keys,
        held: Arc::new(AtomicBool::new(false)),
    };
    let task = Task {
        db: db.clone(),
        writer,
        clock: Arc::clone(&config.clock),
        tick: Duration::from_millis(config.tick_millis),
        seals: seals.wake.clone(),
        published,
        stopped: Arc::clone(&seals.stopped),
        held: Arc::clone(&seals.held),
    };
    seals.wake();
    if let Some(sequencer) = sequencer {
        tokio::spawn(task.run(sequencer, inbox));
    }
    Ok(seals)
}

struct Task {
    db: db::Db,
    writer: Writer<Staircase>,
    clock: Arc<dyn Clock>,
    tick: Duration,
    seals: Arc<Notify>,
    /// Wakes whoever asks the witnesses.
    published: Arc<Notify>,
    stopped: Arc<Mutex<Option<String>>>,
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
            let done = self.seal(&mut sequencer).await;
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
                    let reason = error.to_string();
                    *self.stopped.lock().unwrap_or_else(PoisonError::into_inner) = Some(reason);
                }
            }
            let answer = done.map_err(|error| error.to_string());
            let stops = self
                .stopped
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .is_some();
            for ask in asked {
                // Whoever no longer waits needs no answer.
                drop(ask.send(answer.clone()));
            }
            if stops {
                return;
            }
        }
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

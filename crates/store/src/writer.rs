//! The one writer: gathers what waits into one transaction, commits once, then answers everybody.
//!
//! No timer: it takes what arrived while the last batch ran. A batch is committed, and while another thread brings it to
//! the disk (`flusher`), the next one runs; nobody is answered before the disk has his batch and all before it. If the
//! database fails inside a batch, everything is rolled back, the counters are dropped, and the commands run again one by
//! one; a command whose commit had an unknown outcome finds itself by its key and answers as before.

use crate::batch::{Batch, House};
use crate::flusher::{Flusher, Told};
use crate::limits::{BATCH_MAX, ENTRIES_BYTES_MAX, ENTRY_COST, QUEUE_MAX};
use crate::search::Findable;
use crate::state::State;
use crate::transparency::{
    CosignatureRecord, Pending, SealError, Sealed, cosign_write, entries_write,
};
use db::{Commits, Db, Result, args, sql};
use kernel::IdMinter;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};

/// A boxed future that borrows.
pub type Work<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What runs a command inside a batch. It decides first and applies after, so that a refusal changes nothing.
pub trait Handler: Send + Sync + 'static {
    /// A command with its actor, key and time.
    type Request: Send + Sync + 'static;
    /// Success or refusal; both are normal ends.
    type Reply: Send + 'static;

    /// Looks up what many commands need at once; only a help for speed.
    fn prefetch<'a>(
        &'a self,
        batch: &'a mut Batch,
        requests: &'a [&'a Self::Request],
    ) -> Work<'a, Result<()>>;

    /// Runs one command.
    fn handle<'a>(
        &'a self,
        batch: &'a mut Batch,
        request: &'a Self::Request,
    ) -> Work<'a, std::result::Result<Self::Reply, Fail<Self::Reply>>>;

    /// Hears what can be found by name from now on, before anybody is answered.
    ///
    /// After a commit whose outcome is unknown it hears of things that may not be there: whoever shows them reads
    /// their rows first.
    fn committed(&self, findable: Vec<Findable>);
}

/// Why a batch cannot be committed.
#[derive(Debug)]
pub enum Fail<R> {
    /// The database failed.
    Database(db::Error),
    /// A command was refused after it had changed something: undo it, and answer this.
    Undo(R),
}

impl<R> From<db::Error> for Fail<R> {
    fn from(error: db::Error) -> Self {
        Fail::Database(error)
    }
}

/// Why a command got no reply.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The queue is full.
    #[error("写入队列已满")]
    Full,
    /// The writer has stopped.
    #[error("写入线程已停止")]
    Stopped,
    /// The database failed, also when the command ran alone.
    #[error("数据库写入失败")]
    Database(#[source] Arc<db::Error>),
}

pub(crate) struct Job<H: Handler> {
    request: H::Request,
    reply: oneshot::Sender<std::result::Result<H::Reply, WriteError>>,
}

impl<H: Handler> Job<H> {
    /// Whoever hung up learns the outcome by asking again with the same key.
    pub(crate) fn answer(self, reply: std::result::Result<H::Reply, WriteError>) {
        drop(self.reply.send(reply));
    }
}

/// An entry of a test log on its way, with its share of the room for such.
pub(crate) struct Entry {
    pub(crate) bytes: Vec<u8>,
    reply: oneshot::Sender<std::result::Result<i64, WriteError>>,
    _room: OwnedSemaphorePermit,
}

impl Entry {
    /// Whoever hung up is told nothing; the entry stays.
    pub(crate) fn answer(self, reply: std::result::Result<i64, WriteError>) {
        drop(self.reply.send(reply));
    }
}

enum Item<H: Handler> {
    /// Boxed: a command is some hundred bytes, and the queue keeps room for whole blocks of items.
    Command(Box<Job<H>>),
    Seal(
        Box<Pending>,
        oneshot::Sender<std::result::Result<Sealed, SealError>>,
    ),
    Cosignature(Box<CosignatureRecord>, oneshot::Sender<Result<()>>),
    Entry(Entry),
}

/// 〔写入者〕 The door to the one writer.
pub struct Writer<H: Handler> {
    queue: mpsc::Sender<Item<H>>,
    /// Bytes that entries of a test log may take up while they wait.
    room: Arc<Semaphore>,
    /// Batches committed and commands answered since the start.
    pub counters: Arc<Counters>,
}

impl<H: Handler> Clone for Writer<H> {
    fn clone(&self) -> Self {
        Writer {
            queue: self.queue.clone(),
            room: Arc::clone(&self.room),
            counters: Arc::clone(&self.counters),
        }
    }
}

impl<H: Handler> std::fmt::Debug for Writer<H> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Writer")
    }
}

/// What the writer has done, for `/metrics` and benches.
#[derive(Debug, Default)]
pub struct Counters {
    /// Batches committed.
    pub batches: AtomicU64,
    /// Commands answered.
    pub commands: AtomicU64,
    /// Batches that failed and ran again one by one.
    pub failures: AtomicU64,
}

impl<H: Handler> Writer<H> {
    /// Starts the writer on a thread of its own; it ends when every door is dropped.
    ///
    /// # Errors
    /// The machine gives no thread.
    pub fn start(db: Db, house: Arc<House>, handler: Arc<H>) -> std::io::Result<Writer<H>> {
        let (queue, inbox) = mpsc::channel(QUEUE_MAX);
        let counters = Arc::new(Counters::default());
        let runtime = tokio::runtime::Handle::current();
        let desk = Desk {
            flusher: Flusher::start(db.clone(), runtime.clone())?,
            db,
            house,
            handler,
            counters: Arc::clone(&counters),
        };
        std::thread::Builder::new()
            .name("writer".into())
            .spawn(move || runtime.block_on(desk.run(inbox)))?;
        Ok(Writer {
            queue,
            room: Arc::new(Semaphore::new(ENTRIES_BYTES_MAX)),
            counters,
        })
    }

    /// True while the writer takes commands.
    pub fn is_alive(&self) -> bool {
        !self.queue.is_closed()
    }

    /// Commands and seals that wait for the writer now.
    pub fn waiting(&self) -> usize {
        self.queue
            .max_capacity()
            .saturating_sub(self.queue.capacity())
    }

    /// Hands a command in and waits for its commit.
    ///
    /// # Errors
    /// `WriteError`.
    pub async fn write(&self, request: H::Request) -> std::result::Result<H::Reply, WriteError> {
        let (reply, answer) = oneshot::channel();
        self.queue
            .try_send(Item::Command(Box::new(Job { request, reply })))
            .map_err(not_taken)?;
        answer.await.map_err(|_| WriteError::Stopped)?
    }

    /// Hands an entry of a test log in and waits until it is on disk; its index in the log, which is final.
    ///
    /// # Errors
    /// `WriteError`; `Full` if too many bytes wait.
    pub async fn entry(&self, bytes: Vec<u8>) -> std::result::Result<i64, WriteError> {
        let cost = u32::try_from(bytes.len().saturating_add(ENTRY_COST)).unwrap_or(u32::MAX);
        let room = Arc::clone(&self.room).try_acquire_many_owned(cost);
        let (reply, answer) = oneshot::channel();
        let entry = Entry {
            bytes,
            reply,
            _room: room.map_err(|_| WriteError::Full)?,
        };
        self.queue.try_send(Item::Entry(entry)).map_err(not_taken)?;
        answer.await.map_err(|_| WriteError::Stopped)?
    }

    /// Hands in what the sequencer has read and waits until the checkpoint is on disk.
    ///
    /// # Errors
    /// `SealError`; nothing was written then, unless the database says that the outcome is unknown.
    pub async fn seal(&self, pending: Pending) -> std::result::Result<Sealed, SealError> {
        let (reply, answer) = oneshot::channel();
        let item = Item::Seal(Box::new(pending), reply);
        self.queue
            .send(item)
            .await
            .map_err(|_| SealError::Stopped)?;
        answer.await.map_err(|_| SealError::Stopped)?
    }

    /// Hands a witness's line over a checkpoint in and waits for its commit.
    ///
    /// # Errors
    /// `WriteError`.
    pub async fn cosign(&self, row: CosignatureRecord) -> std::result::Result<(), WriteError> {
        let (reply, answer) = oneshot::channel();
        let item = Item::Cosignature(Box::new(row), reply);
        self.queue
            .send(item)
            .await
            .map_err(|_| WriteError::Stopped)?;
        let done = answer.await.map_err(|_| WriteError::Stopped)?;
        done.map_err(|error| WriteError::Database(Arc::new(error)))
    }
}

fn not_taken<T>(error: mpsc::error::TrySendError<T>) -> WriteError {
    match error {
        mpsc::error::TrySendError::Full(_) => WriteError::Full,
        mpsc::error::TrySendError::Closed(_) => WriteError::Stopped,
    }
}

struct Desk<H: Handler> {
    flusher: Flusher<H>,
    db: Db,
    house: Arc<House>,
    handler: Arc<H>,
    counters: Arc<Counters>,
}

impl<H: Handler> Desk<H> {
    async fn run(self, mut inbox: mpsc::Receiver<Item<H>>) {
        let mut state = None;
        let mut waiting = Vec::new();
        while inbox.recv_many(&mut waiting, BATCH_MAX).await > 0 {
            // When the disk has failed nothing is written any more, least of all a checkpoint: who waits here learns that
            // the writer has stopped, the queue closes, and the health check says so.
            if !self.db.is_well() {
                return;
            }
            let mut jobs = Vec::new();
            let mut entries = Vec::new();
            for item in waiting.drain(..) {
                match item {
                    Item::Command(job) => jobs.push(job),
                    Item::Seal(pending, reply) => {
                        let done = self.seal(state.take(), *pending).await;
                        let done = done.map(|(sealed, next)| {
                            state = Some(next);
                            sealed
                        });
                        // If nobody waits any more, the sequencer looks at the database at its next tick.
                        drop(reply.send(done));
                    }
                    Item::Cosignature(row, reply) => drop(reply.send(self.cosign(&row).await)),
                    Item::Entry(entry) => entries.push(entry),
                }
            }
            if !jobs.is_empty() {
                state = self.serve(state, jobs).await;
            }
            if !entries.is_empty() {
                state = self.append(state, entries).await;
            }
        }
    }

    /// A checkpoint is seen by nobody before it is on disk: a log that forgot what it has signed would fork.
    /// The counters are read again after any failure.
    async fn seal(
        &self,
        state: Option<State>,
        pending: Pending,
    ) -> std::result::Result<(Sealed, State), SealError> {
        let mut tx = self.db.begin_with(Commits::OnDisk).await?;
        let mut state = match state {
            Some(state) => state,
            None => load_state(&mut tx).await?,
        };
        let finished = match pending.finish(&mut tx, state.next_leaf).await {
            // The file that guards the signatures was lost by its disk: no later success says otherwise.
            Err(error) if error.is_flush() => {
                self.db.distrust();
                return Err(error);
            }
            finished => finished?,
        };
        tx.commit().await?;
        state.next_leaf = finished.size();
        match finished.committed() {
            // What was committed stands, and may have been read by anybody.
            (sealed, Err(error)) if error.is_flush() => {
                self.db.distrust();
                Ok((sealed, state))
            }
            (sealed, _) => Ok((sealed, state)),
        }
    }

    /// Appends entries of a test log in one transaction; none if it fails.
    async fn append(&self, state: Option<State>, entries: Vec<Entry>) -> Option<State> {
        let written = async {
            let mut tx = self.db.begin_with(Commits::Ahead).await?;
            let mut state = match state {
                Some(state) => state,
                None => load_state(&mut tx).await?,
            };
            let first = state.next_leaf;
            let bytes: Vec<&[u8]> = entries.iter().map(|entry| &entry.bytes[..]).collect();
            state.next_leaf = entries_write(&mut tx, first, &bytes).await?;
            tx.commit().await?;
            Ok((first, state))
        };
        match written.await {
            Ok((first, state)) => {
                self.counters.batches.fetch_add(1, Ordering::Relaxed);
                self.flusher.answer(Told::Entries(first, entries));
                Some(state)
            }
            Err(error) => {
                let error: Arc<db::Error> = Arc::new(error);
                tracing::error!(
                    error = &*error as &dyn std::error::Error,
                    entries = entries.len(),
                    "entries were not written"
                );
                for entry in entries {
                    entry.answer(Err(WriteError::Database(Arc::clone(&error))));
                }
                None
            }
        }
    }

    /// A witness's line may be forgotten by a power cut: the witness is asked again.
    async fn cosign(&self, row: &CosignatureRecord) -> Result<()> {
        let mut tx = self.db.begin_with(Commits::Ahead).await?;
        cosign_write(&mut tx, row).await?;
        tx.commit().await
    }

    /// Runs a batch; returns the counters for the next one, or none if they must be read again.
    async fn serve(&self, state: Option<State>, mut jobs: Vec<Box<Job<H>>>) -> Option<State> {
        match self.together(state, &jobs).await {
            Ok((replies, state)) => {
                self.counters.batches.fetch_add(1, Ordering::Relaxed);
                self.counters
                    .commands
                    .fetch_add(jobs.len() as u64, Ordering::Relaxed);
                self.flusher.answer(Told::Commands(jobs, replies));
                Some(state)
            }
            Err(fail) if jobs.len() == 1 => match jobs.pop() {
                Some(job) => self.alone(job, fail).await,
                None => None,
            },
            Err(fail) => {
                if let Fail::Database(error) = &fail {
                    let commands = jobs.len();
                    tracing::warn!(
                        error = error as &dyn std::error::Error,
                        commands,
                        "a batch failed, its commands run one by one"
                    );
                }
                self.counters.failures.fetch_add(1, Ordering::Relaxed);
                let mut state = None;
                for job in jobs {
                    state = Box::pin(self.serve(state, vec![job])).await;
                }
                state
            }
        }
    }

    /// A single command failed and everything was rolled back: once more if the failure was passing or its
    /// outcome is unknown, since its key finds what it had done.
    async fn alone(&self, job: Box<Job<H>>, fail: Fail<H::Reply>) -> Option<State> {
        let error = match fail {
            Fail::Undo(reply) => {
                job.answer(Ok(reply));
                return None;
            }
            Fail::Database(error) => error,
        };
        tracing::error!(
            error = &error as &dyn std::error::Error,
            "a command failed in the database"
        );
        let error = if error.is_retryable() || error.outcome_unknown() {
            match self.together(None, std::slice::from_ref(&job)).await {
                Ok((replies, state)) => {
                    self.flusher.answer(Told::Commands(vec![job], replies));
                    return Some(state);
                }
                Err(Fail::Undo(reply)) => {
                    job.answer(Ok(reply));
                    return None;
                }
                Err(Fail::Database(error)) => error,
            }
        } else {
            error
        };
        job.answer(Err(WriteError::Database(Arc::new(error))));
        None
    }

    async fn together(
        &self,
        state: Option<State>,
        jobs: &[Box<Job<H>>],
    ) -> std::result::Result<(Vec<H::Reply>, State), Fail<H::Reply>> {
        let mut tx = self.db.begin_with(Commits::Ahead).await?;
        let state = match state {
            Some(state) => state,
            None => load_state(&mut tx).await?,
        };
        let mut batch = Batch::new(tx, state, Arc::clone(&self.house));
        let requests: Vec<&H::Request> = jobs.iter().map(|job| &job.request).collect();
        if requests.len() > 1 {
            self.handler.prefetch(&mut batch, &requests).await?;
        }
        let mut replies = Vec::with_capacity(jobs.len());
        for request in requests {
            replies.push(self.handler.handle(&mut batch, request).await?);
        }
        let findable = batch.take_findable();
        let state = match batch.commit().await {
            Err(error) if !error.outcome_unknown() => return Err(error.into()),
            ended => {
                if !findable.is_empty() {
                    self.handler.committed(findable);
                }
                ended?
            }
        };
        Ok((replies, state))
    }
}

/// The counters as the database has them: keys go on after the largest one.
pub(crate) async fn load_state(tx: &mut db::Tx) -> Result<State> {
    let next_leaf = tx
        .one(
            sql!("SELECT COALESCE(MAX(idx) + 1, 0) FROM log_leaf"),
            args![],
            |r| r.i64(0),
        )
        .await?;
    let last = tx
        .one(
            sql!(
                "SELECT COALESCE(MAX(id), 0) FROM (SELECT MAX(id) AS id FROM movement UNION ALL SELECT MAX(id) FROM donation UNION ALL SELECT MAX(id) FROM donation_intent UNION ALL SELECT MAX(id) FROM audit_entry UNION ALL SELECT MAX(id) FROM organisation UNION ALL SELECT MAX(id) FROM matter_step) AS latest"
            ),
            args![],
            |r| r.i64(0),
        )
        .await?;
    Ok(State::new(IdMinter::after(0, last), next_leaf))
}

//! Brings committed batches to the disk while the writer runs the next one, and answers when the disk has them.
//!
//! One flush serves every batch that waits. If the disk fails, nothing more is answered and the writer stops: what the
//! disk holds is then unknown, and only a start from the disk itself can say (whoever asks again with the same key
//! learns the outcome).

use crate::limits::FLUSHES_WAITING;
use crate::writer::{Entry, Handler, Job};
use db::Db;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

/// The door to the flushing thread, which ends when the door is dropped.
pub(crate) struct Flusher<H: Handler> {
    queue: SyncSender<Told<H>>,
}

/// A batch that is committed, with what those who wait for it will be told.
pub(crate) enum Told<H: Handler> {
    /// Commands and their replies.
    Commands(Vec<Box<Job<H>>>, Vec<H::Reply>),
    /// The index of the first entry; the others follow it.
    Entries(i64, Vec<Entry>),
}

impl<H: Handler> Told<H> {
    fn tell(self) {
        match self {
            Told::Commands(jobs, replies) => {
                for (job, reply) in jobs.into_iter().zip(replies) {
                    job.answer(Ok(reply));
                }
            }
            Told::Entries(first, entries) => {
                for (index, entry) in (first..).zip(entries) {
                    entry.answer(Ok(index));
                }
            }
        }
    }
}

impl<H: Handler> Flusher<H> {
    /// Starts the thread; answers are given on the threads of `runtime`.
    ///
    /// # Errors
    /// The machine gives no thread.
    pub(crate) fn start(db: Db, runtime: tokio::runtime::Handle) -> std::io::Result<Flusher<H>> {
        let (queue, committed) = sync_channel(FLUSHES_WAITING);
        std::thread::Builder::new()
            .name("flusher".into())
            .spawn(move || rounds(&db, &committed, &runtime))?;
        Ok(Flusher { queue })
    }

    /// Answers a batch as soon as it is on disk. If the disk has failed nobody is answered, which each learns at once.
    pub(crate) fn answer(&self, told: Told<H>) {
        drop(self.queue.send(told));
    }
}

fn rounds<H: Handler>(db: &Db, committed: &Receiver<Told<H>>, runtime: &tokio::runtime::Handle) {
    while let Ok(first) = committed.recv() {
        let mut batches = vec![first];
        batches.extend(committed.try_iter().take(FLUSHES_WAITING));
        if let Err(error) = db.flush() {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "the disk has failed: nothing more is written, start again after looking at it"
            );
            return;
        }
        // Answered on the threads that serve: waking hundreds of tasks from outside the runtime, one by one, took longer
        // than a gift takes here.
        runtime.spawn(async move {
            batches.into_iter().for_each(Told::tell);
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::batch::{Batch, House};
    use crate::search::Findable;
    use crate::writer::{Fail, Handler, Work, WriteError, Writer};
    use db::{Db, Options};
    use kernel::{IdCipher, Timestamp};
    use std::sync::Arc;

    /// Keeps a command's key with the time that it is given.
    struct Keeps;

    impl Handler for Keeps {
        type Request = i64;
        type Reply = i64;

        fn prefetch<'a>(&'a self, _: &'a mut Batch, _: &'a [&'a i64]) -> Work<'a, db::Result<()>> {
            Box::pin(async { Ok(()) })
        }

        fn handle<'a>(
            &'a self,
            batch: &'a mut Batch,
            request: &'a i64,
        ) -> Work<'a, Result<i64, Fail<i64>>> {
            Box::pin(async move {
                let at = Timestamp::from_micros(*request);
                batch.command_keep(&request.to_string(), [0; 32], String::new(), at);
                Ok(*request)
            })
        }

        fn committed(&self, _: Vec<Findable>) {}
    }

    async fn writer(folder: &std::path::Path) -> Writer<Keeps> {
        let url = format!("sqlite:{}", folder.join("house.db").display());
        let db = Db::open(&url, Options::default()).unwrap();
        db.migrate(crate::schema::MIGRATIONS).await.unwrap();
        let house = House::new(IdCipher::new([1; 32]), [2; 32], "a/log", String::new());
        Writer::start(db, Arc::new(house), Arc::new(Keeps)).unwrap()
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn batches_are_answered_in_company() {
        let folder = tempfile::tempdir().unwrap();
        let writer = writer(folder.path()).await;
        let asked: Vec<_> = (1..=200)
            .map(|n| {
                let writer = writer.clone();
                tokio::spawn(async move { writer.write(n).await.unwrap() })
            })
            .collect();
        let mut sum = 0;
        for one in asked {
            sum += one.await.unwrap();
        }
        assert_eq!(sum, 200 * 201 / 2);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn nobody_is_answered_when_the_disk_fails() {
        let folder = tempfile::tempdir().unwrap();
        let writer = writer(folder.path()).await;
        assert_eq!(writer.write(1).await.unwrap(), 1);
        // The log is gone from under SQLite: the commit succeeds, bringing it to the disk cannot.
        std::fs::remove_file(folder.path().join("house.db-wal")).unwrap();
        assert!(matches!(writer.write(2).await, Err(WriteError::Stopped)));
        assert!(matches!(writer.write(3).await, Err(WriteError::Stopped)));
    }
}

//! Folding SQLite's write-ahead log into the file, beside the writer and not in its way.
//!
//! Left to itself, SQLite folds inside the commit that made the log long: every few seconds one batch of gifts waits for
//! thousands of pages and two flushes. Here a thread of its own does that work while the writer goes on. It never quite
//! catches up with a busy writer, and the log starts over only when everything is folded; so when the thread has done
//! its round, the next commit folds the little that is left.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use rusqlite::Connection;

use crate::error::{Error, Result};
use crate::limits::{FOLD_PAGES, FOLD_PAGES_MOST, READER_CACHE_KIB};
use crate::lite::{Sick, connect, failed};

/// What the writer says to the folding thread, and hears from it.
struct Door {
    wake: SyncSender<()>,
    /// Set by the thread after a round: only the newest pages are left.
    nearly: Arc<AtomicBool>,
    sick: Sick,
}

/// Starts the thread, and lets the writer's commits wake it. It ends when the writer's connection is closed.
pub(crate) fn start(path: &Path, writer: &mut Connection, sick: &Sick) -> Result<()> {
    let beside = connect(path, READER_CACHE_KIB)?;
    // One waiting word is enough: a round folds whatever there is.
    let (wake, woken) = sync_channel(1);
    let nearly = Arc::new(AtomicBool::new(false));
    let done = (Arc::clone(&nearly), sick.clone());
    std::thread::Builder::new()
        .name("folding".into())
        .spawn(move || rounds(&beside, &woken, &done))
        .map_err(|source| Error::Open {
            path: path.to_owned(),
            source,
        })?;
    let door = Door {
        wake,
        nearly,
        sick: sick.clone(),
    };
    writer
        .wal_hook(Some(move |wal: &mut rusqlite::hooks::Wal, pages| {
            door.committed(wal, pages);
            // The commit stands, whatever became of the folding: an error here would deny it.
            Ok(())
        }))
        .map_err(|e| failed("sqlite3_wal_hook", e))
}

impl Door {
    fn committed(&self, wal: &mut rusqlite::hooks::Wal, pages: i32) {
        if pages < FOLD_PAGES {
            return;
        }
        if self.sick.is_set() {
            return;
        }
        let nearly = self.nearly.swap(false, Ordering::AcqRel);
        if nearly || pages >= FOLD_PAGES_MOST {
            // If the thread is in a round just now, the next commit tries again.
            let folded = wal.checkpoint().map(drop);
            let folded = folded.map_err(|e| failed("sqlite3_wal_checkpoint", e));
            drop(self.sick.hear(folded));
        }
        // A full channel means that the thread knows already.
        self.wake.try_send(()).unwrap_or_default();
    }
}

fn rounds(beside: &Connection, woken: &Receiver<()>, (nearly, sick): &(Arc<AtomicBool>, Sick)) {
    // After a flush that has failed the next one would succeed without the lost pages, and the log would start over.
    while woken.recv().is_ok() && !sick.is_set() {
        match sick.hear(fold(beside)) {
            Ok(left) => nearly.store(left > 0, Ordering::Release),
            // The log grows until somebody can fold; nothing is lost by it.
            Err(error) => tracing::error!(
                error = &error as &dyn std::error::Error,
                "the write-ahead log could not be folded"
            ),
        }
    }
}

/// Folds what it can without making anybody wait; how many pages are left.
pub(crate) fn fold(connection: &Connection) -> Result<i64> {
    let text = "PRAGMA wal_checkpoint(PASSIVE)";
    let (all, folded): (i64, i64) = connection
        .query_row(text, [], |row| Ok((row.get(1)?, row.get(2)?)))
        .map_err(|e| failed(text, e))?;
    Ok(all.saturating_sub(folded))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::WRITER_CACHE_KIB;

    const ROWS_OF_A_COMMIT: usize = 50;

    /// The log starts over while commits go on without a pause, and every row is there.
    #[test]
    fn a_busy_writer_does_not_grow_the_log_for_ever() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("busy.db");
        let mut writer = connect(&path, WRITER_CACHE_KIB).unwrap();
        start(&path, &mut writer, &Sick::default()).unwrap();
        writer
            .execute_batch("CREATE TABLE t (a INTEGER PRIMARY KEY, b BLOB) STRICT")
            .unwrap();
        let log = folder.path().join("busy.db-wal");
        let most = u64::try_from(FOLD_PAGES_MOST).unwrap() * 4_200;
        let (mut rows, mut written) = (0, 0);
        // So much is written that the log must have started over several times.
        while written < 4 * most {
            writer.execute_batch("BEGIN IMMEDIATE").unwrap();
            for _ in 0..ROWS_OF_A_COMMIT {
                writer
                    .execute("INSERT INTO t (b) VALUES (zeroblob(4000))", [])
                    .unwrap();
            }
            writer.execute_batch("COMMIT").unwrap();
            rows += ROWS_OF_A_COMMIT;
            written += 4_000 * u64::try_from(ROWS_OF_A_COMMIT).unwrap();
        }
        assert!(std::fs::metadata(&log).unwrap().len() < 2 * most);
        let found: i64 = connect(&path, READER_CACHE_KIB)
            .unwrap()
            .query_row("SELECT COUNT(*) FROM t", [], |row| row.get(0))
            .unwrap();
        assert_eq!(usize::try_from(found), Ok(rows));
    }
}

//! 〔查找〕 The names of the house in memory: filled from the database when first asked, then told of every commit.
//!
//! Nothing is filled before somebody searches, so that tools which only write start at once; a server asks for it
//! when it starts. What is committed while it is being filled waits and is entered afterwards: entering again what
//! is there already changes nothing.

use crate::AppError;
use db::Db;
use find::{Entry, Found, Index, Query, Window};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use store::limits::FINDABLE_MAX;
use store::search::{Findable, Register, findable_after};
use tokio::sync::OnceCell;

/// Entries that are laid out at once while the index is filled: bounds its memory beside the index itself.
const FILL_AT_ONCE: usize = 131_072;

/// The indexes of the house.
#[derive(Debug, Default)]
pub(crate) struct Finder {
    campaigns: Index,
    organisations: Index,
    funds: Index,
    stage: Mutex<Stage>,
    filled: OnceCell<()>,
    /// True while a thread lays parts together.
    tidying: AtomicBool,
}

/// How far it is filled.
#[derive(Debug, Default)]
enum Stage {
    /// Nobody has asked: what is committed will be read.
    #[default]
    Empty,
    /// Being read: what is committed meanwhile waits.
    Filling(Vec<Findable>),
    /// As the database.
    Full,
}

impl Finder {
    /// Hears of what a commit made findable.
    pub(crate) fn committed(self: &Arc<Self>, findable: Vec<Findable>) {
        let mut stage = self.lock();
        match &mut *stage {
            Stage::Empty => {}
            Stage::Filling(waiting) => waiting.extend(findable),
            // Under the lock, so that two commits enter in their order.
            Stage::Full => self.enter(findable),
        }
        drop(stage);
        self.tidy_beside();
    }

    /// Answers a question from one register.
    pub(crate) fn search(&self, register: Register, query: &Query, window: Window) -> Found {
        self.index(register).search(query, window)
    }

    /// Entries, bytes and parts of all indexes.
    pub(crate) fn size(&self) -> [usize; 3] {
        let each = [&self.campaigns, &self.organisations, &self.funds].map(|index| {
            let (bytes, parts) = index.bytes();
            [index.len(), bytes, parts]
        });
        each.into_iter()
            .fold([0; 3], |a, b| [a[0] + b[0], a[1] + b[1], a[2] + b[2]])
    }

    /// Fills it from the database unless that was done.
    ///
    /// # Errors
    /// The engine's refusal; the next one who asks tries again.
    pub(crate) async fn fill(self: &Arc<Self>, db: &Db) -> Result<(), AppError> {
        let filled = self.filled.get_or_try_init(|| self.read_all(db));
        filled.await.copied()
    }

    async fn read_all(self: &Arc<Self>, db: &Db) -> Result<(), AppError> {
        // Before the snapshot: every commit is in it or waits.
        *self.lock() = Stage::Filling(Vec::new());
        for register in [
            Register::Campaigns,
            Register::Organisations,
            Register::Funds,
        ] {
            let read = self.read(db, register).await;
            if read.is_err() {
                *self.lock() = Stage::Empty;
            }
            read?;
        }
        let mut stage = self.lock();
        if let Stage::Filling(waiting) = std::mem::replace(&mut *stage, Stage::Full) {
            self.enter(waiting);
        }
        Ok(())
    }

    async fn read(self: &Arc<Self>, db: &Db, register: Register) -> Result<(), AppError> {
        let mut session = db.read_tx().await?;
        let mut after = i64::MIN;
        let mut some = Vec::new();
        loop {
            let rows = findable_after(&mut session, register, after, FINDABLE_MAX).await?;
            let last = rows.last().map(|row| row.id);
            some.extend(rows);
            if last.is_none() || some.len() >= FILL_AT_ONCE {
                let (finder, full) = (Arc::clone(self), std::mem::take(&mut some));
                let laid = tokio::task::spawn_blocking(move || finder.enter(full));
                laid.await.map_err(AppError::internal)?;
            }
            match last {
                Some(last) => after = last,
                None => return Ok(()),
            }
        }
    }

    fn enter(&self, findable: Vec<Findable>) {
        let mut by_register: BTreeMap<Register, Vec<Entry>> = BTreeMap::new();
        for found in findable {
            let (id, weight, keys) = (found.id, found.weight, found.keys);
            let entries = by_register.entry(found.register).or_default();
            entries.push(Entry { id, weight, keys });
        }
        for (register, entries) in by_register {
            self.index(register).add(&entries);
        }
    }

    /// Lays larger parts together on a thread beside, one at a time.
    fn tidy_beside(self: &Arc<Self>) {
        let is_due = [&self.campaigns, &self.organisations, &self.funds]
            .into_iter()
            .any(Index::is_untidy);
        if !is_due || self.tidying.swap(true, Ordering::AcqRel) {
            return;
        }
        let finder = Arc::clone(self);
        tokio::task::spawn_blocking(move || {
            for index in [&finder.campaigns, &finder.organisations, &finder.funds] {
                while index.tidy() {}
            }
            finder.tidying.store(false, Ordering::Release);
        });
    }

    fn index(&self, register: Register) -> &Index {
        match register {
            Register::Campaigns => &self.campaigns,
            Register::Organisations => &self.organisations,
            Register::Funds => &self.funds,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Stage> {
        self.stage.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

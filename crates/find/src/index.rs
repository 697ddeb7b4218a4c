//! 〔索引〕 All parts together: added to by one, read by many.

use crate::docs::Bits;
use crate::entry::{Entry, Folded};
use crate::limits::{FEW, MERGE_AT, MERGE_AT_ONCE_MAX, PART_MAX, SKIP_MAX, TAKE_MAX};
use crate::part::{Part, Rank};
use crate::query::Query;
use crate::seek::{How, STEPS, Seeker, Steps, how};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

/// An index of one kind of thing.
#[derive(Debug, Default)]
pub struct Index {
    parts: RwLock<Arc<Vec<Shelf>>>,
    /// Held by whoever changes the list of parts.
    changing: Mutex<()>,
}

/// A part with the entries of it that were replaced or removed.
#[derive(Debug, Clone)]
struct Shelf {
    part: Arc<Part>,
    dead: Option<Arc<Bits>>,
}

impl Shelf {
    fn new(part: Part) -> Shelf {
        Shelf {
            part: Arc::new(part),
            dead: None,
        }
    }

    fn is_dead(&self, doc: u32) -> bool {
        self.dead.as_ref().is_some_and(|dead| dead.contains(doc))
    }

    fn alive(&self) -> usize {
        let dead = self.dead.as_ref().map_or(0, |dead| dead.count());
        (self.part.len() as usize).saturating_sub(dead)
    }

    fn bury(&mut self, doc: u32) {
        let dead = self
            .dead
            .get_or_insert_with(|| Arc::new(Bits::new(self.part.len() as usize)));
        Arc::make_mut(dead).insert(doc);
    }

    fn living(&self) -> impl Iterator<Item = Folded> + '_ {
        (0..self.part.len())
            .filter(|doc| !self.is_dead(*doc))
            .map(|doc| self.part.entry(doc))
    }
}

/// Which hits of the whole order are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Hits to pass over, at most [`SKIP_MAX`].
    pub skip: usize,
    /// Hits to give, at most [`TAKE_MAX`].
    pub take: usize,
}

/// Something that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    /// The entry's id.
    pub id: i64,
    /// How it was found.
    pub how: How,
}

/// 〔结果〕 What a question found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// The wanted hits, best first.
    pub hits: Vec<Hit>,
    /// How many there are in all.
    pub total: usize,
    /// How many of them are as it was typed or spelled: neither only alike in sound nor with one character wrong.
    pub sure: usize,
}

impl Index {
    /// An index without entries.
    #[must_use]
    pub fn new() -> Index {
        Index::default()
    }

    /// Adds entries; one whose id is known takes the place of the earlier one.
    pub fn add(&self, entries: &[Entry]) {
        for some in entries.chunks(PART_MAX) {
            let newest: BTreeMap<i64, Folded> = some
                .iter()
                .map(|entry| (entry.id, Folded::of(entry)))
                .collect();
            self.lay(newest);
        }
    }

    /// Removes entries; ids that are not there do no harm.
    pub fn remove(&self, ids: &[i64]) {
        let _changing = self.lock();
        let mut shelves = Vec::clone(&self.shelves());
        bury(&mut shelves, ids.iter().copied());
        self.publish(shelves);
    }

    fn lay(&self, entries: BTreeMap<i64, Folded>) {
        if entries.is_empty() {
            return;
        }
        let _changing = self.lock();
        let mut shelves = Vec::clone(&self.shelves());
        bury(&mut shelves, entries.keys().copied());
        shelves.push(Shelf::new(Part::build(entries.into_values().collect())));
        while let Some(places) = due(&shelves, MERGE_AT_ONCE_MAX) {
            let merged = merge(places.iter().map(|place| &shelves[*place]));
            take_out(&mut shelves, &places);
            shelves.push(merged);
        }
        self.publish(shelves);
    }

    /// Lays larger parts together where there are many of one size; true if there was something to do.
    ///
    /// It takes up to a second for the largest, and stops neither readers nor, but for an instant, writers.
    pub fn tidy(&self) -> bool {
        let before = self.shelves();
        let Some(places) = due(&before, PART_MAX) else {
            return false;
        };
        let old: Vec<Shelf> = places.iter().map(|place| before[*place].clone()).collect();
        let mut merged = merge(old.iter());
        let _changing = self.lock();
        let mut shelves = Vec::clone(&self.shelves());
        for old in &old {
            let same = |shelf: &Shelf| Arc::ptr_eq(&shelf.part, &old.part);
            let Some(place) = shelves.iter().position(same) else {
                // Somebody else has laid it together meanwhile.
                return true;
            };
            let now = shelves.remove(place);
            for doc in (0..now.part.len()).filter(|doc| now.is_dead(*doc) && !old.is_dead(*doc)) {
                if let Some(doc) = merged.part.find(now.part.id(doc)) {
                    merged.bury(doc);
                }
            }
        }
        shelves.push(merged);
        self.publish(shelves);
        true
    }

    /// True if [`Index::tidy`] has something to do.
    #[must_use]
    pub fn is_untidy(&self) -> bool {
        due(&self.shelves(), PART_MAX).is_some()
    }

    /// Answers a question.
    #[must_use]
    pub fn search(&self, query: &Query, window: Window) -> Found {
        if query.is_empty() {
            return Found::default();
        }
        let shelves = self.shelves();
        let mut seekers: Vec<Seeker<'_>> = shelves
            .iter()
            .map(|shelf| Seeker::new(&shelf.part, query, shelf.dead.as_deref()))
            .collect();
        seekers.iter_mut().for_each(Seeker::plainly);
        let sure = seekers.iter().map(Seeker::count).sum();
        if sure < FEW {
            seekers.iter_mut().for_each(Seeker::loosely);
        }
        let lists: Vec<Steps> = seekers.into_iter().map(Seeker::done).collect();
        let total = lists.iter().map(Steps::count).sum();
        let hits = best(&shelves, &lists, window);
        Found { hits, total, sure }
    }

    /// How many entries can be found.
    #[must_use]
    pub fn len(&self) -> usize {
        self.shelves().iter().map(Shelf::alive).sum()
    }

    /// True if nothing can be found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes on the heap, and the number of parts.
    #[must_use]
    pub fn bytes(&self) -> (usize, usize) {
        let shelves = self.shelves();
        let dead = shelves
            .iter()
            .filter_map(|s| s.dead.as_ref())
            .map(|d| d.bytes());
        let parts = shelves.iter().map(|s| s.part.bytes());
        (dead.chain(parts).sum(), shelves.len())
    }

    fn shelves(&self) -> Arc<Vec<Shelf>> {
        Arc::clone(&self.parts.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn publish(&self, shelves: Vec<Shelf>) {
        *self.parts.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(shelves);
    }

    fn lock(&self) -> MutexGuard<'_, ()> {
        self.changing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Marks ids as gone in whatever part has them.
fn bury(shelves: &mut Vec<Shelf>, ids: impl Iterator<Item = i64>) {
    for id in ids {
        for shelf in &mut *shelves {
            if let Some(doc) = shelf.part.find(id)
                && !shelf.is_dead(doc)
            {
                shelf.bury(doc);
            }
        }
    }
    shelves.retain(|shelf| shelf.alive() > 0);
}

/// The parts of one size that should be one, if together they have at most `limit` entries.
fn due(shelves: &[Shelf], limit: usize) -> Option<Vec<usize>> {
    let mut sizes: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (place, shelf) in shelves.iter().enumerate() {
        // Sizes of which each is eight times the last.
        let size = shelf.part.len().max(1).ilog2() / MERGE_AT.ilog2();
        sizes.entry(size).or_default().push(place);
    }
    let together = |places: &Vec<usize>| {
        let entries: usize = places.iter().map(|p| shelves[*p].part.len() as usize).sum();
        places.len() >= MERGE_AT && entries <= limit
    };
    let mut firsts = sizes.into_values().map(|mut places| {
        places.truncate(MERGE_AT);
        places
    });
    firsts.find(together)
}

fn merge<'a>(shelves: impl Iterator<Item = &'a Shelf>) -> Shelf {
    Shelf::new(Part::build(shelves.flat_map(Shelf::living).collect()))
}

/// Takes the shelves at these places, which are in order, out of the list.
fn take_out(shelves: &mut Vec<Shelf>, places: &[usize]) {
    for place in places.iter().rev() {
        shelves.remove(*place);
    }
}

/// The wanted hits of all parts: step by step, within a step by rank.
fn best(shelves: &[Shelf], lists: &[Steps], window: Window) -> Vec<Hit> {
    let mut skip = window.skip.min(SKIP_MAX);
    let take = window.take.min(TAKE_MAX);
    let mut hits = Vec::with_capacity(take);
    for step in 0..STEPS {
        let mut rest: Vec<(&Part, &[u32])> = shelves
            .iter()
            .zip(lists)
            .map(|(shelf, steps)| (&*shelf.part, &steps.0[step][..]))
            .filter(|(_, docs)| !docs.is_empty())
            .collect();
        let count: usize = rest.iter().map(|(_, docs)| docs.len()).sum();
        if count <= skip {
            skip -= count;
            continue;
        }
        while hits.len() < take
            && let Some(id) = next(&mut rest)
        {
            if skip > 0 {
                skip -= 1;
            } else {
                hits.push(Hit { id, how: how(step) });
            }
        }
    }
    hits
}

/// Takes the entry that ranks first off its list.
fn next(rest: &mut [(&Part, &[u32])]) -> Option<i64> {
    let first = |(part, docs): &(&Part, &[u32])| docs.first().map(|doc| part.rank(*doc));
    let ranks = rest
        .iter()
        .enumerate()
        .filter_map(|(n, list)| Some((first(list)?, n)));
    let (rank, n): (Rank, usize) = ranks.min()?;
    let docs = &mut rest[n].1;
    *docs = docs.get(1..).unwrap_or_default();
    Some(rank.2)
}

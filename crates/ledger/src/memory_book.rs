//! Books in memory: test support for this room and for those above (feature `testing`).
//!
//! Ordered maps stand for the indexes of the database, every descent into one is counted as a
//! seek, and the writing half keeps the same rules as the store.

use std::cell::Cell;
use std::collections::BTreeMap;

use crate::backward::{BackwardTrace, Source};
use crate::forward::{ForwardTrace, Segment};
use crate::kind::Kind;
use crate::limits::ROWS_PER_ANSWER;
use crate::movement::{Movement, MovementId, PlaceId, Side, Undo};
use crate::naming::{Naming, NamingError};
use crate::path::{Step, Stretch, TraceError};
use crate::query::{Answer, Query};
use crate::span::Span;
use crate::standing::Standing;
use crate::swap::Swap;
use crate::tape::{Tape, TapeError, TapeId};

type By<K, V> = BTreeMap<K, V>;

/// 〔内存账簿〕 A whole set of books.
#[derive(Clone, Debug, Default)]
pub struct MemoryBook {
    /// The counters of every tape.
    pub tapes: By<TapeId, Tape>,
    /// Every movement by its number.
    pub movements: By<MovementId, Movement>,
    outs: By<(TapeId, i64), MovementId>,
    ins: By<(TapeId, i64), MovementId>,
    undoing: By<(MovementId, i64), MovementId>,
    swaps_from: By<(TapeId, MovementId, i64), Swap>,
    swaps_to: By<(TapeId, i64), Swap>,
    swaps_by: By<(TapeId, MovementId, i64), Swap>,
    standings: By<(TapeId, i64), Standing>,
    seeks: Cell<u64>,
    last: i64,
}

/// Why the books did not change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BookError {
    /// The tape refused.
    Tape(TapeError),
    /// The gift could not be named.
    Naming(NamingError),
    /// There is no such movement, or it has no such side.
    NoSuch(MovementId),
    /// The part was undone before, or is longer than what is left of it.
    Undone,
}

impl From<TapeError> for BookError {
    fn from(error: TapeError) -> BookError {
        BookError::Tape(error)
    }
}

/// A tape and the place where its money is: one end of a movement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct End {
    /// The tape.
    pub tape: TapeId,
    /// The place.
    pub place: PlaceId,
}

/// What moves: a kind and an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Much {
    /// The kind.
    pub kind: Kind,
    /// The amount, in fen or units.
    pub amount: i64,
}

impl MemoryBook {
    /// How many times an index was entered since the last call.
    pub fn take_seeks(&self) -> u64 {
        self.seeks.take()
    }

    /// The swaps of all named outflows, by tape and head position.
    pub fn swaps(&self) -> impl Iterator<Item = &Swap> {
        self.swaps_to.values()
    }

    /// New money or goods.
    pub fn inflow(&mut self, much: Much, to: End) -> Result<MovementId, BookError> {
        let span = self.tape(to.tape).write(much.amount)?;
        Ok(self.record(much.kind, None, Some(side(to, span)), None))
    }

    /// Money or goods that leave, from the head.
    pub fn outflow(&mut self, much: Much, from: End) -> Result<MovementId, BookError> {
        let span = self.tape(from.tape).take(much.amount)?;
        Ok(self.record(much.kind, Some(side(from, span)), None, None))
    }

    /// From tape to tape, from the head.
    pub fn between(&mut self, much: Much, from: End, to: End) -> Result<MovementId, BookError> {
        self.convert(much, from, to, much.amount)
    }

    /// From tape to tape with another amount on the other side.
    pub fn convert(
        &mut self,
        much: Much,
        from: End,
        to: End,
        becomes: i64,
    ) -> Result<MovementId, BookError> {
        let (mut source, mut target) = (*self.tape(from.tape), *self.tape(to.tape));
        let (out, into) = (source.take(much.amount)?, target.write(becomes)?);
        self.tapes.insert(from.tape, source);
        self.tapes.insert(to.tape, target);
        Ok(self.record(much.kind, Some(side(from, out)), Some(side(to, into)), None))
    }

    /// A named outflow of the fen that were written at `gift`; to another tape if `to` is one.
    pub fn named(
        &mut self,
        much: Much,
        gift: Stretch,
        from: End,
        to: Option<End>,
    ) -> Result<MovementId, BookError> {
        let mut source = *self.tape(from.tape);
        let head = source.take(much.amount)?;
        let by = MovementId(self.last.saturating_add(1));
        let naming = Naming::new(
            gift,
            Stretch {
                tape: from.tape,
                span: head,
            },
            by,
        );
        let named = self.name(naming).map_err(BookError::Naming)?;
        let listed = Naming::listed(from.tape, named.exchanges.clone(), by);
        debug_assert_eq!(
            self.name(listed).as_ref(),
            Ok(&named),
            "leaf and rows differ"
        );
        let into = match to {
            Some(end) => Some(side(end, self.tape(end.tape).write(much.amount)?)),
            None => None,
        };
        self.tapes.insert(from.tape, source);
        for swap in named.swaps {
            self.swaps_from
                .insert((swap.tape, swap.since, swap.from), swap);
            self.swaps_to.insert((swap.tape, swap.to), swap);
            self.swaps_by.insert((swap.tape, swap.by, swap.from), swap);
        }
        for row in named.standings {
            self.standings.insert((row.tape, row.span.start), row);
        }
        Ok(self.record(much.kind, Some(side(from, head)), into, None))
    }

    /// Undoes `amount` of an outflow, from `undo.offset` on; the fen return to its tape.
    pub fn undo(
        &mut self,
        undo: Undo,
        amount: i64,
        place: PlaceId,
    ) -> Result<MovementId, BookError> {
        let missing = BookError::NoSuch(undo.movement);
        let undone = *self.movements.get(&undo.movement).ok_or(missing)?;
        let out = undone
            .out
            .filter(|_| undone.into.is_none())
            .ok_or(missing)?;
        let part = Span::new(undo.offset, amount).ok_or(BookError::Undone)?;
        let query = Query::Undoing {
            movement: undo.movement,
            span: part,
        };
        let Answer::Movements(rows) = self.answer(&query) else {
            return Err(BookError::Undone);
        };
        if part.end() > out.span.len || rows.iter().any(|row| undoes(row, part)) {
            return Err(BookError::Undone);
        }
        let span = self.tape(out.tape).write(amount)?;
        let into = side(
            End {
                tape: out.tape,
                place,
            },
            span,
        );
        Ok(self.record(Kind::Reversal, None, Some(into), Some(undo)))
    }

    /// The answer of these books.
    pub fn answer(&self, query: &Query) -> Answer {
        match *query {
            Query::Outs { tape, span } => self.found(&self.outs, |at| (tape, at), span),
            Query::Ins { tape, span } => self.found(&self.ins, |at| (tape, at), span),
            Query::Undoing { movement, span } => {
                self.found(&self.undoing, |at| (movement, at), span)
            }
            Query::Movement { id } => {
                self.seeks.set(self.seeks.get().saturating_add(1));
                Answer::Movements(self.movements.get(&id).copied().into_iter().collect())
            }
            Query::SwapsFrom { tape, since, span } => {
                Answer::Swaps(self.range(&self.swaps_from, |at| (tape, since, at), span))
            }
            Query::SwapsTo { tape, span } => {
                Answer::Swaps(self.range(&self.swaps_to, |at| (tape, at), span))
            }
            Query::SwapsBy { tape, by, span } => {
                Answer::Swaps(self.range(&self.swaps_by, |at| (tape, by, at), span))
            }
            Query::Standing { tape, span } => {
                Answer::Standings(self.range(&self.standings, |at| (tape, at), span))
            }
        }
    }

    /// A whole forward trace.
    pub fn forward(&self, of: Stretch) -> Result<Vec<Segment>, TraceError> {
        let mut trace = ForwardTrace::new(of.tape, of.span);
        let mut segments = Vec::new();
        loop {
            match trace.poll()? {
                Step::Need(query) => trace.supply(self.answer(&query))?,
                Step::Segment(segment) => segments.push(segment),
                Step::Done => return Ok(segments),
            }
        }
    }

    /// A whole backward trace.
    pub fn backward(&self, of: Stretch) -> Result<Vec<Source>, TraceError> {
        let mut trace = BackwardTrace::new(of.tape, of.span);
        let mut sources = Vec::new();
        loop {
            match trace.poll()? {
                Step::Need(query) => trace.supply(self.answer(&query))?,
                Step::Segment(source) => sources.push(source),
                Step::Done => return Ok(sources),
            }
        }
    }

    /// Drives a naming to its end.
    pub fn name(&self, mut naming: Naming) -> Result<crate::naming::Named, NamingError> {
        loop {
            match naming.poll()? {
                Step::Need(query) => naming.supply(self.answer(&query))?,
                Step::Segment(named) => return Ok(named),
                Step::Done => return Err(TraceError::OutOfTurn.into()),
            }
        }
    }

    fn tape(&mut self, tape: TapeId) -> &mut Tape {
        self.tapes.entry(tape).or_default()
    }

    fn record(
        &mut self,
        kind: Kind,
        out: Option<Side>,
        into: Option<Side>,
        undoes: Option<Undo>,
    ) -> MovementId {
        self.last = self.last.saturating_add(1);
        let id = MovementId(self.last);
        if let Some(out) = out {
            self.outs.insert((out.tape, out.span.start), id);
        }
        if let Some(into) = into {
            self.ins.insert((into.tape, into.span.start), id);
        }
        if let Some(undo) = undoes {
            self.undoing.insert((undo.movement, undo.offset), id);
        }
        self.movements.insert(
            id,
            Movement {
                id,
                kind,
                out,
                into,
                undoes,
            },
        );
        id
    }

    fn found<K: Ord>(
        &self,
        index: &By<K, MovementId>,
        key: impl Fn(i64) -> K,
        span: Span,
    ) -> Answer {
        let ids = self.range(index, key, span);
        Answer::Movements(
            ids.iter()
                .filter_map(|id| self.movements.get(id))
                .copied()
                .collect(),
        )
    }

    /// The row at or before the start of the span, then those that start within it.
    fn range<K: Ord, V: Copy>(
        &self,
        index: &By<K, V>,
        key: impl Fn(i64) -> K,
        span: Span,
    ) -> Vec<V> {
        self.seeks.set(self.seeks.get().saturating_add(2));
        let before = index.range(key(0)..=key(span.start)).next_back();
        let within = index.range(key(span.start.saturating_add(1))..key(span.end()));
        before
            .into_iter()
            .chain(within)
            .map(|(_, row)| *row)
            .take(ROWS_PER_ANSWER)
            .collect()
    }
}

const fn side(end: End, span: Span) -> Side {
    Side {
        tape: end.tape,
        span,
        place: end.place,
    }
}

fn undoes(row: &Movement, part: Span) -> bool {
    let Some((undo, into)) = row.undoes.zip(row.into) else {
        return false;
    };
    let undone = Span {
        start: undo.offset,
        len: into.span.len,
    };
    undone.overlap(part).is_some()
}

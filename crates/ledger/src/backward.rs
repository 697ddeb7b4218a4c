//! Backward tracing: whose fen stood at these positions at the end?
//!
//! Swaps are undone newest first: the swap of the outflow itself, then the one that had last put
//! the fen where they stood, and so on down to what was written there; then the movement that
//! wrote it leads to the tape before.

use crate::conversion::Correspondence;
use crate::cursor::{self, CursorError};
use crate::kind::Kind;
use crate::movement::{Movement, MovementId};
use crate::path::{Hop, Path, Spot, Step, Stretch, TraceError, movement_of, swap_of};
use crate::query::{Answer, Query, Row, Seen};
use crate::span::Span;
use crate::tape::TapeId;

/// 〔来源段〕 A run of the positions asked about that came with one inflow.
///
/// Sources come in the order of `offset` and, between tapes of fen, tile what was asked about.
/// A unit of goods that was bought with the fen of several gifts repeats its offset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Offset in the span asked about.
    pub offset: i64,
    /// Length, in positions of the span asked about.
    pub len: i64,
    /// The inflow, most often a gift.
    pub movement: MovementId,
    /// Its kind.
    pub kind: Kind,
    /// Where in its in span these fen were written, counted from the start of that span.
    pub within: Span,
    /// The same as positions of the tape that they were written to.
    pub at: Stretch,
    /// The steps on the way back, the latest first.
    pub hops: Vec<Hop>,
}

/// 〔反向追踪〕 A backward trace in progress: poll it, answer what it needs, take what it gives.
#[derive(Clone, Debug)]
pub struct BackwardTrace {
    path: Path,
    len: i64,
}

impl BackwardTrace {
    /// Traces the fen that an outflow took at `span` of `tape`, or that rest there now.
    pub fn new(tape: TapeId, span: Span) -> BackwardTrace {
        let path = Path::new(Spot::Left { tape }, span, 0);
        BackwardTrace {
            path,
            len: span.len,
        }
    }

    /// The same from `offset` on. `None` if there is nothing from there on.
    pub fn starting_at(tape: TapeId, span: Span, offset: i64) -> Option<BackwardTrace> {
        let rest = span.from(span.start.saturating_add(offset.max(0)))?;
        let path = Path::new(Spot::Left { tape }, rest, offset.max(0));
        Some(BackwardTrace {
            path,
            len: span.len,
        })
    }

    /// How many of the positions asked about have no source yet.
    pub fn remaining(&self) -> i64 {
        // A cursor that somebody changed may reach further than what was asked about.
        self.len.saturating_sub(self.path.reached).max(0)
    }

    /// The place where the trace stands, as text. It holds internal numbers: seal it before it
    /// goes into an address.
    pub fn cursor(&self) -> String {
        cursor::write('b', self.len, &self.path)
    }

    /// A trace that goes on where [`BackwardTrace::cursor`] was taken.
    pub fn resume(text: &str) -> Result<BackwardTrace, CursorError> {
        let (len, path) = cursor::read('b', text)?;
        Ok(BackwardTrace { path, len })
    }

    /// Answers the question of the last [`Step::Need`].
    pub fn supply(&mut self, answer: Answer) -> Result<(), TraceError> {
        self.path.supply(answer)
    }

    /// The next thing that it wants or gives.
    pub fn poll(&mut self) -> Result<Step<Source>, TraceError> {
        if self.path.asked().is_some() {
            return Err(TraceError::OutOfTurn);
        }
        while let Some((spot, rest)) = self.path.top() {
            let found = match spot {
                Spot::Left { tape } => self.consumed(tape, rest)?,
                Spot::Stands {
                    tape,
                    since: MovementId::ORIGIN,
                } => self.written(tape, rest)?,
                Spot::Stands { tape, since } => self.swapped(tape, since, rest)?,
                Spot::Undone { movement, via } => self.undone(movement, via, rest)?,
                Spot::Gone { .. } => return Err(TraceError::OutOfTurn),
            };
            if let Some(query) = self.path.asked() {
                return Ok(Step::Need(query));
            }
            if let Some((run, movement)) = found {
                return self.emit(run, movement).map(Step::Segment);
            }
        }
        Ok(Step::Done)
    }

    fn emit(&mut self, run: Span, movement: Movement) -> Result<Source, TraceError> {
        let told = self.path.story(run);
        let (offsets, hops) = told.ok_or(TraceError::OutOfTurn)?;
        let into = movement.into.ok_or(TraceError::OutOfTurn)?;
        let within = run
            .carried(into.span.start, 0)
            .ok_or(TraceError::OutOfTurn)?;
        self.path.pass(run);
        self.path.reach(offsets);
        let at = Stretch {
            tape: into.tape,
            span: run,
        };
        let (offset, len) = (offsets.start, offsets.len);
        Ok(Source {
            offset,
            len,
            movement: movement.id,
            kind: movement.kind,
            within,
            at,
            hops,
        })
    }

    /// What stood at `rest` last: what the outflow's own swap brought there, else what an earlier
    /// swap had, else what was written there.
    fn consumed(&mut self, tape: TapeId, rest: Span) -> Found {
        let query = Query::SwapsTo { tape, span: rest };
        let run = match self.path.look(0, query) {
            None => return Ok(None),
            Some(Seen::Row(row, cover)) => {
                let swap = swap_of(row).ok_or(TraceError::Unfitting(query))?;
                let run = rest.until(cover.end()).ok_or(TraceError::Torn(query))?;
                let link = Correspondence::new(swap.to_span(), swap.from_span());
                let spot = Spot::Stands {
                    tape,
                    since: swap.since,
                };
                let pushed = self.path.push(run, spot, link, None);
                return pushed.map(|()| None).ok_or(TraceError::Torn(query));
            }
            Some(Seen::Gap(end)) => rest.until(end).ok_or(TraceError::Torn(query))?,
        };
        let query = Query::Standing { tape, span: rest };
        let (run, since) = match self.path.look(1, query) {
            None => return Ok(None),
            Some(Seen::Row(Row::Standing(row), cover)) => (run.until(cover.end()), row.since),
            Some(Seen::Row(..)) => return Err(TraceError::Unfitting(query)),
            Some(Seen::Gap(end)) => (run.until(end), MovementId::ORIGIN),
        };
        let run = run.ok_or(TraceError::Torn(query))?;
        let spot = Spot::Stands { tape, since };
        let pushed = self
            .path
            .push(run, spot, Correspondence::new(run, run), None);
        pushed.map(|()| None).ok_or(TraceError::Torn(query))
    }

    /// Fen that the swap of `since` put at `rest`: they came from the head of that time.
    fn swapped(&mut self, tape: TapeId, since: MovementId, rest: Span) -> Found {
        let query = Query::SwapsBy {
            tape,
            by: since,
            span: rest,
        };
        match self.path.look(0, query) {
            None => Ok(None),
            Some(Seen::Row(row, cover)) => {
                let swap = swap_of(row).ok_or(TraceError::Unfitting(query))?;
                let run = rest.until(cover.end()).ok_or(TraceError::Torn(query))?;
                let link = Correspondence::new(swap.from_span(), swap.to_span());
                let spot = Spot::Stands {
                    tape,
                    since: swap.to_since,
                };
                let pushed = self.path.push(run, spot, link, Some(since));
                pushed.map(|()| None).ok_or(TraceError::Torn(query))
            }
            Some(Seen::Gap(_)) => Err(TraceError::Torn(query)),
        }
    }

    /// Fen that stand where they were written.
    fn written(&mut self, tape: TapeId, rest: Span) -> Found {
        let query = Query::Ins { tape, span: rest };
        match self.path.look(2, query) {
            None => Ok(None),
            Some(Seen::Row(row, cover)) => {
                let movement = movement_of(row).ok_or(TraceError::Unfitting(query))?;
                let run = rest.until(cover.end()).ok_or(TraceError::Torn(query))?;
                self.arrived(movement, run).ok_or(TraceError::Torn(query))
            }
            Some(Seen::Gap(_)) => Err(TraceError::Torn(query)),
        }
    }

    /// `run` was written by a movement: from another tape, back from outside, or new.
    fn arrived(&mut self, movement: Movement, run: Span) -> Option<Option<(Span, Movement)>> {
        let into = movement.into?;
        if let Some(out) = movement.out {
            let link = Correspondence::new(into.span, out.span);
            let spot = Spot::Left { tape: out.tape };
            self.path.push(run, spot, link, Some(movement.id))?;
            return Some(None);
        }
        if let Some(undo) = movement.undoes {
            let offsets = Span::new(undo.offset, into.span.len)?;
            let spot = Spot::Undone {
                movement: undo.movement,
                via: movement.id,
            };
            self.path
                .push(run, spot, Correspondence::new(into.span, offsets), None)?;
            return Some(None);
        }
        Some(Some((run, movement)))
    }

    /// Fen that came back from outside: on to the outflow that had taken them there.
    fn undone(&mut self, movement: MovementId, via: MovementId, rest: Span) -> Found {
        let query = Query::Movement { id: movement };
        match self.path.look(2, query) {
            None => Ok(None),
            Some(Seen::Row(row, cover)) => {
                let undone = movement_of(row).ok_or(TraceError::Unfitting(query))?;
                let out = undone.out.ok_or(TraceError::Torn(query))?;
                let link = Correspondence::new(cover, out.span);
                let spot = Spot::Left { tape: out.tape };
                let pushed = self.path.push(rest, spot, link, Some(via));
                pushed.map(|()| None).ok_or(TraceError::Torn(query))
            }
            Some(Seen::Gap(_)) => Err(TraceError::Torn(query)),
        }
    }
}

/// A run that is at its beginning and its inflow; `None` if there is a question or a frame on
/// top.
type Found = Result<Option<(Span, Movement)>, TraceError>;

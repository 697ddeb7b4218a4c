//! Forward tracing: what became of the fen that were written here?
//!
//! For each run of fen at a position there are four things that can have happened, and they are
//! asked in this order: a named outflow took the fen over (their own refund), a named outflow of
//! another gift consumed the position and the fen moved to that gift's former position, an
//! outflow took the position, or nothing, and they are still there.

use crate::conversion::Correspondence;
use crate::cursor::{self, CursorError};
use crate::kind::Kind;
use crate::movement::{Movement, MovementId};
use crate::path::{Hop, Path, Spot, Step, Stretch, TraceError, movement_of, swap_of};
use crate::query::{Answer, Query, Seen};
use crate::span::Span;
use crate::tape::TapeId;

/// 〔去向〕 Where fen are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fate {
    /// 〔在账〕 Still on a tape, at these positions.
    Resting(Stretch),
    /// 〔已转出〕 Left our tapes.
    Left {
        /// The movement that took them.
        movement: MovementId,
        /// Its kind.
        kind: Kind,
        /// The positions that it consumed.
        at: Stretch,
    },
}

/// 〔去向段〕 A run of the fen asked about that share their fate.
///
/// Segments come in the order of `offset`. Between tapes of fen they tile what was asked about,
/// so their lengths sum to it. Where a few large units became many small ones (boxes to pieces),
/// one fen belongs to several small units, and segments may repeat an offset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Offset in the span asked about.
    pub offset: i64,
    /// Length, in positions of the span asked about.
    pub len: i64,
    /// Where they are.
    pub fate: Fate,
    /// The steps on the way, first one first.
    pub hops: Vec<Hop>,
}

/// 〔正向追踪〕 A forward trace in progress: poll it, answer what it needs, take what it gives.
#[derive(Clone, Debug)]
pub struct ForwardTrace {
    path: Path,
    len: i64,
}

impl ForwardTrace {
    /// Traces the fen that were written at `span` of `tape`.
    pub fn new(tape: TapeId, span: Span) -> ForwardTrace {
        let spot = Spot::Stands {
            tape,
            since: MovementId::ORIGIN,
        };
        ForwardTrace {
            path: Path::new(spot, span, 0),
            len: span.len,
        }
    }

    /// The same from `offset` on: the next page where no conversion is involved. `None` if there
    /// is nothing from there on.
    pub fn starting_at(tape: TapeId, span: Span, offset: i64) -> Option<ForwardTrace> {
        let spot = Spot::Stands {
            tape,
            since: MovementId::ORIGIN,
        };
        let rest = span.from(span.start.saturating_add(offset.max(0)))?;
        let path = Path::new(spot, rest, offset.max(0));
        Some(ForwardTrace {
            path,
            len: span.len,
        })
    }

    /// How many of the fen asked about have no segment yet, in fen.
    pub fn remaining(&self) -> i64 {
        // A cursor that somebody changed may reach further than what was asked about.
        self.len.saturating_sub(self.path.reached).max(0)
    }

    /// The place where the trace stands, as text. It holds internal numbers: seal it before it
    /// goes into an address. What was polled before is not repeated by the resumed trace.
    pub fn cursor(&self) -> String {
        cursor::write('f', self.len, &self.path)
    }

    /// A trace that goes on where [`ForwardTrace::cursor`] was taken.
    pub fn resume(text: &str) -> Result<ForwardTrace, CursorError> {
        let (len, path) = cursor::read('f', text)?;
        Ok(ForwardTrace { path, len })
    }

    /// Answers the question of the last [`Step::Need`].
    pub fn supply(&mut self, answer: Answer) -> Result<(), TraceError> {
        self.path.supply(answer)
    }

    /// The next thing that it wants or gives.
    pub fn poll(&mut self) -> Result<Step<Segment>, TraceError> {
        if self.path.asked().is_some() {
            return Err(TraceError::OutOfTurn);
        }
        while let Some((spot, rest)) = self.path.top() {
            let found = match spot {
                Spot::Stands { tape, since } => self.standing(tape, since, rest)?,
                Spot::Left { tape } => self.leaving(tape, rest)?,
                Spot::Gone {
                    movement, start, ..
                } => self.gone(movement, start, rest)?,
                Spot::Undone { .. } => return Err(TraceError::OutOfTurn),
            };
            if let Some(query) = self.path.asked() {
                return Ok(Step::Need(query));
            }
            if let Some((run, fate)) = found {
                return self.emit(run, fate).map(Step::Segment);
            }
        }
        Ok(Step::Done)
    }

    fn emit(&mut self, run: Span, fate: Fate) -> Result<Segment, TraceError> {
        let told = self.path.story(run);
        let (offsets, hops) = told.ok_or(TraceError::OutOfTurn)?;
        self.path.pass(run);
        self.path.reach(offsets);
        Ok(Segment {
            offset: offsets.start,
            len: offsets.len,
            fate,
            hops,
        })
    }

    /// Fen that `since` put at `rest`: the four things that can have happened.
    fn standing(&mut self, tape: TapeId, since: MovementId, rest: Span) -> Found {
        let query = Query::SwapsFrom {
            tape,
            since,
            span: rest,
        };
        let run = match self.path.look(0, query) {
            None => return Ok(None),
            Some(Seen::Row(row, cover)) => {
                let swap = swap_of(row).ok_or(TraceError::Unfitting(query))?;
                let run = rest.until(cover.end()).ok_or(TraceError::Torn(query))?;
                let link = Correspondence::new(swap.from_span(), swap.to_span());
                let pushed = self.path.push(run, Spot::Left { tape }, link, None);
                return pushed.map(|()| None).ok_or(TraceError::Torn(query));
            }
            Some(Seen::Gap(end)) => rest.until(end).ok_or(TraceError::Torn(query))?,
        };
        let query = Query::SwapsTo { tape, span: rest };
        let run = match self.path.look(1, query) {
            None => return Ok(None),
            Some(Seen::Row(row, cover)) => {
                let swap = swap_of(row).ok_or(TraceError::Unfitting(query))?;
                let run = run.until(cover.end()).ok_or(TraceError::Torn(query))?;
                let link = Correspondence::new(swap.to_span(), swap.from_span());
                let spot = Spot::Stands {
                    tape,
                    since: swap.by,
                };
                let pushed = self.path.push(run, spot, link, Some(swap.by));
                return pushed.map(|()| None).ok_or(TraceError::Torn(query));
            }
            Some(Seen::Gap(end)) => run.until(end).ok_or(TraceError::Torn(query))?,
        };
        let query = Query::Outs { tape, span: rest };
        match self.path.look(2, query) {
            None => Ok(None),
            Some(Seen::Row(row, cover)) => {
                let movement = movement_of(row).ok_or(TraceError::Unfitting(query))?;
                let run = run.until(cover.end()).ok_or(TraceError::Torn(query))?;
                self.depart(movement, run).ok_or(TraceError::Torn(query))?;
                Ok(None)
            }
            Some(Seen::Gap(end)) => {
                let span = run.until(end).ok_or(TraceError::Torn(query))?;
                Ok(Some((span, Fate::Resting(Stretch { tape, span }))))
            }
        }
    }

    /// Fen that left through `rest`: a swap said so, now its outflow must be there.
    fn leaving(&mut self, tape: TapeId, rest: Span) -> Found {
        let query = Query::Outs { tape, span: rest };
        match self.path.look(2, query) {
            None => Ok(None),
            Some(Seen::Row(row, cover)) => {
                let movement = movement_of(row).ok_or(TraceError::Unfitting(query))?;
                let run = rest.until(cover.end()).ok_or(TraceError::Torn(query))?;
                self.depart(movement, run).ok_or(TraceError::Torn(query))?;
                Ok(None)
            }
            Some(Seen::Gap(_)) => Err(TraceError::Torn(query)),
        }
    }

    /// `run` left with a movement: to another tape, or to the outside.
    fn depart(&mut self, movement: Movement, run: Span) -> Option<()> {
        let out = movement.out?;
        if let Some(into) = movement.into {
            let spot = Spot::Stands {
                tape: into.tape,
                since: MovementId::ORIGIN,
            };
            let link = Correspondence::new(out.span, into.span);
            return self.path.push(run, spot, link, Some(movement.id));
        }
        let (kind, tape, start) = (movement.kind, out.tape, out.span.start);
        let spot = Spot::Gone {
            movement: movement.id,
            kind,
            tape,
            start,
        };
        let offsets = Span::new(0, out.span.len)?;
        self.path
            .push(run, spot, Correspondence::new(out.span, offsets), None)
    }

    /// Fen that left to the outside: gone, unless a reversal brought them back.
    fn gone(&mut self, movement: MovementId, start: i64, rest: Span) -> Found {
        let query = Query::Undoing {
            movement,
            span: rest,
        };
        match self.path.look(2, query) {
            None => Ok(None),
            Some(Seen::Row(row, cover)) => {
                let reversal = movement_of(row).ok_or(TraceError::Unfitting(query))?;
                let run = rest.until(cover.end()).ok_or(TraceError::Torn(query))?;
                let into = reversal.into.ok_or(TraceError::Unfitting(query))?;
                let spot = Spot::Stands {
                    tape: into.tape,
                    since: MovementId::ORIGIN,
                };
                let link = Correspondence::new(cover, into.span);
                let pushed = self.path.push(run, spot, link, Some(reversal.id));
                pushed.map(|()| None).ok_or(TraceError::Torn(query))
            }
            Some(Seen::Gap(end)) => {
                let run = rest.until(end).ok_or(TraceError::Torn(query))?;
                let fate = self.fate_of_gone(run, start);
                Ok(Some((run, fate.ok_or(TraceError::Torn(query))?)))
            }
        }
    }

    fn fate_of_gone(&self, run: Span, start: i64) -> Option<Fate> {
        let Spot::Gone {
            movement,
            kind,
            tape,
            ..
        } = self.path.frames.last()?.spot
        else {
            return None;
        };
        let span = run.carried(0, start)?;
        Some(Fate::Left {
            movement,
            kind,
            at: Stretch { tape, span },
        })
    }
}

/// A run that is at its end and its fate; `None` if there is a question or a frame on top.
type Found = Result<Option<(Span, Fate)>, TraceError>;

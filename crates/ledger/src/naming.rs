//! Making a named outflow: from "this gift" and "this head" to the swap that the leaf lists and
//! the rows that the store keeps.

use crate::forward::{ForwardTrace, Segment};
use crate::limits::OWNED_RUNS_MAX;
use crate::movement::MovementId;
use crate::owned::Owned;
use crate::path::{Step, Stretch, TraceError};
use crate::query::{Answer, Known, Query, Row};
use crate::span::Span;
use crate::standing::{Standing, Standings};
use crate::swap::{Exchange, Swap, SwapError, named_swaps};
use crate::tape::TapeId;

/// 〔指名转出的换位〕 What a named outflow adds to the books beside the movement itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The swap as the leaf lists it; empty if the gift is at the head.
    pub exchanges: Vec<Exchange>,
    /// The same as rows to insert.
    pub swaps: Vec<Swap>,
    /// Rows to insert, or to change where (tape, start) is there already.
    pub standings: Vec<Standing>,
}

/// Why a named outflow cannot be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NamingError {
    /// The gift does not own enough here.
    Swap(SwapError),
    /// The books contradict themselves.
    Trace(TraceError),
    /// The gift lies in more than [`OWNED_RUNS_MAX`] runs.
    Scattered,
}

impl NamingError {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            NamingError::Swap(error) => error.code(),
            NamingError::Trace(error) => error.code(),
            NamingError::Scattered => "naming-scattered",
        }
    }
}

impl std::fmt::Display for NamingError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            NamingError::Swap(error) => error.fmt(f),
            NamingError::Trace(error) => error.fmt(f),
            NamingError::Scattered => {
                f.write_str("这笔捐赠已分散为过多小段，请把金额拆成几次办理。")
            }
        }
    }
}

impl std::error::Error for NamingError {}

impl From<TraceError> for NamingError {
    fn from(error: TraceError) -> NamingError {
        NamingError::Trace(error)
    }
}

/// 〔指名转出〕 A named outflow in the making. Poll it like a trace; its one segment is the
/// answer. Ask within the transaction that records the outflow, before it is recorded.
#[derive(Clone, Debug)]
pub struct Naming {
    tape: TapeId,
    by: MovementId,
    phase: Phase,
}

#[derive(Clone, Debug)]
enum Phase {
    Following(Box<Following>),
    Reading(Reading),
    Finished,
}

/// The gift's trace, what it found on the tape, and the head that will be taken.
#[derive(Clone, Debug)]
struct Following {
    trace: ForwardTrace,
    owned: Owned,
    head: Span,
}

/// The spans whose standing rows are still to be read, and what was read.
#[derive(Clone, Debug)]
struct Reading {
    exchanges: Vec<Exchange>,
    open: Vec<Span>,
    standings: Standings,
}

impl Naming {
    /// The outflow `by` takes `head` and shall take fen that were written at `gift`.
    pub fn new(gift: Stretch, head: Stretch, by: MovementId) -> Naming {
        let trace = ForwardTrace::new(gift.tape, gift.span);
        let owned = Owned::new(head.tape);
        let phase = Phase::Following(Box::new(Following {
            trace,
            owned,
            head: head.span,
        }));
        Naming {
            tape: head.tape,
            by,
            phase,
        }
    }

    /// The outflow `by` was recorded with these exchanges: finds the rows again, for whoever
    /// rebuilds the books from leaves in their order.
    pub fn listed(tape: TapeId, exchanges: Vec<Exchange>, by: MovementId) -> Naming {
        Naming {
            tape,
            by,
            phase: Phase::Reading(Reading::new(exchanges)),
        }
    }

    /// Answers the question of the last [`Step::Need`].
    pub fn supply(&mut self, answer: Answer) -> Result<(), NamingError> {
        match &mut self.phase {
            Phase::Following(following) => Ok(following.trace.supply(answer)?),
            Phase::Reading(reading) => reading.supply(self.tape, answer),
            Phase::Finished => Err(TraceError::OutOfTurn.into()),
        }
    }

    /// The next thing that it wants or gives.
    pub fn poll(&mut self) -> Result<Step<Named>, NamingError> {
        if let Phase::Following(following) = &mut self.phase {
            loop {
                match following.trace.poll()? {
                    Step::Need(query) => return Ok(Step::Need(query)),
                    Step::Segment(segment) => gather(&mut following.owned, &segment)?,
                    Step::Done => break,
                }
            }
            let owned = std::mem::replace(&mut following.owned, Owned::new(self.tape));
            let exchanges = named_swaps(&owned.into_spans(), following.head);
            let exchanges = exchanges.map_err(NamingError::Swap)?;
            self.phase = Phase::Reading(Reading::new(exchanges));
        }
        if let Phase::Reading(reading) = &mut self.phase {
            if let Some(query) = reading.question(self.tape) {
                return Ok(Step::Need(query));
            }
            let named = reading.finish(self.tape, self.by);
            self.phase = Phase::Finished;
            return Ok(Step::Segment(named));
        }
        Ok(Step::Done)
    }
}

fn gather(owned: &mut Owned, segment: &Segment) -> Result<(), NamingError> {
    owned.add(segment);
    if owned.len() > OWNED_RUNS_MAX {
        return Err(NamingError::Scattered);
    }
    Ok(())
}

impl Reading {
    fn new(exchanges: Vec<Exchange>) -> Reading {
        // The head's run is one span, however many exchanges cut it.
        let mut open: Vec<Span> = Vec::new();
        for ends in [|e: &Exchange| (e.to, e.len), |e: &Exchange| (e.from, e.len)] {
            for (start, len) in exchanges.iter().map(ends) {
                match open.last_mut() {
                    Some(last) if last.end() == start => last.len = last.len.saturating_add(len),
                    _ => open.push(Span { start, len }),
                }
            }
        }
        open.reverse();
        Reading {
            exchanges,
            open,
            standings: Standings::default(),
        }
    }

    fn question(&self, tape: TapeId) -> Option<Query> {
        self.open.last().map(|&span| Query::Standing { tape, span })
    }

    fn supply(&mut self, tape: TapeId, answer: Answer) -> Result<(), NamingError> {
        let query = self.question(tape).ok_or(TraceError::OutOfTurn)?;
        let known = Known::read(&query, answer).ok_or(TraceError::Unfitting(query))?;
        let (rows, upto) = known.into_rows();
        for (_, row) in rows {
            let Row::Standing(row) = row else {
                return Err(TraceError::Unfitting(query).into());
            };
            self.standings.learn(row);
        }
        let rest = self.open.pop().and_then(|span| span.from(upto));
        self.open.extend(rest);
        Ok(())
    }

    /// Cuts the exchanges wherever the fen on either side came there by another swap.
    fn finish(&mut self, tape: TapeId, by: MovementId) -> Named {
        let exchanges = std::mem::take(&mut self.exchanges);
        let before = std::mem::take(&mut self.standings);
        let mut after = before.clone();
        let mut swaps = Vec::new();
        for &Exchange { from, to, len } in &exchanges {
            let mut rest = Span::new(0, len);
            while let Some(part) = rest {
                let (from, to) = (
                    from.saturating_add(part.start),
                    to.saturating_add(part.start),
                );
                let (since, from_end) = before.since(from, from.saturating_add(part.len));
                let (to_since, to_end) = before.since(to, to.saturating_add(part.len));
                let len = from_end.saturating_sub(from).min(to_end.saturating_sub(to));
                swaps.push(Swap {
                    tape,
                    from,
                    to,
                    len,
                    by,
                    since,
                    to_since,
                });
                after.put(Span { start: from, len }, by);
                rest = part.from(part.start.saturating_add(len));
            }
        }
        let standings = after.changes(tape);
        Named {
            exchanges,
            swaps,
            standings,
        }
    }
}

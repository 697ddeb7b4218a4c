//! The path of a trace: from what was asked about, through tapes and swaps, to where it is now.
//!
//! Both directions walk the same way. A frame is a run of positions that share their past
//! steps; the frame on top is resolved run by run from its low end, each run either ends the
//! trace (a segment) or becomes a frame on top. So results come in the order of the positions
//! asked about, and the path itself is all that a cursor has to remember.

use crate::conversion::Correspondence;
use crate::kind::Kind;
use crate::movement::MovementId;
use crate::query::{Answer, Known, Query, Row, Seen};
use crate::span::Span;
use crate::tape::TapeId;

/// 〔位置段〕 Positions of one tape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stretch {
    /// The tape.
    pub tape: TapeId,
    /// The positions.
    pub span: Span,
}

/// 〔经过〕 A step on the way. If both stretches are on one tape, the movement was a named
/// outflow that took the place of these fen and left them the place of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Hop {
    /// The movement.
    pub movement: MovementId,
    /// Where the trace came from (for a backward trace: the later position).
    pub from: Stretch,
    /// Where it went on.
    pub to: Stretch,
}

/// What a trace wants or gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step<T> {
    /// It needs this answered (`supply`) before it can go on.
    Need(Query),
    /// The next result.
    Segment(T),
    /// There is nothing more.
    Done,
}

/// Why a trace cannot go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TraceError {
    /// `supply` without a question, or `poll` without the answer.
    OutOfTurn,
    /// The rows do not answer the question: wrong kind, wrong order, overlapping.
    Unfitting(Query),
    /// The books contradict themselves at this question: a swap without its outflow, an outflow
    /// of what was never written, a reversal longer than what it undoes.
    Torn(Query),
}

impl TraceError {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            TraceError::OutOfTurn => "trace-out-of-turn",
            TraceError::Unfitting(_) => "trace-unfitting",
            TraceError::Torn(_) => "trace-torn",
        }
    }
}

impl std::fmt::Display for TraceError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            TraceError::OutOfTurn => f.write_str("追踪程序的调用次序有误，请通知管理员。"),
            TraceError::Unfitting(query) => {
                write!(f, "账目返回的行与所问不符（{query:?}），请通知管理员核查。")
            }
            TraceError::Torn(query) => {
                write!(
                    f,
                    "账目在此处前后不符（{query:?}），请运行审计并通知管理员。"
                )
            }
        }
    }
}

impl std::error::Error for TraceError {}

/// What the positions of a frame are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spot {
    /// Positions of a tape, at the time that the swap of `since` put the fen there.
    Stands { tape: TapeId, since: MovementId },
    /// Positions of a tape, at the time that they were consumed.
    Left { tape: TapeId },
    /// Offsets in the out span of a movement that left our tapes. The tape and the start of the
    /// out span are kept to say where that was.
    Gone {
        movement: MovementId,
        kind: Kind,
        tape: TapeId,
        start: i64,
    },
    /// Offsets in the out span of a movement that `via` undid.
    Undone {
        movement: MovementId,
        via: MovementId,
    },
}

impl Spot {
    /// The positions as positions of a tape, if they have one.
    pub(crate) fn stretch(self, span: Span) -> Option<Stretch> {
        match self {
            Spot::Stands { tape, .. } | Spot::Left { tape } => Some(Stretch { tape, span }),
            Spot::Gone { tape, start, .. } => {
                let span = span.carried(0, start)?;
                Some(Stretch { tape, span })
            }
            Spot::Undone { .. } => None,
        }
    }
}

/// How many different questions a frame asks.
const SLOTS: usize = 3;

/// One run of the path.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    pub(crate) spot: Spot,
    /// All its positions.
    pub(crate) whole: Span,
    /// The first position that is not resolved yet.
    pub(crate) at: i64,
    /// How its positions belong to those of the frame below: `out` is the side below.
    pub(crate) link: Correspondence,
    /// The part of the frame below that it continues.
    pub(crate) run: Span,
    /// The movement by which the trace came here.
    pub(crate) hop: Option<MovementId>,
    /// The answers read so far; not part of a cursor.
    pub(crate) known: [Option<Known>; SLOTS],
}

/// A trace on its way.
#[derive(Clone, Debug)]
pub(crate) struct Path {
    pub(crate) frames: Vec<Frame>,
    /// Up to which offset of what was asked about the results have come.
    pub(crate) reached: i64,
    asked: Option<(usize, Query)>,
}

impl Path {
    /// A path that starts at `span` of `spot`; its first position is offset `offset` of what is
    /// asked about.
    pub(crate) fn new(spot: Spot, span: Span, offset: i64) -> Path {
        let root = Span {
            start: offset,
            len: span.len,
        };
        let frame = Frame {
            spot,
            whole: span,
            at: span.start,
            link: Correspondence::new(root, span),
            run: root,
            hop: None,
            known: [None, None, None],
        };
        Path {
            frames: vec![frame],
            reached: offset,
            asked: None,
        }
    }

    pub(crate) fn resume(frames: Vec<Frame>, reached: i64) -> Path {
        Path {
            frames,
            reached,
            asked: None,
        }
    }

    /// The spot on top and the run of it that is still to be resolved; drops what is finished.
    pub(crate) fn top(&mut self) -> Option<(Spot, Span)> {
        while let Some(frame) = self.frames.last() {
            if let Some(rest) = frame.whole.from(frame.at) {
                return Some((frame.spot, rest));
            }
            self.frames.pop();
        }
        None
    }

    /// Looks the first unresolved position up in a slot; `None` after it has noted the question.
    pub(crate) fn look(&mut self, slot: usize, query: Query) -> Option<Seen> {
        let seen = self.frames.last().and_then(|frame| {
            let known = frame.known.get(slot)?.as_ref()?;
            known.at(frame.at)
        });
        if seen.is_none() {
            self.asked = Some((slot, query));
        }
        seen
    }

    /// The question that is waiting for its answer.
    pub(crate) fn asked(&self) -> Option<Query> {
        self.asked.map(|(_, query)| query)
    }

    pub(crate) fn supply(&mut self, answer: Answer) -> Result<(), TraceError> {
        let (slot, query) = self.asked.take().ok_or(TraceError::OutOfTurn)?;
        let known = Known::read(&query, answer).ok_or(TraceError::Unfitting(query))?;
        let frame = self.frames.last_mut().ok_or(TraceError::OutOfTurn)?;
        if let Some(place) = frame.known.get_mut(slot) {
            *place = Some(known);
        }
        Ok(())
    }

    /// Goes on with `run` of the top frame at `spot`, where `link` says how the positions belong
    /// together.
    pub(crate) fn push(
        &mut self,
        run: Span,
        spot: Spot,
        link: Correspondence,
        hop: Option<MovementId>,
    ) -> Option<()> {
        let whole = link.forward(run)?;
        self.pass(run);
        let known = [None, None, None];
        self.frames.push(Frame {
            spot,
            whole,
            at: whole.start,
            link,
            run,
            hop,
            known,
        });
        Some(())
    }

    /// Marks `run` of the top frame as resolved.
    pub(crate) fn pass(&mut self, run: Span) {
        if let Some(frame) = self.frames.last_mut() {
            frame.at = run.end();
        }
    }

    /// Which offsets of what was asked about belong to `run` of the top frame, and the hops on
    /// the way, first one first.
    pub(crate) fn story(&self, run: Span) -> Option<(Span, Vec<Hop>)> {
        let mut span = run;
        let mut hops = Vec::new();
        let mut later: Option<(MovementId, Stretch)> = None;
        for frame in self.frames.iter().rev() {
            if let Some(here) = frame.spot.stretch(span) {
                if let Some((movement, to)) = later.take() {
                    hops.push(Hop {
                        movement,
                        from: here,
                        to,
                    });
                }
                later = frame.hop.map(|movement| (movement, here));
            }
            span = frame.link.backward(span)?.overlap(frame.run)?;
        }
        hops.reverse();
        Some((span, hops))
    }

    /// Marks what was asked about as answered up to the end of `offsets`.
    pub(crate) fn reach(&mut self, offsets: Span) {
        self.reached = self.reached.max(offsets.end());
    }
}

/// The swap in a row.
pub(crate) fn swap_of(row: Row) -> Option<crate::swap::Swap> {
    match row {
        Row::Swap(swap) => Some(swap),
        Row::Movement(_) | Row::Standing(_) => None,
    }
}

/// The movement in a row.
pub(crate) fn movement_of(row: Row) -> Option<crate::movement::Movement> {
    match row {
        Row::Movement(movement) => Some(movement),
        Row::Swap(_) | Row::Standing(_) => None,
    }
}

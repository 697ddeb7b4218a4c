//! What a trace asks of the books, and the answers. Each question is one range of one index.

use crate::limits::{POSITION_MAX, ROWS_PER_ANSWER};
use crate::movement::{Movement, MovementId};
use crate::span::Span;
use crate::standing::Standing;
use crate::swap::Swap;
use crate::tape::TapeId;

/// 〔查询〕 One question. The answer is the rows whose named span overlaps `span`, ascending by
/// its start, the first [`ROWS_PER_ANSWER`] of them (more do no harm, nor does a row before the
/// overlap). The named spans of one question never overlap one another, so the rows are: the
/// last one that starts at or before `span.start`, then those that start before its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Query {
    /// Movements out of a tape, by their out span. Index (tape, out start).
    Outs {
        /// The tape.
        tape: TapeId,
        /// The positions asked about.
        span: Span,
    },
    /// Movements into a tape, by their in span. Index (tape, in start).
    Ins {
        /// The tape.
        tape: TapeId,
        /// The positions asked about.
        span: Span,
    },
    /// Swaps that took over fen put there by `since`, by their from span.
    /// Index (tape, since, from).
    SwapsFrom {
        /// The tape.
        tape: TapeId,
        /// Which swap had put the fen there; [`MovementId::ORIGIN`] if they were written there.
        since: MovementId,
        /// The positions asked about.
        span: Span,
    },
    /// Swaps whose head positions were consumed here, by their to span. Index (tape, to).
    SwapsTo {
        /// The tape.
        tape: TapeId,
        /// The positions asked about.
        span: Span,
    },
    /// The swap of one named outflow, by its from span. Index (tape, by, from).
    SwapsBy {
        /// The tape.
        tape: TapeId,
        /// The named outflow.
        by: MovementId,
        /// The positions asked about.
        span: Span,
    },
    /// Standing rows of a tape. Index (tape, start).
    Standing {
        /// The tape.
        tape: TapeId,
        /// The positions asked about.
        span: Span,
    },
    /// Reversals without an out side that undo a part of a movement, by the part that they undo.
    /// Index (undone movement, offset).
    Undoing {
        /// The movement undone.
        movement: MovementId,
        /// The part asked about, counted from the start of that movement's out span.
        span: Span,
    },
    /// One movement by its number.
    Movement {
        /// Its number.
        id: MovementId,
    },
}

/// 〔答复〕 The rows for a [`Query`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// For `Outs`, `Ins`, `Undoing` and `Movement`.
    Movements(Vec<Movement>),
    /// For the three questions about swaps.
    Swaps(Vec<Swap>),
    /// For `Standing`.
    Standings(Vec<Standing>),
}

/// One row of an answer.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Row {
    Movement(Movement),
    Swap(Swap),
    Standing(Standing),
}

/// The rows that a frame holds for one of its questions, and up to where it knows them.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    rows: Vec<(Span, Row)>,
    upto: i64,
}

/// What stands at a position.
pub(crate) enum Seen {
    /// A row, and the span it covers.
    Row(Row, Span),
    /// No row up to this position.
    Gap(i64),
}

impl Query {
    /// The span asked about; for one movement, all of it.
    pub(crate) fn span(&self) -> Span {
        match *self {
            Query::Outs { span, .. }
            | Query::Ins { span, .. }
            | Query::SwapsFrom { span, .. }
            | Query::SwapsTo { span, .. }
            | Query::SwapsBy { span, .. }
            | Query::Standing { span, .. }
            | Query::Undoing { span, .. } => span,
            Query::Movement { .. } => Span {
                start: 0,
                len: POSITION_MAX,
            },
        }
    }

    /// The span by which a row answers this question, or `None` if it answers another one.
    fn covered(&self, row: &Row) -> Option<Span> {
        match (*self, row) {
            (Query::Outs { tape, .. }, Row::Movement(m)) => {
                m.out.filter(|side| side.tape == tape).map(|side| side.span)
            }
            (Query::Ins { tape, .. }, Row::Movement(m)) => m
                .into
                .filter(|side| side.tape == tape)
                .map(|side| side.span),
            (Query::Undoing { movement, .. }, Row::Movement(m)) => {
                let undo = m
                    .undoes
                    .filter(|u| u.movement == movement && m.out.is_none())?;
                Span::new(undo.offset, m.into?.span.len)
            }
            (Query::Movement { id }, Row::Movement(m)) if m.id == id => {
                Span::new(0, m.out?.span.len)
            }
            (Query::SwapsFrom { tape, since, .. }, Row::Swap(s))
                if s.tape == tape && s.since == since =>
            {
                Some(s.from_span())
            }
            (Query::SwapsBy { tape, by, .. }, Row::Swap(s)) if s.tape == tape && s.by == by => {
                Some(s.from_span())
            }
            (Query::SwapsTo { tape, .. }, Row::Swap(s)) if s.tape == tape => Some(s.to_span()),
            (Query::Standing { tape, .. }, Row::Standing(s)) if s.tape == tape => Some(s.span),
            _ => None,
        }
    }
}

impl Known {
    /// Reads an answer, or `None` if it does not fit the question: rows of another kind, out of
    /// order, or overlapping.
    pub(crate) fn read(query: &Query, answer: Answer) -> Option<Known> {
        let rows: Vec<Row> = match answer {
            Answer::Movements(rows) => rows.into_iter().map(Row::Movement).collect(),
            Answer::Swaps(rows) => rows.into_iter().map(Row::Swap).collect(),
            Answer::Standings(rows) => rows.into_iter().map(Row::Standing).collect(),
        };
        let full = rows.len() >= ROWS_PER_ANSWER;
        let mut reached = 0;
        let mut spans = Vec::with_capacity(rows.len());
        for row in rows {
            let span = query.covered(&row)?;
            if span.start < reached {
                return None;
            }
            reached = span.end();
            spans.push((span, row));
        }
        let upto = if full { reached } else { POSITION_MAX };
        (upto > query.span().start).then_some(Known { rows: spans, upto })
    }

    /// What stands at `position`, or `None` if that must be asked.
    pub(crate) fn at(&self, position: i64) -> Option<Seen> {
        if position >= self.upto {
            return None;
        }
        let index = self
            .rows
            .partition_point(|(span, _)| span.end() <= position);
        Some(match self.rows.get(index) {
            Some(&(span, row)) if span.holds(position) => Seen::Row(row, span),
            Some(&(span, _)) => Seen::Gap(span.start),
            None => Seen::Gap(self.upto),
        })
    }

    /// The rows, and up to where there are no more.
    pub(crate) fn into_rows(self) -> (Vec<(Span, Row)>, i64) {
        (self.rows, self.upto)
    }
}

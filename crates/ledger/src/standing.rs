//! Which swap put the fen where they stand now: one row per run that a swap ever touched.
//!
//! It is derived from the swaps and kept only so that the newest swap over a position is one
//! seek. Rows are inserted or changed, never deleted: runs are only ever cut finer.

use std::collections::BTreeMap;

use crate::movement::MovementId;
use crate::span::Span;
use crate::tape::TapeId;

/// 〔现位〕 The fen at these positions were put there by the swap of `since`. Positions without
/// a row hold what was written there. Keyed by (tape, start); the spans never overlap. A row
/// stays when its positions are consumed and then says how they were at that time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Standing {
    /// The tape.
    pub tape: TapeId,
    /// The run.
    pub span: Span,
    /// The named outflow whose swap put the fen here.
    pub since: MovementId,
}

/// The rows of one tape that a named outflow reads and changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Standings {
    rows: BTreeMap<i64, (Span, MovementId)>,
    changed: BTreeMap<i64, (Span, MovementId)>,
}

impl Standings {
    pub(crate) fn learn(&mut self, row: Standing) {
        self.rows.insert(row.span.start, (row.span, row.since));
    }

    /// Who put the fen at `position` there, and up to which position (exclusive, at most
    /// `end`) that is so.
    pub(crate) fn since(&self, position: i64, end: i64) -> (MovementId, i64) {
        let before = self.rows.range(..=position).next_back();
        if let Some((_, &(span, since))) = before
            && span.holds(position)
        {
            return (since, span.end().min(end));
        }
        let next = self.rows.range(position..).next();
        let next = next.map_or(end, |(&start, _)| start.min(end));
        (MovementId::ORIGIN, next)
    }

    /// Puts `span`, which lies within one row or within none, under `since`.
    pub(crate) fn put(&mut self, span: Span, since: MovementId) {
        let before = self.rows.range(..=span.start).next_back();
        if let Some((_, &(old, old_since))) = before
            && old.holds(span.start)
        {
            if let Some(head) = old.until(span.start) {
                self.set(head, old_since);
            }
            if let Some(tail) = old.from(span.end()) {
                self.set(tail, old_since);
            }
        }
        self.set(span, since);
    }

    fn set(&mut self, span: Span, since: MovementId) {
        self.rows.insert(span.start, (span, since));
        self.changed.insert(span.start, (span, since));
    }

    /// What has to be written, by start.
    pub(crate) fn changes(&self, tape: TapeId) -> Vec<Standing> {
        let row = |&(span, since): &(Span, MovementId)| Standing { tape, span, since };
        self.changed.values().map(row).collect()
    }
}

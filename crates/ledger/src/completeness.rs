//! Completeness: the spans of a tape lie side by side without a gap and without an overlap.
//!
//! Whoever has all leaves of a fund can check with this that none was left out: the in spans
//! tile `[0, inflow)`, the out spans tile `[0, outflow)`, and tape order is recording order.

use std::collections::BTreeMap;

use crate::limits::FLAWS_MAX;
use crate::movement::MovementId;
use crate::span::Span;

/// 〔瑕疵〕 One thing that is wrong with the spans of a tape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// No movement covers these positions.
    Gap(Span),
    /// These positions were covered before this movement covered them again.
    Overlap {
        /// The positions.
        span: Span,
        /// The movement that covers them once more.
        movement: MovementId,
    },
    /// These positions lie beyond what the tape's counter says.
    Beyond {
        /// The positions.
        span: Span,
        /// The total that the counter gives.
        total: i64,
    },
    /// This movement is older than the one before it on the tape.
    Disorder {
        /// The movement before it on the tape.
        before: MovementId,
        /// The older movement.
        movement: MovementId,
    },
}

impl std::fmt::Display for Flaw {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match *self {
            Flaw::Gap(span) => {
                let (a, b, n) = (span.start, span.end(), span.len);
                write!(
                    f,
                    "位置 {a} 至 {b}（不含）共 {n} 没有任何流转，请向发布者索取缺少的记录。"
                )
            }
            Flaw::Overlap { span, movement } => {
                let (a, b, m) = (span.start, span.end(), movement.0);
                write!(
                    f,
                    "位置 {a} 至 {b}（不含）被流转 {m} 重复占用，请核对这笔流转。"
                )
            }
            Flaw::Beyond { span, total } => {
                let (a, b) = (span.start, span.end());
                write!(
                    f,
                    "位置 {a} 至 {b}（不含）超出公布的累计 {total}，请核对累计数。"
                )
            }
            Flaw::Disorder { before, movement } => {
                let (b, m) = (before.0, movement.0);
                write!(f, "流转 {m} 早于其前一笔 {b}，次序有误，请核对这两笔流转。")
            }
        }
    }
}

/// 〔铺满检查〕 Takes the in spans (or the out spans) of one tape in any order.
///
/// Spans in tape order need no memory; a span that comes early waits until those before it have
/// come.
#[derive(Clone, Debug, Default)]
pub struct Tiling {
    reached: i64,
    last: Option<MovementId>,
    waiting: BTreeMap<(Span, MovementId), ()>,
    flaws: Vec<Flaw>,
}

impl Tiling {
    /// A tape without spans.
    pub fn new() -> Tiling {
        Tiling::default()
    }

    /// Adds the span of a movement.
    pub fn add(&mut self, span: Span, movement: MovementId) {
        self.waiting.insert((span, movement), ());
        while let Some((&(first, by), ())) = self.waiting.first_key_value() {
            if first.start > self.reached {
                break;
            }
            self.waiting.pop_first();
            self.lay(first, by);
        }
    }

    /// What is wrong, lowest position first as far as the order of adding allows; at most
    /// [`FLAWS_MAX`]. `total` is the tape's counter: its inflow, or its outflow.
    pub fn finish(mut self, total: i64) -> Vec<Flaw> {
        while let Some(((span, movement), ())) = self.waiting.pop_first() {
            if let Some(gap) = Span::between(self.reached, span.start) {
                self.note(Flaw::Gap(gap));
                self.reached = span.start;
            }
            self.lay(span, movement);
        }
        if let Some(gap) = Span::between(self.reached, total) {
            self.note(Flaw::Gap(gap));
        }
        if let Some(span) = Span::between(total, self.reached) {
            self.note(Flaw::Beyond { span, total });
        }
        self.flaws
    }

    fn lay(&mut self, span: Span, movement: MovementId) {
        if let Some(span) = span.until(self.reached) {
            self.note(Flaw::Overlap { span, movement });
        }
        if let Some(before) = self.last
            && movement <= before
        {
            self.note(Flaw::Disorder { before, movement });
        }
        self.last = Some(movement);
        self.reached = self.reached.max(span.end());
    }

    fn note(&mut self, flaw: Flaw) {
        if self.flaws.len() < FLAWS_MAX {
            self.flaws.push(flaw);
        }
    }
}

/// What is wrong with the reversals of one outflow: each part may come back once, and no more
/// than went out. `len` is the length of its out span, `parts` are what the reversals undo.
pub fn undone_flaws(len: i64, parts: &[(Span, MovementId)]) -> Vec<Flaw> {
    let mut parts = parts.to_vec();
    parts.sort_unstable();
    let mut flaws = Vec::new();
    let mut reached = 0;
    for (span, movement) in parts {
        flaws.extend(
            span.until(reached)
                .map(|span| Flaw::Overlap { span, movement }),
        );
        flaws.extend(span.from(len).map(|span| Flaw::Beyond { span, total: len }));
        reached = reached.max(span.end());
    }
    flaws.truncate(FLAWS_MAX);
    flaws
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn span(start: i64, end: i64) -> Span {
        Span::between(start, end).unwrap()
    }

    fn check(spans: &[(i64, i64, i64)], total: i64, want: &[Flaw]) {
        let mut tiling = Tiling::new();
        for &(start, end, id) in spans {
            tiling.add(span(start, end), MovementId(id));
        }
        assert_eq!(tiling.finish(total), want);
    }

    #[test]
    fn rows() {
        let overlap = |s, e, m| Flaw::Overlap {
            span: span(s, e),
            movement: MovementId(m),
        };
        check(&[], 0, &[]);
        check(&[], 5, &[Flaw::Gap(span(0, 5))]);
        check(&[(0, 5, 1), (5, 9, 2)], 9, &[]);
        check(&[(5, 9, 2), (0, 5, 1)], 9, &[]);
        check(&[(0, 5, 1), (6, 9, 2)], 9, &[Flaw::Gap(span(5, 6))]);
        check(&[(0, 5, 1), (5, 8, 2)], 9, &[Flaw::Gap(span(8, 9))]);
        check(&[(0, 5, 1), (4, 9, 2)], 9, &[overlap(4, 5, 2)]);
        check(&[(0, 9, 1), (2, 4, 2)], 9, &[overlap(2, 4, 2)]);
        let beyond = Flaw::Beyond {
            span: span(9, 12),
            total: 9,
        };
        check(&[(0, 5, 1), (5, 12, 2)], 9, &[beyond]);
        let disorder = Flaw::Disorder {
            before: MovementId(7),
            movement: MovementId(2),
        };
        check(&[(0, 5, 7), (5, 9, 2)], 9, &[disorder]);
    }

    #[test]
    fn a_part_comes_back_once() {
        let part = |s, e, m| (span(s, e), MovementId(m));
        assert_eq!(undone_flaws(9, &[part(4, 9, 2), part(0, 4, 3)]), []);
        let twice = Flaw::Overlap {
            span: span(3, 4),
            movement: MovementId(2),
        };
        assert_eq!(undone_flaws(9, &[part(3, 9, 2), part(0, 4, 1)]), [twice]);
        let beyond = Flaw::Beyond {
            span: span(9, 10),
            total: 9,
        };
        assert_eq!(undone_flaws(9, &[part(3, 10, 2)]), [beyond]);
    }

    proptest! {
        /// A sound tape in any order has no flaw; without one of its spans it has.
        #[test]
        fn a_missing_span_is_always_found(
            lens in proptest::collection::vec(1..50i64, 1..40), seed in any::<prop::sample::Index>(),
            order in any::<u64>()
        ) {
            let mut at = 0;
            let mut spans: Vec<(Span, MovementId)> = Vec::new();
            for (index, len) in lens.iter().enumerate() {
                spans.push((Span::new(at, *len).unwrap(), MovementId(index as i64 + 1)));
                at += len;
            }
            let missing = spans[seed.index(spans.len())];
            spans.sort_by_key(|s| (s.1.0 as u64).wrapping_mul(order | 1));
            let mut whole = Tiling::new();
            let mut torn = Tiling::new();
            for &(span, id) in &spans {
                whole.add(span, id);
                if (span, id) != missing {
                    torn.add(span, id);
                }
            }
            prop_assert!(whole.waiting.is_empty());
            prop_assert_eq!(whole.finish(at), vec![]);
            prop_assert_eq!(torn.finish(at), vec![Flaw::Gap(missing.0)]);
        }
    }
}

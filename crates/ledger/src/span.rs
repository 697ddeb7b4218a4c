//! A run of neighbouring positions on a tape.

use crate::limits::POSITION_MAX;

/// 〔区间〕 The positions `start, start+1, …, start+len-1` of one tape, in fen or units.
///
/// Half-open: the end is not in it. A span made by [`Span::new`] is never empty and never
/// reaches beyond [`POSITION_MAX`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First position.
    pub start: i64,
    /// Number of positions, more than zero.
    pub len: i64,
}

impl Span {
    /// A span, or `None` if it would be empty, negative or beyond [`POSITION_MAX`].
    pub const fn new(start: i64, len: i64) -> Option<Span> {
        if start < 0 || len <= 0 || len > POSITION_MAX || start > POSITION_MAX.saturating_sub(len) {
            return None;
        }
        Some(Span { start, len })
    }

    /// The span `[start, end)`, or `None` if there is nothing between them.
    pub const fn between(start: i64, end: i64) -> Option<Span> {
        Span::new(start, end.saturating_sub(start))
    }

    /// The first position after it.
    pub const fn end(self) -> i64 {
        self.start.saturating_add(self.len)
    }

    /// Whether a position lies in it.
    pub const fn holds(self, position: i64) -> bool {
        self.start <= position && position < self.end()
    }

    /// Whether the other span lies in it as a whole.
    pub const fn covers(self, other: Span) -> bool {
        self.start <= other.start && other.end() <= self.end()
    }

    /// The positions that both have.
    pub fn overlap(self, other: Span) -> Option<Span> {
        Span::between(self.start.max(other.start), self.end().min(other.end()))
    }

    /// The same span carried from the neighbourhood of `from` to that of `to`: position
    /// `from + x` becomes `to + x`. `None` if it would leave the tape.
    pub const fn carried(self, from: i64, to: i64) -> Option<Span> {
        Span::new(self.start.saturating_sub(from).saturating_add(to), self.len)
    }

    /// What it has from `position` on.
    pub fn from(self, position: i64) -> Option<Span> {
        Span::between(self.start.max(position), self.end())
    }

    /// What it has before `position`.
    pub fn until(self, position: i64) -> Option<Span> {
        Span::between(self.start, self.end().min(position))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(start: i64, end: i64) -> Span {
        Span::between(start, end).unwrap()
    }

    #[test]
    fn an_empty_negative_or_giant_span_is_not_made() {
        for (start, len) in [
            (0, 0),
            (5, -1),
            (-1, 3),
            (POSITION_MAX, 1),
            (i64::MAX, i64::MAX),
            (0, i64::MAX),
        ] {
            assert_eq!(Span::new(start, len), None, "{start} {len}");
        }
        assert_eq!(span(0, POSITION_MAX).end(), POSITION_MAX);
        assert_eq!(Span::between(7, 3), None);
    }

    #[test]
    fn overlap_is_what_both_have() {
        for (a, b, both) in [
            ((0, 5), (5, 9), None),
            ((0, 5), (4, 9), Some((4, 5))),
            ((0, 9), (2, 3), Some((2, 3))),
            ((2, 3), (0, 9), Some((2, 3))),
            ((6, 9), (0, 7), Some((6, 7))),
        ] {
            let got = span(a.0, a.1).overlap(span(b.0, b.1));
            assert_eq!(got, both.map(|(s, e)| span(s, e)), "{a:?} {b:?}");
        }
    }

    #[test]
    fn parts_and_carrying() {
        let s = span(10, 20);
        assert_eq!(s.from(13), Some(span(13, 20)));
        assert_eq!(s.from(2), Some(s));
        assert_eq!(s.from(20), None);
        assert_eq!(s.until(13), Some(span(10, 13)));
        assert_eq!(s.until(10), None);
        assert_eq!(s.carried(10, 100), Some(span(100, 110)));
        assert_eq!(s.carried(8, 0), Some(span(2, 12)));
        assert_eq!(s.carried(11, 0), None);
        assert!(s.covers(span(10, 20)) && !s.covers(span(9, 12)));
        assert!(s.holds(10) && !s.holds(20));
    }
}

//! Which positions of one side of a movement belong to which positions of the other.
//!
//! Without a conversion, position `o + x` is position `i + x`. With one, `a` fen became `n`
//! units. The finer side (the longer span) maps onto the coarser by rounding down:
//! `o + x ↔ i + ⌊x·n/a⌋` if `n ≤ a`, and `i + u ↔ o + ⌊u·a/n⌋` if `n > a`. So every position of
//! both sides has a partner, whichever side is the longer one, and both directions are the same
//! relation read from its two ends (decision 0006, point 4).

use crate::span::Span;

/// 〔对应〕 How the positions of two spans belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Correspondence {
    /// The side that is left.
    pub out: Span,
    /// The side that is reached.
    pub into: Span,
}

impl Correspondence {
    /// The two sides of a movement, or of any shift.
    pub const fn new(out: Span, into: Span) -> Correspondence {
        Correspondence { out, into }
    }

    /// Every position of `into` that belongs to a position of `part`, a part of `out`.
    /// `None` if `part` reaches beyond `out`.
    pub fn forward(&self, part: Span) -> Option<Span> {
        image(self.out, self.into, part)
    }

    /// Every position of `out` that belongs to a position of `part`, a part of `into`.
    pub fn backward(&self, part: Span) -> Option<Span> {
        image(self.into, self.out, part)
    }
}

/// The positions of `target` that belong to `part` of `source`.
fn image(source: Span, target: Span, part: Span) -> Option<Span> {
    if !source.covers(part) {
        return None;
    }
    if source.len == target.len {
        return part.carried(source.start, target.start);
    }
    let low = part.start.saturating_sub(source.start);
    let high = part.end().saturating_sub(source.start);
    let (low, high) = if source.len > target.len {
        // Fine to coarse: the partners of the first and of the last position.
        let last = scaled_down(high.saturating_sub(1), target.len, source.len);
        (
            scaled_down(low, target.len, source.len),
            last.saturating_add(1),
        )
    } else {
        // Coarse to fine: all that round down into the part.
        (
            scaled_up(low, target.len, source.len),
            scaled_up(high, target.len, source.len),
        )
    };
    Span::between(
        target.start.saturating_add(low),
        target.start.saturating_add(high),
    )
}

/// `⌊x·times/by⌋`, exact; `by` is the length of a span and so above zero.
fn scaled_down(x: i64, times: i64, by: i64) -> i64 {
    let product = i128::from(x).saturating_mul(i128::from(times));
    let quotient = product.checked_div_euclid(i128::from(by)).unwrap_or(0);
    i64::try_from(quotient).unwrap_or(i64::MAX)
}

/// `⌈x·times/by⌉`, exact.
fn scaled_up(x: i64, times: i64, by: i64) -> i64 {
    let down = scaled_down(x, times, by);
    let exact = i128::from(down).saturating_mul(i128::from(by))
        == i128::from(x).saturating_mul(i128::from(times));
    if exact { down } else { down.saturating_add(1) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::POSITION_MAX;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn check(a: i64, n: i64, part: (i64, i64), want: (i64, i64)) {
        let span = |start, len| Span::new(start, len).unwrap();
        let both = Correspondence::new(span(100, a), span(7, n));
        let part = Span::between(100 + part.0, 100 + part.1).unwrap();
        let want = Span::between(7 + want.0, 7 + want.1).unwrap();
        assert_eq!(both.forward(part), Some(want), "{a} to {n}");
    }

    #[test]
    fn rows() {
        check(10, 10, (3, 5), (3, 5)); // a shift
        check(1000, 3, (0, 334), (0, 1)); // 10 yuan for 3 masks: the first takes 334 fen
        check(1000, 3, (333, 334), (0, 1));
        check(1000, 3, (334, 335), (1, 2));
        check(1000, 3, (0, 1000), (0, 3));
        check(2, 100, (1, 2), (50, 100)); // 2 boxes of 50 pieces
        check(2, 3, (0, 1), (0, 2)); // the design's ⌊x·n/a⌋ would leave unit 1 to nobody
        check(2, 3, (1, 2), (2, 3));
    }

    #[test]
    fn the_longest_spans_do_not_wrap() {
        let long = Span::new(0, POSITION_MAX).unwrap();
        let other = Span::new(0, POSITION_MAX - 1).unwrap();
        let both = Correspondence::new(long, other);
        assert_eq!(both.forward(long), Some(other));
        assert_eq!(both.backward(other), Some(long));
        assert_eq!(both.backward(long), None);
    }

    proptest! {
        /// Against the relation written out pair by pair.
        #[test]
        fn both_directions_are_one_relation(
            a in 1..60i64, n in 1..60i64, o in 0..9i64, i in 0..9i64, x in 0..60i64, y in 1..60i64
        ) {
            let both = Correspondence::new(Span::new(o, a).unwrap(), Span::new(i, n).unwrap());
            let pairs: BTreeSet<(i64, i64)> = if n <= a {
                (0..a).map(|x| (o + x, i + x * n / a)).collect()
            } else {
                (0..n).map(|u| (o + u * a / n, i + u)).collect()
            };
            let (x, y) = (x % a, 1 + y % a);
            if let Some(part) = Span::between(o + x, o + (x + y).min(a)) {
                let want: BTreeSet<i64> =
                    pairs.iter().filter(|p| part.holds(p.0)).map(|p| p.1).collect();
                let got = both.forward(part).unwrap();
                prop_assert_eq!((got.start..got.end()).collect::<BTreeSet<_>>(), want);
            }
            if let Some(part) = Span::between(i + x % n, i + (x % n + y).min(n)) {
                let want: BTreeSet<i64> =
                    pairs.iter().filter(|p| part.holds(p.1)).map(|p| p.0).collect();
                let got = both.backward(part).unwrap();
                prop_assert_eq!((got.start..got.end()).collect::<BTreeSet<_>>(), want);
            }
        }
    }
}

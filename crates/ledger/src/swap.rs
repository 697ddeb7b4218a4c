//! Swaps: how an outflow that must concern one gift agrees with a tape that gives its head.
//!
//! A named outflow takes the head H like any outflow. Let G be as many of the lowest positions
//! that the gift still owns. Before the head is taken, the fen at G∖H and those at H∖G change
//! places, in order. So the gift's fen leave, and the fen that were at the head stay, at the
//! gift's former positions.

use crate::movement::MovementId;
use crate::span::Span;
use crate::tape::TapeId;

/// 〔换位〕 One run of a named outflow's swap, as it is kept: the fen at `from…` left through
/// the head positions `to…`, and the fen that were at `to…` stand at `from…` from then on.
///
/// `since` and `to_since` name the movement whose swap had put the fen where they were
/// ([`MovementId::ORIGIN`] if they stood where they were written). With them each step of a
/// trace is one seek in an index of spans that never overlap, however often a position changed
/// its owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Swap {
    /// The tape.
    pub tape: TapeId,
    /// First position of the run in G∖H: the gift's fen until now.
    pub from: i64,
    /// First position of the run in H∖G: consumed by the named outflow.
    pub to: i64,
    /// Length of the run, more than zero.
    pub len: i64,
    /// The named outflow.
    pub by: MovementId,
    /// Which earlier swap had put the fen at `from…`.
    pub since: MovementId,
    /// Which earlier swap had put the fen at `to…`.
    pub to_since: MovementId,
}

impl Swap {
    /// The positions in G∖H.
    pub const fn from_span(&self) -> Span {
        Span {
            start: self.from,
            len: self.len,
        }
    }

    /// The positions in H∖G.
    pub const fn to_span(&self) -> Span {
        Span {
            start: self.to,
            len: self.len,
        }
    }
}

/// 〔换位段〕 One run of a swap as the leaf lists it: only positions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Exchange {
    /// First position of the run in G∖H.
    pub from: i64,
    /// First position of the run in H∖G.
    pub to: i64,
    /// Length of the run, more than zero.
    pub len: i64,
}

/// Why no swap could be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SwapError {
    /// The gift owns less on this tape than the outflow takes; carries what it owns.
    OwnsLess {
        /// What the gift still owns here, in fen or units.
        owned: i64,
    },
    /// The owned spans are not ascending and apart, or lie before the head: a mistake of ours.
    Unordered,
}

impl SwapError {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            SwapError::OwnsLess { .. } => "swap-owns-less",
            SwapError::Unordered => "swap-unordered",
        }
    }
}

impl std::fmt::Display for SwapError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            SwapError::OwnsLess { .. } => {
                "这笔捐赠在该资金中剩余的金额不足，请减少金额，已用部分改由非限定资金支付。"
            }
            SwapError::Unordered => "捐赠剩余位置的记录次序有误，请停止操作并通知管理员核查。",
        })
    }
}

impl std::error::Error for SwapError {}

/// The order-preserving swap of G∖H with H∖G.
///
/// `owned` are the positions that the gift still owns on the tape, ascending; G is the lowest
/// `head.len` of them. `head` is H, the span that the outflow takes. The answer is empty if the
/// gift itself is at the head. Source: DESIGN 5, "Named outflows".
pub fn named_swaps(owned: &[Span], head: Span) -> Result<Vec<Exchange>, SwapError> {
    let gift = lowest(owned, head)?;
    let leaving = gift.iter().filter_map(|span| span.from(head.end()));
    let staying = gaps(&gift, head);
    Ok(paired(leaving, staying))
}

/// G: the lowest `head.len` positions of `owned`.
fn lowest(owned: &[Span], head: Span) -> Result<Vec<Span>, SwapError> {
    let mut gift: Vec<Span> = Vec::new();
    let mut missing = head.len;
    let mut reached = head.start;
    for span in owned {
        if span.start < reached || span.len <= 0 {
            return Err(SwapError::Unordered);
        }
        reached = span.end();
        if let Some(part) = span.until(span.start.saturating_add(missing)) {
            missing = missing.saturating_sub(part.len);
            gift.push(part);
        }
        if missing == 0 {
            return Ok(gift);
        }
    }
    Err(SwapError::OwnsLess {
        owned: head.len.saturating_sub(missing),
    })
}

/// H∖G, ascending.
fn gaps(gift: &[Span], head: Span) -> Vec<Span> {
    let mut gaps = Vec::new();
    let mut at = head.start;
    for span in gift {
        gaps.extend(Span::between(at, span.start.min(head.end())));
        at = span.end();
    }
    gaps.extend(Span::between(at, head.end()));
    gaps
}

/// Lays two lists of spans of the same total beside each other and cuts both wherever one of
/// them ends.
fn paired(from: impl Iterator<Item = Span>, to: Vec<Span>) -> Vec<Exchange> {
    let mut pairs = Vec::new();
    let mut to = to.into_iter();
    let mut open = to.next();
    for mut left in from {
        while let Some(right) = open {
            let len = left.len.min(right.len);
            pairs.push(Exchange {
                from: left.start,
                to: right.start,
                len,
            });
            open = right
                .from(right.start.saturating_add(len))
                .or_else(|| to.next());
            match left.from(left.start.saturating_add(len)) {
                Some(rest) => left = rest,
                None => break,
            }
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn spans(ends: &[(i64, i64)]) -> Vec<Span> {
        ends.iter()
            .map(|&(s, e)| Span::between(s, e).unwrap())
            .collect()
    }

    fn check(owned: &[(i64, i64)], head: (i64, i64), want: &[(i64, i64, i64)]) {
        let head = Span::between(head.0, head.1).unwrap();
        let got = named_swaps(&spans(owned), head).unwrap();
        let got: Vec<_> = got.iter().map(|e| (e.from, e.to, e.len)).collect();
        assert_eq!(got, want);
    }

    #[test]
    fn rows() {
        check(&[(0, 10)], (0, 10), &[]);
        check(&[(50, 60)], (0, 10), &[(50, 0, 10)]);
        check(&[(50, 80)], (0, 10), &[(50, 0, 10)]);
        check(&[(4, 20)], (0, 10), &[(10, 0, 4)]);
        check(
            &[(2, 4), (6, 7), (90, 99)],
            (0, 10),
            &[(90, 0, 2), (92, 4, 2), (94, 7, 3)],
        );
        check(&[(20, 22), (30, 34)], (10, 15), &[(20, 10, 2), (30, 12, 3)]);
    }

    #[test]
    fn refusals() {
        let head = Span::between(10, 20).unwrap();
        let too_little = named_swaps(&spans(&[(30, 39)]), head);
        assert_eq!(too_little, Err(SwapError::OwnsLess { owned: 9 }));
        for owned in [&[(9, 30)][..], &[(30, 35), (33, 50)], &[(40, 42), (30, 50)]] {
            assert_eq!(named_swaps(&spans(owned), head), Err(SwapError::Unordered));
        }
    }

    proptest! {
        /// Against sets of single positions.
        #[test]
        fn swaps_pair_the_two_differences_in_order(
            start in 0..40i64, len in 1..30i64, cuts in proptest::collection::vec((1..6i64, 1..8i64), 1..12)
        ) {
            let mut at = start;
            let mut owned = Vec::new();
            for (gap, n) in cuts {
                owned.push(Span::new(at + gap - 1, n).unwrap());
                at += gap + n - 1;
            }
            let all: Vec<i64> = owned.iter().flat_map(|s| s.start..s.end()).collect();
            let head = Span::new(start, len).unwrap();
            let got = named_swaps(&owned, head);
            if (all.len() as i64) < len {
                prop_assert_eq!(got, Err(SwapError::OwnsLess { owned: all.len() as i64 }));
                return Ok(());
            }
            let g: BTreeSet<i64> = all[..len as usize].iter().copied().collect();
            let h: BTreeSet<i64> = (head.start..head.end()).collect();
            let want: Vec<_> = g.difference(&h).copied().zip(h.difference(&g).copied()).collect();
            let got: Vec<_> = got.unwrap().iter().flat_map(|e| (0..e.len).map(|x| (e.from + x, e.to + x))).collect();
            prop_assert_eq!(got, want);
        }
    }
}

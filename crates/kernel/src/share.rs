//! Shares: parts of ten thousand, and the split that loses no fen.

use crate::limits::SHARES;
use crate::money::{Amount, Fen};
use std::fmt;

/// The whole, in basis points.
const WHOLE: u32 = 10_000;

/// 〔万分比〕 A share in parts of ten thousand, 0 to 10 000.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct BasisPoints(u32);

impl BasisPoints {
    /// Nothing of it.
    pub const ZERO: BasisPoints = BasisPoints(0);
    /// All of it.
    pub const ALL: BasisPoints = BasisPoints(WHOLE);

    /// So many parts of ten thousand; `None` above 10 000.
    #[must_use]
    pub const fn new(parts: u32) -> Option<Self> {
        if parts <= WHOLE {
            Some(BasisPoints(parts))
        } else {
            None
        }
    }

    /// The number of parts of ten thousand.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }

    /// This share of a sum, rounded down to whole fen (a negative sum away from zero).
    #[must_use]
    pub fn of(self, sum: Fen) -> Fen {
        // 64 times 14 bits fit 128 bits, and a share of a 64-bit sum fits 64 bits.
        let product = i128::from(sum.get()).saturating_mul(i128::from(self.0));
        let share = product.div_euclid(i128::from(WHOLE));
        Fen::new(i64::try_from(share).unwrap_or(sum.get()))
    }
}

/// 〔分摊〕 Splits an amount by shares that make up the whole. Every part is rounded down to
/// whole fen; the fen that are left over go to the part `remainder_to`, so that the parts
/// add up to the amount exactly and nobody has to guess who got the odd fen.
///
/// # Errors
/// No parts or too many, shares that do not make 10 000, a taker that is not there.
pub fn split(
    total: Amount,
    parts: &[BasisPoints],
    remainder_to: usize,
) -> Result<Vec<Fen>, SplitError> {
    if parts.is_empty() || parts.len() > SHARES {
        return Err(SplitError::Count { parts: parts.len() });
    }
    // At most 1000 shares of at most 10 000 each: far below 32 bits.
    let sum = parts
        .iter()
        .fold(0_u32, |sum, part| sum.saturating_add(part.0));
    if sum != WHOLE {
        return Err(SplitError::NotTheWhole { sum });
    }
    let mut shares: Vec<Fen> = parts.iter().map(|part| part.of(total.fen())).collect();
    let given = Fen::sum(shares.iter().copied()).unwrap_or(Fen::ZERO);
    let taker = shares
        .get_mut(remainder_to)
        .ok_or(SplitError::NoTaker { remainder_to })?;
    // Rounding down gives at most the total, so what is left is never negative.
    let left = total.get().saturating_sub(given.get());
    *taker = Fen::new(taker.get().saturating_add(left));
    Ok(shares)
}

/// Why an amount cannot be split this way.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SplitError {
    /// No parts at all, or more than the limit.
    Count {
        /// How many there are.
        parts: usize,
    },
    /// The shares do not make up the whole.
    NotTheWhole {
        /// What they make, in basis points.
        sum: u32,
    },
    /// No part has the number that shall take the rest.
    NoTaker {
        /// The number that was asked for, from zero.
        remainder_to: usize,
    },
}

impl SplitError {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Count { .. } => "split.count",
            Self::NotTheWhole { .. } => "split.not_the_whole",
            Self::NoTaker { .. } => "split.no_taker",
        }
    }
}

impl fmt::Display for SplitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count { parts } => {
                write!(f, "分摊份数为 {parts}，请填写 1 到 {SHARES} 份")
            }
            Self::NotTheWhole { sum } => {
                let (whole, rest) = (sum.div_euclid(100), sum.rem_euclid(100));
                write!(f, "各份比例合计为 {whole}.{rest:02}%，请改成合计 100%")
            }
            Self::NoTaker { remainder_to } => {
                write!(
                    f,
                    "没有第 {} 份来承担余数，请重新指定",
                    remainder_to.saturating_add(1)
                )
            }
        }
    }
}

impl std::error::Error for SplitError {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(total: i64, parts: &[u32], remainder_to: usize, want: &[i64]) {
        let parts: Vec<_> = parts
            .iter()
            .map(|p| BasisPoints::new(*p).unwrap())
            .collect();
        let got = split(Amount::new(total).unwrap(), &parts, remainder_to).unwrap();
        assert_eq!(got.iter().map(|f| f.get()).collect::<Vec<_>>(), want);
    }

    #[test]
    fn the_rest_goes_to_the_named_part() {
        check(100, &[10_000], 0, &[100]);
        check(100, &[3333, 3333, 3334], 0, &[34, 33, 33]);
        check(100, &[3333, 3333, 3334], 2, &[33, 33, 34]);
        check(1, &[5000, 5000], 1, &[0, 1]);
        check(10_001, &[0, 10_000], 0, &[0, 10_001]);
        check(
            i64::MAX,
            &[1, 9999],
            0,
            &[922_337_203_685_478, i64::MAX - 922_337_203_685_478],
        );
    }

    #[test]
    fn a_wrong_split_is_refused() {
        let amount = Amount::new(100).unwrap();
        let half = BasisPoints::new(5000).unwrap();
        let check = |parts: &[BasisPoints], to, code| {
            let refused = split(amount, parts, to).unwrap_err();
            assert_eq!(refused.code(), code);
            assert!(refused.to_string().contains('，'));
        };
        check(&[], 0, "split.count");
        check(&[BasisPoints::ZERO; SHARES + 1], 0, "split.count");
        check(&[half], 0, "split.not_the_whole");
        check(&[half, half, half], 0, "split.not_the_whole");
        check(&[half, half], 2, "split.no_taker");
        assert_eq!(BasisPoints::new(10_001), None);
    }

    #[test]
    fn a_share_is_rounded_down() {
        let third = BasisPoints::new(3333).unwrap();
        assert_eq!(third.of(Fen::new(-1)), Fen::new(-1));
        assert_eq!(third.of(Fen::new(2)), Fen::ZERO);
        assert_eq!(BasisPoints::ALL.of(Fen::new(i64::MIN)), Fen::new(i64::MIN));
        assert_eq!(BasisPoints::ALL.of(Fen::new(i64::MAX)), Fen::new(i64::MAX));
    }

    /// Shares that make the whole: cuts of 0..=10 000 in ascending order.
    fn shares() -> impl Strategy<Value = Vec<BasisPoints>> {
        prop::collection::vec(0_u32..=WHOLE, 0..40).prop_map(|mut cuts| {
            cuts.extend([0, WHOLE]);
            cuts.sort_unstable();
            cuts.windows(2).map(|w| BasisPoints(w[1] - w[0])).collect()
        })
    }

    proptest! {
        #[test]
        fn a_split_is_exact(total in 1..=i64::MAX, parts in shares(), pick: prop::sample::Index) {
            let taker = pick.index(parts.len());
            let got = split(Amount::new(total).unwrap(), &parts, taker).unwrap();
            prop_assert_eq!(Fen::sum(got.iter().copied()), Some(Fen::new(total)));
            for (at, (fen, part)) in got.iter().zip(&parts).enumerate() {
                // how far above the exact share, in ten-thousandths of a fen
                let exact = i128::from(total) * i128::from(part.get());
                let over = i128::from(fen.get()) * 10_000 - exact;
                let most = if at == taker { 10_000 * parts.len() as i128 } else { 1 };
                prop_assert!(over > -10_000 && over < most, "part {at}: {over}");
            }
        }
    }
}

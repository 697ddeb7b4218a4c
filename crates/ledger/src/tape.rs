//! A fund or a lot of goods as two counters: how much was ever written, how much ever taken.

use crate::limits::POSITION_MAX;
use crate::span::Span;

/// 〔资金带编号〕 Names a tape. The number is the row key of the fund or goods lot,
/// above zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TapeId(pub i64);

/// 〔资金带〕 The state of one tape, in fen or units.
///
/// `0 ≤ outflow ≤ inflow` and `0 ≤ reserved ≤ inflow − outflow`, always: every change goes
/// through a method that refuses what would break it and then leaves the tape as it was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tape {
    /// Everything ever written: the position where the next inflow starts.
    pub inflow: i64,
    /// Everything ever taken: the position where the next outflow starts.
    pub outflow: i64,
    /// Held back by approvals that are not paid yet.
    pub reserved: i64,
}

/// Why a tape did not change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TapeError {
    /// The amount is zero or negative.
    NotPositive,
    /// More than may be spent; carries what may be spent, in fen or units.
    Short {
        /// What could be had.
        available: i64,
    },
    /// The tape would grow beyond [`POSITION_MAX`].
    Full,
    /// More is released than was reserved; carries what is reserved.
    NotReserved {
        /// What is reserved.
        reserved: i64,
    },
    /// The three counters contradict each other: the row was damaged.
    Broken,
}

impl TapeError {
    /// The stable code, for logs and for the JSON API.
    pub const fn code(self) -> &'static str {
        match self {
            TapeError::NotPositive => "tape-not-positive",
            TapeError::Short { .. } => "tape-short",
            TapeError::Full => "tape-full",
            TapeError::NotReserved { .. } => "tape-not-reserved",
            TapeError::Broken => "tape-broken",
        }
    }
}

impl std::fmt::Display for TapeError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            TapeError::NotPositive => "金额或数量必须大于零，请重新填写。",
            TapeError::Short { .. } => "可用余额不足，请减少金额或等待款项到账。",
            TapeError::Full => "该资金累计流水已达系统上限，请新设一项资金后再登记。",
            TapeError::NotReserved { .. } => "释放的金额超过已预留的金额，请核对审批单。",
            TapeError::Broken => "该资金的计数自相矛盾，请停止操作并通知管理员核查。",
        })
    }
}

impl std::error::Error for TapeError {}

impl Tape {
    /// A tape with the counters of a stored row, or [`TapeError::Broken`].
    pub fn restore(inflow: i64, outflow: i64, reserved: i64) -> Result<Tape, TapeError> {
        let tape = Tape {
            inflow,
            outflow,
            reserved,
        };
        if tape.is_sound() {
            Ok(tape)
        } else {
            Err(TapeError::Broken)
        }
    }

    /// Whether the counters keep their order.
    pub const fn is_sound(&self) -> bool {
        0 <= self.outflow
            && self.outflow <= self.inflow
            && self.inflow <= POSITION_MAX
            && 0 <= self.reserved
            && self.reserved <= self.balance()
    }

    /// 〔余额〕 What is on the tape now.
    pub const fn balance(&self) -> i64 {
        self.inflow.saturating_sub(self.outflow)
    }

    /// 〔可用余额〕 What is on the tape and not reserved.
    pub const fn spendable(&self) -> i64 {
        self.balance().saturating_sub(self.reserved)
    }

    /// Writes `n` at the tail and says where.
    pub fn write(&mut self, n: i64) -> Result<Span, TapeError> {
        positive(n)?;
        let span = Span::new(self.inflow, n).ok_or(TapeError::Full)?;
        self.inflow = span.end();
        Ok(span)
    }

    /// Takes `n` that nobody reserved from the head and says where.
    pub fn take(&mut self, n: i64) -> Result<Span, TapeError> {
        positive(n)?;
        if n > self.spendable() {
            return Err(TapeError::Short {
                available: self.spendable().max(0),
            });
        }
        let span = Span::new(self.outflow, n).ok_or(TapeError::Broken)?;
        self.outflow = span.end();
        Ok(span)
    }

    /// Pays out `n` of what was reserved for it.
    pub fn take_reserved(&mut self, n: i64) -> Result<Span, TapeError> {
        let mut after = *self;
        after.release(n)?;
        let span = after.take(n)?;
        *self = after;
        Ok(span)
    }

    /// Holds `n` back for an approval.
    pub fn reserve(&mut self, n: i64) -> Result<(), TapeError> {
        positive(n)?;
        if n > self.spendable() {
            return Err(TapeError::Short {
                available: self.spendable().max(0),
            });
        }
        self.reserved = self.reserved.saturating_add(n);
        Ok(())
    }

    /// Gives `n` of what was held back free again.
    pub fn release(&mut self, n: i64) -> Result<(), TapeError> {
        positive(n)?;
        if n > self.reserved {
            return Err(TapeError::NotReserved {
                reserved: self.reserved,
            });
        }
        self.reserved = self.reserved.saturating_sub(n);
        Ok(())
    }
}

const fn positive(n: i64) -> Result<(), TapeError> {
    if n > 0 {
        Ok(())
    } else {
        Err(TapeError::NotPositive)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn first_in_first_out() {
        let mut tape = Tape::default();
        assert_eq!(tape.write(100), Ok(Span { start: 0, len: 100 }));
        assert_eq!(
            tape.write(50),
            Ok(Span {
                start: 100,
                len: 50
            })
        );
        assert_eq!(tape.take(120), Ok(Span { start: 0, len: 120 }));
        assert_eq!(tape.balance(), 30);
    }

    #[test]
    fn what_is_reserved_is_not_spent_twice() {
        let mut tape = Tape::restore(100, 0, 0).unwrap();
        tape.reserve(70).unwrap();
        assert_eq!(tape.take(31), Err(TapeError::Short { available: 30 }));
        assert_eq!(
            tape.take_reserved(71),
            Err(TapeError::NotReserved { reserved: 70 })
        );
        assert_eq!(tape.take_reserved(70), Ok(Span { start: 0, len: 70 }));
        assert_eq!((tape.reserved, tape.spendable()), (0, 30));
    }

    #[test]
    fn a_damaged_row_is_not_a_tape() {
        for (i, o, r) in [
            (1, 2, 0),
            (-1, -1, 0),
            (5, 2, 4),
            (5, 2, -1),
            (i64::MAX, 0, 0),
        ] {
            assert_eq!(
                Tape::restore(i, o, r),
                Err(TapeError::Broken),
                "{i} {o} {r}"
            );
        }
    }

    proptest! {
        #[test]
        fn no_sequence_of_calls_breaks_it(calls in proptest::collection::vec((0..5u8, -3..2000i64), 0..60)) {
            let mut tape = Tape::default();
            for (what, n) in calls {
                let before = tape;
                let done = match what {
                    0 => tape.write(n).is_ok(),
                    1 => tape.take(n).is_ok(),
                    2 => tape.reserve(n).is_ok(),
                    3 => tape.release(n).is_ok(),
                    _ => tape.take_reserved(n).is_ok(),
                };
                prop_assert!(tape.is_sound());
                prop_assert_eq!(done, tape != before);
            }
        }
    }
}

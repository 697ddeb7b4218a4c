//! Confirming an unusual gift 大额确认: whoever gives far more than others is asked once more, in words, because a
//! slipped zero is easily typed and hard to undo.

use crate::refusal::Refused;
use crate::{Sentence, say};
use kernel::{Amount, Fen};

/// Above so many times the campaign's median gift an amount is unusual.
const TIMES_MEDIAN: i64 = 20;
/// Above 10,000.00 yuan, in fen, an amount is unusual everywhere.
const UNUSUAL_ABOVE: i64 = 1_000_000;
/// A median of fewer gifts than this says nothing about what is usual.
const GIFTS_FOR_A_MEDIAN: usize = 5;

/// Why an amount is asked about again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unusual {
    /// Above 10,000 yuan.
    Large,
    /// Far above the usual gift of this campaign, which is this.
    FarAboveUsual(Fen),
}

impl Unusual {
    /// The reason, in words for the donor.
    #[must_use]
    pub fn sentence(self) -> Sentence {
        match self {
            Unusual::Large => "这笔捐赠超过1万元，请再确认一次金额，以免多写了零。".into(),
            Unusual::FarAboveUsual(usual) => say!(
                "这个活动常见的一笔是{usual}，您填的是它的二十倍以上；请再确认一次金额，以免多写了零。",
                usual
            ),
        }
    }
}

/// The median of some gifts; nothing if they are too few to say what is usual.
#[must_use]
pub fn median(mut amounts: Vec<i64>) -> Option<Fen> {
    if amounts.len() < GIFTS_FOR_A_MEDIAN {
        return None;
    }
    amounts.sort_unstable();
    // Of two in the middle the lower one: rather ask once too often.
    let at = amounts.len().saturating_sub(1) / 2;
    amounts.get(at).copied().map(Fen::new)
}

/// Is this amount unusual for a campaign whose median gift is `median`?
#[must_use]
pub fn unusual(amount: Amount, median: Option<Fen>) -> Option<Unusual> {
    if amount.get() > UNUSUAL_ABOVE {
        return Some(Unusual::Large);
    }
    let usual = median.filter(|usual| usual.get() > 0)?;
    let most = usual.get().saturating_mul(TIMES_MEDIAN);
    (amount.get() > most).then_some(Unusual::FarAboveUsual(usual))
}

/// Three sums to choose from instead of writing: the amount itself, and what one zero fewer and one more would be.
/// Where the right one stands differs from amount to amount, so that nobody learns to take the middle one.
#[must_use]
pub fn choices(amount: Amount) -> [Fen; 3] {
    let right = amount.get();
    let less = if right >= 10 {
        right / 10
    } else {
        right.saturating_mul(100)
    };
    let mut sums = [less, right, right.saturating_mul(10)];
    let turns = usize::try_from(right.unsigned_abs() / 100 % 3).unwrap_or(0);
    sums.rotate_left(turns);
    sums.map(Fen::new)
}

/// Why a confirmation is refused, in precedence order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConfirmationRefused {
    /// Nothing was written or chosen.
    Missing,
    /// What was written is no sum.
    Unreadable,
    /// It is another sum than the gift's.
    Other {
        /// What was written.
        written: Fen,
        /// The gift.
        amount: Fen,
    },
}

impl Refused for ConfirmationRefused {
    fn code(&self) -> &'static str {
        match self {
            ConfirmationRefused::Missing => "confirmation_missing",
            ConfirmationRefused::Unreadable => "confirmation_unreadable",
            ConfirmationRefused::Other { .. } => "confirmation_other",
        }
    }

    fn sentence(&self) -> Sentence {
        match self {
            ConfirmationRefused::Missing => {
                "请把金额用大写或数字再写一遍，或从给出的三个数里选出对的那一个。".into()
            }
            ConfirmationRefused::Unreadable => {
                "写的金额读不出来，请写成“壹万贰仟元整”这样，或再写一遍数字，有选项的也可以选一个。"
                    .into()
            }
            ConfirmationRefused::Other { written, amount } => say!(
                "确认的是{written}，填的却是{amount}；请看清楚再确认，要改金额请回去改。",
                written = *written,
                amount = *amount
            ),
        }
    }

    fn law(&self) -> Option<&'static str> {
        None
    }
}

/// Does what the donor wrote and chose, either or both, say the amount? Capitals, plain numerals and figures all count: what is
/// asked for is a second look, not good handwriting.
///
/// # Errors
/// `ConfirmationRefused` in precedence order.
pub fn decide_confirmation(
    amount: Amount,
    written: &str,
    chosen: &str,
) -> Result<(), ConfirmationRefused> {
    let said: Vec<&str> = [written.trim(), chosen.trim()]
        .into_iter()
        .filter(|text| !text.is_empty())
        .collect();
    if said.is_empty() {
        return Err(ConfirmationRefused::Missing);
    }
    // Who writes one sum and has chosen another is asked again.
    said.into_iter().try_for_each(|text| says(amount, text))
}

fn says(amount: Amount, text: &str) -> Result<(), ConfirmationRefused> {
    let read = Fen::parse_chinese(text).or_else(|| Fen::parse(text).ok());
    match read {
        None => Err(ConfirmationRefused::Unreadable),
        Some(written) if written == amount.fen() => Ok(()),
        Some(written) => Err(ConfirmationRefused::Other {
            written,
            amount: amount.fen(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn yuan(text: &str) -> Amount {
        Amount::parse(text).unwrap()
    }

    #[test]
    fn what_is_unusual() {
        let check = |amount: &str, usual: Option<&str>, want: bool| {
            let usual = usual.map(|text| Fen::parse(text).unwrap());
            assert_eq!(
                unusual(yuan(amount), usual).is_some(),
                want,
                "{amount} {usual:?}"
            );
        };
        check("10000", None, false);
        check("10000.01", None, true);
        check("1000", Some("50"), false);
        check("1000.01", Some("50"), true);
        check("5000", Some("0"), false);
        check("20", Some("1"), false);
        check("21", Some("1"), true);
        check("9999", Some("500"), false);
    }

    #[test]
    fn a_median_needs_gifts() {
        assert_eq!(median(vec![1, 2, 3, 4]), None);
        assert_eq!(median(vec![5, 1, 100, 2, 3]), Some(Fen::new(3)));
        assert_eq!(median(vec![5, 1, 100, 2, 3, 4]), Some(Fen::new(3)));
    }

    #[test]
    fn confirmations_are_read_as_people_write() {
        let check = |written: &str, chosen: &str, want: Result<(), &str>| {
            let got = decide_confirmation(yuan("12000"), written, chosen);
            assert_eq!(got.map_err(|r| r.code()), want, "{written} {chosen}");
        };
        check("壹万贰仟元整", "", Ok(()));
        check("壹萬貳仟圓", "", Ok(()));
        check("一万二千", "", Ok(()));
        check("12,000", "", Ok(()));
        check("", "壹万贰仟元整", Ok(()));
        check(" ", "", Err("confirmation_missing"));
        check("很多", "壹万贰仟元整", Err("confirmation_unreadable"));
        check("壹仟贰佰元整", "", Err("confirmation_other"));
        check("120000", "壹万贰仟元整", Err("confirmation_other"));
        check("", "壹拾贰万元整", Err("confirmation_other"));
        check("壹万贰仟元整", "壹拾贰万元整", Err("confirmation_other"));
        check("壹万贰仟元整", "壹万贰仟元整", Ok(()));
    }

    #[test]
    fn refusals_say_what_to_do() {
        for refusal in [
            ConfirmationRefused::Missing,
            ConfirmationRefused::Unreadable,
            ConfirmationRefused::Other {
                written: Fen::new(1),
                amount: Fen::new(2),
            },
        ] {
            assert!(refusal.sentence().contains("请"), "{}", refusal.code());
            assert_eq!(refusal.law(), None);
        }
    }

    proptest! {
        #[test]
        fn one_of_three_is_right(fen in 1..=500_000_000_i64) {
            let amount = Amount::new(fen).unwrap();
            let offered = choices(amount);
            prop_assert_eq!(offered.iter().filter(|sum| **sum == amount.fen()).count(), 1);
            for sum in offered {
                let said = decide_confirmation(amount, "", &sum.chinese());
                prop_assert_eq!(said.is_ok(), sum == amount.fen());
            }
        }
    }
}

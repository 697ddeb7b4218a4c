//! Where the money of a campaign is: parts of a whole, for a bar, a ring or a flow.

use app::view::CampaignCard;

use super::WIDTH;
use crate::show::permille;

/// A part of the money and where it is.
#[derive(Debug, Clone)]
pub(crate) struct UsePart {
    pub(crate) class: &'static str,
    pub(crate) title: &'static str,
    pub(crate) amount: i64,
    /// Hundredths of a per cent of what was raised.
    pub(crate) share: i64,
    /// Thousandths before it.
    pub(crate) x: i64,
    /// Thousandths that it takes.
    pub(crate) width: i64,
}

/// Delivered, with partners, bought goods, cost, unspent: side by side from left to right.
pub(crate) fn use_parts(card: &CampaignCard) -> Vec<UsePart> {
    let rows = [
        ("delivered", "已送达受益人", card.delivered),
        ("advanced", "在执行机构手中", card.advanced),
        ("units", "已购物资（在库或已发放）", card.purchased),
        ("cost", "管理和募捐成本", card.cost),
        ("resting", "尚未使用", card.unspent),
    ];
    let whole = rows
        .iter()
        .fold(0_i64, |sum, row| sum.saturating_add(row.2.max(0)));
    let shares = shares(rows.map(|row| row.2), whole);
    let mut x = 0;
    rows.into_iter()
        .zip(shares)
        .map(|((class, title, amount), share)| {
            let width = permille(amount, whole).min(WIDTH - x);
            let part = UsePart {
                class,
                title,
                amount,
                share,
                x,
                width,
            };
            x += width;
            part
        })
        .collect()
}

/// Shares in hundredths of a per cent that add up to the whole: what rounding down leaves over goes to those that lost
/// most by it, earlier ones first. A part below zero has a share below zero and takes nothing.
fn shares(parts: [i64; 5], whole: i64) -> [i64; 5] {
    const WHOLE: i128 = 10_000;
    if whole <= 0 {
        return [0; 5];
    }
    let product = |part: i64| i128::from(part) * WHOLE;
    let mut shares =
        parts.map(|part| i64::try_from(product(part) / i128::from(whole)).unwrap_or(0));
    // The whole is the sum of what is above zero.
    let given: i64 = shares.iter().filter(|share| **share > 0).sum();
    let left = usize::try_from(10_000 - given).unwrap_or(0);
    let mut lost: Vec<(i128, &mut i64)> = parts
        .iter()
        .map(|part| product(*part) % i128::from(whole))
        .zip(&mut shares)
        .filter(|(rest, _)| *rest > 0)
        .collect();
    lost.sort_by_key(|(rest, _)| std::cmp::Reverse(*rest));
    for (_, share) in lost.into_iter().take(left) {
        *share += 1;
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_parts(amounts: [i64; 5], widths: [i64; 5]) {
        let [delivered, advanced, purchased, cost, unspent] = amounts;
        let card = CampaignCard {
            delivered,
            advanced,
            purchased,
            cost,
            unspent,
            ..CampaignCard::default()
        };
        let parts = use_parts(&card);
        assert_eq!(
            parts.iter().map(|part| part.width).collect::<Vec<_>>(),
            widths
        );
        assert!(parts.iter().map(|part| part.width).sum::<i64>() <= WIDTH);
    }

    #[track_caller]
    fn check_shares(parts: [i64; 5], want: [i64; 5]) {
        let whole = parts.iter().map(|part| part.max(&0)).sum();
        assert_eq!(shares(parts, whole), want);
    }

    #[test]
    fn shares_add_up() {
        check_shares([0, 0, 0, 0, 0], [0, 0, 0, 0, 0]);
        check_shares([1, 1, 1, 0, 0], [3_334, 3_333, 3_333, 0, 0]);
        check_shares([2, 1, 0, 0, 0], [6_667, 3_333, 0, 0, 0]);
        check_shares([-1, 1, 0, 0, 2], [-3_333, 3_333, 0, 0, 6_667]);
        check_shares([0, 0, 0, 0, i64::MAX], [0, 0, 0, 0, 10_000]);
    }

    #[test]
    fn parts_lie_side_by_side_within_the_drawing() {
        check_parts([0, 0, 0, 0, 0], [0, 0, 0, 0, 0]);
        check_parts([40, 25, 10, 5, 20], [400, 250, 100, 50, 200]);
        check_parts([1, 1, 1, 1, i64::MAX / 2], [1, 1, 1, 1, 996]);
        check_parts([-5, 0, 0, 0, 10], [0, 0, 0, 0, 1_000]);
    }
}

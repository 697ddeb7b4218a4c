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
    let mut x = 0;
    rows.into_iter()
        .map(|(class, title, amount)| {
            let width = permille(amount, whole).min(WIDTH - x);
            let part = UsePart {
                class,
                title,
                amount,
                share: share(amount, whole),
                x,
                width,
            };
            x += width;
            part
        })
        .collect()
}

fn share(part: i64, whole: i64) -> i64 {
    if whole <= 0 {
        return 0;
    }
    i64::try_from(i128::from(part) * 10_000 / i128::from(whole)).unwrap_or(0)
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

    #[test]
    fn parts_lie_side_by_side_within_the_drawing() {
        check_parts([0, 0, 0, 0, 0], [0, 0, 0, 0, 0]);
        check_parts([40, 25, 10, 5, 20], [400, 250, 100, 50, 200]);
        check_parts([1, 1, 1, 1, i64::MAX / 2], [1, 1, 1, 1, 996]);
        check_parts([-5, 0, 0, 0, 10], [0, 0, 0, 0, 1_000]);
    }
}

//! What became of a gift, in shares that sum to it exactly, laid out for a drawing.

use app::view::ReceiptPage;

/// Width of the drawing.
const WIDTH: i64 = 1_000;
/// What may have become of a gift's money, in the order of the drawing: class and title.
const ENDS: [(&str, &str); 10] = [
    ("delivered", "已送达受益人"),
    ("advanced", "在执行机构手中"),
    ("units", "已成为物资"),
    ("cost", "管理和募捐成本"),
    ("fee", "渠道手续费"),
    ("refund", "已退还捐赠人"),
    ("chargeback", "被渠道退回"),
    ("correction", "已更正出账"),
    ("loss", "损失"),
    ("resting", "尚未使用"),
];
/// What has no name of its own above.
const OTHER: (&str, &str) = ("other", "其他去向");
/// What no page of the story has shown yet.
const MORE: (&str, &str) = ("more", "见后面的明细");

/// A share of a gift and its place in the drawing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) class: &'static str,
    pub(crate) title: &'static str,
    /// In the unit of the gift.
    pub(crate) amount: i64,
    pub(crate) x: i64,
    pub(crate) width: i64,
}

/// The shares by what became of them, those that are there.
pub(crate) fn shares(page: &ReceiptPage) -> Vec<Part> {
    let add = |sum: i64, share: i64| sum.saturating_add(share);
    let of = |kind: &str| {
        let segments = page.segments.iter().filter(|s| s.end.kind == kind);
        segments.map(|s| s.share).fold(0, add)
    };
    let mut rows: Vec<(&str, &str, i64)> = ENDS
        .iter()
        .map(|(class, title)| (*class, *title, of(class)))
        .collect();
    let named = rows.iter().map(|row| row.2).fold(0, add);
    let told = page.segments.iter().map(|s| s.share).fold(0, add);
    rows.push((OTHER.0, OTHER.1, told.saturating_sub(named)));
    rows.push((MORE.0, MORE.1, page.remaining));
    rows.retain(|row| row.2 > 0);
    laid_out(rows, page.amount)
}

/// Side by side from left to right; the last one ends at the edge, so that no gap looks like missing money.
fn laid_out(rows: Vec<(&'static str, &'static str, i64)>, whole: i64) -> Vec<Part> {
    let count = rows.len();
    let (mut sum, mut x) = (0_i64, 0_i64);
    rows.into_iter()
        .enumerate()
        .map(|(at, (class, title, amount))| {
            sum = sum.saturating_add(amount);
            let end = if at + 1 == count {
                WIDTH
            } else {
                crate::show::permille(sum, whole).max(x + 1).min(WIDTH)
            };
            let part = Part {
                class,
                title,
                amount,
                x,
                width: end - x,
            };
            x = end;
            part
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(amounts: &[i64], widths: &[i64]) {
        let rows = amounts.iter().map(|amount| ("x", "", *amount)).collect();
        let parts = laid_out(rows, amounts.iter().sum());
        assert_eq!(parts.iter().map(|p| p.width).collect::<Vec<_>>(), widths);
        let mut x = 0;
        for part in parts {
            assert_eq!(part.x, x, "no gap and no overlap");
            x += part.width;
        }
    }

    #[test]
    fn shares_fill_the_drawing() {
        check(&[], &[]);
        check(&[5_000], &[1_000]);
        check(&[3_000, 2_000], &[600, 400]);
        check(&[1, 1_000_000], &[1, 999]);
        check(&[1, 1, 1], &[333, 333, 334]);
    }
}

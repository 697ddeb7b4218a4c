//! Years: income and spending side by side.

use super::WIDTH;
use crate::show::permille;
use app::view::YearLine;

/// Height of the drawing above its labels.
const HEIGHT: i64 = 120;
/// The widest bar: one year alone is no wall.
const BAR_MAX: i64 = 90;

/// A bar of a year.
pub(crate) struct YearBar {
    pub(crate) year: i64,
    pub(crate) amount: i64,
    /// True for income, false for spending.
    pub(crate) is_income: bool,
    pub(crate) x: i64,
    pub(crate) y: i64,
    pub(crate) width: i64,
    pub(crate) height: i64,
}

/// Two bars for each year from the oldest on; what is less than nothing is drawn as nothing.
pub(crate) fn year_bars(years: &[YearLine]) -> Vec<YearBar> {
    let most = years.iter().map(|year| year.raised.max(year.spent));
    let most = most.max().unwrap_or(0);
    let count = i64::try_from(years.len().max(1)).unwrap_or(1);
    let step = (WIDTH / count).min(3 * BAR_MAX);
    let width = step / 3;
    let mut bars = Vec::new();
    for (place, line) in (0..count).zip(years.iter().rev()) {
        for (side, amount, is_income) in [(0, line.raised, true), (1, line.spent, false)] {
            let height = permille(amount.max(0), most) * (HEIGHT - 8) / 1_000;
            bars.push(YearBar {
                year: line.year,
                amount,
                is_income,
                x: place * step + side * width + step / 12,
                y: HEIGHT - height,
                width: width - step / 24,
                height,
            });
        }
    }
    bars
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_stand_inside_and_begin_with_the_oldest_year() {
        let line = |year, raised, spent| YearLine {
            year,
            raised,
            delivered: spent,
            purchased: 0,
            cost: 0,
            spent,
        };
        let years: Vec<_> = (0..5).map(|n| line(2026 - n, 100 * n, 300 - n)).collect();
        let bars = year_bars(&years);
        assert_eq!((bars.len(), bars[0].year), (10, 2022));
        for bar in &bars {
            assert!(bar.x >= 0 && bar.x + bar.width <= WIDTH && bar.y >= 0);
        }
        assert!(
            bars.windows(2)
                .all(|two| two[0].x + two[0].width <= two[1].x)
        );
        assert_eq!(year_bars(&[line(2026, -5, 0)])[0].height, 0);
    }
}

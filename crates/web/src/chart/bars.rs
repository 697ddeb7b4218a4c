//! Bars: one amount a day.

use super::WIDTH;
use crate::show::permille;
use app::view::DayTotal;

/// Height of the drawing.
const HEIGHT: i64 = 120;
/// The widest bar: one day alone is no wall.
const BAR_MAX: i64 = 60;

/// A day in the drawing.
pub(crate) struct Bar {
    pub(crate) day: String,
    pub(crate) amount: i64,
    pub(crate) x: i64,
    pub(crate) y: i64,
    pub(crate) width: i64,
    pub(crate) height: i64,
}

/// One bar for each day, the highest as high as the drawing.
pub(crate) fn bars(days: &[DayTotal]) -> Vec<Bar> {
    let most = days.iter().map(|day| day.amount).max().unwrap_or(0);
    let count = i64::try_from(days.len().max(1)).unwrap_or(1);
    let step = (WIDTH / count).min(BAR_MAX + BAR_MAX / 3);
    let mut x = 0;
    days.iter()
        .map(|day| {
            let height = permille(day.amount, most) * (HEIGHT - 8) / 1_000;
            let bar = Bar {
                day: day.day.clone(),
                amount: day.amount,
                x: x + step / 8,
                y: HEIGHT - height,
                width: (step - step / 4).max(1),
                height,
            };
            x += step;
            bar
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_stay_inside_and_keep_the_newest_days() {
        let day = |n: i64| DayTotal {
            day: format!("2026-01-{n:02}"),
            amount: n,
            gifts: 1,
        };
        let days: Vec<_> = (1..=28).map(day).collect();
        for bar in bars(&days) {
            assert!(bar.x + bar.width <= WIDTH && bar.y >= 0);
            assert_eq!(bar.y + bar.height, HEIGHT);
        }
        assert!(bars(&[]).is_empty());
    }
}

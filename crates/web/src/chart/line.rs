//! A line through amounts, and the surface under it; small ones stand beside words.

use std::fmt::Write as _;

use super::WIDTH;
use crate::show::permille;

/// Height of the drawing.
const HEIGHT: i64 = 120;

/// A line as the points of an SVG polyline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    /// The curve.
    pub(crate) points: String,
    /// The surface under the curve, as a path.
    pub(crate) under: String,
}

/// The line through these amounts from left to right; zero is the ground.
pub(crate) fn line(amounts: &[i64]) -> Line {
    let most = amounts.iter().copied().max().unwrap_or(0);
    let last = i64::try_from(amounts.len().saturating_sub(1)).unwrap_or(0);
    let mut points = String::new();
    for (place, amount) in amounts.iter().enumerate() {
        let place = i64::try_from(place).unwrap_or(0);
        let x = if last == 0 { 0 } else { place * WIDTH / last };
        let y = HEIGHT - permille(*amount, most) * (HEIGHT - 8) / 1_000;
        let gap = if points.is_empty() { "" } else { " " };
        // Writing into a String cannot fail.
        let _ = write!(points, "{gap}{x},{y}");
    }
    let under = if points.is_empty() {
        String::new()
    } else {
        format!("M 0,{HEIGHT} L {points} L {WIDTH},{HEIGHT} Z")
    };
    Line { points, under }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_spans_the_drawing() {
        assert_eq!(line(&[0, 50, 100]).points, "0,120 500,64 1000,8");
        assert_eq!(line(&[]).under, "");
        assert_eq!(line(&[7]).points, "0,8");
    }
}

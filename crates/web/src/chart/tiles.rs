//! China as tiles: one square for each province-level division, roughly where it lies.

/// Width and height of a tile.
const SIDE: i64 = 44;

/// A province in the drawing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tile {
    /// Two digits of the division code (GB/T 2260).
    pub(crate) code: &'static str,
    /// One or two characters.
    pub(crate) short: &'static str,
    pub(crate) x: i64,
    pub(crate) y: i64,
    pub(crate) amount: i64,
    /// 0 for nothing, then 1 to 4 by quarters of the largest.
    pub(crate) step: i64,
}

impl Tile {
    /// Side of the square.
    pub(crate) fn side(&self) -> i64 {
        SIDE
    }
}

/// Code, short name, column and row.
const GRID: [(&str, &str, i64, i64); 34] = [
    ("23", "黑", 9, 0),
    ("15", "蒙", 6, 1),
    ("22", "吉", 9, 1),
    ("65", "新", 1, 1),
    ("21", "辽", 8, 2),
    ("11", "京", 7, 2),
    ("12", "津", 8, 3),
    ("13", "冀", 7, 3),
    ("62", "甘", 3, 2),
    ("64", "宁", 4, 3),
    ("14", "晋", 6, 3),
    ("37", "鲁", 8, 4),
    ("63", "青", 2, 3),
    ("61", "陕", 5, 4),
    ("41", "豫", 7, 4),
    ("32", "苏", 8, 5),
    ("54", "藏", 1, 4),
    ("51", "川", 3, 5),
    ("50", "渝", 4, 5),
    ("42", "鄂", 6, 5),
    ("34", "皖", 7, 5),
    ("31", "沪", 9, 5),
    ("52", "贵", 4, 6),
    ("43", "湘", 5, 6),
    ("36", "赣", 6, 6),
    ("33", "浙", 8, 6),
    ("53", "云", 3, 7),
    ("45", "桂", 4, 7),
    ("44", "粤", 6, 7),
    ("35", "闽", 7, 7),
    ("71", "台", 9, 7),
    ("46", "琼", 5, 9),
    ("81", "港", 7, 8),
    ("82", "澳", 6, 8),
];

/// The tiles with an amount by two-digit code; what has none is empty, not left out.
pub(crate) fn tiles(amounts: &[(&str, i64)]) -> Vec<Tile> {
    let most = amounts.iter().map(|(_, n)| *n).max().unwrap_or(0);
    GRID.iter()
        .map(|(code, short, column, row)| {
            let amount = amounts
                .iter()
                .find(|(known, _)| known == code)
                .map_or(0, |(_, n)| *n);
            let step = if amount <= 0 || most <= 0 {
                0
            } else {
                let quarters = i128::from(amount) * 4 / i128::from(most);
                i64::try_from(quarters.clamp(1, 4)).unwrap_or(1)
            };
            Tile {
                code,
                short,
                x: column * SIDE,
                y: row * SIDE,
                amount,
                step,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_tile_has_its_own_place() {
        let all = tiles(&[("33", 8), ("42", 1)]);
        let places: BTreeSet<_> = all.iter().map(|tile| (tile.x, tile.y)).collect();
        assert_eq!(places.len(), GRID.len());
        let step = |code: &str| all.iter().find(|t| t.code == code).unwrap().step;
        assert_eq!((step("33"), step("42"), step("11")), (4, 1, 0));
    }
}

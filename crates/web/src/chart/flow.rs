//! The flow of money: what was raised, and the streams into which it parted.

use super::UsePart;

/// Height of the drawing.
pub(crate) const HEIGHT: i64 = 200;
/// Height of all streams together; the rest are gaps between their ends.
const STREAM: i64 = 160;
/// Left end of the streams.
const LEFT: i64 = 40;
/// Right end of the streams.
const RIGHT: i64 = 960;
/// Where the curves bend.
const BEND: i64 = 500;

/// A stream from the whole to a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Band {
    /// The part's colour.
    pub(crate) class: &'static str,
    /// The stream as an SVG path.
    pub(crate) path: String,
    /// Top of its right end.
    pub(crate) y: i64,
    /// Height of its right end.
    pub(crate) height: i64,
}

/// One stream for each part that is there; together they are as high as the whole.
pub(crate) fn flow(parts: &[UsePart]) -> Vec<Band> {
    let there: Vec<&UsePart> = parts.iter().filter(|part| part.width > 0).collect();
    let gaps = i64::try_from(there.len().saturating_sub(1)).unwrap_or(0);
    let gap = if gaps == 0 {
        0
    } else {
        (HEIGHT - STREAM) / gaps
    };
    let (mut from, mut to) = ((HEIGHT - STREAM) / 2, 0);
    if gaps == 0 {
        to = from;
    }
    there
        .into_iter()
        .map(|part| {
            let height = (part.width * STREAM / 1_000).max(1);
            let path = format!(
                "M {LEFT},{from} C {BEND},{from} {BEND},{to} {RIGHT},{to} V {} C {BEND},{} {BEND},{} {LEFT},{} Z",
                to + height,
                to + height,
                from + height,
                from + height,
            );
            let band = Band {
                class: part.class,
                path,
                y: to,
                height,
            };
            from += height;
            to += height + gap;
            band
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(width: i64) -> UsePart {
        UsePart {
            class: "x",
            title: "x",
            amount: width,
            share: width * 10,
            x: 0,
            width,
        }
    }

    #[test]
    fn streams_stay_inside_and_apart() {
        let bands = flow(&[part(500), part(0), part(300), part(200)]);
        assert_eq!(bands.len(), 3, "nothing flows where nothing is");
        for pair in bands.windows(2) {
            assert!(pair[0].y + pair[0].height <= pair[1].y);
        }
        let last = bands.last().unwrap();
        assert!(last.y + last.height <= HEIGHT);
    }
}

//! Looks at whole names: where in them something stands that was asked for.

use crate::part::{EDGE, Part};
use std::rc::Rc;

/// 〔位置〕 Where it stands, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    /// It is a whole name.
    Whole,
    /// A name begins with it.
    Beginning,
    /// It stands within a name.
    Inside,
}

/// The names between the edges of a text.
fn names(text: &[u16]) -> impl Iterator<Item = &[u16]> {
    text.split(|symbol| *symbol == EDGE)
        .filter(|name| !name.is_empty())
}

/// The best place of a run of so many symbols that fits, in a text with its edges.
fn best_run(text: &[u16], length: usize, fits: impl Fn(&[u16]) -> bool) -> Option<Place> {
    let mut best = None;
    // Each run with the symbols before and behind it.
    for framed in text.windows(length + 2) {
        if !fits(&framed[1..=length]) {
            continue;
        }
        let place = match (framed[0] == EDGE, framed[length + 1] == EDGE) {
            (true, true) => return Some(Place::Whole),
            (true, false) => Place::Beginning,
            (false, _) => Place::Inside,
        };
        best = Some(best.map_or(place, |known: Place| known.min(place)));
    }
    best
}

/// The best place of a run of symbols in the names of a text.
pub(crate) fn place_of(text: &[u16], wanted: &[u16]) -> Option<Place> {
    let first = wanted.first()?;
    best_run(text, wanted.len(), |run| run[0] == *first && run == wanted)
}

/// 〔合格符号〕 The symbols of a part that are what a token wants.
#[derive(Debug)]
pub(crate) struct Fitting {
    /// In order.
    pub(crate) symbols: Vec<u16>,
    /// By symbol; the edge never fits.
    each: Vec<bool>,
}

impl Fitting {
    pub(crate) fn new(part: &Part, symbols: Vec<u16>) -> Fitting {
        let mut each = vec![false; part.symbols()];
        for symbol in &symbols {
            if let Some(fits) = each.get_mut(usize::from(*symbol)) {
                *fits = *symbol != EDGE;
            }
        }
        Fitting { symbols, each }
    }

    fn has(&self, symbol: u16) -> bool {
        self.each.get(usize::from(symbol)).copied().unwrap_or(false)
    }
}

/// The best place of a run of symbols that fit one by one.
pub(crate) fn place_of_fitting(text: &[u16], wanted: &[Rc<Fitting>]) -> Option<Place> {
    best_run(text, wanted.len(), |run| {
        run.iter()
            .zip(wanted)
            .all(|(symbol, fits)| fits.has(*symbol))
    })
}

/// 〔一字之差〕 A run of symbols that may have one wrong, one missing or one too many.
#[derive(Debug)]
pub(crate) struct Close {
    wanted: Vec<u16>,
    /// For each symbol of the part, where it stands in `wanted`: one bit each.
    masks: Vec<u32>,
}

impl Close {
    /// At most 32 symbols.
    pub(crate) fn new(part: &Part, wanted: &[u16]) -> Close {
        let mut masks = vec![0; part.symbols()];
        for (bit, symbol) in (0_u32..32).zip(wanted) {
            if let Some(mask) = masks.get_mut(usize::from(*symbol)) {
                *mask |= 1 << bit;
            }
        }
        Close {
            wanted: wanted.to_vec(),
            masks,
        }
    }

    /// The best place in the names of a text.
    pub(crate) fn place_of(&self, text: &[u16]) -> Option<Place> {
        names(text)
            .filter_map(|name| {
                if is_within_one(name, &self.wanted) {
                    return Some(Place::Whole);
                }
                let len = self.wanted.len();
                let begins = [len - 1, len, len + 1].into_iter().any(|n| {
                    name.get(..n)
                        .is_some_and(|run| is_within_one(run, &self.wanted))
                });
                if begins {
                    return Some(Place::Beginning);
                }
                self.is_inside(name).then_some(Place::Inside)
            })
            .min()
    }

    /// Bit i of `exact` says that the first i+1 symbols end here, of `close` that they do with one difference.
    fn is_inside(&self, name: &[u16]) -> bool {
        let last = 1_u32 << (self.wanted.len() - 1);
        let (mut exact, mut close) = (0_u32, 1_u32);
        for symbol in name {
            let mask = self.masks.get(usize::from(*symbol)).copied().unwrap_or(0);
            let before = exact;
            exact = (exact << 1 | 1) & mask;
            let same = (close << 1 | 1) & mask;
            let (one_more, another, one_less) = (before, before << 1, exact << 1);
            close = same | one_more | another | one_less | 1;
            if close & last != 0 {
                return true;
            }
        }
        false
    }
}

/// True if one becomes the other by at most one wrong, missing or surplus symbol.
pub(crate) fn is_within_one<T: PartialEq>(one: &[T], other: &[T]) -> bool {
    if one.len().abs_diff(other.len()) > 1 {
        return false;
    }
    let longest = one.len().max(other.len());
    let alike =
        |pairs: &mut dyn Iterator<Item = (&T, &T)>| pairs.take_while(|(a, b)| a == b).count();
    let front = alike(&mut one.iter().zip(other));
    let back = alike(&mut one.iter().rev().zip(other.iter().rev()));
    front + back + 1 >= longest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_difference_is_close() {
        for (one, other, want) in [
            ("abc", "abc", true),
            ("abc", "axc", true),
            ("abc", "ac", true),
            ("ac", "abc", true),
            ("abc", "bc", true),
            ("abc", "ab", true),
            ("abc", "acb", false),
            ("abcd", "ab", false),
            ("aa", "aaa", true),
            ("", "a", true),
            ("", "", true),
            ("ab", "cd", false),
        ] {
            assert_eq!(
                is_within_one(one.as_bytes(), other.as_bytes()),
                want,
                "{one} {other}"
            );
        }
    }
}

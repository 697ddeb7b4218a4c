//! 〔折叠〕 What is the same to a reader becomes the same: width, case, punctuation, traditional characters.

use hanconv::RawDictionary;
use std::collections::HashMap;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

/// Traditional characters and the simplified one that each is searched as.
static SIMPLIFIED: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
    let one = |text: &str| {
        let mut chars = text.chars();
        chars.next().filter(|_| chars.next().is_none())
    };
    let table = |dictionary: RawDictionary| {
        let pairs = dictionary.iter().collect::<Vec<_>>();
        pairs
            .into_iter()
            .filter_map(move |(from, to)| Some((one(from)?, one(to)?)))
    };
    let mut map: HashMap<char, char> = table(RawDictionary::TSCharacters).collect();
    // Forms of Taiwan and Hong Kong are folded like the form that they vary.
    let variants = table(RawDictionary::TWVariants).chain(table(RawDictionary::HKVariants));
    for (standard, variant) in variants {
        let target = map.get(&standard).copied().unwrap_or(standard);
        map.entry(variant).or_insert(target);
    }
    // A chain of steps becomes one, so that folding twice is folding once.
    let all: Vec<char> = map.keys().copied().collect();
    for from in all {
        let mut to = from;
        for _ in 0..CHAIN_MAX {
            match map.get(&to) {
                Some(&next) if next != to => to = next,
                _ => break,
            }
        }
        map.insert(from, to);
    }
    map
});

/// Steps from one form of a character to another that are followed.
const CHAIN_MAX: usize = 4;

/// Folds a text: only letters, digits and characters of writing remain, at most `limit` of them.
///
/// Folding what is folded changes nothing.
#[must_use]
pub fn fold(text: &str, limit: usize) -> String {
    folded(text, limit).into_iter().collect()
}

pub(crate) fn folded(text: &str, limit: usize) -> Vec<char> {
    let plain = text.nfkc().flat_map(char::to_lowercase);
    let letters = plain.filter(|c| c.is_alphanumeric());
    // What stood apart by a mark that fell away may be one letter now.
    letters
        .nfc()
        .filter(|c| c.is_alphanumeric())
        .map(|c| SIMPLIFIED.get(&c).copied().unwrap_or(c))
        .take(limit)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(text: &str, want: &str) {
        assert_eq!(fold(text, 100), want);
    }

    #[test]
    fn what_reads_the_same_is_the_same() {
        check("財團法人 慈濟", "财团法人慈济");
        check("ＡＢＣ－１２", "abc12");
        check("（善）·《迹》", "善迹");
        check("台灣／臺灣", "台湾台湾");
        check("裡、裏、里", "里里里");
        check("乾淨的頭髮發現", "干净的头发发现");
        check("㈱ Straße ﬁn", "株straßefin");
        check("%_'\"\\;--", "");
        check("", "");
    }

    #[test]
    fn the_limit_holds() {
        assert_eq!(fold(&"善".repeat(300), 7).chars().count(), 7);
    }

    proptest! {
        #[test]
        fn twice_is_once(text in any::<String>()) {
            let once = fold(&text, 500);
            prop_assert_eq!(fold(&once, 500), once);
        }
    }
}

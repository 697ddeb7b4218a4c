//! 〔拼音〕 How characters sound: their readings without tones, and the letters with which those begin.

use crate::limits::READINGS_MAX;
use pinyin::ToPinyinMulti;
use std::ops::{Range, RangeInclusive};
use std::sync::LazyLock;

/// Where characters with readings stand: the unified ideographs and their first extension.
const IDEOGRAPHS: [RangeInclusive<char>; 2] = ['\u{3400}'..='\u{4DBF}', '\u{4E00}'..='\u{9FFF}'];

/// All syllables in alphabetical order; the place of each is its number.
static SYLLABLES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut all: Vec<String> = IDEOGRAPHS.into_iter().flatten().flat_map(read).collect();
    all.sort_unstable();
    all.dedup();
    all
});

/// The readings of a character as the table has them, most usual first.
fn read(c: char) -> Vec<String> {
    let readings = c
        .to_pinyin_multi()
        .into_iter()
        .flatten()
        .map(|reading| typed(reading.plain()));
    readings.filter(|text| is_syllable(text)).collect()
}

/// The most usual reading of a character, without its tone.
pub(crate) fn reading(c: char) -> Option<String> {
    read(c).into_iter().next()
}

/// A syllable as people type it: ü is v.
fn typed(plain: &str) -> String {
    plain
        .chars()
        .map(|c| if c == 'ü' { 'v' } else { c })
        .collect()
}

/// Grunts without a vowel (m, ng) would read every letter as a word.
fn is_syllable(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_lowercase())
        && text
            .bytes()
            .any(|b| matches!(b, b'a' | b'e' | b'i' | b'o' | b'u' | b'v'))
}

/// The number of a syllable.
pub(crate) fn syllable(text: &str) -> Option<u16> {
    let place = SYLLABLES
        .binary_search_by(|known| known.as_str().cmp(text))
        .ok()?;
    u16::try_from(place).ok()
}

/// The numbers of the syllables that begin with these letters.
pub(crate) fn syllables_from(letters: &str) -> Range<u16> {
    let from = SYLLABLES.partition_point(|known| known.as_str() < letters);
    let len = SYLLABLES[from..].partition_point(|known| known.starts_with(letters));
    let number = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
    number(from)..number(from + len)
}

/// 〔读音〕 The readings of one character, by their numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Sounds {
    numbers: [u16; READINGS_MAX],
    count: u8,
    /// The letters and digits with which it begins, one bit each; a letter or digit begins with itself.
    pub(crate) initials: u64,
}

impl Sounds {
    /// The readings of a folded character; none if it is not read in Chinese.
    pub(crate) fn of(c: char) -> Sounds {
        let mut sounds = Sounds {
            numbers: [0; READINGS_MAX],
            count: 0,
            initials: initial(c),
        };
        for text in read(c) {
            let (Some(number), Some(first)) = (syllable(&text), text.chars().next()) else {
                continue;
            };
            if sounds.numbers().contains(&number) {
                continue;
            }
            let Some(place) = sounds.numbers.get_mut(usize::from(sounds.count)) else {
                break;
            };
            *place = number;
            sounds.count += 1;
            sounds.initials |= initial(first);
        }
        sounds
    }

    pub(crate) fn numbers(&self) -> &[u16] {
        &self.numbers[..usize::from(self.count)]
    }

    /// True if both can be read alike.
    pub(crate) fn meets(&self, other: &Sounds) -> bool {
        self.numbers().iter().any(|n| other.numbers().contains(n))
    }
}

/// The bit of a letter or digit; nothing for other characters.
pub(crate) fn initial(c: char) -> u64 {
    match c {
        'a'..='z' => 1 << (u32::from(c) - u32::from('a')),
        '0'..='9' => 1 << (u32::from(c) - u32::from('0') + 26),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn syllables_have_numbers() {
        assert!((350..600).contains(&SYLLABLES.len()), "{}", SYLLABLES.len());
        for text in ["wu", "han", "zhuang", "lv", "a", "e", "o", "er"] {
            assert!(syllable(text).is_some(), "{text}");
        }
        for text in ["", "w", "ng", "m", "wuh", "善"] {
            assert!(syllable(text).is_none(), "{text}");
        }
        let zh = syllables_from("zh");
        assert!(SYLLABLES[usize::from(zh.start)].starts_with("zh"));
        assert!(zh.contains(&syllable("zhuang").unwrap()));
        assert!(!zh.contains(&syllable("za").unwrap()));
        assert_eq!(syllables_from("x9").len(), 0);
    }

    #[test]
    fn characters_have_all_their_readings() {
        let chong = Sounds::of('重');
        assert!(chong.numbers().contains(&syllable("zhong").unwrap()));
        assert!(chong.numbers().contains(&syllable("chong").unwrap()));
        assert_eq!(chong.initials & initial('z'), initial('z'));
        assert!(
            Sounds::of('绿')
                .numbers()
                .contains(&syllable("lv").unwrap())
        );
        assert!(Sounds::of('石').meets(&Sounds::of('十')));
        assert!(!Sounds::of('武').meets(&Sounds::of('汉')));
        assert_eq!(Sounds::of('b').initials, initial('b'));
        assert_eq!(Sounds::of('が').initials, 0);
    }
}

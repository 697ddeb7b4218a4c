//! 〔拼写〕 The ways to read typed letters as syllables and initials, beside characters that stand for themselves.
//!
//! `whhszh` is six initials; `wuhanhong` is three syllables; `武汉hsz` is two characters and three initials. A
//! syllable may be unfinished only at the end, because people stop typing there; `zh`, `ch` and `sh` are initials
//! of their own.

use crate::limits::{PINYIN_LETTERS_MAX, SPELLING_STEPS_MAX, SPELLINGS_MAX};
use crate::sound::{Sounds, syllable, syllables_from};
use std::ops::Range;

/// The longest syllable: zhuang, shuang, chuang.
const SYLLABLE_LETTERS_MAX: usize = 6;

/// What one character of a name must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Token {
    /// This very character.
    Char(char),
    /// Begins with this letter.
    Initial(char),
    /// Reads like this.
    Syllable(u16),
    /// Reads like one of these.
    Syllables(Range<u16>),
    /// Reads like this character can be read.
    Sounds(Sounds),
}

/// The ways to read a folded text that has two letters or more; the plainest first.
pub(crate) fn spellings(chars: &[char]) -> Vec<Vec<Token>> {
    let letters = chars.iter().filter(|c| is_letter(**c)).count();
    if !(2..=PINYIN_LETTERS_MAX).contains(&letters) {
        return Vec::new();
    }
    let all: Vec<char> = chars
        .iter()
        .map(|c| if *c == 'ü' { 'v' } else { *c })
        .collect();
    let initials = all.iter().map(|c| {
        if is_letter(*c) {
            Token::Initial(*c)
        } else {
            Token::Char(*c)
        }
    });
    let mut found = Reader {
        chars: &all,
        found: vec![initials.collect()],
        steps: 0,
    };
    found.syllables_only(0, &mut Vec::new());
    found.mixed(0, &mut Vec::new());
    found.found
}

fn is_letter(c: char) -> bool {
    c.is_ascii_lowercase() || c == 'ü'
}

struct Reader<'a> {
    chars: &'a [char],
    found: Vec<Vec<Token>>,
    steps: usize,
}

impl Reader<'_> {
    fn keep(&mut self, spelling: &[Token]) {
        if self.found.len() < SPELLINGS_MAX && !self.found.iter().any(|known| known == spelling) {
            self.found.push(spelling.to_vec());
        }
    }

    fn is_over(&mut self) -> bool {
        self.steps += 1;
        self.steps > SPELLING_STEPS_MAX || self.found.len() >= SPELLINGS_MAX
    }

    /// Whole syllables, and one that is not finished yet at the very end.
    fn syllables_only(&mut self, at: usize, spelling: &mut Vec<Token>) {
        if at == self.chars.len() {
            self.keep(spelling);
            return;
        }
        for (token, after) in self.whole(at) {
            if self.is_over() {
                return;
            }
            spelling.push(token);
            self.syllables_only(after, spelling);
            spelling.pop();
        }
        if let Some(token) = self.unfinished(at) {
            spelling.push(token);
            self.keep(spelling);
            spelling.pop();
        }
    }

    /// Syllables and initials in any order.
    fn mixed(&mut self, at: usize, spelling: &mut Vec<Token>) {
        if at == self.chars.len() {
            self.keep(spelling);
            return;
        }
        let mut steps = self.whole(at);
        steps.extend(self.double(at));
        if is_letter(self.chars[at]) {
            steps.push((Token::Initial(self.chars[at]), at + 1));
        }
        for (token, after) in steps {
            if self.is_over() {
                return;
            }
            spelling.push(token);
            self.mixed(after, spelling);
            spelling.pop();
        }
        if let Some(token) = self.unfinished(at) {
            spelling.push(token);
            self.keep(spelling);
            spelling.pop();
        }
    }

    /// A character that stands for itself, or the whole syllables from here, the longest first.
    fn whole(&self, at: usize) -> Vec<(Token, usize)> {
        let first = self.chars[at];
        if !is_letter(first) {
            return vec![(Token::Char(first), at + 1)];
        }
        let end = self.chars.len().min(at + SYLLABLE_LETTERS_MAX);
        let tokens = (at + 1..=end).rev().filter_map(|after| {
            let text: String = self.chars[at..after].iter().collect();
            Some((Token::Syllable(syllable(&text)?), after))
        });
        tokens.collect()
    }

    /// zh, ch and sh as one initial.
    fn double(&self, at: usize) -> Option<(Token, usize)> {
        let pair = self.chars.get(at..at + 2)?;
        let is_double = matches!(pair, ['z' | 'c' | 's', 'h']);
        let text: String = pair.iter().collect();
        is_double.then(|| (Token::Syllables(syllables_from(&text)), at + 2))
    }

    /// The rest as the beginning of a syllable.
    fn unfinished(&self, at: usize) -> Option<Token> {
        let rest = &self.chars[at..];
        if rest.len() > SYLLABLE_LETTERS_MAX || !rest.iter().all(|c| is_letter(*c)) {
            return None;
        }
        let range = syllables_from(&rest.iter().collect::<String>());
        (!range.is_empty()).then_some(Token::Syllables(range))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<Vec<Token>> {
        spellings(&text.chars().collect::<Vec<_>>())
    }

    fn syllables(texts: &[&str]) -> Vec<Token> {
        texts
            .iter()
            .map(|text| Token::Syllable(syllable(text).unwrap()))
            .collect()
    }

    #[test]
    fn letters_are_read_in_every_sensible_way() {
        let initials: Vec<Token> = "whhszh".chars().map(Token::Initial).collect();
        assert_eq!(of("whhszh")[0], initials);
        assert!(
            of("wuhanhongshizihui")
                .contains(&syllables(&["wu", "han", "hong", "shi", "zi", "hui"]))
        );
        assert!(of("xian").contains(&syllables(&["xian"])));
        assert!(of("xian").contains(&syllables(&["xi", "an"])));
        let mut begun = syllables(&["wu"]);
        begun.push(Token::Syllables(syllables_from("ha")));
        assert!(of("wuha").contains(&begun));
        let mut mixed = vec![Token::Char('武'), Token::Char('汉')];
        mixed.extend(syllables(&["hong"]));
        assert!(of("武汉hong").contains(&mixed));
        assert!(
            of("whhongshizihui")
                .iter()
                .any(|s| s.len() == 6 && s[0] == Token::Initial('w'))
        );
    }

    #[test]
    fn what_has_no_letters_has_no_spelling() {
        assert!(of("武汉").is_empty());
        assert!(of("2008").is_empty());
        assert!(of("w").is_empty());
        assert!(of(&"a".repeat(PINYIN_LETTERS_MAX + 1)).is_empty());
    }

    #[test]
    fn spellings_are_bounded() {
        for text in [
            "a".repeat(40),
            "xian".repeat(10),
            "zhchsh".repeat(6),
            "shang".repeat(8),
        ] {
            assert!(of(&text).len() <= SPELLINGS_MAX);
        }
    }
}

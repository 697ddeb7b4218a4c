//! 〔问句〕 What was typed, made ready once for all parts.

use crate::fold::folded;
use crate::limits::{CLOSE_CHARS_MAX, CLOSE_CHARS_MIN, QUERY_CHARS_MAX, QUERY_READ_MAX, WORDS_MAX};
use crate::sound::Sounds;
use crate::spell::{Token, spellings};

/// A question, folded, with its words and the ways in which its letters can be read.
#[derive(Debug, Clone)]
pub struct Query {
    pub(crate) whole: Word,
    /// The words between blanks, if there are two or more.
    pub(crate) words: Vec<Word>,
}

/// A text to look for.
#[derive(Debug, Clone)]
pub(crate) struct Word {
    pub(crate) chars: Vec<char>,
    /// The ways to read its letters; none if it has no letters.
    pub(crate) spellings: Vec<Vec<Token>>,
}

impl Word {
    fn new(chars: Vec<char>) -> Word {
        let spellings = spellings(&chars);
        Word { chars, spellings }
    }
}

impl Query {
    /// Makes a question of any text whatever.
    #[must_use]
    pub fn new(text: &str) -> Query {
        let text: String = text.chars().take(QUERY_READ_MAX).collect();
        let mut left = QUERY_CHARS_MAX;
        let mut words = Vec::new();
        for word in text.split_whitespace() {
            let word = folded(word, left);
            left -= word.len();
            if !word.is_empty() {
                words.push(word);
            }
        }
        let whole = Word::new(words.concat());
        let several = (2..=WORDS_MAX).contains(&words.len());
        let words = if several { words } else { Vec::new() };
        Query {
            whole,
            words: words.into_iter().map(Word::new).collect(),
        }
    }

    /// True if nothing is left to look for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.whole.chars.is_empty()
    }

    /// The folded text.
    #[must_use]
    pub fn text(&self) -> String {
        self.whole.chars.iter().collect()
    }

    /// The sounds of a question in characters that all have readings.
    pub(crate) fn alike(&self) -> Option<Vec<Token>> {
        let sounds: Vec<Sounds> = self.whole.chars.iter().map(|c| Sounds::of(*c)).collect();
        let readable = sounds.iter().all(|s| !s.numbers().is_empty());
        (readable && sounds.len() >= 2).then(|| sounds.into_iter().map(Token::Sounds).collect())
    }

    /// True if one wrong character may be forgiven.
    pub(crate) fn may_be_close(&self) -> bool {
        (CLOSE_CHARS_MIN..=CLOSE_CHARS_MAX).contains(&self.whole.chars.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_fall_into_words() {
        let query = Query::new("  湖北 红十字 ");
        assert_eq!(query.text(), "湖北红十字");
        assert_eq!(query.words.len(), 2);
        assert!(Query::new("湖北红十字").words.is_empty());
        assert!(Query::new(" %_* \u{0}\u{7f} ").is_empty());
        assert_eq!(Query::new("一 二 三 四 五 六").words.len(), 0);
    }

    #[test]
    fn the_longest_question_is_cut() {
        assert_eq!(
            Query::new(&"善".repeat(10_000)).text().chars().count(),
            QUERY_CHARS_MAX
        );
        let spaced = Query::new(&"善 ".repeat(10_000));
        assert_eq!(spaced.text().chars().count(), QUERY_CHARS_MAX);
    }
}

//! Sentences for people, kept as a pattern and its values until somebody reads them.
//!
//! A decision does not know who reads its refusal. So a sentence stays apart: the pattern is the Chinese
//! text with places like `{name}`, and it is also the key under which a reader's language finds its
//! own pattern. [`Display`](std::fmt::Display) writes the Chinese sentence.

use std::borrow::Cow;
use std::fmt;

use kernel::{Day, Fen};

/// 〔句子〕 One sentence: a pattern with places, and what stands in them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    pattern: Cow<'static, str>,
    values: Vec<(&'static str, Value)>,
}

/// 〔句中的值〕 What stands in a place of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Recorded words: shown as they are in every language.
    Words(String),
    /// Words of ours, which have a translation.
    Term(&'static str),
    /// Money.
    Fen(i64),
    /// So many of a unit; fen are written as money.
    Quantity(i64, String),
    /// A day.
    Day(Day),
    /// A number.
    Count(i64),
    /// A sentence inside a sentence.
    Sentence(Box<Sentence>),
    /// Several, joined by a pattern of their own.
    Several(Vec<Sentence>, &'static str),
}

impl Sentence {
    /// A sentence with places; [`say!`](crate::say) writes this.
    pub fn new(pattern: &'static str, values: Vec<(&'static str, Value)>) -> Sentence {
        Sentence {
            pattern: Cow::Borrowed(pattern),
            values,
        }
    }

    /// Words of ours that came from a lower floor as text, such as the title of a state.
    pub fn known(words: &str) -> Sentence {
        Sentence {
            pattern: Cow::Owned(words.to_string()),
            values: Vec::new(),
        }
    }

    /// The Chinese text with its places, which is also the key of translations.
    pub fn pattern(&self) -> &str {
        &self.pattern
    }

    /// What stands in the places.
    pub fn values(&self) -> &[(&'static str, Value)] {
        &self.values
    }

    /// True if nothing is said.
    pub fn is_empty(&self) -> bool {
        self.pattern.is_empty()
    }

    /// True if the Chinese sentence holds these words.
    pub fn contains(&self, words: &str) -> bool {
        self.to_string().contains(words)
    }
}

impl From<&'static str> for Sentence {
    fn from(text: &'static str) -> Sentence {
        Sentence::new(text, Vec::new())
    }
}

impl From<String> for Sentence {
    /// Recorded words, which have no translation.
    fn from(text: String) -> Sentence {
        Sentence {
            pattern: Cow::Borrowed("{words}"),
            values: vec![("words", Value::Words(text))],
        }
    }
}

impl From<String> for Value {
    fn from(words: String) -> Value {
        Value::Words(words)
    }
}

impl From<&String> for Value {
    fn from(words: &String) -> Value {
        Value::Words(words.clone())
    }
}

impl From<&'static str> for Value {
    fn from(term: &'static str) -> Value {
        Value::Term(term)
    }
}

impl From<Fen> for Value {
    fn from(fen: Fen) -> Value {
        Value::Fen(fen.get())
    }
}

impl From<kernel::Amount> for Value {
    fn from(amount: kernel::Amount) -> Value {
        Value::Fen(amount.get())
    }
}

impl From<Day> for Value {
    fn from(day: Day) -> Value {
        Value::Day(day)
    }
}

impl From<Sentence> for Value {
    fn from(sentence: Sentence) -> Value {
        Value::Sentence(Box::new(sentence))
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Value {
        Value::Count(number)
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Value {
        Value::Count(i64::from(number))
    }
}

impl From<usize> for Value {
    fn from(number: usize) -> Value {
        Value::Count(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

/// A piece of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Words between places.
    Text(&'a str),
    /// A place, by its name.
    Place(&'a str),
}

/// Cuts a pattern into words and places; braces without a closing partner are words.
pub fn pieces(pattern: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = pattern;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let place = rest
            .strip_prefix('{')
            .and_then(|inside| inside.split_once('}'));
        if let Some((name, after)) = place {
            rest = after;
            return Some(Piece::Place(name));
        }
        let end = rest.char_indices().skip(1).find(|(_, c)| *c == '{');
        let (text, after) = rest.split_at(end.map_or(rest.len(), |(at, _)| at));
        rest = after;
        Some(Piece::Text(text))
    })
}

impl fmt::Display for Sentence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for piece in pieces(&self.pattern) {
            match piece {
                Piece::Text(text) => f.write_str(text)?,
                Piece::Place(name) => match self.values.iter().find(|(known, _)| *known == name) {
                    Some((_, value)) => write!(f, "{value}")?,
                    None => write!(f, "{{{name}}}")?,
                },
            }
        }
        Ok(())
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Words(words) => f.write_str(words),
            Value::Term(term) => f.write_str(term),
            Value::Fen(fen) => write!(f, "{}元", Fen::new(*fen).grouped()),
            Value::Quantity(amount, unit) if unit == "fen" => {
                write!(f, "{}元", Fen::new(*amount).grouped())
            }
            Value::Quantity(amount, unit) => {
                write!(f, "{amount}{}", unit.rsplit('|').next().unwrap_or(unit))
            }
            Value::Day(day) => write!(f, "{day}"),
            Value::Count(number) => write!(f, "{number}"),
            Value::Sentence(sentence) => write!(f, "{sentence}"),
            Value::Several(sentences, between) => {
                for (place, sentence) in sentences.iter().enumerate() {
                    if place > 0 {
                        f.write_str(between)?;
                    }
                    write!(f, "{sentence}")?;
                }
                Ok(())
            }
        }
    }
}

/// A [`Sentence`]: `say!("请填写{name}。", name = label)`; a place may also be named like its variable.
#[macro_export]
macro_rules! say {
    ($pattern:literal $(, $name:ident $(= $value:expr)?)* $(,)?) => {
        $crate::sentence::Sentence::new(
            $pattern,
            vec![$((stringify!($name), $crate::say!(@value $name $($value)?))),*],
        )
    };
    (@value $name:ident $value:expr) => { $crate::sentence::Value::from($value) };
    (@value $name:ident) => { $crate::sentence::Value::from($name) };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(sentence: Sentence, want: &str) {
        assert_eq!(sentence.to_string(), want);
    }

    #[test]
    fn sentences_are_filled_in_chinese() {
        let name = "姓名";
        check(say!("请填写{name}。", name), "请填写姓名。");
        check(
            say!("余{left}，共{n}笔。", left = Fen::new(123_456), n = 3_i64),
            "余1,234.56元，共3笔。",
        );
        check(Sentence::from("没有值。"), "没有值。");
        check(Sentence::from("录下的{话".to_string()), "录下的{话");
        check(say!("{a}：{b}", a = say!("甲{n}", n = 1_i64)), "甲1：{b}");
    }

    #[test]
    fn patterns_are_cut_at_places() {
        let all: Vec<_> = pieces("a{b}{c}d{e").collect();
        assert_eq!(
            all,
            [
                Piece::Text("a"),
                Piece::Place("b"),
                Piece::Place("c"),
                Piece::Text("d"),
                Piece::Text("{e"),
            ]
        );
    }
}

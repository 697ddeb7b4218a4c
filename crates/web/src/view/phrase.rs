//! A text of ours in the reader's language, with values in its places and links in its brackets.
//!
//! A pattern may hold places `{name}` for values and brackets `[words]` for links, so that a sentence
//! stays one sentence for translators: `{{ "还没有捐赠。您可以[成为第一位捐赠人]。"|t|link(href)|rich }}`.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

use askama::filters::HtmlSafe;
use domain::Sentence;
use domain::sentence::{Piece, Value, pieces};

use super::language::Language;
use super::locale::lookup;
use crate::show;

/// What sentences of refusals say where only the organisation can help.
pub(crate) const REACH: &str = "联系慈善组织";

/// 〔语句〕 A translated pattern on its way to the page.
#[derive(Debug, Clone)]
pub(crate) struct Phrase<'a> {
    pattern: Cow<'a, str>,
    values: Vec<Filled<'a>>,
    links: Vec<String>,
}

/// A value in its place.
#[derive(Debug, Clone)]
struct Filled<'a> {
    name: Cow<'a, str>,
    words: String,
    stress: Stress,
}

/// How a value stands out where marks are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stress {
    /// Like the words around it.
    Plain,
    /// As an amount of money.
    Money,
    /// As a code.
    Code,
}

/// What can be said in a reader's language.
pub(crate) trait Say {
    /// The words for a reader of `language`.
    fn phrase(&self, language: Language) -> Phrase<'_>;
}

impl Say for str {
    fn phrase(&self, language: Language) -> Phrase<'_> {
        Phrase::of(lookup(self, language))
    }
}

impl Say for String {
    fn phrase(&self, language: Language) -> Phrase<'_> {
        self.as_str().phrase(language)
    }
}

impl<T: Say + ?Sized> Say for &T {
    fn phrase(&self, language: Language) -> Phrase<'_> {
        T::phrase(self, language)
    }
}

impl Say for Sentence {
    fn phrase(&self, language: Language) -> Phrase<'_> {
        let mut phrase = Phrase::of(lookup(self.pattern(), language));
        for (name, value) in self.values() {
            phrase.values.push(Filled {
                name: Cow::Borrowed(name),
                words: value_words(value, language),
                stress: Stress::Plain,
            });
        }
        phrase
    }
}

/// A sentence as plain text for a reader of `language`.
pub(crate) fn localised(sentence: &Sentence, language: Language) -> String {
    sentence.phrase(language).to_string()
}

fn value_words(value: &Value, language: Language) -> String {
    match value {
        Value::Words(words) => words.clone(),
        Value::Term(term) => lookup(term, language).to_string(),
        Value::Fen(fen) => show::yuan_text(*fen, language),
        Value::Quantity(amount, unit) => show::quantity(*amount, unit, language),
        Value::Day(day) => show::day_text(&day.to_string(), language),
        Value::Count(number) => show::count_text(*number),
        Value::Sentence(sentence) => localised(sentence, language),
        Value::Several(sentences, between) => sentences
            .iter()
            .map(|sentence| localised(sentence, language))
            .collect::<Vec<_>>()
            .join(lookup(between, language)),
    }
}

impl<'a> Phrase<'a> {
    fn of(pattern: &'a str) -> Phrase<'a> {
        Phrase {
            pattern: Cow::Borrowed(pattern),
            values: Vec::new(),
            links: Vec::new(),
        }
    }

    /// With a value in the place `name`.
    pub(crate) fn put(
        mut self,
        name: &str,
        value: &dyn fmt::Display,
        stress: Stress,
    ) -> Phrase<'a> {
        self.values.push(Filled {
            name: Cow::Owned(name.to_string()),
            words: value.to_string(),
            stress,
        });
        self
    }

    /// With an address behind the next brackets.
    pub(crate) fn link(mut self, href: &dyn fmt::Display) -> Phrase<'a> {
        self.links.push(href.to_string());
        self
    }

    /// With an address behind the words that send somebody to the organisation, if it has them and no other link.
    pub(crate) fn reaching(mut self, href: &str, language: Language) -> Phrase<'a> {
        let words = lookup(REACH, language);
        if self.links.is_empty() && self.pattern.contains(words) {
            let linked = self.pattern.replacen(words, &format!("[{words}]"), 1);
            self.pattern = Cow::Owned(linked);
            self.links.push(href.to_string());
        }
        self
    }

    fn value(&self, name: &str) -> Option<&Filled<'a>> {
        self.values.iter().find(|filled| filled.name == name)
    }
}

/// Plain text: no marks, brackets of links without their brackets.
impl fmt::Display for Phrase<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let linked = !self.links.is_empty();
        for piece in pieces(&self.pattern) {
            match piece {
                Piece::Text(text) if linked => {
                    f.write_str(&text.replace(['[', ']'], ""))?;
                }
                Piece::Text(text) => f.write_str(text)?,
                Piece::Place(name) => match self.value(name) {
                    Some(filled) => f.write_str(&filled.words)?,
                    None => write!(f, "{{{name}}}")?,
                },
            }
        }
        Ok(())
    }
}

/// A phrase with its links and marks, as HTML.
#[derive(Debug, Clone)]
pub(crate) struct Rich<'a>(pub(crate) Phrase<'a>);

impl HtmlSafe for Rich<'_> {}

impl fmt::Display for Rich<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut links = self.0.links.iter();
        let mut open = false;
        for piece in pieces(&self.0.pattern) {
            match piece {
                Piece::Text(text) => {
                    for character in text.chars() {
                        match character {
                            '[' => {
                                if let Some(href) = links.next() {
                                    open = true;
                                    write!(f, "<a href=\"{}\">", Escaped(href))?;
                                } else {
                                    f.write_char('[')?;
                                }
                            }
                            ']' if open => {
                                open = false;
                                f.write_str("</a>")?;
                            }
                            other => write_escaped(f, other)?,
                        }
                    }
                }
                Piece::Place(name) => self.place(f, name)?,
            }
        }
        if open { f.write_str("</a>") } else { Ok(()) }
    }
}

impl Rich<'_> {
    fn place(&self, f: &mut fmt::Formatter<'_>, name: &str) -> fmt::Result {
        let Some(filled) = self.0.value(name) else {
            return write!(f, "{{{}}}", Escaped(name));
        };
        let words = Escaped(&filled.words);
        match filled.stress {
            Stress::Plain => write!(f, "{words}"),
            Stress::Money => write!(f, "<b class=\"money\">{words}</b>"),
            Stress::Code => write!(f, "<code>{words}</code>"),
        }
    }
}

/// Words with everything escaped that means something in HTML.
struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|c| write_escaped(f, c))
    }
}

fn write_escaped(f: &mut fmt::Formatter<'_>, character: char) -> fmt::Result {
    match character {
        '&' => f.write_str("&#38;"),
        '<' => f.write_str("&#60;"),
        '>' => f.write_str("&#62;"),
        '"' => f.write_str("&#34;"),
        '\'' => f.write_str("&#39;"),
        other => f.write_char(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::say;
    use kernel::{Day, Fen};

    fn phrase(pattern: &str) -> Phrase<'_> {
        pattern.phrase(Language::Simplified)
    }

    #[test]
    fn values_and_links_stand_in_their_places() {
        let phrase = phrase("有{sum}，[去看看{what}]。")
            .put("sum", &"1<2", Stress::Money)
            .put("what", &"\"账\"", Stress::Plain)
            .link(&"/a?b&c");
        assert_eq!(phrase.to_string(), "有1<2，去看看\"账\"。");
        assert_eq!(
            Rich(phrase).to_string(),
            "有<b class=\"money\">1&#60;2</b>，<a href=\"/a?b&#38;c\">去看看&#34;账&#34;</a>。"
        );
    }

    #[test]
    fn what_was_not_given_is_shown_as_it_stands() {
        assert_eq!(Rich(phrase("a{b}[c]<")).to_string(), "a{b}[c]&#60;");
        let open = phrase("[a").link(&"/");
        assert_eq!(Rich(open).to_string(), "<a href=\"/\">a</a>");
    }

    #[test]
    fn values_of_sentences_are_localised() {
        let day = Day::parse("2026-11-22").unwrap();
        let sentence = say!("{sum}于{day}", sum = Fen::new(123_456), day);
        let simplified = localised(&sentence, Language::Simplified);
        assert_eq!(simplified, "1,234.56元于2026年11月22日");
        let english = localised(&sentence, Language::English);
        assert_eq!(english, "¥1,234.56于22 November 2026");
    }
}

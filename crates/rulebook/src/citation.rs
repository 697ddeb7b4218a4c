//! Where a rule stands: a law and a place in it, written as people write it.
//!
//! The same grammar is read in the data (`慈善法 第十条第一款`) and in what refusals cite
//! (`会计法 第三十五条；AS-14`), so that the two cannot drift apart.

use crate::id::RuleId;
use crate::law::Law;
use crate::limits::{CITED_CHARS_MAX, CITED_PARTS_MAX};
use crate::numeral;
use std::fmt;

/// 〔引用位置〕 A place in a law.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Locator {
    /// 条: one article or several in a row, with a paragraph 款 if one is named.
    Articles {
        /// The first article.
        from: u16,
        /// The last article, the same one where there is only one.
        to: u16,
        /// The paragraph of a single article.
        paragraph: Option<u16>,
        /// The item of that paragraph or article.
        item: Option<u16>,
    },
    /// 科目: an account of an accounting system.
    Account(u16),
}

impl Locator {
    /// Reads `第十条`, `第十条第一款`, `第一百一十一条第五项`, `第二条至第四条`, `1009 科目`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Locator> {
        if let Some(code) = text.strip_suffix("科目") {
            let code = code.trim_end();
            let digits = code.len() == 4 && code.bytes().all(|b| b.is_ascii_digit());
            return digits.then(|| code.parse().ok().map(Locator::Account))?;
        }
        if let Some((first, last)) = text.split_once('至') {
            let (from, rest) = step(first, '条')?;
            let (to, end) = step(last, '条')?;
            let whole = rest.is_empty() && end.is_empty() && from < to;
            return whole.then_some(Locator::Articles {
                from,
                to,
                paragraph: None,
                item: None,
            });
        }
        let (from, rest) = step(text, '条')?;
        let (paragraph, rest) = maybe_step(rest, '款');
        let (item, rest) = maybe_step(rest, '项');
        rest.is_empty().then_some(Locator::Articles {
            from,
            to: from,
            paragraph,
            item,
        })
    }

    /// True if this place and the other have an article or an account in common; a paragraph named by both
    /// must be the same.
    #[must_use]
    pub fn meets(&self, other: &Locator) -> bool {
        match (self, other) {
            (Locator::Account(own), Locator::Account(other)) => own == other,
            (
                Locator::Articles {
                    from,
                    to,
                    paragraph,
                    ..
                },
                Locator::Articles {
                    from: other_from,
                    to: other_to,
                    paragraph: other_paragraph,
                    ..
                },
            ) => {
                let same = match (paragraph, other_paragraph) {
                    (Some(own), Some(other)) => own == other,
                    _ => true,
                };
                from <= other_to && other_from <= to && same
            }
            _ => false,
        }
    }
}

/// Reads `第…` and the sign behind it, and what is left.
fn step(text: &str, sign: char) -> Option<(u16, &str)> {
    let (numeral, rest) = text.strip_prefix('第')?.split_once(sign)?;
    Some((numeral::read(numeral)?, rest))
}

fn maybe_step(text: &str, sign: char) -> (Option<u16>, &str) {
    match step(text, sign) {
        Some((number, rest)) => (Some(number), rest),
        None => (None, text),
    }
}

/// 〔依据〕 A law, by its key, and the place in it where one is known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Citation {
    /// The key of the law.
    pub law: String,
    /// The place; absent where the article has not been read.
    pub locator: Option<Locator>,
    /// As it is written after the name of the law, empty without a place.
    pub place: String,
}

impl Citation {
    /// Reads the name of a law out of `laws` and a place behind it, with or without a blank and title marks.
    #[must_use]
    pub fn parse(text: &str, laws: &[Law]) -> Option<Citation> {
        let plain: String = text.chars().filter(|c| !"《》".contains(*c)).collect();
        let plain = plain.trim();
        // The longest name wins: 慈善组织认定办法 also begins like shorter ones might.
        let names = laws
            .iter()
            .flat_map(|law| law.names().map(move |name| (law, name)));
        let (law, name) = names
            .filter(|(_, name)| plain.starts_with(name))
            .max_by_key(|(_, name)| name.len())?;
        let place = plain.strip_prefix(name)?.trim();
        if place.is_empty() {
            return Some(Citation {
                law: law.key.clone(),
                locator: None,
                place: String::new(),
            });
        }
        Some(Citation {
            law: law.key.clone(),
            locator: Some(Locator::parse(place)?),
            place: place.to_owned(),
        })
    }
}

impl fmt::Display for Citation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.place.is_empty() {
            f.write_str(&self.law)
        } else {
            write!(f, "{} {}", self.law, self.place)
        }
    }
}

/// 〔引文〕 One part of a text that cites laws.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cited {
    /// A rule by its number.
    Rule(RuleId),
    /// A law and perhaps a place.
    Law(Citation),
    /// What is neither.
    Unknown(String),
}

/// Cuts a text like `慈善法 第五十六条；民间非营利组织会计制度 第六十八条（AC-04）` into its parts and reads each.
/// What lies beyond the limits is not looked at.
#[must_use]
pub fn cited(text: &str, laws: &[Law]) -> Vec<Cited> {
    let text: String = text.chars().take(CITED_CHARS_MAX).collect();
    text.split(['；', ';', '、', '，', '（', '）', '(', ')'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .take(CITED_PARTS_MAX)
        .map(|part| {
            if let Some(id) = RuleId::parse(part) {
                Cited::Rule(id)
            } else if let Some(citation) = Citation::parse(part, laws) {
                Cited::Law(citation)
            } else {
                Cited::Unknown(part.to_owned())
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn articles(from: u16, to: u16, paragraph: Option<u16>, item: Option<u16>) -> Option<Locator> {
        Some(Locator::Articles {
            from,
            to,
            paragraph,
            item,
        })
    }

    #[test]
    fn places_are_read() {
        let check = |text, place| assert_eq!(Locator::parse(text), place, "{text}");
        check("第十条", articles(10, 10, None, None));
        check("第十条第一款", articles(10, 10, Some(1), None));
        check("第一百一十一条第五项", articles(111, 111, None, Some(5)));
        check("第七十九条第二款第三项", articles(79, 79, Some(2), Some(3)));
        check("第二条至第四条", articles(2, 4, None, None));
        check("1009 科目", Some(Locator::Account(1009)));
        for text in [
            "",
            "第10条",
            "十条",
            "第十条一款",
            "第四条至第二条",
            "第三条 至",
            "109 科目",
        ] {
            check(text, None);
        }
    }

    #[test]
    fn places_meet_where_an_article_is_common() {
        let check = |one, other, meet| {
            let (one, other) = (Locator::parse(one).unwrap(), Locator::parse(other).unwrap());
            assert_eq!((one.meets(&other), other.meets(&one)), (meet, meet));
        };
        check("第十条", "第十条第一款", true);
        check("第十条第一款", "第十条第二款", false);
        check("第二条至第四条", "第三条", true);
        check("第二条至第四条", "第五条", false);
        check("1009 科目", "1009科目", true);
        check("1009 科目", "第九条", false);
    }
}

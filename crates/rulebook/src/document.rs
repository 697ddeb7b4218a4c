//! The book as documents for a search: title, name, articles and text, in keys of the length that an index of names
//! takes. The index itself belongs to whoever searches.

use crate::book::{InForce, Rulebook};
use crate::citation::Citation;
use crate::id::RuleId;
use crate::limits::{KEY_CHARS_MAX, KEYS_MAX};
use crate::rule::Rule;

/// 〔规则文档〕 What may be found of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// The rule.
    pub id: RuleId,
    /// Title first, then the name, the articles, the laws and pieces of the text; never empty, never too long.
    pub keys: Vec<String>,
}

impl InForce<'_> {
    /// One document for each rule that holds on this day at this place, by name.
    #[must_use]
    pub fn documents(&self) -> Vec<Document> {
        let ids = self.book().ids();
        ids.filter_map(|id| self.rule(id))
            .map(|rule| document(rule, self.book()))
            .collect()
    }
}

impl Rulebook {
    /// The document of one version, for an index of all of them.
    #[must_use]
    pub fn document(&self, rule: &Rule) -> Document {
        document(rule, self)
    }
}

fn document(rule: &Rule, book: &Rulebook) -> Document {
    let id = rule.id.to_string();
    let places: Vec<String> = rule.sources.iter().map(Citation::to_string).collect();
    let laws: Vec<&str> = rule
        .sources
        .iter()
        .filter_map(|source| book.law(&source.law))
        .map(|law| law.title.as_str())
        .collect();
    let mut keys = vec![rule.title.clone(), id, places.join(" "), laws.join(" ")];
    for key in &mut keys {
        *key = key.chars().take(KEY_CHARS_MAX).collect();
    }
    keys.extend(pieces(&rule.text, KEYS_MAX.saturating_sub(keys.len())));
    Document { id: rule.id, keys }
}

/// The text cut between sentences where it is too long for one key.
fn pieces(text: &str, max: usize) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    for sentence in text.split_inclusive(['。', '；']) {
        let room = KEY_CHARS_MAX.saturating_sub(sentence.chars().count());
        match pieces.last_mut() {
            Some(last) if last.chars().count() <= room => last.push_str(sentence),
            _ => pieces.push(sentence.chars().take(KEY_CHARS_MAX).collect()),
        }
    }
    pieces.truncate(max);
    pieces
}

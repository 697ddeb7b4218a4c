//! Answers to a form, as they were typed: a draft keeps them whether or not they are complete.

use super::limits::{AREA_CHARS, LINE_CHARS};
use super::{Form, Kind};
use crate::text::{Form as Words, Problem};
use std::collections::BTreeMap;

/// 〔填写内容〕 The answers to a form, by the names of its fields; what is empty is not kept.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answers(BTreeMap<&'static str, String>);

impl Answers {
    /// What was typed, as far as the form asks for it. A draft may be incomplete; it may not be longer than what can be
    /// kept and read.
    ///
    /// # Errors
    /// All answers that are too long or hold characters that nobody sees.
    pub fn read<N: AsRef<str>, T: AsRef<str>>(
        form: &Form,
        typed: impl IntoIterator<Item = (N, T)>,
    ) -> Result<Answers, Vec<Problem>> {
        let mut words = Words::new();
        let mut kept = BTreeMap::new();
        for (name, text) in typed {
            let Some(field) = form.field(name.as_ref()) else {
                continue;
            };
            if field.kind == Kind::Ledger {
                continue;
            }
            let most = match field.kind {
                Kind::Area => AREA_CHARS,
                _ => LINE_CHARS,
            };
            let text = words.private(field.name, field.label, text.as_ref(), most);
            if text.is_empty() {
                kept.remove(field.name);
            } else {
                kept.insert(field.name, text);
            }
        }
        words.finish(Answers(kept))
    }

    /// The answers that were kept: names that the form no longer has are left out.
    #[must_use]
    pub fn kept(form: &Form, stored: impl IntoIterator<Item = (String, String)>) -> Answers {
        let known = |(name, text): (String, String)| Some((form.field(&name)?.name, text));
        Answers(stored.into_iter().filter_map(known).collect())
    }

    /// The same with what the house knows itself.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Answers {
        self.0.insert(name, value.into());
        self
    }

    /// The answer to a question, empty if there is none.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// A whole number that was answered.
    #[must_use]
    pub fn count(&self, name: &str) -> Option<i64> {
        let count: i64 = self.get(name).parse().ok()?;
        (0..=super::limits::COUNT_MAX)
            .contains(&count)
            .then_some(count)
    }

    /// A day that was answered.
    #[must_use]
    pub fn day(&self, name: &str) -> Option<kernel::Day> {
        kernel::Day::parse(self.get(name)).ok()
    }

    /// Fen of an amount that was answered.
    #[must_use]
    pub fn fen(&self, name: &str) -> Option<i64> {
        let fen = kernel::Fen::parse(self.get(name)).ok()?.get();
        (fen >= 0).then_some(fen)
    }

    /// All answers, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.0.iter().map(|(name, text)| (*name, text.as_str()))
    }

    /// True if nothing was answered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

//! What a reader asks of a list, read from the address against the list's own names and kinds.
//!
//! What is not known or cannot be read is told at the top of the page and otherwise ignored, so that a link that was
//! cut or is from another year still shows something.

use super::limits::{FILTER_CHARS_MAX, PAGE_ROWS_DESK, PAGE_ROWS_PUBLIC, PAGE_SIZES, PAIRS_MAX};
use super::meta::{Audience, Filter, How, List};
use kernel::{Day, Fen};

/// Names that stand in addresses beside the filters of a list.
const OWN_NAMES: [&str; 3] = ["sort", "size", "after"];
/// Names that other parts of a page read.
const PAGE_NAMES: [&str; 6] = ["done", "id", "lang", "theme", "mode", "cursor"];

/// What a filter was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Given {
    /// A code or words.
    Text(String),
    /// A day.
    Day(Day),
    /// Fen.
    Fen(i64),
}

/// By which column, and which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    /// Name of the column.
    pub column: &'static str,
    /// True for the largest first.
    pub descending: bool,
}

impl Order {
    /// 1 for ascending, −1 for descending.
    pub(super) const fn sign(self) -> i64 {
        if self.descending { -1 } else { 1 }
    }

    /// As it stands in an address.
    #[must_use]
    pub fn text(self) -> String {
        let sign = if self.descending { "-" } else { "" };
        format!("{sign}{}", self.column)
    }
}

/// What could not be used of an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// A name that this list does not know.
    Unknown(String),
    /// A column by which it cannot be sorted.
    Sort(String),
    /// A filter's text that is no day, amount or choice: label and text.
    Unreadable(&'static str, String, Wanted),
    /// A text that is too long for the filter of this label.
    TooLong(&'static str),
    /// The page length is not one of those on offer.
    Size(String),
    /// The mark of a page belongs to other filters or another order.
    Place,
}

/// 〔查询〕 Filters, order, page length and place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// What each filter was given: its place in the list's filters, and the value.
    pub filters: Vec<(usize, Given)>,
    /// The order.
    pub order: Order,
    /// Rows of a page.
    pub size: i64,
    /// The sealed mark behind which a page begins.
    pub after: Option<String>,
    /// What could not be used.
    pub notes: Vec<Note>,
    /// What was typed, as the form shows it again.
    pub typed: Vec<(String, String)>,
}

/// What a filter wanted to be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// A day.
    Day,
    /// An amount.
    Amount,
    /// One of the choices.
    Choice,
}

/// The order that the constant writes as a text.
fn default_order(list: &List) -> Order {
    let name = list.order.trim_start_matches('-');
    Order {
        column: list.column(name).map_or("", |(_, column)| column.name),
        descending: list.order.starts_with('-'),
    }
}

fn default_size(list: &List) -> i64 {
    match list.audience {
        Audience::Public => PAGE_ROWS_PUBLIC,
        Audience::Desk => PAGE_ROWS_DESK,
    }
}

fn given(filter: &Filter, text: &str) -> Result<Given, Note> {
    let unreadable = |wanted| Note::Unreadable(filter.label, text.to_string(), wanted);
    if text.chars().count() > FILTER_CHARS_MAX {
        return Err(Note::TooLong(filter.label));
    }
    match filter.how {
        How::Contains | How::Search => Ok(Given::Text(text.to_string())),
        How::Choice(choices) | How::Among(choices) => {
            let known = choices().iter().any(|(code, _)| code == text);
            known
                .then(|| Given::Text(text.to_string()))
                .ok_or_else(|| unreadable(Wanted::Choice))
        }
        How::DayFrom | How::DayTo | How::AsOf => Day::parse(text)
            .map(Given::Day)
            .map_err(|_| unreadable(Wanted::Day)),
        How::AmountLeast | How::AmountMost => Fen::parse(text)
            .map(|fen| Given::Fen(fen.get()))
            .map_err(|_| unreadable(Wanted::Amount)),
    }
}

impl Asked {
    /// What an address asks of a list; nothing that it says is trusted.
    #[must_use]
    pub fn read(list: &'static List, pairs: &[(String, String)]) -> Asked {
        let mut asked = Asked {
            filters: Vec::new(),
            order: default_order(list),
            size: default_size(list),
            after: None,
            notes: Vec::new(),
            typed: Vec::new(),
        };
        for (name, text) in pairs.iter().take(PAIRS_MAX) {
            let text = text.trim();
            if !text.is_empty() {
                asked.take(list, name, text);
            }
        }
        asked.filters.sort_by_key(|(at, _)| *at);
        asked
    }

    fn take(&mut self, list: &'static List, name: &str, text: &str) {
        if OWN_NAMES.contains(&name) {
            self.take_own(list, name, text);
            return;
        }
        let filter = list
            .filters
            .iter()
            .enumerate()
            .find(|(_, f)| f.name == name);
        let Some((at, filter)) = filter else {
            if !PAGE_NAMES.contains(&name) {
                let name = name.chars().take(FILTER_CHARS_MAX).collect();
                self.notes.push(Note::Unknown(name));
            }
            return;
        };
        self.typed.retain(|(known, _)| known != name);
        self.filters.retain(|(known, _)| *known != at);
        let shown = text.chars().take(FILTER_CHARS_MAX).collect();
        self.typed.push((name.to_string(), shown));
        match given(filter, text) {
            Ok(value) => self.filters.push((at, value)),
            Err(note) => self.notes.push(note),
        }
    }

    fn take_own(&mut self, list: &'static List, name: &str, text: &str) {
        match name {
            "sort" => {
                let column = list.column(text.trim_start_matches('-'));
                match column.filter(|(_, column)| column.sortable) {
                    Some((_, column)) => {
                        self.order = Order {
                            column: column.name,
                            descending: text.starts_with('-'),
                        };
                    }
                    None => self.notes.push(Note::Sort(text.chars().take(40).collect())),
                }
            }
            "size" => match text.parse().ok().filter(|size| PAGE_SIZES.contains(size)) {
                Some(size) => self.size = size,
                None => self.notes.push(Note::Size(text.chars().take(40).collect())),
            },
            _ => self.after = Some(text.to_string()),
        }
    }

    /// What the filter of this name was given.
    fn given(&self, list: &List, name: &str) -> Option<&Given> {
        let at = list.filters.iter().position(|filter| filter.name == name)?;
        let found = self.filters.iter().find(|(known, _)| *known == at);
        found.map(|(_, given)| given)
    }

    /// The code or words of a filter.
    pub(super) fn text(&self, list: &List, name: &str) -> Option<&str> {
        match self.given(list, name)? {
            Given::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The day of a filter.
    pub(super) fn day(&self, list: &List, name: &str) -> Option<Day> {
        match self.given(list, name)? {
            Given::Day(day) => Some(*day),
            _ => None,
        }
    }

    /// First and last day number of the filters `from` and `to`.
    pub(super) fn days(&self, list: &List) -> (i64, i64) {
        let day = |name| match self.given(list, name) {
            Some(Given::Day(day)) => Some(i64::from(day.number())),
            _ => None,
        };
        (
            day("from").unwrap_or(i64::MIN),
            day("to").unwrap_or(i64::MAX),
        )
    }

    /// The day of a filter.
    pub(super) fn day_of(&self, list: &List, name: &str) -> Option<Day> {
        match self.given(list, name) {
            Some(Given::Day(day)) => Some(*day),
            _ => None,
        }
    }

    /// Least and most amount of the filters `least` and `most`.
    pub(super) fn amounts(&self, list: &List) -> (i64, i64) {
        let fen = |name| match self.given(list, name) {
            Some(Given::Fen(fen)) => Some(*fen),
            _ => None,
        };
        (
            fen("least").unwrap_or(i64::MIN),
            fen("most").unwrap_or(i64::MAX),
        )
    }

    /// Filters and order as pairs of an address, always in the same order, so that equal questions have equal
    /// addresses; what is as usual is left out.
    #[must_use]
    pub fn pairs(&self, list: &List) -> Vec<(&'static str, String)> {
        let filters = self.filters.iter().filter_map(|(at, given)| {
            let filter = list.filters.get(*at)?;
            let text = match given {
                Given::Text(text) => text.clone(),
                Given::Day(day) => day.to_string(),
                Given::Fen(fen) => Fen::new(*fen).to_string(),
            };
            Some((filter.name, text))
        });
        let mut pairs: Vec<_> = filters.collect();
        if self.order != default_order(list) {
            pairs.push(("sort", self.order.text()));
        }
        if self.size != default_size(list) {
            pairs.push(("size", self.size.to_string()));
        }
        pairs
    }
}

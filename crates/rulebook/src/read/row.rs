//! One table of the data, read key by key; what is asked for and not there, or there and not asked for, is told.

use super::Troubles;
use crate::limits::{TEXT_CHARS_MAX, TITLE_CHARS_MAX};
use std::fmt::Display;
use toml::{Table, Value};

/// A table from which keys are taken.
pub(crate) struct Row<'t> {
    file: &'static str,
    place: String,
    table: Table,
    troubles: &'t mut Troubles,
}

impl<'t> Row<'t> {
    /// A row that is called by its `name` key, or by its number from one.
    pub(crate) fn new(
        file: &'static str,
        name: &str,
        at: usize,
        table: Table,
        troubles: &'t mut Troubles,
    ) -> Row<'t> {
        let place = match table.get(name) {
            Some(Value::String(name)) => name.clone(),
            _ => format!("第 {} 条", at.saturating_add(1)),
        };
        Row {
            file,
            place,
            table,
            troubles,
        }
    }

    /// Tells that something is wrong with this row.
    pub(crate) fn wrong(&mut self, what: impl Display) {
        self.troubles.add(self.file, &self.place, what.to_string());
    }

    /// A text that may be absent.
    pub(crate) fn maybe(&mut self, key: &str) -> Option<String> {
        match self.table.remove(key)? {
            Value::String(text) if !text.trim().is_empty() => Some(text),
            _ => {
                self.wrong(format_args!("{key} 应为不空的文字"));
                None
            }
        }
    }

    /// A short text that must be there.
    pub(crate) fn title(&mut self, key: &str) -> Option<String> {
        self.limited(key, TITLE_CHARS_MAX)
    }

    /// A text of a sentence or two that must be there.
    pub(crate) fn text(&mut self, key: &str) -> Option<String> {
        self.limited(key, TEXT_CHARS_MAX)
    }

    fn limited(&mut self, key: &str, max: usize) -> Option<String> {
        let Some(text) = self.maybe(key) else {
            self.wrong(format_args!("缺少 {key}，请补上"));
            return None;
        };
        if text.chars().count() > max {
            self.wrong(format_args!("{key} 超过 {max} 字，请写短些"));
        }
        Some(text)
    }

    /// A text that must be there and that `read` understands.
    pub(crate) fn parsed<T>(&mut self, key: &str, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        let Some(text) = self.maybe(key) else {
            self.wrong(format_args!("缺少 {key}，请补上"));
            return None;
        };
        self.understood(key, &text, read)
    }

    /// A text that may be absent, and that `read` understands if it is there.
    pub(crate) fn maybe_parsed<T>(
        &mut self,
        key: &str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let text = self.maybe(key)?;
        self.understood(key, &text, read)
    }

    fn understood<T>(
        &mut self,
        key: &str,
        text: &str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let value = read(text);
        if value.is_none() {
            self.wrong(format_args!("{key} 里的“{text}”读不懂，请更正"));
        }
        value
    }

    /// A list of texts, each of which `read` understands; an absent list is empty.
    pub(crate) fn list<T>(
        &mut self,
        key: &str,
        max: usize,
        read: impl Fn(&str) -> Option<T>,
    ) -> Vec<T> {
        let mut list = Vec::new();
        for value in self.array(key, max) {
            match value {
                Value::String(text) => list.extend(self.understood(key, &text, &read)),
                _ => self.wrong(format_args!("{key} 里应全是文字")),
            }
        }
        list
    }

    /// A list of tables; an absent list is empty.
    pub(crate) fn tables(&mut self, key: &str, max: usize) -> Vec<Table> {
        let mut list = Vec::new();
        for value in self.array(key, max) {
            match value {
                Value::Table(table) => list.push(table),
                _ => self.wrong(format_args!("{key} 里应全是表")),
            }
        }
        list
    }

    fn array(&mut self, key: &str, max: usize) -> Vec<Value> {
        match self.table.remove(key) {
            None => Vec::new(),
            Some(Value::Array(values)) if values.len() <= max => values,
            Some(_) => {
                self.wrong(format_args!("{key} 应为不超过 {max} 项的列表"));
                Vec::new()
            }
        }
    }

    /// True if the key is there and `true`; it may only be absent or `true`.
    pub(crate) fn is_marked(&mut self, key: &str) -> bool {
        match self.table.remove(key) {
            None => false,
            Some(Value::Boolean(true)) => true,
            Some(_) => {
                self.wrong(format_args!("{key} 只能写 true 或不写"));
                false
            }
        }
    }

    /// A row inside of this one, which is called by its `name` key.
    pub(crate) fn inner(&mut self, name: &str, at: usize, table: Table) -> Row<'_> {
        let mut row = Row::new(self.file, name, at, table, self.troubles);
        row.place = format!("{} 的 {}", self.place, row.place);
        row
    }

    /// Tells of every key that nobody asked for.
    pub(crate) fn finish(mut self) {
        let left: Vec<String> = self.table.keys().cloned().collect();
        for key in left {
            self.wrong(format_args!("多出的键 {key}，请删去或改名"));
        }
    }
}

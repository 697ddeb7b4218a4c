//! The strict reading of `data/rules/`: unknown keys, missing keys and wrong values are all told at once.

mod deadlines;
mod laws;
mod row;
mod rules;

use crate::limits::TROUBLES_MAX;
use row::Row;
use std::fmt;
use toml::{Table, Value};

pub(crate) use deadlines::deadlines;
pub(crate) use laws::{laws, readings};
pub(crate) use rules::{Known, rules};

/// 〔数据问题〕 One thing that is wrong with the data, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// The file below `data/rules/`.
    pub file: String,
    /// The rule, law or deadline, by its name or its place in the file.
    pub place: String,
    /// What is wrong, in plain Chinese.
    pub what: String,
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "data/rules/{}，{}：{}", self.file, self.place, self.what)
    }
}

/// 〔全部数据问题〕 Everything that is wrong with the data: it is taken whole or not at all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Troubles(Vec<Trouble>);

impl Troubles {
    /// All of them, in the order of the files, up to the limit.
    pub fn iter(&self) -> impl Iterator<Item = &Trouble> {
        self.0.iter()
    }

    /// True if nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn add(&mut self, file: &str, place: &str, what: impl Into<String>) {
        if self.0.len() < TROUBLES_MAX {
            self.0.push(Trouble {
                file: file.to_owned(),
                place: place.to_owned(),
                what: what.into(),
            });
        }
    }
}

impl fmt::Display for Troubles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> = self.0.iter().map(Trouble::to_string).collect();
        f.write_str(&lines.join("\n"))
    }
}

impl std::error::Error for Troubles {}

/// One file of the data.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Text {
    /// Its name below `data/rules/`.
    pub(crate) file: &'static str,
    /// What stands in it.
    pub(crate) text: &'static str,
}

/// The tables `[[key]]` of a file, if it holds nothing else and no more than `max` of them.
fn tables(file: &Text, key: &str, max: usize, troubles: &mut Troubles) -> Vec<Table> {
    let mut whole: Table = match file.text.parse() {
        Ok(table) => table,
        Err(error) => {
            let error: toml::de::Error = error;
            let at = error.span().map_or(0, |span| span.start);
            let line = file.text.bytes().take(at).filter(|b| *b == b'\n').count();
            let place = format!("第 {} 行", line.saturating_add(1));
            troubles.add(file.file, &place, format!("不是 TOML：{}", error.message()));
            return Vec::new();
        }
    };
    let found = whole.remove(key);
    for other in whole.keys() {
        troubles.add(file.file, other, format!("多出的键，只能有 [[{key}]]"));
    }
    let Some(Value::Array(rows)) = found else {
        troubles.add(file.file, key, format!("没有 [[{key}]]，请补上"));
        return Vec::new();
    };
    if rows.len() > max {
        troubles.add(file.file, key, format!("超过 {max} 条，请分开或调高上限"));
    }
    let mut tables = Vec::new();
    for (at, row) in rows.into_iter().take(max).enumerate() {
        match row {
            Value::Table(table) => tables.push(table),
            _ => troubles.add(file.file, &format!("第 {at} 条"), "不是一个表"),
        }
    }
    tables
}

#[cfg(test)]
mod tests;

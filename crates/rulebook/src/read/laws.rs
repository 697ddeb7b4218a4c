//! Reads `laws.toml` and `readings.toml`.

use super::{Row, Text, Troubles, tables};
use crate::law::{Law, Reading, Start};
use crate::limits::{LAWS_MAX, READINGS_MAX, SOURCES_MAX};
use kernel::Day;
use std::collections::BTreeSet;

/// All laws, in the order of the file. No two may share a name.
pub(crate) fn laws(file: &Text, troubles: &mut Troubles) -> Vec<Law> {
    let mut laws: Vec<Law> = Vec::new();
    let mut names = BTreeSet::new();
    for (at, table) in tables(file, "law", LAWS_MAX, troubles)
        .into_iter()
        .enumerate()
    {
        let mut row = Row::new(file.file, "key", at, table, troubles);
        let key = row.title("key");
        let title = row.title("title");
        let law = Law {
            key: key.clone().unwrap_or_default(),
            title: title.clone().unwrap_or_default(),
            number: row.maybe("number"),
            aliases: row.list("aliases", SOURCES_MAX, |text| Some(text.to_owned())),
            start: row
                .maybe_parsed("from", Start::parse)
                .unwrap_or(Start::Unread),
            end: row.maybe_parsed("to", |text| Day::parse(text).ok()),
            note: row.maybe("note"),
        };
        let own: BTreeSet<&str> = law.names().filter(|name| !name.is_empty()).collect();
        for name in own {
            if !names.insert(name.to_owned()) {
                row.wrong(format_args!("名称“{name}”已有别的法规使用，请区分"));
            }
        }
        row.finish();
        if key.is_some() && title.is_some() {
            laws.push(law);
        }
    }
    laws
}

/// All readings, in the order of the file.
pub(crate) fn readings(file: &Text, troubles: &mut Troubles) -> Vec<Reading> {
    let mut readings: Vec<Reading> = Vec::new();
    let rows = tables(file, "reading", READINGS_MAX, troubles);
    for (at, table) in rows.into_iter().enumerate() {
        let mut row = Row::new(file.file, "key", at, table, troubles);
        let (key, what, place) = (row.title("key"), row.text("what"), row.text("place"));
        if readings
            .iter()
            .any(|other| Some(&other.key) == key.as_ref())
        {
            row.wrong("出处编号重复，请改号");
        }
        row.finish();
        if let (Some(key), Some(what), Some(place)) = (key, what, place) {
            readings.push(Reading { key, what, place });
        }
    }
    readings
}

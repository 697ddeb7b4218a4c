//! The tables of translations, compiled into the binary: Chinese text → text, one file per wing and language.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::language::Language;

type Table = HashMap<String, String>;

/// The files of a language, all wings.
macro_rules! tables {
    ($language:literal: $($wing:literal),+ $(,)?) => {
        &[$(include_str!(concat!("../../locales/", $language, "/", $wing, ".toml"))),+]
    };
}

static ENGLISH: LazyLock<Table> = LazyLock::new(|| {
    read(
        tables!("en": "components", "exchange", "fundraising", "funds", "identity", "lists",
        "oversight", "parties", "procedures", "rules", "transparency"),
    )
});

static TRADITIONAL: LazyLock<Table> = LazyLock::new(|| {
    read(
        tables!("zh-Hant": "components", "exchange", "fundraising", "funds", "identity", "lists",
        "oversight", "parties", "procedures", "rules", "transparency"),
    )
});

/// A file that is no table is left out here and found by the test of the tables.
fn read(files: &[&str]) -> Table {
    files
        .iter()
        .filter_map(|text| toml::from_str::<Table>(text).ok())
        .flatten()
        .collect()
}

/// The translation of a Chinese text; the text itself where there is none.
pub(super) fn lookup(text: &str, language: Language) -> &str {
    let table: &'static Table = match language {
        Language::Simplified => return text,
        Language::Traditional => &TRADITIONAL,
        Language::English => &ENGLISH,
    };
    table.get(text).map_or(text, String::as_str)
}

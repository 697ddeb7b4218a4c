//! A row of texts, its heading, and the reading of single cells.

use super::limits::TOLD_CHARS;
use super::reject::Reject;
use crate::say;
use kernel::{Amount, Day, Fen};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// 〔行〕 One row of a file: its line, from 1, and its cells as they stand there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row<'a> {
    /// The line in the file, from 1.
    pub line: u64,
    /// The cells; there may be fewer or more than headings.
    pub cells: &'a [String],
}

/// 〔栏目〕 A column by its names: ours first, then those that people and channels use.
pub(crate) type Names = &'static [&'static str];

/// 〔表头〕 Which column stands where. When a heading stands there twice, the first counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    places: BTreeMap<String, usize>,
    width: usize,
}

impl Header {
    /// From the cells of the heading row.
    #[must_use]
    pub fn new(cells: &[String]) -> Header {
        let mut places = BTreeMap::new();
        for (place, cell) in cells.iter().enumerate() {
            let name = heading(cell);
            if !name.is_empty() {
                places.entry(name).or_insert(place);
            }
        }
        Header {
            places,
            width: cells.len(),
        }
    }

    /// Where a column stands.
    #[must_use]
    pub fn place(&self, names: &[&str]) -> Option<usize> {
        names
            .iter()
            .find_map(|name| self.places.get(*name).copied())
    }

    /// Number of cells in the heading row.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// The first names of those columns that are not there.
    #[must_use]
    pub(crate) fn missing(&self, columns: &[Names]) -> Vec<&'static str> {
        let absent = columns.iter().filter(|names| self.place(names).is_none());
        absent.filter_map(|names| names.first().copied()).collect()
    }

    /// The cleaned cell of a column; empty when the row ends before it.
    #[must_use]
    pub fn cell<'a>(&self, row: &Row<'a>, names: &[&str]) -> Cow<'a, str> {
        self.place(names)
            .map_or(Cow::Borrowed(""), |place| cell_at(row, place))
    }
}

/// The cleaned cell at a place; empty when the row ends before it.
pub(crate) fn cell_at<'a>(row: &Row<'a>, place: usize) -> Cow<'a, str> {
    row.cells
        .get(place)
        .map_or(Cow::Borrowed(""), |cell| clean(cell))
}

/// A heading for comparison: cleaned, without blanks, brackets and signs in half width,
/// small letters.
pub(crate) fn heading(cell: &str) -> String {
    let text = clean(cell);
    let plain = text.chars().filter(|c| !c.is_whitespace()).map(half_width);
    plain.flat_map(char::to_lowercase).collect()
}

/// A cell without what exports put around values: blanks, tabs, zero-width characters and
/// the backtick with which WeChat keeps spreadsheets from rounding numbers.
pub(crate) fn clean(cell: &str) -> Cow<'_, str> {
    let trimmed = trim(cell);
    let trimmed = trimmed.strip_prefix('`').map_or(trimmed, trim);
    if trimmed.contains(is_invisible) {
        Cow::Owned(trimmed.chars().filter(|c| !is_invisible(*c)).collect())
    } else {
        Cow::Borrowed(trimmed)
    }
}

fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || is_invisible(c))
}

/// Zero-width characters that web pages and spreadsheets leave in cells.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}'
    )
}

/// Full-width ASCII as plain ASCII.
pub(crate) fn half_width(c: char) -> char {
    match c {
        '\u{3000}' | '\u{a0}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => u32::from(c)
            .checked_sub(0xfee0)
            .and_then(char::from_u32)
            .unwrap_or(c),
        _ => c,
    }
}

/// Full-width digits as plain digits, everything else as it is.
pub(crate) fn plain_digits(text: &str) -> String {
    let plain = |c| {
        if ('０'..='９').contains(&c) {
            half_width(c)
        } else {
            c
        }
    };
    text.chars().map(plain).collect()
}

/// The beginning of a wrong cell, for a reason.
pub(crate) fn told(text: &str) -> String {
    let mut start: String = text
        .chars()
        .filter(|c| !c.is_control())
        .take(TOLD_CHARS)
        .collect();
    if text.chars().nth(TOLD_CHARS).is_some() {
        start.push('…');
    }
    start
}

/// A text within a limit of characters and without control characters.
pub(crate) fn text(cell: &str, name: &'static str, max: usize) -> Result<String, Reject> {
    if cell.chars().nth(max).is_some() {
        return Err(Reject::new(
            "row.too_long",
            say!("{name}超过{max}个字，请缩短后再导入这一行。", name, max),
        ));
    }
    if cell
        .chars()
        .any(|c| c.is_control() && c != '\n' && c != '\t')
    {
        return Err(Reject::new(
            "row.control",
            say!("{name}里有看不见的控制字符，请删去后再导入这一行。", name),
        ));
    }
    Ok(cell.to_owned())
}

/// A text that must be there.
pub(crate) fn needed(cell: &str, name: &'static str, max: usize) -> Result<String, Reject> {
    if cell.is_empty() {
        let reason = say!("没有填写{name}，请补上后再导入这一行。", name);
        return Err(Reject::new("row.empty", reason));
    }
    text(cell, name, max)
}

/// An amount of yuan above zero.
pub(crate) fn amount(cell: &str) -> Result<Amount, Reject> {
    if cell.is_empty() {
        return Err(Reject::new(
            "row.amount",
            "没有填写金额，请补上后再导入这一行。",
        ));
    }
    Amount::parse(cell).map_err(|why| {
        let reason = say!(
            "金额“{cell}”不能入账：{why}，请改正后再导入这一行。",
            cell = told(cell),
            why = why.sentence()
        );
        Reject::new("row.amount", reason)
    })
}

/// A sum of yuan, or nothing where the cell is empty.
pub(crate) fn optional_fen(cell: &str, name: &'static str) -> Result<Option<Fen>, Reject> {
    if cell.is_empty() {
        return Ok(None);
    }
    Fen::parse(cell).map(Some).map_err(|why| {
        let reason = say!(
            "{name}“{cell}”读不出来：{why}，请改正后再导入这一行。",
            name,
            cell = told(cell),
            why = why.sentence()
        );
        Reject::new("row.amount", reason)
    })
}

/// A day like 2020-01-28.
pub(crate) fn day(cell: &str, name: &'static str) -> Result<Day, Reject> {
    Day::parse(cell).map_err(|why| {
        Reject::new(
            "row.day",
            say!(
                "{name}“{cell}”不是日期：{why}。",
                name,
                cell = told(cell),
                why = why.sentence()
            ),
        )
    })
}

//! Reads a list off its page, as somebody who knows HTML and nothing of the house.

use std::collections::BTreeMap;

/// A cell: what it says, and the value that machines read.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cell {
    pub(crate) text: String,
    pub(crate) value: Option<String>,
}

/// A page of a list.
pub(crate) struct Screen {
    pub(crate) rows: Vec<Vec<Cell>>,
    /// By label: number of rows, then the sums.
    pub(crate) sums: BTreeMap<String, Vec<i64>>,
    /// Opening, inflow, outflow, closing, in hundredths or units.
    pub(crate) balance: Option<[i64; 4]>,
    pub(crate) next: Option<String>,
}

fn between<'a>(html: &'a str, start: &str, end: &str) -> Option<&'a str> {
    let (_, rest) = html.split_once(start)?;
    rest.split_once(end).map(|(found, _)| found)
}

fn attribute(html: &str, name: &str) -> Option<String> {
    between(html, &format!(" {name}=\""), "\"").map(plain)
}

/// Text without tags and entities.
fn plain(html: &str) -> String {
    let mut text = String::new();
    let mut inside = false;
    for c in html.chars() {
        match c {
            '<' => inside = true,
            '>' if inside => inside = false,
            c if !inside => text.push(c),
            _ => {}
        }
    }
    let mut out = String::new();
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let (entity, after) = after.split_once(';').expect("an entity ends");
        let named = [("amp", '&'), ("lt", '<'), ("gt", '>'), ("quot", '"')];
        let found = named.iter().find(|(name, _)| *name == entity);
        let character = found.map(|(_, c)| *c).or_else(|| {
            let number = entity.strip_prefix('#')?;
            char::from_u32(number.parse().ok()?)
        });
        out.push(character.expect("a known entity"));
        rest = after;
    }
    out.push_str(rest);
    out.trim().to_string()
}

fn cell(html: &str) -> Cell {
    let html = html.split_once('>').map_or("", |(_, rest)| rest);
    let html = html.split("</td>").next().unwrap_or("");
    Cell {
        text: plain(html),
        value: attribute(html, "value").or_else(|| attribute(html, "datetime")),
    }
}

/// Digits with a point as hundredths, digits alone as they are.
fn number(words: &str) -> i64 {
    let digits: String = words
        .chars()
        .filter(|c| c.is_ascii_digit() || *c == '-')
        .collect();
    digits.parse().unwrap()
}

impl Screen {
    /// The list on a page.
    pub(crate) fn read(html: &str) -> Screen {
        let body = between(html, "<table class=\"cards list-table\">", "</table>");
        let body = body.and_then(|table| between(table, "<tbody>", "</tbody>"));
        let rows = body.map_or_else(Vec::new, |body| {
            let rows = body.split("<tr").skip(1);
            rows.map(|row| row.split("<td").skip(1).map(cell).collect())
                .collect()
        });
        let sums = between(html, "<div class=\"list-sums\">", "</dl>").unwrap_or("");
        let lines = sums.split("<dt>").skip(1).map(|line| {
            let label = plain(line.split("</dt>").next().unwrap());
            let values = line.split("<data").skip(1);
            let values = values.map(|data| attribute(data, "value").unwrap().parse().unwrap());
            (label, values.collect())
        });
        let balance = between(html, "<p class=\"list-balance\">", "</p>").map(|line| {
            let mut four = line
                .split("<b>")
                .skip(1)
                .map(|part| number(&plain(part.split("</b>").next().unwrap())));
            [(); 4].map(|()| four.next().unwrap())
        });
        let next = html.split("<a rel=\"next\"").nth(1);
        Screen {
            rows,
            sums: lines.collect(),
            balance,
            next: next.and_then(|link| attribute(link, "href")),
        }
    }
}

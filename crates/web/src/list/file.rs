//! The rows of a list as a file: written part by part while the reader takes them, so that no list is in memory whole.
//!
//! A workbook has a second sheet that says what each column means and what was asked. CSV is UTF-8 with its mark, and
//! no text in it can act as a formula. JSON is one array of objects with stable names; money is whole fen.

use super::limits::NAME_BYTES_MAX;
use super::table::yuan;
use crate::error::{Page, PageError};
use crate::show::{beijing_seconds, query_text};
use crate::view::View;
use app::list::limits::{FILE_PART_ROWS, FILE_ROWS_MAX};
use app::list::{Column, How, Kind, List, ListAsk, Row, Tally, Value};
use app::{App, AppError};
use axum::body::{Body, Bytes};
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use domain::sentence::Value as Words;
use domain::{Refusal, say};
use futures_util::{StreamExt, stream};
use serde_json::{Map, Value as Json};
use sheet::{Cell, Format, SheetError, Writer};
use std::io::Write;
use std::sync::{Arc, Mutex};

/// 〔下载格式〕 The forms in which a list can be taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// A workbook.
    Xlsx,
    /// A table of text.
    Csv,
    /// An array of objects.
    Json,
}

impl Ending {
    /// All of them, in the order of the links.
    pub(crate) const ALL: [Ending; 3] = [Ending::Xlsx, Ending::Csv, Ending::Json];

    /// The ending of an address.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Ending::Xlsx => "xlsx",
            Ending::Csv => "csv",
            Ending::Json => "json",
        }
    }

    /// What the link is called.
    pub(crate) const fn title(self) -> &'static str {
        match self {
            Ending::Xlsx => "XLSX",
            Ending::Csv => "CSV",
            Ending::Json => "JSON",
        }
    }

    const fn media_type(self) -> &'static str {
        match self {
            Ending::Xlsx => Format::Xlsx.media_type(),
            Ending::Csv => Format::Csv.media_type(),
            Ending::Json => "application/json",
        }
    }
}

/// What was written and not yet taken.
#[derive(Clone, Default)]
struct Basket(Arc<Mutex<Vec<u8>>>);

impl Basket {
    fn take(&self) -> Vec<u8> {
        // A basket holds plain bytes: one that a panic left behind is as good as before.
        let mut bytes = self
            .0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        std::mem::take(&mut *bytes)
    }
}

impl Write for Basket {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let mut kept = self
            .0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        kept.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// What rows are written into.
enum Out {
    Sheet(Writer<Basket>),
    /// True once a row was written.
    Array(bool),
}

/// A file on its way.
struct Writing {
    app: App,
    view: View,
    ask: ListAsk,
    basket: Basket,
    out: Option<Out>,
    place: Option<String>,
    written: i64,
}

/// Sends the file of a list.
///
/// # Errors
/// As `App::list_page`; `Refused` for more rows than a file may have.
pub(crate) async fn send(app: App, ask: ListAsk, (ending, view): (Ending, View)) -> Page {
    let begun = app.list_begin(&ask, FILE_ROWS_MAX).await?;
    let total = begun.total.ok_or_else(too_long)?;
    let basket = Basket::default();
    let out = match ending {
        Ending::Json => {
            let mut basket = basket.clone();
            basket.write_all(b"[").map_err(AppError::internal)?;
            Out::Array(false)
        }
        Ending::Csv => sheet_of(&ask, &basket, (Format::Csv, &total, &view))?,
        Ending::Xlsx => sheet_of(&ask, &basket, (Format::Xlsx, &total, &view))?,
    };
    let name = file_name(&view.say(ask.list.title), &begun.of);
    let writing = Writing {
        app,
        view,
        ask,
        basket,
        out: Some(out),
        place: None,
        written: 0,
    };
    // Compression asks once more after the end.
    let body = Body::from_stream(stream::unfold(Some(writing), next).fuse());
    Ok(with_name(body, ending, &name))
}

fn sheet_of(
    ask: &ListAsk,
    basket: &Basket,
    (format, total, view): (Format, &Tally, &View),
) -> Result<Out, PageError> {
    let headings: Vec<String> = {
        let columns = ask.list.columns.iter();
        columns.flat_map(|column| headings(column, view)).collect()
    };
    let headings: Vec<&str> = headings.iter().map(String::as_str).collect();
    let names = [view.say("数据"), view.say("列说明")];
    let [data, second] = &names;
    let notes = ([data.as_str(), second.as_str()], notes(ask, total, view));
    let writer = Writer::explained(basket.clone(), format, &headings, notes);
    Ok(Out::Sheet(writer.map_err(AppError::internal)?))
}

fn too_long() -> AppError {
    AppError::Refused(Refusal {
        code: "list.file_too_long",
        sentence: say!(
            "这张清单超过{n}行，不能一次下载；请先按日期或金额筛选，分几次下载。",
            n = FILE_ROWS_MAX
        ),
        law: None,
        field: None,
    })
}

/// One piece of the file; an error ends the transfer before the file is whole, so that nobody takes it for whole.
async fn next(writing: Option<Writing>) -> Option<(Result<Bytes, AppError>, Option<Writing>)> {
    let mut writing = writing?;
    match step(&mut writing).await {
        Ok(goes_on) => {
            let bytes = Bytes::from(writing.basket.take());
            Some((Ok(bytes), goes_on.then_some(writing)))
        }
        Err(error) => {
            let source: &(dyn std::error::Error + 'static) = &error;
            tracing::error!(
                error = source,
                list.name = writing.ask.list.name,
                "file broke off"
            );
            Some((Err(error), None))
        }
    }
}

/// Writes the next rows; true if there are more.
async fn step(writing: &mut Writing) -> Result<bool, AppError> {
    let place = writing.place.take();
    let part = writing
        .app
        .list_part(&writing.ask, place.as_deref(), FILE_PART_ROWS)
        .await?;
    let Some(out) = &mut writing.out else {
        return Ok(false);
    };
    for row in &part.rows {
        let here = (writing.ask.list, row, &writing.view);
        write_row(out, &mut writing.basket, here)?;
        writing.written = writing.written.saturating_add(1);
    }
    writing.place = part.next;
    if writing.place.is_some() {
        return Ok(true);
    }
    match writing.out.take() {
        Some(Out::Sheet(writer)) => {
            writer.finish().map_err(AppError::internal)?;
        }
        Some(Out::Array(_)) => {
            writing
                .basket
                .write_all(b"\n]\n")
                .map_err(AppError::internal)?;
        }
        None => {}
    }
    Ok(false)
}

fn write_row(
    out: &mut Out,
    basket: &mut Basket,
    (list, row, view): (&List, &Row, &View),
) -> Result<(), AppError> {
    match out {
        Out::Sheet(writer) => sheet_row(writer, (list, row), view).map_err(AppError::internal),
        Out::Array(begun) => {
            let head = if *begun { ",\n" } else { "\n" };
            *begun = true;
            let text = format!("{head}{}", Json::Object(object(list, row)));
            basket
                .write_all(text.as_bytes())
                .map_err(AppError::internal)
        }
    }
}

/// The heads of a column in a table: what has a name and a number has two.
fn headings(column: &Column, view: &View) -> Vec<String> {
    let label = Words::Term(column.label);
    match column.kind {
        Kind::Link => vec![
            view.say(column.label),
            view.say(&say!("{column}的编号", column = label)),
        ],
        Kind::Fen => vec![view.say(&say!("{column}（元）", column = label))],
        _ => vec![view.say(column.label)],
    }
}

fn sheet_row(
    writer: &mut Writer<Basket>,
    (list, row): (&List, &Row),
    view: &View,
) -> Result<(), SheetError> {
    let put: Vec<Put> = list
        .columns
        .iter()
        .zip(&row.cells)
        .flat_map(|(column, value)| cells(column, value, view))
        .collect();
    let cells: Vec<Cell<'_>> = put.iter().map(Put::cell).collect();
    writer.row(&cells)
}

/// What stands in a cell of a table.
enum Put {
    Text(String),
    Number(String),
    /// With its days since 1970-01-01.
    Day(String, i64),
    /// With its seconds since 1970-01-01 00:00 on clocks in Beijing.
    Moment(String, i64),
}

impl Put {
    fn cell(&self) -> Cell<'_> {
        match self {
            Put::Text(text) | Put::Number(text) if text.is_empty() => Cell::Empty,
            Put::Text(text) => Cell::Text(text),
            Put::Number(text) => text.parse().map_or(Cell::Decimal(text), Cell::Integer),
            Put::Day(text, days) => Cell::Day(text, *days),
            Put::Moment(text, seconds) => Cell::Moment(text, *seconds),
        }
    }
}

/// What a value is in a table; what has a name and a number fills two cells.
fn cells(column: &Column, value: &Value, view: &View) -> Vec<Put> {
    let text = |text: &str| Put::Text(text.to_owned());
    match value {
        Value::Empty if column.kind == Kind::Link => vec![text(""), text("")],
        Value::Empty => vec![text("")],
        Value::Text(words) if column.name == "unit" && words == "fen" => {
            vec![Put::Text(view.say("元"))]
        }
        Value::Text(words) => vec![text(words)],
        Value::Said { said, .. } => vec![Put::Text(view.say(said))],
        Value::Code { words, .. } => vec![Put::Text(view.say(words))],
        Value::Fen(fen) => vec![Put::Number(yuan(*fen))],
        Value::Quantity { amount, unit } if unit == "fen" => vec![Put::Number(yuan(*amount))],
        Value::Quantity { amount: count, .. } | Value::Count(count) => {
            vec![Put::Number(count.to_string())]
        }
        Value::Day(day) => vec![Put::Day(day.to_string(), i64::from(day.number()))],
        Value::Moment(at) => vec![Put::Moment(at.rfc3339(), beijing_seconds(*at))],
        Value::Link { id, title, .. } => vec![text(title), text(id)],
        Value::Number { id, .. } => vec![text(id)],
    }
}

/// A row as an object: codes, whole numbers and texts under stable names.
fn object(list: &List, row: &Row) -> Map<String, Json> {
    let mut object = Map::new();
    for (column, value) in list.columns.iter().zip(&row.cells) {
        let json = match value {
            Value::Empty => Json::Null,
            Value::Text(text) | Value::Said { words: text, .. } => text.as_str().into(),
            Value::Code { code, .. } => code.as_str().into(),
            Value::Fen(number) | Value::Count(number) => (*number).into(),
            Value::Quantity { amount, .. } => (*amount).into(),
            Value::Day(day) => day.to_string().into(),
            Value::Moment(at) => at.rfc3339().into(),
            Value::Link { title, .. } => title.as_str().into(),
            Value::Number { id, .. } => id.as_str().into(),
        };
        object.insert(column.name.into(), json);
        if column.kind == Kind::Link {
            let id = match value {
                Value::Link { id, .. } => id.as_str().into(),
                _ => Json::Null,
            };
            object.insert(format!("{}_id", column.name), id);
        }
    }
    object
}

/// The second sheet: what was asked, and what each column means.
fn notes(ask: &ListAsk, total: &Tally, view: &View) -> Vec<Vec<String>> {
    let line = |cells: [&str; 3]| cells.map(|text| view.say(text)).to_vec();
    let mut notes = vec![line(["列", "JSON中的名称", "含义"])];
    for column in ask.list.columns {
        let heads = headings(column, view).join(" / ");
        let mut note = line([&heads, column.name, column.help]);
        if column.kind == Kind::Moment {
            note.push(view.say("工作簿里写的是北京时间。"));
        }
        notes.push(note);
    }
    notes.push(Vec::new());
    notes.push(line(["清单", ask.list.name, ask.list.about]));
    for (at, _) in &ask.asked.filters {
        let Some(filter) = ask.list.filters.get(*at) else {
            continue;
        };
        let pairs = ask.asked.pairs(ask.list);
        let found = pairs.iter().find(|(name, _)| *name == filter.name);
        let text = found.map_or("", |(_, text)| text.as_str());
        let words = match filter.how {
            How::Choice(choices) | How::Among(choices) => {
                let known = choices().into_iter().find(|(code, _)| code == text);
                known.map_or_else(String::new, |(_, words)| words)
            }
            _ => text.to_string(),
        };
        notes.push(line([filter.label, text, &words]));
    }
    notes.push(line(["排序", &ask.asked.order.text(), ""]));
    notes.push(line(["行数", &total.rows.to_string(), ""]));
    notes
}

/// A name that says what is in it.
fn file_name(title: &str, of: &str) -> String {
    let mut name = title.to_string();
    for part in of.split(['/', '\\', '"', ':', '*', '?', '<', '>', '|']) {
        let part = part.trim();
        if !part.is_empty() && name.len() + part.len() < NAME_BYTES_MAX {
            name.push('-');
            name.push_str(part);
        }
    }
    name.retain(|c| !c.is_control());
    name
}

fn with_name(body: Body, ending: Ending, name: &str) -> Response {
    let mut answer = body.into_response();
    let headers = answer.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(ending.media_type()));
    let text = format!(
        "attachment; filename=\"list.{code}\"; filename*=UTF-8''{}.{code}",
        query_text(name),
        code = ending.code()
    );
    if let Ok(value) = HeaderValue::from_str(&text) {
        headers.insert(CONTENT_DISPOSITION, value);
    }
    answer
}

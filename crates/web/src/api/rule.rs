//! Rules of the law for machines: the list with its filters, and one rule as of a day and a place.

use app::view::Page;
use app::{App, RuleAsk};
use axum::extract::{Query, State};
use axum::http::Uri;
use kernel::Day;

use super::answer::{Answer, json};
use super::body::Part;
use super::fault::Fault;
use super::limits::QUERY_BYTES;
use crate::oversight::rule::place_of;

type Pairs = Vec<(String, String)>;

fn pairs(uri: &Uri) -> Result<Pairs, Fault> {
    if uri.query().is_some_and(|text| text.len() > QUERY_BYTES) {
        return Err(Fault::Query);
    }
    Query::<Pairs>::try_from_uri(uri)
        .map(|Query(pairs)| pairs)
        .map_err(|_| Fault::Query)
}

fn first(pairs: &Pairs, name: &str) -> Option<String> {
    let found = pairs.iter().find(|(known, _)| known == name);
    let text = found.map(|(_, text)| text.trim().to_owned());
    text.filter(|text| !text.is_empty())
}

fn day(pairs: &Pairs, name: &str) -> Result<Option<Day>, Fault> {
    let wrong = |_| Fault::field(name, "day", "日期请写成年-月-日，例如 2026-11-22。");
    let text = first(pairs, name);
    text.map(|text| Day::parse(&text).map_err(wrong))
        .transpose()
}

fn choice(app: &App, pairs: &Pairs, name: &str) -> Result<Option<String>, Fault> {
    let Some(code) = first(pairs, name) else {
        return Ok(None);
    };
    let known: Vec<String> = app
        .rule_choices(name)
        .into_iter()
        .map(|one| one.code)
        .collect();
    if known.contains(&code) {
        return Ok(Some(code));
    }
    let sentence = format!("没有这个选项，请从这些里选：{}。", known.join("、"));
    Err(Fault::field(name, "choice", sentence))
}

pub(super) async fn list(State(app): State<App>, uri: Uri) -> Answer {
    let pairs = pairs(&uri)?;
    let ask = RuleAsk {
        text: first(&pairs, "q"),
        on: day(&pairs, "on")?,
        group: choice(&app, &pairs, "group")?,
        binds: choice(&app, &pairs, "binds")?,
        enforced: choice(&app, &pairs, "enforced")?,
        status: choice(&app, &pairs, "status")?,
        region: choice(&app, &pairs, "region")?,
    };
    json(Page {
        rows: app.rules(&ask),
        next: None,
    })
}

pub(super) async fn show(State(app): State<App>, Part(id): Part, uri: Uri) -> Answer {
    let pairs = pairs(&uri)?;
    day(&pairs, "on")?;
    day(&pairs, "from")?;
    json(app.rule_page(&id, &place_of(&pairs))?)
}

//! Search: one box for names, codes and numbers; results by kind, and suggestions while typing.

use std::sync::Arc;

use app::view::SearchPage;
use app::{App, SearchAsk};
use askama::Template;
use axum::Json;
use axum::extract::{Query, State};
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, VARY};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::api::fault::Fault;
use crate::error::Page;
use crate::pace::{Pace, WAIT_SECONDS};
use crate::show::filters;
use crate::view::View;

/// The longest question that is asked, in characters.
const QUERY_MAX: usize = 100;
/// Browsers keep suggestions for so long: who types back and forth asks once.
const SUGGESTIONS_CACHE: &str = "private, max-age=30";

#[derive(Template)]
#[template(path = "exchange/search/results.html")]
pub(crate) struct Results {
    pub(crate) page: SearchPage,
}

/// What stands behind `?`; what else stands there is passed over.
#[derive(Debug, Default)]
struct Question {
    text: String,
    kind: Option<String>,
    page: i64,
}

impl Question {
    fn of(pairs: Vec<(String, String)>) -> Question {
        let mut question = Question {
            page: 1,
            ..Question::default()
        };
        for (name, value) in pairs {
            match name.as_str() {
                "q" if question.text.is_empty() => {
                    question.text = value.trim().chars().take(QUERY_MAX).collect();
                }
                "kind" => question.kind = Some(value).filter(|kind| !kind.is_empty()),
                "page" => question.page = value.parse().unwrap_or(1),
                _ => {}
            }
        }
        question
    }
}

/// `GET /search?q=…&kind=…&page=…`
pub(crate) async fn show(
    State(app): State<App>,
    view: View,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Page {
    let question = Question::of(pairs);
    let ask = SearchAsk {
        text: &question.text,
        kind: question.kind.as_deref(),
        page: question.page,
    };
    let page = app.search_page(ask).await?;
    view.page(&Results { page })
}

/// `GET /search/suggest?q=…`: names that may be meant, as JSON, kinds in the reader's language.
pub(crate) async fn suggest(
    State(app): State<App>,
    State(pace): State<Arc<Pace>>,
    view: View,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Response, Fault> {
    if !pace.has_room(app.now()) {
        return Err(Fault::TooMany(WAIT_SECONDS));
    }
    let mut answer = app.suggest(&Question::of(pairs).text).await?;
    for suggestion in &mut answer.suggestions {
        suggestion.kind_title = view.say(&suggestion.kind_title);
    }
    let headers = [
        (CACHE_CONTROL, HeaderValue::from_static(SUGGESTIONS_CACHE)),
        (VARY, HeaderValue::from_static("cookie, accept-language")),
    ];
    Ok((headers, Json(answer)).into_response())
}

/// `GET /regions/suggest?q=…`: divisions that may be meant, as JSON, for a field that asks for a place.
pub(crate) async fn regions(
    State(app): State<App>,
    State(pace): State<Arc<Pace>>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Response, Fault> {
    if !pace.has_room(app.now()) {
        return Err(Fault::TooMany(WAIT_SECONDS));
    }
    let found = app.region_choices(&Question::of(pairs).text).await?;
    let suggestions = found.into_iter().map(|choice| RegionSuggestion {
        value: choice.words(),
        title: choice.path,
        kind_title: choice.code,
    });
    let answer = RegionSuggestions {
        suggestions: suggestions.collect(),
    };
    let headers = [(CACHE_CONTROL, HeaderValue::from_static(SUGGESTIONS_CACHE))];
    Ok((headers, Json(answer)).into_response())
}

/// A division as the script shows it and as it fills the field.
#[derive(Serialize)]
struct RegionSuggestion {
    title: String,
    kind_title: String,
    value: String,
}

#[derive(Serialize)]
struct RegionSuggestions {
    suggestions: Vec<RegionSuggestion>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strange_questions_are_plain_ones() {
        let of = |pairs: &[(&str, &str)]| {
            let pairs = pairs.iter().map(|(a, b)| ((*a).into(), (*b).into()));
            Question::of(pairs.collect())
        };
        let question = of(&[
            ("q", " 善 "),
            ("kind", ""),
            ("page", "x"),
            ("q", "恶"),
            ("z", "1"),
        ]);
        assert_eq!(
            (question.text.as_str(), question.kind, question.page),
            ("善", None, 1)
        );
        let question = of(&[
            ("kind", "fund"),
            ("page", "-9"),
            ("q", &"善".repeat(10_000)),
        ]);
        assert_eq!(
            (question.kind.as_deref(), question.page),
            (Some("fund"), -9)
        );
        assert_eq!(question.text.chars().count(), QUERY_MAX);
    }
}

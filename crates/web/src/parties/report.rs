//! The annual report of an organisation for one year, as a page and as a text to keep.

use crate::error::Page;
use crate::show::filters;
use crate::view::View;
use app::App;
use app::view::{AnnualReportPage, RegisterLine};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;

#[derive(Template)]
#[template(path = "parties/organisation/report.html")]
pub(crate) struct Shown {
    pub(crate) page: AnnualReportPage,
}

/// Colour of a state, by its code.
pub(crate) fn colour(code: &str) -> &'static str {
    match code {
        "in_time" => "live",
        "late" => "held",
        "missing" => "refused",
        _ => "",
    }
}

/// The year of an entry that is a report.
pub(crate) fn year(line: &RegisterLine) -> &str {
    line.from.get(..4).unwrap_or_default()
}

/// `GET /organisations/{id}/reports/{year}`
pub(crate) async fn show(
    State(app): State<App>,
    view: View,
    Path((id, year)): Path<(String, String)>,
) -> Page {
    let page = app.annual_report(&id, &year).await?;
    view.page(&Shown { page })
}

/// `GET /organisations/{id}/reports/{year}/text`: the words of the entry, byte for byte.
pub(crate) async fn text(State(app): State<App>, Path((id, year)): Path<(String, String)>) -> Page {
    let page = app.annual_report(&id, &year).await?;
    let headers = [
        (
            CONTENT_TYPE,
            HeaderValue::from_static("text/plain; charset=utf-8"),
        ),
        (
            CONTENT_DISPOSITION,
            HeaderValue::from_static("attachment; filename=\"annual-report.txt\""),
        ),
    ];
    Ok((headers, page.entry.words).into_response())
}

//! The receipt page: where is my money now, the story along the tape, the proof.

use app::view::ReceiptPage;
use app::{App, AppError};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;

use crate::error::Page;
use crate::routes::Continue;
use crate::show::{filters, query_text};
use crate::view::View;

#[derive(Template)]
#[template(path = "fundraising/donation/receipt.html")]
pub(crate) struct Receipt {
    pub(crate) page: ReceiptPage,
    /// `?token=…`, or nothing.
    pub(crate) token_query: String,
    /// `&token=…`, or nothing.
    pub(crate) token_more: String,
    /// True if earlier segments stand on an earlier page.
    pub(crate) continued: bool,
}

impl Receipt {
    pub(crate) fn new(page: ReceiptPage, on: &Continue) -> Receipt {
        // A token that opened nothing is not carried along.
        let token = on.token.as_deref().filter(|_| page.own).map(query_text);
        let with = |mark: &str| {
            token
                .as_ref()
                .map_or(String::new(), |t| format!("{mark}token={t}"))
        };
        Receipt {
            token_query: with("?"),
            token_more: with("&"),
            continued: on.cursor.is_some(),
            page,
        }
    }
}

/// `GET /donations/{id}`
pub(crate) async fn show(
    State(app): State<App>,
    view: View,
    Path(id): Path<String>,
    Query(on): Query<Continue>,
) -> Page {
    let page = app
        .receipt_page(&id, on.token.as_deref(), on.cursor.as_deref())
        .await?;
    view.page(&Receipt::new(page, &on))
}

/// `GET /donations/{id}/proof`: the `.tlog-proof` file to keep.
pub(crate) async fn proof(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(on): Query<Continue>,
) -> Page {
    let file = app.receipt_proof(&id, on.token.as_deref()).await?;
    let file = file.ok_or(AppError::NotFound("证明文件，它可能还在封存；等一秒钟再试"))?;
    // The id was read by the app, so it holds letters, digits and an underscore only.
    let name: String = id
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '_')
        .collect();
    let place = format!("attachment; filename=\"{name}.tlog-proof\"");
    let place = HeaderValue::from_str(&place).unwrap_or(HeaderValue::from_static("attachment"));
    let kind = HeaderValue::from_static("text/plain; charset=utf-8");
    Ok(([(CONTENT_TYPE, kind), (CONTENT_DISPOSITION, place)], file).into_response())
}

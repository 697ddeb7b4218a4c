//! Errors on their way out: what went wrong travels with the answer and is drawn last, when the reader is known.
//!
//! An extractor or middleware that refuses has no page of its own; it leaves an [`Unshown`] in the
//! answer's extensions, and [`show_errors`] draws it in the reader's language and theme.

use std::sync::Arc;

use askama::Template;
use axum::body::Body;
use axum::extract::Request;
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_TYPE, VARY};
use axum::middleware::Next;
use axum::response::Response;
use domain::Sentence;

use super::View;
use crate::show::filters;

/// What went wrong, not drawn yet.
#[derive(Debug)]
pub(crate) struct Unshown {
    /// The heading.
    pub(crate) title: &'static str,
    /// What went wrong and what to do.
    pub(crate) sentence: Sentence,
    /// The article behind it.
    pub(crate) law: Option<&'static str>,
    /// True if signing in helps.
    pub(crate) sign_in: bool,
}

#[derive(Template)]
#[template(path = "components/error.html")]
pub(crate) struct ErrorPage<'a> {
    pub(crate) shown: &'a Unshown,
}

/// Draws what went wrong, and tells caches that pages differ by cookie and language.
pub(crate) async fn show_errors(request: Request, next: Next) -> Response {
    let view = View::of(request.headers(), request.uri()).run_by(request.extensions().get());
    let mut answer = next.run(request).await;
    if let Some(unshown) = answer.extensions_mut().remove::<Arc<Unshown>>() {
        let page = ErrorPage { shown: &unshown };
        let html = view
            .draw(&page)
            .unwrap_or_else(|_| view.say(&unshown.sentence));
        *answer.body_mut() = Body::from(html);
        answer.headers_mut().insert(
            CONTENT_TYPE,
            HeaderValue::from_static("text/html; charset=utf-8"),
        );
    }
    let is_page = answer
        .headers()
        .get(CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if is_page {
        answer
            .headers_mut()
            .append(VARY, HeaderValue::from_static("cookie, accept-language"));
    }
    answer
}

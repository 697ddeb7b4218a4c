//! A form that was sent after its session had ended: nothing is done, and nothing that was typed is lost.
//!
//! The body travels unseen through the sign-in page; once somebody has signed in, it stands on a page with
//! one button that sends it for real, under its own command key, so that it still cannot act twice.

use app::AppError;
use askama::Template;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequest, Request};
use axum::http::Method;
use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::middleware::Next;
use axum::response::Response;

use crate::error::{self, Page};
use crate::form::{Typed, unreadable};
use crate::identity::session::{SignIn, sign_in_form};
use crate::routes::FORM_BYTES;
use crate::session::safe_next;
use crate::show::filters;
use crate::view::View;

/// The type of a form without files.
const PLAIN_FORM: &str = "application/x-www-form-urlencoded";
/// Name of the field that carries the body through the sign-in page.
pub(crate) const KEPT_FIELD: &str = "kept";

#[derive(Template)]
#[template(path = "identity/session/kept.html")]
pub(crate) struct Kept<'a> {
    pub(crate) action: &'a str,
    pub(crate) pairs: &'a [(String, String)],
}

/// Layer of the desk: where a sent form is answered with the way to the sign-in page, keeps what was typed.
pub(crate) async fn keep(request: Request, next: Next) -> Response {
    if !is_plain_form(&request) {
        return next.run(request).await;
    }
    let view = View::of(request.headers(), request.uri());
    let address = request.uri().path().to_string();
    let (parts, body) = request.into_parts();
    let Ok(bytes) = to_bytes(body, FORM_BYTES).await else {
        return error::page(unreadable());
    };
    let sent = Request::from_parts(parts, Body::from(bytes.clone()));
    let answer = next.run(sent).await;
    if leads_to_sign_in(&answer) {
        sign_in_with(&view, &address, &bytes).unwrap_or(answer)
    } else {
        answer
    }
}

/// Files are not carried; only what was typed is.
fn is_plain_form(request: &Request) -> bool {
    request.method() == Method::POST
        && request
            .headers()
            .get(CONTENT_TYPE)
            .is_some_and(|kind| kind.as_bytes().starts_with(PLAIN_FORM.as_bytes()))
}

fn leads_to_sign_in(answer: &Response) -> bool {
    error::leads_elsewhere(answer)
        && answer
            .headers()
            .get(LOCATION)
            .is_some_and(|place| place.as_bytes().starts_with(b"/sign-in"))
}

/// The sign-in page that carries the form; none where it cannot be drawn.
fn sign_in_with(view: &View, address: &str, bytes: &Bytes) -> Option<Response> {
    let kept = std::str::from_utf8(bytes).ok()?;
    let form = sign_in_form(address, kept).ok()?;
    let ended = true;
    let html = view.draw(&SignIn { form, ended }).ok()?;
    Some(error::ok(html))
}

/// The page after signing in: everything is still there, one button sends it.
pub(crate) async fn resume(view: &View, next: &str, kept: &str) -> Page {
    let sent = Request::post("/")
        .header(CONTENT_TYPE, PLAIN_FORM)
        .body(Body::from(kept.to_string()))
        .map_err(AppError::internal)?;
    let typed = match Typed::from_request(sent, &()).await {
        Ok(typed) => typed,
        Err(refused) => return Ok(refused),
    };
    view.page(&Kept {
        action: safe_next(next),
        pairs: &typed.0,
    })
}

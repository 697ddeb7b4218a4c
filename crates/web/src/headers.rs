//! Headers that every answer carries: what a browser may load, frame and tell others.

use axum::extract::Request;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

/// Nothing but our own files; no inline style or script; nobody may frame us.
pub(crate) const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; \
     img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; \
     form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Pages of the desk and of a donor's own link leave nothing behind on a shared computer.
fn is_private(request: &Request) -> bool {
    let address = request.uri();
    address.path().starts_with("/desk")
        || address.path().starts_with("/intents/")
        || address.path().starts_with("/sign-in")
        || address
            .query()
            .is_some_and(|query| query.contains("token="))
}

/// Adds the headers where the handler did not set its own.
pub(crate) async fn secure(request: Request, next: Next) -> Response {
    let cache = if is_private(&request) {
        "no-store"
    } else {
        "no-cache"
    };
    let mut answer = next.run(request).await;
    let fixed: [(HeaderName, &'static str); 6] = [
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        // The donor's own link carries a token; no other site learns it.
        // Not `no-referrer`: browsers without fetch metadata would send `Origin: null` with our own forms, and old
        // telephones could give nothing. A donor's link still never leaves the house.
        (REFERRER_POLICY, "same-origin"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        (CACHE_CONTROL, cache),
    ];
    for (name, value) in fixed {
        answer
            .headers_mut()
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    answer
}

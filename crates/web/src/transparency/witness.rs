//! What a witness serves (c2sp.org/tlog-witness): `add-checkpoint`, and the checkpoints it has
//! signed. A server of its own, without pages.

use app::Witness;
use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, FailedToBufferBody};
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use std::time::Duration;
use tlog::limits::WITNESS_REQUEST_BYTES_MAX;
use tower_http::timeout::RequestBodyDeadlineLayer;

use crate::error;

/// What is said in words and signature lines.
const TEXT: &str = "text/plain; charset=utf-8";

/// How long a request may take to arrive: a few kilobytes from a log that waits for the answer.
const REQUEST_TIME: Duration = Duration::from_secs(5);

/// The routes of a witness.
pub(crate) fn witness_router(witness: Witness) -> Router {
    Router::new()
        .route("/add-checkpoint", post(add_checkpoint))
        .route("/{origin_hash}/checkpoint", get(checkpoint))
        .fallback(async || error::no_file())
        .method_not_allowed_fallback(async || error::wrong_method())
        .layer(DefaultBodyLimit::max(WITNESS_REQUEST_BYTES_MAX))
        .layer(RequestBodyDeadlineLayer::new(REQUEST_TIME))
        .with_state(witness)
}

async fn add_checkpoint(
    State(witness): State<Witness>,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let body = match body {
        Ok(body) => body,
        Err(BytesRejection::FailedToBufferBody(FailedToBufferBody::LengthLimitError(_))) => {
            return error::request_too_long();
        }
        Err(_) => return error::request_too_slow(),
    };
    match witness.add_checkpoint(&body).await {
        Ok(Ok(line)) => answer(line, TEXT),
        Ok(Err(refusal)) => {
            tracing::info!(code = refusal.code(), "a checkpoint was not signed");
            error::witness_refused(refusal)
        }
        Err(error) => error::file_failed(&error),
    }
}

async fn checkpoint(State(witness): State<Witness>, Path(hash): Path<String>) -> Response {
    match witness.checkpoint(&hash).await {
        Ok(Some(note)) => answer(note, TEXT),
        Ok(None) => error::no_file(),
        Err(error) => error::file_failed(&error),
    }
}

fn answer(text: String, media_type: &'static str) -> Response {
    let headers = [(CONTENT_TYPE, media_type), (CACHE_CONTROL, "no-store")];
    (headers, text).into_response()
}

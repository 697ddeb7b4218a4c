//! The public log as files (C2SP tlog-tiles): for anybody's client, from anywhere, without cookies.
//!
//! Tiles never change, so they may be kept for ever; the checkpoint is fresh within a second. A full tile is served
//! for a full path and a partial one for a partial path; everything else is 404.

use app::App;
use axum::Router;
use axum::extract::State;
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderValue, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tlog::TilePath;

use crate::error;
use crate::state::AppState;

/// Below this prefix the paths are those of the specification.
const PREFIX: &str = "/log/";

/// Routes of the log's files.
pub(crate) fn log_routes() -> Router<AppState> {
    Router::new()
        .route("/log/checkpoint", get(checkpoint))
        .route("/log/vkey", get(verifier_key))
        .route("/log/tile/{*path}", get(tile))
        .layer(axum::middleware::map_response(for_everybody))
}

/// Any page of any site may read the log; that is what it is for.
async fn for_everybody(mut answer: Response) -> Response {
    answer
        .headers_mut()
        .insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    answer
}

async fn checkpoint(State(app): State<App>) -> Response {
    match app.log_checkpoint().await {
        Ok(Some(note)) => text(note, "public, max-age=1"),
        Ok(None) => error::no_file(),
        Err(error) => error::file_failed(&error),
    }
}

/// The key under which checkpoints are signed; whoever checks should have it from elsewhere too.
async fn verifier_key(State(app): State<App>) -> Response {
    text(format!("{}\n", app.verifier_key()), "public, max-age=300")
}

async fn tile(State(app): State<App>, uri: Uri) -> Response {
    // The path is read as it was sent: one tile has one spelling.
    let path = uri
        .path()
        .strip_prefix(PREFIX)
        .and_then(|path| path.parse::<TilePath>().ok());
    let Some(path) = path else {
        return error::no_file();
    };
    match app.log_tile(&path).await {
        Ok(Some(bytes)) => {
            let headers = [
                (CONTENT_TYPE, "application/octet-stream"),
                (CACHE_CONTROL, "public, max-age=31536000, immutable"),
            ];
            (headers, bytes).into_response()
        }
        Ok(None) => error::no_file(),
        Err(error) => error::file_failed(&error),
    }
}

fn text(text: String, cache: &'static str) -> Response {
    (
        [
            (CONTENT_TYPE, "text/plain; charset=utf-8"),
            (CACHE_CONTROL, cache),
        ],
        text,
    )
        .into_response()
}

//! The public log as files (C2SP tlog-tiles): for anybody's client, from anywhere, without cookies.
//!
//! Tiles never change, so they may be kept for ever; the checkpoint is fresh within a second. A full tile is served
//! for a full path and a partial one for a partial path; everything else is 404.

use app::{App, AppError, IndexQuestion};
use axum::Router;
use axum::body::Bytes;
use axum::extract::DefaultBodyLimit;
use axum::extract::rejection::QueryRejection;
use axum::extract::rejection::{BytesRejection, FailedToBufferBody};
use axum::extract::{Query, State};
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderValue, Method, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use tlog::TilePath;
use tlog::limits::ENTRY_BYTES_MAX;

use crate::error;
use crate::state::AppState;

/// Below this prefix the paths are those of the specification.
const PREFIX: &str = "/log/";

/// Leaves that are proved in one answer.
const LEAVES_AT_ONCE: usize = 64;

/// Leaves of a stream that are shown if nobody says how many.
const STREAM_PAGE: i64 = 64;

/// Routes of the log's files.
pub(crate) fn log_routes() -> Router<AppState> {
    Router::new()
        .route("/log/checkpoint", get(checkpoint))
        .route("/log/final-checkpoint", get(final_checkpoint))
        .route("/log/vkey", get(verifier_key))
        .route("/log/vkeys", get(key_history))
        .route("/log/vkey-sm2", get(sm2_key))
        .route("/log/vkeys-sm2", get(sm2_history))
        .route("/log/policy", get(policy))
        .route("/log/tile/{*path}", get(tile))
        .route("/log/proof/leaves", get(leaves))
        .route("/log/index/stream", get(stream))
        .route("/log/index/below", get(below))
        .route("/log/index/rules", get(rules))
        .route("/log/directory/rules", get(directory_rules))
        .method_not_allowed_fallback(async || error::wrong_method())
        .merge(test_log_routes())
        .layer(axum::middleware::map_response(for_everybody))
}

/// What only a test log has; in every other log there is no such address, whatever is asked of it.
fn test_log_routes() -> Router<AppState> {
    let limit = DefaultBodyLimit::max(ENTRY_BYTES_MAX);
    Router::new().route("/log/add", any(add).layer(limit))
}

/// Why a test log did not take an entry.
pub(crate) enum EntryRefused {
    /// No bytes.
    Empty,
    /// Longer than an entry can be.
    TooLong,
    /// The body did not arrive whole.
    Broken,
    /// The house's own error.
    House(AppError),
}

impl From<AppError> for EntryRefused {
    fn from(error: AppError) -> EntryRefused {
        EntryRefused::House(error)
    }
}

/// `POST /log/add`: any bytes become the next entry of a test log; the answer is its index, once it is on disk.
async fn add(
    State(app): State<App>,
    method: Method,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    if !app.is_test_log() {
        return error::no_file();
    }
    if method != Method::POST {
        return error::only_post();
    }
    match taken(&app, body).await {
        Ok(index) => error::entry_taken(index),
        Err(refused) => error::entry_refused(&refused),
    }
}

async fn taken(app: &App, body: Result<Bytes, BytesRejection>) -> Result<i64, EntryRefused> {
    let bytes = body.map_err(|rejection| match rejection {
        BytesRejection::FailedToBufferBody(FailedToBufferBody::LengthLimitError(_)) => {
            EntryRefused::TooLong
        }
        _ => EntryRefused::Broken,
    })?;
    if bytes.is_empty() {
        return Err(EntryRefused::Empty);
    }
    Ok(app.entry_add(bytes.to_vec()).await?)
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

/// The newest checkpoint that the policy's witnesses have confirmed: up to there receipts are final.
async fn final_checkpoint(State(app): State<App>) -> Response {
    match app.log_checkpoint_final().await {
        Ok(Some(note)) => text(note, "public, max-age=1"),
        Ok(None) => error::no_file(),
        Err(error) => error::file_failed(&error),
    }
}

/// The policy by which witnesses are counted; whoever checks should have it from elsewhere too.
async fn policy(State(app): State<App>) -> Response {
    text(app.witness_policy(), "public, max-age=300")
}

/// The key under which checkpoints are signed; whoever checks should have it from elsewhere too.
async fn verifier_key(State(app): State<App>) -> Response {
    text(format!("{}\n", app.verifier_key()), "public, max-age=300")
}

/// The SM2 key that signs checkpoints beside it, for whoever checks with the algorithms of the state; while two sign,
/// the newer one stands first.
async fn sm2_key(State(app): State<App>) -> Response {
    match app.sm2_keys().await {
        Ok(keys) if keys.is_empty() => error::no_file(),
        Ok(keys) => {
            let lines = keys.iter().map(|key| format!("{key}\n"));
            text(lines.collect(), "public, max-age=300")
        }
        Err(error) => error::file_failed(&error),
    }
}

/// All SM2 keys that the log has named, with the proofs of its leaves that name them.
async fn sm2_history(State(app): State<App>) -> Response {
    match app.sm2_history().await {
        Ok(Some(history)) => text(history, "public, max-age=300"),
        Ok(None) => error::no_file(),
        Err(error) => error::file_failed(&error),
    }
}

/// All keys of the log with the proofs that lead from one to the next.
async fn key_history(State(app): State<App>) -> Response {
    match app.key_history().await {
        Ok(history) => text(history, "public, max-age=300"),
        Err(error) => error::file_failed(&error),
    }
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

/// Which leaves of the log of how many.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct SomeLeaves {
    size: i64,
    /// In rising order, with commas between.
    index: String,
}

impl SomeLeaves {
    fn indexes(&self) -> Option<Vec<i64>> {
        let texts = self.index.split(',').take(LEAVES_AT_ONCE + 1);
        let numbers = texts.map(|text| text.parse().ok());
        let numbers: Vec<i64> = numbers.collect::<Option<_>>()?;
        let rising = numbers.is_sorted_by(|a, b| a < b);
        (rising && numbers.len() <= LEAVES_AT_ONCE).then_some(numbers)
    }
}

/// A few leaves with their proofs: less to fetch than the bundles and tiles that they stand in. Never needed for trust.
async fn leaves(
    State(app): State<App>,
    query: Result<Query<SomeLeaves>, QueryRejection>,
) -> Response {
    let Ok(Query(some)) = query else {
        return error::bad_file_question();
    };
    let Some(indexes) = some.indexes() else {
        return error::bad_file_question();
    };
    match app.leaves_proved(some.size, &indexes).await {
        Ok(Some(file)) => text(file, "public, max-age=31536000, immutable"),
        Ok(None) => error::no_file(),
        Err(error) => error::file_failed(&error),
    }
}

/// Which page of a stream.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct StreamPage {
    name: String,
    #[serde(default)]
    from: i64,
    count: Option<i64>,
}

/// A page of a stream with the proof that nothing is left out of it, or that there is no such stream.
async fn stream(
    State(app): State<App>,
    query: Result<Query<StreamPage>, QueryRejection>,
) -> Response {
    let Ok(Query(page)) = query else {
        return error::bad_file_question();
    };
    let count = page.count.unwrap_or(STREAM_PAGE);
    proved(&app, IndexQuestion::Page(page.name, page.from, count)).await
}

/// How the names of the streams begin that are asked for.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Below {
    prefix: String,
}

/// All streams whose name begins so, with the proof that there are no others.
async fn below(State(app): State<App>, query: Result<Query<Below>, QueryRejection>) -> Response {
    let Ok(Query(below)) = query else {
        return error::bad_file_question();
    };
    proved(&app, IndexQuestion::Below(below.prefix)).await
}

/// The rules by which the index is computed, word for word.
async fn rules() -> Response {
    text(leaf::STREAM_INDEX_RULES.to_owned(), "public, max-age=86400")
}

/// The rules by which names and codes stand in the directory, word for word.
async fn directory_rules() -> Response {
    text(leaf::DIRECTORY_RULES.to_owned(), "public, max-age=86400")
}

async fn proved(app: &App, question: IndexQuestion) -> Response {
    match app.index_proof(question).await {
        Ok(Some(file)) => text(file, "public, max-age=1"),
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

//! Open data: what can be taken away whole, what its fields mean, and how to check it.

use app::exchange::{DATASETS, Dataset, Dump, OPEN_LICENCE};
use app::{App, AppError};
use askama::Template;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::HeaderValue;
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE,
};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, stream};
use tokio::fs::File;
use tokio::io::AsyncReadExt;

use crate::error::{self, Page};
use crate::show::filters;
use crate::view::View;

/// Bytes of a file that are sent at once.
const PIECE: usize = 64 * 1024;

#[derive(Template)]
#[template(path = "exchange/open/page.html")]
pub(crate) struct Shown {
    pub(crate) dumps: Vec<Dump>,
}

impl Shown {
    fn datasets(&self) -> &'static [Dataset] {
        &DATASETS
    }

    fn licence(&self) -> &'static str {
        OPEN_LICENCE
    }
}

/// `GET /open`
pub(crate) async fn show(State(app): State<App>, view: View) -> Page {
    let dumps = app.dumps()?;
    view.page(&Shown { dumps })
}

/// `GET /open/{size}/{file}`: a file of a dump as it lies on the disk, piece by piece.
pub(crate) async fn file(
    State(app): State<App>,
    Path((size, name)): Path<(i64, String)>,
) -> Result<Response, error::PageError> {
    let Some(path) = app.open_file(size, &name) else {
        return Ok(error::no_file());
    };
    let file = File::open(path).await.map_err(AppError::internal)?;
    let length = file.metadata().await.map_err(AppError::internal)?.len();
    // A layer above may ask once more behind the end.
    let pieces = stream::unfold(Some(file), piece).fuse();
    let kind = match name.rsplit('.').next() {
        Some("csv") => "text/csv; charset=utf-8",
        Some("jsonl") => "application/x-ndjson",
        Some("json") => "application/json",
        _ => "text/plain; charset=utf-8",
    };
    let mut answer = Body::from_stream(pieces).into_response();
    let headers = answer.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    // What a dump says never changes; only the newest ones are kept.
    let cache = HeaderValue::from_static("public, max-age=86400");
    headers.insert(CACHE_CONTROL, cache);
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    Ok(answer)
}

async fn piece(file: Option<File>) -> Option<(std::io::Result<Bytes>, Option<File>)> {
    let mut file = file?;
    let mut bytes = vec![0; PIECE];
    match file.read(&mut bytes).await {
        Ok(0) => None,
        Ok(read) => {
            bytes.truncate(read);
            Some((Ok(Bytes::from(bytes)), Some(file)))
        }
        Err(error) => Some((Err(error), None)),
    }
}

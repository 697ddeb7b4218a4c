//! The checkpoints as an Atom feed (RFC 4287): whoever subscribes keeps them, and can compare.

use app::App;
use app::view::CheckpointView;
use askama::Template;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::IntoResponse;

use crate::error::Page;
use crate::transparency::log::address;

/// When nothing has been signed yet: a feed must say when it changed last.
const NEVER: &str = "1970-01-01T00:00:00Z";

#[derive(Template)]
#[template(path = "transparency/log/feed.xml")]
struct Feed {
    origin: String,
    tag: String,
    /// The log's prefix as this reader reached it.
    address: String,
    updated: String,
    checkpoints: Vec<CheckpointView>,
}

/// `GET /log/checkpoints.atom`: the newest checkpoints, for whoever keeps them.
pub(crate) async fn show(State(app): State<App>, headers: HeaderMap) -> Page {
    let checkpoints = app.log_feed().await?;
    let newest = checkpoints.first().map(|point| point.signed_at.clone());
    let origin = app.origin().to_string();
    let feed = Feed {
        tag: tag(&origin),
        origin,
        address: address(&headers),
        updated: newest.unwrap_or_else(|| NEVER.to_owned()),
        checkpoints,
    };
    let kind = HeaderValue::from_static("application/atom+xml; charset=utf-8");
    Ok(([(CONTENT_TYPE, kind)], feed.render()?).into_response())
}

/// The beginning of the feed's ids: a tag URI (RFC 4151) of the origin, which never changes. Its authority is a
/// host without a port; the rest of the origin follows the year.
fn tag(origin: &str) -> String {
    let (host, path) = origin.split_once('/').unwrap_or((origin, ""));
    let (host, port) = host.split_once(':').unwrap_or((host, ""));
    format!("tag:{host},2026:{port}/{path}")
}

#[cfg(test)]
mod tests {
    use super::tag;

    #[test]
    fn ids_are_tags_of_the_origin() {
        assert_eq!(
            tag("log.example.org/gongyi"),
            "tag:log.example.org,2026:/gongyi"
        );
        assert_eq!(tag("localhost:8080/log"), "tag:localhost,2026:8080/log");
        assert_eq!(tag("log.example.org"), "tag:log.example.org,2026:/");
    }
}

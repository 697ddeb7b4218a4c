//! The checkpoints as an Atom feed (RFC 4287): whoever subscribes keeps them, and can compare.

use app::App;
use app::view::CheckpointView;
use askama::Template;
use axum::extract::State;
use axum::http::header::{CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::IntoResponse;
use sha2::{Digest, Sha256};

use crate::error::{self, Page};
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

/// `GET /log/checkpoints.atom`: the newest checkpoints, for whoever keeps them. Readers of feeds ask again and again, so
/// one that has this very text is only told so.
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
    let text = feed.render()?;
    let known = mark(&text);
    if headers
        .get_all(IF_NONE_MATCH)
        .iter()
        .any(|has| names(has, &known))
    {
        return Ok(([(ETAG, known)], error::unchanged()).into_response());
    }
    let kind = HeaderValue::from_static("application/atom+xml; charset=utf-8");
    Ok(([(CONTENT_TYPE, kind), (ETAG, known)], text).into_response())
}

/// The mark of a text; a weak one, because the text may be sent compressed or not.
fn mark(text: &str) -> HeaderValue {
    let digest = hex::encode(Sha256::digest(text));
    HeaderValue::try_from(format!("W/\"{digest}\"")).unwrap_or(HeaderValue::from_static("W/\"\""))
}

/// Whether a reader names this mark among those that it has (RFC 9110, 13.1.2).
fn names(has: &HeaderValue, known: &HeaderValue) -> bool {
    let (Ok(has), Ok(known)) = (has.to_str(), known.to_str()) else {
        return false;
    };
    let bare = |mark: &str| mark.trim().trim_start_matches("W/").to_owned();
    has.trim() == "*" || has.split(',').any(|one| bare(one) == bare(known))
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
    use super::*;

    #[test]
    fn a_reader_names_what_it_has() {
        let known = mark("a feed");
        let text = known.to_str().unwrap().to_owned();
        let check = |has: &str, same: bool| {
            let has = HeaderValue::try_from(has).unwrap();
            assert_eq!(names(&has, &known), same, "{has:?}");
        };
        check(&text, true);
        check(text.trim_start_matches("W/"), true);
        check(&format!("\"other\", {text}"), true);
        check("*", true);
        check("\"other\"", false);
        check("", false);
        assert_ne!(mark("another feed"), known);
    }

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

//! The log: what it proves and what not, its checkpoints and leaves, how to check it oneself.

use app::App;
use app::view::{LeafPage, LogPage};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::http::header::HOST;

use crate::error::{self, Page};
use crate::show::filters;
use crate::transparency::offline;
use crate::view::View;

#[derive(Template)]
#[template(path = "transparency/log/page.html")]
pub(crate) struct LogShown {
    pub(crate) page: LogPage,
    pub(crate) offline: OfflineStated,
}

#[derive(Template)]
#[template(path = "transparency/log/leaf.html")]
pub(crate) struct LeafShown {
    pub(crate) page: LeafPage,
}

#[derive(Template)]
#[template(path = "transparency/log/verify.html")]
pub(crate) struct Verify {
    pub(crate) address: String,
    pub(crate) origin: String,
    pub(crate) verifier_key: String,
    pub(crate) key_history: String,
    pub(crate) policy_file: String,
    pub(crate) online: bool,
    pub(crate) offline: OfflineStated,
}

/// 〔离线核验页的摘要〕 In hexadecimal digits, as the log spells it, and the leaf that states it once there is one.
pub(crate) struct OfflineStated {
    pub(crate) digest: String,
    pub(crate) spelt: String,
    pub(crate) leaf: Option<i64>,
}

async fn stated(app: &App, page: &str) -> Result<OfflineStated, app::AppError> {
    let digest = offline::digest(page);
    Ok(OfflineStated {
        leaf: app.verifier_stated(digest).await?,
        digest: hex::encode(digest),
        spelt: leaf::digest_text(&digest),
    })
}

/// `GET /log`
pub(crate) async fn show(State(app): State<App>, view: View) -> Page {
    let page = app.log_page().await?;
    let known = offline::Known::of(&app).await?;
    let keys = known.keys();
    let offline = stated(&app, &offline::page(keys, &view)?).await?;
    view.page(&LogShown { page, offline })
}

/// `GET /log/leaves?index=…`: the form that jumps to a leaf.
pub(crate) async fn jump(Query(pairs): Query<Vec<(String, String)>>) -> Page {
    let index = pairs
        .iter()
        .find(|(name, _)| name == "index")
        .and_then(|(_, text)| text.trim().parse::<i64>().ok())
        .ok_or(app::AppError::NotFound("这条记录"))?;
    Ok(error::see_other(&format!("/log/leaves/{index}")))
}

/// `GET /log/leaves/{index}`
pub(crate) async fn leaf(State(app): State<App>, view: View, Path(index): Path<String>) -> Page {
    let index = index
        .parse::<i64>()
        .map_err(|_| app::AppError::NotFound("这条记录"))?;
    let page = app.leaf_page(index).await?;
    view.page(&LeafShown { page })
}

/// `GET /verify`
pub(crate) async fn verify(State(app): State<App>, view: View, headers: HeaderMap) -> Page {
    let known = offline::Known::of(&app).await?;
    let keys = known.keys();
    let page = Verify {
        address: address(&headers),
        origin: offline::origin_of(keys.verifier_key).to_string(),
        offline: stated(&app, &offline::page(keys, &view)?).await?,
        policy_file: keys.policy.to_owned(),
        verifier_key: keys.verifier_key.to_owned(),
        key_history: keys.history.to_owned(),
        online: true,
    };
    view.page(&page)
}

/// The log's address as this reader reached it.
pub(crate) fn address(headers: &HeaderMap) -> String {
    format!("{}/log", host(headers))
}

/// The site's address as this reader reached it: scheme, host and port. What is no host is not repeated.
pub(crate) fn host(headers: &HeaderMap) -> String {
    let host = headers
        .get(HOST)
        .and_then(|host| host.to_str().ok())
        .filter(|host| host.bytes().all(is_of_host))
        .unwrap_or("127.0.0.1:8080");
    let scheme = match headers
        .get("x-forwarded-proto")
        .and_then(|value| value.to_str().ok())
    {
        Some("https") => "https",
        _ => "http",
    };
    format!("{scheme}://{host}")
}

const fn is_of_host(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b':' | b'[' | b']')
}

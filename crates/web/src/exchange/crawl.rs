//! What machines that walk the web may read, and where to begin: robots.txt and the map of the site.

use app::App;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};

use crate::error::Page;
use crate::transparency::log::host;

/// Pages that everybody may read and that hardly move.
const FIXED: [&str; 8] = [
    "/",
    "/campaigns",
    "/organisations",
    "/hall",
    "/rules",
    "/log",
    "/verify",
    "/open",
];

/// `GET /robots.txt`: everything public may be read; the desk, payments and searches are of no use to anybody else.
pub(crate) async fn robots(headers: HeaderMap) -> Response {
    let text = format!(
        "User-agent: *\nDisallow: /desk\nDisallow: /sign-in\nDisallow: /intents/\nDisallow: /search\nSitemap: {}/sitemap.xml\n",
        host(&headers)
    );
    typed("text/plain; charset=utf-8", text)
}

/// `GET /sitemap.xml`: the fixed pages, the campaigns, and the organisations that raise money.
pub(crate) async fn sitemap(State(app): State<App>, headers: HeaderMap) -> Page {
    let host = host(&headers);
    let pages = app.pages_to_walk().await?;
    let fixed = FIXED.iter().map(|path| (*path).to_owned());
    let mut text = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for path in fixed.chain(pages) {
        // Hosts and paths of ours have no character that XML would need to escape; a strange host is left out.
        text.push_str(&format!("<url><loc>{host}{path}</loc></url>\n"));
    }
    text.push_str("</urlset>\n");
    Ok(typed("application/xml; charset=utf-8", text))
}

fn typed(kind: &'static str, text: String) -> Response {
    ([(CONTENT_TYPE, HeaderValue::from_static(kind))], text).into_response()
}

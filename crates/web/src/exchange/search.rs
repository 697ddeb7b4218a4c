//! Search: one box for organisations, campaigns, codes and acknowledgement numbers.

use app::App;
use app::view::SearchPage;
use askama::Template;
use axum::extract::{Query, State};

use crate::error::Page;
use crate::show::filters;
use crate::view::View;

/// The longest question that is asked, in characters.
const QUERY_MAX: usize = 100;

#[derive(Template)]
#[template(path = "exchange/search/results.html")]
pub(crate) struct Results {
    pub(crate) page: SearchPage,
}

/// `GET /search?q=…`
pub(crate) async fn show(
    State(app): State<App>,
    view: View,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Page {
    let asked = pairs
        .into_iter()
        .find(|(name, _)| name == "q")
        .map_or(String::new(), |(_, q)| q);
    let asked: String = asked.trim().chars().take(QUERY_MAX).collect();
    let page = if asked.is_empty() {
        nothing_asked()
    } else {
        app.search(&asked).await?
    };
    view.page(&Results { page })
}

fn nothing_asked() -> SearchPage {
    SearchPage {
        query: String::new(),
        organisations: Vec::new(),
        campaigns: Vec::new(),
        donation: None,
        direct: None,
        more: false,
    }
}

//! Home: what is happening now, totals as of the checkpoint, search first.

use app::App;
use app::view::HomePage;
use askama::Template;
use axum::extract::State;

use crate::error::Page;
use crate::show::filters;
use crate::view::View;

#[derive(Template)]
#[template(path = "exchange/site/home.html")]
pub(crate) struct Home {
    pub(crate) page: HomePage,
}

/// `GET /`
pub(crate) async fn home(State(app): State<App>, view: View) -> Page {
    let page = app.home().await?;
    view.page(&Home { page })
}

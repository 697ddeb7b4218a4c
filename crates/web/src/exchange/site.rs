//! Home: what is happening now, totals as of the checkpoint, search first.

use app::App;
use app::view::HomePage;
use askama::Template;
use axum::extract::State;

use crate::error::{self, Page};
use crate::show::filters;

#[derive(Template)]
#[template(path = "exchange/site/home.html")]
pub(crate) struct Home {
    pub(crate) page: HomePage,
}

/// `GET /`
pub(crate) async fn home(State(app): State<App>) -> Page {
    let page = app.home().await?;
    Ok(error::ok(Home { page }.render()?))
}

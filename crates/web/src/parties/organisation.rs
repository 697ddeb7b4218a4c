//! Organisations: the register and the page of each.

use app::App;
use app::view::OrganisationPage;
use askama::Template;
use axum::extract::{Path, State};

use crate::error::Page;
use crate::show::filters;
use crate::view::View;

#[derive(Template)]
#[template(path = "parties/organisation/page.html")]
pub(crate) struct Shown {
    pub(crate) page: OrganisationPage,
}

/// `GET /organisations/{id}`
pub(crate) async fn show(State(app): State<App>, view: View, Path(id): Path<String>) -> Page {
    let page = app.organisation_page(&id).await?;
    view.page(&Shown { page })
}

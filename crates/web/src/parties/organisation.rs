//! Organisations: the register and the page of each.

use app::App;
use app::view::{OrganisationLine, OrganisationPage, Page as Rows};
use askama::Template;
use axum::extract::{Path, Query, State};

use crate::error::Page;
use crate::routes::Continue;
use crate::show::filters;
use crate::view::View;

#[derive(Template)]
#[template(path = "parties/organisation/list.html")]
pub(crate) struct List {
    pub(crate) page: Rows<OrganisationLine>,
}

#[derive(Template)]
#[template(path = "parties/organisation/page.html")]
pub(crate) struct Shown {
    pub(crate) page: OrganisationPage,
}

/// `GET /organisations`
pub(crate) async fn list(State(app): State<App>, view: View, Query(on): Query<Continue>) -> Page {
    let page = app.organisations(on.cursor.as_deref()).await?;
    view.page(&List { page })
}

/// `GET /organisations/{id}`
pub(crate) async fn show(State(app): State<App>, view: View, Path(id): Path<String>) -> Page {
    let page = app.organisation_page(&id).await?;
    view.page(&Shown { page })
}

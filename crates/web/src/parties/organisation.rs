//! Organisations: the register and the page of each.

use app::App;
use app::view::{OrganisationLine, OrganisationPage, Page as Rows};
use askama::Template;
use axum::extract::{Path, Query, State};

use crate::error::{self, Page};
use crate::routes::Continue;
use crate::show::filters;

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
pub(crate) async fn list(State(app): State<App>, Query(on): Query<Continue>) -> Page {
    let page = app.organisations(on.cursor.as_deref()).await?;
    Ok(error::ok(List { page }.render()?))
}

/// `GET /organisations/{id}`
pub(crate) async fn show(State(app): State<App>, Path(id): Path<String>) -> Page {
    let page = app.organisation_page(&id).await?;
    Ok(error::ok(Shown { page }.render()?))
}

//! The desk looks for a gift by what a donor on the telephone can say.

use app::App;
use app::view::{DeskFound, WhoAmI};
use askama::Template;
use axum::extract::{Path, Query, State};
use serde::Deserialize;

use crate::error::{self, Page};
use crate::session::Staff;
use crate::show::filters;

/// What is looked for.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Sought {
    q: Option<String>,
}

#[derive(Template)]
#[template(path = "fundraising/donation/desk_find.html")]
struct Found<'a> {
    staff: &'a WhoAmI,
    typed: String,
    page: DeskFound,
}

impl Found<'_> {
    /// True if the user may ask for a repair here.
    fn may_repair(&self) -> bool {
        self.page.may.iter().any(|may| may == "correction_ask")
    }

    /// True if the user may restrict a donor's information here.
    fn may_restrict(&self) -> bool {
        self.page.may.iter().any(|may| may == "privacy_ask")
    }
}

/// `GET /desk/organisations/{organisation}/find?q=…`
pub(crate) async fn show(
    State(app): State<App>,
    staff: Staff,
    Path(organisation): Path<String>,
    Query(sought): Query<Sought>,
) -> Page {
    let typed = sought.q.unwrap_or_default();
    let page = app.desk_find(&staff.actor, &organisation, &typed).await?;
    let typed = typed.trim().to_string();
    let found = Found {
        staff: &staff.who,
        typed,
        page,
    };
    Ok(error::ok(staff.view.draw(&found)?))
}

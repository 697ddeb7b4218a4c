//! Whether an organisation may ask for the public-fundraising qualification, condition by condition.

use crate::error::Page;
use crate::session::Staff;
use crate::show::filters;
use app::App;
use app::view::{Link, WhoAmI};
use askama::Template;
use axum::extract::{Path, State};
use domain::oversight::eligibility::Checked;

#[derive(Template)]
#[template(path = "oversight/eligibility/page.html")]
pub(crate) struct Shown<'a> {
    pub(crate) staff: &'a WhoAmI,
    pub(crate) organisation: Link,
    pub(crate) checked: Vec<Checked>,
}

impl Shown<'_> {
    /// How many conditions have a verdict.
    fn count(&self, code: &str) -> usize {
        let all = self.checked.iter();
        all.filter(|one| one.verdict.code() == code).count()
    }
}

/// `GET /desk/organisations/{organisation}/eligibility`
pub(crate) async fn show(
    State(app): State<App>,
    staff: Staff,
    Path(organisation): Path<String>,
) -> Page {
    let desk = app.desk_page(&staff.actor, &organisation).await?;
    let checked = app.eligibility(&organisation).await?;
    staff.view.page(&Shown {
        staff: &staff.who,
        organisation: desk.organisation,
        checked,
    })
}

//! Organisations: the register and the page of each.

use app::App;
use app::view::OrganisationPage;
use askama::Template;
use axum::extract::{Path, State};

use crate::error::Page;
use crate::show::filters;
use crate::view::View;

/// How much of a day, `2026-11-28`, is its month.
const MONTH_CHARS: usize = 7;

#[derive(Template)]
#[template(path = "parties/organisation/page.html")]
pub(crate) struct Shown {
    pub(crate) page: OrganisationPage,
}

impl Shown {
    /// The days with gifts by month, in their order: what a month is written as, and its days.
    fn months(&self) -> Vec<(&str, Vec<&str>)> {
        let mut months: Vec<(&str, Vec<&str>)> = Vec::new();
        for day in &self.page.days {
            let Some(month) = day.get(..MONTH_CHARS) else {
                continue;
            };
            match months.last_mut() {
                Some((last, days)) if *last == month => days.push(day),
                _ => months.push((month, vec![day])),
            }
        }
        months
    }
}

/// `GET /organisations/{id}`
pub(crate) async fn show(State(app): State<App>, view: View, Path(id): Path<String>) -> Page {
    let page = app.organisation_page(&id).await?;
    view.page(&Shown { page })
}

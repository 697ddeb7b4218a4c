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

impl Shown {
    /// The days with gifts by year and month, in their order.
    fn months(&self) -> Vec<((i32, u8), Vec<&str>)> {
        let mut months: Vec<((i32, u8), Vec<&str>)> = Vec::new();
        for text in &self.page.days {
            let Ok(day) = kernel::Day::parse(text) else {
                continue;
            };
            let (year, month, _) = day.ymd();
            match months.last_mut() {
                Some((last, days)) if *last == (year, month) => days.push(text),
                _ => months.push(((year, month), vec![text])),
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

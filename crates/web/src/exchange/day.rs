//! One day of an organisation: by channel, announced beside ours, gifts.

use app::list::GIFTS_OF_DAY;
use app::view::DayPage;
use app::{App, AppError};
use askama::Template;
use axum::extract::{Path, State};
use kernel::Day;

use crate::error::Page;
use crate::list::{self, Table};
use crate::show::filters;
use crate::view::View;

#[derive(Template)]
#[template(path = "exchange/site/day.html")]
pub(crate) struct DayShown {
    pub(crate) page: DayPage,
    pub(crate) rejected: i64,
    pub(crate) list: Table,
}

impl DayShown {
    pub(crate) fn new(page: DayPage, list: Table) -> DayShown {
        let rejected = page.channels.iter().map(|channel| channel.rejected).sum();
        DayShown {
            page,
            rejected,
            list,
        }
    }
}

/// `GET /organisations/{id}/days/{day}`
pub(crate) async fn show(
    State(app): State<App>,
    view: View,
    Path((organisation, day)): Path<(String, String)>,
) -> Page {
    let day = Day::parse(&day).map_err(|_| AppError::NotFound("这一天"))?;
    let page = app.day_page(&organisation, day, None).await?;
    let params = vec![organisation, page.day.clone()];
    let list = list::part(&app, &view, (&GIFTS_OF_DAY, params)).await?;
    view.page(&DayShown::new(page, list))
}

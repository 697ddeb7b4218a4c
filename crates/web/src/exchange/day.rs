//! One day of an organisation: by channel, announced beside ours, gifts.

use app::view::DayPage;
use app::{App, AppError};
use askama::Template;
use axum::extract::{Path, Query, State};
use kernel::Day;

use crate::error::Page;
use crate::routes::Continue;
use crate::show::filters;
use crate::view::View;

#[derive(Template)]
#[template(path = "exchange/site/day.html")]
pub(crate) struct DayShown {
    pub(crate) page: DayPage,
    pub(crate) rejected: i64,
}

impl DayShown {
    pub(crate) fn new(page: DayPage) -> DayShown {
        let rejected = page.channels.iter().map(|channel| channel.rejected).sum();
        DayShown { page, rejected }
    }
}

/// `GET /organisations/{id}/days/{day}`
pub(crate) async fn show(
    State(app): State<App>,
    view: View,
    Path((organisation, day)): Path<(String, String)>,
    Query(on): Query<Continue>,
) -> Page {
    let day = Day::parse(&day).map_err(|_| AppError::NotFound("这一天"))?;
    let page = app
        .day_page(&organisation, day, on.cursor.as_deref())
        .await?;
    view.page(&DayShown::new(page))
}

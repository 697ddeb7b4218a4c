//! Organisations: the register and the page of each.

use app::view::{OrganisationPage, RegisterLine};
use app::{App, AppError, AsOf};
use askama::Template;
use axum::extract::{Path, Query, State};
use domain::text::Problem;
use serde::Deserialize;

use crate::chart::{YearBar, year_bars};
use crate::error::Page;
use crate::show::filters;
use crate::view::View;

#[derive(Template)]
#[template(path = "parties/organisation/page.html")]
pub(crate) struct Shown {
    pub(crate) page: OrganisationPage,
    /// The day and the moment as they were typed, and what is wrong with them.
    pub(crate) asked: AsOf,
    pub(crate) problems: Vec<Problem>,
    pub(crate) year_bars: Vec<YearBar>,
}

/// The day that is asked about, and the moment whose knowledge is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    on: String,
    known: String,
    before: String,
}

impl Shown {
    pub(crate) fn new(page: OrganisationPage, asked: AsOf, problems: Vec<Problem>) -> Shown {
        Shown {
            year_bars: year_bars(&page.years),
            page,
            asked,
            problems,
        }
    }

    /// The share of reports in time, as per cent without a rest.
    fn on_time(&self) -> String {
        let (done, due) = (self.page.disclosures_on_time, self.page.disclosures_due);
        let share = done.saturating_mul(100).checked_div(due).unwrap_or(0);
        format!("{share}%")
    }

    /// Grades that were announced and begin later.
    fn coming_grades(&self) -> Vec<&RegisterLine> {
        let register = &self.page.register;
        let grades = register.entries.iter().filter(|line| line.item == "grade");
        let later = grades.filter(|line| line.from > register.on && !line.is_corrected);
        later.collect()
    }

    /// Who represents and heads it on the day that is asked about.
    fn officers(&self) -> Vec<&RegisterLine> {
        let posts = ["representative", "chair", "secretary"];
        let posts = posts.iter().filter_map(|post| self.page.register.of(post));
        posts.collect()
    }

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

/// Colour of a standing, by its code.
pub(crate) fn standing_colour(code: Option<&String>) -> &'static str {
    match code.map(String::as_str) {
        Some("in_force" | "registered" | "recognised" | "valid") => "live",
        Some("5a" | "4a" | "3a" | "2a" | "1a") => "live",
        Some("ordered_stop" | "suspended" | "terminating" | "liquidating") => "held",
        Some(_) => "refused",
        None => "",
    }
}

/// `GET /organisations/{id}`: with `on` the register of a day, with `known` as it was known then.
pub(crate) async fn show(
    State(app): State<App>,
    view: View,
    Path(id): Path<String>,
    Query(typed): Query<Asked>,
) -> Page {
    let asked = AsOf {
        on: typed.on,
        known: typed.known,
        before: typed.before,
    };
    match app.organisation_page_as_of(&id, &asked).await {
        Ok(page) => view.page(&Shown::new(page, asked, Vec::new())),
        Err(AppError::Invalid(problems)) => {
            let page = app.organisation_page(&id).await?;
            let shown = Shown::new(page, asked, problems.clone());
            view.again(&AppError::Invalid(problems), &shown)
        }
        Err(error) => Err(error.into()),
    }
}

//! Help in plain words: how to give, how to check, how money moves, what the log proves, what is known of people.

use app::App;
use app::view::ReportAbout;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use serde::Deserialize;

use crate::error::{self, Page};
use crate::printer::house_address;
use crate::show::filters;
use crate::view::View;

#[derive(Template)]
#[template(path = "exchange/help/index.html")]
pub(crate) struct Index;

#[derive(Template)]
#[template(path = "exchange/help/give.html")]
pub(crate) struct Give;

#[derive(Template)]
#[template(path = "exchange/help/check.html")]
pub(crate) struct Check;

#[derive(Template)]
#[template(path = "exchange/help/money.html")]
pub(crate) struct Money;

#[derive(Template)]
#[template(path = "exchange/help/log.html")]
pub(crate) struct Log;

#[derive(Template)]
#[template(path = "exchange/help/privacy.html")]
pub(crate) struct Privacy;

/// Who may complain, and who has to take it.
pub(crate) const COMPLAINTS_LAW: &str = "慈善法 第一百零八条";

/// Where somebody turns who thinks that something is wrong.
#[derive(Template)]
#[template(path = "exchange/help/report.html")]
pub(crate) struct Report {
    /// The page that it is about, if one led here.
    pub(crate) about: Option<ReportAbout>,
    /// Its address in full.
    pub(crate) address: String,
    /// What is copied: address, number and place in the log.
    pub(crate) copied: String,
}

impl Report {
    pub(crate) fn new(about: Option<ReportAbout>, house: &str) -> Report {
        let path = about.as_ref().map_or("", |about| about.path.as_str());
        let address = format!("{house}{path}");
        let mut lines = vec![address.clone()];
        if let Some(about) = &about {
            lines.push(about.id.clone());
            lines.extend(about.leaf_index.map(|index| format!("/log/leaves/{index}")));
        }
        Report {
            about,
            address,
            copied: lines.join("\n"),
        }
    }

    /// The office that registered the organisation, empty where nothing says so.
    fn office(&self) -> &str {
        let contact = self.about.as_ref().map(|about| &about.contact);
        contact.map_or("", |contact| contact.register_office.as_str())
    }
}

/// Which page somebody came from.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct About {
    /// The printed number of an organisation, a campaign, a gift or a movement.
    about: Option<String>,
}

/// `GET /help/report`: with `about` the page that it is about.
pub(crate) async fn report(
    State(app): State<App>,
    view: View,
    headers: HeaderMap,
    Query(on): Query<About>,
) -> Page {
    let about = match on.about.as_deref() {
        Some(printed) => app.report_about(printed).await?,
        None => None,
    };
    let house = house_address(app.origin(), &headers);
    view.page(&Report::new(about, &house))
}

/// `GET /help`
pub(crate) async fn index(view: View) -> Page {
    view.page(&Index)
}

/// `GET /help/{topic}`
pub(crate) async fn topic(view: View, Path(topic): Path<String>) -> Page {
    match topic.as_str() {
        "give" => view.page(&Give),
        "check" => view.page(&Check),
        "money" => view.page(&Money),
        "log" => view.page(&Log),
        "privacy" => view.page(&Privacy),
        _ => Ok(error::not_found("这个帮助页面")),
    }
}

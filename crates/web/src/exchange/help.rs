//! Help in plain words: how to give, how to check, how money moves, what the log proves, what is known of people.

use axum::extract::Path;

use askama::Template;

use crate::error::{self, Page};
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

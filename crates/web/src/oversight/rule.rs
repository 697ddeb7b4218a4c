//! A rule of the law: the version of a day, all versions, its numbers and its deadlines. The list of rules is a list as
//! any other.

use app::view::RulePage;
use app::{App, RulePlace};
use askama::Template;
use axum::extract::{Path, Query, State};

use crate::error::Page;
use crate::show::filters;
use crate::view::View;

#[derive(Template)]
#[template(path = "oversight/rule/page.html")]
pub(crate) struct RuleShown {
    pub(crate) page: RulePage,
}

impl RuleShown {
    /// The place to keep in forms; nothing for the whole country.
    fn place(&self) -> Option<&str> {
        let region = &self.page.line.region;
        (region.code != app::view::NATION).then_some(region.code.as_str())
    }
}

/// As of when and where, and from which day on, as it stands in an address; the first of each name counts.
pub(crate) fn place_of(pairs: &[(String, String)]) -> RulePlace {
    let first = |name: &str| {
        let found = pairs.iter().find(|(known, _)| known == name);
        found.map(|(_, text)| text.clone())
    };
    RulePlace {
        on: first("on"),
        place: first("place"),
        deadline: first("deadline"),
        from: first("from"),
    }
}

/// `GET /rules/{id}`
pub(crate) async fn show(
    State(app): State<App>,
    view: View,
    Path(id): Path<String>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Page {
    let page = app.rule_page(&id, &place_of(&pairs))?;
    view.page(&RuleShown { page })
}

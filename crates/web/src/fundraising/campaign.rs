//! Campaigns for the public: story, promise, use, ledger, gifts.

use app::view::{CampaignCard, CampaignPage, DayTotal, DisbursementLine, Link};
use app::{App, AppError};
use askama::Template;
use axum::extract::{Path, Query, State};

use crate::chart::{Band, Bar, UsePart, bars, flow, use_parts};
use crate::error::Page;
use crate::routes::Continue;
use crate::show::{filters, said_word};
use crate::view::View;

/// The most days that the drawing shows, newest ones.
const DAYS_SHOWN: usize = 60;
#[derive(Template)]
#[template(path = "fundraising/campaign/list.html")]
pub(crate) struct List {
    pub(crate) campaigns: Vec<CampaignCard>,
}

#[derive(Template)]
#[template(path = "fundraising/campaign/page.html")]
pub(crate) struct Shown {
    pub(crate) page: CampaignPage,
    pub(crate) parts: Vec<UsePart>,
    pub(crate) bands: Vec<Band>,
    pub(crate) bars: Vec<Bar>,
    pub(crate) shown_days: Vec<DayTotal>,
    /// Whose days the drawing leads to.
    pub(crate) organisation: Option<Link>,
}

impl Shown {
    /// The leaf that commits to a word of this page, and the salt that opens it.
    fn salt(&self, field: &str) -> Option<(i64, &str)> {
        let index = self.page.leaf_index?;
        Some((index, self.page.salts.of(index, field)?))
    }

    /// The marks of a word that a leaf of this page commits to.
    fn word(&self, leaf_index: &i64, field: &str) -> String {
        said_word(&self.page.salts, leaf_index, field)
    }

    /// The marks of a receiver: a leaf names organisations and commits to persons.
    fn payee(&self, line: &DisbursementLine) -> String {
        let Some(index) = line.leaf_index else {
            return String::new();
        };
        let word = self.word(&index, "payee");
        if word.is_empty() {
            format!(r#" data-leaf="{index}" data-says="text d.payee" data-may"#)
        } else {
            word
        }
    }

    /// Whether the parts are what was raised, so that a changed one can be told.
    fn adds(&self) -> bool {
        let card = &self.page.card;
        card.raised > 0 && card.adds_up() && self.parts.iter().all(|part| part.amount >= 0)
    }

    pub(crate) fn new(page: CampaignPage) -> Shown {
        let mut shown_days = page.days.clone();
        shown_days.sort_by(|a, b| a.day.cmp(&b.day));
        let skipped = shown_days.len().saturating_sub(DAYS_SHOWN);
        shown_days.drain(..skipped);
        let bars = bars(&shown_days);
        let parts = use_parts(&page.card);
        let bands = flow(&parts);
        let organisation = Some(page.card.organisation.clone());
        Shown {
            organisation,
            page,
            parts,
            bands,
            bars,
            shown_days,
        }
    }
}

/// `GET /campaigns`
pub(crate) async fn list(State(app): State<App>, view: View) -> Page {
    let campaigns = app.campaigns().await?;
    view.page(&List { campaigns })
}

/// `GET /campaigns/{id}`
pub(crate) async fn show(
    State(app): State<App>,
    view: View,
    Path(id): Path<String>,
    Query(on): Query<Continue>,
) -> Page {
    let page = app.campaign_page(&id, on.gifts.as_deref()).await?;
    hide_draft(&page)?;
    view.page(&Shown::new(page))
}

/// A draft is nobody's business but the desk's.
///
/// # Errors
/// `NotFound` for a draft.
pub(crate) fn hide_draft(page: &CampaignPage) -> Result<(), AppError> {
    if page.card.state == "draft" {
        Err(AppError::NotFound("这个募捐活动"))
    } else {
        Ok(())
    }
}

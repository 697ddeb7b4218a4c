//! Campaigns for the public: story, promise, use, ledger, gifts.

use app::view::{CampaignCard, CampaignPage, DayTotal};
use app::{App, AppError};
use askama::Template;
use axum::extract::{Path, Query, State};

use crate::error::Page;
use crate::routes::Continue;
use crate::show::{filters, permille};
use crate::view::View;

/// The most days that the drawing shows, newest ones.
const DAYS_SHOWN: usize = 60;
/// Height of the drawing.
const DRAWING_HEIGHT: i64 = 120;
/// The widest bar: one day alone is no wall.
const BAR_MAX: i64 = 60;
/// Width of the drawing.
const DRAWING_WIDTH: i64 = 1_000;

/// A part of the money and where it is.
pub(crate) struct UsePart {
    pub(crate) class: &'static str,
    pub(crate) title: &'static str,
    pub(crate) amount: i64,
    /// Hundredths of a per cent of what was raised.
    pub(crate) share: i64,
    pub(crate) x: i64,
    pub(crate) width: i64,
}

/// A day in the drawing.
pub(crate) struct Bar {
    pub(crate) day: String,
    pub(crate) amount: i64,
    pub(crate) x: i64,
    pub(crate) y: i64,
    pub(crate) width: i64,
    pub(crate) height: i64,
}

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
    pub(crate) bars: Vec<Bar>,
    pub(crate) shown_days: Vec<DayTotal>,
}

impl Shown {
    pub(crate) fn new(page: CampaignPage) -> Shown {
        let mut shown_days = page.days.clone();
        shown_days.sort_by(|a, b| a.day.cmp(&b.day));
        let skipped = shown_days.len().saturating_sub(DAYS_SHOWN);
        shown_days.drain(..skipped);
        let bars = bars(&shown_days);
        let parts = use_parts(&page.card);
        Shown {
            page,
            parts,
            bars,
            shown_days,
        }
    }
}

/// Delivered, with partners, cost, unspent: side by side from left to right.
pub(crate) fn use_parts(card: &CampaignCard) -> Vec<UsePart> {
    let rows = [
        ("delivered", "已送达受益人", card.delivered),
        ("advanced", "在执行机构手中", card.advanced),
        ("cost", "管理和募捐成本", card.cost),
        ("resting", "尚未使用", card.unspent),
    ];
    let whole = rows
        .iter()
        .fold(0_i64, |sum, row| sum.saturating_add(row.2.max(0)));
    let mut x = 0;
    rows.into_iter()
        .map(|(class, title, amount)| {
            let width = permille(amount, whole).min(DRAWING_WIDTH - x);
            let part = UsePart {
                class,
                title,
                amount,
                share: share(amount, whole),
                x,
                width,
            };
            x += width;
            part
        })
        .collect()
}

fn share(part: i64, whole: i64) -> i64 {
    if whole <= 0 {
        return 0;
    }
    i64::try_from(i128::from(part) * 10_000 / i128::from(whole)).unwrap_or(0)
}

fn bars(days: &[DayTotal]) -> Vec<Bar> {
    let most = days.iter().map(|day| day.amount).max().unwrap_or(0);
    let count = i64::try_from(days.len().max(1)).unwrap_or(1);
    let step = (DRAWING_WIDTH / count).min(BAR_MAX + BAR_MAX / 3);
    let mut x = 0;
    days.iter()
        .map(|day| {
            let height = permille(day.amount, most) * (DRAWING_HEIGHT - 8) / 1_000;
            let bar = Bar {
                day: day.day.clone(),
                amount: day.amount,
                x: x + step / 8,
                y: DRAWING_HEIGHT - height,
                width: (step - step / 4).max(1),
                height,
            };
            x += step;
            bar
        })
        .collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_parts(amounts: [i64; 4], widths: [i64; 4]) {
        let [delivered, advanced, cost, unspent] = amounts;
        let card = CampaignCard {
            delivered,
            advanced,
            cost,
            unspent,
            ..CampaignCard::default()
        };
        let parts = use_parts(&card);
        assert_eq!(
            parts.iter().map(|part| part.width).collect::<Vec<_>>(),
            widths
        );
        assert!(parts.iter().map(|part| part.width).sum::<i64>() <= DRAWING_WIDTH);
    }

    #[test]
    fn parts_lie_side_by_side_within_the_drawing() {
        check_parts([0, 0, 0, 0], [0, 0, 0, 0]);
        check_parts([50, 25, 5, 20], [500, 250, 50, 200]);
        check_parts([1, 1, 1, i64::MAX / 2], [1, 1, 1, 997]);
        check_parts([-5, 0, 0, 10], [0, 0, 0, 1_000]);
    }

    #[test]
    fn bars_stay_inside_and_keep_the_newest_days() {
        let day = |n: i64| DayTotal {
            day: format!("2026-01-{n:02}"),
            amount: n,
            gifts: 1,
        };
        let days: Vec<_> = (1..=28).map(day).collect();
        for bar in bars(&days) {
            assert!(bar.x + bar.width <= DRAWING_WIDTH && bar.y >= 0);
            assert_eq!(bar.y + bar.height, DRAWING_HEIGHT);
        }
        assert!(bars(&[]).is_empty());
    }
}

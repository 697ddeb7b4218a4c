//! Reading: what the pages show, as JSON. Public where the page is public.

use app::App;
use app::SearchAsk;
use app::view::Page;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;
use kernel::Day;
use leaf::ids;

use super::answer::{Answer, json};
use super::body::{Asked, Part, number};
use super::caller::Staff;
use super::fault::Fault;
use axum::extract::Path;

pub(super) async fn home(State(app): State<App>) -> Answer {
    json(app.home().await?)
}

pub(super) async fn search(State(app): State<App>, asked: Asked) -> Answer {
    let ask = SearchAsk {
        text: &asked.q,
        kind: asked.kind.as_deref(),
        page: asked.page.unwrap_or(1),
    };
    json(app.search_page(ask).await?)
}

pub(super) async fn suggest(State(app): State<App>, asked: Asked) -> Answer {
    json(app.suggest(&asked.q).await?)
}

pub(super) async fn organisations(State(app): State<App>, asked: Asked) -> Answer {
    json(app.organisations(asked.cursor.as_deref()).await?)
}

pub(super) async fn organisation(State(app): State<App>, Part(id): Part) -> Answer {
    number::<ids::Organisation>(&app, "组织", &id)?;
    json(app.organisation_page(&id).await?)
}

pub(super) async fn day(
    State(app): State<App>,
    Path((id, day)): Path<(String, String)>,
    asked: Asked,
) -> Answer {
    number::<ids::Organisation>(&app, "组织", &id)?;
    let day = Day::parse(&day)
        .map_err(|_| Fault::field("day", "day", "日期请写成年-月-日，例如 2026-11-22。"))?;
    json(app.day_page(&id, day, asked.cursor.as_deref()).await?)
}

pub(super) async fn campaigns(State(app): State<App>) -> Answer {
    json(Page {
        rows: app.campaigns().await?,
        next: None,
    })
}

pub(super) async fn campaign(State(app): State<App>, Part(id): Part, asked: Asked) -> Answer {
    number::<ids::Campaign>(&app, "募捐活动", &id)?;
    json(app.campaign_page(&id, asked.cursor.as_deref()).await?)
}

pub(super) async fn intent(State(app): State<App>, Part(id): Part, asked: Asked) -> Answer {
    number::<ids::Intent>(&app, "捐赠意向", &id)?;
    json(app.intent_view(&id, asked.token.as_deref()).await?)
}

pub(super) async fn donation(State(app): State<App>, Part(id): Part, asked: Asked) -> Answer {
    number::<ids::Donation>(&app, "捐赠", &id)?;
    json(
        app.receipt_page(&id, asked.token.as_deref(), asked.cursor.as_deref())
            .await?,
    )
}

/// The receipt file for `shanji verify`; there is none before a checkpoint covers the gift.
pub(super) async fn proof(State(app): State<App>, Part(id): Part, asked: Asked) -> Answer {
    number::<ids::Donation>(&app, "捐赠", &id)?;
    let text = app
        .receipt_proof(&id, asked.token.as_deref())
        .await?
        .ok_or(Fault::NotSealed)?;
    let name = format!(
        "attachment; filename=\"{}.tlog-proof\"",
        id.trim().to_ascii_lowercase()
    );
    let headers = [
        (CONTENT_TYPE, "text/plain; charset=utf-8".to_string()),
        (CONTENT_DISPOSITION, name),
    ];
    Ok((headers, text).into_response())
}

pub(super) async fn fund(State(app): State<App>, Part(id): Part, asked: Asked) -> Answer {
    number::<ids::Fund>(&app, "资金", &id)?;
    json(app.fund_page(&id, asked.cursor.as_deref()).await?)
}

pub(super) async fn movement(State(app): State<App>, Part(id): Part, asked: Asked) -> Answer {
    json(app.movement_page(&id, asked.cursor.as_deref()).await?)
}

pub(super) async fn log(State(app): State<App>) -> Answer {
    json(app.log_page().await?)
}

pub(super) async fn leaf(State(app): State<App>, Part(index): Part) -> Answer {
    let index: i64 = index
        .parse()
        .ok()
        .filter(|index| *index >= 0)
        .ok_or_else(|| {
            Fault::field(
                "index",
                "number",
                "叶序号要写成从零起的整数，例如 0 或 128。",
            )
        })?;
    json(app.leaf_page(index).await?)
}

pub(super) async fn who(State(app): State<App>, staff: Staff) -> Answer {
    json(app.who_am_i(&staff.actor).await?)
}

pub(super) async fn desk(State(app): State<App>, staff: Staff, Part(id): Part) -> Answer {
    number::<ids::Organisation>(&app, "组织", &id)?;
    json(app.desk_page(&staff.actor, &id).await?)
}

pub(super) async fn disbursement(State(app): State<App>, staff: Staff, Part(id): Part) -> Answer {
    number::<ids::Disbursement>(&app, "拨付", &id)?;
    json(app.disbursement_page(&staff.actor, &id).await?)
}

pub(super) async fn users(State(app): State<App>, staff: Staff) -> Answer {
    json(Page {
        rows: app.users(&staff.actor).await?,
        next: None,
    })
}

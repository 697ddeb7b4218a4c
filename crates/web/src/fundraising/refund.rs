//! What the desk does with one gift: place held money, give it back, take a wrong one out.

use app::command::Repair;
use app::view::{ReceiptPage, RepairTold};
use app::{App, AppError, Command};
use axum::extract::{Path, Query, State};
use domain::Sentence;

use crate::error::{self, Page};
use crate::form::{Field, FormView, Input, Typed};
use crate::identity::desk::{DeskForm, Sheet, TWO_PEOPLE, options, pick};
use crate::routes::Continue;
use crate::session::Staff;

/// What is known of the gift: its number, what the slip says, where its money is.
fn facts(page: &ReceiptPage, told: &RepairTold) -> Vec<(&'static str, Sentence)> {
    let mut facts = vec![("捐赠", page.id.clone().into())];
    facts.extend(told.facts.iter().cloned());
    facts.push(("现在", page.sentence.clone()));
    facts.push(("办理方式", TWO_PEOPLE.into()));
    if let Some(held) = &page.held_sentence {
        facts.push(("待处理原因", held.clone()));
    }
    facts
}

/// What taking the gift out would book now.
async fn taken_out(app: &App, page: &ReceiptPage) -> Result<RepairTold, AppError> {
    let asked = Repair::Correct {
        donation: page.id.clone(),
        reason: String::new(),
    };
    app.repair_preview(&asked).await
}

fn desk_of(page: &ReceiptPage, done: &str) -> String {
    format!("/desk/organisations/{}?done={done}", page.organisation.id)
}

async fn reassign_sheet(app: &App, staff: &Staff, page: &ReceiptPage) -> Result<Sheet, AppError> {
    let desk = app.desk_page(&staff.actor, &page.organisation.id).await?;
    let live = desk.campaigns.iter().filter(|card| card.state == "live");
    let campaigns = options(live.map(|card| (&card.id, card.title.clone())));
    let fields = vec![
        Field::new("campaign", "转入哪个活动", pick(campaigns)),
        Field::new("consent", "捐赠人怎样同意的", Input::Area(3))
            .hint("例如“2026年11月20日电话同意，录音编号…”。请不要写姓名和号码，会写进记录。"),
    ];
    let form = FormView::new(
        format!("/desk/donations/{}/reassign", page.id),
        "转入活动",
        fields,
    )?;
    Ok(Sheet::of_desk(&desk, "待处理款转入活动", form)
        .facts(facts(page, &taken_out(app, page).await?))
        .effect("这笔款从待处理款转入所选活动的资金，捐赠人的凭据页会显示新的去向。"))
}

/// `GET /desk/donations/{id}/reassign`
pub(crate) async fn reassign(State(app): State<App>, staff: Staff, Path(id): Path<String>) -> Page {
    let page = app.receipt_page(&id, None, None).await?;
    reassign_sheet(&app, &staff, &page).await?.show(&staff)
}

/// `POST /desk/donations/{id}/reassign`
pub(crate) async fn reassign_send(
    State(app): State<App>,
    staff: Staff,
    Path(id): Path<String>,
    typed: Typed,
) -> Page {
    let page = app.receipt_page(&id, None, None).await?;
    let command = Command::Repair(Repair::Reassign {
        donation: id,
        campaign: typed.text("campaign"),
        consent: typed.text("consent"),
    });
    let sent = DeskForm {
        app: &app,
        staff: &staff,
        typed: &typed,
    };
    match sent.write(command).await? {
        Ok(_) => Ok(error::see_other(&desk_of(&page, "asked"))),
        Err(error) => reassign_sheet(&app, &staff, &page)
            .await?
            .again(&sent, &error),
    }
}

async fn refund_sheet(app: &App, page: &ReceiptPage) -> Result<Sheet, AppError> {
    let fields = vec![
        Field::new("amount", "退多少", Input::Amount)
            .optional()
            .hint("不填就是退还全部未用的部分。"),
        Field::new("reason", "退款原因", Input::Area(3))
            .hint("会写进日志并公开，请不要写个人姓名。"),
    ];
    let told = taken_out(app, page).await?;
    let form = FormView::new(
        format!("/desk/donations/{}/refund", page.id),
        "退款",
        fields,
    )?
    .grave();
    Ok(Sheet::of(&page.organisation, "退款给捐赠人", form)
        .facts(facts(page, &told))
        .entries(told.entries)
        .effect("未用的部分从它所在的资金退还，写进日志，不能撤回；已经用掉的部分不能从别人的捐款里退。"))
}

/// `GET /desk/donations/{id}/refund`
pub(crate) async fn refund(State(app): State<App>, staff: Staff, Path(id): Path<String>) -> Page {
    let page = app.receipt_page(&id, None, None).await?;
    refund_sheet(&app, &page).await?.show(&staff)
}

/// `POST /desk/donations/{id}/refund`
pub(crate) async fn refund_send(
    State(app): State<App>,
    staff: Staff,
    Path(id): Path<String>,
    typed: Typed,
) -> Page {
    let page = app.receipt_page(&id, None, None).await?;
    let command = Command::Repair(Repair::Refund {
        donation: id,
        amount: typed.text("amount"),
        reason: typed.text("reason"),
    });
    let sent = DeskForm {
        app: &app,
        staff: &staff,
        typed: &typed,
    };
    match sent.write(command).await? {
        Ok(_) => Ok(error::see_other(&desk_of(&page, "asked"))),
        Err(error) => refund_sheet(&app, &page).await?.again(&sent, &error),
    }
}

async fn correct_sheet(app: &App, page: &ReceiptPage) -> Result<Sheet, AppError> {
    let fields = vec![
        Field::new("reason", "错在哪里", Input::Area(3))
            .focused()
            .hint("会写进日志并公开，请不要写个人姓名。"),
    ];
    let told = taken_out(app, page).await?;
    let form = FormView::new(
        format!("/desk/donations/{}/correct", page.id),
        "更正",
        fields,
    )?
    .grave();
    Ok(Sheet::of(&page.organisation, "更正记错的捐赠", form)
        .facts(facts(page, &told))
        .entries(told.entries)
        .effect("这笔捐赠从账上撤出，日志里新增一条更正并指明原记录，原记录保留；需要的话请再登记一笔正确的。"))
}

/// `GET /desk/donations/{id}/correct`
pub(crate) async fn correct(
    State(app): State<App>,
    staff: Staff,
    Path(id): Path<String>,
    Query(_): Query<Continue>,
) -> Page {
    let page = app.receipt_page(&id, None, None).await?;
    correct_sheet(&app, &page).await?.show(&staff)
}

/// `POST /desk/donations/{id}/correct`
pub(crate) async fn correct_send(
    State(app): State<App>,
    staff: Staff,
    Path(id): Path<String>,
    typed: Typed,
) -> Page {
    let page = app.receipt_page(&id, None, None).await?;
    let command = Command::Repair(Repair::Correct {
        donation: id,
        reason: typed.text("reason"),
    });
    let sent = DeskForm {
        app: &app,
        staff: &staff,
        typed: &typed,
    };
    match sent.write(command).await? {
        Ok(_) => Ok(error::see_other(&desk_of(&page, "asked"))),
        Err(error) => correct_sheet(&app, &page).await?.again(&sent, &error),
    }
}

//! A movement: its entries, the gifts it used, its evidence; and, for the desk, its reversal.

use app::list::SOURCES_OF_MOVEMENT;
use app::view::{MovementPage, WordSalts};
use app::{App, AppError, Command};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use domain::{Sentence, say};
use kernel::Fen;

use crate::error::{self, Page};
use crate::form::{Field, FormView, Input, Typed};
use crate::identity::desk::{DeskForm, Sheet, TWO_PEOPLE};
use crate::list::{self, Table};
use crate::session::{Staff, session_token};
use crate::show::{day_words, filters};
use crate::view::View;

#[derive(Template)]
#[template(path = "funds/movement/page.html")]
pub(crate) struct Shown {
    pub(crate) page: MovementPage,
    /// The gifts that an outflow used.
    pub(crate) sources: Option<Table>,
    pub(crate) unit: String,
    pub(crate) debit: i64,
    pub(crate) credit: i64,
    /// The order that paid it and the number of the bank's slip, for the staff of its organisation.
    pub(crate) order: Option<(String, String)>,
}

impl Shown {
    pub(crate) fn new(page: MovementPage, sources: Option<Table>, unit: String) -> Shown {
        let debit = page
            .entries
            .iter()
            .fold(0_i64, |sum, line| sum.saturating_add(line.debit));
        let credit = page
            .entries
            .iter()
            .fold(0_i64, |sum, line| sum.saturating_add(line.credit));
        Shown {
            page,
            sources,
            unit,
            debit,
            credit,
            order: None,
        }
    }
}

/// The word of a leaf that a fact of the page shows, and the salt that opens it.
pub(crate) fn salt_of<'a>(
    salts: &'a WordSalts,
    leaf_index: &i64,
    label: &str,
) -> Option<(&'static str, &'a str)> {
    let field = match label {
        "原因" => "reason",
        "假定" => "assumption",
        "用途" => "purpose",
        "受益人或受益单位" | "收款人" => "payee",
        "项目" => "scheme",
        _ => return None,
    };
    Some((field, salts.of(*leaf_index, field)?))
}

/// The unit that a movement counts in: that of its fund.
async fn unit_of(app: &App, page: &MovementPage) -> Result<String, AppError> {
    // Entries are in yuan, so a movement with entries counts fen; only goods ask their fund.
    if !page.entries.is_empty() {
        return Ok("fen".into());
    }
    match page.line.from.as_ref().or(page.line.to.as_ref()) {
        Some(fund) => Ok(app.fund_page(&fund.id, None).await?.line.unit),
        None => Ok("fen".into()),
    }
}

/// `GET /movements/{id}`
pub(crate) async fn show(
    State(app): State<App>,
    view: View,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Page {
    let page = app.movement_page(&id, None).await?;
    let order = match session_token(&headers) {
        Some(token) => {
            let actor = app.session_actor(&token).await?;
            app.order_of_movement(&actor, &id).await?
        }
        None => None,
    };
    let unit = unit_of(&app, &page).await?;
    let sources = match page.line.from {
        Some(_) => Some(list::part(&app, &view, (&SOURCES_OF_MOVEMENT, vec![id])).await?),
        None => None,
    };
    let mut shown = Shown::new(page, sources, unit);
    shown.order = order;
    view.page(&shown)
}

async fn reverse_sheet(app: &App, id: &str) -> Result<Sheet, AppError> {
    let page = app.movement_page(id, None).await?;
    let amount = Fen::new(page.line.amount);
    let fields = vec![
        Field::new("reason", "为什么撤销", Input::Area(3))
            .focused()
            .hint("会写进日志并公开，请不要写个人姓名。"),
    ];
    let form = FormView::new(
        format!("/desk/movements/{id}/reverse"),
        "撤销这笔流转",
        fields,
    )?
    .grave();
    let facts = vec![
        (
            "流转",
            say!(
                "{kind} {amount}",
                kind = Sentence::known(&page.line.kind_title),
                amount
            ),
        ),
        ("日期", day_words(&page.line.day)),
        ("办理方式", TWO_PEOPLE.into()),
    ];
    Ok(Sheet::of(&page.organisation, "撤销错误的支出", form)
        .facts(facts)
        .effect(say!(
            "{amount}回到原资金的尾部，日志里新增一条撤销记录，原记录保留并注明已被撤销。",
            amount
        )))
}

/// `GET /desk/movements/{id}/reverse`
pub(crate) async fn reverse(State(app): State<App>, staff: Staff, Path(id): Path<String>) -> Page {
    reverse_sheet(&app, &id).await?.show(&staff)
}

/// `POST /desk/movements/{id}/reverse`
pub(crate) async fn reverse_send(
    State(app): State<App>,
    staff: Staff,
    Path(id): Path<String>,
    typed: Typed,
) -> Page {
    let command = Command::Repair(app::command::Repair::Reverse {
        movement: id.clone(),
        reason: typed.text("reason"),
    });
    let sent = DeskForm {
        app: &app,
        staff: &staff,
        typed: &typed,
    };
    match sent.write(command).await? {
        Ok(_) => Ok(error::see_other("/desk?done=asked")),
        Err(error) => reverse_sheet(&app, &id).await?.again(&sent, &error),
    }
}

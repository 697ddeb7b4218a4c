//! Goods: received and handed out, in units.

use app::command::GoodsGift;
use app::{App, AppError, Command};
use axum::extract::{Path, State};
use domain::fundraising::Display;

use crate::error::{self, Page};
use crate::form::{Field, FormView, Input, Typed, choices};
use crate::identity::desk::{DeskForm, Sheet, options};
use crate::session::Staff;
use crate::show::quantity;

async fn in_sheet(app: &App, staff: &Staff, organisation: &str) -> Result<Sheet, AppError> {
    let desk = app.desk_page(&staff.actor, organisation).await?;
    let campaigns = options(desk.campaigns.iter().map(|card| (&card.id, card.title.clone())));
    let displays: Vec<(String, String)> =
        Display::ALL.iter().map(|d| (d.code().to_string(), d.title().to_string())).collect();
    let fields = vec![
        Field::new("name", "物资名称", Input::Line("off")).focused(),
        Field::new("spec", "规格", Input::Line("off")).optional(),
        Field::new("unit", "最小单位", Input::Line("off")).hint("例如 只、瓶、袋；整箱请换算成最小单位。"),
        Field::new("units", "数量", Input::Number),
        Field::new("donor_name", "捐赠人", Input::Line("off")).optional(),
        Field::new("donor_kind", "类型", Input::Choice(choices(&[("person", "个人"), ("organisation", "单位")])))
            .starting("organisation"),
        Field::new("display", "公开方式", Input::Choice(displays)).starting("named"),
        Field::new("campaign", "所属活动", Input::Select(campaigns)).optional(),
    ];
    let action = format!("/desk/organisations/{organisation}/goods/new");
    let form = FormView::new(action, "登记物资", fields)?;
    Ok(Sheet::of_desk(&desk, "登记捐赠物资", form)
        .effect("物资按最小单位记入库存并写进日志，每一件之后发给谁都追得到。"))
}

/// `GET /desk/organisations/{organisation}/goods/new`
pub(crate) async fn receive(State(app): State<App>, staff: Staff, Path(organisation): Path<String>) -> Page {
    in_sheet(&app, &staff, &organisation).await?.show(&staff)
}

/// `POST /desk/organisations/{organisation}/goods/new`
pub(crate) async fn receive_send(
    State(app): State<App>,
    staff: Staff,
    Path(organisation): Path<String>,
    typed: Typed,
) -> Page {
    let command = Command::GoodsGift(GoodsGift {
        organisation: organisation.clone(),
        campaign: typed.text("campaign"),
        name: typed.text("name"),
        spec: typed.text("spec"),
        unit: typed.text("unit"),
        units: typed.text("units"),
        donor_name: typed.text("donor_name"),
        donor_kind: typed.text("donor_kind"),
        display: typed.text("display"),
    });
    let sent = DeskForm { app: &app, staff: &staff, typed: &typed };
    match sent.write(command).await? {
        Ok(_) => Ok(error::see_other(&format!("/desk/organisations/{organisation}?done=goods"))),
        Err(error) => in_sheet(&app, &staff, &organisation).await?.again(&sent, &error),
    }
}

async fn out_sheet(app: &App, fund: &str) -> Result<Sheet, AppError> {
    let page = app.fund_page(fund, None).await?;
    let fields = vec![
        Field::new("units", "数量", Input::Number).focused(),
        Field::new("receiver", "接收单位", Input::Line("off"))
            .hint("单位写全称；个人只写不含姓名的说明。会公开。"),
    ];
    let form = FormView::new(format!("/desk/funds/{fund}/goods-out"), "记录发放", fields)?;
    Ok(Sheet::of(&page.organisation, "发放物资", form)
        .facts(vec![
            ("物资".to_string(), page.line.title.clone()),
            ("库存".to_string(), quantity(&page.line.balance, &page.line.unit)),
        ])
        .effect("先到的物资先发出，写进日志；捐赠人的凭据页会显示发给了谁。"))
}

/// `GET /desk/funds/{fund}/goods-out`
pub(crate) async fn hand_out(State(app): State<App>, staff: Staff, Path(fund): Path<String>) -> Page {
    out_sheet(&app, &fund).await?.show(&staff)
}

/// `POST /desk/funds/{fund}/goods-out`
pub(crate) async fn hand_out_send(
    State(app): State<App>,
    staff: Staff,
    Path(fund): Path<String>,
    typed: Typed,
) -> Page {
    let page = app.fund_page(&fund, None).await?;
    let command = Command::GoodsDelivery {
        fund: fund.clone(),
        units: typed.text("units"),
        receiver: typed.text("receiver"),
    };
    let sent = DeskForm { app: &app, staff: &staff, typed: &typed };
    match sent.write(command).await? {
        Ok(_) => Ok(error::see_other(&format!(
            "/desk/organisations/{}?done=goods-out",
            page.organisation.id
        ))),
        Err(error) => out_sheet(&app, &fund).await?.again(&sent, &error),
    }
}

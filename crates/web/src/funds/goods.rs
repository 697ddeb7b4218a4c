//! Goods: received and handed out, in units.

use app::command::GoodsGift;
use app::view::FundPage;
use app::{App, AppError, Command, Outcome};
use axum::extract::{Path, State};
use domain::Sentence;
use domain::funds::GoodsForm;
use domain::funds::said_title;
use domain::parties::Display;

use crate::error::{self, Page};
use crate::form::{Field, FormView, Input, Typed, choices};
use crate::identity::desk::{DeskForm, Sheet, made, options};
use crate::session::Staff;
use crate::show::amount_of;

async fn in_sheet(app: &App, staff: &Staff, organisation: &str) -> Result<Sheet, AppError> {
    let desk = app.desk_page(&staff.actor, organisation).await?;
    let campaigns = options(
        desk.campaigns
            .iter()
            .map(|card| (&card.id, card.title.clone())),
    );
    let displays: Vec<(String, Sentence)> = Display::ALL
        .iter()
        .map(|d| (d.code().to_string(), d.title().into()))
        .collect();
    let fields = vec![
        Field::new("name", "物资名称", Input::Line("off")).focused(),
        Field::new("spec", "规格", Input::Line("off")).optional(),
        Field::new("unit", "最小单位", Input::Line("off"))
            .hint("例如 只、瓶、袋；整箱请换算成最小单位。"),
        Field::new("units", "数量", Input::Number),
        Field::new("donor_name", "捐赠人", Input::Line("off")).optional(),
        Field::new(
            "donor_kind",
            "类型",
            Input::Choice(choices(&[("person", "个人"), ("organisation", "单位")])),
        )
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
pub(crate) async fn receive(
    State(app): State<App>,
    staff: Staff,
    Path(organisation): Path<String>,
) -> Page {
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
    let sent = DeskForm {
        app: &app,
        staff: &staff,
        typed: &typed,
    };
    match sent.write(command).await? {
        Ok(_) => Ok(error::see_other(&format!(
            "/desk/organisations/{organisation}?done=goods"
        ))),
        Err(error) => in_sheet(&app, &staff, &organisation)
            .await?
            .again(&sent, &error),
    }
}

/// What is known of the goods, and the form over them.
fn over(page: &FundPage, title: &'static str, form: FormView) -> Sheet {
    Sheet::of(&page.organisation, title, form).facts(vec![
        ("物资", said_title(&page.line.title)),
        ("库存", amount_of(page.line.balance, &page.line.unit)),
    ])
}

fn goods_of(page: &FundPage, outcome: &Outcome) -> String {
    let (organisation, id) = (&page.organisation.id, made(outcome));
    format!("/desk/organisations/{organisation}?done=goods-out{id}")
}

fn out_sheet(page: &FundPage) -> Result<Sheet, AppError> {
    let fields = vec![
        Field::new("units", "数量", Input::Number).focused(),
        Field::new("receiver", "接收单位", Input::Line("off"))
            .hint("单位写全称；个人只写不含姓名的说明。会公开。"),
    ];
    let form = FormView::new(
        format!("/desk/funds/{}/goods-out", page.line.id),
        "记录发放",
        fields,
    )?;
    Ok(over(page, "发放物资", form)
        .effect("先到的物资先发出，写进日志；捐赠人的凭据页会显示发给了谁。"))
}

/// `GET /desk/funds/{fund}/goods-out`
pub(crate) async fn hand_out(
    State(app): State<App>,
    staff: Staff,
    Path(fund): Path<String>,
) -> Page {
    out_sheet(&app.fund_page(&fund, None).await?)?.show(&staff)
}

/// `POST /desk/funds/{fund}/goods-out`
pub(crate) async fn hand_out_send(
    State(app): State<App>,
    staff: Staff,
    Path(fund): Path<String>,
    typed: Typed,
) -> Page {
    let page = app.fund_page(&fund, None).await?;
    let (units, receiver) = (typed.text("units"), typed.text("receiver"));
    let sent = DeskForm {
        app: &app,
        staff: &staff,
        typed: &typed,
    };
    match sent
        .write(Command::GoodsDelivery {
            fund,
            units,
            receiver,
        })
        .await?
    {
        Ok(outcome) => Ok(error::see_other(&goods_of(&page, &outcome))),
        Err(error) => out_sheet(&page)?.again(&sent, &error),
    }
}

/// What is asked of an item: its name, specification, unit and number.
pub(crate) fn item_fields() -> [Field; 4] {
    [
        Field::new("name", "物资名称", Input::Line("off")),
        Field::new("spec", "规格", Input::Line("off")).optional(),
        Field::new("unit", "最小单位", Input::Line("off")).hint("例如 只、瓶、袋。"),
        Field::new("units", "数量", Input::Number),
    ]
}

/// The item as it was typed.
pub(crate) fn item_form(typed: &Typed) -> GoodsForm {
    GoodsForm {
        name: typed.text("name"),
        spec: typed.text("spec"),
        unit: typed.text("unit"),
        units: typed.text("units"),
    }
}

fn convert_sheet(page: &FundPage) -> Result<Sheet, AppError> {
    let mut fields = vec![Field::new("from_units", "换算掉多少", Input::Number).focused()];
    fields.extend(item_fields().map(|field| {
        match field.name {
            "name" => Field {
                label: "换算成什么",
                ..field
            },
            "units" => Field {
                label: "换算成多少",
                ..field
            }
            .hint("要是换算掉数量的整数倍，例如 1箱=240只。"),
            _ => field,
        }
    }));
    let form = FormView::new(
        format!("/desk/funds/{}/goods-convert", page.line.id),
        "记录换算",
        fields,
    )?;
    Ok(over(page, "拆箱换算", form)
        .effect("原来的单位减少，新的单位增加，按位置一一对应，每一件照样追得到捐赠人。"))
}

/// `GET /desk/funds/{fund}/goods-convert`
pub(crate) async fn convert(
    State(app): State<App>,
    staff: Staff,
    Path(fund): Path<String>,
) -> Page {
    convert_sheet(&app.fund_page(&fund, None).await?)?.show(&staff)
}

/// `POST /desk/funds/{fund}/goods-convert`
pub(crate) async fn convert_send(
    State(app): State<App>,
    staff: Staff,
    Path(fund): Path<String>,
    typed: Typed,
) -> Page {
    let page = app.fund_page(&fund, None).await?;
    let (units, into) = (typed.text("from_units"), item_form(&typed));
    let sent = DeskForm {
        app: &app,
        staff: &staff,
        typed: &typed,
    };
    match sent
        .write(Command::GoodsConvert { fund, units, into })
        .await?
    {
        Ok(outcome) => Ok(error::see_other(&goods_of(&page, &outcome))),
        Err(error) => convert_sheet(&page)?.again(&sent, &error),
    }
}

fn loss_sheet(page: &FundPage) -> Result<Sheet, AppError> {
    let fields = vec![
        Field::new("units", "少了多少", Input::Number).focused(),
        Field::new("reason", "原因", Input::Area(3))
            .hint("例如过期、破损、盘亏。会公开，请不要写个人姓名。"),
    ];
    let form = FormView::new(
        format!("/desk/funds/{}/goods-loss", page.line.id),
        "记录报损",
        fields,
    )?
    .grave();
    Ok(over(page, "报损和盘亏", form)
        .effect("库存减少，原因公开写进日志；捐赠人的凭据页会如实显示。"))
}

/// `GET /desk/funds/{fund}/goods-loss`
pub(crate) async fn loss(State(app): State<App>, staff: Staff, Path(fund): Path<String>) -> Page {
    loss_sheet(&app.fund_page(&fund, None).await?)?.show(&staff)
}

/// `POST /desk/funds/{fund}/goods-loss`
pub(crate) async fn loss_send(
    State(app): State<App>,
    staff: Staff,
    Path(fund): Path<String>,
    typed: Typed,
) -> Page {
    let page = app.fund_page(&fund, None).await?;
    let (units, reason) = (typed.text("units"), typed.text("reason"));
    let sent = DeskForm {
        app: &app,
        staff: &staff,
        typed: &typed,
    };
    match sent
        .write(Command::GoodsLoss {
            fund,
            units,
            reason,
        })
        .await?
    {
        Ok(outcome) => Ok(error::see_other(&goods_of(&page, &outcome))),
        Err(error) => loss_sheet(&page)?.again(&sent, &error),
    }
}

//! Deliveries: a partner reports use with evidence, returns what is left; the desk adds evidence.

use app::view::FundPage;
use app::{App, AppError, Command};
use axum::extract::{Path, State};
use domain::Sentence;
use domain::funds::DeliveryForm;
use domain::funds::said_title;

use crate::error::{self, Page};
use crate::form::{Field, FormView, Input, Typed};
use crate::identity::desk::{DeskForm, Sheet, options, pick};
use crate::session::Staff;
use crate::show::money;
use crate::transparency::evidence::TypedWithFiles;

/// What the page that takes files says of them.
const FILES_HINT: &str = "至少一份：签收单、发票或照片，最多10份，每份20 MB以内。照片会去掉拍摄地点和设备信息；\
     PDF 和表格按原样公开，请先遮住姓名、证件号和住址。";

fn facts(page: &FundPage) -> Vec<(&'static str, Sentence)> {
    vec![
        ("预付款", said_title(&page.line.title)),
        ("执行机构手中", money(page.line.balance)),
    ]
}

fn delivery_sheet(page: &FundPage) -> Result<Sheet, AppError> {
    let fields = vec![
        Field::new("amount", "金额", Input::Amount).focused(),
        Field::new("payee", "受益人或受益单位", Input::Line("off"))
            .hint("单位写全称；个人只写不含姓名的说明，例如“云山县困难家庭”。会公开。"),
        Field::new("scheme", "项目", Input::Line("off")),
        Field::new("persons", "受益人数", Input::Number).hint("不知道填0；不足5人不公开人数。"),
        Field::new("reached_on", "送达日期", Input::Day),
        Field::new("region", "地区", Input::Region)
            .optional()
            .hint("写到县，例如“杭州市 西湖区”，只写“西湖区”也可以。"),
        Field::new("evidence", "凭证", Input::Files).hint(FILES_HINT),
    ];
    let action = format!("/desk/funds/{}/delivery", page.line.id);
    let form = FormView::new(action, "记录送达", fields)?;
    Ok(Sheet::under("/desk", "工作台", "报告送达", form)
        .facts(facts(page))
        .effect(
            "这笔钱从预付款记为已送达受益人，凭证的摘要写进日志；用到的每笔捐款的凭据页都会显示。",
        ))
}

/// `GET /desk/funds/{fund}/delivery`
pub(crate) async fn report(State(app): State<App>, staff: Staff, Path(fund): Path<String>) -> Page {
    let page = app.fund_page(&fund, None).await?;
    delivery_sheet(&page)?.show(&staff)
}

/// `POST /desk/funds/{fund}/delivery`
pub(crate) async fn report_send(
    State(app): State<App>,
    staff: Staff,
    Path(fund): Path<String>,
    mut sent_files: TypedWithFiles,
) -> Page {
    let page = app.fund_page(&fund, None).await?;
    let kept = sent_files.keep(&app).await;
    let typed = sent_files.typed;
    let sent = DeskForm {
        app: &app,
        staff: &staff,
        typed: &typed,
    };
    let evidence = match kept {
        Ok(evidence) => evidence,
        Err(error) if error::keeps_the_form(&error) => {
            let again = delivery_sheet(&page)?.regions(&app, sent.typed).await?;
            return again.again(&sent, &error);
        }
        Err(error) => return Err(error.into()),
    };
    let form = DeliveryForm {
        amount: typed.text("amount"),
        payee: typed.text("payee"),
        scheme: typed.text("scheme"),
        region: app.region_code(typed.get("region")).await?,
        persons: typed.text("persons"),
        reached_on: typed.text("reached_on"),
    };
    match sent
        .write(Command::DeliveryRecord {
            fund,
            form,
            evidence,
        })
        .await?
    {
        Ok(_) => Ok(error::see_other(&desk_of(&staff, &page, "delivered"))),
        Err(error) => {
            let again = delivery_sheet(&page)?.regions(&app, sent.typed).await?;
            again.again(&sent, &error)
        }
    }
}

async fn return_sheet(app: &App, staff: &Staff, page: &FundPage) -> Result<Sheet, AppError> {
    let places = app.return_places(&staff.actor, &page.line.id).await?;
    let places = options(
        places
            .iter()
            .map(|place| (&place.id, said_title(&place.title))),
    );
    let fields = vec![
        Field::new("amount", "退回金额", Input::Amount).focused(),
        Field::new("place", "退回到哪里", pick(places)),
    ];
    let action = format!("/desk/funds/{}/return", page.line.id);
    let form = FormView::new(action, "记录退回", fields)?;
    Ok(Sheet::under("/desk", "工作台", "执行机构退回余款", form)
        .facts(facts(page))
        .effect("没有用完的预付款回到原资金的尾部，可以再次使用；追踪照样连得上。"))
}

/// `GET /desk/funds/{fund}/return`
pub(crate) async fn give_back(
    State(app): State<App>,
    staff: Staff,
    Path(fund): Path<String>,
) -> Page {
    let page = app.fund_page(&fund, None).await?;
    return_sheet(&app, &staff, &page).await?.show(&staff)
}

/// `POST /desk/funds/{fund}/return`
pub(crate) async fn give_back_send(
    State(app): State<App>,
    staff: Staff,
    Path(fund): Path<String>,
    typed: Typed,
) -> Page {
    let page = app.fund_page(&fund, None).await?;
    let command = Command::AdvanceReturn {
        fund,
        amount: typed.text("amount"),
        place: typed.text("place"),
    };
    let sent = DeskForm {
        app: &app,
        staff: &staff,
        typed: &typed,
    };
    match sent.write(command).await? {
        Ok(_) => Ok(error::see_other(&desk_of(&staff, &page, "returned"))),
        Err(error) => return_sheet(&app, &staff, &page)
            .await?
            .again(&sent, &error),
    }
}

fn attach_sheet(delivery: &str) -> Result<Sheet, AppError> {
    let fields = vec![Field::new("evidence", "凭证", Input::Files).hint(FILES_HINT)];
    let action = format!("/desk/deliveries/{delivery}/evidence");
    let form = FormView::new(action, "补充凭证", fields)?;
    Ok(Sheet::under("/desk", "工作台", "补充送达凭证", form)
        .facts(vec![("送达编号", delivery.to_string().into())])
        .effect("凭证公开，摘要写进日志；已有的凭证不变。"))
}

/// `GET /desk/deliveries/{id}/evidence`
pub(crate) async fn attach(staff: Staff, Path(delivery): Path<String>) -> Page {
    attach_sheet(&delivery)?.show(&staff)
}

/// `POST /desk/deliveries/{id}/evidence`
pub(crate) async fn attach_send(
    State(app): State<App>,
    staff: Staff,
    Path(delivery): Path<String>,
    mut sent_files: TypedWithFiles,
) -> Page {
    let kept = sent_files.keep(&app).await;
    let typed = sent_files.typed;
    let sent = DeskForm {
        app: &app,
        staff: &staff,
        typed: &typed,
    };
    let evidence = match kept {
        Ok(evidence) => evidence,
        Err(error) if error::keeps_the_form(&error) => {
            return attach_sheet(&delivery)?.again(&sent, &error);
        }
        Err(error) => return Err(error.into()),
    };
    match sent
        .write(Command::EvidenceAttach {
            delivery: delivery.clone(),
            evidence,
        })
        .await?
    {
        Ok(_) => Ok(error::see_other("/desk?done=evidence")),
        Err(error) => attach_sheet(&delivery)?.again(&sent, &error),
    }
}

/// The desk of the organisation for those who work there, a partner's own desk for a partner.
fn desk_of(staff: &Staff, page: &FundPage, done: &str) -> String {
    let owner = &page.organisation.id;
    if staff.who.organisations.iter().any(|one| &one.id == owner) {
        format!("/desk/organisations/{owner}?done={done}")
    } else {
        format!("/desk?done={done}")
    }
}

//! Payments: request, check, approve, pay or send back; the effect is said before each step.

use app::command::{DisbursementStep, Voucher};
use app::view::{DisbursementPage, PlaceLine, WhoAmI};
use app::{App, AppError, Command};
use askama::Template;
use axum::extract::{Path, Query, State};
use domain::funds::{Class, DisbursementRequest, PayeeKind};
use domain::funds::{account, said_title};
use domain::{Sentence, say};
use kernel::Fen;

use super::place::places;
use crate::error::{self, Page};
use crate::form::{Field, FormView, Input, Typed};
use crate::funds::goods::{item_fields, item_form};
use crate::identity::desk::{DeskForm, Done, Sheet, done, pick};
use crate::routes::Continue;
use crate::session::Staff;
use crate::show::{filters, money};

/// The box of a payer who means it: one slip stands for several payments.
const SHARED: &str = "shared";

#[derive(Template)]
#[template(path = "funds/disbursement/page.html")]
pub(crate) struct Shown<'a> {
    pub(crate) staff: &'a WhoAmI,
    pub(crate) page: DisbursementPage,
    pub(crate) forms: Vec<(&'static str, FormView)>,
    pub(crate) refusal: Option<Sentence>,
    pub(crate) done: Option<Done>,
}

/// Where money can be paid from: a bank account or the cash box, never what is still on its way from a channel.
fn payable(page: &DisbursementPage) -> Vec<PlaceLine> {
    let places = page.places.iter();
    places
        .filter(|place| matches!(place.account.as_str(), account::BANK | account::CASH))
        .cloned()
        .collect()
}

/// The forms of the steps that this person may take now.
pub(crate) fn step_forms(
    page: &DisbursementPage,
) -> Result<Vec<(&'static str, FormView)>, AppError> {
    let action = |step: &str| format!("/desk/disbursements/{}/{step}", page.line.id);
    let note = || Field::new("reason", "意见", Input::Area(3)).optional();
    let mut forms = Vec::new();
    for step in &page.may {
        let form = match step.as_str() {
            "check" => (
                "复核",
                FormView::new(action("check"), "复核通过", vec![note()])?,
            ),
            "approve" => (
                "批准",
                FormView::new(action("approve"), "批准", vec![note()])?,
            ),
            "pay" => {
                let place = Field::new("place", "从哪里付", pick(places(&payable(page))));
                let place = match payable(page).is_empty() {
                    true => place
                        .hint("这项资金的钱还在支付渠道途中，请先办理渠道结算入账，到账后再付款。"),
                    false => place,
                };
                let voucher = Field::new("voucher", "银行回单号", Input::Line("off"))
                    .optional()
                    .hint("回单上的流水号，只有工作人员看得到；还没有拿到回单或付的是现金，可以不填。");
                let fields = vec![place, voucher];
                (
                    "付款",
                    FormView::new(action("pay"), "确认已付款", fields)?.grave(),
                )
            }
            "refuse" => {
                let reason = Field::new("reason", "退回的理由", Input::Area(3))
                    .hint("写明要改什么，经办会看到。");
                (
                    "退回",
                    FormView::new(action("refuse"), "退回", vec![reason])?.grave(),
                )
            }
            _ => continue,
        };
        let (heading, form) = form;
        forms.push((heading, form.apart(step)));
    }
    Ok(forms)
}

/// `GET /desk/disbursements/{id}`
pub(crate) async fn show(
    State(app): State<App>,
    staff: Staff,
    Path(id): Path<String>,
    Query(on): Query<Continue>,
) -> Page {
    let page = app.disbursement_page(&staff.actor, &id).await?;
    let forms = step_forms(&page)?;
    staff.view.page(&Shown {
        staff: &staff.who,
        page,
        forms,
        refusal: None,
        done: done(&on),
    })
}

/// `POST /desk/disbursements/{id}/{step}`
pub(crate) async fn step(
    State(app): State<App>,
    staff: Staff,
    Path((id, step)): Path<(String, String)>,
    typed: Typed,
) -> Page {
    let reason = typed.text("reason");
    let with = |step| Command::DisbursementStep {
        disbursement: id.clone(),
        step,
        reason: reason.clone(),
    };
    let command = match step.as_str() {
        "check" => with(DisbursementStep::Check),
        "approve" => with(DisbursementStep::Approve),
        "refuse" => with(DisbursementStep::Refuse),
        "pay" => Command::DisbursementPay {
            disbursement: id.clone(),
            place: typed.text("place"),
            voucher: Voucher {
                number: typed.text("voucher"),
                shared: typed.get(SHARED) == "yes",
            },
        },
        _ => return Err(AppError::NotFound("这一步").into()),
    };
    let done = if step == "pay" { "paid" } else { "step" };
    let sent = DeskForm {
        app: &app,
        staff: &staff,
        typed: &typed,
    };
    match sent.write(command).await? {
        Ok(_) => Ok(error::see_other(&format!(
            "/desk/disbursements/{id}?done={done}"
        ))),
        Err(error) => again(&sent, (&id, &step), &error).await,
    }
}

async fn again(sent: &DeskForm<'_>, (id, step): (&str, &str), error: &AppError) -> Page {
    let page = sent.app.disbursement_page(&sent.staff.actor, id).await?;
    let action = format!("/desk/disbursements/{id}/{step}");
    let mut forms = step_forms(&page)?;
    // Where the step is gone meanwhile, the sentence stands alone above what is left.
    let mut refusal = None;
    match forms.iter().position(|(_, form)| form.action == action) {
        Some(place) => {
            let (heading, mut form) = forms.remove(place);
            let known =
                matches!(error, AppError::Refused(r) if r.code == "disbursement_voucher_known");
            if known || !sent.typed.get(SHARED).is_empty() {
                let shared = Field::new(SHARED, "一张回单付了几笔，这个号没有填错", Input::Tick);
                form.fields.push(shared.optional());
            }
            forms.insert(0, (heading, form.answering(sent.typed, error)));
        }
        None => refusal = Some(error.sentence()),
    }
    let shown = Shown {
        staff: &sent.staff.who,
        page,
        forms,
        refusal,
        done: None,
    };
    let html = sent.staff.view.draw(&shown)?;
    Ok(error::refused_form(error, html))
}

async fn request_sheet(app: &App, fund: &str) -> Result<Sheet, AppError> {
    let page = app.fund_page(fund, None).await?;
    let classes = Class::ALL
        .iter()
        .map(|c| (c.code().to_string(), c.title().into()))
        .collect();
    let payees = PayeeKind::ALL
        .iter()
        .map(|p| (p.code().to_string(), p.title().into()))
        .collect();
    let free = page.line.balance.saturating_sub(page.line.reserved);
    let mut fields = vec![
        Field::new("amount", "金额", Input::Amount)
            .focused()
            .hint(say!("现在最多可申请{free}。", free = Fen::new(free))),
        Field::new("class", "类别", Input::Choice(classes)),
        Field::new("payee_kind", "收款人类型", Input::Choice(payees)),
        Field::new("payee", "收款人", Input::Line("off"))
            .hint("单位写全称；发给个人时不要写受益人姓名、证件号和电话，只写是哪些人，例如“云山县困难家庭”。会公开。"),
        Field::new("purpose", "用途", Input::Area(3)).hint("会公开。"),
        Field::new("assumption", "标注的假定", Input::Line("off"))
            .optional()
            .hint("资料缺失而必须假定时才填，追踪到这里会写明“无法对应到具体捐赠”。"),
    ];
    fields.extend(item_fields().map(|field| match field.name {
        "name" => field.optional().hint("只有采购物资才填下面四项。"),
        _ => field.optional(),
    }));
    let form = FormView::new(
        format!("/desk/funds/{fund}/disbursement"),
        "提交复核",
        fields,
    )?;
    Ok(Sheet::of(&page.organisation, "申请拨付", form)
        .facts(vec![
            ("资金", said_title(&page.line.title)),
            ("限定", Sentence::known(&page.line.restriction)),
            ("结余", money(page.line.balance)),
            ("已批待付", money(page.line.reserved)),
        ])
        .effect("提交给另一位同事复核；复核、批准前不动钱，批准后这笔钱被预留，付款后才离开资金。"))
}

/// `GET /desk/funds/{fund}/disbursement`
pub(crate) async fn request(
    State(app): State<App>,
    staff: Staff,
    Path(fund): Path<String>,
) -> Page {
    request_sheet(&app, &fund).await?.show(&staff)
}

/// `POST /desk/funds/{fund}/disbursement`
pub(crate) async fn request_send(
    State(app): State<App>,
    staff: Staff,
    Path(fund): Path<String>,
    typed: Typed,
) -> Page {
    let request = DisbursementRequest {
        class: typed.text("class"),
        payee_kind: typed.text("payee_kind"),
        payee: typed.text("payee"),
        amount: typed.text("amount"),
        purpose: typed.text("purpose"),
        assumption: typed.text("assumption"),
        goods: item_form(&typed),
    };
    let command = Command::DisbursementRequest {
        fund: fund.clone(),
        request,
    };
    let sent = DeskForm {
        app: &app,
        staff: &staff,
        typed: &typed,
    };
    match sent.write(command).await? {
        Ok(
            app::Outcome::Step { id, .. }
            | app::Outcome::Record { id }
            | app::Outcome::Moved { id, .. },
        ) => Ok(error::see_other(&format!(
            "/desk/disbursements/{id}?done=step"
        ))),
        Ok(_) => Ok(error::see_other("/desk")),
        Err(error) => request_sheet(&app, &fund).await?.again(&sent, &error),
    }
}

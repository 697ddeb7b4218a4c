//! Funds opened by hand, and money that changes its fund for a stated reason.

use super::Drawn;
use crate::command::{FundForm, Outcome};
use crate::staircase::{Call, Flow, booked, invalid, missing, refused};
use domain::funds::{FundKind, NewFund, Restriction, decide_reclassification};
use domain::identity::{Action, Object};
use domain::text::{Form, LINE_MAX, STORY_MAX};
use leaf::ids;

pub(crate) async fn open(call: &mut Call<'_>, form: &FundForm) -> Flow<Outcome> {
    let organisation = call.id::<ids::Organisation>(&form.organisation, "这个组织")?;
    call.permit(Action::FundOpen, &Object::of(organisation))?;
    call.batch
        .organisation(organisation)
        .await?
        .ok_or(missing("这个组织"))?;
    let mut check = Form::new();
    let title = check.line("title", "资金名称", &form.title, LINE_MAX);
    let purpose = check.optional("purpose", "用途", &form.purpose, STORY_MAX);
    let allowed = [
        FundKind::Designated,
        FundKind::Pool,
        FundKind::Unrestricted,
        FundKind::Agency,
    ];
    let kind = FundKind::parse(form.kind.trim()).filter(|kind| allowed.contains(kind));
    if kind.is_none() {
        check.refuse(
            "kind",
            "choice",
            "请选择资金类别：定向、资金池、非限定或受托代理。",
        );
    }
    if kind == Some(FundKind::Designated) && purpose.is_empty() {
        check.refuse("purpose", "required", "定向资金要写明用途。");
    }
    check.finish(()).map_err(invalid)?;
    let kind = kind.unwrap_or(FundKind::Pool);
    let restriction = match kind {
        FundKind::Unrestricted => Restriction::None,
        FundKind::Agency => Restriction::Agency,
        _ => Restriction::Purpose,
    };
    let mut new = NewFund::money(organisation, kind, title, restriction).with_purpose(purpose);
    if !form.campaign.trim().is_empty() {
        let campaign = call.id::<ids::Campaign>(&form.campaign, "这个活动")?;
        let known = call
            .batch
            .campaign(campaign)
            .await?
            .ok_or(missing("这个活动"))?;
        if known.organisation != organisation {
            return Err(missing("本单位的这个活动"));
        }
        new = new.for_campaign(campaign);
    }
    let now = call.now();
    let id = booked(call.batch.fund_open(&new, now).await?)?;
    let id = call.print(id);
    call.audit(Action::FundOpen, id.clone(), kind.code());
    Ok(Outcome::Record { id })
}

/// Money changes its fund.
pub(crate) struct Reclassify<'a> {
    pub from: &'a str,
    pub to: &'a str,
    pub place: &'a str,
    pub amount: &'a str,
    pub reason: &'a str,
    pub assumed: bool,
}

/// Draws a reclassification up for those who may do `action`; nothing is booked.
pub(crate) async fn draw_reclassification(
    call: &mut Call<'_>,
    order: &Reclassify<'_>,
    action: Action,
) -> Flow<Drawn> {
    let from = call.id::<ids::Fund>(order.from, "转出的资金")?;
    let to = call.id::<ids::Fund>(order.to, "转入的资金")?;
    let place = call.id::<ids::Place>(order.place, "这个存放处")?;
    let from = call.batch.fund(from).await?.ok_or(missing("转出的资金"))?;
    let to = call.batch.fund(to).await?.ok_or(missing("转入的资金"))?;
    call.permit(action, &Object::of(from.organisation))?;
    if from.organisation != to.organisation || from.unit != to.unit || from.id == to.id {
        return Err(missing("本单位的两项不同的资金"));
    }
    let mut check = Form::new();
    let amount = check.amount("amount", order.amount);
    let reason = check.line("reason", "理由", order.reason, STORY_MAX);
    check.finish(()).map_err(invalid)?;
    let amount = amount.ok_or(missing("金额"))?;
    let now = call.now();
    let record = call.batch.mint(now);
    let funds = (&from, &to);
    let mut posting =
        decide_reclassification(funds, place, amount, &reason, (record, now)).map_err(refused)?;
    if order.assumed {
        posting = posting.fact("assumed", true);
    }
    Ok(Drawn {
        posting,
        mark: None,
        record: call.print(record),
        detail: "reclassify",
    })
}

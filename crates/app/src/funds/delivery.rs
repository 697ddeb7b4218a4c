//! Deliveries of advances with evidence, evidence that comes later, and advances that come back.

use super::{evidence_rows, moved};
use crate::command::{EvidenceRef, Outcome};
use crate::staircase::{Call, Flow, invalid, missing, refused};
use domain::funds::posting::End;
use domain::funds::{
    DeliveryForm, Fund, NewDelivery, account, decide_advance_return, decide_delivery,
};
use domain::identity::{Action, Object};
use domain::say;
use domain::text::Form;
use kernel::{Day, Id};
use leaf::ids;
use store::batch::DeliveryRow;

pub(crate) async fn record(
    call: &mut Call<'_>,
    fund: &str,
    form: &DeliveryForm,
    evidence: &[EvidenceRef],
) -> Flow<Outcome> {
    let (fund, from) = advance(call, fund).await?;
    call.permit(Action::DeliveryRecord, &held(&fund))?;
    let digests = evidence.iter().map(|e| e.sha256).collect();
    let now = call.now();
    let head = fund.tape.outflow;
    let paid = call.batch.advance_paid_on(fund.id, head).await?;
    let dates = (paid.unwrap_or(Day::from_number(0)), now.day());
    let new = NewDelivery::read(form, digests, dates).map_err(invalid)?;
    fresh(call, fund.id, evidence).await?;
    captions(evidence)?;
    let id: Id<ids::Delivery> = call.batch.mint(now);
    let mut posting = decide_delivery(&fund, from, &new, (id, now)).map_err(refused)?;
    posting.matter = Some(id.raw());
    let posted = call.book(&posting).await?;
    let movement = posted
        .movements
        .first()
        .copied()
        .ok_or(missing("这笔流转"))?;
    let row = DeliveryRow {
        id,
        organisation: fund.organisation,
        fund: fund.id,
        campaign: fund.campaign,
        movement,
        disbursement: None,
        payee_kind: if new.persons > 0 {
            "persons"
        } else {
            "organisation"
        },
        payee: new.payee.clone(),
        scheme: new.scheme.clone(),
        region: new.region,
        persons: new.persons,
        reached_on: new.reached_on,
    };
    call.batch.delivery_insert(&row, now).await?;
    call.batch
        .evidence_insert(("delivery", id.raw()), &evidence_rows(evidence), now)
        .await?;
    let id = call.print(id);
    call.audit(Action::DeliveryRecord, id.clone(), "record");
    Ok(moved(call, id, &posted))
}

pub(crate) async fn attach(
    call: &mut Call<'_>,
    delivery: &str,
    evidence: &[EvidenceRef],
) -> Flow<Outcome> {
    captions(evidence)?;
    let delivery = call.id::<ids::Delivery>(delivery, "这次发放")?;
    let fund = call
        .batch
        .delivery_fund(delivery)
        .await?
        .ok_or(missing("这次发放"))?;
    let fund = call.batch.fund(fund).await?.ok_or(missing("这项资金"))?;
    call.permit(Action::DeliveryRecord, &held(&fund))?;
    let mut form = Form::new();
    if evidence.is_empty() {
        form.refuse(
            "evidence",
            "required",
            "请至少附一份凭证，例如签收单、发票或照片。",
        );
    }
    form.finish(()).map_err(invalid)?;
    fresh(call, fund.id, evidence).await?;
    let now = call.now();
    let rows = evidence_rows(evidence);
    call.batch
        .evidence_insert(("delivery", delivery.raw()), &rows, now)
        .await?;
    let id = call.print(delivery);
    call.audit(Action::DeliveryRecord, id.clone(), "evidence");
    Ok(Outcome::Record { id })
}

pub(crate) async fn advance_return(
    call: &mut Call<'_>,
    fund: &str,
    amount: &str,
    place: &str,
) -> Flow<Outcome> {
    let (fund, from) = advance(call, fund).await?;
    call.permit(Action::DeliveryRecord, &held(&fund))?;
    let mut form = Form::new();
    let amount = form.amount("amount", amount);
    form.finish(()).map_err(invalid)?;
    let amount = amount.ok_or(missing("金额"))?;
    let place = call.id::<ids::Place>(place, "收款账户")?;
    let place = call.batch.place(place).await?.ok_or(missing("收款账户"))?;
    if place.organisation != fund.organisation || place.account != account::BANK {
        return Err(missing("本单位的银行账户"));
    }
    let held = fund.tape.spendable();
    if held < amount.get() {
        return Err(refused(domain::funds::DeliveryRefused::Balance { held }));
    }
    // The head of the advance came from the allotment that wrote it: that one is undone, part by part.
    let head = fund.tape.outflow;
    let source = call
        .batch
        .allotment_at(fund.id, head)
        .await?
        .ok_or(missing("这笔预付"))?;
    let available = source.until - head;
    if amount.get() > available {
        let refusal = domain::funds::DeliveryRefused::Balance { held: available };
        return Err(refused(refusal));
    }
    let ends = (
        from,
        End {
            fund: source.fund,
            place: place.id,
        },
    );
    let now = call.now();
    let record = call.batch.mint(now);
    let undoes = (source.movement, head - source.start);
    let posting =
        decide_advance_return(&fund, ends, amount, undoes, (record, now)).map_err(refused)?;
    let posted = call.book(&posting).await?;
    let id = call.print(record);
    call.audit(Action::DeliveryRecord, id.clone(), "return");
    Ok(moved(call, id, &posted))
}

/// A fund as the permission function sees it: whose it is, and which partner holds it.
fn held(fund: &Fund) -> Object {
    Object::of(fund.organisation).held_by(fund.partner)
}

/// One file shows one delivery: what was brought for another delivery of the same fund shows nothing new.
async fn fresh(call: &mut Call<'_>, fund: Id<ids::Fund>, evidence: &[EvidenceRef]) -> Flow<()> {
    let mut form = Form::new();
    for (n, file) in evidence.iter().enumerate() {
        let earlier = evidence.iter().take(n).any(|e| e.sha256 == file.sha256);
        let used = call.batch.evidence_used(fund, file.sha256).await?;
        if let Some(delivery) = used {
            let sentence = say!(
                "凭证“{title}”已经用于送达{delivery}，同一份文件不能再证明一次送达；请附这一次的凭证。",
                title = &file.title,
                delivery = call.print(delivery)
            );
            form.refuse("evidence", "reused", sentence);
        } else if earlier {
            let sentence = "同一份凭证附了两次，请去掉一份。";
            form.refuse("evidence", "reused", sentence);
        }
    }
    form.finish(()).map_err(invalid)
}

/// Titles of files are shown to everybody: a scan is easily named after a person and a number.
fn captions(evidence: &[EvidenceRef]) -> Flow<()> {
    let mut form = Form::new();
    for file in evidence {
        form.public("evidence", "凭证名称", &file.title);
    }
    form.finish(()).map_err(invalid)
}

/// An advance fund and the place where the partner holds it.
async fn advance(call: &mut Call<'_>, text: &str) -> Flow<(Fund, End)> {
    let id = call.id::<ids::Fund>(text, "这项预付")?;
    let fund = call.batch.fund(id).await?.ok_or(missing("这项预付"))?;
    let place = call
        .batch
        .place_holding(id)
        .await?
        .ok_or(missing("这项预付的存放处"))?;
    Ok((fund, End { fund: id, place }))
}

//! Disbursements: asked, checked, approved, paid by different people, or sent back with a reason.

use super::{goods_fund, goods_place, moved};
use crate::command::{DisbursementStep, Outcome, Voucher};
use crate::staircase::{Call, Flow, booked, invalid, missing, refused};
use domain::funds::posting::End;
use domain::funds::{
    Class, Disbursement, DisbursementRefused, DisbursementRequest, DisbursementState, Fund,
    FundKind, NewFund, NewItem, NewPlace, PayeeKind, Payment, account, advance_title, check_fund,
    decide_approval, decide_check, decide_payment, decide_refusal, decide_request_to, read_voucher,
};
use domain::identity::{Action, Object};
use domain::text::{Form, STORY_MAX};
use leaf::ids;
use store::batch::{DeliveryRow, StepTaken};

pub(crate) async fn request(
    call: &mut Call<'_>,
    fund: &str,
    request: &DisbursementRequest,
) -> Flow<Outcome> {
    let fund = call.id::<ids::Fund>(fund, "这项资金")?;
    let fund = call.batch.fund(fund).await?.ok_or(missing("这项资金"))?;
    call.permit(Action::DisbursementRequest, &Object::of(fund.organisation))?;
    let new = decide_request_to(&fund, request).map_err(invalid)?;
    check_fund(&fund, new.amount.get()).map_err(refused)?;
    let (maker, now) = (call.user(), call.now());
    let id = call
        .batch
        .disbursement_insert(&fund, &new, maker, now)
        .await?;
    let id = call.print(id);
    call.audit(Action::DisbursementRequest, id.clone(), new.class.code());
    Ok(Outcome::Step {
        id,
        state: DisbursementState::Requested.code().into(),
    })
}

pub(crate) async fn step(
    call: &mut Call<'_>,
    disbursement: &str,
    step: DisbursementStep,
    reason: &str,
) -> Flow<Outcome> {
    let (order, fund) = load(call, disbursement).await?;
    let (action, code) = match step {
        DisbursementStep::Check => (Action::DisbursementCheck, "check"),
        DisbursementStep::Approve => (Action::DisbursementApprove, "approve"),
        DisbursementStep::Refuse => (Action::DisbursementCheck, "refuse"),
    };
    permit_step(call, &order, step, action)?;
    let mut form = Form::new();
    let reason = match step {
        DisbursementStep::Refuse => form.private_line("reason", "退回理由", reason, STORY_MAX),
        _ => form.private("reason", "意见", reason, STORY_MAX),
    };
    form.finish(()).map_err(invalid)?;
    let (user, now) = (call.user(), call.now());
    let organisation = call
        .batch
        .organisation(order.organisation)
        .await?
        .ok_or(missing("这个组织"))?;
    let state = match step {
        DisbursementStep::Check => decide_check(&order, user, &fund, &organisation),
        DisbursementStep::Approve => decide_approval(&order, user, &fund),
        DisbursementStep::Refuse => decide_refusal(&order).map(|_| DisbursementState::Refused),
    }
    .map_err(refused)?;
    if state == DisbursementState::Approved {
        booked(call.batch.fund_reserve(fund.id, order.amount.get()).await?)?;
    }
    if state == DisbursementState::Refused && order.state == DisbursementState::Approved {
        booked(call.batch.fund_release(fund.id, order.amount.get()).await?)?;
    }
    let taken = StepTaken {
        step: code,
        user: Some(user),
        at: now,
        reason: &reason,
    };
    call.batch
        .disbursement_step(order.id, state, &taken)
        .await?;
    let id = call.print(order.id);
    call.audit(action, id.clone(), code);
    Ok(Outcome::Step {
        id,
        state: state.code().into(),
    })
}

/// Whoever may take the next step may also send an order back.
fn permit_step(
    call: &Call<'_>,
    order: &Disbursement,
    step: DisbursementStep,
    action: Action,
) -> Flow<()> {
    let object = Object::of(order.organisation);
    if step == DisbursementStep::Refuse {
        let others = [Action::DisbursementApprove, Action::DisbursementPay];
        let mut others = others.into_iter();
        if let Some(other) = others.find(|other| call.has_role_for(*other, &object)) {
            return call.permit(other, &object);
        }
    }
    call.permit(action, &object)
}

/// The number of the bank's slip; one that another payment has must be meant so.
async fn voucher_of(call: &mut Call<'_>, order: &Disbursement, typed: &Voucher) -> Flow<String> {
    let number = read_voucher(&typed.number).map_err(invalid)?;
    if number.is_empty() || typed.shared {
        return Ok(number);
    }
    let known = call.batch.voucher_known(order.organisation, &number);
    match known.await? {
        None => Ok(number),
        Some((payee, amount)) => Err(refused(DisbursementRefused::VoucherKnown { payee, amount })),
    }
}

pub(crate) async fn pay(
    call: &mut Call<'_>,
    disbursement: &str,
    (place, voucher): (&str, &Voucher),
) -> Flow<Outcome> {
    let (order, fund) = load(call, disbursement).await?;
    call.permit(Action::DisbursementPay, &Object::of(order.organisation))?;
    let place = call.id::<ids::Place>(place, "付款账户")?;
    let known = call.batch.place(place).await?.ok_or(missing("付款账户"))?;
    if known.organisation != order.organisation {
        return Err(missing("本单位的这个付款账户"));
    }
    let from = End {
        fund: fund.id,
        place,
    };
    let (payer, at) = (call.user(), call.now());
    let there = call.batch.balance(fund.id.raw(), place.raw()).await?;
    // Refused before anything is opened: the state and the four eyes come first.
    if order.state != DisbursementState::Approved {
        let wrong = DisbursementRefused::WrongState(order.state);
        return Err(refused(wrong));
    }
    let voucher = voucher_of(call, &order, voucher).await?;
    let advance = match order.class {
        Class::Advance => Some(advance_end(call, &order, &fund).await?),
        _ => None,
    };
    let goods = match order.class {
        Class::Purchase => Some(bought(call, &order).await?),
        _ => None,
    };
    let payment = Payment {
        payer,
        from,
        there,
        advance,
        goods,
        fund: &fund,
        at,
    };
    let posting = decide_payment(&order, &payment).map_err(refused)?;
    let posted = call.book(&posting).await?;
    let movement = posted
        .movements
        .first()
        .copied()
        .ok_or(missing("这笔流转"))?;
    let paid = DisbursementState::Paid;
    let taken = StepTaken {
        step: "pay",
        user: Some(payer),
        at,
        reason: "",
    };
    call.batch.disbursement_step(order.id, paid, &taken).await?;
    call.batch
        .disbursement_paid(order.id, movement, advance.map(|end| end.fund))
        .await?;
    if !voucher.is_empty() {
        call.batch.disbursement_voucher(order.id, &voucher).await?;
    }
    if order.class == Class::Direct {
        keep_delivery(call, &order, movement).await?;
    }
    let id = call.print(order.id);
    call.audit(Action::DisbursementPay, id.clone(), "pay");
    Ok(moved(call, id, &posted))
}

/// The tape and store of what a purchase buys, and how many units.
async fn bought(call: &mut Call<'_>, order: &Disbursement) -> Flow<(End, i64)> {
    let none = domain::funds::DisbursementRefused::GoodsMissing;
    let (key, units) = call
        .batch
        .disbursement_goods(order.id)
        .await?
        .ok_or(refused(none))?;
    let item = NewItem::of_key(&key);
    let fund = goods_fund(call, order.organisation, &item).await?;
    let place = goods_place(call, order.organisation).await?;
    Ok((
        End {
            fund: fund.id,
            place,
        },
        units,
    ))
}

/// A direct grant is a delivery the day it is paid; evidence is attached when it arrives.
async fn keep_delivery(
    call: &mut Call<'_>,
    order: &Disbursement,
    movement: kernel::Id<ids::Movement>,
) -> Flow<()> {
    let now = call.now();
    let row = DeliveryRow {
        id: call.batch.mint(now),
        organisation: order.organisation,
        fund: order.fund,
        campaign: order.campaign,
        movement,
        disbursement: Some(order.id),
        payee_kind: order.payee_kind.code(),
        payee: order.payee.clone(),
        scheme: order.purpose.clone(),
        region: None,
        persons: 0,
        reached_on: now.day(),
    };
    call.batch.delivery_insert(&row, now).await?;
    Ok(())
}

/// The partner's advance fund and place: one per campaign and partner, opened when first paid.
pub(crate) async fn advance_end(
    call: &mut Call<'_>,
    order: &Disbursement,
    source: &Fund,
) -> Flow<End> {
    let now = call.now();
    let unit = "fen".to_string();
    let title = advance_title(&order.payee).to_string();
    let known = call
        .batch
        .advance_fund(order.organisation, order.campaign, &title)
        .await?;
    let fund = match known {
        Some(fund) => fund,
        None => {
            let new = NewFund {
                unit,
                partner: partner(call, order).await?,
                campaign: source.campaign,
                purpose: order.purpose.clone(),
                ..NewFund::money(
                    order.organisation,
                    FundKind::Advance,
                    title.clone(),
                    source.restriction,
                )
            };
            booked(call.batch.fund_open(&new, now).await?)?
        }
    };
    let place = NewPlace {
        organisation: order.organisation,
        account: account::ADVANCE,
        channel: order.payee.clone(),
        title,
        partner: None,
    };
    let place = booked(call.batch.place_open(&place, now).await?)?;
    Ok(End { fund, place })
}

/// The executing partner as the register knows it by its full name. Where the name is not there, or stands there
/// twice, nobody is bound: then only the organisation itself reports what was done with the money.
async fn partner(
    call: &mut Call<'_>,
    order: &Disbursement,
) -> Flow<Option<kernel::Id<ids::Organisation>>> {
    if order.payee_kind != PayeeKind::Organisation {
        return Ok(None);
    }
    let key = store::search::normalise(&order.payee);
    let named = call.batch.organisations_named(&key).await?;
    Ok(match named.as_slice() {
        [only] if *only != order.organisation => Some(*only),
        _ => None,
    })
}

async fn load(call: &mut Call<'_>, text: &str) -> Flow<(Disbursement, Fund)> {
    let id = call.id::<ids::Disbursement>(text, "这笔拨付")?;
    let order = call
        .batch
        .disbursement(id)
        .await?
        .ok_or(missing("这笔拨付"))?;
    let fund = call
        .batch
        .fund(order.fund)
        .await?
        .ok_or(missing("这项资金"))?;
    Ok((order, fund))
}

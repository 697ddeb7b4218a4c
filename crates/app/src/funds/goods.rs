//! Goods: given, kept on tapes of units, handed out.

use super::moved;
use crate::command::Outcome;
use crate::staircase::{Call, Flow, booked, invalid, missing, refused};
use domain::funds::posting::End;
use domain::funds::{
    Fund, FundKind, GoodsForm, NewFund, NewItem, NewPlace, Restriction, STORE_TITLE, account,
    decide_goods_conversion, decide_goods_delivery, decide_goods_loss,
};
use domain::identity::{Action, Object};
use domain::parties::DonorKind;
use domain::text::{Form, LINE_MAX, STORY_MAX};
use kernel::Id;
use leaf::ids;
use store::batch::{DeliveryRow, DonationPrivate, DonationRow};

/// The row of a gift in kind, without its time and key.
pub(crate) fn goods_row(
    fund: &Fund,
    what: (Id<ids::Donation>, i64),
    posted: &store::Posted,
    donor: (DonorKind, String, String),
) -> DonationRow {
    DonationRow {
        id: what.0.raw(),
        organisation: fund.organisation.raw(),
        campaign: fund.campaign.map(Id::raw),
        intent: None,
        channel: "goods".into(),
        amount: what.1,
        fee: 0,
        unit: fund.unit.clone(),
        state: "standing",
        held_reason: "",
        paid_at: 0,
        time_known: true,
        day: 0,
        published_day: None,
        donor_kind: donor.0.code(),
        donor_public: donor.1,
        leaf_index: posted.leaf_index,
        movement_first: posted.movements.first().map_or(0, |m| m.raw()),
        movement_count: i64::try_from(posted.movements.len()).unwrap_or(0),
        import: None,
        private: DonationPrivate {
            opened: donor.2.clone(),
            name: donor.2,
            contact: String::new(),
            message: String::new(),
            key: [0; 32],
        },
        payment: None,
    }
}

pub(crate) async fn deliver(
    call: &mut Call<'_>,
    fund: &str,
    units_text: &str,
    receiver: &str,
) -> Flow<Outcome> {
    let fund = load(call, fund).await?;
    let units = units(units_text)?;
    let mut form = Form::new();
    let receiver = form.line("receiver", "接收单位", receiver, LINE_MAX);
    form.finish(()).map_err(invalid)?;
    let place = goods_place(call, fund.organisation).await?;
    let now = call.now();
    let id: Id<ids::Delivery> = call.batch.mint(now);
    let end = End {
        fund: fund.id,
        place,
    };
    let mut posting =
        decide_goods_delivery(&fund, end, units, &receiver, (id, now)).map_err(refused)?;
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
        payee_kind: "organisation",
        payee: receiver,
        scheme: fund.title.clone(),
        region: None,
        persons: 0,
        reached_on: now.day(),
    };
    call.batch.delivery_insert(&row, now).await?;
    let id = call.print(id);
    call.audit(Action::GoodsRecord, id.clone(), "delivery");
    Ok(moved(call, id, &posted))
}

pub(crate) async fn convert(
    call: &mut Call<'_>,
    from: (&str, &str),
    into: &GoodsForm,
) -> Flow<Outcome> {
    let fund = load(call, from.0).await?;
    let leaving = units(from.1)?;
    let item = NewItem::read(&into.name, &into.spec, &into.unit).map_err(invalid)?;
    let arriving = units(&into.units)?;
    let target = goods_fund(call, fund.organisation, &item).await?;
    let place = goods_place(call, fund.organisation).await?;
    let ends = (
        End {
            fund: fund.id,
            place,
        },
        End {
            fund: target.id,
            place,
        },
    );
    let now = call.now();
    let record = call.batch.mint(now);
    let posting = decide_goods_conversion(&fund, ends, (leaving, arriving), (record, now))
        .map_err(refused)?;
    let posted = call.book(&posting).await?;
    let id = call.print(record);
    call.audit(Action::GoodsRecord, id.clone(), "convert");
    Ok(moved(call, id, &posted))
}

pub(crate) async fn lose(call: &mut Call<'_>, from: (&str, &str), reason: &str) -> Flow<Outcome> {
    let fund = load(call, from.0).await?;
    let lost = units(from.1)?;
    let mut form = Form::new();
    let reason = form.line("reason", "原因", reason, STORY_MAX);
    form.finish(()).map_err(invalid)?;
    let place = goods_place(call, fund.organisation).await?;
    let now = call.now();
    let record = call.batch.mint(now);
    let end = End {
        fund: fund.id,
        place,
    };
    let posting = decide_goods_loss(&fund, end, lost, &reason, (record, now)).map_err(refused)?;
    let posted = call.book(&posting).await?;
    let id = call.print(record);
    call.audit(Action::GoodsRecord, id.clone(), "loss");
    Ok(moved(call, id, &posted))
}

/// Goods that this actor may move.
async fn load(call: &mut Call<'_>, text: &str) -> Flow<Fund> {
    let id = call.id::<ids::Fund>(text, "这项物资")?;
    let fund = call.batch.fund(id).await?.ok_or(missing("这项物资"))?;
    call.permit(Action::GoodsRecord, &Object::of(fund.organisation))?;
    Ok(fund)
}

pub(crate) fn units(text: &str) -> Flow<i64> {
    match text.trim().parse::<i64>() {
        Ok(units) if (1..=domain::funds::UNITS_MAX).contains(&units) => Ok(units),
        _ => {
            let mut form = Form::new();
            form.refuse("units", "number", "数量请填1到10亿之间的整数。");
            Err(invalid(form.problems()))
        }
    }
}

/// The tape of an item.
pub(crate) async fn goods_fund(
    call: &mut Call<'_>,
    organisation: Id<ids::Organisation>,
    item: &NewItem,
) -> Flow<Fund> {
    let new = NewFund {
        unit: item.key(),
        ..NewFund::money(
            organisation,
            FundKind::Goods,
            item.title(),
            Restriction::Purpose,
        )
    };
    let now = call.now();
    let id = booked(call.batch.goods_fund(&new, now).await?)?;
    call.batch.fund(id).await?.ok_or(missing("这项物资"))
}

/// The organisation's store of goods.
pub(crate) async fn goods_place(
    call: &mut Call<'_>,
    organisation: Id<ids::Organisation>,
) -> Flow<Id<ids::Place>> {
    let new = NewPlace {
        organisation,
        account: account::GOODS,
        channel: "store".into(),
        title: STORE_TITLE.into(),
        partner: None,
    };
    let now = call.now();
    booked(call.batch.place_open(&new, now).await?)
}

//! Settlements: what waits at a channel goes to the bank; the fee the channel kept leaves its fund.

use super::moved;
use crate::command::Outcome;
use crate::staircase::{Call, Flow, invalid, missing, refused};
use domain::funds::posting::End;
use domain::funds::{FundKind, decide_fee, decide_settlement};
use domain::identity::{Action, Object};
use domain::text::Form;
use kernel::{Amount, Id};
use leaf::ids;

pub(crate) async fn settle(
    call: &mut Call<'_>,
    places: (&str, &str),
    sum: &str,
    bill: [u8; 32],
) -> Flow<Outcome> {
    let from = call.id::<ids::Place>(places.0, "这个支付渠道")?;
    let to = call.id::<ids::Place>(places.1, "这个银行账户")?;
    let from = call
        .batch
        .place(from)
        .await?
        .ok_or(missing("这个支付渠道"))?;
    let to = call.batch.place(to).await?.ok_or(missing("这个银行账户"))?;
    call.permit(Action::SettlementRecord, &Object::of(from.organisation))?;
    let mut form = Form::new();
    let stated = form.amount("sum", sum);
    form.finish(()).map_err(invalid)?;
    let stated = stated.ok_or(missing("账单合计"))?;
    let (waiting, fees) = sort_fees(call, from.id).await?;
    let now = call.now();
    let record = call.batch.mint(now);
    let posting = decide_settlement((&from, &to), &waiting, (stated.get(), bill), (record, now))
        .map_err(refused)?;
    let posted = call.book(&posting).await?;
    for (fund, fee) in fees {
        let Some(fee) = Amount::new(fee) else {
            continue;
        };
        let record = call.batch.mint(now);
        let end = End {
            fund,
            place: from.id,
        };
        let posting = decide_fee(from.organisation, end, fee, (record, now));
        call.book(&posting).await?;
    }
    let id = call.print(record);
    call.audit(Action::SettlementRecord, id.clone(), "settle");
    Ok(moved(call, id, &posted))
}

type Waiting = Vec<(Id<ids::Fund>, i64)>;

/// What waits at the channel, apart from what the channel keeps as its fee.
async fn sort_fees(call: &mut Call<'_>, place: Id<ids::Place>) -> Flow<(Waiting, Waiting)> {
    let mut waiting = Vec::new();
    let mut fees = Vec::new();
    for (fund, amount) in call.batch.place_contents(place).await? {
        let known = call.batch.fund(fund).await?.ok_or(missing("这项资金"))?;
        match known.kind {
            FundKind::Fee => fees.push((fund, amount)),
            _ => waiting.push((fund, amount)),
        }
    }
    Ok((waiting, fees))
}

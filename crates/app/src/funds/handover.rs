//! What an organisation in liquidation has left goes to another charity: asked for and confirmed like a repair.

use super::Drawn;
use crate::staircase::{Call, Flow, booked, invalid, missing, refused};
use domain::funds::{Handover, NewPlace, account, decide_handover, place_name};
use domain::identity::{Action, Object};
use domain::text::{Form, STORY_MAX};
use kernel::Id;
use leaf::ids;

/// 〔移交〕 Of what, to whom.
pub(crate) struct HandOver<'a> {
    pub from: &'a str,
    pub to: &'a str,
    pub place: &'a str,
    pub amount: &'a str,
    pub reason: &'a str,
}

/// The first bank account of an organisation, opened when it is first needed.
async fn bank(call: &mut Call<'_>, of: Id<ids::Organisation>) -> Flow<Id<ids::Place>> {
    let session = call.batch.sql().await?;
    let places = store::funds::places_of_organisation(session, of).await?;
    let known = places.iter().find(|one| one.place.account == account::BANK);
    match known {
        Some(known) => Ok(known.place.id),
        None => {
            let new = NewPlace {
                organisation: of,
                account: account::BANK,
                channel: "bank".to_owned(),
                title: place_name(account::BANK, "银行转账"),
                partner: None,
            };
            let now = call.now();
            booked(call.batch.place_open(&new, now).await?)
        }
    }
}

/// Draws a handover up for those who may do `action` at the organisation that gives; nothing is booked. The money
/// reaches the first bank account of the organisation that takes.
pub(crate) async fn draw_handover(
    call: &mut Call<'_>,
    order: &HandOver<'_>,
    action: Action,
) -> Flow<Drawn> {
    let from = call.id::<ids::Fund>(order.from, "转出的资金")?;
    let to = call.id::<ids::Fund>(order.to, "接收方的资金")?;
    let out = call.id::<ids::Place>(order.place, "这个存放处")?;
    let from = call.batch.fund(from).await?.ok_or(missing("转出的资金"))?;
    let to = call.batch.fund(to).await?.ok_or(missing("接收方的资金"))?;
    call.permit(action, &Object::of(from.organisation))?;
    if from.organisation == to.organisation || from.unit != to.unit {
        return Err(missing("另一家组织的资金"));
    }
    let mut check = Form::new();
    let amount = check.amount("amount", order.amount);
    let reason = check.line("reason", "依据", order.reason, STORY_MAX);
    check.finish(()).map_err(invalid)?;
    let amount = amount.ok_or(missing("金额"))?;
    let now = call.now();
    let giver = call.batch.register(from.organisation).await?;
    let taker = call.batch.register(to.organisation).await?;
    let receiver = call.batch.organisation(to.organisation).await?;
    let receiver = receiver.ok_or(missing("接收方"))?.name;
    let bank = bank(call, to.organisation).await?;
    let record = call.batch.mint(now);
    let order = Handover {
        from: (&from, &giver),
        to: (&to, &taker),
        receiver: &receiver,
        places: (out, bank),
        amount,
        reason: &reason,
    };
    let posting = decide_handover(&order, (record, now)).map_err(refused)?;
    Ok(Drawn {
        posting,
        mark: None,
        record: call.print(record),
        detail: "hand over",
    })
}

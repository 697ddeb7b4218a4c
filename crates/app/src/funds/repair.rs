//! Refunds, corrections and reversals, drawn up; `fundraising/repair` asks for a second person and books them.

use crate::staircase::{Call, Flow, invalid, missing, refused};
use domain::funds::posting::{End, Posting};
use domain::funds::{
    FundKind, Gift, Outflow, RepairRefused, Share, decide_correction, decide_refund,
    decide_reversal, place_to_take_from,
};
use domain::identity::{Action, Object};
use domain::text::Form;
use kernel::{Amount, Id};
use leaf::ids;
use store::batch::DonationFacts;

/// What a gift still owns, share by share, with the place where it came in, or where its money lies since.
pub(crate) async fn gift_shares(
    call: &mut Call<'_>,
    donation: Id<ids::Donation>,
    facts: &DonationFacts,
) -> Flow<Gift> {
    let entered = call.batch.entry_place(facts).await?;
    let mut shares = Vec::new();
    for (tape, owned) in call.batch.owned_spans(facts).await? {
        let fund = Id::from_raw(tape.0);
        // An advance must be returned first, goods do not turn back into money, a fee is the channel's.
        let known = call.batch.fund(fund).await?.ok_or(missing("这项资金"))?;
        if matches!(
            known.kind,
            FundKind::Advance | FundKind::Goods | FundKind::Fee
        ) {
            continue;
        }
        let places = call.batch.places_of_fund(fund).await?;
        let left = owned.iter().map(|span| span.len).sum();
        let Some((place, there)) = place_to_take_from(&places, entered, left) else {
            continue;
        };
        shares.push(Share {
            end: End { fund, place },
            owned,
            there,
        });
    }
    Ok(Gift {
        donation,
        organisation: facts.organisation,
        campaign: facts.campaign,
        leaf_index: facts.leaf_index,
        shares,
    })
}

/// Reasons stand beside their leaf for everybody.
fn public_reason(reason: &str) -> Flow<()> {
    let mut form = Form::new();
    form.public("reason", "理由", reason);
    form.finish(()).map_err(invalid)
}

/// 〔拟好的更正〕 A repair as it would be booked now.
pub(crate) struct Drawn {
    /// What the books would do.
    pub(crate) posting: Posting,
    /// The gift whose state changes, to which, and its new campaign.
    pub(crate) mark: Option<Mark>,
    /// Printed id of the record.
    pub(crate) record: String,
    /// What the audit entry says.
    pub(crate) detail: &'static str,
}

/// A gift, its new state and its new campaign.
pub(crate) type Mark = (Id<ids::Donation>, &'static str, Option<Id<ids::Campaign>>);

/// Draws a refund up for those who may do `action`; an empty amount means all that is left.
pub(crate) async fn draw_refund(
    call: &mut Call<'_>,
    (donation, amount): (&str, &str),
    reason: &str,
    action: Action,
) -> Flow<Drawn> {
    public_reason(reason)?;
    let (id, facts) = load(call, donation, action).await?;
    let gift = gift_shares(call, id, &facts).await?;
    let left: i64 = gift
        .shares
        .iter()
        .flat_map(|s| &s.owned)
        .map(|span| span.len)
        .sum();
    let amount = match amount.trim() {
        "" => Amount::new(left).ok_or(refused(RepairRefused::Already))?,
        text => {
            let mut form = Form::new();
            let amount = form.amount("amount", text);
            form.finish(()).map_err(invalid)?;
            amount.ok_or(missing("金额"))?
        }
    };
    let now = call.now();
    let record = call.batch.mint(now);
    let posting = decide_refund(&gift, amount, reason, (record, now)).map_err(refused)?;
    let whole = amount.get() == left;
    Ok(Drawn {
        posting,
        mark: whole.then_some((id, "refunded", None)),
        record: call.print(record),
        detail: "refund",
    })
}

/// Draws a correction up for those who may do `action`.
pub(crate) async fn draw_correction(
    call: &mut Call<'_>,
    donation: &str,
    reason: &str,
    action: Action,
) -> Flow<Drawn> {
    public_reason(reason)?;
    let (id, facts) = load(call, donation, action).await?;
    let gift = gift_shares(call, id, &facts).await?;
    let now = call.now();
    let record = call.batch.mint(now);
    let posting = decide_correction(&gift, reason, (record, now)).map_err(refused)?;
    Ok(Drawn {
        posting,
        mark: Some((id, "corrected", None)),
        record: call.print(record),
        detail: "correct",
    })
}

async fn load(
    call: &mut Call<'_>,
    text: &str,
    action: Action,
) -> Flow<(Id<ids::Donation>, DonationFacts)> {
    let id = call.id::<ids::Donation>(text, "这笔捐赠")?;
    let facts = call
        .batch
        .donation_facts(id)
        .await?
        .ok_or(missing("这笔捐赠"))?;
    call.permit(action, &Object::of(facts.organisation))?;
    if matches!(facts.state.as_str(), "refunded" | "corrected") {
        return Err(refused(RepairRefused::Already));
    }
    Ok((id, facts))
}

/// Draws a reversal up for those who may do `action`.
pub(crate) async fn draw_reversal(
    call: &mut Call<'_>,
    movement: &str,
    reason: &str,
    action: Action,
) -> Flow<Drawn> {
    public_reason(reason)?;
    let id = call.id::<ids::Movement>(movement, "这笔流转")?;
    let known = call.batch.outflow(id).await?.ok_or(missing("这笔流转"))?;
    call.permit(action, &Object::of(known.organisation))?;
    let outflow = Outflow {
        movement: ledger::MovementId(id.raw()),
        organisation: known.organisation,
        campaign: known.campaign,
        end: known.end,
        amount: known.amount,
        reversible: known.reversible,
        leaf_index: known.leaf_index,
    };
    let now = call.now();
    let record = call.batch.mint(now);
    let posting = decide_reversal(&outflow, reason, (record, now)).map_err(refused)?;
    Ok(Drawn {
        posting,
        mark: None,
        record: call.print(record),
        detail: "reverse",
    })
}

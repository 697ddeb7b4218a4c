//! Held money: with the donor's consent it goes to a campaign.

use super::campaign::load;
use crate::funds::{Drawn, gift_shares};
use crate::staircase::{Call, Flow, invalid, missing, refused};
use domain::fundraising::{decide_reassignment, decide_target};
use domain::funds::posting::End;
use domain::identity::{Action, Object};
use domain::text::{Form, STORY_MAX};
use leaf::ids;

/// Draws a reassignment up for those who may do `action`; nothing is booked.
pub(super) async fn draw_reassignment(
    call: &mut Call<'_>,
    between: (&str, &str),
    consent: &str,
    action: Action,
) -> Flow<Drawn> {
    let donation = call.id::<ids::Donation>(between.0, "这笔捐赠")?;
    let facts = call
        .batch
        .donation_facts(donation)
        .await?
        .ok_or(missing("这笔捐赠"))?;
    call.permit(action, &Object::of(facts.organisation))?;
    let (campaign, _) = load(call, between.1).await?;
    if campaign.organisation != facts.organisation || campaign.project_fund.is_none() {
        return Err(missing("本单位已公开的这个活动"));
    }
    let (register, today) = (
        call.batch.register(campaign.organisation).await?,
        call.now().day(),
    );
    decide_target(&campaign, register.right(today), today).map_err(refused)?;
    let mut form = Form::new();
    form.line("consent", "捐赠人同意的方式", consent, STORY_MAX);
    form.finish(()).map_err(invalid)?;
    let gift = gift_shares(call, donation, &facts).await?;
    let share = gift.shares.first().filter(|share| !share.owned.is_empty());
    let (Some(share), "held") = (share, facts.state.as_str()) else {
        return Err(refused(domain::funds::RepairRefused::Already));
    };
    let fund = campaign.project_fund.ok_or(missing("这个活动的资金"))?;
    let ends = (
        share.end,
        End {
            fund,
            place: share.end.place,
        },
    );
    let now = call.now();
    let record = call.batch.mint(now);
    let posting = decide_reassignment(
        (donation, facts.leaf_index),
        &campaign,
        share.owned.clone(),
        ends,
        (consent, record, now),
    );
    Ok(Drawn {
        posting,
        mark: Some((donation, "reassigned", Some(campaign.id))),
        record: call.print(donation),
        detail: "reassign",
    })
}

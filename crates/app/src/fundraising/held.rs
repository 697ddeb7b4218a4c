//! Held money: with the donor's consent it goes to a campaign.

use super::campaign::load;
use crate::command::Outcome;
use crate::funds::gift_shares;
use crate::staircase::{Call, Flow, invalid, missing, refused};
use domain::fundraising::{decide_reassignment, decide_target};
use domain::funds::posting::End;
use domain::identity::{Action, Object};
use domain::text::{Form, STORY_MAX};
use leaf::ids;

pub(crate) async fn reassign(
    call: &mut Call<'_>,
    between: (&str, &str),
    consent: &str,
) -> Flow<Outcome> {
    let donation = call.id::<ids::Donation>(between.0, "这笔捐赠")?;
    let facts = call
        .batch
        .donation_facts(donation)
        .await?
        .ok_or(missing("这笔捐赠"))?;
    call.permit(Action::CorrectionRecord, &Object::of(facts.organisation))?;
    let (campaign, _) = load(call, between.1).await?;
    if campaign.organisation != facts.organisation || campaign.project_fund.is_none() {
        return Err(missing("本单位已公开的这个活动"));
    }
    decide_target(&campaign, call.now().day()).map_err(refused)?;
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
    let posted = call.book(&posting).await?;
    call.batch
        .donation_mark(donation, "reassigned", Some(campaign.id))
        .await?;
    let id = call.print(donation);
    call.audit(Action::CorrectionRecord, id.clone(), "reassign");
    let movements = posted.movements.iter().map(|m| call.print(*m)).collect();
    Ok(Outcome::Moved { id, movements })
}

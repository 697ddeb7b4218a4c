//! Campaigns: drafted, published with their funds, ended by a person or by their last day.

use crate::command::Outcome;
use crate::staircase::{Call, Flow, booked, invalid, missing, refused};
use domain::Refused;
use domain::fundraising::{
    Campaign, CampaignForm, CampaignState, NewCampaign, decide_end, decide_historic,
    decide_publication,
};
use domain::funds::{
    ADMINISTRATIVE_PURPOSE, FundKind, NewFund, Restriction, administrative_title, project_title,
};
use domain::identity::{Action, Object};
use domain::parties::register::{Register, decide_right};
use domain::text::{Form, Problem};
use kernel::Day;
use leaf::ids;
use store::batch::JobTimes;

pub(crate) use store::batch::CAMPAIGN_END_JOB as END_JOB;

pub(crate) async fn draft(
    call: &mut Call<'_>,
    organisation: &str,
    form: &CampaignForm,
) -> Flow<Outcome> {
    let organisation = call.id::<ids::Organisation>(organisation, "这个组织")?;
    call.permit(Action::CampaignEdit, &Object::of(organisation))?;
    call.batch
        .organisation(organisation)
        .await?
        .ok_or(missing("这个组织"))?;
    let register = call.batch.register(organisation).await?;
    let new = read_plan(form, &register, call.now().day())?;
    if call
        .batch
        .campaign_filed(&new.filing_number)
        .await?
        .is_some()
    {
        let mut form = Form::new();
        form.refuse(
            "filing_number",
            "taken",
            "这个备案编号已经登记过一个活动，一次备案只能有一个活动；请核对备案回执上的编号。",
        );
        return Err(invalid(form.problems()));
    }
    let key = call.word_key(0);
    let now = call.now();
    let id = call
        .batch
        .campaign_insert(organisation, &new, key, now)
        .await?;
    let id = call.print(id);
    call.audit(Action::CampaignEdit, id.clone(), "draft");
    Ok(Outcome::Record { id })
}

/// Reads a plan and holds its days against the qualification, so that both are told at once. Without any right to
/// raise there is nothing to be filled in better, so that is said first.
fn read_plan(form: &CampaignForm, register: &Register, today: Day) -> Flow<NewCampaign> {
    match NewCampaign::read(form) {
        // Whoever enters a campaign of the past raises nothing; it can only be published as ended.
        Ok(new) if new.ends_on < today => Ok(new),
        Ok(new) => {
            decide_right(register, today, new.ends_on).map_err(refused)?;
            Ok(new)
        }
        Err(mut problems) => {
            let ends_on = Day::parse(form.ends_on.trim()).unwrap_or(today);
            match decide_right(register, today, ends_on.max(today)) {
                Ok(()) => {}
                Err(right) => match right.field() {
                    Some(field) if problems.iter().all(|p| p.field != field) => {
                        problems.push(Problem::new(field, right.code(), right.sentence()));
                    }
                    Some(_) => {}
                    None => return Err(refused(right)),
                },
            }
            Err(invalid(problems))
        }
    }
}

pub(crate) async fn publish(call: &mut Call<'_>, campaign: &str) -> Flow<Outcome> {
    let (mut campaign, id) = load(call, campaign).await?;
    call.permit(Action::CampaignDecide, &Object::of(campaign.organisation))?;
    let today = call.now().day();
    decide_publication(&campaign, today).map_err(refused)?;
    let register = call.batch.register(campaign.organisation).await?;
    decide_right(&register, today, campaign.ends_on).map_err(refused)?;
    open_funds(call, &mut campaign).await?;
    campaign.state = CampaignState::Live;
    let now = call.now();
    booked(call.batch.campaign_state(&campaign, now).await?)?;
    let due = campaign.ends_on.plus_days(1).start();
    call.batch
        .job(END_JOB, id.clone(), JobTimes { now, run_at: due });
    call.audit(Action::CampaignDecide, id.clone(), "publish");
    Ok(Outcome::Record { id })
}

/// The funds of the campaign's purpose and of its administrative share.
async fn open_funds(call: &mut Call<'_>, campaign: &mut Campaign) -> Flow<()> {
    let (owner, now) = (campaign.organisation, call.now());
    let title = project_title(&campaign.title).to_string();
    let project = NewFund::money(owner, FundKind::Project, title, Restriction::Purpose)
        .for_campaign(campaign.id)
        .with_purpose(campaign.title.clone());
    campaign.project_fund = Some(booked(call.batch.fund_open(&project, now).await?)?);
    if campaign.administrative_share.get() > 0 {
        let title = administrative_title(&campaign.title).to_string();
        let share = NewFund::money(owner, FundKind::Administrative, title, Restriction::None)
            .for_campaign(campaign.id)
            .with_purpose(ADMINISTRATIVE_PURPOSE);
        campaign.administrative_fund = Some(booked(call.batch.fund_open(&share, now).await?)?);
    }
    Ok(())
}

/// A campaign of the past, entered so that its lists can be posted: stated once, as ended.
pub(crate) async fn publish_historic(call: &mut Call<'_>, campaign: &str) -> Flow<Outcome> {
    let (mut campaign, id) = load(call, campaign).await?;
    call.permit(Action::CampaignDecide, &Object::of(campaign.organisation))?;
    decide_historic(&campaign, call.now().day()).map_err(refused)?;
    open_funds(call, &mut campaign).await?;
    campaign.state = CampaignState::Ended;
    let now = call.now();
    booked(call.batch.campaign_state(&campaign, now).await?)?;
    call.audit(Action::CampaignDecide, id.clone(), "historic");
    Ok(Outcome::Record { id })
}

pub(crate) async fn end(call: &mut Call<'_>, campaign: &str) -> Flow<Outcome> {
    let (mut campaign, id) = load(call, campaign).await?;
    call.permit(Action::CampaignDecide, &Object::of(campaign.organisation))?;
    decide_end(&campaign).map_err(refused)?;
    campaign.state = CampaignState::Ended;
    let now = call.now();
    booked(call.batch.campaign_state(&campaign, now).await?)?;
    call.audit(Action::CampaignDecide, id.clone(), "end");
    Ok(Outcome::Record { id })
}

/// The job of the day after the last one: ends the campaign unless a person did.
pub(crate) async fn end_due(call: &mut Call<'_>, campaign: &str) -> Flow<()> {
    let (known, _) = load(call, campaign).await?;
    if known.state == CampaignState::Live {
        end(call, campaign).await?;
    }
    Ok(())
}

pub(crate) async fn load(call: &mut Call<'_>, text: &str) -> Flow<(Campaign, String)> {
    let id = call.id::<ids::Campaign>(text, "这个活动")?;
    let campaign = call.batch.campaign(id).await?.ok_or(missing("这个活动"))?;
    Ok((campaign, call.print(id)))
}

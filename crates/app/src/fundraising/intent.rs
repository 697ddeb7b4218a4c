//! Intents: what a donor wants to give; they may be refused, money may not.

use super::campaign::load;
use crate::command::Outcome;
use crate::staircase::{Call, Flow, invalid, refused};
use domain::fundraising::{IntentForm, decide_intent, read_intent};
use domain::identity::{Action, Object};

pub(crate) async fn create(
    call: &mut Call<'_>,
    campaign: &str,
    form: &IntentForm,
) -> Flow<Outcome> {
    call.permit(Action::IntentCreate, &Object::house())?;
    let (campaign, _) = load(call, campaign).await?;
    let (register, today) = (
        call.batch.register(campaign.organisation).await?,
        call.now().day(),
    );
    decide_intent(&campaign, register.right(today), today).map_err(refused)?;
    let now = call.now();
    let new = read_intent(form, now).map_err(invalid)?;
    let of = (campaign.id, campaign.organisation);
    let id = call.batch.intent_insert(of, &new, now).await?;
    let id = call.print(id);
    call.audit(Action::IntentCreate, id.clone(), "");
    Ok(Outcome::Record { id })
}

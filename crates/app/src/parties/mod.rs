//! Parties: organisations entered by hand.

use crate::command::Outcome;
use crate::staircase::{Call, Flow, booked, invalid};
use domain::identity::{Action, Object};
use domain::parties::{OrganisationForm, decide_organisation};
use domain::text::Problem;

pub(crate) async fn organisation_register(
    call: &mut Call<'_>,
    form: &OrganisationForm,
) -> Flow<Outcome> {
    call.permit(Action::OrganisationEdit, &Object::house())?;
    let new = decide_organisation(form).map_err(invalid)?;
    let known = call
        .batch
        .organisation_by_source(&new.source, &new.source_id)
        .await?
        .is_some();
    let coded = match &new.uscc {
        Some(uscc) => call.batch.organisation_has_uscc(uscc.as_str()).await?,
        None => false,
    };
    if known || coded {
        let sentence = "登记簿里已有这个组织，请先搜索再决定是否补充。";
        return Err(invalid(vec![Problem::new("name", "taken", sentence)]));
    }
    let now = call.now();
    let id = booked(call.batch.organisation_insert(&new, now).await?)?;
    let id = call.print(id);
    call.audit(Action::OrganisationEdit, id.clone(), "register");
    Ok(Outcome::Record { id })
}

//! What a decision writes into the register of the organisation, in the transaction of the decision itself.

use super::matter::Loaded;
use crate::command::MatterStep;
use crate::staircase::{Call, Flow, booked, invalid, refused};
use domain::oversight::effects::{Decided, Effect, Paper, effect, entries, office_name};
use domain::oversight::forms::{self, Answers};
use matter::Step;
use store::oversight::MatterRecord;

/// The document of a step that writes into the register; `None` for every other step.
pub(super) fn asked(
    call: &Call<'_>,
    (record, step): (&MatterRecord, &Step),
    sent: &MatterStep,
) -> Flow<Option<(&'static Effect, Paper)>> {
    let Some(effect) = effect(record.procedure.name, step.name) else {
        return Ok(None);
    };
    let today = call.now().day();
    let paper = effect.read(&sent.document, &sent.until, today);
    Ok(Some((effect, paper.map_err(invalid)?)))
}

/// Writes the entries: if the register refuses them, the decision is not taken either.
pub(super) async fn write(
    call: &mut Call<'_>,
    loaded: &Loaded,
    (effect, paper): (&'static Effect, Paper),
) -> Flow<()> {
    let (record, now) = (&loaded.record, call.now());
    let register = call.batch.register(record.organisation).await?;
    let session = call.batch.sql().await?;
    let stored =
        store::oversight::matter_answers_standing(session, record.id, record.round).await?;
    let region = store::parties::region_name(session, record.region.as_str()).await?;
    let region = region.unwrap_or_else(|| record.region.as_str().to_owned());
    let form = forms::form(record.procedure.name);
    let answers = form.map_or_else(Answers::default, |form| Answers::kept(form, stored));
    let decided = Decided {
        effect,
        matter: record.id,
        answers: &answers,
        register: &register,
        paper,
        office: office_name(&record.region, &region),
        today: now.day(),
    };
    for new in entries(&decided).map_err(refused)? {
        booked(
            call.batch
                .register_enter(record.organisation, new, now)
                .await?,
        )?;
    }
    Ok(())
}

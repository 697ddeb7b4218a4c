//! What a decision writes into the register of the organisation, in the transaction of the decision itself.

use super::matter::Loaded;
use super::{Whose, reported_year};
use crate::command::MatterStep;
use crate::staircase::{Call, Flow, booked, invalid, refused};
use domain::oversight::effects::{Decided, Effect, Paper, effect, entries, office_name};
use domain::oversight::forms::{self, Answers, Around};
use leaf::ids;
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
    let whose = Whose {
        organisation: record.organisation,
        today: now.day(),
        year: reported_year(&loaded.matter),
    };
    let around = around(call, whose, &answers).await?;
    let known = call.batch.organisation(record.organisation).await?;
    let decided = Decided {
        effect,
        matter: record.id,
        answers: &answers,
        register: &register,
        paper,
        office: office_name(&record.region, &region),
        organisation: known.map(|known| known.name).unwrap_or_default(),
        around: &around,
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

/// What stands around a form, read inside the transaction.
pub(super) async fn around(call: &mut Call<'_>, whose: Whose, answers: &Answers) -> Flow<Around> {
    let house = call.batch.house.clone();
    let read = |text: &str| house.cipher.read::<ids::Organisation>(text).ok();
    let session = call.batch.sql().await?;
    Ok(super::around(session, whose, answers, read).await?)
}

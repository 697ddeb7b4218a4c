//! The annual report as a matter: the house opens it for the year that is over, and fills in what the ledger knows.

use super::matter::{load_by_id, record_step};
use super::{Whose, calendar, ledger};
use crate::AppError;
use crate::staircase::{Call, Flow, missing, refused};
use domain::oversight::annual::year_days;
use domain::oversight::forms::{self, Answers};
use domain::oversight::matters::MatterRefused;
use domain::parties::OrganisationKind;
use domain::parties::register::{Item, Right};
use kernel::Id;
use leaf::ids;
use matter::{Office, Person, Request};
use store::oversight::MatterRecord;

/// Name of the procedure.
pub(super) const REPORT: &str = "annual_report";

/// Opens the report of the year before this one; its clocks count from the last day of that year.
pub(super) async fn begin(call: &mut Call<'_>, id: Id<ids::Matter>) -> Flow<()> {
    let loaded = load_by_id(call, id).await?;
    let (organisation, now) = (loaded.record.organisation, call.now());
    let today = now.day();
    let year = today.ymd().0.saturating_sub(1);
    let (first, last) = year_days(year).ok_or(missing("这一年"))?;
    let register = call.batch.register(organisation).await?;
    let mut reports = register.counting(Item::Report);
    if reports.any(|entry| entry.new.from == first) {
        return Err(refused(MatterRefused::ReportedAlready(year)));
    }
    let is_qualified = matches!(register.right(today), Right::Valid(_));
    let session = call.batch.sql().await?;
    let known = store::parties::organisation_record(session, organisation).await?;
    let is_foundation = known.is_some_and(|known| known.kind == OrganisationKind::Foundation);
    let facts = [
        ("foundation", is_foundation),
        ("public_fundraising", is_qualified),
    ];
    let facts = facts.iter().filter(|fact| fact.1).map(|fact| fact.0);
    let mut request = Request::new("open", Person::SYSTEM, now);
    request.dated = Some(last);
    request.facts = facts.map(str::to_owned).collect();
    let office = Office {
        posts: &[],
        delegations: &[],
        interested: &[],
    };
    let taken = matter::take(&loaded.matter, &request, &office, calendar());
    let taken = taken.map_err(|why| AppError::internal(std::io::Error::other(why.code())))?;
    let whose = Whose {
        organisation,
        today,
        year: Some(year),
    };
    keep_ledger(call, &loaded.record, whose).await?;
    record_step(call, loaded, taken).await.map(drop)
}

/// The answers with what the ledger knows now.
pub(super) async fn with_ledger(
    call: &mut Call<'_>,
    whose: Whose,
    answers: Answers,
) -> Flow<Answers> {
    let known = ledger(call.batch.sql().await?, whose).await?;
    let with = |answers: Answers, (name, value)| answers.with(name, value);
    Ok(known.into_iter().fold(answers, with))
}

/// Keeps what the ledger knows now in the draft, so that what is handed in says what the books say at that moment.
pub(super) async fn keep_ledger(
    call: &mut Call<'_>,
    record: &MatterRecord,
    whose: Whose,
) -> Flow<()> {
    let known = ledger(call.batch.sql().await?, whose).await?;
    if known.is_empty() {
        return Ok(());
    }
    // A round that has any answer hides the rounds before it, so all of them are kept again.
    let session = call.batch.sql().await?;
    let stored =
        store::oversight::matter_answers_standing(session, record.id, record.round).await?;
    let form = forms::form(REPORT).ok_or(missing("这一年"))?;
    let answers = Answers::kept(form, stored);
    let answers = known
        .into_iter()
        .fold(answers, |answers, (name, fen)| answers.with(name, fen));
    let kept: Vec<(&str, &str)> = answers.iter().collect();
    call.batch.matter_answered(record, &kept).await?;
    Ok(())
}

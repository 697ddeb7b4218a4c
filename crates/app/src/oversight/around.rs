//! What the house knows beside the register when a form is judged: what is left, and whom its answers name.

use crate::AppError;
use crate::query::of_organisation_between;
use db::Session;
use domain::oversight::annual::year_days;
use domain::oversight::forms::{Answers, Around, LEDGER, SUCCESSORS_MAX, SuccessorSaid};
use domain::parties::register::{Item, Standing};
use kernel::{Day, Fen, Id};
use leaf::ids;
use matter::Matter;

/// Whose form, and when.
#[derive(Clone, Copy)]
pub(crate) struct Whose {
    pub(crate) organisation: Id<ids::Organisation>,
    pub(crate) today: Day,
    /// The year that is reported, where the matter is the report of one.
    pub(crate) year: Option<i32>,
}

/// The year that a matter reports: of the day on which the house opened it.
pub(crate) fn reported_year(matter: &Matter) -> Option<i32> {
    let mut opened = matter.history().iter().filter(|taken| taken.step == "open");
    let day = opened.find_map(|taken| taken.dated)?;
    (matter.procedure().name == "annual_report").then_some(day.ymd().0)
}

/// 〔账本所知〕 What the ledger says of a year, by the names of the form; empty for other forms.
pub(crate) async fn ledger(
    session: &mut Session,
    whose: Whose,
) -> Result<Vec<(&'static str, String)>, AppError> {
    let Some(days) = whose.year.and_then(year_days) else {
        return Ok(Vec::new());
    };
    let sums = of_organisation_between(session, whose.organisation, days).await?;
    let said = [sums.raised, sums.delivered, sums.purchased, sums.cost];
    let said = LEDGER.into_iter().zip(said);
    Ok(said
        .map(|(name, fen)| (name, Fen::new(fen).to_string()))
        .collect())
}

/// Reads what stands around; `read` turns a printed id into a key.
pub(crate) async fn around(
    session: &mut Session,
    whose: Whose,
    answers: &Answers,
    read: impl Fn(&str) -> Option<Id<ids::Organisation>>,
) -> db::Result<Around> {
    let record = store::parties::organisation_record(session, whose.organisation).await?;
    let (left, goods) = store::funds::left_of_organisation(session, whose.organisation).await?;
    let mut successors = Vec::new();
    let lines = answers.get("successors").lines().map(str::trim);
    let lines = lines.filter(|line| !line.is_empty());
    for line in lines.take(SUCCESSORS_MAX.saturating_add(1)) {
        successors.push(said(session, whose, (line, read(line))).await?);
    }
    Ok(Around {
        kind: record.map(|record| record.kind),
        left,
        goods,
        year: whose.year,
        successors,
    })
}

/// Who a line means: by printed id or by unified code, never the organisation itself.
async fn said(
    session: &mut Session,
    whose: Whose,
    (line, id): (&str, Option<Id<ids::Organisation>>),
) -> db::Result<SuccessorSaid> {
    let found = match id {
        Some(id) => store::parties::organisation_record(session, id).await?,
        None => store::parties::organisation_by_uscc(session, line).await?,
    };
    let found = found.filter(|found| found.id != whose.organisation);
    let may_act = match &found {
        None => false,
        Some(found) => {
            let register = store::parties::register_of(session, found.id).await?;
            let acts = |item| register.standing(item, whose.today);
            // A register that says nothing of it is no reason: what another register keeps is not known here.
            acts(Item::Legal).is_none_or(|standing| standing == Standing::InForce)
                && acts(Item::Charity).is_none_or(|standing| standing != Standing::CharityEnded)
        }
    };
    Ok(SuccessorSaid {
        typed: line.to_owned(),
        id: found.as_ref().map(|found| found.id),
        name: found.map(|found| found.name).unwrap_or_default(),
        may_act,
    })
}

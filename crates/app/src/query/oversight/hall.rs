//! The service hall: what can be asked for, how, and how long it really takes.

use super::clock::{guide_clock, phase};
use crate::answer::Answer;
use crate::oversight::calendar;
use crate::query::found;
use crate::view::{GuidePage, HallLine, HallPage, Measured, RouteState, RouteStep};
use crate::{App, AppError};
use db::Session;
use domain::oversight::forms;
use domain::oversight::procedures::{PROCEDURES, is_of_office, procedure, roles};
use matter::{Duration, Listed, Nature, Procedure, STAY, State, durations};

/// Matters of a procedure that are measured: the newest so many.
const MEASURED_MAX: i64 = 5_000;

impl App {
    /// The catalogue.
    ///
    /// # Errors
    /// The engine's refusal.
    pub fn hall_page(&self) -> Answer<'_, HallPage> {
        Box::pin(async move {
            let mut read = self.db().read_tx().await?;
            let mut lines = Vec::with_capacity(PROCEDURES.len());
            for table in PROCEDURES.into_iter().filter(|table| !is_of_office(table)) {
                let took = took(&mut read, table).await?;
                lines.push(hall_line(table, &took));
            }
            Ok(HallPage { lines })
        })
    }

    /// How a procedure is asked for.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn guide_page<'a>(&'a self, name: &'a str) -> Answer<'a, GuidePage> {
        Box::pin(async move {
            let table = procedure(name).filter(|table| !is_of_office(table));
            let table = found(table, "这个事项")?;
            let form = forms::form(name);
            let mut read = self.db().read_tx().await?;
            let took = took(&mut read, table).await?;
            let of_step = |duration: &Duration| {
                let step = table.step(duration.step?)?;
                Some((step.title, measured(duration)))
            };
            Ok(GuidePage {
                line: hall_line(table, &took),
                rules: table.rules,
                applicants: form.map_or("", |form| form.applicants),
                conditions: form.map_or(&[], |form| form.conditions),
                fields: form.map_or(&[], |form| form.fields),
                slots: form.map_or(&[], |form| form.slots),
                route: route(table),
                clocks: table.clocks.iter().map(guide_clock).collect(),
                steps_took: took.iter().filter_map(of_step).collect(),
            })
        })
    }
}

async fn took(read: &mut Session, table: &'static Procedure) -> Result<Vec<Duration>, AppError> {
    let ended = store::oversight::matters_ended(read, table.name, MEASURED_MAX).await?;
    let folded = store::oversight::matters_folded(read, &ended).await?;
    let listed: Vec<Listed<'_>> = folded
        .iter()
        .enumerate()
        .map(|(n, matter)| Listed {
            id: i64::try_from(n).unwrap_or(i64::MAX),
            matter,
        })
        .collect();
    durations(&listed, calendar()).map_err(AppError::internal)
}

fn measured(duration: &Duration) -> Measured {
    Measured {
        count: duration.count,
        median: duration.median,
        ninetieth: duration.ninetieth,
        unknown: duration.unknown,
    }
}

fn hall_line(table: &'static Procedure, took: &[Duration]) -> HallLine {
    let form = forms::form(table.name);
    let whole = took.iter().find(|duration| duration.step.is_none());
    let statutory = table.clocks.iter();
    let statutory = statutory.filter(|clock| clock.nature != Nature::Waiting);
    HallLine {
        name: table.name,
        title: table.title,
        about: form.map_or("", |form| form.about),
        online: form.is_some(),
        statutory: statutory.map(guide_clock).collect(),
        measured: whole.filter(|whole| whole.count > 0).map(measured),
    }
}

/// The states in the order of the table, each with the steps that leave it.
fn route(table: &'static Procedure) -> Vec<RouteState> {
    let state = |state: &'static State| {
        let steps = table.steps.iter();
        let steps = steps.filter(|step| step.from.contains(&state.name));
        RouteState {
            title: state.title,
            phase: phase(state.phase),
            steps: steps
                .map(|step| RouteStep {
                    title: step.title,
                    who: match step.is_of_system() {
                        true => vec!["本系统"],
                        false => step.roles.iter().map(|r| roles::title_of(r)).collect(),
                    },
                    leads_to: (step.to != STAY)
                        .then(|| table.state(step.to).map(|to| to.title))
                        .flatten(),
                })
                .collect(),
        }
    };
    table.states.iter().map(state).collect()
}

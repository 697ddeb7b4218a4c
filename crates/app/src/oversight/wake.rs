//! What the house does by itself in a matter when a clock has run out.

use super::calendar;
use super::matter::{Loaded, ask_to_wake, load_by_id, record_step};
use crate::AppError;
use crate::staircase::{Call, Flow};
use domain::identity::Action;
use kernel::{Day, Id, WorkCalendar};
use leaf::ids;
use matter::{Dated, Due, Matter, Office, Person, Request, Step, Window, system_steps};

/// Kind of the job.
pub(crate) const WAKE_JOB: &str = "matter_wake";
/// Steps that the house takes in one matter at once: no table has so many in a row.
const STEPS_AT_ONCE: usize = 8;

/// The last day of the clock behind which a step opens.
fn last_due(matter: &Matter, step: &Step, calendar: &WorkCalendar) -> Option<Due> {
    let Window::After(clock) = step.window else {
        return None;
    };
    let runs = matter.runs().iter().rev();
    let mut runs = runs.filter(|run| run.clock.name == clock);
    runs.next().map(|run| run.due(calendar))
}

/// The first day, tomorrow at the earliest, on which the house has to look at a matter again. Where holidays are not
/// known it looks every day, because nobody knows when they will be.
pub(super) fn next_wake(matter: &Matter, today: Day, calendar: &WorkCalendar) -> Option<Day> {
    let state = matter.state();
    if state.is_final {
        return None;
    }
    let steps = matter.procedure().steps.iter();
    let days = steps
        .filter(|step| step.is_of_system() && step.from.contains(&state.name))
        .filter_map(|step| match last_due(matter, step, calendar)? {
            Due::On(day) => Some(day.plus_days(1)),
            Due::Unknown { not_before, .. } => Some(not_before.plus_days(1)),
            Due::Stopped { .. } => None,
        });
    days.min().map(|day| day.max(today.plus_days(1)))
}

/// Takes every step that the house takes now; a job that comes too early finds none and asks for another hour.
pub(crate) async fn wake(call: &mut Call<'_>, matter: &str) -> Flow<()> {
    let id: Id<ids::Matter> = call.id(matter, "这件事项")?;
    let office = Office {
        posts: &[],
        delegations: &[],
        interested: &[],
    };
    for _ in 0..STEPS_AT_ONCE {
        let loaded = load_by_id(call, id).await?;
        let now = call.now();
        let Some(step) = system_steps(&loaded.matter, now, calendar())
            .first()
            .copied()
        else {
            ask_to_wake(call, id, &loaded.matter);
            return Ok(());
        };
        let mut request = Request::new(step.name, Person::SYSTEM, now);
        if step.dated == Dated::Stated {
            // What happens because a time has run out happened when it ran out.
            let due = last_due(&loaded.matter, step, calendar()).and_then(Due::day);
            request.dated = due;
        }
        let taken = matter::take(&loaded.matter, &request, &office, calendar());
        let taken = taken.map_err(|refused| {
            let why = std::io::Error::other(refused.code());
            AppError::internal(why)
        })?;
        let Loaded { record, .. } = &loaded;
        let printed = call.print(record.id);
        record_step(call, loaded, taken).await?;
        call.audit(Action::MatterHandle, printed, step.name);
    }
    Ok(())
}

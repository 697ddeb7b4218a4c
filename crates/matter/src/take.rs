//! Taking a step: the one decision of this floor, and what could be decided now.

use crate::acts::Acts;
use crate::count::Due;
use crate::limits::{GAP_CHARS, GAPS_MAX, HISTORY_MAX, OFFICE_MAX, REASON_CHARS};
use crate::matter::Matter;
use crate::people::{Office, Person, Who};
use crate::procedure::{Dated, Effect, Step, Window};
use crate::refused::StepRefused;
use crate::run;
use crate::taken::{Gap, Request, Taken};
use kernel::{Day, Timestamp, WorkCalendar};
use std::collections::BTreeSet;

/// 〔办理〕 Decides whether a step is taken. Nothing changes; [`Matter::record`] keeps what comes back.
///
/// # Errors
/// The first reason against it, in the order of [`StepRefused`].
pub fn take(
    matter: &Matter,
    request: &Request,
    office: &Office<'_>,
    calendar: &WorkCalendar,
) -> Result<Taken, StepRefused> {
    let step = matter
        .procedure()
        .step(&request.step)
        .ok_or(StepRefused::Unknown)?;
    judge_place(matter, step, request.at)?;
    judge_people(matter.acts(), step, request.who, office, request.at.day())?;
    judge_time(matter, step, request.at.day(), calendar)?;
    let facts = judge_words(matter, step, request)?;
    Ok(Taken {
        step: step.name,
        who: request.who,
        at: request.at,
        dated: request.dated,
        reason: request
            .reason
            .as_deref()
            .map(str::trim)
            .filter(|reason| !reason.is_empty())
            .map(str::to_string),
        gaps: request.gaps.clone(),
        facts,
        longer_by: request.longer_by.filter(|_| step.extends.is_some()),
    })
}

/// Whether the table has the step where the matter stands.
fn judge_place(matter: &Matter, step: &'static Step, at: Timestamp) -> Result<(), StepRefused> {
    let state = matter.state();
    if state.is_final {
        return Err(StepRefused::Ended { state: state.name });
    }
    if matter.history().len() >= HISTORY_MAX {
        return Err(StepRefused::HistoryFull { limit: HISTORY_MAX });
    }
    if let Some(last) = matter.history().last().map(|taken| taken.at)
        && last > at
    {
        return Err(StepRefused::Backwards { last });
    }
    if !step.from.contains(&state.name) {
        return Err(StepRefused::NotNow {
            state: state.name,
            from: step.from,
        });
    }
    match step.when.fact() {
        Some(fact) if !step.when.holds(matter.facts()) => Err(StepRefused::NotHere { fact }),
        _ => Ok(()),
    }
}

/// Whether these people may take the step: the whole of the four eyes, without time and words.
pub(crate) fn judge_people(
    acts: &Acts,
    step: &'static Step,
    who: Who,
    office: &Office<'_>,
    day: Day,
) -> Result<(), StepRefused> {
    let of_system = who == Who::alone(Person::SYSTEM);
    if step.is_of_system() != of_system {
        return Err(StepRefused::System);
    }
    match who.for_whom {
        _ if of_system => {}
        Some(represented) => {
            if represented == who.by || !office.represents(who, step.roles, day) {
                return Err(StepRefused::NotRepresented { represented });
            }
        }
        None => {
            if !office.holds(who.by, step.roles) {
                return Err(StepRefused::Role { roles: step.roles });
            }
        }
    }
    if let Some(person) = who.people().find(|p| office.interested.contains(p)) {
        return Err(StepRefused::Interested { person });
    }
    if let Some((person, earlier)) = acts.conflict(step, who) {
        return Err(StepRefused::SamePerson {
            person,
            step: earlier,
        });
    }
    if let Some(person) = acts.given_by(step, who) {
        return Err(StepRefused::AlreadyGiven { person });
    }
    let lacking = acts.lacking(step);
    if lacking.is_empty() {
        Ok(())
    } else {
        Err(StepRefused::Lacking { lacking })
    }
}

/// Whether it is time, and whether a clock can be made longer.
fn judge_time(
    matter: &Matter,
    step: &'static Step,
    today: Day,
    calendar: &WorkCalendar,
) -> Result<(), StepRefused> {
    let last_due = |clock: &str| {
        let runs = matter.runs().iter().rev();
        let mut runs = runs.filter(|run| run.clock.name == clock);
        runs.next().map(|run| run.due(calendar))
    };
    match step.window {
        Window::Always => {}
        Window::After(clock) => match last_due(clock) {
            Some(Due::On(due)) if today > due => {}
            Some(Due::Unknown { year, .. }) => {
                return Err(StepRefused::ClockUnknown { clock, year });
            }
            due => {
                let due = due.and_then(Due::day);
                return Err(StepRefused::TooEarly { clock, due });
            }
        },
        Window::Within(clock) => match last_due(clock) {
            Some(Due::On(due)) if today > due => {
                return Err(StepRefused::TooLate { clock, due });
            }
            _ => {}
        },
    }
    let Some(clock) = step.extends else {
        return Ok(());
    };
    let run = run::open(matter.runs(), clock).ok_or(StepRefused::NoClock { clock })?;
    if run.extended.is_some() {
        return Err(StepRefused::ExtendedBefore { clock });
    }
    match run.due(calendar) {
        // What is over cannot be healed by making it longer.
        Due::On(due) if today > due => Err(StepRefused::TooLate { clock, due }),
        _ => Ok(()),
    }
}

/// Whether everything was said that has to be; the facts that hold from now on.
fn judge_words(
    matter: &Matter,
    step: &'static Step,
    request: &Request,
) -> Result<Vec<&'static str>, StepRefused> {
    if let Some(clock) = step.extends {
        let extension = matter.procedure().clock(clock).and_then(|c| c.extension);
        let most = extension.map_or(0, |extension| extension.most);
        if !request.longer_by.is_some_and(|by| (1..=most).contains(&by)) {
            return Err(StepRefused::Extension { clock, most });
        }
    }
    let reason = request.reason.as_deref().unwrap_or_default().trim();
    if step.reason_required && reason.is_empty() {
        return Err(StepRefused::ReasonMissing);
    }
    if reason.chars().count() > REASON_CHARS {
        return Err(StepRefused::ReasonTooLong {
            limit: REASON_CHARS,
        });
    }
    judge_gaps(step, &request.gaps)?;
    match (step.dated, request.dated) {
        (Dated::WhenTaken, Some(_)) => return Err(StepRefused::DayMisplaced),
        (Dated::Stated, None) => return Err(StepRefused::DayMissing),
        (Dated::Stated, Some(day)) if day > request.at.day() => {
            let today = request.at.day();
            return Err(StepRefused::DayAhead { today });
        }
        _ => {}
    }
    let mut facts = BTreeSet::new();
    for fact in &request.facts {
        let known = step.states_facts.iter().find(|known| *known == fact);
        let known = known.ok_or_else(|| StepRefused::FactWrong { fact: fact.clone() })?;
        facts.insert(*known);
    }
    Ok(facts.into_iter().collect())
}

fn judge_gaps(step: &Step, gaps: &[Gap]) -> Result<(), StepRefused> {
    let is_return = step.effect == Effect::Return;
    if is_return && gaps.is_empty() {
        return Err(StepRefused::GapsMissing);
    }
    if !is_return && !gaps.is_empty() {
        return Err(StepRefused::GapsMisplaced);
    }
    let good = |text: &str| !text.trim().is_empty() && text.chars().count() <= GAP_CHARS;
    let all = gaps.iter().all(|gap| good(&gap.item) && good(&gap.missing));
    if gaps.len() > GAPS_MAX || !all {
        return Err(StepRefused::GapsWrong {
            most: GAPS_MAX,
            characters: GAP_CHARS,
        });
    }
    Ok(())
}

/// 〔可办步骤〕 A step that begins where the matter stands, and who could take it.
#[derive(Debug, Clone)]
pub struct OpenStep {
    /// The step.
    pub step: &'static Step,
    /// Everybody of the office who could take it now, as himself or as a delegate.
    pub takers: Vec<Who>,
    /// Why the others cannot. Whoever has not the role is left out: it is not his business.
    pub refused: Vec<(Who, StepRefused)>,
}

/// 〔可办步骤〕 What could be taken now and by whom, and why not; pages give an office of one person to show that
/// person's own buttons. What is filled in later (reasons, gaps, days) is not judged.
///
/// # Errors
/// The office has more posts and delegations than the limit.
pub fn open_steps(
    matter: &Matter,
    office: &Office<'_>,
    at: Timestamp,
    calendar: &WorkCalendar,
) -> Result<Vec<OpenStep>, TooMany> {
    if office.posts.len().saturating_add(office.delegations.len()) > OFFICE_MAX {
        return Err(TooMany { limit: OFFICE_MAX });
    }
    let mut people: BTreeSet<Who> = office
        .posts
        .iter()
        .map(|post| Who::alone(post.person))
        .collect();
    people.extend(office.delegations.iter().map(|delegation| Who {
        by: delegation.delegate,
        for_whom: Some(delegation.represented),
    }));
    people.insert(Who::alone(Person::SYSTEM));
    let mut open = Vec::new();
    for step in matter.procedure().steps {
        if judge_place(matter, step, at).is_err() {
            continue;
        }
        let (mut takers, mut refused) = (Vec::new(), Vec::new());
        for who in &people {
            let people = judge_people(matter.acts(), step, *who, office, at.day());
            match people.and_then(|()| judge_time(matter, step, at.day(), calendar)) {
                Ok(()) => takers.push(*who),
                Err(
                    StepRefused::Role { .. }
                    | StepRefused::System
                    | StepRefused::NotRepresented { .. },
                ) => {}
                Err(why) => refused.push((*who, why)),
            }
        }
        open.push(OpenStep {
            step,
            takers,
            refused,
        });
    }
    Ok(open)
}

/// 〔系统步骤〕 The steps that the house takes by itself now, because a clock has run out.
#[must_use]
pub fn system_steps(matter: &Matter, at: Timestamp, calendar: &WorkCalendar) -> Vec<&'static Step> {
    let office = Office {
        posts: &[],
        delegations: &[],
        interested: &[],
    };
    let who = Who::alone(Person::SYSTEM);
    let steps = matter.procedure().steps.iter();
    steps
        .filter(|step| {
            step.is_of_system()
                && matches!(step.window, Window::After(_))
                && judge_place(matter, step, at).is_ok()
                && judge_people(matter.acts(), step, who, &office, at.day()).is_ok()
                && judge_time(matter, step, at.day(), calendar).is_ok()
        })
        .collect()
}

/// 〔超过上限〕 More than one call takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooMany {
    /// The limit.
    pub limit: usize,
}

impl std::fmt::Display for TooMany {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "more than {} at once", self.limit)
    }
}

impl std::error::Error for TooMany {}

#[cfg(test)]
#[path = "take_tests.rs"]
mod tests;

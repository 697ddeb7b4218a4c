//! The recount: whether the people whom a state demands have acted, told from the raw list alone.
//!
//! It shares no code with the fold that decides: it looks at the list from the front again for each question, so
//! that a mistake in one of the two shows.

use crate::people::Who;
use crate::procedure::{Demand, Effect, Procedure, STAY, When};
use crate::taken::Deed;

/// 〔核对〕 The demands of the state in which this list of deeds ends that cannot be met by different people; empty
/// when all is well. The people of all demands together must be different.
#[must_use]
pub fn unmet_demands(procedure: &Procedure, deeds: &[Deed]) -> Vec<&'static Demand> {
    let Some(state) = procedure.state(state_after(procedure, deeds)) else {
        return Vec::new();
    };
    let asked: Vec<&'static Demand> = state
        .demands
        .iter()
        .filter(|demand| holds(procedure, deeds, demand.when))
        .collect();
    let seats: Vec<Vec<Who>> = asked
        .iter()
        .flat_map(|demand| {
            let people = who_counts(procedure, deeds, demand);
            std::iter::repeat_n(people, usize::from(demand.people))
        })
        .collect();
    if seated(&seats, &mut Vec::new()) {
        return Vec::new();
    }
    // Say which ones cannot even be met alone; if each can, it is the people who are not different.
    let alone = |demand: &&Demand| {
        let people = who_counts(procedure, deeds, demand);
        let seats = vec![people; usize::from(demand.people)];
        !seated(&seats, &mut Vec::new())
    };
    let missing: Vec<_> = asked.iter().copied().filter(alone).collect();
    if missing.is_empty() { asked } else { missing }
}

/// The name of the state behind these deeds.
pub(crate) fn state_after(procedure: &Procedure, deeds: &[Deed]) -> &'static str {
    deeds
        .iter()
        .rev()
        .filter_map(|deed| procedure.step(deed.step))
        .map(|step| step.to)
        .find(|to| *to != STAY)
        .unwrap_or(procedure.start)
}

/// Whether a condition holds behind these deeds.
fn holds(procedure: &Procedure, deeds: &[Deed], when: When) -> bool {
    let Some(fact) = when.fact() else {
        return true;
    };
    let said = deeds.iter().rev().find(|deed| {
        let step = procedure.step(deed.step);
        step.is_some_and(|step| step.states_facts.contains(&fact))
    });
    let is_true = said.is_some_and(|deed| deed.facts.contains(&fact));
    is_true == matches!(when, When::Fact(_))
}

/// Who took one of these steps with nothing behind it that undoes it.
fn who_counts(procedure: &Procedure, deeds: &[Deed], demand: &Demand) -> Vec<Who> {
    let mut people = Vec::new();
    for (at, deed) in deeds.iter().enumerate() {
        let undone = deeds.iter().skip(at.saturating_add(1)).any(|later| {
            procedure.step(later.step).is_some_and(|step| {
                matches!(step.effect, Effect::Submit | Effect::Return)
                    || step.resets.contains(&deed.step)
            })
        });
        if demand.steps.contains(&deed.step) && !undone && !people.contains(&deed.who) {
            people.push(deed.who);
        }
    }
    people
}

/// Whether every seat can be given to somebody who shares nobody with the others.
fn seated(seats: &[Vec<Who>], sitting: &mut Vec<Who>) -> bool {
    let Some((seat, rest)) = seats.split_first() else {
        return true;
    };
    for who in seat {
        if sitting
            .iter()
            .all(|other| other.shared_with(*who).is_none())
        {
            sitting.push(*who);
            if seated(rest, sitting) {
                return true;
            }
            sitting.pop();
        }
    }
    false
}

#[cfg(test)]
#[path = "demands_tests.rs"]
mod tests;

//! What a history says about people: where the matter stands, which facts hold, whose approvals count.
//!
//! It knows no time, so that a search can walk it without a calendar.

use crate::people::{Person, Who};
use crate::procedure::{Effect, Procedure, Requirement, STAY, State, Step};
use crate::taken::Deed;

/// A step that was taken, and its people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Act {
    pub(crate) step: &'static str,
    pub(crate) who: Who,
}

/// The fold of a history, as far as people go.
#[derive(Debug, Clone)]
pub(crate) struct Acts {
    pub(crate) state: &'static State,
    /// The facts that hold, sorted.
    pub(crate) facts: Vec<&'static str>,
    /// What counts now, in the order in which it was taken.
    pub(crate) counting: Vec<Act>,
    /// Everything that was ever done, each act once.
    pub(crate) ever: Vec<Act>,
}

impl Acts {
    /// A matter in its first state; `None` for a table that has no such state.
    pub(crate) fn new(procedure: &Procedure) -> Option<Acts> {
        Some(Acts {
            state: procedure.state(procedure.start)?,
            facts: Vec::new(),
            counting: Vec::new(),
            ever: Vec::new(),
        })
    }

    /// Whether the table has this step here, under the facts that hold.
    pub(crate) fn offers(&self, step: &Step) -> bool {
        step.from.contains(&self.state.name) && step.when.holds(&self.facts) && !self.state.is_final
    }

    /// The matter after one more step.
    pub(crate) fn advance(&mut self, procedure: &Procedure, step: &'static Step, deed: &Deed) {
        if matches!(step.effect, Effect::Submit | Effect::Return) {
            self.counting.clear();
        }
        self.counting.retain(|act| !step.resets.contains(&act.step));
        let act = Act {
            step: step.name,
            who: deed.who,
        };
        self.counting.push(act);
        if !self.ever.contains(&act) {
            self.ever.push(act);
        }
        self.facts.retain(|fact| !step.states_facts.contains(fact));
        self.facts.extend(&deed.facts);
        self.facts.sort_unstable();
        self.facts.dedup();
        if step.to != STAY
            && let Some(state) = procedure.state(step.to)
        {
            self.state = state;
        }
    }

    /// How many different people took this step and still count: acts that share nobody.
    pub(crate) fn given(&self, step: &str) -> u8 {
        let mut chosen: Vec<Who> = Vec::new();
        for act in self.counting.iter().filter(|act| act.step == step) {
            if chosen.iter().all(|who| who.shared_with(act.who).is_none()) {
                chosen.push(act.who);
            }
        }
        u8::try_from(chosen.len()).unwrap_or(u8::MAX)
    }

    /// What a step requires and does not have yet.
    pub(crate) fn lacking(&self, step: &Step) -> Vec<Lacking> {
        let mut lacking = Vec::new();
        for Requirement { step, people, when } in step.requires {
            let given = self.given(step);
            if when.holds(&self.facts) && given < *people {
                lacking.push(Lacking {
                    step,
                    people: *people,
                    given,
                });
            }
        }
        lacking
    }

    /// Somebody of these who stood on the other side of the matter before, and the step in which he did.
    pub(crate) fn conflict(&self, step: &Step, who: Who) -> Option<(Person, &'static str)> {
        self.ever
            .iter()
            .filter(|act| step.apart_from.contains(&act.step))
            .find_map(|act| Some((who.shared_with(act.who)?, act.step)))
    }

    /// Somebody of these who gave this approval already.
    pub(crate) fn given_by(&self, step: &Step, who: Who) -> Option<Person> {
        if step.effect != Effect::Approve {
            return None;
        }
        self.counting
            .iter()
            .filter(|act| act.step == step.name)
            .find_map(|act| who.shared_with(act.who))
    }
}

/// 〔尚缺意见〕 An approval that is still asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lacking {
    /// The step that has to be taken first.
    pub step: &'static str,
    /// By how many different people.
    pub people: u8,
    /// How many have.
    pub given: u8,
}

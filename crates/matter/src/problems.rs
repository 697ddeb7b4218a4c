//! What is wrong with a table: every mistake at once, in plain words for whoever writes it.

use crate::clock::{Clock, Length, Nature};
use crate::limits::{CLOCKS_MAX, FACTS_MAX, LENGTH_MAX, STATES_MAX, STEPS_MAX};
use crate::procedure::{Effect, Phase, Procedure, STAY, SYSTEM, State, Step, When, Window};
use std::collections::BTreeSet;
use std::fmt;

/// 〔程序表错误〕 One mistake of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where: `step accept`, `clock decision`, ….
    pub at: String,
    /// What is wrong, and what to do.
    pub what: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.at, self.what)
    }
}

/// Mistakes are gathered here.
struct Book<'a> {
    table: &'a Procedure,
    found: Vec<Problem>,
}

impl Procedure {
    /// 〔校验〕 Every mistake of the table; empty when it is good.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let mut book = Book {
            table: self,
            found: Vec::new(),
        };
        book.sizes();
        book.names();
        for state in self.states {
            book.state(state);
        }
        for step in self.steps {
            book.step(step);
            book.step_people(step);
            book.step_mending(step);
            book.step_clocks(step);
        }
        for clock in self.clocks {
            book.clock(clock);
            book.clock_steps(clock);
        }
        book.found
    }

    /// The states that can follow a state by any number of steps, itself included.
    fn states_behind(&self, start: &str) -> BTreeSet<&'static str> {
        let mut seen: BTreeSet<&'static str> = BTreeSet::new();
        let mut waiting: Vec<&'static str> =
            self.state(start).map(|s| s.name).into_iter().collect();
        while let Some(state) = waiting.pop() {
            if seen.insert(state) {
                let steps = self.steps.iter().filter(|step| step.from.contains(&state));
                waiting.extend(steps.map(|step| step.to).filter(|to| *to != STAY));
            }
        }
        seen
    }

    /// Where a matter may stand right behind a step.
    fn targets(step: &Step) -> Vec<&'static str> {
        if step.to == STAY {
            step.from.to_vec()
        } else {
            vec![step.to]
        }
    }

    /// Whether, from where this step leads, a step can follow that passes the test.
    fn followed_by(&self, step: &Step, test: impl Fn(&Step) -> bool) -> bool {
        Self::targets(step).into_iter().any(|target| {
            let behind = self.states_behind(target);
            let mut steps = self.steps.iter();
            steps.any(|next| next.from.iter().any(|from| behind.contains(from)) && test(next))
        })
    }
}

impl Book<'_> {
    fn say(&mut self, at: impl Into<String>, what: impl Into<String>) {
        self.found.push(Problem {
            at: at.into(),
            what: what.into(),
        });
    }

    fn sizes(&mut self) {
        let sizes = [
            ("states", self.table.states.len(), STATES_MAX),
            ("steps", self.table.steps.len(), STEPS_MAX),
            ("clocks", self.table.clocks.len(), CLOCKS_MAX),
            ("facts", self.table.facts.len(), FACTS_MAX),
        ];
        for (what, count, most) in sizes {
            if count > most {
                self.say(
                    "procedure",
                    format!("it has {count} {what}, the limit is {most}"),
                );
            }
        }
        if self.table.rules.is_empty() {
            self.say("procedure", "it names no rule that it serves");
        }
        if self.table.state(self.table.start).is_none() {
            let what = format!(
                "it starts in {}, which is not among its states",
                self.table.start
            );
            self.say("procedure", what);
        }
    }

    /// Names are there once, and everything has a title.
    fn names(&mut self) {
        let table = self.table;
        let states = table.states.iter().map(|s| ("state", s.name, s.title));
        let steps = table.steps.iter().map(|s| ("step", s.name, s.title));
        let clocks = table.clocks.iter().map(|c| ("clock", c.name, c.title));
        let roles = table.roles.iter().map(|r| ("role", r.name, r.title));
        let facts = table.facts.iter().map(|f| ("fact", f.name, f.title));
        let whole = std::iter::once(("procedure", table.name, table.title));
        let all = whole
            .chain(states)
            .chain(steps)
            .chain(clocks)
            .chain(roles)
            .chain(facts);
        let mut seen = BTreeSet::new();
        for (kind, name, title) in all {
            let at = format!("{kind} {name}");
            if name.is_empty() || title.is_empty() {
                self.say(&at, "it has no name or no title");
            }
            if !seen.insert((kind, name)) {
                self.say(&at, "the name is there twice");
            }
            if kind == "role" && name == SYSTEM {
                self.say(&at, "the house is no role that somebody holds");
            }
        }
    }

    fn state(&mut self, state: &'static State) {
        let table = self.table;
        let at = format!("state {}", state.name);
        if !table.states_behind(table.start).contains(state.name) {
            self.say(&at, "no order of steps leads to it");
        }
        let mut out = table.steps.iter().filter(|s| s.from.contains(&state.name));
        if state.is_final {
            if let Some(step) = out.next() {
                let what = format!("it is final, and the step {} begins there", step.name);
                self.say(&at, what);
            }
        } else {
            let leaves = out.any(|step| step.to != STAY && step.to != state.name);
            if !leaves {
                self.say(&at, "no step leads out of it, and it is not final");
            } else {
                let behind = table.states_behind(state.name);
                let ends = |s: &&str| table.state(s).is_some_and(|s| s.is_final);
                if !behind.iter().any(ends) {
                    self.say(&at, "no order of steps leads from it to a final state");
                }
            }
        }
        for demand in state.demands {
            self.fact(&at, demand.when);
            if demand.people == 0 || demand.steps.is_empty() {
                self.say(&at, "it demands nobody; leave the demand out");
            }
            for step in demand.steps {
                self.step_name(&at, "demands", step);
            }
        }
    }

    fn step(&mut self, step: &'static Step) {
        let table = self.table;
        let at = format!("step {}", step.name);
        for state in step.from.iter().chain([&step.to]) {
            if *state != STAY && table.state(state).is_none() {
                self.say(&at, format!("the state {state} is not there"));
            }
        }
        if step.from.is_empty() {
            self.say(&at, "it begins in no state");
        }
        if step.roles.is_empty() {
            self.say(&at, "nobody may take it");
        }
        if step.is_of_system() && step.roles.len() > 1 {
            self.say(&at, "the house shares a step with nobody; make two steps");
        }
        for role in step.roles {
            if *role != SYSTEM && table.role_title(role).is_none() {
                self.say(&at, format!("the role {role} is not there"));
            }
        }
        self.fact(&at, step.when);
        for fact in step.states_facts {
            self.fact(&at, When::Fact(fact));
        }
    }

    /// What a step says about other steps.
    fn step_people(&mut self, step: &'static Step) {
        let table = self.table;
        let at = format!("step {}", step.name);
        for other in step.apart_from {
            self.step_name(&at, "stands apart from", other);
        }
        for other in step.resets {
            self.step_name(&at, "resets", other);
        }
        for requirement in step.requires {
            self.fact(&at, requirement.when);
            self.step_name(&at, "requires", requirement.step);
            let effect = table.step(requirement.step).map(|s| s.effect);
            if requirement.people == 0 {
                self.say(&at, "it requires nobody; leave the requirement out");
            }
            if requirement.people > 1 && effect.is_some_and(|e| e != Effect::Approve) {
                let what = format!(
                    "it requires several people on {}, which is no approval",
                    requirement.step
                );
                self.say(&at, what);
            }
        }
    }

    /// What was sent back is mended by a submission, so that old approvals never count for new words.
    fn step_mending(&mut self, step: &'static Step) {
        let table = self.table;
        let at = format!("step {}", step.name);
        let mending = |name: &&str| table.state(name).is_some_and(|s| s.phase == Phase::Mending);
        let target = table.state(step.to).filter(|state| !state.is_final);
        let goes_on = target.is_some_and(|state| state.phase != Phase::Mending);
        if step.from.iter().any(mending) && goes_on && step.effect != Effect::Submit {
            self.say(&at, "it brings mended words on, and is no submission");
        }
        if mending(&step.to) && !step.from.iter().all(mending) && step.effect != Effect::Return {
            self.say(&at, "it sends back for mending, and is no return");
        }
        if step.effect == Effect::Return {
            let mends = Procedure::targets(step).iter().all(|target| {
                let mut steps = table.steps.iter();
                steps.any(|s| s.from.contains(target) && s.effect == Effect::Submit)
            });
            if !mends {
                self.say(&at, "where it leads, nobody can submit again");
            }
        }
    }

    fn step_clocks(&mut self, step: &'static Step) {
        let table = self.table;
        let at = format!("step {}", step.name);
        let windowed = match step.window {
            Window::Always => None,
            Window::After(clock) | Window::Within(clock) => Some(clock),
        };
        let named = [
            step.starts,
            step.satisfies,
            step.pauses,
            step.resumes,
            step.cancels,
        ];
        let named = named.into_iter().flatten().copied();
        for clock in named.chain(step.extends).chain(windowed) {
            if table.clock(clock).is_none() {
                self.say(&at, format!("the clock {clock} is not there"));
            }
        }
        if !step.pauses.is_empty() && !step.reason_required {
            self.say(&at, "it pauses a clock and asks for no reason");
        }
        if !step.pauses.is_empty() && !step.published {
            self.say(&at, "it pauses a clock and is not published");
        }
        if step.extends.is_some() && !step.reason_required {
            self.say(&at, "it makes a clock longer and asks for no reason");
        }
        for clock in step.pauses {
            if !table.followed_by(step, |next| next.resumes.contains(clock)) {
                self.say(
                    &at,
                    format!("it pauses {clock}, and no later step resumes it"),
                );
            }
        }
        for clock in step.resumes {
            if !table.steps.iter().any(|s| s.pauses.contains(clock)) {
                self.say(&at, format!("it resumes {clock}, which nothing pauses"));
            }
        }
    }

    fn clock(&mut self, clock: &'static Clock) {
        let at = format!("clock {}", clock.name);
        let units = clock.length.units();
        if units == 0 || units > LENGTH_MAX {
            self.say(&at, format!("its length is not between 1 and {LENGTH_MAX}"));
        }
        if let Length::UntilDate { month, day } = clock.length
            && (!(1..=12).contains(&month) || !(1..=28).contains(&day))
            && kernel::Day::from_ymd(2001, month, day).is_none()
        {
            self.say(&at, "not every year has its date");
        }
        if clock.rule.is_empty() || clock.law.is_empty() || clock.counting.is_empty() {
            self.say(
                &at,
                "it does not say on which rule, law or counting it rests",
            );
        }
        if self.table.role_title(clock.owes).is_none() {
            let what = format!("it is owed by {}, which is no role here", clock.owes);
            self.say(&at, what);
        }
        let days = matches!(clock.length, Length::Days(_) | Length::WorkingDays(_));
        if days && clock.yellow >= units {
            self.say(&at, "it is yellow from the beginning");
        }
        let mut before = None;
        for level in clock.levels {
            if before.is_some_and(|before| level.after <= before) {
                self.say(&at, "its levels do not ascend");
            }
            before = Some(level.after);
        }
        self.fact(&at, clock.when);
    }

    /// What the steps do with a clock.
    fn clock_steps(&mut self, clock: &'static Clock) {
        let table = self.table;
        let at = format!("clock {}", clock.name);
        let name = clock.name;
        let starters: Vec<&Step> = table
            .steps
            .iter()
            .filter(|step| step.starts.contains(&name))
            .collect();
        if starters.is_empty() {
            self.say(&at, "no step starts it");
        }
        let waits = clock.nature == Nature::Waiting;
        let asked = |step: &Step| match step.window {
            Window::Always => false,
            Window::After(asked) | Window::Within(asked) => asked == name,
        };
        if waits && !table.steps.iter().any(asked) {
            self.say(&at, "it is a waiting time, and no step waits for it");
        }
        for step in starters {
            if !waits && !table.followed_by(step, |next| next.satisfies.contains(&name)) {
                let what = format!("behind the step {} nothing can satisfy it", step.name);
                self.say(&at, what);
            }
        }
        let pauses = table.steps.iter().any(|s| s.pauses.contains(&name));
        let extends = table.steps.iter().any(|s| s.extends == Some(name));
        if matches!(clock.length, Length::UntilDate { .. })
            && (pauses || extends || clock.extension.is_some())
        {
            self.say(
                &at,
                "a date of the calendar is neither paused nor made longer",
            );
        }
        match (extends, clock.extension) {
            (true, None) => self.say(&at, "a step makes it longer, and it has no extension"),
            (false, Some(_)) => self.say(&at, "no step makes it longer, and it has an extension"),
            (_, Some(extension)) if !(1..=LENGTH_MAX).contains(&extension.most) => {
                self.say(
                    &at,
                    format!("its extension is not between 1 and {LENGTH_MAX}"),
                );
            }
            _ => {}
        }
    }

    fn step_name(&mut self, at: &str, does: &str, name: &str) {
        if self.table.step(name).is_none() {
            self.say(at, format!("it {does} the step {name}, which is not there"));
        }
    }

    /// The fact of a condition is there, and something states it.
    fn fact(&mut self, at: &str, when: When) {
        let Some(fact) = when.fact() else {
            return;
        };
        if !self.table.facts.iter().any(|known| known.name == fact) {
            self.say(at, format!("the fact {fact} is not there"));
        } else if !self
            .table
            .steps
            .iter()
            .any(|step| step.states_facts.contains(&fact))
        {
            self.say(at, format!("the fact {fact} is never stated"));
        }
    }
}

#[cfg(test)]
#[path = "problems_tests.rs"]
mod tests;

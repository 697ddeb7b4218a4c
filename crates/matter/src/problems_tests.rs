//! A good table has no problems; each mistake is named, and all of them at once.

use super::*;
use crate::clock::Extension;
use crate::examples::PERMIT;
use crate::procedure::{Demand, Phase, Requirement};

#[track_caller]
fn check(table: Procedure, want: &[&str]) {
    let found: Vec<String> = table.problems().iter().map(ToString::to_string).collect();
    assert_eq!(found, want);
}

/// The table with one step changed.
fn step(name: &str, change: impl Fn(&mut Step)) -> Procedure {
    let mut steps = PERMIT.steps.to_vec();
    for step in steps.iter_mut().filter(|step| step.name == name) {
        change(step);
    }
    Procedure {
        steps: Vec::leak(steps),
        ..PERMIT
    }
}

/// The table with one clock changed.
fn clock(name: &str, change: impl Fn(&mut Clock)) -> Procedure {
    let mut clocks = PERMIT.clocks.to_vec();
    for clock in clocks.iter_mut().filter(|clock| clock.name == name) {
        change(clock);
    }
    Procedure {
        clocks: Vec::leak(clocks),
        ..PERMIT
    }
}

#[test]
fn a_good_table_has_none() {
    check(PERMIT, &[]);
}

const HUGE: &[Requirement] = &[Requirement::under("huge", "reveiw", 1)];

#[test]
fn names_that_are_not_there() {
    let wrong = step("grant", |step| {
        step.to = "grnted";
        step.roles = &["boss"];
        step.apart_from = &["sumbit"];
        step.requires = HUGE;
        step.satisfies = &["decsion"];
    });
    check(
        wrong,
        &[
            "state granted: no order of steps leads to it",
            "step grant: the state grnted is not there",
            "step grant: the role boss is not there",
            "step grant: it stands apart from the step sumbit, which is not there",
            "step grant: the fact huge is not there",
            "step grant: it requires the step reveiw, which is not there",
            "step grant: the clock decsion is not there",
            "clock notice: behind the step consent nothing can satisfy it",
        ],
    );
}

#[test]
fn states_that_lead_nowhere() {
    let mut states = PERMIT.states.to_vec();
    states[3].is_final = false;
    states.push(State::new("island", "孤岛", Phase::Closed).last());
    let states = Vec::leak(states);
    check(
        Procedure { states, ..PERMIT },
        &[
            "state granted: no step leads out of it, and it is not final",
            "state island: no order of steps leads to it",
        ],
    );
    check(
        step("withdraw", |step| step.from = &["submitted", "granted"]),
        &["state granted: it is final, and the step withdraw begins there"],
    );
    check(
        step("submit", |step| step.from = &["draft"]),
        &[
            "step return: where it leads, nobody can submit again",
            "clock mending: behind the step return nothing can satisfy it",
        ],
    );
}

#[test]
fn clocks_that_never_end() {
    check(
        step("resume", |step| step.resumes = &[]),
        &["step pause: it pauses decision, and no later step resumes it"],
    );
    check(
        step("pause", |step| step.pauses = &[]),
        &["step resume: it resumes decision, which nothing pauses"],
    );
    check(
        step("extend", |step| step.extends = None),
        &["clock decision: no step makes it longer, and it has an extension"],
    );
    check(
        step("pause", |step| step.reason_required = false),
        &["step pause: it pauses a clock and asks for no reason"],
    );
    check(
        step("pause", |step| step.published = false),
        &["step pause: it pauses a clock and is not published"],
    );
    check(
        step("return", |step| step.starts = &[]),
        &["clock mending: no step starts it"],
    );
}

#[test]
fn a_waiting_time_is_waited_for() {
    let waiting = |clock: &mut Clock| clock.nature = Nature::Waiting;
    check(
        clock("notice", waiting),
        &["clock notice: it is a waiting time, and no step waits for it"],
    );
    check(clock("mending", waiting), &[]);
}

#[test]
fn clocks_that_are_wrong_in_themselves() {
    check(
        clock("mending", |clock| {
            clock.length = Length::Days(0);
            clock.law = "";
            clock.owes = "boss";
        }),
        &[
            "clock mending: its length is not between 1 and 3660",
            "clock mending: it does not say on which rule, law or counting it rests",
            "clock mending: it is owed by boss, which is no role here",
            "clock mending: it is yellow from the beginning",
        ],
    );
    check(
        clock("notice", |clock| {
            clock.length = Length::UntilDate { month: 2, day: 29 };
            clock.extension = Some(Extension {
                most: 1, law: "无"
            });
        }),
        &[
            "clock notice: not every year has its date",
            "clock notice: a date of the calendar is neither paused nor made longer",
            "clock notice: no step makes it longer, and it has an extension",
        ],
    );
    let levels = Vec::leak(vec![PERMIT.clocks[0].levels[0]; 2]);
    check(
        clock("decision", |clock| clock.levels = levels),
        &["clock decision: its levels do not ascend"],
    );
}

#[test]
fn people_who_are_not_asked() {
    check(
        step("review", |step| step.effect = Effect::Plain),
        &[
            "step countersign: it requires several people on review, which is no approval",
            "step grant: it requires several people on review, which is no approval",
        ],
    );
    check(
        step("lapse", |step| step.roles = &[SYSTEM, "clerk"]),
        &["step lapse: the house shares a step with nobody; make two steps"],
    );
    check(
        step("submit", |step| step.states_facts = &["large"]),
        &[
            "step consent: the fact sponsored is never stated",
            "clock consent: the fact sponsored is never stated",
        ],
    );
    let mut states = PERMIT.states.to_vec();
    states[4].demands = Vec::leak(vec![Demand::of(&["refuse"], 0)]);
    let states = Vec::leak(states);
    check(
        Procedure { states, ..PERMIT },
        &["state refused: it demands nobody; leave the demand out"],
    );
}

#[test]
fn mended_words_are_submitted_anew() {
    check(
        step("submit", |step| step.effect = Effect::Plain),
        &[
            "step submit: it brings mended words on, and is no submission",
            "step return: where it leads, nobody can submit again",
        ],
    );
    check(
        step("return", |step| step.effect = Effect::Plain),
        &["step return: it sends back for mending, and is no return"],
    );
}

#[test]
fn a_table_that_says_nothing() {
    let empty = Procedure {
        name: "",
        rules: &[],
        start: "nowhere",
        states: &[],
        steps: &[],
        clocks: &[],
        ..PERMIT
    };
    check(
        empty,
        &[
            "procedure: it names no rule that it serves",
            "procedure: it starts in nowhere, which is not among its states",
            "procedure : it has no name or no title",
        ],
    );
}

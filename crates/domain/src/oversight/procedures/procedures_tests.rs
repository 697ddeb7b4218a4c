//! Every table is sound and safe, and each one runs as the law says.

use super::*;
use matter::{Nature, explore};

#[test]
fn no_table_has_a_problem() {
    for table in PROCEDURES {
        let found: Vec<String> = table.problems().iter().map(ToString::to_string).collect();
        assert_eq!(found, [""; 0], "{}", table.name);
    }
}

#[test]
fn every_table_has_its_own_name() {
    for table in PROCEDURES {
        assert!(std::ptr::eq(procedure(table.name).unwrap(), table));
    }
    assert!(procedure("nothing").is_none());
}

#[test]
fn statutes_are_cited_and_promises_are_not_statutes() {
    for clock in PROCEDURES.iter().flat_map(|table| table.clocks) {
        let cited = clock.rule.split_once('-').is_some_and(|(wing, number)| {
            wing.len() == 2 && number.len() == 2 && number.bytes().all(|b| b.is_ascii_digit())
        });
        let promised = clock.nature == Nature::Promised;
        assert_eq!(cited, !promised, "{}", clock.name);
        assert_eq!(clock.rule == "house", promised, "{}", clock.name);
        assert_eq!(clock.law.contains("本平台承诺"), promised, "{}", clock.name);
    }
}

/// With so many people nothing goes around the approvals, and the search is complete.
#[track_caller]
fn check_safe(table: &'static Procedure, people: u8) {
    let found = explore(table, people, 40_000);
    assert!(found.violations.is_empty(), "{:?}", found.violations);
    assert!(found.complete, "{} {}", table.name, found.situations);
}

#[test]
fn no_order_of_steps_goes_around_the_approvals() {
    check_safe(&REGISTRATION, 4);
    check_safe(&RECOGNITION, 5);
    check_safe(&QUALIFICATION, 3);
    check_safe(&FILING, 3);
    check_safe(&CHANGE, 3);
    check_safe(&ANNUAL_REPORT, 2);
    check_safe(&COMPLAINT, 5);
    check_safe(&OFFICERS, 3);
    check_safe(&TERMINATION, 4);
    check_safe(&DEREGISTRATION, 3);
    check_safe(&SUSPENSION, 4);
    check_safe(&LIFTING, 4);
    check_safe(&REVOCATION, 4);
    check_safe(&ORDERED_STOP, 4);
    check_safe(&STRIKING, 4);
    check_safe(&GRADING, 4);
}

/// So many people reach every state by every step, also where the limit ends the search before it has seen all.
#[track_caller]
fn check_reached(table: &'static Procedure, people: u8) {
    let found = explore(table, people, 30_000);
    assert!(found.violations.is_empty(), "{:?}", found.violations);
    let mut states: Vec<_> = table.states.iter().map(|state| state.name).collect();
    let mut steps: Vec<_> = table.steps.iter().map(|step| step.name).collect();
    states.sort_unstable();
    steps.sort_unstable();
    assert_eq!(found.reached, states, "{}", table.name);
    assert_eq!(found.taken, steps, "{}", table.name);
}

#[test]
fn enough_people_reach_every_state() {
    // An annual report needs five people and more situations; its own test below walks it to its end.
    check_reached(&REGISTRATION, 3);
    check_reached(&RECOGNITION, 4);
    check_reached(&QUALIFICATION, 4);
    check_reached(&FILING, 3);
    check_reached(&CHANGE, 4);
    check_reached(&COMPLAINT, 5);
    check_reached(&OFFICERS, 5);
    check_reached(&TERMINATION, 3);
    check_reached(&DEREGISTRATION, 5);
    check_reached(&SUSPENSION, 3);
    check_reached(&LIFTING, 2);
    check_reached(&REVOCATION, 3);
    check_reached(&ORDERED_STOP, 3);
    check_reached(&STRIKING, 3);
    check_reached(&GRADING, 2);
}

/// A hole that somebody makes in a table is found.
#[track_caller]
fn check_hole(table: &'static Procedure, name: &str, people: u8) {
    let mut steps = table.steps.to_vec();
    for step in steps.iter_mut().filter(|step| step.name == name) {
        step.apart_from = &[];
        step.requires = &[];
    }
    let steps = Vec::leak(steps);
    let holed = Box::leak(Box::new(Procedure { steps, ..*table }));
    let found = explore(holed, people, 12_000);
    assert!(!found.violations.is_empty(), "{} {name}", table.name);
}

#[test]
fn a_hole_in_a_table_is_found() {
    check_hole(&REGISTRATION, "grant", 2);
    check_hole(&RECOGNITION, "submit", 3);
    check_hole(&QUALIFICATION, "refuse", 3);
    check_hole(&FILING, "publish_change", 3);
    check_hole(&ANNUAL_REPORT, "submit", 2);
    check_hole(&COMPLAINT, "investigate", 2);
    check_hole(&OFFICERS, "grant", 3);
    check_hole(&TERMINATION, "resolve", 1);
    check_hole(&DEREGISTRATION, "confirm", 2);
    check_hole(&SUSPENSION, "decide", 1);
    check_hole(&LIFTING, "drop", 1);
    check_hole(&REVOCATION, "decide", 1);
    check_hole(&STRIKING, "decide", 1);
}

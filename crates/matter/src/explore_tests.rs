//! The search finds nothing in a good table and every hole in a bad one; random orders agree with the recount.

use super::*;
use crate::examples::{PERMIT, calendar, noon};
use crate::{Gap, Matter, Request, Requirement, STAY, take};
use proptest::prelude::*;

/// The same table with one step changed.
fn with(name: &str, change: impl Fn(&mut Step)) -> &'static Procedure {
    let mut steps = PERMIT.steps.to_vec();
    for step in steps.iter_mut().filter(|step| step.name == name) {
        change(step);
    }
    let steps = Vec::leak(steps);
    Box::leak(Box::new(Procedure { steps, ..PERMIT }))
}

#[test]
fn no_order_of_steps_goes_around_the_approvals() {
    for people in [1, 2, 3, 4] {
        let found = explore(&PERMIT, people, SITUATIONS_MAX);
        assert!(found.complete, "{people}");
        assert!(found.violations.is_empty(), "{:?}", found.violations);
        // A grant needs four people.
        assert_eq!(found.reached.contains(&"granted"), people == 4);
    }
}

#[test]
fn four_people_reach_every_state() {
    let found = explore(&PERMIT, 4, SITUATIONS_MAX);
    let mut all: Vec<_> = PERMIT.states.iter().map(|state| state.name).collect();
    all.sort_unstable();
    assert_eq!(found.reached, all);
}

/// A hole must be found with these people, and lead to this state.
#[track_caller]
fn check_hole(table: &'static Procedure, people: u8, state: &str) {
    let found = explore(table, people, 60_000);
    let first = found.violations.first().map(|violation| violation.state);
    assert_eq!(first, Some(state), "{} situations", found.situations);
}

/// A grant that forgets the countersignature.
const SLACK: &[Requirement] = &[Requirement::of("review", 2)];

#[test]
fn every_hole_is_found() {
    check_hole(with("grant", |s| s.requires = &[]), 2, "granted");
    check_hole(with("grant", |s| s.apart_from = &["submit"]), 3, "granted");
    check_hole(with("refuse", |s| s.apart_from = &[]), 1, "refused");
    // the one who countersigned grants too
    let apart: &[&str] = &["submit", "review"];
    check_hole(with("grant", |s| s.apart_from = apart), 4, "granted");
    check_hole(with("grant", |s| s.requires = SLACK), 4, "granted");
    // a step that should not lead there
    check_hole(with("withdraw", |s| s.to = "granted"), 1, "granted");
}

#[test]
fn delegates_play_too() {
    let people = [Person(1), Person(2)];
    let (posts, delegations) = everything(&PERMIT, &people);
    let office = Office {
        posts: &posts,
        delegations: &delegations,
        interested: &[],
    };
    let acts = Acts::new(&PERMIT).unwrap();
    let moves = moves(&PERMIT, &acts, &office, &people);
    // two people, alone or for the other one, with four sets of facts
    assert_eq!(moves.len(), 16);
    let delegated = moves.iter().filter(|(_, deed)| deed.who.for_whom.is_some());
    assert_eq!(delegated.count(), 8);
}

#[test]
fn a_limit_is_said() {
    let found = explore(&PERMIT, 3, 10);
    assert!(!found.complete);
    assert_eq!(found.situations, 10);
}

/// One random try: step, actor, represented, facts.
type Try = (usize, usize, Option<usize>, usize);

fn request(tried: &Try, hours: i64) -> Request {
    let (step, by, represented, facts) = tried;
    let step = &PERMIT.steps[step % PERMIT.steps.len()];
    let person = |n: usize| Person(i64::try_from(n).unwrap());
    let at = noon("2026-06-01").plus_micros(hours * 3_600_000_000);
    let mut request = Request::new(step.name, person(*by), at.unwrap()).because("因为");
    request.who.for_whom = represented.map(person);
    if step.is_of_system() {
        request.who = Who::alone(Person::SYSTEM);
    }
    if step.effect == Effect::Return {
        request.gaps.push(Gap {
            item: "章程".into(),
            missing: "缺第三章".into(),
        });
    }
    request.longer_by = step.extends.map(|_| 3);
    if step.dated == crate::Dated::Stated {
        request.dated = Some(request.at.day());
    }
    let sets = subsets(step.states_facts);
    request.facts = sets[facts % sets.len()]
        .iter()
        .map(ToString::to_string)
        .collect();
    request
}

/// Plays tries with these roles for everybody; what was refused is left out.
fn play(tries: &[Try], interested: Person) -> Matter {
    let people: Vec<Person> = (0..5).map(Person).collect();
    let (posts, mut delegations) = everything(&PERMIT, &people);
    for delegation in &mut delegations {
        delegation.last = Day::from_number(i32::MAX);
    }
    let office = Office {
        posts: &posts,
        delegations: &delegations,
        interested: &[interested],
    };
    let calendar = calendar();
    let mut matter = Matter::new(&PERMIT).unwrap();
    for (hours, tried) in (0..).zip(tries) {
        let request = request(tried, hours * 5);
        if let Ok(taken) = take(&matter, &request, &office, &calendar) {
            matter.record(taken).unwrap();
        }
    }
    matter
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn random_orders_agree_with_the_recount(
        tries in prop::collection::vec(
            (0_usize..20, 0_usize..5, prop::option::weighted(0.3, 0_usize..5), 0_usize..4),
            0..120,
        ),
    ) {
        let interested = Person(4);
        let matter = play(&tries, interested);
        let deeds: Vec<Deed> = matter.history().iter().map(|taken| taken.deed()).collect();
        for until in 0..=deeds.len() {
            prop_assert_eq!(unmet_demands(&PERMIT, &deeds[..until]), Vec::<&Demand>::new());
        }
        let people = deeds.iter().flat_map(|deed| deed.who.people());
        prop_assert!(people.into_iter().all(|person| person != interested));
        let state = deeds
            .iter()
            .map(|deed| PERMIT.step(deed.step).unwrap().to)
            .rfind(|to| *to != STAY);
        prop_assert_eq!(matter.state().name, state.unwrap_or("draft"));
        // A stored history comes back as it was.
        let again = Matter::replay(&PERMIT, matter.history().to_vec()).unwrap();
        prop_assert_eq!(again.facts(), matter.facts());
        prop_assert_eq!(format!("{:?}", again.runs()), format!("{:?}", matter.runs()));
    }
}

#[test]
fn random_orders_do_reach_grants() {
    // The property above would be empty if nothing was ever granted; this order is one of its kind.
    let number = |name: &str| PERMIT.steps.iter().position(|s| s.name == name).unwrap();
    let tries = [
        (number("submit"), 0, None, 0),
        (number("review"), 1, Some(0), 0),
        (number("review"), 1, None, 0),
        (number("review"), 2, None, 0),
        (number("grant"), 3, Some(2), 0),
        (number("grant"), 3, None, 0),
    ];
    assert_eq!(play(&tries, Person(4)).state().name, "granted");
}

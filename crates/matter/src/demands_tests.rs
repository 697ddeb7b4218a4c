//! The recount as rows: who counts, who does not, and who is one person.

use super::*;
use crate::Person;
use crate::examples::{ANNA, BAO, CHEN, DENG, ERNI, PERMIT};

/// The first steps of the demands that are not met.
#[track_caller]
fn check(deeds: &[(&'static str, Person, Option<Person>)], want: &[&str]) {
    let deeds: Vec<Deed> = deeds
        .iter()
        .map(|(step, by, for_whom)| Deed {
            step,
            who: Who {
                by: *by,
                for_whom: *for_whom,
            },
            facts: Vec::new(),
        })
        .collect();
    let unmet = unmet_demands(&PERMIT, &deeds);
    let names: Vec<&str> = unmet.iter().map(|demand| demand.steps[0]).collect();
    assert_eq!(names, want);
}

#[test]
fn whoever_counts_is_another_person() {
    let submit = ("submit", ANNA, None);
    let grant = ("grant", ERNI, None);
    let (bao, chen) = (("review", BAO, None), ("review", CHEN, None));
    check(&[submit, bao, chen, grant], &[]);
    check(&[submit, bao, grant], &["review"]);
    check(&[submit, bao, bao, grant], &["review"]);
    check(&[submit, bao, chen], &[]);
    // Bao for Chen, and Chen: one opinion of two people
    check(
        &[submit, ("review", BAO, Some(CHEN)), chen, grant],
        &["review"],
    );
    // each demand could be met alone, but by the same person
    let all = ["submit", "review", "grant"];
    check(&[submit, bao, chen, ("grant", CHEN, None)], &all);
    check(&[submit, bao, chen, ("grant", DENG, Some(BAO))], &all);
}

#[test]
fn what_was_undone_counts_no_more() {
    let submit = ("submit", ANNA, None);
    let grant = ("grant", ERNI, None);
    let (bao, chen) = (("review", BAO, None), ("review", CHEN, None));
    let back = ("send_back", DENG, None);
    check(&[submit, bao, chen, back, grant], &["review"]);
    check(&[submit, bao, back, bao, chen, grant], &[]);
    check(&[submit, bao, chen, submit, grant], &["review"]);
    let returned = ("return", DENG, None);
    check(&[submit, bao, returned, submit, chen, grant], &["review"]);
}

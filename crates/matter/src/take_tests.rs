//! Steps as rows: what is taken, what is refused and why, in the order of precedence.

use super::*;
use crate::examples::{ANNA, BAO, CHEN, DENG, Desk, ERNI, POSTS, day, noon, on};
use crate::{Lacking, Procedure};

/// Tries a request behind others and expects this code.
#[track_caller]
fn check(before: &[Request], request: Request, code: &str) {
    let mut desk = Desk::new().done(before);
    let refused = desk.ask(&request).map_err(|refused| refused.code());
    assert_eq!(refused, if code.is_empty() { Ok(()) } else { Err(code) });
}

fn submitted() -> Request {
    on("2026-06-01", "submit", ANNA)
}

fn reviewed() -> Vec<Request> {
    vec![
        submitted(),
        on("2026-06-02", "review", BAO),
        on("2026-06-02", "review", CHEN),
    ]
}

#[test]
fn the_matter_decides_first() {
    check(&[], on("2026-06-01", "nothing", ANNA), "step_unknown");
    check(&[], on("2026-06-01", "review", BAO), "step_not_now");
    check(
        &[submitted()],
        on("2026-05-31", "review", BAO),
        "step_backwards",
    );
    check(
        &[submitted(), on("2026-06-01", "withdraw", ANNA)],
        on("2026-06-02", "submit", ANNA),
        "step_ended",
    );
    check(
        &[submitted()],
        on("2026-06-01", "countersign", ERNI),
        "step_not_here",
    );
}

#[test]
fn then_the_people() {
    check(&[], on("2026-06-01", "submit", BAO), "step_role");
    check(
        &[],
        on("2026-06-01", "submit", Person::SYSTEM),
        "step_system",
    );
    check(
        &[submitted()],
        on("2026-06-01", "review", ANNA),
        "step_same_person",
    );
    check(
        &[submitted(), on("2026-06-01", "review", BAO)],
        on("2026-06-02", "review", BAO),
        "step_already_given",
    );
    check(
        &reviewed(),
        on("2026-06-02", "grant", CHEN),
        "step_same_person",
    );
    check(&reviewed(), on("2026-06-02", "grant", ERNI), "");
}

#[test]
fn then_those_who_have_to_act_first() {
    let mut desk = Desk::new().done(&reviewed()[..2]);
    let lacking = vec![Lacking {
        step: "review",
        people: 2,
        given: 1,
    }];
    assert_eq!(
        desk.ask(&on("2026-06-02", "grant", ERNI)),
        Err(StepRefused::Lacking { lacking })
    );
}

#[test]
fn a_fact_brings_another_approver() {
    let mut large = reviewed();
    large[0] = submitted().stating(&["large"]);
    check(&large, on("2026-06-02", "grant", ERNI), "step_lacking");
    large.push(on("2026-06-02", "countersign", DENG));
    check(&large, on("2026-06-03", "grant", DENG), "step_same_person");
    check(&large, on("2026-06-03", "grant", ERNI), "");
    check(&[], submitted().stating(&["enormous"]), "step_fact_wrong");
}

#[test]
fn a_delegate_and_the_one_represented_have_both_acted() {
    let for_erni = |on_day| on(on_day, "grant", BAO).acting_for(ERNI);
    let others = [
        submitted(),
        on("2026-06-02", "review", CHEN),
        on("2026-06-02", "review", DENG),
    ];
    check(&others, for_erni("2026-06-05"), "");
    check(&others, for_erni("2026-06-06"), "step_not_represented");
    check(
        &others,
        on("2026-06-05", "grant", BAO).acting_for(DENG),
        "step_not_represented",
    );
    // Anna holds no such post; nobody is his own delegate.
    for (by, represented) in [(BAO, ANNA), (CHEN, CHEN)] {
        let request = on("2026-06-05", "grant", by).acting_for(represented);
        check(&others, request, "step_not_represented");
    }
    let early = [
        on("2026-05-28", "submit", ANNA),
        on("2026-05-28", "review", CHEN),
        on("2026-05-28", "review", DENG),
    ];
    check(&early, for_erni("2026-05-29"), "step_not_represented");
    // Bao reviewed himself; Chen, who is represented, reviewed.
    check(&reviewed(), for_erni("2026-06-05"), "step_same_person");
    check(
        &others,
        on("2026-06-05", "grant", BAO).acting_for(CHEN),
        "step_same_person",
    );
}

#[test]
fn the_interested_neither_act_nor_are_represented() {
    let others = [
        submitted(),
        on("2026-06-02", "review", CHEN),
        on("2026-06-02", "review", DENG),
    ];
    for interested in [BAO, ERNI] {
        let mut desk = Desk::new().done(&others);
        desk.interested.push(interested);
        let request = on("2026-06-03", "grant", BAO).acting_for(ERNI);
        let person = interested;
        assert_eq!(desk.ask(&request), Err(StepRefused::Interested { person }));
    }
}

#[test]
fn a_return_tells_all_gaps_and_approvals_count_no_more() {
    let returned = on("2026-06-03", "return", DENG);
    check(&reviewed(), returned.clone(), "step_gaps_missing");
    check(
        &reviewed(),
        returned.clone().missing("章程", " "),
        "step_gaps_wrong",
    );
    check(
        &[submitted()],
        on("2026-06-02", "review", BAO).missing("章程", "缺第三章"),
        "step_gaps_misplaced",
    );
    let returned = returned
        .missing("章程", "缺第三章")
        .missing("验资报告", "未盖章");
    let mut history = reviewed();
    history.push(returned);
    history.push(on("2026-06-04", "submit", ANNA));
    check(&history, on("2026-06-04", "grant", ERNI), "step_lacking");
    history.push(on("2026-06-04", "review", BAO));
    history.push(on("2026-06-04", "review", CHEN));
    check(&history, on("2026-06-04", "grant", ERNI), "");
}

#[test]
fn whoever_once_reviewed_does_not_grant_later() {
    let mut history = reviewed();
    history.push(on("2026-06-03", "return", DENG).missing("章程", "缺第三章"));
    history.push(on("2026-06-04", "submit", ANNA));
    history.push(on("2026-06-04", "review", BAO));
    history.push(on("2026-06-04", "review", DENG));
    // Chen's review counts no more, and still he has reviewed.
    check(
        &history,
        on("2026-06-04", "grant", CHEN),
        "step_same_person",
    );
}

#[test]
fn sending_back_inside_resets_what_it_names() {
    let mut history = reviewed();
    check(
        &history,
        on("2026-06-03", "send_back", ERNI),
        "step_reason_missing",
    );
    history.push(on("2026-06-03", "send_back", ERNI).because("现场没有去"));
    check(&history, on("2026-06-03", "grant", DENG), "step_lacking");
    check(&history, on("2026-06-03", "review", BAO), "");
}

#[test]
fn the_system_acts_when_a_clock_has_run_out() {
    let returned = [
        submitted(),
        on("2026-06-02", "return", BAO).missing("章程", "缺第三章"),
    ];
    // five days from Tuesday 2 June: Sunday 7 June moves to Monday
    let lapse = |on_day| on(on_day, "lapse", Person::SYSTEM);
    check(&returned, lapse("2026-06-08"), "step_too_early");
    check(&returned, lapse("2026-06-09"), "");
    let desk = Desk::new().done(&returned);
    let names = |on_day: &str| -> Vec<&str> {
        let steps = system_steps(&desk.matter, noon(on_day), &desk.calendar);
        steps.iter().map(|step| step.name).collect()
    };
    assert_eq!(names("2026-06-08"), [""; 0]);
    assert_eq!(names("2026-06-09"), ["lapse"]);
    assert_eq!(names("2027-06-09"), ["lapse"]);
}

#[test]
fn what_is_not_known_lapses_nothing_and_takes_no_right() {
    let returned = [
        on("2026-12-30", "submit", ANNA),
        on("2026-12-30", "return", BAO).missing("章程", "缺第三章"),
    ];
    check(
        &returned,
        on("2027-03-01", "lapse", Person::SYSTEM),
        "step_clock_unknown",
    );
    check(
        &[on("2026-12-30", "submit", ANNA)],
        on("2027-03-01", "withdraw", ANNA),
        "",
    );
    // twenty working days from 1 June end on 30 June
    check(&[submitted()], on("2026-06-30", "withdraw", ANNA), "");
    check(
        &[submitted()],
        on("2026-07-01", "withdraw", ANNA),
        "step_too_late",
    );
}

#[test]
fn a_clock_is_made_longer_once_and_before_it_is_over() {
    let longer = |on_day, by| {
        on(on_day, "extend", ERNI)
            .because("需要实地核查")
            .longer_by(by)
    };
    let history = vec![submitted()];
    check(&history, longer("2026-06-30", 10), "");
    check(&history, longer("2026-06-30", 11), "step_extension");
    check(&history, longer("2026-06-30", 0), "step_extension");
    check(&history, longer("2026-07-01", 10), "step_too_late");
    check(
        &history,
        on("2026-06-03", "extend", ERNI).longer_by(5),
        "step_reason_missing",
    );
    check(
        &[submitted(), longer("2026-06-03", 2)],
        longer("2026-06-04", 2),
        "step_extended_before",
    );
}

#[test]
fn a_clock_that_does_not_run_is_not_made_longer() {
    let mut steps = crate::examples::PERMIT.steps.to_vec();
    steps[0].starts = &[];
    let table = Box::leak(Box::new(Procedure {
        steps: Vec::leak(steps),
        ..crate::examples::PERMIT
    }));
    let mut desk = Desk::new();
    desk.matter = Matter::new(table).unwrap();
    let mut desk = desk.done(&[submitted()]);
    let longer = on("2026-06-02", "extend", ERNI)
        .because("复杂")
        .longer_by(1);
    let clock = "decision";
    assert_eq!(desk.ask(&longer), Err(StepRefused::NoClock { clock }));
}

#[test]
fn days_are_stated_where_they_are_asked() {
    let sponsored = [submitted().stating(&["sponsored"])];
    let consent = on("2026-06-03", "consent", BAO);
    check(&sponsored, consent.clone(), "step_day_missing");
    check(
        &sponsored,
        consent.clone().dated(day("2026-06-04")),
        "step_day_ahead",
    );
    check(&sponsored, consent.dated(day("2026-06-03")), "");
    check(
        &[submitted()],
        on("2026-06-03", "review", BAO).dated(day("2026-06-03")),
        "step_day_misplaced",
    );
}

#[test]
fn long_words_are_refused() {
    let long = "因".repeat(REASON_CHARS + 1);
    check(
        &[submitted()],
        on("2026-06-03", "review", BAO).because(&long),
        "step_reason_too_long",
    );
}

#[test]
fn a_page_shows_what_can_be_done_by_whom_and_why_not() {
    let desk = Desk::new().done(&reviewed());
    let delegations = crate::examples::delegations();
    let office = Office {
        posts: POSTS,
        delegations: &delegations,
        interested: &[],
    };
    let at = noon("2026-06-03");
    let open = open_steps(&desk.matter, &office, at, &desk.calendar).unwrap();
    let grant = open.iter().find(|open| open.step.name == "grant").unwrap();
    assert_eq!(grant.takers, [Who::alone(DENG), Who::alone(ERNI)]);
    let why: Vec<_> = grant
        .refused
        .iter()
        .map(|(who, why)| (who.by, why.code()))
        .collect();
    let same = "step_same_person";
    assert_eq!(why, [(BAO, same), (BAO, same), (CHEN, same)]);
    assert!(open.iter().all(|open| open.step.name != "countersign"));
}

#[test]
fn a_history_has_an_end() {
    let mut desk = Desk::new().done(&[submitted()]);
    let send_back = on("2026-06-01", "send_back", ERNI).because("再看");
    while desk.matter.history().len() < HISTORY_MAX {
        desk.ask(&send_back).unwrap();
    }
    let full = StepRefused::HistoryFull { limit: HISTORY_MAX };
    assert_eq!(desk.ask(&send_back), Err(full));
}

#[test]
fn a_stored_history_that_does_not_fit_is_named() {
    let desk = Desk::new().done(&reviewed());
    let mut history = desk.matter.history().to_vec();
    let table: &'static Procedure = desk.matter.procedure();
    let again = Matter::replay(table, history.clone()).unwrap();
    assert_eq!(again.history(), desk.matter.history());
    history.remove(0);
    let broken = Matter::replay(table, history).unwrap_err();
    assert_eq!((broken.entry, broken.code()), (0, "history.not_here"));
}

//! Each procedure walked through, with its days as the law counts them.

use super::roles::{
    APPLICANT, CLERK, COMPLAINANT, COUNCIL, HANDLER, LEADER, ORGANISATION_CHECKER,
    ORGANISATION_MAKER, SPONSOR, SUPERIOR,
};
use super::*;
use kernel::{Day, Timestamp, WorkCalendar};
use matter::{
    Due, Matter, Office, Outcome, Person, Post, Request, StepRefused, clocks, system_steps, take,
};

const MAKER: Person = Person(1);
const CHECKER: Person = Person(2);
const COUNCILLOR: Person = Person(3);
const SPONSORING: Person = Person(4);
const CLERKING: Person = Person(5);
const LEADING: Person = Person(6);
const ABOVE: Person = Person(7);
const CITIZEN: Person = Person(8);
const FIRST: Person = Person(9);
const SECOND: Person = Person(10);

const POSTS: [(Person, &str); 11] = [
    (MAKER, ORGANISATION_MAKER),
    (CHECKER, ORGANISATION_CHECKER),
    (COUNCILLOR, COUNCIL),
    (SPONSORING, SPONSOR),
    (CLERKING, CLERK),
    (LEADING, LEADER),
    (ABOVE, SUPERIOR),
    (CITIZEN, COMPLAINANT),
    (CITIZEN, APPLICANT),
    (FIRST, HANDLER),
    (SECOND, HANDLER),
];

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn noon(text: &str) -> Timestamp {
    day(text).start().plus_micros(43_200_000_000).unwrap()
}

/// A request at noon of a day, with a reason for those that ask for one.
fn on(on_day: &str, step: &str, by: Person) -> Request {
    Request::new(step, by, noon(on_day)).because("依规办理")
}

struct Walk {
    matter: Matter,
    calendar: WorkCalendar,
}

impl Walk {
    fn of(procedure: &'static Procedure) -> Walk {
        let holidays = include_str!("../../../../../data/holidays.csv");
        Walk {
            matter: Matter::new(procedure).unwrap(),
            calendar: WorkCalendar::parse(holidays).unwrap(),
        }
    }

    fn ask(&mut self, request: Request) -> Result<(), StepRefused> {
        let posts = POSTS.map(|(person, role)| Post { person, role });
        let office = Office {
            posts: &posts,
            delegations: &[],
            interested: &[],
        };
        let taken = take(&self.matter, &request, &office, &self.calendar)?;
        self.matter.record(taken).unwrap();
        Ok(())
    }

    #[track_caller]
    fn then(mut self, request: Request) -> Walk {
        let step = request.step.clone();
        assert_eq!(self.ask(request), Ok(()), "{step}");
        self
    }

    /// Where it stands.
    #[track_caller]
    fn stands(self, state: &str) -> Walk {
        assert_eq!(self.matter.state().name, state);
        self
    }

    /// The newest run of a clock as of a day: last day and outcome.
    #[track_caller]
    fn clock(self, on_day: &str, name: &str, due: &str, outcome: Outcome) -> Walk {
        let found = clocks(&self.matter, day(on_day), &self.calendar);
        let found = found.iter().rfind(|status| status.run.clock.name == name);
        let found = found.unwrap();
        assert_eq!((found.due, found.outcome), (Due::On(day(due)), outcome));
        self
    }

    /// A step that is refused with this code; the matter stays.
    #[track_caller]
    fn refused(mut self, request: Request, code: &str) -> Walk {
        let refused = self.ask(request).map_err(|refused| refused.code());
        assert_eq!(refused, Err(code));
        self
    }

    /// What the house would do on a day.
    #[track_caller]
    fn system(self, on_day: &str, want: &[&str]) -> Walk {
        let steps = system_steps(&self.matter, noon(on_day), &self.calendar);
        let names: Vec<&str> = steps.iter().map(|step| step.name).collect();
        assert_eq!(names, want);
        self
    }
}

/// An application of an organisation that was accepted on 2 March 2026.
fn accepted(procedure: &'static Procedure) -> Walk {
    Walk::of(procedure)
        .then(on("2026-02-26", "prepare", MAKER))
        .then(on("2026-02-27", "submit", CHECKER))
        .then(on("2026-03-02", "accept", CLERKING))
}

#[test]
fn a_recognition_takes_twenty_working_days_and_sixty_more() {
    accepted(&RECOGNITION)
        .clock("2026-03-02", "completeness", "2026-03-05", Outcome::Met)
        .clock("2026-03-02", "decision", "2026-03-30", Outcome::Running)
        .refused(
            on("2026-03-20", "extend", ABOVE).longer_by(60),
            "step_lacking",
        )
        .then(on("2026-03-20", "ask_extension", LEADING))
        .refused(
            on("2026-03-20", "extend", ABOVE).longer_by(61),
            "step_extension",
        )
        .then(on("2026-03-20", "extend", ABOVE).longer_by(60))
        .clock("2026-03-20", "decision", "2026-06-26", Outcome::Running)
        .then(on("2026-04-01", "pause", LEADING))
        .then(on("2026-04-11", "resume", CLERKING))
        // 1 to 10 April hold seven working days: Monday 6 April is a holiday
        .clock("2026-04-11", "decision", "2026-07-07", Outcome::Running)
        .then(on("2026-05-06", "review", CLERKING))
        .then(on("2026-05-07", "grant", LEADING))
        .stands("recognised")
        .clock("2026-12-01", "decision", "2026-07-07", Outcome::Met);
}

#[test]
fn a_qualification_needs_the_council_and_the_sponsor() {
    let prepare = on("2026-03-02", "prepare", MAKER).stating(&["sponsored"]);
    Walk::of(&QUALIFICATION)
        .then(prepare)
        .then(on("2026-03-02", "resolve", COUNCILLOR))
        .refused(on("2026-03-03", "submit", CHECKER), "step_lacking")
        .then(on("2026-03-03", "consent", SPONSORING))
        .then(on("2026-03-03", "submit", CHECKER))
        .then(on("2026-03-04", "accept", CLERKING))
        .refused(on("2026-03-04", "grant", LEADING), "step_lacking")
        .then(on("2026-03-05", "review", CLERKING))
        .then(on("2026-04-02", "refuse", LEADING))
        .stands("refused")
        .clock("2026-04-02", "decision", "2026-04-01", Outcome::MetLate);
}

#[test]
fn gaps_of_a_filing_are_mended_in_five_days_or_the_house_takes_it_back() {
    let returned = on("2026-03-06", "return", CLERKING)
        .missing("募捐成本", "未写明预计金额")
        .missing("承诺书", "未盖章");
    let walk = Walk::of(&FILING)
        .then(on("2026-03-02", "prepare", MAKER))
        .then(on("2026-03-02", "submit", CHECKER))
        .clock("2026-03-02", "publication", "2026-03-12", Outcome::Running)
        .then(returned)
        .clock("2026-03-06", "completion", "2026-03-11", Outcome::Running)
        .system("2026-03-11", &[])
        .system("2026-03-12", &["lapse"]);
    let lapse = Request::new("lapse", Person::SYSTEM, noon("2026-03-12"));
    walk.then(lapse).stands("withdrawn").clock(
        "2026-03-12",
        "completion",
        "2026-03-11",
        Outcome::Missed,
    );
}

#[test]
fn a_filed_plan_is_changed_within_ten_days() {
    let change = |on_day: &str, happened| on(on_day, "change", MAKER).dated(day(happened));
    Walk::of(&FILING)
        .then(on("2026-03-02", "prepare", MAKER).stating(&["major"]))
        .refused(on("2026-03-02", "submit", CHECKER), "step_lacking")
        .then(on("2026-03-03", "resolve", COUNCILLOR))
        .then(on("2026-03-04", "submit", CHECKER))
        .then(on("2026-03-10", "publish", CLERKING))
        .stands("filed")
        .refused(change("2026-04-01", "2026-04-02"), "step_day_ahead")
        .then(change("2026-04-01", "2026-03-30"))
        // ten days from 30 March
        .clock("2026-04-01", "amendment", "2026-04-09", Outcome::Running)
        .then(on("2026-04-02", "prepare_change", MAKER))
        .refused(on("2026-04-02", "submit_change", MAKER), "step_role")
        .then(on("2026-04-03", "submit_change", CHECKER))
        .then(on("2026-04-07", "publish_change", CLERKING))
        .stands("filed")
        .clock("2026-04-07", "amendment", "2026-04-09", Outcome::Met);
}

#[test]
fn an_emergency_is_filed_within_ten_days_of_its_start() {
    let begin = on("2026-07-03", "begin_emergency", CHECKER)
        .dated(day("2026-07-02"))
        .stating(&["emergency"]);
    Walk::of(&FILING)
        .then(begin)
        // 12 July is a Sunday
        .clock("2026-07-03", "late_filing", "2026-07-13", Outcome::Running)
        .then(on("2026-07-13", "prepare", MAKER))
        .then(on("2026-07-14", "submit", CHECKER))
        .clock("2026-07-14", "late_filing", "2026-07-13", Outcome::MetLate);
}

#[test]
fn who_does_not_tell_the_gaps_of_a_registration_has_accepted() {
    let apply = on("2026-03-02", "apply", CITIZEN).stating(&["charity"]);
    let deemed = Request::new("deem_accepted", Person::SYSTEM, noon("2026-03-10"));
    Walk::of(&REGISTRATION)
        .then(apply)
        .system("2026-03-09", &[])
        .system("2026-03-10", &["deem_accepted"])
        .then(deemed.dated(day("2026-03-02")))
        .stands("accepted")
        .clock("2026-03-10", "completeness", "2026-03-09", Outcome::Missed)
        // thirty working days from 2 March, with Qingming between
        .clock("2026-03-10", "decision", "2026-04-14", Outcome::Running)
        .then(on("2026-03-11", "review", CLERKING))
        .then(on("2026-03-12", "grant", LEADING))
        .stands("registered");
}

#[test]
fn others_than_charities_are_registered_within_sixty_days() {
    let walk = Walk::of(&REGISTRATION)
        .then(on("2026-03-02", "apply", CITIZEN))
        .then(on("2026-03-02", "accept", CLERKING))
        .refused(on("2026-03-20", "ask_extension", LEADING), "step_not_here");
    let names: Vec<&str> = walk
        .matter
        .runs()
        .iter()
        .map(|run| run.clock.name)
        .collect();
    assert_eq!(names, ["completeness", "decision_other"]);
}

#[test]
fn a_change_is_applied_for_within_thirty_days_of_the_consent() {
    let prepare = on("2026-03-02", "prepare", MAKER);
    Walk::of(&CHANGE)
        .then(prepare.stating(&["sponsored", "legal_representative"]))
        .then(on("2026-03-10", "consent", SPONSORING).dated(day("2026-03-05")))
        .clock("2026-03-10", "application", "2026-04-07", Outcome::Running)
        .refused(on("2026-03-11", "submit", CHECKER), "step_lacking")
        .then(on("2026-03-11", "attach_audit", MAKER))
        .then(on("2026-03-11", "submit", CHECKER))
        .clock("2026-03-11", "application", "2026-04-07", Outcome::Met)
        .then(on("2026-03-12", "accept", CLERKING))
        .then(on("2026-03-13", "review", CLERKING))
        .then(on("2026-03-16", "grant", LEADING))
        .stands("changed");
}

/// The report of 2025, opened by the house.
fn report(facts: &[&str]) -> Walk {
    let open = Request::new("open", Person::SYSTEM, noon("2026-01-01"));
    Walk::of(&ANNUAL_REPORT)
        .then(open.dated(day("2025-12-31")).stating(facts))
        .then(on("2026-03-02", "prepare", MAKER))
        .then(on("2026-03-03", "resolve", COUNCILLOR))
}

#[test]
fn a_foundation_reports_by_the_end_of_march() {
    report(&["foundation", "public_fundraising"])
        .clock("2026-03-03", "to_authority", "2026-03-31", Outcome::Running)
        .refused(on("2026-03-04", "submit", CHECKER), "step_lacking")
        .then(on("2026-03-04", "attach_audit", MAKER))
        .then(on("2026-04-01", "submit", CHECKER))
        .clock("2026-04-01", "to_authority", "2026-03-31", Outcome::MetLate)
        .then(on("2026-04-20", "publish", CHECKER))
        .clock("2026-04-20", "publication", "2026-06-01", Outcome::Met)
        .then(on("2026-05-20", "review", CLERKING))
        .then(on("2026-05-21", "conclude", LEADING))
        .stands("concluded");
}

#[test]
fn others_report_to_their_sponsor_first() {
    report(&["sponsored"])
        .refused(on("2026-03-20", "submit", CHECKER), "step_lacking")
        .refused(on("2026-03-20", "consent", SPONSORING), "step_lacking")
        .then(on("2026-03-20", "present", CHECKER))
        .clock("2026-03-20", "to_sponsor", "2026-03-31", Outcome::Met)
        .then(on("2026-04-20", "consent", SPONSORING))
        // 31 May 2026 is a Sunday
        .clock(
            "2026-06-01",
            "to_authority_later",
            "2026-06-01",
            Outcome::Running,
        )
        .clock("2026-06-02", "publication", "2026-06-01", Outcome::Overdue)
        .then(on("2026-06-01", "submit", CHECKER))
        .clock(
            "2026-06-01",
            "to_authority_later",
            "2026-06-01",
            Outcome::Met,
        )
        .stands("submitted");
}

/// A complaint that was concluded and answered on 10 April 2026.
fn answered() -> Walk {
    Walk::of(&COMPLAINT)
        .then(Request::new("register", Person::SYSTEM, noon("2026-03-02")))
        .clock("2026-03-02", "notice", "2026-03-17", Outcome::Running)
        .clock("2026-03-02", "acceptance", "2026-03-11", Outcome::Running)
        .then(on("2026-03-04", "accept", CLERKING))
        .then(on("2026-03-05", "take_up", FIRST))
        .refused(on("2026-03-05", "investigate", FIRST), "step_lacking")
        .refused(on("2026-03-05", "take_up", FIRST), "step_already_given")
        .then(on("2026-03-05", "take_up", SECOND))
        .then(on("2026-03-05", "investigate", FIRST))
        // sixty days from 4 March are 3 May, inside the holidays of May
        .clock("2026-03-05", "conclusion", "2026-05-06", Outcome::Running)
        .then(on("2026-04-08", "find", FIRST))
        .then(on("2026-04-08", "find", SECOND))
        .then(on("2026-04-09", "conclude", LEADING))
        .then(on("2026-04-10", "reply", CLERKING))
}

#[test]
fn a_complaint_can_be_reviewed_twice() {
    let again = |on_day| on(on_day, "answer_second_review", ABOVE);
    answered()
        .then(on("2026-05-11", "ask_review", CITIZEN))
        .then(on("2026-06-01", "answer_review", ABOVE))
        .then(on("2026-06-10", "ask_second_review", CITIZEN))
        // who answered the review does not answer the second one
        .refused(again("2026-06-20"), "step_same_person")
        .clock(
            "2026-06-20",
            "second_review",
            "2026-07-10",
            Outcome::Running,
        );
}

#[test]
fn a_complaint_is_closed_when_nobody_asks_in_time() {
    answered()
        .system("2026-05-11", &[])
        // thirty days from 10 April end on Sunday 10 May
        .refused(on("2026-05-12", "ask_review", CITIZEN), "step_too_late")
        .system("2026-05-12", &["close"])
        .then(Request::new("close", Person::SYSTEM, noon("2026-05-12")))
        .stands("closed")
        .clock("2026-05-12", "ask_review", "2026-05-11", Outcome::Elapsed);
}

#[test]
fn a_termination_calls_a_group_within_thirty_days() {
    Walk::of(&TERMINATION)
        .then(on("2026-02-27", "prepare", MAKER))
        .refused(on("2026-02-28", "form_group", CHECKER), "step_not_now")
        .then(on("2026-03-02", "resolve", COUNCILLOR).dated(day("2026-02-28")))
        .stands("terminating")
        .clock("2026-03-02", "group", "2026-03-30", Outcome::Running)
        .refused(on("2026-03-03", "drop", COUNCILLOR), "step_not_now")
        .then(on("2026-03-16", "form_group", CHECKER))
        .clock("2026-03-16", "group", "2026-03-30", Outcome::Met)
        .stands("liquidating");
}

#[test]
fn a_deregistration_is_applied_for_in_fifteen_days() {
    Walk::of(&DEREGISTRATION)
        .then(on("2026-05-07", "report", MAKER))
        .refused(on("2026-05-08", "confirm", MAKER), "step_role")
        .then(on("2026-05-11", "confirm", COUNCILLOR).dated(day("2026-05-10")))
        .clock(
            "2026-05-11",
            "deregistration",
            "2026-05-25",
            Outcome::Running,
        )
        .then(on("2026-05-12", "apply", CHECKER))
        .then(on("2026-05-13", "accept", CLERKING))
        .then(on("2026-05-14", "review", CLERKING))
        .then(on("2026-05-15", "deregister", LEADING))
        .stands("deregistered");
}

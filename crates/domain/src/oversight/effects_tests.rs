//! No order of decisions leaves somebody collecting whose qualification was revoked, and each refusal is told.

use super::*;
use crate::fundraising::{Campaign, CampaignState, decide_intent};
use crate::oversight::forms::SuccessorSaid;
use crate::parties::register::{Entry, decide_right};
use crate::refusal::Refused;
use kernel::BasisPoints;
use proptest::prelude::*;

fn day(n: i32) -> Day {
    Day::from_number(20_000 + n)
}

/// A house that records what is decided, one decision an hour, and forgets nothing.
#[derive(Default)]
struct Office {
    entries: Vec<Entry>,
    /// The number of its next document, where it matters.
    document: Option<&'static str>,
    around: Around,
    answers: Vec<(&'static str, String)>,
}

impl Office {
    fn register(&self) -> Register {
        Register::new(self.entries.clone())
    }

    fn decides(
        &mut self,
        procedure: &str,
        today: Day,
        until: Option<Day>,
    ) -> Result<(), EffectRefused> {
        let matter = 1_000 + self.entries.len() as i64;
        self.decides_in(matter, procedure, (today, until))
    }

    fn decides_in(
        &mut self,
        matter: i64,
        procedure: &str,
        (today, until): (Day, Option<Day>),
    ) -> Result<(), EffectRefused> {
        let register = self.register();
        let (procedure, step) = procedure.split_once('.').unwrap_or((
            procedure,
            match procedure {
                "qualification" => "grant",
                _ => "decide",
            },
        ));
        let form = crate::oversight::forms::form(procedure).unwrap();
        let typed = self.answers.iter().map(|(name, text)| (*name, text));
        let answers = Answers::read(form, typed).unwrap();
        let new = entries(&Decided {
            effect: effect(procedure, step).unwrap(),
            matter: Id::from_raw(matter),
            answers: &answers,
            register: &register,
            paper: Paper {
                document: self.document.unwrap_or("云民慈〔2026〕3号").into(),
                until,
            },
            office: "云山省民政厅".into(),
            organisation: "云山教育基金会".into(),
            around: &self.around,
            today,
        })?;
        for new in new {
            let id = self.entries.len() as i64 + 1;
            self.entries.push(Entry {
                id: Id::from_raw(id),
                new,
                recorded_at: today.start(),
                leaf_index: id,
            });
        }
        Ok(())
    }
}

fn campaign() -> Campaign {
    Campaign {
        id: Id::from_raw(1),
        organisation: Id::from_raw(9),
        title: String::new(),
        state: CampaignState::Live,
        starts_on: day(0),
        ends_on: day(10_000),
        administrative_share: BasisPoints::ZERO,
        project_fund: None,
        administrative_fund: None,
    }
}

const ORDERS: [&str; 4] = ["qualification", "suspension", "lifting", "revocation"];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn no_order_of_decisions_leaves_a_revoked_organisation_collecting(
        orders in prop::collection::vec((0usize..4, 0i32..400, prop::option::of(0i32..600)), 1..24),
    ) {
        let mut office = Office::default();
        let mut today = 0;
        let mut revoked: Option<i32> = None;
        for (which, later, length) in orders {
            today += later;
            let until = length.map(|length| day(today + length));
            let done = office.decides(ORDERS[which], day(today), until).is_ok();
            if done && ORDERS[which] == "revocation" {
                revoked = Some(today);
            }
            if done && ORDERS[which] == "qualification" {
                // Nobody gets a new one within five years.
                prop_assert!(revoked.is_none_or(|at| day(today) > day(at).plus_months(60)));
                revoked = None;
            }
            if revoked.is_some() {
                let register = office.register();
                for ahead in [0, 1, 30, 1_000] {
                    let then = day(today + ahead);
                    prop_assert!(decide_intent(&campaign(), register.right(then), then).is_err());
                    prop_assert!(decide_right(&register, then, then).is_err());
                }
            }
        }
    }

    #[test]
    fn while_it_is_suspended_nothing_is_given_and_afterwards_it_is(
        length in 1i32..100, lifted in prop::option::of(1i32..100),
    ) {
        let mut office = Office::default();
        office.decides("qualification", day(0), None).unwrap();
        office.decides("suspension", day(10), Some(day(10 + length))).unwrap();
        let lifted = lifted.filter(|at| *at <= length);
        if let Some(at) = lifted {
            office.decides("lifting", day(10 + at), None).unwrap();
        }
        let last = lifted.map_or(10 + length, |at| 10 + at - 1);
        for n in 0..250 {
            let right = office.register().right(day(n));
            prop_assert_eq!(right.freezes(), (10..=last).contains(&n), "{}", n);
        }
    }
}

#[track_caller]
fn check(before: &[(&str, i32)], (procedure, at): (&str, i32), want: Option<EffectRefused>) {
    let mut office = Office::default();
    for (earlier, at) in before {
        office.decides(earlier, day(*at), None).unwrap();
    }
    assert_eq!(office.decides(procedure, day(at), None).err(), want);
}

#[test]
fn decisions_that_would_mean_nothing_are_refused() {
    let granted = ("qualification", 0);
    check(&[], ("suspension", 1), Some(EffectRefused::NotValid));
    check(&[], ("revocation", 1), Some(EffectRefused::NotValid));
    check(
        &[granted],
        ("lifting", 1),
        Some(EffectRefused::NotSuspended),
    );
    check(
        &[granted, ("suspension", 1)],
        ("suspension", 2),
        Some(EffectRefused::NotValid),
    );
    check(
        &[granted, ("suspension", 1)],
        ("qualification", 2),
        Some(EffectRefused::Suspended),
    );
    check(&[granted, ("suspension", 1)], ("revocation", 2), None);
    check(&[granted, ("suspension", 1)], ("lifting", 2), None);
    let revoked = [granted, ("revocation", 1)];
    check(&revoked, ("lifting", 2), Some(EffectRefused::NotSuspended));
    check(&revoked, ("suspension", 2), Some(EffectRefused::NotValid));
    let again = day(1).plus_months(60).plus_days(1);
    let number = again.number() - day(0).number();
    check(
        &revoked,
        ("qualification", number - 1),
        Some(EffectRefused::Barred(again)),
    );
    check(&revoked, ("qualification", number), None);
}

#[test]
fn a_matter_is_decided_once_whatever_its_own_history_says() {
    // As in a house that came back from a mirror: the register knows a decision that the matter does not.
    let mut office = Office::default();
    let days = |n| (day(n), None);
    office.decides_in(7, "qualification", days(0)).unwrap();
    // By the document of the decision that the register has the matter ends, and the register stays as it is.
    let before = office.entries.clone();
    assert_eq!(office.decides_in(7, "qualification", days(1)), Ok(()));
    assert_eq!(office.entries, before);
    office.document = Some("云民慈〔2026〕4号");
    let again = office.decides_in(7, "qualification", days(1));
    assert_eq!(again, Err(EffectRefused::DecidedAlready));
    office.decides_in(8, "suspension", days(2)).unwrap();
    office.document = Some("云民慈〔2026〕5号");
    let thawed = office.decides_in(9, "lifting", days(3));
    assert_eq!(thawed, Ok(()));
    let late = office.decides_in(8, "suspension", days(4));
    assert_eq!(late, Err(EffectRefused::DecidedAlready));
    assert_eq!(office.decides_in(10, "suspension", days(4)), Ok(()));
}

#[test]
fn a_restored_qualification_keeps_its_own_last_day() {
    let mut office = Office::default();
    office
        .decides("qualification", day(0), Some(day(100)))
        .unwrap();
    office
        .decides("suspension", day(10), Some(day(200)))
        .unwrap();
    office.decides("lifting", day(20), None).unwrap();
    assert_eq!(
        office.register().right(day(30)),
        Right::Valid(Some(day(100)))
    );
    office
        .decides("suspension", day(40), Some(day(200)))
        .unwrap();
    // The certificate ended meanwhile: the suspension ends, nothing is valid again, and a new one may be granted.
    let until = office.decides("qualification", day(150), None);
    assert_eq!(until.err(), Some(EffectRefused::Suspended));
    office.decides("lifting", day(150), None).unwrap();
    assert_eq!(office.register().right(day(150)), Right::Expired(day(100)));
    office
        .decides("qualification", day(151), Some(day(300)))
        .unwrap();
    assert_eq!(
        office.register().right(day(250)),
        Right::Valid(Some(day(300)))
    );
}

#[test]
fn what_is_typed_into_a_decision_is_told_at_once() {
    let of = effect("suspension", "decide").unwrap();
    let fields = |document: &str, until: &str| {
        let read = of.read(document, until, day(0));
        let problems = read.err().unwrap_or_default();
        problems.iter().map(|p| p.field).collect::<Vec<_>>()
    };
    assert_eq!(fields("云民慈罚〔2026〕3号", ""), [""; 0]);
    assert_eq!(fields("", "昨天"), ["document", "until"]);
    assert_eq!(
        fields("没有号", &day(-1).to_string()),
        ["document", "until"]
    );
    assert_eq!(fields("经办 13800138000", ""), ["document"]);
    assert!(effect("suspension", "propose").is_none());
}

#[test]
fn offices_are_named_by_their_region() {
    let name = |code, name| office_name(&RegionCode::parse(code).unwrap(), name);
    assert_eq!(name("88", "云山省"), "云山省民政厅");
    assert_eq!(name("8801", "江城市"), "江城市民政局");
    assert_eq!(name("31", "上海市"), "上海市民政局");
}

#[test]
fn every_effect_belongs_to_a_step_of_its_procedure_and_every_refusal_says_what_to_do() {
    for effect in &EFFECTS {
        let table = crate::oversight::procedures::procedure(effect.procedure).unwrap();
        let step = table.step(effect.step).unwrap();
        // What the council resolves takes effect before its matter ends.
        let ends =
            table.state(step.to).unwrap().is_final || ["resolve", "publish"].contains(&step.name);
        assert!(step.published && ends, "{}", effect.procedure);
        assert!(!table.state(step.to).unwrap().demands.is_empty());
    }
    let all = [
        EffectRefused::DecidedAlready,
        EffectRefused::Barred(day(1)),
        EffectRefused::Suspended,
        EffectRefused::NotValid,
        EffectRefused::NotSuspended,
        EffectRefused::Ended(Standing::Struck),
        EffectRefused::NotYet(Standing::Liquidating),
        EffectRefused::FundsLeft(1),
        EffectRefused::GoodsLeft,
        EffectRefused::Heir,
        EffectRefused::Incomplete,
    ];
    for refused in all {
        let text = refused.sentence().to_string();
        assert!(text.contains('请') && text.ends_with('。'), "{text}");
        assert!(refused.law().is_some() && refused.code().starts_with("effect_"));
    }
}

/// What a correction by these answers is, of a register with a valid certificate (leaf 1), its revocation (2) and a
/// seat (3).
fn corrected(answers: &[(&str, &str)]) -> Result<Correction, CorrectionRefused> {
    let mut office = Office::default();
    office.decides("qualification", day(0), None).unwrap();
    office.decides("revocation", day(10), None).unwrap();
    let mut seat = office.entries[0].clone();
    (seat.id, seat.leaf_index) = (Id::from_raw(3), 3);
    (seat.new.item, seat.new.standing) = (Item::Domicile, None);
    seat.new.words = "江城市一号".into();
    office.entries.push(seat);
    let form = crate::oversight::forms::form("correction").unwrap();
    let answers = Answers::read(form, answers.iter().copied()).unwrap();
    correction(&answers, &office.register(), day(20))
}

#[test]
fn a_correction_names_an_entry_and_says_what_is_right() {
    let (from, late) = (day(5).to_string(), day(21).to_string());
    let check = |more: &[(&str, &str)], want: CorrectionRefused| {
        let base = [
            ("entry", "2"),
            ("standing", "fundraising.suspended"),
            ("from", &*from),
        ];
        let all: Vec<(&str, &str)> = base.iter().chain(more).copied().collect();
        assert_eq!(corrected(&all).err(), Some(want));
    };
    check(&[("entry", "")], CorrectionRefused::Incomplete);
    check(&[("entry", "9")], CorrectionRefused::NoEntry);
    check(
        &[("standing", "legal.in_force")],
        CorrectionRefused::Standing(Item::Fundraising),
    );
    check(
        &[("standing", "")],
        CorrectionRefused::Standing(Item::Fundraising),
    );
    check(
        &[("words", "别的")],
        CorrectionRefused::Words(Item::Fundraising),
    );
    check(&[("from", &late)], CorrectionRefused::Days);
    check(&[("until", &day(4).to_string())], CorrectionRefused::Days);
    check(
        &[("standing", "fundraising.revoked"), ("until", &late)],
        CorrectionRefused::Lasting,
    );
    check(
        &[
            ("standing", "fundraising.revoked"),
            ("from", &day(10).to_string()),
        ],
        CorrectionRefused::Same,
    );
    let seat = [("entry", "3"), ("standing", ""), ("from", &*from)];
    check(&seat, CorrectionRefused::Words(Item::Domicile));
    let seat = [("entry", "3"), ("from", &*from), ("words", "江城市二号")];
    let right = corrected(&seat).unwrap();
    assert_eq!(
        (right.item, right.words.as_str()),
        (Item::Domicile, "江城市二号")
    );
    assert_eq!(right.wrong, Id::from_raw(3));
}

#[test]
fn refusals_of_corrections_say_what_to_do() {
    let item = Item::Legal;
    let all = [
        CorrectionRefused::Incomplete,
        CorrectionRefused::NoEntry,
        CorrectionRefused::Corrected,
        CorrectionRefused::Standing(item),
        CorrectionRefused::Words(item),
        CorrectionRefused::Days,
        CorrectionRefused::Lasting,
        CorrectionRefused::Same,
    ];
    for refused in all {
        let text = refused.sentence().to_string();
        assert!(text.contains('请') && text.ends_with('。'), "{text}");
        assert!(refused.code().starts_with("correction_") && refused.field().is_some());
        assert_eq!(
            EffectRefused::Correction(refused).sentence().to_string(),
            text
        );
    }
}

fn code(done: Result<(), EffectRefused>) -> &'static str {
    done.err().map_or("", |refused| refused.code())
}

#[test]
fn an_organisation_ends_step_by_step_and_nothing_new_begins() {
    let mut office = Office::default();
    office.decides("qualification", day(0), None).unwrap();
    let end = |office: &mut Office, step, n| code(office.decides(step, day(n), None));
    assert_eq!(
        end(&mut office, "termination.form_group", 9),
        "effect_not_yet"
    );
    assert_eq!(
        end(&mut office, "deregistration.deregister", 9),
        "effect_not_yet"
    );
    assert_eq!(end(&mut office, "termination.resolve", 10), "");
    // The same minute nothing is raised, though the certificate still runs.
    assert!(office.register().right(day(10)).freezes());
    assert_eq!(end(&mut office, "termination.resolve", 11), "effect_ended");
    assert_eq!(end(&mut office, "qualification", 11), "effect_ended");
    assert_eq!(end(&mut office, "ordered_stop", 11), "effect_ended");
    assert_eq!(end(&mut office, "termination.form_group", 20), "");
    office.around.left = 1;
    assert_eq!(
        end(&mut office, "deregistration.deregister", 80),
        "effect_funds_left"
    );
    (office.around.left, office.around.goods) = (0, 3);
    assert_eq!(
        end(&mut office, "deregistration.deregister", 80),
        "effect_goods_left"
    );
    office.around.goods = 0;
    let heir = |may_act| SuccessorSaid {
        typed: "org".into(),
        id: Some(Id::from_raw(77)),
        name: "江城慈善会".into(),
        may_act,
    };
    office.around.successors = vec![heir(false)];
    assert_eq!(
        end(&mut office, "deregistration.deregister", 80),
        "effect_heir"
    );
    office.around.successors = vec![heir(true), heir(true)];
    assert_eq!(end(&mut office, "deregistration.deregister", 80), "");
    let written: Vec<_> = office.entries.iter().rev().take(4).collect();
    let items: Vec<_> = written.iter().map(|entry| entry.new.item).collect();
    assert_eq!(
        items,
        [
            Item::Successor,
            Item::Successor,
            Item::Fundraising,
            Item::Legal
        ]
    );
    assert_eq!(written[0].new.successor, Some(Id::from_raw(77)));
    let by: Vec<_> = office
        .entries
        .iter()
        .map(|entry| entry.new.office.as_str())
        .collect();
    assert_eq!(
        by[1], "云山教育基金会",
        "what the council resolved is its own decision"
    );
    assert_eq!(by[3], "云山省民政厅");
}

#[test]
fn what_was_struck_from_the_register_is_liquidated_too() {
    let mut office = Office::default();
    office.decides("striking", day(0), None).unwrap();
    assert_eq!(
        code(office.decides("striking", day(1), None)),
        "effect_ended"
    );
    office.decides("termination.resolve", day(2), None).unwrap();
    office
        .decides("termination.form_group", day(3), None)
        .unwrap();
    let legal = office.register().standing(Item::Legal, day(3));
    assert_eq!(legal, Some(Standing::Liquidating));
}

#[test]
fn an_order_to_stop_ends_by_itself() {
    let mut office = Office::default();
    office.decides("qualification", day(0), None).unwrap();
    office
        .decides("ordered_stop", day(5), Some(day(9)))
        .unwrap();
    assert!(office.register().right(day(9)).freezes());
    assert!(!office.register().right(day(10)).freezes());
}

/// The entry that a decision wrote last, with these answers.
fn written(procedure: &'static str, answers: &[(&'static str, &str)], on: &str) -> NewEntry {
    let mut office = Office::default();
    let own = answers
        .iter()
        .map(|(name, text)| (*name, (*text).to_owned()));
    office.answers = own.collect();
    let today = Day::parse(on).unwrap();
    office.decides(procedure, today, None).unwrap();
    office.entries.pop().unwrap().new
}

#[test]
fn a_grade_counts_from_the_next_january_to_the_fifth_december() {
    let answers = [("grade", "4a"), ("announced_on", "2026-03-20")];
    let entry = written("grading", &answers, "2026-03-25");
    assert_eq!(entry.standing, Some(Standing::FourA));
    assert_eq!(entry.from.to_string(), "2027-01-01");
    assert_eq!(
        entry.until.map(|day| day.to_string()).as_deref(),
        Some("2031-12-31")
    );
    let ended = written(
        "grading",
        &[("grade", "ended"), ("announced_on", "2026-03-20")],
        "2026-03-25",
    );
    assert_eq!(
        (ended.from.to_string().as_str(), ended.until),
        ("2026-03-25", None)
    );
    let mut office = Office::default();
    assert_eq!(
        code(office.decides("grading", day(1), None)),
        "effect_incomplete"
    );
}

#[test]
fn an_officer_stands_in_the_register_for_the_term() {
    let answers = [
        ("post", "secretary"),
        ("name", "林知秋"),
        ("term_from", "2026-03-01"),
        ("term_until", "2031-02-28"),
    ];
    let entry = written("officers.grant", &answers, "2026-03-25");
    assert_eq!(
        (entry.item, entry.words.as_str()),
        (Item::Secretary, "林知秋")
    );
    assert_eq!(
        entry.until.map(|day| day.to_string()).as_deref(),
        Some("2031-02-28")
    );
}

#[test]
fn a_report_of_a_year_is_an_entry_and_published_again_corrects_it() {
    let mut office = Office::default();
    let publish = "annual_report.publish";
    assert_eq!(
        code(office.decides(publish, day(1), None)),
        "effect_incomplete"
    );
    office.around.year = Some(2025);
    office.answers = vec![("activities", "助学二百人。".into())];
    office.decides_in(7, publish, (day(2), None)).unwrap();
    office.answers = vec![("activities", "助学二百零一人。".into())];
    office.decides_in(7, publish, (day(3), None)).unwrap();
    let [first, second] = &office.entries[..] else {
        panic!("two entries")
    };
    assert_eq!(first.new.words, "开展的慈善活动：助学二百人。");
    assert_eq!(
        first.new.until.map(|day| day.to_string()).as_deref(),
        Some("2025-12-31")
    );
    assert_eq!(
        (first.new.corrects, second.new.corrects),
        (None, Some(first.id))
    );
}

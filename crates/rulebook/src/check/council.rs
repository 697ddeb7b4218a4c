//! The council of a foundation: its size and term, its meetings and its votes (OR-08).

use crate::book::InForce;
use crate::finding::{Finding, Saying};
use crate::id::{Group, RuleId};
use crate::judge::{Held, Judge};
use crate::limits::FACTS_MAX;
use kernel::Day;
use std::cmp::Ordering;

const COUNCIL: RuleId = RuleId::new(Group::Registration, 8);

const SIZE: Saying = Saying {
    code: "council_size",
    problem: "理事会有 {members} 名理事，应为 {min} 至 {max} 名",
    next: "请调整理事人数",
};
const TERM: Saying = Saying {
    code: "council_term",
    problem: "本届理事会任期到 {until}，超过 {max}",
    next: "请把任期改到 {latest} 以前",
};
const PAID: Saying = Saying {
    code: "council_paid",
    problem: "{members} 名理事中有 {paid} 名领取报酬，不能超过 {max}",
    next: "请减少领取报酬的理事",
};
const FEW_MEETINGS: Saying = Saying {
    code: "council_meetings",
    problem: "{year} 年只开了 {meetings} 次理事会，应不少于 {min} 次",
    next: "请补开理事会，并在年度报告中说明",
};
const MEETINGS_SOON: Saying = Saying {
    code: "council_meetings_soon",
    problem: "{year} 年到现在只开了 {meetings} 次理事会，应不少于 {min} 次",
    next: "请在年底前召开理事会",
};
const QUORUM: Saying = Saying {
    code: "council_quorum",
    problem: "{day} 的会议有 {present} 名理事到会，不足 {members} 名理事的 {share}，会议无效",
    next: "请重新召集会议",
};
const ORDINARY: Saying = Saying {
    code: "council_ordinary_vote",
    problem: "{day} 的决议有 {favour} 票同意，没有超过到会 {present} 名理事的 {share}，没有通过",
    next: "请重新表决",
};
const SPECIAL: Saying = Saying {
    code: "council_special_vote",
    problem: "{day} 的重要事项有 {favour} 票同意，不足到会 {present} 名理事的 {share}，没有通过",
    next: "请重新表决",
};
const SUPERVISOR: Saying = Saying {
    code: "supervisor_conflict",
    problem: "有 {count} 名监事{kind}",
    next: "请更换监事",
};

/// 〔决议种类〕 What kind of resolution it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResolutionKind {
    /// 一般事项
    Ordinary,
    /// 重要事项: charter, election, major fundraising and investment, division and merger.
    Special,
}

/// 〔表决〕 A vote of a meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Vote {
    /// The kind of the resolution.
    pub kind: ResolutionKind,
    /// Votes in favour.
    pub favour: u32,
}

/// 〔理事会会议〕 A meeting of the council.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeetingFacts {
    /// The day.
    pub on: Day,
    /// Members who were there.
    pub present: u32,
    /// What was voted on.
    pub votes: Vec<Vote>,
}

/// 〔监事冲突〕 Why a person may not be a supervisor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SupervisorConflict {
    /// 由理事担任
    Member,
    /// 是理事的近亲属
    Relative,
    /// 是财会人员
    Finance,
}

impl SupervisorConflict {
    const ALL: [SupervisorConflict; 3] = [
        SupervisorConflict::Member,
        SupervisorConflict::Relative,
        SupervisorConflict::Finance,
    ];

    const fn title(self) -> &'static str {
        match self {
            SupervisorConflict::Member => "由理事担任",
            SupervisorConflict::Relative => "是理事的近亲属",
            SupervisorConflict::Finance => "是财会人员",
        }
    }
}

/// 〔理事会情况〕 What is known of a council in one year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CouncilFacts {
    /// Members.
    pub members: u32,
    /// Members who are paid.
    pub paid: u32,
    /// The first day of the term.
    pub term_from: Day,
    /// The last day of the term.
    pub term_to: Day,
    /// The year whose meetings are given.
    pub year: i32,
    /// The meetings of that year.
    pub meetings: Vec<MeetingFacts>,
    /// Supervisors who may not be supervisors.
    pub conflicts: Vec<SupervisorConflict>,
}

/// Is the council made as it must be, and do its meetings and votes count?
#[must_use]
pub fn check_council(law: &InForce<'_>, facts: &CouncilFacts) -> Vec<Finding> {
    let mut judge = Judge::of(law);
    let Some(held) = judge.rule(COUNCIL) else {
        return judge.findings();
    };
    composition(&mut judge, held, facts);
    meetings(&mut judge, held, law.day(), facts);
    for meeting in facts.meetings.iter().take(FACTS_MAX) {
        votes(&mut judge, held, facts.members, meeting);
    }
    for kind in SupervisorConflict::ALL {
        let count = facts.conflicts.iter().filter(|own| **own == kind).count();
        if count > 0 {
            let values = vec![("count", count.into()), ("kind", kind.title().into())];
            judge.say(held, &SUPERVISOR, values);
        }
    }
    judge.findings()
}

fn composition<'a>(judge: &mut Judge<'a>, held: Held<'a>, facts: &CouncilFacts) {
    let bounds = (
        judge.number(held, "members_min"),
        judge.number(held, "members_max"),
    );
    if let (Some(min), Some(max)) = bounds {
        let range = min.quantity.count().zip(max.quantity.count());
        if range.is_some_and(|(min, max)| !(min..=max).contains(&facts.members)) {
            let values = vec![
                ("members", facts.members.into()),
                ("min", min.quantity.into()),
                ("max", max.quantity.into()),
            ];
            judge.say_by(held, max, &SIZE, values);
        }
    }
    if let Some(max) = judge.number(held, "term_max") {
        // A term of five years that begins on 1 June ends on 31 May.
        let latest = max.quantity.after(facts.term_from.plus_days(-1));
        if let Some(latest) = latest.filter(|latest| facts.term_to > *latest) {
            let values = vec![
                ("until", facts.term_to.into()),
                ("max", max.quantity.into()),
                ("latest", latest.into()),
            ];
            judge.say_by(held, max, &TERM, values);
        }
    }
    if let Some(max) = judge.number(held, "paid_max") {
        let part = max
            .quantity
            .compare_part(u64::from(facts.paid), u64::from(facts.members));
        if part == Some(Ordering::Greater) {
            let values = vec![
                ("members", facts.members.into()),
                ("paid", facts.paid.into()),
                ("max", max.quantity.into()),
            ];
            judge.say_by(held, max, &PAID, values);
        }
    }
}

/// Too few meetings break the rule once the year is over; from a day of ours on they are worth a warning.
fn meetings<'a>(judge: &mut Judge<'a>, held: Held<'a>, today: Day, facts: &CouncilFacts) {
    let (Some(min), Some(reminder)) = (
        judge.number(held, "meetings_min"),
        judge.number(held, "meetings_reminder"),
    ) else {
        return;
    };
    let held_meetings = facts.meetings.len();
    let enough = min
        .quantity
        .count()
        .is_none_or(|min| u32::try_from(held_meetings).is_ok_and(|held| held >= min));
    if enough {
        return;
    }
    let year = facts.year.to_string();
    let values = vec![
        ("year", year.as_str().into()),
        ("meetings", held_meetings.into()),
        ("min", min.quantity.into()),
    ];
    if today.ymd().0 > facts.year {
        judge.say_by(held, min, &FEW_MEETINGS, values);
    } else if reminder
        .quantity
        .in_year(facts.year)
        .is_some_and(|day| today >= day)
    {
        judge.say_by(held, reminder, &MEETINGS_SOON, values);
    }
}

fn votes<'a>(judge: &mut Judge<'a>, held: Held<'a>, members: u32, meeting: &MeetingFacts) {
    let present = u64::from(meeting.present);
    let share = |number: &crate::rule::Number, part: u32, whole: u64| {
        number.quantity.compare_part(u64::from(part), whole)
    };
    if let Some(quorum) = judge.number(held, "quorum")
        && share(quorum, meeting.present, u64::from(members)) == Some(Ordering::Less)
    {
        let values = vec![
            ("day", meeting.on.into()),
            ("present", meeting.present.into()),
            ("members", members.into()),
            ("share", quorum.quantity.into()),
        ];
        judge.say_by(held, quorum, &QUORUM, values);
    }
    for vote in meeting.votes.iter().take(FACTS_MAX) {
        let (name, saying) = match vote.kind {
            ResolutionKind::Ordinary => ("ordinary_majority", &ORDINARY),
            ResolutionKind::Special => ("special_majority", &SPECIAL),
        };
        let Some(majority) = judge.number(held, name) else {
            continue;
        };
        let order = share(majority, vote.favour, present);
        // 超过 excludes the half itself, 三分之二以上 includes the two thirds.
        let passed = match vote.kind {
            ResolutionKind::Ordinary => order == Some(Ordering::Greater),
            ResolutionKind::Special => order != Some(Ordering::Less),
        };
        if !passed {
            let values = vec![
                ("day", meeting.on.into()),
                ("favour", vote.favour.into()),
                ("present", meeting.present.into()),
                ("share", majority.quantity.into()),
            ];
            judge.say_by(held, majority, saying, values);
        }
    }
}

#[cfg(test)]
pub(crate) mod pairs {
    use super::*;
    use crate::check::coverage::{Pair, day, law_on};
    use crate::status::Severity;

    fn facts() -> CouncilFacts {
        let meeting = |on: &str| MeetingFacts {
            on: day(on),
            present: 6,
            votes: vec![
                Vote {
                    kind: ResolutionKind::Ordinary,
                    favour: 4,
                },
                Vote {
                    kind: ResolutionKind::Special,
                    favour: 4,
                },
            ],
        };
        CouncilFacts {
            members: 9,
            paid: 3,
            term_from: day("2023-06-01"),
            term_to: day("2028-05-31"),
            year: 2026,
            meetings: vec![meeting("2026-03-10"), meeting("2026-09-10")],
            conflicts: Vec::new(),
        }
    }

    fn check(on: &str, change: impl Fn(&mut CouncilFacts)) -> Vec<Finding> {
        let mut facts = facts();
        change(&mut facts);
        check_council(&law_on(on), &facts)
    }

    pub(crate) fn pairs() -> Vec<Pair> {
        let one = |change: fn(&mut CouncilFacts), code: &'static str| {
            Pair::of(
                "OR-08",
                check("2026-12-15", |_| {}),
                check("2026-12-15", change),
                &[code],
            )
        };
        let lonely: fn(&mut CouncilFacts) = |f| {
            f.meetings.pop();
        };
        let many: fn(&mut CouncilFacts) = |f| {
            f.members = 26;
            for meeting in &mut f.meetings {
                meeting.present = 20;
                meeting.votes.clear();
            }
        };
        vec![
            one(many, "council_size"),
            one(|f| (f.members, f.paid) = (4, 1), "council_size"),
            one(|f| f.term_to = day("2028-06-01"), "council_term"),
            one(|f| f.paid = 4, "council_paid"),
            one(lonely, "council_meetings_soon"),
            Pair::of(
                "OR-08",
                check("2026-11-30", lonely),
                check("2027-01-01", lonely),
                &["council_meetings"],
            ),
            one(
                |f| (f.meetings[0].present, f.meetings[0].votes[1].favour) = (5, 4),
                "council_quorum",
            ),
            one(
                |f| f.meetings[0].votes[0].favour = 3,
                "council_ordinary_vote",
            ),
            one(
                |f| f.meetings[0].votes[1].favour = 3,
                "council_special_vote",
            ),
            one(
                |f| f.conflicts = vec![SupervisorConflict::Relative],
                "supervisor_conflict",
            ),
        ]
    }

    #[test]
    fn our_own_reminder_only_warns() {
        let found = check("2026-12-15", |f| f.meetings.clear());
        assert_eq!(found[0].severity, Severity::Warn);
        let found = check("2027-01-15", |f| f.meetings.clear());
        assert_eq!(found[0].severity, Severity::Gate);
    }
}

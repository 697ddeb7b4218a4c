//! Idleness, termination, liquidation and the end of a charity (OR-13).

use crate::book::InForce;
use crate::finding::{Finding, Saying};
use crate::id::{Group, RuleId};
use crate::judge::{Clock, Held, Judge};
use kernel::{Day, WorkCalendar};

const TERMINATION: RuleId = RuleId::new(Group::Registration, 13);

const IDLE: Saying = Saying {
    code: "idle",
    problem: "自 {since} 起连续 {span} 没有开展慈善活动，应当终止",
    next: "请核实情况，启动终止和清算",
};
const IDLE_SOON: Saying = Saying {
    code: "idle_soon",
    problem: "自 {since} 起已超过 {span} 没有开展慈善活动，到 {limit} 满期限应当终止",
    next: "请尽快开展活动或者准备终止",
};
const GROUP_LATE: Saying = Saying {
    code: "liquidation_group_late",
    problem: "应在 {due} 前成立清算组并公告，成立日：{done}",
    next: "请立即成立清算组",
};
const DEREGISTER_LATE: Saying = Saying {
    code: "deregistration_late",
    problem: "清算结束后应在 {due} 前申请注销登记，申请日：{done}",
    next: "请立即申请注销登记",
};
const WRONG_HEIR: Saying = Saying {
    code: "remaining_property",
    problem: "剩余财产没有转给宗旨相同或者相近的慈善组织",
    next: "请改转给符合条件的慈善组织并公告",
};

/// 〔剩余财产去向〕 Who takes what is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heir {
    /// 宗旨相同或者相近的慈善组织
    SimilarCharity,
    /// 其他
    Other,
}

/// 〔终止情况〕 How far the end of an organisation has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TerminationFacts {
    /// The day of the last charitable activity or payment.
    pub last_activity: Day,
    /// The day on which a ground for termination arose.
    pub ground: Option<Day>,
    /// The day on which the liquidation group was formed.
    pub group_formed: Option<Day>,
    /// The day on which the liquidation ended.
    pub liquidated: Option<Day>,
    /// The day on which deregistration was applied for.
    pub deregistration: Option<Day>,
    /// Who took what was left.
    pub heir: Option<Heir>,
}

/// Is the organisation idle, and does its end go its way in time?
#[must_use]
pub fn check_termination(
    law: &InForce<'_>,
    calendar: &WorkCalendar,
    facts: &TerminationFacts,
) -> Vec<Finding> {
    let mut judge = Judge::of(law);
    let Some(held) = judge.rule(TERMINATION) else {
        return judge.findings();
    };
    match facts.ground {
        None => idle(&mut judge, held, law.day(), facts.last_activity),
        Some(since) => {
            let done = facts.group_formed;
            let clock = Clock {
                since,
                done,
                calendar,
            };
            judge.clock(held, "liquidation_group", &clock, &GROUP_LATE);
        }
    }
    if let Some(since) = facts.liquidated {
        let done = facts.deregistration;
        let clock = Clock {
            since,
            done,
            calendar,
        };
        judge.clock(held, "deregister", &clock, &DEREGISTER_LATE);
    }
    if facts.heir == Some(Heir::Other) {
        judge.say(held, &WRONG_HEIR, Vec::new());
    }
    judge.findings()
}

fn idle<'a>(judge: &mut Judge<'a>, held: Held<'a>, today: Day, last: Day) {
    let (Some(limit), Some(warning)) = (
        judge.number(held, "idle"),
        judge.number(held, "idle_warning"),
    ) else {
        return;
    };
    let (Some(over), Some(soon)) = (limit.quantity.after(last), warning.quantity.after(last))
    else {
        return;
    };
    if today >= over {
        let values = vec![("since", last.into()), ("span", limit.quantity.into())];
        judge.say_by(held, limit, &IDLE, values);
    } else if today >= soon {
        let values = vec![
            ("since", last.into()),
            ("span", warning.quantity.into()),
            ("limit", over.into()),
        ];
        judge.say_by(held, warning, &IDLE_SOON, values);
    }
}

#[cfg(test)]
pub(crate) mod pairs {
    use super::*;
    use crate::check::coverage::{Pair, calendar, day, law_on};

    fn check(on: &str, change: impl Fn(&mut TerminationFacts)) -> Vec<Finding> {
        let mut facts = TerminationFacts {
            last_activity: day("2024-10-08"),
            ground: None,
            group_formed: None,
            liquidated: None,
            deregistration: None,
            heir: None,
        };
        change(&mut facts);
        check_termination(&law_on(on), &calendar(), &facts)
    }

    pub(crate) fn pairs() -> Vec<Pair> {
        let ended: fn(&mut TerminationFacts) = |f| f.ground = Some(day("2026-03-02"));
        let liquidated: fn(&mut TerminationFacts) = |f| {
            f.ground = Some(day("2026-03-02"));
            f.group_formed = Some(day("2026-03-10"));
            f.liquidated = Some(day("2026-06-01"));
        };
        let left = |heir| {
            move |f: &mut TerminationFacts| {
                liquidated(f);
                f.deregistration = Some(day("2026-06-10"));
                f.heir = Some(heir);
            }
        };
        vec![
            Pair::of(
                "OR-13",
                check("2026-04-07", |_| {}),
                check("2026-04-08", |_| {}),
                &["idle_soon"],
            ),
            Pair::of(
                "OR-13",
                check("2026-04-07", |_| {}),
                check("2026-10-08", |_| {}),
                &["idle"],
            ),
            Pair::of(
                "OR-13",
                check("2026-04-01", ended),
                check("2026-04-02", ended),
                &["liquidation_group_late"],
            ),
            Pair::of(
                "OR-13",
                check("2026-06-16", liquidated),
                check("2026-06-17", liquidated),
                &["deregistration_late"],
            ),
            Pair::of(
                "OR-13",
                check("2026-07-01", left(Heir::SimilarCharity)),
                check("2026-07-01", left(Heir::Other)),
                &["remaining_property"],
            ),
        ]
    }
}

//! What has to be published within a time after something happened (DI-03, DI-09, DI-11, DI-13).

use crate::book::InForce;
use crate::finding::{Finding, Saying};
use crate::id::{Group, RuleId};
use crate::judge::{Clock, Judge};
use kernel::{Day, WorkCalendar};

const BASIC_DATA: RuleId = RuleId::new(Group::Disclosure, 3);
const EVENTS: RuleId = RuleId::new(Group::Disclosure, 9);
const PARTNERS: RuleId = RuleId::new(Group::Disclosure, 11);
const TRUSTS: RuleId = RuleId::new(Group::Disclosure, 13);

const BASIC_LATE: Saying = Saying {
    code: "basic_data_late",
    problem: "变化的基本信息应在 {due} 前公开，公开日：{done}",
    next: "请尽快公开并说明逾期原因",
};
const EVENT_LATE: Saying = Saying {
    code: "event_late",
    problem: "重大变动或者关联交易应在 {due} 前公开，公开日：{done}",
    next: "请尽快公开并说明逾期原因",
};
const PARTNER_LATE: Saying = Saying {
    code: "partner_evaluation_late",
    problem: "对合作方的评估、指导和监督情况应在 {due} 前公开，公开日：{done}",
    next: "请尽快公开并说明逾期原因",
};
const SETTLOR_LATE: Saying = Saying {
    code: "trust_settlor_late",
    problem: "设立慈善信托的情况应在 {due} 前公开，公开日：{done}",
    next: "请尽快公开信托名称、受托人和金额",
};
const SETTLOR_GAP: Saying = Saying {
    code: "trust_item_missing",
    problem: "公开的信托情况没有写明{item}",
    next: "请补充公开",
};
const TRUSTEE_FEW: Saying = Saying {
    code: "trustee_reports",
    problem: "{year} 年公开了 {count} 次信托事务和财务状况，应不少于 {min} 次",
    next: "请补充公开",
};

/// 〔及时公开〕 When something happened and when it was published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimelyFacts {
    /// The day on which the clock starts.
    pub since: Day,
    /// The day of publication.
    pub published: Option<Day>,
}

/// 〔重大事项种类〕 What has to be published when it happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventKind {
    /// 重大资产变动、重大投资、重大交易和资金往来: true if above the threshold of charter or rules.
    Major {
        /// True if it reaches the threshold.
        above_threshold: bool,
    },
    /// 关联交易: any of the six kinds, however small.
    Related,
}

/// 〔信托角色〕 The part that a charity has in a charitable trust.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrustRole {
    /// 受托人, with the reports that it published in a year.
    Trustee {
        /// The year.
        year: i32,
        /// How many it published.
        reports: u32,
    },
    /// 委托人
    Settlor {
        /// The clock.
        clock: TimelyFacts,
        /// True if the name of the trust was published.
        name: bool,
        /// True if the trustee was published.
        trustee: bool,
        /// True if the amount was published.
        amount: bool,
    },
}

/// Was changed basic data published in time?
#[must_use]
pub fn check_basic_data(
    law: &InForce<'_>,
    calendar: &WorkCalendar,
    facts: &TimelyFacts,
) -> Vec<Finding> {
    let duty = (BASIC_DATA, "publish", &BASIC_LATE);
    timely(law, calendar, facts, duty)
}

/// Was a major change or a related transaction published in time?
#[must_use]
pub fn check_event(
    law: &InForce<'_>,
    calendar: &WorkCalendar,
    kind: EventKind,
    facts: &TimelyFacts,
) -> Vec<Finding> {
    if matches!(
        kind,
        EventKind::Major {
            above_threshold: false
        }
    ) {
        return Vec::new();
    }
    timely(law, calendar, facts, (EVENTS, "publish", &EVENT_LATE))
}

/// Were the evaluation and the supervision of partners published in time after the campaign?
#[must_use]
pub fn check_partner(
    law: &InForce<'_>,
    calendar: &WorkCalendar,
    facts: &TimelyFacts,
) -> Vec<Finding> {
    let duty = (PARTNERS, "publish", &PARTNER_LATE);
    timely(law, calendar, facts, duty)
}

/// Did a charity publish what it owes as trustee or as settlor?
#[must_use]
pub fn check_trust(law: &InForce<'_>, calendar: &WorkCalendar, role: &TrustRole) -> Vec<Finding> {
    match *role {
        TrustRole::Trustee { year, reports } => trustee(law, year, reports),
        TrustRole::Settlor {
            clock,
            name,
            trustee,
            amount,
        } => {
            let duty = (TRUSTS, "settlor_publish", &SETTLOR_LATE);
            let mut found = timely(law, calendar, &clock, duty);
            let mut judge = Judge::of(law);
            if clock.published.is_some()
                && let Some(held) = judge.rule(TRUSTS)
            {
                let items = [(name, "信托名称"), (trustee, "受托人"), (amount, "金额")];
                for (_, item) in items.into_iter().filter(|(there, _)| !there) {
                    judge.say(held, &SETTLOR_GAP, vec![("item", item.into())]);
                }
            }
            found.extend(judge.findings());
            found
        }
    }
}

/// A year with too few reports breaks the rule when it is over.
fn trustee(law: &InForce<'_>, year: i32, reports: u32) -> Vec<Finding> {
    let mut judge = Judge::of(law);
    let last = Day::from_ymd(year, 12, 31).unwrap_or(law.day());
    let Some(held) = judge.rule_when_due(TRUSTS, "reports_min", |_| Some(last)) else {
        return judge.findings();
    };
    if let Some(min) = judge.number(held, "reports_min")
        && min.quantity.count().is_some_and(|min| reports < min)
        && law.day() > last
    {
        let year = year.to_string();
        let values = vec![
            ("year", year.as_str().into()),
            ("count", reports.into()),
            ("min", min.quantity.into()),
        ];
        judge.say_by(held, min, &TRUSTEE_FEW, values);
    }
    judge.findings()
}

fn timely(
    law: &InForce<'_>,
    calendar: &WorkCalendar,
    facts: &TimelyFacts,
    (id, name, saying): (RuleId, &str, &Saying),
) -> Vec<Finding> {
    let mut judge = Judge::of(law);
    let due = |number: crate::quantity::Quantity| number.after(facts.since);
    if let Some(held) = judge.rule_when_due(id, name, due) {
        let clock = Clock {
            since: facts.since,
            done: facts.published,
            calendar,
        };
        judge.clock(held, name, &clock, saying);
    }
    judge.findings()
}

#[cfg(test)]
#[path = "timely_tests.rs"]
pub(crate) mod pairs;

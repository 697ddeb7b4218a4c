//! Changes of what is registered, and of the charter (OR-12).

use crate::book::InForce;
use crate::finding::{Finding, Saying};
use crate::id::{Group, RuleId};
use crate::judge::{Clock, Judge};
use kernel::{Day, WorkCalendar};

const CHANGE: RuleId = RuleId::new(Group::Registration, 12);

const ITEM_LATE: Saying = Saying {
    code: "change_late",
    problem: "应在 {due} 前申请变更登记，申请日：{done}",
    next: "请尽快申请并说明逾期原因",
};
const CHARTER_LATE: Saying = Saying {
    code: "charter_change_late",
    problem: "修改章程应在 {due} 前报请核准，报送日：{done}",
    next: "请尽快报送并说明逾期原因",
};

/// 〔变更种类〕 What changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeKind {
    /// 登记事项
    RegisteredItem,
    /// 章程
    Charter,
}

/// 〔变更情况〕 A change that the supervisory unit consented to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChangeFacts {
    /// What changes.
    pub kind: ChangeKind,
    /// The day of the consent.
    pub consented: Day,
    /// The day of the application.
    pub applied: Option<Day>,
}

/// Was the change applied for in time?
#[must_use]
pub fn check_change(
    law: &InForce<'_>,
    calendar: &WorkCalendar,
    facts: &ChangeFacts,
) -> Vec<Finding> {
    let mut judge = Judge::of(law);
    let clock = Clock {
        since: facts.consented,
        done: facts.applied,
        calendar,
    };
    let (name, saying) = match facts.kind {
        ChangeKind::RegisteredItem => ("apply", &ITEM_LATE),
        ChangeKind::Charter => ("charter", &CHARTER_LATE),
    };
    if let Some(held) = judge.rule(CHANGE) {
        judge.clock(held, name, &clock, saying);
    }
    judge.findings()
}

#[cfg(test)]
pub(crate) mod pairs {
    use super::*;
    use crate::check::coverage::{Pair, calendar, day, law_on};

    fn check(kind: ChangeKind, on: &str, applied: Option<&str>) -> Vec<Finding> {
        let facts = ChangeFacts {
            kind,
            consented: day("2026-03-01"),
            applied: applied.map(day),
        };
        check_change(&law_on(on), &calendar(), &facts)
    }

    pub(crate) fn pairs() -> Vec<Pair> {
        use ChangeKind::{Charter, RegisteredItem};
        vec![
            Pair::of(
                "OR-12",
                check(RegisteredItem, "2026-06-01", Some("2026-03-31")),
                check(RegisteredItem, "2026-06-01", Some("2026-04-01")),
                &["change_late"],
            ),
            Pair::of(
                "OR-12",
                check(RegisteredItem, "2026-03-31", None),
                check(RegisteredItem, "2026-04-01", None),
                &["change_late"],
            ),
            Pair::of(
                "OR-12",
                check(Charter, "2026-03-31", None),
                check(Charter, "2026-04-01", None),
                &["charter_change_late"],
            ),
        ]
    }
}

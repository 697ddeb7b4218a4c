//! Inspections on site (SU-08).

use crate::book::InForce;
use crate::finding::{Finding, Saying};
use crate::id::{Group, RuleId};
use crate::judge::Judge;

const INSPECTION: RuleId = RuleId::new(Group::Supervision, 8);

const FEW: Saying = Saying {
    code: "inspectors_few",
    problem: "检查人员 {count} 名，应不少于 {min} 名",
    next: "请增派检查人员",
};
const NO_PAPERS: Saying = Saying {
    code: "inspectors_without_papers",
    problem: "检查人员没有出示证件",
    next: "请先出示证件",
};
const NO_NOTICE: Saying = Saying {
    code: "inspection_without_notice",
    problem: "没有检查通知书文号",
    next: "请先制发检查通知书",
};
const NO_APPROVAL: Saying = Saying {
    code: "account_query_without_approval",
    problem: "查询账户没有本级人民政府的批准",
    next: "请先报批",
};

/// 〔检查情况〕 An inspection on site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InspectionFacts {
    /// Inspectors.
    pub inspectors: u32,
    /// True if they showed their papers.
    pub papers_shown: bool,
    /// The number of the notice.
    pub notice_number: Option<String>,
    /// True if accounts are queried.
    pub queries_accounts: bool,
    /// True if the government approved that.
    pub query_approved: bool,
}

/// Is the inspection carried out as it must be?
#[must_use]
pub fn check_inspection(law: &InForce<'_>, facts: &InspectionFacts) -> Vec<Finding> {
    let mut judge = Judge::of(law);
    let Some(held) = judge.rule(INSPECTION) else {
        return judge.findings();
    };
    if let Some(min) = judge.number(held, "inspectors_min")
        && min
            .quantity
            .count()
            .is_some_and(|min| facts.inspectors < min)
    {
        let values = vec![
            ("count", facts.inspectors.into()),
            ("min", min.quantity.into()),
        ];
        judge.say_by(held, min, &FEW, values);
    }
    if !facts.papers_shown {
        judge.say(held, &NO_PAPERS, Vec::new());
    }
    let number = facts.notice_number.as_deref();
    if number.is_none_or(|number| number.trim().is_empty()) {
        judge.say(held, &NO_NOTICE, Vec::new());
    }
    if facts.queries_accounts && !facts.query_approved {
        judge.say(held, &NO_APPROVAL, Vec::new());
    }
    judge.findings()
}

#[cfg(test)]
pub(crate) mod pairs {
    use super::*;
    use crate::check::coverage::{Pair, law_on};

    fn check(change: fn(&mut InspectionFacts)) -> Vec<Finding> {
        let mut facts = InspectionFacts {
            inspectors: 2,
            papers_shown: true,
            notice_number: Some("民检〔2026〕1号".to_owned()),
            queries_accounts: false,
            query_approved: false,
        };
        change(&mut facts);
        check_inspection(&law_on("2026-06-01"), &facts)
    }

    pub(crate) fn pairs() -> Vec<Pair> {
        let one =
            |change, code: &'static str| Pair::of("SU-08", check(|_| {}), check(change), &[code]);
        vec![
            one(|f| f.inspectors = 1, "inspectors_few"),
            one(|f| f.papers_shown = false, "inspectors_without_papers"),
            one(|f| f.notice_number = None, "inspection_without_notice"),
            one(
                |f| f.notice_number = Some(" ".to_owned()),
                "inspection_without_notice",
            ),
            Pair::of(
                "SU-08",
                check(|f| (f.queries_accounts, f.query_approved) = (true, true)),
                check(|f| f.queries_accounts = true),
                &["account_query_without_approval"],
            ),
        ]
    }
}

//! What civil affairs departments publish themselves (DI-15).

use crate::book::InForce;
use crate::finding::{Finding, Saying};
use crate::id::{Group, RuleId};
use crate::judge::Judge;
use std::collections::BTreeSet;

const OFFICIAL: RuleId = RuleId::new(Group::Disclosure, 15);

const MISSING: Saying = Saying {
    code: "official_item_missing",
    problem: "民政部门没有公开{item}",
    next: "请补充公开",
};

/// 〔民政公开事项〕 What a department publishes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum OfficialItem {
    /// 慈善组织登记事项
    Registrations,
    /// 慈善信托备案事项
    Trusts,
    /// 有公开募捐资格的慈善组织名单
    Qualified,
    /// 有公益性捐赠税前扣除资格的慈善组织名单
    TaxDeduction,
    /// 促进措施
    Incentives,
    /// 购买服务
    Purchases,
    /// 检查、评估结果
    Inspections,
    /// 表彰、处罚结果
    AwardsAndPenalties,
    /// 信用记录
    CreditRecords,
}

impl OfficialItem {
    /// All of them.
    pub const ALL: [OfficialItem; 9] = [
        OfficialItem::Registrations,
        OfficialItem::Trusts,
        OfficialItem::Qualified,
        OfficialItem::TaxDeduction,
        OfficialItem::Incentives,
        OfficialItem::Purchases,
        OfficialItem::Inspections,
        OfficialItem::AwardsAndPenalties,
        OfficialItem::CreditRecords,
    ];

    /// The Chinese name.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            OfficialItem::Registrations => "慈善组织登记事项",
            OfficialItem::Trusts => "慈善信托备案事项",
            OfficialItem::Qualified => "有公开募捐资格的慈善组织名单",
            OfficialItem::TaxDeduction => "有税前扣除资格的慈善组织名单",
            OfficialItem::Incentives => "促进慈善事业的措施",
            OfficialItem::Purchases => "向慈善组织购买服务的信息",
            OfficialItem::Inspections => "检查、评估的结果",
            OfficialItem::AwardsAndPenalties => "表彰、处罚的结果",
            OfficialItem::CreditRecords => "信用记录",
        }
    }
}

/// Does a department publish everything that it must?
#[must_use]
pub fn check_official(law: &InForce<'_>, published: &BTreeSet<OfficialItem>) -> Vec<Finding> {
    let mut judge = Judge::of(law);
    if let Some(held) = judge.rule(OFFICIAL) {
        for item in OfficialItem::ALL {
            if !published.contains(&item) {
                judge.say(held, &MISSING, vec![("item", item.title().into())]);
            }
        }
    }
    judge.findings()
}

#[cfg(test)]
pub(crate) mod pairs {
    use super::*;
    use crate::check::coverage::{Pair, law_on, number};

    pub(crate) fn pairs() -> Vec<Pair> {
        assert_eq!(number("DI-15", "items").count(), Some(9));
        let check = |left_out: Option<OfficialItem>| {
            let all = OfficialItem::ALL.into_iter();
            let published = all.filter(|item| Some(*item) != left_out).collect();
            check_official(&law_on("2026-06-01"), &published)
        };
        let one = |item| {
            Pair::of(
                "DI-15",
                check(None),
                check(Some(item)),
                &["official_item_missing"],
            )
        };
        OfficialItem::ALL.into_iter().map(one).collect()
    }
}

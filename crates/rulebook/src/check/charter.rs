//! The charter and what it must say (OR-05).

use crate::book::InForce;
use crate::finding::{Finding, Saying};
use crate::id::{Group, RuleId};
use crate::judge::Judge;
use std::collections::BTreeSet;

const CHARTER: RuleId = RuleId::new(Group::Registration, 5);

const MISSING: Saying = Saying {
    code: "charter_section_missing",
    problem: "章程没有写明“{section}”",
    next: "请补写这一项后再提交",
};

/// 〔章程事项〕 What a charter must say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CharterSection {
    /// 名称和住所
    NameAndDomicile,
    /// 组织形式
    Form,
    /// 宗旨和活动范围
    PurposeAndScope,
    /// 财产来源及构成
    PropertySources,
    /// 决策、执行机构的组成及职责
    Bodies,
    /// 内部监督机制
    InternalSupervision,
    /// 财产管理使用制度
    PropertyManagement,
    /// 项目管理制度
    ProjectManagement,
    /// 终止情形及清算
    Termination,
    /// 其他重要事项
    Other,
}

impl CharterSection {
    /// All of them, in the order of the law.
    pub const ALL: [CharterSection; 10] = [
        CharterSection::NameAndDomicile,
        CharterSection::Form,
        CharterSection::PurposeAndScope,
        CharterSection::PropertySources,
        CharterSection::Bodies,
        CharterSection::InternalSupervision,
        CharterSection::PropertyManagement,
        CharterSection::ProjectManagement,
        CharterSection::Termination,
        CharterSection::Other,
    ];

    /// The Chinese name.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            CharterSection::NameAndDomicile => "名称和住所",
            CharterSection::Form => "组织形式",
            CharterSection::PurposeAndScope => "宗旨和活动范围",
            CharterSection::PropertySources => "财产来源及构成",
            CharterSection::Bodies => "决策和执行机构",
            CharterSection::InternalSupervision => "内部监督",
            CharterSection::PropertyManagement => "财产管理使用",
            CharterSection::ProjectManagement => "项目管理",
            CharterSection::Termination => "终止和清算",
            CharterSection::Other => "其他重要事项",
        }
    }
}

/// Does the charter say everything?
#[must_use]
pub fn check_charter(law: &InForce<'_>, written: &BTreeSet<CharterSection>) -> Vec<Finding> {
    let mut judge = Judge::of(law);
    if let Some(held) = judge.rule(CHARTER) {
        for section in CharterSection::ALL {
            if !written.contains(&section) {
                judge.say(held, &MISSING, vec![("section", section.title().into())]);
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
        assert_eq!(number("OR-05", "items").count(), Some(10));
        let check = |left_out: &[CharterSection]| {
            let all = CharterSection::ALL.into_iter();
            let written = all.filter(|section| !left_out.contains(section)).collect();
            check_charter(&law_on("2026-06-01"), &written)
        };
        let mut pairs: Vec<Pair> = CharterSection::ALL
            .into_iter()
            .map(|section| {
                Pair::of(
                    "OR-05",
                    check(&[]),
                    check(&[section]),
                    &["charter_section_missing"],
                )
            })
            .collect();
        pairs.push(Pair::of(
            "OR-05",
            check(&[]),
            check(&CharterSection::ALL),
            &["charter_section_missing"; 10],
        ));
        pairs
    }
}

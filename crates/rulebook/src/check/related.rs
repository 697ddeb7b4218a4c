//! Related parties: who they are, and that they keep out of decisions (OR-14, OR-15).

use crate::book::InForce;
use crate::finding::{Finding, Saying};
use crate::id::{Group, RuleId};
use crate::judge::Judge;
use crate::limits::FACTS_MAX;

const DECISION: RuleId = RuleId::new(Group::Registration, 14);
const KINDS: RuleId = RuleId::new(Group::Registration, 15);

const TOOK_PART: Saying = Saying {
    code: "related_person_decided",
    problem: "与交易有关联的 {count} 人参与了决策",
    next: "请由其他人重新决策",
};
const HARM: Saying = Saying {
    code: "related_harm",
    problem: "交易损害慈善组织、受益人或者公共利益",
    next: "请停止交易并追回损失",
};
const UNPUBLISHED: Saying = Saying {
    code: "related_not_published",
    problem: "关联交易没有安排向社会公开",
    next: "请建立公开任务，期限见 DI-09",
};
const UNLISTED: Saying = Saying {
    code: "related_party_unlisted",
    problem: "有 {count} 个“{kind}”没有登记为关联方",
    next: "请补登并确认关联方名单",
};

/// 〔关联方种类〕 The classes of related parties.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RelatedKind {
    /// 设立人及其所属集团
    Founder,
    /// 本组织控制、共同控制或者施加重大影响的企业
    ControlledEnterprise,
    /// 本组织设立的民间非营利组织
    FoundedBody,
    /// 设立人集团内的企业
    GroupEnterprise,
    /// 设立人集团内的民间非营利组织
    GroupBody,
    /// 关键管理人员
    KeyPerson,
    /// 关键管理人员关系密切的家庭成员
    CloseFamily,
    /// 上述人员的企业和民间非营利组织
    BodyOfPerson,
    /// 主要捐赠人, for charities only
    MainDonor,
}

impl RelatedKind {
    /// All classes, in the order of the accounting system.
    pub const ALL: [RelatedKind; 9] = [
        RelatedKind::Founder,
        RelatedKind::ControlledEnterprise,
        RelatedKind::FoundedBody,
        RelatedKind::GroupEnterprise,
        RelatedKind::GroupBody,
        RelatedKind::KeyPerson,
        RelatedKind::CloseFamily,
        RelatedKind::BodyOfPerson,
        RelatedKind::MainDonor,
    ];

    /// The Chinese name.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            RelatedKind::Founder => "设立人及其所属集团",
            RelatedKind::ControlledEnterprise => "本组织控制或有重大影响的企业",
            RelatedKind::FoundedBody => "本组织设立的民间非营利组织",
            RelatedKind::GroupEnterprise => "设立人集团内的企业",
            RelatedKind::GroupBody => "设立人集团内的民间非营利组织",
            RelatedKind::KeyPerson => "关键管理人员",
            RelatedKind::CloseFamily => "关键管理人员关系密切的家庭成员",
            RelatedKind::BodyOfPerson => "关键管理人员及其家庭成员的企业和组织",
            RelatedKind::MainDonor => "主要捐赠人",
        }
    }
}

/// 〔已知关联关系〕 A relation that the registers know, and whether the organisation's list has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownRelation {
    /// The class.
    pub kind: RelatedKind,
    /// True if the list has it.
    pub on_list: bool,
}

/// 〔关联交易〕 A transaction with a related party.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RelatedTransaction {
    /// Related persons who took part in the decision.
    pub related_deciders: u32,
    /// True if somebody with the duty to judge it found that it does harm.
    pub does_harm: bool,
    /// True if the task to publish it is there.
    pub publication_planned: bool,
}

/// Did the related persons keep out of it, and will it be published?
#[must_use]
pub fn check_transaction(law: &InForce<'_>, facts: &RelatedTransaction) -> Vec<Finding> {
    let mut judge = Judge::of(law);
    let Some(held) = judge.rule(DECISION) else {
        return judge.findings();
    };
    if facts.related_deciders > 0 {
        judge.say(
            held,
            &TOOK_PART,
            vec![("count", facts.related_deciders.into())],
        );
    }
    if facts.does_harm {
        judge.say(held, &HARM, Vec::new());
    }
    if !facts.publication_planned {
        judge.say(held, &UNPUBLISHED, Vec::new());
    }
    judge.findings()
}

/// Does the list of a charity have every relation that is known, class by class?
#[must_use]
pub fn check_related_parties(law: &InForce<'_>, known: &[KnownRelation]) -> Vec<Finding> {
    let mut judge = Judge::of(law);
    if let Some(held) = judge.rule(KINDS) {
        for kind in RelatedKind::ALL {
            let all = known.iter().take(FACTS_MAX);
            let missing = all.filter(|own| own.kind == kind && !own.on_list).count();
            if missing > 0 {
                let values = vec![("count", missing.into()), ("kind", kind.title().into())];
                judge.say(held, &UNLISTED, values);
            }
        }
    }
    judge.findings()
}

#[cfg(test)]
pub(crate) mod pairs {
    use super::*;
    use crate::check::coverage::{Pair, law_on, number};

    fn transaction(change: fn(&mut RelatedTransaction)) -> Vec<Finding> {
        let mut facts = RelatedTransaction {
            related_deciders: 0,
            does_harm: false,
            publication_planned: true,
        };
        change(&mut facts);
        check_transaction(&law_on("2026-06-01"), &facts)
    }

    pub(crate) fn pairs() -> Vec<Pair> {
        let kinds = ["kinds", "kinds_of_charity"].map(|name| number("OR-15", name).count());
        assert_eq!(kinds, [Some(8), Some(1)]);
        let one = |change, code: &'static str| {
            Pair::of("OR-14", transaction(|_| {}), transaction(change), &[code])
        };
        let mut pairs = vec![
            one(|f| f.related_deciders = 2, "related_person_decided"),
            one(|f| f.does_harm = true, "related_harm"),
            one(|f| f.publication_planned = false, "related_not_published"),
        ];
        for kind in RelatedKind::ALL {
            let check = |on_list| {
                check_related_parties(&law_on("2026-06-01"), &[KnownRelation { kind, on_list }])
            };
            pairs.push(Pair::of(
                "OR-15",
                check(true),
                check(false),
                &["related_party_unlisted"],
            ));
        }
        pairs
    }
}

//! Who may apply for the qualification to raise from the public, and on what conditions (CF-01, CF-02, CF-03).

use crate::book::InForce;
use crate::finding::{Finding, Saying};
use crate::id::{Group, RuleId};
use crate::judge::{Held, Judge};
use kernel::Day;
use std::cmp::Ordering;
use std::collections::BTreeSet;

const ELIGIBILITY: RuleId = RuleId::new(Group::Fundraising, 1);
const CONDITIONS: RuleId = RuleId::new(Group::Fundraising, 2);
const BASIS: RuleId = RuleId::new(Group::Fundraising, 3);

const TOO_EARLY: Saying = Saying {
    code: "qualification_too_early",
    problem: "登记或者认定为慈善组织未满 {span}",
    next: "请在 {from} 起再申请",
};
const SAME_BODY: Saying = Saying {
    code: "council_same_organisation",
    problem: "{members} 名理事中有 {count} 名来自同一组织，不能超过 {max}",
    next: "请调整理事会组成",
};
const RELATIVES: Saying = Saying {
    code: "council_relatives",
    problem: "理事会中有 {count} 对近亲属",
    next: "请调整理事会组成",
};
const NON_MAINLAND: Saying = Saying {
    code: "council_non_mainland",
    problem: "{members} 名理事中有 {count} 名不是内地居民，不能超过 {max}",
    next: "请调整理事会组成",
};
const LEGAL_REPRESENTATIVE: Saying = Saying {
    code: "legal_representative_non_mainland",
    problem: "法定代表人不是内地居民",
    next: "请更换法定代表人",
};
const SECRETARY: Saying = Saying {
    code: "secretary_not_full_time",
    problem: "秘书长不是专职",
    next: "请聘任专职秘书长",
};
const ONE_PERSON: Saying = Saying {
    code: "chair_is_secretary",
    problem: "理事长兼任秘书长",
    next: "请由两人分别担任",
};
const NO_STAFF: Saying = Saying {
    code: "no_full_time_staff",
    problem: "没有专职工作人员",
    next: "请配备专职工作人员",
};
const SUPERVISORS_IDLE: Saying = Saying {
    code: "supervisors_idle",
    problem: "监事没有履职记录",
    next: "请补充监事履职的材料",
};
const NO_BOARD: Saying = Saying {
    code: "no_supervisory_board",
    problem: "在省级以上民政部门登记，没有设由 {min} 名以上监事组成的监事会，现有监事 {count} 名",
    next: "请设立监事会",
};
const SYSTEM: Saying = Saying {
    code: "system_missing",
    problem: "没有建立{system}",
    next: "请制定并上传这项制度",
};
const RATIOS: Saying = Saying {
    code: "ratios_not_met",
    problem: "上一年度的支出或者管理费用比例没有达标",
    next: "请达标后再申请，或者附上例外情况的说明",
};
const REPORTS: Saying = Saying {
    code: "annual_reports_late",
    problem: "没有按时报送年度工作报告",
    next: "请先补报，再申请",
};
const VIOLATION: Saying = Saying {
    code: "violation_before_application",
    problem: "申请前 {span} 内，{day} 有违法记录",
    next: "请在 {from} 以后再申请",
};
const NO_LAW: Saying = Saying {
    code: "basis_without_law",
    problem: "直接发证，但没有写明依据哪部法律可以公开募捐",
    next: "请写明法律名称和条文",
};
const WAITED: Saying = Saying {
    code: "basis_treated_as_application",
    problem: "依其他法律可以公开募捐的组织，被要求满一年或者按申请条件审查",
    next: "请直接发给证书",
};

/// 〔内部制度〕 The systems that must be in place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum System {
    /// 财务
    Finance,
    /// 项目
    Project,
    /// 采购
    Procurement,
    /// 资产
    Asset,
    /// 人事
    Personnel,
    /// 档案
    Archive,
    /// 会计监督
    AccountingSupervision,
    /// 信息公开
    Disclosure,
}

impl System {
    /// All of them.
    pub const ALL: [System; 8] = [
        System::Finance,
        System::Project,
        System::Procurement,
        System::Asset,
        System::Personnel,
        System::Archive,
        System::AccountingSupervision,
        System::Disclosure,
    ];

    /// The Chinese name.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            System::Finance => "财务管理制度",
            System::Project => "项目管理制度",
            System::Procurement => "采购制度",
            System::Asset => "资产管理制度",
            System::Personnel => "人事管理制度",
            System::Archive => "档案管理制度",
            System::AccountingSupervision => "会计监督制度",
            System::Disclosure => "信息公开制度",
        }
    }
}

/// 〔资格条件〕 What is known of an applicant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QualificationFacts {
    /// The day of the application.
    pub applied: Day,
    /// Members of the council.
    pub members: u32,
    /// The most members who come from one organisation and its related ones.
    pub from_one_organisation: u32,
    /// Pairs of close relatives in the council.
    pub relative_pairs: u32,
    /// Members who are not residents of the mainland.
    pub non_mainland: u32,
    /// True if the legal representative is a resident of the mainland.
    pub legal_representative_mainland: bool,
    /// True if the secretary-general works full time.
    pub secretary_full_time: bool,
    /// True if one person is chair and secretary-general.
    pub chair_is_secretary: bool,
    /// Staff who work full time.
    pub full_time_staff: u32,
    /// Supervisors.
    pub supervisors: u32,
    /// True if they form a board.
    pub supervisory_board: bool,
    /// True if records show that they work.
    pub supervisors_active: bool,
    /// True if registered with a province or with the Ministry.
    pub at_province_or_above: bool,
    /// The systems that are in place.
    pub systems: BTreeSet<System>,
    /// True if last year's ratios were met.
    pub ratios_met: bool,
    /// True if annual reports came in time.
    pub reports_in_time: bool,
    /// The day of the last violation.
    pub last_violation: Option<Day>,
}

/// 〔资格依据〕 Why somebody has the qualification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Basis {
    /// 申请取得
    Application,
    /// 依其他法律直接发给
    Law {
        /// The law, if it is named.
        law: Option<String>,
        /// True if the conditions of an application were asked for.
        conditions_asked: bool,
    },
}

/// The first day on which an application may be made: one year after the charity was registered or recognised.
#[must_use]
pub fn eligible_from(law: &InForce<'_>, registered: Day, recognised: Option<Day>) -> Option<Day> {
    let number = law.number(ELIGIBILITY, "registered_for")?;
    let since = recognised.map_or(registered, |recognised| recognised.max(registered));
    number.quantity.after(since)
}

/// Has the year passed on the day of the application?
#[must_use]
pub fn check_eligibility(
    law: &InForce<'_>,
    registered: Day,
    recognised: Option<Day>,
    applied: Day,
) -> Vec<Finding> {
    let law = law.moved(applied);
    let mut judge = Judge::of(&law);
    let Some(held) = judge.rule(ELIGIBILITY) else {
        return judge.findings();
    };
    if let Some(number) = judge.number(held, "registered_for")
        && let Some(from) = eligible_from(&law, registered, recognised)
        && applied < from
    {
        let values = vec![("span", number.quantity.into()), ("from", from.into())];
        judge.say_by(held, number, &TOO_EARLY, values);
    }
    judge.findings()
}

/// Every condition of the qualification that is not met.
#[must_use]
pub fn check_qualification(law: &InForce<'_>, facts: &QualificationFacts) -> Vec<Finding> {
    let mut judge = Judge::of(&law.moved(facts.applied));
    let Some(held) = judge.rule(CONDITIONS) else {
        return judge.findings();
    };
    council(&mut judge, held, facts);
    posts(&mut judge, held, facts);
    supervisors(&mut judge, held, facts);
    for system in System::ALL {
        if !facts.systems.contains(&system) {
            judge.say(held, &SYSTEM, vec![("system", system.title().into())]);
        }
    }
    if !facts.ratios_met {
        judge.say(held, &RATIOS, Vec::new());
    }
    if !facts.reports_in_time {
        judge.say(held, &REPORTS, Vec::new());
    }
    if let Some(day) = facts.last_violation
        && let Some(span) = judge.number(held, "clean_for")
        && let Some(from) = span.quantity.after(day)
        && facts.applied <= from
    {
        let values = vec![
            ("span", span.quantity.into()),
            ("day", day.into()),
            ("from", from.into()),
        ];
        judge.say_by(held, span, &VIOLATION, values);
    }
    judge.findings()
}

fn council<'a>(judge: &mut Judge<'a>, held: Held<'a>, facts: &QualificationFacts) {
    let parts = [
        (
            "same_organisation_max",
            facts.from_one_organisation,
            &SAME_BODY,
        ),
        ("non_mainland_max", facts.non_mainland, &NON_MAINLAND),
    ];
    for (name, count, saying) in parts {
        let Some(max) = judge.number(held, name) else {
            continue;
        };
        let order = max
            .quantity
            .compare_part(u64::from(count), u64::from(facts.members));
        if order == Some(Ordering::Greater) {
            let values = vec![
                ("members", facts.members.into()),
                ("count", count.into()),
                ("max", max.quantity.into()),
            ];
            judge.say_by(held, max, saying, values);
        }
    }
    if facts.relative_pairs > 0 {
        judge.say(
            held,
            &RELATIVES,
            vec![("count", facts.relative_pairs.into())],
        );
    }
}

fn posts<'a>(judge: &mut Judge<'a>, held: Held<'a>, facts: &QualificationFacts) {
    let unmet = [
        (!facts.legal_representative_mainland, &LEGAL_REPRESENTATIVE),
        (!facts.secretary_full_time, &SECRETARY),
        (facts.chair_is_secretary, &ONE_PERSON),
        (facts.full_time_staff == 0, &NO_STAFF),
        (!facts.supervisors_active, &SUPERVISORS_IDLE),
    ];
    for (_, saying) in unmet.into_iter().filter(|(unmet, _)| *unmet) {
        judge.say(held, saying, Vec::new());
    }
}

fn supervisors<'a>(judge: &mut Judge<'a>, held: Held<'a>, facts: &QualificationFacts) {
    if !facts.at_province_or_above {
        return;
    }
    if let Some(min) = judge.number(held, "supervisors_min") {
        let few = min
            .quantity
            .count()
            .is_some_and(|min| facts.supervisors < min);
        if few || !facts.supervisory_board {
            let values = vec![
                ("min", min.quantity.into()),
                ("count", facts.supervisors.into()),
            ];
            judge.say_by(held, min, &NO_BOARD, values);
        }
    }
}

/// Was a body that may raise from the public by another law treated so?
#[must_use]
pub fn check_basis(law: &InForce<'_>, basis: &Basis) -> Vec<Finding> {
    let mut judge = Judge::of(law);
    let Some(held) = judge.rule(BASIS) else {
        return judge.findings();
    };
    if let Basis::Law {
        law: named,
        conditions_asked,
    } = basis
    {
        if named.as_deref().is_none_or(|name| name.trim().is_empty()) {
            judge.say(held, &NO_LAW, Vec::new());
        }
        if *conditions_asked {
            judge.say(held, &WAITED, Vec::new());
        }
    }
    judge.findings()
}

#[cfg(test)]
#[path = "qualification_tests.rs"]
pub(crate) mod pairs;

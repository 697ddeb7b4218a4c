//! What has to be published or reported each year (DI-04, DI-08, DI-10, DI-17).
//!
//! The last day is a day of the year, not a span: it does not move behind a holiday, because who is earlier is never
//! late.

use crate::book::InForce;
use crate::finding::{Finding, Saying};
use crate::id::{Group, RuleId};
use crate::judge::{Judge, Late};
use kernel::Day;
use std::collections::BTreeSet;

const ANNUAL: RuleId = RuleId::new(Group::Disclosure, 4);
const PROJECTS: RuleId = RuleId::new(Group::Disclosure, 8);
const RELATED: RuleId = RuleId::new(Group::Disclosure, 10);
const INSPECTION: RuleId = RuleId::new(Group::Disclosure, 17);

const ANNUAL_LATE: Saying = Saying {
    code: "annual_report_late",
    problem: "年度工作报告和财务会计报告应在 {due} 前公开，公开日：{done}",
    next: "请尽快公开并说明逾期原因",
};
const NOT_AUDITED: Saying = Saying {
    code: "annual_report_not_audited",
    problem: "有公开募捐资格，但财务会计报告没有审计",
    next: "请先委托会计师事务所审计",
};
const NO_CONSENT: Saying = Saying {
    code: "annual_report_without_consent",
    problem: "年度工作报告没有经业务主管单位同意",
    next: "请先报业务主管单位",
};
const PART_MISSING: Saying = Saying {
    code: "annual_report_part_missing",
    problem: "年度工作报告没有写明{part}",
    next: "请补写后再公开",
};
const PROJECTS_LATE: Saying = Saying {
    code: "major_projects_late",
    problem: "上一年度的重大慈善项目应在 {due} 前公开，公开日：{done}",
    next: "请尽快公开并说明逾期原因",
};
const RELATED_LATE: Saying = Saying {
    code: "related_list_late",
    problem: "关联方名单应在 {due} 前报送登记的民政部门，报送日：{done}",
    next: "请尽快报送并说明逾期原因",
};
const FOUNDATION_LATE: Saying = Saying {
    code: "foundation_report_late",
    problem: "基金会年度工作报告应在 {due} 前报送登记机关，报送日：{done}",
    next: "请尽快报送并说明逾期原因",
};
const SPONSOR_LATE: Saying = Saying {
    code: "sponsor_report_late",
    problem: "年度工作报告应在 {due} 前报送业务主管单位，报送日：{done}",
    next: "请尽快报送并说明逾期原因",
};
const REGISTRAR_LATE: Saying = Saying {
    code: "registrar_report_late",
    problem: "年度工作报告应在 {due} 前报送登记机关，报送日：{done}",
    next: "请尽快报送并说明逾期原因",
};

/// 〔年报内容〕 What an annual report must say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReportPart {
    /// 募捐和接受捐赠
    Fundraising,
    /// 财产管理使用
    PropertyUse,
    /// 慈善项目
    Projects,
    /// 募捐成本
    FundraisingCost,
    /// 工资福利
    StaffPay,
    /// 境外合作
    ForeignCooperation,
}

impl ReportPart {
    /// All of them.
    pub const ALL: [ReportPart; 6] = [
        ReportPart::Fundraising,
        ReportPart::PropertyUse,
        ReportPart::Projects,
        ReportPart::FundraisingCost,
        ReportPart::StaffPay,
        ReportPart::ForeignCooperation,
    ];

    /// The Chinese name.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            ReportPart::Fundraising => "募捐和接受捐赠情况",
            ReportPart::PropertyUse => "财产管理使用情况",
            ReportPart::Projects => "慈善项目实施情况",
            ReportPart::FundraisingCost => "募捐成本",
            ReportPart::StaffPay => "工作人员工资福利情况",
            ReportPart::ForeignCooperation => "境外合作情况",
        }
    }
}

/// 〔业务主管单位意见〕 Whether a supervisory unit consented.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sponsor {
    /// 没有业务主管单位
    None,
    /// 已同意
    Consented,
    /// 尚未同意
    Pending,
}

/// 〔年报情况〕 The annual report of a charity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnnualFacts {
    /// The year of which it reports.
    pub year: i32,
    /// True if the charity may raise from the public.
    pub qualified: bool,
    /// The supervisory unit.
    pub sponsor: Sponsor,
    /// True if the accounts were audited.
    pub audited: bool,
    /// What it says.
    pub parts: BTreeSet<ReportPart>,
    /// The day of publication.
    pub published: Option<Day>,
}

/// 〔年度事项〕 Something that is due once for each year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct YearlyFacts {
    /// The year of which it speaks; it is due in the next one.
    pub year: i32,
    /// The day on which it was done.
    pub done: Option<Day>,
}

/// 〔组织形式〕 The legal form, by which yearly reports are due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// 基金会
    Foundation,
    /// 社会团体
    Association,
    /// 社会服务机构
    ServiceInstitution,
}

/// 〔年检报告〕 The yearly report to those who supervise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InspectionReport {
    /// The legal form.
    pub form: Form,
    /// The year of which it reports.
    pub year: i32,
    /// True if there is a supervisory unit.
    pub has_sponsor: bool,
    /// The day on which the supervisory unit got it.
    pub to_sponsor: Option<Day>,
    /// The day on which the registrar got it.
    pub to_registrar: Option<Day>,
}

/// Was the annual report published in time, audited where it must be, consented to and complete?
#[must_use]
pub fn check_annual_report(law: &InForce<'_>, facts: &AnnualFacts) -> Vec<Finding> {
    let mut judge = Judge::of(law);
    let due_year = facts.year.saturating_add(1);
    let Some(held) = judge.rule_when_due(ANNUAL, "publish_by", |by| by.in_year(due_year)) else {
        return judge.findings();
    };
    if let Some(by) = judge.number(held, "publish_by")
        && let Some(due) = by.quantity.in_year(due_year)
    {
        let done = facts.published;
        judge.late(held, by, &Late { due, done }, &ANNUAL_LATE);
    }
    if facts.published.is_none() {
        return judge.findings();
    }
    if facts.qualified && !facts.audited {
        judge.say(held, &NOT_AUDITED, Vec::new());
    }
    if facts.sponsor == Sponsor::Pending {
        judge.say(held, &NO_CONSENT, Vec::new());
    }
    for part in ReportPart::ALL {
        if !facts.parts.contains(&part) {
            judge.say(held, &PART_MISSING, vec![("part", part.title().into())]);
        }
    }
    judge.findings()
}

/// Were the major projects of a charity that may not raise from the public published in time?
#[must_use]
pub fn check_major_projects(law: &InForce<'_>, facts: &YearlyFacts) -> Vec<Finding> {
    yearly(law, facts, (PROJECTS, "publish_by", &PROJECTS_LATE))
}

/// Did the registrar get the list of related parties in time?
#[must_use]
pub fn check_related_list(law: &InForce<'_>, facts: &YearlyFacts) -> Vec<Finding> {
    yearly(law, facts, (RELATED, "file_by", &RELATED_LATE))
}

/// Did everybody who must get the yearly report get it in time?
#[must_use]
pub fn check_inspection_report(law: &InForce<'_>, facts: &InspectionReport) -> Vec<Finding> {
    let registrar = YearlyFacts {
        year: facts.year,
        done: facts.to_registrar,
    };
    if facts.form == Form::Foundation {
        return yearly(
            law,
            &registrar,
            (INSPECTION, "foundation_by", &FOUNDATION_LATE),
        );
    }
    let mut found = Vec::new();
    if facts.has_sponsor {
        let sponsor = YearlyFacts {
            year: facts.year,
            done: facts.to_sponsor,
        };
        found = yearly(law, &sponsor, (INSPECTION, "sponsor_by", &SPONSOR_LATE));
    }
    let duty = (INSPECTION, "registrar_by", &REGISTRAR_LATE);
    found.extend(yearly(law, &registrar, duty));
    found
}

fn yearly(
    law: &InForce<'_>,
    facts: &YearlyFacts,
    (id, name, saying): (RuleId, &str, &Saying),
) -> Vec<Finding> {
    let mut judge = Judge::of(law);
    let due_year = facts.year.saturating_add(1);
    if let Some(held) = judge.rule_when_due(id, name, |by| by.in_year(due_year))
        && let Some(by) = judge.number(held, name)
        && let Some(due) = by.quantity.in_year(due_year)
    {
        let done = facts.done;
        judge.late(held, by, &Late { due, done }, saying);
    }
    judge.findings()
}

#[cfg(test)]
#[path = "yearly_tests.rs"]
pub(crate) mod pairs;

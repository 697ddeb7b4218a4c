//! What is published, how, and what never is (DI-01, DI-12, DI-14, DI-16).

use crate::book::InForce;
use crate::finding::{Finding, Saying};
use crate::id::{Group, RuleId};
use crate::judge::Judge;
use crate::limits::FACTS_MAX;
use std::collections::BTreeSet;

const NATIONAL_PLATFORM: RuleId = RuleId::new(Group::Disclosure, 1);
const CORRECTIONS: RuleId = RuleId::new(Group::Disclosure, 12);
const PRIVACY: RuleId = RuleId::new(Group::Disclosure, 14);
const AID: RuleId = RuleId::new(Group::Disclosure, 16);

const NO_CLASS: Saying = Saying {
    code: "publication_without_class",
    problem: "公开的内容没有归入七类信息",
    next: "请选择类别",
};
const ELSEWHERE: Saying = Saying {
    code: "not_on_national_platform",
    problem: "{class}没有在“慈善中国”公开",
    next: "请在“慈善中国”填报",
};
const NO_PROOF: Saying = Saying {
    code: "national_platform_without_proof",
    problem: "{class}已在“慈善中国”公开，但没有留存回执",
    next: "请补存回执",
};
const OVERWRITTEN: Saying = Saying {
    code: "publication_overwritten",
    problem: "更正时删除或者覆盖了原来公开的内容",
    next: "请恢复原内容，另发更正说明",
};
const NO_NOTE: Saying = Saying {
    code: "correction_without_note",
    problem: "更正没有附更正说明",
    next: "请写明更正了什么和为什么",
};
const OTHER_ENTRY: Saying = Saying {
    code: "correction_elsewhere",
    problem: "更正说明没有放在原来的条目下",
    next: "请移到原条目下",
};
const SHARED_ENTRY: Saying = Saying {
    code: "entry_shared",
    problem: "一个条目里公开了 {count} 个年度、活动或者项目",
    next: "请分开公开",
};
const SECRET: Saying = Saying {
    code: "secret_published",
    problem: "要公开的内容里有{kind}",
    next: "请删去后再公开",
};
const WITHOUT_CONSENT: Saying = Saying {
    code: "donor_data_without_consent",
    problem: "捐赠人没有同意公开{kind}",
    next: "请改为匿名或者打码后再公开",
};
const AID_TEXT: Saying = Saying {
    code: "aid_text_missing",
    problem: "救助项目没有写明{text}",
    next: "请补写后再公布",
};

/// 〔公开信息类别〕 The seven classes of what a charity publishes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DisclosureClass {
    /// 基本信息
    BasicData,
    /// 年度工作报告和财务会计报告
    AnnualReport,
    /// 公开募捐情况
    PublicFundraising,
    /// 慈善项目情况
    Projects,
    /// 慈善信托情况
    Trusts,
    /// 重大变动和关联交易
    MajorChanges,
    /// 其他信息
    Other,
}

impl DisclosureClass {
    /// All classes, numbered from 1 to 7.
    pub const ALL: [DisclosureClass; 7] = [
        DisclosureClass::BasicData,
        DisclosureClass::AnnualReport,
        DisclosureClass::PublicFundraising,
        DisclosureClass::Projects,
        DisclosureClass::Trusts,
        DisclosureClass::MajorChanges,
        DisclosureClass::Other,
    ];

    /// The Chinese name.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            DisclosureClass::BasicData => "基本信息",
            DisclosureClass::AnnualReport => "年度工作报告和财务会计报告",
            DisclosureClass::PublicFundraising => "公开募捐情况",
            DisclosureClass::Projects => "慈善项目情况",
            DisclosureClass::Trusts => "慈善信托情况",
            DisclosureClass::MajorChanges => "重大变动和关联交易",
            DisclosureClass::Other => "其他信息",
        }
    }
}

/// 〔公开去向〕 Where something was published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placement {
    /// 没有在慈善中国公开
    Elsewhere,
    /// 已在慈善中国公开，没有回执
    NationalWithoutProof,
    /// 已在慈善中国公开，有回执
    National,
}

/// 〔公开情况〕 One publication.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublicationFacts {
    /// Its class, if one was chosen.
    pub class: Option<DisclosureClass>,
    /// Where it was published.
    pub placement: Placement,
}

/// 〔更正情况〕 An entry and what became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Correction {
    /// Years, campaigns or projects that stand in this one entry.
    pub subjects: u32,
    /// True if it was corrected.
    pub corrected: bool,
    /// True if the old content was deleted or overwritten.
    pub overwritten: bool,
    /// True if there is a note that says what and why.
    pub note: bool,
    /// True if the note stands under the same entry.
    pub same_entry: bool,
}

/// 〔字段种类〕 What a field of a publication holds, as far as the law protects it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FieldKind {
    /// 国家秘密
    StateSecret,
    /// 商业秘密
    BusinessSecret,
    /// 个人隐私
    Privacy,
    /// 捐赠人姓名、名称
    DonorName,
    /// 捐赠人住所
    DonorDomicile,
    /// 捐赠人联系方式
    DonorContact,
}

impl FieldKind {
    const fn title(self) -> &'static str {
        match self {
            FieldKind::StateSecret => "国家秘密",
            FieldKind::BusinessSecret => "商业秘密",
            FieldKind::Privacy => "个人隐私",
            FieldKind::DonorName => "姓名、名称",
            FieldKind::DonorDomicile => "住所",
            FieldKind::DonorContact => "联系方式",
        }
    }
}

/// 〔公开字段〕 A protected field that shall be published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// What it holds.
    pub kind: FieldKind,
    /// True if the donor agreed; silence is no consent.
    pub donor_agreed: bool,
}

/// 〔告知内容〕 What beneficiaries must be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AidText {
    /// 资助标准
    Standard,
    /// 工作流程
    Process,
    /// 工作规范
    Conduct,
}

impl AidText {
    /// All of them.
    pub const ALL: [AidText; 3] = [AidText::Standard, AidText::Process, AidText::Conduct];

    /// The Chinese name.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            AidText::Standard => "资助标准",
            AidText::Process => "工作流程",
            AidText::Conduct => "工作规范",
        }
    }
}

/// Has it a class, and is it on the national platform with a proof?
#[must_use]
pub fn check_publication(law: &InForce<'_>, facts: &PublicationFacts) -> Vec<Finding> {
    let mut judge = Judge::of(law);
    let Some(held) = judge.rule(NATIONAL_PLATFORM) else {
        return judge.findings();
    };
    // An older version of the rule names no classes and no platform.
    if judge.number(held, "classes").is_none() {
        return judge.findings();
    }
    let Some(class) = facts.class else {
        judge.say(held, &NO_CLASS, Vec::new());
        return judge.findings();
    };
    let values = vec![("class", class.title().into())];
    match facts.placement {
        Placement::Elsewhere => judge.say(held, &ELSEWHERE, values),
        Placement::NationalWithoutProof => judge.say(held, &NO_PROOF, values),
        Placement::National => {}
    }
    judge.findings()
}

/// Is each subject an entry of its own, and was it corrected without hiding what stood there?
#[must_use]
pub fn check_correction(law: &InForce<'_>, facts: &Correction) -> Vec<Finding> {
    let mut judge = Judge::of(law);
    let Some(held) = judge.rule(CORRECTIONS) else {
        return judge.findings();
    };
    if facts.subjects > 1 {
        judge.say(held, &SHARED_ENTRY, vec![("count", facts.subjects.into())]);
    }
    if facts.overwritten {
        judge.say(held, &OVERWRITTEN, Vec::new());
    }
    if facts.corrected && !facts.note {
        judge.say(held, &NO_NOTE, Vec::new());
    }
    if facts.corrected && facts.note && !facts.same_entry {
        judge.say(held, &OTHER_ENTRY, Vec::new());
    }
    judge.findings()
}

/// May these protected fields be published?
#[must_use]
pub fn check_fields(law: &InForce<'_>, fields: &[Field]) -> Vec<Finding> {
    let mut judge = Judge::of(law);
    let Some(held) = judge.rule(PRIVACY) else {
        return judge.findings();
    };
    for field in fields.iter().take(FACTS_MAX) {
        let values = vec![("kind", field.kind.title().into())];
        match field.kind {
            // No consent of a donor opens a secret.
            FieldKind::StateSecret | FieldKind::BusinessSecret | FieldKind::Privacy => {
                judge.say(held, &SECRET, values);
            }
            FieldKind::DonorName | FieldKind::DonorDomicile | FieldKind::DonorContact => {
                if !field.donor_agreed {
                    judge.say(held, &WITHOUT_CONSENT, values);
                }
            }
        }
    }
    judge.findings()
}

/// Does an aid scheme say everything that beneficiaries must be told?
#[must_use]
pub fn check_aid_texts(law: &InForce<'_>, written: &BTreeSet<AidText>) -> Vec<Finding> {
    let mut judge = Judge::of(law);
    if let Some(held) = judge.rule(AID) {
        for text in AidText::ALL {
            if !written.contains(&text) {
                judge.say(held, &AID_TEXT, vec![("text", text.title().into())]);
            }
        }
    }
    judge.findings()
}

#[cfg(test)]
#[path = "publication_tests.rs"]
pub(crate) mod pairs;

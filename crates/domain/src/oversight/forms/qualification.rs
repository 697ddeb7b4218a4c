//! 公开募捐资格 (CF-01, CF-02): a charity of one full year asks for it.

use super::recognition::{CONTACT, CONTACT_PHONE};
use super::{Answers, Condition, Field, Form, Kind, Known, NO, Needed, Slot, YES};
use crate::oversight::effects::reapply_from;
use crate::parties::register::{Right, Standing};
use crate::say;
use crate::text::Problem;

const RULE: &str = "慈善组织公开募捐管理办法 第五条";
const LAW: &str = "慈善法 第二十二条";
/// Months between becoming a charity and the first application (慈善法 第二十二条: one year).
const MONTHS_AS_CHARITY: i32 = 12;
/// One third: members of one unit, and those from outside the mainland.
const PART_OF_COUNCIL: i64 = 3;
/// Least supervisors of an organisation that a province registered.
const SUPERVISORS_OF_PROVINCE: i64 = 3;

/// 〔公开募捐资格申请表〕
pub(super) const QUALIFICATION: Form = Form {
    procedure: "qualification",
    about: "取得资格后才能面向社会公开募捐，每次活动另行备案。",
    applicants: "登记或者认定满一年的慈善组织。",
    conditions: &[
        Condition {
            text: "登记或者认定为慈善组织满一年。",
            law: LAW,
        },
        Condition {
            text: "来自同一组织以及有关联的组织的理事不超过三分之一，理事之间没有近亲属关系。",
            law: RULE,
        },
        Condition {
            text: "非内地居民的理事不超过三分之一，法定代表人是内地居民。",
            law: RULE,
        },
        Condition {
            text: "秘书长专职，理事长不兼任秘书长，有与活动相适应的专职人员。",
            law: RULE,
        },
        Condition {
            text: "监事能实际履行职责；在省级以上登记的有三名以上监事组成的监事会。",
            law: RULE,
        },
        Condition {
            text: "前一年没有违法违规，年度支出、管理费用和信息公开符合规定。",
            law: RULE,
        },
    ],
    fields: &[
        Field {
            name: "charity_since",
            label: "成为慈善组织的日期",
            help: "登记为慈善组织或者被认定的那一天；是否满一年由系统计算。",
            kind: Kind::Day,
            needed: Needed::Always,
            law: LAW,
        },
        count("council", "理事人数", "现任理事一共多少人。"),
        count(
            "council_same",
            "来自同一组织的理事人数",
            "来自同一个组织以及和它有关联的组织的理事，取最多的一组；比例由系统计算。",
        ),
        count(
            "council_outside",
            "非内地居民的理事人数",
            "没有就填0；比例由系统计算。",
        ),
        yes_no(
            "relatives",
            "理事之间有近亲属关系",
            "夫妻、父母子女、兄弟姐妹等。",
        ),
        yes_no(
            "secretary",
            "秘书长专职且不由理事长兼任",
            "专职指不在其他单位任职。",
        ),
        yes_no(
            "representative_inside",
            "法定代表人是内地居民",
            "以身份证件为准。",
        ),
        count("staff", "专职工作人员数", "签了劳动合同的在职人员。"),
        count("supervisors", "监事人数", "现任监事一共多少人。"),
        yes_no(
            "violations",
            "前一年有违法违规或者受过处罚",
            "包括没有按时年报和公开信息。",
        ),
        Field {
            name: "sponsor",
            label: "业务主管单位",
            help: "有业务主管单位的写全称，没有不用填；填了就要先有它的意见。",
            kind: Kind::Line,
            needed: Needed::Optional,
            law: "慈善组织公开募捐管理办法 第六条",
        },
        CONTACT,
        CONTACT_PHONE,
    ],
    slots: &[
        Slot {
            name: "resolution",
            label: "内部决议",
            help: "理事会同意申请公开募捐资格的会议纪要，有签名。",
            needed: Needed::Always,
            law: "慈善组织公开募捐管理办法 第六条",
        },
        Slot {
            name: "audit",
            label: "财务审计报告",
            help: "申请前二年的；成立不满二年的交已有年度的。",
            needed: Needed::Always,
            law: "慈善组织公开募捐管理办法 第六条",
        },
        Slot {
            name: "systems",
            label: "八项内部制度",
            help: "财务、项目、采购、资产、人事、档案、会计监督、信息公开的制度文本。",
            needed: Needed::Always,
            law: RULE,
        },
        Slot {
            name: "sponsor_opinion",
            label: "业务主管单位的书面意见",
            help: "盖章的原件扫描。",
            needed: Needed::With(&["sponsor"]),
            law: "慈善组织公开募捐管理办法 第六条",
        },
    ],
    facts: &[("sponsored", &["sponsor"])],
    check,
};

const fn count(name: &'static str, label: &'static str, help: &'static str) -> Field {
    Field {
        name,
        label,
        help,
        kind: Kind::Count,
        needed: Needed::Always,
        law: RULE,
    }
}

const fn yes_no(name: &'static str, label: &'static str, help: &'static str) -> Field {
    Field {
        kind: Kind::YesNo,
        ..count(name, label, help)
    }
}

fn check(answers: &Answers, known: &Known) -> Vec<Problem> {
    let mut found = since(answers, known);
    found.extend(right(known));
    found.extend(council(answers));
    found.extend(people(answers, known));
    found
}

/// What the register already says of the right: none is asked for while one holds, and none within five years of a
/// revocation.
fn right(known: &Known) -> Vec<Problem> {
    let (today, register) = (known.today, &known.register);
    let mut found = Vec::new();
    if let Some(from) = reapply_from(register).filter(|from| today < *from) {
        let sentence = say!(
            "公开募捐资格被吊销后五年内不能再次申请，{from}起可以申请；依据：慈善法 第一百一十一条。",
            from
        );
        found.push(Problem::new("charity_since", "barred", sentence));
    }
    if let Right::Stopped {
        standing: Standing::Suspended,
        ..
    } = register.right(today)
    {
        found.push(Problem::new(
            "charity_since",
            "suspended",
            "公开募捐资格正在中止，请先按决定整改，等登记管理机关恢复；原证书已经到期的，恢复以后再重新申请；依据：慈善组织公开募捐管理办法 第二十三条。",
        ));
    }
    found
}

/// One full year as a charity, counted by us.
fn since(answers: &Answers, known: &Known) -> Vec<Problem> {
    let Some(since) = answers.day("charity_since") else {
        return Vec::new();
    };
    let mut found = Vec::new();
    if let Some(entered) = known.register.charity_since(known.today)
        && entered != since
    {
        let sentence = say!(
            "登记簿记载的是{entered}，请照它改正，登记簿有误的请先申请更正；依据：慈善法 第二十二条。",
            entered
        );
        found.push(Problem::new("charity_since", "register_differs", sentence));
        return found;
    }
    let first = since.plus_months(MONTHS_AS_CHARITY);
    if known
        .registered
        .is_some_and(|registered| since < registered)
    {
        found.push(Problem::new(
            "charity_since",
            "before_registration",
            "这一天早于登记日期，请照登记证书改正；依据：慈善法 第二十二条。",
        ));
    } else if known.today < first {
        let sentence = say!(
            "成为慈善组织还不满一年，{first}起可以申请；依据：慈善法 第二十二条。",
            first
        );
        found.push(Problem::new("charity_since", "too_early", sentence));
    }
    found
}

/// At most a third of the council from one unit, and from outside the mainland.
fn council(answers: &Answers) -> Vec<Problem> {
    let mut found = Vec::new();
    let Some(council) = answers.count("council") else {
        return found;
    };
    for name in ["council_same", "council_outside"] {
        let Some(part) = answers.count(name) else {
            continue;
        };
        if part > council {
            found.push(Problem::new(
                name,
                "more_than_all",
                "人数超过了理事总数，请核对后改正；依据：慈善组织公开募捐管理办法 第五条。",
            ));
        } else if part * PART_OF_COUNCIL > council {
            let sentence = say!(
                "{council}名理事里这类理事最多{most}名，请先调整理事会再申请；依据：慈善组织公开募捐管理办法 第五条。",
                council,
                most = council / PART_OF_COUNCIL
            );
            found.push(Problem::new(name, "third", sentence));
        }
    }
    found
}

/// Staff, supervisors, and what has to be so or not so.
fn people(answers: &Answers, known: &Known) -> Vec<Problem> {
    let mut found = Vec::new();
    let is_province = known.region.level() == 1;
    if is_province
        && answers
            .count("supervisors")
            .is_some_and(|n| n < SUPERVISORS_OF_PROVINCE)
    {
        found.push(Problem::new(
            "supervisors",
            "supervisors",
            "在省级登记的要有三名以上监事组成监事会，请先增补监事；依据：慈善组织公开募捐管理办法 第五条。",
        ));
    }
    if answers.count("staff") == Some(0) {
        found.push(Problem::new(
            "staff",
            "staff",
            "要有专职工作人员，请先聘用再申请；依据：慈善组织公开募捐管理办法 第五条。",
        ));
    }
    let wrong = [
        (
            "relatives",
            YES,
            "理事之间不能有近亲属关系，请先调整理事会；依据：慈善组织公开募捐管理办法 第五条。",
        ),
        (
            "secretary",
            NO,
            "秘书长要专职，也不能由理事长兼任，请先调整；依据：慈善组织公开募捐管理办法 第五条。",
        ),
        (
            "representative_inside",
            NO,
            "法定代表人要由内地居民担任，请先变更；依据：慈善组织公开募捐管理办法 第五条。",
        ),
        (
            "violations",
            YES,
            "前一年有违法违规的不能申请，请满一年后再申请；依据：慈善组织公开募捐管理办法 第五条。",
        ),
    ];
    for (name, code, sentence) in wrong {
        if answers.get(name) == code {
            found.push(Problem::new(name, "condition", sentence));
        }
    }
    found
}

//! 年度报告 (DI-04, DI-17): what the ledger knows is filled in by the house, the organisation adds the rest.

use super::{Answers, Condition, Field, Form, Kind, Known, Needed, Slot};
use crate::oversight::annual::report_words;
use crate::say;
use crate::text::{Problem, STORY_MAX};

const LAW: &str = "慈善法 第十三条";
const CONTENT: &str = "慈善组织信息公开办法 第六条";
const COST: &str = "慈善组织信息公开办法 第六条；慈善法 第六十一条";

/// What the ledger says of a year: name in the form, and in which order.
pub const LEDGER: [&str; 4] = [
    "ledger_raised",
    "ledger_delivered",
    "ledger_purchased",
    "ledger_cost",
];

/// 〔年度报告表〕
pub(super) const ANNUAL_REPORT: Form = Form {
    procedure: "annual_report",
    about: "报告上一年的活动、收支和治理；账本知道的数由系统填好，公开后写进登记簿，不能删除，只能更正。",
    applicants: "全部慈善组织；每年5月31日以前公开上一年的报告，基金会3月31日以前报送登记管理机关。",
    conditions: &[
        Condition {
            text: "年度工作报告和财务会计报告每年公开；有公开募捐资格的，财务会计报告经过审计。",
            law: LAW,
        },
        Condition {
            text: "有业务主管单位的，先取得它的书面意见。",
            law: CONTENT,
        },
    ],
    fields: &[
        ledger(
            "ledger_raised",
            "账本里的捐赠收入",
            "这一年记账的捐赠，减去同年的更正、退款和拒付。",
        ),
        ledger(
            "ledger_delivered",
            "账本里的送达受益人",
            "这一年记账的、到达最终受益人的款项，预付给执行机构还没有送达的不算。",
        ),
        ledger(
            "ledger_purchased",
            "账本里的购买物资",
            "这一年用善款买成物资的款项。",
        ),
        ledger(
            "ledger_cost",
            "账本里的成本和手续费",
            "这一年从资金里支付的成本、手续费和损失。",
        ),
        yuan(
            "other_income",
            "本平台以外的收入",
            "没有经过本平台账本的捐赠、政府补助、投资等收入，没有就填0。",
        ),
        yuan(
            "other_charity",
            "本平台以外的慈善活动支出",
            "没有经过本平台账本、到达最终受益人的支出，没有就填0。",
        ),
        yuan(
            "total_spending",
            "本年总支出",
            "照财务会计报告，包括账本里的和账本外的。",
        ),
        yuan(
            "management",
            "管理费用",
            "照财务会计报告；占总支出的比例由系统计算。",
        ),
        yuan(
            "fundraising_cost",
            "募捐成本",
            "照财务会计报告，没有就填0。",
        ),
        yuan(
            "last_income",
            "上年总收入",
            "照上一年的财务会计报告；有公开募捐资格的按它计算支出比例。",
        ),
        yuan(
            "last_assets",
            "上年末净资产",
            "照上一年的财务会计报告；没有公开募捐资格的按它计算支出比例。",
        ),
        Field {
            name: "activities",
            label: "开展的慈善活动",
            help: "项目、地点、受益人数和成效；不写受益人的姓名和号码。",
            kind: Kind::Area,
            needed: Needed::Always,
            law: CONTENT,
        },
        count("staff", "专职工作人员数", "年末在职的。"),
        count("volunteers", "志愿者人数", "这一年参加过服务的。"),
        count("meetings", "理事会召开次数", "基金会每年不少于两次。"),
        Field {
            name: "governance",
            label: "治理情况",
            help: "理事会、监事履职情况，重要决定和内部制度的变化；不写个人的号码。",
            kind: Kind::Area,
            needed: Needed::Always,
            law: CONTENT,
        },
        Field {
            name: "foreign",
            label: "境外合作",
            help: "与境外组织或者个人合作的情况，没有不用填。",
            kind: Kind::Area,
            needed: Needed::Optional,
            law: CONTENT,
        },
        Field {
            name: "auditor",
            label: "会计师事务所",
            help: "出具审计报告的事务所全称，没有审计的不用填。",
            kind: Kind::Line,
            needed: Needed::Optional,
            law: LAW,
        },
    ],
    slots: &[
        Slot {
            name: "accounts",
            label: "财务会计报告",
            help: "资产负债表、业务活动表、现金流量表和附注。",
            needed: Needed::Always,
            law: LAW,
        },
        Slot {
            name: "audit",
            label: "审计报告",
            help: "有公开募捐资格的必须经过审计。",
            needed: Needed::With(&["auditor"]),
            law: LAW,
        },
        Slot {
            name: "sponsor_opinion",
            label: "业务主管单位的书面意见",
            help: "有业务主管单位的上传盖章的意见，没有不用传。",
            needed: Needed::Optional,
            law: CONTENT,
        },
    ],
    // The house states them when it opens the report; no answer changes the route.
    facts: &[
        ("foundation", &[]),
        ("sponsored", &[]),
        ("public_fundraising", &[]),
    ],
    check,
};

const fn ledger(name: &'static str, label: &'static str, help: &'static str) -> Field {
    Field {
        name,
        label,
        help,
        kind: Kind::Ledger,
        needed: Needed::Optional,
        law: CONTENT,
    }
}

const fn yuan(name: &'static str, label: &'static str, help: &'static str) -> Field {
    Field {
        kind: Kind::Yuan,
        needed: Needed::Always,
        law: COST,
        ..ledger(name, label, help)
    }
}

const fn count(name: &'static str, label: &'static str, help: &'static str) -> Field {
    Field {
        kind: Kind::Count,
        needed: Needed::Always,
        ..ledger(name, label, help)
    }
}

/// What everybody will read holds no number of a person and fits into one entry; no part is larger than the whole.
fn check(answers: &Answers, known: &Known) -> Vec<Problem> {
    let mut words = crate::text::Form::new();
    for field in ANNUAL_REPORT.fields {
        if matches!(field.kind, Kind::Area | Kind::Line) {
            words.public(field.name, field.label, answers.get(field.name));
        }
    }
    let mut found = words.problems();
    let chars = report_words(&ANNUAL_REPORT, answers).chars().count();
    if chars > STORY_MAX {
        let sentence = say!(
            "报告的文字一共{chars}个字，最多{most}个，请缩短，详细内容放进财务会计报告的附件；依据：慈善组织信息公开办法 第六条。",
            chars = i64::try_from(chars).unwrap_or(i64::MAX),
            most = i64::try_from(STORY_MAX).unwrap_or(i64::MAX)
        );
        found.push(Problem::new("activities", "too_long", sentence));
    }
    let total = answers.fen("total_spending");
    let ledger: i64 = LEDGER[1..]
        .iter()
        .filter_map(|name| answers.fen(name))
        .sum();
    if total.is_some_and(|total| total < ledger) {
        found.push(Problem::new(
            "total_spending",
            "less_than_ledger",
            "本年总支出少于账本里已经记的支出，请照财务会计报告核对；依据：慈善组织信息公开办法 第六条。",
        ));
    }
    if let (Some(total), Some(part)) = (total, answers.fen("management"))
        && part > total
    {
        found.push(Problem::new(
            "management",
            "more_than_all",
            "管理费用超过了本年总支出，请核对后改正；依据：慈善法 第六十一条。",
        ));
    }
    if known.around.year.is_none() {
        found.push(Problem::new(
            "activities",
            "no_year",
            "不知道这是哪一年的报告，请撤回后重新开始；依据：慈善法 第十三条。",
        ));
    }
    found
}

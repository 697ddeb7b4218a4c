//! 慈善组织认定 (OR-02 to OR-06): an existing organisation asks to become a charity.

use super::{Answers, Condition, Field, Form, Kind, Known, Needed, Slot};
use crate::text::Problem;

const RULE: &str = "慈善组织认定办法 第四条";

/// 〔慈善组织认定申请表〕
pub(super) const RECOGNITION: Form = Form {
    procedure: "recognition",
    about: "认定后可以使用慈善组织的身份募集和使用善款，满一年可以申请公开募捐资格。",
    applicants: "已经登记的基金会、社会团体和社会服务机构，成立早晚都可以申请。",
    conditions: &[
        Condition {
            text: "具有相应的社会组织法人登记条件。",
            law: RULE,
        },
        Condition {
            text: "以开展慈善活动为宗旨，不以营利为目的，不向任何人分配财产。",
            law: RULE,
        },
        Condition {
            text: "上一年度的慈善活动支出和管理费用符合规定。",
            law: RULE,
        },
        Condition {
            text: "章程写明法律要求的十项内容和终止后财产的去向。",
            law: "慈善法 第十一条",
        },
        Condition {
            text: "有健全的财务制度和合理的薪酬制度。",
            law: RULE,
        },
        Condition {
            text: "负责人没有法律规定不得担任的情形。",
            law: "慈善法 第十六条",
        },
    ],
    fields: &[
        Field {
            name: "purpose",
            label: "慈善宗旨",
            help: "照章程写，说明帮助哪些人、做哪些事。",
            kind: Kind::Area,
            needed: Needed::Always,
            law: "慈善法 第九条",
        },
        Field {
            name: "spending",
            label: "上年度慈善活动支出",
            help: "上一个会计年度用于慈善活动的全部支出，和审计报告一致。",
            kind: Kind::Yuan,
            needed: Needed::Always,
            law: RULE,
        },
        Field {
            name: "management",
            label: "上年度管理费用",
            help: "上一个会计年度的管理费用；占比由系统计算，不用填。",
            kind: Kind::Yuan,
            needed: Needed::Always,
            law: RULE,
        },
        Field {
            name: "penalties",
            label: "申请前二年内受过行政处罚",
            help: "包括被列入活动异常名录和严重违法失信名单。",
            kind: Kind::YesNo,
            needed: Needed::Always,
            law: "慈善组织认定办法 第五条",
        },
        CONTACT,
        CONTACT_PHONE,
    ],
    slots: &[
        Slot {
            name: "charter",
            label: "章程",
            help: "现行有效的全文，写明法律要求的十项内容。",
            needed: Needed::Always,
            law: "慈善法 第十一条",
        },
        Slot {
            name: "resolution",
            label: "内部决议",
            help: "理事会、会员大会或者会员代表大会同意申请的会议纪要，有签名。",
            needed: Needed::Always,
            law: "慈善组织认定办法 第六条",
        },
        Slot {
            name: "audit",
            label: "上年度财务审计报告",
            help: "包含年度支出和管理费用的专项说明。",
            needed: Needed::Always,
            law: "慈善组织认定办法 第六条",
        },
        Slot {
            name: "declaration",
            label: "负责人声明",
            help: "每位负责人签名，声明没有不得担任的情形。",
            needed: Needed::Always,
            law: "慈善法 第十六条",
        },
        Slot {
            name: "systems",
            label: "财务制度和薪酬制度",
            help: "现行有效的文本。",
            needed: Needed::Always,
            law: RULE,
        },
    ],
    facts: &[],
    check,
};

/// Who answers questions about an application.
pub(super) const CONTACT: Field = Field {
    name: "contact",
    label: "联系人",
    help: "办理中有问题时找谁，只给受理和审批人员看。",
    kind: Kind::Line,
    needed: Needed::Always,
    law: "行政许可法 第二十九条",
};
/// How to reach them.
pub(super) const CONTACT_PHONE: Field = Field {
    name: "contact_phone",
    label: "联系电话",
    help: "手机或者座机，只给受理和审批人员看。",
    kind: Kind::Line,
    needed: Needed::Always,
    law: "行政许可法 第二十九条",
};

fn check(answers: &Answers, _: &Known) -> Vec<Problem> {
    let mut found = Vec::new();
    if answers.get("penalties") == super::YES {
        found.push(Problem::new(
            "penalties",
            "penalised",
            "受过处罚或者在名单上时不能认定，请等期满或者移出名单后再申请；依据：慈善组织认定办法 第五条。",
        ));
    }
    if answers.fen("spending") == Some(0) {
        found.push(Problem::new(
            "spending",
            "no_spending",
            "上一年没有慈善活动支出，不符合认定条件，请开展活动后再申请；依据：慈善组织认定办法 第四条。",
        ));
    }
    found
}

//! 变更登记 (OR-12, OR-16): name, domicile, scope, charter or legal representative change.

use super::recognition::{CONTACT, CONTACT_PHONE};
use super::{Answers, Condition, Field, Form, Kind, Known, Needed, Slot};
use crate::text::Problem;

const LAW: &str = "社会团体登记管理条例 第十八条；民办非企业单位登记管理暂行条例 第十五条";
/// What may change; at least one of them does.
const ITEMS: [&str; 5] = [
    "new_name",
    "new_domicile",
    "new_scope",
    "new_charter",
    "new_representative",
];

/// 〔变更登记申请表〕
pub(super) const CHANGE: Form = Form {
    procedure: "registration_change",
    about: "把名称、住所、业务范围、章程或者法定代表人的变化登记下来。",
    applicants: "登记事项有变化的社会组织；有业务主管单位的，在它同意后三十日内申请。",
    conditions: &[
        Condition {
            text: "变化经过章程规定的程序，有内部决议。",
            law: LAW,
        },
        Condition {
            text: "有业务主管单位的，先取得它的同意。",
            law: LAW,
        },
        Condition {
            text: "变更法定代表人或者换届前做了财务审计。",
            law: "基金会管理条例 第三十七条；社会团体登记管理条例 第二十七条；民办非企业单位登记管理暂行条例 第二十二条",
        },
    ],
    fields: &[
        item(
            "new_name",
            "新名称",
            "只在名称变化时填，写全称。",
            Kind::Line,
        ),
        item(
            "new_domicile",
            "新住所",
            "只在住所变化时填，写到门牌。",
            Kind::Line,
        ),
        item(
            "new_scope",
            "新业务范围",
            "只在业务范围变化时填，照新章程写。",
            Kind::Area,
        ),
        item(
            "new_charter",
            "章程改了什么",
            "只在修改章程时填，写明哪几条怎样改。",
            Kind::Area,
        ),
        item(
            "new_representative",
            "新法定代表人姓名",
            "只在更换时填；要附财务审计报告。只给受理和审批人员看。",
            Kind::Line,
        ),
        Field {
            name: "why",
            label: "变更的原因",
            help: "用几句话说明为什么变更。",
            kind: Kind::Area,
            needed: Needed::Always,
            law: LAW,
        },
        Field {
            name: "sponsor",
            label: "业务主管单位",
            help: "有业务主管单位的写全称，没有不用填；填了就要先登记它同意的日期。",
            kind: Kind::Line,
            needed: Needed::Optional,
            law: LAW,
        },
        CONTACT,
        CONTACT_PHONE,
    ],
    slots: &[
        Slot {
            name: "resolution",
            label: "内部决议",
            help: "按章程作出变更决定的会议纪要，有签名。",
            needed: Needed::Always,
            law: LAW,
        },
        Slot {
            name: "charter",
            label: "修改后的章程",
            help: "全文，标明修改的地方。",
            needed: Needed::With(&["new_name", "new_scope", "new_charter"]),
            law: LAW,
        },
        Slot {
            name: "domicile_proof",
            label: "新住所的使用权证明",
            help: "产权证或者租赁合同。",
            needed: Needed::With(&["new_domicile"]),
            law: LAW,
        },
        Slot {
            name: "audit",
            label: "离任财务审计报告",
            help: "更换法定代表人前做的审计。",
            needed: Needed::With(&["new_representative"]),
            law: "基金会管理条例 第三十七条；社会团体登记管理条例 第二十七条；民办非企业单位登记管理暂行条例 第二十二条",
        },
        Slot {
            name: "declaration",
            label: "新负责人声明",
            help: "声明没有不得担任的情形，有签名。",
            needed: Needed::With(&["new_representative"]),
            law: "慈善法 第十六条",
        },
        Slot {
            name: "sponsor_opinion",
            label: "业务主管单位的书面意见",
            help: "盖章的原件扫描。",
            needed: Needed::With(&["sponsor"]),
            law: LAW,
        },
    ],
    facts: &[
        ("sponsored", &["sponsor"]),
        ("legal_representative", &["new_representative"]),
    ],
    check,
};

const fn item(name: &'static str, label: &'static str, help: &'static str, kind: Kind) -> Field {
    Field {
        name,
        label,
        help,
        kind,
        needed: Needed::Optional,
        law: LAW,
    }
}

fn check(answers: &Answers, _: &Known) -> Vec<Problem> {
    if ITEMS.iter().any(|name| !answers.get(name).is_empty()) {
        return Vec::new();
    }
    vec![Problem::new(
        "new_name",
        "nothing_changes",
        "还没有填要变更的事项，名称、住所、业务范围、章程、法定代表人至少填一项；依据：社会团体登记管理条例 第十八条。",
    )]
}

//! The end of an organisation 终止、清算和注销 (OR-13): why, who goes on with what is left, and what the liquidation came to.

use super::measure::{REASON, public_reason};
use super::{Answers, Condition, Field, Form, Kind, Known, NO, Needed, Slot};
use crate::parties::register::{Item, Standing};
use crate::say;
use crate::text::Problem;
use kernel::Fen;

const GROUNDS: &str = "慈善法 第十七条";
const LAW: &str = "慈善法 第十八条";
/// Most organisations that go on with what one had: a division into more is told in words.
pub const SUCCESSORS_MAX: usize = 5;

/// Codes of the grounds of 慈善法 第十七条.
const WHY: [(&str, &str); 6] = [
    ("charter", "出现章程规定的终止情形"),
    ("merger", "因合并需要终止"),
    ("division", "因分立需要终止"),
    ("idle", "连续二年未从事慈善活动"),
    ("struck", "登记证书被吊销或者登记被撤销"),
    ("other", "依法应当终止的其他情形"),
];

const REASON_OF_END: Field = Field {
    help: "一两句话，写进登记簿、登在组织和活动页面上；不写个人的姓名和号码。",
    law: GROUNDS,
    ..REASON
};

/// 〔终止决议〕
pub(super) const TERMINATION: Form = Form {
    procedure: "termination",
    about: "登记终止决议和清算组；决议的同一分钟停止接受新的捐赠、不能开始新的募捐，已经募得的款物只按备案的用途使用。",
    applicants: "出现终止情形的社会组织，由理事会决议。",
    conditions: &[
        Condition {
            text: "有法律或者章程规定的终止情形。",
            law: GROUNDS,
        },
        Condition {
            text: "终止情形出现之日起三十日内成立清算组进行清算，并向社会公告。",
            law: LAW,
        },
    ],
    fields: &[
        Field {
            name: "ground",
            label: "终止的情形",
            help: "按法律列出的情形选一种。",
            kind: Kind::Choice(&WHY),
            needed: Needed::Always,
            law: GROUNDS,
        },
        Field {
            name: "group_head",
            label: "清算组由谁组成",
            help: "写机构和职务，例如“理事会指定三名理事和一名律师”；只给经办机关看。",
            kind: Kind::Area,
            needed: Needed::Always,
            law: LAW,
        },
        REASON_OF_END,
    ],
    slots: &[
        Slot {
            name: "resolution",
            label: "终止决议",
            help: "理事会会议纪要，写明终止情形和表决结果，有签名。",
            needed: Needed::Always,
            law: GROUNDS,
        },
        Slot {
            name: "sponsor_opinion",
            label: "业务主管单位的意见",
            help: "有业务主管单位的上传，没有不用传。",
            needed: Needed::Optional,
            law: GROUNDS,
        },
    ],
    facts: &[],
    check: |answers, known| {
        let mut found = public_reason(answers);
        let legal = known.register.standing(Item::Legal, known.today);
        let is_struck = legal == Some(Standing::Struck);
        if legal.is_some_and(Standing::is_end) && !is_struck {
            let sentence = say!(
                "登记簿里本组织已经是“{standing}”，不用再办终止，请办理后面的事项；依据：慈善法 第十七条。",
                standing = legal.map_or("", Standing::title)
            );
            found.push(Problem::new("ground", "ended", sentence));
        }
        if !answers.get("ground").is_empty() && is_struck != (answers.get("ground") == "struck") {
            found.push(Problem::new(
                "ground",
                "differs",
                "终止情形与登记簿的记载不一致，请对照登记簿重新选择；依据：慈善法 第十七条。",
            ));
        }
        found
    },
};

/// 〔清算报告〕
pub(super) const DEREGISTRATION: Form = Form {
    procedure: "deregistration",
    about: "清算结束后报告清算结果、申请注销；剩余财产要先移交给宗旨相同或者相近的慈善组织，账上没有余额才能注销。",
    applicants: "已经登记为清算中的社会组织，清算结束后十五日内。",
    conditions: &[
        Condition {
            text: "已经成立清算组并公告，债权人申报期满，债务已经清偿。",
            law: LAW,
        },
        Condition {
            text: "剩余财产按章程转给宗旨相同或者相近的慈善组织；章程没有规定的，由民政部门主持转给，并向社会公告。",
            law: LAW,
        },
        Condition {
            text: "本平台账上的资金全部用完或者移交。",
            law: LAW,
        },
    ],
    fields: &[
        Field {
            name: "noticed_on",
            label: "公告的日期",
            help: "向债权人和社会公告清算的那一天。",
            kind: Kind::Day,
            needed: Needed::Always,
            law: LAW,
        },
        Field {
            name: "claims_until",
            label: "债权申报截止日",
            help: "公告里写的最后一天，参照合规手册不少于四十五日；要已经过去。",
            kind: Kind::Day,
            needed: Needed::Always,
            law: LAW,
        },
        Field {
            name: "debts",
            label: "已清偿的债务",
            help: "包括工资、税款和其他债务，单位元，没有就填0。",
            kind: Kind::Yuan,
            needed: Needed::Always,
            law: LAW,
        },
        Field {
            name: "remaining",
            label: "移交的剩余财产",
            help: "移交给其他慈善组织的款物合计，单位元，没有就填0。",
            kind: Kind::Yuan,
            needed: Needed::Always,
            law: LAW,
        },
        Field {
            name: "successors",
            label: "剩余财产由谁承继",
            help: "接收剩余财产、继续办理的慈善组织，每行一家，填编号或者统一社会信用代码，最多五家；没有剩余财产可以不填。",
            kind: Kind::Area,
            needed: Needed::Optional,
            law: LAW,
        },
        Field {
            name: "similar",
            label: "接收方的宗旨相同或者相近",
            help: "对照双方章程的宗旨和业务范围。",
            kind: Kind::YesNo,
            needed: Needed::With(&["successors"]),
            law: LAW,
        },
        REASON_OF_END,
    ],
    slots: &[
        Slot {
            name: "report",
            label: "清算报告",
            help: "清算组签字的全文，附资产负债表。",
            needed: Needed::Always,
            law: LAW,
        },
        Slot {
            name: "notice",
            label: "清算公告",
            help: "公告的报纸或者网页。",
            needed: Needed::Always,
            law: LAW,
        },
        Slot {
            name: "handover",
            label: "剩余财产移交凭证",
            help: "协议和接收方的收据。",
            needed: Needed::With(&["successors"]),
            law: LAW,
        },
        Slot {
            name: "certificate",
            label: "登记证书、印章缴回单",
            help: "正副本、印章和银行销户证明。",
            needed: Needed::Always,
            law: LAW,
        },
    ],
    facts: &[],
    check: liquidated,
};

fn liquidated(answers: &Answers, known: &Known) -> Vec<Problem> {
    let mut found = public_reason(answers);
    let entry = known.register.on(Item::Legal, known.today);
    let since = entry.filter(|entry| entry.new.standing == Some(Standing::Liquidating));
    match (since, answers.day("noticed_on")) {
        (None, _) => found.push(Problem::new(
            "noticed_on",
            "not_liquidating",
            "登记簿里本组织还不是“清算中”，请先办理终止并成立清算组；依据：慈善法 第十八条。",
        )),
        (Some(_), Some(noticed)) if noticed > known.today => found.push(Problem::new(
            "noticed_on",
            "ahead",
            "公告的日期不能晚于今天，请照公告改正；依据：慈善法 第十八条。",
        )),
        _ => {}
    }
    if let Some(until) = answers.day("claims_until")
        && until >= known.today
    {
        let sentence = say!(
            "债权申报到{until}才截止，请等这一天过去再报告；依据：慈善法 第十八条。",
            until
        );
        found.push(Problem::new("claims_until", "running", sentence));
    }
    found.extend(heirs(answers, known));
    let left = known.around.left;
    if left > 0 {
        let sentence = say!(
            "本组织的资金账上还有{left}没有用完或者移交，请先在资金页面移交剩余财产；依据：慈善法 第十八条。",
            left = Fen::new(left)
        );
        found.push(Problem::new("remaining", "funds_left", sentence));
    }
    if known.around.goods > 0 {
        found.push(Problem::new(
            "remaining",
            "goods_left",
            "本组织账上还有物资没有发放，请先发放或者登记报损；依据：慈善法 第十八条。",
        ));
    }
    found
}

/// Who goes on is in the register, may act, and pursues the same or a like purpose.
fn heirs(answers: &Answers, known: &Known) -> Vec<Problem> {
    let mut found = Vec::new();
    let heirs = &known.around.successors;
    if heirs.len() > SUCCESSORS_MAX {
        found.push(Problem::new(
            "successors",
            "too_many",
            "承继单位最多写五家，请把其余的写进清算报告；依据：慈善法 第十八条。",
        ));
    }
    for heir in heirs.iter().take(SUCCESSORS_MAX) {
        let sentence = match (&heir.id, heir.may_act) {
            (None, _) => say!(
                "没有找到“{typed}”，请核对编号或者统一社会信用代码；依据：慈善法 第十八条。",
                typed = heir.typed.clone()
            ),
            (Some(_), false) => say!(
                "“{name}”现在不是可以活动的慈善组织，请改转给其他慈善组织；依据：慈善法 第十八条。",
                name = heir.name.clone()
            ),
            (Some(_), true) => continue,
        };
        found.push(Problem::new("successors", "heir", sentence));
    }
    if answers.get("similar") == NO {
        found.push(Problem::new(
            "similar",
            "purpose",
            "剩余财产要转给宗旨相同或者相近的慈善组织，请改转给符合条件的；依据：慈善法 第十八条。",
        ));
    }
    if answers.fen("remaining").is_some_and(|fen| fen > 0) && answers.get("successors").is_empty() {
        found.push(Problem::new(
            "successors",
            "nobody",
            "有剩余财产的要写明由谁承继；依据：慈善法 第十八条。",
        ));
    }
    found
}

//! What an office writes down before it suspends, restores or revokes a qualification (CF-04), orders an organisation to
//! stop or takes its registration away (SU-13).

use super::{Answers, Condition, Field, Form, Kind, Known, Needed, Slot};
use crate::parties::register::{Item, Right, Standing};
use crate::say;
use crate::text::Problem;

const LAW: &str = "慈善法 第一百一十一条";
const RULE: &str = "慈善组织公开募捐管理办法 第二十三条";

pub(super) const FACTS: Field = Field {
    name: "facts",
    label: "事实和证据",
    help: "写明查实了什么、依据哪些证据；只给本机关和决定后的当事人看。",
    kind: Kind::Area,
    needed: Needed::Always,
    law: LAW,
};
pub(super) const REASON: Field = Field {
    name: "public_reason",
    label: "向社会公开的理由",
    help: "一两句话，写进登记簿、登在组织和活动页面上；不写个人的姓名和号码。",
    kind: Kind::Area,
    needed: Needed::Always,
    law: "慈善法 第七十六条",
};
pub(super) const EVIDENCE: Slot = Slot {
    name: "evidence",
    label: "证据材料",
    help: "检查笔录、账目、照片等。",
    needed: Needed::Always,
    law: LAW,
};
const NOTICE: Slot = Slot {
    name: "notice",
    label: "事先告知书",
    help: "写明拟作出的决定、事实、理由和依据，以及陈述、申辩的权利。",
    needed: Needed::Always,
    law: LAW,
};

/// 〔中止意见〕
pub(super) const SUSPENSION: Form = Form {
    procedure: "suspension",
    about: "决定作出的同一分钟，正在进行的募捐停止接受新的捐赠；已经募得的款物照常使用。",
    applicants: "由登记管理机关提出，不接受申请。",
    conditions: &[Condition {
        text: "违法情形已经查实，事先告知了当事人并听取了陈述、申辩。",
        law: LAW,
    }],
    fields: &[FACTS, REASON],
    slots: &[EVIDENCE, NOTICE],
    facts: &[],
    check: |answers, known| {
        check(answers, (known, "right_not_valid"), |right| {
            matches!(right, Right::Valid(_))
        })
    },
};

/// 〔恢复意见〕
pub(super) const LIFTING: Form = Form {
    procedure: "lifting",
    about: "整改到位后提前解除中止；原证书还没到期的继续有效，已经到期的可以重新申请；到期的中止由系统自动恢复，不用办理。",
    applicants: "由登记管理机关提出，不接受申请。",
    conditions: &[Condition {
        text: "要求整改的事项已经改正。",
        law: RULE,
    }],
    fields: &[FACTS, REASON],
    slots: &[EVIDENCE],
    facts: &[],
    check: |answers, known| {
        check(answers, (known, "right_not_suspended"), |right| {
            is_standing(right, Standing::Suspended)
        })
    },
};

/// 〔吊销意见〕
pub(super) const REVOCATION: Form = Form {
    procedure: "revocation",
    about: "决定作出的同一分钟停止全部募捐，五年内不能再次申请；已经募得的款物按备案方案继续使用并公开。",
    applicants: "由登记管理机关提出，不接受申请。",
    conditions: &[Condition {
        text: "违法情形已经查实，事先告知了当事人并听取了陈述、申辩。",
        law: LAW,
    }],
    fields: &[FACTS, REASON],
    slots: &[EVIDENCE, NOTICE],
    facts: &[],
    check: |answers, known| {
        check(answers, (known, "right_not_valid"), |right| {
            matches!(right, Right::Valid(_)) || is_standing(right, Standing::Suspended)
        })
    },
};

/// 〔限期停止活动意见〕
pub(super) const ORDERED_STOP: Form = Form {
    procedure: "ordered_stop",
    about: "决定作出的同一分钟，停止开始任何新的活动、募捐和接受捐赠；期满自动恢复。",
    applicants: "由登记管理机关提出，不接受申请。",
    conditions: &[Condition {
        text: "违法情形已经查实，事先告知了当事人并听取了陈述、申辩。",
        law: STOP,
    }],
    fields: &[Field { law: STOP, ..FACTS }, REASON],
    slots: &[
        Slot {
            law: STOP,
            ..EVIDENCE
        },
        Slot {
            law: STOP,
            ..NOTICE
        },
    ],
    facts: &[],
    check: of_legal,
};

/// 〔吊销登记证书意见〕
pub(super) const STRIKING: Form = Form {
    procedure: "striking",
    about: "决定作出的同一分钟停止全部活动；随后由清算组清算，负责人五年内不能再担任其他慈善组织的负责人。",
    applicants: "由登记管理机关提出，不接受申请。",
    conditions: &[Condition {
        text: "违法情形已经查实、情节严重，事先告知了当事人并听取了陈述、申辩。",
        law: STRIKE,
    }],
    fields: &[
        Field {
            law: STRIKE,
            ..FACTS
        },
        REASON,
    ],
    slots: &[
        Slot {
            law: STRIKE,
            ..EVIDENCE
        },
        Slot {
            law: STRIKE,
            ..NOTICE
        },
    ],
    facts: &[],
    check: of_legal,
};

const STOP: &str = "慈善法 第一百一十条";
const STRIKE: &str = "慈善法 第一百零九条";

/// What is gone already can neither be stopped nor taken away.
fn of_legal(answers: &Answers, known: &Known) -> Vec<Problem> {
    let mut found = public_reason(answers);
    let legal = known.register.standing(Item::Legal, known.today);
    if let Some(standing) = legal.filter(|standing| standing.is_end()) {
        let sentence = say!(
            "登记簿里这家组织已经是“{standing}”，不能再作这样的处理，请先核对它的登记记载；依据：慈善法 第一百零九条。",
            standing = standing.title()
        );
        found.push(Problem::new("public_reason", "ended", sentence));
    }
    found
}

/// What everybody will read holds no number of a person.
pub(super) fn public_reason(answers: &Answers) -> Vec<Problem> {
    let mut words = crate::text::Form::new();
    words.public("public_reason", REASON.label, answers.get("public_reason"));
    words.problems()
}

fn is_standing(right: Right, wanted: Standing) -> bool {
    matches!(right, Right::Stopped { standing, .. } if standing == wanted)
}

/// What everybody will read holds no number of a person, and the register must allow what is proposed.
fn check(
    answers: &Answers,
    (known, code): (&Known, &'static str),
    may: fn(Right) -> bool,
) -> Vec<Problem> {
    let mut found = public_reason(answers);
    if !may(known.register.right(known.today)) {
        found.push(Problem::new(
            "public_reason",
            code,
            "登记簿里这家组织现在的资格状态不能作这样的处理，请先核对它的登记记载；依据：慈善组织公开募捐管理办法 第二十三条。",
        ));
    }
    found
}

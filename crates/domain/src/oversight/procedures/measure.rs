//! What an office does by itself about what its register says 依职权处理 (CF-04, SU-07, SU-12): suspend a
//! public-fundraising qualification, restore it, revoke it, order an organisation to stop, take its registration away,
//! enter a grade, and correct an entry that was a mistake. Nobody applies for these: a clerk
//! proposes, with facts and documents, and a leader decides.

use super::licence::{IN_CALENDAR_DAYS, IN_WORKING_DAYS, OF_AUTHORITY};
use super::roles::{AUTHORITY, CLERK, LEADER};
use matter::{Clock, Dated, Demand, Effect, Length, Phase, Procedure, Requirement, State, Step};

const DRAFT: State = State::new("draft", "草拟意见", Phase::Preparing);
const PROPOSED: State =
    State::new("proposed", "待决定", Phase::Deciding).demanding(&[Demand::of(&["propose"], 1)]);
const DROPPED: State = State::new("dropped", "不予处理", Phase::Refused)
    .last()
    .demanding(DECIDED_BY_TWO);
const ABANDONED: State = State::new("abandoned", "撤回意见", Phase::Withdrawn).last();
/// Two people: who proposed and who decided.
const DECIDED_BY_TWO: &[Demand] = &[
    Demand::of(&["propose"], 1),
    Demand::of(&["decide", "drop"], 1),
];

const PROPOSE: Step = Step {
    name: "propose",
    title: "提出处理意见",
    from: &["draft"],
    to: "proposed",
    roles: &[CLERK],
    effect: Effect::Submit,
    starts: &["decision"],
    ..Step::PLAIN
};
const NOTIFY: Step = Step {
    name: "notify",
    title: "登记已事先告知并听取陈述申辩",
    from: &["proposed"],
    roles: &[CLERK],
    effect: Effect::Approve,
    reason_required: true,
    dated: Dated::Stated,
    ..Step::PLAIN
};
const REWORK: Step = Step {
    name: "rework",
    title: "退回修改",
    from: &["proposed"],
    to: "draft",
    roles: &[LEADER],
    reason_required: true,
    satisfies: &["decision"],
    ..Step::PLAIN
};
const DECIDE: Step = Step {
    name: "decide",
    title: "作出决定",
    from: &["proposed"],
    roles: &[LEADER],
    apart_from: CLERKS,
    reason_required: true,
    published: true,
    satisfies: &["decision"],
    ..Step::PLAIN
};
const DROP: Step = Step {
    name: "drop",
    title: "不予处理",
    from: &["proposed"],
    to: "dropped",
    roles: &[LEADER],
    apart_from: CLERKS,
    reason_required: true,
    satisfies: &["decision"],
    ..Step::PLAIN
};
const ABANDON: Step = Step {
    name: "abandon",
    title: "撤回意见",
    from: &["draft"],
    to: "abandoned",
    roles: &[CLERK],
    ..Step::PLAIN
};
/// Whoever proposed or told the organisation decides nothing.
const CLERKS: &[&str] = &["propose", "notify"];

/// Ninety days from the proposal that opens the case.
const CLOCKS: &[Clock] = &[Clock {
    title: "作出处理决定",
    rule: "SU-12",
    law: "行政处罚法 第六十条",
    length: Length::Days(90),
    counting: IN_CALENDAR_DAYS,
    yellow: 14,
    ..OF_AUTHORITY
}];
/// Nobody is heard before something is given back.
const PROPOSER: &[&str] = &["propose"];
const TOLD_FIRST: &[Requirement] = &[Requirement::of("notify", 1)];

const MEASURE: Procedure = Procedure {
    name: "",
    title: "",
    rules: &["CF-04", "SU-12"],
    roles: AUTHORITY,
    facts: &[],
    start: "draft",
    states: &[],
    steps: &[],
    clocks: CLOCKS,
};

/// 〔中止公开募捐资格〕 While it lasts, nothing is raised.
pub const SUSPENSION: Procedure = Procedure {
    name: "suspension",
    title: "中止公开募捐资格",
    states: &[
        DRAFT,
        PROPOSED,
        State::new("suspended", "已中止", Phase::InForce)
            .last()
            .demanding(DECIDED_BY_TWO),
        DROPPED,
        ABANDONED,
    ],
    steps: &[
        PROPOSE,
        NOTIFY,
        REWORK,
        Step {
            title: "决定中止",
            to: "suspended",
            requires: TOLD_FIRST,
            ..DECIDE
        },
        DROP,
        ABANDON,
    ],
    ..MEASURE
};

/// 〔恢复公开募捐资格〕 A suspension ends before its time, or one that had no end.
pub const LIFTING: Procedure = Procedure {
    name: "lifting",
    title: "恢复公开募捐资格",
    states: &[
        DRAFT,
        PROPOSED,
        State::new("lifted", "已恢复", Phase::InForce)
            .last()
            .demanding(DECIDED_BY_TWO),
        DROPPED,
        ABANDONED,
    ],
    steps: &[
        PROPOSE,
        REWORK,
        Step {
            title: "决定恢复",
            to: "lifted",
            apart_from: PROPOSER,
            ..DECIDE
        },
        Step {
            apart_from: PROPOSER,
            ..DROP
        },
        ABANDON,
    ],
    ..MEASURE
};

/// 〔吊销公开募捐资格〕 Raising stops at once and for good; a new application waits five years.
pub const REVOCATION: Procedure = Procedure {
    name: "revocation",
    title: "吊销公开募捐资格",
    states: &[
        DRAFT,
        PROPOSED,
        State::new("revoked", "已吊销", Phase::InForce)
            .last()
            .demanding(DECIDED_BY_TWO),
        DROPPED,
        ABANDONED,
    ],
    steps: &[
        PROPOSE,
        NOTIFY,
        REWORK,
        Step {
            title: "决定吊销",
            to: "revoked",
            requires: TOLD_FIRST,
            ..DECIDE
        },
        DROP,
        ABANDON,
    ],
    ..MEASURE
};

/// 〔限期停止活动〕 The organisation may do nothing new until a day; what it has raised goes on being used.
pub const ORDERED_STOP: Procedure = Procedure {
    name: "ordered_stop",
    title: "责令限期停止活动",
    rules: &["SU-12", "SU-13"],
    states: &[
        DRAFT,
        PROPOSED,
        State::new("stopped", "已责令停止活动", Phase::InForce)
            .last()
            .demanding(DECIDED_BY_TWO),
        DROPPED,
        ABANDONED,
    ],
    steps: &[
        PROPOSE,
        NOTIFY,
        REWORK,
        Step {
            title: "决定限期停止活动",
            to: "stopped",
            requires: TOLD_FIRST,
            ..DECIDE
        },
        DROP,
        ABANDON,
    ],
    ..MEASURE
};

/// 〔吊销登记证书〕 The registration is taken away for good; what is left is liquidated.
pub const STRIKING: Procedure = Procedure {
    name: "striking",
    title: "吊销登记证书",
    rules: &["SU-12", "SU-13"],
    states: &[
        DRAFT,
        PROPOSED,
        State::new("struck", "登记证书已吊销", Phase::InForce)
            .last()
            .demanding(DECIDED_BY_TWO),
        DROPPED,
        ABANDONED,
    ],
    steps: &[
        PROPOSE,
        NOTIFY,
        REWORK,
        Step {
            title: "决定吊销登记证书",
            to: "struck",
            requires: TOLD_FIRST,
            ..DECIDE
        },
        DROP,
        ABANDON,
    ],
    ..MEASURE
};

/// 〔登记评估等级〕 What an evaluation came to is entered; the days of validity follow from the day of its announcement.
pub const GRADING: Procedure = Procedure {
    name: "grading",
    title: "登记评估等级",
    rules: &["SU-07"],
    states: &[
        DRAFT,
        PROPOSED,
        State::new("graded", "已登记等级", Phase::InForce)
            .last()
            .demanding(DECIDED_BY_TWO),
        DROPPED,
        ABANDONED,
    ],
    steps: &[
        PROPOSE,
        REWORK,
        Step {
            title: "决定登记等级",
            to: "graded",
            apart_from: PROPOSER,
            ..DECIDE
        },
        Step {
            apart_from: PROPOSER,
            title: "不予登记",
            ..DROP
        },
        ABANDON,
    ],
    clocks: ENTERED,
    ..MEASURE
};

/// A credit entry is made within five working days after the event (SU-02).
const ENTERED: &[Clock] = &[Clock {
    title: "登记评估等级",
    rule: "SU-02",
    law: "社会组织信用信息管理办法：信息形成后五个工作日",
    length: Length::WorkingDays(5),
    counting: IN_WORKING_DAYS,
    yellow: 2,
    ..OF_AUTHORITY
}];

/// 〔更正登记记载〕 An entry was a mistake: another one takes its place, and both stay to be read.
pub const CORRECTION: Procedure = Procedure {
    name: "correction",
    title: "更正登记记载",
    rules: &["DI-15"],
    states: &[
        DRAFT,
        PROPOSED,
        State::new("corrected", "已更正", Phase::InForce)
            .last()
            .demanding(DECIDED_BY_TWO),
        DROPPED,
        ABANDONED,
    ],
    steps: &[
        PROPOSE,
        REWORK,
        Step {
            title: "决定更正",
            to: "corrected",
            apart_from: PROPOSER,
            ..DECIDE
        },
        Step {
            apart_from: PROPOSER,
            title: "不予更正",
            ..DROP
        },
        ABANDON,
    ],
    ..MEASURE
};

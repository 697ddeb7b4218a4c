//! The end of an organisation (OR-13): termination 终止, which stops everything new and calls a group for the liquidation
//! within thirty days, and deregistration 注销, which waits until what is left has gone to an organisation of like purpose.
//!
//! Two tables, because two things are asked for: what the council resolved, and later what the liquidation came to.

use super::licence::{
    COMPLETENESS, OF_AUTHORITY, OF_ORGANISATION, PREPARE, RETURNED, REVIEW, REVIEW_AGAIN,
};
use super::roles::{
    CLERK, COUNCIL, LEADER, ORGANISATION_AND_AUTHORITY, ORGANISATION_CHECKER, ORGANISATION_MAKER,
};
use matter::{
    Clock, Dated, Demand, Effect, Length, Nature, Phase, Procedure, Requirement, State, Step,
};

/// Who wrote it, and the council behind it.
const RESOLVED: &[Demand] = &[Demand::of(&["prepare"], 1), Demand::of(&["resolve"], 1)];

/// 〔终止〕 From the grounds of the end to the group that liquidates.
pub const TERMINATION: Procedure = Procedure {
    name: "termination",
    title: "终止并成立清算组",
    rules: &["OR-13"],
    roles: ORGANISATION_AND_AUTHORITY,
    facts: &[],
    start: "draft",
    states: &[
        State::new("draft", "草拟", Phase::Preparing),
        State::new("prepared", "待决议", Phase::Preparing),
        State::new("terminating", "已终止待清算", Phase::Preparing).demanding(RESOLVED),
        State::new("liquidating", "清算中", Phase::InForce)
            .last()
            .demanding(&[
                Demand::of(&["prepare"], 1),
                Demand::of(&["resolve"], 1),
                Demand::of(&["form_group"], 1),
            ]),
        State::new("dropped", "不再终止", Phase::Withdrawn).last(),
    ],
    steps: &[
        Step {
            title: "拟写终止决议",
            from: &["draft"],
            ..PREPARE
        },
        Step {
            name: "rework",
            title: "退回修改",
            from: &["prepared"],
            to: "draft",
            roles: &[COUNCIL],
            reason_required: true,
            ..Step::PLAIN
        },
        Step {
            name: "resolve",
            title: "决议终止",
            from: &["prepared"],
            to: "terminating",
            roles: &[COUNCIL],
            effect: Effect::Approve,
            apart_from: &["prepare"],
            dated: Dated::Stated,
            published: true,
            starts: &["group"],
            ..Step::PLAIN
        },
        Step {
            name: "drop",
            title: "不再终止",
            from: &["draft", "prepared"],
            to: "dropped",
            roles: &[COUNCIL],
            reason_required: true,
            ..Step::PLAIN
        },
        Step {
            name: "form_group",
            title: "成立清算组并公告",
            from: &["terminating"],
            to: "liquidating",
            roles: &[ORGANISATION_CHECKER],
            apart_from: &["prepare", "resolve"],
            published: true,
            satisfies: &["group"],
            ..Step::PLAIN
        },
    ],
    clocks: &[Clock {
        name: "group",
        title: "成立清算组",
        rule: "OR-13",
        law: "慈善法 第十八条",
        length: Length::Days(30),
        ..OF_ORGANISATION
    }],
};

const ORGANISATION_SIDE: &[&str] = &["report", "confirm", "apply"];
/// A report, the council behind it, who handed it in, who looked into it, who ended the registration.
const DEREGISTERED: &[Demand] = &[
    Demand::of(&["report"], 1),
    Demand::of(&["confirm"], 1),
    Demand::of(&["apply"], 1),
    Demand::of(&["review"], 1),
    Demand::of(&["deregister"], 1),
];

/// 〔注销登记〕 From the report of the liquidation to the end of the registration.
pub const DEREGISTRATION: Procedure = Procedure {
    name: "deregistration",
    title: "清算结束并注销登记",
    rules: &["OR-13"],
    roles: ORGANISATION_AND_AUTHORITY,
    facts: &[],
    start: "draft",
    states: &[
        State::new("draft", "草拟", Phase::Preparing),
        State::new("reported", "清算报告待确认", Phase::Preparing),
        State::new("liquidated", "清算结束", Phase::Preparing)
            .demanding(&[Demand::of(&["report"], 1), Demand::of(&["confirm"], 1)]),
        State::new("submitted", "待受理", Phase::Deciding),
        RETURNED,
        State::new("accepted", "已受理", Phase::Deciding),
        State::new("deregistered", "已注销", Phase::Closed)
            .last()
            .demanding(DEREGISTERED),
    ],
    steps: STEPS,
    clocks: CLOCKS,
};

const STEPS: &[Step] = &[
    Step {
        name: "report",
        title: "提交清算报告",
        from: &["draft", "returned"],
        to: "reported",
        roles: &[ORGANISATION_MAKER],
        effect: Effect::Submit,
        ..Step::PLAIN
    },
    Step {
        name: "rework",
        title: "退回修改",
        from: &["reported"],
        to: "draft",
        roles: &[COUNCIL],
        reason_required: true,
        ..Step::PLAIN
    },
    Step {
        name: "confirm",
        title: "确认清算报告，清算结束",
        from: &["reported"],
        to: "liquidated",
        roles: &[COUNCIL],
        effect: Effect::Approve,
        apart_from: &["report"],
        dated: Dated::Stated,
        starts: &["deregistration"],
        ..Step::PLAIN
    },
    Step {
        name: "apply",
        title: "申请注销登记",
        from: &["liquidated"],
        to: "submitted",
        roles: &[ORGANISATION_CHECKER],
        effect: Effect::Approve,
        apart_from: &["report", "confirm"],
        satisfies: &["deregistration"],
        starts: &["completeness"],
        ..Step::PLAIN
    },
    Step {
        name: "accept",
        title: "受理",
        from: &["submitted"],
        to: "accepted",
        roles: &[CLERK],
        apart_from: ORGANISATION_SIDE,
        published: true,
        satisfies: &["completeness"],
        starts: &["decision"],
        ..Step::PLAIN
    },
    Step {
        name: "return",
        title: "一次性告知补正",
        from: &["submitted"],
        to: "returned",
        roles: &[CLERK],
        effect: Effect::Return,
        apart_from: ORGANISATION_SIDE,
        satisfies: &["completeness"],
        ..Step::PLAIN
    },
    Step {
        apart_from: ORGANISATION_SIDE,
        ..REVIEW
    },
    Step {
        apart_from: ORGANISATION_SIDE,
        ..REVIEW_AGAIN
    },
    Step {
        name: "deregister",
        title: "准予注销并公告",
        from: &["accepted"],
        to: "deregistered",
        roles: &[LEADER],
        requires: &[Requirement::of("review", 1)],
        apart_from: &["report", "confirm", "apply", "accept", "review"],
        published: true,
        satisfies: &["decision"],
        ..Step::PLAIN
    },
];

const CLOCKS: &[Clock] = &[
    Clock {
        name: "deregistration",
        title: "申请注销登记",
        rule: "OR-13",
        law: "基金会管理条例 第十八条；社会团体登记管理条例 第二十一条；民办非企业单位登记管理暂行条例 第十七条",
        length: Length::Days(15),
        yellow: 5,
        ..OF_ORGANISATION
    },
    COMPLETENESS,
    Clock {
        title: "作出注销决定",
        rule: "house",
        law: "本平台承诺，参照行政许可法 第四十二条",
        nature: Nature::Promised,
        ..OF_AUTHORITY
    },
];

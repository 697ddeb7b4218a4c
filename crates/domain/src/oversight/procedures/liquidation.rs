//! Termination and liquidation 终止清算与注销 (OR-13): a group within thirty days, a notice to creditors, a report, the
//! remaining property to a similar charity, and the end of the registration within fifteen days.

use super::licence::{
    COMPLETENESS, IN_CALENDAR_DAYS, OF_AUTHORITY, OF_ORGANISATION, REVIEW, REVIEW_AGAIN,
};
use super::roles::{
    CLERK, COUNCIL, LEADER, ORGANISATION_AND_AUTHORITY, ORGANISATION_CHECKER, ORGANISATION_MAKER,
};
use matter::{
    Clock, Dated, Demand, Effect, Length, Nature, Phase, Procedure, Requirement, State, Step, When,
    Window,
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

/// 〔终止清算与注销〕 From the grounds of the end to the end of the registration.
pub const LIQUIDATION: Procedure = Procedure {
    name: "liquidation",
    title: "终止清算与注销登记",
    rules: &["OR-13"],
    roles: ORGANISATION_AND_AUTHORITY,
    facts: &[],
    start: "planned",
    states: &[
        State::new("planned", "拟终止", Phase::Preparing),
        State::new("terminating", "已终止待清算", Phase::Preparing),
        State::new("liquidating", "清算中", Phase::Preparing),
        State::new("reported", "清算报告待确认", Phase::Preparing),
        State::new("liquidated", "清算结束", Phase::Preparing)
            .demanding(&[Demand::of(&["report"], 1), Demand::of(&["confirm"], 1)]),
        State::new("submitted", "待受理", Phase::Deciding),
        State::new("returned", "待补正", Phase::Mending),
        State::new("accepted", "已受理", Phase::Deciding),
        State::new("deregistered", "已注销", Phase::Closed)
            .last()
            .demanding(DEREGISTERED),
        State::new("dropped", "不再终止", Phase::Withdrawn).last(),
    ],
    steps: STEPS,
    clocks: CLOCKS,
};

const STEPS: &[Step] = &[
    Step {
        name: "resolve",
        title: "决议终止",
        from: &["planned"],
        to: "terminating",
        roles: &[COUNCIL],
        dated: Dated::Stated,
        published: true,
        starts: &["group"],
        ..Step::PLAIN
    },
    Step {
        name: "find_grounds",
        title: "认定终止情形",
        from: &["planned"],
        to: "terminating",
        roles: &[LEADER],
        dated: Dated::Stated,
        reason_required: true,
        published: true,
        starts: &["group"],
        ..Step::PLAIN
    },
    Step {
        name: "drop",
        title: "不再终止",
        from: &["planned"],
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
        published: true,
        satisfies: &["group"],
        starts: &["creditors"],
        ..Step::PLAIN
    },
    Step {
        name: "report",
        title: "提交清算报告",
        from: &["liquidating", "returned"],
        to: "reported",
        roles: &[ORGANISATION_MAKER],
        effect: Effect::Submit,
        window: Window::After("creditors"),
        ..Step::PLAIN
    },
    Step {
        name: "transfer",
        title: "登记剩余财产移交",
        from: &["reported"],
        roles: &[ORGANISATION_MAKER],
        published: true,
        ..Step::PLAIN
    },
    Step {
        name: "rework",
        title: "退回修改",
        from: &["reported"],
        to: "liquidating",
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
        requires: &[Requirement::of("transfer", 1)],
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
        name: "group",
        title: "成立清算组",
        rule: "OR-13",
        law: "慈善法 第十八条",
        length: Length::Days(30),
        ..OF_ORGANISATION
    },
    // Forty-five days come from a handbook that restates company law, so nobody is late by them.
    Clock {
        name: "creditors",
        title: "债权人申报",
        rule: "OR-13",
        law: "本平台采用的公告期，参照基金会合规管理手册",
        nature: Nature::Waiting,
        length: Length::Days(45),
        counting: IN_CALENDAR_DAYS,
        when: When::Always,
        ..OF_ORGANISATION
    },
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

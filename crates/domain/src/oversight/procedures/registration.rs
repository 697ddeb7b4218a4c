//! Registration of a new organisation 成立登记 (OR-01, OR-11): thirty days for a charity, sixty for others.

use super::licence::{
    ACCEPT, ACCEPTED, COMPLETENESS, DRAFT, GRANT, NOT_ACCEPT, NOT_ACCEPTED, OF_AUTHORITY, PAUSE,
    PAUSED, REFUSE, RESUME, RETURN, RETURNED, REVIEW, REVIEW_AGAIN, WITHDRAW, WITHDRAWN,
};
use super::recognition::{ASK_EXTENSION, BY_MINISTRY, EXTEND};
use super::roles::{APPLICANT, FOUNDERS_AND_AUTHORITY};
use matter::{
    Clock, Dated, Demand, Effect, Fact, Length, Nature, Phase, Procedure, Requirement, SYSTEM,
    State, Step, When, Window,
};

/// Three people: who applied, who looked into it, who decided.
const DECIDED: &[Demand] = &[
    Demand::of(&["apply"], 1),
    Demand::of(&["review"], 1),
    Demand::of(&["grant", "refuse"], 1),
];
const APPLICANT_SIDE: &[&str] = &["apply"];
const BEFORE_DECISION: &[&str] = &["apply", "accept", "review"];

/// 〔成立登记〕 Asked by founders, decided by the registration authority.
pub const REGISTRATION: Procedure = Procedure {
    name: "registration",
    title: "成立登记",
    rules: &["OR-01", "OR-05", "OR-06", "OR-11"],
    roles: FOUNDERS_AND_AUTHORITY,
    facts: &[Fact {
        name: "charity",
        title: "申请登记为慈善组织",
    }],
    start: "draft",
    states: &[
        DRAFT,
        State::new("submitted", "待受理", Phase::Deciding).demanding(&[Demand::of(&["apply"], 1)]),
        RETURNED,
        ACCEPTED,
        PAUSED,
        State::new("registered", "已登记", Phase::InForce)
            .last()
            .demanding(DECIDED),
        State::new("refused", "不予登记", Phase::Refused)
            .last()
            .demanding(DECIDED),
        NOT_ACCEPTED,
        WITHDRAWN,
    ],
    steps: STEPS,
    clocks: CLOCKS,
};

const STEPS: &[Step] = &[
    Step {
        name: "apply",
        title: "提交申请",
        from: &["draft", "returned"],
        to: "submitted",
        roles: &[APPLICANT],
        effect: Effect::Submit,
        states_facts: &["charity"],
        starts: &["completeness"],
        ..Step::PLAIN
    },
    Step {
        apart_from: APPLICANT_SIDE,
        starts: &["decision", "decision_other"],
        ..ACCEPT
    },
    // Who does not tell the gaps in time has accepted on the day of the application, which the house states.
    Step {
        name: "deem_accepted",
        title: "逾期未告知，视为受理",
        from: &["submitted"],
        to: "accepted",
        roles: &[SYSTEM],
        window: Window::After("completeness"),
        dated: Dated::Stated,
        published: true,
        cancels: &["completeness"],
        starts: &["decision", "decision_other"],
        ..Step::PLAIN
    },
    Step {
        apart_from: APPLICANT_SIDE,
        ..RETURN
    },
    Step {
        apart_from: APPLICANT_SIDE,
        ..NOT_ACCEPT
    },
    Step {
        apart_from: APPLICANT_SIDE,
        ..REVIEW
    },
    Step {
        apart_from: APPLICANT_SIDE,
        ..REVIEW_AGAIN
    },
    Step {
        apart_from: APPLICANT_SIDE,
        pauses: &["decision", "decision_other"],
        ..PAUSE
    },
    Step {
        apart_from: APPLICANT_SIDE,
        resumes: &["decision", "decision_other"],
        ..RESUME
    },
    Step {
        when: When::Fact("charity"),
        apart_from: APPLICANT_SIDE,
        ..ASK_EXTENSION
    },
    Step {
        when: When::Fact("charity"),
        apart_from: &["apply", "ask_extension"],
        ..EXTEND
    },
    Step {
        title: "准予登记",
        to: "registered",
        requires: &[Requirement::of("review", 1)],
        apart_from: BEFORE_DECISION,
        satisfies: &["decision", "decision_other"],
        ..GRANT
    },
    Step {
        title: "不予登记",
        apart_from: BEFORE_DECISION,
        satisfies: &["decision", "decision_other"],
        ..REFUSE
    },
    Step {
        from: &["draft", "submitted", "returned", "accepted", "paused"],
        roles: &[APPLICANT],
        ..WITHDRAW
    },
];

const CLOCKS: &[Clock] = &[
    Clock {
        rule: "OR-01",
        law: "行政许可法 第三十二条",
        nature: Nature::Statutory,
        ..COMPLETENESS
    },
    Clock {
        title: "作出登记决定",
        rule: "OR-01",
        law: "慈善法 第十条",
        length: Length::WorkingDays(30),
        when: When::Fact("charity"),
        extension: Some(BY_MINISTRY),
        ..OF_AUTHORITY
    },
    Clock {
        name: "decision_other",
        title: "作出登记决定",
        rule: "OR-11",
        law: "基金会管理条例 第十一条；社会团体登记管理条例 第十二条；民办非企业单位登记管理暂行条例 第十一条",
        length: Length::WorkingDays(60),
        when: When::Without("charity"),
        ..OF_AUTHORITY
    },
];

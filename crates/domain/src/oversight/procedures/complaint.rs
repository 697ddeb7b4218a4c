//! Complaints 投诉举报 (SU-09, SU-10, SU-11): fifteen days to say what happens, sixty to conclude, and two reviews.
//!
//! Complaints to an organisation or a platform itself are another procedure.

use super::licence::{IN_CALENDAR_DAYS, IN_WORKING_DAYS, OF_AUTHORITY};
use super::roles::{CLERK, COMPLAINANT, COMPLAINT as ROLES, HANDLER, LEADER, SUPERIOR};
use matter::{
    Clock, Demand, Effect, Extension, Length, Nature, Phase, Procedure, Requirement, SYSTEM, State,
    Step, Window,
};

/// Two handlers who looked, and somebody else who concluded.
const CONCLUDED: &[Demand] = &[
    Demand::of(&["find"], 2),
    Demand::of(&["conclude", "open_case"], 1),
];
const LOOKED: &[&str] = &["take_up", "find"];
/// Whoever concludes has not accepted either.
const BEFORE_CONCLUSION: &[&str] = &["accept", "take_up", "find"];

/// 〔投诉举报〕 From the receipt to the answer, and through both reviews.
pub const COMPLAINT: Procedure = Procedure {
    name: "complaint",
    title: "投诉举报",
    rules: &["SU-08", "SU-09", "SU-10", "SU-11"],
    roles: ROLES,
    facts: &[],
    start: "received",
    states: &[
        State::new("received", "已收到", Phase::Preparing),
        State::new("registered", "已登记", Phase::Deciding),
        State::new("not_accepted", "不予受理", Phase::Refused).last(),
        State::new("transferred", "已转送", Phase::Closed).last(),
        State::new("accepted", "已受理", Phase::Deciding),
        State::new("investigating", "调查中", Phase::Deciding)
            .demanding(&[Demand::of(&["take_up"], 2)]),
        State::new("concluded", "已有结论", Phase::Deciding).demanding(CONCLUDED),
        State::new("replied", "已答复", Phase::InForce).demanding(CONCLUDED),
        State::new("review", "复查中", Phase::Deciding),
        State::new("reviewed", "复查已答复", Phase::InForce),
        State::new("second_review", "复核中", Phase::Deciding),
        State::new("closed", "已办结", Phase::Closed).last(),
        State::new("case_opened", "已立案", Phase::Closed)
            .last()
            .demanding(CONCLUDED),
    ],
    steps: STEPS,
    clocks: CLOCKS,
};

const STEPS: &[Step] = &[
    Step {
        name: "register",
        title: "登记并给出查询码",
        from: &["received"],
        to: "registered",
        roles: &[SYSTEM],
        starts: &["notice", "acceptance"],
        ..Step::PLAIN
    },
    Step {
        name: "accept",
        title: "受理",
        from: &["registered"],
        to: "accepted",
        roles: &[CLERK],
        satisfies: &["notice", "acceptance"],
        starts: &["conclusion"],
        ..Step::PLAIN
    },
    Step {
        name: "not_accept",
        title: "不予受理",
        from: &["registered"],
        to: "not_accepted",
        roles: &[CLERK],
        reason_required: true,
        satisfies: &["notice", "acceptance"],
        ..Step::PLAIN
    },
    Step {
        name: "transfer",
        title: "转送有权处理的机关",
        from: &["registered"],
        to: "transferred",
        roles: &[CLERK],
        reason_required: true,
        satisfies: &["notice", "acceptance"],
        ..Step::PLAIN
    },
    Step {
        name: "take_up",
        title: "承办",
        from: &["accepted"],
        roles: &[HANDLER],
        effect: Effect::Approve,
        ..Step::PLAIN
    },
    Step {
        name: "investigate",
        title: "开始调查",
        from: &["accepted"],
        to: "investigating",
        roles: &[HANDLER],
        requires: &[Requirement::of("take_up", 2)],
        ..Step::PLAIN
    },
    Step {
        name: "find",
        title: "签署调查意见",
        from: &["investigating"],
        roles: &[HANDLER],
        effect: Effect::Approve,
        ..Step::PLAIN
    },
    Step {
        name: "find_again",
        title: "退回补充调查",
        from: &["investigating"],
        roles: &[LEADER],
        apart_from: LOOKED,
        resets: &["find"],
        reason_required: true,
        ..Step::PLAIN
    },
    Step {
        name: "extend",
        title: "延长期限并告知",
        from: &["accepted", "investigating"],
        roles: &[LEADER],
        apart_from: LOOKED,
        reason_required: true,
        published: true,
        extends: Some("conclusion"),
        ..Step::PLAIN
    },
    Step {
        name: "conclude",
        title: "作出结论",
        from: &["investigating"],
        to: "concluded",
        roles: &[LEADER],
        requires: &[Requirement::of("find", 2)],
        apart_from: BEFORE_CONCLUSION,
        reason_required: true,
        satisfies: &["conclusion"],
        starts: &["reply"],
        ..Step::PLAIN
    },
    Step {
        name: "open_case",
        title: "立案查处",
        from: &["investigating"],
        to: "case_opened",
        roles: &[LEADER],
        requires: &[Requirement::of("find", 2)],
        apart_from: BEFORE_CONCLUSION,
        reason_required: true,
        satisfies: &["conclusion"],
        ..Step::PLAIN
    },
    Step {
        name: "reply",
        title: "答复并公开摘要",
        from: &["concluded"],
        to: "replied",
        roles: &[CLERK],
        published: true,
        satisfies: &["reply"],
        starts: &["ask_review"],
        ..Step::PLAIN
    },
    Step {
        name: "ask_review",
        title: "申请复查",
        from: &["replied"],
        to: "review",
        roles: &[COMPLAINANT],
        window: Window::Within("ask_review"),
        reason_required: true,
        cancels: &["ask_review"],
        starts: &["review"],
        ..Step::PLAIN
    },
    Step {
        name: "close",
        title: "期满办结",
        from: &["replied"],
        to: "closed",
        roles: &[SYSTEM],
        window: Window::After("ask_review"),
        ..Step::PLAIN
    },
    Step {
        name: "answer_review",
        title: "答复复查",
        from: &["review"],
        to: "reviewed",
        roles: &[SUPERIOR],
        apart_from: &["take_up", "find", "conclude"],
        reason_required: true,
        satisfies: &["review"],
        starts: &["ask_second_review"],
        ..Step::PLAIN
    },
    Step {
        name: "ask_second_review",
        title: "申请复核",
        from: &["reviewed"],
        to: "second_review",
        roles: &[COMPLAINANT],
        window: Window::Within("ask_second_review"),
        reason_required: true,
        cancels: &["ask_second_review"],
        starts: &["second_review"],
        ..Step::PLAIN
    },
    Step {
        name: "close_reviewed",
        title: "期满办结",
        from: &["reviewed"],
        to: "closed",
        roles: &[SYSTEM],
        window: Window::After("ask_second_review"),
        ..Step::PLAIN
    },
    Step {
        name: "answer_second_review",
        title: "答复复核",
        from: &["second_review"],
        to: "closed",
        roles: &[SUPERIOR],
        apart_from: &["take_up", "find", "conclude", "answer_review"],
        reason_required: true,
        satisfies: &["second_review"],
        ..Step::PLAIN
    },
];

/// Petitions are counted in calendar days: their regulation tells working days apart where it means them.
const OF_PETITION: Clock = Clock {
    name: "notice",
    title: "告知是否受理",
    rule: "SU-11",
    law: "信访工作条例 第二十二条、第二十三条",
    length: Length::Days(15),
    counting: IN_CALENDAR_DAYS,
    owes: CLERK,
    yellow: 3,
    ..OF_AUTHORITY
};
/// A right that ends with its time.
const TO_ASK: Clock = Clock {
    nature: Nature::Waiting,
    law: "信访工作条例 第三十五条、第三十六条",
    length: Length::Days(30),
    owes: COMPLAINANT,
    levels: &[],
    ..OF_PETITION
};
/// An answer of the authority above.
const OF_REVIEW: Clock = Clock {
    law: "信访工作条例 第三十五条、第三十六条",
    length: Length::Days(30),
    owes: SUPERIOR,
    yellow: 5,
    levels: &[],
    ..OF_PETITION
};

const CLOCKS: &[Clock] = &[
    OF_PETITION,
    Clock {
        name: "acceptance",
        title: "决定是否受理",
        rule: "house",
        law: "本平台承诺：七个工作日",
        nature: Nature::Promised,
        length: Length::WorkingDays(7),
        counting: IN_WORKING_DAYS,
        yellow: 2,
        ..OF_PETITION
    },
    Clock {
        name: "conclusion",
        title: "作出结论",
        law: "信访工作条例 第三十四条",
        length: Length::Days(60),
        owes: HANDLER,
        yellow: 10,
        extension: Some(Extension {
            most: 30,
            law: "信访工作条例 第三十四条",
        }),
        ..OF_PETITION
    },
    Clock {
        name: "reply",
        title: "答复投诉举报人",
        rule: "house",
        law: "本平台承诺：作出结论后三个工作日",
        nature: Nature::Promised,
        length: Length::WorkingDays(3),
        counting: IN_WORKING_DAYS,
        yellow: 1,
        ..OF_PETITION
    },
    Clock {
        name: "ask_review",
        title: "可以申请复查",
        ..TO_ASK
    },
    Clock {
        name: "review",
        title: "答复复查",
        ..OF_REVIEW
    },
    Clock {
        name: "ask_second_review",
        title: "可以申请复核",
        ..TO_ASK
    },
    Clock {
        name: "second_review",
        title: "答复复核",
        ..OF_REVIEW
    },
];

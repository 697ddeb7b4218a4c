//! The bones of an application 申请 that an organisation makes with four eyes and an authority decides with four eyes:
//! states, steps and clocks from which the procedures beside this file are put together.

use super::roles::{
    ABOVE_AUTHORITY, ABOVE_ORGANISATION, CLERK, LEADER, ORGANISATION_CHECKER, ORGANISATION_MAKER,
};
use matter::{
    Clock, Demand, Effect, LastDay, Length, Nature, Phase, Requirement, State, Step, When,
};

/// How calendar days are counted.
pub(super) const IN_CALENDAR_DAYS: &str =
    "民法典 第二百零一条、第二百零三条：自次日起算，最后一日是法定休假日的顺延";
/// How the days of licensing authorities are counted.
pub(super) const IN_WORKING_DAYS: &str = "行政许可法 第八十二条：按工作日计算，不含法定节假日";
/// How a date of the year is met.
pub(super) const BY_DATE: &str = "按规定日期；民法典 第二百零三条：最后一日是法定休假日的顺延";

/// Four people: who wrote it, who handed it in, who looked into it, who decided.
pub(super) const DECIDED: &[Demand] = &[
    Demand::of(&["prepare"], 1),
    Demand::of(&["submit"], 1),
    Demand::of(&["review"], 1),
    Demand::of(&["grant", "refuse"], 1),
];
/// Whoever wrote it or handed it in decides nothing.
pub(super) const ORGANISATION_SIDE: &[&str] = &["prepare", "submit"];
/// Whoever decides wrote, handed in, accepted and looked into nothing.
pub(super) const BEFORE_DECISION: &[&str] = &["prepare", "submit", "accept", "review"];

pub(super) const DRAFT: State = State::new("draft", "草拟", Phase::Preparing);
pub(super) const PREPARED: State = State::new("prepared", "待复核", Phase::Preparing);
pub(super) const SUBMITTED: State = State::new("submitted", "待受理", Phase::Deciding)
    .demanding(&[Demand::of(&["prepare"], 1), Demand::of(&["submit"], 1)]);
pub(super) const RETURNED: State = State::new("returned", "待补正", Phase::Mending);
pub(super) const ACCEPTED: State = State::new("accepted", "已受理", Phase::Deciding);
pub(super) const PAUSED: State = State::new("paused", "中止办理", Phase::Deciding);
pub(super) const NOT_ACCEPTED: State =
    State::new("not_accepted", "不予受理", Phase::Refused).last();
pub(super) const WITHDRAWN: State = State::new("withdrawn", "已撤回", Phase::Withdrawn).last();

pub(super) const PREPARE: Step = Step {
    name: "prepare",
    title: "拟写申请",
    from: &["draft", "returned"],
    to: "prepared",
    roles: &[ORGANISATION_MAKER],
    effect: Effect::Submit,
    ..Step::PLAIN
};
pub(super) const REWORK: Step = Step {
    name: "rework",
    title: "退回修改",
    from: &["prepared"],
    to: "draft",
    roles: &[ORGANISATION_CHECKER],
    reason_required: true,
    ..Step::PLAIN
};
pub(super) const SUBMIT: Step = Step {
    name: "submit",
    title: "复核提交",
    from: &["prepared"],
    to: "submitted",
    roles: &[ORGANISATION_CHECKER],
    effect: Effect::Approve,
    apart_from: &["prepare"],
    starts: &["completeness"],
    ..Step::PLAIN
};
pub(super) const ACCEPT: Step = Step {
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
};
pub(super) const RETURN: Step = Step {
    name: "return",
    title: "一次性告知补正",
    from: &["submitted"],
    to: "returned",
    roles: &[CLERK],
    effect: Effect::Return,
    apart_from: ORGANISATION_SIDE,
    satisfies: &["completeness"],
    ..Step::PLAIN
};
pub(super) const NOT_ACCEPT: Step = Step {
    name: "not_accept",
    title: "不予受理",
    from: &["submitted"],
    to: "not_accepted",
    roles: &[CLERK],
    apart_from: ORGANISATION_SIDE,
    reason_required: true,
    satisfies: &["completeness"],
    ..Step::PLAIN
};
pub(super) const REVIEW: Step = Step {
    name: "review",
    title: "审查",
    from: &["accepted"],
    roles: &[CLERK],
    effect: Effect::Approve,
    apart_from: ORGANISATION_SIDE,
    ..Step::PLAIN
};
pub(super) const REVIEW_AGAIN: Step = Step {
    name: "review_again",
    title: "退回重审",
    from: &["accepted"],
    roles: &[LEADER],
    apart_from: ORGANISATION_SIDE,
    resets: &["review"],
    reason_required: true,
    ..Step::PLAIN
};
pub(super) const PAUSE: Step = Step {
    name: "pause",
    title: "中止计时",
    from: &["accepted"],
    to: "paused",
    roles: &[LEADER],
    apart_from: ORGANISATION_SIDE,
    reason_required: true,
    published: true,
    pauses: &["decision"],
    ..Step::PLAIN
};
pub(super) const RESUME: Step = Step {
    name: "resume",
    title: "恢复计时",
    from: &["paused"],
    to: "accepted",
    roles: &[CLERK, LEADER],
    apart_from: ORGANISATION_SIDE,
    published: true,
    resumes: &["decision"],
    ..Step::PLAIN
};
pub(super) const GRANT: Step = Step {
    name: "grant",
    title: "准予",
    from: &["accepted"],
    roles: &[LEADER],
    requires: &[Requirement::of("review", 1)],
    apart_from: BEFORE_DECISION,
    published: true,
    satisfies: &["decision"],
    ..Step::PLAIN
};
pub(super) const REFUSE: Step = Step {
    name: "refuse",
    title: "不予",
    from: &["accepted"],
    to: "refused",
    roles: &[LEADER],
    requires: &[Requirement::of("review", 1)],
    apart_from: BEFORE_DECISION,
    reason_required: true,
    published: true,
    satisfies: &["decision"],
    ..Step::PLAIN
};
pub(super) const WITHDRAW: Step = Step {
    name: "withdraw",
    title: "撤回申请",
    from: &[
        "draft",
        "prepared",
        "submitted",
        "returned",
        "accepted",
        "paused",
    ],
    to: "withdrawn",
    roles: &[ORGANISATION_CHECKER],
    ..Step::PLAIN
};

/// What an authority owes: the clock of which others are made.
pub(super) const OF_AUTHORITY: Clock = Clock {
    name: "decision",
    title: "作出决定",
    rule: "",
    law: "",
    nature: Nature::Statutory,
    length: Length::WorkingDays(20),
    last_day: LastDay::NextWorkingDay,
    counting: IN_WORKING_DAYS,
    when: When::Always,
    owes: LEADER,
    yellow: 5,
    extension: None,
    levels: ABOVE_AUTHORITY,
};
/// Accept or tell all gaps at once.
pub(super) const COMPLETENESS: Clock = Clock {
    name: "completeness",
    title: "受理或者一次性告知",
    rule: "house",
    law: "本平台承诺，参照行政许可法 第三十二条",
    nature: Nature::Promised,
    length: Length::WorkingDays(5),
    owes: CLERK,
    yellow: 1,
    ..OF_AUTHORITY
};
/// What an organisation owes: the clock of which others are made.
pub(super) const OF_ORGANISATION: Clock = Clock {
    length: Length::Days(30),
    counting: IN_CALENDAR_DAYS,
    owes: ORGANISATION_CHECKER,
    yellow: 7,
    levels: ABOVE_ORGANISATION,
    ..OF_AUTHORITY
};

//! Recognition as a charity 慈善组织认定 (OR-02, OR-03): an existing organisation asks to become a charity.

use super::licence::{
    ACCEPT, ACCEPTED, COMPLETENESS, DECIDED, DRAFT, GRANT, NOT_ACCEPT, NOT_ACCEPTED, OF_AUTHORITY,
    ORGANISATION_SIDE, PAUSE, PAUSED, PREPARE, PREPARED, REFUSE, RESUME, RETURN, RETURNED, REVIEW,
    REVIEW_AGAIN, REWORK, SUBMIT, SUBMITTED, WITHDRAW, WITHDRAWN,
};
use super::roles::{LEADER, ORGANISATION_AND_AUTHORITY, SUPERIOR};
use matter::{Clock, Effect, Extension, Length, Phase, Procedure, Requirement, State, Step};

/// 〔慈善组织认定〕 Twenty days from acceptance; sixty more with the consent of the ministry.
pub const RECOGNITION: Procedure = Procedure {
    name: "recognition",
    title: "慈善组织认定",
    rules: &["OR-02", "OR-03", "OR-04"],
    roles: ORGANISATION_AND_AUTHORITY,
    facts: &[],
    start: "draft",
    states: &[
        DRAFT,
        PREPARED,
        SUBMITTED,
        RETURNED,
        ACCEPTED,
        PAUSED,
        State::new("recognised", "已认定", Phase::InForce)
            .last()
            .demanding(DECIDED),
        State::new("refused", "不予认定", Phase::Refused)
            .last()
            .demanding(DECIDED),
        NOT_ACCEPTED,
        WITHDRAWN,
    ],
    steps: &[
        PREPARE,
        REWORK,
        SUBMIT,
        ACCEPT,
        RETURN,
        NOT_ACCEPT,
        REVIEW,
        REVIEW_AGAIN,
        PAUSE,
        RESUME,
        ASK_EXTENSION,
        EXTEND,
        Step {
            title: "准予认定",
            to: "recognised",
            ..GRANT
        },
        Step {
            title: "不予认定",
            ..REFUSE
        },
        WITHDRAW,
    ],
    clocks: &[
        COMPLETENESS,
        Clock {
            title: "作出认定决定",
            rule: "OR-02",
            law: "慈善法 第十条",
            length: Length::WorkingDays(20),
            extension: Some(BY_MINISTRY),
            ..OF_AUTHORITY
        },
    ],
};

/// Up to sixty days more, for registration and recognition alike.
pub(super) const BY_MINISTRY: Extension = Extension {
    most: 60,
    law: "慈善法 第十条：有特殊情况的报经国务院民政部门批准",
};
/// The authority asks the ministry for more time.
pub(super) const ASK_EXTENSION: Step = Step {
    name: "ask_extension",
    title: "报请延长期限",
    from: &["accepted"],
    roles: &[LEADER],
    effect: Effect::Approve,
    apart_from: ORGANISATION_SIDE,
    reason_required: true,
    ..Step::PLAIN
};
/// The ministry gives it.
pub(super) const EXTEND: Step = Step {
    name: "extend",
    title: "批准延长期限",
    from: &["accepted"],
    roles: &[SUPERIOR],
    requires: &[Requirement::of("ask_extension", 1)],
    apart_from: &["prepare", "submit", "ask_extension"],
    reason_required: true,
    published: true,
    extends: Some("decision"),
    ..Step::PLAIN
};

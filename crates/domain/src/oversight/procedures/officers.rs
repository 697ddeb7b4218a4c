//! Who heads an organisation 负责人备案 (OR-06 to OR-08): the council elects, the office records, and the term stands in the
//! register.

use super::licence::{
    ACCEPT, ACCEPTED, COMPLETENESS, DECIDED, DRAFT, GRANT, NOT_ACCEPT, NOT_ACCEPTED, OF_AUTHORITY,
    PREPARE, PREPARED, REFUSE, RETURN, RETURNED, REVIEW, REVIEW_AGAIN, REWORK, SUBMIT, SUBMITTED,
    WITHDRAW, WITHDRAWN,
};
use super::roles::{COUNCIL, ORGANISATION_AND_AUTHORITY};
use matter::{Clock, Effect, Nature, Phase, Procedure, Requirement, State, Step};

/// 〔负责人备案〕 A chair or a secretary-general with the days of the term.
pub const OFFICERS: Procedure = Procedure {
    name: "officers",
    title: "负责人备案",
    rules: &["OR-06", "OR-07", "OR-08"],
    roles: ORGANISATION_AND_AUTHORITY,
    facts: &[],
    start: "draft",
    states: &[
        DRAFT,
        PREPARED,
        SUBMITTED,
        RETURNED,
        ACCEPTED,
        State::new("recorded", "已备案", Phase::InForce)
            .last()
            .demanding(DECIDED),
        State::new("refused", "不予备案", Phase::Refused)
            .last()
            .demanding(DECIDED),
        NOT_ACCEPTED,
        WITHDRAWN,
    ],
    steps: &[
        PREPARE,
        REWORK,
        Step {
            name: "resolve",
            title: "理事会通过",
            from: &["prepared"],
            roles: &[COUNCIL],
            effect: Effect::Approve,
            apart_from: &["prepare"],
            ..Step::PLAIN
        },
        Step {
            requires: &[Requirement::of("resolve", 1)],
            apart_from: &["prepare", "resolve"],
            ..SUBMIT
        },
        ACCEPT,
        RETURN,
        NOT_ACCEPT,
        REVIEW,
        REVIEW_AGAIN,
        Step {
            title: "准予备案",
            to: "recorded",
            ..GRANT
        },
        Step {
            title: "不予备案",
            ..REFUSE
        },
        Step {
            from: &["draft", "prepared", "submitted", "returned", "accepted"],
            ..WITHDRAW
        },
    ],
    clocks: &[
        COMPLETENESS,
        Clock {
            title: "办结备案",
            rule: "house",
            law: "本平台承诺，参照行政许可法 第四十二条",
            nature: Nature::Promised,
            ..OF_AUTHORITY
        },
    ],
};

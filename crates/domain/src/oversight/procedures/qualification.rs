//! The public-fundraising qualification 公开募捐资格 (CF-01, CF-02): a charity of one full year asks for it.
//!
//! What happens to a qualification later (suspended, revoked, surrendered) are matters of their own.

use super::licence::{
    ACCEPT, ACCEPTED, COMPLETENESS, DECIDED, DRAFT, GRANT, NOT_ACCEPT, NOT_ACCEPTED, OF_AUTHORITY,
    PAUSE, PAUSED, PREPARE, PREPARED, REFUSE, RESUME, RETURN, RETURNED, REVIEW, REVIEW_AGAIN,
    REWORK, SUBMIT, SUBMITTED, WITHDRAW, WITHDRAWN,
};
use super::roles::{COUNCIL, ORGANISATION_AND_AUTHORITY, ORGANISATION_CHECKER, SPONSOR};
use matter::{Clock, Effect, Fact, Phase, Procedure, Requirement, State, Step, When};

/// 〔公开募捐资格〕 Twenty days from acceptance.
pub const QUALIFICATION: Procedure = Procedure {
    name: "qualification",
    title: "公开募捐资格申请",
    rules: &["CF-01", "CF-02"],
    roles: ORGANISATION_AND_AUTHORITY,
    facts: &[Fact {
        name: "sponsored",
        title: "有业务主管单位",
    }],
    start: "draft",
    states: &[
        DRAFT,
        PREPARED,
        SUBMITTED,
        RETURNED,
        ACCEPTED,
        PAUSED,
        State::new("granted", "已取得资格", Phase::InForce)
            .last()
            .demanding(DECIDED),
        State::new("refused", "不予资格", Phase::Refused)
            .last()
            .demanding(DECIDED),
        NOT_ACCEPTED,
        WITHDRAWN,
    ],
    steps: &[
        Step {
            states_facts: &["sponsored"],
            ..PREPARE
        },
        REWORK,
        Step {
            name: "resolve",
            title: "理事会决议",
            from: &["prepared"],
            roles: &[COUNCIL],
            effect: Effect::Approve,
            ..Step::PLAIN
        },
        Step {
            name: "consent",
            title: "业务主管单位意见",
            from: &["prepared"],
            // Until sponsor units sign in themselves, the checker records their written opinion.
            roles: &[SPONSOR, ORGANISATION_CHECKER],
            effect: Effect::Approve,
            when: When::Fact("sponsored"),
            apart_from: &["prepare"],
            ..Step::PLAIN
        },
        Step {
            requires: &[
                Requirement::of("resolve", 1),
                Requirement::under("sponsored", "consent", 1),
            ],
            ..SUBMIT
        },
        ACCEPT,
        RETURN,
        NOT_ACCEPT,
        REVIEW,
        REVIEW_AGAIN,
        PAUSE,
        RESUME,
        Step {
            title: "准予资格并发证",
            to: "granted",
            ..GRANT
        },
        Step {
            title: "不予资格",
            ..REFUSE
        },
        WITHDRAW,
    ],
    clocks: &[
        COMPLETENESS,
        Clock {
            title: "作出资格决定",
            rule: "CF-01",
            law: "慈善法 第二十二条；慈善组织公开募捐管理办法 第五条",
            ..OF_AUTHORITY
        },
    ],
};

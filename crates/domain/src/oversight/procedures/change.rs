//! Change of registered items 变更登记 (OR-12, OR-16): within thirty days of the sponsor unit's consent.

use super::licence::{
    ACCEPT, ACCEPTED, COMPLETENESS, DECIDED, DRAFT, GRANT, NOT_ACCEPT, NOT_ACCEPTED, OF_AUTHORITY,
    OF_ORGANISATION, PAUSE, PAUSED, PREPARE, PREPARED, REFUSE, RESUME, RETURN, RETURNED, REVIEW,
    REVIEW_AGAIN, REWORK, SUBMIT, SUBMITTED, WITHDRAW, WITHDRAWN,
};
use super::roles::{ORGANISATION_AND_AUTHORITY, ORGANISATION_CHECKER, ORGANISATION_MAKER, SPONSOR};
use matter::{
    Clock, Dated, Effect, Fact, Length, Nature, Phase, Procedure, Requirement, State, Step, When,
};

/// 〔变更登记〕 Name, domicile, legal representative, charter and whatever else is registered.
pub const CHANGE: Procedure = Procedure {
    name: "registration_change",
    title: "变更登记",
    rules: &["OR-12", "OR-16"],
    roles: ORGANISATION_AND_AUTHORITY,
    facts: &[
        Fact {
            name: "sponsored",
            title: "有业务主管单位",
        },
        Fact {
            name: "legal_representative",
            title: "变更法定代表人或者换届",
        },
    ],
    start: "draft",
    states: &[
        DRAFT,
        PREPARED,
        SUBMITTED,
        RETURNED,
        ACCEPTED,
        PAUSED,
        State::new("changed", "已变更", Phase::InForce)
            .last()
            .demanding(DECIDED),
        State::new("refused", "不予变更", Phase::Refused)
            .last()
            .demanding(DECIDED),
        NOT_ACCEPTED,
        WITHDRAWN,
    ],
    steps: &[
        Step {
            states_facts: &["sponsored", "legal_representative"],
            ..PREPARE
        },
        REWORK,
        Step {
            name: "attach_audit",
            title: "附上财务审计报告",
            from: &["prepared"],
            roles: &[ORGANISATION_MAKER],
            when: When::Fact("legal_representative"),
            ..Step::PLAIN
        },
        Step {
            name: "consent",
            title: "登记业务主管单位同意",
            from: &["prepared"],
            roles: &[SPONSOR, ORGANISATION_CHECKER],
            effect: Effect::Approve,
            when: When::Fact("sponsored"),
            apart_from: &["prepare"],
            dated: Dated::Stated,
            starts: &["application"],
            ..Step::PLAIN
        },
        Step {
            requires: &[
                Requirement::under("sponsored", "consent", 1),
                Requirement::under("legal_representative", "attach_audit", 1),
            ],
            satisfies: &["application"],
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
            title: "准予变更",
            to: "changed",
            ..GRANT
        },
        Step {
            title: "不予变更",
            ..REFUSE
        },
        WITHDRAW,
    ],
    clocks: &[
        COMPLETENESS,
        Clock {
            title: "作出变更决定",
            rule: "house",
            law: "本平台承诺，参照行政许可法 第四十二条",
            nature: Nature::Promised,
            ..OF_AUTHORITY
        },
        Clock {
            name: "application",
            title: "申请变更登记",
            rule: "OR-12",
            law: "社会团体登记管理条例 第十八条；民办非企业单位登记管理暂行条例 第十五条",
            length: Length::Days(30),
            when: When::Fact("sponsored"),
            ..OF_ORGANISATION
        },
    ],
};

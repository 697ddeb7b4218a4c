//! Filing of a campaign's plan 公开募捐方案备案 (CF-08, CF-09, CF-20): ten days for the authority, five for gaps, ten
//! for changes and for emergencies.
//!
//! That a plan is handed in ten days before the campaign begins is a guard of the campaign's days, not a clock.

use super::licence::{
    IN_CALENDAR_DAYS, OF_AUTHORITY, OF_ORGANISATION, ORGANISATION_SIDE, PREPARE, REWORK, SUBMIT,
    WITHDRAW, WITHDRAWN,
};
use super::roles::{
    CLERK, COUNCIL, ORGANISATION_AND_AUTHORITY, ORGANISATION_CHECKER, ORGANISATION_MAKER,
};
use matter::{
    Clock, Dated, Demand, Effect, Fact, Length, Nature, Phase, Procedure, Requirement, SYSTEM,
    State, Step, When, Window,
};

/// Three people stand behind every published plan, the first and each changed one.
const PUBLISHED: &[Demand] = &[
    Demand::of(&["prepare", "prepare_change"], 1),
    Demand::of(&["submit", "submit_change"], 1),
    Demand::of(&["publish", "publish_change"], 1),
];
const CHANGE_SIDE: &[&str] = &["prepare", "submit", "prepare_change", "submit_change"];

/// 〔公开募捐方案备案〕 A plan, its publication, and its changes until the campaign ends.
pub const FILING: Procedure = Procedure {
    name: "campaign_filing",
    title: "公开募捐方案备案",
    rules: &["CF-07", "CF-08", "CF-09", "CF-20"],
    roles: ORGANISATION_AND_AUTHORITY,
    facts: &[
        Fact {
            name: "major",
            title: "章程规定须经理事会决定",
        },
        Fact {
            name: "emergency",
            title: "突发事件先募后备",
        },
    ],
    start: "draft",
    states: &[
        State::new("draft", "拟定方案", Phase::Preparing),
        State::new("prepared", "待复核", Phase::Preparing),
        State::new("submitted", "已提交备案", Phase::Deciding).demanding(&[
            Demand::of(&["prepare"], 1),
            Demand::of(&["submit"], 1),
            Demand {
                steps: &["resolve"],
                people: 1,
                when: When::Fact("major"),
            },
        ]),
        State::new("returned", "待补齐", Phase::Mending),
        State::new("filed", "已备案公开", Phase::InForce).demanding(PUBLISHED),
        State::new("changed", "变更待复核", Phase::InForce),
        State::new("change_submitted", "变更已报备", Phase::InForce).demanding(&[
            Demand::of(&["prepare_change"], 1),
            Demand::of(&["submit_change"], 1),
        ]),
        State::new("ended", "募捐已结束", Phase::Closed).last(),
        WITHDRAWN,
    ],
    steps: STEPS,
    clocks: CLOCKS,
};

const STEPS: &[Step] = &[
    Step {
        name: "begin_emergency",
        title: "登记突发事件先行募捐",
        from: &["draft"],
        roles: &[ORGANISATION_CHECKER],
        states_facts: &["emergency"],
        dated: Dated::Stated,
        published: true,
        starts: &["late_filing"],
        ..Step::PLAIN
    },
    Step {
        title: "拟写募捐方案",
        states_facts: &["major"],
        ..PREPARE
    },
    REWORK,
    Step {
        name: "resolve",
        title: "理事会决议",
        from: &["prepared"],
        roles: &[COUNCIL],
        effect: Effect::Approve,
        when: When::Fact("major"),
        apart_from: &["prepare"],
        ..Step::PLAIN
    },
    Step {
        title: "提交备案",
        apart_from: &["prepare", "resolve"],
        requires: &[Requirement::under("major", "resolve", 1)],
        starts: &["publication"],
        satisfies: &["completion", "late_filing"],
        ..SUBMIT
    },
    Step {
        name: "publish",
        title: "予以备案并公开",
        from: &["submitted"],
        to: "filed",
        roles: &[CLERK],
        apart_from: ORGANISATION_SIDE,
        published: true,
        satisfies: &["publication"],
        ..Step::PLAIN
    },
    Step {
        name: "return",
        title: "一次性告知补齐",
        from: &["submitted"],
        to: "returned",
        roles: &[CLERK],
        effect: Effect::Return,
        apart_from: ORGANISATION_SIDE,
        satisfies: &["publication"],
        starts: &["completion"],
        ..Step::PLAIN
    },
    Step {
        name: "lapse",
        title: "逾期未补齐，视为撤回",
        from: &["returned"],
        to: "withdrawn",
        roles: &[SYSTEM],
        window: Window::After("completion"),
        cancels: &["completion"],
        ..Step::PLAIN
    },
    Step {
        title: "撤回备案",
        from: &["draft", "prepared", "submitted", "returned"],
        ..WITHDRAW
    },
    Step {
        name: "change",
        title: "登记方案变更",
        from: &["filed"],
        roles: &[ORGANISATION_MAKER, ORGANISATION_CHECKER],
        dated: Dated::Stated,
        starts: &["amendment"],
        ..Step::PLAIN
    },
    Step {
        name: "prepare_change",
        title: "拟写变更内容",
        from: &["filed", "changed"],
        to: "changed",
        roles: &[ORGANISATION_MAKER],
        effect: Effect::Submit,
        reason_required: true,
        ..Step::PLAIN
    },
    Step {
        name: "submit_change",
        title: "报备变更",
        from: &["changed"],
        to: "change_submitted",
        roles: &[ORGANISATION_CHECKER],
        effect: Effect::Approve,
        apart_from: &["prepare_change"],
        satisfies: &["amendment"],
        starts: &["change_publication"],
        ..Step::PLAIN
    },
    Step {
        name: "publish_change",
        title: "公开变更后的方案",
        from: &["change_submitted"],
        to: "filed",
        roles: &[CLERK],
        apart_from: CHANGE_SIDE,
        published: true,
        satisfies: &["change_publication"],
        ..Step::PLAIN
    },
    Step {
        name: "reject_change",
        title: "退回变更",
        from: &["change_submitted"],
        to: "changed",
        roles: &[CLERK],
        apart_from: CHANGE_SIDE,
        reason_required: true,
        satisfies: &["change_publication"],
        starts: &["amendment"],
        ..Step::PLAIN
    },
    Step {
        name: "end",
        title: "登记募捐结束",
        from: &["filed", "changed", "change_submitted"],
        to: "ended",
        roles: &[ORGANISATION_CHECKER],
        published: true,
        ..Step::PLAIN
    },
];

/// Filing is no licence, so its days are calendar days.
const OF_FILING: Clock = Clock {
    name: "publication",
    title: "公开备案或者告知补齐",
    rule: "CF-08",
    law: "慈善组织公开募捐管理办法 第十一条",
    length: Length::Days(10),
    counting: IN_CALENDAR_DAYS,
    owes: CLERK,
    yellow: 3,
    ..OF_AUTHORITY
};

const CLOCKS: &[Clock] = &[
    OF_FILING,
    Clock {
        name: "completion",
        title: "补齐材料或者撤回",
        rule: "CF-08",
        law: "慈善组织公开募捐管理办法 第十一条",
        length: Length::Days(5),
        yellow: 2,
        ..OF_ORGANISATION
    },
    Clock {
        name: "late_filing",
        title: "补办备案",
        rule: "CF-20",
        law: "慈善法 第七十三条；慈善组织公开募捐管理办法 第十三条",
        length: Length::Days(10),
        when: When::Fact("emergency"),
        yellow: 3,
        ..OF_ORGANISATION
    },
    Clock {
        name: "amendment",
        title: "报备方案变更",
        rule: "CF-09",
        law: "慈善组织公开募捐管理办法 第十二条",
        length: Length::Days(10),
        yellow: 3,
        ..OF_ORGANISATION
    },
    Clock {
        name: "change_publication",
        title: "公开变更后的方案",
        rule: "house",
        law: "本平台承诺，与首次备案相同",
        nature: Nature::Promised,
        ..OF_FILING
    },
];

//! The annual report 年度报告 (DI-04, DI-17): foundations to the registration authority by 31 March, others by 31 May,
//! through the sponsor unit by 31 March where there is one; published by 31 May.

use super::licence::{BY_DATE, IN_WORKING_DAYS, OF_AUTHORITY, OF_ORGANISATION};
use super::roles::{
    CLERK, COUNCIL, LEADER, ORGANISATION_AND_AUTHORITY, ORGANISATION_CHECKER, ORGANISATION_MAKER,
    SPONSOR,
};
use matter::{
    Clock, Dated, Demand, Effect, Fact, Length, Nature, Phase, Procedure, Requirement, SYSTEM,
    State, Step, When,
};

const ORGANISATION_SIDE: &[&str] = &["prepare", "resolve", "submit"];
/// Who wrote it, the council behind it, who handed it in, and who looked into it where the authority has.
const SUBMITTED: &[Demand] = &[
    Demand::of(&["prepare"], 1),
    Demand::of(&["resolve"], 1),
    Demand::of(&["submit"], 1),
    Demand {
        steps: &["consent"],
        people: 1,
        when: When::Fact("sponsored"),
    },
];
const CONCLUDED: &[Demand] = &[
    Demand::of(&["prepare"], 1),
    Demand::of(&["resolve"], 1),
    Demand::of(&["submit"], 1),
    Demand::of(&["review"], 1),
    Demand::of(&["conclude"], 1),
];

/// 〔年度报告〕 One report of one year; the house opens it on the first day after that year.
pub const ANNUAL_REPORT: Procedure = Procedure {
    name: "annual_report",
    title: "年度报告",
    rules: &["DI-04", "DI-17"],
    roles: ORGANISATION_AND_AUTHORITY,
    facts: &[
        Fact {
            name: "foundation",
            title: "基金会",
        },
        Fact {
            name: "sponsored",
            title: "有业务主管单位",
        },
        Fact {
            name: "public_fundraising",
            title: "具有公开募捐资格",
        },
    ],
    start: "planned",
    states: &[
        State::new("planned", "尚未开始", Phase::Preparing),
        State::new("drafting", "编制中", Phase::Preparing),
        State::new("prepared", "待决议", Phase::Preparing),
        State::new("submitted", "已报送", Phase::Deciding).demanding(SUBMITTED),
        State::new("returned", "待补正", Phase::Mending),
        State::new("published", "已公开待结论", Phase::Deciding).demanding(SUBMITTED),
        State::new("concluded", "已有结论", Phase::Closed)
            .last()
            .demanding(CONCLUDED),
    ],
    steps: STEPS,
    clocks: CLOCKS,
};

const STEPS: &[Step] = &[
    // The day that is stated is the last day of the year of the report.
    Step {
        name: "open",
        title: "开始编制",
        from: &["planned"],
        to: "drafting",
        roles: &[SYSTEM],
        states_facts: &["foundation", "sponsored", "public_fundraising"],
        dated: Dated::Stated,
        starts: &[
            "to_authority",
            "to_sponsor",
            "to_authority_later",
            "publication",
        ],
        ..Step::PLAIN
    },
    Step {
        name: "prepare",
        title: "编制报告",
        from: &["drafting", "prepared", "returned"],
        to: "prepared",
        roles: &[ORGANISATION_MAKER],
        effect: Effect::Submit,
        ..Step::PLAIN
    },
    Step {
        name: "attach_audit",
        title: "附上审计报告",
        from: &["prepared"],
        roles: &[ORGANISATION_MAKER],
        when: When::Fact("public_fundraising"),
        ..Step::PLAIN
    },
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
        name: "present",
        title: "报业务主管单位",
        from: &["prepared"],
        roles: &[ORGANISATION_CHECKER],
        when: When::Fact("sponsored"),
        requires: &[Requirement::of("resolve", 1)],
        satisfies: &["to_sponsor"],
        ..Step::PLAIN
    },
    Step {
        name: "consent",
        title: "业务主管单位初审同意",
        from: &["prepared"],
        roles: &[SPONSOR],
        effect: Effect::Approve,
        when: When::Fact("sponsored"),
        requires: &[Requirement::of("present", 1)],
        apart_from: &["prepare", "resolve", "present"],
        ..Step::PLAIN
    },
    Step {
        name: "submit",
        title: "报送登记管理机关",
        from: &["prepared"],
        to: "submitted",
        roles: &[ORGANISATION_CHECKER],
        effect: Effect::Approve,
        requires: &[
            Requirement::of("resolve", 1),
            Requirement::under("public_fundraising", "attach_audit", 1),
            Requirement::under("sponsored", "consent", 1),
        ],
        apart_from: &["prepare", "resolve", "consent"],
        satisfies: &["to_authority", "to_authority_later"],
        starts: &["conclusion"],
        ..Step::PLAIN
    },
    Step {
        name: "return",
        title: "一次性告知补正",
        from: &["submitted", "published"],
        to: "returned",
        roles: &[CLERK],
        effect: Effect::Return,
        apart_from: ORGANISATION_SIDE,
        cancels: &["conclusion"],
        ..Step::PLAIN
    },
    Step {
        name: "publish",
        title: "公开年度报告",
        from: &["submitted"],
        to: "published",
        roles: &[ORGANISATION_CHECKER],
        published: true,
        satisfies: &["publication"],
        ..Step::PLAIN
    },
    Step {
        name: "review",
        title: "审查",
        from: &["published"],
        roles: &[CLERK],
        effect: Effect::Approve,
        apart_from: ORGANISATION_SIDE,
        ..Step::PLAIN
    },
    Step {
        name: "conclude",
        title: "作出结论",
        from: &["published"],
        to: "concluded",
        roles: &[LEADER],
        requires: &[Requirement::of("review", 1)],
        apart_from: &["prepare", "resolve", "submit", "review"],
        reason_required: true,
        published: true,
        satisfies: &["conclusion"],
        ..Step::PLAIN
    },
];

const CLOCKS: &[Clock] = &[
    Clock {
        name: "to_authority",
        title: "报送登记管理机关",
        rule: "DI-17",
        law: "基金会管理条例 第三十六条",
        length: Length::UntilDate { month: 3, day: 31 },
        counting: BY_DATE,
        when: When::Fact("foundation"),
        yellow: 30,
        ..OF_ORGANISATION
    },
    Clock {
        name: "to_sponsor",
        title: "报业务主管单位",
        rule: "DI-17",
        law: "社会团体登记管理条例 第二十八条；民办非企业单位登记管理暂行条例 第二十三条",
        length: Length::UntilDate { month: 3, day: 31 },
        counting: BY_DATE,
        when: When::Fact("sponsored"),
        yellow: 30,
        ..OF_ORGANISATION
    },
    Clock {
        name: "to_authority_later",
        title: "报送登记管理机关",
        rule: "DI-17",
        law: "社会团体登记管理条例 第二十八条；民办非企业单位登记管理暂行条例 第二十三条",
        length: Length::UntilDate { month: 5, day: 31 },
        counting: BY_DATE,
        when: When::Without("foundation"),
        yellow: 30,
        ..OF_ORGANISATION
    },
    Clock {
        name: "publication",
        title: "公开年度报告",
        rule: "DI-04",
        law: "慈善法 第十三条；慈善组织信息公开办法 第六条",
        length: Length::UntilDate { month: 5, day: 31 },
        counting: BY_DATE,
        yellow: 30,
        ..OF_ORGANISATION
    },
    Clock {
        name: "conclusion",
        title: "作出结论",
        rule: "house",
        law: "本平台承诺：报送后六十个工作日",
        nature: Nature::Promised,
        length: Length::WorkingDays(60),
        counting: IN_WORKING_DAYS,
        yellow: 10,
        ..OF_AUTHORITY
    },
];

//! A procedure for the tests of this floor: it uses every feature of the tables once.

use crate::clock::{Clock, Extension, LastDay, Length, Level, Nature};
use crate::procedure::{
    Dated, Demand, Effect, Fact, Phase, Procedure, Requirement, Role, STAY, SYSTEM, State, Step,
    When, Window,
};
use crate::{Delegation, Matter, Office, Person, Post, Request, StepRefused, take};
use kernel::{Day, Timestamp, WorkCalendar};

pub(crate) const PERMIT: Procedure = Procedure {
    name: "permit",
    title: "许可",
    rules: &["T-01"],
    roles: &[
        Role {
            name: "applicant",
            title: "申请人",
        },
        Role {
            name: "clerk",
            title: "经办",
        },
        Role {
            name: "leader",
            title: "负责人",
        },
    ],
    facts: &[
        Fact {
            name: "large",
            title: "数额较大",
        },
        Fact {
            name: "sponsored",
            title: "有业务主管单位",
        },
    ],
    start: "draft",
    states: &[
        State::new("draft", "草拟", Phase::Preparing),
        State::new("submitted", "已提交", Phase::Deciding),
        State::new("returned", "待补正", Phase::Mending),
        State::new("granted", "准予", Phase::InForce)
            .last()
            .demanding(GRANTED),
        State::new("refused", "不予", Phase::Refused)
            .last()
            .demanding(&[Demand::of(&["submit"], 1), Demand::of(&["refuse"], 1)]),
        State::new("withdrawn", "撤回", Phase::Withdrawn).last(),
    ],
    steps: STEPS,
    clocks: CLOCKS,
};

const GRANTED: &[Demand] = &[
    Demand::of(&["submit"], 1),
    Demand::of(&["review"], 2),
    Demand::of(&["grant"], 1),
    Demand {
        steps: &["countersign"],
        people: 1,
        when: When::Fact("large"),
    },
];

const STEPS: &[Step] = &[
    Step {
        name: "submit",
        title: "提交",
        from: &["draft", "returned"],
        to: "submitted",
        roles: &["applicant"],
        effect: Effect::Submit,
        states_facts: &["large", "sponsored"],
        starts: &["decision", "consent"],
        satisfies: &["mending"],
        ..Step::PLAIN
    },
    Step {
        name: "review",
        title: "审查",
        from: &["submitted"],
        roles: &["clerk"],
        effect: Effect::Approve,
        apart_from: &["submit"],
        ..Step::PLAIN
    },
    Step {
        name: "send_back",
        title: "退回重审",
        from: &["submitted"],
        to: STAY,
        roles: &["leader"],
        resets: &["review", "countersign"],
        reason_required: true,
        ..Step::PLAIN
    },
    Step {
        name: "countersign",
        title: "会签",
        from: &["submitted"],
        roles: &["leader"],
        effect: Effect::Approve,
        when: When::Fact("large"),
        requires: &[Requirement::of("review", 2)],
        apart_from: &["submit", "review"],
        ..Step::PLAIN
    },
    Step {
        name: "consent",
        title: "登记主管单位同意",
        from: &["submitted"],
        roles: &["clerk"],
        when: When::Fact("sponsored"),
        dated: Dated::Stated,
        satisfies: &["consent"],
        starts: &["notice"],
        ..Step::PLAIN
    },
    Step {
        name: "return",
        title: "退回补正",
        from: &["submitted"],
        to: "returned",
        roles: &["clerk"],
        effect: Effect::Return,
        starts: &["mending"],
        cancels: &["decision", "consent"],
        published: true,
        ..Step::PLAIN
    },
    Step {
        name: "pause",
        title: "中止",
        from: &["submitted"],
        roles: &["clerk"],
        reason_required: true,
        published: true,
        pauses: &["decision"],
        ..Step::PLAIN
    },
    Step {
        name: "resume",
        title: "恢复",
        from: &["submitted"],
        roles: &["clerk"],
        resumes: &["decision"],
        ..Step::PLAIN
    },
    Step {
        name: "extend",
        title: "延长",
        from: &["submitted"],
        roles: &["leader"],
        reason_required: true,
        extends: Some("decision"),
        ..Step::PLAIN
    },
    Step {
        name: "grant",
        title: "准予",
        from: &["submitted"],
        to: "granted",
        roles: &["leader"],
        requires: &[
            Requirement::of("review", 2),
            Requirement::under("large", "countersign", 1),
        ],
        apart_from: &["submit", "review", "countersign"],
        published: true,
        satisfies: &["decision", "notice"],
        ..Step::PLAIN
    },
    Step {
        name: "refuse",
        title: "不予",
        from: &["submitted"],
        to: "refused",
        roles: &["leader"],
        apart_from: &["submit"],
        reason_required: true,
        published: true,
        satisfies: &["decision"],
        ..Step::PLAIN
    },
    Step {
        name: "withdraw",
        title: "撤回",
        from: &["submitted", "returned"],
        to: "withdrawn",
        roles: &["applicant"],
        window: Window::Within("decision"),
        ..Step::PLAIN
    },
    Step {
        name: "lapse",
        title: "逾期视为撤回",
        from: &["returned"],
        to: "withdrawn",
        roles: &[SYSTEM],
        window: Window::After("mending"),
        published: true,
        ..Step::PLAIN
    },
];

const CLOCK: Clock = Clock {
    name: "decision",
    title: "作出决定",
    rule: "T-01",
    law: "行政许可法 第四十二条",
    nature: Nature::Statutory,
    length: Length::WorkingDays(20),
    last_day: LastDay::NextWorkingDay,
    counting: "行政许可法 第八十二条",
    when: When::Always,
    owes: "clerk",
    yellow: 3,
    extension: Some(Extension {
        most: 10,
        law: "行政许可法 第四十二条",
    }),
    levels: &[
        Level {
            after: 1,
            name: "leader",
            title: "分管负责人",
        },
        Level {
            after: 5,
            name: "above",
            title: "上级机关",
        },
    ],
};

const CLOCKS: &[Clock] = &[
    CLOCK,
    Clock {
        name: "mending",
        title: "补正",
        length: Length::Days(5),
        counting: "民法典 第二百零三条",
        owes: "applicant",
        extension: None,
        levels: &[],
        ..CLOCK
    },
    Clock {
        name: "consent",
        title: "主管单位同意",
        length: Length::Months(1),
        when: When::Fact("sponsored"),
        nature: Nature::Promised,
        extension: None,
        levels: &[],
        ..CLOCK
    },
    Clock {
        name: "notice",
        title: "公告",
        length: Length::UntilDate { month: 3, day: 31 },
        last_day: LastDay::AsItFalls,
        extension: None,
        levels: &[],
        ..CLOCK
    },
];

/// The real list of holidays.
pub(crate) fn calendar() -> WorkCalendar {
    WorkCalendar::parse(include_str!("../../../data/holidays.csv")).unwrap()
}

pub(crate) fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

/// Noon of a day in Beijing.
pub(crate) fn noon(text: &str) -> Timestamp {
    day(text).start().plus_micros(43_200_000_000).unwrap()
}

pub(crate) const ANNA: Person = Person(1);
pub(crate) const BAO: Person = Person(2);
pub(crate) const CHEN: Person = Person(3);
pub(crate) const DENG: Person = Person(4);
pub(crate) const ERNI: Person = Person(5);

const fn post(person: Person, role: &'static str) -> Post {
    Post { person, role }
}

/// Anna applies; Bao, Chen and Deng review; Chen, Deng and Erni lead.
pub(crate) const POSTS: &[Post] = &[
    post(ANNA, "applicant"),
    post(ANNA, "clerk"),
    post(BAO, "clerk"),
    post(CHEN, "clerk"),
    post(DENG, "clerk"),
    post(CHEN, "leader"),
    post(DENG, "leader"),
    post(ERNI, "leader"),
];

/// In the first week of June, Bao may act for Erni and for Chen as a leader. Anna, who is none, delegates too, and
/// Chen delegates to himself.
pub(crate) fn delegations() -> Vec<Delegation> {
    [(ERNI, BAO), (CHEN, BAO), (ANNA, BAO), (CHEN, CHEN)]
        .map(|(represented, delegate)| Delegation {
            represented,
            delegate,
            role: "leader",
            first: day("2026-06-01"),
            last: day("2026-06-05"),
        })
        .to_vec()
}

/// A matter and the office around it, for rows of requests.
pub(crate) struct Desk {
    pub(crate) matter: Matter,
    pub(crate) calendar: WorkCalendar,
    pub(crate) interested: Vec<Person>,
}

impl Desk {
    pub(crate) fn new() -> Desk {
        Desk {
            matter: Matter::new(&PERMIT).unwrap(),
            calendar: calendar(),
            interested: Vec::new(),
        }
    }

    /// Tries a step, and records it if it is taken.
    pub(crate) fn ask(&mut self, request: &Request) -> Result<(), StepRefused> {
        let delegations = delegations();
        let office = Office {
            posts: POSTS,
            delegations: &delegations,
            interested: &self.interested,
        };
        let taken = take(&self.matter, request, &office, &self.calendar)?;
        self.matter.record(taken).unwrap();
        Ok(())
    }

    /// Takes steps that must be taken.
    #[track_caller]
    pub(crate) fn done(mut self, requests: &[Request]) -> Desk {
        for request in requests {
            assert_eq!(self.ask(request), Ok(()), "{}", request.step);
        }
        self
    }
}

/// A request at noon of a day.
pub(crate) fn on(day: &str, step: &str, by: Person) -> Request {
    Request::new(step, by, noon(day))
}

//! A procedure as a constant table: its states, its steps and its clocks, read by ordinary functions.

use crate::clock::Clock;

/// The role of what the house does by itself when a clock has run out. Nobody holds it.
pub const SYSTEM: &str = "system";
/// As the target of a step: the state stays as it is.
pub const STAY: &str = "";

/// 〔办理程序〕 How matters of one kind are handled.
#[derive(Debug)]
pub struct Procedure {
    /// Stable name, for example `recognition`.
    pub name: &'static str,
    /// The Chinese title.
    pub title: &'static str,
    /// The rules that it serves, for example `OR-02`.
    pub rules: &'static [&'static str],
    /// The roles that take its steps, besides [`SYSTEM`].
    pub roles: &'static [Role],
    /// What may be true of a matter and changes its route.
    pub facts: &'static [Fact],
    /// The state in which every matter begins.
    pub start: &'static str,
    /// All states.
    pub states: &'static [State],
    /// All steps.
    pub steps: &'static [Step],
    /// All clocks.
    pub clocks: &'static [Clock],
}

/// 〔角色〕 Who takes steps in a procedure: a code, which other floors map to their own roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Role {
    /// Stable code.
    pub name: &'static str,
    /// The Chinese title.
    pub title: &'static str,
}

/// 〔事实〕 Something that is true of a matter or not, and on which its route depends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fact {
    /// Stable name.
    pub name: &'static str,
    /// The Chinese title.
    pub title: &'static str,
}

/// 〔状态〕 Where a matter stands.
#[derive(Debug, Clone, Copy)]
pub struct State {
    /// Stable name.
    pub name: &'static str,
    /// The Chinese title.
    pub title: &'static str,
    /// What pages colour.
    pub phase: Phase,
    /// Nothing follows, and every clock ends.
    pub is_final: bool,
    /// Who must have acted before a matter may stand here. Declared apart from the steps, so that a search can
    /// hold the two against each other; all people of all demands are different people.
    pub demands: &'static [Demand],
}

impl State {
    /// A state that asks for nobody and is not the last.
    #[must_use]
    pub const fn new(name: &'static str, title: &'static str, phase: Phase) -> State {
        State {
            name,
            title,
            phase,
            is_final: false,
            demands: &[],
        }
    }

    /// The same, as the end of a matter.
    #[must_use]
    pub const fn last(self) -> State {
        State {
            is_final: true,
            ..self
        }
    }

    /// The same with demands.
    #[must_use]
    pub const fn demanding(self, demands: &'static [Demand]) -> State {
        State { demands, ..self }
    }
}

/// 〔阶段〕 The one closed set by which pages colour every state of every procedure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// 〔准备〕 With those who ask; nothing runs against the office.
    Preparing,
    /// 〔办理〕 With those who decide.
    Deciding,
    /// 〔补正〕 Sent back with gaps.
    Mending,
    /// 〔有效〕 Decided for it.
    InForce,
    /// 〔不予〕 Decided against it.
    Refused,
    /// 〔撤回〕 Taken back.
    Withdrawn,
    /// 〔办结〕 Over, without for or against.
    Closed,
}

/// 〔须有之人〕 So many different people must have taken one of these steps, and what they did must still count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Demand {
    /// Any of these steps.
    pub steps: &'static [&'static str],
    /// How many different people, at least one.
    pub people: u8,
    /// Under which fact.
    pub when: When,
}

impl Demand {
    /// So many people who took one of these steps, always.
    #[must_use]
    pub const fn of(steps: &'static [&'static str], people: u8) -> Demand {
        Demand {
            steps,
            people,
            when: When::Always,
        }
    }
}

/// 〔条件〕 Whether something applies to a matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// To every matter.
    Always,
    /// Where this fact is true.
    Fact(&'static str),
    /// Where this fact is not true.
    Without(&'static str),
}

impl When {
    /// Whether it applies where these facts are true.
    #[must_use]
    pub fn holds(self, facts: &[&str]) -> bool {
        match self {
            When::Always => true,
            When::Fact(name) => facts.contains(&name),
            When::Without(name) => !facts.contains(&name),
        }
    }

    /// The fact that is asked, if one is.
    #[must_use]
    pub fn fact(self) -> Option<&'static str> {
        match self {
            When::Always => None,
            When::Fact(name) | When::Without(name) => Some(name),
        }
    }
}

/// 〔步骤〕 One way in which a matter moves or is approved.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    /// Stable name.
    pub name: &'static str,
    /// The Chinese title.
    pub title: &'static str,
    /// The states in which it may be taken.
    pub from: &'static [&'static str],
    /// The state to which it leads, or [`STAY`].
    pub to: &'static str,
    /// The roles of which the actor needs one.
    pub roles: &'static [&'static str],
    /// What it does to the approvals.
    pub effect: Effect,
    /// Under which fact it exists.
    pub when: When,
    /// In which time it may be taken.
    pub window: Window,
    /// Steps that must have been taken and still count.
    pub requires: &'static [Requirement],
    /// Steps of which nobody who ever took one in this matter may take this one.
    pub apart_from: &'static [&'static str],
    /// Steps that count no more once this one is taken, besides what [`Effect`] says.
    pub resets: &'static [&'static str],
    /// The facts that are stated with it: each of them is true from now on if it is named, and false if not.
    pub states_facts: &'static [&'static str],
    /// A reason is compulsory.
    pub reason_required: bool,
    /// The step, with its day and reason, is for the public.
    pub published: bool,
    /// On which day its clocks start.
    pub dated: Dated,
    /// The clocks that it starts.
    pub starts: &'static [&'static str],
    /// The clocks that it satisfies.
    pub satisfies: &'static [&'static str],
    /// The clocks that it pauses.
    pub pauses: &'static [&'static str],
    /// The clocks that it resumes.
    pub resumes: &'static [&'static str],
    /// The clocks that end without having been satisfied.
    pub cancels: &'static [&'static str],
    /// The clock that it makes longer, once.
    pub extends: Option<&'static str>,
}

impl Step {
    /// The step of which tables are made: `Step { name: "accept", …, ..Step::PLAIN }`.
    pub const PLAIN: Step = Step {
        name: "",
        title: "",
        from: &[],
        to: STAY,
        roles: &[],
        effect: Effect::Plain,
        when: When::Always,
        window: Window::Always,
        requires: &[],
        apart_from: &[],
        resets: &[],
        states_facts: &[],
        reason_required: false,
        published: false,
        dated: Dated::WhenTaken,
        starts: &[],
        satisfies: &[],
        pauses: &[],
        resumes: &[],
        cancels: &[],
        extends: None,
    };

    /// True if the house takes it by itself.
    #[must_use]
    pub fn is_of_system(&self) -> bool {
        self.roles.contains(&SYSTEM)
    }
}

/// 〔效力〕 What a step does to the approvals of a matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Nothing; it counts as taken.
    Plain,
    /// 〔提交〕 What is to be decided is new: whatever was approved before counts no more, the submission does.
    Submit,
    /// 〔审核、会签〕 An approval: nobody gives it twice while it counts.
    Approve,
    /// 〔退回补正〕 Sent back with all gaps at once; whatever was approved before counts no more.
    Return,
}

/// 〔所需意见〕 A step that must have been taken by so many different people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Requirement {
    /// The step.
    pub step: &'static str,
    /// How many different people.
    pub people: u8,
    /// Under which fact.
    pub when: When,
}

impl Requirement {
    /// So many people, always.
    #[must_use]
    pub const fn of(step: &'static str, people: u8) -> Requirement {
        Requirement {
            step,
            people,
            when: When::Always,
        }
    }

    /// So many people where this fact is true.
    #[must_use]
    pub const fn under(fact: &'static str, step: &'static str, people: u8) -> Requirement {
        Requirement {
            step,
            people,
            when: When::Fact(fact),
        }
    }
}

/// 〔办理时段〕 In which time a step may be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    /// At any time.
    Always,
    /// Only when this clock has run out: the last day is over. Not known counts as not over.
    After(&'static str),
    /// Only while this clock has not run out. Not known counts as not over, so that nobody loses a right because
    /// a calendar is missing.
    Within(&'static str),
}

/// 〔日期〕 On which day the clocks of a step start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dated {
    /// On the day on which it is taken.
    WhenTaken,
    /// On a day that is stated with it, at the latest today: something happened elsewhere.
    Stated,
}

impl Procedure {
    /// The state of this name.
    #[must_use]
    pub fn state(&self, name: &str) -> Option<&'static State> {
        self.states.iter().find(|state| state.name == name)
    }

    /// The step of this name.
    #[must_use]
    pub fn step(&self, name: &str) -> Option<&'static Step> {
        self.steps.iter().find(|step| step.name == name)
    }

    /// The clock of this name.
    #[must_use]
    pub fn clock(&self, name: &str) -> Option<&'static Clock> {
        self.clocks.iter().find(|clock| clock.name == name)
    }

    /// The Chinese title of a role of this procedure.
    #[must_use]
    pub fn role_title(&self, name: &str) -> Option<&'static str> {
        self.roles
            .iter()
            .find(|role| role.name == name)
            .map(|role| role.title)
    }
}

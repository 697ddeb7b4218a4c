//! Applications that an authority decides within a time: registration, recognition, qualification (OR-01, OR-02,
//! CF-01).

use crate::book::InForce;
use crate::finding::{Finding, Saying, Value};
use crate::id::{Group, RuleId};
use crate::judge::Judge;
use kernel::{Day, WorkCalendar};

const OVERDUE: Saying = Saying {
    code: "decision_late",
    problem: "应在 {due} 前作出决定（按自然日算为 {other}），决定日：{done}",
    next: "请尽快决定，并写明逾期原因",
};
const NO_REASONS: Saying = Saying {
    code: "refusal_without_reasons",
    problem: "决定不予办理，但没有书面理由",
    next: "请补写理由并送达申请人",
};
const NOT_PUBLISHED: Saying = Saying {
    code: "decision_not_published",
    problem: "已于 {done} 准予，但没有向社会公告",
    next: "请立即公告",
};
const TOO_LONG: Saying = Saying {
    code: "extension_too_long",
    problem: "延长到 {until}，超过最多可延长到的 {latest}",
    next: "请改到 {latest} 以前",
};
const NOT_APPROVED: Saying = Saying {
    code: "extension_not_approved",
    problem: "延长期限没有国务院民政部门的批准",
    next: "请先报批，或者按原期限决定",
};
const NO_EXTENSION: Saying = Saying {
    code: "extension_not_allowed",
    problem: "{rule} 没有规定可以延长期限",
    next: "请按原期限决定",
};

/// 〔许可种类〕 What is applied for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Licence {
    /// 慈善组织登记
    Registration,
    /// 慈善组织认定
    Recognition,
    /// 公开募捐资格
    Qualification,
}

impl Licence {
    /// The rule and the deadline behind it.
    const fn clock(self) -> (RuleId, &'static str) {
        match self {
            Licence::Registration => (RuleId::new(Group::Registration, 1), "registration_decide"),
            Licence::Recognition => (RuleId::new(Group::Registration, 2), "recognition_decide"),
            Licence::Qualification => (RuleId::new(Group::Fundraising, 1), "qualification_decide"),
        }
    }
}

/// 〔延长〕 A longer time that the authority gave itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extension {
    /// The new last day.
    pub until: Day,
    /// True if the Ministry approved it.
    pub approved: bool,
}

/// 〔决定结果〕 What was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// 准予, with the day of the public notice.
    Granted {
        /// The day of the notice.
        published: Option<Day>,
    },
    /// 不予
    Refused {
        /// True if the reasons are in writing.
        with_reasons: bool,
    },
}

/// 〔决定〕 The decision and its day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decision {
    /// The day.
    pub on: Day,
    /// The outcome.
    pub outcome: Outcome,
}

/// 〔申请〕 An application that was accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Application {
    /// What is applied for.
    pub licence: Licence,
    /// The day of acceptance 受理.
    pub accepted: Day,
    /// A longer time, if one was given.
    pub extension: Option<Extension>,
    /// The decision, if it was taken.
    pub decision: Option<Decision>,
}

/// Was it decided in time, with reasons, and published? Days are counted as working days, as licensing limits are;
/// the finding names the calendar day too.
#[must_use]
pub fn check_application(
    law: &InForce<'_>,
    calendar: &WorkCalendar,
    application: &Application,
) -> Vec<Finding> {
    let (id, key) = application.licence.clock();
    let accepted = application.accepted;
    let mut judge = Judge::of(&law.moved(accepted));
    let (Some(held), Some(due)) = (judge.rule(id), judge.due(key, accepted, calendar)) else {
        return judge.findings();
    };
    let mut last = due.day;
    if let Some(extension) = application.extension {
        match due.latest {
            None => {
                let name = id.to_string();
                judge.say(held, &NO_EXTENSION, vec![("rule", name.as_str().into())]);
            }
            Some(latest) => {
                if extension.until > latest {
                    let values = vec![("until", extension.until.into()), ("latest", latest.into())];
                    judge.say(held, &TOO_LONG, values);
                }
                if application.licence == Licence::Registration && !extension.approved {
                    judge.say(held, &NOT_APPROVED, Vec::new());
                }
                last = last.max(extension.until.min(latest));
            }
        }
    }
    let late = match application.decision {
        Some(decision) if decision.on > last => Some(Value::from(decision.on)),
        None if law.day() > last => Some(Value::from("尚未")),
        _ => None,
    };
    if let Some(done) = late {
        let other = due.other.unwrap_or(due.day);
        let values = vec![
            ("due", last.into()),
            ("other", other.into()),
            ("done", done),
        ];
        judge.say(held, &OVERDUE, values);
    }
    match application.decision {
        Some(Decision {
            outcome: Outcome::Refused {
                with_reasons: false,
            },
            ..
        }) => judge.say(held, &NO_REASONS, Vec::new()),
        Some(Decision {
            on,
            outcome: Outcome::Granted { published: None },
        }) if application.licence == Licence::Registration => {
            judge.say(held, &NOT_PUBLISHED, vec![("done", on.into())]);
        }
        _ => {}
    }
    judge.findings()
}

#[cfg(test)]
pub(crate) mod pairs {
    use super::*;
    use crate::check::coverage::{Pair, calendar, day, law_on};

    fn check(change: impl Fn(&mut Application)) -> Vec<Finding> {
        let mut application = Application {
            licence: Licence::Registration,
            accepted: day("2026-03-02"),
            extension: None,
            decision: Some(Decision {
                on: day("2026-04-10"),
                outcome: Outcome::Granted {
                    published: Some(day("2026-04-10")),
                },
            }),
        };
        change(&mut application);
        check_application(&law_on("2026-11-22"), &calendar(), &application)
    }

    fn decided(application: &mut Application, on: &str, outcome: Outcome) {
        application.decision = Some(Decision {
            on: day(on),
            outcome,
        });
    }

    pub(crate) fn pairs() -> Vec<Pair> {
        let refused = |with_reasons| Outcome::Refused { with_reasons };
        let published = Outcome::Granted {
            published: Some(day("2026-05-01")),
        };
        let extended = |until: &str, approved| {
            Some(Extension {
                until: day(until),
                approved,
            })
        };
        vec![
            // thirty working days after 2 March 2026 end on 14 April: Qingming is between
            Pair::of(
                "OR-01",
                check(|_| {}),
                check(|a| decided(a, "2026-04-15", published)),
                &["decision_late"],
            ),
            Pair::of(
                "OR-01",
                check(|a| decided(a, "2026-04-14", published)),
                check(|a| a.decision = None),
                &["decision_late"],
            ),
            Pair::of(
                "OR-01",
                check(|a| decided(a, "2026-04-01", refused(true))),
                check(|a| decided(a, "2026-04-01", refused(false))),
                &["refusal_without_reasons"],
            ),
            Pair::of(
                "OR-01",
                check(|_| {}),
                check(|a| decided(a, "2026-04-01", Outcome::Granted { published: None })),
                &["decision_not_published"],
            ),
            Pair::of(
                "OR-01",
                check(|a| {
                    a.extension = extended("2026-06-01", true);
                    decided(a, "2026-05-20", published);
                }),
                check(|a| a.extension = extended("2026-12-01", false)),
                &["extension_too_long", "extension_not_approved"],
            ),
            Pair::of(
                "OR-02",
                check(|a| {
                    a.licence = Licence::Recognition;
                    decided(a, "2026-03-30", published);
                }),
                check(|a| a.licence = Licence::Recognition),
                &["decision_late"],
            ),
            Pair::of(
                "CF-01",
                check(|a| {
                    a.licence = Licence::Qualification;
                    decided(a, "2026-03-30", published);
                }),
                check(|a| {
                    a.licence = Licence::Qualification;
                    a.extension = extended("2026-04-30", true);
                }),
                &["extension_not_allowed", "decision_late"],
            ),
        ]
    }
}

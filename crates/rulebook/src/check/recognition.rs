//! Who may not be recognised as a charity (OR-04).

use crate::book::InForce;
use crate::check::officer::{OfficerFacts, check_officer};
use crate::finding::{Finding, Saying};
use crate::id::{Group, RuleId};
use crate::judge::Judge;
use crate::limits::FACTS_MAX;
use kernel::Day;

const RECOGNITION: RuleId = RuleId::new(Group::Registration, 4);

const OFFICERS: Saying = Saying {
    code: "recognition_officer_barred",
    problem: "有 {count} 名负责人依法不能任职",
    next: "请更换负责人后再申请",
};
const PENALTY: Saying = Saying {
    code: "recognition_penalty",
    problem: "申请前 {span} 内，{day} 受过行政处罚",
    next: "请核对处罚决定，再决定是否受理",
};
const ABNORMAL: Saying = Saying {
    code: "recognition_abnormal_list",
    problem: "该组织在活动异常名录中",
    next: "请先申请移出名录",
};
const SERIOUS: Saying = Saying {
    code: "recognition_serious_list",
    problem: "该组织在严重违法失信名单中",
    next: "请先申请移出名单",
};
const OTHER: Saying = Saying {
    code: "recognition_other_violation",
    problem: "有其他违反法律、法规和政策的情形：{what}",
    next: "请先改正",
};

/// 〔认定前核查〕 What the registers say of an applicant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecognitionFacts {
    /// The day of the application.
    pub applied: Day,
    /// What is known of each officer.
    pub officers: Vec<OfficerFacts>,
    /// Days of administrative penalties.
    pub penalties: Vec<Day>,
    /// True if it is on the list of abnormal activity.
    pub on_abnormal_list: bool,
    /// True if it is on the list of serious violations.
    pub on_serious_list: bool,
    /// Other violations, in words.
    pub other_violations: Vec<String>,
}

/// May the applicant be recognised?
#[must_use]
pub fn check_recognition(law: &InForce<'_>, facts: &RecognitionFacts) -> Vec<Finding> {
    let law = law.moved(facts.applied);
    let mut judge = Judge::of(&law);
    let Some(held) = judge.rule(RECOGNITION) else {
        return judge.findings();
    };
    let officers = facts.officers.iter().take(FACTS_MAX);
    let barred = officers
        .filter(|officer| !check_officer(&law, officer).is_empty())
        .count();
    if barred > 0 {
        judge.say(held, &OFFICERS, vec![("count", barred.into())]);
    }
    if let Some(lookback) = judge.number(held, "penalty_lookback") {
        let from = lookback.quantity.before(facts.applied);
        for day in facts.penalties.iter().take(FACTS_MAX) {
            if from.is_some_and(|from| *day >= from) && *day <= facts.applied {
                let values = vec![("span", lookback.quantity.into()), ("day", (*day).into())];
                judge.say_by(held, lookback, &PENALTY, values);
            }
        }
    }
    if facts.on_abnormal_list {
        judge.say(held, &ABNORMAL, Vec::new());
    }
    if facts.on_serious_list {
        judge.say(held, &SERIOUS, Vec::new());
    }
    for what in facts.other_violations.iter().take(FACTS_MAX) {
        judge.say(held, &OTHER, vec![("what", what.as_str().into())]);
    }
    judge.findings()
}

#[cfg(test)]
pub(crate) mod pairs {
    use super::*;
    use crate::check::coverage::{Pair, day, law_on};
    use crate::check::officer::{Capacity, Punishment};
    use crate::status::Severity;

    fn check(change: impl Fn(&mut RecognitionFacts)) -> Vec<Finding> {
        let mut facts = RecognitionFacts {
            applied: day("2026-06-01"),
            officers: vec![OfficerFacts {
                capacity: Capacity::Full,
                punishments: vec![Punishment::Served(day("2010-01-01"))],
                revoked: Vec::new(),
            }],
            penalties: vec![day("2024-05-31")],
            on_abnormal_list: false,
            on_serious_list: false,
            other_violations: Vec::new(),
        };
        change(&mut facts);
        check_recognition(&law_on("2026-07-01"), &facts)
    }

    pub(crate) fn pairs() -> Vec<Pair> {
        let one = |change: fn(&mut RecognitionFacts), code: &'static str| {
            Pair::of("OR-04", check(|_| {}), check(change), &[code])
        };
        vec![
            one(
                |f| f.officers[0].capacity = Capacity::Limited,
                "recognition_officer_barred",
            ),
            one(
                |f| f.penalties = vec![day("2024-06-01")],
                "recognition_penalty",
            ),
            one(|f| f.on_abnormal_list = true, "recognition_abnormal_list"),
            one(|f| f.on_serious_list = true, "recognition_serious_list"),
            one(
                |f| f.other_violations = vec!["骗取补助".to_owned()],
                "recognition_other_violation",
            ),
        ]
    }

    #[test]
    fn a_number_that_was_only_recalled_blocks_nobody() {
        let found = check(|f| f.penalties = vec![day("2026-01-01")]);
        assert_eq!(found[0].severity, Severity::Warn);
        let found = check(|f| f.on_serious_list = true);
        assert_eq!(found[0].severity, Severity::Block);
    }
}

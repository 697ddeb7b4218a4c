//! Who may not be an officer, and until when (OR-06).

use crate::book::InForce;
use crate::finding::{Finding, Saying};
use crate::id::{Group, RuleId};
use crate::judge::Judge;
use crate::limits::FACTS_MAX;
use kernel::Day;

const BARS: RuleId = RuleId::new(Group::Registration, 6);

const CAPACITY: Saying = Saying {
    code: "officer_capacity",
    problem: "该人没有完全民事行为能力",
    next: "请另选负责人",
};
const SERVING: Saying = Saying {
    code: "officer_serving_sentence",
    problem: "该人因故意犯罪正在服刑",
    next: "请另选负责人",
};
const SENTENCE: Saying = Saying {
    code: "officer_sentence",
    problem: "该人因故意犯罪受刑罚，自 {since} 执行完毕起未满 {span}，到 {until} 为止不能任职",
    next: "请另选负责人，或者在 {until} 以后再任命",
};
const REVOKED: Saying = Saying {
    code: "officer_of_revoked",
    problem: "该人任负责人的组织 {since} 被吊销登记证书或者取缔，未满 {span}，到 {until} 为止不能任职",
    next: "请另选负责人，或者在 {until} 以后再任命",
};

/// 〔民事行为能力〕 A person's legal capacity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Capacity {
    /// 完全民事行为能力
    Full,
    /// 限制民事行为能力
    Limited,
    /// 无民事行为能力
    None,
}

/// 〔刑罚〕 A punishment for an intentional crime.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Punishment {
    /// 正在执行
    Serving,
    /// 执行完毕, and when.
    Served(Day),
}

/// 〔负责人情况〕 What is known of somebody who shall be an officer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficerFacts {
    /// Legal capacity.
    pub capacity: Capacity,
    /// Punishments for intentional crimes.
    pub punishments: Vec<Punishment>,
    /// Days on which organisations were revoked or banned of which the person was an officer then.
    pub revoked: Vec<Day>,
}

/// 〔禁止到何时〕 When a bar ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum BarEnd {
    /// The last day of the bar.
    Until(Day),
    /// No end is known.
    Open,
}

/// May this person be appointed on the day of `law`?
#[must_use]
pub fn check_officer(law: &InForce<'_>, facts: &OfficerFacts) -> Vec<Finding> {
    let mut judge = Judge::of(law);
    let Some(held) = judge.rule(BARS) else {
        return judge.findings();
    };
    if facts.capacity != Capacity::Full {
        judge.say(held, &CAPACITY, Vec::new());
    }
    let mut bars: Vec<(Day, &str, &Saying)> = Vec::new();
    for punishment in facts.punishments.iter().take(FACTS_MAX) {
        match punishment {
            Punishment::Serving => judge.say(held, &SERVING, Vec::new()),
            Punishment::Served(day) => bars.push((*day, "after_sentence", &SENTENCE)),
        }
    }
    for day in facts.revoked.iter().take(FACTS_MAX) {
        bars.push((*day, "after_revocation", &REVOKED));
    }
    for (since, name, saying) in bars {
        let Some(number) = judge.number(held, name) else {
            continue;
        };
        // The first day is not counted, so the last day of the five years is the same date.
        let until = number.quantity.after(since);
        if let Some(until) = until.filter(|until| law.day() <= *until) {
            let values = vec![
                ("since", since.into()),
                ("span", number.quantity.into()),
                ("until", until.into()),
            ];
            judge.say_by(held, number, saying, values);
        }
    }
    judge.findings()
}

/// When the last of the bars ends, by the findings of [`check_officer`]; `None` if there is no bar.
#[must_use]
pub fn officer_barred(law: &InForce<'_>, facts: &OfficerFacts) -> Option<BarEnd> {
    let findings = check_officer(law, facts);
    let ends = findings.iter().map(|finding| match finding.value("until") {
        Some(crate::finding::Value::Day(day)) => BarEnd::Until(*day),
        _ => BarEnd::Open,
    });
    ends.max()
}

#[cfg(test)]
pub(crate) mod pairs {
    use super::*;
    use crate::check::coverage::{Pair, day, law_on};

    fn facts() -> OfficerFacts {
        OfficerFacts {
            capacity: Capacity::Full,
            punishments: Vec::new(),
            revoked: Vec::new(),
        }
    }

    fn on(appointed: &str, facts: &OfficerFacts) -> Vec<Finding> {
        check_officer(&law_on(appointed), facts)
    }

    pub(crate) fn pairs() -> Vec<Pair> {
        let with = |capacity| OfficerFacts {
            capacity,
            ..facts()
        };
        let served = OfficerFacts {
            punishments: vec![Punishment::Served(day("2021-06-01"))],
            ..facts()
        };
        let serving = OfficerFacts {
            punishments: vec![Punishment::Serving],
            ..facts()
        };
        let revoked = OfficerFacts {
            revoked: vec![day("2021-06-01")],
            ..facts()
        };
        let fine = on("2026-06-01", &facts());
        vec![
            Pair::of(
                "OR-06",
                fine.clone(),
                on("2026-06-01", &with(Capacity::Limited)),
                &["officer_capacity"],
            ),
            Pair::of(
                "OR-06",
                fine.clone(),
                on("2026-06-01", &with(Capacity::None)),
                &["officer_capacity"],
            ),
            Pair::of(
                "OR-06",
                fine,
                on("2026-06-01", &serving),
                &["officer_serving_sentence"],
            ),
            Pair::of(
                "OR-06",
                on("2026-06-02", &served),
                on("2026-06-01", &served),
                &["officer_sentence"],
            ),
            Pair::of(
                "OR-06",
                on("2026-06-02", &revoked),
                on("2026-06-01", &revoked),
                &["officer_of_revoked"],
            ),
        ]
    }

    #[test]
    fn the_last_bar_counts() {
        let law = law_on("2026-01-01");
        let mut facts = OfficerFacts {
            punishments: vec![Punishment::Served(day("2021-06-01"))],
            revoked: vec![day("2023-02-28")],
            ..facts()
        };
        let check = |facts: &OfficerFacts, end| assert_eq!(officer_barred(&law, facts), end);
        check(&facts, Some(BarEnd::Until(day("2028-02-28"))));
        facts.capacity = Capacity::None;
        check(&facts, Some(BarEnd::Open));
        facts.capacity = Capacity::Full;
        facts.punishments.clear();
        facts.revoked.clear();
        check(&facts, None);
    }
}

//! Whether somebody may raise from the public on these days, and what a revocation does (CF-04, CF-05).

use crate::book::InForce;
use crate::finding::{Finding, Saying};
use crate::id::{Group, RuleId};
use crate::judge::Judge;
use crate::limits::FACTS_MAX;
use kernel::Day;

const REVOCATION: RuleId = RuleId::new(Group::Fundraising, 4);
const RIGHT: RuleId = RuleId::new(Group::Fundraising, 5);

const STILL_RAISING: Saying = Saying {
    code: "raising_after_revocation",
    problem: "资格已于 {day} 被吊销，还有 {count} 个活动在接受捐赠",
    next: "请立即停止接受捐赠",
};
const SPENDING_STOPPED: Saying = Saying {
    code: "spending_stopped_after_revocation",
    problem: "资格被吊销后，{count} 个活动已募得的款物停止了拨付",
    next: "请按备案方案继续使用并公开",
};
const REAPPLIED: Saying = Saying {
    code: "reapplied_too_early",
    problem: "资格于 {day} 被吊销，{span} 内不能再次申请",
    next: "请在 {until} 以后再申请",
};
const NO_RIGHT: Saying = Saying {
    code: "no_qualification",
    problem: "{start} 至 {end} 没有有效的公开募捐资格",
    next: "请先取得资格，或者与有资格的慈善组织合作",
};
const RIGHT_ENDS: Saying = Saying {
    code: "qualification_ends_before_campaign",
    problem: "开始日有公开募捐资格，但到 {end} 活动结束时已经失效",
    next: "请把结束日改到 {until} 以前，或者先换证",
};

/// 〔资格期间〕 A time in which a qualification is valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    /// The first day.
    pub from: Day,
    /// The last day by the certificate; absent where it names none.
    pub to: Option<Day>,
    /// The day on which it was revoked or suspended.
    pub revoked: Option<Day>,
}

impl Term {
    /// The last day on which it is valid.
    fn last(&self) -> Option<Day> {
        let before = self.revoked.map(|day| day.plus_days(-1));
        match (self.to, before) {
            (Some(to), Some(before)) => Some(to.min(before)),
            (to, before) => to.or(before),
        }
    }

    fn holds(&self, day: Day) -> bool {
        self.from <= day && self.last().is_none_or(|last| day <= last)
    }
}

/// 〔活动起止〕 The days of a campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CampaignDays {
    /// The first day.
    pub start: Day,
    /// The last day.
    pub end: Day,
}

/// 〔吊销情况〕 What happened after a revocation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RevocationFacts {
    /// The day of the revocation.
    pub revoked: Day,
    /// Campaigns that still take gifts.
    pub still_raising: u32,
    /// Campaigns whose money can no longer be used by their plan.
    pub spending_stopped: u32,
    /// The day of a new application.
    pub reapplied: Option<Day>,
}

/// Is there a qualification on the first and on the last day of the campaign, and all the time between?
#[must_use]
pub fn check_campaign_right(
    law: &InForce<'_>,
    terms: &[Term],
    days: &CampaignDays,
) -> Vec<Finding> {
    let mut judge = Judge::of(law);
    let Some(held) = judge.rule(RIGHT) else {
        return judge.findings();
    };
    // Certificates may follow each other: each carries the campaign on to its last day.
    let mut reached: Option<Day> = None;
    let mut next = days.start;
    for _ in terms.iter().take(FACTS_MAX) {
        let current = terms.iter().take(FACTS_MAX).filter(|term| term.holds(next));
        let Some(last) = current.map(|term| term.last().unwrap_or(days.end)).max() else {
            break;
        };
        reached = Some(last);
        if last >= days.end {
            break;
        }
        next = last.plus_days(1);
    }
    match reached {
        None => {
            let values = vec![("start", days.start.into()), ("end", days.end.into())];
            judge.say(held, &NO_RIGHT, values);
        }
        Some(until) if until < days.end => {
            let values = vec![("end", days.end.into()), ("until", until.into())];
            judge.say(held, &RIGHT_ENDS, values);
        }
        Some(_) => {}
    }
    judge.findings()
}

/// The first day on which somebody may apply again after a revocation.
#[must_use]
pub fn reapply_from(law: &InForce<'_>, revoked: Day) -> Option<Day> {
    let number = law.moved(revoked).number(REVOCATION, "reapply_after")?;
    number.quantity.after(revoked).map(|last| last.plus_days(1))
}

/// Did raising stop, does the use of what was raised go on, and is no new application made too early?
#[must_use]
pub fn check_revocation(law: &InForce<'_>, facts: &RevocationFacts) -> Vec<Finding> {
    let mut judge = Judge::of(&law.moved(facts.revoked));
    let Some(held) = judge.rule(REVOCATION) else {
        return judge.findings();
    };
    if facts.still_raising > 0 {
        let values = vec![
            ("day", facts.revoked.into()),
            ("count", facts.still_raising.into()),
        ];
        judge.say(held, &STILL_RAISING, values);
    }
    if facts.spending_stopped > 0 {
        let values = vec![("count", facts.spending_stopped.into())];
        judge.say(held, &SPENDING_STOPPED, values);
    }
    if let Some(reapplied) = facts.reapplied
        && let Some(span) = judge.number(held, "reapply_after")
        && let Some(until) = span.quantity.after(facts.revoked)
        && reapplied <= until
    {
        let values = vec![
            ("day", facts.revoked.into()),
            ("span", span.quantity.into()),
            ("until", until.into()),
        ];
        judge.say_by(held, span, &REAPPLIED, values);
    }
    judge.findings()
}

#[cfg(test)]
pub(crate) mod pairs {
    use super::*;
    use crate::check::coverage::{Pair, day, law_on};

    fn term(from: &str, to: Option<&str>, revoked: Option<&str>) -> Term {
        Term {
            from: day(from),
            to: to.map(day),
            revoked: revoked.map(day),
        }
    }

    fn right(terms: &[Term]) -> Vec<Finding> {
        let days = CampaignDays {
            start: day("2026-06-01"),
            end: day("2026-12-31"),
        };
        check_campaign_right(&law_on("2026-05-01"), terms, &days)
    }

    fn revocation(change: fn(&mut RevocationFacts)) -> Vec<Finding> {
        let mut facts = RevocationFacts {
            revoked: day("2026-01-15"),
            still_raising: 0,
            spending_stopped: 0,
            reapplied: Some(day("2031-01-16")),
        };
        change(&mut facts);
        check_revocation(&law_on("2031-02-01"), &facts)
    }

    pub(crate) fn pairs() -> Vec<Pair> {
        let open = term("2026-06-01", None, None);
        let short = term("2025-01-01", Some("2026-12-30"), None);
        let next = term("2026-12-31", None, None);
        let one = |change, code: &'static str| {
            Pair::of("CF-04", revocation(|_| {}), revocation(change), &[code])
        };
        let ends = "qualification_ends_before_campaign";
        vec![
            Pair::of("CF-05", right(&[open]), right(&[]), &["no_qualification"]),
            Pair::of(
                "CF-05",
                right(&[open]),
                right(&[term("2026-06-02", None, None)]),
                &["no_qualification"],
            ),
            Pair::of("CF-05", right(&[next, short]), right(&[short]), &[ends]),
            Pair::of(
                "CF-05",
                right(&[term("2025-01-01", Some("2026-12-31"), Some("2027-01-01"))]),
                right(&[term("2025-01-01", None, Some("2026-12-31"))]),
                &[ends],
            ),
            Pair::of(
                "CF-05",
                right(&[open]),
                right(&[term("2025-01-01", None, Some("2026-06-01"))]),
                &["no_qualification"],
            ),
            one(|f| f.still_raising = 2, "raising_after_revocation"),
            one(
                |f| f.spending_stopped = 1,
                "spending_stopped_after_revocation",
            ),
            one(
                |f| f.reapplied = Some(day("2031-01-15")),
                "reapplied_too_early",
            ),
        ]
    }

    #[test]
    fn the_first_day_of_a_new_application_is_told() {
        let from = reapply_from(&law_on("2026-06-01"), day("2026-01-15"));
        assert_eq!(from, Some(day("2031-01-16")));
    }
}

//! Reports of a campaign 活动报告, and the calendar of those the law asks for.
//!
//! Figures are not part of a report: the ledger knows them, nobody types them (DI-06).

use super::campaign::{Campaign, State};
use crate::Sentence;
use crate::funds::posting::{Posting, Subject};
use crate::refusal::Refused;
use crate::text::{Form, LINE_MAX, Problem, STORY_MAX};
use kernel::{Day, Id, Timestamp};
use leaf::{Kind as LeafKind, ids};

/// A campaign that runs longer reports on its way (慈善法 第七十九条).
const LONG_MONTHS: i32 = 6;
/// So often it reports then, and so long after its end it has to report in full.
const EVERY_MONTHS: i32 = 3;
/// Reports asked for on the way at most; a campaign lasts three years at most.
const DUE_MAX: i32 = 40;

/// 〔报告种类〕 What a report is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReportKind {
    /// 进展报告: how it goes.
    Progress,
    /// 结项报告: the full report after the end.
    Final,
}

impl ReportKind {
    /// Both kinds, in the order of lists.
    pub const ALL: [ReportKind; 2] = [ReportKind::Progress, ReportKind::Final];

    /// The stored code, also in leaves.
    pub fn code(self) -> &'static str {
        match self {
            ReportKind::Progress => "progress",
            ReportKind::Final => "final",
        }
    }

    /// The Chinese name.
    pub fn title(self) -> &'static str {
        match self {
            ReportKind::Progress => "进展报告",
            ReportKind::Final => "结项报告",
        }
    }

    /// The kind of a stored code.
    pub fn parse(code: &str) -> Option<ReportKind> {
        ReportKind::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// What the staff writes.
#[derive(Debug, Clone, Default)]
pub struct ReportForm {
    /// Code of the kind.
    pub kind: String,
    /// What it is called.
    pub title: String,
    /// What was done.
    pub body: String,
    /// What will be done with money that is left; may be empty where nothing is left.
    pub plan: String,
    /// The last day it tells of.
    pub until: String,
}

/// 〔活动报告〕 A report that can be published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewReport {
    /// What it is about.
    pub kind: ReportKind,
    /// What it is called.
    pub title: String,
    /// What was done.
    pub body: String,
    /// What will be done with money that is left.
    pub plan: String,
    /// The last day it tells of.
    pub until: Day,
}

impl NewReport {
    /// Reads what was written.
    ///
    /// # Errors
    /// All problems at once.
    pub fn read(form: &ReportForm, today: Day) -> Result<NewReport, Vec<Problem>> {
        let mut check = Form::new();
        let kind = ReportKind::parse(&form.kind);
        if kind.is_none() {
            check.refuse("kind", "choice", "请选择是进展报告还是结项报告。");
        }
        let title = check.line("title", "标题", &form.title, LINE_MAX);
        let body = check.line("body", "做了什么", &form.body, STORY_MAX);
        let plan = check.optional("plan", "余款怎样使用", &form.plan, STORY_MAX);
        let until = check.day("until", "截至日期", &form.until);
        if until.is_some_and(|until| until > today) {
            check.refuse("until", "future", "截至日期不能晚于今天，请改正。");
        }
        check.finish(()).and_then(|()| match (kind, until) {
            (Some(kind), Some(until)) => Ok(NewReport {
                kind,
                title,
                body,
                plan,
                until,
            }),
            _ => Err(Vec::new()),
        })
    }
}

/// Why a report cannot be published, in precedence order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReportRefused {
    /// The campaign is not public yet.
    Draft,
    /// A full report before the end.
    NotOver,
    /// It tells of days before the campaign began.
    TooEarly,
    /// Money is left and the report does not say what happens with it.
    PlanMissing,
}

impl Refused for ReportRefused {
    fn code(&self) -> &'static str {
        match self {
            ReportRefused::Draft => "report_of_draft",
            ReportRefused::NotOver => "report_not_over",
            ReportRefused::TooEarly => "report_too_early",
            ReportRefused::PlanMissing => "report_plan_missing",
        }
    }

    fn sentence(&self) -> Sentence {
        match self {
            ReportRefused::Draft => "活动还没有发布，请先由负责人发布活动，再写报告。",
            ReportRefused::NotOver => "活动还没有结束，请改为进展报告，或先结束活动。",
            ReportRefused::TooEarly => "截至日期早于活动开始日期，请改正日期。",
            ReportRefused::PlanMissing => "还有没用完的钱，请写明余款怎样使用。",
        }
        .into()
    }

    fn law(&self) -> Option<&'static str> {
        Some("慈善法 第七十九条")
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            ReportRefused::NotOver => Some("kind"),
            ReportRefused::TooEarly => Some("until"),
            ReportRefused::PlanMissing => Some("plan"),
            _ => None,
        }
    }
}

/// Whether a report could be published, before anybody presses the button: the state of its campaign and its first day,
/// and the fen that are still there.
///
/// # Errors
/// `ReportRefused` in precedence order.
pub fn check_report(
    (state, starts_on): (State, Day),
    new: &NewReport,
    unspent: i64,
) -> Result<(), ReportRefused> {
    if state == State::Draft {
        return Err(ReportRefused::Draft);
    }
    if new.kind == ReportKind::Final && state != State::Ended {
        return Err(ReportRefused::NotOver);
    }
    if new.until < starts_on {
        return Err(ReportRefused::TooEarly);
    }
    if unspent > 0 && new.plan.is_empty() {
        return Err(ReportRefused::PlanMissing);
    }
    Ok(())
}

/// States a report in public.
///
/// `unspent` are the fen of the campaign that are still there.
///
/// # Errors
/// `ReportRefused` in precedence order.
pub fn decide_report(
    campaign: &Campaign,
    (id, new): (Id<ids::Report>, &NewReport),
    unspent: i64,
    at: Timestamp,
) -> Result<Posting, ReportRefused> {
    check_report((campaign.state, campaign.starts_on), new, unspent)?;
    let subject = Subject::Report(id);
    let mut posting = Posting::new(subject, LeafKind::Report, campaign.organisation, at)
        .fact("kind", new.kind.code())
        .fact("until", new.until.to_string())
        .public_word("title", new.title.clone())
        .public_word("body", new.body.clone());
    if !new.plan.is_empty() {
        posting = posting.public_word("plan", new.plan.clone());
    }
    posting.campaign = Some(campaign.id);
    Ok(posting)
}

/// 〔披露时限〕 One report that the law asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DisclosureDue {
    /// Which report.
    pub kind: ReportKind,
    /// The last day for it.
    pub due: Day,
    /// The day on which it was published, if it was.
    pub done: Option<Day>,
}

impl DisclosureDue {
    /// Days after the last day: of the publication, else of today; zero while in time.
    #[must_use]
    pub fn days_late(&self, today: Day) -> i32 {
        let days = self.done.unwrap_or(today).number() - self.due.number();
        days.max(0)
    }
}

/// The reports that the law asks of a campaign, earliest first (DI-05: longer than six months, then every three
/// months; in full within three months after the end).
///
/// `published` are kind and day of its reports in any order. One report settles one due: a report on the way settles
/// the earliest one that is still open, late if it comes late, and no other.
#[must_use]
pub fn disclosures(campaign: &Campaign, published: &[(ReportKind, Day)]) -> Vec<DisclosureDue> {
    let (starts, ends) = (campaign.starts_on, campaign.ends_on);
    let mut on_the_way = days_of(published, ReportKind::Progress).into_iter();
    let mut dues = Vec::new();
    if ends > starts.plus_months(LONG_MONTHS) {
        let mut before = starts.plus_days(-1);
        for n in 1..=DUE_MAX {
            let due = starts.plus_months(EVERY_MONTHS.saturating_mul(n));
            if due >= ends {
                break;
            }
            // What came before the period began told of earlier days; it settles nothing later.
            dues.push(DisclosureDue {
                kind: ReportKind::Progress,
                due,
                done: on_the_way.find(|day| *day > before),
            });
            before = due;
        }
    }
    dues.push(DisclosureDue {
        kind: ReportKind::Final,
        due: ends.plus_months(EVERY_MONTHS),
        done: days_of(published, ReportKind::Final)
            .into_iter()
            .find(|day| *day >= starts),
    });
    dues
}

/// The days of the reports of a kind, in order.
fn days_of(published: &[(ReportKind, Day)], kind: ReportKind) -> Vec<Day> {
    let mut days: Vec<Day> = published
        .iter()
        .filter(|one| one.0 == kind)
        .map(|one| one.1)
        .collect();
    days.sort_unstable();
    days
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::BasisPoints;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    fn campaign(state: State, starts: &str, ends: &str) -> Campaign {
        Campaign {
            id: Id::from_raw(1),
            organisation: Id::from_raw(2),
            title: "冬衣".into(),
            state,
            starts_on: day(starts),
            ends_on: day(ends),
            administrative_share: BasisPoints::ZERO,
            project_fund: None,
            administrative_fund: None,
        }
    }

    fn form(kind: &str, until: &str, plan: &str) -> ReportForm {
        ReportForm {
            kind: kind.into(),
            title: "第一批冬衣已发放".into(),
            body: "发放三百件".into(),
            plan: plan.into(),
            until: until.into(),
        }
    }

    #[test]
    fn all_problems_are_told_at_once() {
        let empty = NewReport::read(&ReportForm::default(), day("2026-11-27")).unwrap_err();
        let fields: Vec<_> = empty.iter().map(|problem| problem.field).collect();
        assert_eq!(fields, ["kind", "title", "body", "until"]);
        let future = NewReport::read(&form("final", "2026-11-28", ""), day("2026-11-27"));
        assert_eq!(future.unwrap_err()[0].code, "future");
    }

    #[track_caller]
    fn check(
        state: State,
        (kind, until): (&str, &str),
        unspent: i64,
        want: Result<(), ReportRefused>,
    ) {
        let campaign = campaign(state, "2026-01-01", "2026-10-31");
        let new = NewReport::read(&form(kind, until, ""), day("2026-11-27")).unwrap();
        let got = decide_report(
            &campaign,
            (Id::from_raw(3), &new),
            unspent,
            Timestamp::from_micros(0),
        );
        assert_eq!(got.map(|_| ()), want);
    }

    #[test]
    fn a_report_fits_the_state_of_its_campaign() {
        let progress = ("progress", "2026-06-30");
        check(State::Live, progress, 0, Ok(()));
        check(State::Draft, progress, 0, Err(ReportRefused::Draft));
        check(
            State::Live,
            ("final", "2026-10-31"),
            0,
            Err(ReportRefused::NotOver),
        );
        check(State::Ended, ("final", "2026-10-31"), 0, Ok(()));
        check(
            State::Live,
            ("progress", "2025-12-31"),
            0,
            Err(ReportRefused::TooEarly),
        );
        check(
            State::Ended,
            ("final", "2026-10-31"),
            1,
            Err(ReportRefused::PlanMissing),
        );
    }

    #[track_caller]
    fn check_dues(
        ends: &str,
        published: &[(ReportKind, &str)],
        want: &[(&str, Option<&str>, i32)],
    ) {
        let campaign = campaign(State::Live, "2026-01-31", ends);
        let published: Vec<_> = published.iter().map(|(k, d)| (*k, day(d))).collect();
        let today = day("2026-12-01");
        let got: Vec<_> = disclosures(&campaign, &published)
            .iter()
            .map(|one| {
                (
                    one.due.to_string(),
                    one.done.map(|d| d.to_string()),
                    one.days_late(today),
                )
            })
            .collect();
        let want: Vec<_> = want
            .iter()
            .map(|(due, done, late)| (due.to_string(), done.map(str::to_string), *late))
            .collect();
        assert_eq!(got, want);
    }

    #[test]
    fn a_short_campaign_reports_once_and_a_long_one_every_three_months() {
        use ReportKind::{Final, Progress};
        check_dues("2026-07-31", &[], &[("2026-10-31", None, 31)]);
        check_dues(
            "2026-08-31",
            &[
                (Progress, "2026-04-30"),
                (Progress, "2026-08-05"),
                (Final, "2026-11-01"),
            ],
            &[
                ("2026-04-30", Some("2026-04-30"), 0),
                ("2026-07-31", Some("2026-08-05"), 5),
                ("2026-11-30", Some("2026-11-01"), 0),
            ],
        );
        check_dues(
            "2026-08-31",
            &[(Progress, "2026-08-01")],
            &[
                ("2026-04-30", Some("2026-08-01"), 93),
                ("2026-07-31", None, 123),
                ("2026-11-30", None, 1),
            ],
        );
        // two reports of one period settle one due, the next one stays open
        check_dues(
            "2026-08-31",
            &[(Progress, "2026-03-01"), (Progress, "2026-04-01")],
            &[
                ("2026-04-30", Some("2026-03-01"), 0),
                ("2026-07-31", None, 123),
                ("2026-11-30", None, 1),
            ],
        );
    }
}

//! Duties 待办: what waits for somebody at an organisation, with the day until which it should be done.
//!
//! A day is either asked by a statute or promised by the house; the two are told apart wherever they are shown.

use crate::fundraising::{DisclosureDue, Question, ReportKind};
use crate::funds::DisbursementState;
use crate::identity::Action;
use kernel::Day;

/// Days in which a step of a payment is promised.
const STEP_DAYS: i32 = 3;
/// Days in which held money is promised to find its way.
const HELD_DAYS: i32 = 10;
/// Days in which a file that was checked is promised to be entered or taken back.
const IMPORT_DAYS: i32 = 3;
/// So many days before its last day a duty is shown as urgent.
const SOON_DAYS: i32 = 7;

/// 〔待办种类〕 What waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DutyKind {
    /// 披露到期: a report that the law asks for.
    Disclosure(ReportKind),
    /// 拨付复核: a payment to be checked.
    Check,
    /// 拨付批准: a payment to be approved.
    Approve,
    /// 付款: a payment to be paid.
    Pay,
    /// 待处理款: money that could not stand where it was meant.
    Held,
    /// 公众提问: a question without an answer.
    Question,
    /// 草稿待发布: a campaign that nobody published yet.
    Publish,
    /// 导入待入账: a file that was checked and not entered.
    Import,
    /// 更正待确认: a repair of the books that another person asked for.
    Confirm,
    /// 撤下待确认: words, a file or a person's data that another person asked to take down.
    ConfirmPrivacy,
}

impl DutyKind {
    /// The duty of a payment's next step, if it has one.
    #[must_use]
    pub fn of_payment(state: DisbursementState) -> Option<DutyKind> {
        match state {
            DisbursementState::Requested => Some(DutyKind::Check),
            DisbursementState::Checked => Some(DutyKind::Approve),
            DisbursementState::Approved => Some(DutyKind::Pay),
            DisbursementState::Paid | DisbursementState::Refused => None,
        }
    }

    /// A stable code, for programs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            DutyKind::Disclosure(ReportKind::Progress) => "disclosure_progress",
            DutyKind::Disclosure(ReportKind::Final) => "disclosure_final",
            DutyKind::Check => "check",
            DutyKind::Approve => "approve",
            DutyKind::Pay => "pay",
            DutyKind::Held => "held",
            DutyKind::Question => "question",
            DutyKind::Publish => "publish",
            DutyKind::Import => "import",
            DutyKind::Confirm => "confirm",
            DutyKind::ConfirmPrivacy => "confirm_privacy",
        }
    }

    /// The Chinese name.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            DutyKind::Disclosure(ReportKind::Progress) => "公布进展报告",
            DutyKind::Disclosure(ReportKind::Final) => "公布结项报告",
            DutyKind::Check => "复核拨付",
            DutyKind::Approve => "批准拨付",
            DutyKind::Pay => "付款",
            DutyKind::Held => "办理待处理款",
            DutyKind::Question => "答复提问",
            DutyKind::Publish => "发布活动",
            DutyKind::Import => "入账或撤销导入",
            DutyKind::Confirm => "确认更正申请",
            DutyKind::ConfirmPrivacy => "确认撤下或删除",
        }
    }

    /// The statute that asks for it; absent where the house promises it.
    #[must_use]
    pub fn law(self) -> Option<&'static str> {
        match self {
            DutyKind::Disclosure(_) => Some("慈善法 第七十九条"),
            _ => None,
        }
    }

    /// What somebody must be allowed to do it.
    #[must_use]
    pub fn action(self) -> Action {
        match self {
            DutyKind::Disclosure(_) => Action::ReportPublish,
            DutyKind::Check => Action::DisbursementCheck,
            DutyKind::Approve => Action::DisbursementApprove,
            DutyKind::Pay => Action::DisbursementPay,
            DutyKind::Held => Action::CorrectionAsk,
            DutyKind::Question => Action::QuestionDecide,
            DutyKind::Publish => Action::CampaignDecide,
            DutyKind::Import => Action::ImportRun,
            DutyKind::Confirm => Action::CorrectionRecord,
            DutyKind::ConfirmPrivacy => Action::PrivacyDecide,
        }
    }

    /// The last day of what the house promises from `since` on.
    fn promised(self, since: Day) -> Day {
        since.plus_days(match self {
            DutyKind::Check
            | DutyKind::Approve
            | DutyKind::Pay
            | DutyKind::Confirm
            | DutyKind::ConfirmPrivacy => STEP_DAYS,
            DutyKind::Held => HELD_DAYS,
            DutyKind::Import => IMPORT_DAYS,
            DutyKind::Disclosure(_) | DutyKind::Question | DutyKind::Publish => 0,
        })
    }
}

/// 〔待办〕 One thing that waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Duty {
    /// The last day for it; first, so that duties sort by it.
    pub due: Day,
    /// What waits.
    pub kind: DutyKind,
}

/// 〔紧急程度〕 How near the last day is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Urgency {
    /// So many days over.
    Late(i32),
    /// So many days left, seven at most.
    Soon(i32),
    /// So many days left.
    Later(i32),
}

impl Urgency {
    /// A stable code, for styles and programs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Urgency::Late(_) => "late",
            Urgency::Soon(_) => "soon",
            Urgency::Later(_) => "later",
        }
    }

    /// The days over or left.
    #[must_use]
    pub fn days(self) -> i32 {
        match self {
            Urgency::Late(days) | Urgency::Soon(days) | Urgency::Later(days) => days,
        }
    }
}

impl Duty {
    /// What has waited since a day and is promised by the house.
    #[must_use]
    pub fn waiting(kind: DutyKind, since: Day) -> Duty {
        Duty {
            due: kind.promised(since),
            kind,
        }
    }

    /// A campaign that should be public on its first day.
    #[must_use]
    pub fn publication(starts_on: Day) -> Duty {
        Duty {
            due: starts_on,
            kind: DutyKind::Publish,
        }
    }

    /// A question that should be answered.
    #[must_use]
    pub fn question(question: &Question) -> Duty {
        Duty {
            due: question.due(),
            kind: DutyKind::Question,
        }
    }

    /// A report that is not published yet; nothing if it is.
    #[must_use]
    pub fn disclosure(asked: &DisclosureDue) -> Option<Duty> {
        asked.done.is_none().then_some(Duty {
            due: asked.due,
            kind: DutyKind::Disclosure(asked.kind),
        })
    }

    /// How near the last day is.
    #[must_use]
    pub fn urgency(&self, today: Day) -> Urgency {
        let left = self.due.number().saturating_sub(today.number());
        if left < 0 {
            Urgency::Late(left.saturating_neg())
        } else if left <= SOON_DAYS {
            Urgency::Soon(left)
        } else {
            Urgency::Later(left)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    #[track_caller]
    fn check(due: &str, want: Urgency) {
        let duty = Duty {
            due: day(due),
            kind: DutyKind::Pay,
        };
        assert_eq!(duty.urgency(day("2026-11-27")), want);
    }

    #[test]
    fn the_last_day_itself_is_in_time() {
        check("2026-11-26", Urgency::Late(1));
        check("2026-11-27", Urgency::Soon(0));
        check("2026-12-04", Urgency::Soon(7));
        check("2026-12-05", Urgency::Later(8));
    }

    #[test]
    fn what_is_due_first_comes_first() {
        let since = day("2026-11-20");
        let done = DisclosureDue {
            kind: ReportKind::Final,
            due: day("2026-11-01"),
            done: Some(day("2026-10-31")),
        };
        let open = DisclosureDue { done: None, ..done };
        assert_eq!(Duty::disclosure(&done), None);
        let mut duties = vec![
            Duty::waiting(DutyKind::Held, since),
            Duty::waiting(DutyKind::Check, since),
            Duty::publication(day("2026-11-22")),
        ];
        duties.extend(Duty::disclosure(&open));
        duties.sort_unstable();
        let order: Vec<_> = duties
            .iter()
            .map(|d| (d.kind.code(), d.due.to_string()))
            .collect();
        assert_eq!(
            order,
            [
                ("disclosure_final", "2026-11-01".to_string()),
                ("publish", "2026-11-22".to_string()),
                ("check", "2026-11-23".to_string()),
                ("held", "2026-11-30".to_string()),
            ]
        );
    }

    #[test]
    fn a_payment_waits_until_it_is_paid_or_sent_back() {
        let of = |state| DutyKind::of_payment(state).map(DutyKind::code);
        assert_eq!(of(DisbursementState::Requested), Some("check"));
        assert_eq!(of(DisbursementState::Checked), Some("approve"));
        assert_eq!(of(DisbursementState::Approved), Some("pay"));
        assert_eq!(of(DisbursementState::Paid), None);
        assert_eq!(of(DisbursementState::Refused), None);
    }
}

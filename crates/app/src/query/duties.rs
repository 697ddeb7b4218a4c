//! What waits at an organisation, due first.

use super::desk::may;
use crate::view::{DutyLine, Link, RepairLine};
use crate::{App, AppError};
use db::Session;
use domain::fundraising::{CampaignState, DisclosureDue, disclosures};
use domain::identity::{Actor, Object, permit};
use domain::oversight::{Duty, DutyKind};
use store::exchange::ImportRunRecord;
use store::fundraising::{CampaignRecord, DonationRecord, QuestionRecord};
use store::funds::{DisbursementRecord, RepairRecord};

/// Reports read for one campaign: as many as the law can ask for, and as many again.
const REPORTS_READ: i64 = 100;

/// Everything that can wait at an organisation.
pub(super) struct Waits<'a> {
    pub(super) payments: &'a [DisbursementRecord],
    pub(super) held: &'a [DonationRecord],
    pub(super) campaigns: &'a [CampaignRecord],
    /// For each campaign, in the same order.
    pub(super) disclosures: &'a [Vec<DisclosureDue>],
    pub(super) questions: &'a [QuestionRecord],
    pub(super) imports: &'a [ImportRunRecord],
    /// Repairs that wait for a second person, each with its line.
    pub(super) repairs: (&'a [RepairRecord], &'a [RepairLine]),
}

/// A duty with what it is about.
struct Found {
    duty: Duty,
    object: Link,
    amount: Option<i64>,
    mine: bool,
}

impl App {
    /// What the law asks of each campaign, in the order given; nothing of drafts.
    pub(in crate::query) async fn disclosures_of(
        &self,
        session: &mut Session,
        campaigns: &[CampaignRecord],
    ) -> Result<Vec<Vec<DisclosureDue>>, AppError> {
        let mut all = Vec::with_capacity(campaigns.len());
        for row in campaigns {
            let campaign = &row.campaign;
            if campaign.state == CampaignState::Draft {
                all.push(Vec::new());
                continue;
            }
            let reports =
                store::fundraising::reports_of_campaign(session, campaign.id, REPORTS_READ).await?;
            let published: Vec<_> = reports.iter().map(|r| (r.kind, r.at.day())).collect();
            all.push(disclosures(campaign, &published));
        }
        Ok(all)
    }

    /// What waits, due first, with what this person may do marked.
    pub(super) fn duty_lines(
        &self,
        waits: &Waits<'_>,
        actor: &Actor,
        object: &Object,
    ) -> Vec<DutyLine> {
        let mut found = self.payments(waits, actor, object);
        found.extend(self.words(waits));
        found.extend(self.money(waits));
        found.extend(repairs(waits));
        for one in &mut found {
            one.mine = one.mine && permit(actor, one.duty.kind.action(), object).is_ok();
        }
        found.sort_by(|a, b| (a.duty, &a.object.id).cmp(&(b.duty, &b.object.id)));
        let today = self.now().day();
        let line = |one: Found| {
            let urgency = one.duty.urgency(today);
            DutyLine {
                kind: one.duty.kind.code().into(),
                title: one.duty.kind.title().into(),
                object: one.object,
                amount: one.amount,
                due: one.duty.due.to_string(),
                urgency: urgency.code().into(),
                days: i64::from(urgency.days()),
                law: one.duty.kind.law().map(str::to_string),
                mine: one.mine,
            }
        };
        found.into_iter().map(line).collect()
    }

    fn payments(&self, waits: &Waits<'_>, actor: &Actor, object: &Object) -> Vec<Found> {
        let of = |row: &DisbursementRecord| {
            let kind = DutyKind::of_payment(row.order.state)?;
            let steps = may(actor, &row.order, object);
            Some(Found {
                duty: Duty::waiting(kind, row.changed_at.day()),
                object: Link {
                    id: self.print(row.order.id),
                    title: row.order.payee.clone(),
                },
                amount: Some(row.order.amount.get()),
                mine: steps.iter().any(|step| step != "refuse"),
            })
        };
        waits.payments.iter().filter_map(of).collect()
    }

    /// Campaigns, their reports and questions about them.
    fn words(&self, waits: &Waits<'_>) -> Vec<Found> {
        let mut found = Vec::new();
        for (row, asked) in waits.campaigns.iter().zip(waits.disclosures) {
            let object = Link {
                id: self.print(row.campaign.id),
                title: row.campaign.title.clone(),
            };
            let draft = row.campaign.state == CampaignState::Draft;
            let publication = draft.then(|| Duty::publication(row.campaign.starts_on));
            let next = asked.iter().filter_map(Duty::disclosure);
            found.extend(publication.into_iter().chain(next).map(|duty| Found {
                duty,
                object: object.clone(),
                amount: None,
                mine: true,
            }));
        }
        let question = |row: &QuestionRecord| Found {
            duty: Duty::question(&row.question),
            object: Link {
                id: self.print(row.question.id),
                title: row.question.body.clone(),
            },
            amount: None,
            mine: true,
        };
        found.extend(waits.questions.iter().map(question));
        found
    }

    /// Held money and files that were checked and not entered.
    fn money(&self, waits: &Waits<'_>) -> Vec<Found> {
        let held = |row: &DonationRecord| Found {
            duty: Duty::waiting(DutyKind::Held, row.paid_at.day()),
            object: Link {
                id: self.print(row.id),
                title: row.donor_public.clone(),
            },
            amount: (row.unit == "fen").then_some(row.amount),
            mine: true,
        };
        let staged = |row: &ImportRunRecord| {
            let open = row.state == "staged" || row.state == "posting";
            open.then(|| Found {
                duty: Duty::waiting(DutyKind::Import, row.staged_at.day()),
                object: Link {
                    id: self.print(row.id),
                    title: row.file_name.clone(),
                },
                amount: Some(row.amounts[1]),
                mine: true,
            })
        };
        let mut found: Vec<Found> = waits.held.iter().map(held).collect();
        found.extend(waits.imports.iter().filter_map(staged));
        found
    }
}

/// Repairs that a second person has to confirm; never whoever asked for them.
fn repairs(waits: &Waits<'_>) -> Vec<Found> {
    let of = |(row, line): (&RepairRecord, &RepairLine)| Found {
        duty: Duty::waiting(
            match line.books {
                true => DutyKind::Confirm,
                false => DutyKind::ConfirmPrivacy,
            },
            row.asked_at.day(),
        ),
        object: Link {
            id: line.id.clone(),
            title: line.subject.clone(),
        },
        amount: None,
        mine: line.may.iter().any(|step| step == "confirm"),
    };
    let (rows, lines) = waits.repairs;
    rows.iter().zip(lines).map(of).collect()
}

//! Repairs that wait for a second person, as lines of the desk and as a page.

use crate::answer::Answer;
use crate::command::Repair;
use crate::query::{found, keys};
use crate::view::{RepairLine, RepairPage, RepairTold};
use crate::{App, AppError};
use db::Session;
use domain::fundraising::{WithdrawReason, Withdrawn, field_title};
use domain::funds::{RepairState, check_open, decide_countersign};
use domain::identity::{Action, Actor, Object, permit};
use domain::sentence::Value;
use domain::{Sentence, say};
use kernel::{Fen, Id};
use leaf::ids;
use store::funds::RepairRecord;

impl App {
    /// A repair that was asked for, for the desk of its organisation.
    ///
    /// # Errors
    /// `NotFound`; `Denied`.
    pub fn repair_page<'a>(&'a self, actor: &'a Actor, id: &'a str) -> Answer<'a, RepairPage> {
        Box::pin(async move {
            let id: Id<ids::Repair> = self.read_id(id)?;
            let mut read = self.db().read_tx().await?;
            let read = &mut *read;
            let row = store::funds::repair_record(read, id).await?;
            let row = found(row, "这项更正申请")?;
            let object = Object::of(row.organisation);
            permit(actor, Action::DeskRead, &object).map_err(AppError::denied)?;
            let organisation = self.organisation_link(read, row.organisation).await?;
            let asked: Repair = serde_json::from_str(&row.asked).map_err(AppError::internal)?;
            let told = self.repair_told(read, &asked).await?;
            let is_open = row.state == RepairState::Asked;
            let file = is_open && matches!(asked, Repair::WithdrawFile { .. });
            let mut lines = self.repair_lines(read, &[row], (actor, &object)).await?;
            Ok(RepairPage {
                organisation,
                line: found(lines.pop(), "这项更正申请")?,
                file,
                told,
            })
        })
    }

    /// What a repair would book if it were confirmed now, before anybody asks for it.
    ///
    /// # Errors
    /// `NotFound`; the engine's refusal.
    pub fn repair_preview<'a>(&'a self, asked: &'a Repair) -> Answer<'a, RepairTold> {
        Box::pin(async move {
            let mut read = self.db().read_tx().await?;
            self.repair_told(&mut read, asked).await
        })
    }

    /// Repairs as lines, in the order given.
    pub(crate) async fn repair_lines(
        &self,
        session: &mut Session,
        rows: &[RepairRecord],
        (actor, object): (&Actor, &Object),
    ) -> Result<Vec<RepairLine>, AppError> {
        let users = keys(rows.iter().map(|row| row.asked_by.raw()));
        let names = store::identity::user_names(session, &users).await?;
        let mut lines = Vec::with_capacity(rows.len());
        for row in rows {
            let asked: Repair = serde_json::from_str(&row.asked).map_err(AppError::internal)?;
            let (subject, reason) = subject(&asked);
            lines.push(RepairLine {
                id: self.print(row.id),
                what: self.what(session, &asked).await?,
                subject,
                reason,
                who: names.get(&row.asked_by.raw()).cloned().unwrap_or_default(),
                at: row.asked_at.rfc3339(),
                state: row.state.code().into(),
                books: !asked.is_privacy(),
                may: may(actor, row, (asked.decided_by(), object)),
            });
        }
        Ok(lines)
    }

    /// What would be done, in words.
    async fn what(&self, session: &mut Session, asked: &Repair) -> Result<Sentence, AppError> {
        Ok(match asked {
            Repair::Refund {
                donation, amount, ..
            } => say!(
                "把捐赠{donation}中的{amount}退给捐赠人",
                donation = donation.clone(),
                amount = yuan(amount)
            ),
            Repair::Correct { donation, .. } => say!(
                "更正捐赠{donation}：从账上撤出还没有用的部分",
                donation = donation.clone()
            ),
            Repair::Reverse { movement, .. } => {
                say!("冲回流转{movement}", movement = movement.clone())
            }
            Repair::Reclassify {
                from, to, amount, ..
            } => say!(
                "把{amount}从“{from}”转到“{to}”",
                amount = yuan(amount),
                from = self.fund_name(session, from).await?,
                to = self.fund_name(session, to).await?
            ),
            Repair::HandOver {
                from, to, amount, ..
            } => say!(
                "把剩余财产{amount}从“{from}”移交给另一家组织的“{to}”",
                amount = yuan(amount),
                from = self.fund_name(session, from).await?,
                to = self.fund_name(session, to).await?
            ),
            Repair::Reassign {
                donation, campaign, ..
            } => {
                let id = self.read_id::<ids::Campaign>(campaign)?;
                let link = self.campaign_link(session, Some(id)).await?;
                say!(
                    "把待处理款{donation}转入活动“{campaign}”",
                    donation = donation.clone(),
                    campaign = link.map_or_else(String::new, |link| link.title)
                )
            }
            Repair::Withdraw { record, field, .. } => say!(
                "撤下{record}公开的{field}",
                record = record.clone(),
                field = Sentence::known(field_title(Withdrawn::Words, field))
            ),
            Repair::WithdrawFile { record, .. } => {
                say!("撤下{record}公开的照片或文件", record = record.clone())
            }
            Repair::Erase { donation, .. } => say!(
                "删除捐赠{donation}的捐赠人姓名和留言，删除后任何人都不能再打开",
                donation = donation.clone()
            ),
        })
    }

    async fn fund_name(&self, session: &mut Session, fund: &str) -> Result<String, AppError> {
        let id = self.read_id::<ids::Fund>(fund)?;
        let names = store::funds::fund_titles(session, &[id.raw()]).await?;
        Ok(names.get(&id.raw()).cloned().unwrap_or_default())
    }
}

/// Amounts were read when the repair was asked for.
pub(super) fn yuan(text: &str) -> Value {
    Value::Fen(Fen::parse(text.trim()).map_or(0, Fen::get))
}

/// What it concerns, and why.
fn subject(asked: &Repair) -> (String, String) {
    let (subject, reason) = match asked {
        Repair::Refund {
            donation, reason, ..
        }
        | Repair::Correct { donation, reason } => (donation, reason),
        Repair::Reverse { movement, reason } => (movement, reason),
        Repair::Reclassify { from, reason, .. } | Repair::HandOver { from, reason, .. } => {
            (from, reason)
        }
        Repair::Reassign {
            donation, consent, ..
        } => (donation, consent),
        Repair::Withdraw { record, reason, .. } | Repair::WithdrawFile { record, reason, .. } => {
            (record, reason)
        }
        Repair::Erase { donation, reason } => (donation, reason),
    };
    let titled = WithdrawReason::parse(reason).filter(|_| asked.is_privacy());
    let reason = titled.map_or_else(|| reason.clone(), |reason| reason.title().to_owned());
    (subject.clone(), reason)
}

/// What this person may do with a request: who asked may take it back, another one confirms it.
fn may(actor: &Actor, row: &RepairRecord, (action, object): (Action, &Object)) -> Vec<String> {
    let second = permit(actor, action, object).is_ok();
    let user = actor.user_id();
    let is_open = check_open(row.state).is_ok();
    let confirms =
        user.is_some_and(|user| decide_countersign(row.state, row.asked_by, user).is_ok());
    let steps = [
        ("confirm", second && confirms),
        ("refuse", is_open && (second || user == Some(row.asked_by))),
    ];
    let may = steps.into_iter().filter(|step| step.1);
    may.map(|step| step.0.to_owned()).collect()
}

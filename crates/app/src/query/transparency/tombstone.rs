//! What was taken down, as every page shows it that showed the words before.

use crate::answer::Answer;
use crate::command::Repair;
use crate::view::Tombstone;
use crate::{App, AppError};
use db::Session;
use domain::fundraising::{WithdrawReason, field_title};
use domain::funds::RepairState;
use domain::identity::{Actor, Object, permit};
use kernel::Id;
use leaf::ids;
use store::fundraising::WithdrawalRecord;

/// A withdrawal as pages show it.
pub(crate) fn tombstone(record: &WithdrawalRecord) -> Tombstone {
    Tombstone {
        what: record.what.code().into(),
        title: field_title(record.what, &record.field).into(),
        at: record.at.rfc3339(),
        reason: record.reason.code().into(),
        reason_title: record.reason.title().into(),
        leaf_index: record.leaf_index,
        stated_at: record.stated_at,
    }
}

/// What was taken down of a leaf.
pub(crate) async fn tombstones_of_leaf(
    session: &mut Session,
    leaf_index: i64,
) -> Result<Vec<Tombstone>, AppError> {
    let rows = store::fundraising::withdrawals_of_leaf(session, leaf_index).await?;
    Ok(rows.iter().map(tombstone).collect())
}

impl App {
    /// Why and since when a file is not shown while a request to take it down waits for a second person: the reason in
    /// Chinese and the time, RFC 3339; nothing for a file that no request keeps back.
    ///
    /// # Errors
    /// The engine's refusal.
    pub fn file_kept_back<'a>(
        &'a self,
        digest: &'a str,
    ) -> Answer<'a, Option<(&'static str, String)>> {
        Box::pin(async move {
            let mut read = self.db().read_tx().await?;
            let digest = digest.to_ascii_lowercase();
            let row = store::funds::repair_holding_back(&mut read, &digest).await?;
            let Some(row) = row else {
                return Ok(None);
            };
            let asked: Repair = serde_json::from_str(&row.asked).map_err(AppError::internal)?;
            let reason = match &asked {
                Repair::WithdrawFile { reason, .. } => WithdrawReason::parse(reason),
                _ => None,
            };
            let reason = reason.map_or("", WithdrawReason::title);
            Ok(Some((reason, row.asked_at.rfc3339())))
        })
    }

    /// The file that a request wants taken down, for the people who decide about it or have asked: its digest.
    ///
    /// # Errors
    /// `NotFound`; `Denied`.
    pub fn repair_file<'a>(&'a self, actor: &'a Actor, id: &'a str) -> Answer<'a, [u8; 32]> {
        Box::pin(async move {
            let none = || AppError::NotFound("这份凭证");
            let id: Id<ids::Repair> = self.read_id(id)?;
            let mut read = self.db().read_tx().await?;
            let row = store::funds::repair_record(&mut read, id).await?;
            let row = row.ok_or_else(none)?;
            let asked: Repair = serde_json::from_str(&row.asked).map_err(AppError::internal)?;
            let Repair::WithdrawFile { file, .. } = &asked else {
                return Err(none());
            };
            if actor.user_id() != Some(row.asked_by) {
                let object = Object::of(row.organisation);
                permit(actor, asked.decided_by(), &object).map_err(AppError::denied)?;
            }
            // What was taken down is gone for everybody.
            if row.state != RepairState::Asked {
                return Err(none());
            }
            let mut sha256 = [0; 32];
            let file = file.trim().to_ascii_lowercase();
            hex::decode_to_slice(&file, &mut sha256).map_err(|_| none())?;
            Ok(sha256)
        })
    }

    /// The tombstone of a file that is not shown any more; nothing for one that is.
    ///
    /// # Errors
    /// The engine's refusal.
    pub fn file_withdrawn<'a>(&'a self, digest: &'a str) -> Answer<'a, Option<Tombstone>> {
        Box::pin(async move {
            let mut read = self.db().read_tx().await?;
            let digest = digest.to_ascii_lowercase();
            let row = store::fundraising::withdrawal_of_file(&mut read, &digest).await?;
            Ok(row.as_ref().map(tombstone))
        })
    }
}

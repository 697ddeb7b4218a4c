//! Intents: what somebody wanted to give, before any money moved.

use crate::batch::rows::intent_of_row;
use db::{Result, Session, args, sql};
use domain::fundraising::Intent;
use kernel::{Id, Timestamp};
use leaf::ids;

/// 〔捐赠意向〕 An intent as kept.
#[derive(Debug, Clone)]
pub struct IntentRecord {
    /// What decisions know.
    pub intent: Intent,
    /// Who receives.
    pub organisation: Id<ids::Organisation>,
    /// When it was offered.
    pub created_at: Timestamp,
    /// Payable until.
    pub expires_at: Timestamp,
}

/// An intent by its key.
///
/// # Errors
/// The engine's refusal.
pub async fn intent_by_id(
    session: &mut Session,
    id: Id<ids::Intent>,
) -> Result<Option<IntentRecord>> {
    let sql = sql!(
        "SELECT id, campaign_id, amount, donor_kind, donor_name, display, contact, message, organisation_id, created_at, expires_at FROM donation_intent WHERE id = $1"
    );
    session
        .opt(sql, args![id.raw()], |r| {
            Ok(IntentRecord {
                intent: intent_of_row(r)?,
                organisation: Id::from_raw(r.i64(8)?),
                created_at: Timestamp::from_micros(r.i64(9)?),
                expires_at: Timestamp::from_micros(r.i64(10)?),
            })
        })
        .await
}

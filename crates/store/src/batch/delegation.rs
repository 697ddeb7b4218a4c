//! Delegations: made, and ended before their last day.

use super::Batch;
use crate::identity::{DelegationRecord, delegations_running};
use db::{Result, args, sql};
use domain::identity::delegation::Delegation;
use kernel::{Day, Id, Timestamp};
use leaf::ids;

impl Batch {
    /// What a user gave that is not over on this day.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn delegations_running(
        &mut self,
        user: Id<ids::User>,
        today: Day,
    ) -> Result<Vec<DelegationRecord>> {
        delegations_running(self.sql().await?, user, today).await
    }

    /// Keeps a delegation.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn delegation_insert(
        &mut self,
        new: &Delegation,
        reason: &str,
        now: Timestamp,
    ) -> Result<()> {
        let id: Id<ids::User> = self.mint(now);
        let region = new.duty.region.map(|region| region.as_str().to_string());
        let sql = sql!(
            "INSERT INTO delegation (id, from_user, to_user, role, organisation_id, region, first_day, last_day, reason, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        );
        let arguments = args![
            id.raw(),
            new.represented.raw(),
            new.delegate.raw(),
            new.duty.role.code(),
            new.duty.organisation.map(Id::raw),
            region.as_deref(),
            i64::from(new.first.number()),
            i64::from(new.last.number()),
            reason,
            now.micros()
        ];
        self.change().await?.exec(sql, arguments).await.map(|_| ())
    }

    /// Ends a delegation that this user gave or has; somebody else's stays.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn delegation_end(
        &mut self,
        id: i64,
        user: Id<ids::User>,
        now: Timestamp,
    ) -> Result<()> {
        let sql = sql!(
            "UPDATE delegation SET ended_at = $3, ended_by = $2 WHERE id = $1 AND (from_user = $2 OR to_user = $2) AND ended_at IS NULL"
        );
        let arguments = args![id, user.raw(), now.micros()];
        self.change().await?.exec(sql, arguments).await.map(|_| ())
    }
}

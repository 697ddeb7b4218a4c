//! Repairs that wait for a second person.

use super::{Batch, StepTaken};
use crate::funds::{RepairRecord, repair_record};
use db::{Result, args, sql};
use domain::funds::RepairState;
use kernel::{Id, Timestamp};
use leaf::ids;

/// Requests of one organisation that are looked through; a house with more waiting has stopped confirming.
const ASKED_MAX: i64 = 1_000;

impl Batch {
    /// Keeps a repair that somebody asks for; nothing is booked.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn repair_insert(
        &mut self,
        organisation: Id<ids::Organisation>,
        (asked, file): (&str, Option<&str>),
        user: Id<ids::User>,
        now: Timestamp,
    ) -> Result<Id<ids::Repair>> {
        let id: Id<ids::Repair> = self.mint(now);
        let insert = sql!(
            "INSERT INTO repair (id, organisation_id, asked, state, asked_by, asked_at, file) VALUES ($1, $2, $3, 'asked', $4, $5, $6)"
        );
        let arguments = args![
            id.raw(),
            organisation.raw(),
            asked,
            user.raw(),
            now.micros(),
            file
        ];
        self.change().await?.exec(insert, arguments).await?;
        let taken = StepTaken {
            step: "request",
            user: Some(user),
            at: now,
            reason: "",
        };
        self.matter_step(id.raw(), &taken).await?;
        Ok(id)
    }

    /// A repair that was asked for.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn repair(&mut self, id: Id<ids::Repair>) -> Result<Option<RepairRecord>> {
        repair_record(self.sql().await?, id).await
    }

    /// The very same request, if it waits already.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn repair_waits(
        &mut self,
        organisation: Id<ids::Organisation>,
        asked: &str,
    ) -> Result<Option<Id<ids::Repair>>> {
        let sql = sql!(
            "SELECT id FROM repair WHERE organisation_id = $1 AND state = 'asked' AND asked = $2 LIMIT 1"
        );
        let tx = self.sql().await?;
        tx.opt(sql, args![organisation.raw(), asked], |r| {
            r.i64(0).map(Id::from_raw)
        })
        .await
    }

    /// What was asked for and waits, the newest first, as it was stored.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn repairs_asked(
        &mut self,
        organisation: Id<ids::Organisation>,
    ) -> Result<Vec<(Id<ids::Repair>, String)>> {
        let sql = sql!(
            "SELECT id, asked FROM repair WHERE organisation_id = $1 AND state = 'asked' ORDER BY id DESC LIMIT $2"
        );
        let tx = self.sql().await?;
        tx.rows(sql, args![organisation.raw(), ASKED_MAX], |r| {
            Ok((Id::from_raw(r.i64(0)?), r.str(1)?.to_owned()))
        })
        .await
    }

    /// Somebody decided a repair.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn repair_decided(
        &mut self,
        id: Id<ids::Repair>,
        state: RepairState,
        taken: &StepTaken<'_>,
    ) -> Result<()> {
        let update = sql!("UPDATE repair SET state = $2 WHERE id = $1");
        let arguments = args![id.raw(), state.code()];
        self.change().await?.exec(update, arguments).await?;
        self.matter_step(id.raw(), taken).await
    }
}

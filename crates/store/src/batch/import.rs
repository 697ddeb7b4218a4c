//! Import runs and announced totals.

use super::Batch;
use crate::exchange::{RejectRow, rejects_add};
use db::{Result, args, sql};
use domain::oversight::Announcement;
use kernel::{Id, Timestamp};
use leaf::ids;

/// What a run has counted.
#[derive(Debug, Clone, Default)]
pub struct ImportProgress {
    /// Layout code.
    pub layout: String,
    /// File name.
    pub file_name: String,
    /// Digest of the raw bytes.
    pub sha256: [u8; 32],
    /// Whose money.
    pub organisation: Option<i64>,
    /// For which campaign.
    pub campaign: Option<i64>,
    /// Rows of the file, accepted, rejected.
    pub rows: (i64, i64, i64),
    /// Fen of the file, accepted, rejected.
    pub amounts: (i64, i64, i64),
    /// Who imports.
    pub user: Option<i64>,
    /// Where a list with headings of its own has its columns.
    pub mapping: String,
}

impl Batch {
    /// Keeps a staged run.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn import_stage(
        &mut self,
        run: &ImportProgress,
        now: Timestamp,
    ) -> Result<Id<ids::ImportRun>> {
        let id: Id<ids::ImportRun> = self.mint(now);
        let insert = sql!(
            "INSERT INTO import_run (id, layout, file_name, sha256, organisation_id, campaign_id, state, rows_total, rows_accepted, rows_rejected, rows_posted, amount_total, amount_accepted, amount_rejected, user_id, staged_at, mapping) VALUES ($1, $2, $3, $4, $5, $6, 'staged', $7, $8, $9, 0, $10, $11, $12, $13, $14, $15)"
        );
        let arguments = args![
            id.raw(),
            &run.layout,
            &run.file_name,
            run.sha256,
            run.organisation,
            run.campaign,
            run.rows.0,
            run.rows.1,
            run.rows.2,
            run.amounts.0,
            run.amounts.1,
            run.amounts.2,
            run.user,
            now.micros(),
            &run.mapping
        ];
        self.change().await?.exec(insert, arguments).await?;
        Ok(id)
    }

    /// The run that staged or posted the same bytes before, if it was not undone.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn import_earlier(
        &mut self,
        sha256: [u8; 32],
    ) -> Result<Option<(Id<ids::ImportRun>, String)>> {
        let sql = sql!(
            "SELECT id, state FROM import_run WHERE sha256 = $1 AND state <> 'undone' ORDER BY id LIMIT 1"
        );
        let tx = self.sql().await?;
        tx.opt(sql, args![sha256], |r| {
            Ok((Id::from_raw(r.i64(0)?), r.text(1)?))
        })
        .await
    }

    /// The state of a run.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn import_state(&mut self, id: Id<ids::ImportRun>) -> Result<Option<String>> {
        let sql = sql!("SELECT state FROM import_run WHERE id = $1");
        self.sql()
            .await?
            .opt(sql, args![id.raw()], |r| r.text(0))
            .await
    }

    /// Moves a run to a state; `posted` rows are added.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn import_advance(
        &mut self,
        id: Id<ids::ImportRun>,
        state: &'static str,
        posted: i64,
        now: Timestamp,
    ) -> Result<()> {
        let update = sql!(
            "UPDATE import_run SET state = $2, rows_posted = rows_posted + $3, ended_at = CASE WHEN $2 IN ('posted', 'undone') THEN $4 ELSE ended_at END WHERE id = $1"
        );
        let arguments = args![id.raw(), state, posted, now.micros()];
        self.change()
            .await?
            .exec(update, arguments)
            .await
            .map(|_| ())
    }

    /// True if the same was announced before: who, day, measure and both numbers.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn announcement_known(&mut self, said: &Announcement) -> Result<bool> {
        let sql = sql!(
            "SELECT announced_by, measure, amount, number FROM announcement WHERE organisation_id = $1 AND day = $2"
        );
        let arguments = args![said.organisation.raw(), i64::from(said.day.number())];
        let tx = self.sql().await?;
        let known = tx
            .rows(sql, arguments, |r| {
                Ok((r.text(0)?, r.text(1)?, r.opt_i64(2)?, r.opt_i64(3)?))
            })
            .await?;
        let this = (
            said.by.code().to_string(),
            said.measure.clone(),
            said.amount,
            said.number,
        );
        Ok(known.contains(&this))
    }

    /// Keeps the rejected rows of a run for the pages of their days.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn import_rejects(
        &mut self,
        run: Id<ids::ImportRun>,
        organisation: Id<ids::Organisation>,
        rows: &[RejectRow],
    ) -> Result<()> {
        rejects_add(self.change().await?, run, organisation, rows).await
    }

    /// Keeps an announced total that was stated in public.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn announcement_insert(
        &mut self,
        said: &Announcement,
        run: Option<Id<ids::ImportRun>>,
        leaf_index: i64,
    ) -> Result<()> {
        let insert = sql!(
            "INSERT INTO announcement (id, organisation_id, announced_by, day, measure, amount, number, import_run, leaf_index) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        );
        let arguments = args![
            said.id.raw(),
            said.organisation.raw(),
            said.by.code(),
            i64::from(said.day.number()),
            &said.measure,
            said.amount,
            said.number,
            run.map(Id::raw),
            leaf_index
        ];
        self.change()
            .await?
            .exec(insert, arguments)
            .await
            .map(|_| ())
    }
}

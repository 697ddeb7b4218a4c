//! Jobs: what has to happen at a later hour, kept in the same transaction as what asked for it.
//!
//! A job's effect and its mark share one transaction, so an effect never happens twice.

use super::Batch;
use crate::limits::{JOB_ATTEMPTS_MAX, JOB_ERROR_CHARS_MAX, JOBS_AT_ONCE};
use db::{Result, Row, Session, args, sql};
use kernel::Timestamp;

/// 〔待办任务〕 A job that waits for its hour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Its key.
    pub id: i64,
    /// What has to be done.
    pub kind: String,
    /// About which record: a printed id.
    pub payload: String,
    /// How often it failed.
    pub attempts: i64,
}

fn job_of_row(r: &Row<'_>) -> Result<Job> {
    Ok(Job {
        id: r.i64(0)?,
        kind: r.text(1)?,
        payload: r.text(2)?,
        attempts: r.i64(3)?,
    })
}

/// Jobs whose hour has come, the earliest first, at most `JOBS_AT_ONCE`.
///
/// # Errors
/// The engine's refusal.
pub async fn jobs_due(session: &mut Session, now: Timestamp) -> Result<Vec<Job>> {
    let sql = sql!(
        "SELECT id, kind, payload, attempts FROM job WHERE state = 'waiting' AND run_at <= $1 ORDER BY run_at, id LIMIT $2"
    );
    session
        .rows(sql, args![now.micros(), JOBS_AT_ONCE], job_of_row)
        .await
}

/// How many jobs stand in each state, for the operator's meters.
///
/// # Errors
/// The engine's refusal.
pub async fn jobs_by_state(session: &mut Session) -> Result<Vec<(String, i64)>> {
    let sql = sql!("SELECT state, COUNT(*) FROM job GROUP BY state ORDER BY state");
    session
        .rows(sql, args![], |r| Ok((r.text(0)?, r.i64(1)?)))
        .await
}

impl Batch {
    /// Asks for something to be done at `run_at` or soon after.
    pub fn job(&mut self, kind: &'static str, payload: String, times: JobTimes) {
        // The key is minted now: a key of the future would push all later ones there.
        let id = self.state.minter.mint::<leaf::ids::User>(times.now).raw();
        self.buffer
            .jobs
            .push((id, kind, payload, times.run_at.micros()));
    }

    /// A job that still waits; none if it is done, dead or unknown.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn job_waiting(&mut self, id: i64) -> Result<Option<Job>> {
        let sql =
            sql!("SELECT id, kind, payload, attempts FROM job WHERE id = $1 AND state = 'waiting'");
        self.sql().await?.opt(sql, args![id], job_of_row).await
    }

    /// Marks a job as done.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn job_done(&mut self, id: i64) -> Result<()> {
        let sql = sql!("UPDATE job SET state = 'done', attempts = attempts + 1 WHERE id = $1");
        self.change().await?.exec(sql, args![id]).await.map(|_| ())
    }

    /// Notes that a job failed: it waits for `again`, or is dead after its last attempt.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn job_failed(&mut self, job: &Job, again: Timestamp, error: &str) -> Result<()> {
        let attempts = job.attempts.saturating_add(1);
        let state = if attempts < JOB_ATTEMPTS_MAX {
            "waiting"
        } else {
            "dead"
        };
        let error: String = error.chars().take(JOB_ERROR_CHARS_MAX).collect();
        let sql = sql!(
            "UPDATE job SET state = $2, attempts = $3, run_at = $4, last_error = $5 WHERE id = $1"
        );
        let arguments = args![job.id, state, attempts, again.micros(), error.as_str()];
        self.change().await?.exec(sql, arguments).await.map(|_| ())
    }
}

/// When a job was asked for, and when it shall run.
#[derive(Debug, Clone, Copy)]
pub struct JobTimes {
    /// Now.
    pub now: Timestamp,
    /// Not before this moment.
    pub run_at: Timestamp,
}

//! Jobs that should have been done by now: a house at rest has none.

use db::{Result, Session, args, sql};
use kernel::Timestamp;

/// Late jobs that are named.
const LATE_MAX: i64 = 20;

/// Kinds of the jobs that are due at `now` and wait, earliest first, at most twenty.
///
/// # Errors
/// The engine's refusal.
pub async fn jobs_due(session: &mut Session, now: Timestamp) -> Result<Vec<String>> {
    let sql = sql!(
        "SELECT kind FROM job WHERE state = 'waiting' AND run_at <= $1 ORDER BY run_at, id LIMIT $2"
    );
    session
        .rows(sql, args![now.micros(), LATE_MAX], |r| r.text(0))
        .await
}

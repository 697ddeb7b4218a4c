//! Open sessions of a user, for the operator who ends them.

use db::{Result, Session, args, sql};
use kernel::{Id, Timestamp};
use leaf::ids;

/// Hashes of the tokens of sessions that still hold, oldest first.
///
/// # Errors
/// The engine's refusal.
pub async fn open_sessions_of(
    session: &mut Session,
    user: Id<ids::User>,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<[u8; 32]>> {
    let sql = sql!(
        "SELECT token_hash FROM session WHERE user_id = $1 AND ended_at IS NULL AND expires_at > $2 ORDER BY created_at LIMIT $3"
    );
    session
        .rows(sql, args![user.raw(), now.micros(), limit], |r| r.array(0))
        .await
}

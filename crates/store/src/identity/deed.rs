//! What users did, as the audit kept it.

use db::{Result, Session, args, sql};
use kernel::{Id, Timestamp};
use leaf::ids;

/// The printed ids of what a user did by an action since a time, each with the detail of its entry, newest first, at most `limit`.
///
/// # Errors
/// The engine's refusal.
pub async fn deeds_of_user(
    session: &mut Session,
    (user, action): (Id<ids::User>, &str),
    since: Timestamp,
    limit: i64,
) -> Result<Vec<(String, String)>> {
    // Ids grow with time: nothing older than the day is looked at.
    let first = Id::<ids::User>::first_at(since).raw();
    let sql = sql!(
        "SELECT object, detail FROM audit_entry WHERE id >= $1 AND user_id = $2 AND action = $3 ORDER BY id DESC LIMIT $4"
    );
    session
        .rows(sql, args![first, user.raw(), action, limit], |r| {
            Ok((r.text(0)?, r.text(1)?))
        })
        .await
}

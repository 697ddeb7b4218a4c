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

/// Microseconds between a deed and its entry in the audit trail: both are of one command.
const SAME_COMMAND_MICROS: i64 = 2_000_000;

/// The detail of the entry that says how a record was made by an action, if it was made so.
///
/// Only the moment at which the record was made is looked at.
///
/// # Errors
/// The engine's refusal.
pub async fn detail_of_deed<K>(
    session: &mut Session,
    record: Id<K>,
    (printed, action): (&str, &str),
) -> Result<Option<String>> {
    let made = record.minted_at();
    let until = made.plus_micros(SAME_COMMAND_MICROS).unwrap_or(made);
    let first = Id::<ids::User>::first_at(made).raw();
    let last = Id::<ids::User>::first_at(until).raw();
    let sql = sql!(
        "SELECT detail FROM audit_entry WHERE id >= $1 AND id < $2 AND object = $3 AND action = $4 ORDER BY id LIMIT 1"
    );
    session
        .opt(sql, args![first, last, printed, action], |r| r.text(0))
        .await
}

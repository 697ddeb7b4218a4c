//! Divisions 行政区划: names of codes.

use db::{Result, Session, args, sql};

/// The name of a division, as the newest list has it.
///
/// # Errors
/// The engine's refusal.
pub async fn region_name(session: &mut Session, code: &str) -> Result<Option<String>> {
    session
        .opt(
            sql!("SELECT name FROM region WHERE code = $1"),
            args![code],
            |r| r.text(0),
        )
        .await
}

/// Codes and names of divisions after a code, in order, at most `limit`.
///
/// # Errors
/// The engine's refusal.
pub async fn regions_after(
    session: &mut Session,
    after: &str,
    limit: i64,
) -> Result<Vec<(String, String)>> {
    let sql = sql!("SELECT code, name FROM region WHERE code > $1 ORDER BY code LIMIT $2");
    session
        .rows(sql, args![after, limit], |r| Ok((r.text(0)?, r.text(1)?)))
        .await
}

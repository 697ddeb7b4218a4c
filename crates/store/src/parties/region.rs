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

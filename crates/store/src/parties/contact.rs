//! How organisations are reached, version by version.

use super::list_of_text;
use db::{Result, Row, Session, args, sql};
use domain::parties::Contact;
use kernel::{Id, Timestamp};
use leaf::ids;

/// 〔联系方式〕 A version of what an organisation says of how it is reached.
#[derive(Debug, Clone)]
pub struct ContactRecord {
    /// Counts from 1.
    pub version: i64,
    /// What it says.
    pub contact: Contact,
    /// Who wrote it.
    pub user: Id<ids::User>,
    /// When.
    pub at: Timestamp,
}

fn record_of_row(r: &Row<'_>) -> Result<ContactRecord> {
    Ok(ContactRecord {
        version: r.i64(0)?,
        contact: Contact {
            desk: r.text(1)?,
            telephones: list_of_text(r.str(2)?),
            mail: r.text(3)?,
            address: r.text(4)?,
            hours: r.text(5)?,
        },
        user: Id::from_raw(r.i64(6)?),
        at: Timestamp::from_micros(r.i64(7)?),
    })
}

/// What an organisation says of how it is reached, the newest version first, at most `limit`.
///
/// # Errors
/// The engine's refusal.
pub async fn contacts_of(
    session: &mut Session,
    organisation: Id<ids::Organisation>,
    limit: i64,
) -> Result<Vec<ContactRecord>> {
    let sql = sql!(
        "SELECT version, desk, telephones, mail, address, hours, user_id, recorded_at FROM organisation_contact WHERE organisation_id = $1 ORDER BY version DESC LIMIT $2"
    );
    session
        .rows(sql, args![organisation.raw(), limit], record_of_row)
        .await
}

//! Repairs that wait for a second person, for the desk.

use crate::limits::PAGE_MAX;
use db::{Result, Row, Session, args, sql};
use domain::funds::RepairState;
use kernel::{Id, Timestamp};
use leaf::ids;

/// 〔更正申请〕 A repair that was asked for.
#[derive(Debug, Clone)]
pub struct RepairRecord {
    /// Its key.
    pub id: Id<ids::Repair>,
    /// Whose books it changes.
    pub organisation: Id<ids::Organisation>,
    /// What was asked for, as JSON.
    pub asked: String,
    /// Where it stands.
    pub state: RepairState,
    /// Who asked.
    pub asked_by: Id<ids::User>,
    /// When.
    pub asked_at: Timestamp,
}

/// Columns: id, organisation_id, asked, state, asked_by, asked_at.
fn record_of_row(r: &Row<'_>) -> Result<RepairRecord> {
    let state = RepairState::parse(r.str(3)?);
    Ok(RepairRecord {
        id: Id::from_raw(r.i64(0)?),
        organisation: Id::from_raw(r.i64(1)?),
        asked: r.text(2)?,
        state: state.ok_or_else(|| db::Error::value(3, "repair.state"))?,
        asked_by: Id::from_raw(r.i64(4)?),
        asked_at: Timestamp::from_micros(r.i64(5)?),
    })
}

/// The repairs of an organisation that wait for a second person, oldest first.
///
/// # Errors
/// The engine's refusal.
pub async fn repairs_waiting(
    session: &mut Session,
    organisation: Id<ids::Organisation>,
) -> Result<Vec<RepairRecord>> {
    let sql = sql!(
        "SELECT id, organisation_id, asked, state, asked_by, asked_at FROM repair WHERE organisation_id = $1 AND state = 'asked' ORDER BY id LIMIT $2"
    );
    session
        .rows(sql, args![organisation.raw(), PAGE_MAX], record_of_row)
        .await
}

/// One repair that was asked for.
///
/// # Errors
/// The engine's refusal.
pub async fn repair_record(
    session: &mut Session,
    id: Id<ids::Repair>,
) -> Result<Option<RepairRecord>> {
    let sql = sql!(
        "SELECT id, organisation_id, asked, state, asked_by, asked_at FROM repair WHERE id = $1"
    );
    session.opt(sql, args![id.raw()], record_of_row).await
}

/// The request for which a file is not shown until a second person has decided, by the file's digest in hexadecimal.
///
/// # Errors
/// The engine's refusal.
pub async fn repair_holding_back(
    session: &mut Session,
    digest: &str,
) -> Result<Option<RepairRecord>> {
    let sql = sql!(
        "SELECT id, organisation_id, asked, state, asked_by, asked_at FROM repair WHERE file = $1 AND state = 'asked' ORDER BY id LIMIT 1"
    );
    session.opt(sql, args![digest], record_of_row).await
}

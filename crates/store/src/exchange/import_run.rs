//! Import runs: which file, how many rows, how much money.

use db::{Col, Result, Row, Session, Tx, args, bulk, sql};
use kernel::{Day, Id, Timestamp};
use leaf::ids;

/// 〔导入批次〕 An import as kept.
#[derive(Debug, Clone)]
pub struct ImportRunRecord {
    /// Its key.
    pub id: Id<ids::ImportRun>,
    /// Code of the layout.
    pub layout: String,
    /// Name of the file.
    pub file_name: String,
    /// staged, posting, posted, undone.
    pub state: String,
    /// Rows of the file, accepted, rejected, posted.
    pub rows: [i64; 4],
    /// Fen of the file, accepted, rejected: they add up.
    pub amounts: [i64; 3],
    /// When it was staged.
    pub staged_at: Timestamp,
    /// SHA-256 of the file.
    pub sha256: [u8; 32],
    /// Whose money.
    pub organisation: Option<Id<ids::Organisation>>,
    /// For which campaign.
    pub campaign: Option<Id<ids::Campaign>>,
    /// Where a list with headings of its own has its columns; empty for the known layouts.
    pub mapping: String,
    /// When it was posted or undone, if it was.
    pub ended_at: Option<Timestamp>,
}

fn record_of_row(r: &Row<'_>) -> Result<ImportRunRecord> {
    Ok(ImportRunRecord {
        id: Id::from_raw(r.i64(0)?),
        layout: r.text(1)?,
        file_name: r.text(2)?,
        state: r.text(3)?,
        rows: [r.i64(4)?, r.i64(5)?, r.i64(6)?, r.i64(7)?],
        amounts: [r.i64(8)?, r.i64(9)?, r.i64(10)?],
        staged_at: Timestamp::from_micros(r.i64(11)?),
        sha256: r.array(12)?,
        organisation: r.opt_i64(13)?.map(Id::from_raw),
        campaign: r.opt_i64(14)?.map(Id::from_raw),
        mapping: r.text(15)?,
        ended_at: r.opt_i64(16)?.map(Timestamp::from_micros),
    })
}

/// An import by its key.
///
/// # Errors
/// The engine's refusal.
pub async fn import_run_by_id(
    session: &mut Session,
    id: Id<ids::ImportRun>,
) -> Result<Option<ImportRunRecord>> {
    let sql = sql!(
        "SELECT id, layout, file_name, state, rows_total, rows_accepted, rows_rejected, rows_posted, amount_total, amount_accepted, amount_rejected, staged_at, sha256, organisation_id, campaign_id, mapping, ended_at FROM import_run WHERE id = $1"
    );
    session.opt(sql, args![id.raw()], record_of_row).await
}

/// The newest import of a file with this digest that was not undone.
///
/// # Errors
/// The engine's refusal.
pub async fn import_run_by_digest(
    session: &mut Session,
    sha256: &[u8; 32],
) -> Result<Option<ImportRunRecord>> {
    let sql = sql!(
        "SELECT id, layout, file_name, state, rows_total, rows_accepted, rows_rejected, rows_posted, amount_total, amount_accepted, amount_rejected, staged_at, sha256, organisation_id, campaign_id, mapping, ended_at FROM import_run WHERE sha256 = $1 AND state <> 'undone' ORDER BY id DESC LIMIT 1"
    );
    session.opt(sql, args![&sha256[..]], record_of_row).await
}

/// The imports of an organisation, newest first.
///
/// # Errors
/// The engine's refusal.
pub async fn import_runs_of_organisation(
    session: &mut Session,
    organisation: Id<ids::Organisation>,
    limit: i64,
) -> Result<Vec<ImportRunRecord>> {
    let sql = sql!(
        "SELECT id, layout, file_name, state, rows_total, rows_accepted, rows_rejected, rows_posted, amount_total, amount_accepted, amount_rejected, staged_at, sha256, organisation_id, campaign_id, mapping, ended_at FROM import_run WHERE organisation_id = $1 ORDER BY id DESC LIMIT $2"
    );
    session
        .rows(sql, args![organisation.raw(), limit], record_of_row)
        .await
}

/// The newest imports of the house, newest first.
///
/// # Errors
/// The engine's refusal.
pub async fn import_runs_newest(session: &mut Session, limit: i64) -> Result<Vec<ImportRunRecord>> {
    let sql = sql!(
        "SELECT id, layout, file_name, state, rows_total, rows_accepted, rows_rejected, rows_posted, amount_total, amount_accepted, amount_rejected, staged_at, sha256, organisation_id, campaign_id, mapping, ended_at FROM import_run ORDER BY id DESC LIMIT $1"
    );
    session.rows(sql, args![limit], record_of_row).await
}

/// 〔拒收行〕 A row of a file that was not taken, where its channel and day are known.
#[derive(Debug, Clone)]
pub struct RejectRow {
    /// Line in the file.
    pub line: i64,
    /// Code of the channel.
    pub channel: String,
    /// The day of the list.
    pub day: Day,
    /// Fen.
    pub amount: i64,
    /// Stable code of the reason.
    pub code: String,
}

/// Keeps the rejected rows of an import; rows that are there already stay as they are.
///
/// # Errors
/// The engine's refusal.
pub async fn rejects_add(
    tx: &mut Tx,
    run: Id<ids::ImportRun>,
    organisation: Id<ids::Organisation>,
    rows: &[RejectRow],
) -> Result<()> {
    let insert = bulk!(
        "import_reject(import_run, line, organisation_id, channel, day, amount, code)",
        "ON CONFLICT (import_run, line) DO NOTHING"
    );
    let runs = vec![run.raw(); rows.len()];
    let lines: Vec<i64> = rows.iter().map(|row| row.line).collect();
    let organisations = vec![organisation.raw(); rows.len()];
    let channels: Vec<&str> = rows.iter().map(|row| row.channel.as_str()).collect();
    let days: Vec<i64> = rows.iter().map(|row| i64::from(row.day.number())).collect();
    let amounts: Vec<i64> = rows.iter().map(|row| row.amount).collect();
    let codes: Vec<&str> = rows.iter().map(|row| row.code.as_str()).collect();
    let columns = [
        Col::I(&runs),
        Col::I(&lines),
        Col::I(&organisations),
        Col::T(&channels),
        Col::I(&days),
        Col::I(&amounts),
        Col::T(&codes),
    ];
    tx.bulk(insert, &columns).await.map(|_| ())
}

/// How many rows of an organisation's day were rejected, by channel.
///
/// # Errors
/// The engine's refusal.
pub async fn rejects_of_day(
    session: &mut Session,
    organisation: Id<ids::Organisation>,
    day: Day,
) -> Result<Vec<(String, i64)>> {
    let sql = sql!(
        "SELECT channel, COUNT(*) FROM import_reject WHERE organisation_id = $1 AND day = $2 GROUP BY channel ORDER BY channel"
    );
    let args = args![organisation.raw(), i64::from(day.number())];
    session
        .rows(sql, args, |r| Ok((r.text(0)?, r.i64(1)?)))
        .await
}

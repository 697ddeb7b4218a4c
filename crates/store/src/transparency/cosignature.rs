//! Lines of witnesses over our own checkpoints.

use crate::limits::COSIGNATURES_MAX;
use db::{Result, Row, Session, Tx, args, sql};

/// 〔联署〕 What a witness signed of our log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CosignatureRecord {
    /// Size of the checkpoint.
    pub size: i64,
    /// The witness's key as text.
    pub witness: String,
    /// When, in seconds since 1970 by the witness's own clock.
    pub signed_at: i64,
    /// The signature line as published, without its line feed.
    pub line: String,
}

fn cosignature_of_row(r: &Row<'_>) -> Result<CosignatureRecord> {
    Ok(CosignatureRecord {
        size: r.i64(0)?,
        witness: r.text(1)?,
        signed_at: r.i64(2)?,
        line: r.text(3)?,
    })
}

/// The lines over the checkpoint of this size, by key.
///
/// # Errors
/// The engine's refusal.
pub async fn cosignatures_of(session: &mut Session, size: i64) -> Result<Vec<CosignatureRecord>> {
    let sql = sql!(
        "SELECT size, witness, signed_at, line FROM log_cosignature WHERE size = $1 ORDER BY witness LIMIT $2"
    );
    session
        .rows(sql, args![size, COSIGNATURES_MAX], cosignature_of_row)
        .await
}

/// The line of a witness over the largest checkpoint that it has signed.
///
/// # Errors
/// The engine's refusal.
pub async fn cosigned_newest(
    session: &mut Session,
    witness: &str,
) -> Result<Option<CosignatureRecord>> {
    let sql = sql!(
        "SELECT size, witness, signed_at, line FROM log_cosignature WHERE witness = $1 ORDER BY size DESC LIMIT 1"
    );
    session.opt(sql, args![witness], cosignature_of_row).await
}

/// Sizes of the checkpoints that a witness has signed, largest first.
///
/// # Errors
/// The engine's refusal.
pub async fn cosigned_sizes(session: &mut Session, witness: &str, limit: i64) -> Result<Vec<i64>> {
    let sql =
        sql!("SELECT size FROM log_cosignature WHERE witness = $1 ORDER BY size DESC LIMIT $2");
    session.rows(sql, args![witness, limit], |r| r.i64(0)).await
}

/// Keeps a line; of two over one checkpoint the later one, so that it stays fresh.
pub(crate) async fn cosign_write(tx: &mut Tx, row: &CosignatureRecord) -> Result<()> {
    let sql = sql!(
        "INSERT INTO log_cosignature (size, witness, signed_at, line) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (size, witness) DO UPDATE SET signed_at = excluded.signed_at, line = excluded.line \
         WHERE log_cosignature.signed_at <= excluded.signed_at"
    );
    let args = args![row.size, &row.witness, row.signed_at, &row.line];
    tx.exec(sql, args).await.map(|_| ())
}

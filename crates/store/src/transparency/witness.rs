//! What a witness has signed, in a file of its own: it watches other people's logs and is no part
//! of the house.

use db::{Migration, Result, Row, Session, Tx, args, sql};

/// The steps of a witness's file. The numbers stand apart from the house's, so that both can be
/// prepared in one database by a test.
pub const WITNESS_MIGRATIONS: &[Migration] = &[Migration {
    number: 1_000,
    name: "witness",
    sql: "CREATE TABLE witness_log (\n\
          origin_hash TEXT PRIMARY KEY,\n\
          size BIGINT NOT NULL,\n\
          root BYTES NOT NULL,\n\
          signed_at BIGINT NOT NULL,\n\
          note TEXT NOT NULL\n\
          ) STRICT;",
}];

/// 〔见证记录〕 The latest checkpoint of a log that the witness has signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WitnessedRecord {
    /// SHA-256 of the log's name, in hexadecimal.
    pub origin_hash: String,
    /// Its size.
    pub size: i64,
    /// Its root.
    pub root: [u8; 32],
    /// When it was signed, in seconds since 1970.
    pub signed_at: i64,
    /// The checkpoint with the log's and the witness's signatures.
    pub note: String,
}

fn record_of_row(r: &Row<'_>) -> Result<WitnessedRecord> {
    Ok(WitnessedRecord {
        origin_hash: r.text(0)?,
        size: r.i64(1)?,
        root: r.array(2)?,
        signed_at: r.i64(3)?,
        note: r.text(4)?,
    })
}

/// What was signed last of a log.
///
/// # Errors
/// The engine's refusal.
pub async fn witnessed(
    session: &mut Session,
    origin_hash: &str,
) -> Result<Option<WitnessedRecord>> {
    let sql = sql!(
        "SELECT origin_hash, size, root, signed_at, note FROM witness_log WHERE origin_hash = $1"
    );
    session.opt(sql, args![origin_hash], record_of_row).await
}

/// Keeps what is about to be signed, but only if the kept size is still `old` and no later time
/// was signed: compared and changed in one statement, so that of two requests one loses.
///
/// # Errors
/// The engine's refusal.
pub async fn witness_step(tx: &mut Tx, next: &WitnessedRecord, old: i64) -> Result<bool> {
    let sql = sql!(
        "INSERT INTO witness_log (origin_hash, size, root, signed_at, note) \
         VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (origin_hash) DO UPDATE SET size = excluded.size, root = excluded.root, \
         signed_at = excluded.signed_at, note = excluded.note \
         WHERE witness_log.size = $6 AND witness_log.signed_at <= excluded.signed_at"
    );
    let args = args![
        &next.origin_hash,
        next.size,
        &next.root,
        next.signed_at,
        &next.note,
        old
    ];
    Ok(tx.exec(sql, args).await? == 1)
}

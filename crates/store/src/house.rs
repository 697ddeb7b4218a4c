//! Facts of the house itself: origin, verifier key, when it was founded.

use db::{Result, Session, Tx, args, sql};

/// A fact of the house.
///
/// # Errors
/// The engine's refusal.
pub async fn house_value(session: &mut Session, key: &str) -> Result<Option<String>> {
    session
        .opt(
            sql!("SELECT value FROM house WHERE key = $1"),
            args![key],
            |r| r.text(0),
        )
        .await
}

/// All facts of the house, by key.
///
/// # Errors
/// The engine's refusal.
pub async fn house_values(session: &mut Session) -> Result<Vec<(String, String)>> {
    session
        .rows(
            sql!("SELECT key, value FROM house ORDER BY key"),
            args![],
            |r| Ok((r.text(0)?, r.text(1)?)),
        )
        .await
}

/// What marks a database in which a log is about to be founded.
const FOUNDING: &str = "founding";

/// Whether a log was about to be founded in this database before the keys were made.
///
/// # Errors
/// The engine's refusal.
pub async fn is_founding(session: &mut Session) -> Result<bool> {
    house_value(session, FOUNDING)
        .await
        .map(|said| said.is_some())
}

/// Marks a database before the keys of its log are made: a first start that is cut short may then go on, while keys that
/// were put beside an empty database are seen.
///
/// # Errors
/// The engine's refusal.
pub async fn founding_begin(db: &db::Db, origin: &str) -> Result<()> {
    let mut tx = db.begin().await?;
    house_set(&mut tx, FOUNDING, origin).await?;
    tx.commit().await
}

/// Writes a fact of the house.
pub(crate) async fn house_set(tx: &mut Tx, key: &str, value: &str) -> Result<()> {
    let sql = sql!(
        "INSERT INTO house (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value"
    );
    tx.exec(sql, args![key, value]).await.map(|_| ())
}

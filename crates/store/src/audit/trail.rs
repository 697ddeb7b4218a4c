//! What stands behind the statements: keys of payments, commands that were done, entries of the audit trail.

use db::{Result, Session, args, sql};

/// 〔付款编号行〕 A row of `payment_key` with the donation that it names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentRow {
    /// The channel's number.
    pub external_id: String,
    /// Channel and merchant.
    pub channel: String,
    /// What it became.
    pub record: i64,
    /// Fen, or units of goods.
    pub amount: i64,
    /// The amount of the donation with this key; absent if it became something else.
    pub donated: Option<i64>,
    /// The amount of the order to pay with this key.
    pub ordered: Option<i64>,
}

/// Keys of payments after (number, channel), in order.
///
/// # Errors
/// The engine's refusal.
pub async fn payment_rows_after(
    session: &mut Session,
    after: (&str, &str),
    limit: i64,
) -> Result<Vec<PaymentRow>> {
    let sql = sql!(
        "SELECT k.external_id, k.channel, k.donation_id, k.amount, d.amount, o.amount FROM payment_key k LEFT JOIN donation d ON d.id = k.donation_id LEFT JOIN disbursement o ON o.id = k.donation_id WHERE (k.external_id, k.channel) > ($1, $2) ORDER BY k.external_id, k.channel LIMIT $3"
    );
    session
        .rows(sql, args![after.0, after.1, limit], |r| {
            Ok(PaymentRow {
                external_id: r.text(0)?,
                channel: r.text(1)?,
                record: r.i64(2)?,
                amount: r.i64(3)?,
                donated: r.opt_i64(4)?,
                ordered: r.opt_i64(5)?,
            })
        })
        .await
}

/// Keys of commands that were done after a key, in order.
///
/// # Errors
/// The engine's refusal.
pub async fn commands_after(session: &mut Session, after: &str, limit: i64) -> Result<Vec<String>> {
    let sql = sql!("SELECT key FROM command_done WHERE key > $1 ORDER BY key LIMIT $2");
    session.rows(sql, args![after, limit], |r| r.text(0)).await
}

/// Keys of entries of the audit trail after a key, in order.
///
/// # Errors
/// The engine's refusal.
pub async fn audit_entries_after(
    session: &mut Session,
    after: i64,
    limit: i64,
) -> Result<Vec<i64>> {
    let sql = sql!("SELECT id FROM audit_entry WHERE id > $1 ORDER BY id LIMIT $2");
    session.rows(sql, args![after, limit], |r| r.i64(0)).await
}

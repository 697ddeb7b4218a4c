//! Counters and roll-ups as kept; the audit counts them again.

use db::{Result, Session, args, sql};

/// 〔余额行〕 What a fund has at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BalanceRow {
    /// The fund.
    pub fund: i64,
    /// The place.
    pub place: i64,
    /// Fen or units.
    pub amount: i64,
}

/// 〔资金日合计行〕 A row of `fund_day`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FundDayRow {
    /// Fund, day, kind, direction.
    pub key: (i64, i64, String, String),
    /// Fen or units.
    pub amount: i64,
    /// How many movements.
    pub movements: i64,
}

/// 〔渠道日合计行〕 A row of `channel_day`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelDayRow {
    /// Organisation, day, channel.
    pub key: (i64, i64, String),
    /// How many gifts.
    pub gifts: i64,
    /// Fen.
    pub amount: i64,
}

/// Balances after (fund, place), in order.
///
/// # Errors
/// The engine's refusal.
pub async fn balances_after(
    session: &mut Session,
    after: (i64, i64),
    limit: i64,
) -> Result<Vec<BalanceRow>> {
    let sql = sql!(
        "SELECT fund_id, place_id, amount FROM balance WHERE (fund_id, place_id) > ($1, $2) ORDER BY fund_id, place_id LIMIT $3"
    );
    session
        .rows(sql, args![after.0, after.1, limit], |r| {
            Ok(BalanceRow {
                fund: r.i64(0)?,
                place: r.i64(1)?,
                amount: r.i64(2)?,
            })
        })
        .await
}

/// Roll-ups of funds after (fund, day, kind, direction), in order.
///
/// # Errors
/// The engine's refusal.
pub async fn fund_days_after(
    session: &mut Session,
    after: &(i64, i64, String, String),
    limit: i64,
) -> Result<Vec<FundDayRow>> {
    let sql = sql!(
        "SELECT fund_id, day, kind, direction, amount, movements FROM fund_day WHERE (fund_id, day, kind, direction) > ($1, $2, $3, $4) ORDER BY fund_id, day, kind, direction LIMIT $5"
    );
    session
        .rows(
            sql,
            args![after.0, after.1, &after.2, &after.3, limit],
            |r| {
                Ok(FundDayRow {
                    key: (r.i64(0)?, r.i64(1)?, r.text(2)?, r.text(3)?),
                    amount: r.i64(4)?,
                    movements: r.i64(5)?,
                })
            },
        )
        .await
}

/// Roll-ups of channels after (organisation, day, channel), in order.
///
/// # Errors
/// The engine's refusal.
pub async fn channel_days_after(
    session: &mut Session,
    after: &(i64, i64, String),
    limit: i64,
) -> Result<Vec<ChannelDayRow>> {
    let sql = sql!(
        "SELECT organisation_id, day, channel, gifts, amount FROM channel_day WHERE (organisation_id, day, channel) > ($1, $2, $3) ORDER BY organisation_id, day, channel LIMIT $4"
    );
    session
        .rows(sql, args![after.0, after.1, &after.2, limit], |r| {
            Ok(ChannelDayRow {
                key: (r.i64(0)?, r.i64(1)?, r.text(2)?),
                gifts: r.i64(3)?,
                amount: r.i64(4)?,
            })
        })
        .await
}

/// Streams with their last number after a key, in order.
///
/// # Errors
/// The engine's refusal.
pub async fn stream_rows_after(
    session: &mut Session,
    after: &str,
    limit: i64,
) -> Result<Vec<(String, i64)>> {
    let sql = sql!("SELECT key, leaves FROM stream WHERE key > $1 ORDER BY key LIMIT $2");
    session
        .rows(sql, args![after, limit], |r| Ok((r.text(0)?, r.i64(1)?)))
        .await
}

/// What approved disbursements reserve, by fund.
///
/// # Errors
/// The engine's refusal.
pub async fn reserved_of_funds(session: &mut Session) -> Result<Vec<(i64, i64)>> {
    let sql = sql!(
        "SELECT fund_id, CAST(SUM(amount) AS BIGINT) FROM disbursement WHERE state = 'approved' GROUP BY fund_id ORDER BY fund_id"
    );
    session
        .rows(sql, args![], |r| Ok((r.i64(0)?, r.i64(1)?)))
        .await
}

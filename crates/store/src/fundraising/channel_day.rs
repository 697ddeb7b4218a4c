//! Gifts of money per organisation, day and channel: kept in the writer's batch, read by day pages.

use crate::limits::PAGE_MAX;
use db::{Col, Result, Session, Tx, args, bulk, sql};
use kernel::{Day, Id};
use leaf::ids;
use std::collections::BTreeMap;

/// 〔渠道日合计〕 What came in by one channel on one day, before anything was corrected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelDay {
    /// Code of the channel.
    pub channel: String,
    /// How many gifts.
    pub gifts: i64,
    /// Fen.
    pub amount: i64,
}

/// Adds the gifts of money of a batch: (organisation, day number, channel, fen) of each.
///
/// # Errors
/// The engine's refusal.
pub async fn channel_day_add(tx: &mut Tx, gifts: &[(i64, i64, &str, i64)]) -> Result<()> {
    let mut sums: BTreeMap<(i64, i64, &str), (i64, i64)> = BTreeMap::new();
    for &(organisation, day, channel, amount) in gifts {
        let sum = sums.entry((organisation, day, channel)).or_default();
        *sum = (sum.0.saturating_add(1), sum.1.saturating_add(amount));
    }
    let organisations: Vec<i64> = sums.keys().map(|key| key.0).collect();
    let days: Vec<i64> = sums.keys().map(|key| key.1).collect();
    let channels: Vec<&str> = sums.keys().map(|key| key.2).collect();
    let counts: Vec<i64> = sums.values().map(|sum| sum.0).collect();
    let amounts: Vec<i64> = sums.values().map(|sum| sum.1).collect();
    let upsert = bulk!(
        "channel_day(organisation_id, day, channel, gifts, amount)",
        "ON CONFLICT (organisation_id, day, channel) DO UPDATE SET gifts = channel_day.gifts + excluded.gifts, amount = channel_day.amount + excluded.amount"
    );
    let columns = [
        Col::I(&organisations),
        Col::I(&days),
        Col::T(&channels),
        Col::I(&counts),
        Col::I(&amounts),
    ];
    tx.bulk(upsert, &columns).await.map(|_| ())
}

/// What came in on one day, by channel.
///
/// # Errors
/// The engine's refusal.
pub async fn channels_of_day(
    session: &mut Session,
    organisation: Id<ids::Organisation>,
    day: Day,
) -> Result<Vec<ChannelDay>> {
    let sql = sql!(
        "SELECT channel, gifts, amount FROM channel_day WHERE organisation_id = $1 AND day = $2 ORDER BY channel LIMIT $3"
    );
    session
        .rows(
            sql,
            args![organisation.raw(), i64::from(day.number()), PAGE_MAX],
            |r| {
                Ok(ChannelDay {
                    channel: r.text(0)?,
                    gifts: r.i64(1)?,
                    amount: r.i64(2)?,
                })
            },
        )
        .await
}

/// What came in on each day of an organisation, by channel, newest days first, at most `limit` rows.
///
/// # Errors
/// The engine's refusal.
pub async fn channels_of_days(
    session: &mut Session,
    organisation: Id<ids::Organisation>,
    limit: i64,
) -> Result<Vec<(i64, ChannelDay)>> {
    let sql = sql!(
        "SELECT day, channel, gifts, amount FROM channel_day WHERE organisation_id = $1 ORDER BY day DESC, channel LIMIT $2"
    );
    let read = |r: &db::Row<'_>| {
        let sums = ChannelDay {
            channel: r.text(1)?,
            gifts: r.i64(2)?,
            amount: r.i64(3)?,
        };
        Ok((r.i64(0)?, sums))
    };
    session
        .rows(sql, args![organisation.raw(), limit], read)
        .await
}

/// The days on which an organisation received gifts or on which something was announced, newest first.
///
/// # Errors
/// The engine's refusal.
pub async fn days_of_organisation(
    session: &mut Session,
    organisation: Id<ids::Organisation>,
    limit: i64,
) -> Result<Vec<i64>> {
    let sql = sql!(
        "SELECT day FROM (SELECT day FROM channel_day WHERE organisation_id = $1 UNION SELECT day FROM announcement WHERE organisation_id = $1) AS days ORDER BY day DESC LIMIT $2"
    );
    session
        .rows(sql, args![organisation.raw(), limit], |r| r.i64(0))
        .await
}

/// The last day before `day` with gifts or announcements.
///
/// # Errors
/// The engine's refusal.
pub async fn day_before(
    session: &mut Session,
    organisation: Id<ids::Organisation>,
    day: Day,
) -> Result<Option<i64>> {
    let gifts = sql!("SELECT MAX(day) FROM channel_day WHERE organisation_id = $1 AND day < $2");
    let said = sql!("SELECT MAX(day) FROM announcement WHERE organisation_id = $1 AND day < $2");
    let args = args![organisation.raw(), i64::from(day.number())];
    let gifts = session.one(gifts, args, |r| r.opt_i64(0)).await?;
    Ok(gifts.max(session.one(said, args, |r| r.opt_i64(0)).await?))
}

/// The first day after `day` with gifts or announcements.
///
/// # Errors
/// The engine's refusal.
pub async fn day_after(
    session: &mut Session,
    organisation: Id<ids::Organisation>,
    day: Day,
) -> Result<Option<i64>> {
    let gifts = sql!("SELECT MIN(day) FROM channel_day WHERE organisation_id = $1 AND day > $2");
    let said = sql!("SELECT MIN(day) FROM announcement WHERE organisation_id = $1 AND day > $2");
    let args = args![organisation.raw(), i64::from(day.number())];
    let gifts = session.one(gifts, args, |r| r.opt_i64(0)).await?;
    let said = session.one(said, args, |r| r.opt_i64(0)).await?;
    Ok(gifts.into_iter().chain(said).min())
}

/// How many gifts of money an organisation received.
///
/// # Errors
/// The engine's refusal.
pub async fn gifts_of_organisation(
    session: &mut Session,
    organisation: Id<ids::Organisation>,
) -> Result<i64> {
    let sql = sql!(
        "SELECT CAST(COALESCE(SUM(gifts), 0) AS BIGINT) FROM channel_day WHERE organisation_id = $1"
    );
    session
        .one(sql, args![organisation.raw()], |r| r.i64(0))
        .await
}

/// How many gifts of money the house received.
///
/// # Errors
/// The engine's refusal.
pub async fn gifts_of_house(session: &mut Session) -> Result<i64> {
    let sql = sql!("SELECT CAST(COALESCE(SUM(gifts), 0) AS BIGINT) FROM channel_day");
    session.one(sql, args![], |r| r.i64(0)).await
}

/// What an organisation received up to the end of a day, by all channels: number of gifts and fen.
///
/// # Errors
/// The engine's refusal.
pub async fn received_until(
    session: &mut Session,
    organisation: Id<ids::Organisation>,
    day: Day,
) -> Result<(i64, i64)> {
    let sql = sql!(
        "SELECT CAST(COALESCE(SUM(gifts), 0) AS BIGINT), CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM channel_day WHERE organisation_id = $1 AND day <= $2"
    );
    let args = args![organisation.raw(), i64::from(day.number())];
    session.one(sql, args, |r| Ok((r.i64(0)?, r.i64(1)?))).await
}

//! Donations as lists show them: filtered, in an order of the reader's choice, continued where a page ended.
//!
//! The order of recording (of a campaign) and of days (of an organisation) stand in an index and cost nothing. Any
//! other order sorts what the scope holds for each page, in one statement whose key is chosen by number.

use super::donation::{DonationRecord, record_of_row};
use crate::walk::Walk;
use db::{Arg, Result, Row, Session, sql};
use kernel::Id;
use leaf::ids;

/// Whose donations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GiftScope {
    /// Those of a campaign.
    Campaign(Id<ids::Campaign>),
    /// Those of an organisation.
    Organisation(Id<ids::Organisation>),
}

/// 〔捐赠筛选〕 Which donations of a scope; what is not asked for narrows nothing.
#[derive(Debug, Clone)]
pub struct GiftFilter<'a> {
    /// Whose.
    pub scope: GiftScope,
    /// Code of the channel.
    pub channel: Option<&'a str>,
    /// Code of the state.
    pub state: Option<&'a str>,
    /// A part of the donor's public name.
    pub donor: Option<&'a str>,
    /// Day numbers, first and last.
    pub days: (i64, i64),
    /// Amounts, least and most, in hundredths: fen of money, hundredths of units of goods.
    pub amounts: (i64, i64),
}

/// By what donations are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GiftOrder {
    /// As they were recorded.
    Recorded = 0,
    /// By their Beijing day.
    Day = 1,
    /// By their amount.
    Amount = 2,
}

/// A row with the key that its place in the order has.
fn keyed_row(r: &Row<'_>) -> Result<(DonationRecord, i64)> {
    Ok((record_of_row(r)?, r.i64(22)?))
}

impl GiftFilter<'_> {
    fn args(&self) -> Vec<Arg<'_>> {
        let scope = match self.scope {
            GiftScope::Campaign(id) => id.raw(),
            GiftScope::Organisation(id) => id.raw(),
        };
        vec![
            Arg::I(scope),
            Arg::from(self.channel),
            Arg::from(self.state),
            Arg::from(self.donor),
            Arg::I(self.days.0),
            Arg::I(self.days.1),
            Arg::I(self.amounts.0),
            Arg::I(self.amounts.1),
        ]
    }
}

/// The donations of a list behind a place in it, each with its sort key (for descending orders as it is, not turned).
///
/// # Errors
/// The engine's refusal.
pub async fn gifts_listed(
    session: &mut Session,
    filter: &GiftFilter<'_>,
    order: GiftOrder,
    walk: Walk,
) -> Result<Vec<(DonationRecord, i64)>> {
    match (filter.scope, order) {
        (GiftScope::Campaign(_), GiftOrder::Recorded) => recorded(session, filter, walk).await,
        (GiftScope::Organisation(_), GiftOrder::Day) => by_day(session, filter, walk).await,
        _ => sorted(session, filter, order, walk).await,
    }
}

async fn recorded(
    session: &mut Session,
    filter: &GiftFilter<'_>,
    walk: Walk,
) -> Result<Vec<(DonationRecord, i64)>> {
    let down = sql!(
        "SELECT id, organisation_id, campaign_id, intent_id, channel, amount, fee, unit, state, held_reason, paid_at, time_known, day, published_day, donor_kind, donor_public, leaf_index, movement_first, movement_count, import_run, import_line, undone, id FROM donation WHERE campaign_id = $1 AND (CAST($2 AS TEXT) IS NULL OR channel = $2) AND (CAST($3 AS TEXT) IS NULL OR state = $3) AND (CAST($4 AS TEXT) IS NULL OR replace(donor_public, $4, '') <> donor_public) AND day >= $5 AND day <= $6 AND amount * CASE WHEN unit = 'fen' THEN 1 ELSE 100 END >= $7 AND amount * CASE WHEN unit = 'fen' THEN 1 ELSE 100 END <= $8 AND id < $9 ORDER BY id DESC LIMIT $10"
    );
    let up = sql!(
        "SELECT id, organisation_id, campaign_id, intent_id, channel, amount, fee, unit, state, held_reason, paid_at, time_known, day, published_day, donor_kind, donor_public, leaf_index, movement_first, movement_count, import_run, import_line, undone, id FROM donation WHERE campaign_id = $1 AND (CAST($2 AS TEXT) IS NULL OR channel = $2) AND (CAST($3 AS TEXT) IS NULL OR state = $3) AND (CAST($4 AS TEXT) IS NULL OR replace(donor_public, $4, '') <> donor_public) AND day >= $5 AND day <= $6 AND amount * CASE WHEN unit = 'fen' THEN 1 ELSE 100 END >= $7 AND amount * CASE WHEN unit = 'fen' THEN 1 ELSE 100 END <= $8 AND id > $9 ORDER BY id LIMIT $10"
    );
    let mut args = filter.args();
    args.extend([Arg::I(walk.behind().0), Arg::I(walk.limit)]);
    let sql = if walk.sign < 0 { down } else { up };
    session.rows(sql, &args, keyed_row).await
}

async fn by_day(
    session: &mut Session,
    filter: &GiftFilter<'_>,
    walk: Walk,
) -> Result<Vec<(DonationRecord, i64)>> {
    let down = sql!(
        "SELECT id, organisation_id, campaign_id, intent_id, channel, amount, fee, unit, state, held_reason, paid_at, time_known, day, published_day, donor_kind, donor_public, leaf_index, movement_first, movement_count, import_run, import_line, undone, day FROM donation WHERE organisation_id = $1 AND (CAST($2 AS TEXT) IS NULL OR channel = $2) AND (CAST($3 AS TEXT) IS NULL OR state = $3) AND (CAST($4 AS TEXT) IS NULL OR replace(donor_public, $4, '') <> donor_public) AND day >= $5 AND day <= $6 AND amount * CASE WHEN unit = 'fen' THEN 1 ELSE 100 END >= $7 AND amount * CASE WHEN unit = 'fen' THEN 1 ELSE 100 END <= $8 AND (day, id) < ($9, $10) ORDER BY day DESC, id DESC LIMIT $11"
    );
    let up = sql!(
        "SELECT id, organisation_id, campaign_id, intent_id, channel, amount, fee, unit, state, held_reason, paid_at, time_known, day, published_day, donor_kind, donor_public, leaf_index, movement_first, movement_count, import_run, import_line, undone, day FROM donation WHERE organisation_id = $1 AND (CAST($2 AS TEXT) IS NULL OR channel = $2) AND (CAST($3 AS TEXT) IS NULL OR state = $3) AND (CAST($4 AS TEXT) IS NULL OR replace(donor_public, $4, '') <> donor_public) AND day >= $5 AND day <= $6 AND amount * CASE WHEN unit = 'fen' THEN 1 ELSE 100 END >= $7 AND amount * CASE WHEN unit = 'fen' THEN 1 ELSE 100 END <= $8 AND (day, id) > ($9, $10) ORDER BY day, id LIMIT $11"
    );
    let (day, id) = walk.behind();
    let mut args = filter.args();
    args.extend([Arg::I(day), Arg::I(id), Arg::I(walk.limit)]);
    let sql = if walk.sign < 0 { down } else { up };
    session.rows(sql, &args, keyed_row).await
}

async fn sorted(
    session: &mut Session,
    filter: &GiftFilter<'_>,
    order: GiftOrder,
    walk: Walk,
) -> Result<Vec<(DonationRecord, i64)>> {
    let of_campaign = sql!(
        "SELECT id, organisation_id, campaign_id, intent_id, channel, amount, fee, unit, state, held_reason, paid_at, time_known, day, published_day, donor_kind, donor_public, leaf_index, movement_first, movement_count, import_run, import_line, undone, sort_key FROM (SELECT id, organisation_id, campaign_id, intent_id, channel, amount, fee, unit, state, held_reason, paid_at, time_known, day, published_day, donor_kind, donor_public, leaf_index, movement_first, movement_count, import_run, import_line, undone, CASE CAST($9 AS BIGINT) WHEN 1 THEN day WHEN 2 THEN amount ELSE id END * CAST($10 AS BIGINT) AS sort_key FROM donation WHERE campaign_id = $1 AND (CAST($2 AS TEXT) IS NULL OR channel = $2) AND (CAST($3 AS TEXT) IS NULL OR state = $3) AND (CAST($4 AS TEXT) IS NULL OR replace(donor_public, $4, '') <> donor_public) AND day >= $5 AND day <= $6 AND amount * CASE WHEN unit = 'fen' THEN 1 ELSE 100 END >= $7 AND amount * CASE WHEN unit = 'fen' THEN 1 ELSE 100 END <= $8) AS found WHERE (sort_key, id) > ($11, $12) ORDER BY sort_key, id LIMIT $13"
    );
    let of_organisation = sql!(
        "SELECT id, organisation_id, campaign_id, intent_id, channel, amount, fee, unit, state, held_reason, paid_at, time_known, day, published_day, donor_kind, donor_public, leaf_index, movement_first, movement_count, import_run, import_line, undone, sort_key FROM (SELECT id, organisation_id, campaign_id, intent_id, channel, amount, fee, unit, state, held_reason, paid_at, time_known, day, published_day, donor_kind, donor_public, leaf_index, movement_first, movement_count, import_run, import_line, undone, CASE CAST($9 AS BIGINT) WHEN 1 THEN day WHEN 2 THEN amount ELSE id END * CAST($10 AS BIGINT) AS sort_key FROM donation WHERE organisation_id = $1 AND (CAST($2 AS TEXT) IS NULL OR channel = $2) AND (CAST($3 AS TEXT) IS NULL OR state = $3) AND (CAST($4 AS TEXT) IS NULL OR replace(donor_public, $4, '') <> donor_public) AND day >= $5 AND day <= $6 AND amount * CASE WHEN unit = 'fen' THEN 1 ELSE 100 END >= $7 AND amount * CASE WHEN unit = 'fen' THEN 1 ELSE 100 END <= $8) AS found WHERE (sort_key, id) > ($11, $12) ORDER BY sort_key, id LIMIT $13"
    );
    // The key is turned for descending orders, so that the walk itself always ascends.
    let (key, id) = match walk.after {
        None => (i64::MIN, i64::MIN),
        Some((key, id)) => (key.saturating_mul(walk.sign), id),
    };
    let mut args = filter.args();
    args.extend([
        Arg::I(order as i64),
        Arg::I(walk.sign),
        Arg::I(key),
        Arg::I(id),
    ]);
    args.push(Arg::I(walk.limit));
    let sql = match filter.scope {
        GiftScope::Campaign(_) => of_campaign,
        GiftScope::Organisation(_) => of_organisation,
    };
    let read = |r: &Row<'_>| {
        let (record, key) = keyed_row(r)?;
        Ok((record, key.saturating_mul(walk.sign)))
    };
    session.rows(sql, &args, read).await
}

/// 〔捐赠合计〕 What the donations of a list add up to, in fen; goods are counted as rows only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GiftTally {
    /// How many donations.
    pub rows: i64,
    /// As they were given.
    pub amount: i64,
    /// What channels kept.
    pub fees: i64,
    /// What refunds, corrections and chargebacks took out again.
    pub undone: i64,
    /// What is left of those that are not held. A gift that was held first came in whole: its fee never left it.
    pub standing: i64,
}

/// What the donations of a list add up to; no more than `limit` rows are counted.
///
/// # Errors
/// The engine's refusal.
pub async fn gifts_tally(
    session: &mut Session,
    filter: &GiftFilter<'_>,
    limit: i64,
) -> Result<GiftTally> {
    let of_campaign = sql!(
        "SELECT COUNT(*), CAST(COALESCE(SUM(money), 0) AS BIGINT), CAST(COALESCE(SUM(fee), 0) AS BIGINT), CAST(COALESCE(SUM(undone), 0) AS BIGINT), CAST(COALESCE(SUM(standing), 0) AS BIGINT) FROM (SELECT CASE WHEN unit = 'fen' THEN amount ELSE 0 END AS money, fee, undone, CASE WHEN unit <> 'fen' OR state = 'held' THEN 0 WHEN held_reason = '' THEN amount - fee - undone ELSE amount - undone END AS standing FROM donation WHERE campaign_id = $1 AND (CAST($2 AS TEXT) IS NULL OR channel = $2) AND (CAST($3 AS TEXT) IS NULL OR state = $3) AND (CAST($4 AS TEXT) IS NULL OR replace(donor_public, $4, '') <> donor_public) AND day >= $5 AND day <= $6 AND amount * CASE WHEN unit = 'fen' THEN 1 ELSE 100 END >= $7 AND amount * CASE WHEN unit = 'fen' THEN 1 ELSE 100 END <= $8 LIMIT $9) AS found"
    );
    let of_organisation = sql!(
        "SELECT COUNT(*), CAST(COALESCE(SUM(money), 0) AS BIGINT), CAST(COALESCE(SUM(fee), 0) AS BIGINT), CAST(COALESCE(SUM(undone), 0) AS BIGINT), CAST(COALESCE(SUM(standing), 0) AS BIGINT) FROM (SELECT CASE WHEN unit = 'fen' THEN amount ELSE 0 END AS money, fee, undone, CASE WHEN unit <> 'fen' OR state = 'held' THEN 0 WHEN held_reason = '' THEN amount - fee - undone ELSE amount - undone END AS standing FROM donation WHERE organisation_id = $1 AND (CAST($2 AS TEXT) IS NULL OR channel = $2) AND (CAST($3 AS TEXT) IS NULL OR state = $3) AND (CAST($4 AS TEXT) IS NULL OR replace(donor_public, $4, '') <> donor_public) AND day >= $5 AND day <= $6 AND amount * CASE WHEN unit = 'fen' THEN 1 ELSE 100 END >= $7 AND amount * CASE WHEN unit = 'fen' THEN 1 ELSE 100 END <= $8 LIMIT $9) AS found"
    );
    let mut args = filter.args();
    args.push(Arg::I(limit));
    let sql = match filter.scope {
        GiftScope::Campaign(_) => of_campaign,
        GiftScope::Organisation(_) => of_organisation,
    };
    let read = |r: &Row<'_>| {
        Ok(GiftTally {
            rows: r.i64(0)?,
            amount: r.i64(1)?,
            fees: r.i64(2)?,
            undone: r.i64(3)?,
            standing: r.i64(4)?,
        })
    };
    session.one(sql, &args, read).await
}

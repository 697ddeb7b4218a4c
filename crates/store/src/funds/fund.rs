//! Funds: their counters, titles and lists.

use crate::batch::rows::fund_of_row;
use crate::limits::PAGE_MAX;
use db::{Result, Row, Session, args, sql};
use domain::funds::Fund;
use kernel::{Id, Timestamp};
use leaf::ids;
use std::collections::BTreeMap;

/// 〔资金〕 A fund with everything its page says.
#[derive(Debug, Clone)]
pub struct FundRecord {
    /// What decisions know.
    pub fund: Fund,
    /// The purpose in words.
    pub purpose: String,
    /// Limits use to a region.
    pub region: Option<String>,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// Index of its leaf.
    pub leaf_index: i64,
}

fn record_of_row(r: &Row<'_>) -> Result<FundRecord> {
    Ok(FundRecord {
        fund: fund_of_row(r)?,
        purpose: r.text(11)?,
        region: r.opt_text(12)?,
        opened_at: Timestamp::from_micros(r.i64(13)?),
        leaf_index: r.i64(14)?,
    })
}

/// A fund as decisions know it.
///
/// # Errors
/// The engine's refusal.
pub async fn fund_by_id(session: &mut Session, id: Id<ids::Fund>) -> Result<Option<Fund>> {
    let sql = sql!(
        "SELECT id, organisation_id, kind, unit, title, restriction, campaign_id, partner_id, inflow, outflow, reserved FROM fund WHERE id = $1"
    );
    session.opt(sql, args![id.raw()], fund_of_row).await
}

/// What the page of a fund says.
///
/// # Errors
/// The engine's refusal.
pub async fn fund_record(session: &mut Session, id: Id<ids::Fund>) -> Result<Option<FundRecord>> {
    let sql = sql!(
        "SELECT id, organisation_id, kind, unit, title, restriction, campaign_id, partner_id, inflow, outflow, reserved, purpose, region, opened_at, leaf_index FROM fund WHERE id = $1"
    );
    session.opt(sql, args![id.raw()], record_of_row).await
}

/// Some funds, in no order.
///
/// # Errors
/// The engine's refusal.
pub async fn funds_by_ids(session: &mut Session, keys: &[i64]) -> Result<Vec<Fund>> {
    let sql = sql!(
        pg: "SELECT id, organisation_id, kind, unit, title, restriction, campaign_id, partner_id, inflow, outflow, reserved FROM fund WHERE id = ANY($1)",
        lite: "SELECT id, organisation_id, kind, unit, title, restriction, campaign_id, partner_id, inflow, outflow, reserved FROM fund WHERE id = $1"
    );
    session.by_keys(sql, keys, fund_of_row).await
}

/// The titles of some funds.
///
/// # Errors
/// The engine's refusal.
pub async fn fund_titles(session: &mut Session, keys: &[i64]) -> Result<BTreeMap<i64, String>> {
    let sql = sql!(
        pg: "SELECT id, title FROM fund WHERE id = ANY($1)",
        lite: "SELECT id, title FROM fund WHERE id = $1"
    );
    let rows = session
        .by_keys(sql, keys, |r| Ok((r.i64(0)?, r.text(1)?)))
        .await?;
    Ok(rows.into_iter().collect())
}

/// The funds of a campaign, advances and goods among them, oldest first.
///
/// # Errors
/// The engine's refusal.
pub async fn funds_of_campaign(
    session: &mut Session,
    campaign: Id<ids::Campaign>,
) -> Result<Vec<Fund>> {
    let sql = sql!(
        "SELECT id, organisation_id, kind, unit, title, restriction, campaign_id, partner_id, inflow, outflow, reserved FROM fund WHERE campaign_id = $1 ORDER BY id LIMIT $2"
    );
    session
        .rows(sql, args![campaign.raw(), PAGE_MAX], fund_of_row)
        .await
}

/// The funds of money of an organisation, oldest first.
///
/// # Errors
/// The engine's refusal.
pub async fn funds_of_organisation(
    session: &mut Session,
    organisation: Id<ids::Organisation>,
) -> Result<Vec<Fund>> {
    let sql = sql!(
        "SELECT id, organisation_id, kind, unit, title, restriction, campaign_id, partner_id, inflow, outflow, reserved FROM fund WHERE organisation_id = $1 AND unit = 'fen' ORDER BY id LIMIT $2"
    );
    session
        .rows(sql, args![organisation.raw(), PAGE_MAX], fund_of_row)
        .await
}

/// 〔账上余额〕 What still stands in the funds of an organisation: fen, and units of goods of every kind together.
///
/// # Errors
/// The engine's refusal.
pub async fn left_of_organisation(
    session: &mut Session,
    organisation: Id<ids::Organisation>,
) -> Result<(i64, i64)> {
    let sql = sql!(
        "SELECT CAST(COALESCE(SUM(CASE WHEN unit = 'fen' THEN inflow - outflow ELSE 0 END), 0) AS BIGINT), CAST(COALESCE(SUM(CASE WHEN unit = 'fen' THEN 0 ELSE inflow - outflow END), 0) AS BIGINT) FROM fund WHERE organisation_id = $1"
    );
    session
        .one(sql, args![organisation.raw()], |r| {
            Ok((r.i64(0)?, r.i64(1)?))
        })
        .await
}

/// All funds of an organisation, goods among them, oldest first, at most `limit`.
///
/// # Errors
/// The engine's refusal.
pub async fn funds_listed(
    session: &mut Session,
    organisation: Id<ids::Organisation>,
    limit: i64,
) -> Result<Vec<Fund>> {
    let sql = sql!(
        "SELECT id, organisation_id, kind, unit, title, restriction, campaign_id, partner_id, inflow, outflow, reserved FROM fund WHERE organisation_id = $1 ORDER BY id LIMIT $2"
    );
    session
        .rows(sql, args![organisation.raw(), limit], fund_of_row)
        .await
}

/// The funds of goods of an organisation after the key `after`, oldest first, at most `limit`.
///
/// # Errors
/// The engine's refusal.
pub async fn goods_of_organisation(
    session: &mut Session,
    organisation: Id<ids::Organisation>,
    after: i64,
    limit: i64,
) -> Result<Vec<Fund>> {
    let sql = sql!(
        "SELECT id, organisation_id, kind, unit, title, restriction, campaign_id, partner_id, inflow, outflow, reserved FROM fund WHERE organisation_id = $1 AND kind = 'goods' AND id > $2 ORDER BY id LIMIT $3"
    );
    session
        .rows(sql, args![organisation.raw(), after, limit], fund_of_row)
        .await
}

/// The funds in which partners hold an organisation's advances, oldest first.
///
/// # Errors
/// The engine's refusal.
pub async fn advance_funds(
    session: &mut Session,
    organisation: Id<ids::Organisation>,
) -> Result<Vec<Fund>> {
    let sql = sql!(
        "SELECT id, organisation_id, kind, unit, title, restriction, campaign_id, partner_id, inflow, outflow, reserved FROM fund WHERE organisation_id = $1 AND kind = 'advance' ORDER BY id LIMIT $2"
    );
    session
        .rows(sql, args![organisation.raw(), PAGE_MAX], fund_of_row)
        .await
}

/// The advances that an executing partner holds, at whatever organisation, oldest first.
///
/// # Errors
/// The engine's refusal.
pub async fn funds_of_partner(
    session: &mut Session,
    partner: Id<ids::Organisation>,
) -> Result<Vec<Fund>> {
    let sql = sql!(
        "SELECT id, organisation_id, kind, unit, title, restriction, campaign_id, partner_id, inflow, outflow, reserved FROM fund WHERE partner_id = $1 ORDER BY id LIMIT $2"
    );
    session
        .rows(sql, args![partner.raw(), PAGE_MAX], fund_of_row)
        .await
}

/// The fund in which an organisation holds money that cannot stand where it was meant.
///
/// # Errors
/// The engine's refusal.
pub async fn held_fund(
    session: &mut Session,
    organisation: Id<ids::Organisation>,
) -> Result<Option<Fund>> {
    let sql = sql!(
        "SELECT id, organisation_id, kind, unit, title, restriction, campaign_id, partner_id, inflow, outflow, reserved FROM fund WHERE organisation_id = $1 AND kind = 'held' ORDER BY id LIMIT 1"
    );
    session
        .opt(sql, args![organisation.raw()], fund_of_row)
        .await
}

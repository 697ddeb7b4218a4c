//! Campaigns: words, dates and lists.

use crate::batch::rows::campaign_of_row;
use db::{Result, Row, Session, args, sql};
use domain::fundraising::Campaign;
use kernel::{Id, Timestamp};
use leaf::ids;
use std::collections::BTreeMap;

/// 〔募捐活动〕 A campaign with everything its page says.
#[derive(Debug, Clone)]
pub struct CampaignRecord {
    /// What decisions know.
    pub campaign: Campaign,
    /// Why money is needed.
    pub story: String,
    /// What will be done with it.
    pub promise: String,
    /// Filing number.
    pub filing_number: String,
    /// Code of the region.
    pub region: Option<String>,
    /// Target in fen, zero if none.
    pub target: i64,
    /// True if the public may give online.
    pub online: bool,
    /// Index of its newest leaf.
    pub leaf_index: Option<i64>,
    /// When it was drafted.
    pub created_at: Timestamp,
}

fn record_of_row(r: &Row<'_>) -> Result<CampaignRecord> {
    Ok(CampaignRecord {
        campaign: campaign_of_row(r)?,
        story: r.text(9)?,
        promise: r.text(10)?,
        filing_number: r.text(11)?,
        region: r.opt_text(12)?,
        target: r.i64(13)?,
        online: r.yes_no(14)?,
        leaf_index: r.opt_i64(15)?,
        created_at: Timestamp::from_micros(r.i64(16)?),
    })
}

/// A campaign as decisions know it.
///
/// # Errors
/// The engine's refusal.
pub async fn campaign_by_id(
    session: &mut Session,
    id: Id<ids::Campaign>,
) -> Result<Option<Campaign>> {
    let sql = sql!(
        "SELECT id, organisation_id, title, state, starts_on, ends_on, administrative_share, project_fund, administrative_fund FROM campaign WHERE id = $1"
    );
    session.opt(sql, args![id.raw()], campaign_of_row).await
}

/// What the page of a campaign says.
///
/// # Errors
/// The engine's refusal.
pub async fn campaign_record(
    session: &mut Session,
    id: Id<ids::Campaign>,
) -> Result<Option<CampaignRecord>> {
    let sql = sql!(
        "SELECT id, organisation_id, title, state, starts_on, ends_on, administrative_share, project_fund, administrative_fund, story, promise, filing_number, region, target, online, leaf_index, created_at FROM campaign WHERE id = $1"
    );
    session.opt(sql, args![id.raw()], record_of_row).await
}

/// Some campaigns, in no order.
///
/// # Errors
/// The engine's refusal.
pub async fn campaigns_by_ids(session: &mut Session, keys: &[i64]) -> Result<Vec<CampaignRecord>> {
    let sql = sql!(
        pg: "SELECT id, organisation_id, title, state, starts_on, ends_on, administrative_share, project_fund, administrative_fund, story, promise, filing_number, region, target, online, leaf_index, created_at FROM campaign WHERE id = ANY($1)",
        lite: "SELECT id, organisation_id, title, state, starts_on, ends_on, administrative_share, project_fund, administrative_fund, story, promise, filing_number, region, target, online, leaf_index, created_at FROM campaign WHERE id = $1"
    );
    session.by_keys(sql, keys, record_of_row).await
}

/// The titles of some campaigns.
///
/// # Errors
/// The engine's refusal.
pub async fn campaign_titles(session: &mut Session, keys: &[i64]) -> Result<BTreeMap<i64, String>> {
    let sql = sql!(
        pg: "SELECT id, title FROM campaign WHERE id = ANY($1)",
        lite: "SELECT id, title FROM campaign WHERE id = $1"
    );
    let rows = session
        .by_keys(sql, keys, |r| Ok((r.i64(0)?, r.text(1)?)))
        .await?;
    Ok(rows.into_iter().collect())
}

/// The public campaign that was filed under exactly this number, with its title.
///
/// # Errors
/// The engine's refusal.
pub async fn campaign_by_filing(
    session: &mut Session,
    number: &str,
) -> Result<Option<(Id<ids::Campaign>, String)>> {
    let sql = sql!(
        "SELECT id, title FROM campaign WHERE filing_number = $1 AND state <> 'draft' ORDER BY id LIMIT 1"
    );
    session
        .opt(sql, args![number], |r| {
            Ok((Id::from_raw(r.i64(0)?), r.text(1)?))
        })
        .await
}

/// The campaigns of an organisation, drafts among them, newest first.
///
/// # Errors
/// The engine's refusal.
pub async fn campaigns_of_organisation(
    session: &mut Session,
    organisation: Id<ids::Organisation>,
    limit: i64,
) -> Result<Vec<CampaignRecord>> {
    let sql = sql!(
        "SELECT id, organisation_id, title, state, starts_on, ends_on, administrative_share, project_fund, administrative_fund, story, promise, filing_number, region, target, online, leaf_index, created_at FROM campaign WHERE organisation_id = $1 ORDER BY id DESC LIMIT $2"
    );
    session
        .rows(sql, args![organisation.raw(), limit], record_of_row)
        .await
}

/// Keys of the published campaigns, oldest first.
///
/// # Errors
/// The engine's refusal.
pub async fn campaigns_published(
    session: &mut Session,
    limit: i64,
) -> Result<Vec<Id<ids::Campaign>>> {
    let sql =
        sql!("SELECT id FROM campaign WHERE id > $1 AND state <> 'draft' ORDER BY id LIMIT $2");
    session
        .rows(sql, args![i64::MIN, limit], |r| r.i64(0).map(Id::from_raw))
        .await
}

/// The campaigns in a state, newest first.
///
/// # Errors
/// The engine's refusal.
pub async fn campaigns_of_state(
    session: &mut Session,
    state: &str,
    limit: i64,
) -> Result<Vec<CampaignRecord>> {
    let sql = sql!(
        "SELECT id, organisation_id, title, state, starts_on, ends_on, administrative_share, project_fund, administrative_fund, story, promise, filing_number, region, target, online, leaf_index, created_at FROM campaign WHERE state = $1 ORDER BY id DESC LIMIT $2"
    );
    session.rows(sql, args![state, limit], record_of_row).await
}

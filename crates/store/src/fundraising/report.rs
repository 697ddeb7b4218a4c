//! Reports of campaigns, as they were published.

use crate::batch::rows::{day as day_of, known};
use db::{Result, Session, args, sql};
use domain::fundraising::ReportKind;
use kernel::{Day, Id, Timestamp};
use leaf::ids;

/// 〔活动报告〕 A published report.
#[derive(Debug, Clone)]
pub struct ReportRecord {
    /// Its key.
    pub id: Id<ids::Report>,
    /// What it is about.
    pub kind: ReportKind,
    /// What it is called.
    pub title: String,
    /// What was done.
    pub body: String,
    /// What will be done with money that is left.
    pub plan: String,
    /// The last day it tells of.
    pub until: Day,
    /// When it was published.
    pub at: Timestamp,
    /// The leaf that states it.
    pub leaf_index: i64,
}

/// The reports of a campaign, newest first, at most `limit`.
///
/// # Errors
/// The engine's refusal.
pub async fn reports_of_campaign(
    session: &mut Session,
    campaign: Id<ids::Campaign>,
    limit: i64,
) -> Result<Vec<ReportRecord>> {
    let sql = sql!(
        "SELECT id, kind, title, body, plan, until_day, at, leaf_index FROM campaign_report WHERE campaign_id = $1 ORDER BY id DESC LIMIT $2"
    );
    session
        .rows(sql, args![campaign.raw(), limit], |r| {
            Ok(ReportRecord {
                id: Id::from_raw(r.i64(0)?),
                kind: known(ReportKind::parse(r.str(1)?), "campaign_report.kind")?,
                title: r.text(2)?,
                body: r.text(3)?,
                plan: r.text(4)?,
                until: day_of(r.i64(5)?)?,
                at: Timestamp::from_micros(r.i64(6)?),
                leaf_index: r.i64(7)?,
            })
        })
        .await
}

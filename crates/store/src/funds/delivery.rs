//! Deliveries: money or goods that reached those they were meant for.

use crate::batch::rows::{day, known};
use db::{Result, Row, Session, args, sql};
use domain::funds::PayeeKind;
use kernel::{Day, Id};
use leaf::ids;

/// 〔发放〕 A delivery as kept, with what its movement carried.
#[derive(Debug, Clone)]
pub struct DeliveryRecord {
    /// Its key.
    pub id: Id<ids::Delivery>,
    /// Whose.
    pub organisation: Id<ids::Organisation>,
    /// The fund it left.
    pub fund: Id<ids::Fund>,
    /// The movement.
    pub movement: Id<ids::Movement>,
    /// The order that paid it, if one did.
    pub disbursement: Option<Id<ids::Disbursement>>,
    /// What the receiver is.
    pub payee_kind: PayeeKind,
    /// Who received, without persons' names.
    pub payee: String,
    /// The scheme or project.
    pub scheme: String,
    /// Code of the region.
    pub region: Option<String>,
    /// Persons reached.
    pub persons: i64,
    /// The day it reached them.
    pub reached_on: Day,
    /// Fen or units.
    pub amount: i64,
    /// `fen`, or the unit of the fund.
    pub unit: String,
    /// The leaf that states it.
    pub leaf_index: i64,
    /// Of the amount: what was reversed since.
    pub undone: i64,
}

impl DeliveryRecord {
    /// What of the amount still stands.
    #[must_use]
    pub fn standing(&self) -> i64 {
        self.amount.saturating_sub(self.undone)
    }
}

fn record_of_row(r: &Row<'_>) -> Result<DeliveryRecord> {
    Ok(DeliveryRecord {
        id: Id::from_raw(r.i64(0)?),
        organisation: Id::from_raw(r.i64(1)?),
        fund: Id::from_raw(r.i64(2)?),
        movement: Id::from_raw(r.i64(3)?),
        disbursement: r.opt_i64(4)?.map(Id::from_raw),
        payee_kind: known(PayeeKind::parse(r.str(5)?), "delivery.payee_kind")?,
        payee: r.text(6)?,
        scheme: r.text(7)?,
        region: r.opt_text(8)?,
        persons: r.i64(9)?,
        reached_on: day(r.i64(10)?)?,
        amount: r.i64(11)?,
        unit: r.text(12)?,
        leaf_index: r.i64(13)?,
        undone: r.i64(14)?,
    })
}

/// A delivery by its key.
///
/// # Errors
/// The engine's refusal.
pub async fn delivery_by_id(
    session: &mut Session,
    id: Id<ids::Delivery>,
) -> Result<Option<DeliveryRecord>> {
    let sql = sql!(
        "SELECT d.id, d.organisation_id, d.fund_id, d.movement_id, d.disbursement_id, d.payee_kind, d.payee, d.scheme, d.region, d.persons, d.reached_on, m.amount, f.unit, m.leaf_index, CAST(COALESCE((SELECT SUM(u.amount) FROM movement u WHERE u.undoes = m.id), 0) AS BIGINT) FROM delivery d JOIN movement m ON m.id = d.movement_id JOIN fund f ON f.id = d.fund_id WHERE d.id = $1"
    );
    session.opt(sql, args![id.raw()], record_of_row).await
}

/// The deliveries that some movements made, in no order.
///
/// # Errors
/// The engine's refusal.
pub async fn deliveries_by_movements(
    session: &mut Session,
    movements: &[i64],
) -> Result<Vec<DeliveryRecord>> {
    let sql = sql!(
        pg: "SELECT d.id, d.organisation_id, d.fund_id, d.movement_id, d.disbursement_id, d.payee_kind, d.payee, d.scheme, d.region, d.persons, d.reached_on, m.amount, f.unit, m.leaf_index, CAST(COALESCE((SELECT SUM(u.amount) FROM movement u WHERE u.undoes = m.id), 0) AS BIGINT) FROM delivery d JOIN movement m ON m.id = d.movement_id JOIN fund f ON f.id = d.fund_id WHERE d.movement_id = ANY($1)",
        lite: "SELECT d.id, d.organisation_id, d.fund_id, d.movement_id, d.disbursement_id, d.payee_kind, d.payee, d.scheme, d.region, d.persons, d.reached_on, m.amount, f.unit, m.leaf_index, CAST(COALESCE((SELECT SUM(u.amount) FROM movement u WHERE u.undoes = m.id), 0) AS BIGINT) FROM delivery d JOIN movement m ON m.id = d.movement_id JOIN fund f ON f.id = d.fund_id WHERE d.movement_id = $1"
    );
    session.by_keys(sql, movements, record_of_row).await
}

/// Deliveries whose region's code is `range.0` or larger and smaller than `range.1`, newest first.
///
/// # Errors
/// The engine's refusal.
pub async fn deliveries_in(
    session: &mut Session,
    range: (&str, &str),
    limit: i64,
) -> Result<Vec<DeliveryRecord>> {
    let sql = sql!(
        "SELECT d.id, d.organisation_id, d.fund_id, d.movement_id, d.disbursement_id, d.payee_kind, d.payee, d.scheme, d.region, d.persons, d.reached_on, m.amount, f.unit, m.leaf_index, CAST(COALESCE((SELECT SUM(u.amount) FROM movement u WHERE u.undoes = m.id), 0) AS BIGINT) FROM (SELECT * FROM delivery WHERE region >= $1 AND region < $2 ORDER BY id DESC LIMIT $3) AS d JOIN movement m ON m.id = d.movement_id JOIN fund f ON f.id = d.fund_id ORDER BY d.id DESC"
    );
    session
        .rows(sql, args![range.0, range.1, limit], record_of_row)
        .await
}

/// Of the newest `said.1` deliveries those in whose public words `said.0` stands, newest first.
///
/// # Errors
/// The engine's refusal.
pub async fn deliveries_saying(
    session: &mut Session,
    said: (&str, i64),
    limit: i64,
) -> Result<Vec<DeliveryRecord>> {
    let sql = sql!(
        "SELECT d.id, d.organisation_id, d.fund_id, d.movement_id, d.disbursement_id, d.payee_kind, d.payee, d.scheme, d.region, d.persons, d.reached_on, m.amount, f.unit, m.leaf_index, CAST(COALESCE((SELECT SUM(u.amount) FROM movement u WHERE u.undoes = m.id), 0) AS BIGINT) FROM (SELECT * FROM (SELECT * FROM delivery ORDER BY id DESC LIMIT $2) AS newest WHERE replace(payee, $1, '') <> payee OR replace(scheme, $1, '') <> scheme ORDER BY id DESC LIMIT $3) AS d JOIN movement m ON m.id = d.movement_id JOIN fund f ON f.id = d.fund_id ORDER BY d.id DESC"
    );
    session
        .rows(sql, args![said.0, said.1, limit], record_of_row)
        .await
}

/// The campaigns of some deliveries, each once, in the order of their keys.
///
/// # Errors
/// The engine's refusal.
pub async fn campaigns_of_deliveries(session: &mut Session, keys: &[i64]) -> Result<Vec<i64>> {
    let sql = sql!(
        pg: "SELECT campaign_id FROM delivery WHERE id = ANY($1)",
        lite: "SELECT campaign_id FROM delivery WHERE id = $1"
    );
    let rows = session.by_keys(sql, keys, |r| r.opt_i64(0)).await?;
    let campaigns: std::collections::BTreeSet<i64> = rows.into_iter().flatten().collect();
    Ok(campaigns.into_iter().collect())
}

/// The deliveries of a campaign, newest first.
///
/// # Errors
/// The engine's refusal.
pub async fn deliveries_of_campaign(
    session: &mut Session,
    campaign: Id<ids::Campaign>,
    limit: i64,
) -> Result<Vec<DeliveryRecord>> {
    let sql = sql!(
        "SELECT d.id, d.organisation_id, d.fund_id, d.movement_id, d.disbursement_id, d.payee_kind, d.payee, d.scheme, d.region, d.persons, d.reached_on, m.amount, f.unit, m.leaf_index, CAST(COALESCE((SELECT SUM(u.amount) FROM movement u WHERE u.undoes = m.id), 0) AS BIGINT) FROM delivery d JOIN movement m ON m.id = d.movement_id JOIN fund f ON f.id = d.fund_id WHERE d.campaign_id = $1 ORDER BY d.id DESC LIMIT $2"
    );
    session
        .rows(sql, args![campaign.raw(), limit], record_of_row)
        .await
}

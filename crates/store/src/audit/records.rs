//! Records that have a leaf or movements, as kept.

use db::{Result, Row, Session, args, sql};

/// 〔捐赠行〕 A row of `donation` with what opens its commitment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DonationAuditRow {
    /// Its key.
    pub id: i64,
    /// Who received it.
    pub organisation: i64,
    /// The campaign now; a held gift may have been reassigned.
    pub campaign: Option<i64>,
    /// Code of the channel.
    pub channel: String,
    /// Fen, or units of goods.
    pub amount: i64,
    /// `fen`, or the unit of goods.
    pub unit: String,
    /// Code of its state.
    pub state: String,
    /// Code of the reason for which it was held; empty if it never was.
    pub held_reason: String,
    /// Beijing day.
    pub day: i64,
    /// The leaf that states it.
    pub leaf_index: i64,
    /// First of its movements.
    pub movement_first: i64,
    /// How many movements.
    pub movement_count: i64,
    /// The words under the commitment, unless erased.
    pub opened: Option<String>,
    /// The key that opens it, unless erased.
    pub key: Option<Vec<u8>>,
}

/// 〔资金行〕 A row of `fund`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FundAuditRow {
    /// Its key.
    pub id: i64,
    /// Whose it is.
    pub organisation: i64,
    /// Code of its kind.
    pub kind: String,
    /// `fen`, or the key of an item.
    pub unit: String,
    /// Its title.
    pub title: String,
    /// Code of its restriction.
    pub restriction: String,
    /// Sum of what came in.
    pub inflow: i64,
    /// Sum of what went out.
    pub outflow: i64,
    /// What approvals hold back.
    pub reserved: i64,
    /// Microseconds.
    pub opened_at: i64,
    /// The leaf that states it.
    pub leaf_index: i64,
}

/// 〔存放处行〕 A row of `place`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceAuditRow {
    /// Its key.
    pub id: i64,
    /// Whose it is.
    pub organisation: i64,
    /// Code of its account.
    pub account: String,
    /// Code of its channel, may be empty.
    pub channel: String,
    /// Its title.
    pub title: String,
    /// The leaf that states it.
    pub leaf_index: i64,
}

/// 〔付款行〕 A paid disbursement, or a delivery: the movement it names and what it says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaidRow {
    /// Its key.
    pub id: i64,
    /// The fund it was paid from.
    pub fund: i64,
    /// Fen; `None` for a delivery, which has no amount of its own.
    pub amount: Option<i64>,
    /// The movement.
    pub movement: i64,
}

fn donation_row(r: &Row<'_>) -> Result<DonationAuditRow> {
    Ok(DonationAuditRow {
        id: r.i64(0)?,
        organisation: r.i64(1)?,
        campaign: r.opt_i64(2)?,
        channel: r.text(3)?,
        amount: r.i64(4)?,
        unit: r.text(5)?,
        state: r.text(6)?,
        held_reason: r.text(7)?,
        day: r.i64(8)?,
        leaf_index: r.i64(9)?,
        movement_first: r.i64(10)?,
        movement_count: r.i64(11)?,
        opened: r.opt_text(12)?,
        key: r.opt_bytes(13)?,
    })
}

/// Donations by their keys, in no order.
///
/// # Errors
/// The engine's refusal.
pub async fn donation_rows_by_id(
    session: &mut Session,
    ids: &[i64],
) -> Result<Vec<DonationAuditRow>> {
    let sql = sql!(
        pg: "SELECT d.id, d.organisation_id, d.campaign_id, d.channel, d.amount, d.unit, d.state, d.held_reason, d.day, d.leaf_index, d.movement_first, d.movement_count, p.opened, p.key FROM donation d LEFT JOIN donation_private p ON p.donation_id = d.id WHERE d.id = ANY($1)",
        lite: "SELECT d.id, d.organisation_id, d.campaign_id, d.channel, d.amount, d.unit, d.state, d.held_reason, d.day, d.leaf_index, d.movement_first, d.movement_count, p.opened, p.key FROM donation d LEFT JOIN donation_private p ON p.donation_id = d.id WHERE d.id = $1"
    );
    session.by_keys(sql, ids, donation_row).await
}

/// Donations after a key, in order, without what opens them.
///
/// # Errors
/// The engine's refusal.
pub async fn donation_rows_after(
    session: &mut Session,
    after: i64,
    limit: i64,
) -> Result<Vec<DonationAuditRow>> {
    let sql = sql!(
        "SELECT id, organisation_id, campaign_id, channel, amount, unit, state, held_reason, day, leaf_index, movement_first, movement_count FROM donation WHERE id > $1 ORDER BY id LIMIT $2"
    );
    session
        .rows(sql, args![after, limit], |r| {
            Ok(DonationAuditRow {
                id: r.i64(0)?,
                organisation: r.i64(1)?,
                campaign: r.opt_i64(2)?,
                channel: r.text(3)?,
                amount: r.i64(4)?,
                unit: r.text(5)?,
                state: r.text(6)?,
                held_reason: r.text(7)?,
                day: r.i64(8)?,
                leaf_index: r.i64(9)?,
                movement_first: r.i64(10)?,
                movement_count: r.i64(11)?,
                opened: None,
                key: None,
            })
        })
        .await
}

/// Funds after a key, in order.
///
/// # Errors
/// The engine's refusal.
pub async fn fund_rows_after(
    session: &mut Session,
    after: i64,
    limit: i64,
) -> Result<Vec<FundAuditRow>> {
    let sql = sql!(
        "SELECT id, organisation_id, kind, unit, title, restriction, inflow, outflow, reserved, opened_at, leaf_index FROM fund WHERE id > $1 ORDER BY id LIMIT $2"
    );
    session
        .rows(sql, args![after, limit], |r| {
            Ok(FundAuditRow {
                id: r.i64(0)?,
                organisation: r.i64(1)?,
                kind: r.text(2)?,
                unit: r.text(3)?,
                title: r.text(4)?,
                restriction: r.text(5)?,
                inflow: r.i64(6)?,
                outflow: r.i64(7)?,
                reserved: r.i64(8)?,
                opened_at: r.i64(9)?,
                leaf_index: r.i64(10)?,
            })
        })
        .await
}

/// Places after a key, in order.
///
/// # Errors
/// The engine's refusal.
pub async fn place_rows_after(
    session: &mut Session,
    after: i64,
    limit: i64,
) -> Result<Vec<PlaceAuditRow>> {
    let sql = sql!(
        "SELECT id, organisation_id, account, channel, title, leaf_index FROM place WHERE id > $1 ORDER BY id LIMIT $2"
    );
    session
        .rows(sql, args![after, limit], |r| {
            Ok(PlaceAuditRow {
                id: r.i64(0)?,
                organisation: r.i64(1)?,
                account: r.text(2)?,
                channel: r.text(3)?,
                title: r.text(4)?,
                leaf_index: r.i64(5)?,
            })
        })
        .await
}

/// Organisations, campaigns and announcements after a key, in order: the key of each and the leaf that states
/// it, if one does.
///
/// # Errors
/// The engine's refusal; a table that is none of these has no rows.
pub async fn statement_rows_after(
    session: &mut Session,
    table: &str,
    after: i64,
    limit: i64,
) -> Result<Vec<(i64, Option<i64>)>> {
    let sql = match table {
        "organisation" => {
            sql!("SELECT id, leaf_index FROM organisation WHERE id > $1 ORDER BY id LIMIT $2")
        }
        "campaign" => {
            sql!("SELECT id, leaf_index FROM campaign WHERE id > $1 ORDER BY id LIMIT $2")
        }
        "announcement" => {
            sql!("SELECT id, leaf_index FROM announcement WHERE id > $1 ORDER BY id LIMIT $2")
        }
        "campaign_report" => {
            sql!("SELECT id, leaf_index FROM campaign_report WHERE id > $1 ORDER BY id LIMIT $2")
        }
        "question" => {
            sql!("SELECT id, leaf_index FROM question WHERE id > $1 ORDER BY id LIMIT $2")
        }
        _ => return Ok(Vec::new()),
    };
    session
        .rows(sql, args![after, limit], |r| Ok((r.i64(0)?, r.opt_i64(1)?)))
        .await
}

/// Paid disbursements and deliveries after a key, in order; `table` is the one or the other.
///
/// # Errors
/// The engine's refusal; a table that is neither has no rows.
pub async fn paid_rows_after(
    session: &mut Session,
    table: &str,
    after: i64,
    limit: i64,
) -> Result<Vec<PaidRow>> {
    let sql = match table {
        "disbursement" => sql!(
            "SELECT id, fund_id, movement_id, amount FROM disbursement WHERE id > $1 AND movement_id IS NOT NULL ORDER BY id LIMIT $2"
        ),
        "delivery" => sql!(
            "SELECT id, fund_id, movement_id, CAST(NULL AS BIGINT) FROM delivery WHERE id > $1 ORDER BY id LIMIT $2"
        ),
        _ => return Ok(Vec::new()),
    };
    session
        .rows(sql, args![after, limit], |r| {
            Ok(PaidRow {
                id: r.i64(0)?,
                fund: r.i64(1)?,
                movement: r.i64(2)?,
                amount: r.opt_i64(3)?,
            })
        })
        .await
}

/// 〔公开捐赠行〕 What a donation shows to everybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicDonationRow {
    /// Its key.
    pub id: i64,
    /// Who received it.
    pub organisation: i64,
    /// The campaign.
    pub campaign: Option<i64>,
    /// Code of the channel.
    pub channel: String,
    /// Fen, or units of goods.
    pub amount: i64,
    /// Fen.
    pub fee: i64,
    /// `fen`, or the unit of goods.
    pub unit: String,
    /// Code of its state.
    pub state: String,
    /// Code of the reason for which it was held; empty if it never was.
    pub held_reason: String,
    /// Beijing day.
    pub day: i64,
    /// Code of the donor's kind.
    pub donor_kind: String,
    /// The name as the donor lets it be shown.
    pub donor_public: String,
    /// The leaf that states it.
    pub leaf_index: i64,
}

/// What donations after a key show to everybody, in order.
///
/// # Errors
/// The engine's refusal.
pub async fn public_donations_after(
    session: &mut Session,
    after: i64,
    limit: i64,
) -> Result<Vec<PublicDonationRow>> {
    let sql = sql!(
        "SELECT id, organisation_id, campaign_id, channel, amount, fee, unit, state, held_reason, day, donor_kind, donor_public, leaf_index FROM donation WHERE id > $1 ORDER BY id LIMIT $2"
    );
    session
        .rows(sql, args![after, limit], |r| {
            Ok(PublicDonationRow {
                id: r.i64(0)?,
                organisation: r.i64(1)?,
                campaign: r.opt_i64(2)?,
                channel: r.text(3)?,
                amount: r.i64(4)?,
                fee: r.i64(5)?,
                unit: r.text(6)?,
                state: r.text(7)?,
                held_reason: r.text(8)?,
                day: r.i64(9)?,
                donor_kind: r.text(10)?,
                donor_public: r.text(11)?,
                leaf_index: r.i64(12)?,
            })
        })
        .await
}

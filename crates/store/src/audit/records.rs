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
    /// Fen that the channel kept.
    pub fee: i64,
    /// Microseconds of the payment.
    pub paid_at: i64,
    /// Whether the moment is known, as kept.
    pub time_known: i64,
    /// The name that pages show.
    pub donor_public: String,
    /// Fen that later movements took out again.
    pub undone: i64,
    /// What only donor and organisation may read, unless erased.
    pub private: Option<DonationWords>,
}

/// 〔非公开内容〕 What stands beside a donation under its commitment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DonationWords {
    /// The words under the commitment.
    pub opened: String,
    /// The key that opens it.
    pub key: Vec<u8>,
    /// The donor's name.
    pub name: String,
    /// The donor's message.
    pub message: String,
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
        fee: r.i64(12)?,
        paid_at: r.i64(13)?,
        time_known: r.i64(14)?,
        donor_public: r.text(15)?,
        undone: r.i64(16)?,
        private: match (r.opt_text(17)?, r.opt_bytes(18)?) {
            (Some(opened), Some(key)) => Some(DonationWords {
                opened,
                key,
                name: r.text(19)?,
                message: r.text(20)?,
            }),
            _ => None,
        },
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
        pg: "SELECT d.id, d.organisation_id, d.campaign_id, d.channel, d.amount, d.unit, d.state, d.held_reason, d.day, d.leaf_index, d.movement_first, d.movement_count, d.fee, d.paid_at, d.time_known, d.donor_public, d.undone, p.opened, p.key, p.donor_name, p.message FROM donation d LEFT JOIN donation_private p ON p.donation_id = d.id WHERE d.id = ANY($1)",
        lite: "SELECT d.id, d.organisation_id, d.campaign_id, d.channel, d.amount, d.unit, d.state, d.held_reason, d.day, d.leaf_index, d.movement_first, d.movement_count, d.fee, d.paid_at, d.time_known, d.donor_public, d.undone, p.opened, p.key, p.donor_name, p.message FROM donation d LEFT JOIN donation_private p ON p.donation_id = d.id WHERE d.id = $1"
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
        "SELECT id, organisation_id, campaign_id, channel, amount, unit, state, held_reason, day, leaf_index, movement_first, movement_count, fee, paid_at, time_known, donor_public, undone FROM donation WHERE id > $1 ORDER BY id LIMIT $2"
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
                fee: r.i64(12)?,
                paid_at: r.i64(13)?,
                time_known: r.i64(14)?,
                donor_public: r.text(15)?,
                undone: r.i64(16)?,
                private: None,
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

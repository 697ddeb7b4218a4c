//! Orders to pay and deliveries, as kept, with their evidence and steps.

use super::kept::Kept;
use db::{Result, Row, Session, args, sql};

/// 〔事项行〕 A disbursement or a delivery: who owns it, what it moved, and its columns by the leaf's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatterRow {
    /// Its key.
    pub id: i64,
    /// Whose it is.
    pub organisation: i64,
    /// The fund it takes from.
    pub fund: i64,
    /// The campaign.
    pub campaign: Option<i64>,
    /// The movement; an order that is not paid has none.
    pub movement: Option<i64>,
    /// The fund it reaches; only of advances.
    pub to_fund: Option<i64>,
    /// The order behind a delivery.
    pub order: Option<i64>,
    /// Fen; a delivery has no amount of its own.
    pub amount: Option<i64>,
    /// Code of its state; a delivery has none.
    pub state: String,
    /// Who asked, checked, approved, paid.
    pub people: [Option<i64>; 4],
    /// Columns by the leaf's own word for them.
    pub words: Vec<(&'static str, Kept)>,
}

/// 〔办理步骤行〕 A step of a matter: which, and who took it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepRow {
    /// The matter.
    pub matter: i64,
    /// Code of the step.
    pub step: String,
    /// Who took it.
    pub user: Option<i64>,
}

fn disbursement(r: &Row<'_>) -> Result<MatterRow> {
    Ok(MatterRow {
        id: r.i64(0)?,
        organisation: r.i64(1)?,
        fund: r.i64(2)?,
        campaign: r.opt_i64(3)?,
        movement: r.opt_i64(4)?,
        to_fund: r.opt_i64(5)?,
        order: None,
        amount: Some(r.i64(6)?),
        state: r.text(7)?,
        people: [r.opt_i64(8)?, r.opt_i64(9)?, r.opt_i64(10)?, r.opt_i64(11)?],
        words: vec![
            ("class", Kept::Text(r.text(12)?)),
            ("payee_kind", Kept::Text(r.text(13)?)),
            ("payee", Kept::Text(r.text(14)?)),
            ("purpose", Kept::Text(r.text(15)?)),
            ("assumption", Kept::Text(r.text(16)?)),
            ("time", Kept::Moment(r.i64(17)?)),
        ],
    })
}

fn delivery(r: &Row<'_>) -> Result<MatterRow> {
    Ok(MatterRow {
        id: r.i64(0)?,
        organisation: r.i64(1)?,
        fund: r.i64(2)?,
        campaign: r.opt_i64(3)?,
        movement: Some(r.i64(4)?),
        to_fund: None,
        order: r.opt_i64(5)?,
        amount: None,
        state: String::new(),
        people: [None; 4],
        words: vec![
            ("payee_kind", Kept::Text(r.text(6)?)),
            ("payee", Kept::Text(r.text(7)?)),
            ("scheme", Kept::Text(r.text(8)?)),
            ("region", r.opt_text(9)?.into()),
            ("persons", Kept::Int(r.i64(10)?)),
            ("scheme_day", Kept::Day(r.i64(11)?)),
            ("time", Kept::Moment(r.i64(12)?)),
        ],
    })
}

/// An order to pay.
///
/// # Errors
/// The engine's refusal.
pub async fn disbursement_row(session: &mut Session, id: i64) -> Result<Option<MatterRow>> {
    let sql = sql!(
        "SELECT id, organisation_id, fund_id, campaign_id, movement_id, to_fund, amount, state, maker, checker, approver, payer, class, payee_kind, payee, purpose, assumption, changed_at FROM disbursement WHERE id = $1"
    );
    session.opt(sql, args![id], disbursement).await
}

/// Orders to pay after a key, in order.
///
/// # Errors
/// The engine's refusal.
pub async fn disbursement_rows_after(
    session: &mut Session,
    after: i64,
    limit: i64,
) -> Result<Vec<MatterRow>> {
    let sql = sql!(
        "SELECT id, organisation_id, fund_id, campaign_id, movement_id, to_fund, amount, state, maker, checker, approver, payer, class, payee_kind, payee, purpose, assumption, changed_at FROM disbursement WHERE id > $1 ORDER BY id LIMIT $2"
    );
    session.rows(sql, args![after, limit], disbursement).await
}

/// The deliveries that these movements are, in no order.
///
/// # Errors
/// The engine's refusal.
pub async fn delivery_rows_by_movement(
    session: &mut Session,
    movements: &[i64],
) -> Result<Vec<MatterRow>> {
    let sql = sql!(
        pg: "SELECT id, organisation_id, fund_id, campaign_id, movement_id, disbursement_id, payee_kind, payee, scheme, region, persons, reached_on, recorded_at FROM delivery WHERE movement_id = ANY($1)",
        lite: "SELECT id, organisation_id, fund_id, campaign_id, movement_id, disbursement_id, payee_kind, payee, scheme, region, persons, reached_on, recorded_at FROM delivery WHERE movement_id = $1"
    );
    session.by_keys(sql, movements, delivery).await
}

/// Deliveries after a key, in order.
///
/// # Errors
/// The engine's refusal.
pub async fn delivery_rows_after(
    session: &mut Session,
    after: i64,
    limit: i64,
) -> Result<Vec<MatterRow>> {
    let sql = sql!(
        "SELECT id, organisation_id, fund_id, campaign_id, movement_id, disbursement_id, payee_kind, payee, scheme, region, persons, reached_on, recorded_at FROM delivery WHERE id > $1 ORDER BY id LIMIT $2"
    );
    session.rows(sql, args![after, limit], delivery).await
}

/// Digests of the evidence of these deliveries: (delivery, digest), in no order.
///
/// # Errors
/// The engine's refusal.
pub async fn evidence_of_deliveries(
    session: &mut Session,
    deliveries: &[i64],
) -> Result<Vec<(i64, Vec<u8>)>> {
    let sql = sql!(
        pg: "SELECT subject_id, sha256 FROM evidence WHERE subject_kind = 'delivery' AND subject_id = ANY($1)",
        lite: "SELECT subject_id, sha256 FROM evidence WHERE subject_kind = 'delivery' AND subject_id = $1"
    );
    session
        .by_keys(sql, deliveries, |r| Ok((r.i64(0)?, r.bytes(1)?)))
        .await
}

/// Steps of these matters, in no order.
///
/// # Errors
/// The engine's refusal.
pub async fn steps_of_matters(session: &mut Session, matters: &[i64]) -> Result<Vec<StepRow>> {
    let sql = sql!(
        pg: "SELECT matter_id, step, user_id FROM matter_step WHERE matter_id = ANY($1)",
        lite: "SELECT matter_id, step, user_id FROM matter_step WHERE matter_id = $1"
    );
    session
        .by_keys(sql, matters, |r| {
            Ok(StepRow {
                matter: r.i64(0)?,
                step: r.text(1)?,
                user: r.opt_i64(2)?,
            })
        })
        .await
}

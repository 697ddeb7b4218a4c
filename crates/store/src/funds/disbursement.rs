//! Orders to pay and the steps they went through.

use crate::batch::rows::disbursement_of_row;
use crate::limits::PAGE_MAX;
use db::{Result, Row, Session, args, sql};
use domain::funds::Disbursement;
use kernel::{Id, Timestamp};
use leaf::ids;

/// 〔拨付〕 An order to pay with everything its page says.
#[derive(Debug, Clone)]
pub struct DisbursementRecord {
    /// What decisions know.
    pub order: Disbursement,
    /// Who paid.
    pub payer: Option<Id<ids::User>>,
    /// The partner that receives an advance.
    pub partner: Option<Id<ids::Organisation>>,
    /// The movement that paid it.
    pub movement: Option<Id<ids::Movement>>,
    /// When it was asked for.
    pub requested_at: Timestamp,
    /// When it last took a step.
    pub changed_at: Timestamp,
    /// Why it was sent back.
    pub reason: String,
    /// Number of the bank's slip, empty where none was given.
    pub voucher: String,
}

fn record_of_row(r: &Row<'_>) -> Result<DisbursementRecord> {
    Ok(DisbursementRecord {
        order: disbursement_of_row(r)?,
        payer: r.opt_i64(14)?.map(Id::from_raw),
        partner: r.opt_i64(15)?.map(Id::from_raw),
        movement: r.opt_i64(16)?.map(Id::from_raw),
        requested_at: Timestamp::from_micros(r.i64(17)?),
        changed_at: Timestamp::from_micros(r.i64(18)?),
        reason: r.text(19)?,
        voucher: r.text(20)?,
    })
}

/// An order to pay as decisions know it.
///
/// # Errors
/// The engine's refusal.
pub async fn disbursement_by_id(
    session: &mut Session,
    id: Id<ids::Disbursement>,
) -> Result<Option<Disbursement>> {
    Ok(disbursement_record(session, id)
        .await?
        .map(|record| record.order))
}

/// What the page of an order to pay says.
///
/// # Errors
/// The engine's refusal.
pub async fn disbursement_record(
    session: &mut Session,
    id: Id<ids::Disbursement>,
) -> Result<Option<DisbursementRecord>> {
    let sql = sql!(
        "SELECT id, organisation_id, fund_id, campaign_id, class, payee_kind, payee, amount, purpose, assumption, state, maker, checker, approver, payer, partner_id, movement_id, requested_at, changed_at, reason, voucher FROM disbursement WHERE id = $1"
    );
    session.opt(sql, args![id.raw()], record_of_row).await
}

/// Some orders to pay, in no order.
///
/// # Errors
/// The engine's refusal.
pub async fn disbursements_by_ids(
    session: &mut Session,
    keys: &[i64],
) -> Result<Vec<DisbursementRecord>> {
    let sql = sql!(
        pg: "SELECT id, organisation_id, fund_id, campaign_id, class, payee_kind, payee, amount, purpose, assumption, state, maker, checker, approver, payer, partner_id, movement_id, requested_at, changed_at, reason, voucher FROM disbursement WHERE id = ANY($1)",
        lite: "SELECT id, organisation_id, fund_id, campaign_id, class, payee_kind, payee, amount, purpose, assumption, state, maker, checker, approver, payer, partner_id, movement_id, requested_at, changed_at, reason, voucher FROM disbursement WHERE id = $1"
    );
    session.by_keys(sql, keys, record_of_row).await
}

/// The orders of a campaign that were paid, newest first.
///
/// # Errors
/// The engine's refusal.
pub async fn disbursements_of_campaign(
    session: &mut Session,
    campaign: Id<ids::Campaign>,
    limit: i64,
) -> Result<Vec<DisbursementRecord>> {
    let sql = sql!(
        "SELECT id, organisation_id, fund_id, campaign_id, class, payee_kind, payee, amount, purpose, assumption, state, maker, checker, approver, payer, partner_id, movement_id, requested_at, changed_at, reason, voucher FROM disbursement WHERE campaign_id = $1 AND state = 'paid' ORDER BY id DESC LIMIT $2"
    );
    session
        .rows(sql, args![campaign.raw(), limit], record_of_row)
        .await
}

/// All orders of an organisation, newest first.
///
/// # Errors
/// The engine's refusal.
pub async fn disbursements_of_organisation(
    session: &mut Session,
    organisation: Id<ids::Organisation>,
    limit: i64,
) -> Result<Vec<DisbursementRecord>> {
    let sql = sql!(
        "SELECT id, organisation_id, fund_id, campaign_id, class, payee_kind, payee, amount, purpose, assumption, state, maker, checker, approver, payer, partner_id, movement_id, requested_at, changed_at, reason, voucher FROM disbursement WHERE organisation_id = $1 ORDER BY id DESC LIMIT $2"
    );
    session
        .rows(sql, args![organisation.raw(), limit], record_of_row)
        .await
}

/// The orders of an organisation that wait for somebody, oldest first.
///
/// # Errors
/// The engine's refusal.
pub async fn disbursements_open(
    session: &mut Session,
    organisation: Id<ids::Organisation>,
) -> Result<Vec<DisbursementRecord>> {
    let sql = sql!(
        "SELECT id, organisation_id, fund_id, campaign_id, class, payee_kind, payee, amount, purpose, assumption, state, maker, checker, approver, payer, partner_id, movement_id, requested_at, changed_at, reason, voucher FROM disbursement WHERE organisation_id = $1 AND state = $2 ORDER BY id LIMIT $3"
    );
    let mut open = Vec::new();
    for state in ["requested", "checked", "approved"] {
        let args = args![organisation.raw(), state, PAGE_MAX];
        open.extend(session.rows(sql, args, record_of_row).await?);
    }
    open.sort_by_key(|record| record.order.id.raw());
    Ok(open)
}

/// 〔办理步骤〕 A step of a matter.
#[derive(Debug, Clone)]
pub struct StepRecord {
    /// Code of the step.
    pub step: String,
    /// Who.
    pub user: Option<Id<ids::User>>,
    /// When.
    pub at: Timestamp,
    /// Reason or note.
    pub reason: String,
}

/// The steps of a matter, oldest first.
///
/// # Errors
/// The engine's refusal.
pub async fn matter_steps(session: &mut Session, matter: i64) -> Result<Vec<StepRecord>> {
    let sql = sql!(
        "SELECT step, user_id, at, reason FROM matter_step WHERE matter_id = $1 ORDER BY id LIMIT $2"
    );
    session
        .rows(sql, args![matter, PAGE_MAX], |r| {
            Ok(StepRecord {
                step: r.text(0)?,
                user: r.opt_i64(1)?.map(Id::from_raw),
                at: Timestamp::from_micros(r.i64(2)?),
                reason: r.text(3)?,
            })
        })
        .await
}

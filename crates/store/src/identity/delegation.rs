//! Delegations as they are kept.

use crate::batch::rows::{day, known};
use crate::limits::PAGE_MAX;
use db::{Result, Row, Session, args, sql};
use domain::identity::Role;
use domain::identity::delegation::{Delegation, Duty, RUNNING_MAX};
use kernel::{Day, Id, RegionCode, Timestamp};
use leaf::ids;

/// 〔委托〕 A delegation as kept.
#[derive(Debug, Clone)]
pub struct DelegationRecord {
    /// Its key.
    pub id: i64,
    /// What was handed to whom, and when.
    pub delegation: Delegation,
    /// Why.
    pub reason: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was ended before its last day.
    pub ended_at: Option<Timestamp>,
}

fn delegation_row(r: &Row<'_>) -> Result<DelegationRecord> {
    let region = match r.opt_str(5)? {
        None => None,
        Some(code) => Some(known(RegionCode::parse(code).ok(), "delegation.region")?),
    };
    Ok(DelegationRecord {
        id: r.i64(0)?,
        delegation: Delegation {
            represented: Id::from_raw(r.i64(1)?),
            delegate: Id::from_raw(r.i64(2)?),
            duty: Duty {
                role: known(Role::parse(r.str(3)?), "delegation.role")?,
                organisation: r.opt_i64(4)?.map(Id::from_raw),
                region,
            },
            first: day(r.i64(6)?)?,
            last: day(r.i64(7)?)?,
        },
        reason: r.text(8)?,
        created_at: Timestamp::from_micros(r.i64(9)?),
        ended_at: r.opt_i64(10)?.map(Timestamp::from_micros),
    })
}

/// What a user gave that is not over on this day, oldest first.
///
/// # Errors
/// The engine's refusal.
pub async fn delegations_running(
    session: &mut Session,
    user: Id<ids::User>,
    today: Day,
) -> Result<Vec<DelegationRecord>> {
    let sql = sql!(
        "SELECT id, from_user, to_user, role, organisation_id, region, first_day, last_day, reason, created_at, ended_at FROM delegation WHERE from_user = $1 AND last_day >= $2 AND ended_at IS NULL ORDER BY id LIMIT $3"
    );
    let arguments = args![user.raw(), i64::from(today.number()), RUNNING_MAX];
    session.rows(sql, arguments, delegation_row).await
}

/// What a user was given that holds on this day, oldest first, at most [`PAGE_MAX`].
///
/// # Errors
/// The engine's refusal.
pub async fn delegations_held(
    session: &mut Session,
    user: Id<ids::User>,
    today: Day,
) -> Result<Vec<DelegationRecord>> {
    let sql = sql!(
        "SELECT id, from_user, to_user, role, organisation_id, region, first_day, last_day, reason, created_at, ended_at FROM delegation WHERE to_user = $1 AND first_day <= $2 AND last_day >= $2 AND ended_at IS NULL ORDER BY id LIMIT $3"
    );
    let arguments = args![user.raw(), i64::from(today.number()), PAGE_MAX];
    session.rows(sql, arguments, delegation_row).await
}

/// What a user gave, newest first, at most [`PAGE_MAX`].
///
/// # Errors
/// The engine's refusal.
pub async fn delegations_given(
    session: &mut Session,
    user: Id<ids::User>,
) -> Result<Vec<DelegationRecord>> {
    let sql = sql!(
        "SELECT id, from_user, to_user, role, organisation_id, region, first_day, last_day, reason, created_at, ended_at FROM delegation WHERE from_user = $1 ORDER BY id DESC LIMIT $2"
    );
    session
        .rows(sql, args![user.raw(), PAGE_MAX], delegation_row)
        .await
}

/// What a user was given, newest first, at most [`PAGE_MAX`].
///
/// # Errors
/// The engine's refusal.
pub async fn delegations_received(
    session: &mut Session,
    user: Id<ids::User>,
) -> Result<Vec<DelegationRecord>> {
    let sql = sql!(
        "SELECT id, from_user, to_user, role, organisation_id, region, first_day, last_day, reason, created_at, ended_at FROM delegation WHERE to_user = $1 ORDER BY id DESC LIMIT $2"
    );
    session
        .rows(sql, args![user.raw(), PAGE_MAX], delegation_row)
        .await
}

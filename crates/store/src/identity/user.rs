//! Accounts of the desk and what was granted to them.

use crate::batch::rows::{day, known};
use crate::limits::PAGE_MAX;
use db::{Result, Row, Session, args, sql};
use domain::identity::{Grant, Role};
use kernel::{Id, RegionCode};
use leaf::ids;
use std::collections::BTreeMap;

/// 〔账号〕 A user as kept.
#[derive(Debug, Clone)]
pub struct UserRecord {
    /// Its key.
    pub id: Id<ids::User>,
    /// What is typed at sign-in.
    pub login: String,
    /// The name on pages of the desk.
    pub name: String,
    /// PHC string of the password.
    pub password_hash: String,
    /// False once the account was ended.
    pub active: bool,
}

fn user_of_row(r: &Row<'_>) -> Result<UserRecord> {
    Ok(UserRecord {
        id: Id::from_raw(r.i64(0)?),
        login: r.text(1)?,
        name: r.text(2)?,
        password_hash: r.text(3)?,
        active: r.str(4)? == "active",
    })
}

/// The account of a login.
///
/// # Errors
/// The engine's refusal.
pub async fn user_by_login(session: &mut Session, login: &str) -> Result<Option<UserRecord>> {
    let sql = sql!(
        "SELECT id, login, display_name, password_hash, state FROM user_account WHERE login = $1"
    );
    session.opt(sql, args![login], user_of_row).await
}

/// The PHC string of a login's password, if the account is active.
///
/// # Errors
/// The engine's refusal.
pub async fn password_hash(session: &mut Session, login: &str) -> Result<Option<String>> {
    let user = user_by_login(session, login)
        .await?
        .filter(|user| user.active);
    Ok(user.map(|user| user.password_hash))
}

/// An account by its key.
///
/// # Errors
/// The engine's refusal.
pub async fn user_by_id(session: &mut Session, id: Id<ids::User>) -> Result<Option<UserRecord>> {
    let sql = sql!(
        "SELECT id, login, display_name, password_hash, state FROM user_account WHERE id = $1"
    );
    session.opt(sql, args![id.raw()], user_of_row).await
}

/// Accounts by login after `after`, at most [`PAGE_MAX`].
///
/// # Errors
/// The engine's refusal.
pub async fn users(session: &mut Session, after: &str) -> Result<Vec<UserRecord>> {
    let sql = sql!(
        "SELECT id, login, display_name, password_hash, state FROM user_account WHERE login > $1 ORDER BY login LIMIT $2"
    );
    session.rows(sql, args![after, PAGE_MAX], user_of_row).await
}

/// The names of some users.
///
/// # Errors
/// The engine's refusal.
pub async fn user_names(session: &mut Session, users: &[i64]) -> Result<BTreeMap<i64, String>> {
    let sql = sql!(
        pg: "SELECT id, display_name FROM user_account WHERE id = ANY($1)",
        lite: "SELECT id, display_name FROM user_account WHERE id = $1"
    );
    let rows = session
        .by_keys(sql, users, |r| Ok((r.i64(0)?, r.text(1)?)))
        .await?;
    Ok(rows.into_iter().collect())
}

fn grant_of_row(r: &Row<'_>) -> Result<(i64, Grant)> {
    let region = match r.opt_str(3)? {
        None => None,
        Some(code) => Some(known(RegionCode::parse(code).ok(), "role_grant.region")?),
    };
    let grant = Grant {
        role: known(Role::parse(r.str(1)?), "role_grant.role")?,
        organisation: r.opt_i64(2)?.map(Id::from_raw),
        region,
        from: day(r.i64(4)?)?,
        to: r.opt_i64(5)?.map(day).transpose()?,
    };
    Ok((r.i64(0)?, grant))
}

/// All grants of a user, also those that have not begun or are over, oldest first.
///
/// # Errors
/// The engine's refusal.
pub async fn grants_of_user(session: &mut Session, user: Id<ids::User>) -> Result<Vec<Grant>> {
    let sql = sql!(
        "SELECT user_id, role, organisation_id, region, from_day, to_day FROM role_grant WHERE user_id = $1 ORDER BY id LIMIT $2"
    );
    let rows = session
        .rows(sql, args![user.raw(), PAGE_MAX], grant_of_row)
        .await?;
    Ok(rows.into_iter().map(|(_, grant)| grant).collect())
}

/// Accounts by login after `after` with their grants, at most [`PAGE_MAX`].
///
/// # Errors
/// The engine's refusal.
pub async fn users_with_grants(
    session: &mut Session,
    after: &str,
) -> Result<Vec<(UserRecord, Vec<Grant>)>> {
    let users = users(session, after).await?;
    let keys: Vec<i64> = users.iter().map(|user| user.id.raw()).collect();
    let sql = sql!(
        pg: "SELECT user_id, role, organisation_id, region, from_day, to_day FROM role_grant WHERE user_id = ANY($1)",
        lite: "SELECT user_id, role, organisation_id, region, from_day, to_day FROM role_grant WHERE user_id = $1"
    );
    let mut grants: BTreeMap<i64, Vec<Grant>> = BTreeMap::new();
    for (user, grant) in session.by_keys(sql, &keys, grant_of_row).await? {
        grants.entry(user).or_default().push(grant);
    }
    let mut found = Vec::with_capacity(users.len());
    for user in users {
        let mut own = grants.remove(&user.id.raw()).unwrap_or_default();
        own.sort_by_key(|g| (g.role, g.organisation.map(Id::raw), g.from));
        found.push((user, own));
    }
    Ok(found)
}

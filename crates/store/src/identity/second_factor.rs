//! Second factors as they are kept.

use super::passkey::passkey_standing;
use db::{Result, Session, args, sql};
use domain::identity::second_factor::Tally;
use kernel::{Id, Timestamp};
use leaf::ids;

/// 〔第二验证方式〕 An authenticator of a user.
#[derive(Debug, Clone)]
pub struct FactorRecord {
    /// The sealed secret.
    pub sealed: Vec<u8>,
    /// When its secret was drawn.
    pub begun_at: Timestamp,
    /// Since when it is asked for; absent while it was not shown to work.
    pub on_since: Option<Timestamp>,
    /// What was tried with it.
    pub tally: Tally,
}

impl FactorRecord {
    /// True while a secret that was drawn may still be switched on: not for the next one who finds the desk open.
    #[must_use]
    pub fn may_begin(&self, now: Timestamp) -> bool {
        now.micros().saturating_sub(self.begun_at.micros()) < BEGUN_MICROS
    }
}

/// A secret that was drawn is shown for so long: 15 minutes.
const BEGUN_MICROS: i64 = 15 * 60 * 1_000_000;

/// The authenticator of a user.
///
/// # Errors
/// The engine's refusal.
pub async fn second_factor(
    session: &mut Session,
    user: Id<ids::User>,
) -> Result<Option<FactorRecord>> {
    let sql = sql!(
        "SELECT secret, on_since, last_step, tries, tried_at, begun_at FROM second_factor WHERE user_id = $1"
    );
    session
        .opt(sql, args![user.raw()], |r| {
            Ok(FactorRecord {
                sealed: r.bytes(0)?,
                begun_at: Timestamp::from_micros(r.i64(5)?),
                on_since: r.opt_i64(1)?.map(Timestamp::from_micros),
                tally: Tally {
                    last_step: r.i64(2)?,
                    // A number that does not fit was not written by us; it pauses.
                    tries: u32::try_from(r.i64(3)?).unwrap_or(u32::MAX),
                    tried_at: Timestamp::from_micros(r.i64(4)?),
                },
            })
        })
        .await
}

/// True if a user has switched an authenticator on or has a passkey: then a password alone opens nothing. A passkey that
/// is doubted counts here too, so that a copy of it cannot bring the password back alone.
///
/// # Errors
/// The engine's refusal.
pub async fn has_factor(session: &mut Session, user: Id<ids::User>) -> Result<bool> {
    let factor = second_factor(session, user).await?;
    if factor.is_some_and(|factor| factor.on_since.is_some()) {
        return Ok(true);
    }
    Ok(passkey_standing(session, user).await?.kept > 0)
}

/// Logins that are listed at once.
const LOGINS_AT_ONCE: i64 = 1_000;

/// The logins of everybody who has switched a second factor on, in the order in which the users were made.
///
/// # Errors
/// The engine's refusal.
pub async fn factor_logins(session: &mut Session) -> Result<Vec<String>> {
    let sql = sql!(
        "SELECT f.user_id, u.login FROM second_factor f JOIN user_account u ON u.id = f.user_id WHERE f.user_id > $1 AND f.on_since IS NOT NULL ORDER BY f.user_id LIMIT $2"
    );
    let (mut logins, mut after) = (Vec::new(), i64::MIN);
    loop {
        let page = session
            .rows(sql, args![after, LOGINS_AT_ONCE], |r| {
                Ok((r.i64(0)?, r.text(1)?))
            })
            .await?;
        let Some(last) = page.last() else {
            return Ok(logins);
        };
        after = last.0;
        logins.extend(page.into_iter().map(|row| row.1));
    }
}

/// How many recovery codes of a user are good still.
///
/// # Errors
/// The engine's refusal.
pub async fn recovery_left(session: &mut Session, user: Id<ids::User>) -> Result<i64> {
    let sql = sql!("SELECT count(*) FROM recovery_code WHERE user_id = $1 AND used_at IS NULL");
    let found = session.opt(sql, args![user.raw()], |r| r.i64(0)).await?;
    Ok(found.unwrap_or(0))
}

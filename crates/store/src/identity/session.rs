//! Sessions: who is behind a token now. Tokens themselves are kept nowhere, only their SHA-256.

use super::user::{grants_of_user, user_by_id};
use db::{Result, Session, args, sql};
use domain::identity::Actor;
use kernel::{Id, Timestamp};
use leaf::ids;

/// 〔会话〕 A session as kept.
#[derive(Debug, Clone)]
pub struct SessionRecord {
    /// Whose.
    pub user: Id<ids::User>,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used.
    pub seen_at: Timestamp,
    /// When it ends by itself.
    pub expires_at: Timestamp,
    /// When it was ended, if it was.
    pub ended_at: Option<Timestamp>,
}

impl SessionRecord {
    /// True if somebody may act with it at this moment.
    #[must_use]
    pub fn holds_at(&self, now: Timestamp) -> bool {
        self.ended_at.is_none() && now < self.expires_at
    }
}

/// The session of a token's SHA-256.
///
/// # Errors
/// The engine's refusal.
pub async fn session_by_token(
    session: &mut Session,
    token_hash: &[u8; 32],
) -> Result<Option<SessionRecord>> {
    let sql = sql!(
        "SELECT user_id, created_at, seen_at, expires_at, ended_at FROM session WHERE token_hash = $1"
    );
    session
        .opt(sql, args![&token_hash[..]], |r| {
            Ok(SessionRecord {
                user: Id::from_raw(r.i64(0)?),
                created_at: Timestamp::from_micros(r.i64(1)?),
                seen_at: Timestamp::from_micros(r.i64(2)?),
                expires_at: Timestamp::from_micros(r.i64(3)?),
                ended_at: r.opt_i64(4)?.map(Timestamp::from_micros),
            })
        })
        .await
}

/// Who acts with this token now, with the grants that hold today; nobody if the session or the account is
/// over.
///
/// # Errors
/// The engine's refusal.
pub async fn session_actor(
    session: &mut Session,
    token_hash: &[u8; 32],
    now: Timestamp,
) -> Result<Option<Actor>> {
    let Some(found) = session_by_token(session, token_hash).await? else {
        return Ok(None);
    };
    if !found.holds_at(now) {
        return Ok(None);
    }
    let Some(user) = user_by_id(session, found.user)
        .await?
        .filter(|user| user.active)
    else {
        return Ok(None);
    };
    let grants = grants_of_user(session, user.id).await?;
    Ok(Some(Actor::user(user.id, &user.name, grants, now.day())))
}

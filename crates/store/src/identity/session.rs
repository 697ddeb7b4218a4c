//! Sessions: who is behind a token now. Tokens themselves are kept nowhere, only their SHA-256.

use super::second_factor::has_factor;
use super::user::{grants_of_user, user_by_id};
use crate::limits::PAGE_MAX;
use db::{Result, Session, args, sql};
use domain::identity::{Actor, Proof};
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
    /// Until when a code that was given counts, if one was.
    pub strong_until: Option<Timestamp>,
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
        "SELECT user_id, created_at, seen_at, expires_at, ended_at, strong_until FROM session WHERE token_hash = $1"
    );
    session
        .opt(sql, args![&token_hash[..]], |r| {
            Ok(SessionRecord {
                user: Id::from_raw(r.i64(0)?),
                created_at: Timestamp::from_micros(r.i64(1)?),
                seen_at: Timestamp::from_micros(r.i64(2)?),
                expires_at: Timestamp::from_micros(r.i64(3)?),
                ended_at: r.opt_i64(4)?.map(Timestamp::from_micros),
                strong_until: r.opt_i64(5)?.map(Timestamp::from_micros),
            })
        })
        .await
}

/// Who acts with this token now, with the grants that hold today and how the session proved whose it is, and when it
/// was last seen; nobody if the session or the account is over.
///
/// # Errors
/// The engine's refusal.
pub async fn session_actor(
    session: &mut Session,
    token_hash: &[u8; 32],
    now: Timestamp,
) -> Result<Option<(Actor, Timestamp)>> {
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
    let proof = Proof {
        has_factor: has_factor(session, user.id).await?,
        strong_until: found.strong_until,
    };
    let actor = Actor::user(user.id, &user.name, grants, now.day()).proved(proof);
    Ok(Some((actor, found.seen_at)))
}

/// 〔登录设备〕 A session as its owner sees it.
#[derive(Debug, Clone)]
pub struct DeviceRecord {
    /// SHA-256 of its token.
    pub token_hash: [u8; 32],
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used.
    pub seen_at: Timestamp,
    /// The browser as it calls itself.
    pub device: String,
    /// The network that was signed in from, may be empty.
    pub network: String,
}

/// The sessions of a user that still hold, newest first, at most [`PAGE_MAX`].
///
/// # Errors
/// The engine's refusal.
pub async fn devices_of_user(
    session: &mut Session,
    user: Id<ids::User>,
    now: Timestamp,
) -> Result<Vec<DeviceRecord>> {
    let sql = sql!(
        "SELECT token_hash, created_at, seen_at, device, network FROM session WHERE user_id = $1 AND ended_at IS NULL AND expires_at > $2 ORDER BY created_at DESC, token_hash LIMIT $3"
    );
    let arguments = args![user.raw(), now.micros(), PAGE_MAX];
    session
        .rows(sql, arguments, |r| {
            Ok(DeviceRecord {
                token_hash: r.array(0)?,
                created_at: Timestamp::from_micros(r.i64(1)?),
                seen_at: Timestamp::from_micros(r.i64(2)?),
                device: r.text(3)?,
                network: r.text(4)?,
            })
        })
        .await
}

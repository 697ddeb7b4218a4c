//! Users, roles and sessions.

use super::Batch;
use db::{Result, args, sql};
use domain::identity::{Grant, Role};
use kernel::{Day, Id, RegionCode, Timestamp};
use leaf::ids;

/// A session lives at most this long, in microseconds: 12 hours.
pub const SESSION_MICROS: i64 = 12 * 3_600 * 1_000_000;

/// A session to keep.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// SHA-256 of the token.
    pub token_hash: [u8; 32],
    /// Whose.
    pub user: Id<ids::User>,
    /// The browser as it calls itself.
    pub device: String,
    /// The network that was signed in from, may be empty.
    pub network: String,
    /// Until when the code that was given counts, if one was.
    pub strong_until: Option<Timestamp>,
}

impl Batch {
    /// The user with this login.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn user_by_login(&mut self, login: &str) -> Result<Option<Id<ids::User>>> {
        let sql = sql!("SELECT id FROM user_account WHERE login = $1 AND state = 'active'");
        self.sql()
            .await?
            .opt(sql, args![login], |r| r.i64(0).map(Id::from_raw))
            .await
    }

    /// The login of a user.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn login_of(&mut self, user: Id<ids::User>) -> Result<Option<String>> {
        let found = crate::identity::user_by_id(self.sql().await?, user).await?;
        Ok(found.map(|user| user.login))
    }

    /// Keeps a new user.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn user_insert(
        &mut self,
        login: &str,
        name: &str,
        password_hash: &str,
        now: Timestamp,
    ) -> Result<Id<ids::User>> {
        let id: Id<ids::User> = self.mint(now);
        let insert = sql!(
            "INSERT INTO user_account (id, login, display_name, password_hash, state, created_at) VALUES ($1, $2, $3, $4, 'active', $5)"
        );
        let arguments = args![id.raw(), login, name, password_hash, now.micros()];
        self.change().await?.exec(insert, arguments).await?;
        Ok(id)
    }

    /// Keeps a grant.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn grant_insert(
        &mut self,
        user: Id<ids::User>,
        grant: &Grant,
        now: Timestamp,
    ) -> Result<()> {
        let id: Id<ids::User> = self.mint(now);
        let insert = sql!(
            "INSERT INTO role_grant (id, user_id, role, organisation_id, region, from_day, to_day) VALUES ($1, $2, $3, $4, $5, $6, $7)"
        );
        let region = grant.region.as_ref().map(|r| r.as_str().to_string());
        let arguments = args![
            id.raw(),
            user.raw(),
            grant.role.code(),
            grant.organisation.map(Id::raw),
            region.as_deref(),
            i64::from(grant.from.number()),
            grant.to.map(|day| i64::from(day.number()))
        ];
        self.change()
            .await?
            .exec(insert, arguments)
            .await
            .map(|_| ())
    }

    /// Keeps a session.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn session_insert(&mut self, new: &NewSession, now: Timestamp) -> Result<()> {
        let insert = sql!(
            "INSERT INTO session (token_hash, user_id, created_at, seen_at, expires_at, device, strong_until, network) VALUES ($1, $2, $3, $3, $4, $5, $6, $7)"
        );
        let ends = now.micros() + SESSION_MICROS;
        let arguments = args![
            new.token_hash,
            new.user.raw(),
            now.micros(),
            ends,
            &new.device,
            new.strong_until.map(Timestamp::micros),
            &new.network
        ];
        self.change()
            .await?
            .exec(insert, arguments)
            .await
            .map(|_| ())
    }

    /// Ends all sessions of a user.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn sessions_end(&mut self, user: Id<ids::User>, now: Timestamp) -> Result<()> {
        let update =
            sql!("UPDATE session SET ended_at = $2 WHERE user_id = $1 AND ended_at IS NULL");
        self.change()
            .await?
            .exec(update, args![user.raw(), now.micros()])
            .await
            .map(|_| ())
    }

    /// Ends a session.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn session_end(&mut self, token_hash: [u8; 32], now: Timestamp) -> Result<()> {
        let update =
            sql!("UPDATE session SET ended_at = $2 WHERE token_hash = $1 AND ended_at IS NULL");
        self.change()
            .await?
            .exec(update, args![token_hash, now.micros()])
            .await
            .map(|_| ())
    }
}

/// A grant of stored codes; absent if this program does not know them.
pub fn grant_of(
    role: &str,
    organisation: Option<i64>,
    region: Option<&str>,
    days: (Day, Option<Day>),
) -> Option<Grant> {
    Some(Grant {
        role: Role::parse(role)?,
        organisation: organisation.map(Id::from_raw),
        region: match region {
            Some(code) => Some(RegionCode::parse(code).ok()?),
            None => None,
        },
        from: days.0,
        to: days.1,
    })
}

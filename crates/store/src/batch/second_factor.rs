//! Second factors: kept, counted, switched on and off; sessions seen and ended by their owner.

use super::Batch;
use crate::identity::{FactorRecord, has_factor, second_factor};
use db::{Result, args, sql};
use domain::identity::second_factor::Tally;
use kernel::{Id, Timestamp};
use leaf::ids;

impl Batch {
    /// The authenticator of a user.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn second_factor(&mut self, user: Id<ids::User>) -> Result<Option<FactorRecord>> {
        second_factor(self.sql().await?, user).await
    }

    /// Whether a password alone opens nothing for this user.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn has_factor(&mut self, user: Id<ids::User>) -> Result<bool> {
        has_factor(self.sql().await?, user).await
    }

    /// Keeps a new sealed secret in the place of one that was never switched on.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn second_factor_begin(
        &mut self,
        user: Id<ids::User>,
        sealed: Vec<u8>,
        now: Timestamp,
    ) -> Result<()> {
        // Wrong codes are counted on: a new secret is no new pause.
        let sql = sql!(
            "INSERT INTO second_factor (user_id, secret, begun_at, last_step, tries, tried_at) VALUES ($1, $2, $3, 0, 0, 0) ON CONFLICT (user_id) DO UPDATE SET secret = excluded.secret, begun_at = excluded.begun_at, last_step = 0 WHERE second_factor.on_since IS NULL"
        );
        let arguments = args![user.raw(), sealed, now.micros()];
        self.change().await?.exec(sql, arguments).await.map(|_| ())
    }

    /// Keeps what was tried.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn second_factor_count(&mut self, user: Id<ids::User>, tally: Tally) -> Result<()> {
        let sql = sql!(
            "UPDATE second_factor SET last_step = $2, tries = $3, tried_at = $4 WHERE user_id = $1"
        );
        let arguments = args![
            user.raw(),
            tally.last_step,
            i64::from(tally.tries),
            tally.tried_at.micros()
        ];
        self.change().await?.exec(sql, arguments).await.map(|_| ())
    }

    /// From now on the authenticator is asked for.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn second_factor_on(&mut self, user: Id<ids::User>, now: Timestamp) -> Result<()> {
        let sql = sql!("UPDATE second_factor SET on_since = $2 WHERE user_id = $1");
        let arguments = args![user.raw(), now.micros()];
        self.change().await?.exec(sql, arguments).await.map(|_| ())
    }

    /// Where wrong codes of a user are counted who has no authenticator.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn second_factor_place(&mut self, user: Id<ids::User>) -> Result<()> {
        let sql = sql!(
            "INSERT INTO second_factor (user_id, secret, begun_at, last_step, tries, tried_at) VALUES ($1, $2, 0, 0, 0, 0) ON CONFLICT (user_id) DO NOTHING"
        );
        let arguments = args![user.raw(), Vec::<u8>::new()];
        self.change().await?.exec(sql, arguments).await.map(|_| ())
    }

    /// Forgets the authenticator of a user who has passkeys: recovery codes and the count of wrong ones stay.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn authenticator_forget(&mut self, user: Id<ids::User>) -> Result<()> {
        self.sessions_weaken(user).await?;
        let sql = sql!(
            "UPDATE second_factor SET secret = $2, begun_at = 0, on_since = NULL WHERE user_id = $1"
        );
        let arguments = args![user.raw(), Vec::<u8>::new()];
        self.change().await?.exec(sql, arguments).await.map(|_| ())
    }

    /// No session of a user stays strong by what is good no more.
    ///
    /// # Errors
    /// The engine's refusal.
    pub(super) async fn sessions_weaken(&mut self, user: Id<ids::User>) -> Result<()> {
        let weaken = sql!("UPDATE session SET strong_until = NULL WHERE user_id = $1");
        self.change()
            .await?
            .exec(weaken, args![user.raw()])
            .await
            .map(|_| ())
    }

    /// Forgets the authenticator and all recovery codes of a user.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn second_factor_forget(&mut self, user: Id<ids::User>) -> Result<()> {
        self.recovery_forget(user).await?;
        self.sessions_weaken(user).await?;
        let sql = sql!("DELETE FROM second_factor WHERE user_id = $1");
        self.change()
            .await?
            .exec(sql, args![user.raw()])
            .await
            .map(|_| ())
    }

    /// Whether this recovery code of the user is good still.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn recovery_is_good(&mut self, user: Id<ids::User>, hash: [u8; 32]) -> Result<bool> {
        let sql = sql!(
            "SELECT user_id FROM recovery_code WHERE code_hash = $1 AND user_id = $2 AND used_at IS NULL"
        );
        let found = self
            .sql()
            .await?
            .opt(sql, args![hash, user.raw()], |r| r.i64(0))
            .await?;
        Ok(found.is_some())
    }

    /// Uses a recovery code up.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn recovery_use(&mut self, hash: [u8; 32], now: Timestamp) -> Result<()> {
        let sql = sql!("UPDATE recovery_code SET used_at = $2 WHERE code_hash = $1");
        let arguments = args![hash, now.micros()];
        self.change().await?.exec(sql, arguments).await.map(|_| ())
    }

    /// Keeps new recovery codes in the place of all older ones.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn recovery_renew(
        &mut self,
        user: Id<ids::User>,
        hashes: &[[u8; 32]],
        now: Timestamp,
    ) -> Result<()> {
        self.recovery_forget(user).await?;
        let sql =
            sql!("INSERT INTO recovery_code (code_hash, user_id, made_at) VALUES ($1, $2, $3)");
        for hash in hashes {
            let arguments = args![*hash, user.raw(), now.micros()];
            self.change().await?.exec(sql, arguments).await?;
        }
        Ok(())
    }

    async fn recovery_forget(&mut self, user: Id<ids::User>) -> Result<()> {
        let sql = sql!("DELETE FROM recovery_code WHERE user_id = $1");
        self.change()
            .await?
            .exec(sql, args![user.raw()])
            .await
            .map(|_| ())
    }

    /// A code was given in this session of the user.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn session_strong(
        &mut self,
        token_hash: [u8; 32],
        user: Id<ids::User>,
        until: Option<Timestamp>,
    ) -> Result<()> {
        let sql =
            sql!("UPDATE session SET strong_until = $3 WHERE token_hash = $1 AND user_id = $2");
        let arguments = args![token_hash, user.raw(), until.map(Timestamp::micros)];
        self.change().await?.exec(sql, arguments).await.map(|_| ())
    }

    /// A session was used.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn session_seen(&mut self, token_hash: [u8; 32], now: Timestamp) -> Result<()> {
        let sql =
            sql!("UPDATE session SET seen_at = $2 WHERE token_hash = $1 AND ended_at IS NULL");
        let arguments = args![token_hash, now.micros()];
        self.change().await?.exec(sql, arguments).await.map(|_| ())
    }

    /// Ends a session of this user; somebody else's stays.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn session_end_own(
        &mut self,
        token_hash: [u8; 32],
        user: Id<ids::User>,
        now: Timestamp,
    ) -> Result<()> {
        let sql = sql!(
            "UPDATE session SET ended_at = $3 WHERE token_hash = $1 AND user_id = $2 AND ended_at IS NULL"
        );
        let arguments = args![token_hash, user.raw(), now.micros()];
        self.change().await?.exec(sql, arguments).await.map(|_| ())
    }

    /// Ends all sessions of this user but one.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn sessions_end_others(
        &mut self,
        kept: [u8; 32],
        user: Id<ids::User>,
        now: Timestamp,
    ) -> Result<()> {
        let sql = sql!(
            "UPDATE session SET ended_at = $3 WHERE user_id = $2 AND token_hash <> $1 AND ended_at IS NULL"
        );
        let arguments = args![kept, user.raw(), now.micros()];
        self.change().await?.exec(sql, arguments).await.map(|_| ())
    }
}

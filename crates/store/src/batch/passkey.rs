//! Passkeys: added, used, doubted and removed; questions to browsers, each answered once.

use super::Batch;
use crate::identity::{PasskeyRecord, PasskeyStanding, passkey_standing, passkeys_of_user};
use db::{Result, args, sql};
use domain::identity::passkey::QUESTIONS_MAX;
use kernel::{Id, Timestamp};
use leaf::ids;

/// 〔待答的询问〕 What a browser was asked.
#[derive(Debug, Clone)]
pub struct PasskeyQuestion {
    /// SHA-256 of the session's token or of the ticket.
    pub holder: [u8; 32],
    /// `add` or `prove`.
    pub purpose: &'static str,
    /// Of whom.
    pub user: Id<ids::User>,
    /// What the gateway needs to judge the answer.
    pub state: Vec<u8>,
    /// Until when an answer counts.
    pub expires_at: Timestamp,
}

impl Batch {
    /// The keys of a user.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn passkeys(&mut self, user: Id<ids::User>) -> Result<Vec<PasskeyRecord>> {
        passkeys_of_user(self.sql().await?, user).await
    }

    /// How a user stands with passkeys.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn passkey_standing(&mut self, user: Id<ids::User>) -> Result<PasskeyStanding> {
        passkey_standing(self.sql().await?, user).await
    }

    /// Whether a device has brought this key before, for whomever.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn passkey_is_known(&mut self, credential: &[u8]) -> Result<bool> {
        let sql = sql!("SELECT user_id FROM passkey WHERE credential = $1");
        let found = self
            .sql()
            .await?
            .opt(sql, args![credential], |r| r.i64(0))
            .await?;
        Ok(found.is_some())
    }

    /// Keeps a new key of a user.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn passkey_insert(&mut self, user: Id<ids::User>, new: &PasskeyRecord) -> Result<()> {
        let sql = sql!(
            "INSERT INTO passkey (credential, user_id, owner, name, public_key, state, transports, added_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
        );
        let arguments = args![
            new.credential.as_slice(),
            user.raw(),
            &new.owner[..],
            &new.name,
            new.public_key.as_slice(),
            new.state.as_slice(),
            i64::from(new.transports),
            new.added_at.micros()
        ];
        self.change().await?.exec(sql, arguments).await.map(|_| ())
    }

    /// A key proved somebody: its new state.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn passkey_used(
        &mut self,
        credential: &[u8],
        state: &[u8],
        now: Timestamp,
    ) -> Result<()> {
        let sql = sql!("UPDATE passkey SET state = $2, used_at = $3 WHERE credential = $1");
        let arguments = args![credential, state, now.micros()];
        self.change().await?.exec(sql, arguments).await.map(|_| ())
    }

    /// The counter of a key went back: from now on it counts no more.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn passkey_doubt(&mut self, credential: &[u8], now: Timestamp) -> Result<()> {
        let sql =
            sql!("UPDATE passkey SET doubted_at = $2 WHERE credential = $1 AND doubted_at IS NULL");
        let arguments = args![credential, now.micros()];
        self.change().await?.exec(sql, arguments).await.map(|_| ())
    }

    /// Removes a key of this user; somebody else's stays. No session stays strong by it.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn passkey_remove(
        &mut self,
        user: Id<ids::User>,
        credential: &[u8],
        now: Timestamp,
    ) -> Result<()> {
        let sql = sql!(
            "UPDATE passkey SET removed_at = $3 WHERE credential = $1 AND user_id = $2 AND removed_at IS NULL"
        );
        let arguments = args![credential, user.raw(), now.micros()];
        self.change().await?.exec(sql, arguments).await?;
        self.sessions_weaken(user).await
    }

    /// Removes all keys of a user.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn passkeys_remove(&mut self, user: Id<ids::User>, now: Timestamp) -> Result<()> {
        let sql =
            sql!("UPDATE passkey SET removed_at = $2 WHERE user_id = $1 AND removed_at IS NULL");
        let arguments = args![user.raw(), now.micros()];
        self.change().await?.exec(sql, arguments).await.map(|_| ())
    }

    /// Keeps a question in the place of an older one of the same holder. Late ones of the user go, and of too many the
    /// oldest, so that asking on fills nothing.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn passkey_ask(&mut self, new: &PasskeyQuestion, now: Timestamp) -> Result<()> {
        let late = sql!("DELETE FROM passkey_question WHERE user_id = $1 AND expires_at <= $2");
        let arguments = args![new.user.raw(), now.micros()];
        self.change().await?.exec(late, arguments).await?;
        let surplus = sql!(
            "DELETE FROM passkey_question WHERE user_id = $1 AND expires_at <= (SELECT expires_at FROM passkey_question WHERE user_id = $1 ORDER BY expires_at DESC LIMIT 1 OFFSET $2)"
        );
        // With the new one there are as many as may be.
        let arguments = args![new.user.raw(), QUESTIONS_MAX - 1];
        self.change().await?.exec(surplus, arguments).await?;
        let keep = sql!(
            "INSERT INTO passkey_question (holder, purpose, user_id, state, expires_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (holder, purpose) DO UPDATE SET user_id = excluded.user_id, state = excluded.state, expires_at = excluded.expires_at"
        );
        let arguments = args![
            &new.holder[..],
            new.purpose,
            new.user.raw(),
            new.state.as_slice(),
            new.expires_at.micros()
        ];
        self.change().await?.exec(keep, arguments).await.map(|_| ())
    }

    /// Takes a question back for its answer: it is gone after that, whatever the answer is worth. Nothing if there is none
    /// for this holder and user, or it is late.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn passkey_question(
        &mut self,
        (holder, purpose): ([u8; 32], &'static str),
        user: Id<ids::User>,
        now: Timestamp,
    ) -> Result<Option<Vec<u8>>> {
        let read = sql!(
            "SELECT state, expires_at FROM passkey_question WHERE holder = $1 AND purpose = $2 AND user_id = $3"
        );
        let arguments = args![holder, purpose, user.raw()];
        let row = |r: &db::Row<'_>| Ok((r.bytes(0)?, r.i64(1)?));
        let found = self.sql().await?.opt(read, arguments, row).await?;
        let Some((state, expires_at)) = found else {
            return Ok(None);
        };
        let gone = sql!("DELETE FROM passkey_question WHERE holder = $1 AND purpose = $2");
        self.change()
            .await?
            .exec(gone, args![holder, purpose])
            .await?;
        Ok((now.micros() < expires_at).then_some(state))
    }
}

//! Commands that were done: the same key never acts twice.

use super::Batch;
use db::{Result, args, sql};
use kernel::Timestamp;

/// Keys are kept this long, in microseconds: 30 days.
pub(crate) const KEPT_MICROS: i64 = 30 * 24 * 3_600 * 1_000_000;

impl Batch {
    /// What this key led to before, with the fingerprint of what was asked.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn command_done(&mut self, key: &str) -> Result<Option<([u8; 32], String)>> {
        if let Some(known) = self.state.commands.get(key) {
            return Ok(known.clone());
        }
        let sql = sql!("SELECT fingerprint, outcome FROM command_done WHERE key = $1");
        let known = self
            .tx
            .opt(sql, args![key], |r| Ok((r.array(0)?, r.text(1)?)))
            .await?;
        self.state.commands.insert(key.to_string(), known.clone());
        Ok(known)
    }

    /// Keeps what a command led to.
    pub fn command_keep(
        &mut self,
        key: &str,
        fingerprint: [u8; 32],
        outcome: String,
        now: Timestamp,
    ) {
        self.state
            .commands
            .insert(key.to_string(), Some((fingerprint, outcome.clone())));
        self.buffer
            .commands
            .push((key.to_string(), fingerprint, outcome, now.micros()));
    }

    /// Forgets keys that are older than 30 days.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn commands_forget(&mut self, now: Timestamp) -> Result<u64> {
        let before = now.micros() - KEPT_MICROS;
        let tx = self.change().await?;
        tx.exec(
            sql!("DELETE FROM command_done WHERE at < $1"),
            args![before],
        )
        .await
    }
}

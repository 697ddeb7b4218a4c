//! Passwords: hashed slowly on purpose, in a queue of their own.
//!
//! One Argon2id hash keeps a core busy for some 20 ms and takes 19 MiB. Two at a time, on
//! the threads for blocking work, is all that sign-ins may take of the machine: a crowd at
//! the door makes the door slow and never the giving.

use std::sync::Arc;

use argon2::password_hash::PasswordVerifier;
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, Version};
use kernel::Secret;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::entropy::{self, Entropy, EntropyError};

/// Memory of one hash in KiB: 19 MiB (OWASP's first recommendation for Argon2id).
pub const MEMORY_KIB: u32 = 19_456;
/// Passes over the memory.
pub const PASSES: u32 = 2;
/// Lanes of one hash.
pub const LANES: u32 = 1;
/// Hashes that are computed at the same time.
pub const AT_ONCE: usize = 2;
/// People who may wait for their turn; the next one is asked to come back.
pub const WAITING_LIMIT: usize = 256;
/// Longest password in bytes of UTF-8.
pub const PASSWORD_LIMIT: usize = 1_024;
/// Bytes of salt, drawn fresh for each password.
const SALT_BYTES: usize = 16;

/// Why a password was neither hashed nor checked.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum PasswordError {
    /// Longer than [`PASSWORD_LIMIT`].
    #[error("[password.too_long] 密码太长，请改用不超过 {PASSWORD_LIMIT} 字节的密码")]
    TooLong,
    /// [`WAITING_LIMIT`] people wait already.
    #[error("[password.busy] 正在登录的人太多，请一分钟后再试")]
    Busy,
    /// What is stored is no password hash of ours.
    #[error("[password.damaged] 存储的密码记录已损坏，请联系系统管理员重设密码")]
    Damaged,
    /// No random bytes for the salt.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
    /// The program is shutting down or a thread died.
    #[error("[password.stopped] 服务正在停止，请稍后再登录")]
    Stopped,
}

/// What the comparison said.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// The right password.
    Right,
    /// The right password, hashed with other parameters than today's: hash it anew.
    RightButOld,
    /// The wrong password, or nobody of that name.
    Wrong,
}

/// 〔口令队列〕 Hashes and checks passwords, [`AT_ONCE`] at a time. Cloning shares the queue.
#[derive(Clone, Debug)]
pub struct Passwords {
    turns: Arc<Semaphore>,
    places: Arc<Semaphore>,
    /// Hash of a password that nobody has: what an unknown user is compared with.
    nobody: Arc<str>,
}

impl Passwords {
    /// An empty queue. Computes one hash, so it takes some 20 ms.
    ///
    /// # Errors
    /// No random bytes.
    pub fn new(entropy: &dyn Entropy) -> Result<Self, PasswordError> {
        let unknown: [u8; 32] = entropy::draw(entropy)?;
        let nobody = hash_now(&unknown, &entropy::draw(entropy)?)?;
        Ok(Passwords {
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            places: Arc::new(Semaphore::new(WAITING_LIMIT.saturating_add(AT_ONCE))),
            nobody: nobody.into(),
        })
    }

    /// The PHC string `$argon2id$v=19$m=19456,t=2,p=1$salt$hash` of a password.
    ///
    /// # Errors
    /// Too long, too many waiting, no entropy, or shutting down.
    pub async fn hash(
        &self,
        password: Secret<String>,
        entropy: &dyn Entropy,
    ) -> Result<String, PasswordError> {
        let salt = entropy::draw(entropy)?;
        self.run(password, move |password| hash_now(password, &salt))
            .await
    }

    /// Compares a password with the stored PHC string, or with nobody's.
    ///
    /// `None` (no such user) takes as long as `Some` and is always [`Verdict::Wrong`], so
    /// that the time of the answer does not tell who has an account here.
    ///
    /// # Errors
    /// Too long, too many waiting, a damaged record, or shutting down.
    pub async fn verify(
        &self,
        password: Secret<String>,
        stored: Option<String>,
    ) -> Result<Verdict, PasswordError> {
        let known = stored.is_some();
        let phc = stored.unwrap_or_else(|| self.nobody.to_string());
        let verdict = self
            .run(password, move |password| verify_now(password, &phc))
            .await?;
        Ok(if known { verdict } else { Verdict::Wrong })
    }

    /// Waits for a turn and runs `work` on a thread for blocking work. The turn travels with
    /// the work: a caller who goes away does not let a third hash start.
    async fn run<T: Send + 'static>(
        &self,
        password: Secret<String>,
        work: impl FnOnce(&[u8]) -> Result<T, PasswordError> + Send + 'static,
    ) -> Result<T, PasswordError> {
        if password.expose().len() > PASSWORD_LIMIT {
            return Err(PasswordError::TooLong);
        }
        let place = Arc::clone(&self.places)
            .try_acquire_owned()
            .map_err(|_| PasswordError::Busy)?;
        let turn = Arc::clone(&self.turns)
            .acquire_owned()
            .await
            .map_err(|_| PasswordError::Stopped)?;
        let held: [OwnedSemaphorePermit; 2] = [place, turn];
        tokio::task::spawn_blocking(move || {
            let answer = work(password.expose().as_bytes());
            drop(held);
            answer
        })
        .await
        .map_err(|_| PasswordError::Stopped)?
    }
}

fn today() -> Result<Argon2<'static>, PasswordError> {
    let params =
        Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|_| PasswordError::Damaged)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash_now(password: &[u8], salt: &[u8; SALT_BYTES]) -> Result<String, PasswordError> {
    let hashed = today()?
        .hash_password_with_salt(password, salt)
        .map_err(|_| PasswordError::Damaged)?;
    Ok(hashed.to_string())
}

fn verify_now(password: &[u8], phc: &str) -> Result<Verdict, PasswordError> {
    let stored = PasswordHash::new(phc).map_err(|_| PasswordError::Damaged)?;
    let params = Params::try_from(&stored).map_err(|_| PasswordError::Damaged)?;
    // Far above ours means a damaged record, and would let it take the machine's memory.
    let heavy = params.m_cost() > MEMORY_KIB.saturating_mul(8)
        || params.t_cost() > PASSES.saturating_mul(8);
    if heavy || stored.algorithm != Algorithm::Argon2id.ident() || stored.hash.is_none() {
        return Err(PasswordError::Damaged);
    }
    let current =
        params.m_cost() == MEMORY_KIB && params.t_cost() == PASSES && params.p_cost() == LANES;
    // The comparison inside takes the same time wherever the first difference stands.
    Ok(match today()?.verify_password(password, &stored) {
        Ok(()) if current => Verdict::Right,
        Ok(()) => Verdict::RightButOld,
        Err(_) => Verdict::Wrong,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SeededEntropy;

    fn secret(text: &str) -> Secret<String> {
        Secret::new(text.to_owned())
    }

    #[tokio::test]
    async fn a_password_opens_its_own_account_only() {
        let entropy = SeededEntropy::new(1);
        let queue = Passwords::new(&entropy).unwrap();
        let phc = queue.hash(secret("一诺千金-2026"), &entropy).await.unwrap();
        assert!(phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{phc}");
        let ask = |text: &str, stored: Option<&str>| {
            queue.verify(secret(text), stored.map(str::to_owned))
        };
        assert_eq!(ask("一诺千金-2026", Some(&phc)).await, Ok(Verdict::Right));
        assert_eq!(ask("一诺千金-2025", Some(&phc)).await, Ok(Verdict::Wrong));
        assert_eq!(ask("", Some(&phc)).await, Ok(Verdict::Wrong));
        assert_eq!(ask("一诺千金-2026", None).await, Ok(Verdict::Wrong));
        let again = queue.hash(secret("一诺千金-2026"), &entropy).await.unwrap();
        assert_ne!(phc, again, "each password has its own salt");
    }

    #[tokio::test]
    async fn an_older_hash_is_right_and_asks_to_be_renewed() {
        let weak = Argon2::new(
            Algorithm::Argon2id,
            Version::V0x13,
            Params::new(1024, 1, 1, None).unwrap(),
        );
        let phc = weak
            .hash_password_with_salt(b"old", &[7; 16])
            .unwrap()
            .to_string();
        let queue = Passwords::new(&SeededEntropy::new(2)).unwrap();
        let verdict = queue.verify(secret("old"), Some(phc)).await;
        assert_eq!(verdict, Ok(Verdict::RightButOld));
    }

    #[tokio::test]
    async fn what_is_no_hash_of_ours_is_named() {
        let queue = Passwords::new(&SeededEntropy::new(3)).unwrap();
        let huge = "$argon2id$v=19$m=4000000,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        let other = huge
            .replace("argon2id", "argon2i")
            .replace("4000000", "19456");
        for stored in [
            "",
            "secret",
            "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA",
            huge,
            &other,
        ] {
            let verdict = queue.verify(secret("x"), Some(stored.to_owned())).await;
            assert_eq!(verdict, Err(PasswordError::Damaged), "{stored}");
        }
        let long = queue
            .verify(secret(&"x".repeat(PASSWORD_LIMIT + 1)), None)
            .await;
        assert_eq!(long, Err(PasswordError::TooLong));
    }

    #[tokio::test]
    async fn a_crowd_is_asked_to_come_back_and_the_queue_recovers() {
        let queue = Passwords::new(&SeededEntropy::new(4)).unwrap();
        let crowd = u32::try_from(WAITING_LIMIT + AT_ONCE).unwrap();
        let all = queue.places.try_acquire_many(crowd).unwrap();
        assert_eq!(
            queue.verify(secret("x"), None).await,
            Err(PasswordError::Busy)
        );
        drop(all);
        assert_eq!(queue.verify(secret("x"), None).await, Ok(Verdict::Wrong));
        assert_eq!(queue.turns.available_permits(), AT_ONCE);
    }
}

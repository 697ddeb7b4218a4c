//! Signing in and out: the password is checked outside the writer, the session kept through the staircase.

use crate::answer::Answer;
use crate::command::{Command, CommandKey, SessionOpen};
use crate::{App, AppError};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::Refusal;
use domain::identity::Actor;
use gateway::entropy;
use gateway::password::{PasswordError, Verdict};
use kernel::Secret;
use sha2::{Digest, Sha256};

impl App {
    /// Checks a password and opens a session; returns its token, which is shown once.
    ///
    /// # Errors
    /// `Denied` with one sentence for unknown logins and wrong passwords alike; `Busy` if too many sign in.
    pub fn sign_in<'a>(
        &'a self,
        login: &'a str,
        password: &'a str,
        device: &'a str,
    ) -> Answer<'a, String> {
        Box::pin(async move {
            let login = login.trim();
            let stored = {
                let mut read = self.db().read_tx().await?;
                store::identity::password_hash(&mut read, login).await?
            };
            let verdict = self
                .inner()
                .passwords
                .verify(Secret::new(password.to_string()), stored)
                .await;
            match verdict {
                Ok(Verdict::Right | Verdict::RightButOld) => {}
                Ok(Verdict::Wrong) | Err(PasswordError::TooLong) => return Err(wrong_password()),
                Err(PasswordError::Busy) => return Err(AppError::Busy(2)),
                Err(error) => return Err(AppError::internal(error)),
            }
            let raw: [u8; 32] =
                entropy::draw(&*self.config().entropy).map_err(AppError::internal)?;
            let token = URL_SAFE_NO_PAD.encode(raw);
            let open = SessionOpen {
                login: login.to_string(),
                token_hash: token_hash(&token),
                device: device.to_string(),
            };
            let key = CommandKey(format!(
                "session/{}",
                URL_SAFE_NO_PAD.encode(open.token_hash)
            ));
            self.write(&Actor::house("登录"), &key, Command::SessionOpen(open))
                .await?;
            Ok(token)
        })
    }

    /// Ends the session of a token; ending twice is fine.
    ///
    /// # Errors
    /// `Internal`.
    pub fn sign_out<'a>(&'a self, token: &'a str) -> Answer<'a, ()> {
        Box::pin(async move {
            let token_hash = token_hash(token);
            let key = CommandKey(format!(
                "session-end/{}",
                URL_SAFE_NO_PAD.encode(token_hash)
            ));
            let command = Command::SessionEnd { token_hash };
            self.write(&Actor::house("退出"), &key, command)
                .await
                .map(|_| ())
        })
    }

    /// The Argon2id string of a new password.
    ///
    /// # Errors
    /// `Invalid` if it is too short or too long.
    pub fn password_hash<'a>(&'a self, password: &'a str) -> Answer<'a, String> {
        Box::pin(async move {
            if password.chars().count() < PASSWORD_MIN {
                let sentence = "密码至少10个字符，请设长一些。";
                let problem = domain::text::Problem::new("password", "too_short", sentence);
                return Err(AppError::Invalid(vec![problem]));
            }
            let password = Secret::new(password.to_string());
            let hash = self
                .inner()
                .passwords
                .hash(password, &*self.config().entropy)
                .await;
            hash.map_err(AppError::internal)
        })
    }
}

/// The shortest password, in characters.
const PASSWORD_MIN: usize = 10;

/// What the database keeps of a session token.
pub fn token_hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

fn wrong_password() -> AppError {
    AppError::Denied(Refusal {
        code: "wrong_password",
        sentence: "登录名或密码不对，请核对后重试。".into(),
        law: None,
        field: None,
    })
}

//! Signing in and out, in one step or two: the password is checked outside the writer, the code and the session go
//! through the staircase.

use crate::answer::Answer;
use crate::command::{
    CodeAct, Command, CommandKey, Outcome, PasskeyFault, SecurityCommand, SessionOpen,
};
use crate::{App, AppError};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::identity::second_factor::{PAUSE_MICROS, TICKET_MICROS};
use domain::identity::{Actor, Denied};
use domain::{Refusal, Sentence, say};
use gateway::entropy;
use gateway::password::{PasswordError, Verdict};
use kernel::{Id, Secret};
use leaf::ids::User;
use sha2::{Digest, Sha256};

/// Where a right password leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FirstStep {
    /// The session is open; its token, which is shown once.
    Open(String),
    /// A code is asked for; the ticket to come with it.
    Code(String),
}

/// 〔登录来处〕 What is known of where somebody signs in.
#[derive(Debug, Clone, Copy, Default)]
pub struct Visit<'a> {
    /// The browser as it calls itself.
    pub device: &'a str,
    /// The network, no finer than a household; empty where it is not known.
    pub network: &'a str,
}

impl<'a> From<&'a str> for Visit<'a> {
    fn from(device: &'a str) -> Visit<'a> {
        let network = "";
        Visit { device, network }
    }
}

/// 〔可用的第二步〕 With what the second step can be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FactorChoices {
    /// With codes of an authenticator.
    pub authenticator: bool,
    /// With a passkey.
    pub passkey: bool,
}

/// What goes into a new session.
struct Opening<'a> {
    login: &'a str,
    code: Option<&'a str>,
    ticket: Option<&'a str>,
    visit: Visit<'a>,
}

impl App {
    /// Checks a password: opens a session, or asks whoever has a second factor for a code.
    ///
    /// # Errors
    /// `Denied` with one sentence for unknown logins and wrong passwords alike; `Busy` if too many sign in.
    pub fn sign_in_first<'a>(
        &'a self,
        login: &'a str,
        password: &'a str,
        visit: impl Into<Visit<'a>>,
    ) -> Answer<'a, FirstStep> {
        let visit = visit.into();
        Box::pin(async move {
            let login = login.trim();
            self.check_password(login, password).await?;
            let mut read = self.db().read_tx().await?;
            let user = store::identity::user_by_login(&mut read, login).await?;
            let user = user.ok_or_else(wrong_password)?.id;
            let has_factor = store::identity::has_factor(&mut read, user).await?;
            drop(read);
            if !has_factor {
                let opening = Opening {
                    login,
                    code: None,
                    ticket: None,
                    visit,
                };
                let token = self.open_session(opening).await?;
                return Ok(FirstStep::Open(token));
            }
            let nonce = entropy::draw(&*self.config().entropy).map_err(AppError::internal)?;
            let now = self.now();
            let until = now.plus_micros(TICKET_MICROS).unwrap_or(now);
            let ticket = self.inner().vault.ticket(user.raw(), until, nonce);
            Ok(FirstStep::Code(ticket))
        })
    }

    /// Checks the code of the second step and opens the session; returns its token, which is shown once.
    ///
    /// # Errors
    /// `Denied`: `second_factor_late` for a ticket that is not ours or too old, `second_factor_wrong`,
    /// `second_factor_paused`.
    pub fn sign_in_second<'a>(
        &'a self,
        ticket: &'a str,
        code: &'a str,
        visit: impl Into<Visit<'a>>,
    ) -> Answer<'a, String> {
        let visit = visit.into();
        Box::pin(async move {
            let user = self.owner_of_ticket(ticket)?;
            let mut read = self.db().read_tx().await?;
            let user = store::identity::user_by_id(&mut read, user).await?;
            drop(read);
            let user = user.filter(|user| user.active).ok_or_else(late)?;
            let opening = Opening {
                login: &user.login,
                code: Some(code),
                ticket: Some(ticket),
                visit,
            };
            self.open_session(opening).await
        })
    }

    fn owner_of_ticket(&self, ticket: &str) -> Result<Id<User>, AppError> {
        let user = self.inner().vault.read_ticket(ticket, self.now());
        user.map(Id::from_raw).ok_or_else(late)
    }

    /// With what the owner of a ticket can do the second step; nothing for a ticket that is no use.
    ///
    /// # Errors
    /// The engine's refusal.
    pub fn factor_choices<'a>(&'a self, ticket: &'a str) -> Answer<'a, FactorChoices> {
        Box::pin(async move {
            let Ok(user) = self.owner_of_ticket(ticket) else {
                return Ok(FactorChoices::default());
            };
            let mut read = self.db().read_tx().await?;
            let factor = store::identity::second_factor(&mut read, user).await?;
            let keys = store::identity::passkey_standing(&mut read, user).await?;
            Ok(FactorChoices {
                authenticator: factor.is_some_and(|factor| factor.on_since.is_some()),
                passkey: keys.can_prove() && self.site().is_ok(),
            })
        })
    }

    /// What the browser of a ticket's owner is asked, JSON: the answer is given as the code.
    ///
    /// # Errors
    /// `Denied` with `second_factor_late`; `Refused` where there is no passkey.
    pub fn proof_ask_at_ticket<'a>(&'a self, ticket: &'a str) -> Answer<'a, String> {
        Box::pin(async move {
            let user = self.owner_of_ticket(ticket)?;
            let ask = SecurityCommand::TicketAsk {
                ticket: token_hash(ticket),
                user,
            };
            options_of(self.security(&Actor::house("登录"), ask).await?)
        })
    }

    /// What the browser of a signed-in person is asked, JSON: the answer is given as the code.
    ///
    /// # Errors
    /// `Refused` where there is no passkey.
    pub fn proof_ask<'a>(&'a self, (actor, token): (&'a Actor, &'a str)) -> Answer<'a, String> {
        Box::pin(async move {
            let session = token_hash(token);
            let ask = SecurityCommand::ProofAsk { session };
            options_of(self.security(actor, ask).await?)
        })
    }

    /// Keeps the passkey that the browser of this session made; new recovery codes if it is the first factor.
    ///
    /// # Errors
    /// `Denied`: `passkey_wrong`, `passkey_late`; `Invalid` for its name; `Refused`.
    pub fn passkey_add<'a>(
        &'a self,
        (actor, token): (&'a Actor, &'a str),
        name: &'a str,
        answer: &'a str,
    ) -> Answer<'a, Vec<String>> {
        Box::pin(async move {
            let add = SecurityCommand::PasskeyAdd {
                session: token_hash(token),
                name: name.to_string(),
                answer: Secret::new(answer.to_string()),
            };
            match told(self.security(actor, add).await?)? {
                Outcome::RecoveryCodes { codes } => Ok(codes),
                _ => Ok(Vec::new()),
            }
        })
    }

    /// Checks a password and opens a session; returns its token, which is shown once.
    ///
    /// # Errors
    /// As [`App::sign_in_first`], and `second_factor` for whoever has one: no code came along.
    pub fn sign_in<'a>(
        &'a self,
        login: &'a str,
        password: &'a str,
        visit: impl Into<Visit<'a>>,
    ) -> Answer<'a, String> {
        let visit = visit.into();
        Box::pin(async move {
            match self.sign_in_first(login, password, visit).await? {
                FirstStep::Open(token) => Ok(token),
                FirstStep::Code(_) => Err(code_asked()),
            }
        })
    }

    async fn check_password(&self, login: &str, password: &str) -> Result<(), AppError> {
        let stored = {
            let mut read = self.db().read_tx().await?;
            store::identity::password_hash(&mut read, login).await?
        };
        let password = Secret::new(password.to_string());
        match self.inner().passwords.verify(password, stored).await {
            Ok(Verdict::Right | Verdict::RightButOld) => Ok(()),
            Ok(Verdict::Wrong) | Err(PasswordError::TooLong) => Err(wrong_password()),
            Err(PasswordError::Busy) => Err(AppError::Busy(2)),
            Err(error) => Err(AppError::internal(error)),
        }
    }

    async fn open_session(&self, opening: Opening<'_>) -> Result<String, AppError> {
        let raw: [u8; 32] = entropy::draw(&*self.config().entropy).map_err(AppError::internal)?;
        let token = URL_SAFE_NO_PAD.encode(raw);
        let open = SessionOpen {
            login: opening.login.to_string(),
            token_hash: token_hash(&token),
            device: opening.visit.device.to_string(),
            network: opening.visit.network.to_string(),
            code: opening.code.map(|code| Secret::new(code.to_string())),
            ticket: opening.ticket.map(token_hash),
        };
        let key = CommandKey(format!(
            "session/{}",
            URL_SAFE_NO_PAD.encode(open.token_hash)
        ));
        let command = Command::SessionOpen(open);
        let outcome = self.write(&Actor::house("登录"), &key, command).await?;
        told(outcome).map(|_| token)
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

    /// Draws the secret of a new authenticator, after the password was given again: an open desk alone must not let
    /// a stranger put his own telephone in.
    ///
    /// # Errors
    /// `Denied` with `wrong_password`; `Refused` if there is one already.
    pub fn factor_begin<'a>(&'a self, actor: &'a Actor, password: &'a str) -> Answer<'a, ()> {
        Box::pin(async move {
            self.password_again(actor, password).await?;
            self.security(actor, SecurityCommand::FactorBegin)
                .await
                .map(|_| ())
        })
    }

    /// Checks the password of who is signed in already.
    ///
    /// # Errors
    /// `Denied` with `wrong_password`; `Busy`.
    pub fn password_again<'a>(&'a self, actor: &'a Actor, password: &'a str) -> Answer<'a, ()> {
        Box::pin(async move {
            let id = actor.user_id();
            let id = id.ok_or_else(|| AppError::denied(Denied::SignInFirst))?;
            let mut read = self.db().read_tx().await?;
            let user = store::identity::user_by_id(&mut read, id).await?;
            drop(read);
            let login = user.map(|user| user.login).unwrap_or_default();
            let checked = self.check_password(&login, password).await;
            checked.map_err(|error| match error {
                AppError::Denied(_) => {
                    let sentence = "密码不对，请核对后重试。".into();
                    denied("wrong_password", sentence, Some("password"))
                }
                other => other,
            })
        })
    }

    /// Gives a code in the session of a token; new recovery codes where the act makes them.
    ///
    /// # Errors
    /// `Denied`: `second_factor_wrong`, `second_factor_paused`; `Refused` if the act does not fit.
    pub fn code_give<'a>(
        &'a self,
        (actor, token): (&'a Actor, &'a str),
        code: &'a str,
        act: CodeAct,
    ) -> Answer<'a, Vec<String>> {
        Box::pin(async move {
            let command = SecurityCommand::CodeGive {
                session: token_hash(token),
                code: Secret::new(code.to_string()),
                act,
            };
            match told(self.security(actor, command).await?)? {
                Outcome::RecoveryCodes { codes } => Ok(codes),
                _ => Ok(Vec::new()),
            }
        })
    }

    /// Ends one of the actor's sessions by the handle of the list, or all but the one of `token`.
    ///
    /// # Errors
    /// `NotFound` if it is none of theirs.
    pub fn device_end<'a>(
        &'a self,
        (actor, token): (&'a Actor, &'a str),
        handle: Option<&'a str>,
    ) -> Answer<'a, ()> {
        Box::pin(async move {
            let command = match handle {
                None => SecurityCommand::SessionsEndOthers {
                    kept: token_hash(token),
                },
                Some(handle) => {
                    let user = actor.user_id();
                    let user = user.ok_or_else(|| AppError::denied(Denied::SignInFirst))?;
                    let mut read = self.db().read_tx().await?;
                    let all = store::identity::devices_of_user(&mut read, user, self.now()).await?;
                    drop(read);
                    let found = all
                        .iter()
                        .find(|device| device_handle(&device.token_hash) == handle);
                    let session = found.ok_or(AppError::NotFound("这台设备"))?.token_hash;
                    SecurityCommand::SessionEnd { session }
                }
            };
            self.security(actor, command).await.map(|_| ())
        })
    }

    /// Security commands carry no key of their own.
    pub(crate) async fn security(
        &self,
        actor: &Actor,
        command: SecurityCommand,
    ) -> Result<Outcome, AppError> {
        let key = CommandKey(String::from("security"));
        self.write(actor, &key, Command::Security(command)).await
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
const MICROS_PER_MINUTE: i64 = 60_000_000;
const SECONDS_PER_MINUTE: i64 = 60;
/// Bytes of the name by which a session is told apart on its owner's list.
const HANDLE_BYTES: usize = 8;

/// What the database keeps of a session token.
pub fn token_hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

/// The name of a session on its owner's list; nothing can be done with it alone.
pub(crate) fn device_handle(token_hash: &[u8; 32]) -> String {
    let hash = Sha256::new()
        .chain_update(b"shanji device")
        .chain_update(token_hash)
        .finalize();
    hex::encode(&hash[..HANDLE_BYTES])
}

fn late() -> AppError {
    let sentence = "登录的这一步已经过期，请重新填写登录名和密码。";
    denied("second_factor_late", sentence.into(), None)
}

/// The browser's half of a question.
fn options_of(outcome: Outcome) -> Result<String, AppError> {
    match outcome {
        Outcome::Asked { options } => Ok(options),
        _ => Err(AppError::NotFound("这次询问")),
    }
}

/// A code that does not count ends a command well, so that it stays counted; to people it is a refusal.
fn told(outcome: Outcome) -> Result<Outcome, AppError> {
    let minutes = PAUSE_MICROS / MICROS_PER_MINUTE;
    let (code, sentence) = match outcome {
        Outcome::CodeWrong { left: 0 } => (
            "second_factor_wrong",
            say!("验证码不对，试错次数已满，请{minutes}分钟后再试。", minutes),
        ),
        Outcome::CodeWrong { left } => (
            "second_factor_wrong",
            say!(
                "验证码不对或已经用过，请等下一个验证码出现再填；还可以试{left}次。",
                left = i64::from(left)
            ),
        ),
        Outcome::CodePaused { seconds } => {
            let whole = seconds.saturating_add(SECONDS_PER_MINUTE - 1);
            let minutes = whole / SECONDS_PER_MINUTE;
            (
                "second_factor_paused",
                say!("验证码试错太多，请{minutes}分钟后再试。", minutes),
            )
        }
        Outcome::PasskeyWrong { fault } => match fault {
            PasskeyFault::Late => (
                "passkey_late",
                "这次确认已经过期或用过了，请再点一次“用通行密钥”，或改填验证码。".into(),
            ),
            PasskeyFault::Wrong => (
                "passkey_wrong",
                "通行密钥没有通过核对，请再试一次，或改填验证码。".into(),
            ),
            PasskeyFault::Doubted => (
                "passkey_doubted",
                "这把通行密钥的计数倒退了，可能有人复制了它，已经停用；请改填验证码或恢复码，再到“账号安全”移除它。".into(),
            ),
        },
        other => return Ok(other),
    };
    Err(denied(code, sentence, Some("one_time_code")))
}

/// What whoever sends no code is told.
pub fn code_asked() -> AppError {
    let sentence = "这个账号开启了两步验证，请再填写验证码。";
    denied("second_factor", sentence.into(), Some("one_time_code"))
}

fn denied(code: &'static str, sentence: Sentence, field: Option<&'static str>) -> AppError {
    AppError::Denied(Refusal {
        code,
        sentence,
        law: None,
        field,
    })
}

fn wrong_password() -> AppError {
    let sentence = "登录名或密码不对，请核对后重试。";
    denied("wrong_password", sentence.into(), None)
}

//! The own second factor and the own sessions.

use super::passkey;
use crate::AppError;
use crate::command::{CodeAct, Outcome, PasskeyFault, SecurityCommand};
use crate::staircase::{Call, Flow, Stop, missing};
use domain::Refusal;
use domain::identity::second_factor::{Judged, Offer, RECOVERY_CODES, STRONG_MICROS, judge};
use domain::identity::{Action, Denied, Object, Who};
use gateway::second_factor::{NONCE_BYTES, SECRET_BYTES, recovery_code, steps_of};
use kernel::{Id, Secret, Timestamp};
use leaf::ids::User;

pub(crate) async fn run(call: &mut Call<'_>, command: &SecurityCommand) -> Flow<Outcome> {
    let now = call.now();
    match command {
        SecurityCommand::SessionSeen { session } => call.batch.session_seen(*session, now).await?,
        SecurityCommand::FactorReset { login } => return reset(call, login).await,
        SecurityCommand::FactorBegin => return begin(call).await,
        SecurityCommand::PasskeyAsk { session, name } => {
            return passkey::ask_for_new(call, *session, name).await;
        }
        SecurityCommand::PasskeyAdd {
            session,
            name,
            answer,
        } => return passkey::add(call, *session, (name, answer.expose())).await,
        SecurityCommand::PasskeyRemove { handle } => return passkey::remove(call, handle).await,
        SecurityCommand::ProofAsk { session } => {
            return passkey::ask_for_proof(call, *session).await;
        }
        SecurityCommand::TicketAsk { ticket, user } => {
            return passkey::ask_at_ticket(call, (*ticket, *user)).await;
        }
        SecurityCommand::CodeGive { session, code, act } => {
            return code_give(call, (*session, code), *act).await;
        }
        SecurityCommand::SessionEnd { session } => {
            let user = person(call)?;
            call.batch.session_end_own(*session, user, now).await?;
            audit(call, user, "session_end");
        }
        SecurityCommand::SessionsEndOthers { kept } => {
            let user = person(call)?;
            call.batch.sessions_end_others(*kept, user, now).await?;
            audit(call, user, "sessions_end_others");
        }
    }
    Ok(Outcome::Done)
}

/// Only people have a second factor.
pub(super) fn person(call: &Call<'_>) -> Flow<Id<User>> {
    let user = call.request.actor.user_id();
    user.ok_or_else(|| Stop::App(AppError::denied(Denied::SignInFirst)))
}

pub(super) fn audit(call: &mut Call<'_>, user: Id<User>, what: &str) {
    let id = call.print(user);
    call.audit(Action::DeskRead, id, what);
}

fn stopped(code: &'static str, sentence: &'static str) -> Stop {
    Stop::App(AppError::Refused(Refusal {
        code,
        sentence: sentence.into(),
        law: None,
        field: None,
    }))
}

async fn begin(call: &mut Call<'_>) -> Flow<Outcome> {
    let user = person(call)?;
    let known = call.batch.second_factor(user).await?;
    if known.is_some_and(|factor| factor.on_since.is_some()) {
        let sentence = "两步验证已经开启；要换手机，请先关闭再重新开启。";
        return Err(stopped("second_factor_on", sentence));
    }
    let mut secret = [0; SECRET_BYTES];
    secret.copy_from_slice(&call.word_key(0)[..SECRET_BYTES]);
    let mut nonce = [0; NONCE_BYTES];
    nonce.copy_from_slice(&call.word_key(1)[..NONCE_BYTES]);
    let sealed = call.door.vault.seal(user.raw(), &secret, nonce);
    let sealed = sealed.ok_or_else(damaged)?;
    let now = call.now();
    call.batch.second_factor_begin(user, sealed, now).await?;
    audit(call, user, "second_factor_begin");
    Ok(Outcome::Done)
}

pub(super) fn damaged() -> Stop {
    Stop::App(AppError::unwell(
        "second_factor_damaged",
        "两步验证的密钥打不开，请联系系统管理员重设两步验证。",
    ))
}

/// How a code was answered.
pub(super) enum Given {
    /// It counted.
    Right,
    /// It did not; what is told, and kept though the act is not done.
    No(Outcome),
}

/// What is asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// Any factor of the person.
    AnyFactor,
    /// The authenticator that is being switched on, and nothing else: it is to be shown that it works.
    Authenticator,
}

/// What a person gave, and for which session or ticket a passkey was asked.
pub(super) struct Offered<'a> {
    /// SHA-256 of the session's token or the ticket, if there is one.
    pub(super) holder: Option<[u8; 32]>,
    /// A code, a recovery code or the answer of a passkey.
    pub(super) code: &'a str,
}

/// True for the answer of a browser; codes have no braces.
fn is_passkey(code: &str) -> bool {
    code.trim_start().starts_with('{')
}

/// Judges what somebody gave against the user's authenticator, recovery codes and passkeys, and keeps what was tried.
pub(super) async fn give(
    call: &mut Call<'_>,
    user: Id<User>,
    (offered, wanted): (Offered<'_>, Wanted),
) -> Flow<Given> {
    let code = offered.code;
    if is_passkey(code) {
        return match (offered.holder, wanted) {
            (Some(holder), Wanted::AnyFactor) => passkey::prove(call, user, (holder, code)).await,
            _ => Ok(Given::No(Outcome::PasskeyWrong {
                fault: PasskeyFault::Late,
            })),
        };
    }
    let Some(factor) = call.batch.second_factor(user).await? else {
        let sentence = "还没有开启两步验证，请先到“账号安全”开启。";
        return Err(stopped("second_factor_off", sentence));
    };
    let now = call.now();
    let mut recovery = None;
    if let Some(hash) = call.door.vault.recovery_hash(user.raw(), code)
        && wanted == Wanted::AnyFactor
        && call.batch.recovery_is_good(user, hash).await?
    {
        recovery = Some(hash);
    }
    let counts = factor.on_since.is_some() || wanted == Wanted::Authenticator;
    let steps = match call.door.vault.open(user.raw(), &factor.sealed) {
        Some(secret) if counts => steps_of(&secret, code, now),
        // A secret that was never shown to work proves nobody, and who has passkeys only has none.
        _ if !counts => Vec::new(),
        // A recovery code opens the way even then.
        _ if recovery.is_some() => Vec::new(),
        _ => return Err(damaged()),
    };
    let offer = match recovery {
        Some(_) => Offer::Recovery,
        None => Offer::Steps(&steps),
    };
    match judge(factor.tally, offer, now) {
        Judged::Right(tally) => {
            call.batch.second_factor_count(user, tally).await?;
            if let Some(hash) = recovery {
                call.batch.recovery_use(hash, now).await?;
                audit(call, user, "recovery_code_used");
            }
            Ok(Given::Right)
        }
        Judged::Wrong(tally, left) => {
            call.batch.second_factor_count(user, tally).await?;
            audit(call, user, "second_factor_wrong");
            Ok(Given::No(Outcome::CodeWrong { left }))
        }
        Judged::Paused(seconds) => Ok(Given::No(Outcome::CodePaused { seconds })),
    }
}

/// Until when a code that is given now makes its session strong.
pub(super) fn strong_until(now: Timestamp) -> Option<Timestamp> {
    now.plus_micros(STRONG_MICROS)
}

async fn code_give(
    call: &mut Call<'_>,
    (session, code): ([u8; 32], &Secret<String>),
    act: CodeAct,
) -> Flow<Outcome> {
    let user = person(call)?;
    let known = call.batch.second_factor(user).await?;
    let begun = known.as_ref().is_some_and(|one| one.may_begin(call.now()));
    let is_on = known.is_some_and(|factor| factor.on_since.is_some());
    let has_any = call.batch.has_factor(user).await?;
    match (act, is_on) {
        (CodeAct::On, false) if !begun => {
            let sentence = "二维码已经过期，请重新开启。";
            return Err(stopped("second_factor_off", sentence));
        }
        (CodeAct::On, true) => {
            let sentence = "两步验证已经开启，请刷新页面查看。";
            return Err(stopped("second_factor_on", sentence));
        }
        (CodeAct::Renew | CodeAct::Confirm, _) if has_any => {}
        (CodeAct::Off | CodeAct::Renew | CodeAct::Confirm, false) => {
            let sentence = "还没有开启两步验证，请先到“账号安全”开启。";
            return Err(stopped("second_factor_off", sentence));
        }
        _ => {}
    }
    let offered = Offered {
        holder: Some(session),
        code: code.expose(),
    };
    let wanted = match act {
        CodeAct::On => Wanted::Authenticator,
        _ => Wanted::AnyFactor,
    };
    if let Given::No(outcome) = give(call, user, (offered, wanted)).await? {
        return Ok(outcome);
    }
    let now = call.now();
    let until = strong_until(now).filter(|_| act != CodeAct::Off);
    call.batch.session_strong(session, user, until).await?;
    match act {
        CodeAct::Confirm => {
            audit(call, user, "second_factor_confirm");
            Ok(Outcome::Done)
        }
        CodeAct::Off => {
            match call.batch.passkey_standing(user).await?.kept {
                0 => call.batch.second_factor_forget(user).await?,
                _ => call.batch.authenticator_forget(user).await?,
            }
            audit(call, user, "second_factor_off");
            Ok(Outcome::Done)
        }
        CodeAct::On => {
            call.batch.second_factor_on(user, now).await?;
            audit(call, user, "second_factor_on");
            renew(call, user).await
        }
        CodeAct::Renew => {
            audit(call, user, "recovery_codes_new");
            renew(call, user).await
        }
    }
}

pub(super) async fn renew(call: &mut Call<'_>, user: Id<User>) -> Flow<Outcome> {
    let now = call.now();
    let codes: Vec<String> = (0..u64::from(RECOVERY_CODES))
        .map(|n| recovery_code(&call.word_key(n)))
        .collect();
    let hashes: Vec<[u8; 32]> = codes
        .iter()
        .filter_map(|code| call.door.vault.recovery_hash(user.raw(), code))
        .collect();
    call.batch.recovery_renew(user, &hashes, now).await?;
    Ok(Outcome::RecoveryCodes { codes })
}

/// For somebody who lost the authenticator and all recovery codes: the operator at the machine, or whoever keeps users,
/// for somebody else.
async fn reset(call: &mut Call<'_>, login: &str) -> Flow<Outcome> {
    if !matches!(call.request.actor.who, Who::House(_)) {
        call.permit(Action::UserManage, &Object::house())?;
    }
    let user = call.batch.user_by_login(login.trim()).await?;
    let user = user.ok_or(missing("这个用户"))?;
    if call.request.actor.user_id() == Some(user) {
        let sentence = "自己的两步验证请到“账号安全”用验证码关闭，不能自己重设。";
        return Err(stopped("second_factor_own", sentence));
    }
    call.batch.second_factor_forget(user).await?;
    let now = call.now();
    call.batch.passkeys_remove(user, now).await?;
    // Whoever holds the lost telephone is signed out as well.
    call.batch.sessions_end(user, now).await?;
    let id = call.print(user);
    call.audit(Action::UserManage, id.clone(), "second_factor_reset");
    Ok(Outcome::Record { id })
}

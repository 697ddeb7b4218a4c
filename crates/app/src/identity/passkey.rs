//! Passkeys: asked for, added, proved with and removed. What a browser was asked is taken back before its answer is
//! looked at, so that no answer counts twice; an answer that does not count ends the command well, as wrong codes do.

use super::second_factor::{Given, audit, damaged, person, renew, strong_until};
use crate::AppError;
use crate::command::{Outcome, PasskeyFault};
use crate::staircase::{Call, Flow, Stop, invalid, missing, refused};
use domain::identity::passkey::{
    Left, NAME_MAX, PasskeyRefused, QUESTION_MICROS, may_add, may_remove,
};
use domain::identity::{Unproven, Who};
use domain::text::Form;
use gateway::passkey::{
    Asked, KeptKey, Owner, PasskeyError, Site, ask_new, ask_proof, key_of_proof, take_new,
    take_proof,
};
use kernel::Id;
use leaf::ids::User;
use sha2::{Digest, Sha256};
use store::batch::PasskeyQuestion;
use store::identity::PasskeyRecord;

/// Bytes of the name by which a key is told apart on its owner's list.
const HANDLE_BYTES: usize = 8;
const ADD: &str = "add";
const PROVE: &str = "prove";

/// The name of a key on its owner's list; nothing can be done with it alone.
pub(crate) fn passkey_handle(credential: &[u8]) -> String {
    let hash = Sha256::new()
        .chain_update(b"shanji passkey")
        .chain_update(credential)
        .finalize();
    hex::encode(&hash[..HANDLE_BYTES])
}

/// The address to which keys belong.
fn site(call: &Call<'_>) -> Flow<Site> {
    let site = call.door.site.clone();
    site.map_err(|_| refused(PasskeyRefused::Impossible))
}

/// What changes factors wants a session that is strong.
fn strong(call: &Call<'_>) -> Flow<()> {
    if call.request.actor.proof().is_strong(call.now()) {
        return Ok(());
    }
    Err(Stop::App(AppError::denied(Unproven::Confirm)))
}

fn kept(record: &PasskeyRecord) -> KeptKey {
    KeptKey {
        id: record.credential.clone(),
        owner: record.owner,
        key: record.public_key.clone(),
        state: record.state.clone(),
        transports: record.transports,
    }
}

fn wrong(fault: PasskeyFault) -> Outcome {
    Outcome::PasskeyWrong { fault }
}

/// Keeps what was asked; the browser gets its half.
async fn asked(
    call: &mut Call<'_>,
    user: Id<User>,
    (holder, purpose): ([u8; 32], &'static str),
    asked: Asked,
) -> Flow<Outcome> {
    let now = call.now();
    let question = PasskeyQuestion {
        holder,
        purpose,
        user,
        state: asked.state,
        expires_at: now.plus_micros(QUESTION_MICROS).unwrap_or(now),
    };
    call.batch.passkey_ask(&question, now).await?;
    let options = asked.options;
    Ok(Outcome::Asked { options })
}

/// Asks for a new key. Who has a factor already shows it first; who has none has given the password.
pub(super) async fn ask_for_new(
    call: &mut Call<'_>,
    session: [u8; 32],
    name: &str,
) -> Flow<Outcome> {
    let user = person(call)?;
    let site = site(call)?;
    plain_name(name)?;
    let known = call.batch.passkeys(user).await?;
    may_add(i64::try_from(known.len()).unwrap_or(i64::MAX)).map_err(refused)?;
    if call.batch.has_factor(user).await? {
        strong(call)?;
    }
    let login = call.batch.login_of(user).await?;
    let login = login.ok_or(missing("这个用户"))?;
    let owner = Owner {
        handle: known.first().map_or(call.word_key(0), |key| key.owner),
        login: &login,
        name: &call.request.actor.name,
    };
    let known: Vec<KeptKey> = known.iter().map(kept).collect();
    let question = ask_new(&site, owner, &known).map_err(|_| damaged())?;
    asked(call, user, (session, ADD), question).await
}

/// The name of a key as it is kept.
fn plain_name(name: &str) -> Flow<String> {
    let mut check = Form::new();
    let name = check.private_line("name", "名称", name, NAME_MAX);
    check.finish(name).map_err(invalid)
}

/// Keeps the key that a browser made; recovery codes come with the first factor of all.
pub(super) async fn add(
    call: &mut Call<'_>,
    session: [u8; 32],
    (name, answer): (&str, &str),
) -> Flow<Outcome> {
    let user = person(call)?;
    let site = site(call)?;
    let name = plain_name(name)?;
    let is_first = !call.batch.has_factor(user).await?;
    let now = call.now();
    let question = call.batch.passkey_question((session, ADD), user, now);
    let Some(state) = question.await? else {
        return Ok(wrong(PasskeyFault::Late));
    };
    let key = match take_new(&site, &state, answer) {
        Ok(key) => key,
        Err(PasskeyError::Damaged) => return Err(damaged()),
        Err(error) => {
            tracing::info!(%error, "a new passkey was not taken");
            audit(call, user, "passkey_wrong");
            return Ok(wrong(PasskeyFault::Wrong));
        }
    };
    if call.batch.passkey_is_known(&key.id).await? {
        return Err(refused(PasskeyRefused::Known));
    }
    let record = PasskeyRecord {
        credential: key.id,
        owner: key.owner,
        name,
        public_key: key.key,
        state: key.state,
        transports: key.transports,
        added_at: now,
        used_at: None,
        doubted_at: None,
    };
    call.batch.passkey_insert(user, &record).await?;
    call.batch.second_factor_place(user).await?;
    let until = strong_until(now);
    call.batch.session_strong(session, user, until).await?;
    audit(call, user, "passkey_add");
    if is_first {
        return renew(call, user).await;
    }
    Ok(Outcome::Done)
}

/// Asks the signed-in person for a proof.
pub(super) async fn ask_for_proof(call: &mut Call<'_>, session: [u8; 32]) -> Flow<Outcome> {
    let user = person(call)?;
    ask_of(call, user, session).await
}

/// Asks the owner of a ticket for a proof; only the house itself reads tickets.
pub(super) async fn ask_at_ticket(
    call: &mut Call<'_>,
    (ticket, user): ([u8; 32], Id<User>),
) -> Flow<Outcome> {
    if !matches!(call.request.actor.who, Who::House(_)) {
        return Err(missing("这个操作"));
    }
    ask_of(call, user, ticket).await
}

async fn ask_of(call: &mut Call<'_>, user: Id<User>, holder: [u8; 32]) -> Flow<Outcome> {
    let site = site(call)?;
    let keys = call.batch.passkeys(user).await?;
    let good = keys.iter().filter(|key| key.doubted_at.is_none());
    let keys: Vec<KeptKey> = good.map(kept).collect();
    if keys.is_empty() {
        return Err(refused(PasskeyRefused::Absent));
    }
    let question = ask_proof(&site, &keys).map_err(|_| damaged())?;
    asked(call, user, (holder, PROVE), question).await
}

/// Judges the answer of one of the user's keys to what this holder was asked, and keeps what came of it.
pub(super) async fn prove(
    call: &mut Call<'_>,
    user: Id<User>,
    (holder, answer): ([u8; 32], &str),
) -> Flow<Given> {
    let site = site(call)?;
    let now = call.now();
    let question = call.batch.passkey_question((holder, PROVE), user, now);
    let Some(state) = question.await? else {
        return Ok(Given::No(wrong(PasskeyFault::Late)));
    };
    let keys = call.batch.passkeys(user).await?;
    let named = key_of_proof(answer).unwrap_or_default();
    let good = |key: &&PasskeyRecord| key.credential == named && key.doubted_at.is_none();
    let judged = match keys.iter().find(good) {
        Some(key) => take_proof(&site, &state, &kept(key), answer),
        None => Err(PasskeyError::TooLong),
    };
    match judged {
        Ok(key) => {
            call.batch.passkey_used(&key.id, &key.state, now).await?;
            Ok(Given::Right)
        }
        Err(PasskeyError::WentBack) => {
            call.batch.passkey_doubt(&named, now).await?;
            audit(call, user, "passkey_doubted");
            Ok(Given::No(wrong(PasskeyFault::Doubted)))
        }
        Err(PasskeyError::Damaged) => Err(damaged()),
        Err(error) => {
            tracing::info!(%error, "a passkey proved nothing");
            audit(call, user, "passkey_wrong");
            Ok(Given::No(wrong(PasskeyFault::Wrong)))
        }
    }
}

/// Removes one of the own keys; with the last factor of all go the recovery codes.
pub(super) async fn remove(call: &mut Call<'_>, handle: &str) -> Flow<Outcome> {
    let user = person(call)?;
    strong(call)?;
    let keys = call.batch.passkeys(user).await?;
    let is_it = |key: &&PasskeyRecord| passkey_handle(&key.credential) == handle;
    let key = keys.iter().find(is_it).ok_or(missing("这把通行密钥"))?;
    let factor = call.batch.second_factor(user).await?;
    let authenticator = factor.is_some_and(|factor| factor.on_since.is_some());
    let others = keys
        .iter()
        .filter(|other| other.credential != key.credential);
    let good = others.filter(|other| other.doubted_at.is_none()).count();
    let left = Left {
        authenticator,
        keys: i64::try_from(good).unwrap_or(i64::MAX),
    };
    let required = call.door.factor_required;
    may_remove(&call.request.actor, left, required).map_err(refused)?;
    let now = call.now();
    call.batch
        .passkey_remove(user, &key.credential, now)
        .await?;
    if !authenticator && keys.len() == 1 {
        call.batch.second_factor_forget(user).await?;
    }
    audit(call, user, "passkey_remove");
    Ok(Outcome::Done)
}

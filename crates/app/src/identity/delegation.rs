//! Duties in the hands of colleagues: given, ended, and who is represented by whom today.

use crate::AppError;
use crate::command::{DelegationForm, Outcome};
use crate::staircase::{Call, Flow, Stop, invalid, missing, refused};
use db::Session;
use domain::Refused;
use domain::identity::delegation::{
    Delegation, DelegationRefused, Duty, REASON_MAX, decide_delegation,
};
use domain::identity::{Action, Actor, Denied, Object};
use domain::text::Form;
use kernel::{Day, Id};
use leaf::ids::User;
use sha2::{Digest, Sha256};

/// Bytes of the name by which a delegation is told apart on lists.
const HANDLE_BYTES: usize = 8;

/// The name of a delegation on lists; nothing can be done with it alone.
pub(crate) fn delegation_handle(id: i64) -> String {
    let hash = Sha256::new()
        .chain_update(b"shanji delegation")
        .chain_update(id.to_be_bytes())
        .finalize();
    hex::encode(&hash[..HANDLE_BYTES])
}

/// The code of a duty in forms: it is looked up among the own ones and nowhere else.
pub(crate) fn duty_code(duty: &Duty) -> String {
    let organisation = duty.organisation.map_or(0, Id::raw);
    let region = duty.region.as_ref().map_or("", |region| region.as_str());
    let hash = Sha256::new()
        .chain_update(b"shanji duty")
        .chain_update(duty.role.code())
        .chain_update(organisation.to_be_bytes())
        .chain_update(region)
        .finalize();
    hex::encode(&hash[..HANDLE_BYTES])
}

fn person(call: &Call<'_>) -> Flow<Id<User>> {
    let user = call.request.actor.user_id();
    user.ok_or_else(|| Stop::App(AppError::denied(Denied::SignInFirst)))
}

pub(super) async fn give(call: &mut Call<'_>, form: &DelegationForm) -> Flow<Outcome> {
    let giver = person(call)?;
    let mut own = call.request.actor.grants().iter().filter_map(Duty::of);
    let duty = own.find(|duty| duty_code(duty) == form.duty.trim());
    let mut check = Form::new();
    if duty.is_none() {
        let not_held = DelegationRefused::NotHeld;
        check.refuse("duty", not_held.code(), not_held.sentence());
    }
    let login = check.private_line("login", "同事的登录名", &form.login, super::LOGIN_MAX);
    let first = check.day("first", "第一天", &form.first);
    let last = check.day("last", "最后一天", &form.last);
    let reason = check.private_line("reason", "原因", &form.reason, REASON_MAX);
    check.finish(()).map_err(invalid)?;
    let (Some(duty), Some(first), Some(last)) = (duty, first, last) else {
        return Err(refused(DelegationRefused::Days));
    };
    let place = Object {
        organisation: duty.organisation,
        region: duty.region,
        partner: None,
    };
    call.permit(Action::DutyDelegate, &place)?;
    let now = call.now();
    let colleague = call.batch.user_by_login(&login).await?;
    let delegate = colleague.ok_or(refused(DelegationRefused::NoColleague))?;
    let grants = store::identity::grants_of_user(call.batch.sql().await?, delegate).await?;
    let colleague = Actor::user(delegate, &login, grants, now.day());
    let wanted = Delegation {
        represented: giver,
        delegate,
        duty,
        first,
        last,
    };
    let running = call.batch.delegations_running(giver, now.day()).await?;
    let running: Vec<Delegation> = running.iter().map(|one| one.delegation).collect();
    let judged = decide_delegation(
        &call.request.actor,
        &colleague,
        &wanted,
        (now.day(), &running),
    );
    judged.map_err(refused)?;
    call.batch.delegation_insert(&wanted, &reason, now).await?;
    let id = call.print(delegate);
    let told = format!("delegate {} {first}..{last}", duty.role.code());
    call.audit(Action::DutyDelegate, id, told);
    Ok(Outcome::Done)
}

/// Ends it now: the one who gave it takes it back, or the one who has it gives it back.
pub(super) async fn end(call: &mut Call<'_>, handle: &str) -> Flow<Outcome> {
    let user = person(call)?;
    let session = call.batch.sql().await?;
    let mut all = store::identity::delegations_given(session, user).await?;
    all.extend(store::identity::delegations_received(session, user).await?);
    let found = all.iter().find(|one| delegation_handle(one.id) == handle);
    let found = found.ok_or(missing("这项委托"))?;
    let (id, delegate) = (found.id, found.delegation.delegate);
    let now = call.now();
    call.batch.delegation_end(id, user, now).await?;
    let object = call.print(delegate);
    call.audit(Action::DutyDelegate, object, "delegation_end");
    Ok(Outcome::Done)
}

/// 〔被代表的人〕 Somebody for whom a delegate may act today.
#[derive(Debug, Clone)]
pub(crate) struct Represented {
    /// Tells the delegation apart.
    pub(crate) handle: String,
    /// The delegation behind it.
    pub(crate) delegation: Delegation,
    /// The person with the duty that was handed over and nothing else.
    pub(crate) duty: Actor,
    /// The person with everything that was granted: an interest counts, whatever was handed over.
    pub(crate) whole: Actor,
}

/// Everybody whom a person may represent today.
///
/// # Errors
/// The engine's refusal.
pub(crate) async fn represented_by(
    session: &mut Session,
    actor: &Actor,
    today: Day,
) -> Result<Vec<Represented>, db::Error> {
    let Some(user) = actor.user_id() else {
        return Ok(Vec::new());
    };
    let mut all = Vec::new();
    for held in store::identity::delegations_held(session, user, today).await? {
        let represented = held.delegation.represented;
        let account = store::identity::user_by_id(session, represented).await?;
        let Some(account) = account.filter(|account| account.active) else {
            continue;
        };
        let grants = store::identity::grants_of_user(session, represented).await?;
        let duty = held.delegation.represents(&account.name, &grants, today);
        if let Some(duty) = duty {
            all.push(Represented {
                handle: delegation_handle(held.id),
                delegation: held.delegation,
                duty,
                whole: Actor::user(represented, &account.name, grants, today),
            });
        }
    }
    Ok(all)
}

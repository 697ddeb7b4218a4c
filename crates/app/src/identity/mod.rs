//! Identity: users, roles, sessions, sign-in.

mod delegation;
mod passkey;
mod second_factor;
mod sign_in;

pub(crate) use delegation::{Represented, delegation_handle, duty_code, represented_by};
pub(crate) use passkey::passkey_handle;
pub(crate) use sign_in::device_handle;
pub use sign_in::{FactorChoices, FirstStep, Visit, code_asked, token_hash};

use crate::command::{Command, GrantForm, Outcome, SessionOpen, UserForm};
use crate::staircase::{Call, Flow, Stop, invalid, missing};
use domain::identity::{Action, Grant, Object, Role, Who};
use domain::text::Form;
use kernel::RegionCode;
use second_factor::{Given, Offered, Wanted, strong_until};
use store::batch::NewSession;

/// The longest login.
const LOGIN_MAX: usize = 40;
/// The longest name of a browser or a network that is kept.
const LINE_MAX: usize = 200;

pub(crate) async fn run(call: &mut Call<'_>, command: &Command) -> Flow<Outcome> {
    match command {
        Command::UserCreate(form) => user_create(call, form).await,
        Command::RoleGrant(form) => role_grant(call, form).await,
        Command::DelegationGive(form) => delegation::give(call, form).await,
        Command::DelegationEnd { handle } => delegation::end(call, handle).await,
        Command::SessionOpen(open) => session_open(call, open).await,
        Command::Security(command) => second_factor::run(call, command).await,
        Command::SessionEnd { token_hash } => {
            call.batch.session_end(*token_hash, call.now()).await?;
            Ok(Outcome::Done)
        }
        _ => Err(missing("这个操作")),
    }
}

async fn user_create(call: &mut Call<'_>, form: &UserForm) -> Flow<Outcome> {
    call.permit(Action::UserManage, &Object::house())?;
    let mut check = Form::new();
    let login = check.private_line("login", "登录名", &form.login, LOGIN_MAX);
    let name = check.private_line("name", "姓名", &form.name, LOGIN_MAX);
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    if !login.chars().all(plain) {
        check.refuse(
            "login",
            "characters",
            "登录名只用字母、数字、点、横线和下划线，请改正。",
        );
    }
    if call.batch.user_by_login(&login).await?.is_some() {
        check.refuse("login", "taken", "这个登录名已有人用，请换一个。");
    }
    check.finish(()).map_err(invalid)?;
    let now = call.now();
    let id = call
        .batch
        .user_insert(&login, &name, &form.password_hash, now)
        .await?;
    let id = call.print(id);
    call.audit(Action::UserManage, id.clone(), "create");
    Ok(Outcome::Record { id })
}

async fn role_grant(call: &mut Call<'_>, form: &GrantForm) -> Flow<Outcome> {
    call.permit(Action::UserManage, &Object::house())?;
    let user = call
        .batch
        .user_by_login(form.login.trim())
        .await?
        .ok_or(missing("这个用户"))?;
    let mut check = Form::new();
    let role = Role::parse(form.role.trim());
    if role.is_none() {
        check.refuse("role", "choice", "请选择角色。");
    }
    let organisation = match form.organisation.trim() {
        "" => None,
        text => Some(call.id(text, "这个组织")?),
    };
    let region = match form.region.trim() {
        "" => None,
        text => RegionCode::parse(text)
            .map_err(|_| check.refuse("region", "region", "没有认出是哪个地方：请写省、市、县的名称，例如“浙江省 杭州市 西湖区”；同名的请从列出的里选一个。"))
            .ok(),
    };
    judge_place(&mut check, role, (organisation.is_some(), region.is_some()));
    check.finish(()).map_err(invalid)?;
    let Some(role) = role else {
        return Err(missing("这个角色"));
    };
    let from = call.now().day();
    let grant = Grant {
        role,
        organisation,
        region,
        from,
        to: None,
    };
    let now = call.now();
    call.batch.grant_insert(user, &grant, now).await?;
    let id = call.print(user);
    call.audit(
        Action::UserManage,
        id.clone(),
        format!("grant {}", role.code()),
    );
    Ok(Outcome::Record { id })
}

/// Where a role is held: people of an organisation there, officials in a region and nowhere else.
fn judge_place(check: &mut Form, role: Option<Role>, (organisation, region): (bool, bool)) {
    let Some(role) = role else { return };
    let works_for_one = !role.is_of_authority() && role != Role::Administrator;
    if works_for_one && !organisation {
        check.refuse("organisation", "required", "这个角色要指定所在组织。");
    }
    if !matches!(role, Role::Handler | Role::Decider) {
        return;
    }
    if !region && !check.has("region") {
        check.refuse(
            "region",
            "required",
            "受理和审批人员要指定管辖的地区，请写地区的名称。",
        );
    }
    if organisation {
        let sentence = "受理和审批人员只按地区授权，请不要选择组织。";
        check.refuse("organisation", "misplaced", sentence);
    }
}

/// The password was verified before; only the house itself may ask for this. Whoever has a second factor gets no session
/// without its code, whichever way leads here.
async fn session_open(call: &mut Call<'_>, open: &SessionOpen) -> Flow<Outcome> {
    if !matches!(call.request.actor.who, Who::House(_)) {
        call.permit(Action::UserManage, &Object::house())?;
    }
    let user = call
        .batch
        .user_by_login(&open.login)
        .await?
        .ok_or(missing("这个用户"))?;
    let mut strong = None;
    if call.batch.has_factor(user).await? {
        let Some(code) = &open.code else {
            return Err(Stop::App(sign_in::code_asked()));
        };
        let offered = Offered {
            holder: open.ticket,
            code: code.expose(),
        };
        let given = second_factor::give(call, user, (offered, Wanted::AnyFactor));
        if let Given::No(outcome) = given.await? {
            return Ok(outcome);
        }
        strong = strong_until(call.now());
    }
    let line = |text: &str| -> String {
        let plain = text.chars().filter(|c| !c.is_control());
        plain.take(LINE_MAX).collect()
    };
    let new = NewSession {
        token_hash: open.token_hash,
        user,
        device: line(&open.device),
        network: line(&open.network),
        strong_until: strong,
    };
    let now = call.now();
    call.batch.session_insert(&new, now).await?;
    let id = call.print(user);
    call.audit(Action::DeskRead, id.clone(), "sign_in");
    Ok(Outcome::Record { id })
}

//! `shanji admin`: what the operator of the machine does without a page: first users, roles, sessions, doctor.

mod api_key;
mod doctor;
mod log_key;
mod seal;

use crate::cli::{Admin, AdminKind};
use crate::house::{self, Place};
use crate::outcome::{Ended, Exit, Failure};
use crate::screen::say;
use app::command::{GrantForm, SecurityCommand, UserForm};
use app::{App, Command, CommandKey, Outcome};
use domain::identity::{Actor, Role};
use gateway::SystemEntropy;
use gateway::password::Passwords;
use kernel::Secret;
use std::io::BufRead;

/// Shortest password; the pages ask for the same.
const PASSWORD_CHARS: usize = 10;
/// Sessions of one user that are ended at once.
const SESSIONS: i64 = 1_000;

/// Runs the command.
pub(crate) fn run(args: &Admin) -> Ended {
    let place = Place::of(&args.house);
    match &args.what {
        AdminKind::ApiKey { label, per_minute } => api_key::run(&place, label, *per_minute),
        AdminKind::LogKey { what } => log_key::run(&place, what),
        AdminKind::KeySeal {
            new_passphrase_file,
        } => seal::seal(&place, new_passphrase_file.clone()),
        AdminKind::KeyUnseal => seal::unseal(&place),
        AdminKind::Doctor { json } => doctor::run(&place, *json),
        AdminKind::UserAdd { name, login } => {
            let password = read_password(&mut std::io::stdin().lock())?;
            house::block_on(async {
                user_add(&open(&place).await?, (name, login), password).await
            })?
        }
        AdminKind::RoleGrant {
            login,
            role,
            organisation,
            region,
        } => {
            let form = GrantForm {
                login: login.clone(),
                role: role_code(role)?.to_owned(),
                organisation: organisation.clone().unwrap_or_default(),
                region: region.clone().unwrap_or_default(),
            };
            house::block_on(async { role_grant(&open(&place).await?, form).await })?
        }
        AdminKind::SessionEnd { login } => {
            house::block_on(async { sessions_end(&open(&place).await?, login).await })?
        }
        AdminKind::FactorReset { login, .. } => {
            let login = login.as_deref();
            house::block_on(async { factors_reset(&open(&place).await?, login).await })?
        }
    }
}

/// The first line; a password as an argument would stand in the list of processes.
fn read_password(input: &mut dyn BufRead) -> Result<Secret<String>, Failure> {
    let mut line = String::new();
    input
        .read_line(&mut line)
        .map_err(|_| Failure::unreachable("password.read", "读不到密码，请从标准输入给一行"))?;
    let password = line.trim_end_matches(['\r', '\n']).to_owned();
    if password.chars().count() < PASSWORD_CHARS {
        let sentence = format!("密码至少{PASSWORD_CHARS}个字符，请从标准输入给一行");
        return Err(Failure::refused("password.short", sentence));
    }
    Ok(Secret::new(password))
}

fn role_code(text: &str) -> Result<&'static str, Failure> {
    let found = Role::ALL
        .into_iter()
        .find(|role| role.code() == text || role.title() == text);
    found.map(Role::code).ok_or_else(|| {
        let all: Vec<String> = Role::ALL
            .iter()
            .map(|role| format!("{}（{}）", role.code(), role.title()))
            .collect();
        Failure::usage(
            "role.unknown",
            format!("没有角色“{text}”，可用的有：{}", all.join("、")),
        )
    })
}

async fn open(place: &Place) -> Result<App, Failure> {
    let config = house::config(place).await?;
    App::open(config)
        .await
        .map_err(|error| house::failure(&error))
}

async fn ask(app: &App, command: Command) -> Result<Outcome, Failure> {
    let nonce: [u8; 16] = gateway::entropy::draw(&SystemEntropy)
        .map_err(|error| Failure::unreachable("entropy.unavailable", error.to_string()))?;
    let key = CommandKey(format!("admin/{}", hex::encode(nonce)));
    let actor = Actor::house("command line");
    app.write(&actor, &key, command)
        .await
        .map_err(|error| house::failure(&error))
}

async fn user_add(app: &App, user: (&str, &str), password: Secret<String>) -> Ended {
    let (name, login) = user;
    let failed =
        |error: &dyn std::fmt::Display| Failure::unreachable("password.hash", error.to_string());
    let passwords = Passwords::new(&SystemEntropy).map_err(|error| failed(&error))?;
    let password_hash = passwords
        .hash(password, &SystemEntropy)
        .await
        .map_err(|error| failed(&error))?;
    let form = UserForm {
        login: login.to_owned(),
        name: name.to_owned(),
        password_hash,
    };
    ask(app, Command::UserCreate(form)).await?;
    say(&format!(
        "已新增用户 {login}；请接着用 shanji admin role-grant {login} 角色 给他角色\n"
    ));
    Ok(Exit::Fine)
}

async fn role_grant(app: &App, form: GrantForm) -> Ended {
    let words = format!("{} 已有角色 {}\n", form.login, form.role);
    ask(app, Command::RoleGrant(form)).await?;
    say(&words);
    Ok(Exit::Fine)
}

async fn sessions_end(app: &App, login: &str) -> Ended {
    let mut read = app
        .db()
        .read_tx()
        .await
        .map_err(|e| crate::books::unread(&e))?;
    let user = store::identity::user_by_login(&mut read, login)
        .await
        .map_err(|e| crate::books::unread(&e))?
        .ok_or_else(|| Failure::refused("user.unknown", format!("没有登录名 {login}，请核对")))?;
    let open = store::audit::open_sessions_of(&mut read, user.id, app.now(), SESSIONS)
        .await
        .map_err(|e| crate::books::unread(&e))?;
    drop(read);
    let number = open.len();
    for token_hash in open {
        ask(app, Command::SessionEnd { token_hash }).await?;
    }
    say(&format!("已结束 {login} 的{number}个会话\n"));
    Ok(Exit::Fine)
}

/// The second factor of one person, or of everybody who has one.
async fn factors_reset(app: &App, login: Option<&str>) -> Ended {
    let logins = match login {
        Some(login) => vec![login.to_owned()],
        None => {
            let read = app.db().read_tx().await;
            let mut read = read.map_err(|e| crate::books::unread(&e))?;
            let all = store::identity::factor_logins(&mut read).await;
            all.map_err(|e| crate::books::unread(&e))?
        }
    };
    if logins.is_empty() {
        say("没有人开启两步验证，不用重设\n");
    }
    for login in logins {
        let words = format!("已重设 {login} 的两步验证；请本人登录后到“账号安全”重新开启\n");
        let reset = SecurityCommand::FactorReset { login };
        ask(app, Command::Security(reset)).await?;
        say(&words);
    }
    Ok(Exit::Fine)
}

#[cfg(test)]
mod tests;

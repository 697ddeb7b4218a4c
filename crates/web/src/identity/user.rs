//! Users and their roles, for the administrator.

use app::command::{GrantForm, SecurityCommand, UserForm};
use app::view::UserLine;
use app::{App, AppError, Command};
use axum::extract::State;
use domain::identity::Role;
use domain::{Sentence, say};

use super::desk::{DeskForm, Sheet};
use crate::error::{self, Page};
use crate::form::{Field, FormView, Input, Typed};
use crate::session::Staff;

fn new_sheet() -> Result<Sheet, AppError> {
    let fields = vec![
        Field::new("login", "登录名", Input::Line("off"))
            .focused()
            .hint("字母、数字或手机号，建立后不能改。"),
        Field::new("name", "姓名", Input::Line("off")),
        Field::new("password", "初始密码", Input::Password("new-password"))
            .hint("至少10个字，请当面告诉本人。"),
    ];
    let form = FormView::new("/desk/users/new", "新建用户", fields)?;
    Ok(Sheet::under("/desk/users", "用户", "新建用户", form)
        .effect("建立一个账号；授予角色之前，它什么也不能办。"))
}

/// `GET /desk/users/new`
pub(crate) async fn new(State(app): State<App>, staff: Staff) -> Page {
    // Reading the list asks for the permission before the form is shown.
    app.users(&staff.actor).await?;
    new_sheet()?.show(&staff)
}

/// `POST /desk/users/new`
pub(crate) async fn new_send(State(app): State<App>, staff: Staff, typed: Typed) -> Page {
    app.users(&staff.actor).await?;
    let sent = DeskForm {
        app: &app,
        staff: &staff,
        typed: &typed,
    };
    let password_hash = match app.password_hash(typed.get("password")).await {
        Ok(hash) => hash,
        Err(error) if error::keeps_the_form(&error) => return new_sheet()?.again(&sent, &error),
        Err(error) => return Err(error.into()),
    };
    let form = UserForm {
        login: typed.text("login"),
        name: typed.text("name"),
        password_hash,
    };
    match sent.write(Command::UserCreate(form)).await? {
        Ok(_) => Ok(error::see_other("/desk/users?done=user")),
        Err(error) => new_sheet()?.again(&sent, &error),
    }
}

fn logins(users: &[UserLine]) -> Vec<(String, Sentence)> {
    users
        .iter()
        .map(|u| (u.login.clone(), format!("{} ({})", u.name, u.login).into()))
        .collect()
}

fn reset_sheet(users: &[UserLine]) -> Result<Sheet, AppError> {
    let who = Field::new("login", "用户", Input::Select(logins(users)))
        .hint("先当面或打电话确认是本人在求助。");
    let form = FormView::new("/desk/users/factor", "重设两步验证", vec![who])?.grave();
    Ok(Sheet::under("/desk/users", "用户", "重设两步验证", form)
        .effect("这个用户的验证器、通行密钥和恢复码作废，只用密码就能登录；请本人马上重新开启。"))
}

/// `GET /desk/users/factor`
pub(crate) async fn factor(State(app): State<App>, staff: Staff) -> Page {
    let users = app.users(&staff.actor).await?;
    reset_sheet(&users)?.show(&staff)
}

/// `POST /desk/users/factor`
pub(crate) async fn factor_send(State(app): State<App>, staff: Staff, typed: Typed) -> Page {
    let login = typed.text("login");
    let sent = DeskForm {
        app: &app,
        staff: &staff,
        typed: &typed,
    };
    let command = Command::Security(SecurityCommand::FactorReset { login });
    match sent.write(command).await? {
        Ok(_) => Ok(error::see_other("/desk/users?done=factor-reset")),
        Err(error) => {
            let users = app.users(&staff.actor).await?;
            reset_sheet(&users)?.again(&sent, &error)
        }
    }
}

fn grant_sheet(users: &[UserLine], staff: &Staff) -> Result<Sheet, AppError> {
    let roles = Role::ALL
        .iter()
        .map(|r| (r.code().to_string(), r.title().into()))
        .collect();
    let known = staff
        .who
        .organisations
        .iter()
        .map(|link| link.title.as_str())
        .collect::<Vec<_>>();
    let hint = if known.is_empty() {
        "在组织页面上可以找到编号，例如 org_…；地区角色可不填。".into()
    } else {
        say!(
            "在组织页面上可以找到编号，例如 org_…；地区角色可不填。您的单位：{known}。",
            known = known.join(", ")
        )
    };
    let fields = vec![
        Field::new("login", "用户", Input::Select(logins(users))),
        Field::new("role", "角色", Input::Choice(roles)),
        Field::new("organisation", "单位编号", Input::Line("off"))
            .optional()
            .hint(hint),
        Field::new("region", "地区", Input::Region)
            .optional()
            .hint("监管、受理和审批人员填：写省、市或县的名称，例如“杭州市”。"),
    ];
    let form = FormView::new("/desk/users/grant", "授予角色", fields)?;
    Ok(Sheet::under("/desk/users", "用户", "授予角色", form)
        .effect("这个用户从此可以按角色办理；授权写进审计记录。经办、复核、付款请给不同的人。"))
}

/// `GET /desk/users/grant`
pub(crate) async fn grant(State(app): State<App>, staff: Staff) -> Page {
    let users = app.users(&staff.actor).await?;
    grant_sheet(&users, &staff)?.show(&staff)
}

/// `POST /desk/users/grant`
pub(crate) async fn grant_send(State(app): State<App>, staff: Staff, typed: Typed) -> Page {
    let command = Command::RoleGrant(GrantForm {
        login: typed.text("login"),
        role: typed.text("role"),
        organisation: typed.text("organisation"),
        region: app.region_code(typed.get("region")).await?,
    });
    let sent = DeskForm {
        app: &app,
        staff: &staff,
        typed: &typed,
    };
    match sent.write(command).await? {
        Ok(_) => Ok(error::see_other("/desk/users?done=grant")),
        Err(error) => {
            let users = app.users(&staff.actor).await?;
            let again = grant_sheet(&users, &staff)?.regions(&app, &typed).await?;
            again.again(&sent, &error)
        }
    }
}

//! 〔通行密钥〕 Adding and removing passkeys, and asking the browser for a proof. Everything works with an authenticator
//! where scripts are off.

use app::command::{Outcome, SecurityCommand};
use app::identity::token_hash;
use app::view::WhoAmI;
use app::{App, AppError, Command};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use domain::Sentence;
use std::sync::Arc;

use super::desk::{DeskForm, Sheet};
use super::security::{Codes, HOME, again};
use super::session::too_often;
use crate::attempts::Attempts;
use crate::error::{self, Page};
use crate::form::{Field, FormView, Input, PASSKEY_FIELD, Typed};
use crate::session::Staff;
use crate::show::filters;

/// Where the browser of somebody at the desk is asked.
pub(crate) const ASK_AT_DESK: &str = "/desk/security/passkeys/ask";
/// Where the browser of somebody between password and session is asked.
pub(crate) const ASK_AT_SIGN_IN: &str = "/sign-in/passkey";
const NEW: &str = "/desk/security/passkeys/new";

#[derive(Template)]
#[template(path = "identity/security/passkey_new.html")]
pub(crate) struct PasskeyNew<'a> {
    pub(crate) staff: &'a WhoAmI,
    /// For the browser's own function.
    pub(crate) options: String,
    pub(crate) domain: String,
    pub(crate) name: String,
}

/// The form that removes a key.
pub(crate) fn removal(handle: &str) -> Result<FormView, AppError> {
    let action = format!("{HOME}/passkeys/{handle}/remove");
    let form = FormView::new(&action, "移除这把密钥", Vec::new())?;
    Ok(form.grave().apart(handle))
}

fn new_sheet(has_factor: bool) -> Result<Sheet, AppError> {
    let mut fields = vec![
        Field::new("name", "名称", Input::Line("off"))
            .focused()
            .hint("自己认得出就行，例如“办公室电脑”。"),
    ];
    if !has_factor {
        let password = Field::new("password", "密码", Input::Password("current-password"));
        fields.push(password.hint("先确认是您本人，再创建密钥。"));
    }
    let form = FormView::new(NEW, "下一步", fields)?;
    let sheet = Sheet::under(HOME, "账号安全", "添加通行密钥", form);
    Ok(sheet.effect("密钥留在您的设备里，用指纹、面容或锁屏密码打开；本站只存公开的那一半。"))
}

/// `GET /desk/security/passkeys/new`
pub(crate) async fn new(State(app): State<App>, staff: Staff) -> Page {
    let page = app.security_page((&staff.actor, &staff.token)).await?;
    new_sheet(page.has_factor())?.show(&staff)
}

/// `POST /desk/security/passkeys/new`: who it is was shown; the page on which the device makes the key.
pub(crate) async fn new_send(
    State(app): State<App>,
    State(attempts): State<Arc<Attempts>>,
    staff: Staff,
    typed: Typed,
) -> Page {
    let page = app.security_page((&staff.actor, &staff.token)).await?;
    let sent = DeskForm {
        app: &app,
        staff: &staff,
        typed: &typed,
    };
    let sheet = new_sheet(page.has_factor())?;
    if !page.has_factor() {
        if let Err(seconds) = attempts.begin(&staff.who.login, app.now()) {
            return sheet.again(&sent, &too_often(seconds));
        }
        match app
            .password_again(&staff.actor, typed.get("password"))
            .await
        {
            Ok(()) => attempts.succeeded(&staff.who.login),
            Err(error @ AppError::Internal(_)) => return Err(error.into()),
            Err(error) => return sheet.again(&sent, &error),
        }
    }
    let session = token_hash(&staff.token);
    let name = typed.text("name");
    let ask = Command::Security(SecurityCommand::PasskeyAsk { session, name });
    match sent.write(ask).await? {
        Ok(Outcome::Asked { options }) => staff.view.page(&PasskeyNew {
            staff: &staff.who,
            options,
            domain: domain_of(&app),
            name: typed.text("name"),
        }),
        Ok(_) => Ok(error::see_other(HOME)),
        Err(error) => sheet.again(&sent, &error),
    }
}

/// The domain of the keys, empty where there are none.
pub(crate) fn domain_of(app: &App) -> String {
    app.site()
        .map_or_else(|_| String::new(), |site| site.domain().to_string())
}

/// `POST /desk/security/passkeys/add`: what the device made.
pub(crate) async fn add(State(app): State<App>, staff: Staff, typed: Typed) -> Page {
    let session = (&staff.actor, staff.token.as_str());
    let answer = typed.get(PASSKEY_FIELD);
    match app.passkey_add(session, typed.get("name"), answer).await {
        // Shown this once: going on to another page would lose them.
        Ok(codes) if !codes.is_empty() => staff.view.page(&Codes {
            staff: &staff.who,
            codes,
        }),
        Ok(_) => Ok(error::see_other("/desk/security?done=passkey-added")),
        Err(error @ AppError::Internal(_)) => Err(error.into()),
        Err(error) => {
            let sent = DeskForm {
                app: &app,
                staff: &staff,
                typed: &typed,
            };
            let page = app.security_page(session).await?;
            new_sheet(page.has_factor())?.again(&sent, &bare(error))
        }
    }
}

/// The same without its field: at this form nobody is asked for a code.
fn bare(error: AppError) -> AppError {
    match error {
        AppError::Denied(mut refusal) => {
            refusal.field = None;
            AppError::Denied(refusal)
        }
        other => other,
    }
}

/// `POST /desk/security/passkeys/{handle}/remove`
pub(crate) async fn remove(
    State(app): State<App>,
    staff: Staff,
    Path(handle): Path<String>,
    typed: Typed,
) -> Page {
    let action = format!("{HOME}/passkeys/{handle}/remove");
    let sent = DeskForm {
        app: &app,
        staff: &staff,
        typed: &typed,
    };
    let remove = Command::Security(SecurityCommand::PasskeyRemove { handle });
    match sent.write(remove).await? {
        Ok(_) => Ok(error::see_other("/desk/security?done=passkey-removed")),
        Err(error) => again(&app, &staff, (&action, &typed), error).await,
    }
}

/// What a browser is asked, for its script.
fn question(options: String) -> Page {
    let json = HeaderValue::from_static("application/json");
    Ok(([(CONTENT_TYPE, json)], options).into_response())
}

/// `POST /desk/security/passkeys/ask`
pub(crate) async fn ask(State(app): State<App>, staff: Staff) -> Page {
    question(app.proof_ask((&staff.actor, &staff.token)).await?)
}

/// `POST /sign-in/passkey`: whose ticket it is was shown by the password.
pub(crate) async fn ask_at_sign_in(State(app): State<App>, typed: Typed) -> Page {
    question(app.proof_ask_at_ticket(typed.get("ticket")).await?)
}

/// Where keys work, or why they do not, in words.
pub(crate) fn site_words(site: &Result<String, gateway::passkey::NoPasskeys>) -> Option<Sentence> {
    use gateway::passkey::NoPasskeys;
    match site {
        Ok(_) => None,
        Err(NoPasskeys::Number) => Some(
            "本站的公开地址是IP地址，浏览器只给域名创建通行密钥；请用手机验证器，或请系统管理员给本站配上域名。".into(),
        ),
        Err(NoPasskeys::Plain) => Some(
            "本站的公开地址没有加密（https），用不了通行密钥；请用手机验证器，或请系统管理员配置https。".into(),
        ),
        Err(NoPasskeys::Unreadable) => Some(
            "本站没有配好公开地址，用不了通行密钥；请用手机验证器，或请系统管理员设置公开地址。".into(),
        ),
    }
}

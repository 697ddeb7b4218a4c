//! 〔账号安全〕 The own second factor, recovery codes, signed-in devices, and giving a code before a grave act.

use app::command::CodeAct;
use app::view::{DeviceLine, FactorView, PasskeyLine, SecurityPage, WhoAmI};
use app::{App, AppError};
use askama::Template;
use axum::extract::{Query, State};
use domain::identity::second_factor::STRONG_MICROS;
use domain::say;
use std::sync::Arc;

use super::desk::{DeskForm, Done, Sheet, done};
use super::passkey::removal;
use super::session::too_often;
use crate::attempts::Attempts;
use crate::error::{self, Page};
use crate::form::{Field, FormView, Input, Typed, code_field};
use crate::routes::Continue;
use crate::session::{Staff, safe_next};
use crate::show::filters;

/// Where all of it stands.
pub(crate) const HOME: &str = "/desk/security";
/// Letters of a secret that stand together, so that typing does not lose its place.
const SECRET_GROUP: usize = 4;
/// The longest name of a program that is shown, in characters.
const DEVICE_CHARS: usize = 40;
const MICROS_PER_MINUTE: i64 = 60_000_000;

#[derive(Template)]
#[template(path = "identity/security/page.html")]
pub(crate) struct Security<'a> {
    pub(crate) staff: &'a WhoAmI,
    pub(crate) page: SecurityPage,
    /// The drawing of the address, while it is shown.
    pub(crate) drawing: String,
    pub(crate) forms: Vec<FormView>,
    /// For each passkey the form that removes it.
    pub(crate) removals: Vec<FormView>,
    pub(crate) done: Option<Done>,
}

impl Security<'_> {
    /// Each passkey with the form that removes it.
    fn keys(&self) -> impl Iterator<Item = (&PasskeyLine, &FormView)> {
        self.page.passkeys.iter().zip(&self.removals)
    }

    /// True if there is another session to end.
    fn has_others(&self) -> bool {
        self.page.devices.iter().any(|device| !device.here)
    }
}

#[derive(Template)]
#[template(path = "identity/security/codes.html")]
pub(crate) struct Codes<'a> {
    pub(crate) staff: &'a WhoAmI,
    pub(crate) codes: Vec<String>,
}

/// The secret in groups.
pub(crate) fn grouped(secret: &str) -> String {
    let letters: Vec<char> = secret.chars().collect();
    let groups: Vec<String> = letters
        .chunks(SECRET_GROUP)
        .map(String::from_iter)
        .collect();
    groups.join(" ")
}

/// Browser and system of a device, by the names that they give themselves; nothing if they give none.
pub(crate) fn device_words(device: &DeviceLine) -> Option<String> {
    let agent = device.device.as_str();
    let known = |names: &[(&str, &'static str)]| {
        let found = names.iter().find(|(mark, _)| agent.contains(mark));
        found.map(|(_, name)| *name)
    };
    // Browsers call themselves by the names of older ones too: the newest name stands first.
    let browser = known(&[
        ("Edg/", "Edge"),
        ("MicroMessenger", "WeChat"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = known(&[
        ("HarmonyOS", "HarmonyOS"),
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => Some(format!("{browser} · {system}")),
        (Some(one), None) | (None, Some(one)) => Some(one.to_string()),
        (None, None) => {
            let first = agent.split('/').next().unwrap_or_default().trim();
            let name: String = first.chars().take(DEVICE_CHARS).collect();
            (!name.is_empty()).then_some(name)
        }
    }
}

/// What can be done now: the forms of the page.
pub(crate) fn forms(page: &SecurityPage) -> Result<Vec<FormView>, AppError> {
    let code = || code_field().hint("手机验证器上的六位数字，也可以填一个恢复码。");
    let renew = || FormView::new("/desk/security/renew", "换一组恢复码", vec![code()]);
    let mut forms = match page.factor {
        FactorView::Off => {
            let password = Field::new("password", "密码", Input::Password("current-password"))
                .hint("先确认是您本人，再显示二维码。");
            let form = FormView::new("/desk/security/begin", "开启两步验证", vec![password])?;
            vec![form]
        }
        FactorView::Begun { .. } => {
            let code = code_field().hint("填手机验证器现在显示的六位数字。");
            vec![FormView::new("/desk/security/on", "确认开启", vec![code])?]
        }
        FactorView::On { .. } => {
            let off = FormView::new("/desk/security/off", "关闭两步验证", vec![code()])?;
            vec![renew()?.apart("renew"), off.grave().apart("off")]
        }
    };
    if !matches!(page.factor, FactorView::On { .. }) && page.has_factor() {
        forms.push(renew()?.apart("renew"));
    }
    Ok(forms)
}

/// For each passkey the form that removes it.
pub(crate) fn removals(page: &SecurityPage) -> Result<Vec<FormView>, AppError> {
    let keys = page.passkeys.iter();
    keys.map(|key| removal(&key.handle)).collect()
}

async fn security<'a>(app: &App, staff: &'a Staff) -> Result<Security<'a>, AppError> {
    let page = app.security_page((&staff.actor, &staff.token)).await?;
    let mut drawing = String::new();
    if let FactorView::Begun { address, .. } = &page.factor {
        let title = staff.view.say("两步验证的二维码");
        drawing = paper::svg_of(address, &title).map_err(AppError::internal)?;
    }
    Ok(Security {
        staff: &staff.who,
        forms: forms(&page)?,
        removals: removals(&page)?,
        page,
        drawing,
        done: None,
    })
}

/// The page again: the form that was sent with what is wrong, or the sentence alone where the form is gone.
pub(super) async fn again(app: &App, staff: &Staff, sent: (&str, &Typed), error: AppError) -> Page {
    if !(error::keeps_the_form(&error) || matches!(error, AppError::Denied(_))) {
        return Err(error.into());
    }
    let (action, typed) = sent;
    let mut shown = security(app, staff).await?;
    let mut forms = shown.forms.iter_mut().chain(&mut shown.removals);
    let Some(form) = forms.find(|form| form.action == action) else {
        return Err(error.into());
    };
    *form = form.clone().answering(typed, &error);
    staff.view.again(&error, &shown)
}

/// `GET /desk/security`
pub(crate) async fn show(State(app): State<App>, staff: Staff, Query(on): Query<Continue>) -> Page {
    let mut shown = security(&app, &staff).await?;
    shown.done = done(&on);
    staff.view.page(&shown)
}

/// `POST /desk/security/begin`
pub(crate) async fn begin(
    State(app): State<App>,
    State(attempts): State<Arc<Attempts>>,
    staff: Staff,
    typed: Typed,
) -> Page {
    let action = "/desk/security/begin";
    if let Err(seconds) = attempts.begin(&staff.who.login, app.now()) {
        return again(&app, &staff, (action, &typed), too_often(seconds)).await;
    }
    match app.factor_begin(&staff.actor, typed.get("password")).await {
        Ok(()) => {
            attempts.succeeded(&staff.who.login);
            Ok(error::see_other(HOME))
        }
        Err(error) => again(&app, &staff, (action, &typed), error).await,
    }
}

async fn with_code(app: &App, staff: &Staff, typed: &Typed, act: CodeAct) -> Page {
    let action = match act {
        CodeAct::On => "/desk/security/on",
        CodeAct::Off => "/desk/security/off",
        CodeAct::Renew | CodeAct::Confirm => "/desk/security/renew",
    };
    let session = (&staff.actor, staff.token.as_str());
    match app.code_give(session, typed.proof(), act).await {
        // Shown this once: going on to another page would lose them.
        Ok(codes) if !codes.is_empty() => staff.view.page(&Codes {
            staff: &staff.who,
            codes,
        }),
        Ok(_) => Ok(error::see_other("/desk/security?done=factor-off")),
        Err(error) => again(app, staff, (action, typed), error).await,
    }
}

/// `POST /desk/security/on`
pub(crate) async fn on(State(app): State<App>, staff: Staff, typed: Typed) -> Page {
    with_code(&app, &staff, &typed, CodeAct::On).await
}

/// `POST /desk/security/off`
pub(crate) async fn off(State(app): State<App>, staff: Staff, typed: Typed) -> Page {
    with_code(&app, &staff, &typed, CodeAct::Off).await
}

/// `POST /desk/security/renew`
pub(crate) async fn renew(State(app): State<App>, staff: Staff, typed: Typed) -> Page {
    with_code(&app, &staff, &typed, CodeAct::Renew).await
}

/// `POST /desk/security/end`: one session.
pub(crate) async fn end(State(app): State<App>, staff: Staff, typed: Typed) -> Page {
    let session = (&staff.actor, staff.token.as_str());
    app.device_end(session, Some(typed.get("device"))).await?;
    Ok(error::see_other("/desk/security?done=session-ended"))
}

/// `POST /desk/security/end-others`
pub(crate) async fn end_others(State(app): State<App>, staff: Staff) -> Page {
    let session = (&staff.actor, staff.token.as_str());
    app.device_end(session, None).await?;
    Ok(error::see_other("/desk/security?done=session-ended"))
}

fn confirm_sheet(next: &str) -> Result<Sheet, AppError> {
    let code = code_field()
        .focused()
        .hint("手机验证器上的六位数字，也可以填一个恢复码。");
    let fields = vec![code, Field::hidden("next", safe_next(next))];
    let form = FormView::new("/desk/security/confirm", "确认", fields)?;
    let minutes = STRONG_MICROS / MICROS_PER_MINUTE;
    Ok(
        Sheet::under(HOME, "账号安全", "确认是您本人", form).effect(say!(
            "{minutes}分钟内办理批准、付款这类事情不再问验证码。",
            minutes
        )),
    )
}

/// `GET /desk/security/confirm`
pub(crate) async fn confirm(
    State(app): State<App>,
    staff: Staff,
    Query(on): Query<Continue>,
) -> Page {
    let page = app.security_page((&staff.actor, &staff.token)).await?;
    if !page.has_factor() {
        return Ok(error::see_other(HOME));
    }
    let next = on.next.as_deref().unwrap_or("/desk");
    if page.strong {
        return Ok(error::see_other(safe_next(next)));
    }
    confirm_sheet(next)?.show(&staff)
}

/// `POST /desk/security/confirm`
pub(crate) async fn confirm_send(State(app): State<App>, staff: Staff, typed: Typed) -> Page {
    let session = (&staff.actor, staff.token.as_str());
    let given = app.code_give(session, typed.proof(), CodeAct::Confirm);
    let sent = DeskForm {
        app: &app,
        staff: &staff,
        typed: &typed,
    };
    match given.await {
        Ok(_) => Ok(error::see_other(safe_next(typed.get("next")))),
        Err(error @ (AppError::Denied(_) | AppError::Refused(_))) => {
            confirm_sheet(typed.get("next"))?.again(&sent, &error)
        }
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_words(agent: &str, want: Option<&str>) {
        let device = DeviceLine {
            handle: String::new(),
            device: agent.into(),
            network: String::new(),
            begun: String::new(),
            seen: String::new(),
            here: false,
        };
        assert_eq!(device_words(&device).as_deref(), want, "{agent}");
    }

    #[test]
    fn devices_are_told_apart_by_people() {
        check_words(
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36 Edg/142.0",
            Some("Edge · Windows"),
        );
        check_words(
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1",
            Some("Safari · iPhone"),
        );
        check_words("curl/8.14.1", Some("curl"));
        check_words("", None);
        assert_eq!(grouped("ABCDEFGHIJ"), "ABCD EFGH IJ");
    }
}

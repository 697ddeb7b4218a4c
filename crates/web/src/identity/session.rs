//! Signing in and out.

use app::identity::{FirstStep, Visit};
use app::{App, AppError};
use askama::Template;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::http::header::USER_AGENT;
use domain::{Refusal, say};
use std::sync::Arc;

use crate::attempts::Attempts;
use crate::error::{self, Page};
use crate::form::{Field, FormView, Input, Typed, code_field};
use crate::identity::kept::{self, KEPT_FIELD};
use crate::identity::passkey::domain_of;
use crate::neighbour::Network;
use crate::routes::Continue;
use crate::session::{forget_session, keep_session, safe_next, session_token};
use crate::show::filters;
use crate::view::View;

/// The longest name of a browser that is kept, in characters.
const DEVICE_MAX: usize = 200;

#[derive(Template)]
#[template(path = "identity/session/sign_in.html")]
pub(crate) struct SignIn {
    pub(crate) form: FormView,
    /// True if a form was sent after its session had ended; it is carried along.
    pub(crate) ended: bool,
}

/// The form of signing in; `kept` is the body of a form that is sent again afterwards, mostly empty.
pub(crate) fn sign_in_form(next: &str, kept: &str) -> Result<FormView, AppError> {
    let fields = vec![
        Field::new("login", "登录名", Input::Line("username")).focused(),
        Field::new("password", "密码", Input::Password("current-password")),
        Field::hidden("next", safe_next(next)),
        Field::hidden(KEPT_FIELD, kept),
    ];
    FormView::new("/sign-in", "登录", fields)
}

#[derive(Template)]
#[template(path = "identity/session/second_step.html")]
pub(crate) struct SecondStep {
    pub(crate) form: FormView,
    /// The domain of the keys, if one can be used.
    pub(crate) passkey: Option<String>,
}

/// Name of the field with the ticket between the two steps.
const TICKET_FIELD: &str = "ticket";

/// The form of the second step; the ticket says whose password was right, and when.
pub(crate) fn second_step_form(ticket: &str, next: &str, kept: &str) -> Result<FormView, AppError> {
    let code = code_field()
        .focused()
        .hint("手机验证器上的六位数字，也可以填一个恢复码。");
    let fields = vec![
        code,
        Field::hidden(TICKET_FIELD, ticket),
        Field::hidden("next", safe_next(next)),
        Field::hidden(KEPT_FIELD, kept),
    ];
    FormView::new("/sign-in/code", "登录", fields)
}

/// The page of the second step; nothing of a key where the person has none.
async fn second_step(app: &App, ticket: &str, form: FormView) -> Result<SecondStep, AppError> {
    let choices = app.factor_choices(ticket).await?;
    let passkey = choices.passkey.then(|| domain_of(app));
    Ok(SecondStep { form, passkey })
}

/// `GET /sign-in`
pub(crate) async fn show(view: View, Query(on): Query<Continue>) -> Page {
    let form = sign_in_form(on.next.as_deref().unwrap_or("/desk"), "")?;
    view.page(&SignIn { form, ended: false })
}

/// `POST /sign-in`
pub(crate) async fn send(
    State(app): State<App>,
    State(attempts): State<Arc<Attempts>>,
    (view, headers, network): (View, HeaderMap, Network),
    typed: Typed,
) -> Page {
    let (next, kept) = (typed.get("next"), typed.get(KEPT_FIELD));
    let again = |error: &AppError| {
        let form = sign_in_form(next, kept)?.answering(&typed, error);
        let ended = !kept.is_empty();
        Ok::<_, AppError>(SignIn { form, ended })
    };
    if let Err(seconds) = attempts.begin(typed.get("login"), app.now()) {
        let html = view.draw(&again(&too_often(seconds))?)?;
        return Ok(error::slow_down(seconds, html));
    }
    let device = device_of(&headers);
    let visit = visit(&device, &network);
    let step = app.sign_in_first(typed.get("login"), typed.get("password"), visit);
    match step.await {
        Ok(FirstStep::Open(token)) => {
            attempts.succeeded(typed.get("login"));
            signed_in(&view, &headers, &typed, &token).await
        }
        Ok(FirstStep::Code(ticket)) => {
            // Wrong codes are counted by the house itself.
            attempts.succeeded(typed.get("login"));
            let form = second_step_form(&ticket, next, kept)?;
            view.page(&second_step(&app, &ticket, form).await?)
        }
        Err(error @ AppError::Internal(_)) => Err(error.into()),
        Err(error) => view.again(&error, &again(&error)?),
    }
}

/// `POST /sign-in/code`
pub(crate) async fn code(
    State(app): State<App>,
    (view, headers, network): (View, HeaderMap, Network),
    typed: Typed,
) -> Page {
    let ticket = typed.get(TICKET_FIELD);
    let device = device_of(&headers);
    let visit = visit(&device, &network);
    match app.sign_in_second(ticket, typed.proof(), visit).await {
        Ok(token) => signed_in(&view, &headers, &typed, &token).await,
        // The ticket is no use any more: back to the password, with what was carried along.
        Err(error @ AppError::Denied(_)) if is_late(&error) => {
            let (next, kept) = (typed.get("next"), typed.get(KEPT_FIELD));
            let form = sign_in_form(next, kept)?.answering(&Typed::default(), &error);
            let ended = !kept.is_empty();
            view.again(&error, &SignIn { form, ended })
        }
        Err(error @ AppError::Internal(_)) => Err(error.into()),
        Err(error) => {
            let form = second_step_form(ticket, typed.get("next"), typed.get(KEPT_FIELD))?;
            let form = form.answering(&typed, &error);
            view.again(&error, &second_step(&app, ticket, form).await?)
        }
    }
}

fn is_late(error: &AppError) -> bool {
    matches!(error, AppError::Denied(refusal) if refusal.code == "second_factor_late")
}

fn visit<'a>(device: &'a str, network: &'a Network) -> Visit<'a> {
    let network = network.0.as_str();
    Visit { device, network }
}

fn device_of(headers: &HeaderMap) -> String {
    let agent = headers
        .get(USER_AGENT)
        .and_then(|agent| agent.to_str().ok());
    agent.unwrap_or_default().chars().take(DEVICE_MAX).collect()
}

/// The answer that opens the desk, or brings back the form that was sent too late.
async fn signed_in(view: &View, headers: &HeaderMap, typed: &Typed, token: &str) -> Page {
    let (next, kept) = (typed.get("next"), typed.get(KEPT_FIELD));
    let mut answer = if kept.is_empty() {
        error::see_other(safe_next(next))
    } else {
        kept::resume(view, next, kept).await?
    };
    keep_session(&mut answer, headers, token);
    Ok(answer)
}

pub(super) fn too_often(seconds: u32) -> AppError {
    let sentence = say!(
        "尝试次数太多，请{seconds}秒后再试；忘记密码请找系统管理员。",
        seconds
    );
    AppError::Refused(Refusal {
        code: "too_many_attempts",
        sentence,
        law: None,
        field: None,
    })
}

/// `POST /sign-out`
pub(crate) async fn sign_out(State(app): State<App>, headers: HeaderMap) -> Page {
    if let Some(token) = session_token(&headers) {
        app.sign_out(&token).await?;
    }
    let mut answer = error::see_other("/");
    forget_session(&mut answer);
    Ok(answer)
}

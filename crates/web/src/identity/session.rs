//! Signing in and out.

use app::{App, AppError};
use askama::Template;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::http::header::USER_AGENT;
use domain::{Refusal, say};
use std::sync::Arc;

use crate::attempts::Attempts;
use crate::error::{self, Page};
use crate::form::{Field, FormView, Input, Typed};
use crate::identity::kept::{self, KEPT_FIELD};
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

/// `GET /sign-in`
pub(crate) async fn show(view: View, Query(on): Query<Continue>) -> Page {
    let form = sign_in_form(on.next.as_deref().unwrap_or("/desk"), "")?;
    view.page(&SignIn { form, ended: false })
}

/// `POST /sign-in`
pub(crate) async fn send(
    State(app): State<App>,
    State(attempts): State<Arc<Attempts>>,
    (view, headers): (View, HeaderMap),
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
    let device: String = headers
        .get(USER_AGENT)
        .and_then(|agent| agent.to_str().ok())
        .unwrap_or("未知设备")
        .chars()
        .take(DEVICE_MAX)
        .collect();
    match app
        .sign_in(typed.get("login"), typed.get("password"), &device)
        .await
    {
        Ok(token) => {
            attempts.succeeded(typed.get("login"));
            let mut answer = if kept.is_empty() {
                error::see_other(safe_next(next))
            } else {
                kept::resume(&view, next, kept).await?
            };
            keep_session(&mut answer, &headers, &token);
            Ok(answer)
        }
        Err(error @ AppError::Internal(_)) => Err(error.into()),
        Err(error) => view.again(&error, &again(&error)?),
    }
}

fn too_often(seconds: u32) -> AppError {
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

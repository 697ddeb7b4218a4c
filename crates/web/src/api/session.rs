//! Signing in and out by machines: a bearer token, shown once.

use std::sync::Arc;

use app::App;
use app::identity::{FirstStep, Visit, code_asked};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::USER_AGENT;
use serde::Serialize;
use utoipa::ToSchema;

use super::answer::{Answer, json};
use super::body::Json;
use super::caller::Staff;
use super::fault::Fault;
use super::limits::DEVICE_MAX;
use super::request::SignIn;
use crate::attempts::Attempts;
use crate::error;
use crate::neighbour::Network;

/// 〔会话〕 A session that was opened.
#[derive(Serialize, ToSchema)]
#[schema(as = Session)]
pub(super) struct SessionNew {
    /// Goes into `Authorization: Bearer …`; it is shown this once.
    token: String,
}

/// Signing in twice opens two sessions, so no command key is asked for.
pub(super) async fn open(
    State(app): State<App>,
    State(attempts): State<Arc<Attempts>>,
    (headers, network): (HeaderMap, Network),
    Json(body): Json<SignIn>,
) -> Answer {
    attempts
        .begin(&body.login, app.now())
        .map_err(Fault::TooMany)?;
    let device = headers
        .get(USER_AGENT)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("");
    let device: String = device.chars().take(DEVICE_MAX).collect();
    let visit = Visit {
        device: &device,
        network: &network.0,
    };
    let step = app.sign_in_first(&body.login, &body.password, visit);
    let step = step.await?;
    attempts.succeeded(&body.login);
    let token = match step {
        FirstStep::Open(token) => token,
        FirstStep::Code(_) if body.code.trim().is_empty() => return Err(code_asked().into()),
        FirstStep::Code(ticket) => app.sign_in_second(&ticket, &body.code, visit).await?,
    };
    Ok(error::created(
        json(SessionNew { token })?,
        "/api/v1/sessions/current",
    ))
}

pub(super) async fn end(State(app): State<App>, staff: Staff) -> Answer {
    app.sign_out(&staff.token).await?;
    Ok(error::no_content())
}

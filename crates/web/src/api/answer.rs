//! What a machine is told after a command, and how answers are written.

use app::{App, Command, CommandKey, Outcome};
use axum::Json;
use axum::response::{IntoResponse, Response};
use domain::identity::Actor;
use serde::Serialize;
use utoipa::ToSchema;

use super::caller::{Key, Staff};
use super::fault::Fault;
use crate::error;

/// 〔办理结果〕 What a command led to.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "done", rename_all = "snake_case")]
#[schema(as = Outcome)]
pub(crate) enum Done {
    /// A record was made or changed.
    Record {
        /// Printed id.
        id: String,
    },
    /// Money came in.
    Gift {
        /// Printed donation id: the acknowledgement number.
        donation: String,
        /// Why it is held, if it is.
        held: Option<String>,
        /// True if this payment was known already.
        replay: bool,
    },
    /// Money moved.
    Moved {
        /// Printed id of the record.
        id: String,
        /// Printed ids of the movements.
        movements: Vec<String>,
    },
    /// An order to pay stands at a new step.
    Step {
        /// Printed disbursement id.
        id: String,
        /// Code of the new state.
        state: String,
    },
    /// Rows were posted.
    Posted {
        /// How many were new.
        rows: i64,
        /// How many were known already.
        known: i64,
    },
    /// Done, nothing to name.
    #[serde(rename = "done")]
    Nothing,
}

impl From<Outcome> for Done {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Record { id } => Done::Record { id },
            Outcome::Gift {
                donation,
                held,
                replay,
            } => Done::Gift {
                donation,
                held,
                replay,
            },
            Outcome::Moved { id, movements } => Done::Moved { id, movements },
            Outcome::Step { id, state } => Done::Step { id, state },
            Outcome::Posted { rows, known } => Done::Posted { rows, known },
            // Nothing that an address of this interface asks for ends like the other three.
            Outcome::Done
            | Outcome::RecoveryCodes { .. }
            | Outcome::CodeWrong { .. }
            | Outcome::PasskeyWrong { .. }
            | Outcome::Asked { .. }
            | Outcome::CodePaused { .. } => Done::Nothing,
        }
    }
}

impl Done {
    /// The id of what was made, if something has one.
    pub(crate) fn id(&self) -> Option<&str> {
        match self {
            Done::Record { id } | Done::Moved { id, .. } | Done::Step { id, .. } => Some(id),
            Done::Gift { donation, .. } => Some(donation),
            Done::Posted { .. } | Done::Nothing => None,
        }
    }
}

/// An answer of a handler.
pub(crate) type Answer = Result<Response, Fault>;

/// A value as JSON.
pub(crate) fn json(value: impl Serialize) -> Answer {
    Ok(Json(value).into_response())
}

/// Carries a command out for anybody.
pub(crate) async fn carry(
    app: &App,
    actor: &Actor,
    key: &CommandKey,
    command: Command,
) -> Result<Done, Fault> {
    Ok(Done::from(app.write(actor, key, command).await?))
}

/// Carries a command of the staff out and says what it led to.
pub(crate) async fn done(app: &App, staff: &Staff, key: &Key, command: Command) -> Answer {
    json(carry(app, &staff.actor, &key.0, command).await?)
}

/// Carries a command of the staff out that makes a record, to be read at `place` and its id.
pub(crate) async fn made(
    app: &App,
    (staff, key): (&Staff, &Key),
    place: &str,
    command: Command,
) -> Answer {
    let done = carry(app, &staff.actor, &key.0, command).await?;
    Ok(created(place, done.id(), &done))
}

/// 〔捐赠意向已收到〕 An intent that was made, with the token that only its maker is given.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = IntentMade)]
pub(crate) struct IntentMade {
    /// Always `record`, as of everything that is made.
    pub(crate) done: &'static str,
    /// Its printed id.
    pub(crate) id: String,
    /// Opens the donor's own link at `GET /intents/{intent}?token=…` once the gift is paid; keep it, it is not shown again.
    pub(crate) token: String,
}

/// A record was made; it can be read at `place` and its id.
pub(crate) fn created(place: &str, id: Option<&str>, said: &impl Serialize) -> Response {
    let answer = Json(said).into_response();
    match id {
        Some(id) => error::created(answer, &format!("/api/v1/{place}/{id}")),
        None => answer,
    }
}

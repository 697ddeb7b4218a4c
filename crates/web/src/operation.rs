//! For those who run the house: is it well (`/healthz`), and what has it done (`/metrics`).

mod health;
mod meters;

pub(crate) use meters::{Meters, measure};

use axum::Router;
use axum::routing::get;

use crate::state::AppState;

/// Routes for operators; a proxy in front should not pass them on.
pub(crate) fn operation_routes() -> Router<AppState> {
    Router::new()
        .route("/healthz", get(health::show))
        .route("/metrics", get(meters::show))
}

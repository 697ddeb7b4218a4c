//! What every handler is given: the house, the keys of payment channels, the meters.
//!
//! Handlers ask for the part they need (`State<App>`, `State<Arc<ChannelKeys>>`, `State<Arc<Meters>>`).

use std::sync::Arc;

use app::App;
use axum::extract::FromRef;
use gateway::payment::ChannelKeys;

use crate::operation::Meters;

/// 〔服务状态〕 Shared by all handlers; cloning it clones three references.
#[derive(Clone)]
pub struct AppState {
    app: App,
    keys: Arc<ChannelKeys>,
    meters: Arc<Meters>,
}

impl AppState {
    /// The state of a server: `keys` are the payment channels whose notices it believes.
    #[must_use]
    pub fn new(app: App, keys: Arc<ChannelKeys>) -> AppState {
        AppState { app, keys, meters: Arc::new(Meters::new()) }
    }
}

impl std::fmt::Debug for AppState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AppState")
    }
}

impl FromRef<AppState> for App {
    fn from_ref(state: &AppState) -> App {
        state.app.clone()
    }
}

impl FromRef<AppState> for Arc<ChannelKeys> {
    fn from_ref(state: &AppState) -> Arc<ChannelKeys> {
        Arc::clone(&state.keys)
    }
}

impl FromRef<AppState> for Arc<Meters> {
    fn from_ref(state: &AppState) -> Arc<Meters> {
        Arc::clone(&state.meters)
    }
}

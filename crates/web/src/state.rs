//! What every handler is given: the house, the keys of payment channels, the meters, the sign-ins that failed.
//!
//! Handlers ask for the part they need (`State<App>`, `State<Arc<KeyRing>>`, `State<Arc<Meters>>`).

use std::sync::Arc;

use app::App;
use axum::extract::FromRef;
use gateway::payment::ChannelKeys;

use crate::attempts::Attempts;
use crate::key_ring::KeyRing;
use crate::operation::Meters;

/// 〔服务状态〕 Shared by all handlers; cloning it clones references.
#[derive(Clone)]
pub struct AppState {
    app: App,
    keys: Arc<KeyRing>,
    meters: Arc<Meters>,
    attempts: Arc<Attempts>,
}

impl AppState {
    /// The state of a server: `keys` are the payment channels of the operator's file; those of the house itself
    /// are found by [`App::channel_keys`].
    #[must_use]
    pub fn new(app: App, keys: ChannelKeys) -> AppState {
        AppState {
            app,
            keys: Arc::new(KeyRing::new(keys)),
            meters: Arc::new(Meters::new()),
            attempts: Arc::new(Attempts::default()),
        }
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

impl FromRef<AppState> for Arc<KeyRing> {
    fn from_ref(state: &AppState) -> Arc<KeyRing> {
        Arc::clone(&state.keys)
    }
}

impl FromRef<AppState> for Arc<Meters> {
    fn from_ref(state: &AppState) -> Arc<Meters> {
        Arc::clone(&state.meters)
    }
}

impl FromRef<AppState> for Arc<Attempts> {
    fn from_ref(state: &AppState) -> Arc<Attempts> {
        Arc::clone(&state.attempts)
    }
}

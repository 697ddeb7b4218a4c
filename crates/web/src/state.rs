//! What every handler is given: the house, the keys of payment channels, the meters, the sign-ins that failed.
//!
//! Handlers ask for the part they need (`State<App>`, `State<Arc<KeyRing>>`, `State<Arc<Meters>>`).

use std::path::PathBuf;
use std::sync::Arc;

use app::App;
use axum::extract::FromRef;
use gateway::payment::ChannelKeys;
use gateway::payment::verifier::Counters;

use crate::api::pace::{ApiKeys, ApiPace};
use crate::attempts::Attempts;
use crate::exchange::imports::Postings;
use crate::key_ring::KeyRing;
use crate::operation::Meters;
use crate::operator::Operator;
use crate::pace::Pace;
use crate::printer::Printer;
use crate::refusals::Refusals;

/// 〔服务状态〕 Shared by all handlers; cloning it clones one reference, which every layer of a route does for every
/// request.
#[derive(Clone)]
pub struct AppState(Arc<Parts>);

#[derive(Clone)]
struct Parts {
    app: App,
    keys: Arc<KeyRing>,
    meters: Arc<Meters>,
    attempts: Arc<Attempts>,
    printer: Arc<Printer>,
    pace: Arc<Pace>,
    postings: Arc<Postings>,
    operator: Arc<Operator>,
    api: Arc<ApiPace>,
    refusals: Arc<Refusals>,
}

impl AppState {
    /// The state of a server: `keys` are the payment channels of the operator's file; those of the house itself
    /// are found by [`App::channel_keys`].
    #[must_use]
    pub fn new(app: App, keys: ChannelKeys) -> AppState {
        AppState(Arc::new(Parts {
            keys: Arc::new(KeyRing::new(keys)),
            meters: Arc::new(Meters::new()),
            attempts: Arc::new(Attempts::default()),
            printer: Arc::new(Printer::new(None)),
            pace: Arc::new(Pace::default()),
            postings: Arc::new(Postings::default()),
            operator: Arc::default(),
            refusals: Arc::default(),
            api: Arc::new(ApiPace::new(&app, ApiKeys::default())),
            app,
        }))
    }

    /// What the verifier of payment notices has done so far.
    #[must_use]
    pub fn verifications(&self) -> Arc<Counters> {
        self.0.keys.verifications()
    }

    /// With the operator's own font for papers.
    #[must_use]
    pub fn with_font(self, font: Option<PathBuf>) -> AppState {
        AppState(Arc::new(Parts {
            printer: Arc::new(Printer::new(font)),
            ..(*self.0).clone()
        }))
    }

    pub(crate) fn app(&self) -> &App {
        &self.0.app
    }

    /// The house and the shelf of refused forms.
    pub(crate) fn refusals(&self) -> (App, Arc<Refusals>) {
        (self.0.app.clone(), Arc::clone(&self.0.refusals))
    }

    pub(crate) fn printer(&self) -> Arc<Printer> {
        Arc::clone(&self.0.printer)
    }

    /// With what the operator says of itself.
    #[must_use]
    pub fn with_operator(self, operator: Operator) -> AppState {
        AppState(Arc::new(Parts {
            operator: Arc::new(operator),
            ..(*self.0).clone()
        }))
    }

    /// With the keys that were handed out to programs.
    #[must_use]
    pub fn with_api_keys(self, keys: ApiKeys) -> AppState {
        AppState(Arc::new(Parts {
            api: Arc::new(ApiPace::new(&self.0.app, keys)),
            ..(*self.0).clone()
        }))
    }

    /// What the operator says of itself.
    pub(crate) fn operator(&self) -> Arc<Operator> {
        Arc::clone(&self.0.operator)
    }
}

impl std::fmt::Debug for AppState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AppState")
    }
}

impl FromRef<AppState> for App {
    fn from_ref(state: &AppState) -> App {
        state.0.app.clone()
    }
}

impl FromRef<AppState> for Arc<KeyRing> {
    fn from_ref(state: &AppState) -> Arc<KeyRing> {
        Arc::clone(&state.0.keys)
    }
}

impl FromRef<AppState> for Arc<Meters> {
    fn from_ref(state: &AppState) -> Arc<Meters> {
        Arc::clone(&state.0.meters)
    }
}

impl FromRef<AppState> for Arc<Attempts> {
    fn from_ref(state: &AppState) -> Arc<Attempts> {
        Arc::clone(&state.0.attempts)
    }
}

impl FromRef<AppState> for Arc<Pace> {
    fn from_ref(state: &AppState) -> Arc<Pace> {
        Arc::clone(&state.0.pace)
    }
}

impl FromRef<AppState> for Arc<Postings> {
    fn from_ref(state: &AppState) -> Arc<Postings> {
        Arc::clone(&state.0.postings)
    }
}

impl FromRef<AppState> for Arc<ApiPace> {
    fn from_ref(state: &AppState) -> Arc<ApiPace> {
        Arc::clone(&state.0.api)
    }
}

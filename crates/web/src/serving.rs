//! Serving on a port. It stands here and not with the program's commands, so that the code of the HTTP library, which is
//! compiled where it is called, is compiled with this crate's optimisation.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;

use app::Witness;
use axum::extract::Request;
use axum::serve::ListenerExt as _;
use axum::{Router, ServiceExt};
use tokio::net::TcpListener;

use crate::front::front;
use crate::state::AppState;
use crate::transparency::witness_router;

/// What ends a server: when it is done, no new request is taken and those under way are finished.
pub type End = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A server at work.
///
/// # Errors
/// The listener was lost.
pub type Serving = Pin<Box<dyn Future<Output = io::Result<()>> + Send>>;

/// Serves a house until `end`.
pub fn serve(listener: TcpListener, state: AppState, end: End) -> Serving {
    // Answers are small and must not wait for more; a stream that cannot be told so is only slower.
    let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
    let front = front(state);
    let front = ServiceExt::<Request>::into_make_service_with_connect_info::<SocketAddr>(front);
    Box::pin(async move {
        axum::serve(listener, front)
            .with_graceful_shutdown(end)
            .await
    })
}

/// Serves a witness until `end`.
pub fn serve_witness(listener: TcpListener, witness: Witness, end: End) -> Serving {
    let router: Router = witness_router(witness);
    Box::pin(async move {
        axum::serve(listener, router)
            .with_graceful_shutdown(end)
            .await
    })
}

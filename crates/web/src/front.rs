//! What stands before the router: the door of payment channels, found by its address alone.
//!
//! Thousands of notices a second come in at one address, and each layer between the socket and the handler is paid
//! for each of them. Whatever is not plainly such a notice goes to the router, which knows that address too.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::Router;
use axum::extract::{FromRef, Request};
use axum::http::Method;
use axum::response::{IntoResponse, Response};
use gateway::Stopwatch;
use tower::Service;

use crate::api::notice;
use crate::key_ring::KeyRing;
use crate::operation::Meters;
use crate::routes::router;
use crate::state::AppState;

/// 〔前门〕 Everything that the server answers; the busiest door comes first.
#[derive(Clone, Debug)]
pub struct Front {
    state: AppState,
    router: Router,
}

/// Everything that a server with this state answers.
pub fn front(state: AppState) -> Front {
    let router = router(state.clone());
    Front { state, router }
}

impl Service<Request> for Front {
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Service::<Request>::poll_ready(&mut self.router, context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        match channel(&request) {
            Some(channel) => Box::pin(take(self.state.clone(), channel, request)),
            None => Box::pin(self.router.call(request)),
        }
    }
}

async fn take(state: AppState, channel: String, request: Request) -> Result<Response, Infallible> {
    let watch = Stopwatch::start();
    let ring = Arc::<KeyRing>::from_ref(&state);
    let answer = notice::take(state.app(), &ring, &channel, request).await;
    let answer = answer.into_response();
    let micros = u64::try_from(watch.micros()).unwrap_or(0);
    Arc::<Meters>::from_ref(&state).note(
        &Method::POST,
        notice::ADDRESS,
        (answer.status().as_u16(), micros),
    );
    Ok(answer)
}

/// The channel that brings a notice, if the request is one whose address needs no decoding.
fn channel(request: &Request) -> Option<String> {
    let (address, _) = notice::ADDRESS.split_once('{')?;
    let channel = request.uri().path().strip_prefix(address)?;
    let is_plain = |c: u8| c.is_ascii_alphanumeric() || c == b'-' || c == b'_';
    let is_notice =
        request.method() == Method::POST && !channel.is_empty() && channel.bytes().all(is_plain);
    is_notice.then(|| channel.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    fn found(method: Method, address: &str) -> Option<String> {
        let request = Request::builder().method(method).uri(address);
        channel(&request.body(Body::empty()).unwrap())
    }

    #[test]
    fn only_a_plain_notice_passes_the_router_by() {
        let at = |last: &str| format!("/api/v1/payments/notices/{last}");
        assert_eq!(found(Method::POST, &at("demo")).as_deref(), Some("demo"));
        assert_eq!(
            found(Method::POST, &at("w-x_9?a=b")).as_deref(),
            Some("w-x_9")
        );
        for address in [at(""), at("a/b"), at("%64emo"), at("demo/"), "/".into()] {
            assert_eq!(found(Method::POST, &address), None, "{address}");
        }
        assert_eq!(found(Method::GET, &at("demo")), None);
    }
}

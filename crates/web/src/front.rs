//! What stands before the router: the door of payment channels, found by its address alone.
//!
//! Thousands of notices a second come in at one address, and each layer between the socket and the handler is paid
//! for each of them. Whatever is not plainly such a notice goes to the router, which knows that address too.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use std::time::Duration;

use axum::Router;
use axum::body::{Body, HttpBody as _};
use axum::extract::{FromRef, Request};
use axum::http::Method;
use axum::response::{IntoResponse, Response};
use gateway::Stopwatch;
use tower::Service;
use tower_http::timeout::{DeadlineBody, TimeoutBody};

use crate::api::notice;
use crate::key_ring::KeyRing;
use crate::operation::Meters;
use crate::routes::router;
use crate::state::AppState;

/// How long a body may pause: a phone in a tunnel goes on, a client that holds the door open does not.
const PAUSE: Duration = Duration::from_secs(15);
/// How long a body may take in all: the largest form with pictures over half a megabit a second.
const WHOLE: Duration = Duration::from_secs(1_200);

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
        let request = request.map(in_time);
        match channel(&request) {
            Some(channel) => Box::pin(take(self.state.clone(), channel, request)),
            None => Box::pin(self.router.call(request)),
        }
    }
}

/// A body that breaks off when it takes too long; most requests have none.
fn in_time(body: Body) -> Body {
    match body.is_end_stream() {
        true => body,
        false => Body::new(DeadlineBody::new(WHOLE, TimeoutBody::new(PAUSE, body))),
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
    use axum::body::to_bytes;
    use futures_util::{StreamExt as _, stream};

    fn found(method: Method, address: &str) -> Option<String> {
        let request = Request::builder().method(method).uri(address);
        channel(&request.body(Body::empty()).unwrap())
    }

    /// The clock stands still until everybody waits, then it is moved.
    #[tokio::test(start_paused = true)]
    async fn a_body_that_stands_still_breaks_off() {
        let first = stream::iter([Ok::<_, Infallible>("half")]);
        let stuck = Body::from_stream(first.chain(stream::pending()));
        assert!(to_bytes(in_time(stuck), 100).await.is_err());
        let whole = to_bytes(in_time(Body::from("whole")), 100).await;
        assert_eq!(whole.unwrap(), "whole");
        assert!(in_time(Body::empty()).is_end_stream());
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_drips_breaks_off_too() {
        let drops = stream::repeat("x").then(|drop| async move {
            tokio::time::sleep(PAUSE / 2).await;
            Ok::<_, Infallible>(drop)
        });
        let dripping = Body::from_stream(drops);
        assert!(to_bytes(in_time(dripping), usize::MAX).await.is_err());
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

//! Payment notices: believed by their signature over the raw bytes, before anything else is done.
//!
//! This is the door that must stay fast: the signature is checked in the thread that serves the request, the body
//! is read once, nothing is logged. Replays are answered like the first time, with `replay` set.

use std::sync::Arc;

use app::{App, Command, CommandKey};
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, Request, State};
use domain::identity::Actor;
use gateway::evidence::EvidenceStore;
use gateway::payment::limits::BODY_BYTES;
use gateway::payment::{NoticeHeaders, NoticeRefused, PaymentNotice};

use super::answer::{Answer, carry, json};
use super::body::{self, Part};
use super::fault::Fault;
use crate::key_ring::KeyRing;

/// Folder below the house's data where genuine but refused notices wait for a person.
const KEPT_FOLDER: &str = "notices-refused";

/// Where notices are posted.
pub(crate) const ADDRESS: &str = "/api/v1/payments/notices/{channel}";

pub(super) async fn receive(
    State(app): State<App>,
    State(ring): State<Arc<KeyRing>>,
    Part(channel): Part,
    request: Request,
) -> Answer {
    take(&app, &ring, &channel, request).await
}

/// Believes a notice that came in at the address of `channel` and books what it says.
pub(crate) async fn take(app: &App, ring: &KeyRing, channel: &str, request: Request) -> Answer {
    let (parts, body) = request.into_parts();
    let body = body::read(limited(body), &(), BODY_BYTES);
    let body = body.await.map_err(unread)?;
    let headers =
        NoticeHeaders::gather(|name| parts.headers.get(name).map(|value| value.as_bytes()));
    let believed = ring.verify(app, &headers, &body).await?;
    match believed.and_then(|notice| same_channel(notice, channel)) {
        Ok(notice) => {
            let actor = Actor::channel(&notice.channel);
            // A payment is unique by its external number for ever, so it needs no key of a caller.
            let key = CommandKey(String::new());
            json(carry(app, &actor, &key, Command::PaymentCapture(Box::new(notice))).await?)
        }
        Err(refused) => {
            if refused.is_authentic() {
                keep(app, body, refused).await?;
            }
            Err(Fault::Notice(refused))
        }
    }
}

/// A body that is too long is refused for good; one that broke off or took too long is sent again by its channel.
fn unread(fault: Fault) -> Fault {
    match fault {
        Fault::TooLarge(_) => Fault::Notice(NoticeRefused::BodyTooLarge),
        fault => fault,
    }
}

/// A body of which no more is read than a notice may have.
fn limited(body: Body) -> Request {
    let mut request = Request::new(body);
    DefaultBodyLimit::max(BODY_BYTES).apply(&mut request);
    request
}

/// The address names the channel too, so that a misdirected notice is noticed.
fn same_channel(notice: PaymentNotice, channel: &str) -> Result<PaymentNotice, NoticeRefused> {
    if notice.channel == channel {
        Ok(notice)
    } else {
        Err(NoticeRefused::WrongChannel)
    }
}

/// Money may have arrived although the notice is refused: its bytes are kept by digest and somebody is told.
async fn keep(app: &App, body: Bytes, refused: NoticeRefused) -> Result<(), Fault> {
    let folder = app.config().data.join(KEPT_FOLDER);
    let entropy = Arc::clone(&app.config().entropy);
    let kept = tokio::task::spawn_blocking(move || {
        let store = EvidenceStore::new(&folder)?;
        store.put(&body, "text/plain", &*entropy)
    });
    let kept = kept.await.map_err(app::AppError::internal)?;
    match kept {
        Ok(digest) => tracing::warn!(
            notice.code = refused.code(),
            notice.sha256 = hex::encode(digest.sha256),
            "a genuine payment notice was refused; its bytes are kept in notices-refused for a person"
        ),
        // Bytes that are no text cannot be kept as text; the channel is told why and keeps its own copy.
        Err(error) => tracing::error!(
            notice.code = refused.code(),
            error = &error as &dyn std::error::Error,
            "a genuine payment notice was refused and its bytes could not be kept"
        ),
    }
    Ok(())
}

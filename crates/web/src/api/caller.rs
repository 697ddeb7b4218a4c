//! Who calls: nobody in particular, a signed-in person with a bearer token, and with which command key.
//!
//! Cookies count for nothing here, so no other site's page can act through a visitor's browser.

use app::{App, CommandKey};
use axum::extract::{FromRef, FromRequestParts};
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName};
use domain::identity::{Actor, Who};

use super::fault::Fault;
use super::limits::{KEY_MAX, KEY_MIN, TOKEN_MAX};

/// The header with the caller's key of a command.
const KEY_HEADER: HeaderName = HeaderName::from_static("idempotency-key");

/// 〔来访者〕 Anybody; signed in if a bearer token came along.
pub(crate) struct Visitor(pub(crate) Actor);

/// 〔工作人员〕 Somebody who is signed in.
pub(crate) struct Staff {
    /// Who acts.
    pub(crate) actor: Actor,
    /// The session's token, to end it.
    pub(crate) token: String,
}

/// 〔命令编号〕 The `Idempotency-Key`: the same key never acts twice for the same caller.
pub(crate) struct Key(pub(crate) CommandKey);

impl<S> FromRequestParts<S> for Visitor
where
    S: Send + Sync,
    App: FromRef<S>,
{
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Visitor, Fault> {
        if bearer(&parts.headers)?.is_none() {
            return Ok(Visitor(Actor::public()));
        }
        let staff = Staff::from_request_parts(parts, state).await?;
        Ok(Visitor(staff.actor))
    }
}

impl<S> FromRequestParts<S> for Staff
where
    S: Send + Sync,
    App: FromRef<S>,
{
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Staff, Fault> {
        let token = bearer(&parts.headers)?.ok_or(Fault::SessionUnknown)?;
        let actor = App::from_ref(state).session_actor(token).await?;
        match actor.who {
            Who::Public => Err(Fault::SessionUnknown),
            _ => Ok(Staff {
                actor,
                token: token.to_string(),
            }),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Key {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Key, Fault> {
        let value = parts.headers.get(KEY_HEADER).ok_or(Fault::KeyRequired)?;
        let text = value.to_str().map_err(|_| Fault::KeyMalformed)?;
        let plain = text.bytes().all(|byte| byte.is_ascii_graphic());
        if !plain || !(KEY_MIN..=KEY_MAX).contains(&text.len()) {
            return Err(Fault::KeyMalformed);
        }
        // Pages draw their keys in another room, so that neither answers for the other.
        Ok(Key(CommandKey(format!("api/{text}"))))
    }
}

/// The token of `Authorization: Bearer …`, if that header came.
fn bearer(headers: &HeaderMap) -> Result<Option<&str>, Fault> {
    let Some(value) = headers.get(AUTHORIZATION) else {
        return Ok(None);
    };
    let (scheme, token) = value
        .to_str()
        .ok()
        .and_then(|text| text.split_once(' '))
        .ok_or(Fault::BearerMalformed)?;
    let token = token.trim();
    if !scheme.eq_ignore_ascii_case("bearer") || token.is_empty() || token.len() > TOKEN_MAX {
        return Err(Fault::BearerMalformed);
    }
    Ok(Some(token))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[track_caller]
    fn check_bearer(value: &'static str, want: Option<&str>) {
        let headers = HeaderMap::from_iter([(AUTHORIZATION, HeaderValue::from_static(value))]);
        assert_eq!(bearer(&headers).ok().flatten(), want, "{value:?}");
    }

    #[test]
    fn tokens_are_found_or_refused() {
        check_bearer("Bearer abc", Some("abc"));
        check_bearer("bearer  abc", Some("abc"));
        check_bearer("Basic abc", None);
        check_bearer("Bearer", None);
        check_bearer("Bearer ", None);
        assert!(matches!(bearer(&HeaderMap::new()), Ok(None)));
    }

    async fn key(value: Option<&'static str>) -> Result<String, &'static str> {
        let mut request = axum::http::Request::new(());
        if let Some(value) = value {
            request
                .headers_mut()
                .insert(KEY_HEADER, HeaderValue::from_static(value));
        }
        let (mut parts, ()) = request.into_parts();
        match Key::from_request_parts(&mut parts, &()).await {
            Ok(Key(key)) => Ok(key.0),
            Err(fault) => Err(fault.code()),
        }
    }

    #[tokio::test]
    async fn keys_are_hard_to_hit_by_chance() {
        let uuid = "0198f3a2-7c51-7d7e-9a55-6d1c0f8f2b11";
        assert_eq!(key(Some(uuid)).await, Ok(format!("api/{uuid}")));
        assert_eq!(key(None).await, Err("idempotency_key_required"));
        assert_eq!(key(Some("1")).await, Err("idempotency_key_malformed"));
        assert_eq!(
            key(Some("a key with blanks in it")).await,
            Err("idempotency_key_malformed")
        );
    }
}

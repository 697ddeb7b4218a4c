//! Who is asking: the session cookie, the staff extractor, and the refusal of forms that another site sends.

use app::view::WhoAmI;
use app::{App, AppError};
use axum::extract::{FromRef, FromRequestParts, OriginalUri, Request};
use axum::http::header::{COOKIE, HOST, ORIGIN, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::Response;
use domain::Refusal;
use domain::identity::{Actor, Who};

use crate::error;
use crate::show::query_text;
use crate::view::View;

/// Name of the session cookie.
const COOKIE_NAME: &str = "shanji_session";
/// A session lasts one working day, in seconds; the store ends it too.
const COOKIE_SECONDS: u32 = 12 * 3_600;
/// The longest token that is looked up at all.
const TOKEN_MAX: usize = 200;

/// A signed-in person on a page of the desk.
pub(crate) struct Staff {
    /// What commands are done as.
    pub(crate) actor: Actor,
    /// The token of the session.
    pub(crate) token: String,
    /// What the header shows.
    pub(crate) who: WhoAmI,
    /// How they see it.
    pub(crate) view: View,
}

impl<S> FromRequestParts<S> for Staff
where
    App: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Staff, Response> {
        let app = App::from_ref(state);
        // Inside a nested router the address has lost its beginning.
        let address = parts
            .extensions
            .get::<OriginalUri>()
            .map_or(&parts.uri, |original| &original.0);
        let wanted = address
            .path_and_query()
            .map_or("/desk", |path| path.as_str());
        let sign_in = || {
            // After signing in, a page is shown again; a sent form is not, its page is.
            let back = if parts.method == Method::GET {
                wanted
            } else {
                "/desk"
            };
            error::see_other(&format!("/sign-in?next={}", query_text(back)))
        };
        let token = session_token(&parts.headers).ok_or_else(sign_in)?;
        let actor = app.session_actor(&token).await.map_err(error::page)?;
        if matches!(actor.who, Who::Public) {
            return Err(sign_in());
        }
        let who = app.who_am_i(&actor).await.map_err(error::page)?;
        Ok(Staff {
            actor,
            token,
            who,
            view: View::of_parts(parts),
        })
    }
}

/// The token of the session cookie, if there is one.
pub(crate) fn session_token(headers: &HeaderMap) -> Option<String> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == COOKIE_NAME)
        .map(|(_, token)| token.to_string())
        .filter(|token| !token.is_empty() && token.len() <= TOKEN_MAX)
}

/// Adds the session cookie; `Secure` wherever the visitor came by HTTPS.
pub(crate) fn keep_session(answer: &mut Response, headers: &HeaderMap, token: &str) {
    let secure = if came_by_https(headers) {
        "; Secure"
    } else {
        ""
    };
    let text = format!(
        "{COOKIE_NAME}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={COOKIE_SECONDS}{secure}"
    );
    if let Ok(value) = HeaderValue::from_str(&text) {
        answer.headers_mut().append(SET_COOKIE, value);
    }
}

/// Takes the session cookie back.
pub(crate) fn forget_session(answer: &mut Response) {
    let text = format!("{COOKIE_NAME}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
    if let Ok(value) = HeaderValue::from_str(&text) {
        answer.headers_mut().append(SET_COOKIE, value);
    }
}

fn came_by_https(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    text("x-forwarded-proto") == Some("https")
        || text("origin").is_some_and(|origin| origin.starts_with("https://"))
}

/// Where a sign-in may lead: pages of the desk only, so that no link can send people elsewhere.
pub(crate) fn safe_next(wanted: &str) -> &str {
    let inside = wanted == "/desk" || wanted.starts_with("/desk/") || wanted.starts_with("/desk?");
    if inside && !wanted.contains(['\\', '\r', '\n']) {
        wanted
    } else {
        "/desk"
    }
}

/// Where a request that changes something came from.
#[derive(Debug, PartialEq, Eq)]
enum Source {
    /// One of our own pages, or typed by the visitor.
    Ours,
    /// Another site.
    Foreign,
    /// No browser of this decade: it says nothing.
    Silent,
}

fn source(headers: &HeaderMap) -> Source {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    match (
        text("sec-fetch-site"),
        text(ORIGIN.as_str()),
        text(HOST.as_str()),
    ) {
        (Some("same-origin" | "none"), _, _) => Source::Ours,
        (Some(_), _, _) => Source::Foreign,
        (None, Some(origin), Some(host)) => {
            let bare = origin.split_once("://").map_or(origin, |(_, rest)| rest);
            if bare == host {
                Source::Ours
            } else {
                Source::Foreign
            }
        }
        (None, Some(_), None) => Source::Foreign,
        (None, None, _) => Source::Silent,
    }
}

fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Pages: a form must come from one of our own pages.
pub(crate) async fn same_origin_only(request: Request, next: Next) -> Response {
    if is_safe(request.method()) || source(request.headers()) == Source::Ours {
        return next.run(request).await;
    }
    error::page(foreign())
}

fn foreign() -> AppError {
    AppError::Denied(Refusal {
        code: "foreign_origin",
        sentence: "这个请求不是从本站页面发出的，没有执行；请回到本站页面重新操作。".into(),
        law: None,
        field: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_source(pairs: &[(&'static str, &'static str)], want: Source) {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(*name, HeaderValue::from_static(value));
        }
        assert_eq!(source(&headers), want, "{pairs:?}");
    }

    #[test]
    fn forms_of_other_sites_are_known() {
        check_source(&[("sec-fetch-site", "same-origin")], Source::Ours);
        check_source(&[("sec-fetch-site", "none")], Source::Ours);
        check_source(&[("sec-fetch-site", "same-site")], Source::Foreign);
        check_source(&[("sec-fetch-site", "cross-site")], Source::Foreign);
        check_source(
            &[("origin", "https://shanji.test"), ("host", "shanji.test")],
            Source::Ours,
        );
        check_source(
            &[
                ("origin", "http://127.0.0.1:8080"),
                ("host", "127.0.0.1:8080"),
            ],
            Source::Ours,
        );
        check_source(
            &[("origin", "https://evil.test"), ("host", "shanji.test")],
            Source::Foreign,
        );
        check_source(
            &[("origin", "null"), ("host", "shanji.test")],
            Source::Foreign,
        );
        check_source(&[("host", "shanji.test")], Source::Silent);
        check_source(
            &[
                ("sec-fetch-site", "cross-site"),
                ("origin", "http://a"),
                ("host", "a"),
            ],
            Source::Foreign,
        );
    }

    #[test]
    fn a_sign_in_leads_to_the_desk_only() {
        for (wanted, want) in [
            ("/desk/users", "/desk/users"),
            ("/desk?done=x", "/desk?done=x"),
            ("//evil.test", "/desk"),
            ("https://evil.test", "/desk"),
            ("/desk/\\evil", "/desk"),
            ("/deskevil", "/desk"),
            ("", "/desk"),
        ] {
            assert_eq!(safe_next(wanted), want, "{wanted:?}");
        }
    }

    #[test]
    fn the_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.append(
            COOKIE,
            HeaderValue::from_static("a=1; shanji_session=tok; b=2"),
        );
        assert_eq!(session_token(&headers).as_deref(), Some("tok"));
        headers.clear();
        headers.append(COOKIE, HeaderValue::from_static("shanji_session="));
        assert_eq!(session_token(&headers), None);
    }
}

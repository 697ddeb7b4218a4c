//! Refused forms that "back" can return to: the page with the problems is kept for a while and stands at an address.
//!
//! A page that answers a POST cannot be shown again: a browser that comes back to it finds nothing, or asks whether to
//! send the form once more. So the answer to a form that a person sent is laid on a shelf in memory and the browser is
//! led there with GET. Nothing is executed and nothing is written; whoever has no such browser, and every program, gets
//! the answer itself as before. What lies there was typed by one person and is shown to that session only, or, to
//! somebody who is not signed in, at an address that cannot be guessed; after half an hour, or once the form was
//! accepted, the address leads to the empty form.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use app::App;
use axum::body::{Body, Bytes, HttpBody as _, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, HOST, REFERER};
use axum::http::{HeaderMap, HeaderValue, Method, Uri};
use axum::middleware::Next;
use axum::response::Response;
use domain::identity::Who;
use kernel::Timestamp;

use crate::error;
use crate::form::fresh_key;
use crate::session::session_token;

/// What stands behind `?` where the answer to a form is shown again.
const FIELD: &str = "shown";
/// How long a page lies there: half an hour.
const KEEP_MICROS: i64 = 30 * 60 * 1_000_000;
/// The most pages on a shelf; the oldest gives way.
const PAGES_MAX: usize = 256;
/// The most bytes on a shelf.
const BYTES_MAX: usize = 16 * 1024 * 1024;
/// The longest page that is kept; none of ours comes near.
const PAGE_BYTES_MAX: usize = 512 * 1024;

/// Marks an answer that is no refusal and yet holds what was typed: the sign-in page that carries a form, or a page that
/// asks whether it is meant.
#[derive(Debug, Clone, Copy)]
struct CarriesForm;

/// An answer to a form that is no refusal and yet is come back to.
pub(crate) fn carrying(mut answer: Response) -> Response {
    answer.extensions_mut().insert(CarriesForm);
    answer
}

/// A page that answered a form.
struct Laid {
    token: String,
    /// The session whose it is; nobody's without one.
    owner: Option<String>,
    /// The page on which the form stood, if that had been laid here as well.
    from: Option<String>,
    page: Response<Bytes>,
    at: Timestamp,
}

/// 〔退回的表单〕 Pages that answered refused forms. Strangers have a shelf of their own, so that nobody can crowd out what
/// the staff has typed.
#[derive(Default)]
pub(crate) struct Refusals {
    staff: Mutex<VecDeque<Laid>>,
    strangers: Mutex<VecDeque<Laid>>,
}

impl std::fmt::Debug for Refusals {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Refusals")
    }
}

impl Refusals {
    fn shelf(&self, owner: Option<&str>) -> std::sync::MutexGuard<'_, VecDeque<Laid>> {
        let shelf = match owner {
            Some(_) => &self.staff,
            None => &self.strangers,
        };
        shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lay(&self, laid: Laid) {
        let mut shelf = self.shelf(laid.owner.as_deref());
        shelf.push_back(laid);
        let bytes = |shelf: &VecDeque<Laid>| -> usize {
            shelf.iter().map(|laid| laid.page.body().len()).sum()
        };
        while shelf.len() > PAGES_MAX || bytes(&shelf) > BYTES_MAX {
            shelf.pop_front();
        }
    }

    fn find(&self, owner: Option<&str>, token: &str, now: Timestamp) -> Option<Response<Bytes>> {
        let mut shelf = self.shelf(owner);
        shelf.retain(|laid| now.micros().saturating_sub(laid.at.micros()) < KEEP_MICROS);
        let laid = shelf
            .iter()
            .find(|laid| laid.token == token && laid.owner.as_deref() == owner);
        laid.map(|laid| laid.page.clone())
    }

    /// The form that stood on this page was accepted: "back" leads to its page as it is now, which says what has become of
    /// it, also from what was refused before. Forms in other tabs stay. A stranger may want to change what was typed, and
    /// keeps it.
    fn accepted(&self, owner: Option<&str>, token: Option<String>) {
        let mut done = token.filter(|_| owner.is_some());
        let mut shelf = self.shelf(owner);
        while let Some(token) = done {
            let is_it = |laid: &Laid| laid.token == token && laid.owner.as_deref() == owner;
            let at = shelf.iter().position(is_it);
            done = at
                .and_then(|at| shelf.remove(at))
                .and_then(|laid| laid.from);
        }
    }
}

/// Layer of all pages: lays refused forms on the shelf and shows them from there.
pub(crate) async fn keep(
    State((app, refusals)): State<(App, Arc<Refusals>)>,
    request: Request,
    next: Next,
) -> Response {
    let looks = request.method() == Method::GET && token_of(request.uri()).is_some();
    if !looks && !is_sent_by_a_person(&request) {
        return next.run(request).await;
    }
    let owner = owner_of(&app, request.headers()).await;
    let owner = owner.as_deref();
    if looks {
        let token = token_of(request.uri()).unwrap_or_default();
        return match refusals.find(owner, token, app.now()) {
            Some(page) => page.map(Body::from),
            None => error::see_other(&without_token(request.uri())),
        };
    }
    let from = came_from(request.headers());
    let stood = from.as_ref().and_then(token_of).map(str::to_owned);
    let place = form_page(from.as_ref(), request.uri().path());
    let answer = next.run(request).await;
    if error::leads_elsewhere(&answer) {
        refusals.accepted(owner, stood);
        return answer;
    }
    if !is_kept(&answer) {
        return answer;
    }
    let Some(page) = read(answer).await else {
        return error::see_other(&place);
    };
    let Ok(token) = fresh_key() else {
        return page.map(Body::from);
    };
    let join = if place.contains('?') { '&' } else { '?' };
    let elsewhere = error::see_other(&format!("{place}{join}{FIELD}={token}"));
    refusals.lay(Laid {
        token,
        owner: owner.map(str::to_owned),
        from: stood,
        page,
        at: app.now(),
    });
    elsewhere
}

/// The session that asks, if it still holds: one that has ended shows nothing of what was typed in it.
async fn owner_of(app: &App, headers: &HeaderMap) -> Option<String> {
    let token = session_token(headers)?;
    let actor = app.session_actor(&token).await.ok()?;
    (!matches!(actor.who, Who::Public)).then_some(token)
}

/// True for a form that a person's browser sends as a page; scripts and programs want their answer at once.
fn is_sent_by_a_person(request: &Request) -> bool {
    request.method() == Method::POST
        && request
            .headers()
            .get("sec-fetch-mode")
            .is_some_and(|mode| mode.as_bytes() == b"navigate")
}

fn is_kept(answer: &Response) -> bool {
    let is_html = answer
        .headers()
        .get(CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    let short = answer.body().size_hint().upper();
    let carries = answer.extensions().get::<CarriesForm>().is_some();
    let refuses = answer.status().is_client_error() || answer.status().is_server_error();
    is_html && (carries || refuses) && short.is_some_and(|bytes| bytes <= PAGE_BYTES_MAX as u64)
}

/// The whole page. It stays out of every store of the browser: it holds what somebody typed.
async fn read(answer: Response) -> Option<Response<Bytes>> {
    let (mut parts, body) = answer.into_parts();
    let bytes = to_bytes(body, PAGE_BYTES_MAX).await.ok()?;
    parts.headers.remove(CONTENT_LENGTH);
    parts
        .headers
        .insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Some(Response::from_parts(parts, bytes))
}

/// The page of ours on which the form stood, as the browser says.
fn came_from(headers: &HeaderMap) -> Option<Uri> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let from = text(REFERER)?.parse::<Uri>().ok()?;
    (from.authority().map(|host| host.as_str()) == text(HOST)).then_some(from)
}

/// Where the answer is shown: at the page on which the form stood; else where it was sent.
fn form_page(from: Option<&Uri>, action: &str) -> String {
    let place = from.map(without_token);
    match place.filter(|place| place.starts_with('/') && !place.starts_with("//")) {
        // A form that was carried through the sign-in page does not stand there.
        Some(place) if place.starts_with("/sign-in") && !action.starts_with("/sign-in") => {
            "/desk".to_owned()
        }
        Some(place) => place,
        None => action.to_owned(),
    }
}

fn token_of(address: &Uri) -> Option<&str> {
    let mut pairs = address.query()?.split('&');
    pairs.find_map(|pair| pair.strip_prefix(FIELD)?.strip_prefix('='))
}

fn without_token(address: &Uri) -> String {
    let is_other = |pair: &&str| {
        let name = pair.split('=').next();
        name != Some(FIELD)
    };
    let pairs: Vec<&str> = address
        .query()
        .unwrap_or_default()
        .split('&')
        .filter(|pair| !pair.is_empty())
        .filter(is_other)
        .collect();
    match pairs.is_empty() {
        true => address.path().to_owned(),
        false => format!("{}?{}", address.path(), pairs.join("&")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn laid(token: &str, owner: Option<&str>, at: i64) -> Laid {
        Laid {
            token: token.into(),
            owner: owner.map(str::to_owned),
            from: None,
            page: Response::new(Bytes::from_static(b"page")),
            at: Timestamp::from_micros(at),
        }
    }

    #[track_caller]
    fn check(refusals: &Refusals, owner: Option<&str>, (token, at): (&str, i64), want: bool) {
        let found = refusals.find(owner, token, Timestamp::from_micros(at));
        assert_eq!(found.is_some(), want);
    }

    #[test]
    fn a_page_is_shown_to_its_session_only_and_not_for_ever() {
        let refusals = Refusals::default();
        refusals.lay(laid("a", Some("me"), 0));
        refusals.lay(laid("b", None, 0));
        check(&refusals, Some("me"), ("a", 1), true);
        check(&refusals, Some("you"), ("a", 1), false);
        check(&refusals, None, ("a", 1), false);
        check(&refusals, None, ("b", 1), true);
        check(&refusals, None, ("b", KEEP_MICROS), false);
        check(&refusals, Some("me"), ("a", KEEP_MICROS - 1), true);
        check(&refusals, Some("me"), ("a", KEEP_MICROS), false);
    }

    #[test]
    fn once_accepted_a_form_of_the_staff_is_gone_and_others_stay() {
        let refusals = Refusals::default();
        let after = |token: &str, from: &str| Laid {
            from: Some(from.into()),
            ..laid(token, Some("me"), 0)
        };
        refusals.lay(laid("a", Some("me"), 0));
        refusals.lay(after("b", "a"));
        refusals.lay(laid("c", Some("me"), 0));
        refusals.lay(laid("d", None, 0));
        refusals.accepted(Some("you"), Some("b".into()));
        refusals.accepted(Some("me"), None);
        check(&refusals, Some("me"), ("b", 1), true);
        refusals.accepted(Some("me"), Some("b".into()));
        for token in ["a", "b"] {
            check(&refusals, Some("me"), (token, 1), false);
        }
        check(&refusals, Some("me"), ("c", 1), true);
        refusals.accepted(None, Some("d".into()));
        check(&refusals, None, ("d", 1), true);
    }

    #[test]
    fn the_oldest_page_gives_way() {
        let refusals = Refusals::default();
        for n in 0..=PAGES_MAX {
            refusals.lay(laid(&n.to_string(), None, 0));
        }
        check(&refusals, None, ("0", 1), false);
        check(&refusals, None, ("1", 1), true);
    }

    #[test]
    fn the_way_back_is_a_page_of_ours() {
        let place = |from: &str, action: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(HOST, HeaderValue::from_static("shanji.test"));
            headers.insert(REFERER, HeaderValue::from_str(from).unwrap());
            form_page(came_from(&headers).as_ref(), action)
        };
        let own = "https://shanji.test/desk/x?a=1&shown=abc&b=2";
        assert_eq!(place(own, "/desk/x/pay"), "/desk/x?a=1&b=2");
        assert_eq!(place("https://evil.test/desk/x", "/desk/y"), "/desk/y");
        assert_eq!(place("https://shanji.test//evil", "/desk/y"), "/desk/y");
        assert_eq!(
            place("https://shanji.test/sign-in?next=x", "/desk/y"),
            "/desk"
        );
        assert_eq!(place("", "/desk/y"), "/desk/y");
    }
}

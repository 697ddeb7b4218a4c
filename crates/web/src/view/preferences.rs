//! Preferences: chosen in the header by a plain form, kept in a cookie, overridden by the address.

use axum::extract::State;
use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, Uri};

use super::{Language, Size, Theme};
use crate::error::{self, Page};
use crate::form::Typed;
use crate::show::query_text;
use crate::state::AppState;

/// Name of the cookie.
const COOKIE_NAME: &str = "shanji_view";
/// A choice is remembered for a year, in seconds.
const COOKIE_SECONDS: u32 = 365 * 24 * 3_600;
/// The longest way back that is followed.
const PLACE_MAX: usize = 2_000;

/// What somebody chose; nothing where they did not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Preferences {
    pub(crate) language: Option<Language>,
    pub(crate) theme: Option<Theme>,
    pub(crate) size: Option<Size>,
}

impl Preferences {
    /// `?lang=en&theme=dark&mode=elder`.
    pub(crate) fn from_address(query: &str) -> Preferences {
        let mut found = Preferences::default();
        for (name, value) in pairs(query) {
            found.take(name, value);
        }
        found
    }

    /// The cookie, `zh-Hant.dark.elder`; what is not understood was not chosen.
    pub(crate) fn from_cookies(headers: &HeaderMap) -> Preferences {
        let text = headers
            .get_all(COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(name, _)| *name == COOKIE_NAME)
            .map_or("", |(_, value)| value);
        let mut parts = text.split('.');
        let mut next = || parts.next().unwrap_or_default();
        Preferences {
            language: Language::parse(next()),
            theme: Theme::parse(next()),
            size: Size::parse(next()),
        }
    }

    /// These, and where they say nothing, those.
    pub(crate) fn or(self, those: Preferences) -> Preferences {
        Preferences {
            language: self.language.or(those.language),
            theme: self.theme.or(those.theme),
            size: self.size.or(those.size),
        }
    }

    fn take(&mut self, name: &str, value: &str) {
        match name {
            "lang" => self.language = Language::parse(value).or(self.language),
            "theme" => self.theme = Theme::parse(value).or(self.theme),
            "mode" => self.size = Size::parse(value).or(self.size),
            _ => {}
        }
    }

    fn cookie(self) -> String {
        let value = format!(
            "{}.{}.{}",
            self.language.map_or("", |language| language.tag()),
            self.theme.map_or("", Theme::code),
            self.size.map_or("", Size::code),
        );
        format!("{COOKIE_NAME}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={COOKIE_SECONDS}")
    }
}

fn pairs(query: &str) -> impl Iterator<Item = (&str, &str)> {
    query
        .split('&')
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
}

/// Path and query of a page, without what only chooses a view.
pub(crate) fn place_of(address: &Uri) -> String {
    let kept: Vec<&str> = address
        .query()
        .unwrap_or_default()
        .split('&')
        .filter(|pair| {
            let name = pair.split('=').next().unwrap_or_default();
            !pair.is_empty() && !matches!(name, "lang" | "theme" | "mode")
        })
        .collect();
    if kept.is_empty() {
        address.path().to_string()
    } else {
        format!("{}?{}", address.path(), kept.join("&"))
    }
}

/// Only a page of ours is gone back to.
fn safe_place(wanted: &str) -> &str {
    let ours = wanted.starts_with('/')
        && !wanted.starts_with("//")
        && wanted.len() <= PLACE_MAX
        && wanted.chars().all(|c| c.is_ascii_graphic() && c != '\\');
    if ours { wanted } else { "/" }
}

/// `POST /preferences`: keeps the choice and goes back to where one was.
pub(crate) async fn choose(State(_): State<AppState>, headers: HeaderMap, typed: Typed) -> Page {
    let mut chosen = Preferences::default();
    for (name, value) in &typed.0 {
        chosen.take(name, value);
    }
    let mut answer = error::see_other(safe_place(typed.get("back")));
    let cookie = chosen.or(Preferences::from_cookies(&headers)).cookie();
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        answer.headers_mut().append(SET_COOKIE, value);
    }
    Ok(answer)
}

/// The address of this place in another language, for search engines and shared links.
pub(crate) fn in_language(place: &str, language: &Language) -> String {
    let place = if place.is_empty() { "/" } else { place };
    let joint = if place.contains('?') { '&' } else { '?' };
    format!("{place}{joint}lang={}", query_text(language.tag()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_is_kept_as_it_was_made() {
        let chosen = Preferences::from_address("lang=zh-TW&theme=dark&mode=elder&q=x");
        let cookie = chosen.cookie();
        assert!(cookie.starts_with("shanji_view=zh-Hant.dark.elder; "));
        let mut headers = HeaderMap::new();
        let value = cookie.split(';').next().unwrap();
        headers.insert(COOKIE, HeaderValue::from_str(value).unwrap());
        assert_eq!(Preferences::from_cookies(&headers), chosen);
    }

    #[test]
    fn one_goes_back_to_our_own_pages_only() {
        for (wanted, want) in [
            ("/campaigns?q=1", "/campaigns?q=1"),
            ("//evil.test", "/"),
            ("https://evil.test", "/"),
            ("/\\evil.test", "/"),
            ("/a\r\nSet-Cookie: x", "/"),
            ("", "/"),
        ] {
            assert_eq!(safe_place(wanted), want, "{wanted:?}");
        }
    }

    #[test]
    fn a_place_keeps_its_question() {
        let place = |text: &str| place_of(&text.parse().unwrap());
        assert_eq!(place("/search?q=a&lang=en"), "/search?q=a");
        assert_eq!(place("/?lang=en"), "/");
        assert_eq!(
            in_language("/search?q=a", &Language::English),
            "/search?q=a&lang=en"
        );
    }
}

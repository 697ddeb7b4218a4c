//! How somebody sees the house: language, colours, elder mode, and where they are.
//!
//! [`View`] is an extractor. A handler ends in `view.page(template)`; the filters of [`crate::show`]
//! ask the view for the language while the page is drawn, so there is no global and no second copy
//! of any template.

mod errors;
mod language;
mod locale;
mod phrase;
pub(crate) mod preferences;

pub(crate) use errors::{Unshown, show_errors};
pub(crate) use language::Language;
pub(crate) use phrase::{Phrase, REACH, Rich, Say, Stress, localised};

use std::any::Any;
use std::convert::Infallible;
use std::sync::Arc;

use app::AppError;
use askama::{Template, Values};
use axum::extract::{FromRequestParts, OriginalUri};
use axum::http::header::ACCEPT_LANGUAGE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri};

use crate::error::{self, Page};
use crate::operator::Operator;
use crate::session::session_token;
use preferences::Preferences;

/// The name under which filters find the view.
const KEY: &str = "view";

/// 〔视图〕 Who looks, and how.
#[derive(Debug, Clone, Default)]
pub(crate) struct View {
    /// The reader's language.
    pub(crate) language: Language,
    /// Colours.
    pub(crate) theme: Theme,
    /// 长辈模式.
    pub(crate) size: Size,
    /// Path and query of this page, without what only chooses a view.
    pub(crate) place: String,
    /// Who runs the house.
    pub(crate) operator: Arc<Operator>,
    /// True if a session cookie came along; whether it still holds is not known here.
    pub(crate) signed_in: bool,
}

/// 〔深浅色〕 Colours of the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Theme {
    /// As the device is set.
    #[default]
    Auto,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// All, in the order of the controls.
    pub(crate) const ALL: [Theme; 3] = [Theme::Auto, Theme::Light, Theme::Dark];

    /// The code in cookies, forms and `data-theme`.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Theme::Auto => "auto",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    /// What the control says.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Theme::Auto => "跟随设备",
            Theme::Light => "浅色",
            Theme::Dark => "深色",
        }
    }

    fn parse(code: &str) -> Option<Theme> {
        Theme::ALL.into_iter().find(|theme| theme.code() == code)
    }
}

/// 〔长辈模式〕 The size of everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Size {
    /// As usual.
    #[default]
    Usual,
    /// Larger text and targets, fewer things at once (SE-17).
    Elder,
}

impl Size {
    /// The code in cookies, forms and `data-mode`.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Size::Usual => "usual",
            Size::Elder => "elder",
        }
    }

    fn parse(code: &str) -> Option<Size> {
        [Size::Usual, Size::Elder]
            .into_iter()
            .find(|size| size.code() == code)
    }
}

impl View {
    /// The view of a request: what its address says, else what was chosen, else what the browser asks for.
    pub(crate) fn of(headers: &HeaderMap, address: &Uri) -> View {
        let chosen = Preferences::from_address(address.query().unwrap_or_default())
            .or(Preferences::from_cookies(headers));
        let asked = headers
            .get(ACCEPT_LANGUAGE)
            .and_then(|value| value.to_str().ok());
        View {
            language: chosen
                .language
                .or_else(|| asked.and_then(Language::accepted))
                .unwrap_or_default(),
            theme: chosen.theme.unwrap_or_default(),
            size: chosen.size.unwrap_or_default(),
            place: preferences::place_of(address),
            operator: Arc::default(),
            signed_in: session_token(headers).is_some(),
        }
    }

    /// The view of a request that is read in a handler; inside a nested router the address has lost its beginning.
    pub(crate) fn of_parts(parts: &Parts) -> View {
        let address = parts
            .extensions
            .get::<OriginalUri>()
            .map_or(&parts.uri, |original| &original.0);
        View::of(&parts.headers, address).run_by(parts.extensions.get())
    }

    /// With what the operator says, if it came with the request.
    pub(crate) fn run_by(mut self, operator: Option<&Arc<Operator>>) -> View {
        if let Some(operator) = operator {
            self.operator = Arc::clone(operator);
        }
        self
    }

    /// The view that a page is drawn with; usual and in Simplified Chinese where none was given.
    pub(crate) fn drawn_with(values: &dyn Values) -> View {
        askama::get_value::<View>(values, KEY)
            .cloned()
            .unwrap_or_default()
    }

    /// The language that a page is drawn with.
    pub(crate) fn language_of(values: &dyn Values) -> Language {
        askama::get_value::<View>(values, KEY).map_or_else(|_| Language::default(), |v| v.language)
    }

    /// The HTML of a page for this view.
    ///
    /// # Errors
    /// A filter failed.
    pub(crate) fn draw(&self, template: &impl Template) -> askama::Result<String> {
        template.render_with_values(self)
    }

    /// A page that is shown.
    pub(crate) fn page(&self, template: &impl Template) -> Page {
        Ok(error::ok(self.draw(template)?))
    }

    /// The page of a form, shown again because of `error`.
    pub(crate) fn again(&self, error: &AppError, template: &impl Template) -> Page {
        Ok(error::again(error, self.draw(template)?))
    }

    /// A text of ours, or a sentence, in this reader's language.
    pub(crate) fn say<T: Say + ?Sized>(&self, words: &T) -> String {
        words.phrase(self.language).to_string()
    }

    /// This page's address in another language, for search engines and shared links.
    pub(crate) fn address_in(&self, language: &Language) -> String {
        preferences::in_language(&self.place, language)
    }

    /// True if this language is the one shown.
    pub(crate) fn speaks(&self, language: &Language) -> bool {
        self.language == *language
    }

    /// The languages to choose from.
    pub(crate) fn languages(&self) -> [Language; 3] {
        Language::ALL
    }

    /// The colours that the control offers next: one button goes through all of them.
    pub(crate) fn other_theme(&self) -> Theme {
        match self.theme {
            Theme::Auto => Theme::Dark,
            Theme::Dark => Theme::Light,
            Theme::Light => Theme::Auto,
        }
    }

    /// What the browser is told about colours, before the styles arrive.
    pub(crate) fn color_scheme(&self) -> &'static str {
        match self.theme {
            Theme::Auto => "light dark",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    /// True in elder mode.
    pub(crate) fn elder(&self) -> bool {
        self.size == Size::Elder
    }
}

impl Values for View {
    fn get_value<'a>(&'a self, key: &str) -> Option<&'a dyn Any> {
        (key == KEY).then_some(self as &dyn Any)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for View {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<View, Infallible> {
        Ok(View::of_parts(parts))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;
    use axum::http::header::COOKIE;

    fn view(cookie: &'static str, accept: &'static str, address: &str) -> View {
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, HeaderValue::from_static(cookie));
        headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static(accept));
        View::of(&headers, &address.parse().unwrap())
    }

    #[test]
    fn the_address_goes_before_the_cookie_and_the_cookie_before_the_browser() {
        let english = view("shanji_view=zh-Hant.dark.elder", "zh-CN", "/x?lang=en&q=1");
        assert_eq!(english.language, Language::English);
        assert_eq!((english.theme, english.size), (Theme::Dark, Size::Elder));
        assert_eq!(english.place, "/x?q=1");
        assert_eq!(
            view("shanji_view=zh-Hant..", "en", "/").language,
            Language::Traditional
        );
        assert_eq!(view("", "en-GB,zh;q=0.5", "/").language, Language::English);
        assert_eq!(view("", "fr", "/").language, Language::Simplified);
        assert!(view("", "", "/?mode=elder").elder());
    }
}

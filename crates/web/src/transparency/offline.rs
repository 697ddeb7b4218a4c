//! The verify page as one file that needs no network, because a page from the operator cannot vouch for the operator.
//!
//! Its bytes follow from this program, the log's key and its policy alone, so that anybody who has the program can make it again and
//! compare its SHA-256 with the one that the site shows.

use app::App;
use askama::Template;
use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::IntoResponse;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use leaf::VerifierPages;
use sha2::{Digest, Sha256};

use crate::error::Page;
use crate::show::filters;
use crate::view::{Language, View};
use crate::{assets, scripts};

#[derive(Template)]
#[template(path = "components/offline.html")]
struct Offline<'a> {
    policy: String,
    style: &'static str,
    script: &'a str,
    origin: &'a str,
    verifier_key: &'a str,
    key_history: &'a str,
    policy_file: &'a str,
    online: bool,
}

/// What a page needs to know of a log.
#[derive(Debug, Clone, Copy)]
pub struct LogKeys<'a> {
    /// Its verifier keys as text, one a line, the oldest first.
    pub verifier_key: &'a str,
    /// The file that leads from one key to the next; empty while there is only one.
    pub history: &'a str,
    /// The policy file by which witnesses are counted.
    pub policy: &'a str,
}

/// What the house says of its log.
pub(crate) struct Known {
    verifier_key: String,
    history: String,
    policy: String,
}

impl Known {
    /// The keys, history and policy of a house.
    ///
    /// # Errors
    /// The engine's refusal.
    pub(crate) async fn of(app: &App) -> Result<Known, app::AppError> {
        let keys = app.verifier_keys();
        let history = match keys.len() {
            0 | 1 => String::new(),
            _ => app.key_history().await?,
        };
        Ok(Known {
            verifier_key: keys.join("\n"),
            history,
            policy: app.witness_policy(),
        })
    }

    pub(crate) fn keys(&self) -> LogKeys<'_> {
        LogKeys {
            verifier_key: &self.verifier_key,
            history: &self.history,
            policy: &self.policy,
        }
    }
}

/// The page for the log with these keys.
///
/// # Errors
/// The template cannot be drawn.
pub(crate) fn page(keys: LogKeys<'_>, view: &View) -> askama::Result<String> {
    let script = scripts::VERIFY_SCRIPT.as_str();
    let style = assets::style_text();
    // Only the language shows: the same page for everybody who reads it.
    let view = View {
        language: view.language,
        ..View::default()
    };
    view.draw(&Offline {
        policy: policy(style, script),
        style,
        script,
        origin: origin_of(keys.verifier_key),
        verifier_key: keys.verifier_key,
        key_history: keys.history,
        policy_file: keys.policy,
        online: false,
    })
}

/// The page in a language, `zh-Hans`, `zh-Hant` or `en`; `None` for any other.
#[must_use]
pub fn offline_page(keys: LogKeys<'_>, language: &str) -> Option<String> {
    let view = View {
        language: Language::accepted(language)?,
        ..View::default()
    };
    page(keys, &view).ok()
}

/// Nothing but the two parts that stand in the page, known by their hashes; no network at all.
fn policy(style: &str, script: &str) -> String {
    let hash = |text: &str| STANDARD.encode(Sha256::digest(text.as_bytes()));
    format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; img-src data:; form-action 'none'; base-uri 'none'",
        hash(style),
        hash(script)
    )
}

/// The SHA-256 of a page.
pub(crate) fn digest(page: &str) -> [u8; 32] {
    Sha256::digest(page.as_bytes()).into()
}

/// The pages that this house gives away, for its log to state: one for each language, in the order of [`Language::ALL`].
///
/// # Errors
/// The engine's refusal.
pub async fn verifier_pages(app: &App) -> Result<VerifierPages, app::AppError> {
    let known = Known::of(app).await?;
    let mut files = Vec::new();
    for language in Language::ALL {
        let view = View {
            language,
            ..View::default()
        };
        let page = page(known.keys(), &view).map_err(app::AppError::internal)?;
        let bytes = i64::try_from(page.len()).map_err(app::AppError::internal)?;
        files.push((bytes, digest(&page)));
    }
    Ok(VerifierPages {
        program: env!("CARGO_PKG_VERSION").to_owned(),
        files,
    })
}

/// The name of a verifier key is the origin of its log.
pub(crate) fn origin_of(verifier_key: &str) -> &str {
    verifier_key.split('+').next().unwrap_or_default()
}

/// `GET /verify/offline.html`
pub(crate) async fn show(State(app): State<App>, view: View) -> Page {
    let script = scripts::VERIFY_SCRIPT.as_str();
    let policy = HeaderValue::from_str(&policy(assets::style_text(), script))
        .map_err(app::AppError::internal)?;
    let headers = [
        (
            CONTENT_TYPE,
            HeaderValue::from_static("text/html; charset=utf-8"),
        ),
        (
            CONTENT_DISPOSITION,
            HeaderValue::from_static("inline; filename=shanji-verify.html"),
        ),
        (CONTENT_SECURITY_POLICY, policy),
    ];
    let known = Known::of(&app).await?;
    let keys = known.keys();
    Ok((headers, page(keys, &view)?).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "log.example/a+00000000+AAAA";
    const KEYS: LogKeys<'_> = LogKeys {
        verifier_key: KEY,
        history: "",
        policy: "quorum none\n",
    };

    #[test]
    fn the_page_stands_alone() {
        let html = page(KEYS, &View::default()).unwrap();
        assert!(html.contains(KEY));
        assert!(html.contains("data-origin=\"log.example/a\""));
        for elsewhere in ["src=", "href=", "http://", "https://", "@import", "url("] {
            assert!(!html.contains(elsewhere), "{elsewhere}");
        }
        assert_eq!(html.matches("</script>").count(), 1);
        assert_eq!(
            digest(&html),
            digest(&page(KEYS, &View::default()).unwrap())
        );
        assert!(html.contains("quorum none"));
        let other = LogKeys {
            verifier_key: "log.example/b+00000000+AAAA",
            ..KEYS
        };
        let without = LogKeys { policy: "", ..KEYS };
        for other in [other, without] {
            assert_ne!(
                digest(&html),
                digest(&page(other, &View::default()).unwrap())
            );
        }
    }

    #[test]
    fn the_policy_names_what_stands_in_the_page() {
        let html = page(KEYS, &View::default()).unwrap();
        let part = |open: &str, close: &str| {
            let start = html.find(open).unwrap() + open.len();
            let end = start + html[start..].find(close).unwrap();
            STANDARD.encode(Sha256::digest(&html.as_bytes()[start..end]))
        };
        // Templates write the quotation marks of an attribute as references.
        let shown = html.replace("&#39;", "'");
        for hash in [
            part("<style>", "</style>"),
            part("<script type=\"module\">", "</script>"),
        ] {
            assert!(shown.contains(&format!("'sha256-{hash}'")), "{hash}");
        }
    }
}

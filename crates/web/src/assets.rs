//! Styles, scripts and pictures, embedded in the binary under names that carry their hash, so that a browser may keep them for ever.

use axum::extract::Path;
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

use crate::scripts::terse;
use crate::{error, scripts};

/// Characters of the hash in a name; enough to tell versions apart.
const HASH_CHARS: usize = 16;

/// All styles as one file: tokens, the dark tokens where they are chosen or asked for, then every component.
const STYLES: &str = concat!(
    include_str!("../assets/styles/tokens.css"),
    ":root[data-theme=\"dark\"] {\n",
    include_str!("../assets/styles/dark.css"),
    "}\n@media (prefers-color-scheme: dark) { :root[data-theme=\"auto\"] {\n",
    include_str!("../assets/styles/dark.css"),
    "} }\n",
    include_str!("../assets/styles/base.css"),
    include_str!("../assets/styles/site.css"),
    include_str!("../assets/styles/hero.css"),
    include_str!("../assets/styles/boxes.css"),
    include_str!("../assets/styles/drawings.css"),
    include_str!("../assets/styles/tables.css"),
    include_str!("../assets/styles/stories.css"),
    include_str!("../assets/styles/forms.css"),
    include_str!("../assets/styles/lists.css"),
    include_str!("../assets/styles/suggestions.css"),
    // Rows as cards: on a phone, beside large letters, and where a list has many columns.
    "@media (max-width: 47.99rem) {\n",
    include_str!("../assets/styles/cards.css"),
    "}\n@container page (max-width: 45em) {\n",
    include_str!("../assets/styles/cards.css"),
    "}\n@container many (max-width: 72em) {\n",
    include_str!("../assets/styles/cards.css"),
    "}\n",
    include_str!("../assets/styles/proof.css"),
    include_str!("../assets/styles/print.css"),
);

/// An embedded file.
struct Asset {
    stem: &'static str,
    extension: &'static str,
    mime: &'static str,
    bytes: LazyLock<Vec<u8>>,
    name: LazyLock<String>,
}

static STYLE: Asset = Asset {
    stem: "shanji",
    extension: "css",
    mime: "text/css; charset=utf-8",
    bytes: LazyLock::new(|| style_text().as_bytes().to_vec()),
    name: LazyLock::new(|| STYLE.hashed()),
};

static SUGGEST: Asset = Asset {
    stem: "suggest",
    extension: "js",
    mime: "text/javascript; charset=utf-8",
    bytes: LazyLock::new(|| include_bytes!("../assets/suggest.js").to_vec()),
    name: LazyLock::new(|| SUGGEST.hashed()),
};

/// One amount of two fields, numbers to copy, forms that were sent into a cut line.
static EASE: Asset = Asset {
    stem: "ease",
    extension: "js",
    mime: "text/javascript; charset=utf-8",
    bytes: LazyLock::new(|| include_bytes!("../assets/ease.js").to_vec()),
    name: LazyLock::new(|| EASE.hashed()),
};

/// Asks the browser for passkeys.
static PASSKEY: Asset = Asset {
    stem: "passkey",
    extension: "js",
    mime: "text/javascript; charset=utf-8",
    bytes: LazyLock::new(|| include_bytes!("../assets/passkey.js").to_vec()),
    name: LazyLock::new(|| PASSKEY.hashed()),
};

static MARK: Asset = Asset {
    stem: "mark",
    extension: "svg",
    mime: "image/svg+xml",
    bytes: LazyLock::new(|| include_bytes!("../assets/mark.svg").to_vec()),
    name: LazyLock::new(|| MARK.hashed()),
};

static BADGE: Asset = Asset {
    stem: "badge",
    extension: "js",
    mime: "text/javascript; charset=utf-8",
    bytes: LazyLock::new(|| scripts::BADGE_SCRIPT.as_bytes().to_vec()),
    name: LazyLock::new(|| BADGE.hashed()),
};

static VERIFY: Asset = Asset {
    stem: "verify",
    extension: "js",
    mime: "text/javascript; charset=utf-8",
    bytes: LazyLock::new(|| scripts::VERIFY_SCRIPT.as_bytes().to_vec()),
    name: LazyLock::new(|| VERIFY.hashed()),
};

/// Tables of QR codes, for [`QR_READER`].
static QR_TABLES: Asset = Asset {
    stem: "qr-tables",
    extension: "js",
    mime: "text/javascript; charset=utf-8",
    bytes: LazyLock::new(|| terse(QR_TABLES_MODULE).into_bytes()),
    name: LazyLock::new(|| QR_TABLES.hashed()),
};

/// Reads QR codes where a browser has no reader of its own; another's module, see `build.rs`.
static QR_READER: Asset = Asset {
    stem: "qr-reader",
    extension: "js",
    mime: "text/javascript; charset=utf-8",
    bytes: LazyLock::new(|| {
        let tables = format!("'./{}'", *QR_TABLES.name);
        terse(QR_READER_MODULE)
            .replace("'./index.js'", &tables)
            .into_bytes()
    }),
    name: LazyLock::new(|| QR_READER.hashed()),
};

const QR_TABLES_MODULE: &str = include_str!(concat!(env!("OUT_DIR"), "/qr_index.js"));
const QR_READER_MODULE: &str = include_str!(concat!(env!("OUT_DIR"), "/qr_decode.js"));

impl Asset {
    fn hashed(&self) -> String {
        let mut hash = hex::encode(Sha256::digest(&*self.bytes));
        hash.truncate(HASH_CHARS);
        format!("{}.{hash}.{}", self.stem, self.extension)
    }
}

/// Address of the one stylesheet.
pub(crate) fn style_href() -> String {
    format!("/assets/{}", *STYLE.name)
}

/// The one stylesheet, for a page that stands alone.
pub(crate) const fn style_text() -> &'static str {
    STYLES
}

/// Address of the script that compares a page with the log.
pub(crate) fn badge_href() -> String {
    format!("/assets/{}", *BADGE.name)
}

/// Address of the script of the verify page.
pub(crate) fn verify_href() -> String {
    format!("/assets/{}", *VERIFY.name)
}

/// Address of the reader of QR codes, if this program was built with it.
pub(crate) fn qr_reader_href() -> Option<String> {
    let built = !QR_READER_MODULE.is_empty() && !QR_TABLES_MODULE.is_empty();
    built.then(|| format!("/assets/{}", *QR_READER.name))
}

/// Address of the script of small helps on forms and receipts.
pub(crate) fn ease_href() -> String {
    format!("/assets/{}", *EASE.name)
}

/// Address of the script that suggests names while they are typed.
pub(crate) fn suggest_href() -> String {
    format!("/assets/{}", *SUGGEST.name)
}

/// Address of the script of passkeys.
pub(crate) fn passkey_href() -> String {
    format!("/assets/{}", *PASSKEY.name)
}

/// Address of the mark 善迹.
pub(crate) fn mark_href() -> String {
    format!("/assets/{}", *MARK.name)
}

/// Serves an embedded file under its hashed name; an old name is gone, because its bytes are.
pub(crate) async fn show(Path(name): Path<String>) -> Response {
    let known = [
        &STYLE, &SUGGEST, &EASE, &PASSKEY, &MARK, &BADGE, &VERIFY, &QR_TABLES, &QR_READER,
    ];
    match known.into_iter().find(|asset| *asset.name == name) {
        Some(asset) => (
            [
                (CONTENT_TYPE, HeaderValue::from_static(asset.mime)),
                (
                    CACHE_CONTROL,
                    HeaderValue::from_static("public, max-age=31536000, immutable"),
                ),
            ],
            asset.bytes.as_slice(),
        )
            .into_response(),
        None => error::not_found("文件"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_bytes() {
        let hash = hex::encode(Sha256::digest(&*STYLE.bytes));
        assert_eq!(
            style_href(),
            format!("/assets/shanji.{}.css", &hash[..HASH_CHARS])
        );
        assert!(mark_href().ends_with(".svg"));
    }

    #[test]
    fn the_reader_of_qr_codes_finds_its_tables() {
        let Some(href) = qr_reader_href() else {
            eprintln!("SKIPPED: built without browser/packages");
            return;
        };
        assert!(href.starts_with("/assets/qr-reader."), "{href}");
        let text = std::str::from_utf8(&QR_READER.bytes).unwrap();
        let imports: Vec<&str> = text.lines().filter(|l| l.starts_with("import ")).collect();
        assert_eq!(imports.len(), 1, "{imports:?}");
        assert!(imports[0].contains(&*QR_TABLES.name), "{imports:?}");
        assert!(text.contains("export const decodeQR"));
    }

    #[test]
    fn the_stylesheet_asks_nobody_else() {
        let css = std::str::from_utf8(&STYLE.bytes).unwrap();
        assert!(!css.contains("http"), "no third-party requests");
        assert!(!css.contains("@import"));
    }
}

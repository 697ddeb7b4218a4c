//! The printer of PDF files: the font of the machine, found once, and a few turns at a time; and what papers of all rooms
//! say alike: the address of the house, the moment of printing, how a file is saved.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use app::AppError;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, HOST};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use domain::Refusal;
use paper::{Paper, Typeface};
use tokio::sync::Semaphore;

use crate::view::Language;

/// Papers drawn at once; drawing uses a processor, and giving must not wait for it.
const TURNS: usize = 2;

/// 〔打印机〕 Draws papers. The font is looked for when the first paper is wanted.
pub(crate) struct Printer {
    /// The operator's own font file.
    font: Option<PathBuf>,
    face: OnceLock<Option<Typeface>>,
    turns: Semaphore,
}

impl Printer {
    /// A printer with the operator's font, or with one of the machine's.
    pub(crate) fn new(font: Option<PathBuf>) -> Printer {
        Printer {
            font,
            face: OnceLock::new(),
            turns: Semaphore::new(TURNS),
        }
    }

    /// The PDF file of a paper.
    ///
    /// # Errors
    /// `Refused` with `no_font` where no font was found, in words for the reader and the operator.
    pub(crate) async fn print(
        self: Arc<Printer>,
        paper: Paper,
        language: Language,
    ) -> Result<Vec<u8>, AppError> {
        let printer = Arc::clone(&self);
        let _turn = self.turns.acquire().await.map_err(AppError::internal)?;
        tokio::task::spawn_blocking(move || printer.draw(&paper, language))
            .await
            .map_err(AppError::internal)?
    }

    fn draw(&self, paper: &Paper, language: Language) -> Result<Vec<u8>, AppError> {
        let forms = match language {
            Language::Traditional => paper::Language::Traditional,
            Language::Simplified | Language::English => paper::Language::Simplified,
        };
        let face = self.face.get_or_init(|| {
            let found = Typeface::find(self.font.as_deref(), forms);
            found
                .inspect_err(|error| tracing::warn!(%error, "printer.no_font"))
                .ok()
        });
        let Some(face) = face else {
            return Err(AppError::Refused(Refusal {
                code: "no_font",
                sentence: "这台服务器上没有中文字体，做不出 PDF；请用浏览器的“打印”把凭据页存成 PDF，并请管理员安装 fonts-noto-cjk。".into(),
                law: None,
                field: None,
            }));
        };
        paper
            .draw(&face.speaking(forms))
            .map_err(AppError::internal)
    }
}

/// What made the file, in the file's own data.
pub(crate) const CREATOR: &str = "Shanji";
/// The name a house has until its operator gives it one.
const NAMELESS: &str = "localhost";

/// The address of the house as the outside knows it, without a slash at the end.
///
/// A house with a name uses that name: a link on paper must not lead where a forged `Host` header wants. Only a house
/// without one, on somebody's own machine, believes what the browser asked for.
pub(crate) fn house_address(origin: &str, headers: &HeaderMap) -> String {
    let name = origin.split_once('/').map_or(origin, |(name, _)| name);
    if name != NAMELESS {
        return format!("https://{name}");
    }
    let asked = headers.get(HOST).and_then(|host| host.to_str().ok());
    let plain = |host: &&str| {
        !host.is_empty()
            && host
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']'))
    };
    format!("http://{}", asked.filter(plain).unwrap_or(NAMELESS))
}

/// Year, month, day, hour, minute and second of a moment in Beijing.
pub(crate) fn made(moment: &str) -> (u16, u8, u8, u8, u8, u8) {
    let Some(time) = kernel::Timestamp::parse_rfc3339(moment).ok() else {
        return (1970, 1, 1, 8, 0, 0);
    };
    let (year, month, day) = time.day().ymd();
    let seconds = time
        .micros()
        .saturating_add(8 * 3_600 * 1_000_000)
        .div_euclid(1_000_000)
        .rem_euclid(24 * 3_600);
    let part = |n: i64| u8::try_from(n).unwrap_or(0);
    (
        u16::try_from(year).unwrap_or(1970),
        month,
        day,
        part(seconds / 3_600),
        part(seconds / 60 % 60),
        part(seconds % 60),
    )
}

/// A file to save; its name keeps letters, digits, points and dashes only.
pub(crate) fn saved(kind: &'static str, name: &str, body: impl IntoResponse) -> Response {
    let name: String = name
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))
        .collect();
    let place = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""));
    let place = place.unwrap_or(HeaderValue::from_static("attachment"));
    let kind = HeaderValue::from_static(kind);
    ([(CONTENT_TYPE, kind), (CONTENT_DISPOSITION, place)], body).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_named_house_does_not_believe_the_host_header() {
        let check = |origin: &str, host: Option<&'static str>, want: &str| {
            let mut headers = HeaderMap::new();
            if let Some(host) = host {
                headers.insert(HOST, host.parse().unwrap());
            }
            assert_eq!(house_address(origin, &headers), want);
        };
        check("a.example/log", Some("evil.example"), "https://a.example");
        check("a.example", None, "https://a.example");
        check(
            "localhost/log",
            Some("127.0.0.1:8080"),
            "http://127.0.0.1:8080",
        );
        check("localhost/log", Some("[::1]:8080"), "http://[::1]:8080");
        check("localhost/log", Some("a\"><b"), "http://localhost");
        check("localhost/log", None, "http://localhost");
    }

    #[test]
    fn the_moment_of_printing_is_beijing_time() {
        assert_eq!(made("2026-11-27T16:05:09Z"), (2026, 11, 28, 0, 5, 9));
        assert_eq!(made("nonsense"), (1970, 1, 1, 8, 0, 0));
    }
}

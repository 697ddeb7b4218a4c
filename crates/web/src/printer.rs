//! The printer of PDF files: the font of the machine, found once, and a few turns at a time.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use app::AppError;
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

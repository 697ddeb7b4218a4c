//! QR codes: for a page as SVG, for a paper as squares.

use crate::limits::QR_BYTES;
use fast_qr::qr::{QRBuilder, QRCode};

/// White modules around the code, as the standard wants.
pub(crate) const QUIET: usize = 4;

/// Why there is no code.
#[derive(Debug, thiserror::Error)]
pub enum QrFault {
    /// More than a code that a telephone reads easily.
    #[error("{0} bytes are too many for a QR code")]
    TooLong(usize),
    /// The library found no version that holds it.
    #[error("no QR code holds this content")]
    NoVersion,
}

/// A code with medium error correction.
pub(crate) fn code(content: &str) -> Result<QRCode, QrFault> {
    if content.len() > QR_BYTES {
        return Err(QrFault::TooLong(content.len()));
    }
    QRBuilder::new(content)
        .ecl(fast_qr::ECL::M)
        .build()
        .map_err(|_| QrFault::NoVersion)
}

/// Runs of dark modules: row, first column, how many.
pub(crate) fn runs(code: &QRCode) -> Vec<(usize, usize, usize)> {
    let mut runs = Vec::new();
    for row in 0..code.size {
        let mut from = None;
        for column in 0..=code.size {
            let dark = column < code.size && code[row][column].value();
            match (dark, from) {
                (true, None) => from = Some(column),
                (false, Some(first)) => {
                    runs.push((row, first, column - first));
                    from = None;
                }
                _ => {}
            }
        }
    }
    runs
}

/// The code as an SVG drawing in black on white, whatever the theme: scanners want it so. `title` says what it is.
///
/// # Errors
/// Too much content.
pub fn svg_of(content: &str, title: &str) -> Result<String, QrFault> {
    let code = code(content)?;
    let side = code.size + 2 * QUIET;
    let mut path = String::new();
    for (row, first, count) in runs(&code) {
        let (x, y) = (first + QUIET, row + QUIET);
        path.push_str(&format!("M{x} {y}h{count}v1h-{count}z"));
    }
    let title = title
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    Ok(format!(
        "<svg class=\"qr\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" width=\"{side}\" height=\"{side}\" role=\"img\" shape-rendering=\"crispEdges\"><title>{title}</title><path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/><path d=\"{path}\"/></svg>"
    ))
}

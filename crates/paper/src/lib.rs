//! Papers to keep: A4 pages with the text still selectable, a subset of a Chinese font inside, and a QR code.
//!
//! A [`Paper`] is a list of blocks; [`Paper::draw`] lays them out from top to bottom and begins a new page when one
//! is full. Positions are whole thousandths of a point, so the same paper is always the same pages. Nothing here
//! knows a gift or an organisation.

mod block;
mod draw;
mod limits;
mod lines;
mod points;
mod qr;
mod typeface;

pub use block::{Block, Paper, Row};
pub use draw::PaperError;
pub use qr::{QrFault, svg_of};
pub use typeface::{Language, Typeface, TypefaceError};

#[cfg(test)]
mod tests;

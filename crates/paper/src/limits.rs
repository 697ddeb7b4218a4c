//! How much a paper may hold.

/// The most pages of a paper; what is longer is refused, not cut.
pub(crate) const PAGES: usize = 60;
/// The most blocks of a paper.
pub(crate) const BLOCKS: usize = 2_000;
/// The most characters of one block.
pub(crate) const BLOCK_CHARS: usize = 20_000;
/// The most bytes of a font file that is read.
pub(crate) const FONT_BYTES: u64 = 64 * 1024 * 1024;
/// The most bytes of a QR code's content.
pub(crate) const QR_BYTES: usize = 1_000;

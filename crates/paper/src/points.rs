//! The one place where whole thousandths of a point become the numbers that the PDF writer takes.
#![expect(
    clippy::disallowed_types,
    clippy::float_arithmetic,
    reason = "the PDF writer takes lengths as floats; they are made here from whole numbers and never become money"
)]

use krilla::geom::{PathBuilder, Point, Rect};
use krilla::page::PageSettings;
use krilla::text::{GlyphId, KrillaGlyph};

/// Width of an A4 page in thousandths of a point.
pub(crate) const PAGE_WIDTH: i32 = 595_276;
/// Height of an A4 page.
pub(crate) const PAGE_HEIGHT: i32 = 841_890;

/// A length in points.
pub(crate) fn points(mils: i32) -> f32 {
    // Lengths stay far below 2^24, so the number is exact before it is divided.
    mils as f32 / 1_000.0
}

/// A place on the page.
pub(crate) fn place(x: i32, y: i32) -> Point {
    Point::from_xy(points(x), points(y))
}

/// An A4 page.
pub(crate) fn a4() -> PageSettings {
    PageSettings::from_wh(points(PAGE_WIDTH), points(PAGE_HEIGHT)).unwrap_or_default()
}

/// A rectangle; `None` if it has no area.
pub(crate) fn rect(x: i32, y: i32, width: i32, height: i32) -> Option<Rect> {
    Rect::from_xywh(points(x), points(y), points(width), points(height))
}

/// Adds a rectangle to a path.
pub(crate) fn add_rect(path: &mut PathBuilder, x: i32, y: i32, width: i32, height: i32) {
    if let Some(rect) = rect(x, y, width, height) {
        path.push_rect(rect);
    }
}

/// A glyph of a font with `per_em` units, `advance` of them wide, for the bytes `range` of the text.
pub(crate) fn glyph(
    id: u32,
    advance: u16,
    per_em: u16,
    range: std::ops::Range<usize>,
) -> KrillaGlyph {
    let advance = f32::from(advance) / f32::from(per_em.max(1));
    KrillaGlyph::new(GlyphId::new(id), advance, 0.0, 0.0, 0.0, range, None)
}

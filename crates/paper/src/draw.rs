//! Laying a paper out on A4 pages and drawing it.

use crate::block::{Block, Paper, Row};
use crate::limits::{BLOCK_CHARS, BLOCKS, PAGES};
use crate::lines;
use crate::points::{PAGE_HEIGHT, PAGE_WIDTH, a4, add_rect, glyph, place, points};
use crate::qr::{self, QUIET, QrFault};
use crate::typeface::{Measure, Typeface};
use krilla::color::rgb;
use krilla::geom::PathBuilder;
use krilla::metadata::{DateTime, Metadata};
use krilla::paint::Fill;
use krilla::surface::Surface;
use krilla::text::Font;
use krilla::{Document, SerializeSettings};

/// Thousandths of a point.
const POINT: i32 = 1_000;
/// White at the left and right edge.
const MARGIN: i32 = 56 * POINT;
/// White at the top.
const TOP: i32 = 46 * POINT;
/// Where the text ends; the foot of the page stands below.
const BOTTOM: i32 = PAGE_HEIGHT - 52 * POINT;
/// The baseline of the foot.
const FOOT: i32 = PAGE_HEIGHT - 34 * POINT;
/// Width of the text.
const ROOM: i32 = PAGE_WIDTH - 2 * MARGIN;
/// Width of labels in rows.
const LABEL: i32 = 96 * POINT;
/// Side of a QR code.
const CODE: i32 = 132 * POINT;
/// Hours by which Beijing is ahead.
const BEIJING: i8 = 8;

/// Why a paper was not drawn.
#[derive(Debug, thiserror::Error)]
pub enum PaperError {
    /// More than the limits allow.
    #[error("the paper is too long")]
    TooLong,
    /// The font cannot be used after all.
    #[error("the font cannot be read")]
    Font,
    /// The QR code.
    #[error(transparent)]
    Qr(#[from] QrFault),
    /// The PDF writer refused.
    #[error("the PDF cannot be written: {0}")]
    Writer(String),
}

/// How a line of text looks.
#[derive(Clone, Copy)]
struct Style {
    size: i32,
    leading: i32,
    after: i32,
    ink: (u8, u8, u8),
}

const TITLE: Style = style(20, 28, 6, (20, 20, 20));
const LEAD: Style = style(14, 22, 10, (20, 20, 20));
const HEADING: Style = style(12, 19, 4, (150, 40, 30));
const TEXT: Style = style(10, 15, 5, (30, 30, 30));
const SMALL: Style = style(8, 13, 4, (90, 90, 90));
const LABELS: Style = style(9, 15, 0, (100, 100, 100));

const fn style(size: i32, leading: i32, after: i32, ink: (u8, u8, u8)) -> Style {
    Style {
        size: size * POINT,
        leading: leading * POINT,
        after: after * POINT,
        ink,
    }
}

/// Something with a fixed place on a page.
enum Mark {
    Line {
        x: i32,
        /// Of the baseline.
        y: i32,
        style: Style,
        text: String,
    },
    Rule {
        y: i32,
    },
    Code {
        x: i32,
        y: i32,
        content: String,
    },
}

/// Marks by page.
struct Layout<'a> {
    measure: Measure<'a>,
    pages: Vec<Vec<Mark>>,
    y: i32,
}

impl Paper {
    /// The paper as a PDF file.
    ///
    /// # Errors
    /// Too long, or a font that cannot be used.
    pub fn draw(&self, face: &Typeface) -> Result<Vec<u8>, PaperError> {
        if self.blocks.len() > BLOCKS {
            return Err(PaperError::TooLong);
        }
        let mut layout = Layout {
            measure: face.measure().ok_or(PaperError::Font)?,
            pages: vec![Vec::new()],
            y: TOP,
        };
        for (at, block) in self.blocks.iter().enumerate() {
            layout.block(block, self.blocks.get(at + 1))?;
        }
        if layout.pages.len() > PAGES {
            return Err(PaperError::TooLong);
        }
        let font = face.font().ok_or(PaperError::Font)?;
        let mut document = Document::new_with(SerializeSettings::default());
        let count = layout.pages.len();
        for (at, marks) in layout.pages.iter().enumerate() {
            let mut page = document.start_page_with(a4());
            let mut surface = page.surface();
            let pen = Pen {
                font: font.clone(),
                measure: &layout.measure,
            };
            for mark in marks {
                pen.mark(&mut surface, mark)?;
            }
            let foot = format!("{}　{} / {count}", self.foot, at + 1);
            pen.text(&mut surface, (MARGIN, FOOT), SMALL, &foot);
            surface.finish();
            page.finish();
        }
        document.set_metadata(self.metadata());
        document
            .finish()
            .map_err(|error| PaperError::Writer(format!("{error:?}")))
    }

    fn metadata(&self) -> Metadata {
        let (year, month, day, hour, minute, second) = self.made;
        let made = DateTime::new(year)
            .month(month)
            .day(day)
            .hour(hour)
            .minute(minute)
            .second(second)
            .utc_offset_hour(BEIJING)
            .utc_offset_minute(0);
        Metadata::new()
            .title(self.title.clone())
            .authors(vec![self.author.clone()])
            .description(self.description.clone())
            .creator(self.creator.clone())
            .language(self.language.clone())
            .creation_date(made)
    }
}

impl Layout<'_> {
    fn block(&mut self, block: &Block, next: Option<&Block>) -> Result<(), PaperError> {
        match block {
            Block::Title(text) => self.paragraph(MARGIN, ROOM, TITLE, text)?,
            Block::Lead(text) => self.paragraph(MARGIN, ROOM, LEAD, text)?,
            Block::Heading(text) => {
                // A heading stays with at least two lines of what it names, and with the whole of a code.
                self.y += 8 * POINT;
                let named = match next {
                    Some(Block::Code { .. }) => HEADING.after + CODE + 8 * POINT,
                    _ => 2 * TEXT.leading,
                };
                self.need(HEADING.leading + named);
                self.paragraph(MARGIN, ROOM, HEADING, text)?;
            }
            Block::Text(text) => self.paragraph(MARGIN, ROOM, TEXT, text)?,
            Block::Small(text) => self.paragraph(MARGIN, ROOM, SMALL, text)?,
            Block::Rows(rows) => {
                for row in rows {
                    self.row(row)?;
                }
                self.y += TEXT.after;
            }
            Block::Code { content, beside } => self.code(content, beside)?,
            Block::Rule => {
                self.need(10 * POINT);
                let y = self.y + 4 * POINT;
                self.put(Mark::Rule { y });
                self.y += 10 * POINT;
            }
        }
        Ok(())
    }

    fn broken(&self, text: &str, room: i32, style: Style) -> Result<Vec<String>, PaperError> {
        if text.chars().count() > BLOCK_CHARS {
            return Err(PaperError::TooLong);
        }
        Ok(lines::broken(text, room, |c| {
            self.measure.width(c, style.size)
        }))
    }

    fn paragraph(&mut self, x: i32, room: i32, style: Style, text: &str) -> Result<(), PaperError> {
        for text in self.broken(text, room, style)? {
            self.line(x, style, text);
        }
        self.y += style.after;
        Ok(())
    }

    fn line(&mut self, x: i32, style: Style, text: String) {
        self.need(style.leading);
        self.y += style.leading;
        let y = self.y - (style.leading - style.size) / 2 - style.size / 8;
        self.put(Mark::Line { x, y, style, text });
    }

    fn row(&mut self, row: &Row) -> Result<(), PaperError> {
        let words = self.broken(&row.words, ROOM - LABEL, TEXT)?;
        let labels = self.broken(&row.label, LABEL - 8 * POINT, LABELS)?;
        for at in 0..words.len().max(labels.len()) {
            self.need(TEXT.leading);
            self.y += TEXT.leading;
            let y = self.y - (TEXT.leading - TEXT.size) / 2 - TEXT.size / 8;
            for (x, style, lines) in [(MARGIN, LABELS, &labels), (MARGIN + LABEL, TEXT, &words)] {
                if let Some(text) = lines.get(at) {
                    let text = text.clone();
                    self.put(Mark::Line { x, y, style, text });
                }
            }
        }
        let y = self.y + POINT;
        self.put(Mark::Rule { y });
        self.y += 2 * POINT;
        Ok(())
    }

    fn code(&mut self, content: &str, beside: &[String]) -> Result<(), PaperError> {
        self.need(CODE + 8 * POINT);
        let (top, page) = (self.y, self.pages.len());
        let x = PAGE_WIDTH - MARGIN - CODE;
        self.put(Mark::Code {
            x,
            y: top,
            content: content.to_owned(),
        });
        let room = ROOM - CODE - 16 * POINT;
        for text in beside {
            self.paragraph(MARGIN, room, SMALL, text)?;
        }
        if self.pages.len() == page {
            self.y = self.y.max(top + CODE + 8 * POINT);
        }
        Ok(())
    }

    /// Begins a new page if so much does not fit on this one.
    fn need(&mut self, height: i32) {
        if self.y + height > BOTTOM {
            self.pages.push(Vec::new());
            self.y = TOP;
        }
    }

    fn put(&mut self, mark: Mark) {
        if let Some(page) = self.pages.last_mut() {
            page.push(mark);
        }
    }
}

/// Draws marks.
struct Pen<'a> {
    font: Font,
    measure: &'a Measure<'a>,
}

impl Pen<'_> {
    fn mark(&self, surface: &mut Surface<'_>, mark: &Mark) -> Result<(), PaperError> {
        match mark {
            Mark::Line { x, y, style, text } => self.text(surface, (*x, *y), *style, text),
            Mark::Rule { y } => {
                let mut path = PathBuilder::new();
                add_rect(&mut path, MARGIN, *y, ROOM, POINT / 2);
                fill(surface, path, (205, 205, 205));
            }
            Mark::Code { x, y, content } => {
                let code = qr::code(content)?;
                let side = i32::try_from(code.size + 2 * QUIET).unwrap_or(i32::MAX);
                let module = CODE / side;
                let at = |n: usize| i32::try_from(n + QUIET).unwrap_or(0) * module;
                let mut path = PathBuilder::new();
                for (row, first, count) in qr::runs(&code) {
                    let width = i32::try_from(count).unwrap_or(0) * module;
                    add_rect(&mut path, x + at(first), y + at(row), width, module);
                }
                fill(surface, path, (0, 0, 0));
            }
        }
        Ok(())
    }

    fn text(&self, surface: &mut Surface<'_>, at: (i32, i32), style: Style, text: &str) {
        let glyphs: Vec<_> = text
            .char_indices()
            .map(|(start, c)| {
                let found = self.measure.glyph(c);
                let range = start..start + c.len_utf8();
                glyph(found.id, found.advance, self.measure.per_em, range)
            })
            .collect();
        if glyphs.is_empty() {
            return;
        }
        surface.set_fill(Some(ink(style.ink)));
        let (start, size) = (place(at.0, at.1), points(style.size));
        surface.draw_glyphs(start, &glyphs, self.font.clone(), text, size, false);
    }
}

fn ink((red, green, blue): (u8, u8, u8)) -> Fill {
    Fill {
        paint: rgb::Color::new(red, green, blue).into(),
        ..Fill::default()
    }
}

fn fill(surface: &mut Surface<'_>, path: PathBuilder, colour: (u8, u8, u8)) {
    if let Some(path) = path.finish() {
        surface.set_fill(Some(ink(colour)));
        surface.draw_path(&path);
    }
}

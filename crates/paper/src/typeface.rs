//! A font of the machine: found at run time, read once, asked for glyphs and widths.

use crate::limits::FONT_BYTES;
use skrifa::raw::{FileRef, TableProvider};
use skrifa::string::StringId;
use skrifa::{FontRef, MetadataProvider};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where Debian's and Fedora's packages put fonts with Chinese glyphs, best first.
const PLACES: [&str; 9] = [
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-sans-cjk-fonts/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/usr/share/fonts/truetype/arphic/uming.ttc",
    "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",
];
/// A font without these is no Chinese font.
const MUST_HAVE: [char; 4] = ['善', '迹', '壹', '，'];
/// Stands for a character that the font does not have, as printers always did.
pub(crate) const GETA: char = '〓';

/// Whose forms of the shared characters are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// 简体
    Simplified,
    /// 繁體
    Traditional,
}

/// Why there is no font.
#[derive(Debug, thiserror::Error)]
pub enum TypefaceError {
    /// The file cannot be read.
    #[error("the font file {path} cannot be read")]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The file is no font, or has no Chinese characters.
    #[error("the file {0} is no font with Chinese characters")]
    NotChinese(PathBuf),
    /// None of the usual places has one.
    #[error(
        "no font with Chinese characters was found; install fonts-noto-cjk or fonts-wqy-microhei"
    )]
    None,
}

/// 〔字体〕 A font with Chinese characters. Cloning it clones a reference.
#[derive(Clone)]
pub struct Typeface {
    bytes: Arc<Vec<u8>>,
    index: u32,
    per_em: u16,
}

impl std::fmt::Debug for Typeface {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "Typeface({} bytes, face {})",
            self.bytes.len(),
            self.index
        )
    }
}

impl Typeface {
    /// The operator's own file if one is named, else the first of the usual places.
    ///
    /// # Errors
    /// A named file that is none is an error and not replaced by another font.
    pub fn find(named: Option<&Path>, language: Language) -> Result<Typeface, TypefaceError> {
        if let Some(path) = named {
            return Typeface::read(path, language);
        }
        PLACES
            .iter()
            .map(Path::new)
            .filter(|path| path.is_file())
            .find_map(|path| Typeface::read(path, language).ok())
            .ok_or(TypefaceError::None)
    }

    fn read(path: &Path, language: Language) -> Result<Typeface, TypefaceError> {
        let unreadable = |source| TypefaceError::Unreadable {
            path: path.to_owned(),
            source,
        };
        let mut bytes = Vec::new();
        let file = std::fs::File::open(path).map_err(unreadable)?;
        file.take(FONT_BYTES)
            .read_to_end(&mut bytes)
            .map_err(unreadable)?;
        Typeface::of_bytes(bytes, language)
            .ok_or_else(|| TypefaceError::NotChinese(path.to_owned()))
    }

    /// The face of a font file for a language; `None` if it has no Chinese characters.
    #[must_use]
    pub fn of_bytes(bytes: Vec<u8>, language: Language) -> Option<Typeface> {
        let (index, per_em) = face(&bytes, language)?;
        Some(Typeface {
            bytes: Arc::new(bytes),
            index,
            per_em,
        })
    }

    /// The same file with the face for another language.
    #[must_use]
    pub fn speaking(&self, language: Language) -> Typeface {
        let (index, per_em) = face(&self.bytes, language).unwrap_or((self.index, self.per_em));
        Typeface {
            bytes: Arc::clone(&self.bytes),
            index,
            per_em,
        }
    }

    /// The font as the PDF writer takes it.
    pub(crate) fn font(&self) -> Option<krilla::text::Font> {
        let bytes: Arc<dyn AsRef<[u8]> + Send + Sync> = Arc::clone(&self.bytes) as _;
        krilla::text::Font::new(bytes.into(), self.index)
    }

    /// A reader of glyphs and widths.
    pub(crate) fn measure(&self) -> Option<Measure<'_>> {
        let font = FontRef::from_index(&self.bytes, self.index).ok()?;
        Some(Measure {
            map: font.charmap(),
            widths: font.hmtx().ok()?,
            per_em: self.per_em,
        })
    }
}

fn face(bytes: &[u8], language: Language) -> Option<(u32, u16)> {
    let suffix = match language {
        Language::Simplified => " SC",
        Language::Traditional => " TC",
    };
    let mut first = None;
    for (index, font) in FileRef::new(bytes).ok()?.fonts().enumerate() {
        let Ok(font) = font else { continue };
        let map = font.charmap();
        if !MUST_HAVE.iter().all(|c| map.map(*c).is_some()) {
            continue;
        }
        let index = u32::try_from(index).ok()?;
        let found = (index, font.head().ok()?.units_per_em());
        let name = font
            .localized_strings(StringId::FAMILY_NAME)
            .english_or_first();
        if name.is_some_and(|name| name.chars().collect::<String>().ends_with(suffix)) {
            return Some(found);
        }
        first = first.or(Some(found));
    }
    first
}

/// A glyph and its width in units of the font.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Glyph {
    pub(crate) id: u32,
    pub(crate) advance: u16,
}

/// Reads glyphs and widths of one face.
pub(crate) struct Measure<'a> {
    map: skrifa::charmap::Charmap<'a>,
    widths: skrifa::raw::tables::hmtx::Hmtx<'a>,
    pub(crate) per_em: u16,
}

impl Measure<'_> {
    /// The glyph of a character, or of the mark that stands for a missing one.
    pub(crate) fn glyph(&self, c: char) -> Glyph {
        let id = self.map.map(c).or_else(|| self.map.map(GETA));
        let id = id.unwrap_or_default();
        Glyph {
            id: id.to_u32(),
            advance: self.widths.advance(id).unwrap_or(self.per_em),
        }
    }

    /// The width of a character at a size, in thousandths of a point.
    pub(crate) fn width(&self, c: char, size: i32) -> i32 {
        let advance = i64::from(self.glyph(c).advance);
        let width = advance * i64::from(size) / i64::from(self.per_em.max(1));
        i32::try_from(width).unwrap_or(size)
    }
}

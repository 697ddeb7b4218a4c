//! What nobody is called: said only where the log can prove it.

use crate::view::UnknownView;
use crate::{App, AppError};
use db::Session;
use leaf::{Json, Kind, Leaf};

/// Length of a unified social credit code.
const CODE_SIGNS: usize = 18;
/// A name has at least so many Chinese characters.
const NAME_LEAST: usize = 2;

/// Whether what was asked for could be an organisation's name or code: of a receipt, a sum or an entry of the log it
/// would be no answer that no organisation is called so.
pub(super) fn names_an_organisation(text: &str) -> bool {
    let is_code = text.len() == CODE_SIGNS && text.bytes().all(|sign| sign.is_ascii_alphanumeric());
    let characters = text
        .chars()
        .filter(|sign| ('\u{4e00}'..='\u{9fff}').contains(sign));
    let has_digits = text.chars().any(|sign| sign.is_ascii_digit());
    is_code || (!has_digits && characters.count() >= NAME_LEAST)
}

impl App {
    /// That no organisation ever had this name or code, as of the newest checkpoint. Nothing where it cannot be proved:
    /// before the first checkpoint, in a log that was begun without a directory, or if somebody has it after all.
    pub(super) async fn unknown(
        &self,
        session: &mut Session,
        text: &str,
    ) -> Result<Option<UnknownView>, AppError> {
        let Some(stream) = leaf::directory_stream(text) else {
            return Ok(None);
        };
        let newest = store::transparency::checkpoint_newest(session).await?;
        let first = store::transparency::leaf_at(session, 0).await?;
        let (Some(newest), Some(first)) = (newest, first) else {
            return Ok(None);
        };
        if !has_directory(&first.bytes) {
            return Ok(None);
        }
        Ok(Some(UnknownView {
            text: text.to_owned(),
            stream,
            sealed: newest.size,
        }))
    }
}

/// True if the first leaf of a log says that names and codes stand in the directory, by the rules known here.
fn has_directory(first: &[u8]) -> bool {
    let Ok(first) = Leaf::parse(first) else {
        return false;
    };
    let ours = leaf::digest_text(&leaf::directory_digest());
    let said = first.data.get("directory").and_then(Json::text);
    first.kind == Kind::Log && said == Some(ours.as_str())
}

#[cfg(test)]
mod tests {
    use super::names_an_organisation;

    #[test]
    fn only_names_and_codes_are_said_to_be_nobodys() {
        for asked in ["云山慈善会", "51880000MJ00001145", "水滴筹"] {
            assert!(names_an_organisation(asked), "{asked}");
        }
        for asked in [
            "don_6E1P7SD4BQ8JTW",
            "88.88",
            "第37条",
            "2026年11月",
            "rehuwuchan",
            "会",
        ] {
            assert!(!names_an_organisation(asked), "{asked}");
        }
    }
}

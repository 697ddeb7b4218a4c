//! 〔名录〕 Where a name or a unified code would stand if anybody had it: what makes "not in the register" provable.
//!
//! A stream for each name would triple the index, so names share 65,536 streams; whoever asks for a name reads its
//! whole stream and sees that none of the statements in it has that name. The rules stand in [`DIRECTORY_RULES`].

use crate::envelope::Leaf;
use crate::error::{LeafError, Part};
use crate::json::Json;
use crate::kind::Kind;
use crate::view::LeafView;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// The rules of the directory, word for word.
pub const DIRECTORY_RULES: &str = include_str!("../rules/directory-1.txt");

/// The first word of the directory's streams.
const DIRECTORY_WORD: &str = "known";

/// SHA-256 of [`DIRECTORY_RULES`]: the word `directory` of the first leaf of a log that follows them.
#[must_use]
pub fn directory_digest() -> [u8; 32] {
    Sha256::digest(DIRECTORY_RULES.as_bytes()).into()
}

/// A text as the directory compares it (rule 3): full-width letters and digits are plain, letters small, blanks and
/// punctuation away.
#[must_use]
pub fn directory_text(text: &str) -> String {
    let plain = text.chars().map(|c| match c {
        // The full-width forms of ASCII stand 0xFEE0 above it.
        '\u{FF01}'..='\u{FF5E}' => u32::from(c)
            .checked_sub(0xFEE0)
            .and_then(char::from_u32)
            .unwrap_or(c),
        other => other,
    });
    plain
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// The stream in which a name or a code would stand (rule 4): `known/3fa2`. `None` for a text that folds to nothing.
#[must_use]
pub fn directory_stream(text: &str) -> Option<String> {
    let folded = directory_text(text);
    if folded.is_empty() {
        return None;
    }
    let [high, low, ..]: [u8; 32] = Sha256::digest(folded.as_bytes()).into();
    Some(format!("{DIRECTORY_WORD}/{high:02x}{low:02x}"))
}

/// The names and codes that a statement of this kind gives somebody (rule 2).
#[must_use]
pub fn directory_texts<'a>(kind: &Kind, data: &'a BTreeMap<String, Json>) -> Vec<&'a str> {
    let words: &[&str] = match kind {
        Kind::Organisation => &["name", "uscc"],
        Kind::Register => &["name"],
        _ => &[],
    };
    let said = words.iter().filter_map(|word| data.get(*word));
    said.filter_map(Json::text).collect()
}

/// Whether a leaf says that anybody is or was called so, or has this code.
#[must_use]
pub fn names_in_directory(leaf: &Leaf, text: &str) -> bool {
    let wanted = directory_text(text);
    let said = directory_texts(&leaf.kind, &leaf.data);
    said.iter().any(|text| directory_text(text) == wanted)
}

/// A stream of the directory that stands on a leaf without a text of it (rule 5). Kinds that are not known here are
/// left alone.
pub(crate) fn check_foreign(leaf: &LeafView<'_>) -> Result<(), LeafError> {
    if matches!(leaf.kind, Kind::Unknown(_)) {
        return Ok(());
    }
    let mut said = leaf.streams.iter().map(|(name, _)| *name);
    if !said.any(is_of_directory) {
        return Ok(());
    }
    let own = streams(leaf);
    let mut said = leaf.streams.iter().map(|(name, _)| *name);
    match said.find(|name| is_of_directory(name) && !own.iter().any(|one| one == name)) {
        Some(_) => Err(LeafError::Content(Part::Streams)),
        None => Ok(()),
    }
}

/// The text of a leaf whose stream the leaf does not name (rule 5).
pub(crate) fn missing<'a>(leaf: &'a LeafView<'_>) -> Option<&'a str> {
    let texts = directory_texts(&leaf.kind, &leaf.data);
    texts.into_iter().find(|text| {
        let wanted = directory_stream(text);
        wanted.is_some_and(|wanted| leaf.streams.iter().all(|(name, _)| *name != wanted))
    })
}

fn streams(leaf: &LeafView<'_>) -> Vec<String> {
    let texts = directory_texts(&leaf.kind, &leaf.data);
    texts.into_iter().filter_map(directory_stream).collect()
}

fn is_of_directory(name: &str) -> bool {
    let word = name.split_once('/').map(|(word, _)| word);
    word == Some(DIRECTORY_WORD)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, folded: &str, stream: Option<&str>) {
        assert_eq!(directory_text(text), folded);
        assert_eq!(directory_stream(text).as_deref(), stream);
    }

    #[test]
    fn spellings_of_a_name_stand_in_one_stream() {
        let same = directory_stream("云山县慈善会abc12");
        check("云山县慈善会ABC12", "云山县慈善会abc12", same.as_deref());
        check(
            " 云山县（慈善会）ＡＢＣ-１２ ",
            "云山县慈善会abc12",
            same.as_deref(),
        );
        check("（）", "", None);
        let stream = same.unwrap_or_default();
        assert_eq!(stream.len(), "known/0000".len());
        assert_ne!(directory_stream("云山县慈善总会"), Some(stream));
    }

    #[test]
    fn only_names_and_codes_of_organisations_are_texts() {
        let data = BTreeMap::from([
            ("name".to_owned(), Json::from("云山县慈善会")),
            ("uscc".to_owned(), Json::from("53330000MJX00000X3")),
        ]);
        assert_eq!(directory_texts(&Kind::Organisation, &data).len(), 2);
        assert_eq!(directory_texts(&Kind::Register, &data), ["云山县慈善会"]);
        assert!(directory_texts(&Kind::Fund, &data).is_empty());
    }
}

//! The register of legal persons (foundations and associations) of Taiwan's courts.

use super::limits::{DOCUMENTS, NAME_CHARS, NUMBER_CHARS};
use super::reject::Reject;
use super::row::{Header, Names, Row, half_width, is_invisible, needed, text};
use crate::parties::OrganisationKind;
use crate::say;
use kernel::Day;
use std::collections::BTreeMap;

const ID: Names = &["id"];
const NAME: Names = &["name"];
const REGISTERED_ON: Names = &["registered_on"];
const DOCUMENTS_COLUMN: Names = &["approval_documents"];

/// The columns that make the layout.
pub(crate) const COLUMNS: &[Names] = &[ID, NAME, REGISTERED_ON, DOCUMENTS_COLUMN];

/// 〔存疑标记〕 What is doubtful about a row and stays visible as it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mark {
    /// The date is 0000-00-00.
    DateUnknown,
    /// The date has a month or day 00.
    DateIncomplete,
    /// The date is written well but is not in the calendar, or not written well.
    DateWrong,
    /// The name has characters from a private area: the true ones were lost on the way.
    NameMojibake,
    /// The name has question marks where characters were lost.
    NameQuestionMark,
    /// The name has full-width letters or digits.
    NameFullWidth,
    /// The name has blanks inside.
    NameBlank,
    /// No approval document.
    NoDocument,
    /// Two or more spellings of the approval document.
    DocumentVariants,
    /// An approval document has lost characters.
    DocumentMojibake,
}

impl Mark {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::DateUnknown => "date_unknown",
            Self::DateIncomplete => "date_incomplete",
            Self::DateWrong => "date_wrong",
            Self::NameMojibake => "name_mojibake",
            Self::NameQuestionMark => "name_question_mark",
            Self::NameFullWidth => "name_full_width",
            Self::NameBlank => "name_blank",
            Self::NoDocument => "no_document",
            Self::DocumentVariants => "document_variants",
            Self::DocumentMojibake => "document_mojibake",
        }
    }
}

/// 〔待登记组织〕 An organisation as the register's file has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposedOrganisation {
    /// Its number in the source register.
    pub source_id: String,
    /// Its name, unchanged but for blanks around it.
    pub name: String,
    /// [`name_key`] of the name, for finding and for likely duplicates.
    pub name_key: String,
    /// Its legal form, only where the name begins with it.
    pub kind: OrganisationKind,
    /// The date of registration as it stands in the file.
    pub registered_text: String,
    /// The same as a day, only when it is a whole date of the calendar.
    pub registered_on: Option<Day>,
    /// The spellings of approval documents, with dates in the Minguo calendar, unchanged.
    pub documents: Vec<String>,
    /// What is doubtful, in the order of the enum.
    pub marks: Vec<Mark>,
    /// The line in the file.
    pub line: u64,
}

/// Reads one organisation. Doubtful values are kept and marked; nothing is corrected.
///
/// # Errors
/// Only when number or name are missing or a cell is beyond its limits.
pub fn read_row(header: &Header, row: &Row<'_>) -> Result<ProposedOrganisation, Reject> {
    let name = needed(&header.cell(row, NAME), "名称", NAME_CHARS)?;
    let registered_text = text(&header.cell(row, REGISTERED_ON), "登记日期", NUMBER_CHARS)?;
    let registered_on = Day::parse(&registered_text).ok();
    let documents = documents(&header.cell(row, DOCUMENTS_COLUMN))?;
    let mut marks = Vec::new();
    if registered_on.is_none() {
        marks.push(date_mark(&registered_text));
    }
    marks.extend(name_marks(&name));
    marks.extend(match documents.len() {
        0 => Some(Mark::NoDocument),
        1 => None,
        _ => Some(Mark::DocumentVariants),
    });
    if documents.iter().any(|document| document.contains(is_lost)) {
        marks.push(Mark::DocumentMojibake);
    }
    Ok(ProposedOrganisation {
        source_id: needed(&header.cell(row, ID), "编号", NUMBER_CHARS)?,
        name_key: name_key(&name),
        kind: kind(&name),
        name,
        registered_text,
        registered_on,
        documents,
        marks,
        line: row.line,
    })
}

/// The register holds 財團法人 (foundations) and 社團法人 (associations); about the rest the
/// name says nothing and nothing is guessed.
fn kind(name: &str) -> OrganisationKind {
    match name {
        _ if name.starts_with("財團法人") => OrganisationKind::Foundation,
        _ if name.starts_with("社團法人") => OrganisationKind::Association,
        _ => OrganisationKind::Other,
    }
}

fn documents(cell: &str) -> Result<Vec<String>, Reject> {
    let all: Vec<&str> = cell
        .split(" | ")
        .map(str::trim)
        .filter(|d| !d.is_empty())
        .collect();
    if all.len() > DOCUMENTS {
        let reason = say!(
            "许可文件超过{max}件，请拆开后再导入这一行。",
            max = DOCUMENTS
        );
        return Err(Reject::new("organisation.documents", reason));
    }
    all.into_iter()
        .map(|document| text(document, "许可文件", NAME_CHARS * 2))
        .collect()
}

/// Why a text is no whole date.
fn date_mark(text: &str) -> Mark {
    match text.split('-').collect::<Vec<_>>().as_slice() {
        _ if text.is_empty() || text == "0000-00-00" => Mark::DateUnknown,
        [_, month, day] if *month == "00" || *day == "00" => Mark::DateIncomplete,
        _ => Mark::DateWrong,
    }
}

fn name_marks(name: &str) -> Vec<Mark> {
    let full_width = |c: char| half_width(c).is_ascii_alphanumeric() && !c.is_ascii();
    [
        (name.contains(is_lost), Mark::NameMojibake),
        (name.contains(['?', '？']), Mark::NameQuestionMark),
        (name.contains(full_width), Mark::NameFullWidth),
        (name.contains(char::is_whitespace), Mark::NameBlank),
    ]
    .into_iter()
    .filter_map(|(found, mark)| found.then_some(mark))
    .collect()
}

/// Characters that stand where others were lost: private areas and the replacement mark.
fn is_lost(c: char) -> bool {
    matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}' | '\u{fffd}')
}

/// 〔名称比对键〕 A name as it is compared: without blanks, half width, small letters, and
/// with 台 for 臺, which the register writes as it likes. It is never shown.
#[must_use]
pub fn name_key(name: &str) -> String {
    name.chars()
        .map(half_width)
        .filter(|c| !c.is_whitespace() && !is_invisible(*c))
        .map(|c| if c == '臺' { '台' } else { c })
        .flat_map(char::to_lowercase)
        .collect()
}

/// 〔疑似重复〕 Entries whose names are equal once compared. It is a proposal for people;
/// nothing is merged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LikelyDuplicates {
    /// The name as compared.
    pub name_key: String,
    /// The numbers of the entries, sorted; at least two.
    pub ids: Vec<String>,
}

/// Groups pairs of number and name whose names are equal once compared, sorted by name.
#[must_use]
pub fn likely_duplicates<'a>(
    entries: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Vec<LikelyDuplicates> {
    let mut by_key: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (id, name) in entries {
        by_key
            .entry(name_key(name))
            .or_default()
            .push(id.to_owned());
    }
    by_key
        .into_iter()
        .filter_map(|(name_key, mut ids)| {
            ids.sort_unstable();
            ids.dedup();
            (ids.len() > 1).then_some(LikelyDuplicates { name_key, ids })
        })
        .collect()
}

//! Search by what people type: names and titles fall into terms of two characters.
//!
//! Chinese needs no word list this way, and both engines answer from one primary key. Every subject whose name
//! contains what was typed has all its terms, so the rarest terms are intersected first and the few subjects
//! that remain are compared with the whole text by the caller.

use crate::limits::{SEARCH_CANDIDATES_MAX, SEARCH_TERMS_MAX};
use db::{Col, Result, Session, Tx, args, bulk, sql};
use std::collections::BTreeSet;

/// How many of the rarest terms are intersected in the database.
const TERMS_JOINED: usize = 3;

/// A name as it is searched and sorted: full-width letters and digits become plain, letters small, and blanks
/// and punctuation fall away.
#[must_use]
pub fn normalise(text: &str) -> String {
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

/// The terms of a normalised text, each once: its pairs of neighbouring characters.
#[must_use]
pub fn terms(normalised: &str) -> BTreeSet<String> {
    let characters: Vec<char> = normalised.chars().collect();
    characters
        .windows(2)
        .map(|pair| pair.iter().collect())
        .collect()
}

/// Lets a subject be found by a name or title. Terms that are there already stay.
///
/// # Errors
/// The engine's refusal.
pub async fn terms_insert(tx: &mut Tx, kind: &str, id: i64, text: &str) -> Result<()> {
    subjects_insert(tx, kind, &[(id, text)]).await
}

/// Lets many subjects be found: (key, name) of each.
///
/// # Errors
/// The engine's refusal.
pub async fn subjects_insert(tx: &mut Tx, kind: &str, subjects: &[(i64, &str)]) -> Result<()> {
    let mut rows: Vec<(String, i64)> = Vec::new();
    for (id, text) in subjects {
        rows.extend(terms(&normalise(text)).into_iter().map(|term| (term, *id)));
    }
    // Sorted, so that neighbouring pages of the key are touched.
    rows.sort_unstable();
    rows.dedup();
    let words: Vec<&str> = rows.iter().map(|row| row.0.as_str()).collect();
    let kinds = vec![kind; rows.len()];
    let ids: Vec<i64> = rows.iter().map(|row| row.1).collect();
    let insert = bulk!(
        "search_term(term, subject_kind, subject_id)",
        "ON CONFLICT (term, subject_kind, subject_id) DO NOTHING"
    );
    tx.bulk(insert, &[Col::T(&words), Col::T(&kinds), Col::I(&ids)])
        .await
        .map(|_| ())
}

/// 〔候选〕 Subjects that have the rarest terms of a search; the caller compares the whole text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Candidates {
    /// Keys, oldest subjects first.
    pub ids: Vec<i64>,
    /// True if there are more than were read.
    pub more: bool,
}

/// The subjects of a kind that may contain a normalised text of two or more characters.
///
/// # Errors
/// The engine's refusal.
pub async fn candidates(session: &mut Session, kind: &str, normalised: &str) -> Result<Candidates> {
    let mut counted: Vec<(i64, String)> = Vec::new();
    for term in terms(normalised).into_iter().take(SEARCH_TERMS_MAX) {
        let count = term_count(session, kind, &term).await?;
        if count == 0 {
            return Ok(Candidates::default());
        }
        counted.push((count, term));
    }
    counted.sort();
    let rarest: Vec<&str> = counted
        .iter()
        .take(TERMS_JOINED)
        .map(|(_, term)| term.as_str())
        .collect();
    let mut ids = match rarest[..] {
        [] => Vec::new(),
        [one] => with_one(session, kind, one).await?,
        [one, two] => with_two(session, kind, [one, two]).await?,
        [one, two, three, ..] => with_three(session, kind, [one, two, three]).await?,
    };
    let limit = usize::try_from(SEARCH_CANDIDATES_MAX).unwrap_or_default();
    let more = ids.len() > limit;
    ids.truncate(limit);
    Ok(Candidates { ids, more })
}

/// How many subjects have a term; counting ends at the limit of candidates.
async fn term_count(session: &mut Session, kind: &str, term: &str) -> Result<i64> {
    let sql = sql!(
        "SELECT COUNT(*) FROM (SELECT 1 FROM search_term WHERE term = $1 AND subject_kind = $2 LIMIT $3) AS found"
    );
    session
        .one(sql, args![term, kind, SEARCH_CANDIDATES_MAX], |r| r.i64(0))
        .await
}

async fn with_one(session: &mut Session, kind: &str, term: &str) -> Result<Vec<i64>> {
    let sql = sql!(
        "SELECT subject_id FROM search_term WHERE term = $1 AND subject_kind = $2 ORDER BY subject_id LIMIT $3"
    );
    let limit = SEARCH_CANDIDATES_MAX.saturating_add(1);
    session
        .rows(sql, args![term, kind, limit], |r| r.i64(0))
        .await
}

async fn with_two(session: &mut Session, kind: &str, terms: [&str; 2]) -> Result<Vec<i64>> {
    let sql = sql!(
        "SELECT a.subject_id FROM search_term a JOIN search_term b ON b.term = $2 AND b.subject_kind = a.subject_kind AND b.subject_id = a.subject_id WHERE a.term = $1 AND a.subject_kind = $3 ORDER BY a.subject_id LIMIT $4"
    );
    let limit = SEARCH_CANDIDATES_MAX.saturating_add(1);
    session
        .rows(sql, args![terms[0], terms[1], kind, limit], |r| r.i64(0))
        .await
}

async fn with_three(session: &mut Session, kind: &str, terms: [&str; 3]) -> Result<Vec<i64>> {
    let sql = sql!(
        "SELECT a.subject_id FROM search_term a JOIN search_term b ON b.term = $2 AND b.subject_kind = a.subject_kind AND b.subject_id = a.subject_id JOIN search_term c ON c.term = $3 AND c.subject_kind = a.subject_kind AND c.subject_id = a.subject_id WHERE a.term = $1 AND a.subject_kind = $4 ORDER BY a.subject_id LIMIT $5"
    );
    let limit = SEARCH_CANDIDATES_MAX.saturating_add(1);
    session
        .rows(sql, args![terms[0], terms[1], terms[2], kind, limit], |r| {
            r.i64(0)
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, normal: &str, want: &[&str]) {
        assert_eq!(normalise(text), normal);
        assert_eq!(
            terms(normal).iter().map(String::as_str).collect::<Vec<_>>(),
            want
        );
    }

    #[test]
    fn names_fall_into_pairs() {
        check(
            "财团法人 慈济",
            "财团法人慈济",
            &["人慈", "团法", "慈济", "法人", "财团"],
        );
        check("ＡＢＣ-１２", "abc12", &["12", "ab", "bc", "c1"]);
        check("（善）", "善", &[]);
        check("", "", &[]);
        check("啊啊啊", "啊啊啊", &["啊啊"]);
    }
}

//! What can be found by name: read page by page when a house starts, handed on with each commit afterwards.
//!
//! The index itself is in memory (crate `find`, record 0018). The database keeps only the key by which lists of
//! names are sorted.

use crate::limits::NAMES_MAX;
use crate::parties::{predecessor_names_between, register_names_between};
use db::{Result, Row, Session, args, sql};
use domain::fundraising::CampaignState;

/// A name as it is sorted, which is as the directory compares it: full-width letters and digits become plain, letters
/// small, and blanks and punctuation fall away.
#[must_use]
pub fn normalise(text: &str) -> String {
    leaf::directory_text(text)
}

/// The key by which lists of names are sorted: by pinyin.
pub(crate) fn sort_key(name: &str) -> String {
    find::sort_key(name)
}

/// 〔名录〕 The lists that are searched by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Register {
    /// Campaigns by title and filing number.
    Campaigns,
    /// Organisations by name.
    Organisations,
    /// Funds by title.
    Funds,
}

/// 〔可查条目〕 Something that can be found by its names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Findable {
    /// Which list it stands on.
    pub register: Register,
    /// Its key.
    pub id: i64,
    /// 0 for what is active, 1 for what has ended: those come later among equally good hits.
    pub weight: u8,
    /// Its name, then what else leads to it.
    pub keys: Vec<String>,
}

impl Findable {
    pub(crate) fn organisation(id: i64, state: &str, name: String) -> Findable {
        Findable {
            register: Register::Organisations,
            id,
            weight: u8::from(state != IN_FORCE),
            keys: vec![name],
        }
    }

    pub(crate) fn campaign(id: i64, state: &str, names: [String; 2]) -> Findable {
        Findable {
            register: Register::Campaigns,
            id,
            weight: u8::from(state != CampaignState::Live.code()),
            keys: names.into(),
        }
    }

    pub(crate) fn fund(id: i64, title: String) -> Findable {
        Findable {
            register: Register::Funds,
            id,
            weight: 0,
            keys: vec![title],
        }
    }
}

/// State of an organisation that is registered and may act.
pub(crate) const IN_FORCE: &str = "in_force";

/// The entries of a register whose keys are larger than `after`, by key, at most `limit`; drafts stand on none.
///
/// # Errors
/// The engine's refusal.
pub async fn findable_after(
    session: &mut Session,
    register: Register,
    after: i64,
    limit: i64,
) -> Result<Vec<Findable>> {
    let arguments = args![after, limit];
    match register {
        Register::Organisations => {
            let sql =
                sql!("SELECT id, state, name FROM organisation WHERE id > $1 ORDER BY id LIMIT $2");
            let read = |r: &Row<'_>| Ok(Findable::organisation(r.i64(0)?, r.str(1)?, r.text(2)?));
            let mut found: Vec<Findable> = session.rows(sql, arguments, read).await?;
            if let Some(last) = found.last().map(|row| row.id) {
                let names = register_names_between(session, (after, last), NAMES_MAX).await?;
                add_names(&mut found, names);
                let names = predecessor_names_between(session, (after, last), NAMES_MAX).await?;
                add_names(&mut found, names);
            }
            Ok(found)
        }
        Register::Campaigns => {
            let sql = sql!(
                "SELECT id, state, title, filing_number FROM campaign WHERE id > $1 AND state <> 'draft' ORDER BY id LIMIT $2"
            );
            let read = |r: &Row<'_>| {
                Ok(Findable::campaign(
                    r.i64(0)?,
                    r.str(1)?,
                    [r.text(2)?, r.text(3)?],
                ))
            };
            session.rows(sql, arguments, read).await
        }
        Register::Funds => {
            let sql = sql!("SELECT id, title FROM fund WHERE id > $1 ORDER BY id LIMIT $2");
            let read = |r: &Row<'_>| Ok(Findable::fund(r.i64(0)?, r.text(1)?));
            session.rows(sql, arguments, read).await
        }
    }
}

/// Whoever was called otherwise is found by that too. Both lists are in the order of keys.
fn add_names(found: &mut [Findable], names: Vec<(i64, String)>) {
    for (id, name) in names {
        if let Ok(at) = found.binary_search_by_key(&id, |row| row.id)
            && let Some(row) = found.get_mut(at)
            && !row.keys.contains(&name)
        {
            row.keys.push(name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, normal: &str) {
        assert_eq!(normalise(text), normal);
    }

    #[test]
    fn names_are_sorted_by_what_is_read() {
        check("财团法人 慈济", "财团法人慈济");
        check("ＡＢＣ-１２", "abc12");
        check("（善）", "善");
        check("", "");
    }
}

//! Divisions by name: what a person writes into a field that asks for a place.

use crate::query::limits::{REGION_CHARS, REGION_CHOICES, REGION_PAGES, REGIONS_PAGE};
use crate::{App, AppError};
use kernel::{RegionCode, Timestamp};
use std::sync::{Arc, Mutex, PoisonError};

/// The last level that anybody is asked for: the county, six digits.
const COUNTY_DIGITS: usize = 6;
/// The list is read again after so long, because divisions are brought while the house is open.
const FRESH_MICROS: i64 = 600 * 1_000_000;

/// 〔地区选项〕 A division with its names from the province down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegionChoice {
    /// The code without zeros that fill it up.
    pub code: String,
    /// `浙江省 杭州市 西湖区`.
    pub path: String,
}

impl RegionChoice {
    /// As a field shows it: names and code, which reads back as exactly this division.
    #[must_use]
    pub fn words(&self) -> String {
        format!("{} {}", self.path, self.code)
    }
}

/// The divisions down to the county, as they were read last.
#[derive(Default)]
pub(crate) struct Divisions(Mutex<Option<(Timestamp, Arc<Vec<RegionChoice>>)>>);

impl Divisions {
    fn fresh(&self, now: Timestamp) -> Option<Arc<Vec<RegionChoice>>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (read, all) = kept.as_ref()?;
        let age = now.micros().saturating_sub(read.micros());
        (0..FRESH_MICROS).contains(&age).then(|| all.clone())
    }

    fn keep(&self, now: Timestamp, all: &Arc<Vec<RegionChoice>>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *kept = Some((now, all.clone()));
    }
}

impl App {
    async fn divisions(&self) -> Result<Arc<Vec<RegionChoice>>, AppError> {
        let (kept, now) = (&self.inner().divisions, self.now());
        if let Some(all) = kept.fresh(now) {
            return Ok(all);
        }
        let mut read = self.db().read_tx().await?;
        let mut rows: Vec<(String, String)> = Vec::new();
        let mut after = String::new();
        for _ in 0..REGION_PAGES {
            let page = store::parties::regions_after(&mut read, &after, REGIONS_PAGE).await?;
            let Some((last, _)) = page.last() else { break };
            after.clone_from(last);
            rows.extend(
                page.into_iter()
                    .filter(|(code, _)| code.len() <= COUNTY_DIGITS),
            );
        }
        let all = Arc::new(with_paths(&rows));
        kept.keep(now, &all);
        Ok(all)
    }

    /// Divisions that may be meant by what was typed, best first.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn region_choices(&self, typed: &str) -> Result<Vec<RegionChoice>, AppError> {
        let all = self.divisions().await?;
        Ok(meant(&all, typed))
    }

    /// The code of what was typed into a field that asks for a place: names, names with their code, or a code. What
    /// means no division or several stays as it was typed, for the decision to refuse with everything else.
    ///
    /// # Errors
    /// The engine's refusal.
    pub async fn region_code(&self, typed: &str) -> Result<String, AppError> {
        let typed = typed.trim();
        let last = typed.rsplit(char::is_whitespace).next().unwrap_or_default();
        if let Ok(code) = RegionCode::parse(last) {
            return Ok(code.as_str().to_owned());
        }
        let found = self.region_choices(typed).await?;
        Ok(only(&found, typed).map_or_else(|| typed.to_owned(), |one| one.code.clone()))
    }
}

/// Names from the province down; `rows` are in the order of their codes, so that what lies above comes before.
fn with_paths(rows: &[(String, String)]) -> Vec<RegionChoice> {
    let mut above: Vec<(&str, &str)> = Vec::new();
    let mut all = Vec::with_capacity(rows.len());
    for (code, name) in rows {
        above.retain(|(outer, _)| code.starts_with(outer));
        above.push((code, name));
        let path: Vec<&str> = above.iter().map(|(_, name)| *name).collect();
        all.push(RegionChoice {
            code: code.clone(),
            path: path.join(" "),
        });
    }
    all
}

fn plain(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace())
        .take(REGION_CHARS)
        .collect()
}

/// How well a division fits; less is better, `None` if it does not.
fn rank(choice: &RegionChoice, typed: &str) -> Option<u8> {
    let path = plain(&choice.path);
    let name = choice.path.rsplit(' ').next().unwrap_or_default();
    if name == typed || path == typed {
        Some(0)
    } else if path.ends_with(typed) {
        Some(1)
    } else if name.starts_with(typed) {
        Some(2)
    } else if path.contains(typed) {
        Some(3)
    } else {
        let mut rest = path.chars();
        // "杭州西湖" leaves out what kind of place each is.
        let skips = typed
            .chars()
            .all(|letter| rest.any(|other| other == letter));
        (skips && typed.chars().count() > 2 && rest.count() <= 1).then_some(4)
    }
}

/// The one division that is meant, if one fits better than every other.
fn only<'a>(found: &'a [RegionChoice], typed: &str) -> Option<&'a RegionChoice> {
    let typed = plain(typed);
    match found {
        [one] => Some(one),
        [first, second, ..] => (rank(first, &typed) < rank(second, &typed)).then_some(first),
        [] => None,
    }
}

fn meant(all: &[RegionChoice], typed: &str) -> Vec<RegionChoice> {
    let typed = plain(typed);
    if typed.is_empty() {
        return Vec::new();
    }
    let by_code = typed.bytes().all(|b| b.is_ascii_digit());
    let fits = |choice: &RegionChoice| match by_code {
        true => choice.code.starts_with(&typed).then_some(0),
        false => rank(choice, &typed),
    };
    let mut found: Vec<(u8, &RegionChoice)> = all
        .iter()
        .filter_map(|choice| fits(choice).map(|rank| (rank, choice)))
        .collect();
    found.sort_by(|a, b| (a.0, a.1.code.len(), &a.1.code).cmp(&(b.0, b.1.code.len(), &b.1.code)));
    let best = found.into_iter().take(REGION_CHOICES);
    best.map(|(_, choice)| choice.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Vec<RegionChoice> {
        let rows = [
            ("33", "浙江省"),
            ("3301", "杭州市"),
            ("330106", "西湖区"),
            ("330110", "余杭区"),
            ("36", "江西省"),
            ("3601", "南昌市"),
            ("360103", "西湖区"),
        ];
        with_paths(&rows.map(|(code, name)| (code.to_owned(), name.to_owned())))
    }

    fn check(typed: &str, want: &[&str]) {
        let all = all();
        let found: Vec<String> = meant(&all, typed).into_iter().map(|one| one.code).collect();
        assert_eq!(found, want, "{typed}");
    }

    #[test]
    fn names_find_their_divisions() {
        check("西湖区", &["330106", "360103"]);
        check("杭州市西湖区", &["330106"]);
        check("浙江省 杭州市 西湖区", &["330106"]);
        check("杭州西湖", &["330106"]);
        check("浙江", &["33", "3301", "330106", "330110"]);
        check("3601", &["3601", "360103"]);
        check("北京市", &[]);
        check("  ", &[]);
    }

    #[test]
    fn what_fits_best_is_meant() {
        let all = all();
        let code = |typed: &str| only(&meant(&all, typed), typed).map(|one| one.code.clone());
        assert_eq!(code("浙江省").as_deref(), Some("33"));
        assert_eq!(code("杭州西湖").as_deref(), Some("330106"));
        assert_eq!(code("西湖区"), None, "two are called so");
        assert_eq!(code("北京市"), None);
    }

    #[test]
    fn a_choice_says_where_it_lies() {
        assert_eq!(all()[2].words(), "浙江省 杭州市 西湖区 330106");
    }
}

//! The register of organisations.

use crate::batch::rows::known;
use crate::limits::FUNDRAISERS_MAX;
use db::{Result, Row, Session, args, sql};
use domain::parties::{Organisation, OrganisationKind};
use kernel::{Day, Id, RegionCode, Timestamp};
use leaf::ids;
use std::collections::BTreeMap;

/// 〔组织登记〕 An organisation with everything its page says.
#[derive(Debug, Clone)]
pub struct OrganisationRecord {
    /// Its key.
    pub id: Id<ids::Organisation>,
    /// The registered name.
    pub name: String,
    /// The name as it is searched.
    pub name_key: String,
    /// The name as lists sort it.
    pub sort_key: String,
    /// Its legal form.
    pub kind: OrganisationKind,
    /// The unified code.
    pub uscc: Option<String>,
    /// Code of its region.
    pub region: Option<String>,
    /// Which register says so.
    pub source: String,
    /// Its key there.
    pub source_id: String,
    /// Day of registration as the source wrote it.
    pub registered_text: String,
    /// Marks on the data.
    pub marks: Vec<String>,
    /// Documents that the source names.
    pub documents: Vec<String>,
    /// Index of its leaf; rows of foreign registers have none.
    pub leaf_index: Option<i64>,
}

/// A list of short texts as one column: one text per line.
#[must_use]
pub fn text_of_list(list: &[String]) -> String {
    let lines: Vec<String> = list
        .iter()
        .map(|text| text.replace(['\n', '\r'], " "))
        .collect();
    lines.join("\n")
}

/// The list of a column that [`text_of_list`] wrote.
#[must_use]
pub fn list_of_text(text: &str) -> Vec<String> {
    text.lines()
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect()
}

fn record_of_row(r: &Row<'_>) -> Result<OrganisationRecord> {
    Ok(OrganisationRecord {
        id: Id::from_raw(r.i64(0)?),
        name: r.text(1)?,
        name_key: r.text(2)?,
        kind: known(OrganisationKind::parse(r.str(3)?), "organisation.kind")?,
        uscc: r.opt_text(4)?,
        region: r.opt_text(5)?,
        source: r.text(6)?,
        source_id: r.text(7)?,
        registered_text: r.text(8)?,
        marks: list_of_text(r.str(9)?),
        documents: list_of_text(r.str(10)?),
        leaf_index: r.opt_i64(11)?,
        sort_key: r.text(12)?,
    })
}

/// What decisions need to know of an organisation.
///
/// # Errors
/// The engine's refusal.
pub async fn organisation_by_id(
    session: &mut Session,
    id: Id<ids::Organisation>,
) -> Result<Option<Organisation>> {
    let sql = sql!("SELECT id, name, region, approval_threshold FROM organisation WHERE id = $1");
    session
        .opt(sql, args![id.raw()], |r| {
            let region = match r.opt_str(2)? {
                None => None,
                Some(code) => Some(known(RegionCode::parse(code).ok(), "organisation.region")?),
            };
            Ok(Organisation {
                id: Id::from_raw(r.i64(0)?),
                name: r.text(1)?,
                region,
                approval_threshold: r.i64(3)?,
            })
        })
        .await
}

/// The day on which an organisation was registered, where the register has it.
///
/// # Errors
/// The engine's refusal.
pub async fn organisation_registered(
    session: &mut Session,
    id: Id<ids::Organisation>,
) -> Result<Option<kernel::Day>> {
    let sql = sql!("SELECT registered_day FROM organisation WHERE id = $1");
    let found = session.opt(sql, args![id.raw()], |r| r.opt_i64(0)).await?;
    let day = |number| crate::batch::rows::day(number);
    found.flatten().map(day).transpose()
}

/// When this house recorded an organisation.
///
/// # Errors
/// The engine's refusal.
pub async fn organisation_recorded(
    session: &mut Session,
    id: Id<ids::Organisation>,
) -> Result<Option<Timestamp>> {
    let sql = sql!("SELECT recorded_at FROM organisation WHERE id = $1");
    let found = session.opt(sql, args![id.raw()], |r| r.i64(0)).await?;
    Ok(found.map(Timestamp::from_micros))
}

/// What the page of an organisation says.
///
/// # Errors
/// The engine's refusal.
pub async fn organisation_record(
    session: &mut Session,
    id: Id<ids::Organisation>,
) -> Result<Option<OrganisationRecord>> {
    let sql = sql!(
        "SELECT id, name, name_key, kind, uscc, region, source, source_id, registered_text, marks, documents, leaf_index, sort_key FROM organisation WHERE id = $1"
    );
    session.opt(sql, args![id.raw()], record_of_row).await
}

/// The organisation of a unified code.
///
/// # Errors
/// The engine's refusal.
pub async fn organisation_by_uscc(
    session: &mut Session,
    uscc: &str,
) -> Result<Option<OrganisationRecord>> {
    let sql = sql!(
        "SELECT id, name, name_key, kind, uscc, region, source, source_id, registered_text, marks, documents, leaf_index, sort_key FROM organisation WHERE uscc = $1"
    );
    session.opt(sql, args![uscc], record_of_row).await
}

/// The organisations of some unified codes, in no order.
///
/// # Errors
/// The engine's refusal.
pub async fn organisations_by_usccs(
    session: &mut Session,
    codes: &[&str],
) -> Result<Vec<OrganisationRecord>> {
    let sql = sql!(
        pg: "SELECT id, name, name_key, kind, uscc, region, source, source_id, registered_text, marks, documents, leaf_index, sort_key FROM organisation WHERE uscc = ANY($1)",
        lite: "SELECT id, name, name_key, kind, uscc, region, source, source_id, registered_text, marks, documents, leaf_index, sort_key FROM organisation WHERE uscc = $1"
    );
    session.by_texts(sql, codes, record_of_row).await
}

/// The organisation that a register knows by this key.
///
/// # Errors
/// The engine's refusal.
pub async fn organisation_of_source(
    session: &mut Session,
    source: &str,
    source_id: &str,
) -> Result<Option<Id<ids::Organisation>>> {
    let sql = sql!("SELECT id FROM organisation WHERE source = $1 AND source_id = $2");
    session
        .opt(sql, args![source, source_id], |r| {
            r.i64(0).map(Id::from_raw)
        })
        .await
}

/// Organisations by name after `(sort_key, id)`, at most `limit`.
///
/// # Errors
/// The engine's refusal.
pub async fn organisations_after(
    session: &mut Session,
    after: (&str, i64),
    limit: i64,
) -> Result<Vec<OrganisationRecord>> {
    let sql = sql!(
        "SELECT id, name, name_key, kind, uscc, region, source, source_id, registered_text, marks, documents, leaf_index, sort_key FROM organisation WHERE (sort_key, id) > ($1, $2) ORDER BY sort_key, id LIMIT $3"
    );
    session
        .rows(sql, args![after.0, after.1, limit], record_of_row)
        .await
}

/// 〔登记簿筛选〕 Which organisations; what is not asked for narrows nothing.
#[derive(Debug, Clone, Default)]
pub struct OrganisationFilter<'a> {
    /// A part of the name as it is searched.
    pub name: Option<&'a str>,
    /// Code of the legal form.
    pub kind: Option<&'a str>,
    /// Which register says so.
    pub source: Option<&'a str>,
    /// Code of the grade that counts on this day.
    pub grade: Option<(&'a str, Day)>,
}

impl OrganisationFilter<'_> {
    fn grade(&self) -> (Option<&str>, i64) {
        let (grade, day) = self.grade.unzip();
        (grade, day.map_or(0, |day| i64::from(day.number())))
    }
}

/// Organisations of a list by name, behind `(sort_key, id)`; ascending, at most `limit`.
///
/// # Errors
/// The engine's refusal.
pub async fn organisations_listed(
    session: &mut Session,
    filter: &OrganisationFilter<'_>,
    after: (&str, i64),
    limit: i64,
) -> Result<Vec<OrganisationRecord>> {
    let sql = sql!(
        "SELECT id, name, name_key, kind, uscc, region, source, source_id, registered_text, marks, documents, leaf_index, sort_key FROM organisation WHERE (CAST($1 AS TEXT) IS NULL OR replace(name_key, $1, '') <> name_key) AND (CAST($2 AS TEXT) IS NULL OR kind = $2) AND (CAST($3 AS TEXT) IS NULL OR source = $3) AND (CAST($7 AS TEXT) IS NULL OR EXISTS (SELECT 1 FROM register_entry e WHERE e.organisation_id = organisation.id AND e.item = 'grade' AND e.standing = $7 AND e.from_day <= $8 AND e.until_day >= $8 AND NOT EXISTS (SELECT 1 FROM register_entry c WHERE c.organisation_id = e.organisation_id AND c.corrects_id = e.id) AND NOT EXISTS (SELECT 1 FROM register_entry l WHERE l.organisation_id = e.organisation_id AND l.item = 'grade' AND l.from_day <= $8 AND (l.from_day > e.from_day OR (l.from_day = e.from_day AND l.id > e.id)) AND NOT EXISTS (SELECT 1 FROM register_entry d WHERE d.organisation_id = l.organisation_id AND d.corrects_id = l.id)))) AND (sort_key, id) > ($4, $5) ORDER BY sort_key, id LIMIT $6"
    );
    let args = args![
        filter.name,
        filter.kind,
        filter.source,
        after.0,
        after.1,
        limit,
        filter.grade().0,
        filter.grade().1
    ];
    session.rows(sql, args, record_of_row).await
}

/// The same from the end of the register: behind `(sort_key, id)`, descending.
///
/// # Errors
/// The engine's refusal.
pub async fn organisations_listed_down(
    session: &mut Session,
    filter: &OrganisationFilter<'_>,
    after: (&str, i64),
    limit: i64,
) -> Result<Vec<OrganisationRecord>> {
    let sql = sql!(
        "SELECT id, name, name_key, kind, uscc, region, source, source_id, registered_text, marks, documents, leaf_index, sort_key FROM organisation WHERE (CAST($1 AS TEXT) IS NULL OR replace(name_key, $1, '') <> name_key) AND (CAST($2 AS TEXT) IS NULL OR kind = $2) AND (CAST($3 AS TEXT) IS NULL OR source = $3) AND (CAST($7 AS TEXT) IS NULL OR EXISTS (SELECT 1 FROM register_entry e WHERE e.organisation_id = organisation.id AND e.item = 'grade' AND e.standing = $7 AND e.from_day <= $8 AND e.until_day >= $8 AND NOT EXISTS (SELECT 1 FROM register_entry c WHERE c.organisation_id = e.organisation_id AND c.corrects_id = e.id) AND NOT EXISTS (SELECT 1 FROM register_entry l WHERE l.organisation_id = e.organisation_id AND l.item = 'grade' AND l.from_day <= $8 AND (l.from_day > e.from_day OR (l.from_day = e.from_day AND l.id > e.id)) AND NOT EXISTS (SELECT 1 FROM register_entry d WHERE d.organisation_id = l.organisation_id AND d.corrects_id = l.id)))) AND (sort_key, id) < ($4, $5) ORDER BY sort_key DESC, id DESC LIMIT $6"
    );
    let args = args![
        filter.name,
        filter.kind,
        filter.source,
        after.0,
        after.1,
        limit,
        filter.grade().0,
        filter.grade().1
    ];
    session.rows(sql, args, record_of_row).await
}

/// How many organisations a list has, no more than `limit`: one walk along the index of names.
///
/// # Errors
/// The engine's refusal.
pub async fn organisations_tally(
    session: &mut Session,
    filter: &OrganisationFilter<'_>,
    limit: i64,
) -> Result<i64> {
    let sql = sql!(
        "SELECT COUNT(*) FROM (SELECT id FROM organisation WHERE (CAST($1 AS TEXT) IS NULL OR replace(name_key, $1, '') <> name_key) AND (CAST($2 AS TEXT) IS NULL OR kind = $2) AND (CAST($3 AS TEXT) IS NULL OR source = $3) AND (CAST($5 AS TEXT) IS NULL OR EXISTS (SELECT 1 FROM register_entry e WHERE e.organisation_id = organisation.id AND e.item = 'grade' AND e.standing = $5 AND e.from_day <= $6 AND e.until_day >= $6 AND NOT EXISTS (SELECT 1 FROM register_entry c WHERE c.organisation_id = e.organisation_id AND c.corrects_id = e.id) AND NOT EXISTS (SELECT 1 FROM register_entry l WHERE l.organisation_id = e.organisation_id AND l.item = 'grade' AND l.from_day <= $6 AND (l.from_day > e.from_day OR (l.from_day = e.from_day AND l.id > e.id)) AND NOT EXISTS (SELECT 1 FROM register_entry d WHERE d.organisation_id = l.organisation_id AND d.corrects_id = l.id)))) AND name_key >= '' ORDER BY name_key, id LIMIT $4) AS found"
    );
    let (grade, day) = filter.grade();
    let args = args![filter.name, filter.kind, filter.source, limit, grade, day];
    session.one(sql, args, |r| r.i64(0)).await
}

/// Some organisations, in no order.
///
/// # Errors
/// The engine's refusal.
pub async fn organisations_by_ids(
    session: &mut Session,
    keys: &[i64],
) -> Result<Vec<OrganisationRecord>> {
    let sql = sql!(
        pg: "SELECT id, name, name_key, kind, uscc, region, source, source_id, registered_text, marks, documents, leaf_index, sort_key FROM organisation WHERE id = ANY($1)",
        lite: "SELECT id, name, name_key, kind, uscc, region, source, source_id, registered_text, marks, documents, leaf_index, sort_key FROM organisation WHERE id = $1"
    );
    session.by_keys(sql, keys, record_of_row).await
}

/// The names of some organisations.
///
/// # Errors
/// The engine's refusal.
pub async fn organisation_names(
    session: &mut Session,
    keys: &[i64],
) -> Result<BTreeMap<i64, String>> {
    let sql = sql!(
        pg: "SELECT id, name FROM organisation WHERE id = ANY($1)",
        lite: "SELECT id, name FROM organisation WHERE id = $1"
    );
    let rows = session
        .by_keys(sql, keys, |r| Ok((r.i64(0)?, r.text(1)?)))
        .await?;
    Ok(rows.into_iter().collect())
}

/// How many organisations the register has: one walk along the index of names.
///
/// # Errors
/// The engine's refusal.
pub async fn organisation_count(session: &mut Session) -> Result<i64> {
    let sql = sql!("SELECT COUNT(*) FROM organisation WHERE name_key >= $1");
    session.one(sql, args![""], |r| r.i64(0)).await
}

/// The organisations that ever drafted a campaign, oldest first.
///
/// # Errors
/// The engine's refusal.
pub async fn fundraising_organisations(
    session: &mut Session,
) -> Result<Vec<Id<ids::Organisation>>> {
    let sql =
        sql!("SELECT DISTINCT organisation_id FROM campaign ORDER BY organisation_id LIMIT $1");
    session
        .rows(sql, args![FUNDRAISERS_MAX], |r| r.i64(0).map(Id::from_raw))
        .await
}

/// Likely duplicates of an organisation that nobody has decided yet: the other's key and the reason.
///
/// # Errors
/// The engine's refusal.
pub async fn organisation_duplicates(
    session: &mut Session,
    id: Id<ids::Organisation>,
    limit: i64,
) -> Result<Vec<(i64, String)>> {
    let sql = sql!(
        "SELECT other_id, reason FROM duplicate_proposal WHERE organisation_id = $1 AND state = 'proposed' ORDER BY other_id LIMIT $2"
    );
    session
        .rows(sql, args![id.raw(), limit], |r| Ok((r.i64(0)?, r.text(1)?)))
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(list: &[&str], want: &[&str]) {
        let list: Vec<String> = list.iter().map(|text| (*text).to_owned()).collect();
        assert_eq!(list_of_text(&text_of_list(&list)), want);
    }

    #[test]
    fn lists_come_back_as_they_were_kept() {
        check(&[], &[]);
        check(&["章程", "年度报告"], &["章程", "年度报告"]);
        check(&["两\n行", ""], &["两 行"]);
    }
}

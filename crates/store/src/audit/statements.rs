//! Records that only state something, and funds and places: each row as the words that a leaf can be held against.

use super::kept::Kept;
use db::{Result, Row, Session, args, sql};

/// 〔陈述表〕 A table whose rows each have a leaf of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatementTable {
    /// Organisations.
    Organisation,
    /// Campaigns; drafts have no leaf yet.
    Campaign,
    /// Funds.
    Fund,
    /// Places.
    Place,
    /// Announced totals.
    Announcement,
    /// Reports of campaigns.
    Report,
    /// Entries of registers.
    RegisterEntry,
    /// Questions; only answered ones have a leaf.
    Question,
}

impl StatementTable {
    /// All of them.
    pub const ALL: [StatementTable; 8] = [
        StatementTable::Organisation,
        StatementTable::Campaign,
        StatementTable::Fund,
        StatementTable::Place,
        StatementTable::Announcement,
        StatementTable::Report,
        StatementTable::RegisterEntry,
        StatementTable::Question,
    ];
}

/// 〔陈述行〕 A row of such a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementRow {
    /// Its key.
    pub id: i64,
    /// The leaf that states it, if one does.
    pub leaf_index: Option<i64>,
    /// Whose it is.
    pub organisation: i64,
    /// The campaign that it belongs to or is.
    pub campaign: Option<i64>,
    /// Columns by the leaf's own word for them.
    pub words: Vec<(&'static str, Kept)>,
}

/// Rows of a table after a key, in order.
///
/// # Errors
/// The engine's refusal.
pub async fn statement_rows_after(
    session: &mut Session,
    table: StatementTable,
    after: i64,
    limit: i64,
) -> Result<Vec<StatementRow>> {
    let arguments = args![after, limit];
    match table {
        StatementTable::Organisation => {
            let sql = sql!(
                "SELECT id, leaf_index, name, kind, uscc, region, registered_day, source, source_id, recorded_at FROM organisation WHERE id > $1 ORDER BY id LIMIT $2"
            );
            session.rows(sql, arguments, organisation).await
        }
        StatementTable::Campaign => {
            let sql = sql!(
                "SELECT id, leaf_index, organisation_id, title, story, promise, filing_number, state, starts_on, ends_on, target, administrative_share FROM campaign WHERE id > $1 ORDER BY id LIMIT $2"
            );
            session.rows(sql, arguments, campaign).await
        }
        StatementTable::Fund => {
            let sql = sql!(
                "SELECT id, leaf_index, organisation_id, campaign_id, kind, unit, title, restriction, purpose, opened_at FROM fund WHERE id > $1 ORDER BY id LIMIT $2"
            );
            session.rows(sql, arguments, fund).await
        }
        StatementTable::Place => {
            let sql = sql!(
                "SELECT id, leaf_index, organisation_id, account, title FROM place WHERE id > $1 ORDER BY id LIMIT $2"
            );
            session.rows(sql, arguments, place).await
        }
        StatementTable::Announcement => {
            let sql = sql!(
                "SELECT id, leaf_index, organisation_id, announced_by, day, measure, amount, number FROM announcement WHERE id > $1 ORDER BY id LIMIT $2"
            );
            session.rows(sql, arguments, announcement).await
        }
        StatementTable::Report => {
            let sql = sql!(
                "SELECT id, leaf_index, organisation_id, campaign_id, kind, title, body, plan, until_day, at FROM campaign_report WHERE id > $1 ORDER BY id LIMIT $2"
            );
            session.rows(sql, arguments, report).await
        }
        StatementTable::RegisterEntry => {
            let sql = sql!(
                "SELECT id, leaf_index, organisation_id, item, standing, words, from_day, until_day, office, document, law, reason, source, recorded_at FROM register_entry WHERE id > $1 ORDER BY id LIMIT $2"
            );
            session.rows(sql, arguments, register_entry).await
        }
        StatementTable::Question => {
            let sql = sql!(
                "SELECT id, leaf_index, organisation_id, campaign_id, body, answer, asked_at, decided_at, state FROM question WHERE id > $1 ORDER BY id LIMIT $2"
            );
            session.rows(sql, arguments, question).await
        }
    }
}

fn organisation(r: &Row<'_>) -> Result<StatementRow> {
    Ok(StatementRow {
        id: r.i64(0)?,
        leaf_index: r.opt_i64(1)?,
        organisation: r.i64(0)?,
        campaign: None,
        words: vec![
            ("name", Kept::Text(r.text(2)?)),
            ("kind", Kept::Text(r.text(3)?)),
            ("uscc", r.opt_text(4)?.into()),
            ("region", r.opt_text(5)?.into()),
            ("registered", Kept::day(r.opt_i64(6)?)),
            ("source", Kept::Text(r.text(7)?)),
            ("source_id", Kept::Text(r.text(8)?)),
            ("time", Kept::Moment(r.i64(9)?)),
        ],
    })
}

fn campaign(r: &Row<'_>) -> Result<StatementRow> {
    Ok(StatementRow {
        id: r.i64(0)?,
        leaf_index: r.opt_i64(1)?,
        organisation: r.i64(2)?,
        campaign: Some(r.i64(0)?),
        words: vec![
            ("title", Kept::Text(r.text(3)?)),
            ("story", Kept::Text(r.text(4)?)),
            ("promise", Kept::Text(r.text(5)?)),
            ("filing_number", Kept::Text(r.text(6)?)),
            ("state", Kept::Text(r.text(7)?)),
            ("starts", Kept::Day(r.i64(8)?)),
            ("ends", Kept::Day(r.i64(9)?)),
            ("target", Kept::Int(r.i64(10)?)),
            ("admin_share", Kept::Int(r.i64(11)?)),
        ],
    })
}

fn fund(r: &Row<'_>) -> Result<StatementRow> {
    // The leaf names the unit of goods, the row the whole key of the item.
    let unit = r.text(5)?.rsplit('|').next().unwrap_or_default().to_owned();
    Ok(StatementRow {
        id: r.i64(0)?,
        leaf_index: r.opt_i64(1)?,
        organisation: r.i64(2)?,
        campaign: r.opt_i64(3)?,
        words: vec![
            ("kind", Kept::Text(r.text(4)?)),
            ("unit", Kept::Text(unit)),
            ("title", Kept::Text(r.text(6)?)),
            ("restriction", Kept::Text(r.text(7)?)),
            ("purpose", Kept::Text(r.text(8)?)),
            ("time", Kept::Moment(r.i64(9)?)),
        ],
    })
}

fn place(r: &Row<'_>) -> Result<StatementRow> {
    Ok(StatementRow {
        id: r.i64(0)?,
        leaf_index: r.opt_i64(1)?,
        organisation: r.i64(2)?,
        campaign: None,
        words: vec![
            ("account", Kept::Text(r.text(3)?)),
            ("title", Kept::Text(r.text(4)?)),
        ],
    })
}

fn announcement(r: &Row<'_>) -> Result<StatementRow> {
    Ok(StatementRow {
        id: r.i64(0)?,
        leaf_index: r.opt_i64(1)?,
        organisation: r.i64(2)?,
        campaign: None,
        words: vec![
            ("by", Kept::Text(r.text(3)?)),
            ("day", Kept::Day(r.i64(4)?)),
            ("measure", Kept::Text(r.text(5)?)),
            ("amount", r.opt_i64(6)?.into()),
            ("number", r.opt_i64(7)?.into()),
        ],
    })
}

fn report(r: &Row<'_>) -> Result<StatementRow> {
    Ok(StatementRow {
        id: r.i64(0)?,
        leaf_index: r.opt_i64(1)?,
        organisation: r.i64(2)?,
        campaign: Some(r.i64(3)?),
        words: vec![
            ("kind", Kept::Text(r.text(4)?)),
            ("title", Kept::Text(r.text(5)?)),
            ("body", Kept::Text(r.text(6)?)),
            ("plan", Kept::Text(r.text(7)?)),
            ("until", Kept::Day(r.i64(8)?)),
            ("time", Kept::Moment(r.i64(9)?)),
        ],
    })
}

fn register_entry(r: &Row<'_>) -> Result<StatementRow> {
    let item = r.text(3)?;
    let word = if item == "name" { "name" } else { "words" };
    Ok(StatementRow {
        id: r.i64(0)?,
        leaf_index: r.opt_i64(1)?,
        organisation: r.i64(2)?,
        campaign: None,
        words: vec![
            ("kind", Kept::Text(item)),
            ("state", r.opt_text(4)?.into()),
            (word, Kept::Text(r.text(5)?)),
            ("from", Kept::Day(r.i64(6)?)),
            ("until", Kept::day(r.opt_i64(7)?)),
            ("office", Kept::Text(r.text(8)?)),
            ("document", Kept::Text(r.text(9)?)),
            ("law", Kept::Text(r.text(10)?)),
            ("reason", Kept::Text(r.text(11)?)),
            ("source", Kept::Text(r.text(12)?)),
            ("time", Kept::Moment(r.i64(13)?)),
        ],
    })
}

fn question(r: &Row<'_>) -> Result<StatementRow> {
    Ok(StatementRow {
        id: r.i64(0)?,
        leaf_index: r.opt_i64(1)?,
        organisation: r.i64(2)?,
        campaign: Some(r.i64(3)?),
        words: vec![
            ("question", Kept::Text(r.text(4)?)),
            ("answer", Kept::Text(r.text(5)?)),
            ("day", Kept::DayOf(r.i64(6)?)),
            ("state", Kept::Text(r.text(8)?)),
            ("time", r.opt_i64(7)?.map_or(Kept::Nothing, Kept::Moment)),
        ],
    })
}

//! The register of organisations: the entries, read.

use crate::batch::rows::{day, known};
use crate::limits::{REGISTER_ENTRIES, REGISTER_PARTS, REGISTERS_AT_ONCE};
use db::{Result, Row, Session, args, sql};
use domain::parties::register::{Entry, Item, NewEntry, Origin, Register, Standing};
use kernel::{Id, Timestamp};
use leaf::ids;
use std::collections::BTreeMap;

fn entry_of_row(r: &Row<'_>) -> Result<(i64, Entry)> {
    let item = known(Item::parse(r.str(2)?), "register_entry.item")?;
    let standing = match r.opt_str(3)? {
        None => None,
        Some(code) => Some(known(
            Standing::parse(item, code),
            "register_entry.standing",
        )?),
    };
    let new = NewEntry {
        item,
        standing,
        words: r.text(4)?,
        from: day(r.i64(5)?)?,
        until: r.opt_i64(6)?.map(day).transpose()?,
        office: r.text(7)?,
        document: r.text(8)?,
        law: r.text(9)?,
        reason: r.text(10)?,
        source: r.text(11)?,
        origin: r
            .opt_i64(12)?
            .map_or(Origin::Imported, |id| Origin::Matter(Id::from_raw(id))),
        corrects: r.opt_i64(13)?.map(Id::from_raw),
        successor: r.opt_i64(16)?.map(Id::from_raw),
    };
    let entry = Entry {
        id: Id::from_raw(r.i64(0)?),
        new,
        leaf_index: r.i64(14)?,
        recorded_at: Timestamp::from_micros(r.i64(15)?),
    };
    Ok((r.i64(1)?, entry))
}

/// The register of an organisation; empty where nothing was ever entered.
///
/// # Errors
/// The engine's refusal.
pub async fn register_of(session: &mut Session, id: Id<ids::Organisation>) -> Result<Register> {
    let sql = sql!(
        "SELECT id, organisation_id, item, standing, words, from_day, until_day, office, document, law, reason, source, matter_id, corrects_id, leaf_index, recorded_at, successor_id FROM register_entry WHERE organisation_id = $1 AND id > $2 ORDER BY id LIMIT $3"
    );
    // All of them, part by part: a register without its newest entries would say that a revoked one is valid.
    let mut entries: Vec<Entry> = Vec::new();
    for _ in 0..REGISTER_PARTS {
        let after = entries.last().map_or(i64::MIN, |entry| entry.id.raw());
        let values = args![id.raw(), after, REGISTER_ENTRIES];
        let rows = session.rows(sql, values, entry_of_row).await?;
        let is_last = i64::try_from(rows.len()).unwrap_or(i64::MAX) < REGISTER_ENTRIES;
        entries.extend(rows.into_iter().map(|row| row.1));
        if is_last {
            break;
        }
    }
    Ok(Register::new(entries))
}

/// The registers of some organisations; those without entries are absent.
///
/// # Errors
/// The engine's refusal.
pub async fn registers_of(
    session: &mut Session,
    organisations: &[i64],
) -> Result<BTreeMap<i64, Register>> {
    let sql = sql!(
        pg: "SELECT id, organisation_id, item, standing, words, from_day, until_day, office, document, law, reason, source, matter_id, corrects_id, leaf_index, recorded_at, successor_id FROM register_entry WHERE organisation_id = ANY($1) ORDER BY id",
        lite: "SELECT id, organisation_id, item, standing, words, from_day, until_day, office, document, law, reason, source, matter_id, corrects_id, leaf_index, recorded_at, successor_id FROM register_entry WHERE organisation_id = $1 ORDER BY id"
    );
    let asked = organisations
        .get(REGISTERS_AT_ONCE)
        .unwrap_or(organisations);
    Ok(grouped(session.by_keys(sql, asked, entry_of_row).await?))
}

/// The grades of some organisations, each as a register that holds nothing else; those without are absent.
///
/// # Errors
/// The engine's refusal.
pub async fn grades_of(
    session: &mut Session,
    organisations: &[i64],
) -> Result<BTreeMap<i64, Register>> {
    let sql = sql!(
        pg: "SELECT id, organisation_id, item, standing, words, from_day, until_day, office, document, law, reason, source, matter_id, corrects_id, leaf_index, recorded_at, successor_id FROM register_entry WHERE organisation_id = ANY($1) AND item = 'grade' ORDER BY id",
        lite: "SELECT id, organisation_id, item, standing, words, from_day, until_day, office, document, law, reason, source, matter_id, corrects_id, leaf_index, recorded_at, successor_id FROM register_entry WHERE organisation_id = $1 AND item = 'grade' ORDER BY id"
    );
    Ok(grouped(
        session.by_keys(sql, organisations, entry_of_row).await?,
    ))
}

fn grouped(rows: Vec<(i64, Entry)>) -> BTreeMap<i64, Register> {
    let mut entries: BTreeMap<i64, Vec<Entry>> = BTreeMap::new();
    for (organisation, entry) in rows {
        entries.entry(organisation).or_default().push(entry);
    }
    for list in entries.values_mut() {
        list.sort_by_key(|entry| entry.id.raw());
    }
    let registers = entries.into_iter();
    registers
        .map(|(organisation, list)| (organisation, Register::new(list)))
        .collect()
}

/// An entry, and whose it is.
///
/// # Errors
/// The engine's refusal.
pub async fn register_entry(
    session: &mut Session,
    id: Id<ids::RegisterEntry>,
) -> Result<Option<(Id<ids::Organisation>, Entry)>> {
    let sql = sql!(
        "SELECT id, organisation_id, item, standing, words, from_day, until_day, office, document, law, reason, source, matter_id, corrects_id, leaf_index, recorded_at, successor_id FROM register_entry WHERE id = $1"
    );
    let found = session.opt(sql, args![id.raw()], entry_of_row).await?;
    Ok(found.map(|(organisation, entry)| (Id::from_raw(organisation), entry)))
}

/// The entries that a matter wrote, in their order.
///
/// # Errors
/// The engine's refusal.
pub async fn register_of_matter(
    session: &mut Session,
    matter: Id<ids::Matter>,
) -> Result<Vec<Entry>> {
    let sql = sql!(
        "SELECT id, organisation_id, item, standing, words, from_day, until_day, office, document, law, reason, source, matter_id, corrects_id, leaf_index, recorded_at, successor_id FROM register_entry WHERE matter_id = $1 ORDER BY id LIMIT $2"
    );
    let rows = session
        .rows(sql, args![matter.raw(), REGISTER_ENTRIES], entry_of_row)
        .await?;
    Ok(rows.into_iter().map(|row| row.1).collect())
}

/// Former and present names that the registers hold of organisations after a key: for finding them by any of their
/// names. In the order of keys, at most `limit`.
///
/// # Errors
/// The engine's refusal.
pub(crate) async fn register_names_between(
    session: &mut Session,
    (after, last): (i64, i64),
    limit: i64,
) -> Result<Vec<(i64, String)>> {
    let sql = sql!(
        "SELECT organisation_id, words FROM register_entry WHERE item = 'name' AND organisation_id > $1 AND organisation_id <= $2 ORDER BY organisation_id, id LIMIT $3"
    );
    session
        .rows(sql, args![after, last, limit], |r| {
            Ok((r.i64(0)?, r.text(1)?))
        })
        .await
}

/// 〔前身〕 Whose successor an organisation is, oldest entry first: key and name, at most `limit`. An entry that was
/// corrected afterwards does not count.
///
/// # Errors
/// The engine's refusal.
pub async fn register_predecessors(
    session: &mut Session,
    id: Id<ids::Organisation>,
    limit: i64,
) -> Result<Vec<(i64, String)>> {
    let sql = sql!(
        "SELECT e.organisation_id, o.name FROM register_entry e JOIN organisation o ON o.id = e.organisation_id WHERE e.successor_id = $1 AND NOT EXISTS (SELECT 1 FROM register_entry c WHERE c.organisation_id = e.organisation_id AND c.corrects_id = e.id) ORDER BY e.id LIMIT $2"
    );
    session
        .rows(sql, args![id.raw(), limit], |r| Ok((r.i64(0)?, r.text(1)?)))
        .await
}

/// Names of organisations whose successors have keys after one: for finding a successor by the names before it. In the
/// order of keys, at most `limit`.
///
/// # Errors
/// The engine's refusal.
pub(crate) async fn predecessor_names_between(
    session: &mut Session,
    (after, last): (i64, i64),
    limit: i64,
) -> Result<Vec<(i64, String)>> {
    let sql = sql!(
        "SELECT e.successor_id, o.name FROM register_entry e JOIN organisation o ON o.id = e.organisation_id WHERE e.successor_id > $1 AND e.successor_id <= $2 ORDER BY e.successor_id, e.id LIMIT $3"
    );
    session
        .rows(sql, args![after, last, limit], |r| {
            Ok((r.i64(0)?, r.text(1)?))
        })
        .await
}

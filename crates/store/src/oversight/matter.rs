//! Matters 办件: their rows, and their histories as they are folded.

use crate::batch::rows::{day, known};
use crate::limits::{MATTER_FILES_MAX, MATTER_HISTORY_MAX};
use db::{Result, Row, Session, args, sql};
use domain::oversight::procedures::procedure;
use kernel::{Id, RegionCode, Timestamp};
use leaf::ids;
use matter::{Gap, Matter, Person, Procedure, Taken, Who};
use std::collections::BTreeMap;

/// 〔办件行〕 A matter as it is kept beside its history.
#[derive(Debug, Clone)]
pub struct MatterRecord {
    /// Its key.
    pub id: Id<ids::Matter>,
    /// How it is handled.
    pub procedure: &'static Procedure,
    /// Whose it is.
    pub organisation: Id<ids::Organisation>,
    /// Where the office is that decides.
    pub region: RegionCode,
    /// Who opened it.
    pub opened_by: Id<ids::User>,
    /// When.
    pub opened_at: Timestamp,
    /// Name of the state, as of the last step.
    pub state: String,
    /// When it ended; absent while it is open.
    pub ended_at: Option<Timestamp>,
    /// Steps and saved drafts so far.
    pub version: i64,
    /// How often it was handed on to be checked.
    pub round: i64,
    /// What the applicant was shown for tracking.
    pub code: String,
}

/// 〔办件材料〕 A file of a matter.
#[derive(Debug, Clone)]
pub struct MatterFile {
    /// For which document.
    pub slot: String,
    /// Digest.
    pub sha256: [u8; 32],
    /// Bytes.
    pub length: i64,
    /// Media type.
    pub mime: String,
    /// Its name as it was sent.
    pub title: String,
    /// The first round in which it counts.
    pub from_round: i64,
    /// The first round in which it counts no more.
    pub until_round: Option<i64>,
}

impl MatterFile {
    /// True if it belongs to what was or will be handed in as this round.
    #[must_use]
    pub fn counts_in(&self, round: i64) -> bool {
        self.from_round <= round && self.until_round.is_none_or(|until| round < until)
    }
}

/// Columns: id, procedure, organisation_id, region, opened_by, opened_at, state, ended_at, version, round, code.
fn record_of_row(r: &Row<'_>) -> Result<MatterRecord> {
    Ok(MatterRecord {
        id: Id::from_raw(r.i64(0)?),
        procedure: known(procedure(r.str(1)?), "matter.procedure")?,
        organisation: Id::from_raw(r.i64(2)?),
        region: known(RegionCode::parse(r.str(3)?).ok(), "matter.region")?,
        opened_by: Id::from_raw(r.i64(4)?),
        opened_at: Timestamp::from_micros(r.i64(5)?),
        state: r.text(6)?,
        ended_at: r.opt_i64(7)?.map(Timestamp::from_micros),
        version: r.i64(8)?,
        round: r.i64(9)?,
        code: r.text(10)?,
    })
}

/// Gaps as one column: an item, a tab and what is missing on each line.
#[must_use]
pub fn text_of_gaps(gaps: &[Gap]) -> String {
    let plain = |text: &str| text.replace(['\n', '\r', '\t'], " ");
    let lines = gaps.iter();
    let lines = lines.map(|gap| format!("{}\t{}", plain(&gap.item), plain(&gap.missing)));
    lines.collect::<Vec<_>>().join("\n")
}

fn gaps_of_text(text: &str) -> Vec<Gap> {
    let lines = text.lines().filter_map(|line| line.split_once('\t'));
    lines
        .map(|(item, missing)| Gap {
            item: item.to_owned(),
            missing: missing.to_owned(),
        })
        .collect()
}

/// A person of a matter as a column: nothing for the house itself.
#[must_use]
pub fn user_of_person(person: Person) -> Option<i64> {
    (person != Person::SYSTEM).then_some(person.0)
}

/// Columns: matter_id, step, user_id, for_user_id, at, dated, reason, gaps, facts, longer_by.
fn taken_of_row(r: &Row<'_>, table: &'static Procedure) -> Result<Taken> {
    let step = known(table.step(r.str(1)?), "matter_taken.step")?;
    let fact = |name: &str| table.facts.iter().find(|fact| fact.name == name);
    let facts = r.str(8)?.lines();
    let facts: Option<Vec<&'static str>> = facts.map(|f| fact(f).map(|f| f.name)).collect();
    let longer_by = r.opt_i64(9)?.map(u16::try_from).transpose();
    Ok(Taken {
        step: step.name,
        who: Who {
            by: r.opt_i64(2)?.map_or(Person::SYSTEM, Person),
            for_whom: r.opt_i64(3)?.map(Person),
        },
        at: Timestamp::from_micros(r.i64(4)?),
        dated: r.opt_i64(5)?.map(day).transpose()?,
        reason: r.opt_text(6)?,
        gaps: gaps_of_text(r.str(7)?),
        facts: known(facts, "matter_taken.facts")?,
        longer_by: known(longer_by.ok(), "matter_taken.longer_by")?,
    })
}

/// A history that its table cannot fold is damage, not input.
fn folded(table: &'static Procedure, history: Vec<Taken>) -> Result<Matter> {
    known(Matter::replay(table, history).ok(), "matter_taken")
}

/// One matter.
///
/// # Errors
/// The engine's refusal.
pub async fn matter_record(
    session: &mut Session,
    id: Id<ids::Matter>,
) -> Result<Option<MatterRecord>> {
    let sql = sql!(
        "SELECT id, procedure, organisation_id, region, opened_by, opened_at, state, ended_at, version, round, code FROM matter WHERE id = $1"
    );
    session.opt(sql, args![id.raw()], record_of_row).await
}

/// The fold of a matter's history.
///
/// # Errors
/// The engine's refusal; a history that does not fit its table.
pub async fn matter_folded(session: &mut Session, record: &MatterRecord) -> Result<Matter> {
    let sql = sql!(
        "SELECT matter_id, step, user_id, for_user_id, at, dated, reason, gaps, facts, longer_by FROM matter_taken WHERE matter_id = $1 ORDER BY entry LIMIT $2"
    );
    let table = record.procedure;
    let arguments = args![record.id.raw(), MATTER_HISTORY_MAX];
    let history = session
        .rows(sql, arguments, |r| taken_of_row(r, table))
        .await?;
    folded(table, history)
}

/// The folds of many matters, in their order.
///
/// # Errors
/// As [`matter_folded`].
pub async fn matters_folded(
    session: &mut Session,
    records: &[MatterRecord],
) -> Result<Vec<Matter>> {
    let sql = sql!(
        pg: "SELECT matter_id, step, user_id, for_user_id, at, dated, reason, gaps, facts, longer_by, entry FROM matter_taken WHERE matter_id = ANY($1)",
        lite: "SELECT matter_id, step, user_id, for_user_id, at, dated, reason, gaps, facts, longer_by, entry FROM matter_taken WHERE matter_id = $1"
    );
    let tables: BTreeMap<i64, &'static Procedure> = records
        .iter()
        .map(|record| (record.id.raw(), record.procedure))
        .collect();
    let keys: Vec<i64> = tables.keys().copied().collect();
    let rows = session
        .by_keys(sql, &keys, |r| {
            let table = known(tables.get(&r.i64(0)?).copied(), "matter_taken.matter_id")?;
            Ok((r.i64(0)?, r.i64(10)?, taken_of_row(r, table)?))
        })
        .await?;
    let mut histories: BTreeMap<i64, Vec<(i64, Taken)>> = BTreeMap::new();
    for (matter, entry, taken) in rows {
        histories.entry(matter).or_default().push((entry, taken));
    }
    let fold = |record: &MatterRecord| {
        let mut history = histories.remove(&record.id.raw()).unwrap_or_default();
        history.sort_by_key(|(entry, _)| *entry);
        let history = history.into_iter().map(|(_, taken)| taken).collect();
        folded(record.procedure, history)
    };
    records.iter().map(fold).collect()
}

/// The answers of a round, by field.
///
/// # Errors
/// The engine's refusal.
pub async fn matter_answers(
    session: &mut Session,
    id: Id<ids::Matter>,
    round: i64,
) -> Result<Vec<(String, String)>> {
    let sql = sql!(
        "SELECT field, value FROM matter_answer WHERE matter_id = $1 AND round = $2 ORDER BY field"
    );
    session
        .rows(sql, args![id.raw(), round], |r| {
            Ok((r.text(0)?, r.text(1)?))
        })
        .await
}

/// The answers that stand in a round: its own, or those of the round before that has some.
///
/// # Errors
/// The engine's refusal.
pub async fn matter_answers_standing(
    session: &mut Session,
    id: Id<ids::Matter>,
    round: i64,
) -> Result<Vec<(String, String)>> {
    let sql = sql!(
        "SELECT field, value FROM matter_answer WHERE matter_id = $1 AND round = (SELECT MAX(round) FROM matter_answer WHERE matter_id = $1 AND round <= $2) ORDER BY field"
    );
    session
        .rows(sql, args![id.raw(), round], |r| {
            Ok((r.text(0)?, r.text(1)?))
        })
        .await
}

/// All files of a matter, also those that were replaced, oldest first.
///
/// # Errors
/// The engine's refusal.
pub async fn matter_files(session: &mut Session, id: Id<ids::Matter>) -> Result<Vec<MatterFile>> {
    let sql = sql!(
        "SELECT slot, sha256, length, mime, title, from_round, until_round FROM matter_file WHERE matter_id = $1 ORDER BY id LIMIT $2"
    );
    session
        .rows(sql, args![id.raw(), MATTER_FILES_MAX], |r| {
            Ok(MatterFile {
                slot: r.text(0)?,
                sha256: r.array(1)?,
                length: r.i64(2)?,
                mime: r.text(3)?,
                title: r.text(4)?,
                from_round: r.i64(5)?,
                until_round: r.opt_i64(6)?,
            })
        })
        .await
}

/// True if a file belongs to a matter and to nothing that is public.
///
/// # Errors
/// The engine's refusal.
pub async fn file_is_of_matters(session: &mut Session, sha256: &[u8; 32]) -> Result<bool> {
    let sql = sql!(
        "SELECT COUNT(*) FROM matter_file WHERE sha256 = $1 AND NOT EXISTS (SELECT 1 FROM evidence WHERE sha256 = $1)"
    );
    let count = session.one(sql, args![&sha256[..]], |r| r.i64(0)).await?;
    Ok(count > 0)
}

/// The matters of an organisation, newest first, at most `limit`.
///
/// # Errors
/// The engine's refusal.
pub async fn matters_of_organisation(
    session: &mut Session,
    organisation: Id<ids::Organisation>,
    limit: i64,
) -> Result<Vec<MatterRecord>> {
    let sql = sql!(
        "SELECT id, procedure, organisation_id, region, opened_by, opened_at, state, ended_at, version, round, code FROM matter WHERE organisation_id = $1 ORDER BY id DESC LIMIT $2"
    );
    session
        .rows(sql, args![organisation.raw(), limit], record_of_row)
        .await
}

/// The open matters of the offices whose region codes lie in a range (`RegionCode::range`), at most `limit`.
///
/// # Errors
/// The engine's refusal.
pub async fn matters_of_range(
    session: &mut Session,
    (from, to): (&str, &str),
    limit: i64,
) -> Result<Vec<MatterRecord>> {
    let sql = sql!(
        "SELECT id, procedure, organisation_id, region, opened_by, opened_at, state, ended_at, version, round, code FROM matter WHERE ended_at IS NULL AND region >= $1 AND region < $2 ORDER BY region, id LIMIT $3"
    );
    session
        .rows(sql, args![from, to, limit], record_of_row)
        .await
}

/// The matters of the offices of a range that ended at a moment or later, at most `limit`.
///
/// # Errors
/// The engine's refusal.
pub async fn matters_ended_since(
    session: &mut Session,
    (from, to): (&str, &str),
    (since, limit): (Timestamp, i64),
) -> Result<Vec<MatterRecord>> {
    let sql = sql!(
        "SELECT id, procedure, organisation_id, region, opened_by, opened_at, state, ended_at, version, round, code FROM matter WHERE ended_at >= $3 AND region >= $1 AND region < $2 ORDER BY region, ended_at LIMIT $4"
    );
    let arguments = args![from, to, since.micros(), limit];
    session.rows(sql, arguments, record_of_row).await
}

/// The newest matters of a procedure that are over, at most `limit`.
///
/// # Errors
/// The engine's refusal.
pub async fn matters_ended(
    session: &mut Session,
    procedure: &str,
    limit: i64,
) -> Result<Vec<MatterRecord>> {
    let sql = sql!(
        "SELECT id, procedure, organisation_id, region, opened_by, opened_at, state, ended_at, version, round, code FROM matter WHERE ended_at IS NOT NULL AND procedure = $1 ORDER BY id DESC LIMIT $2"
    );
    session
        .rows(sql, args![procedure, limit], record_of_row)
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_read_as_they_were_kept() {
        let gap = |item: &str, missing: &str| Gap {
            item: item.into(),
            missing: missing.into(),
        };
        let gaps = [gap("charter", "缺第三章"), gap("other", "有\t两行\n的")];
        let kept = gaps_of_text(&text_of_gaps(&gaps));
        assert_eq!(
            kept,
            [gap("charter", "缺第三章"), gap("other", "有 两行 的")]
        );
        assert_eq!(gaps_of_text(&text_of_gaps(&[])), []);
    }
}

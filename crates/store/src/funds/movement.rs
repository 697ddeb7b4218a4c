//! Movements: by number, by fund newest first, by donation.

use db::{Result, Row, Session, args, sql};
use kernel::{Day, Id, Timestamp};
use leaf::ids;
use ledger::{Kind, Movement, MovementId, PlaceId, Side, Span, TapeId, Undo};
use std::collections::BTreeMap;

/// 〔流转〕 A movement with what belongs to it.
#[derive(Debug, Clone, Copy)]
pub struct MovementRecord {
    /// What moved where.
    pub movement: Movement,
    /// Fen or units.
    pub amount: i64,
    /// Index of its leaf.
    pub leaf_index: i64,
    /// The donation it belongs to.
    pub donation: Option<Id<ids::Donation>>,
    /// Key of the matter it belongs to.
    pub matter: Option<i64>,
    /// When it was recorded.
    pub at: Timestamp,
    /// Its accounting day.
    pub day: Day,
}

/// The place where the money of a gift came in, by its own movements; the first of them says it.
pub fn came_into(movements: &[MovementRecord]) -> Option<Id<ids::Place>> {
    let mut came = movements.iter().filter_map(|record| record.movement.into);
    came.next().map(|side| Id::from_raw(side.place.0))
}

fn side_of_row(r: &Row<'_>, at: usize, place: usize) -> Result<Option<Side>> {
    let (Some(fund), Some(start), Some(len)) =
        (r.opt_i64(at)?, r.opt_i64(at + 1)?, r.opt_i64(at + 2)?)
    else {
        return Ok(None);
    };
    let span = Span::new(start, len).ok_or_else(|| db::Error::value(at + 1, "movement span"))?;
    let place = PlaceId(r.opt_i64(place)?.unwrap_or_default());
    Ok(Some(Side {
        tape: TapeId(fund),
        span,
        place,
    }))
}

/// Columns: id, kind, from_fund, out_start, out_len, to_fund, in_start, in_len, place_from, place_to, undoes,
/// undoes_offset.
pub(super) fn movement_of_row(r: &Row<'_>) -> Result<Movement> {
    let kind = Kind::parse(r.str(1)?).ok_or_else(|| db::Error::value(1, "movement.kind"))?;
    let undoes = r.opt_i64(10)?.map(|id| (MovementId(id), r.opt_i64(11)));
    let undoes = match undoes {
        None => None,
        Some((movement, offset)) => Some(Undo {
            movement,
            offset: offset?.unwrap_or_default(),
        }),
    };
    Ok(Movement {
        id: MovementId(r.i64(0)?),
        kind,
        out: side_of_row(r, 2, 8)?,
        into: side_of_row(r, 5, 9)?,
        undoes,
    })
}

/// Columns as [`movement_of_row`], then: amount, leaf_index, donation_id, matter_id, at, day.
pub(super) fn record_of_row(r: &Row<'_>) -> Result<MovementRecord> {
    Ok(MovementRecord {
        movement: movement_of_row(r)?,
        amount: r.i64(12)?,
        leaf_index: r.i64(13)?,
        donation: r.opt_i64(14)?.map(Id::from_raw),
        matter: r.opt_i64(15)?,
        at: Timestamp::from_micros(r.i64(16)?),
        day: crate::batch::rows::day(r.i64(17)?)?,
    })
}

/// A movement by its number.
///
/// # Errors
/// The engine's refusal.
pub async fn movement_by_id(
    session: &mut Session,
    id: Id<ids::Movement>,
) -> Result<Option<MovementRecord>> {
    let sql = sql!(
        "SELECT id, kind, from_fund, out_start, out_len, to_fund, in_start, in_len, place_from, place_to, undoes, undoes_offset, amount, leaf_index, donation_id, matter_id, at, day FROM movement WHERE id = $1"
    );
    session.opt(sql, args![id.raw()], record_of_row).await
}

/// Some movements, in no order.
///
/// # Errors
/// The engine's refusal.
pub async fn movements_by_ids(session: &mut Session, keys: &[i64]) -> Result<Vec<MovementRecord>> {
    let sql = sql!(
        pg: "SELECT id, kind, from_fund, out_start, out_len, to_fund, in_start, in_len, place_from, place_to, undoes, undoes_offset, amount, leaf_index, donation_id, matter_id, at, day FROM movement WHERE id = ANY($1)",
        lite: "SELECT id, kind, from_fund, out_start, out_len, to_fund, in_start, in_len, place_from, place_to, undoes, undoes_offset, amount, leaf_index, donation_id, matter_id, at, day FROM movement WHERE id = $1"
    );
    session.by_keys(sql, keys, record_of_row).await
}

/// The movements of a donation as it came in: `count` of them from `first` on.
///
/// # Errors
/// The engine's refusal.
pub async fn movements_of_donation(
    session: &mut Session,
    first: i64,
    count: i64,
) -> Result<Vec<MovementRecord>> {
    let sql = sql!(
        "SELECT id, kind, from_fund, out_start, out_len, to_fund, in_start, in_len, place_from, place_to, undoes, undoes_offset, amount, leaf_index, donation_id, matter_id, at, day FROM movement WHERE id >= $1 ORDER BY id LIMIT $2"
    );
    session.rows(sql, args![first, count], record_of_row).await
}

/// Movements into and out of a fund, newest first, at most `limit`: those whose positions lie before
/// `before` = (out, in). Tape order is recording order, so two index ranges are merged by number.
///
/// # Errors
/// The engine's refusal.
pub async fn movements_of_fund(
    session: &mut Session,
    fund: Id<ids::Fund>,
    before: (i64, i64),
    limit: i64,
) -> Result<Vec<MovementRecord>> {
    let outs = sql!(
        "SELECT id, kind, from_fund, out_start, out_len, to_fund, in_start, in_len, place_from, place_to, undoes, undoes_offset, amount, leaf_index, donation_id, matter_id, at, day FROM movement WHERE from_fund = $1 AND out_start < $2 ORDER BY out_start DESC LIMIT $3"
    );
    let ins = sql!(
        "SELECT id, kind, from_fund, out_start, out_len, to_fund, in_start, in_len, place_from, place_to, undoes, undoes_offset, amount, leaf_index, donation_id, matter_id, at, day FROM movement WHERE to_fund = $1 AND in_start < $2 ORDER BY in_start DESC LIMIT $3"
    );
    let mut found = session
        .rows(outs, args![fund.raw(), before.0, limit], record_of_row)
        .await?;
    found.extend(
        session
            .rows(ins, args![fund.raw(), before.1, limit], record_of_row)
            .await?,
    );
    found.sort_by_key(|record| std::cmp::Reverse(record.movement.id));
    found.truncate(usize::try_from(limit).unwrap_or_default());
    Ok(found)
}

/// How much of these movements was undone since; those of which nothing was are left out.
///
/// # Errors
/// The engine's refusal.
pub async fn undone_of(session: &mut Session, movements: &[i64]) -> Result<BTreeMap<i64, i64>> {
    let sql =
        sql!("SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM movement WHERE undoes = $1");
    let mut all = BTreeMap::new();
    for movement in movements {
        let undone = session.one(sql, args![*movement], |r| r.i64(0)).await?;
        if undone > 0 {
            all.insert(*movement, undone);
        }
    }
    Ok(all)
}

/// The movements that undo a movement, oldest first.
///
/// # Errors
/// The engine's refusal.
pub async fn movements_undoing(
    session: &mut Session,
    undone: Id<ids::Movement>,
    limit: i64,
) -> Result<Vec<i64>> {
    let sql = sql!("SELECT id FROM movement WHERE undoes = $1 ORDER BY undoes_offset, id LIMIT $2");
    session
        .rows(sql, args![undone.raw(), limit], |r| r.i64(0))
        .await
}

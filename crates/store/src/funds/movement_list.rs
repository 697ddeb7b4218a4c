//! Movements of a fund as lists show them: filtered, in an order of the reader's choice, continued where a page ended.
//!
//! What went out and what came in stand in two indexes along the tape; a list is their merge. Tape order is recording
//! order, so the order of recording costs nothing, and any other order sorts the fund's movements for each page.

use super::movement::{MovementRecord, record_of_row};
use crate::walk::Walk;
use db::{Arg, Result, Row, Session, Sql, args, sql};
use kernel::Id;
use leaf::ids;
use ledger::limits::POSITION_MAX;

/// 〔流转筛选〕 Which movements of a fund.
#[derive(Debug, Clone)]
pub struct MovementFilter<'a> {
    /// The fund.
    pub fund: Id<ids::Fund>,
    /// Code of the kind.
    pub kind: Option<&'a str>,
    /// What came in, what went out.
    pub sides: (bool, bool),
    /// Day numbers, first and last.
    pub days: (i64, i64),
    /// Amounts, least and most.
    pub amounts: (i64, i64),
}

/// By what movements are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MovementOrder {
    /// By their accounting day.
    Day = 1,
    /// By what moved.
    Amount = 2,
}

/// Where a walk along the tape stands: the position out and the position in behind which it goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TapePlace {
    /// Position of the last outflow shown.
    pub out: i64,
    /// Position of the last inflow shown.
    pub into: i64,
}

impl TapePlace {
    /// Before the first row, ascending (1) or descending (−1).
    #[must_use]
    pub const fn beginning(sign: i64) -> TapePlace {
        let at = if sign < 0 { POSITION_MAX } else { -1 };
        TapePlace { out: at, into: at }
    }
}

/// Which side of a movement a row stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MovementSide {
    /// It left the fund.
    Out,
    /// It reached the fund.
    In,
}

/// A movement, the side that this fund saw, and its key in the order.
pub type ListedMovement = (MovementRecord, MovementSide, i64);

impl MovementFilter<'_> {
    fn args(&self) -> Vec<Arg<'_>> {
        vec![
            Arg::I(self.fund.raw()),
            Arg::from(self.kind),
            Arg::I(self.days.0),
            Arg::I(self.days.1),
            Arg::I(self.amounts.0),
            Arg::I(self.amounts.1),
        ]
    }

    async fn side(
        &self,
        session: &mut Session,
        sql: &'static Sql,
        (side, more): (MovementSide, &[i64]),
    ) -> Result<Vec<ListedMovement>> {
        let wanted = match side {
            MovementSide::In => self.sides.0,
            MovementSide::Out => self.sides.1,
        };
        if !wanted {
            return Ok(Vec::new());
        }
        let mut args = self.args();
        args.extend(more.iter().map(|number| Arg::I(*number)));
        let read = |r: &Row<'_>| Ok((record_of_row(r)?, side, r.i64(18)?));
        session.rows(sql, &args, read).await
    }
}

/// The movements of a fund as they were recorded, behind a place on its tape; ascending (1) or descending (−1).
///
/// # Errors
/// The engine's refusal.
pub async fn movements_recorded(
    session: &mut Session,
    filter: &MovementFilter<'_>,
    (sign, place): (i64, TapePlace),
    limit: i64,
) -> Result<Vec<ListedMovement>> {
    let outs_down = sql!(
        "SELECT id, kind, from_fund, out_start, out_len, to_fund, in_start, in_len, place_from, place_to, undoes, undoes_offset, amount, leaf_index, donation_id, matter_id, at, day, id FROM movement WHERE from_fund = $1 AND (CAST($2 AS TEXT) IS NULL OR kind = $2) AND day >= $3 AND day <= $4 AND out_len >= $5 AND out_len <= $6 AND out_start < $7 ORDER BY out_start DESC LIMIT $8"
    );
    let outs_up = sql!(
        "SELECT id, kind, from_fund, out_start, out_len, to_fund, in_start, in_len, place_from, place_to, undoes, undoes_offset, amount, leaf_index, donation_id, matter_id, at, day, id FROM movement WHERE from_fund = $1 AND (CAST($2 AS TEXT) IS NULL OR kind = $2) AND day >= $3 AND day <= $4 AND out_len >= $5 AND out_len <= $6 AND out_start > $7 ORDER BY out_start LIMIT $8"
    );
    let ins_down = sql!(
        "SELECT id, kind, from_fund, out_start, out_len, to_fund, in_start, in_len, place_from, place_to, undoes, undoes_offset, amount, leaf_index, donation_id, matter_id, at, day, id FROM movement WHERE to_fund = $1 AND (CAST($2 AS TEXT) IS NULL OR kind = $2) AND day >= $3 AND day <= $4 AND in_len >= $5 AND in_len <= $6 AND in_start < $7 ORDER BY in_start DESC LIMIT $8"
    );
    let ins_up = sql!(
        "SELECT id, kind, from_fund, out_start, out_len, to_fund, in_start, in_len, place_from, place_to, undoes, undoes_offset, amount, leaf_index, donation_id, matter_id, at, day, id FROM movement WHERE to_fund = $1 AND (CAST($2 AS TEXT) IS NULL OR kind = $2) AND day >= $3 AND day <= $4 AND in_len >= $5 AND in_len <= $6 AND in_start > $7 ORDER BY in_start LIMIT $8"
    );
    let (outs, ins) = if sign < 0 {
        (outs_down, ins_down)
    } else {
        (outs_up, ins_up)
    };
    let out = (MovementSide::Out, &[place.out, limit][..]);
    let into = (MovementSide::In, &[place.into, limit][..]);
    let mut found = filter.side(session, outs, out).await?;
    found.extend(filter.side(session, ins, into).await?);
    found.sort_by_key(|(record, side, _)| (record.movement.id.0.saturating_mul(sign), *side));
    found.truncate(usize::try_from(limit).unwrap_or_default());
    Ok(found)
}

/// The movements of a fund by day or amount behind a place in the list.
///
/// # Errors
/// The engine's refusal.
pub async fn movements_sorted(
    session: &mut Session,
    filter: &MovementFilter<'_>,
    order: MovementOrder,
    walk: Walk,
) -> Result<Vec<ListedMovement>> {
    let outs = sql!(
        "SELECT id, kind, from_fund, out_start, out_len, to_fund, in_start, in_len, place_from, place_to, undoes, undoes_offset, amount, leaf_index, donation_id, matter_id, at, day, sort_key FROM (SELECT id, kind, from_fund, out_start, out_len, to_fund, in_start, in_len, place_from, place_to, undoes, undoes_offset, amount, leaf_index, donation_id, matter_id, at, day, CASE CAST($7 AS BIGINT) WHEN 1 THEN day WHEN 2 THEN out_len ELSE id END * CAST($8 AS BIGINT) AS sort_key FROM movement WHERE from_fund = $1 AND out_start IS NOT NULL AND (CAST($2 AS TEXT) IS NULL OR kind = $2) AND day >= $3 AND day <= $4 AND out_len >= $5 AND out_len <= $6) AS found WHERE (sort_key, id) > ($9, $10) ORDER BY sort_key, id LIMIT $11"
    );
    let ins = sql!(
        "SELECT id, kind, from_fund, out_start, out_len, to_fund, in_start, in_len, place_from, place_to, undoes, undoes_offset, amount, leaf_index, donation_id, matter_id, at, day, sort_key FROM (SELECT id, kind, from_fund, out_start, out_len, to_fund, in_start, in_len, place_from, place_to, undoes, undoes_offset, amount, leaf_index, donation_id, matter_id, at, day, CASE CAST($7 AS BIGINT) WHEN 1 THEN day WHEN 2 THEN in_len ELSE id END * CAST($8 AS BIGINT) AS sort_key FROM movement WHERE to_fund = $1 AND in_start IS NOT NULL AND (CAST($2 AS TEXT) IS NULL OR kind = $2) AND day >= $3 AND day <= $4 AND in_len >= $5 AND in_len <= $6) AS found WHERE (sort_key, id) > ($9, $10) ORDER BY sort_key, id LIMIT $11"
    );
    // The key is turned for descending orders, so that the walk itself always ascends.
    let (key, id) = match walk.after {
        None => (i64::MIN, i64::MIN),
        Some((key, id)) => (key.saturating_mul(walk.sign), id),
    };
    let more = [order as i64, walk.sign, key, id, walk.limit];
    let mut found = filter
        .side(session, outs, (MovementSide::Out, &more))
        .await?;
    found.extend(filter.side(session, ins, (MovementSide::In, &more)).await?);
    found.sort_by_key(|(record, side, key)| (*key, record.movement.id.0, *side));
    found.truncate(usize::try_from(walk.limit).unwrap_or_default());
    for row in &mut found {
        row.2 = row.2.saturating_mul(walk.sign);
    }
    Ok(found)
}

/// How many movements a list has, and what came in and went out; no more than `limit` rows a side are counted.
///
/// # Errors
/// The engine's refusal.
pub async fn movements_tally(
    session: &mut Session,
    filter: &MovementFilter<'_>,
    limit: i64,
) -> Result<(i64, i64, i64)> {
    // Days, kinds and sides are rolled up; only a question about single amounts needs the movements themselves.
    if filter.amounts.0 <= 1 && filter.amounts.1 >= POSITION_MAX {
        return rolled_up(session, filter).await;
    }
    let outs = sql!(
        "SELECT COUNT(*), CAST(COALESCE(SUM(moved), 0) AS BIGINT) FROM (SELECT out_len AS moved FROM movement WHERE from_fund = $1 AND out_start IS NOT NULL AND (CAST($2 AS TEXT) IS NULL OR kind = $2) AND day >= $3 AND day <= $4 AND out_len >= $5 AND out_len <= $6 LIMIT $7) AS found"
    );
    let ins = sql!(
        "SELECT COUNT(*), CAST(COALESCE(SUM(moved), 0) AS BIGINT) FROM (SELECT in_len AS moved FROM movement WHERE to_fund = $1 AND in_start IS NOT NULL AND (CAST($2 AS TEXT) IS NULL OR kind = $2) AND day >= $3 AND day <= $4 AND in_len >= $5 AND in_len <= $6 LIMIT $7) AS found"
    );
    let (mut rows, mut sums) = (0, [0; 2]);
    for (at, sql) in [ins, outs].into_iter().enumerate() {
        let wanted = if at == 0 {
            filter.sides.0
        } else {
            filter.sides.1
        };
        if !wanted {
            continue;
        }
        let mut args = filter.args();
        args.push(Arg::I(limit));
        let (count, sum) = session
            .one(sql, &args, |r| Ok((r.i64(0)?, r.i64(1)?)))
            .await?;
        rows += count;
        if let Some(at) = sums.get_mut(at) {
            *at = sum;
        }
    }
    Ok((rows, sums[0], sums[1]))
}

async fn rolled_up(session: &mut Session, filter: &MovementFilter<'_>) -> Result<(i64, i64, i64)> {
    let sql = sql!(
        "SELECT direction, CAST(SUM(movements) AS BIGINT), CAST(SUM(amount) AS BIGINT) FROM fund_day WHERE fund_id = $1 AND day >= $2 AND day <= $3 AND (CAST($4 AS TEXT) IS NULL OR kind = $4) GROUP BY direction ORDER BY direction"
    );
    let (first, last) = filter.days;
    let args = [
        Arg::I(filter.fund.raw()),
        Arg::I(first),
        Arg::I(last),
        Arg::from(filter.kind),
    ];
    let read = |r: &Row<'_>| Ok((r.text(0)?, r.i64(1)?, r.i64(2)?));
    let (mut rows, mut sums) = (0_i64, [0; 2]);
    for (direction, movements, amount) in session.rows(sql, &args, read).await? {
        let (side, wanted) = match direction.as_str() {
            "in" => (0, filter.sides.0),
            _ => (1, filter.sides.1),
        };
        if wanted {
            rows = rows.saturating_add(movements);
            sums[side] = amount;
        }
    }
    Ok((rows, sums[0], sums[1]))
}

/// What a fund held at the end of an accounting day, from the roll-ups.
///
/// # Errors
/// The engine's refusal.
pub async fn balance_at_end(session: &mut Session, fund: Id<ids::Fund>, day: i64) -> Result<i64> {
    let sql = sql!(
        "SELECT CAST(COALESCE(SUM(CASE WHEN direction = 'in' THEN amount ELSE 0 - amount END), 0) AS BIGINT) FROM fund_day WHERE fund_id = $1 AND day <= $2"
    );
    session.one(sql, args![fund.raw(), day], |r| r.i64(0)).await
}

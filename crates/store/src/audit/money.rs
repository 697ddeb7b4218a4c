//! Movements and swaps as kept.

use db::{Result, Row, Session, args, sql};

/// 〔流转行〕 A row of `movement`, nothing interpreted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MoneyRow {
    /// Its key; time-ordered.
    pub id: i64,
    /// The leaf that states it.
    pub leaf_index: i64,
    /// Code of its kind.
    pub kind: String,
    /// Fen or units.
    pub amount: i64,
    /// Fund, start and length of the out span, each as kept.
    pub out: [Option<i64>; 3],
    /// Fund, start and length of the in span, each as kept.
    pub into: [Option<i64>; 3],
    /// The place it leaves.
    pub place_from: Option<i64>,
    /// The place it reaches.
    pub place_to: Option<i64>,
    /// The movement it undoes.
    pub undoes: Option<i64>,
    /// The donation it belongs to.
    pub donation: Option<i64>,
    /// Microseconds.
    pub at: i64,
    /// Accounting day.
    pub day: i64,
    /// The matter it belongs to.
    pub matter: Option<i64>,
    /// Where in the outflow of the undone movement it begins.
    pub undoes_offset: Option<i64>,
}

/// 〔换位行〕 A row of `swap`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SwapRow {
    /// Its key; time-ordered.
    pub id: i64,
    /// The fund.
    pub fund: i64,
    /// First position of the gift that is exchanged.
    pub from: i64,
    /// First position of the head that is taken instead.
    pub to: i64,
    /// Length of the run.
    pub len: i64,
    /// The movement that names the gift.
    pub movement: i64,
}

fn money_row(r: &Row<'_>) -> Result<MoneyRow> {
    Ok(MoneyRow {
        id: r.i64(0)?,
        leaf_index: r.i64(1)?,
        kind: r.text(2)?,
        amount: r.i64(3)?,
        out: [r.opt_i64(4)?, r.opt_i64(5)?, r.opt_i64(6)?],
        into: [r.opt_i64(7)?, r.opt_i64(8)?, r.opt_i64(9)?],
        place_from: r.opt_i64(10)?,
        place_to: r.opt_i64(11)?,
        undoes: r.opt_i64(12)?,
        donation: r.opt_i64(13)?,
        at: r.i64(14)?,
        day: r.i64(15)?,
        matter: r.opt_i64(16)?,
        undoes_offset: r.opt_i64(17)?,
    })
}

/// Movements after a key, in order of their keys.
///
/// # Errors
/// The engine's refusal.
pub async fn money_rows_after(
    session: &mut Session,
    after: i64,
    limit: i64,
) -> Result<Vec<MoneyRow>> {
    let sql = sql!(
        "SELECT id, leaf_index, kind, amount, from_fund, out_start, out_len, to_fund, in_start, in_len, place_from, place_to, undoes, donation_id, at, day, matter_id, undoes_offset FROM movement WHERE id > $1 ORDER BY id LIMIT $2"
    );
    session.rows(sql, args![after, limit], money_row).await
}

/// Movements by their keys, in no order.
///
/// # Errors
/// The engine's refusal.
pub async fn money_rows_by_id(session: &mut Session, ids: &[i64]) -> Result<Vec<MoneyRow>> {
    let sql = sql!(
        pg: "SELECT id, leaf_index, kind, amount, from_fund, out_start, out_len, to_fund, in_start, in_len, place_from, place_to, undoes, donation_id, at, day, matter_id, undoes_offset FROM movement WHERE id = ANY($1)",
        lite: "SELECT id, leaf_index, kind, amount, from_fund, out_start, out_len, to_fund, in_start, in_len, place_from, place_to, undoes, donation_id, at, day, matter_id, undoes_offset FROM movement WHERE id = $1"
    );
    session.by_keys(sql, ids, money_row).await
}

/// Swaps after a key, in order of their keys.
///
/// # Errors
/// The engine's refusal.
pub async fn swap_rows_after(
    session: &mut Session,
    after: i64,
    limit: i64,
) -> Result<Vec<SwapRow>> {
    let sql = sql!(
        "SELECT id, fund_id, pos_from, pos_to, len, movement_id FROM swap WHERE id > $1 ORDER BY id LIMIT $2"
    );
    session
        .rows(sql, args![after, limit], |r| {
            Ok(SwapRow {
                id: r.i64(0)?,
                fund: r.i64(1)?,
                from: r.i64(2)?,
                to: r.i64(3)?,
                len: r.i64(4)?,
                movement: r.i64(5)?,
            })
        })
        .await
}

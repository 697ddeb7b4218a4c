//! Sums by kind, from the roll-ups per fund and day; no page adds up movements.

use crate::limits::{DAYS_MAX, PAGE_MAX};
use db::{Result, Row, Session, args, sql};
use kernel::Id;
use leaf::ids;
use ledger::Kind;
use std::collections::BTreeMap;

/// 〔分类合计〕 What moved by one kind in one direction, in fen or units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KindTotal {
    /// The fund.
    pub fund: i64,
    /// The kind.
    pub kind: Kind,
    /// True if it came in.
    pub inward: bool,
    /// The sum.
    pub amount: i64,
    /// How many movements.
    pub movements: i64,
}

/// 〔按日分类合计〕 The same of one accounting day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayKindTotal {
    /// Beijing day number.
    pub day: i64,
    /// The sum of that day.
    pub total: KindTotal,
}

/// Columns from `at`: fund, kind, direction, amount, movements.
fn total_of_row(r: &Row<'_>, at: usize) -> Result<KindTotal> {
    let kind = Kind::parse(r.str(at + 1)?);
    Ok(KindTotal {
        fund: r.i64(at)?,
        kind: kind.ok_or_else(|| db::Error::value(at + 1, "fund_day.kind"))?,
        inward: r.str(at + 2)? == "in",
        amount: r.i64(at + 3)?,
        movements: r.i64(at + 4)?,
    })
}

/// What moved in a fund, by kind.
///
/// # Errors
/// The engine's refusal.
pub async fn kind_totals_of_fund(
    session: &mut Session,
    fund: Id<ids::Fund>,
) -> Result<Vec<KindTotal>> {
    let mut totals = kind_totals_of_funds(session, &[fund.raw()]).await?;
    totals.sort_by_key(|total| (!total.inward, total.kind));
    Ok(totals)
}

/// What moved in some funds, by kind, in no order.
///
/// # Errors
/// The engine's refusal.
pub async fn kind_totals_of_funds(session: &mut Session, funds: &[i64]) -> Result<Vec<KindTotal>> {
    let sql = sql!(
        pg: "SELECT fund_id, kind, direction, CAST(SUM(amount) AS BIGINT), CAST(SUM(movements) AS BIGINT) FROM fund_day WHERE fund_id = ANY($1) GROUP BY fund_id, kind, direction",
        lite: "SELECT fund_id, kind, direction, CAST(SUM(amount) AS BIGINT), CAST(SUM(movements) AS BIGINT) FROM fund_day WHERE fund_id = $1 GROUP BY fund_id, kind, direction"
    );
    session.by_keys(sql, funds, |r| total_of_row(r, 0)).await
}

/// What moved in some funds per accounting day, by day; the newest [`DAYS_MAX`] days of each fund.
///
/// # Errors
/// The engine's refusal.
pub async fn days_of_funds(session: &mut Session, funds: &[i64]) -> Result<Vec<DayKindTotal>> {
    let sql = sql!(
        "SELECT day, fund_id, kind, direction, amount, movements FROM fund_day WHERE fund_id = $1 AND kind IN ('gift', 'reclassification', 'merger', 'correction', 'refund', 'chargeback') ORDER BY day DESC LIMIT $2"
    );
    let mut found = Vec::new();
    for fund in funds.iter().take(PAGE_MAX.unsigned_abs() as usize) {
        let read = |r: &Row<'_>| {
            Ok(DayKindTotal {
                day: r.i64(0)?,
                total: total_of_row(r, 1)?,
            })
        };
        found.extend(session.rows(sql, args![*fund, DAYS_MAX], read).await?);
    }
    found.sort_by_key(|row| (row.day, row.total.fund, row.total.kind, row.total.inward));
    Ok(found)
}

/// What moved in the whole house by kind of fund and kind of movement: (kind of fund, sum); money only.
///
/// # Errors
/// The engine's refusal.
pub async fn house_kind_totals(session: &mut Session) -> Result<Vec<(String, KindTotal)>> {
    let sql = sql!(
        "SELECT f.kind, CAST(0 AS BIGINT), d.kind, d.direction, CAST(SUM(d.amount) AS BIGINT), CAST(SUM(d.movements) AS BIGINT) FROM fund_day d JOIN fund f ON f.id = d.fund_id WHERE f.unit = 'fen' GROUP BY f.kind, d.kind, d.direction"
    );
    session
        .rows(sql, args![], |r| Ok((r.text(0)?, total_of_row(r, 1)?)))
        .await
}

/// What moved in an organisation by kind of fund and kind of movement: (kind of fund, sum); money only.
///
/// # Errors
/// The engine's refusal.
pub async fn organisation_kind_totals(
    session: &mut Session,
    organisation: Id<ids::Organisation>,
) -> Result<Vec<(String, KindTotal)>> {
    let sql = sql!(
        "SELECT f.kind, CAST(0 AS BIGINT), d.kind, d.direction, CAST(SUM(d.amount) AS BIGINT), CAST(SUM(d.movements) AS BIGINT) FROM fund f JOIN fund_day d ON d.fund_id = f.id WHERE f.organisation_id = $1 AND f.unit = 'fen' GROUP BY f.kind, d.kind, d.direction"
    );
    session
        .rows(sql, args![organisation.raw()], |r| {
            Ok((r.text(0)?, total_of_row(r, 1)?))
        })
        .await
}

/// The same of the accounting days from one to another, both included.
///
/// # Errors
/// The engine's refusal.
pub async fn organisation_kind_totals_between(
    session: &mut Session,
    organisation: Id<ids::Organisation>,
    (first, last): (i64, i64),
) -> Result<Vec<(String, KindTotal)>> {
    let sql = sql!(
        "SELECT f.kind, CAST(0 AS BIGINT), d.kind, d.direction, CAST(SUM(d.amount) AS BIGINT), CAST(SUM(d.movements) AS BIGINT) FROM fund f JOIN fund_day d ON d.fund_id = f.id AND d.day >= $2 AND d.day <= $3 WHERE f.organisation_id = $1 AND f.unit = 'fen' GROUP BY f.kind, d.kind, d.direction"
    );
    let arguments = args![organisation.raw(), first, last];
    session
        .rows(sql, arguments, |r| Ok((r.text(0)?, total_of_row(r, 1)?)))
        .await
}

/// What is left of money in the whole house, by kind of fund, in fen.
///
/// # Errors
/// The engine's refusal.
pub async fn house_balances(session: &mut Session) -> Result<Vec<(String, i64)>> {
    let sql = sql!(
        "SELECT kind, CAST(SUM(inflow - outflow) AS BIGINT) FROM fund WHERE unit = 'fen' GROUP BY kind"
    );
    session
        .rows(sql, args![], |r| Ok((r.text(0)?, r.i64(1)?)))
        .await
}

/// What is left of an organisation's money, by kind of fund, in fen.
///
/// # Errors
/// The engine's refusal.
pub async fn organisation_balances(
    session: &mut Session,
    organisation: Id<ids::Organisation>,
) -> Result<Vec<(String, i64)>> {
    let sql = sql!(
        "SELECT kind, CAST(SUM(inflow - outflow) AS BIGINT) FROM fund WHERE organisation_id = $1 AND unit = 'fen' GROUP BY kind"
    );
    session
        .rows(sql, args![organisation.raw()], |r| {
            Ok((r.text(0)?, r.i64(1)?))
        })
        .await
}

/// The funds of money into which a reversal ever came from outside; of one organisation, or of all.
///
/// # Errors
/// The engine's refusal.
pub async fn funds_with_reversals(
    session: &mut Session,
    organisation: Option<Id<ids::Organisation>>,
) -> Result<Vec<(i64, String)>> {
    let sql = sql!(
        "SELECT DISTINCT f.id, f.kind FROM fund_day d JOIN fund f ON f.id = d.fund_id WHERE d.kind = 'reversal' AND d.direction = 'in' AND f.unit = 'fen' AND (CAST($1 AS BIGINT) IS NULL OR f.organisation_id = $1) ORDER BY f.id"
    );
    let organisation = organisation.map(Id::raw);
    session
        .rows(sql, args![organisation], |r| Ok((r.i64(0)?, r.text(1)?)))
        .await
}

/// What an organisation paid out (delivered, or advanced to partners) from day `from` to day `to`, in fen.
///
/// # Errors
/// The engine's refusal.
pub async fn paid_out(
    session: &mut Session,
    organisation: Id<ids::Organisation>,
    from: i64,
    to: i64,
) -> Result<i64> {
    let sql = sql!(
        "SELECT CAST(COALESCE(SUM(d.amount), 0) AS BIGINT) FROM fund f JOIN fund_day d ON d.fund_id = f.id WHERE f.organisation_id = $1 AND f.unit = 'fen' AND f.kind <> 'advance' AND d.day >= $2 AND d.day <= $3 AND d.direction = 'out' AND d.kind IN ('delivery', 'allotment')"
    );
    session
        .one(sql, args![organisation.raw(), from, to], |r| r.i64(0))
        .await
}

/// What was undone of a fund's outflows by reversals from outside, by the kind of the outflow, in fen.
///
/// # Errors
/// The engine's refusal.
pub async fn reversed_of_fund(session: &mut Session, fund: i64) -> Result<BTreeMap<Kind, i64>> {
    reversed_of_fund_between(session, fund, (i64::MIN, i64::MAX)).await
}

/// The same by reversals of the accounting days from one to another, both included.
///
/// # Errors
/// The engine's refusal.
pub async fn reversed_of_fund_between(
    session: &mut Session,
    fund: i64,
    (first, last): (i64, i64),
) -> Result<BTreeMap<Kind, i64>> {
    let sql = sql!(
        "SELECT u.kind, CAST(SUM(m.amount) AS BIGINT) FROM movement m JOIN movement u ON u.id = m.undoes WHERE m.to_fund = $1 AND m.undoes IS NOT NULL AND m.day >= $2 AND m.day <= $3 GROUP BY u.kind"
    );
    let rows = session
        .rows(sql, args![fund, first, last], |r| {
            let kind =
                Kind::parse(r.str(0)?).ok_or_else(|| db::Error::value(0, "movement.kind"))?;
            Ok((kind, r.i64(1)?))
        })
        .await?;
    Ok(rows.into_iter().collect())
}

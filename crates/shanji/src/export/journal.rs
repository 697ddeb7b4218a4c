//! The journal: what each movement and each settlement does to the statutory accounts.

use super::chart::{self, Chart};
use super::{Around, PAGE, Written};
use crate::books::{Names, accounting_day, is_transfer, unread};
use crate::outcome::Failure;
use db::Session;
use kernel::{Amount, Day};
use leaf::{Json, Leaf, Move, ids};
use ledger::{Account, Case, Cause, CostClass, Direction, Kind, Posting, PostingError, Seat, Year};
use std::collections::BTreeMap;
use store::audit::{self as rows, MoneyRow};

/// Movements without a template that are told with their words.
const UNPOSTED: usize = 20;

/// An entry in the books of one organisation.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) day: Day,
    /// Printed id of the organisation.
    pub(super) organisation: String,
    /// Printed id of the record that the leaf is about.
    pub(super) id: String,
    /// Chinese name of the kind.
    pub(super) title: &'static str,
    /// The leaf.
    pub(super) leaf: i64,
    /// Account and fen, debits positive; the sum is zero.
    pub(super) lines: Vec<(Account, i64)>,
}

/// Gives every entry to `each`, in the order of the log.
pub(super) async fn entries(
    session: &mut Session,
    names: &mut Names,
    around: &Around<'_>,
    each: &mut (dyn FnMut(&Entry) -> Result<(), Failure> + Send),
) -> Result<Written, Failure> {
    let mut written = Written::default();
    let (mut from, mut after) = (0, i64::MIN);
    let mut waiting: Vec<MoneyRow> = Vec::new();
    loop {
        let page = rows::leaf_rows_from(session, from, PAGE)
            .await
            .map_err(|e| unread(&e))?;
        let Some(last) = page.last().map(|leaf| leaf.index) else {
            break;
        };
        from = last.saturating_add(1);
        while waiting.last().is_none_or(|row| row.leaf_index <= last) {
            let more = rows::money_rows_after(session, after, PAGE)
                .await
                .map_err(|e| unread(&e))?;
            let Some(newest) = more.last() else { break };
            after = newest.id;
            waiting.extend(more);
        }
        let split = waiting
            .iter()
            .position(|row| row.leaf_index > last)
            .unwrap_or(waiting.len());
        let own: Vec<MoneyRow> = waiting.drain(..split).collect();
        let undone = undone_kinds(session, &own).await?;
        let mut by_leaf: BTreeMap<i64, Vec<MoneyRow>> = BTreeMap::new();
        for row in own {
            by_leaf.entry(row.leaf_index).or_default().push(row);
        }
        for record in &page {
            let own = by_leaf.remove(&record.index).unwrap_or_default();
            let Ok(leaf) = Leaf::parse(&record.bytes) else {
                continue;
            };
            let of = Of {
                index: record.index,
                leaf: &leaf,
                undone: &undone,
            };
            for entry in of_leaf(&of, &own, (names, around), &mut written) {
                each(&entry)?;
                written.rows = written.rows.saturating_add(1);
            }
        }
        around.bar.inc(page.len() as u64);
    }
    Ok(written)
}

async fn undone_kinds(
    session: &mut Session,
    own: &[MoneyRow],
) -> Result<BTreeMap<i64, Kind>, Failure> {
    let keys: Vec<i64> = own.iter().filter_map(|row| row.undoes).collect();
    let undone = rows::money_rows_by_id(session, &keys)
        .await
        .map_err(|e| unread(&e))?;
    Ok(undone
        .into_iter()
        .filter_map(|row| Some((row.id, Kind::parse(&row.kind)?)))
        .collect())
}

/// A leaf with what its entries need.
struct Of<'a> {
    index: i64,
    leaf: &'a Leaf,
    undone: &'a BTreeMap<i64, Kind>,
}

fn of_leaf(
    of: &Of<'_>,
    own: &[MoneyRow],
    around: (&mut Names, &Around<'_>),
    written: &mut Written,
) -> Vec<Entry> {
    let (names, around) = around;
    let mut found: BTreeMap<(i64, i32), Vec<(Account, i64)>> = BTreeMap::new();
    let mut keep = |organisation: i64, day: Day, lines: &[Posting]| {
        if around.wants(organisation) && !lines.is_empty() {
            let entry = found.entry((organisation, day.number())).or_default();
            entry.extend(lines.iter().map(signed));
        }
    };
    for row in own {
        let Ok(number) = i32::try_from(row.day) else {
            continue;
        };
        for (organisation, lines) in of_row(of, row, around.chart, written) {
            keep(organisation, Day::from_number(number), &lines);
        }
    }
    let day = accounting_day(of.leaf).unwrap_or_else(|| of.leaf.time.day());
    for movement in of.leaf.moves.iter().filter(|m| is_transfer(m)) {
        if let Some((organisation, lines)) = of_transfer(movement, around.chart) {
            keep(organisation, day, &lines);
        }
    }
    found
        .into_iter()
        .map(|((organisation, day), lines)| Entry {
            day: Day::from_number(day),
            organisation: names.print::<ids::Organisation>(organisation),
            id: of.leaf.id.clone(),
            title: of.leaf.kind.title(),
            leaf: of.index,
            lines,
        })
        .collect()
}

fn signed(line: &Posting) -> (Account, i64) {
    let fen = line.amount.get();
    match line.direction {
        Direction::Debit => (line.account, fen),
        Direction::Credit => (line.account, fen.saturating_neg()),
    }
}

/// The lines of a movement in the books of each organisation that it concerns.
fn of_row(
    of: &Of<'_>,
    row: &MoneyRow,
    chart: &Chart,
    written: &mut Written,
) -> Vec<(i64, Vec<Posting>)> {
    let (out, into) = (row.out[0], row.into[0]);
    // Money that becomes goods keeps its amount in fen; units that move have none.
    let first = out.or(into).unwrap_or_default();
    if !chart.is_money(first) {
        written.goods = written.goods.saturating_add(1);
        return Vec::new();
    }
    let mut sides: BTreeMap<i64, (Option<Seat>, Option<Seat>)> = BTreeMap::new();
    if let (Some(fund), Some(place)) = (out, row.place_from) {
        sides.entry(chart.organisation(fund)).or_default().0 = chart.seat(fund, place);
    }
    if let (Some(fund), Some(place)) = (into, row.place_to) {
        sides.entry(chart.organisation(fund)).or_default().1 = chart.seat(fund, place);
    }
    let mut all = Vec::new();
    for (organisation, (from, to)) in sides {
        match lines_of(of, row, (from, to)) {
            Ok(lines) => all.push((organisation, lines)),
            Err(error) if written.unposted.len() < UNPOSTED => {
                written
                    .unposted
                    .push(format!("第{}条陈述 {}：{error}", of.index, of.leaf.id));
            }
            Err(_) => {}
        }
    }
    all
}

fn lines_of(
    of: &Of<'_>,
    row: &MoneyRow,
    seats: (Option<Seat>, Option<Seat>),
) -> Result<Vec<Posting>, PostingError> {
    let kind = Kind::parse(&row.kind).ok_or(PostingError::Sides)?;
    let amount = Amount::new(row.amount).ok_or(PostingError::Sides)?;
    let class = of
        .leaf
        .data
        .get("class")
        .and_then(Json::text)
        .map(cost_class);
    let case = Case {
        kind,
        from: seats.0,
        to: seats.1,
        amount,
        concerns: row
            .undoes
            .and_then(|undone| of.undone.get(&undone).copied()),
        class: class.or((kind == Kind::Cost).then_some(CostClass::Management)),
        cause: Cause::Outside,
        year: Year::This,
    };
    ledger::postings(&case)
}

fn cost_class(word: &str) -> CostClass {
    match word {
        "administration" => CostClass::Management,
        "fundraising" => CostClass::Fundraising,
        _ => CostClass::Activity,
    }
}

fn of_transfer(movement: &Move, chart: &Chart) -> Option<(i64, Vec<Posting>)> {
    let fund = &movement.from.as_ref()?.fund;
    let (key, out) = chart.keys(fund, movement.place_out.as_ref()?)?;
    let (_, into) = chart.keys(fund, movement.place_in.as_ref()?)?;
    if !chart.is_money(key) {
        return None;
    }
    let (from, to) = (chart.seat(key, out)?, chart.seat(key, into)?);
    let lines = ledger::transfer_postings(from, to.account, Amount::new(movement.n)?).ok()?;
    Some((chart.organisation(key), lines))
}

/// What the house keeps as balances, by name of the asset account: what the journal must come to.
pub(super) async fn asserted(
    session: &mut Session,
    names: &Names,
    around: &Around<'_>,
) -> Result<BTreeMap<String, i64>, Failure> {
    let mut sums: BTreeMap<String, i64> = BTreeMap::new();
    let mut after = (i64::MIN, i64::MIN);
    loop {
        let page = rows::balances_after(session, after, PAGE)
            .await
            .map_err(|e| unread(&e))?;
        let Some(last) = page.last() else {
            return Ok(sums);
        };
        after = (last.fund, last.place);
        for row in page {
            let organisation = around.chart.organisation(row.fund);
            if !around.chart.is_money(row.fund) || !around.wants(organisation) {
                continue;
            }
            let Some(asset) = around
                .chart
                .seat(row.fund, row.place)
                .and_then(chart::asset_of)
            else {
                continue;
            };
            let name = chart::name(asset, &names.print::<ids::Organisation>(organisation));
            let sum = sums.entry(name).or_default();
            *sum = sum.saturating_add(row.amount);
        }
    }
}

//! Movements, funds, donations and the journal as tables: CSV for people, JSON lines for machines.
//!
//! Columns are those that everybody may see; a test holds them against `migrations/visibility.toml`.

use super::journal::{self, Entry};
use super::plain::decimal;
use super::{Around, Output, PAGE, Written, unwritten};
use crate::books::{Names, unread};
use crate::outcome::Failure;
use db::Session;
use kernel::Day;
use leaf::ids;
use serde_json::{Map, Value};
use std::io::Write as _;
use store::audit::{self as rows, MoneyRow, PublicDonationRow};

/// How a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    Csv,
    Jsonl,
}

/// A cell.
enum Cell {
    Text(String),
    Int(i64),
    None,
}

impl From<String> for Cell {
    fn from(text: String) -> Cell {
        Cell::Text(text)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Cell {
        Cell::Text(text.to_owned())
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Cell {
        Cell::Int(number)
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(cell: Option<T>) -> Cell {
        cell.map_or(Cell::None, Into::into)
    }
}

const MOVEMENTS: &[&str] = &[
    "id",
    "leaf",
    "kind",
    "day",
    "amount",
    "unit",
    "yuan",
    "from_fund",
    "out_start",
    "out_len",
    "to_fund",
    "in_start",
    "in_len",
    "place_from",
    "place_to",
    "undoes",
    "donation",
];
const FUNDS: &[&str] = &[
    "id",
    "leaf",
    "organisation",
    "kind",
    "title",
    "unit",
    "restriction",
    "inflow",
    "outflow",
    "balance",
];
const DONATIONS: &[&str] = &[
    "id",
    "leaf",
    "organisation",
    "campaign",
    "channel",
    "day",
    "amount",
    "unit",
    "yuan",
    "fee",
    "state",
    "held_reason",
    "donor_kind",
    "donor_public",
];
const JOURNAL: &[&str] = &[
    "day",
    "organisation",
    "id",
    "leaf",
    "kind",
    "code",
    "account",
    "debit_yuan",
    "credit_yuan",
];

/// The stored columns behind the exported ones, for the test of visibility.
#[cfg(test)]
pub(super) const STORED: &[(&str, &[&str])] = &[
    (
        "movement",
        &[
            "id",
            "leaf_index",
            "kind",
            "day",
            "amount",
            "from_fund",
            "out_start",
            "out_len",
            "to_fund",
            "in_start",
            "in_len",
            "place_from",
            "place_to",
            "undoes",
            "donation_id",
        ],
    ),
    (
        "fund",
        &[
            "id",
            "leaf_index",
            "organisation_id",
            "kind",
            "title",
            "unit",
            "restriction",
            "inflow",
            "outflow",
        ],
    ),
    (
        "donation",
        &[
            "id",
            "leaf_index",
            "organisation_id",
            "campaign_id",
            "channel",
            "day",
            "amount",
            "unit",
            "fee",
            "state",
            "held_reason",
            "donor_kind",
            "donor_public",
        ],
    ),
];

/// A table being written.
struct Table {
    output: Output,
    layout: Layout,
    columns: &'static [&'static str],
}

impl Table {
    fn create(
        around: &Around<'_>,
        name: &str,
        layout: Layout,
        columns: &'static [&'static str],
    ) -> Result<Table, Failure> {
        let (ending, head) = match layout {
            // With the mark, spreadsheets take the file for UTF-8.
            Layout::Csv => ("csv", format!("\u{feff}{}\r\n", columns.join(","))),
            Layout::Jsonl => ("jsonl", String::new()),
        };
        let output = Output::create(around.out, &format!("{name}.{ending}"))?;
        let mut table = Table {
            output,
            layout,
            columns,
        };
        table.put(head.as_bytes())?;
        Ok(table)
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.output
            .file
            .write_all(bytes)
            .map_err(|_| unwritten(&self.output.part))
    }

    fn row(&mut self, cells: Vec<Cell>) -> Result<(), Failure> {
        let bytes = match self.layout {
            Layout::Csv => csv_row(cells).map_err(|_| unwritten(&self.output.part))?,
            Layout::Jsonl => json_row(self.columns, cells),
        };
        self.put(&bytes)
    }
}

fn csv_row(cells: Vec<Cell>) -> csv::Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    writer.write_record(cells.into_iter().map(|cell| match cell {
        Cell::Text(text) => harmless(text),
        Cell::Int(number) => number.to_string(),
        Cell::None => String::new(),
    }))?;
    writer
        .into_inner()
        .map_err(|error| csv::Error::from(std::io::Error::other(error.to_string())))
}

/// A donor's name that begins like a formula would be calculated by a spreadsheet.
fn harmless(text: String) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text
    }
}

fn json_row(columns: &[&str], cells: Vec<Cell>) -> Vec<u8> {
    let row: Map<String, Value> = columns
        .iter()
        .zip(cells)
        .map(|(column, cell)| {
            let value = match cell {
                Cell::Text(text) => Value::from(text),
                Cell::Int(number) => Value::from(number),
                Cell::None => Value::Null,
            };
            ((*column).to_owned(), value)
        })
        .collect();
    format!("{}\n", Value::from(row)).into_bytes()
}

/// Writes all tables.
pub(super) async fn write(
    session: &mut Session,
    names: &mut Names,
    around: &Around<'_>,
    layout: Layout,
) -> Result<Written, Failure> {
    let mut journal = Table::create(around, "journal", layout, JOURNAL)?;
    let mut each = |entry: &Entry| journal_rows(&mut journal, entry);
    let mut written = journal::entries(session, names, around, &mut each).await?;
    written.files.push(journal.output.finish()?);
    movements(session, names, around, (layout, &mut written)).await?;
    funds(session, names, around, (layout, &mut written)).await?;
    donations(session, names, around, (layout, &mut written)).await?;
    Ok(written)
}

fn journal_rows(table: &mut Table, entry: &Entry) -> Result<(), Failure> {
    for (account, fen) in &entry.lines {
        let (debit, credit) = if *fen >= 0 {
            (Some(*fen), None)
        } else {
            (None, fen.checked_neg())
        };
        table.row(vec![
            entry.day.to_string().into(),
            entry.organisation.as_str().into(),
            entry.id.as_str().into(),
            entry.leaf.into(),
            entry.title.into(),
            i64::from(account.code.get()).into(),
            account.to_string().into(),
            debit.map(decimal).into(),
            credit.map(decimal).into(),
        ])?;
    }
    Ok(())
}

async fn movements(
    session: &mut Session,
    names: &mut Names,
    around: &Around<'_>,
    to: (Layout, &mut Written),
) -> Result<(), Failure> {
    let (layout, written) = to;
    let mut table = Table::create(around, "movements", layout, MOVEMENTS)?;
    let mut after = i64::MIN;
    loop {
        let page = rows::money_rows_after(session, after, PAGE)
            .await
            .map_err(|e| unread(&e))?;
        let Some(last) = page.last() else { break };
        after = last.id;
        for row in page {
            let sides = [row.out[0], row.into[0]];
            if sides
                .iter()
                .flatten()
                .any(|fund| around.wants(around.chart.organisation(*fund)))
            {
                table.row(movement_row(&row, names, around))?;
                written.rows = written.rows.saturating_add(1);
            }
        }
    }
    written.files.push(table.output.finish()?);
    Ok(())
}

fn movement_row(row: &MoneyRow, names: &mut Names, around: &Around<'_>) -> Vec<Cell> {
    let first = row.out[0].or(row.into[0]).unwrap_or_default();
    let unit = around
        .chart
        .funds
        .get(&first)
        .map_or("", |fund| fund.unit.as_str());
    vec![
        names.print::<ids::Movement>(row.id).into(),
        row.leaf_index.into(),
        row.kind.as_str().into(),
        day(row.day).into(),
        row.amount.into(),
        unit.into(),
        (unit == "fen").then(|| decimal(row.amount)).into(),
        row.out[0].map(|fund| names.fund(fund).to_owned()).into(),
        row.out[1].into(),
        row.out[2].into(),
        row.into[0].map(|fund| names.fund(fund).to_owned()).into(),
        row.into[1].into(),
        row.into[2].into(),
        row.place_from
            .map(|place| names.place(place).to_owned())
            .into(),
        row.place_to
            .map(|place| names.place(place).to_owned())
            .into(),
        row.undoes.map(|id| names.print::<ids::Movement>(id)).into(),
        row.donation
            .map(|id| names.print::<ids::Donation>(id))
            .into(),
    ]
}

async fn funds(
    session: &mut Session,
    names: &mut Names,
    around: &Around<'_>,
    to: (Layout, &mut Written),
) -> Result<(), Failure> {
    let (layout, written) = to;
    let mut table = Table::create(around, "funds", layout, FUNDS)?;
    let mut after = i64::MIN;
    loop {
        let page = rows::fund_rows_after(session, after, PAGE)
            .await
            .map_err(|e| unread(&e))?;
        let Some(last) = page.last() else { break };
        after = last.id;
        for row in page
            .into_iter()
            .filter(|row| around.wants(row.organisation))
        {
            table.row(vec![
                names.fund(row.id).into(),
                row.leaf_index.into(),
                names.print::<ids::Organisation>(row.organisation).into(),
                row.kind.into(),
                row.title.into(),
                row.unit.into(),
                row.restriction.into(),
                row.inflow.into(),
                row.outflow.into(),
                row.inflow.saturating_sub(row.outflow).into(),
            ])?;
            written.rows = written.rows.saturating_add(1);
        }
    }
    written.files.push(table.output.finish()?);
    Ok(())
}

async fn donations(
    session: &mut Session,
    names: &mut Names,
    around: &Around<'_>,
    to: (Layout, &mut Written),
) -> Result<(), Failure> {
    let (layout, written) = to;
    let mut table = Table::create(around, "donations", layout, DONATIONS)?;
    let mut after = i64::MIN;
    loop {
        let page = rows::public_donations_after(session, after, PAGE)
            .await
            .map_err(|e| unread(&e))?;
        let Some(last) = page.last() else { break };
        after = last.id;
        for row in page
            .into_iter()
            .filter(|row| around.wants(row.organisation))
        {
            table.row(donation_row(row, names))?;
            written.rows = written.rows.saturating_add(1);
        }
    }
    written.files.push(table.output.finish()?);
    Ok(())
}

fn donation_row(row: PublicDonationRow, names: &Names) -> Vec<Cell> {
    let yuan = (row.unit == "fen").then(|| decimal(row.amount));
    vec![
        names.print::<ids::Donation>(row.id).into(),
        row.leaf_index.into(),
        names.print::<ids::Organisation>(row.organisation).into(),
        row.campaign
            .map(|id| names.print::<ids::Campaign>(id))
            .into(),
        row.channel.into(),
        day(row.day).into(),
        row.amount.into(),
        row.unit.into(),
        yuan.into(),
        row.fee.into(),
        row.state.into(),
        row.held_reason.into(),
        row.donor_kind.into(),
        row.donor_public.into(),
    ]
}

fn day(number: i64) -> Option<String> {
    i32::try_from(number)
        .ok()
        .map(|number| Day::from_number(number).to_string())
}

//! Funds and places as accounts of the statutory chart.

use super::PAGE;
use crate::books::{Names, unread};
use crate::outcome::Failure;
use db::Session;
use kernel::Amount;
use ledger::{Account, AccountCode, Class, Detail, Direction, Nature, Seat};
use std::collections::BTreeMap;
use store::audit as rows;

/// A fund as the books see it.
#[derive(Clone, Debug)]
pub(super) struct ChartFund {
    pub(super) organisation: i64,
    pub(super) unit: String,
    pub(super) nature: Nature,
}

/// Every fund and place, by key.
#[derive(Debug, Default)]
pub(super) struct Chart {
    pub(super) funds: BTreeMap<i64, ChartFund>,
    places: BTreeMap<i64, Account>,
    /// Keys of places by printed id.
    printed: BTreeMap<String, i64>,
    /// Keys of funds by printed id.
    printed_funds: BTreeMap<String, i64>,
}

impl Chart {
    /// Reads all of them.
    pub(super) async fn read(session: &mut Session, names: &mut Names) -> Result<Chart, Failure> {
        let mut chart = Chart::default();
        let mut after = i64::MIN;
        loop {
            let page = rows::fund_rows_after(session, after, PAGE)
                .await
                .map_err(|e| unread(&e))?;
            let Some(last) = page.last() else { break };
            after = last.id;
            for row in page {
                chart
                    .printed_funds
                    .insert(names.fund(row.id).to_owned(), row.id);
                let nature = nature(&row.kind, &row.restriction);
                let fund = ChartFund {
                    organisation: row.organisation,
                    unit: row.unit,
                    nature,
                };
                chart.funds.insert(row.id, fund);
            }
        }
        after = i64::MIN;
        loop {
            let page = rows::place_rows_after(session, after, PAGE)
                .await
                .map_err(|e| unread(&e))?;
            let Some(last) = page.last() else { break };
            after = last.id;
            for row in page {
                chart.printed.insert(names.place(row.id).to_owned(), row.id);
                if let Some(account) = account(&row.account) {
                    chart.places.insert(row.id, account);
                }
            }
        }
        Ok(chart)
    }

    /// Whose fund it is; 0 for a fund that is not there.
    pub(super) fn organisation(&self, fund: i64) -> i64 {
        self.funds.get(&fund).map_or(0, |fund| fund.organisation)
    }

    /// Whether a fund counts in fen.
    pub(super) fn is_money(&self, fund: i64) -> bool {
        self.funds.get(&fund).is_some_and(|fund| fund.unit == "fen")
    }

    /// A fund at a place as a side of an entry.
    pub(super) fn seat(&self, fund: i64, place: i64) -> Option<Seat> {
        Some(Seat {
            account: *self.places.get(&place)?,
            nature: self.funds.get(&fund)?.nature,
        })
    }

    /// Keys of a printed fund and a printed place.
    pub(super) fn keys(&self, fund: &str, place: &str) -> Option<(i64, i64)> {
        Some((*self.printed_funds.get(fund)?, *self.printed.get(place)?))
    }
}

fn nature(kind: &str, restriction: &str) -> Nature {
    match (kind, restriction) {
        ("held", _) => Nature::Held,
        (_, "agency") => Nature::Agency,
        (_, "none") => Nature::Unrestricted,
        _ => Nature::Restricted,
    }
}

fn account(code: &str) -> Option<Account> {
    let code = AccountCode::new(code.parse().ok()?)?;
    Some(if code == AccountCode::OTHER_MONEY {
        code.plain().with(Detail::PaymentPlatform)
    } else {
        code.plain()
    })
}

/// The asset account in which money of a seat stands: the credit of a transfer out of it.
pub(super) fn asset_of(seat: Seat) -> Option<Account> {
    let elsewhere = if seat.account.code == AccountCode::CASH {
        AccountCode::BANK
    } else {
        AccountCode::CASH
    };
    let lines = ledger::transfer_postings(seat, elsewhere.plain(), Amount::new(1)?).ok()?;
    lines
        .iter()
        .find(|line| line.direction == Direction::Credit)
        .map(|line| line.account)
}

/// The name of an account for hledger and Beancount: class, organisation, account with detail and mark. One
/// level below the organisation, so that no account is the parent of another and each can be asserted.
pub(super) fn name(account: Account, organisation: &str) -> String {
    let root = match account.code.class() {
        Class::Asset => "Assets",
        Class::Liability => "Liabilities",
        Class::NetAsset => "Equity",
        Class::Income => "Income",
        Class::Cost => "Expenses",
    };
    let body = organisation.trim_start_matches("org_");
    let words = account.to_string().replace([' ', '—'], "-");
    format!("{root}:O{body}:{words}")
}

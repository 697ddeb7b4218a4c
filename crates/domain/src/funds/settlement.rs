//! Settlements 结算: a channel pays out what it collected; money changes its place, not its fund.

use super::place::{Place, account};
use super::posting::{End, MoveOrder, PlaceTransfer, Posting, Subject};
use crate::refusal::Refused;
use crate::{Sentence, say};
use kernel::{Fen, Id, Timestamp};
use leaf::{Kind as LeafKind, ids};

/// Why a settlement cannot be booked, in precedence order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SettlementRefused {
    /// The two places belong to different organisations or are the same.
    Places,
    /// Nothing waits at the channel.
    NothingWaiting,
    /// The bill's sum differs from what waits at the channel.
    SumDiffers {
        /// What the channel's bill says.
        bill: i64,
        /// What waits in our books.
        waiting: i64,
    },
}

impl Refused for SettlementRefused {
    fn code(&self) -> &'static str {
        match self {
            SettlementRefused::Places => "settlement_places",
            SettlementRefused::NothingWaiting => "settlement_nothing_waiting",
            SettlementRefused::SumDiffers { .. } => "settlement_sum_differs",
        }
    }

    fn sentence(&self) -> Sentence {
        match self {
            SettlementRefused::Places => {
                "结算要从本单位的支付渠道转到本单位的银行账户，请重新选择两个存放处。".into()
            }
            SettlementRefused::NothingWaiting => {
                "这个渠道没有待结算的钱，请核对渠道和日期。".into()
            }
            SettlementRefused::SumDiffers { bill, waiting } => say!(
                "账单合计{bill}，账上待结算{waiting}，请先补录或更正差额再结算。",
                bill = Fen::new(*bill),
                waiting = Fen::new(*waiting)
            ),
        }
    }

    fn law(&self) -> Option<&'static str> {
        Some("民间非营利组织会计制度 1009 科目")
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            SettlementRefused::Places => Some("to"),
            SettlementRefused::NothingWaiting => Some("from"),
            SettlementRefused::SumDiffers { .. } => Some("sum"),
        }
    }
}

/// Books the settlement of all that waits at a channel, one transfer per fund (AC-09).
///
/// `waiting` lists (fund, fen) at the channel; `bill` is the sum the channel's bill states.
///
/// # Errors
/// `SettlementRefused`, in precedence order.
pub fn decide_settlement(
    places: (&Place, &Place),
    waiting: &[(Id<ids::Fund>, i64)],
    bill: (i64, [u8; 32]),
    record: (Id<ids::Movement>, Timestamp),
) -> Result<Posting, SettlementRefused> {
    let (from, to) = places;
    if from.organisation != to.organisation || from.id == to.id || to.account != account::BANK {
        return Err(SettlementRefused::Places);
    }
    let sum = waiting.iter().map(|(_, amount)| amount).sum::<i64>();
    if sum == 0 {
        return Err(SettlementRefused::NothingWaiting);
    }
    if sum != bill.0 {
        return Err(SettlementRefused::SumDiffers {
            bill: bill.0,
            waiting: sum,
        });
    }
    let kind = LeafKind::Settlement;
    let mut posting = Posting::new(
        Subject::Movement(record.0),
        kind,
        from.organisation,
        record.1,
    );
    posting.transfers = waiting
        .iter()
        .filter(|(_, amount)| *amount > 0)
        .map(|&(fund, amount)| PlaceTransfer {
            fund,
            from: from.id,
            to: to.id,
            amount,
        })
        .collect();
    Ok(posting
        .fact("bill", leaf::digest_text(&bill.1))
        .fact("sum", bill.0))
}

/// Books the fee that the channel kept when it settled: it leaves the fee fund.
pub fn decide_fee(
    organisation: Id<ids::Organisation>,
    from: End,
    fee: kernel::Amount,
    record: (Id<ids::Movement>, Timestamp),
) -> Posting {
    let mut posting = Posting::new(
        Subject::Movement(record.0),
        LeafKind::Fee,
        organisation,
        record.1,
    );
    posting
        .moves
        .push(MoveOrder::outflow(ledger::Kind::Fee, from, fee.get()));
    posting
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(id: i64, organisation: i64, account: &str) -> Place {
        Place {
            id: Id::from_raw(id),
            organisation: Id::from_raw(organisation),
            account: account.into(),
            channel: "demo".into(),
            title: String::new(),
        }
    }

    #[track_caller]
    fn check(bill: i64, to_organisation: i64, want: Result<usize, &str>) {
        let waiting = [
            (Id::from_raw(1), 300),
            (Id::from_raw(2), 0),
            (Id::from_raw(3), 200),
        ];
        let places = (
            &place(1, 9, account::CLEARING),
            &place(2, to_organisation, account::BANK),
        );
        let record = (Id::from_raw(5), Timestamp::from_micros(0));
        let got = decide_settlement(places, &waiting, (bill, [0; 32]), record);
        assert_eq!(got.map(|p| p.transfers.len()).map_err(|e| e.code()), want);
    }

    #[test]
    fn a_settlement_moves_every_fund_or_says_why_not() {
        check(500, 9, Ok(2));
        check(499, 9, Err("settlement_sum_differs"));
        check(500, 8, Err("settlement_places"));
    }
}

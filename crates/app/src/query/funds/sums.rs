//! Raised, delivered, advanced, purchased, cost and unspent: sums by kind, net of corrections, reversals and returns.

use crate::AppError;
use db::Session;
use domain::funds::{Fund, FundKind};
use kernel::{Day, Id};
use leaf::ids;
use ledger::Kind;
use std::collections::BTreeMap;
use store::funds::KindTotal;

/// 〔已筹的算法〕 What was raised, step by step, in fen; each with the sign with which it counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Raised {
    /// What gifts brought in, without the fees that channels kept.
    pub(crate) gifts: i64,
    /// Came from other funds.
    pub(crate) moved_in: i64,
    /// Went to other funds, also between two of the same campaign.
    pub(crate) moved_out: i64,
    /// Were no gifts.
    pub(crate) corrected: i64,
    /// Went back to donors.
    pub(crate) refunded: i64,
    /// Were taken back by channels.
    pub(crate) charged_back: i64,
    /// Of these three, what was undone.
    pub(crate) undone: i64,
}

impl Raised {
    /// The steps with their titles, those that are there.
    pub(crate) fn steps(&self) -> Vec<(&'static str, i64)> {
        let all = [
            ("捐赠到账（已扣除渠道手续费）", self.gifts),
            ("从其他资金调入", self.moved_in),
            ("调到其他资金", self.moved_out),
            ("更正的错误入账", self.corrected),
            ("退还捐赠人", self.refunded),
            ("被支付渠道退回", self.charged_back),
            ("冲回的更正、退款和拒付", self.undone),
        ];
        all.into_iter().filter(|(_, amount)| *amount != 0).collect()
    }
}

/// 〔合计〕 What became of money, in fen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Sums {
    /// Gifts that stand, less what was corrected, refunded or charged back.
    pub(crate) raised: i64,
    /// The same step by step; the steps sum to it.
    pub(crate) made: Raised,
    /// Movements of gifts into funds of purpose: one for each gift of a campaign.
    pub(crate) gifts: i64,
    /// Reached final beneficiaries.
    pub(crate) delivered: i64,
    /// Administrative and fundraising cost, fees and losses.
    pub(crate) cost: i64,
    /// With executing partners and not yet delivered.
    pub(crate) advanced: i64,
    /// Became goods that were bought, in stock or handed out.
    pub(crate) purchased: i64,
    /// Still there.
    pub(crate) unspent: i64,
}

/// Sums are read from the roll-ups only; this adds them up.
///
/// Money that changes its restriction between two funds that count as raised cancels out; held money counts
/// from the moment at which it goes where the donor wants it, and agency money never.
#[derive(Debug, Default)]
pub(crate) struct Adding {
    sums: Sums,
    returned: i64,
}

impl Adding {
    /// What moved by one kind in funds of one kind.
    pub(crate) fn moved(&mut self, fund: FundKind, total: &KindTotal) {
        let counted = fund.counts_as_raised();
        if counted {
            self.raised(total);
        }
        let sums = &mut self.sums;
        match (total.kind, total.inward) {
            (Kind::Gift, true) if counted && is_purpose(fund) => sums.gifts += total.movements,
            (Kind::Delivery, false) if counted || fund == FundKind::Advance => {
                sums.delivered += total.amount;
            }
            (Kind::Cost | Kind::Fee | Kind::Loss, false) if counted => sums.cost += total.amount,
            (Kind::Conversion, false) if counted || fund == FundKind::Advance => {
                sums.purchased += total.amount;
            }
            // An advance that comes back leaves one fund and reaches another: only what came from outside is
            // left over, and that had been spent.
            (Kind::Return, true) if counted => self.returned += total.amount,
            (Kind::Return, false) if fund == FundKind::Advance => self.returned -= total.amount,
            _ => {}
        }
    }

    /// What counts as raised, and what counts against it.
    fn raised(&mut self, total: &KindTotal) {
        let made = &mut self.sums.made;
        let (step, amount) = match (total.kind, total.inward) {
            (Kind::Gift, true) => (&mut made.gifts, total.amount),
            (Kind::Reclassification | Kind::Merger, true) => (&mut made.moved_in, total.amount),
            (Kind::Reclassification | Kind::Merger, false) => (&mut made.moved_out, -total.amount),
            (Kind::Correction, false) => (&mut made.corrected, -total.amount),
            (Kind::Refund, false) => (&mut made.refunded, -total.amount),
            (Kind::Chargeback, false) => (&mut made.charged_back, -total.amount),
            _ => return,
        };
        *step += amount;
        self.sums.raised += amount;
    }

    /// What reversals from outside undid in funds of one kind, by the kind undone.
    pub(crate) fn undone(&mut self, fund: FundKind, reversed: &BTreeMap<Kind, i64>) {
        let counted = fund.counts_as_raised();
        for (kind, amount) in reversed {
            match kind {
                Kind::Delivery if counted || fund == FundKind::Advance => {
                    self.sums.delivered -= amount;
                }
                Kind::Cost | Kind::Fee | Kind::Loss if counted => self.sums.cost -= amount,
                Kind::Correction | Kind::Refund | Kind::Chargeback if counted => {
                    self.sums.made.undone += amount;
                    self.sums.raised += amount;
                }
                _ => {}
            }
        }
    }

    /// What is left in funds of one kind.
    pub(crate) fn left(&mut self, fund: FundKind, balance: i64) {
        if fund == FundKind::Advance {
            self.sums.advanced += balance;
        } else if fund.counts_as_raised() {
            self.sums.unspent += balance;
        }
    }

    /// The sums.
    pub(crate) fn done(mut self) -> Sums {
        self.sums.delivered -= self.returned.max(0);
        self.sums
    }
}

/// Every gift of a campaign reaches exactly one of these with its main share.
fn is_purpose(kind: FundKind) -> bool {
    matches!(
        kind,
        FundKind::Project | FundKind::Designated | FundKind::Pool | FundKind::Unrestricted
    )
}

/// The sums of some funds, usually those of a campaign.
pub(crate) async fn of_funds(session: &mut Session, funds: &[Fund]) -> Result<Sums, AppError> {
    let money: BTreeMap<i64, &Fund> = funds
        .iter()
        .filter(|f| f.unit == "fen")
        .map(|f| (f.id.raw(), f))
        .collect();
    let keys: Vec<i64> = money.keys().copied().collect();
    let totals = store::funds::kind_totals_of_funds(session, &keys).await?;
    let mut adding = Adding::default();
    for total in &totals {
        let Some(fund) = money.get(&total.fund) else {
            continue;
        };
        adding.moved(fund.kind, total);
        if total.kind == Kind::Reversal && total.inward {
            let reversed = store::funds::reversed_of_fund(session, total.fund).await?;
            adding.undone(fund.kind, &reversed);
        }
    }
    for fund in money.values() {
        adding.left(fund.kind, fund.tape.balance());
    }
    Ok(adding.done())
}

/// The sums of an organisation, or of the whole house.
pub(crate) async fn of_house(
    session: &mut Session,
    organisation: Option<Id<ids::Organisation>>,
) -> Result<Sums, AppError> {
    let (totals, balances) = match organisation {
        Some(id) => (
            store::funds::organisation_kind_totals(session, id).await?,
            store::funds::organisation_balances(session, id).await?,
        ),
        None => (
            store::funds::house_kind_totals(session).await?,
            store::funds::house_balances(session).await?,
        ),
    };
    let mut adding = Adding::default();
    for (code, total) in &totals {
        adding.moved(kind_of(code)?, total);
    }
    for (code, balance) in &balances {
        adding.left(kind_of(code)?, *balance);
    }
    for (fund, code) in store::funds::funds_with_reversals(session, organisation).await? {
        let reversed = store::funds::reversed_of_fund(session, fund).await?;
        adding.undone(kind_of(&code)?, &reversed);
    }
    Ok(adding.done())
}

/// What came in and what was spent between two days, both included; what was taken back counts on the day on which it
/// was taken back. Nothing is said of what was left.
pub(crate) async fn of_organisation_between(
    session: &mut Session,
    id: Id<ids::Organisation>,
    days: (Day, Day),
) -> Result<Sums, AppError> {
    let days = (i64::from(days.0.number()), i64::from(days.1.number()));
    let totals = store::funds::organisation_kind_totals_between(session, id, days).await?;
    let mut adding = Adding::default();
    let mut has_reversals = false;
    for (code, total) in &totals {
        adding.moved(kind_of(code)?, total);
        has_reversals |= total.kind == Kind::Reversal && total.inward;
    }
    if has_reversals {
        for (fund, code) in store::funds::funds_with_reversals(session, Some(id)).await? {
            let reversed = store::funds::reversed_of_fund_between(session, fund, days).await?;
            adding.undone(kind_of(&code)?, &reversed);
        }
    }
    Ok(adding.done())
}

fn kind_of(code: &str) -> Result<FundKind, AppError> {
    let kind = FundKind::parse(code).ok_or_else(|| db::Error::value(0, "fund.kind"));
    kind.map_err(AppError::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn total(kind: Kind, inward: bool, amount: i64) -> KindTotal {
        KindTotal {
            fund: 0,
            kind,
            inward,
            amount,
            movements: 1,
        }
    }

    #[track_caller]
    fn check_purchased(rows: &[(FundKind, Kind, bool, i64)], want: i64) {
        let mut adding = Adding::default();
        for (fund, kind, inward, amount) in rows {
            adding.moved(*fund, &total(*kind, *inward, *amount));
        }
        assert_eq!(adding.done().purchased, want);
    }

    #[test]
    fn money_that_became_goods_is_a_part_of_its_own() {
        use FundKind::{Goods, Project};
        use Kind::Conversion;
        let bought = (Project, Conversion, false, 19_500);
        check_purchased(&[bought], 19_500);
        // boxes that become pieces are no money
        check_purchased(&[bought, (Goods, Conversion, false, 3)], 19_500);
    }

    #[track_caller]
    fn check(rows: &[(FundKind, Kind, bool, i64)], want: [i64; 4]) {
        let mut adding = Adding::default();
        for (fund, kind, inward, amount) in rows {
            adding.moved(*fund, &total(*kind, *inward, *amount));
        }
        let sums = adding.done();
        assert_eq!([sums.raised, sums.gifts, sums.delivered, sums.cost], want);
    }

    #[test]
    fn sums_are_net_and_count_money_once() {
        use FundKind::{Administrative, Advance, Agency, Designated, Held, Project};
        use Kind::{Allotment, Correction, Cost, Delivery, Gift, Reclassification, Refund, Return};
        check(
            &[(Project, Gift, true, 90), (Administrative, Gift, true, 10)],
            [100, 1, 0, 0],
        );
        check(
            &[(Held, Gift, true, 50), (Agency, Gift, true, 7)],
            [0, 0, 0, 0],
        );
        // held money that was assigned counts; between two counted funds it cancels out
        check(
            &[
                (Held, Reclassification, false, 50),
                (Project, Reclassification, true, 50),
            ],
            [50, 0, 0, 0],
        );
        check(
            &[
                (Project, Reclassification, false, 30),
                (Designated, Reclassification, true, 30),
            ],
            [0, 0, 0, 0],
        );
        check(
            &[
                (Project, Gift, true, 90),
                (Project, Correction, false, 20),
                (Project, Refund, false, 5),
            ],
            [65, 1, 0, 0],
        );
        check(
            &[
                (Project, Allotment, false, 60),
                (Advance, Allotment, true, 60),
                (Advance, Delivery, false, 40),
            ],
            [0, 0, 40, 0],
        );
        // an advance that comes back was never delivered, money that comes back from outside was
        check(
            &[(Advance, Return, false, 20), (Project, Return, true, 20)],
            [0, 0, 0, 0],
        );
        check(
            &[(Project, Delivery, false, 40), (Project, Return, true, 15)],
            [0, 0, 25, 0],
        );
        check(
            &[
                (Administrative, Cost, false, 8),
                (Agency, Delivery, false, 7),
            ],
            [0, 0, 0, 8],
        );
    }

    #[test]
    fn what_was_undone_is_taken_out() {
        let mut adding = Adding::default();
        adding.moved(FundKind::Project, &total(Kind::Delivery, false, 40));
        adding.undone(
            FundKind::Project,
            &BTreeMap::from([(Kind::Delivery, 40), (Kind::Refund, 3)]),
        );
        adding.left(FundKind::Project, 11);
        adding.left(FundKind::Advance, 5);
        adding.left(FundKind::Held, 99);
        let sums = adding.done();
        assert_eq!(
            [sums.delivered, sums.raised, sums.unspent, sums.advanced],
            [0, 3, 11, 5]
        );
    }
}

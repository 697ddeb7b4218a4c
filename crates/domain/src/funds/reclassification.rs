//! Reclassifications 重分类: money that changes its fund for a stated reason, and never its restriction.

use super::fund::{Fund, FundKind, Restriction};
use super::posting::{End, MoveOrder, Posting, Subject};
use crate::refusal::Refused;
use crate::{Sentence, say};
use kernel::{Amount, Fen, Id, Timestamp};
use leaf::{Kind as LeafKind, ids};
use ledger::Kind;

/// Why money cannot change its fund, in precedence order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReclassificationRefused {
    /// This kind of fund gives and takes money in a way of its own.
    FundKind(FundKind),
    /// Restricted money would become free, or lose a part of its restriction.
    Loosened {
        /// What restricts it.
        from: Restriction,
        /// The fund it should reach.
        to: FundKind,
    },
    /// The fund has less than asked for.
    Balance {
        /// What can still be spent, in fen.
        spendable: i64,
        /// What was asked for, in fen.
        asked: i64,
    },
}

impl Refused for ReclassificationRefused {
    fn code(&self) -> &'static str {
        match self {
            ReclassificationRefused::FundKind(_) => "reclassification_fund_kind",
            ReclassificationRefused::Loosened { .. } => "reclassification_loosened",
            ReclassificationRefused::Balance { .. } => "reclassification_balance",
        }
    }

    fn sentence(&self) -> Sentence {
        match self {
            ReclassificationRefused::FundKind(FundKind::Held) => {
                "待处理款要先问过捐赠人，请在待处理款里办理改用或退款。".into()
            }
            ReclassificationRefused::FundKind(kind) => say!(
                "{kind}不能这样调整，请从它自己的页面办理。",
                kind = kind.title()
            ),
            ReclassificationRefused::Loosened { from, to } => say!(
                "这笔钱有{from}，不能转成{to}：备案的管理费在每笔捐赠到账时已经按比例分出，用途限定只能由捐赠人或法律解除；要支付费用请从管理费或非限定资金申请。",
                from = from.title(),
                to = to.title()
            ),
            ReclassificationRefused::Balance { spendable, asked } => say!(
                "这项资金可用{spendable}，不够调整{asked}，请减少金额。",
                spendable = Fen::new(*spendable),
                asked = Fen::new(*asked)
            ),
        }
    }

    fn law(&self) -> Option<&'static str> {
        match self {
            ReclassificationRefused::Loosened { .. } => {
                Some("慈善法 第五十六条；民间非营利组织会计制度 第六十八条（AC-04）")
            }
            _ => None,
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            ReclassificationRefused::FundKind(_) => Some("from"),
            ReclassificationRefused::Loosened { .. } => Some("to"),
            ReclassificationRefused::Balance { .. } => Some("amount"),
        }
    }
}

/// Moves money from one fund of an organisation to another one at the same place.
///
/// # Errors
/// `ReclassificationRefused` in precedence order.
pub fn decide_reclassification(
    (from, to): (&Fund, &Fund),
    place: Id<ids::Place>,
    amount: Amount,
    reason: &str,
    (record, at): (Id<ids::Movement>, Timestamp),
) -> Result<Posting, ReclassificationRefused> {
    for fund in [from, to] {
        if !reclassified(fund.kind) {
            return Err(ReclassificationRefused::FundKind(fund.kind));
        }
    }
    if !to.restriction.keeps(from.restriction) {
        return Err(ReclassificationRefused::Loosened {
            from: from.restriction,
            to: to.kind,
        });
    }
    let (spendable, asked) = (from.tape.spendable(), amount.get());
    if spendable < asked {
        return Err(ReclassificationRefused::Balance { spendable, asked });
    }
    let kind = LeafKind::Reclassification;
    let mut posting = Posting::new(Subject::Movement(record), kind, from.organisation, at)
        .public_word("reason", reason);
    let end = |fund: &Fund| End {
        fund: fund.id,
        place,
    };
    posting.moves.push(MoveOrder::between(
        Kind::Reclassification,
        end(from),
        end(to),
        asked,
    ));
    posting.campaign = to.campaign.or(from.campaign);
    Ok(posting)
}

/// Held money is asked about, advances come back, agency money is somebody else's, fees and goods are no choice.
pub(super) fn reclassified(kind: FundKind) -> bool {
    match kind {
        FundKind::Project
        | FundKind::Administrative
        | FundKind::Designated
        | FundKind::Pool
        | FundKind::Unrestricted => true,
        FundKind::Held | FundKind::Advance | FundKind::Agency | FundKind::Fee | FundKind::Goods => {
            false
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ledger::Tape;

    fn fund(id: i64, kind: FundKind, restriction: Restriction) -> Fund {
        Fund {
            id: Id::from_raw(id),
            organisation: Id::from_raw(9),
            kind,
            unit: "fen".into(),
            title: String::new(),
            restriction,
            campaign: None,
            partner: None,
            tape: Tape {
                inflow: 100,
                outflow: 20,
                reserved: 10,
            },
        }
    }

    #[track_caller]
    fn check(
        from: (FundKind, Restriction),
        to: (FundKind, Restriction),
        amount: i64,
        want: Result<(), &str>,
    ) {
        let (from, to) = (fund(1, from.0, from.1), fund(2, to.0, to.1));
        let record = (Id::from_raw(3), Timestamp::from_micros(0));
        let amount = Amount::new(amount).unwrap();
        let got = decide_reclassification((&from, &to), Id::from_raw(4), amount, "调整", record);
        assert_eq!(got.map(|_| ()).map_err(|refused| refused.code()), want);
    }

    #[test]
    fn restricted_money_never_becomes_free() {
        use FundKind::{Administrative, Designated, Pool, Project, Unrestricted};
        use Restriction::{Both, None, Purpose, Time};
        let loosened = Err("reclassification_loosened");
        check((Project, Purpose), (Administrative, None), 1, loosened);
        check((Project, Purpose), (Unrestricted, None), 1, loosened);
        check((Designated, Both), (Unrestricted, None), 1, loosened);
        check((Pool, Time), (Administrative, None), 1, loosened);
        check((Project, Both), (Designated, Purpose), 1, loosened);
        check((Project, Both), (Designated, Time), 1, loosened);
        check((Project, Purpose), (Designated, Time), 1, loosened);
        check((Project, Time), (Designated, Both), 1, Ok(()));
        check((Project, Purpose), (Designated, Purpose), 70, Ok(()));
        check((Unrestricted, None), (Project, Purpose), 1, Ok(()));
        check((Administrative, None), (Unrestricted, None), 1, Ok(()));
        let short = Err("reclassification_balance");
        check((Project, Purpose), (Designated, Purpose), 71, short);
    }

    #[test]
    fn money_with_a_way_of_its_own_does_not_take_this_one() {
        use FundKind::{Advance, Agency, Fee, Goods, Held, Project};
        use Restriction::Purpose;
        for kind in [Held, Advance, Agency, Fee, Goods] {
            let refused = Err("reclassification_fund_kind");
            check((kind, Purpose), (Project, Purpose), 1, refused);
            check((Project, Purpose), (kind, Purpose), 1, refused);
        }
    }
}

//! Refunds 退款, corrections 更正 and reversals 冲回: nothing is edited, what was wrong is undone in public.

use super::posting::{End, MoveOrder, Posting, Subject, Take};
use crate::refusal::Refused;
use crate::{Sentence, say};
use kernel::{Amount, Fen, Id, Timestamp};
use leaf::{Kind as LeafKind, ids};
use ledger::{Kind, Span, Undo};

/// 〔尚存部分〕 What a gift still owns on one tape, and where that tape's money can be taken from.
#[derive(Debug, Clone)]
pub struct Share {
    /// The tape and the place to pay from.
    pub end: End,
    /// Positions the gift still owns there, ascending.
    pub owned: Vec<Span>,
    /// Fen of this fund at the place.
    pub there: i64,
}

/// 〔从哪里出〕 The place that money of a gift is taken from: where it came in, as long as enough of the fund lies
/// there; else where most of the fund lies, because the money was carried on since. With it, what lies there.
pub fn place_to_take_from(
    places: &[(Id<ids::Place>, i64)],
    entered: Option<Id<ids::Place>>,
    wanted: i64,
) -> Option<(Id<ids::Place>, i64)> {
    let mut there = places.iter().copied().filter(|place| place.1 > 0);
    let own = there
        .clone()
        .find(|place| Some(place.0) == entered && place.1 >= wanted);
    let first = there.next();
    let fullest = there.fold(first, |best, place| match best {
        Some(best) if best.1 >= place.1 => Some(best),
        _ => Some(place),
    });
    own.or(fullest)
}

/// What is known of the gift that is refunded or corrected.
#[derive(Debug, Clone)]
pub struct Gift {
    /// The donation.
    pub donation: Id<ids::Donation>,
    /// Who holds it.
    pub organisation: Id<ids::Organisation>,
    /// Its campaign.
    pub campaign: Option<Id<ids::Campaign>>,
    /// Index of its leaf.
    pub leaf_index: i64,
    /// What it still owns, share by share.
    pub shares: Vec<Share>,
}

/// Why a gift cannot be refunded, corrected or an outflow reversed, in precedence order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RepairRefused {
    /// Already refunded or corrected.
    Already,
    /// More than what is still unused.
    Used {
        /// What is left of the gift, in fen.
        left: i64,
    },
    /// The money of that fund is not at the place.
    Place {
        /// What is there, in fen.
        there: i64,
    },
    /// A reason is required.
    Reason,
    /// Only an outflow can be reversed, and only once.
    NotReversible,
}

impl Refused for RepairRefused {
    fn code(&self) -> &'static str {
        match self {
            RepairRefused::Already => "repair_already",
            RepairRefused::Used { .. } => "repair_used",
            RepairRefused::Place { .. } => "repair_place",
            RepairRefused::Reason => "repair_reason",
            RepairRefused::NotReversible => "repair_not_reversible",
        }
    }

    fn sentence(&self) -> Sentence {
        match self {
            RepairRefused::Already => "这笔捐赠已经退款或更正过，请查看它的流转记录。".into(),
            RepairRefused::Used { left } => say!(
                "这笔捐赠还剩{left}没有使用，最多退这么多；已使用的部分请从非限定资金另行办理。",
                left = Fen::new(*left)
            ),
            RepairRefused::Place { there } => say!(
                "所选账户里这项资金只有{there}，请先登记渠道结算，或换一个账户。",
                there = Fen::new(*there)
            ),
            RepairRefused::Reason => "请写明原因，它会随记录公开。".into(),
            RepairRefused::NotReversible => {
                "只有还没有冲回过的支出可以冲回，请核对流转编号。".into()
            }
        }
    }

    fn law(&self) -> Option<&'static str> {
        match self {
            RepairRefused::Used { .. } => Some("民间非营利组织会计制度 第七十三条（DO-10）"),
            _ => None,
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            RepairRefused::Reason => Some("reason"),
            RepairRefused::Used { .. } => Some("amount"),
            _ => None,
        }
    }
}

/// Refunds a gift share by share, out of the positions it still owns.
///
/// # Errors
/// `RepairRefused` in precedence order.
pub fn decide_refund(
    gift: &Gift,
    amount: Amount,
    reason: &str,
    record: (Id<ids::Movement>, Timestamp),
) -> Result<Posting, RepairRefused> {
    named(
        gift,
        Some(amount),
        (Kind::Refund, LeafKind::Refund, reason),
        record,
    )
}

/// Takes a wrong inflow out again, whole.
///
/// # Errors
/// `RepairRefused` in precedence order.
pub fn decide_correction(
    gift: &Gift,
    reason: &str,
    record: (Id<ids::Movement>, Timestamp),
) -> Result<Posting, RepairRefused> {
    named(
        gift,
        None,
        (Kind::Correction, LeafKind::Correction, reason),
        record,
    )
}

/// 〔拒付原因〕 What stands beside every chargeback.
pub const CHARGEBACK_REASON: &str = "支付渠道退回付款人";

/// The channel took a gift back: what it still owns leaves, so that the books say what the bank says.
///
/// # Errors
/// `RepairRefused`: a gift that was used needs a person, who covers the gap from unrestricted money.
pub fn decide_chargeback(
    gift: &Gift,
    amount: Amount,
    record: (Id<ids::Movement>, Timestamp),
) -> Result<Posting, RepairRefused> {
    let reason = CHARGEBACK_REASON;
    named(
        gift,
        Some(amount),
        (Kind::Chargeback, LeafKind::Chargeback, reason),
        record,
    )
}

fn named(
    gift: &Gift,
    amount: Option<Amount>,
    what: (Kind, LeafKind, &str),
    record: (Id<ids::Movement>, Timestamp),
) -> Result<Posting, RepairRefused> {
    let owned = |share: &Share| share.owned.iter().map(|span| span.len).sum::<i64>();
    let left: i64 = gift.shares.iter().map(owned).sum();
    let mut wanted = amount.map_or(left, Amount::get);
    if left == 0 {
        return Err(RepairRefused::Already);
    }
    if wanted > left {
        return Err(RepairRefused::Used { left });
    }
    if what.2.trim().is_empty() {
        return Err(RepairRefused::Reason);
    }
    let mut posting = Posting::new(
        Subject::Movement(record.0),
        what.1,
        gift.organisation,
        record.1,
    )
    .public_word("reason", what.2.trim());
    for share in &gift.shares {
        let take = wanted.min(owned(share));
        if take == 0 {
            continue;
        }
        if share.there < take {
            return Err(RepairRefused::Place { there: share.there });
        }
        let mut order = MoveOrder::outflow(what.0, share.end, take);
        order.take = Take::Named(lowest(&share.owned, take));
        posting.moves.push(order);
        wanted -= take;
    }
    posting.campaign = gift.campaign;
    posting.donation = Some(gift.donation);
    posting.reference = Some(gift.leaf_index);
    Ok(posting)
}

/// The lowest `take` positions of ascending spans.
fn lowest(spans: &[Span], take: i64) -> Vec<Span> {
    let mut left = take;
    let mut taken = Vec::new();
    for span in spans {
        let len = span.len.min(left);
        if len > 0 {
            taken.push(Span {
                start: span.start,
                len,
            });
            left -= len;
        }
    }
    taken
}

/// An outflow that shall be undone.
#[derive(Debug, Clone)]
pub struct Outflow {
    /// The movement.
    pub movement: ledger::MovementId,
    /// Whose it was.
    pub organisation: Id<ids::Organisation>,
    /// Its campaign.
    pub campaign: Option<Id<ids::Campaign>>,
    /// Where the money left; it comes back there.
    pub end: End,
    /// How much left.
    pub amount: i64,
    /// True if it is an outflow of a kind that can be undone and was not undone before.
    pub reversible: bool,
    /// Index of its leaf.
    pub leaf_index: i64,
}

/// Undoes a wrong outflow whole: the fen come back at the tail and the leaf names the movement undone.
///
/// # Errors
/// `NotReversible` or `Reason`.
pub fn decide_reversal(
    outflow: &Outflow,
    reason: &str,
    record: (Id<ids::Movement>, Timestamp),
) -> Result<Posting, RepairRefused> {
    if !outflow.reversible {
        return Err(RepairRefused::NotReversible);
    }
    if reason.trim().is_empty() {
        return Err(RepairRefused::Reason);
    }
    let subject = Subject::Movement(record.0);
    let mut posting = Posting::new(subject, LeafKind::Reversal, outflow.organisation, record.1)
        .public_word("reason", reason.trim());
    let mut order = MoveOrder::inflow(Kind::Reversal, outflow.end, outflow.amount);
    order.undoes = Some(Undo {
        movement: outflow.movement,
        offset: 0,
    });
    posting.moves.push(order);
    posting.campaign = outflow.campaign;
    posting.reference = Some(outflow.leaf_index);
    Ok(posting)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(fund: i64, spans: &[(i64, i64)], there: i64) -> Share {
        Share {
            end: End {
                fund: Id::from_raw(fund),
                place: Id::from_raw(1),
            },
            owned: spans
                .iter()
                .map(|&(start, len)| Span { start, len })
                .collect(),
            there,
        }
    }

    fn gift(shares: Vec<Share>) -> Gift {
        Gift {
            donation: Id::from_raw(1),
            organisation: Id::from_raw(2),
            campaign: None,
            leaf_index: 3,
            shares,
        }
    }

    #[track_caller]
    fn check(shares: Vec<Share>, amount: i64, reason: &str, want: Result<Vec<(i64, i64)>, &str>) {
        let record = (Id::from_raw(8), Timestamp::from_micros(0));
        let amount = Amount::new(amount).unwrap();
        let got = decide_refund(&gift(shares), amount, reason, record);
        let moves = got.map(|p| {
            p.moves
                .iter()
                .map(|m| (m.from.map_or(0, |e| e.fund.raw()), m.amount))
                .collect()
        });
        assert_eq!(moves.map_err(|e: RepairRefused| e.code()), want);
    }

    #[track_caller]
    fn check_place(places: &[(i64, i64)], entered: Option<i64>, wanted: i64, want: Option<i64>) {
        let places: Vec<_> = places
            .iter()
            .map(|&(id, fen)| (Id::from_raw(id), fen))
            .collect();
        let got = place_to_take_from(&places, entered.map(Id::from_raw), wanted);
        assert_eq!(got.map(|place| place.0.raw()), want);
    }

    #[test]
    fn money_leaves_where_it_came_in_while_it_is_there() {
        let (cash, bank) = ((1, 40), (2, 900));
        check_place(&[cash, bank], Some(1), 40, Some(1));
        check_place(&[cash, bank], Some(1), 41, Some(2));
        check_place(&[cash, bank], Some(3), 10, Some(2));
        check_place(&[cash, bank], None, 10, Some(2));
        check_place(&[(1, 5), (2, 5)], None, 9, Some(1));
        check_place(&[(1, 0)], Some(1), 0, None);
        check_place(&[], Some(1), 1, None);
    }

    #[test]
    fn refunds_take_share_by_share_and_never_more_than_is_left() {
        let two = || {
            vec![
                share(1, &[(0, 60), (80, 30)], 900),
                share(2, &[(5, 10)], 900),
            ]
        };
        check(two(), 95, "重复支付", Ok(vec![(1, 90), (2, 5)]));
        check(two(), 101, "重复支付", Err("repair_used"));
        check(two(), 100, "  ", Err("repair_reason"));
        check(
            vec![share(1, &[(0, 60)], 59)],
            60,
            "重复支付",
            Err("repair_place"),
        );
        check(
            vec![share(1, &[], 59)],
            60,
            "重复支付",
            Err("repair_already"),
        );
    }

    #[test]
    fn the_lowest_positions_go_first() {
        let spans = [Span { start: 10, len: 5 }, Span { start: 40, len: 9 }];
        assert_eq!(
            lowest(&spans, 7),
            [Span { start: 10, len: 5 }, Span { start: 40, len: 2 }]
        );
    }
}

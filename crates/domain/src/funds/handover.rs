//! Handing over 移交剩余财产 (OR-13): what an organisation in liquidation has left goes to another charity, fund by fund, and
//! keeps its restriction.

use super::fund::{Fund, FundKind, Restriction};
use super::posting::{End, MoveOrder, Posting, Subject};
use super::reclassification::reclassified;
use crate::parties::register::{Item, Register, Standing};
use crate::refusal::Refused;
use crate::{Sentence, say};
use kernel::{Amount, Day, Fen, Id, Timestamp};
use leaf::{Kind as LeafKind, ids};
use ledger::Kind;

/// Why what is left cannot be handed over, in precedence order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HandoverRefused {
    /// The giver is not being liquidated.
    NotLiquidating,
    /// The receiver may not act, or is no charity any more.
    Receiver,
    /// This kind of fund gives and takes money in a way of its own.
    FundKind(FundKind),
    /// The restriction would be lost.
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

impl Refused for HandoverRefused {
    fn code(&self) -> &'static str {
        match self {
            HandoverRefused::NotLiquidating => "handover_not_liquidating",
            HandoverRefused::Receiver => "handover_receiver",
            HandoverRefused::FundKind(_) => "handover_fund_kind",
            HandoverRefused::Loosened { .. } => "handover_loosened",
            HandoverRefused::Balance { .. } => "handover_balance",
        }
    }

    fn sentence(&self) -> Sentence {
        match self {
            HandoverRefused::NotLiquidating => {
                "登记簿里本组织不在清算中，不能移交剩余财产；请先办理终止并成立清算组。".into()
            }
            HandoverRefused::Receiver => {
                "接收方现在不是可以活动的慈善组织，请改转给宗旨相同或者相近的其他慈善组织。".into()
            }
            HandoverRefused::FundKind(kind) => say!(
                "{kind}不能这样移交，请先从它自己的页面办结。",
                kind = kind.title()
            ),
            HandoverRefused::Loosened { from, to } => say!(
                "这笔钱有{from}，不能移交到{to}；请接收方另开一项限定相同的资金。",
                from = from.title(),
                to = to.title()
            ),
            HandoverRefused::Balance { spendable, asked } => say!(
                "这项资金可用{spendable}，不够移交{asked}，请减少金额。",
                spendable = Fen::new(*spendable),
                asked = Fen::new(*asked)
            ),
        }
    }

    fn law(&self) -> Option<&'static str> {
        Some(match self {
            HandoverRefused::Loosened { .. } => "慈善法 第五十六条",
            _ => "慈善法 第十八条",
        })
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            HandoverRefused::NotLiquidating | HandoverRefused::FundKind(_) => Some("from"),
            HandoverRefused::Balance { .. } => Some("amount"),
            HandoverRefused::Receiver | HandoverRefused::Loosened { .. } => Some("to"),
        }
    }
}

/// 〔移交〕 What is handed over, drawn up.
#[derive(Debug)]
pub struct Handover<'a> {
    /// The fund that gives and the register of its organisation.
    pub from: (&'a Fund, &'a Register),
    /// The fund that takes and the register of its organisation.
    pub to: (&'a Fund, &'a Register),
    /// Name of the organisation that takes.
    pub receiver: &'a str,
    /// Where the money is, and where it will be.
    pub places: (Id<ids::Place>, Id<ids::Place>),
    /// How much.
    pub amount: Amount,
    /// The agreement.
    pub reason: &'a str,
}

/// Moves what is left from a fund of an organisation in liquidation to a fund of another charity.
///
/// # Errors
/// `HandoverRefused` in precedence order.
pub fn decide_handover(
    order: &Handover<'_>,
    (record, at): (Id<ids::Movement>, Timestamp),
) -> Result<Posting, HandoverRefused> {
    let ((from, giver), (to, taker)) = (order.from, order.to);
    let today: Day = at.day();
    if giver.standing(Item::Legal, today) != Some(Standing::Liquidating) {
        return Err(HandoverRefused::NotLiquidating);
    }
    let legal = taker.standing(Item::Legal, today);
    let acts = legal.is_none_or(|standing| standing == Standing::InForce);
    if !acts || taker.standing(Item::Charity, today) == Some(Standing::CharityEnded) {
        return Err(HandoverRefused::Receiver);
    }
    for fund in [from, to] {
        if !reclassified(fund.kind) {
            return Err(HandoverRefused::FundKind(fund.kind));
        }
    }
    if !to.restriction.keeps(from.restriction) {
        return Err(HandoverRefused::Loosened {
            from: from.restriction,
            to: to.kind,
        });
    }
    let (spendable, asked) = (from.tape.spendable(), order.amount.get());
    if spendable < asked {
        return Err(HandoverRefused::Balance { spendable, asked });
    }
    let subject = Subject::Movement(record);
    let mut posting = Posting::new(subject, LeafKind::Merger, from.organisation, at)
        .fact("payee", order.receiver)
        .public_word("reason", order.reason);
    posting.moves.push(MoveOrder::between(
        Kind::Merger,
        End {
            fund: from.id,
            place: order.places.0,
        },
        End {
            fund: to.id,
            place: order.places.1,
        },
        asked,
    ));
    posting.campaign = from.campaign;
    Ok(posting)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parties::register::{Entry, NewEntry, Origin};
    use ledger::Tape;

    fn fund(id: i64, organisation: i64, kind: FundKind, restriction: Restriction) -> Fund {
        Fund {
            id: Id::from_raw(id),
            organisation: Id::from_raw(organisation),
            kind,
            unit: "fen".into(),
            title: String::new(),
            restriction,
            campaign: None,
            partner: None,
            tape: Tape::restore(1_000, 200, 100).unwrap(),
        }
    }

    fn register(standing: Standing) -> Register {
        let today = Timestamp::from_micros(0).day();
        Register::new(vec![Entry {
            id: Id::from_raw(1),
            new: NewEntry {
                item: standing.item(),
                standing: Some(standing),
                words: String::new(),
                from: today,
                until: None,
                office: String::new(),
                document: String::new(),
                law: String::new(),
                reason: String::new(),
                source: String::new(),
                origin: Origin::Imported,
                corrects: None,
                successor: None,
            },
            recorded_at: Timestamp::from_micros(0),
            leaf_index: 1,
        }])
    }

    /// What a handover of so many fen comes to: the code of its refusal, or the kind of its movement.
    fn check(
        giver: Standing,
        taker: Standing,
        to: (FundKind, Restriction),
        amount: i64,
        want: &str,
    ) {
        let from = fund(1, 7, FundKind::Project, Restriction::Purpose);
        let to = fund(2, 8, to.0, to.1);
        let (giver, taker) = (register(giver), register(taker));
        let order = Handover {
            from: (&from, &giver),
            to: (&to, &taker),
            receiver: "江城慈善会",
            places: (Id::from_raw(5), Id::from_raw(6)),
            amount: Amount::new(amount).unwrap(),
            reason: "移交协议",
        };
        let done = decide_handover(&order, (Id::from_raw(3), Timestamp::from_micros(0)));
        let got = match done {
            Ok(posting) => posting.moves[0].kind.code(),
            Err(refused) => {
                let text = refused.sentence().to_string();
                assert!(text.contains('请') && text.ends_with('。'), "{text}");
                assert!(refused.law().is_some() && refused.field().is_some());
                refused.code()
            }
        };
        assert_eq!(got, want);
    }

    #[test]
    fn what_is_left_goes_to_a_charity_that_acts_and_keeps_its_purpose() {
        use Standing::{CharityEnded, Deregistered, InForce, Liquidating, Terminating};
        let good = (FundKind::Designated, Restriction::Purpose);
        check(Liquidating, InForce, good, 700, "merger");
        check(Terminating, InForce, good, 700, "handover_not_liquidating");
        check(Liquidating, Deregistered, good, 700, "handover_receiver");
        check(Liquidating, CharityEnded, good, 700, "handover_receiver");
        let free = (FundKind::Unrestricted, Restriction::None);
        check(Liquidating, InForce, free, 700, "handover_loosened");
        let held = (FundKind::Held, Restriction::Purpose);
        check(Liquidating, InForce, held, 700, "handover_fund_kind");
        check(Liquidating, InForce, good, 701, "handover_balance");
    }
}

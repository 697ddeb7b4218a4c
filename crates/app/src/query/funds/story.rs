//! Stories along the tapes: where a gift's fen went, in words.

use crate::query::keys;
use crate::query::limits::{SENTENCE_PARTS, STORY_PARTS};
use crate::query::links::Names;
use crate::query::words::unit_word;
use crate::view::{Link, Segment, SegmentEnd, end_title};
use crate::{App, AppError};
use db::Session;
use domain::funds::{Class, Fund, FundKind, said_title};
use domain::sentence::Value;
use domain::{Sentence, say};
use kernel::Id;
use leaf::{Json, Leaf, ids};
use ledger::{Fate, ForwardTrace, Kind, Span, TapeId};
use std::collections::{BTreeMap, BTreeSet};
use store::funds::{DeliveryRecord, DisbursementRecord, MovementRecord};

/// One share of a gift: where its fen were written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Share {
    pub(crate) tape: TapeId,
    pub(crate) span: Span,
}

/// One page of a story before it is put into words.
#[derive(Debug, Default)]
pub(crate) struct Told {
    /// Offset of the share in the gift, and the segment.
    pub(crate) segments: Vec<(i64, ledger::Segment)>,
    /// Fen without a segment yet.
    pub(crate) remaining: i64,
    /// Where to go on; internal numbers, to be sealed.
    pub(crate) next: Option<String>,
}

/// The next page of the story of some shares, one after the other.
///
/// # Errors
/// `NotFound` for a cursor of another story; the engine's refusal.
pub(crate) async fn tell(
    session: &mut Session,
    shares: &[Share],
    cursor: Option<&str>,
) -> Result<Told, AppError> {
    let wrong = || AppError::NotFound("翻页标记对应的位置");
    let (mut at, mut resumed) = match cursor {
        None => (0, None),
        Some(text) => {
            let (share, trace) = text.split_once('|').ok_or_else(wrong)?;
            let share: usize = share.parse().map_err(|_| wrong())?;
            let trace = match trace {
                "" => None,
                text => Some(ForwardTrace::resume(text).map_err(|_| wrong())?),
            };
            (share, trace)
        }
    };
    let mut told = Told::default();
    while let Some(share) = shares.get(at) {
        let offset = shares.iter().take(at).map(|share| share.span.len).sum();
        let mut trace = resumed
            .take()
            .unwrap_or_else(|| ForwardTrace::new(share.tape, share.span));
        let room = STORY_PARTS.saturating_sub(told.segments.len());
        let segments = store::funds::forward(session, &mut trace, room).await?;
        told.segments
            .extend(segments.into_iter().map(|segment| (offset, segment)));
        if told.segments.len() >= STORY_PARTS {
            let later: i64 = shares.iter().skip(at + 1).map(|share| share.span.len).sum();
            told.remaining = trace.remaining() + later;
            // Small units of goods share one fen, so the trace itself says whether it is at its end.
            let goes_on = !store::funds::forward(session, &mut trace.clone(), 1)
                .await?
                .is_empty();
            told.next = match (goes_on, later) {
                (true, _) => Some(format!("{at}|{}", trace.cursor())),
                (false, 0) => None,
                (false, _) => Some(format!("{}|", at + 1)),
            };
            break;
        }
        at += 1;
    }
    Ok(told)
}

/// What the words of a story need to know, read once for all its segments.
#[derive(Debug, Default)]
struct Facts {
    funds: BTreeMap<i64, Fund>,
    movements: BTreeMap<i64, MovementRecord>,
    deliveries: BTreeMap<i64, DeliveryRecord>,
    orders: BTreeMap<i64, DisbursementRecord>,
    partners: Names,
    assumed: BTreeSet<i64>,
    /// Leaves of the movements on the way.
    passed: BTreeMap<i64, i64>,
}

impl Facts {
    async fn read(
        session: &mut Session,
        segments: &[(i64, ledger::Segment)],
    ) -> Result<Facts, AppError> {
        let stretch = |s: &ledger::Segment| match s.fate {
            Fate::Resting(at) | Fate::Left { at, .. } => at.tape.0,
        };
        let left = |s: &ledger::Segment| match s.fate {
            Fate::Left { movement, .. } => Some(movement.0),
            Fate::Resting(_) => None,
        };
        let funds = keys(segments.iter().map(|(_, s)| stretch(s)));
        let left = keys(segments.iter().filter_map(|(_, s)| left(s)));
        let hops = segments
            .iter()
            .flat_map(|(_, s)| &s.hops)
            .map(|hop| hop.movement.0);
        let hops = store::funds::movements_by_ids(session, &keys(hops)).await?;
        let assumed = assumed_among(session, &hops).await?;
        let passed = hops.iter().map(|r| (r.movement.id.0, r.leaf_index));
        let funds = store::funds::funds_by_ids(session, &funds).await?;
        let movements = store::funds::movements_by_ids(session, &left).await?;
        let deliveries = store::funds::deliveries_by_movements(session, &left).await?;
        let matters = keys(movements.iter().filter_map(|m| m.matter));
        let orders = store::funds::disbursements_by_ids(session, &matters).await?;
        let partners = keys(funds.iter().filter_map(|f| f.partner).map(Id::raw));
        let partners = store::parties::organisation_names(session, &partners).await?;
        Ok(Facts {
            funds: funds.into_iter().map(|f| (f.id.raw(), f)).collect(),
            movements: movements
                .into_iter()
                .map(|m| (m.movement.id.0, m))
                .collect(),
            deliveries: deliveries
                .into_iter()
                .map(|d| (d.movement.raw(), d))
                .collect(),
            orders: orders.into_iter().map(|o| (o.order.id.raw(), o)).collect(),
            partners,
            assumed,
            passed: passed.collect(),
        })
    }
}

/// Which of some movements say in their leaf that they rest on an assumption.
///
/// # Errors
/// The engine's refusal; a stored leaf that is none.
pub(crate) async fn assumed(
    session: &mut Session,
    movements: &[i64],
) -> Result<BTreeSet<i64>, AppError> {
    let records = store::funds::movements_by_ids(session, movements).await?;
    assumed_among(session, &records).await
}

async fn assumed_among(
    session: &mut Session,
    records: &[MovementRecord],
) -> Result<BTreeSet<i64>, AppError> {
    let indexes = keys(records.iter().map(|record| record.leaf_index));
    let mut leaves = BTreeSet::new();
    for leaf in store::transparency::leaves_at(session, &indexes).await? {
        let parsed = Leaf::parse(&leaf.bytes).map_err(AppError::internal)?;
        if parsed.data.get("assumed") == Some(&Json::Bool(true)) {
            leaves.insert(leaf.index);
        }
    }
    let assumed = records
        .iter()
        .filter(|record| leaves.contains(&record.leaf_index));
    Ok(assumed.map(|record| record.movement.id.0).collect())
}

/// An end without its full stop: for the sentence about the whole gift.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Piece {
    /// In the unit of the gift.
    pub(crate) amount: i64,
    /// As in [`SegmentEnd`].
    pub(crate) kind: &'static str,
    /// 「已于…用于…」
    pub(crate) words: Sentence,
}

impl App {
    /// A page of a story in words: its segments, and the pieces of the one sentence.
    ///
    /// # Errors
    /// The engine's refusal.
    pub(crate) async fn story(
        &self,
        session: &mut Session,
        told: &Told,
    ) -> Result<(Vec<Segment>, Vec<Piece>), AppError> {
        let facts = Facts::read(session, &told.segments).await?;
        let mut segments = Vec::with_capacity(told.segments.len());
        let mut pieces = Vec::with_capacity(told.segments.len());
        for (offset, segment) in &told.segments {
            let (shown, piece) = self.segment(*offset, segment, &facts);
            segments.push(shown);
            pieces.push(piece);
        }
        Ok((segments, pieces))
    }

    fn segment(&self, offset: i64, segment: &ledger::Segment, facts: &Facts) -> (Segment, Piece) {
        let (at, movement) = match segment.fate {
            Fate::Resting(at) => (at, None),
            Fate::Left { movement, at, .. } => (at, Some(movement.0)),
        };
        let fund = facts.funds.get(&at.tape.0);
        let record = movement.and_then(|id| facts.movements.get(&id));
        let (kind, title, mut words): (_, _, Sentence) = match segment.fate {
            Fate::Resting(_) => resting(fund, facts),
            Fate::Left { kind, .. } => left(kind, record, facts),
        };
        if segment
            .hops
            .iter()
            .any(|hop| facts.assumed.contains(&hop.movement.0))
        {
            words = say!(
                "{words}（其间经过一笔按假定划分的资金，无法逐笔对应）",
                words
            );
        }
        let unit = fund.map_or("fen", |fund| unit_word(&fund.unit));
        let print = |id: i64| self.print(Id::<ids::Movement>::from_raw(id));
        let fund_id = self.print(Id::<ids::Fund>::from_raw(at.tape.0));
        let shown = Segment {
            offset: offset.saturating_add(segment.offset),
            share: segment.len,
            amount: if unit == "fen" {
                segment.len
            } else {
                at.span.len
            },
            unit: unit.into(),
            end: SegmentEnd {
                kind: kind.into(),
                title: title.into(),
                sentence: say!("{words}。", words = words.clone()),
            },
            fund: Link {
                title: fund.map_or_else(|| fund_id.clone(), |fund| fund.title.clone()),
                id: fund_id,
            },
            movement: movement.map(print),
            delivery: movement
                .and_then(|id| facts.deliveries.get(&id))
                .map(|delivery| self.print(delivery.id)),
            hops: segment
                .hops
                .iter()
                .map(|hop| print(hop.movement.0))
                .collect(),
            leaves: segment
                .hops
                .iter()
                .filter_map(|hop| facts.passed.get(&hop.movement.0).copied())
                .chain(record.map(|record| record.leaf_index))
                .collect(),
            day: record.map(|record| record.day.to_string()),
        };
        let piece = Piece {
            amount: segment.len,
            kind,
            words,
        };
        (shown, piece)
    }
}

fn resting(fund: Option<&Fund>, facts: &Facts) -> (&'static str, &'static str, Sentence) {
    let Some(fund) = fund else {
        return ("resting", end_title("resting"), "尚未使用".into());
    };
    match fund.kind {
        FundKind::Advance => {
            let partner = fund.partner.and_then(|id| facts.partners.get(&id.raw()));
            // Without an entry in the register the title names it: “预付 某单位”.
            let titled = fund.title.as_str();
            let titled = titled.split_once(' ').map_or(titled, |(_, name)| name);
            let partner = partner.map_or(titled, String::as_str);
            (
                "advanced",
                end_title("advanced"),
                say!(
                    "已预付{partner}，尚未报告使用",
                    partner = partner.to_string()
                ),
            )
        }
        FundKind::Goods => (
            "units",
            end_title("units"),
            say!("已成为物资，库存在“{fund}”", fund = said_title(&fund.title)),
        ),
        FundKind::Held => (
            "resting",
            end_title("held"),
            say!(
                "尚未使用，暂存“{fund}”，等待与捐赠人核对",
                fund = said_title(&fund.title)
            ),
        ),
        FundKind::Fee => kept_by_channel(),
        _ => (
            "resting",
            end_title("resting"),
            say!("尚未使用，存于“{fund}”", fund = said_title(&fund.title)),
        ),
    }
}

/// The channel keeps its fee when it pays the rest, so that share never waits to be used. The books carry it on a tape of
/// its own until the channel's bill is matched; to the donor it is the same before and after.
fn kept_by_channel() -> (&'static str, &'static str, Sentence) {
    ("fee", end_title("fee"), "付了渠道手续费".into())
}

fn left(
    kind: Kind,
    record: Option<&MovementRecord>,
    facts: &Facts,
) -> (&'static str, &'static str, Sentence) {
    let day = || record.map_or(Value::Words(String::new()), |record| record.day.into());
    let order = record
        .and_then(|r| r.matter)
        .and_then(|id| facts.orders.get(&id));
    let delivery = record.and_then(|r| facts.deliveries.get(&r.movement.id.0));
    match kind {
        Kind::Delivery => {
            let words = match (delivery, order) {
                (Some(delivery), _) => delivered(delivery),
                (None, Some(order)) => {
                    let order = &order.order;
                    say!(
                        "已于{day}用于{purpose}，付给{payee}",
                        day = day(),
                        purpose = &order.purpose,
                        payee = &order.payee
                    )
                }
                (None, None) => say!("已于{day}使用", day = day()),
            };
            ("delivered", end_title("delivered"), words)
        }
        Kind::Cost => {
            let class = order.map_or("成本费用", |o| match o.order.class {
                Class::Administration | Class::Fundraising => o.order.class.title(),
                _ => "成本费用",
            });
            let words = match order {
                Some(order) => say!(
                    "已于{day}用于{class}：{purpose}",
                    day = day(),
                    class,
                    purpose = &order.order.purpose
                ),
                None => say!("已于{day}用于{class}", day = day(), class),
            };
            ("cost", end_title("cost"), words)
        }
        Kind::Fee => kept_by_channel(),
        Kind::Refund => (
            "refund",
            end_title("refund"),
            say!("已于{day}退还捐赠人", day = day()),
        ),
        Kind::Correction => (
            "correction",
            end_title("correction"),
            say!("已于{day}作为错误入账更正出账", day = day()),
        ),
        Kind::Chargeback => (
            "chargeback",
            end_title("chargeback"),
            say!("已于{day}被支付渠道退回付款人", day = day()),
        ),
        Kind::Loss => (
            "loss",
            end_title("loss"),
            say!("已于{day}记为损失", day = day()),
        ),
        other => (
            other.code(),
            other.title(),
            say!("已于{day}转出", day = day()),
        ),
    }
}

fn delivered(delivery: &DeliveryRecord) -> Sentence {
    let day = delivery.reached_on;
    if delivery.scheme.is_empty() {
        say!("已于{day}送达{payee}", day, payee = &delivery.payee)
    } else {
        say!(
            "已于{day}用于{scheme}，送达{payee}",
            day,
            scheme = &delivery.scheme,
            payee = &delivery.payee
        )
    }
}

/// Where the money is now, in one sentence. `remaining` is what has no piece on this page.
pub(crate) fn sentence(total: i64, unit: &str, pieces: &[Piece], remaining: i64) -> Sentence {
    let quantity = |amount: i64| Value::Quantity(amount, unit.to_string());
    let mut merged: Vec<Piece> = Vec::new();
    for piece in pieces {
        match merged.iter_mut().find(|known| known.words == piece.words) {
            Some(known) => known.amount = known.amount.saturating_add(piece.amount),
            None => merged.push(piece.clone()),
        }
    }
    if let [only] = merged.as_slice()
        && remaining == 0
    {
        return say!(
            "这{amount}{words}。",
            amount = quantity(total),
            words = only.words.clone()
        );
    }
    let mut parts: Vec<Sentence> = merged
        .iter()
        .take(SENTENCE_PARTS)
        .map(|piece| {
            say!(
                "{amount}{words}",
                amount = quantity(piece.amount),
                words = piece.words.clone()
            )
        })
        .collect();
    let hidden: i64 = merged
        .iter()
        .skip(SENTENCE_PARTS)
        .map(|piece| piece.amount)
        .sum();
    let hidden = hidden.saturating_add(remaining);
    if hidden > 0 {
        parts.push(say!("其余{amount}见下面的明细", amount = quantity(hidden)));
    }
    say!(
        "{amount}中，{parts}。",
        amount = quantity(total),
        parts = Value::Several(parts, "；")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(total: i64, pieces: &[(i64, &'static str)], remaining: i64, want: &str) {
        let pieces: Vec<Piece> = pieces
            .iter()
            .map(|(amount, words)| Piece {
                amount: *amount,
                kind: "resting",
                words: (*words).into(),
            })
            .collect();
        assert_eq!(sentence(total, "fen", &pieces, remaining).to_string(), want);
    }

    #[test]
    fn one_sentence_says_where_the_money_is() {
        check(
            5_000,
            &[(5_000, "尚未使用，存于“冬衣”")],
            0,
            "这50.00元尚未使用，存于“冬衣”。",
        );
        check(
            5_000,
            &[
                (3_000, "已于2026-11-20用于冬衣，送达云山县"),
                (2_000, "尚未使用，存于“冬衣”"),
            ],
            0,
            "50.00元中，30.00元已于2026-11-20用于冬衣，送达云山县；20.00元尚未使用，存于“冬衣”。",
        );
    }

    #[test]
    fn equal_ends_are_added_and_long_stories_summed() {
        check(
            300,
            &[(100, "甲"), (100, "乙"), (100, "甲")],
            0,
            "3.00元中，2.00元甲；1.00元乙。",
        );
        check(
            300,
            &[(100, "甲")],
            200,
            "3.00元中，1.00元甲；其余2.00元见下面的明细。",
        );
        let many = [
            (100, "甲"),
            (100, "乙"),
            (100, "丙"),
            (100, "丁"),
            (100, "戊"),
        ];
        check(
            500,
            &many,
            0,
            "5.00元中，1.00元甲；1.00元乙；1.00元丙；1.00元丁；其余1.00元见下面的明细。",
        );
    }
}

//! Leaves for the tests of this crate.

use crate::envelope::{FundSide, Leaf, LeafSwap, LeafTime, Move};
use crate::json::Json;
use crate::kind::Kind;
use kernel::{Day, Timestamp};
use std::collections::BTreeMap;

pub(crate) const ORG: &str = "org_9XK4T7Q2M8WZRB";
pub(crate) const FUND: &str = "fnd_3HJ6N1V5C0YDPS";
pub(crate) const OTHER: &str = "fnd_4HJ6N1V5C0YDPS";
pub(crate) const PLACE: &str = "plc_7E2ZQK9M4TXW1A";
pub(crate) const BANK: &str = "plc_8E2ZQK9M4TXW1A";

/// The plainest gift, as large as it gets in daily use.
pub(crate) fn gift() -> Leaf {
    Leaf {
        id: "don_5RZ8B3GKQ7N2VJ".into(),
        kind: Kind::Gift,
        organisation: Some(ORG.into()),
        time: LeafTime::Day(Day::parse("2026-11-22").unwrap()),
        streams: streams(&[
            ("camp/0M6PXW4D9ETSYH", 1_234_567),
            ("fund/3HJ6N1V5C0YDPS", 1_234_567),
            ("org/9XK4T7Q2M8WZRB", 7_654_321),
            ("place/7E2ZQK9M4TXW1A", 7_654_321),
        ]),
        moves: vec![
            Move {
                n: 5_000,
                from: None,
                to: side(FUND, 12_345_678_901),
                place_out: None,
                place_in: Some(PLACE.into()),
            }
            .with_lengths(),
        ],
        swaps: Vec::new(),
        reference: None,
        commitments: BTreeMap::from([("gift".into(), [0xA5; 32])]),
        data: BTreeMap::from([("ch".into(), Json::from("wechat"))]),
    }
}

/// A refund with everything an envelope can carry.
pub(crate) fn refund() -> Leaf {
    Leaf {
        id: "mov_5RZ8B3GKQ7N2VJ".into(),
        kind: Kind::Refund,
        time: LeafTime::Second(Timestamp::parse_rfc3339("2026-11-22T04:05:06Z").unwrap()),
        moves: vec![
            Move {
                n: 5_000,
                from: side(FUND, 100),
                to: None,
                place_out: Some(PLACE.into()),
                place_in: None,
            }
            .with_lengths(),
        ],
        swaps: vec![LeafSwap {
            tape: FUND.into(),
            from: 9_000,
            to: 100,
            len: 5_000,
        }],
        reference: Some([0x5A; 32]),
        data: BTreeMap::from([("reason".into(), Json::from("donor.asked"))]),
        ..gift()
    }
}

/// Two transfers from the channel to the bank.
pub(crate) fn settlement() -> Leaf {
    let transfer = |fund: &str| Move {
        n: 700,
        from: Some(FundSide {
            fund: fund.into(),
            span: None,
        }),
        to: Some(FundSide {
            fund: fund.into(),
            span: None,
        }),
        place_out: Some(PLACE.into()),
        place_in: Some(BANK.into()),
    };
    Leaf {
        id: "mov_6RZ8B3GKQ7N2VJ".into(),
        kind: Kind::Settlement,
        streams: streams(&[
            ("fund/3HJ6N1V5C0YDPS", 2),
            ("fund/4HJ6N1V5C0YDPS", 1),
            ("org/9XK4T7Q2M8WZRB", 3),
            ("place/7E2ZQK9M4TXW1A", 4),
            ("place/8E2ZQK9M4TXW1A", 5),
        ]),
        moves: vec![transfer(FUND), transfer(OTHER)],
        commitments: BTreeMap::new(),
        data: BTreeMap::from([("bill".into(), Json::from(crate::digest_text(&[9; 32])))]),
        ..gift()
    }
}

pub(crate) fn streams(rows: &[(&str, i64)]) -> Vec<(String, i64)> {
    rows.iter()
        .map(|(name, seq)| ((*name).to_owned(), *seq))
        .collect()
}

fn side(fund: &str, start: i64) -> Option<FundSide> {
    Some(FundSide {
        fund: fund.into(),
        span: Some((start, start)),
    })
}

impl Move {
    /// Gives the spans the length of the amount.
    fn with_lengths(mut self) -> Move {
        for side in [&mut self.from, &mut self.to].into_iter().flatten() {
            if let Some((start, end)) = &mut side.span {
                *end = *start + self.n;
            }
        }
        self
    }
}

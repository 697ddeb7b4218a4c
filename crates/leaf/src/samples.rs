//! Leaves for the tests of this crate.

use crate::envelope::{FundSide, Leaf, LeafSwap, LeafTime, Move};
use crate::json::Json;
use crate::kind::{EVERYWHERE, KINDS, Kind, Need, Rules, Shape};
use crate::vocabulary::{Form, word};
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

/// One leaf of every kind with every word that it may have, all of it honest.
pub(crate) fn every_kind() -> Vec<Leaf> {
    KINDS
        .iter()
        .map(|(kind, rules)| full(kind, rules))
        .collect()
}

fn full(kind: &Kind, rules: &Rules) -> Leaf {
    let words = [rules.must, rules.may, EVERYWHERE].concat();
    let mut rows = vec![
        ("camp/0M6PXW4D9ETSYH", 7),
        ("fund/3HJ6N1V5C0YDPS", 8),
        ("fund/4HJ6N1V5C0YDPS", 9),
        ("org/9XK4T7Q2M8WZRB", 10),
        ("place/7E2ZQK9M4TXW1A", 11),
        ("place/8E2ZQK9M4TXW1A", 12),
        ("uscc/53330000MJX00000X3", 1),
    ];
    if *kind == Kind::Register {
        rows.insert(6, ("register/9XK4T7Q2M8WZRB", 1));
    }
    Leaf {
        kind: kind.clone(),
        organisation: (*kind != Kind::Index && *kind != Kind::Log).then(|| ORG.into()),
        streams: streams(&rows),
        moves: shaped(rules.shape).into_iter().collect(),
        swaps: match rules.swaps {
            Need::Never => Vec::new(),
            Need::May | Need::Must => refund().swaps,
        },
        reference: (rules.reference != Need::Never).then_some([0x5A; 32]),
        data: words
            .into_iter()
            .map(|key| (key.to_owned(), honest(key)))
            .collect(),
        ..gift()
    }
}

fn shaped(shape: Shape) -> Option<Move> {
    let (from, to) = match shape {
        Shape::None => return None,
        Shape::Places => return settlement().moves.into_iter().next(),
        Shape::In => (None, side(FUND, 100)),
        Shape::Out => (side(FUND, 100), None),
        Shape::Between | Shape::Back | Shape::Convert => (side(FUND, 100), side(OTHER, 0)),
    };
    let movement = Move {
        n: 5_000,
        place_out: from.as_ref().map(|_| PLACE.into()),
        place_in: to.as_ref().map(|_| BANK.into()),
        from,
        to,
    };
    Some(movement.with_lengths())
}

/// An honest value of a word.
pub(crate) fn honest(key: &str) -> Json {
    let digest = crate::digest_text(&[9; 32]);
    match (key, word(key).unwrap().form) {
        (_, Form::Truth) => true.into(),
        ("amount" | "target" | "value", _) => 13_812_345_678_i64.into(),
        (_, Form::Count) => 1_234_567_i64.into(),
        ("source_id", _) => "zj-2026-000123".into(),
        ("reason", _) => "donor.asked".into(),
        (_, Form::Code) => "wechat".into(),
        ("law", _) => "慈善法 第四十一条".into(),
        (_, Form::Name) => "云山县人民医院".into(),
        (_, Form::Unit) => "口罩|N95 20只/盒|盒".into(),
        (_, Form::Day) => "2026-11-22".into(),
        (_, Form::Month) => "2026-11".into(),
        (_, Form::Region) => "330106001001".into(),
        (_, Form::Uscc) => "53330000MJX00000X3".into(),
        (_, Form::Decimal) => "7.123456".into(),
        (_, Form::Filing) => "53330000MJX00000X3A26001".into(),
        (_, Form::Id(prefix)) => format!("{prefix}_9XK4T7Q2M8WZRB").into(),
        (_, Form::Digest) => digest.into(),
        (_, Form::Digests) => vec![Json::from(digest)].into(),
        (_, Form::Files) => {
            let file = [
                ("len", Json::Int(1_234_567)),
                ("mime", "image/png".into()),
                ("sha256", digest.into()),
            ];
            vec![Json::from(file)].into()
        }
        (_, Form::Ratio) => vec![Json::Int(1), Json::Int(50)].into(),
        (_, Form::Signature) => crate::digest::bytes_text(&[7; 64]).into(),
        (_, Form::Origin) => "log.example.org.cn/gongyi".into(),
        (_, Form::Key) => {
            "log.example.org.cn/gongyi+e2f10e43+AUvhMTOaMGpZlqPnpUkzZg5xEdQpLFS4v4MbfMHJJJ9b".into()
        }
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

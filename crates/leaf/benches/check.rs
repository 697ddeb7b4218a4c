//! How fast leaves are written, read and checked, on one core: `cargo bench -p leaf`.

#![expect(clippy::disallowed_methods, reason = "a bench reads the clock")]
#![expect(clippy::expect_used, reason = "a bench may stop")]

use leaf::{Checker, FundSide, Kind, Leaf, LeafTime, Move, stream_name};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

const LEAVES: u64 = 500_000;
const FUNDS: u64 = 200;
const ORG: &str = "org_0000000000000A";
const PLACE: &str = "plc_0000000000000A";

fn blank(kind: Kind, id: String) -> Leaf {
    Leaf {
        id,
        kind,
        organisation: Some(ORG.into()),
        time: LeafTime::Day(kernel::Day::from_number(20_779)),
        streams: Vec::new(),
        moves: Vec::new(),
        swaps: Vec::new(),
        reference: None,
        commitments: BTreeMap::new(),
        data: BTreeMap::new(),
    }
}

/// Numbers the streams of a leaf.
fn with_streams(mut leaf: Leaf, ids: &[&str], numbers: &mut BTreeMap<String, i64>) -> Leaf {
    for name in ids.iter().filter_map(|id| stream_name(id)) {
        let number = numbers.entry(name.clone()).or_insert(0);
        *number += 1;
        leaf.streams.push((name, *number));
    }
    leaf.streams.sort();
    leaf
}

fn gift(serial: u64, inflow: &mut [i64]) -> Leaf {
    let fund = serial % FUNDS;
    let start = inflow.get_mut(fund as usize).expect("a fund");
    let span = (*start, *start + 5_000);
    *start = span.1;
    let mut leaf = blank(Kind::Gift, format!("don_{serial:014}"));
    leaf.moves = vec![Move {
        n: 5_000,
        from: None,
        to: Some(FundSide {
            fund: format!("fnd_{fund:014}"),
            span: Some(span),
        }),
        place_out: None,
        place_in: Some(PLACE.into()),
    }];
    leaf.data = BTreeMap::from([("ch".into(), "wechat".into())]);
    leaf.commitments = BTreeMap::from([("gift".into(), [serial as u8; 32])]);
    leaf
}

fn leaves() -> Vec<Leaf> {
    let mut numbers = BTreeMap::new();
    let mut inflow = vec![0; FUNDS as usize];
    let mut list = vec![with_streams(
        blank(Kind::Place, PLACE.into()),
        &[ORG, PLACE],
        &mut numbers,
    )];
    for fund in 0..FUNDS {
        let id = format!("fnd_{fund:014}");
        let mut leaf = blank(Kind::Fund, id.clone());
        leaf.data = BTreeMap::from([("unit".into(), "fen".into())]);
        list.push(with_streams(leaf, &[ORG, &id], &mut numbers));
    }
    for serial in 0..LEAVES {
        let leaf = gift(serial, &mut inflow);
        let fund = format!("fnd_{:014}", serial % FUNDS);
        let campaign = format!("cam_{:014}", serial % 50);
        list.push(with_streams(
            leaf,
            &[&campaign, &fund, ORG, PLACE],
            &mut numbers,
        ));
    }
    list
}

fn say(what: &str, count: usize, time: Duration) {
    let per_second = count as u128 * 1_000_000_000 / time.as_nanos().max(1);
    println!("{what:<28} {per_second:>9} leaves/s");
}

fn main() {
    let leaves = leaves();
    let start = Instant::now();
    let bytes: Vec<Vec<u8>> = leaves.iter().map(|l| l.encode().expect("a leaf")).collect();
    say("encode", leaves.len(), start.elapsed());
    let start = Instant::now();
    assert!(
        bytes
            .iter()
            .zip(&leaves)
            .all(|(b, l)| Leaf::parse(b).as_ref() == Ok(l))
    );
    say("parse and compare", leaves.len(), start.elapsed());
    let start = Instant::now();
    let hashes: Vec<[u8; 32]> = bytes
        .iter()
        .map(|b| {
            Sha256::new()
                .chain_update([0])
                .chain_update(b)
                .finalize()
                .into()
        })
        .collect();
    say("hash", leaves.len(), start.elapsed());
    let start = Instant::now();
    let mut checker = Checker::new(&[7; 32]);
    for (index, (bytes, hash)) in bytes.iter().zip(&hashes).enumerate() {
        checker.feed(index as u64, bytes, hash);
    }
    let report = checker.finish();
    say("check (hashes given)", leaves.len(), start.elapsed());
    // The log has no opening leaf; nothing else is wrong with it.
    assert_eq!(report.found, 1, "{:?}", report.findings.first());
}

//! A small log with everything in it is clean, and each kind of damage is named.

use super::*;
use crate::envelope::{FundSide, Leaf, LeafSwap, Move, stream_name};
use crate::json::Json;
use crate::samples;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

const ORG: &str = "org_AAAAAAAAAAAAAA";
const STRANGER: &str = "org_BBBBBBBBBBBBBB";
const FUND: &str = "fnd_AAAAAAAAAAAAAA";
const ADVANCE: &str = "fnd_BBBBBBBBBBBBBB";
const MASKS: &str = "fnd_CCCCCCCCCCCCCC";
const CHANNEL: &str = "plc_AAAAAAAAAAAAAA";
const BANK: &str = "plc_BBBBBBBBBBBBBB";
const STORE: &str = "plc_CCCCCCCCCCCCCC";
/// Where the leaves of [`house`] stand.
const GIFT: usize = 8;
const SECOND_GIFT: usize = 9;
const SETTLEMENT: usize = 11;
const ALLOTMENT: usize = 12;
const PURCHASE: usize = 13;
const REFUND: usize = 14;
const DELIVERY: usize = 15;

fn bytes_of(leaf: &Leaf) -> Vec<u8> {
    crate::envelope::write(&leaf.view()).unwrap()
}

fn hash_of(bytes: &[u8]) -> [u8; 32] {
    Sha256::new()
        .chain_update([0])
        .chain_update(bytes)
        .finalize()
        .into()
}

fn run(leaves: &[Vec<u8>]) -> Report {
    let mut checker = Checker::new(&[0x77; 32]);
    for (index, bytes) in leaves.iter().enumerate() {
        checker.feed(index as u64, bytes, &hash_of(bytes));
    }
    checker.end_checkpoint();
    checker.finish()
}

/// Writes leaves with the right stream numbers.
#[derive(Default)]
struct Log {
    leaves: Vec<Leaf>,
    sequences: BTreeMap<String, i64>,
}

impl Log {
    fn add(&mut self, kind: Kind, id: &str, data: &[(&str, Json)], moves: Vec<Move>) -> &mut Leaf {
        let sides = moves
            .iter()
            .flat_map(|m| [&m.from, &m.to])
            .flatten()
            .map(|s| s.fund.as_str());
        let places = moves
            .iter()
            .flat_map(|m| [&m.place_out, &m.place_in])
            .flatten();
        let names = sides
            .chain(places.map(String::as_str))
            .chain([ORG])
            .filter_map(stream_name);
        let mut streams: Vec<(String, i64)> = names.map(|name| (name, 0)).collect();
        streams.sort();
        streams.dedup();
        for (name, sequence) in &mut streams {
            let next = self.sequences.entry(name.clone()).or_default();
            *next += 1;
            *sequence = *next;
        }
        self.leaves.push(Leaf {
            id: id.to_owned(),
            kind,
            organisation: Some(ORG.into()),
            streams,
            moves,
            commitments: BTreeMap::new(),
            data: data
                .iter()
                .map(|(key, value)| ((*key).to_owned(), value.clone()))
                .collect(),
            ..samples::gift()
        });
        self.leaves.last_mut().unwrap()
    }

    fn statements(&mut self) {
        let first = self.add(
            Kind::Log,
            "ann_00000000000000",
            &[
                ("origin", "log.example/a".into()),
                ("start", "2026-11-22".into()),
                (
                    "key",
                    format!("log.example/a+01234567+{}", "B".repeat(44)).into(),
                ),
            ],
            Vec::new(),
        );
        first.organisation = None;
        first.streams.clear();
        self.sequences.clear();
        self.add(
            Kind::Organisation,
            ORG,
            &[("name", "浙江省慈善联合总会".into())],
            Vec::new(),
        );
        for (fund, unit) in [(FUND, "fen"), (ADVANCE, "fen"), (MASKS, "只")] {
            self.add(Kind::Fund, fund, &[("unit", unit.into())], Vec::new());
        }
        for place in [CHANNEL, BANK, STORE] {
            self.add(Kind::Place, place, &[], Vec::new());
        }
    }

    fn gift(&mut self, serial: usize, start: i64, n: i64) {
        let id = format!("don_{serial:014}");
        self.add(
            Kind::Gift,
            &id,
            &[("ch", "wechat".into())],
            vec![inflow(FUND, start, n)],
        );
    }
}

fn side(fund: &str, span: (i64, i64)) -> Option<FundSide> {
    Some(FundSide {
        fund: fund.into(),
        span: Some(span),
    })
}

fn inflow(fund: &str, start: i64, n: i64) -> Move {
    let to = side(fund, (start, start + n));
    Move {
        n,
        from: None,
        to,
        place_out: None,
        place_in: Some(CHANNEL.into()),
    }
}

fn outflow(fund: &str, start: i64, n: i64) -> Move {
    let from = side(fund, (start, start + n));
    Move {
        n,
        from,
        to: None,
        place_out: Some(BANK.into()),
        place_in: None,
    }
}

/// Three gifts of 1000, 500 and 300 fen; all go to the bank; 400 are advanced, 200 buy 50
/// masks, the second gift is refunded by half, 100 are delivered.
fn house() -> Vec<Leaf> {
    let mut log = Log::default();
    log.statements();
    for (serial, start, n) in [(1, 0, 1_000), (2, 1_000, 500), (3, 1_500, 300)] {
        log.gift(serial, start, n);
    }
    let whole = || {
        Some(FundSide {
            fund: FUND.into(),
            span: None,
        })
    };
    let transfer = Move {
        n: 1_800,
        from: whole(),
        to: whole(),
        place_out: Some(CHANNEL.into()),
        place_in: Some(BANK.into()),
    };
    let bill = [("bill", crate::digest_text(&[1; 32]).into())];
    log.add(
        Kind::Settlement,
        "mov_00000000000001",
        &bill,
        vec![transfer],
    );
    let advance = Move {
        to: side(ADVANCE, (0, 400)),
        place_in: Some(BANK.into()),
        ..outflow(FUND, 0, 400)
    };
    log.add(Kind::Allotment, "dsb_00000000000001", &[], vec![advance]);
    let purchase = Move {
        to: side(MASKS, (0, 50)),
        place_in: Some(STORE.into()),
        ..outflow(FUND, 400, 200)
    };
    log.add(Kind::Conversion, "mov_00000000000002", &[], vec![purchase]);
    let second_gift = hash_of(&bytes_of(&log.leaves[SECOND_GIFT]));
    let refund = log.add(
        Kind::Refund,
        "mov_00000000000003",
        &[],
        vec![outflow(FUND, 600, 250)],
    );
    refund.reference = Some(second_gift);
    refund.swaps = vec![LeafSwap {
        tape: FUND.into(),
        from: 1_000,
        to: 600,
        len: 250,
    }];
    log.add(
        Kind::Delivery,
        "dlv_00000000000001",
        &[],
        vec![outflow(FUND, 850, 100)],
    );
    log.leaves
}

fn run_leaves(leaves: &[Leaf]) -> Report {
    run(&leaves.iter().map(bytes_of).collect::<Vec<_>>())
}

fn codes(report: &Report) -> Vec<&'static str> {
    report.findings.iter().map(|finding| finding.code).collect()
}

#[test]
fn an_honest_log_is_clean_and_adds_up() {
    let report = run_leaves(&house());
    assert_eq!(report.findings, []);
    assert_eq!((report.leaves, report.found, report.streams), (16, 0, 7));
    let [organisation] = report.organisations.as_slice() else {
        panic!("one organisation")
    };
    let funds: Vec<_> = organisation
        .funds
        .iter()
        .map(|f| (f.id.as_str(), f.unit.as_str(), f.balance()))
        .collect();
    assert_eq!(
        funds,
        [(FUND, "fen", 850), (ADVANCE, "fen", 400), (MASKS, "只", 50)]
    );
    let places: Vec<_> = organisation
        .places
        .iter()
        .map(|p| (p.id.as_str(), p.unit.as_str(), p.balance))
        .collect();
    assert_eq!(
        places,
        [(CHANNEL, "fen", 0), (BANK, "fen", 1_250), (STORE, "只", 50)]
    );
}

#[test]
fn every_leaf_of_the_honest_log_could_be_written() {
    for leaf in house() {
        assert_eq!(
            leaf.encode().map_err(|e| e.to_string()),
            Ok(bytes_of(&leaf))
        );
    }
}

/// Damages the honest log; the first finding has this code at this leaf.
#[track_caller]
fn check(code: &str, index: usize, damage: impl FnOnce(&mut Vec<Leaf>)) {
    let mut leaves = house();
    damage(&mut leaves);
    let report = run_leaves(&leaves);
    let first = report.findings.first().map(|f| (f.code, f.index));
    assert_eq!(
        first,
        Some((code, Some(index as u64))),
        "{:?}",
        report.findings
    );
}

fn move_of(leaves: &mut [Leaf], at: usize) -> &mut Move {
    &mut leaves[at].moves[0]
}

#[test]
fn lost_doubled_and_exchanged_leaves_are_named() {
    check("log.first", 0, |l| drop(l.remove(0)));
    check("stream.gap", SECOND_GIFT, |l| drop(l.remove(SECOND_GIFT)));
    check("stream.gap", GIFT, |l| l.swap(GIFT, SECOND_GIFT));
    check("id.repeated", SECOND_GIFT, |l| {
        l[SECOND_GIFT] = l[GIFT].clone()
    });
    check("log.first", 3, |l| l[3] = l[0].clone());
}

#[test]
fn any_lost_doubled_or_exchanged_leaf_is_found() {
    let honest = house();
    for at in 0..honest.len() {
        let mut doubled = honest.clone();
        doubled.insert(at, honest[at].clone());
        assert!(!run_leaves(&doubled).is_clean(), "doubled {at}");
        let mut exchanged = honest.clone();
        exchanged.swap(at, (at + 1) % honest.len());
        assert!(!run_leaves(&exchanged).is_clean(), "exchanged {at}");
        if at + 1 < honest.len() {
            let mut lost = honest.clone();
            lost.remove(at);
            assert!(!run_leaves(&lost).is_clean(), "lost {at}");
        }
    }
}

#[test]
fn a_changed_stream_is_named() {
    check("stream.gap", GIFT, |l| l[GIFT].streams[0].1 += 1);
    check("stream.repeated", SECOND_GIFT, |l| {
        l[SECOND_GIFT].streams[0].1 -= 1
    });
    check("leaf.stream_missing", GIFT, |l| {
        drop(l[GIFT].streams.remove(0))
    });
    check("leaf.envelope", GIFT, |l| l[GIFT].streams.swap(0, 1));
}

#[test]
fn a_changed_amount_is_named() {
    check("leaf.envelope", GIFT, |l| move_of(l, GIFT).n += 1);
    check("tape.in", SECOND_GIFT, |l| {
        move_of(l, GIFT).n += 1;
        move_of(l, GIFT).to = side(FUND, (0, 1_001));
    });
    check("tape.out", PURCHASE, |l| {
        move_of(l, ALLOTMENT).n -= 1;
        move_of(l, ALLOTMENT).from = side(FUND, (0, 399));
        move_of(l, ALLOTMENT).to = side(ADVANCE, (0, 399));
    });
    check("leaf.content", ALLOTMENT, |l| {
        move_of(l, ALLOTMENT).to = side(ADVANCE, (0, 401))
    });
}

#[test]
fn gaps_and_overlaps_of_tapes_are_named() {
    check("tape.in", SECOND_GIFT, |l| {
        move_of(l, SECOND_GIFT).to = side(FUND, (999, 1_499))
    });
    check("tape.in", SECOND_GIFT, |l| {
        move_of(l, SECOND_GIFT).to = side(FUND, (1_001, 1_501))
    });
    check("tape.out", DELIVERY, |l| {
        move_of(l, DELIVERY).from = side(FUND, (849, 949))
    });
    check("tape.out", DELIVERY, |l| {
        move_of(l, DELIVERY).from = side(FUND, (851, 951))
    });
    check("tape.overdrawn", DELIVERY, |l| {
        *move_of(l, DELIVERY) = outflow(FUND, 850, 951)
    });
}

#[test]
fn places_and_owners_are_followed() {
    check("place.negative", ALLOTMENT, |l| {
        move_of(l, SETTLEMENT).n = 399
    });
    check("place.negative", SETTLEMENT, |l| {
        move_of(l, SETTLEMENT).n = 1_801
    });
    check("fund.undeclared", GIFT, |l| l[2].kind = Kind::Item);
    check("place.undeclared", GIFT, |l| l[5].kind = Kind::Item);
    check("owner.differs", GIFT, |l| {
        l[5].organisation = Some(STRANGER.into());
        l[5].streams = samples::streams(&[("org/BBBBBBBBBBBBBB", 1)]);
        for (at, leaf) in l.iter_mut().enumerate().skip(6) {
            let own = leaf
                .streams
                .iter_mut()
                .find(|(name, _)| name.starts_with("org/"));
            own.unwrap().1 = at as i64 - 1;
        }
    });
    check("owner.stranger", DELIVERY, |l| {
        l[DELIVERY].organisation = Some(STRANGER.into());
        l[DELIVERY]
            .streams
            .insert(2, ("org/BBBBBBBBBBBBBB".into(), 1));
        l[DELIVERY].streams.sort();
    });
    check("unit.differs", PURCHASE, |l| {
        l[PURCHASE].kind = Kind::Allotment;
        *move_of(l, PURCHASE) = Move {
            to: side(MASKS, (0, 200)),
            ..move_of(l, PURCHASE).clone()
        };
    });
}

#[test]
fn statements_about_funds_and_places_hold() {
    let again = |l: &mut Vec<Leaf>, at: usize, change: fn(&mut Leaf)| {
        let mut second = l[at].clone();
        second.reference = Some(hash_of(&bytes_of(&l[at])));
        second.streams[0].1 = 16;
        change(&mut second);
        l.push(second);
    };
    check("fund.changed", 16, |l| {
        again(l, 2, |f| drop(f.data.insert("unit".into(), "元".into())))
    });
    check("fund.id", 16, |l| {
        again(l, 2, |f| f.id = "org_DDDDDDDDDDDDDD".into())
    });
    check("place.id", 16, |l| {
        again(l, 5, |f| f.id = "org_DDDDDDDDDDDDDD".into())
    });
    let mut leaves = house();
    again(&mut leaves, 2, |f| {
        drop(f.data.insert("version".into(), Json::Int(2)))
    });
    assert_eq!(codes(&run_leaves(&leaves)), [""; 0]);
}

#[test]
fn references_name_earlier_leaves() {
    check("ref.unknown", REFUND, |l| {
        l[REFUND].reference = Some([9; 32])
    });
    check("ref.unknown", REFUND, |l| {
        l[REFUND].reference = Some(hash_of(&bytes_of(&l[DELIVERY])));
    });
    check("leaf.content", REFUND, |l| l[REFUND].reference = None);
}

#[test]
fn swaps_stay_inside_the_tape() {
    let check_swap = |from, to, len| {
        check("swap.form", REFUND, |l| {
            l[REFUND].swaps = vec![LeafSwap {
                tape: FUND.into(),
                from,
                to,
                len,
            }];
        });
    };
    check_swap(1_000, 599, 250);
    check_swap(1_000, 601, 250);
    check_swap(849, 600, 250);
    check_swap(1_551, 600, 250);
    let run_of = |from, to, len| LeafSwap {
        tape: FUND.into(),
        from,
        to,
        len,
    };
    check("swap.form", REFUND, |l| {
        l[REFUND].swaps = vec![run_of(1_000, 700, 100), run_of(1_100, 600, 100)];
    });
    check("swap.form", REFUND, |l| {
        l[REFUND].swaps = vec![run_of(1_000, 600, 100), run_of(1_050, 700, 100)];
    });
    check("swap.form", REFUND, |l| {
        l[REFUND].swaps[0].tape = ADVANCE.into()
    });
    check("leaf.content", GIFT, |l| {
        l[GIFT].swaps = l[REFUND].swaps.clone()
    });
}

#[test]
fn foreign_words_and_personal_data_are_named() {
    check("leaf.word", GIFT, |l| {
        drop(l[GIFT].data.insert("donor".into(), "王".into()))
    });
    check("leaf.personal", GIFT, |l| {
        drop(l[GIFT].data.insert("ch".into(), "13812345678".into()))
    });
    check("leaf.personal", GIFT, |l| {
        l[GIFT].kind = Kind::Unknown("vote/1".into());
        l[GIFT].data = BTreeMap::from([("x".into(), vec![Json::from("电话13812345678")].into())]);
    });
}

#[test]
fn bytes_that_are_not_canonical_are_named() {
    let mut leaves: Vec<_> = house().iter().map(bytes_of).collect();
    leaves[GIFT].insert(1, b' ');
    assert_eq!(codes(&run(&leaves)).first(), Some(&"json.form"));
    leaves[GIFT] = vec![0xff];
    assert_eq!(codes(&run(&leaves)).first(), Some(&"json.utf8"));
    leaves[GIFT] = vec![b' '; 70_000];
    assert_eq!(codes(&run(&leaves)).first(), Some(&"json.size"));
}

#[test]
fn any_changed_digit_is_found() {
    // What one leaf says of money, alone, contradicts the others: no hash is needed.
    let honest: Vec<_> = house().iter().map(bytes_of).collect();
    for at in GIFT..SETTLEMENT {
        let text = String::from_utf8(honest[at].clone()).unwrap();
        let (from, to) = (text.find("\"mv\"").unwrap(), text.find("\"pi\"").unwrap());
        for digit in (from..to).filter(|d| text.as_bytes()[*d].is_ascii_digit()) {
            let mut leaves = honest.clone();
            let byte = &mut leaves[at][digit];
            *byte = if *byte == b'9' { b'1' } else { *byte + 1 };
            assert!(!run(&leaves).is_clean(), "leaf {at} byte {digit}");
        }
    }
}

#[test]
fn an_index_that_jumps_is_named() {
    let mut checker = Checker::new(&[1; 32]);
    let leaf = bytes_of(&house()[0]);
    checker.feed(3, &leaf, &hash_of(&leaf));
    assert_eq!(checker.found(), 2);
    assert_eq!(codes(&checker.finish()), ["log.index", "log.first"]);
}

#[test]
fn what_is_not_understood_is_said() {
    let mut leaves = house();
    leaves[GIFT].kind = Kind::Unknown("gift/2".into());
    let report = run_leaves(&leaves);
    assert!(report.is_clean(), "{:?}", report.findings);
    assert!(
        report.unchecked[0].contains("1条“gift/2”（首条在第8条）"),
        "{:?}",
        report.unchecked
    );
    assert!(report.unchecked.iter().any(|line| line.contains("换位")));
}

#[test]
fn findings_are_counted_beyond_those_that_are_kept() {
    let leaf = b"{}".to_vec();
    let report = run(&vec![leaf; crate::limits::FINDINGS + 10]);
    assert_eq!(report.findings.len(), crate::limits::FINDINGS);
    assert_eq!(report.found, crate::limits::FINDINGS as u64 + 10);
}

#[test]
fn funds_must_equal_places_at_the_end() {
    let mut findings = Findings::default();
    let mut books = Books::new(&[1; 32]);
    let leaves = house();
    for leaf in &leaves {
        books.read(&leaf.view(), &mut findings);
    }
    let mut gift = leaves[GIFT].clone();
    // The form of a leaf forbids this; the books would see it all the same.
    gift.moves[0] = Move {
        n: 7,
        from: None,
        place_out: None,
        ..leaves[SETTLEMENT].moves[0].clone()
    };
    books.read(&gift.view(), &mut findings);
    findings.at_end();
    books.finish(&mut findings);
    let (_, list) = findings.into_parts();
    let codes: Vec<_> = list.iter().map(|f| (f.code, f.index)).collect();
    assert_eq!(
        codes,
        [("fund.places", None), ("organisation.places", None)]
    );
}

proptest::proptest! {
    #[test]
    fn any_bytes_are_read_without_harm(
        leaves in proptest::collection::vec(proptest::collection::vec(proptest::num::u8::ANY, 0..80), 0..6),
    ) {
        let report = run(&leaves);
        proptest::prop_assert_eq!(report.found >= leaves.len() as u64, true);
    }
}

/// The statement that follows from the leaves, with changes.
fn indexed(leaves: &mut Vec<Leaf>, change: impl FnOnce(&mut crate::IndexStatement)) {
    let mut index = crate::StreamIndex::new();
    for leaf in leaves.iter() {
        for (name, _) in &leaf.streams {
            index
                .append(name, tlog::leaf_hash(&bytes_of(leaf)))
                .unwrap();
        }
    }
    let mut said = crate::IndexStatement::new(leaves.len() as i64, index.root());
    change(&mut said);
    let id = format!("idx_{:014}", leaves.len());
    let time = leaves.last().unwrap().time;
    leaves.push(said.leaf(id, time));
}

#[test]
fn an_index_is_believed_only_if_it_follows_from_the_leaves() {
    let mut leaves = house();
    indexed(&mut leaves, |_| ());
    let report = run_leaves(&leaves);
    assert_eq!(codes(&report), [""; 0], "{:?}", report.findings);
    assert!(!report.unchecked.iter().any(|line| line.contains("索引")));
    let end = house().len();
    check("index.root", end, |l| {
        indexed(l, |said| said.root.0[0] ^= 1)
    });
    check("index.before", end, |l| indexed(l, |said| said.before -= 1));
    check("index.rules", end, |l| {
        indexed(l, |said| said.rules[0] ^= 1)
    });
    check("index.root", end, |l| {
        indexed(l, |_| ());
        // The same leaves in the same streams, but one of them says something else.
        l[GIFT].data.insert("ch".into(), "alipay".into());
    });
    // From the first one on, a log ends in one.
    let last = leaves[1].clone();
    leaves.push(last);
    let report = run_leaves(&leaves);
    assert!(codes(&report).contains(&"index.missing"));
    assert!(
        run_leaves(&house())
            .unchecked
            .iter()
            .any(|line| line.contains("还没有索引"))
    );
}

mod directory;
mod own_words;
mod proofs;
mod registers;

fn test_log() -> Vec<Vec<u8>> {
    let mut log = Log::default();
    log.statements();
    let mut first = log.leaves.swap_remove(0);
    first.kind = Kind::TestLog;
    vec![
        bytes_of(&first),
        b"any bytes".to_vec(),
        b"any bytes".to_vec(),
        vec![0xFF],
    ]
}

#[test]
fn entries_of_a_test_log_may_be_anything_and_that_is_said() {
    let report = run(&test_log());
    assert!(report.is_test && report.is_clean(), "{:?}", report.findings);
    assert_eq!(report.leaves, 4);
    assert_eq!(report.unchecked, [test_log_words(3)]);
    // A beginning further on hides nothing: it is a finding, and what follows is checked.
    let mut leaves: Vec<Vec<u8>> = house().iter().map(bytes_of).collect();
    leaves.insert(GIFT, test_log()[0].clone());
    leaves.push(b"any bytes".to_vec());
    let report = run(&leaves);
    assert!(!report.is_test);
    assert!(codes(&report).contains(&"log.first"), "{report:?}");
    assert_eq!(
        report.findings.last().unwrap().index,
        Some(leaves.len() as u64 - 1)
    );
}

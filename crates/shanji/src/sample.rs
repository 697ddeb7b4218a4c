//! A small honest house for tests: its leaves, the files of its log, and a donor's receipt.

use kernel::{Day, Timestamp};
use leaf::{
    Answered, FundSide, IndexProof, IndexStatement, Json, Kind, Leaf, LeafTime, Move, Opening,
    ReceiptExtra, ShownLeaf, StreamIndex, stream_name,
};
use std::collections::BTreeMap;
use tlog::map::range_proof;
use tlog::{Checkpoint, Edge, ProofFile, Signer, TileSet, VerifierKey, encode_bundle, leaf_hash};
use tlog::{bundles_of, inclusion_proof, tiles_of};

pub(crate) const ORIGIN: &str = "log.example/a";
pub(crate) const GIFT_ID: &str = "don_00000000000001";
/// The gift of the receipt.
pub(crate) const GIFT: usize = 6;
/// Leaves before the gifts.
const STATEMENTS: usize = 5;
const ORG: &str = "org_AAAAAAAAAAAAAA";
const FUND: &str = "fnd_AAAAAAAAAAAAAA";
const CHANNEL: &str = "plc_AAAAAAAAAAAAAA";
const BANK: &str = "plc_BBBBBBBBBBBBBB";

pub(crate) fn signer(name: &str, seed: u8) -> Signer {
    Signer::from_seed(name, &[seed; 32]).unwrap()
}

pub(crate) fn key() -> VerifierKey {
    signer(ORIGIN, 1).verifier().clone()
}

/// Numbers each leaf in its streams.
#[derive(Default)]
struct Streams(BTreeMap<String, i64>);

impl Streams {
    fn number(&mut self, leaf: &mut Leaf, ids: &[&str]) {
        let mut names: Vec<String> = ids.iter().filter_map(|id| stream_name(id)).collect();
        names.sort();
        names.dedup();
        for name in names {
            let last = self.0.entry(name.clone()).or_default();
            *last += 1;
            leaf.streams.push((name, *last));
        }
    }
}

fn blank(kind: Kind, id: &str) -> Leaf {
    Leaf {
        id: id.into(),
        kind,
        organisation: Some(ORG.into()),
        time: LeafTime::Second(Timestamp::parse_rfc3339("2026-11-22T04:05:06Z").unwrap()),
        streams: Vec::new(),
        moves: Vec::new(),
        swaps: Vec::new(),
        reference: None,
        commitments: BTreeMap::new(),
        data: BTreeMap::new(),
    }
}

fn side(start: i64, n: i64) -> Option<FundSide> {
    Some(FundSide {
        fund: FUND.into(),
        span: Some((start, start + n)),
    })
}

fn opening() -> Opening {
    Opening::of(
        &[7; 32],
        GIFT_ID,
        "gift",
        "{\"at\":\"2026-11-22T04:05:06Z\",\"donor\":\"张三\"}",
    )
}

/// A test log: its beginning, and entries of any bytes.
pub(crate) fn test_log(size: usize) -> Vec<Vec<u8>> {
    let mut first = Leaf::parse(&leaves(8)[0]).unwrap();
    first.kind = Kind::TestLog;
    let entry = |n: usize| {
        if n.is_multiple_of(3) {
            vec![0xFF; 7]
        } else {
            vec![b'x'; n]
        }
    };
    let entries = (1..size).map(entry);
    std::iter::once(first.encode().unwrap())
        .chain(entries)
        .collect()
}

/// An entry of a register, for the vectors; it stands in no log.
#[cfg(test)]
pub(crate) fn register_entry() -> Leaf {
    let mut entry = blank(Kind::Register, "reg_00000000000001");
    let words = [
        ("kind", "fundraising"),
        ("state", "suspended"),
        ("from", "2026-11-20"),
        ("until", "2027-02-19"),
        ("office", "云山省民政厅"),
        ("document", "云民慈〔2026〕16号"),
    ];
    let words = words.map(|(word, text)| (word.to_owned(), Json::from(text)));
    entry.data = BTreeMap::from(words);
    entry.streams = [stream_name(ORG), leaf::register_stream(ORG)]
        .into_iter()
        .flatten()
        .map(|name| (name, 7))
        .collect();
    entry
}

/// An honest log of `size` leaves, at least eight: statements, gifts, one delivery at the end.
pub(crate) fn leaves(size: usize) -> Vec<Vec<u8>> {
    let mut streams = Streams::default();
    let mut first = blank(Kind::Log, "mov_00000000000000");
    first.organisation = None;
    first.data = BTreeMap::from([
        ("origin".to_owned(), Json::from(ORIGIN)),
        ("start".to_owned(), "2026-11-22".into()),
        ("key".to_owned(), key().to_string().into()),
    ]);
    let mut organisation = blank(Kind::Organisation, ORG);
    organisation
        .data
        .insert("name".into(), "善迹演示慈善会".into());
    let mut fund = blank(Kind::Fund, FUND);
    fund.data.insert("unit".into(), "fen".into());
    let mut list = vec![
        first,
        organisation,
        fund,
        blank(Kind::Place, CHANNEL),
        blank(Kind::Place, BANK),
    ];
    for leaf in &mut list[1..] {
        let id = leaf.id.clone();
        streams.number(leaf, &[ORG, &id]);
    }
    let mut end = 0;
    for serial in 0..size - STATEMENTS - 1 {
        let n = 100_000 * (serial % 1_000) as i64 + 100;
        let n = if STATEMENTS + serial == GIFT {
            100_000
        } else {
            n
        };
        let mut gift = blank(Kind::Gift, &format!("don_{serial:014}"));
        gift.time = LeafTime::Day(Day::parse("2026-11-22").unwrap());
        gift.data.insert("ch".into(), "wechat".into());
        gift.moves = vec![Move {
            n,
            from: None,
            to: side(end, n),
            place_out: None,
            place_in: Some(CHANNEL.into()),
        }];
        if gift.id == GIFT_ID {
            gift.commitments
                .insert("gift".into(), opening().commitment(GIFT_ID));
        }
        streams.number(&mut gift, &[ORG, FUND, CHANNEL]);
        end += n;
        list.push(gift);
    }
    let mut delivery = blank(Kind::Delivery, "dlv_00000000000001");
    delivery.moves = vec![Move {
        n: 50,
        from: side(0, 50),
        to: None,
        place_out: Some(CHANNEL.into()),
        place_in: None,
    }];
    streams.number(&mut delivery, &[ORG, FUND, CHANNEL]);
    list.push(delivery);
    list.iter().map(|leaf| leaf.encode().unwrap()).collect()
}

/// The files of the log over these leaves.
pub(crate) fn files(leaves: &[Vec<u8>]) -> BTreeMap<String, Vec<u8>> {
    let size = leaves.len() as u64;
    let (mut edge, tiles) = tree(leaves);
    let mut files = BTreeMap::new();
    for path in bundles_of(size) {
        let start = path.start() as usize;
        let entries = &leaves[start..start + usize::from(path.width())];
        files.insert(path.to_string(), encode_bundle(entries).unwrap());
    }
    for tile in tiles.iter().chain(&edge.partial_tiles()) {
        files.insert(tile.path().to_string(), tile.to_bytes());
    }
    assert!(tiles_of(size).all(|path| files.contains_key(&path.to_string())));
    drop(edge.take_full_tiles());
    files.insert("checkpoint".into(), note(&edge).into_bytes());
    files
}

fn tree(leaves: &[Vec<u8>]) -> (Edge, Vec<tlog::Tile>) {
    let mut edge = Edge::new();
    for leaf in leaves {
        edge.append(leaf_hash(leaf)).unwrap();
    }
    let tiles = edge.take_full_tiles();
    (edge, tiles)
}

fn note(edge: &Edge) -> String {
    let checkpoint = Checkpoint::new(ORIGIN, edge.size(), edge.root()).unwrap();
    checkpoint.sign(&[&signer(ORIGIN, 1)]).unwrap().to_string()
}

/// The receipt of the gift at [`GIFT`], in a log of eight leaves.
pub(crate) fn receipt() -> String {
    let leaves = leaves(8);
    let (edge, full) = tree(&leaves);
    let mut tiles = TileSet::new();
    for tile in full.iter().chain(&edge.partial_tiles()) {
        tiles.insert(tile);
    }
    let proof = inclusion_proof(GIFT as u64, edge.size(), &tiles).unwrap();
    let extra = ReceiptExtra::new(leaves[GIFT].clone(), [opening()]);
    let checkpoint = tlog::SignedNote::parse(note(&edge)).unwrap();
    let file = ProofFile::new(GIFT as u64, proof, checkpoint).unwrap();
    file.with_extra(extra.encode().unwrap())
        .unwrap()
        .to_string()
}

/// A log of `size` leaves whose last one states the index, and answers from it as proof files: a page of the fund's
/// stream, that there is no penalty, and all funds.
pub(crate) fn completeness(size: usize) -> Vec<String> {
    let mut log = leaves(size - 1);
    let mut index = StreamIndex::new();
    let mut members: BTreeMap<String, Vec<ShownLeaf>> = BTreeMap::new();
    for (at, bytes) in (0..).zip(&log) {
        for name in leaf::streams_of(bytes) {
            index.append(name, leaf_hash(bytes)).unwrap();
            let bytes = bytes.clone();
            let shown = ShownLeaf { index: at, bytes };
            members.entry(name.to_owned()).or_default().push(shown);
        }
    }
    let said = IndexStatement::new(log.len() as i64, index.root());
    let time = LeafTime::Second(Timestamp::parse_rfc3339("2026-11-22T04:05:06Z").unwrap());
    log.push(
        said.leaf("idx_00000000000000".into(), time)
            .encode()
            .unwrap(),
    );
    let fund = stream_name(FUND).unwrap();
    let none = "pen/AAAAAAAAAAAAAA".to_owned();
    let (funds, map) = index.below("fund/", 9).unwrap();
    let funds = funds.iter();
    let funds = funds.map(|(name, peaks)| (name.clone(), peaks.size() as i64, peaks.root()));
    let answers = [
        (page(&fund, &members[&fund]), index.prove(&fund).unwrap()),
        (Answered::Absent(none.clone()), index.prove(&none).unwrap()),
        (Answered::Below("fund/".into(), funds.collect()), map),
    ];
    let files = answers.map(|(answered, map)| {
        let statement = log[size - 1].clone();
        let proof = IndexProof {
            statement,
            answered,
            map,
        };
        proof_file(&log, proof.encode().unwrap())
    });
    files.into()
}

/// All but the first and the last leaf of a stream.
fn page(name: &str, members: &[ShownLeaf]) -> Answered {
    let hashes: Vec<Vec<u8>> = members.iter().map(|leaf| leaf.bytes.clone()).collect();
    let (edge, _) = tree(&hashes);
    let mut tiles = TileSet::new();
    edge.partial_tiles()
        .iter()
        .for_each(|tile| tiles.insert(tile));
    let size = members.len() as u64;
    Answered::Page {
        name: name.to_owned(),
        count: members.len() as i64,
        root: edge.root(),
        from: 1,
        leaves: members[1..members.len() - 1].to_vec(),
        range: range_proof(1, size - 1, size, &tiles).unwrap(),
    }
}

/// The proof file of the last leaf.
fn proof_file(log: &[Vec<u8>], extra: Vec<u8>) -> String {
    let (edge, full) = tree(log);
    let mut tiles = TileSet::new();
    for tile in full.iter().chain(&edge.partial_tiles()) {
        tiles.insert(tile);
    }
    let last = edge.size() - 1;
    let proof = inclusion_proof(last, edge.size(), &tiles).unwrap();
    let checkpoint = tlog::SignedNote::parse(note(&edge)).unwrap();
    let file = ProofFile::new(last, proof, checkpoint).unwrap();
    file.with_extra(extra).unwrap().to_string()
}

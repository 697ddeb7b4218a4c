//! One encoder, one reading, and no byte that can change unseen.

use super::*;
use crate::error::Part;
use crate::kind::KINDS;
use crate::samples;
use proptest::prelude::*;

#[test]
fn a_plain_gift_has_at_most_400_bytes() {
    let bytes = samples::gift().encode().unwrap();
    println!(
        "a plain gift has {} bytes:\n{}",
        bytes.len(),
        String::from_utf8_lossy(&bytes)
    );
    assert!(bytes.len() <= 400, "{}", bytes.len());
}

#[test]
fn bytes_are_those_of_another_canonicaliser() {
    for leaf in [samples::gift(), samples::refund(), samples::settlement()] {
        let bytes = leaf.encode().unwrap();
        let value: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        let theirs = serde_json_canonicalizer::to_vec(&value).unwrap();
        assert_eq!(
            String::from_utf8_lossy(&bytes),
            String::from_utf8_lossy(&theirs)
        );
    }
}

#[test]
fn the_wire_form_is_this_one() {
    let text = String::from_utf8(samples::refund().encode().unwrap()).unwrap();
    let expected = concat!(
        r#"{"d":{"reason":"donor.asked"},"id":"mov_5RZ8B3GKQ7N2VJ","k":"refund/1","#,
        r#""mv":[{"f":"fnd_3HJ6N1V5C0YDPS","n":5000,"out":[100,5100],"po":"plc_7E2ZQK9M4TXW1A"}],"#,
        r#""o":"org_9XK4T7Q2M8WZRB","p":{"gift":"paWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaU"},"#,
        r#""ref":"WlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlo","#,
        r#""st":[["camp/0M6PXW4D9ETSYH",1234567],["fund/3HJ6N1V5C0YDPS",1234567],"#,
        r#"["org/9XK4T7Q2M8WZRB",7654321],["place/7E2ZQK9M4TXW1A",7654321]],"#,
        r#""sub":[[9000,100,5000,"fnd_3HJ6N1V5C0YDPS"]],"t":"2026-11-22T04:05:06Z"}"#,
    );
    assert_eq!(text, expected);
}

#[test]
fn leaves_are_read_as_they_were_written() {
    for leaf in [samples::gift(), samples::refund(), samples::settlement()] {
        assert_eq!(Leaf::parse(&leaf.encode().unwrap()), Ok(leaf));
    }
}

#[test]
fn every_changed_byte_is_seen() {
    for leaf in [samples::gift(), samples::refund(), samples::settlement()] {
        let bytes = leaf.encode().unwrap();
        for at in 0..bytes.len() {
            for bit in 0..8 {
                let mut changed = bytes.clone();
                changed[at] ^= 1 << bit;
                assert!(
                    Leaf::parse(&changed) != Ok(leaf.clone()),
                    "byte {at} bit {bit}"
                );
            }
        }
        for at in 0..bytes.len() {
            assert!(Leaf::parse(&bytes[..at]).is_err(), "cut at {at}");
        }
    }
}

#[test]
fn a_time_has_one_spelling() {
    let text = String::from_utf8(samples::gift().encode().unwrap()).unwrap();
    for time in [
        "2026-11-2",
        "2026-02-30",
        "2026-11-22 04:05:06Z",
        "2026-11-22t04:05:06Z",
        "2026-11-22T04:05:06z",
        "2026-11-22T04:05:60Z",
        "2026-11-22T24:00:00Z",
        "2026-11-22T04:05:06+00:00",
        "2026-11-22T04:05:06.0Z",
        "+026-11-22",
        "",
    ] {
        let changed = text.replace("2026-11-22", time);
        assert_eq!(
            Leaf::parse(changed.as_bytes()),
            Err(LeafError::Envelope(Part::Time)),
            "{time}"
        );
    }
}

#[test]
fn unknown_kinds_are_read_and_not_written() {
    let text = String::from_utf8(samples::gift().encode().unwrap()).unwrap();
    let leaf = Leaf::parse(text.replace("gift/1", "next/1").as_bytes()).unwrap();
    assert_eq!(leaf.kind, Kind::Unknown("next/1".into()));
    assert_eq!(leaf.encode(), Err(LeafError::UnknownKind("next/1".into())));
}

/// Applies a change to a good leaf and expects the error.
#[track_caller]
fn check_refused(mut leaf: Leaf, change: impl FnOnce(&mut Leaf), expected: LeafError) {
    change(&mut leaf);
    assert_eq!(leaf.encode(), Err(expected));
}

#[test]
fn a_wrong_envelope_is_not_written() {
    let check = |change: fn(&mut Leaf), part| {
        check_refused(samples::refund(), change, LeafError::Envelope(part));
    };
    check(|l| l.id = "5RZ8B3GKQ7N2VJ".into(), Part::Id);
    check(
        |l| l.organisation = Some(samples::FUND.into()),
        Part::Organisation,
    );
    check(
        |l| l.time = LeafTime::Second(Timestamp::from_micros(1)),
        Part::Time,
    );
    check(|l| l.streams.reverse(), Part::Streams);
    check(|l| l.streams[1] = l.streams[0].clone(), Part::Streams);
    check(|l| l.streams[0].1 = 0, Part::Streams);
    check(|l| l.streams[0].0 = "camp".into(), Part::Streams);
    check(|l| l.streams[0].0 = "camp/\"".into(), Part::Streams);
    check(|l| l.moves[0].n = 0, Part::Moves);
    check(|l| l.moves[0].n += 1, Part::Moves);
    check(|l| l.moves[0].place_out = None, Part::Moves);
    check(
        |l| l.moves[0].place_in = Some(samples::BANK.into()),
        Part::Moves,
    );
    check(
        |l| l.moves[0].from.as_mut().unwrap().span = None,
        Part::Moves,
    );
    check(
        |l| l.moves[0].from.as_mut().unwrap().span = Some((-1, 4_999)),
        Part::Moves,
    );
    check(|l| l.swaps[0].len = 0, Part::Swaps);
    check(|l| l.swaps[0].from = l.swaps[0].to, Part::Swaps);
    check(|l| l.swaps[0].from = i64::MAX, Part::Swaps);
    check(|l| l.swaps[0].tape = samples::BANK.into(), Part::Swaps);
    check(
        |l| l.commitments = BTreeMap::from([("Gift".into(), [0; 32])]),
        Part::Commitments,
    );
}

#[test]
fn a_kind_gets_what_it_demands() {
    let check = |leaf: Leaf, change: fn(&mut Leaf), part| {
        check_refused(leaf, change, LeafError::Content(part));
    };
    check(samples::gift(), |l| l.moves.clear(), Part::Moves);
    check(
        samples::gift(),
        |l| l.kind = Kind::Announcement,
        Part::Moves,
    );
    check(samples::gift(), |l| l.kind = Kind::Delivery, Part::Moves);
    check(samples::gift(), |l| l.kind = Kind::Allotment, Part::Moves);
    check(
        samples::settlement(),
        |l| l.kind = Kind::Allotment,
        Part::Moves,
    );
    check(
        samples::gift(),
        |l| l.swaps = samples::refund().swaps,
        Part::Swaps,
    );
    check(samples::refund(), |l| l.reference = None, Part::Reference);
    check(
        samples::gift(),
        |l| l.organisation = None,
        Part::Organisation,
    );
    let stream = LeafError::StreamMissing(samples::FUND.into());
    check_refused(samples::gift(), |l| drop(l.streams.remove(1)), stream);
    let check_word = |change: fn(&mut Leaf), word: &str| {
        check_refused(samples::gift(), change, LeafError::Word(word.into()));
    };
    check_word(|l| l.data.clear(), "ch");
    check_word(
        |l| drop(l.data.insert("donor".into(), "张三".into())),
        "donor",
    );
    check_word(|l| drop(l.data.insert("bill".into(), "x".into())), "bill");
    check_word(|l| drop(l.data.insert("fee".into(), Json::Int(-1))), "fee");
}

#[test]
fn personal_data_is_not_written() {
    for (key, value) in [
        ("ch", Json::from("13812345678")),
        ("ch", Json::from("a-138-1234-5678")),
        ("ch", Json::from("110101199003078515")),
        ("law", Json::from("见一三八一二三四五六七八")),
    ] {
        let mut leaf = samples::gift();
        leaf.data.insert(key.into(), value);
        assert!(
            matches!(leaf.encode(), Err(LeafError::Personal { .. })),
            "{:?}",
            leaf.data
        );
    }
    let mut leaf = samples::gift();
    leaf.streams.push(("qual/13812345678".into(), 1));
    assert!(matches!(leaf.encode(), Err(LeafError::Personal { .. })));
}

#[test]
fn a_leaf_beyond_the_limit_is_not_written() {
    let mut leaf = samples::gift();
    let many = vec![Json::from(crate::digest_text(&[1; 32])); 100];
    leaf.data.insert("evidence".into(), Json::List(many));
    assert!(leaf.encode().is_ok());
    leaf.moves = vec![leaf.moves[0].clone(); 1_000];
    assert_eq!(leaf.encode().unwrap_err().code(), "json.size");
}

#[test]
fn the_first_leaf_opens_the_log() {
    let mut leaf = samples::gift();
    leaf.kind = Kind::Log;
    leaf.organisation = None;
    leaf.moves.clear();
    leaf.streams.clear();
    leaf.commitments.clear();
    leaf.data = BTreeMap::from([
        ("origin".into(), "log.example.org.cn/gongyi".into()),
        ("start".into(), "2026-11-22".into()),
        (
            "key".into(),
            format!("log.example+0123abcd+{}", "A".repeat(44)).into(),
        ),
    ]);
    assert_eq!(Leaf::parse(&leaf.encode().unwrap()), Ok(leaf));
}

#[test]
fn streams_are_named_after_their_record() {
    assert_eq!(
        stream_name("cam_0123456789ABCD").as_deref(),
        Some("camp/0123456789ABCD")
    );
    assert_eq!(
        stream_name("fnd_0123456789ABCD").as_deref(),
        Some("fund/0123456789ABCD")
    );
    assert_eq!(
        stream_name("org_0123456789ABCD").as_deref(),
        Some("org/0123456789ABCD")
    );
    assert_eq!(
        stream_name("plc_0123456789ABCD").as_deref(),
        Some("place/0123456789ABCD")
    );
    assert_eq!(stream_name("fund"), None);
}

fn printed(prefix: &str) -> impl Strategy<Value = String> + use<> {
    proptest::string::string_regex(&format!("{prefix}_[0-9A-HJKMNP-TV-Z]{{14}}")).unwrap()
}

/// A movement of any shape.
fn movement() -> impl Strategy<Value = Move> {
    let position = 0..9_007_199_254_000_000_i64;
    let ids = (
        printed("fnd"),
        printed("fnd"),
        printed("plc"),
        printed("plc"),
    );
    (1..700_000_i64, position.clone(), position, ids, 0..4).prop_map(|(n, o, i, ids, shape)| {
        let span = |start: i64| (shape < 3).then_some((start, start + n));
        let (fund, other, place, bank) = ids;
        let to_fund = if shape == 3 { fund.clone() } else { other };
        Move {
            n,
            from: (shape != 0).then(|| FundSide {
                fund,
                span: span(o),
            }),
            place_out: (shape != 0).then_some(place),
            to: (shape != 1).then(|| FundSide {
                fund: to_fund,
                span: span(i),
            }),
            place_in: (shape != 1).then_some(bank),
        }
    })
}

/// A leaf whose envelope is right and whose kind is not known.
fn any_leaf() -> impl Strategy<Value = Leaf> {
    let time = prop_oneof![
        (0..40_000_i32).prop_map(|n| LeafTime::Day(Day::from_number(n))),
        (0..4_000_000_000_i64)
            .prop_map(|s| LeafTime::Second(Timestamp::from_micros(s * 1_000_000))),
    ];
    let kind = prop_oneof![
        Just(Kind::Unknown("next/1".into())),
        (0..KINDS.len()).prop_map(|at| KINDS[at].0.clone())
    ];
    let streams =
        proptest::collection::btree_map("[a-z]{1,5}/[0-9A-Za-z]{1,14}", 1..1_000_000_i64, 0..5);
    let commitments = proptest::collection::btree_map("[a-z_]{1,6}", any::<[u8; 32]>(), 0..3);
    let data = proptest::collection::btree_map(
        "[a-z_]{1,6}",
        prop_oneof![
            (0..9_i64).prop_map(Json::Int),
            "[a-z善]{0,9}".prop_map(Json::Text)
        ],
        0..3,
    );
    let moves = proptest::collection::vec(movement(), 0..3);
    let reference = any::<Option<[u8; 32]>>();
    let head = (
        printed("don"),
        kind,
        proptest::option::of(printed("org")),
        time,
    );
    (head, streams, moves, (reference, commitments, data)).prop_map(
        |(head, streams, moves, rest)| Leaf {
            id: head.0,
            kind: head.1,
            organisation: head.2,
            time: head.3,
            streams: streams.into_iter().collect(),
            swaps: Vec::new(),
            moves,
            reference: rest.0,
            commitments: rest.1,
            data: rest.2,
        },
    )
}

proptest! {
    #[test]
    fn any_envelope_is_read_as_it_was_written(leaf in any_leaf()) {
        let bytes = write(&leaf.view()).unwrap();
        let theirs = serde_json_canonicalizer::to_vec(
            &serde_json::from_slice::<serde_json::Value>(&bytes).unwrap(),
        ).unwrap();
        prop_assert_eq!(&bytes, &theirs);
        prop_assert_eq!(Leaf::parse(&bytes), Ok(leaf));
    }

    #[test]
    fn any_changed_byte_is_seen(leaf in any_leaf(), at in any::<usize>(), to in any::<u8>()) {
        let bytes = write(&leaf.view()).unwrap();
        let mut changed = bytes.clone();
        let at = at % bytes.len();
        changed[at] = to;
        prop_assert_eq!(Leaf::parse(&changed) == Ok(leaf), changed == bytes);
    }

    #[test]
    fn whatever_is_read_has_these_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(Leaf::parse(&bytes).is_err());
    }
}

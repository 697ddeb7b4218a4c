//! Keys that follow one another, and those that do not.

use super::*;
use crate::Turnover;
use kernel::Timestamp;
use tlog::{SignedNote, Signer};

const LOG: &str = "log.example/a";

fn signer(seed: u8) -> Signer {
    Signer::from_seed(LOG, &[seed; 32]).unwrap()
}

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn plan(old: u8, new: u8) -> Succession {
    Succession {
        key: signer(new).verifier().clone(),
        old: signer(old).verifier().clone(),
        from: day("2026-12-01"),
        until: day("2027-03-01"),
    }
}

fn proof(plan: &Succession, by: u8) -> [u8; 64] {
    let note = SignedNote::sign(&plan.statement(), &[&signer(by)]).unwrap();
    note.signatures()[0].signature().try_into().unwrap()
}

fn announced(old: u8, new: u8) -> KeyLeaf {
    let plan = plan(old, new);
    let proof = proof(&plan, new);
    KeyLeaf::Announced(Box::new(plan), proof)
}

fn time() -> LeafTime {
    LeafTime::second(Timestamp::parse_rfc3339("2026-11-28T04:05:06Z").unwrap())
}

fn bytes(said: &KeyLeaf, sequence: i64) -> Vec<u8> {
    let leaf = said.leaf("key_5RZ8B3GKQ7N2VJ".into(), time(), (sequence, None));
    leaf.encode().unwrap()
}

fn founded() -> KeyBook {
    let data = [
        ("key", Json::from(signer(1).verifier().to_string().as_str())),
        ("origin", Json::from(LOG)),
        ("start", Json::from("2026-11-01")),
    ];
    let mut leaf = announced(1, 2).leaf("key_5RZ8B3GKQ7N2VJ".into(), time(), (1, None));
    leaf.kind = Kind::Log;
    leaf.streams.clear();
    leaf.data = data.map(|(key, value)| (key.to_owned(), value)).into();
    let mut book = KeyBook::default();
    book.found(&leaf.encode().unwrap());
    book
}

#[test]
fn a_leaf_says_what_it_was_made_of() {
    for said in [
        announced(1, 2),
        KeyLeaf::Ended(signer(1).verifier().clone(), 9),
    ] {
        let bytes = bytes(&said, 1);
        assert_eq!(KeyLeaf::parse(&bytes).unwrap(), Some(said));
        assert_eq!(crate::streams_of(&bytes), [KEY_STREAM]);
    }
}

#[test]
fn the_new_key_must_agree_to_exactly_this() {
    let plan = plan(1, 2);
    assert_eq!(plan.check(&proof(&plan, 2)), Ok(()));
    let old_signs = plan.check(&proof(&plan, 1));
    assert_eq!(old_signs, Err(SuccessionError::NotAgreed));
    let mut later = plan.clone();
    later.until = day("2028-03-01");
    let other = later.check(&proof(&plan, 2));
    assert_eq!(other, Err(SuccessionError::NotAgreed));
    later.from = day("2029-03-01");
    let backwards = later.check(&proof(&later, 2));
    assert_eq!(backwards, Err(SuccessionError::Malformed));
}

#[test]
fn keys_follow_one_another_by_day_and_by_leaf() {
    let mut book = founded();
    book.read(4, &bytes(&announced(1, 2), 1)).unwrap();
    let names = |book: &KeyBook, today: &str| -> Vec<i64> {
        let signing = book.signing(day(today)).into_iter();
        signing.map(|known| known.announced).collect()
    };
    assert_eq!(names(&book, "2026-11-30"), [0]);
    assert_eq!(names(&book, "2026-12-01"), [0, 4]);
    assert_eq!(book.due(day("2027-03-01")), None);
    let due = book.due(day("2027-03-02")).unwrap().key.parse().unwrap();
    book.read(9, &bytes(&KeyLeaf::Ended(due, 9), 2)).unwrap();
    assert_eq!(names(&book, "2027-03-02"), [4]);
    assert_eq!((book.due(day("2030-01-01")), book.leaves()), (None, 2));
}

#[test]
fn what_does_not_follow_is_refused_and_changes_nothing() {
    let mut book = founded();
    book.read(4, &bytes(&announced(1, 2), 1)).unwrap();
    let before = book.clone();
    let mut check = |said: &KeyLeaf, want| {
        assert_eq!(book.take(7, said), Err(want), "{said:?}");
        assert_eq!(book, before);
    };
    let key = |seed| signer(seed).verifier().clone();
    check(&announced(1, 2), SuccessionError::Repeated);
    check(&announced(1, 3), SuccessionError::WrongOld);
    check(&KeyLeaf::Ended(key(1), 6), SuccessionError::WrongBefore);
    check(&KeyLeaf::Ended(key(2), 7), SuccessionError::Last);
    check(&KeyLeaf::Ended(key(3), 7), SuccessionError::NotInUse);
}

#[test]
fn a_plan_has_its_days_in_order_and_one_change_at_a_time() {
    let today = day("2026-11-28");
    let (from, until) = (day("2026-12-28"), day("2027-03-28"));
    let key = |seed| signer(seed).verifier().clone();
    let book = founded();
    let plan = book.plan(key(2), Turnover::Planned(from, until), today);
    let plan = plan.unwrap();
    assert_eq!((plan.from, plan.until, &plan.old), (from, until, &key(1)));
    for (from, until) in [("2026-11-27", "2026-12-28"), ("2026-12-28", "2026-12-27")] {
        let when = Turnover::Planned(day(from), day(until));
        let refused = book.plan(key(2), when, today);
        assert_eq!(refused, Err(SuccessionError::Days));
    }
    let mut under_way = book;
    under_way.take(1, &announced(1, 2)).unwrap();
    let when = Turnover::Planned(from, until);
    let refused = under_way.plan(key(3), when, today);
    assert_eq!(refused, Err(SuccessionError::UnderWay));
    // A stolen key waits for nothing.
    let stolen = under_way.plan(key(3), Turnover::AtOnce, today).unwrap();
    assert_eq!((stolen.from, stolen.until), (today, today));
    assert_eq!(stolen.old, key(2));
    let nothing = KeyBook::default().plan(key(2), Turnover::AtOnce, today);
    assert_eq!(nothing, Err(SuccessionError::WrongOld));
}

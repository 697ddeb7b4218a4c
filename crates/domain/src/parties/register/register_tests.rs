//! As-of questions against somebody who looks at every entry anew, and what a right is worth on each day.

use super::*;
use kernel::Id;
use proptest::prelude::*;

/// Ten days and as many hours of recording are enough for every order.
const DAYS: i32 = 10;

fn day(n: i32) -> Day {
    Day::from_number(20_000 + n)
}

fn at(n: i64) -> Timestamp {
    day(0).start().plus_micros(n * 3_600_000_000).unwrap()
}

fn entry(id: i64, standing: Standing, from: i32, until: Option<i32>) -> Entry {
    Entry {
        id: Id::from_raw(id),
        new: NewEntry {
            item: standing.item(),
            standing: Some(standing),
            words: String::new(),
            from: day(from),
            until: until.map(day),
            office: "云山省民政厅".into(),
            document: "云民慈〔2026〕1号".into(),
            law: String::new(),
            reason: String::new(),
            source: "本平台登记".into(),
            origin: Origin::Imported,
            corrects: None,
        },
        recorded_at: at(id),
        leaf_index: id,
    }
}

fn any_standing() -> impl Strategy<Value = Standing> {
    prop_oneof![
        Just(Standing::Valid),
        Just(Standing::Suspended),
        Just(Standing::Revoked),
        Just(Standing::InForce),
        Just(Standing::OrderedStop),
        Just(Standing::Recognised),
        Just(Standing::CharityEnded),
    ]
}

/// Any history: entries in any order of days, some with an end, some that correct an earlier one.
fn any_register() -> impl Strategy<Value = Register> {
    let one = (
        any_standing(),
        0..DAYS,
        prop::option::of(0..DAYS),
        prop::option::of(any::<prop::sample::Index>()),
    );
    prop::collection::vec(one, 0..12).prop_map(|rows| {
        let mut entries: Vec<Entry> = Vec::new();
        for (n, (standing, from, length, corrects)) in rows.into_iter().enumerate() {
            let until = length.map(|length| from + length);
            let mut new = entry(n as i64 + 1, standing, from, until);
            if let Some(index) = corrects
                && n % 3 == 2
            {
                new.new.corrects = Some(index.get(&entries).id);
            }
            entries.push(new);
        }
        Register::new(entries)
    })
}

/// The same question, asked day by day of a board on which every entry is written over what stood there.
fn board(register: &Register, item: Item, asked: Day, known: Timestamp) -> Option<i64> {
    let heard = || register.entries().iter().filter(|e| e.recorded_at <= known);
    let mut wrong = Vec::new();
    for entry in heard() {
        wrong.extend(entry.new.corrects);
    }
    let mut best: Option<&Entry> = None;
    for entry in heard() {
        let mine = entry.new.item == item && !wrong.contains(&entry.id);
        let mut days = 0..=DAYS * 3;
        let covers = days.any(|n| {
            let this = entry.new.from.plus_days(n);
            this == asked && entry.new.until.is_none_or(|last| this <= last)
        });
        if mine && covers && best.is_none_or(|old| old.new.from <= entry.new.from) {
            best = Some(entry);
        }
    }
    best.map(|entry| entry.id.raw())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn as_of_answers_agree_with_the_board(
        register in any_register(), asked in -1..DAYS * 2, hour in 0i64..14,
    ) {
        let known = register.known_at(at(hour));
        for item in Item::ALL {
            let answer = known.on(item, day(asked)).map(|entry| entry.id.raw());
            prop_assert_eq!(answer, board(&register, item, day(asked), at(hour)), "{:?}", item);
        }
    }

    #[test]
    fn what_is_recorded_later_changes_no_earlier_answer(
        register in any_register(), more in any_register(), asked in 0..DAYS * 2,
    ) {
        let count = register.entries().len() as i64;
        let mut entries = register.entries().to_vec();
        entries.extend(more.entries().iter().map(|late| Entry {
            id: Id::from_raw(late.id.raw() + count),
            recorded_at: at(late.id.raw() + count),
            ..late.clone()
        }));
        let longer = Register::new(entries);
        let then = longer.known_at(at(count));
        prop_assert_eq!(then.right(day(asked)), register.right(day(asked)));
    }

    #[test]
    fn a_campaign_that_may_begin_may_raise_on_each_of_its_days(
        register in any_register(), start in 0..DAYS, length in 0..DAYS,
    ) {
        let end = day(start + length);
        let days = (start..=start + length).map(day);
        let every = days.clone().all(|d| matches!(register.right(d), Right::Valid(_)));
        let decided = decide_right(&register, day(start), end);
        prop_assert_eq!(decided.is_ok(), every);
        if let Err(RightRefused::EndsBefore(last)) = decided {
            prop_assert!(days.take_while(|d| *d <= last).all(|d| !register.right(d).freezes()));
            prop_assert!(!matches!(register.right(last.plus_days(1)), Right::Valid(_)));
        }
    }
}

#[track_caller]
fn check(entries: &[(Standing, i32, Option<i32>)], asked: i32, want: Right) {
    let entries = entries.iter().zip(1..);
    let entries = entries.map(|((standing, from, until), id)| entry(id, *standing, *from, *until));
    assert_eq!(Register::new(entries.collect()).right(day(asked)), want);
}

fn stopped(id: i64, standing: Standing, until: Option<i32>) -> Right {
    Right::Stopped {
        entry: Id::from_raw(id),
        standing,
        until: until.map(day),
    }
}

#[test]
fn a_right_on_a_day() {
    use Standing::{Deregistered, InForce, Revoked, Suspended, Valid};
    check(&[], 1, Right::Unknown);
    check(&[(InForce, 0, None)], 1, Right::Unknown);
    check(&[(Valid, 0, Some(5))], 5, Right::Valid(Some(day(5))));
    check(&[(Valid, 0, Some(5))], 6, Right::Expired(day(5)));
    check(&[(Valid, 3, None)], 2, Right::NotYet(day(3)));
    let until = [(Valid, 0, None), (Suspended, 2, Some(4))];
    check(&until, 4, stopped(2, Suspended, Some(4)));
    // a suspension with an end thaws by itself
    check(&until, 5, Right::Valid(None));
    check(
        &[(Valid, 0, None), (Suspended, 2, None), (Valid, 3, None)],
        9,
        Right::Valid(None),
    );
    // on one day the later record counts
    check(
        &[(Valid, 2, None), (Suspended, 2, None)],
        2,
        stopped(2, Suspended, None),
    );
    check(
        &[(Valid, 0, None), (Revoked, 3, None)],
        9,
        stopped(2, Revoked, None),
    );
    check(
        &[(Valid, 0, None), (Deregistered, 3, None)],
        3,
        stopped(2, Deregistered, None),
    );
}

#[test]
fn a_correction_counts_from_the_moment_it_was_recorded() {
    let mut wrong = entry(3, Standing::Valid, 2, None);
    wrong.new.corrects = Some(Id::from_raw(2));
    let register = Register::new(vec![
        entry(1, Standing::Valid, 0, None),
        entry(2, Standing::Revoked, 2, None),
        wrong,
    ]);
    assert_eq!(register.right(day(2)), Right::Valid(None));
    let before = register.known_at(at(2));
    assert_eq!(before.right(day(2)), stopped(2, Standing::Revoked, None));
    assert!(
        register.is_corrected(&register.entries()[1]) && !before.is_corrected(&before.entries()[1])
    );
}

#[test]
fn years_as_a_charity_are_counted_without_a_break() {
    use Standing::{CharityBorn, CharityEnded, Recognised};
    let since = |rows: &[(Standing, i32)]| {
        let rows = rows.iter().zip(1..);
        let entries = rows.map(|((standing, from), id)| entry(id, *standing, *from, None));
        Register::new(entries.collect()).charity_since(day(9))
    };
    assert_eq!(since(&[]), None);
    assert_eq!(since(&[(Recognised, 3)]), Some(day(3)));
    assert_eq!(since(&[(CharityBorn, 1), (Recognised, 3)]), Some(day(1)));
    assert_eq!(since(&[(CharityBorn, 1), (CharityEnded, 3)]), None);
    assert_eq!(
        since(&[(CharityBorn, 1), (CharityEnded, 3), (Recognised, 5)]),
        Some(day(5))
    );
}

#[test]
fn former_names_are_told_newest_first() {
    let named = |id, from, words: &str| {
        let mut entry = entry(id, Standing::InForce, from, None);
        (entry.new.item, entry.new.standing, entry.new.words) = (Item::Name, None, words.into());
        entry
    };
    let register = Register::new(vec![
        named(1, 3, "二"),
        named(2, 0, "一"),
        named(3, 5, "三"),
    ]);
    let words = |asked| {
        let names = register.former_names(day(asked));
        names
            .iter()
            .map(|e| e.new.words.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(words(9), ["二", "一"]);
    assert_eq!(words(4), ["一"]);
    assert_eq!(words(0), [""; 0]);
}

#[test]
fn every_code_is_read_back_and_every_refusal_says_what_to_do() {
    use crate::refusal::Refused;
    for item in Item::ALL {
        assert_eq!(Item::parse(item.code()), Some(item));
        assert_eq!(Standing::parse(item, "nothing"), None);
    }
    for standing in [Standing::Valid, Standing::Struck, Standing::CharityEnded] {
        assert_eq!(
            Standing::parse(standing.item(), standing.code()),
            Some(standing)
        );
    }
    let all = [
        RightRefused::None,
        RightRefused::NotYet(day(1)),
        RightRefused::Expired(day(1)),
        RightRefused::Suspended(None),
        RightRefused::Suspended(Some(day(1))),
        RightRefused::Stopped(Standing::Revoked),
        RightRefused::EndsBefore(day(1)),
    ];
    for refused in all {
        let text = refused.sentence().to_string();
        assert!(text.contains('请') && text.ends_with('。'), "{text}");
        assert!(refused.law().is_some() && refused.code().starts_with("right_"));
    }
}

#[test]
fn an_import_tells_all_faults_of_all_entries() {
    let good = ImportedEntry {
        item: "fundraising".into(),
        standing: "valid".into(),
        from: day(0).to_string(),
        office: "云山省民政厅".into(),
        document: "云民慈〔2024〕8号".into(),
        ..ImportedEntry::default()
    };
    let late = ImportedEntry {
        from: day(9).to_string(),
        until: day(1).to_string(),
        document: "没有号码".into(),
        ..good.clone()
    };
    let odd = ImportedEntry {
        item: "colour".into(),
        office: String::new(),
        ..good.clone()
    };
    let read = |entries: &[ImportedEntry]| read_entries("云山省社会组织登记簿", entries, day(5));
    assert_eq!(
        read(std::slice::from_ref(&good)).unwrap()[0].standing,
        Some(Standing::Valid)
    );
    let problems = read(&[good, late, odd]).unwrap_err();
    let fields: Vec<&str> = problems.iter().map(|p| p.field).collect();
    assert_eq!(
        fields,
        ["from", "until", "document", "item", "standing", "office"]
    );
    assert!(problems[0].sentence.contains("第2条") && problems[5].sentence.contains("第3条"));
    assert_eq!(read(&[]).unwrap_err()[0].field, "entries");
}

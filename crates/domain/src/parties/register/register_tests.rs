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
            successor: None,
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

/// The same question, asked of a pile of sheets: each day's entries are laid on top as they come, a sheet that only
/// interrupts is taken off when its end has come, and whatever lies on top is read if it still holds.
fn pile(register: &Register, item: Item, asked: Day, known: Timestamp) -> Option<i64> {
    use Standing::{InForce, OrderedStop, Recognised, Suspended, Valid};
    let heard: Vec<&Entry> = register
        .entries()
        .iter()
        .filter(|e| e.recorded_at <= known)
        .collect();
    let wrong: Vec<_> = heard.iter().filter_map(|e| e.new.corrects).collect();
    let mut sheets: Vec<&Entry> = Vec::new();
    for n in -1..DAYS * 3 {
        let this = day(n);
        if this > asked {
            break;
        }
        sheets.retain(|e| {
            let interrupts = matches!(e.new.standing, Some(Suspended | OrderedStop));
            !(interrupts && e.new.until.is_some_and(|last| last < this))
        });
        let mut fresh = heard.clone();
        fresh.retain(|e| e.new.from == this && e.new.item == item && !wrong.contains(&e.id));
        sheets.extend(fresh);
    }
    let top = sheets.last()?;
    let has_end = matches!(
        top.new.standing,
        None | Some(Valid | InForce | Recognised | Suspended | OrderedStop)
    );
    let is_over = has_end && top.new.until.is_some_and(|last| last < asked);
    (!is_over).then_some(top.id.raw())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn as_of_answers_agree_with_a_pile_of_sheets(
        register in any_register(), asked in -1..DAYS * 2, hour in 0i64..14,
    ) {
        let known = register.known_at(at(hour));
        for item in Item::ALL {
            let answer = known.on(item, day(asked)).map(|entry| entry.id.raw());
            prop_assert_eq!(answer, pile(&register, item, day(asked), at(hour)), "{:?}", item);
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
fn what_was_replaced_does_not_come_back() {
    use Standing::{Deregistered, InForce, Lapsed, Revoked, Surrendered, Suspended, Valid};
    // an older certificate without an end stays replaced when its successor ends
    let successor = [(Valid, 0, None), (Valid, 2, Some(4))];
    check(&successor, 1, Right::Valid(None));
    check(&successor, 5, Right::Expired(day(4)));
    // what is final has no last day, whatever somebody wrote
    for standing in [Revoked, Surrendered] {
        let ended = [(Valid, 0, None), (standing, 2, Some(4))];
        check(&ended, 9, stopped(2, standing, None));
    }
    let gone = [
        (InForce, 0, None),
        (Valid, 0, None),
        (Deregistered, 2, Some(4)),
    ];
    check(&gone, 9, stopped(3, Deregistered, None));
    // the end of a suspension is not the end of a certificate
    check(&[(Suspended, 2, Some(4))], 9, Right::Unknown);
    let within = [(Valid, 0, Some(3)), (Suspended, 2, Some(6))];
    check(&within, 9, Right::Expired(day(3)));
    // a suspension that was lifted when its certificate was over already
    let lapsed = [(Valid, 0, Some(3)), (Suspended, 2, None), (Lapsed, 6, None)];
    check(&lapsed, 5, stopped(2, Suspended, None));
    check(&lapsed, 6, Right::Expired(day(3)));
    // of two suspensions the longer one goes on
    let two = [
        (Valid, 0, None),
        (Suspended, 1, Some(8)),
        (Suspended, 2, Some(4)),
    ];
    check(&two, 6, stopped(2, Suspended, Some(8)));
    check(&two, 9, Right::Valid(None));
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
fn a_certificate_repeats_what_holds_and_nothing_else() {
    use Standing::{CharityEnded, Deductible, Deregistered, InForce, Recognised, Suspended, Valid};
    let check = |rows: &[(Standing, Option<i32>)], want: [Option<i64>; 4]| {
        let rows = rows.iter().zip(1..);
        let entries = rows.map(|((standing, until), id)| entry(id, *standing, 0, *until));
        let register = Register::new(entries.collect());
        let got = CertificateKind::ALL.map(|kind| {
            let certified = register.certified(kind, day(2));
            certified.map(|entry| entry.id.raw())
        });
        assert_eq!(got, want, "{}", register.entries().len());
    };
    let good = [
        (InForce, None),
        (Recognised, None),
        (Valid, None),
        (Deductible, Some(3)),
    ];
    check(&[], [None; 4]);
    check(&good, [Some(1), Some(2), Some(3), Some(4)]);
    let with = |more| good.iter().copied().chain([more]).collect::<Vec<_>>();
    check(&with((Suspended, None)), [Some(1), Some(2), None, Some(4)]);
    check(&with((CharityEnded, None)), [Some(1), None, None, None]);
    check(&with((Deregistered, None)), [None; 4]);
    check(
        &with((Deductible, Some(1))),
        [Some(1), Some(2), Some(3), None],
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
    for (code, title) in STANDING_CHOICES {
        let standing = Standing::chosen(code).unwrap();
        let (item, stored) = code.split_once('.').unwrap();
        assert_eq!((standing.item().code(), standing.code()), (item, stored));
        assert!(title.starts_with(standing.item().title()), "{title}");
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
    let final_end = ImportedEntry {
        standing: "revoked".into(),
        until: day(3).to_string(),
        ..good.clone()
    };
    let read = |entries: &[ImportedEntry]| read_entries("云山省社会组织登记簿", entries, day(5));
    let refused = read(&[final_end]).unwrap_err();
    assert_eq!((refused[0].field, refused[0].code), ("until", "lasting"));
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

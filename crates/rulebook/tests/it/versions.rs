//! What changed, and where the law of a region goes its own way.

use crate::{book, day, id, law_on, region};
use kernel::BasisPoints;
use rulebook::{Jurisdiction, Origin, Quantity, Status};

#[test]
fn each_year_is_judged_by_its_own_numbers() {
    let year = |year: &str, rule: &str, name| {
        let number = book().number(id(rule), name, day(&format!("{year}-12-31")));
        number.map(|number| number.quantity)
    };
    let three = Some(Quantity::Share(BasisPoints::new(300).unwrap()));
    assert_eq!(year("2026", "EX-10", "cost_max"), three);
    assert_eq!(year("2025", "EX-10", "cost_max"), None);
    let rule = |on: &str, name: &str| law_on(on).rule(id(name)).is_some();
    for (name, in_2025, in_2026) in [
        ("EX-06", false, true),
        ("EX-16", true, false),
        ("DI-03", false, true),
        ("DI-01", true, true),
        ("SU-07", false, true),
        ("AC-07", false, true),
    ] {
        assert_eq!(
            (rule("2025-12-31", name), rule("2026-11-22", name)),
            (in_2025, in_2026),
            "{name}"
        );
    }
    for name in ["EX-03", "EX-04"] {
        let tiers = |on| {
            law_on(on)
                .rule(id(name))
                .unwrap()
                .numbers
                .iter()
                .map(|n| n.quantity)
                .collect::<Vec<_>>()
        };
        assert_eq!(tiers("2025-12-31"), tiers("2026-01-01"), "{name}");
        let status = |on| law_on(on).rule(id(name)).unwrap().status;
        assert_eq!(
            (status("2025-12-31"), status("2026-01-01")),
            (Status::SecondHand, Status::Confirmed)
        );
    }
}

#[test]
fn a_changed_rule_has_a_history() {
    let check = |name, count| {
        let versions: Vec<_> = book().history(id(name)).collect();
        assert_eq!(versions.len(), count, "{name}");
        for pair in versions.windows(2) {
            let here = pair[0].jurisdiction == pair[1].jurisdiction;
            let follow = pair[0].end.map(|end| end.plus_days(1)) == pair[1].start.first();
            assert!(!here || follow, "{name} has a gap");
        }
    };
    for name in [
        "EX-01", "EX-02", "EX-03", "EX-04", "DI-01", "DI-02", "DI-04", "DI-06", "CF-10", "SE-11",
    ] {
        check(name, 2);
    }
    check("DO-05", 3);
    check("CF-22", 2);
    check("OR-05", 1);
}

#[test]
fn the_nearest_rule_wins() {
    let answer = |place: Jurisdiction| {
        let law = book().in_force(day("2026-06-01"), place);
        let number = law.number(id("DO-05"), "answer").unwrap();
        (number.quantity, number.origin == Origin::House)
    };
    assert_eq!(
        answer(Jurisdiction::Nation),
        (Quantity::WorkingDays(10), true)
    );
    assert_eq!(answer(region("3301")), (Quantity::WorkingDays(10), true));
    assert_eq!(answer(region("310101")), (Quantity::WorkingDays(10), false));
    assert_eq!(answer(region("440106")), (Quantity::Days(20), false));
    assert_eq!(answer(region("44")), (Quantity::WorkingDays(10), true));
    let receipt = |place| book().rule(id("RC-08"), day("2026-06-01"), place).is_some();
    assert_eq!(
        (
            receipt(region("330106")),
            receipt(region("11")),
            receipt(Jurisdiction::Nation)
        ),
        (true, false, false)
    );
    let use_change = |place| {
        book()
            .in_force(day("2026-06-01"), place)
            .number(id("CF-22"), "file_use_change")
            .map(|n| n.quantity)
    };
    assert_eq!(
        (use_change(region("4401")), use_change(region("4403"))),
        (Some(Quantity::Days(10)), None)
    );
}

//! What a check of a log says of registers: honest ones are clean, and each thing that cannot be is named.

use super::*;
use crate::envelope::register_stream;
use kernel::{Day, Timestamp};

/// The log of a house with a register and a campaign.
#[derive(Default)]
struct Office {
    log: Log,
    entries: i64,
}

impl Office {
    fn open() -> Office {
        let mut office = Office::default();
        office.log.statements();
        office
    }

    /// An entry of a standing, recorded at the beginning of a day.
    fn enters(
        &mut self,
        recorded: &str,
        (item, state): (&str, &str),
        days: (&str, &str),
    ) -> &mut Leaf {
        self.entries += 1;
        let id = format!("reg_{:014}", self.entries);
        let mut data: Vec<(&str, Json)> = vec![("kind", item.into()), ("from", days.0.into())];
        if !state.is_empty() {
            data.push(("state", state.into()));
        }
        if !days.1.is_empty() {
            data.push(("until", days.1.into()));
        }
        let number = self.entries;
        let leaf = self.log.add(Kind::Register, &id, &data, Vec::new());
        leaf.time = crate::envelope::LeafTime::Second(noon(recorded));
        leaf.streams.push((register_stream(ORG).unwrap(), number));
        leaf
    }

    fn campaign(&mut self, serial: usize, day: &str, state: &str) {
        let id = format!("cam_{serial:014}");
        let data = [("state", state.into())];
        let leaf = self.log.add(Kind::Campaign, &id, &data, Vec::new());
        leaf.time = crate::envelope::LeafTime::Second(noon(day));
    }

    fn codes(&self) -> Vec<&'static str> {
        codes(&run_leaves(&self.log.leaves))
    }
}

fn noon(day: &str) -> Timestamp {
    let start = Day::parse(day).unwrap().start();
    start.plus_micros(43_200_000_000).unwrap()
}

const RIGHT: &str = "fundraising";

#[test]
fn an_honest_register_is_clean() {
    let mut office = Office::open();
    office.campaign(1, "2026-01-01", "live");
    office.enters("2026-01-02", ("legal", "in_force"), ("2020-01-01", ""));
    office.enters("2026-01-02", (RIGHT, "valid"), ("2021-01-01", ""));
    office.campaign(2, "2026-02-01", "live");
    office.enters(
        "2026-03-01",
        (RIGHT, "suspended"),
        ("2026-03-01", "2026-03-31"),
    );
    office.campaign(2, "2026-03-02", "ended");
    office.enters("2026-03-05", ("name", ""), ("2026-03-05", ""));
    office.campaign(3, "2026-04-01", "live");
    // Ending a campaign names its id again, which only a reference may do; everything else is as it should be.
    assert_eq!(office.codes(), ["id.repeated"]);
}

#[test]
fn a_campaign_that_begins_without_the_right_is_named() {
    for (state, until, begins, wrong) in [
        ("suspended", "2026-03-31", "2026-03-31", true),
        ("suspended", "2026-03-31", "2026-04-01", false),
        ("revoked", "", "2027-01-01", true),
        ("surrendered", "", "2026-03-01", true),
        ("valid", "2026-06-30", "2026-06-30", false),
    ] {
        let mut office = Office::open();
        office.enters("2026-01-02", (RIGHT, "valid"), ("2021-01-01", ""));
        office.enters("2026-03-01", (RIGHT, state), ("2026-03-01", until));
        office.campaign(1, begins, "live");
        let want: &[&str] = if wrong { &["register.campaign"] } else { &[] };
        assert_eq!(office.codes(), want, "{state} {begins}");
    }
    let mut office = Office::open();
    office.enters("2026-01-02", (RIGHT, "valid"), ("2021-01-01", "2025-12-31"));
    office.campaign(1, "2026-01-03", "live");
    assert_eq!(office.codes(), ["register.campaign"]);
}

/// What `register.campaign` says of a campaign that begins on a day behind these entries.
#[track_caller]
fn begins(entries: &[(&str, &str, &str, &str)], day: &str, is_wrong: bool) {
    let mut office = Office::open();
    for (item, state, from, until) in entries {
        office.enters("2026-01-01", (item, state), (from, until));
    }
    office.campaign(1, day, "live");
    let want: &[&str] = if is_wrong {
        &["register.campaign"]
    } else {
        &[]
    };
    assert_eq!(office.codes(), want, "{entries:?}");
}

#[test]
fn what_was_replaced_does_not_come_back() {
    let old = (RIGHT, "valid", "2020-01-01", "");
    let successor = (RIGHT, "valid", "2022-01-01", "2025-12-31");
    begins(&[old, successor], "2026-02-01", true);
    begins(&[successor, old], "2026-02-01", true);
    for state in ["revoked", "surrendered", "lapsed"] {
        let ended = (RIGHT, state, "2022-01-01", "2023-12-31");
        begins(&[old, ended], "2026-02-01", true);
    }
    let suspended = (RIGHT, "suspended", "2022-01-01", "2023-12-31");
    begins(&[old, suspended], "2026-02-01", false);
    begins(&[successor, suspended], "2026-02-01", true);
    let gone = ("legal", "deregistered", "2024-01-01", "2024-12-31");
    begins(&[old, gone], "2026-02-01", true);
}

#[test]
fn who_may_not_act_or_is_no_charity_begins_nothing() {
    let right = (RIGHT, "valid", "2020-01-01", "");
    let states = [
        "deregistered",
        "revoked",
        "terminating",
        "liquidating",
        "ordered_stop",
    ];
    for state in states {
        begins(
            &[right, ("legal", state, "2025-01-01", "")],
            "2026-02-01",
            true,
        );
        begins(&[("legal", state, "2025-01-01", "")], "2026-02-01", true);
    }
    let stopped = ("legal", "ordered_stop", "2025-01-01", "2026-01-31");
    let acts = ("legal", "in_force", "2020-01-01", "");
    begins(&[right, acts, stopped], "2026-02-01", false);
    let ended = ("charity", "ended", "2025-01-01", "");
    let again = ("charity", "recognised", "2026-01-01", "");
    begins(&[right, ended], "2026-02-01", true);
    begins(&[right, ended, again], "2026-02-01", false);
}

#[test]
fn only_a_grade_may_begin_later_than_it_is_recorded() {
    let mut office = Office::open();
    office.enters("2026-01-02", ("grade", "4a"), ("2027-01-01", "2031-12-31"));
    assert_eq!(office.codes(), [""; 0]);
    office.enters("2026-01-03", ("grade", "9a"), ("2026-01-01", ""));
    assert_eq!(office.codes(), ["register.state"]);
    office.enters("2026-01-04", ("chair", ""), ("2027-01-01", ""));
    assert_eq!(office.codes(), ["register.state", "register.future"]);
}

#[test]
fn a_correction_counts_and_names_an_entry_of_its_own_register() {
    let mut office = Office::open();
    office.enters("2026-01-02", (RIGHT, "valid"), ("2021-01-01", ""));
    office.enters("2026-03-01", (RIGHT, "revoked"), ("2026-03-01", ""));
    let wrong = hash_of(&bytes_of(office.log.leaves.last().unwrap()));
    office
        .enters("2026-03-02", (RIGHT, "valid"), ("2026-03-01", ""))
        .reference = Some(wrong);
    office.campaign(1, "2026-03-03", "live");
    assert_eq!(office.codes(), [""; 0]);
    office
        .enters("2026-03-04", ("legal", "in_force"), ("2026-03-04", ""))
        .reference = Some(wrong);
    assert_eq!(office.codes(), ["register.correction"]);
}

#[track_caller]
fn check(code: &str, change: impl FnOnce(&mut Office)) {
    let mut office = Office::open();
    office.enters("2026-01-02", (RIGHT, "valid"), ("2021-01-01", ""));
    change(&mut office);
    assert_eq!(office.codes(), [code]);
}

#[test]
fn what_no_register_says_is_named() {
    let day = "2026-03-01";
    check("register.state", |o| {
        let _ = o.enters(day, (RIGHT, "in_force"), (day, ""));
    });
    check("register.state", |o| {
        let _ = o.enters(day, ("colour", "valid"), (day, ""));
    });
    check("register.state", |o| {
        let _ = o.enters(day, ("name", "valid"), (day, ""));
    });
    check("register.future", |o| {
        let _ = o.enters(day, (RIGHT, "valid"), ("2026-03-02", ""));
    });
    check("register.days", |o| {
        let _ = o.enters(day, (RIGHT, "valid"), (day, "2026-02-28"));
    });
    check("leaf.stream_missing", |o| {
        drop(o.enters(day, (RIGHT, "valid"), (day, "")).streams.pop());
    });
    check("leaf.content", |o| {
        o.log.gift(9, 0, 100);
        let gift = o.log.leaves.last_mut().unwrap();
        gift.streams.push((register_stream(ORG).unwrap(), 2));
        gift.streams.sort();
    });
}

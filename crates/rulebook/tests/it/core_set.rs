//! The 105 rules of the first release, and their numbers written a second time.

use crate::{book, day, id};
use rulebook::{Jurisdiction, Quantity};
use std::collections::BTreeSet;

const CORE: &str = "OR-01 02 04 05 06 08 09 12 13 14 15 17 CF-01 02 04 05 06 07 08 09 10 11 12 13 14 15 16 17 20 \
    22 23 25 PL-01 03 04 08 09 DI-01 03 04 05 06 07 09 11 12 13 14 16 17 DO-01 02 03 04 05 06 10 14 RC-01 02 03 06 \
    TX-01 02 04 EX-01 02 03 04 05 06 09 10 12 16 AS-02 08 14 AC-02 03 04 07 08 10 12 VO-01 02 05 06 09 \
    SU-01 03 04 07 11 12 13 SE-03 04 05 11 16 ID-01 02 03";

/// Numbers of core rules as the catalogue gives them, on 22 November 2026.
const NUMBERS: &[(&str, &[(&str, &str)])] = &[
    ("OR-01", &[("decide", "30 d"), ("extend_max", "60 d")]),
    ("OR-02", &[("decide", "20 d"), ("extend_max", "60 d")]),
    ("OR-04", &[("penalty_lookback", "2 y")]),
    ("OR-05", &[("items", "10")]),
    (
        "OR-06",
        &[("after_sentence", "5 y"), ("after_revocation", "5 y")],
    ),
    (
        "OR-08",
        &[
            ("members_min", "5"),
            ("members_max", "25"),
            ("term_max", "5 y"),
            ("paid_max", "1/3"),
            ("meetings_min", "2"),
            ("quorum", "2/3"),
            ("ordinary_majority", "1/2"),
            ("special_majority", "2/3"),
            ("meetings_reminder", "12-01"),
        ],
    ),
    (
        "OR-09",
        &[
            ("national_public", "8000000 yuan"),
            ("local_public", "4000000 yuan"),
            ("non_public", "2000000 yuan"),
        ],
    ),
    ("OR-12", &[("apply", "30 d"), ("charter", "30 d")]),
    (
        "OR-13",
        &[
            ("idle", "2 y"),
            ("idle_warning", "18 months"),
            ("liquidation_group", "30 d"),
            ("deregister", "15 d"),
        ],
    ),
    ("OR-14", &[]),
    ("OR-15", &[("kinds", "8"), ("kinds_of_charity", "1")]),
    ("OR-17", &[("characters", "18")]),
    ("CF-01", &[("registered_for", "1 y"), ("decide", "20 d")]),
    (
        "CF-02",
        &[
            ("same_organisation_max", "1/3"),
            ("non_mainland_max", "1/3"),
            ("supervisors_min", "3"),
            ("systems", "8"),
            ("clean_for", "1 y"),
        ],
    ),
    ("CF-04", &[("reapply_after", "5 y")]),
    (
        "CF-05",
        &[("fine_min", "20000 yuan"), ("fine_max", "200000 yuan")],
    ),
    ("CF-06", &[("file_outside_before", "10 d")]),
    ("CF-07", &[("items", "11"), ("joint_items", "1")]),
    (
        "CF-08",
        &[
            ("file_before_start", "10 d"),
            ("publish", "10 d"),
            ("complete", "5 d"),
        ],
    ),
    ("CF-09", &[("amend", "10 d")]),
    ("CF-10", &[]),
    (
        "CF-11",
        &[("duration_max", "3 y"), ("emergency_duration_max", "1 y")],
    ),
    ("CF-12", &[("items", "5")]),
    ("CF-13", &[]),
    ("CF-14", &[]),
    ("CF-15", &[]),
    ("CF-16", &[("through_own_account", "100 %")]),
    ("CF-17", &[]),
    (
        "CF-20",
        &[("file_after_start", "10 d"), ("disclose_every", "5 d")],
    ),
    ("CF-22", &[]),
    ("CF-23", &[("publish_surplus", "3 months")]),
    ("CF-25", &[("characters", "24")]),
    ("PL-01", &[]),
    (
        "PL-03",
        &[("keep_certificates", "2 y"), ("keep_records", "2 y")],
    ),
    ("PL-04", &[]),
    ("PL-08", &[]),
    ("PL-09", &[]),
    ("DI-01", &[("classes", "7")]),
    ("DI-03", &[("publish", "30 d")]),
    ("DI-04", &[("publish_by", "05-31")]),
    (
        "DI-05",
        &[
            ("long_from", "6 months"),
            ("progress_every", "3 months"),
            ("final", "3 months"),
        ],
    ),
    ("DI-06", &[]),
    (
        "DI-07",
        &[
            ("long_from", "6 months"),
            ("progress_every", "3 months"),
            ("final", "3 months"),
        ],
    ),
    ("DI-09", &[("publish", "30 d"), ("related_kinds", "6")]),
    ("DI-11", &[("publish", "3 months")]),
    ("DI-12", &[]),
    (
        "DI-13",
        &[("reports_min", "1"), ("settlor_publish", "30 d")],
    ),
    ("DI-14", &[]),
    ("DI-16", &[("texts", "3")]),
    (
        "DI-17",
        &[
            ("foundation_by", "03-31"),
            ("sponsor_by", "03-31"),
            ("registrar_by", "05-31"),
        ],
    ),
    ("DO-01", &[]),
    ("DO-02", &[]),
    ("DO-03", &[("items", "7")]),
    ("DO-04", &[]),
    ("DO-05", &[("answer", "10 wd")]),
    ("DO-06", &[]),
    ("DO-10", &[]),
    ("DO-14", &[]),
    ("RC-01", &[]),
    ("RC-02", &[("items_min", "17")]),
    ("RC-03", &[]),
    ("RC-06", &[]),
    ("TX-01", &[("deduction_max", "30 %")]),
    (
        "TX-02",
        &[("deduction_max", "12 %"), ("carry_forward", "3 y")],
    ),
    (
        "TX-04",
        &[
            ("valid_for", "3 y"),
            ("grade_min", "3"),
            ("warn_before", "6 months"),
        ],
    ),
    (
        "EX-01",
        &[("spending_min", "70 %"), ("management_max", "10 %")],
    ),
    (
        "EX-02",
        &[("spending_min", "70 %"), ("management_max", "13 %")],
    ),
    (
        "EX-03",
        &[
            ("tier_one_from", "60000000 yuan"),
            ("tier_one_spending_min", "6 %"),
            ("tier_one_management_max", "12 %"),
            ("tier_two_from", "8000000 yuan"),
            ("tier_two_spending_min", "6 %"),
            ("tier_two_management_max", "13 %"),
            ("tier_three_from", "4000000 yuan"),
            ("tier_three_spending_min", "7 %"),
            ("tier_three_management_max", "15 %"),
            ("tier_four_spending_min", "8 %"),
            ("tier_four_management_max", "20 %"),
        ],
    ),
    (
        "EX-04",
        &[
            ("tier_one_from", "10000000 yuan"),
            ("tier_one_spending_min", "6 %"),
            ("tier_one_management_max", "13 %"),
            ("tier_two_from", "5000000 yuan"),
            ("tier_two_spending_min", "7 %"),
            ("tier_two_management_max", "14 %"),
            ("tier_three_from", "1000000 yuan"),
            ("tier_three_spending_min", "8 %"),
            ("tier_three_management_max", "15 %"),
            ("tier_four_spending_min", "8 %"),
            ("tier_four_income_min", "50 %"),
            ("tier_four_management_max", "20 %"),
        ],
    ),
    ("EX-05", &[("average_over", "3 y")]),
    ("EX-06", &[]),
    ("EX-09", &[("groups", "2")]),
    (
        "EX-10",
        &[
            ("cost_max", "3 %"),
            ("average_over", "3 y"),
            ("gate_at", "90 %"),
        ],
    ),
    ("EX-12", &[("exempt_below", "200000 yuan")]),
    ("AS-02", &[]),
    ("AS-08", &[]),
    ("AS-14", &[]),
    ("AC-02", &[("accounts", "56")]),
    ("AC-03", &[]),
    ("AC-04", &[]),
    ("AC-07", &[]),
    ("AC-08", &[("nominal", "1 yuan")]),
    ("AC-10", &[("reconciliations_min", "1")]),
    (
        "AC-12",
        &[
            ("provide", "4 months"),
            ("statements", "3"),
            ("notes", "20"),
        ],
    ),
    ("VO-01", &[]),
    ("VO-02", &[]),
    ("VO-05", &[]),
    ("VO-06", &[("groups", "5")]),
    ("VO-09", &[("groups", "4"), ("notice", "7 d")]),
    ("SU-01", &[("classes", "5")]),
    ("SU-03", &[]),
    ("SU-04", &[("abnormal_for", "2 y")]),
    (
        "SU-07",
        &[
            ("valid_for", "5 y"),
            ("apply_again_within", "4 y"),
            ("simplified_within", "2 y"),
        ],
    ),
    (
        "SU-11",
        &[
            ("answer", "15 d"),
            ("object_to_transfer", "5 wd"),
            ("finish", "60 d"),
            ("extend_max", "30 d"),
            ("ask_review", "30 d"),
            ("review", "30 d"),
            ("ask_second_review", "30 d"),
            ("second_review", "30 d"),
        ],
    ),
    (
        "SU-12",
        &[
            ("decide", "90 d"),
            ("extend_max", "30 d"),
            ("serve", "7 d"),
            ("prescription", "2 y"),
            ("long_prescription", "5 y"),
            ("withdraw_publication", "3 d"),
        ],
    ),
    (
        "SU-13",
        &[
            ("items_of_109", "3"),
            ("items_of_110", "9"),
            ("items_of_111", "6"),
            ("person_fine_min", "20000 yuan"),
            ("person_fine_max", "200000 yuan"),
            ("ban_min", "1 y"),
            ("ban_max", "5 y"),
        ],
    ),
    ("SE-03", &[("child_below", "14 y")]),
    ("SE-04", &[("answer", "15 wd")]),
    ("SE-05", &[]),
    ("SE-11", &[("keep_logs", "6 months")]),
    ("SE-16", &[]),
    ("ID-01", &[("characters", "18")]),
    ("ID-02", &[("digits", "12")]),
    ("ID-03", &[("digits", "18")]),
];
/// The core rules whose law was in force only later or ended: none that is left out of [`NUMBERS`] but this one.
const ENDED: &str = "EX-16";

#[test]
fn the_list_is_whole() {
    let mut prefix = "";
    let mut core = BTreeSet::new();
    for word in CORE.split_whitespace() {
        let number = word.split_once('-').map_or(word, |(group, number)| {
            prefix = group;
            number
        });
        core.insert(format!("{prefix}-{number}"));
    }
    let mut written: BTreeSet<String> = NUMBERS.iter().map(|(id, _)| (*id).to_owned()).collect();
    written.insert(ENDED.to_owned());
    assert_eq!(core, written);
    assert_eq!(core.len(), 105);
}

#[test]
fn each_core_rule_holds_today_with_its_numbers() {
    for (name, numbers) in NUMBERS {
        let rule = book().rule(id(name), day("2026-11-22"), Jurisdiction::Nation);
        let rule = rule.unwrap_or_else(|| panic!("{name} does not hold"));
        let own: Vec<(&str, Quantity)> = rule
            .numbers
            .iter()
            .map(|number| (number.name.as_str(), number.quantity))
            .collect();
        let wanted: Vec<(&str, Quantity)> = numbers
            .iter()
            .map(|(name, text)| (*name, Quantity::parse(text).unwrap()))
            .collect();
        assert_eq!(own, wanted, "{name}");
    }
}

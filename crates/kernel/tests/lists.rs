//! The public lists of the folder `data` are what its README says, and the codes of this
//! room fit them.
#![expect(clippy::unwrap_used, reason = "a test")]

use flate2::read::GzDecoder;
use kernel::region::parse_list;
use kernel::{RegionCode, Uscc, WorkCalendar};
use std::collections::BTreeSet;
use std::io::Read;
use std::path::PathBuf;

fn data(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../data")
        .join(name)
}

/// A file of the shared folder that stands beside the checkout, if it is there.
fn shared(name: &str) -> Option<String> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data")
        .join(name);
    let text = std::fs::read_to_string(&path).ok();
    if text.is_none() {
        eprintln!(
            "SKIPPED: {} is not here, so codes were not compared with it",
            path.display()
        );
    }
    text
}

fn regions() -> String {
    let mut text = String::new();
    let packed = std::fs::File::open(data("regions/regions.csv.gz")).unwrap();
    GzDecoder::new(packed).read_to_string(&mut text).unwrap();
    text
}

#[test]
fn the_regions_are_complete_and_in_one_tree() {
    let text = regions();
    let list = parse_list(&text).unwrap();
    let count = |level| {
        list.iter()
            .filter(|(code, _)| code.level() == level)
            .count()
    };
    assert_eq!([1, 2, 3, 4, 5].map(count), [34, 342, 2975, 41_351, 0]);

    let codes: BTreeSet<RegionCode> = list.iter().map(|(code, _)| *code).collect();
    for (code, name) in &list {
        assert!(
            code.parent().is_none_or(|parent| codes.contains(&parent)),
            "{code} {name}"
        );
        assert_eq!(RegionCode::parse(&code.padded()), Ok(*code));
    }
    let name = |code| {
        list.iter()
            .find(|(c, _)| c.as_str() == code)
            .map(|(_, name)| *name)
    };
    assert_eq!(name("330106"), Some("西湖区"));
    assert_eq!(name("441900003"), Some("东城街道"));
    assert_eq!(name("71"), Some("台湾省"));
}

#[test]
fn a_text_range_holds_exactly_what_a_region_contains() {
    let text = regions();
    let list = parse_list(&text).unwrap();
    for (region, name) in list.iter().filter(|(code, _)| code.level() <= 2) {
        let (from, to) = region.range();
        for (code, _) in &list {
            let inside = (from.as_str()..to.as_str()).contains(&code.as_str());
            assert_eq!(inside, region.contains(code), "{name} {code}");
        }
    }
}

#[test]
fn the_regions_are_those_of_the_bureau() {
    let text = regions();
    let ours: BTreeSet<(RegionCode, &str)> = parse_list(&text).unwrap().into_iter().collect();
    for (file, rows) in [
        ("provinces.csv", 31),
        ("cities.csv", 342),
        ("areas.csv", 2978),
    ] {
        let Some(text) = shared(&format!("cn-divisions/{file}")) else {
            continue;
        };
        assert_eq!(text.lines().skip(1).count(), rows);
        for line in text.lines().skip(1) {
            let mut fields = line.split(',');
            let code = RegionCode::parse(fields.next().unwrap()).unwrap();
            let name = fields.next().unwrap().trim_matches('"');
            assert!(ours.contains(&(code, name)), "{line}");
        }
    }
}

#[test]
fn the_holidays_are_those_the_readme_counts() {
    let text = std::fs::read_to_string(data("holidays.csv")).unwrap();
    let calendar = WorkCalendar::parse(&text).unwrap();
    assert!(calendar.years().eq(2004..=2026));
    let count = |kind: &str| {
        text.lines()
            .filter(|line| line.split(',').nth(1) == Some(kind))
            .count()
    };
    assert_eq!((count("holiday"), count("working")), (621, 150));
}

#[test]
fn the_chart_of_accounts_has_its_56_codes() {
    let text = std::fs::read_to_string(data("chart-of-accounts.csv")).unwrap();
    let rows: Vec<Vec<&str>> = text
        .lines()
        .skip(1)
        .map(|line| line.split(',').collect())
        .collect();
    assert_eq!(rows.len(), 56);
    assert!(rows.is_sorted_by(|a, b| a[0] < b[0]));
    for row in &rows {
        let class = match row[0].as_bytes()[0] {
            b'1' => "asset",
            b'2' => "liability",
            b'3' => "net_asset",
            b'4' => "income",
            b'5' => "cost",
            _ => "",
        };
        assert_eq!((row.len(), row[0].len(), row[2]), (3, 4, class), "{row:?}");
        assert!(!row[1].is_empty() && !row[1].is_ascii());
    }
}

/// The region inside of a real code is a region of the list.
#[test]
fn a_code_names_the_region_of_its_authority() {
    let text = regions();
    let list = parse_list(&text).unwrap();
    let code = Uscc::parse("52620600MJY949356H").unwrap();
    let region = RegionCode::parse(code.authority_region()).unwrap();
    let name = list
        .iter()
        .find(|(c, _)| *c == region)
        .map(|(_, name)| *name);
    assert_eq!((region.as_str(), name), ("6206", Some("武威市")));
}

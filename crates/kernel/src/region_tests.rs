//! Vectors and properties of region codes.

use super::*;
use proptest::prelude::*;

fn code(text: &str) -> RegionCode {
    RegionCode::parse(text).unwrap()
}

#[test]
fn codes_of_all_levels_are_read() {
    let check = |text: &str, plain: &str, level| {
        assert_eq!(
            (code(text).as_str(), code(text).level()),
            (plain, level),
            "{text}"
        );
        assert_eq!(code(&code(text).padded()), code(text));
    };
    check("33", "33", 1);
    check("330000", "33", 1);
    check("330000000000", "33", 1);
    check("3301", "3301", 2);
    check("330100", "3301", 2);
    check(" ３３０１０６ ", "330106", 3);
    check("330106000", "330106", 3);
    check("330106001000", "330106001", 4);
    check("330106001051", "330106001051", 5);
    check("441900003", "441900003", 4);
    check("441900003001", "441900003001", 5);
    check("500101", "500101", 3);
}

#[test]
fn what_is_no_region_is_refused() {
    let check = |text: &str, error| assert_eq!(RegionCode::parse(text), Err(error), "{text}");
    for text in [
        "",
        "3",
        "33010",
        "3301061",
        "33a1",
        "三三",
        "-33010",
        "3301060011111",
    ] {
        check(text, ParseRegionError::Form);
    }
    for text in ["00", "0000", "000000000000", "01", "900000"] {
        check(text, ParseRegionError::NoProvince);
    }
    for text in ["330006", "330000001", "330106000001", "441900000001"] {
        check(text, ParseRegionError::LevelLeftOut);
    }
}

#[test]
fn every_region_but_a_province_lies_in_another() {
    let check = |text: &str, want: &[&str]| {
        let mut chain = vec![];
        let mut at = code(text).parent();
        while let Some(region) = at {
            chain.push(region);
            at = region.parent();
        }
        assert_eq!(
            chain.iter().map(RegionCode::as_str).collect::<Vec<_>>(),
            want,
            "{text}"
        );
    };
    check("330106001051", &["330106001", "330106", "3301", "33"]);
    check("441900003001", &["441900003", "4419", "44"]);
    check("33", &[]);
}

#[test]
fn a_range_ends_before_the_next_region() {
    let check =
        |text: &str, to: &str| assert_eq!(code(text).range(), (text.to_owned(), to.to_owned()));
    check("33", "34");
    check("39", "4");
    check("3309", "331");
    check("339999", "34");
    check("330106", "330107");
    check("899999999999", "9");
}

#[test]
fn a_list_is_taken_whole_or_not_at_all() {
    let check = |text: &str, want: Result<usize, (usize, RegionListProblem)>| {
        let got = parse_list(text)
            .map(|list| list.len())
            .map_err(|e| (e.line, e.problem));
        assert_eq!(got, want, "{text}");
    };
    use RegionListProblem::*;
    check("code,name\n33,浙江省\n3301,杭州市\n", Ok(2));
    check("", Ok(0));
    check("code,name\n33", Err((2, Form)));
    check("code,name\n33,\n", Err((2, Form)));
    check("code,name\n33,浙江省\n33,浙江\n", Err((3, Order)));
    check(
        "code,name\n33,浙江省\n3x,浙江\n",
        Err((3, Code(ParseRegionError::Form))),
    );
}

/// Digits that come near each other often, so that neighbours and descendants occur.
fn any_code() -> impl Strategy<Value = RegionCode> {
    (
        "[38][39]",
        "(0[19]|9[089])",
        "(0[19]|99)",
        "(00[19]|999)",
        "(00[19]|999)",
        0..5_usize,
    )
        .prop_map(|(province, prefecture, county, township, village, level)| {
            let whole = [province, prefecture, county, township, village].concat();
            code(&whole[..usize::from(LENGTHS[level])])
        })
}

proptest! {
    #[test]
    fn a_range_holds_exactly_the_descendants(a in any_code(), b in any_code()) {
        let (from, to) = a.range();
        let inside = from.as_str() <= b.as_str() && b.as_str() < to.as_str();
        prop_assert_eq!(inside, a.contains(&b), "{} {}", a, b);
        let descends = std::iter::successors(Some(b), RegionCode::parent).any(|up| up == a);
        prop_assert_eq!(descends, a.contains(&b));
    }

    #[test]
    fn any_digits_are_answered(text in "[0-9]{0,13}") {
        if let Ok(region) = RegionCode::parse(&text) {
            prop_assert_eq!(RegionCode::parse(region.as_str()), Ok(region));
            prop_assert!(region.parent().is_none_or(|up| up.contains(&region)));
        }
    }
}
